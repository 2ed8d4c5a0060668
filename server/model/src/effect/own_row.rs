//! The row of the file's entity that an action is about, and the new rows that belong to it.

use super::{Effect, RowSource};
use specql_text::TextRange;

use crate::{ActionId, Field, Step, StepKind, Workspace};

/// The own row at a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OwnRow {
    /// It is there from the start: `input.id`.
    Given,
    /// The action will make it; until then its fields mean the input.
    Awaited,
    /// A step before has made it.
    Made,
}

impl Workspace {
    /// The own row of an action before its first step: awaited if its first write of the file's entity
    /// is an insert.
    #[must_use]
    pub fn own_row(&self, id: ActionId) -> OwnRow {
        let own =
            |it: &&Effect| it.action == id && it.via.is_none() && it.entity == Some(id.entity);
        match self.effects(id).iter().find(own).map(|it| &it.rows) {
            Some(RowSource::New) => OwnRow::Awaited,
            _ => OwnRow::Given,
        }
    }

    /// The own row of an action when it comes to one of its steps.
    #[must_use]
    pub fn own_row_at(&self, id: ActionId, step: TextRange) -> OwnRow {
        let makes = |it: &Effect| {
            it.action == id
                && it.via.is_none()
                && it.entity == Some(id.entity)
                && it.rows == RowSource::New
                && it.step.start() < step.start()
        };
        match self.own_row(id) {
            OwnRow::Awaited if self.effects(id).iter().any(makes) => OwnRow::Made,
            it => it,
        }
    }

    /// The field by which the new row of an `insert` belongs to the own row: the one `ref` to it that
    /// the step leaves open. A row that is new itself has an id that no caller can give, so there the
    /// link is open unless the step assigns it.
    #[must_use]
    pub fn link_to_own(&self, id: ActionId, step: &Step) -> Option<&Field> {
        let StepKind::Insert(write) = &step.kind else { return None };
        let own = self.entity(id.entity)?;
        let entity = self.entity(self.resolve(own.id, write.entity.as_ref()?).found()?)?;
        if entity.id == own.id {
            return None;
        }
        let mut links = self.references(entity, own.id);
        let (Some(link), None) = (links.next(), links.next()) else { return None };
        let is_link = |name: &str| {
            let named = entity.field(name).or_else(|| entity.reference_id(name));
            named.is_some_and(|it| it.name == link.name)
        };
        let assigned = write.assignments.iter().any(|it| is_link(&it.field.text));
        let taken = write.all_input
            || write.from.is_some()
            || write.columns.iter().any(|it| is_link(&it.text));
        let open = match self.own_row_at(id, step.range) {
            OwnRow::Given => !assigned && !taken,
            OwnRow::Made => !assigned,
            OwnRow::Awaited => false,
        };
        open.then_some(link)
    }
}
