//! What the names of an action's expressions can mean, and what translating them asks for: variables,
//! inputs, the own row.

use std::collections::HashSet;

use specql_model::{Action, Entity};
use specql_text::TextRange;

use super::Input;
use crate::{
    catalog::Catalog,
    names,
    problem::{Problem, ProblemKind},
    sql::{Ident, Sql, sql},
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
    pub(crate) variable: Ident,
    pub(crate) kind: BindingKind<'a>,
}

/// What a name stands for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum BindingKind<'a> {
    /// A row of an entity.
    Row(&'a Entity),
    /// An item of a JSON list.
    Json,
    /// A row of a query whose columns are not known here.
    Record,
    /// A result as text.
    Text,
}

/// A variable of the function.
#[derive(Debug, Clone)]
pub(crate) struct Variable {
    pub(crate) name: Ident,
    pub(crate) ty: Sql,
    pub(crate) initial: Option<Sql>,
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
    pub(crate) own_row: Ident,
    /// Something reads [`Self::own_row`].
    pub(crate) own_row_is_used: bool,
    /// The action makes its own row; until then the row holds what the input has for it.
    pub(crate) creates_own_row: bool,
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
            own_row: Ident::new(""),
            own_row_is_used: false,
            creates_own_row: false,
            problems: Vec::new(),
            taken: HashSet::new(),
            aliases: 0,
        };
        res.own_row = res.name(&format!("v_{}", names::snake(entity)));
        res
    }

    /// A name for a variable that no other has.
    pub(crate) fn name(&mut self, wanted: &str) -> Ident {
        let candidates = std::iter::once(wanted.to_owned())
            .chain((2..).map(|number: u32| format!("{wanted}_{number}")));
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
        Ident::new(format!("{letter}{}", self.aliases))
    }

    /// The own row, as something that names can be fields of.
    pub(crate) fn own(&mut self) -> Row<'a> {
        self.own_row_is_used = true;
        Row { alias: Sql::of(&self.own_row), entity: self.entity }
    }

    /// `alias.deleted_at IS NULL`, and the tenant where rows belong to tenants.
    pub(crate) fn live(&self, alias: &Sql) -> Sql {
        if self.catalog.has_tenants() {
            sql!("{}.deleted_at IS NULL AND {}.tenant_id = v_tenant_id", alias, alias)
        } else {
            sql!("{}.deleted_at IS NULL", alias)
        }
    }

    /// ` AND alias.tenant_id = …` where rows belong to tenants.
    pub(crate) fn and_tenant(&self, alias: &Sql) -> Sql {
        if self.catalog.has_tenants() {
            sql!(" AND {}.tenant_id = v_tenant_id", alias)
        } else {
            Sql::default()
        }
    }

    /// Reports something about the action's file, once.
    pub(crate) fn problem(&mut self, kind: ProblemKind, range: TextRange, message: &str) {
        let problem = Problem { kind, message: message.to_owned(), file: self.entity.id.0, range };
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }
}
