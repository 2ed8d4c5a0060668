//! Who has a name first, in the order of paths: looked up by the part of it that comes from the entity,
//! so that one preview asks nothing of the entities that have other names.

use specql_model::{Entity, Workspace};

use crate::names;

/// The entity that has the table of an entity.
pub(crate) fn of_table<'a>(workspace: &'a Workspace, it: &Entity) -> Option<&'a Entity> {
    let table = names::table(it);
    alike(workspace, it).find(|other| names::table(other) == table)
}

/// The entities in the order of their paths; those without a name yet are left out.
pub(crate) fn named(workspace: &Workspace) -> impl Iterator<Item = &Entity> {
    workspace.entities().map(AsRef::as_ref).filter(|it| !it.name.text.is_empty())
}

/// The entities whose names in SQL may be those of an entity, in the order of their paths.
fn alike<'a>(workspace: &'a Workspace, it: &Entity) -> impl Iterator<Item = &'a Entity> {
    workspace.entities_spelled(&it.name.text).filter(|it| !it.name.text.is_empty())
}
