//! The names of all files in their order, for lists that begin with what somebody has typed.
//!
//! Invariant: a list is made when it is first asked for and kept from then on: a change costs what
//! differs in the names of its file.

use std::sync::{Arc, OnceLock};

use ecow::EcoString;

use super::{Read, Workspace, note};
use crate::{ActionId, Entity};

/// Of what the names are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameKind {
    /// Entities.
    Entity,
    /// Actions.
    Action,
    /// Queries that an `impact` invalidates.
    Query,
}

/// A name in a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ListedName {
    /// In small letters: what the list is ordered by.
    pub lower: EcoString,
    /// As it is written.
    pub name: EcoString,
    /// The action; of an entity its first one.
    pub id: ActionId,
    /// The schema of the file's entity.
    pub schema: EcoString,
}

/// Names in the order of their letters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NameList(Vec<ListedName>);

impl NameList {
    /// All names.
    #[must_use]
    pub fn all(&self) -> &[ListedName] {
        &self.0
    }

    /// The names that begin with small letters.
    #[must_use]
    pub fn beginning_with(&self, lower: &str) -> &[ListedName] {
        let start = self.0.partition_point(|it| it.lower.as_str() < lower);
        let rest = self.0.get(start..).unwrap_or_default();
        let end = rest.partition_point(|it| it.lower.starts_with(lower));
        rest.get(..end).unwrap_or_default()
    }

    fn put(&mut self, it: ListedName) {
        let place = self.0.partition_point(|other| *other < it);
        self.0.insert(place, it);
    }

    fn take(&mut self, it: &ListedName) {
        if let Ok(place) = self.0.binary_search(it) {
            self.0.remove(place);
        }
    }
}

/// The lists that somebody has asked for.
#[derive(Debug, Clone, Default)]
pub(super) struct NameLists {
    entities: Arc<OnceLock<NameList>>,
    actions: Arc<OnceLock<NameList>>,
    queries: Arc<OnceLock<NameList>>,
}

impl NameLists {
    const fn of(&self, kind: NameKind) -> &Arc<OnceLock<NameList>> {
        match kind {
            NameKind::Entity => &self.entities,
            NameKind::Action => &self.actions,
            NameKind::Query => &self.queries,
        }
    }

    /// Lists the names of a file instead of those that were there.
    pub(super) fn change(&mut self, old: Option<&Entity>, new: Option<&Entity>) {
        for kind in [NameKind::Entity, NameKind::Action, NameKind::Query] {
            let (old, new) = (names(kind, old), names(kind, new));
            // Also of a list that is still being made for a state before this one.
            if old == new {
                continue;
            }
            // A list that nobody has asked for yet is made from the state in which somebody does.
            let mut changed = Arc::default();
            if let Some(list) = self.of(kind).get() {
                let mut list = list.clone();
                old.iter().for_each(|it| list.take(it));
                new.into_iter().for_each(|it| list.put(it));
                changed = Arc::new(OnceLock::from(list));
            }
            match kind {
                NameKind::Entity => self.entities = changed,
                NameKind::Action => self.actions = changed,
                NameKind::Query => self.queries = changed,
            }
        }
    }
}

impl Workspace {
    /// All names of a kind in the order of their letters; those that are not written yet are left out.
    #[must_use]
    pub fn name_list(&self, kind: NameKind) -> &NameList {
        note(|| match kind {
            NameKind::Entity => Read::Names,
            NameKind::Action => Read::ActionNames,
            NameKind::Query => Read::All,
        });
        self.names.of(kind).get_or_init(|| {
            let entities = self.entities.iter().filter_map(|it| self.files.get(it.0)?.entity());
            let mut all: Vec<_> = entities.flat_map(|it| names(kind, Some(it))).collect();
            all.sort_unstable();
            NameList(all)
        })
    }
}

/// The names in a file.
fn names(kind: NameKind, entity: Option<&Entity>) -> Vec<ListedName> {
    let Some(entity) = entity else { return Vec::new() };
    let schema = EcoString::from(entity.schema_name());
    let listed = |index: usize, name: &EcoString| ListedName {
        lower: name.to_lowercase(),
        name: name.clone(),
        id: ActionId { entity: entity.id, index: u32::try_from(index).unwrap_or(u32::MAX) },
        schema: schema.clone(),
    };
    let mut res: Vec<ListedName> = match kind {
        NameKind::Entity => vec![listed(0, &entity.name.text)],
        NameKind::Action => {
            let actions = entity.actions.iter().enumerate();
            actions.map(|(index, it)| listed(index, &it.name.text)).collect()
        }
        NameKind::Query => {
            let actions = entity.actions.iter().enumerate();
            let queries = actions.flat_map(|(index, it)| {
                let all = it.impact.iter().flat_map(|it| &it.cache_invalidations);
                all.filter_map(move |it| Some((index, it.query.as_ref()?)))
            });
            queries.map(|(index, it)| listed(index, &it.text)).collect()
        }
    };
    res.retain(|it| !it.name.is_empty());
    res
}
