//! What a caller gives to an action: its parameters, and the fields that its steps read from the input.

use ecow::EcoString;
use specql_model::{
    Action, ActionId, Certainty, Column, Entity, Field, Operation, OwnRow, PathResolution,
    ResolvedPath, RowSource, Scope, Step, StepKind, Type, Workspace, entity::graphql_name,
    expression::ExpressionKind,
};
use specql_text::TextRange;

use crate::{
    Place,
    fields::kept_fields,
    invalidation::{InvalidationValue, invalidations},
    shape::{Format, Origin, Shape},
    value::{of_sql_type, shape_of_type},
};

/// An input.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    /// The name: the parameter's or the field's, as declared.
    pub name: EcoString,
    /// The spellings that are accepted, in the order in which they are tried.
    pub spellings: Vec<EcoString>,
    /// The value. A reference is the id of its row.
    pub shape: Shape,
    /// Without it the action fails.
    pub required: bool,
    /// Every run writes it to a required field as it is, so it is asked for before the first step.
    pub is_always_written: bool,
    /// What declares it.
    pub origin: Origin,
}

impl Input {
    /// Whether it is the id of the row that the action begins with.
    #[must_use]
    pub fn is_own_row(&self) -> bool {
        self.required && matches!(self.origin, Origin::BuiltIn { column: "id", .. })
    }
}

/// The inputs of an action, without the rest of its [`Contract`](crate::Contract).
#[must_use]
pub fn inputs_of(workspace: &Workspace, id: ActionId) -> Vec<Input> {
    Place::new(workspace, id).map_or_else(Vec::new, |it| inputs(&it))
}

/// The inputs, each once, in the order in which the steps ask for them; parameters first.
pub(crate) fn inputs(place: &Place<'_>) -> Vec<Input> {
    let mut res = Inputs { place, found: Vec::new() };
    for parameter in &place.action.parameters {
        let shape = shape_of_type(place.workspace, place.entity.id, &parameter.ty);
        let origin = place.key(parameter.range);
        res.add(&parameter.name.text, shape, parameter.is_needed(), origin);
    }
    if needs_id(place) {
        let origin = Origin::BuiltIn { entity: place.entity.id, column: "id" };
        res.add("id", Shape::Text(Format::Uuid), true, origin);
    }
    for step in &place.action.steps {
        step.walk(&mut |it| res.step(it));
    }
    for it in invalidations(place) {
        for (_, value) in &it.arguments {
            if let InvalidationValue::Input(path, range) = value
                && let Some(name) = path.first()
            {
                res.named(name, *range);
            }
        }
    }
    res.found
}

/// Whether the action begins with the row `input.id`.
fn needs_id(place: &Place<'_>) -> bool {
    if place.workspace.own_row(place.id) == OwnRow::Awaited {
        return false;
    }
    let effects = place.workspace.effects(place.id).iter();
    let mut own = effects.filter(|it| it.action == place.id && it.via.is_none());
    own.any(|it| follows_own_row(&it.rows)) || leads_from_own_row(place) || reads_own_row(place)
}

const fn follows_own_row(rows: &RowSource) -> bool {
    matches!(rows, RowSource::InputId | RowSource::Reference { .. })
}

/// Whether a step makes a row that belongs to the own one, or finds one without a condition.
fn leads_from_own_row(place: &Place<'_>) -> bool {
    let Place { workspace, id, .. } = *place;
    let mut found = false;
    for step in &place.action.steps {
        step.walk(&mut |it| {
            let sought = workspace.rows_of_find(id.entity, it);
            found |= sought.is_some_and(|it| follows_own_row(&it.2))
                || workspace.link_to_own(id, it).is_some();
        });
    }
    found
}

/// Whether an expression reads the own row.
fn reads_own_row(place: &Place<'_>) -> bool {
    let mut found = false;
    Scope::each_step(place.workspace, place.id, &mut |scope, step| {
        step.expressions(&mut |it| {
            scope.visit_paths(it, &mut |scope, path, _| found |= scope.begins_at_own_row(path));
        });
    });
    found
}

struct Inputs<'p, 'a> {
    place: &'p Place<'a>,
    found: Vec<Input>,
}

impl Inputs<'_, '_> {
    fn step(&mut self, step: &Step) {
        self.columns(step);
        let scope = Scope::at(self.place.workspace, self.place.id, step);
        step.expressions(&mut |it| {
            scope.visit_paths(it, &mut |scope, path, it| {
                self.path(&scope.resolve(path), it.range);
            });
        });
        self.values_of_required(step, &scope);
    }

    /// The inputs that every run writes to a required field as they are: without one the write fails.
    fn values_of_required(&mut self, step: &Step, scope: &Scope<'_>) {
        let Some(write) = step.write() else { return };
        let (workspace, id) = (self.place.workspace, self.place.id);
        let mut effects = workspace.effects(id).iter();
        let Some(effect) = effects.find(|it| it.action == id && it.step == step.range) else {
            return;
        };
        let surely_finds_a_row = match &effect.rows {
            RowSource::New | RowSource::InputId => true,
            RowSource::Filter { one } => *one,
            RowSource::Reference { forward, may_miss, .. } => *forward && !*may_miss,
            RowSource::Unreachable | RowSource::Ambiguous(_) => false,
        };
        let entity = effect.entity.and_then(|it| self.place.entity_of(it));
        let Some(entity) = entity.filter(|_| surely_finds_a_row) else { return };
        if effect.certainty != Certainty::Always {
            return;
        }
        let is_new = effect.operation != Operation::Update;
        for assignment in &write.assignments {
            let ExpressionKind::Path(path) = &assignment.value.kind else { continue };
            let field = entity.field(&assignment.field.text).filter(|it| !it.nullable);
            // A new row has the default instead.
            let is_needed = field.is_some_and(|it| !(is_new && it.default.is_some()));
            let PathResolution::Input { name, path } = scope.resolve(path) else { continue };
            let is_whole = path.as_ref().is_none_or(|it| it.steps.len() == 1);
            if is_needed && is_whole && self.place.action.parameter(name).is_none() {
                self.require(name, path.as_ref());
            }
        }
    }

    /// Marks an input that is known already.
    fn require(&mut self, name: &str, path: Option<&ResolvedPath<'_>>) {
        let declared = path.and_then(|it| match &it.steps.first()?.column {
            Column::Field(it) => Some(it.name.as_str()),
            _ => None,
        });
        let name = declared.unwrap_or(name);
        for it in self.found.iter_mut().filter(|it| it.name == name) {
            it.required = true;
            it.is_always_written = true;
        }
    }

    /// The columns that take their value from the input.
    fn columns(&mut self, step: &Step) {
        let Some(write) = step.write() else { return };
        let creates = matches!(step.kind, StepKind::Insert(_) | StepKind::Upsert(_));
        let workspace = self.place.workspace;
        let entity = match &write.entity {
            Some(it) => workspace.resolve(self.place.entity.id, it).found(),
            None if write.is_of_own() => Some(self.place.entity.id),
            None => None,
        };
        let Some(entity) = entity.and_then(|it| self.place.entity_of(it)) else { return };
        let assigned = |field: &Field| {
            write
                .assignments
                .iter()
                .any(|it| entity.field(&it.field.text).is_some_and(|it| it.name == field.name))
        };
        let link = workspace.link_to_own(self.place.id, step);
        let is_link = |field: &Field| link.is_some_and(|it| it.name == field.name);
        let all = write.all_input || write.from.is_some();
        let named = |field: &Field| {
            write
                .columns
                .iter()
                .any(|it| entity.field(&it.text).is_some_and(|it| it.name == field.name))
        };
        for field in kept_fields(entity) {
            if !assigned(field) && !is_link(field) && (all || named(field)) {
                self.field(entity, field, creates);
            }
        }
    }

    fn field(&mut self, entity: &Entity, field: &Field, creates: bool) {
        let required = creates && !field.nullable && field.default.is_none();
        let shape = shape_of_type(self.place.workspace, entity.id, &field.ty);
        let origin =
            Origin::Field { entity: entity.id, field: field.name.text.clone(), range: field.range };
        self.add(&field.name.text, shape.or_null(field.nullable), required, origin);
    }

    /// An input that a filter names: a parameter, which is there already, a column of the own entity, or
    /// one that nothing declares.
    fn named(&mut self, name: &str, range: TextRange) {
        if self.place.action.parameter(name).is_some() {
            return;
        }
        let entity = self.place.entity;
        let field = entity.field(name).or_else(|| entity.reference_id(name));
        match (field, Entity::built_in(name)) {
            (Some(it), _) => self.field(entity, it, false),
            (None, Some(it)) => {
                let origin = Origin::BuiltIn { entity: entity.id, column: it.name };
                self.add(it.name, of_sql_type(it.sql_type, Format::Plain), false, origin);
            }
            (None, None) => self.add(name, Shape::Any, false, self.place.key(range)),
        }
    }

    fn path(&mut self, resolution: &PathResolution<'_>, range: TextRange) {
        let PathResolution::Input { name, path } = resolution else { return };
        if name.is_empty() {
            return;
        }
        let first = path.as_ref().and_then(|it| it.steps.first());
        match first.map(|it| (it.entity, &it.column)) {
            Some((entity, Column::Field(field))) => {
                let Some(entity) = self.place.entity_of(entity) else { return };
                self.field(entity, field, false);
            }
            Some((entity, Column::BuiltIn(it))) => {
                let origin = Origin::BuiltIn { entity, column: it.name };
                self.add(it.name, of_sql_type(it.sql_type, Format::Plain), false, origin);
            }
            _ => self.add(name, Shape::Any, false, self.place.key(range)),
        }
    }

    fn add(&mut self, name: &str, shape: Shape, required: bool, origin: Origin) {
        if let Some(known) = self.found.iter_mut().find(|it| it.name == name) {
            known.required |= required;
            return;
        }
        let is_reference = matches!(shape.not_null(), Shape::Reference(_));
        let spellings = spellings_in(self.place.entity, self.place.action, name, is_reference);
        let (name, is_always_written) = (name.into(), false);
        self.found.push(Input { name, spellings, shape, required, is_always_written, origin });
    }
}

/// The spellings of an input of an action. A parameter that is called like a field is that field's input: what
/// is checked through the one and written by the other is one value, whatever the caller sends beside it.
#[must_use]
pub fn spellings_in(
    entity: &Entity,
    action: &Action,
    name: &str,
    is_reference: bool,
) -> Vec<EcoString> {
    let leads = |ty: &Type| matches!(ty, Type::Ref(_));
    let is_reference = match action.parameter(name) {
        Some(it) => leads(&it.ty) || entity.field(name).is_some_and(|it| leads(&it.ty)),
        None => is_reference,
    };
    input_spellings(name, is_reference)
}

/// The spellings under which an input is accepted, in the order in which they are tried: `authorId`,
/// `author_id`, `author` for a reference; `postCount`, `post_count` for anything else.
#[must_use]
pub fn input_spellings(name: &str, is_reference: bool) -> Vec<EcoString> {
    let mut res: Vec<EcoString> = Vec::new();
    let id = format!("{name}_id");
    let of_reference = [graphql_name(&id), id].into_iter().filter(|_| is_reference);
    for it in of_reference.chain([graphql_name(name), name.to_owned()]) {
        let it = EcoString::from(it);
        if !res.contains(&it) {
            res.push(it);
        }
    }
    res
}
