//! How a write finds its rows. Rules, contract and generated SQL read it from here.

use std::sync::Arc;

use specql_syntax::expression::{
    BinaryOperator, EntityReference, Expression, ExpressionKind, Path,
};

use super::RowSource;
use crate::{
    ActionId, Entity, EntityId, Field, Operation, PathResolution, Scope, Step, StepKind, Workspace,
    Write,
};

/// Without a condition a step on the file's entity acts on the row `input.id`, on another entity on
/// the row that the one `ref` between the two leads to.
pub(super) fn rows(
    workspace: &Workspace,
    action: ActionId,
    entity: &Entity,
    target: Option<EntityId>,
    write: &Write,
    operation: Operation,
) -> RowSource {
    let found = target.and_then(|it| workspace.entity(it));
    match operation {
        Operation::Create | Operation::Upsert => RowSource::New,
        Operation::Update | Operation::Delete => match (&write.filter, found) {
            (Some(condition), found) => {
                let filter = found.map(|entity| RowFilter { workspace, action, entity, condition });
                RowSource::Filter { one: filter.is_some_and(|it| it.names_one_row()) }
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

/// The condition of a step of an action, on rows of an entity.
#[derive(Debug, Clone, Copy)]
pub struct RowFilter<'a> {
    /// Where the action stands.
    pub workspace: &'a Workspace,
    /// The action.
    pub action: ActionId,
    /// The entity whose rows it is about.
    pub entity: &'a Entity,
    /// The condition.
    pub condition: &'a Expression,
}

impl<'a> RowFilter<'a> {
    /// Whether it can hold for one row only: `id = …` or a unique field `= …`, perhaps with more, where the
    /// other side is one value. `id = boss` compares each row with itself, and can hold for any number.
    #[must_use]
    pub fn names_one_row(&self) -> bool {
        let is_unique = |name: &str| self.entity.field(name).is_some_and(|it| it.unique);
        self.is_equal(self.condition, &|name| name == "id" || is_unique(name))
    }

    /// The same by the id alone.
    #[must_use]
    pub fn names_id(&self) -> bool {
        self.is_equal(self.condition, &|name| name == "id")
    }

    /// Whether a condition holds only where one of some fields is equal to one value.
    fn is_equal(&self, condition: &'a Expression, is_key: &dyn Fn(&str) -> bool) -> bool {
        let names_key = |it: &Expression| match &it.kind {
            ExpressionKind::Path(path) if !path.dollar && path.segments.len() == 1 => {
                path.first().is_some_and(|it| is_key(&it.text))
            }
            _ => false,
        };
        match &condition.kind {
            ExpressionKind::Binary(left, BinaryOperator::Equal, _, right) => {
                (names_key(left) && !self.reads_row(right))
                    || (names_key(right) && !self.reads_row(left))
            }
            ExpressionKind::Binary(left, BinaryOperator::And, _, right) => {
                self.is_equal(left, is_key) || self.is_equal(right, is_key)
            }
            _ => false,
        }
    }

    /// Whether a value differs from row to row.
    fn reads_row(&self, value: &'a Expression) -> bool {
        let mut res = false;
        value.walk(&mut |it| {
            if let ExpressionKind::Path(path) = &it.kind
                && let Some((first, rest)) = path.segments.split_first()
            {
                let is_input = path.dollar || (first.text == "input" && !rest.is_empty());
                res |= !is_input
                    && (self.entity.column(&first.text).is_some()
                        || (!rest.is_empty()
                            && self.entity.is_qualifier(&first.text)
                            && self.is_column(path)));
            }
        });
        res
    }

    /// Whether a path behind the name of the entity is a column of the row; a variable of that name comes
    /// first.
    fn is_column(&self, path: &'a Path) -> bool {
        let mut res = false;
        Scope::each_step(self.workspace, self.action, &mut |scope, step| {
            if step.range.contains_range(self.condition.range) {
                res = matches!(scope.resolve(path), PathResolution::Column(_));
            }
        });
        res
    }
}
