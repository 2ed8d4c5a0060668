//! The blocks of an action that follow from its steps: completion and code actions offer them.

use specql_model::{ActionId, Workspace};
use specql_syntax::edit::Value;

/// The `impact` block; absent when the steps write nothing that is known. Beside an event it says when that
/// is published.
pub(crate) fn impact(workspace: &Workspace, id: ActionId, publishes: bool) -> Option<Value> {
    specql_check::impact_from_steps(workspace, id, publishes)
}

/// A `cdc` block that publishes what the primary operation does; absent when that is not known.
pub(crate) fn cdc(workspace: &Workspace, id: ActionId) -> Option<Value> {
    let primary = workspace.effective_primary(id)?;
    let entity = workspace.entity(primary.entity?)?;
    // Consumers tell entities with one name apart as clients do.
    let event_type = format!("{}{}", workspace.type_name(entity), primary.operation.participle());
    let mut entries = vec![
        ("enabled".to_owned(), Value::Scalar("true".to_owned())),
        ("event_type".to_owned(), Value::Scalar(event_type)),
    ];
    entries.extend(specql_check::guarded_event(workspace, id, entity.id));
    Some(Value::Mapping(entries))
}
