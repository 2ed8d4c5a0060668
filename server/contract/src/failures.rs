//! What an action answers instead of success: `failed:<code>`.

use ecow::{EcoString, eco_format};
use specql_model::{
    EffectFields, EntityId, Field, FileId, Name, Operation, RowSource, Step, StepKind, Workspace,
    config::Tenancy,
};
use specql_text::TextRange;

use crate::{
    Input, Place, Shape,
    called::called_actions,
    changes::{Change, ChangeStep},
    fields::kept_fields,
    inputs::inputs,
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
}

/// How a `validate`, a `reject` or a `find` fails.
#[must_use]
pub fn failure_of_step(workspace: &Workspace, file: FileId, step: &Step) -> Option<Failure> {
    let text = |it: &Option<Name>| it.as_ref().map(|it| it.text.clone());
    let (cause, error, message, code, default) = match &step.kind {
        StepKind::Validate { condition, error, message } => {
            let source = workspace.file(file).map_or("", |it| condition.range.slice(it.text()));
            let default = eco_format!("{source} does not hold");
            (FailureCause::Validate, text(error), text(message), "validation", default)
        }
        StepKind::Reject(error) => {
            (FailureCause::Reject, text(error), None, "rejected", "rejected".into())
        }
        StepKind::Find { write, error } => {
            let found = workspace.resolve(EntityId(file), write.entity.as_ref()?).found()?;
            let default = eco_format!("{} not found", workspace.entity(found)?.name.text);
            (FailureCause::Find, text(error), None, "not_found", default)
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
    let is_code = |it: &str| {
        it.starts_with(|it: char| it.is_ascii_alphabetic())
            && it.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_')
    };
    match (error, message) {
        (Some(error), message) if is_code(&error) => {
            let fallback = || error.replace("_", " ").to_lowercase();
            (error.to_ascii_lowercase(), message.unwrap_or_else(fallback))
        }
        (Some(error), None) => (default_code.into(), error),
        (_, Some(message)) => (default_code.into(), message),
        (None, None) => (default_code.into(), default_message),
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
    for id in called_actions(place.workspace, place.id) {
        if let Some(it) = Place::new(place.workspace, id) {
            res.of_action(&it, &inputs(&it));
        }
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
    res.found
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

    fn of_action(&mut self, place: &Place<'_>, inputs: &[Input]) {
        if place.action.pattern.is_some() {
            return;
        }
        for name in missing_rows(place, inputs) {
            let message = Some(eco_format!("{name} not found"));
            let (code, cause) = ("not_found".into(), FailureCause::Row(name));
            self.add(Failure { code, cause, message, place: None });
        }
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
