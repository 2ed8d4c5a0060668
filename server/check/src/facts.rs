//! What several rules ask of one file, found when it is first asked.

use std::{borrow::Cow, cell::OnceCell};

use specql_contract::Published;
use specql_model::{
    ActionId, Step,
    keys::{self, Visit},
    scope::Scope,
};

use crate::{
    Context,
    alignment::Alignment,
    references::{self, Reference},
    typing::{self, Found},
};

/// Kept for one check of one file.
#[derive(Debug, Default)]
pub(crate) struct Facts<'a> {
    visits: OnceCell<Vec<Visit<'a>>>,
    /// By the number of the action.
    alignments: OnceCell<Vec<Option<Alignment<'a>>>>,
    /// By the number of the action.
    published: OnceCell<Vec<OnceCell<Option<Published>>>>,
    /// By the number of the action.
    types: OnceCell<Vec<Found<'a>>>,
    /// The steps of each action with their scopes, by the number of the action.
    scopes: OnceCell<Vec<Vec<(Scope<'a>, &'a Step)>>>,
    references: OnceCell<Vec<Reference>>,
}

impl<'a> Context<'a> {
    /// Calls `visit` for everything in the file that the vocabulary knows, see [`keys::walk`].
    pub(crate) fn walk_keys(&self, visit: &mut dyn FnMut(Visit<'a>)) {
        let all = self.facts.visits.get_or_init(|| {
            let mut all = Vec::new();
            if let Some(spec) = keys::root_spec(&self.file.kind) {
                keys::walk(spec, &self.file.parse().yaml().root, &mut |it| all.push(it));
            }
            all
        });
        all.iter().copied().for_each(visit);
    }

    /// An action's `impact` beside what its steps write; absent without an `impact`.
    pub(crate) fn alignment(&self, id: ActionId) -> Option<&'a Alignment<'a>> {
        let find = || self.actions().map(|(id, it)| Alignment::of(self, id, it)).collect();
        self.facts.alignments.get_or_init(find).get(id.index as usize)?.as_ref()
    }

    /// Calls `visit` for every step of an action of this file, see [`Scope::each_step`].
    pub(crate) fn each_step(&self, id: ActionId, visit: &mut dyn FnMut(&Scope<'a>, &'a Step)) {
        let of_action = |id| {
            let mut all = Vec::new();
            Scope::each_step(self.workspace, id, &mut |it, step| all.push((it.clone(), step)));
            all
        };
        let find = || self.actions().map(|it| of_action(it.0)).collect();
        let all = self.facts.scopes.get_or_init(find).get(id.index as usize);
        all.into_iter().flatten().for_each(|(scope, step)| visit(scope, step));
    }

    /// The names of entities in the file, by kind and then in the order of the file.
    pub(crate) fn references(&self) -> &'a [Reference] {
        self.facts.references.get_or_init(|| references::find(self))
    }

    /// What is wrong with the types of each action of this file.
    pub(crate) fn types(&self) -> &'a [Found<'a>] {
        let all = || self.actions().map(|(id, it)| typing::of_action(self, id, it)).collect();
        self.facts.types.get_or_init(all)
    }

    /// What an action of this file changes and tells of it.
    pub(crate) fn published(&self, id: ActionId) -> Option<&'a Published> {
        let all = || self.actions().map(|_| OnceCell::new()).collect();
        let of_it = self.facts.published.get_or_init(all).get(id.index as usize)?;
        of_it.get_or_init(|| Published::of(self.workspace, id)).as_ref()
    }

    /// The same of an action of any file.
    pub(crate) fn published_by(&self, id: ActionId) -> Option<Cow<'a, Published>> {
        if id.entity.0 == self.id() {
            return self.published(id).map(Cow::Borrowed);
        }
        Published::of(self.workspace, id).map(Cow::Owned)
    }
}
