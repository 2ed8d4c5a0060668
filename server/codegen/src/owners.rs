//! Who has a name first, in the order of paths. Built when it is asked for, once in a run.

use std::{cell::OnceCell, collections::HashMap};

use specql_model::{Entity, EntityId, Workspace};

use crate::{names, sql::Qualified};

/// The owners of names that only one entity can have.
#[derive(Debug, Default)]
pub(crate) struct Owners {
    tables: OnceCell<HashMap<Qualified, EntityId>>,
    audits: OnceCell<HashMap<Qualified, EntityId>>,
    types: OnceCell<HashMap<String, EntityId>>,
}

impl Owners {
    /// The entity that has a table.
    pub(crate) fn of_table(&self, workspace: &Workspace, name: &Qualified) -> Option<EntityId> {
        let tables = self.tables.get_or_init(|| first(named(workspace), names::table));
        tables.get(name).copied()
    }

    /// The entity whose changes a table records.
    pub(crate) fn of_audit(&self, workspace: &Workspace, name: &Qualified) -> Option<EntityId> {
        let audited = || named(workspace).filter(|it| it.is_audited(workspace.config()));
        let audits = self.audits.get_or_init(|| first(audited(), names::audit_table));
        audits.get(name).copied()
    }

    /// The entity that has a `__typename`.
    pub(crate) fn of_type(&self, workspace: &Workspace, name: &str) -> Option<EntityId> {
        let types =
            self.types.get_or_init(|| first(named(workspace), |it| it.name.text.to_string()));
        types.get(name).copied()
    }
}

/// The entities in the order of their paths; those without a name yet are left out.
pub(crate) fn named(workspace: &Workspace) -> impl Iterator<Item = &Entity> {
    workspace.entities().map(AsRef::as_ref).filter(|it| !it.name.text.is_empty())
}

fn first<'a, N: Eq + std::hash::Hash>(
    entities: impl Iterator<Item = &'a Entity>,
    name: impl Fn(&Entity) -> N,
) -> HashMap<N, EntityId> {
    let mut res = HashMap::new();
    for it in entities {
        res.entry(name(it)).or_insert(it.id);
    }
    res
}
