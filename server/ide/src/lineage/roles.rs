//! What a place does with the field that it names.

use specql_model::{Action, Cdc, SourceFile, Step, StepKind};
use specql_text::TextRange;

use super::{LineageUse, action_name};
use crate::{Access, Reference};

/// What is done with a field at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LineageRole {
    /// It is declared.
    Declared,
    /// A step gives it a value.
    Written,
    /// A step writes it when the input has it, without naming it.
    FromInput,
    /// It decides: in `validate`, `if`, `switch`, `WHERE`.
    Condition,
    /// Its value is used.
    Value,
    /// `impact` declares it.
    Impact,
    /// The payload of an event selects it.
    Payload,
    /// It orders events.
    PartitionKey,
    /// `audit` keeps it, or keeps it out.
    Audit,
}

impl LineageRole {
    /// The word in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Declared => "declared",
            Self::Written => "written",
            Self::FromInput => "written-from-input",
            Self::Condition => "condition",
            Self::Value => "value",
            Self::Impact => "impact",
            Self::Payload => "payload",
            Self::PartitionKey => "partition-key",
            Self::Audit => "audit",
        }
    }
}

/// A reference with its role.
pub(crate) fn use_at(file: &SourceFile, it: &Reference) -> Option<LineageUse> {
    let entity = file.entity()?;
    let inside = |action: &Action| action.range.contains_range(it.range);
    let index = entity.actions.iter().position(inside);
    let action = index.and_then(|it| entity.actions.get(it));
    let role = match (it.access, action) {
        (Access::Declaration, _) => LineageRole::Declared,
        (Access::Write, _) => LineageRole::Written,
        (Access::Read, Some(action)) => of_action(action, it.range),
        (Access::Read, None) => LineageRole::Audit,
    };
    let action = index.and_then(|it| action_name(file, it));
    Some(LineageUse { role, action, file: it.file, range: it.range })
}

fn of_action(action: &Action, range: TextRange) -> LineageRole {
    if let Some(it) = action.cdc.as_deref().filter(|it| it.range.contains_range(range)) {
        return of_cdc(it, range);
    }
    if action.impact.as_deref().is_some_and(|it| it.range.contains_range(range)) {
        return LineageRole::Impact;
    }
    let mut decides = false;
    for step in &action.steps {
        step.walk(&mut |it| decides |= is_condition(it, range));
    }
    if decides { LineageRole::Condition } else { LineageRole::Value }
}

fn of_cdc(it: &Cdc, range: TextRange) -> LineageRole {
    let is_key = it.partition_key.as_ref().is_some_and(|it| it.range.contains_range(range));
    if is_key { LineageRole::PartitionKey } else { LineageRole::Payload }
}

/// Whether a place stands in what a step decides by.
fn is_condition(step: &Step, range: TextRange) -> bool {
    let condition = match &step.kind {
        StepKind::Validate { condition, .. } | StepKind::If { condition, .. } => Some(condition),
        StepKind::ForEach { filter, .. } => filter.as_ref(),
        StepKind::Find { write, .. } => write.filter.as_ref(),
        StepKind::Switch { subject, cases, .. } => {
            let mut all = std::iter::once(subject).chain(cases.iter().map(|it| &it.0));
            return all.any(|it| it.range.contains_range(range));
        }
        _ => step.write().and_then(|it| it.filter.as_ref()),
    };
    condition.is_some_and(|it| it.range.contains_range(range))
}
