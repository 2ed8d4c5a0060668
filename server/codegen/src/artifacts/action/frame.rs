//! The state while one function is written: the expressions' environment and the rows it touches.

use std::collections::{HashMap, HashSet};

use specql_model::{Action, ActionId, EffectFields, Entity, EntityId, Operation, OwnRow};
use specql_text::TextRange;

use super::lock_plan::{LockPlan, LookedThrough};
use crate::{
    artifacts::table::Index,
    catalog::Catalog,
    expression::Environment,
    names,
    sql::{Ident, Lines, Literal, Qualified, Sql, sql},
};

/// What is done to a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    Created,
    Updated,
    Deleted,
}

impl Change {
    /// The letter in `app.touch`.
    pub(super) const fn letter(self) -> &'static str {
        match self {
            Self::Created => "C",
            Self::Updated => "U",
            Self::Deleted => "D",
        }
    }

    /// What an operation can come to.
    pub(super) const fn of(operation: Operation) -> &'static [Self] {
        match operation {
            Operation::Create => &[Self::Created],
            Operation::Update => &[Self::Updated],
            Operation::Delete => &[Self::Deleted],
            Operation::Upsert => &[Self::Created, Self::Updated],
        }
    }
}

/// The rows of one entity that the action touches, itself or through a call.
#[derive(Debug, Clone)]
pub(super) struct Touched<'a> {
    pub(super) entity: &'a Entity,
    /// What is done to them, with the fields that are written.
    pub(super) changes: Vec<(Change, Vec<String>)>,
}

/// The state while one function is written.
pub(super) struct Frame<'a> {
    pub(super) id: ActionId,
    /// The primary entity of the impact and what happens to it.
    pub(super) primary: &'a Entity,
    pub(super) operation: Operation,
    pub(super) env: Environment<'a>,
    /// In the order of the first write.
    pub(super) touched: Vec<Touched<'a>>,
    /// The entities whose rows a statement has put among those that are touched.
    pub(super) listed: HashSet<EntityId>,
    /// A row may be listed twice.
    pub(super) repeats: bool,
    pub(super) creates: bool,
    /// The own row is made in a branch or a loop, so its variable holds the input until then.
    pub(super) fills: bool,
    /// Branches and loops around the step that is written.
    pub(super) nesting: u32,
    /// Inside a loop a step runs any number of times.
    pub(super) loops: u32,
    /// The entities that any step writes, called actions included.
    pub(super) written: HashSet<EntityId>,
    /// A step ends the action early.
    pub(super) returns: bool,
    /// The actions that are called.
    pub(super) called: Vec<ActionId>,
    /// The steps whose rows cannot be known, so cannot be locked, before the first step.
    pub(super) unlocked: HashSet<TextRange>,
    pub(super) locks: LockPlan<'a>,
    /// The calls whose steps were looked through for locks, and how many statements of them write unique values.
    pub(super) looked_through: HashMap<LookedThrough, u32>,
    /// The own steps over many rows that take those that are locked before the first step, and no others.
    pub(super) settled: HashSet<TextRange>,
    /// The variables with the keys of these rows.
    pub(super) keys: HashMap<EntityId, Sql>,
    /// What was translated last reads rows of its own accord, through references or by a question.
    pub(super) reads_rows: bool,
    /// What is looked at makes the action fail where it finds a row.
    pub(super) fails_if_found: bool,
    /// Steps that set fields of the primary entity; several may set the same.
    pub(super) field_steps: u32,
    /// The own row is written as the primary entity is.
    pub(super) own_is_primary: bool,
    /// The entities whose rows the answer shows beside the primary one.
    pub(super) shown: Vec<&'a Entity>,
    /// The `ref` fields of the own row through which a row is surely written.
    pub(super) through: Vec<String>,
    /// The values of dynamic filters of invalidations.
    pub(super) arguments: Vec<Sql>,
    /// The indexes by which upserts find rows.
    pub(super) indexes: Vec<(Qualified, Index)>,
}

impl<'a> Frame<'a> {
    pub(super) fn new(
        catalog: Catalog<'a>,
        id: ActionId,
        entity: &'a Entity,
        action: &'a Action,
    ) -> Self {
        let mut env = Environment::new(catalog, entity, action);
        let creates = catalog.workspace().own_row(id) == OwnRow::Awaited;
        env.creates_own_row = creates;
        let (primary, operation) = catalog.primary(id).unwrap_or((entity, Operation::Update));
        let effects = catalog.effects(id).iter();
        let written: HashSet<EntityId> = effects.filter_map(|it| it.entity).collect();
        env.changes_own_row = !creates && written.contains(&entity.id);
        Self {
            id,
            primary,
            operation,
            env,
            touched: Vec::new(),
            listed: HashSet::new(),
            repeats: false,
            creates,
            fills: false,
            nesting: 0,
            loops: 0,
            written,
            returns: false,
            called: Vec::new(),
            unlocked: HashSet::new(),
            locks: LockPlan::default(),
            looked_through: HashMap::new(),
            settled: HashSet::new(),
            keys: HashMap::new(),
            reads_rows: false,
            fails_if_found: false,
            field_steps: 0,
            own_is_primary: false,
            shown: Vec::new(),
            through: Vec::new(),
            arguments: Vec::new(),
            indexes: Vec::new(),
        }
    }

    pub(super) fn is_primary(&self, entity: &Entity) -> bool {
        self.primary.id == entity.id
    }

    /// Notes that rows are touched, and which of their fields.
    pub(super) fn touch(&mut self, entity: &'a Entity, change: Change, fields: &[String]) {
        self.env.written.insert(entity.id);
        let index = self.touched.iter().position(|it| it.entity.id == entity.id);
        let index = index.unwrap_or_else(|| {
            self.touched.push(Touched { entity, changes: Vec::new() });
            self.touched.len() - 1
        });
        let Some(touched) = self.touched.get_mut(index) else { return };
        let known = touched.changes.iter().position(|it| it.0 == change);
        let at = known.unwrap_or_else(|| {
            touched.changes.push((change, Vec::new()));
            touched.changes.len() - 1
        });
        let Some((_, all)) = touched.changes.get_mut(at) else { return };
        for it in fields {
            if !all.contains(it) {
                all.push(it.clone());
            }
        }
    }

    /// Notes that a statement lists rows of an entity among those that are touched, each once.
    pub(super) fn list(&mut self, entity: EntityId) {
        self.repeats |= !self.listed.insert(entity) || self.loops > 0;
    }

    /// Notes what a called action touches.
    pub(super) fn touch_called(&mut self, step: TextRange) {
        self.repeats = true;
        let catalog = self.env.catalog;
        for effect in catalog.effects(self.id) {
            if effect.via != Some(step) {
                continue;
            }
            let Some(entity) = effect.entity.and_then(|it| catalog.entity(it)) else { continue };
            let fields: Vec<String> = match &effect.fields {
                EffectFields::Named(it) | EffectFields::Input(it) => {
                    it.iter().map(ToString::to_string).collect()
                }
                EffectFields::Row => Vec::new(),
            };
            for change in Change::of(effect.operation) {
                self.touch(entity, *change, &fields);
            }
        }
    }

    /// Adds one row to those touched.
    pub(super) fn collect(
        &mut self,
        lines: &mut Lines,
        entity: &'a Entity,
        change: Change,
        id: &Sql,
        fields: &[String],
    ) {
        self.touch(entity, change, fields);
        self.list(entity.id);
        lines.push(sql!(
            "touched$ := touched$ || ROW({}, {}, {})::app.touch;",
            Literal::text(self.env.catalog.type_name(entity)),
            Literal::text(change.letter()),
            id
        ));
        self.name_primary(lines, entity, change, id);
    }

    /// The first row of the primary entity that its operation was done to names the answer; the own row
    /// is named at the end.
    pub(super) fn name_primary(
        &mut self,
        lines: &mut Lines,
        entity: &Entity,
        change: Change,
        id: &Sql,
    ) {
        if !self.is_primary(entity) || !Change::of(self.operation).contains(&change) {
            return;
        }
        let own = sql!("{}.id", self.env.own_row);
        if *id == own {
            self.own_is_primary = true;
        } else {
            lines.push(sql!("work$.id := coalesce(work$.id, {});", id));
        }
    }

    /// The declarations: inputs, rows, others.
    pub(super) fn declarations(&self, lines: &mut Lines) {
        let file = self.env.entity.id.0;
        let mut declared: Vec<&Ident> = Vec::new();
        for it in &self.env.inputs {
            if declared.contains(&&it.variable) {
                continue;
            }
            declared.push(&it.variable);
            lines.mapped(file, it.range, |lines| {
                lines.push(sql!("{} {} := {};", it.variable, it.sql_type(), it.read()));
            });
        }
        if self.env.own_row_is_used {
            lines.push(sql!("{} {};", self.env.own_row, names::table(self.env.entity)));
        }
        for it in &self.env.variables {
            match &it.initial {
                Some(initial) => lines.push(sql!("{} {} := {};", it.name, it.ty, initial)),
                None => lines.push(sql!("{} {};", it.name, it.ty)),
            }
        }
        lines.push(Sql::raw("touched$ app.touch[] := '{}'::app.touch[];"));
        lines.push(Sql::raw("work$ app.work;"));
    }

    /// The entity's function that gives its rows as they stand.
    pub(super) fn images(&self) -> Vec<Qualified> {
        let mut res: Vec<Qualified> = Vec::new();
        let touched = self.in_order().into_iter().map(|it| it.entity);
        for it in touched.chain(self.shown.iter().copied()) {
            let function = names::image(it);
            if !res.contains(&function) {
                res.push(function);
            }
        }
        res
    }
}

impl Touched<'_> {
    /// `Post:C`, `Post:U`: how the specification names a change of rows.
    pub(super) fn key(&self, catalog: Catalog<'_>, change: Change) -> String {
        format!("{}:{}", catalog.type_name(self.entity), change.letter())
    }
}
