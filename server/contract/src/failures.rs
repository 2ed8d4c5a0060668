//! What an action answers instead of success: `failed:<code>`.

use ecow::{EcoString, eco_format};
use specql_model::{
    EffectFields, Field, FileId, Operation, RowSource, Step, StepKind, config::Tenancy,
};
use specql_text::TextRange;

use crate::{Place, changes::Change, fields::kept_fields};

/// A failure that undoes everything the action did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The code behind `failed:`.
    pub code: EcoString,
    /// What causes it.
    pub cause: FailureCause,
    /// The message, where the file fixes it.
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

/// The code and the message that an author's `error` and `message` mean: a word such as
/// `not_a_draft` is the code, anything else the message.
#[must_use]
pub fn code_and_message(
    error: Option<&str>,
    message: Option<&str>,
    default_code: &str,
    default_message: &str,
) -> (EcoString, EcoString) {
    let is_code = |it: &str| {
        it.starts_with(|it: char| it.is_ascii_alphabetic())
            && it.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_')
    };
    match (error, message) {
        (Some(error), message) if is_code(error) => {
            let fallback = error.replace('_', " ").to_lowercase();
            (error.to_ascii_lowercase().into(), message.map_or(fallback.into(), Into::into))
        }
        (Some(error), None) => (default_code.into(), error.into()),
        (_, Some(message)) => (default_code.into(), message.into()),
        (None, None) => (default_code.into(), default_message.into()),
    }
}

/// The failures of the action's own steps; a called action fails with its own.
pub(crate) fn failures(place: &Place<'_>, changes: &[Change]) -> Vec<Failure> {
    let mut res = Vec::new();
    let mut add = |failure: Failure| {
        if !res.contains(&failure) {
            res.push(failure);
        }
    };
    let failure =
        |code: &str, cause| Failure { code: code.into(), cause, message: None, place: None };
    if place.workspace.config().tenancy == Tenancy::Required {
        add(failure("forbidden", FailureCause::Tenant));
    }
    add(failure("validation", FailureCause::Input));
    for name in missing_rows(place) {
        add(failure("not_found", FailureCause::Row(name)));
    }
    for step in &place.action.steps {
        step.walk(&mut |it| {
            if let Some(it) = of_step(place, it) {
                add(it);
            }
        });
    }
    for change in changes.iter().filter(|it| it.operation != Operation::Delete) {
        let Some(entity) = place.entity_of(change.entity) else { continue };
        let writes = |field: &Field| match &change.fields {
            EffectFields::Named(names) => {
                change.operation == Operation::Create || names.contains(&field.name.text)
            }
            EffectFields::Input(_) => true,
            EffectFields::Row => false,
        };
        for field in kept_fields(entity).into_iter().filter(|it| it.unique && writes(it)) {
            let name = eco_format!("{}.{}", entity.name.text, field.name.text);
            let cause = FailureCause::Unique(name);
            let at = Some((entity.id.0, field.range));
            add(Failure { code: "conflict".into(), cause, message: None, place: at });
        }
    }
    res
}

/// The rows that have to be there: the own one, those that a `ref` leads to, and those that the input
/// names.
fn missing_rows(place: &Place<'_>) -> Vec<EcoString> {
    let inputs = crate::inputs::inputs(place);
    let mut res = Vec::new();
    for effect in place.workspace.effects(place.id) {
        let own = effect.action == place.id && effect.via.is_none();
        let entity = effect.entity.and_then(|it| place.entity_of(it));
        let Some(entity) = entity.filter(|_| own) else { continue };
        let is_found = match effect.rows {
            RowSource::InputId => inputs.iter().any(|it| it.name == "id"),
            RowSource::Reference { .. } => true,
            _ => false,
        };
        if is_found {
            res.push(entity.name.text.clone());
        }
    }
    for input in inputs {
        if let crate::Shape::Reference(_) = input.shape.not_null() {
            res.push(input.name);
        }
    }
    res
}

fn of_step(place: &Place<'_>, step: &Step) -> Option<Failure> {
    let at = Some((place.entity.id.0, step.range));
    let text = |it: &Option<specql_model::Name>| it.as_ref().map(|it| it.text.clone());
    let (cause, error, message, code) = match &step.kind {
        StepKind::Validate { error, message, .. } => {
            (FailureCause::Validate, text(error), text(message), "validation")
        }
        StepKind::Reject(error) => (FailureCause::Reject, text(error), None, "rejected"),
        StepKind::Find { error, .. } => (FailureCause::Find, text(error), None, "not_found"),
        _ => return None,
    };
    let (code, said) = code_and_message(error.as_deref(), message.as_deref(), code, "");
    Some(Failure { code, cause, message: (!said.is_empty()).then_some(said), place: at })
}
