//! How a write finds its rows. Rules, contract and generated SQL read it from here.

use std::sync::Arc;

use specql_syntax::expression::{BinaryOperator, EntityReference, Expression, ExpressionKind};

use super::RowSource;
use crate::{Entity, EntityId, Field, Operation, Step, StepKind, Workspace, Write};

/// Without a condition a step on the file's entity acts on the row `input.id`, on another entity on
/// the row that the one `ref` between the two leads to.
pub(super) fn rows(
    workspace: &Workspace,
    entity: &Entity,
    target: Option<EntityId>,
    write: &Write,
    operation: Operation,
) -> RowSource {
    let found = target.and_then(|it| workspace.entity(it));
    match operation {
        Operation::Create | Operation::Upsert => RowSource::New,
        Operation::Update | Operation::Delete => match (&write.filter, found) {
            (Some(filter), found) => {
                let one = found.is_some_and(|it| names_one_row(it, filter));
                RowSource::Filter { one }
            }
            (None, Some(target)) => workspace.rows_between(entity, target),
            (None, None) => RowSource::Unreachable,
        },
    }
}

impl Workspace {
    /// The rows of `target` that a write without a condition means in an action of `own`.
    #[must_use]
    pub fn rows_between(&self, own: &Entity, target: &Entity) -> RowSource {
        if own.id == target.id {
            return RowSource::InputId;
        }
        let forward: Vec<&Field> = self.references(own, target.id).collect();
        let backward: Vec<&Field> = self.references(target, own.id).collect();
        let name = |it: &Field| it.name.text.clone();
        match (forward.as_slice(), backward.as_slice()) {
            ([], []) => RowSource::Unreachable,
            ([it], []) => RowSource::Reference {
                field: name(it),
                forward: true,
                may_miss: !it.ty.leads_to_one_row(),
            },
            ([], [it]) => RowSource::Reference { field: name(it), forward: false, may_miss: false },
            _ => RowSource::Ambiguous(forward.into_iter().chain(backward).map(name).collect()),
        }
    }

    /// What a `find` without a condition names in a file, the entity, and which of its rows is meant.
    #[must_use]
    pub fn rows_of_find<'a>(
        &'a self,
        own: EntityId,
        step: &'a Step,
    ) -> Option<(&'a EntityReference, &'a Arc<Entity>, RowSource)> {
        let StepKind::Find { write: Write { entity: Some(named), filter: None, .. }, .. } =
            &step.kind
        else {
            return None;
        };
        let entity = self.entity(self.resolve(own, named).found()?)?;
        Some((named, entity, self.rows_between(self.entity(own)?, entity)))
    }

    /// The `ref` fields of an entity that lead to another, `ref(A|B)` among them.
    pub fn references<'a>(
        &'a self,
        from: &'a Entity,
        to: EntityId,
    ) -> impl Iterator<Item = &'a Field> {
        let leads = move |it: &crate::Type| {
            it.targets().iter().any(|it| self.resolve(from.id, it).found() == Some(to))
        };
        from.fields.iter().filter(move |it| leads(&it.ty))
    }
}

/// Whether a condition can hold for one row only: `id = …` or a unique field `= …`, perhaps with more, where
/// the other side is one value. `id = boss` compares each row with itself, and can hold for any number.
#[must_use]
pub fn names_one_row(entity: &Entity, filter: &Expression) -> bool {
    let is_unique = |name: &str| entity.field(name).is_some_and(|it| it.unique);
    is_equal(entity, filter, &|name| name == "id" || is_unique(name))
}

/// The same by the id alone.
#[must_use]
pub fn names_id(entity: &Entity, filter: &Expression) -> bool {
    is_equal(entity, filter, &|name| name == "id")
}

/// Whether a condition holds only where one of some fields is equal to one value.
fn is_equal(entity: &Entity, filter: &Expression, is_key: &dyn Fn(&str) -> bool) -> bool {
    let names_key = |it: &Expression| match &it.kind {
        ExpressionKind::Path(path) if !path.dollar && path.segments.len() == 1 => {
            path.first().is_some_and(|it| is_key(&it.text))
        }
        _ => false,
    };
    match &filter.kind {
        ExpressionKind::Binary(left, BinaryOperator::Equal, _, right) => {
            (names_key(left) && !reads_row(entity, right))
                || (names_key(right) && !reads_row(entity, left))
        }
        ExpressionKind::Binary(left, BinaryOperator::And, _, right) => {
            is_equal(entity, left, is_key) || is_equal(entity, right, is_key)
        }
        _ => false,
    }
}

/// Whether a value differs from row to row of the entity that a condition is about.
fn reads_row(entity: &Entity, value: &Expression) -> bool {
    let mut res = false;
    value.walk(&mut |it| {
        if let ExpressionKind::Path(path) = &it.kind
            && let Some((first, rest)) = path.segments.split_first()
        {
            let is_input = path.dollar || (first.text == "input" && !rest.is_empty());
            res |= !is_input && entity.column(&first.text).is_some();
        }
    });
    res
}
