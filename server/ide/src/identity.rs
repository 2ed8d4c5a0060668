//! What a name means, as a value that two places have in common when they mean the same.

use specql_model::{ActionId, EntityId, SourceFile};
use specql_text::TextRange;

use crate::mention::{Mention, Subject};

/// What a name means, to be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Identity {
    Entity(EntityId),
    Field(EntityId, TextRange),
    EnumValue(EntityId, TextRange),
    /// A value of a parameter's enum, by its file and place.
    Choice(EntityId, TextRange),
    Action(ActionId),
    /// A parameter, by the file and the place of its name.
    Parameter(EntityId, TextRange),
    /// A variable of one file, or a name in a query, by the place of its declaration.
    Variable(TextRange),
    /// A type of events has no declaration: all that publish it are alike.
    Event(String),
}

/// What a mention of a file means; absent for what nobody declares.
pub(crate) fn identity(it: &Mention<'_>, file: &SourceFile) -> Option<Identity> {
    Some(match &it.subject {
        Subject::Entity(id) | Subject::Query(id) => Identity::Entity(*id),
        Subject::Field(owner, field) => Identity::Field(*owner, field.name.range),
        Subject::EnumValue { owner, value, .. } => Identity::EnumValue(*owner, value.range),
        Subject::Choice { owner, value, .. } => Identity::Choice(*owner, value.range),
        Subject::Action(id) => Identity::Action(*id),
        Subject::Parameter(owner, it) => Identity::Parameter(*owner, it.name.range),
        Subject::Variable { declared, .. } => Identity::Variable(*declared),
        // A name that the query does not give has no place of its own.
        Subject::QueryColumn { declared: Some(declared), column, .. } if column.is_alias => {
            Identity::Variable(*declared)
        }
        Subject::Event(_) => Identity::Event(event(it.range.slice(file.text()))),
        Subject::Ambiguous(_)
        | Subject::BuiltIn(..)
        | Subject::Type(_)
        | Subject::Rich(_)
        | Subject::Part(..)
        | Subject::QueryColumn { .. }
        | Subject::Context(_)
        | Subject::Function(_)
        | Subject::Impact(_)
        | Subject::Cdc(_) => return None,
    })
}

/// The type of an event without the quotes it may be written in.
fn event(written: &str) -> String {
    written.trim_matches(['\'', '"']).to_owned()
}
