//! Which actions the steps of an action call.

use std::collections::{HashSet, VecDeque};

use specql_model::{Action, ActionId, EntityId, Step, Workspace};

use crate::Context;

impl<'a> Context<'a> {
    /// The action that a step of this file calls.
    pub(crate) fn called(&self, step: &Step) -> Option<(ActionId, &'a Action)> {
        let id = called(self.workspace, EntityId(self.id()), step)?;
        Some((id, self.workspace.action(id)?))
    }
}

fn called(workspace: &Workspace, from: EntityId, step: &Step) -> Option<ActionId> {
    let (schema, function) = step.called()?;
    workspace.called(from, schema.map(|it| it.text.as_str()), &function.text)
}

/// The actions that an action calls itself, in the order of its steps.
fn all_called(workspace: &Workspace, id: ActionId) -> Vec<ActionId> {
    let mut found = Vec::new();
    for step in workspace.action(id).map_or(&[][..], |it| &it.steps) {
        step.walk(&mut |it| found.extend(called(workspace, id.entity, it)));
    }
    found
}

/// The actions on the way from one action to another, both included: each calls the next one.
pub(crate) fn way(workspace: &Workspace, from: ActionId, to: ActionId) -> Option<Vec<ActionId>> {
    let mut ways = VecDeque::from([vec![from]]);
    let mut seen: HashSet<ActionId> = HashSet::new();
    while let Some(way) = ways.pop_front() {
        let Some(last) = way.last().copied() else { continue };
        if last == to {
            return Some(way);
        }
        for next in all_called(workspace, last) {
            if seen.insert(next) {
                ways.push_back(way.iter().copied().chain([next]).collect());
            }
        }
    }
    None
}
