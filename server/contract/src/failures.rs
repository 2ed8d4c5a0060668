//! What an action answers instead of success: `failed:<code>`.

use ecow::{EcoString, eco_format};
use specql_model::{
    EffectFields, Entity, EntityId, Field, FileId, Name, Operation, RowSource, Scope, Step,
    StepKind, Type, Workspace, config::Tenancy,
};
use specql_text::TextRange;

use crate::{
    Input, Place, Shape,
    changes::{Change, ChangeStep},
    fields::kept_fields,
    inputs::inputs,
    looked_up::{looked_up, not_found_message},
};

/// A failure that undoes everything the action did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The code behind `failed:`.
    pub code: EcoString,
    /// What causes it.
    pub cause: FailureCause,
    /// The message, where it is always the same.
    pub message: Option<EcoString>,
    /// Where the file says so.
    pub place: Option<(FileId, TextRange)>,
}

/// What makes an action fail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FailureCause {
    /// The session names no tenant.
    Tenant,
    /// The input is missing, or its value does not fit.
    Input,
    /// A `validate` does not hold.
    Validate,
    /// A `reject` is reached.
    Reject,
    /// A row is not there, or not the tenant's.
    Row(EcoString),
    /// A `find` finds nothing.
    Find,
    /// Another row has the value of a unique field.
    Unique(EcoString),
    /// A row that is to be removed is referred to by this field.
    InUse(EcoString),
}

/// How a `validate`, a `reject` or a `find` fails.
#[must_use]
pub fn failure_of_step(workspace: &Workspace, file: FileId, step: &Step) -> Option<Failure> {
    let text = |it: Option<&Name>| it.map(|it| it.text.clone());
    let (cause, error, message, code, default) = match &step.kind {
        StepKind::Validate { condition, error, message } => {
            let source = workspace.file(file).map_or("", |it| condition.range.slice(it.text()));
            let default = eco_format!("{source} does not hold");
            (
                FailureCause::Validate,
                text(error.as_ref()),
                text(message.as_ref()),
                "validation",
                default,
            )
        }
        StepKind::Reject(error) => {
            (FailureCause::Reject, text(error.as_ref()), None, "rejected", "rejected".into())
        }
        StepKind::Find { write, error } => {
            let found = workspace.resolve(EntityId(file), write.entity.as_ref()?).found()?;
            let default = eco_format!("{} not found", workspace.entity(found)?.name.text);
            (FailureCause::Find, text(error.as_deref()), None, "not_found", default)
        }
        _ => return None,
    };
    let (code, message) = code_and_message(error, message, code, default);
    Some(Failure { code, cause, message: Some(message), place: Some((file, step.range)) })
}

/// The code and the message that an author's `error` and `message` mean: a word such as
/// `not_a_draft` is the code, anything else the message.
fn code_and_message(
    error: Option<EcoString>,
    message: Option<EcoString>,
    default_code: &str,
    default_message: EcoString,
) -> (EcoString, EcoString) {
    match (error, message) {
        (Some(error), message) if is_code(&error) => {
            (error.to_ascii_lowercase(), message.unwrap_or_else(|| spoken(&error)))
        }
        (Some(error), None) => (default_code.into(), error),
        (_, Some(message)) => (default_code.into(), message),
        (None, None) => (default_code.into(), default_message),
    }
}

fn is_code(text: &str) -> bool {
    text.starts_with(|it: char| it.is_ascii_alphabetic())
        && text.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_')
}

/// A code as people say it.
fn spoken(code: &str) -> EcoString {
    code.replace('_', " ").to_lowercase().into()
}

/// The message of the answer when the action ends at a `return`; absent where it says nothing.
#[must_use]
pub fn returned_message(step: &Step) -> Option<EcoString> {
    match &step.kind {
        StepKind::Return(Some(it)) if is_code(&it.text) => Some(spoken(&it.text)),
        StepKind::Return(Some(it)) => Some(it.text.clone()),
        _ => None,
    }
}

/// The failures of an action, those of the actions that it calls among them.
pub(crate) fn failures(place: &Place<'_>, own: &[Input], changes: &[Change]) -> Vec<Failure> {
    let mut res = Failures::default();
    let failure =
        |code: &str, cause| Failure { code: code.into(), cause, message: None, place: None };
    if place.workspace.config().tenancy == Tenancy::Required {
        res.add(failure("forbidden", FailureCause::Tenant));
    }
    res.add(failure("validation", FailureCause::Input));
    res.of_action(place, own);
    for (_, it) in place.called() {
        res.of_action(it, &inputs(it));
    }
    for change in changes.iter().filter(|it| it.operation != Operation::Delete) {
        let Some(entity) = place.entity_of(change.entity) else { continue };
        for field in kept_fields(entity)
            .into_iter()
            .filter(|it| it.unique && writes(change, it) && !settles(place, change, it))
        {
            let name = eco_format!("{}.{}", entity.name.text, field.name.text);
            let place = Some((entity.id.0, field.range));
            res.add(Failure { place, ..failure("conflict", FailureCause::Unique(name)) });
        }
    }
    for change in changes.iter().filter(|it| it.operation == Operation::Delete) {
        if change.steps.iter().any(|it| it.removes(place)) {
            for (entity, field) in references(place, change.entity) {
                let name = eco_format!("{}.{}", entity.name.text, field.name.text);
                let place = Some((entity.id.0, field.range));
                res.add(Failure { place, ..failure("conflict", FailureCause::InUse(name)) });
            }
        }
    }
    res.found
}

/// The fields that can refer to rows of an entity.
fn references<'a>(place: &Place<'a>, entity: EntityId) -> Vec<(&'a Entity, &'a Field)> {
    let mut files: Vec<FileId> =
        place.workspace.referrers(entity).into_iter().map(|it| it.file).collect();
    files.dedup();
    let owners = files.into_iter().filter_map(|it| place.entity_of(EntityId(it)));
    let fields = owners.flat_map(|it| kept_fields(it).into_iter().map(move |field| (it, field)));
    fields.filter(|(owner, field)| leads_to(place, owner, &field.ty, entity)).collect()
}

fn leads_to(place: &Place<'_>, owner: &Entity, ty: &Type, entity: EntityId) -> bool {
    let reference = if let Type::List(item) = ty { item } else { ty };
    matches!(reference, Type::Ref(_))
        && place.workspace.targets(owner.id, reference).any(|it| it == entity)
}

fn writes(change: &Change, field: &Field) -> bool {
    match &change.fields {
        EffectFields::Named(names) => {
            change.operation == Operation::Create || names.contains(&field.name.text)
        }
        EffectFields::Input(_) => true,
        EffectFields::Row => false,
    }
}

/// Whether the steps are upserts that find their row by the field: another row that has its value is that
/// row.
fn settles(place: &Place<'_>, change: &Change, field: &Field) -> bool {
    let entity = place.entity_of(change.entity);
    let is_it = |name: &Name| {
        let named = entity.and_then(|it| it.field(&name.text));
        named.is_some_and(|it| it.name == field.name)
    };
    let by_field = |it: &ChangeStep| match it.of(place).map(|it| &it.kind) {
        Some(StepKind::Upsert(write)) => write.conflict_target.iter().any(is_it),
        _ => false,
    };
    !change.steps.is_empty() && change.steps.iter().all(by_field)
}

/// Each failure once.
#[derive(Default)]
struct Failures {
    found: Vec<Failure>,
}

impl Failures {
    fn add(&mut self, failure: Failure) {
        if !self.found.contains(&failure) {
            self.found.push(failure);
        }
    }

    fn missing(&mut self, message: EcoString, name: EcoString) {
        let (code, cause) = ("not_found".into(), FailureCause::Row(name));
        self.add(Failure { code, cause, message: Some(message), place: None });
    }

    fn of_action(&mut self, place: &Place<'_>, inputs: &[Input]) {
        if place.action.pattern.is_some() {
            return;
        }
        for name in missing_rows(place, inputs) {
            self.missing(not_found_message(&name), name);
        }
        for input in inputs {
            if let Shape::List(item) = input.shape.not_null()
                && matches!(item.not_null(), Shape::Reference(_))
            {
                let message = eco_format!("{} names something that is not there", input.name);
                self.missing(message, input.name.clone());
            }
        }
        Scope::each_step(place.workspace, place.id, &mut |scope, step| {
            for name in looked_up_by(place, scope, step) {
                self.missing(not_found_message(&name), name);
            }
        });
        for step in &place.action.steps {
            step.walk(&mut |it| {
                if let Some(it) = failure_of_step(place.workspace, place.entity.id.0, it) {
                    self.add(it);
                }
            });
        }
    }
}

/// The rows that have to be there: the own one, those that a `ref` or a key leads to, and those that
/// the input names.
fn missing_rows(place: &Place<'_>, inputs: &[Input]) -> Vec<EcoString> {
    let mut res = Vec::new();
    if inputs.iter().any(Input::is_own_row) {
        res.push(place.entity.name.text.clone());
    }
    for effect in place.workspace.effects(place.id) {
        let own = effect.action == place.id && effect.via.is_none();
        let entity = effect.entity.and_then(|it| place.entity_of(it));
        let Some(entity) = entity.filter(|_| own) else { continue };
        let is_needed = match &effect.rows {
            RowSource::Filter { one } => *one,
            RowSource::Reference { forward, may_miss, .. } => *forward && !may_miss,
            _ => false,
        };
        if is_needed {
            res.push(entity.name.text.clone());
        }
    }
    for input in inputs {
        if let Shape::Reference(_) = input.shape.not_null() {
            res.push(input.name.clone());
        }
    }
    res
}

/// The references whose rows a step looks up by ids out of JSON.
fn looked_up_by(place: &Place<'_>, scope: &Scope<'_>, step: &Step) -> Vec<EcoString> {
    let Some(write) = step.write() else { return Vec::new() };
    let reference = write.entity.as_ref();
    let found = reference.and_then(|it| place.workspace.resolve(place.entity.id, it).found());
    let Some(entity) = found.and_then(|it| place.entity_of(it)) else { return Vec::new() };
    let fields =
        write.assignments.iter().filter_map(|it| looked_up(scope, entity, &it.field, &it.value));
    fields.map(|it| it.name.text.clone()).collect()
}

#[cfg(test)]
mod tests {
    use ecow::EcoString;

    use super::code_and_message;

    #[test]
    fn a_word_is_the_code_and_a_sentence_the_message() {
        let read = |error: Option<&str>, message: Option<&str>| {
            let (error, message) = (error.map(EcoString::from), message.map(EcoString::from));
            code_and_message(error, message, "validation", "x > 0 does not hold".into())
        };
        assert_eq!(read(Some("not_a_draft"), None), ("not_a_draft".into(), "not a draft".into()));
        assert_eq!(read(Some("Only drafts"), None), ("validation".into(), "Only drafts".into()));
        assert_eq!(read(Some("taken"), Some("It's taken")), ("taken".into(), "It's taken".into()));
        assert_eq!(read(None, None), ("validation".into(), "x > 0 does not hold".into()));
    }
}
