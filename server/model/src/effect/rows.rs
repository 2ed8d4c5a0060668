//! How a write finds its rows.

use ecow::EcoString;

use super::RowSource;
use crate::{Entity, EntityId, Operation, Workspace, Write};

/// Without a condition a step on the file's entity acts on the row `input.id`, on another entity on
/// the row that the one `ref` between the two leads to.
pub(super) fn rows(
    workspace: &Workspace,
    entity: &Entity,
    target: Option<EntityId>,
    write: &Write,
    operation: Operation,
) -> RowSource {
    match operation {
        Operation::Create | Operation::Upsert => RowSource::New,
        Operation::Update | Operation::Delete if write.filter.is_some() => RowSource::Filter,
        Operation::Update | Operation::Delete => match target {
            Some(target) if target == entity.id => RowSource::InputId,
            Some(target) => between(workspace, entity, target),
            None => RowSource::Unreachable,
        },
    }
}

fn between(workspace: &Workspace, entity: &Entity, target: EntityId) -> RowSource {
    let forward = leading(workspace, entity, target);
    let backward =
        workspace.entity(target).map(|it| leading(workspace, it, entity.id)).unwrap_or_default();
    match (forward.as_slice(), backward.as_slice()) {
        ([], []) => RowSource::Unreachable,
        ([field], []) => RowSource::Reference { field: field.clone(), forward: true },
        ([], [field]) => RowSource::Reference { field: field.clone(), forward: false },
        _ => RowSource::Ambiguous(forward.into_iter().chain(backward).collect()),
    }
}

/// The `ref` fields of one entity that lead to another.
fn leading(workspace: &Workspace, from: &Entity, to: EntityId) -> Vec<EcoString> {
    let leads = |it: &crate::Type| {
        it.targets().iter().any(|it| workspace.resolve(from.id, it).found() == Some(to))
    };
    from.fields.iter().filter(|it| leads(&it.ty)).map(|it| it.name.text.clone()).collect()
}
