//! What the names of an action's expressions can mean, and what translating them asks for: variables,
//! inputs, the own row.

use std::{collections::HashSet, rc::Rc};

use specql_model::{Action, Entity, EntityId, query_row::QueryRow};
use specql_text::TextRange;

use super::{Input, Value};
use crate::{
    catalog::{Catalog, ColumnType},
    names,
    problem::{Problem, ProblemKind},
    sql::{Ident, MAX_IDENT_BYTES, Sql, sql},
};

/// A row whose fields can be named: the alias of a table in a query.
#[derive(Debug, Clone)]
pub(crate) struct Row<'a> {
    pub(crate) alias: Sql,
    pub(crate) entity: &'a Entity,
}

/// A name that a step introduces: `as`, `store`, the variable of a loop.
#[derive(Debug, Clone)]
pub(crate) struct Binding<'a> {
    pub(crate) name: String,
    /// The variable, or the alias of a table where no variable is filled yet.
    pub(crate) variable: Sql,
    pub(crate) kind: BindingKind<'a>,
}

/// What a name stands for.
#[derive(Debug, Clone)]
pub(crate) enum BindingKind<'a> {
    /// A row of an entity.
    Row(&'a Entity),
    /// An item of a JSON list, as a value of a type.
    Item(ColumnType<'a>),
    /// A row of a query.
    Record(Rc<QueryRow<'a>>),
    /// A result as text.
    Text,
    /// Not known before the first step: the result of one.
    Later,
}

/// A variable of the function.
#[derive(Debug, Clone)]
pub(crate) struct Variable {
    pub(crate) name: Ident,
    pub(crate) ty: Sql,
    pub(crate) initial: Option<Sql>,
}

/// A row that a path leads to.
#[derive(Debug, Clone)]
pub(crate) struct Read {
    pub(crate) entity: EntityId,
    /// Its key, or its id.
    pub(crate) key: Sql,
    pub(crate) by_id: bool,
}

/// What says which row a condition means.
#[derive(Debug, Clone)]
pub(crate) enum NamedRow {
    Id(Sql),
    Key(Sql),
}

/// A key that is found by the row's id.
#[derive(Debug, Clone)]
pub(crate) struct LookedUp {
    key: Sql,
    id: Sql,
}

/// A question whether rows exist.
#[derive(Debug, Clone)]
pub(crate) struct Asked<'a> {
    pub(crate) entity: &'a Entity,
    /// The alias that stands for a row in the condition.
    pub(crate) alias: Sql,
    pub(crate) condition: Sql,
    /// The rows that those asked for belong to, by the condition: entity and key.
    pub(crate) parents: Vec<(&'a Entity, Sql)>,
}

/// The state of the translation of one action.
pub(crate) struct Environment<'a> {
    pub(crate) catalog: Catalog<'a>,
    pub(crate) entity: &'a Entity,
    pub(crate) action: &'a Action,
    pub(crate) variables: Vec<Variable>,
    pub(crate) inputs: Vec<Input<'a>>,
    /// The names in scope, innermost last.
    pub(crate) bindings: Vec<Binding<'a>>,
    /// The variable with the row of the file's entity that the action is about.
    pub(crate) own_row: Sql,
    /// The variable that holds it once the steps run.
    pub(crate) own_variable: Ident,
    /// An upsert has found or made the own row, so no input names it, while locks are looked for.
    pub(crate) own_row_is_left: bool,
    /// Something reads [`Self::own_row`].
    pub(crate) own_row_is_used: bool,
    /// Steps write the own row after it was read, so what it was before is another row.
    pub(crate) changes_own_row: bool,
    /// The variable with the own row as it was before the steps, where something reads it.
    pub(crate) old_row: Option<Ident>,
    /// The action makes its own row; until then its fields mean the input.
    pub(crate) creates_own_row: bool,
    /// What a caller gives for the inputs, while the locks of a called action are looked for.
    pub(crate) given: Option<Vec<(String, Value<'a>)>>,
    /// Variables are not filled yet: rows are looked up, and [`Self::is_later`] says what cannot be.
    pub(crate) before_steps: bool,
    /// How many of the rows in scope are the step's: those behind them are asked for by `EXISTS`.
    pub(super) step_rows: Option<usize>,
    /// Something was asked for that only a step gives.
    pub(crate) is_later: bool,
    /// The rows that paths have led to.
    pub(crate) read: Vec<Read>,
    /// The keys that were looked up by an id.
    pub(crate) looked_up: Vec<LookedUp>,
    /// The existence of which rows was asked for: entity and condition on the alias.
    pub(crate) asked: Vec<Asked<'a>>,
    /// The entities that a step has written already, so that a row read before may be stale.
    pub(crate) written: HashSet<EntityId>,
    pub(crate) problems: Vec<Problem>,
    taken: HashSet<String>,
    aliases: u32,
}

impl<'a> Environment<'a> {
    pub(crate) fn new(catalog: Catalog<'a>, entity: &'a Entity, action: &'a Action) -> Self {
        let mut res = Self {
            catalog,
            entity,
            action,
            variables: Vec::new(),
            inputs: Vec::new(),
            bindings: Vec::new(),
            own_row: Sql::default(),
            own_variable: Ident::new(""),
            own_row_is_left: false,
            own_row_is_used: false,
            changes_own_row: false,
            old_row: None,
            creates_own_row: false,
            given: None,
            before_steps: false,
            step_rows: None,
            is_later: false,
            read: Vec::new(),
            looked_up: Vec::new(),
            asked: Vec::new(),
            written: HashSet::new(),
            problems: Vec::new(),
            taken: HashSet::new(),
            aliases: 0,
        };
        res.own_variable = res.name(&format!("row${}", entity.snake_name()));
        res.own_row = Sql::of(&res.own_variable);
        res
    }

    /// A name for a variable that no other has.
    pub(crate) fn name(&mut self, wanted: &str) -> Ident {
        let wanted = cut(wanted);
        let candidates = std::iter::once(wanted.to_owned())
            .chain((2..).map(|number: u32| format!("{wanted}${number}")));
        for candidate in candidates {
            if self.taken.insert(candidate.clone()) {
                return Ident::new(candidate);
            }
        }
        Ident::new(wanted)
    }

    /// Declares a variable under a name that no other has.
    pub(crate) fn declare(&mut self, wanted: &str, ty: Sql, initial: Option<Sql>) -> Ident {
        let name = self.name(wanted);
        self.variables.push(Variable { name: name.clone(), ty, initial });
        name
    }

    /// Declares a variable that is the same one wherever it is asked for.
    pub(crate) fn shared(
        &mut self,
        name: &'static str,
        ty: &'static str,
        initial: Option<&'static str>,
    ) -> Ident {
        if self.taken.insert(name.to_owned()) {
            self.variables.push(Variable {
                name: Ident::new(name),
                ty: Sql::raw(ty),
                initial: initial.map(Sql::raw),
            });
        }
        Ident::new(name)
    }

    /// An alias for a table that no enclosing query has.
    pub(crate) fn alias(&mut self, letter: &'static str) -> Ident {
        self.aliases += 1;
        Ident::new(format!("{letter}{}$", self.aliases))
    }

    /// The own row, as something that names can be fields of.
    pub(crate) fn own(&mut self) -> Row<'a> {
        self.own_row_is_used = true;
        Row { alias: self.own_row.clone(), entity: self.entity }
    }

    /// The own row as it was before the steps.
    pub(crate) fn old(&mut self) -> Row<'a> {
        if self.before_steps || self.creates_own_row || !self.changes_own_row {
            return self.own();
        }
        self.own_row_is_used = true;
        let variable = self.old_row.take().unwrap_or_else(|| {
            let entity = self.entity;
            self.declare(
                &format!("old${}", entity.snake_name()),
                Sql::of(&names::table(entity)),
                None,
            )
        });
        let alias = Sql::of(&variable);
        self.old_row = Some(variable);
        Row { alias, entity: self.entity }
    }

    /// `alias.deleted_at IS NULL`, and the tenant where rows belong to tenants.
    pub(crate) fn live(&self, alias: &Sql) -> Sql {
        if self.catalog.has_tenants() {
            sql!("{}.deleted_at IS NULL AND {}.tenant_id = ctx$.tenant_id", alias, alias)
        } else {
            sql!("{}.deleted_at IS NULL", alias)
        }
    }

    /// The same for one row that is found by its key, hidden from the planner: on a table without
    /// statistics a partial unique index would look cheaper than the key, and be read as a whole.
    pub(crate) fn live_one(&self, alias: &Sql) -> Sql {
        let tenant = self.and_tenant(alias);
        sql!("({}.deleted_at IS NULL) IS TRUE{}", alias, tenant)
    }

    /// ` AND alias.tenant_id = …` where rows belong to tenants.
    pub(crate) fn and_tenant(&self, alias: &Sql) -> Sql {
        if self.catalog.has_tenants() {
            sql!(" AND {}.tenant_id = ctx$.tenant_id", alias)
        } else {
            Sql::default()
        }
    }

    /// Notes that a key is that of the row with an id.
    pub(super) fn look_up(&mut self, key: &Sql, id: Sql) {
        self.looked_up.push(LookedUp { key: key.clone(), id });
    }

    /// The id by which a key was looked up.
    pub(crate) fn id_of_key(&self, key: &Sql) -> Option<&Sql> {
        self.looked_up.iter().find(|it| it.key == *key).map(|it| &it.id)
    }

    /// Leaves the inputs whose variables are used, and makes the other names free again.
    pub(crate) fn keep_inputs(&mut self, is_used: impl Fn(&Ident) -> bool) {
        let taken = &mut self.taken;
        self.inputs.retain(|it| {
            let keep = is_used(&it.variable);
            if !keep {
                taken.remove(it.variable.as_str());
            }
            keep
        });
    }

    /// Reports something about the action's file, once.
    pub(crate) fn problem(&mut self, kind: ProblemKind, range: TextRange, message: &str) {
        let problem = Problem { kind, message: message.to_owned(), file: self.entity.id.0, range };
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }
}

/// The longest beginning of a name that leaves room for a number.
fn cut(name: &str) -> &str {
    let limit = MAX_IDENT_BYTES - 6;
    let end = (0..=limit.min(name.len())).rev().find(|it| name.is_char_boundary(*it));
    name.get(..end.unwrap_or_default()).unwrap_or(name)
}
