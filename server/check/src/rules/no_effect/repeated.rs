//! A step that stands twice in a row in the same words: the second one finds what the first one left, or does what
//! nobody wants twice: `n = n + 1` and again would be `n = n + 2`.

use specql_model::{Step, StepKind, Write};
use specql_syntax::expression::{Expression, ExpressionKind};

use super::RULE;
use crate::{Context, Diagnostic, Tag};

/// Functions with one result for the same arguments in a transaction.
const STABLE: [&str; 8] =
    ["now", "current_date", "lower", "upper", "trim", "coalesce", "round", "concat"];

/// Reports every such step of a list and of the lists in it.
pub(super) fn report(ctx: &Context<'_>, steps: &[Step], acc: &mut Vec<Diagnostic>) {
    for (first, second) in steps.iter().zip(steps.iter().skip(1)) {
        acc.extend(of_pair(ctx, first, second));
    }
    for branch in steps.iter().flat_map(Step::branches) {
        report(ctx, branch, acc);
    }
}

fn of_pair(ctx: &Context<'_>, first: &Step, second: &Step) -> Option<Diagnostic> {
    let words = |it: &Step| ctx.slice(it.range).trim_end();
    let asks = |it: &Step| {
        matches!(it.kind, StepKind::Validate { .. }).then(|| ctx.slice(it.value_range).trim_end())
    };
    let asks_again = asks(first).is_some_and(|it| asks(second) == Some(it));
    if words(first) != words(second) && !asks_again {
        return None;
    }
    if !second.problems.is_empty() || ctx.is_damaged(second.range) {
        return None;
    }
    let what = match &second.kind {
        _ if changes_nothing_again(second) => "changes nothing",
        StepKind::Insert(it) if it.bind.is_none() => "makes the same row a second time",
        StepKind::Notify { .. } => "tells the same a second time",
        StepKind::Update(it) | StepKind::Upsert(it) if it.bind.is_none() => {
            "does the same a second time"
        }
        StepKind::Call { bind: None, .. } => "does the same a second time",
        _ => return None,
    };
    let message = format!(
        "the step above is the same, so this `{}` {what}; remove it, or write what was meant",
        second.keyword.text
    );
    let found = ctx.finding(&RULE, second.keyword.range, message).tag(Tag::Unnecessary);
    Some(found.related(ctx.id(), ctx.first_line(first.range), "the same step"))
}

/// Whether a step changes nothing when it is done again.
pub(crate) fn changes_nothing_again(step: &Step) -> bool {
    match &step.kind {
        StepKind::Validate { .. } => true,
        StepKind::Update(write) => write.bind.is_none() && is_absolute(write),
        _ => false,
    }
}

/// Whether an update leaves the same rows when it is done again.
fn is_absolute(write: &Write) -> bool {
    let values = write.assignments.iter().map(|it| &it.value).chain(&write.filter);
    let mut stays = write.is_read();
    for value in values {
        value.walk(&mut |it| stays &= !depends(write, it));
    }
    stays
}

/// Whether a part of a value can be another one after the update.
fn depends(write: &Write, part: &Expression) -> bool {
    match &part.kind {
        ExpressionKind::Path(path) => path
            .segments
            .iter()
            .any(|name| write.assignments.iter().any(|it| it.field.text == name.text)),
        ExpressionKind::Call { function, .. } => {
            !STABLE.iter().any(|it| function.text.eq_ignore_ascii_case(it))
        }
        ExpressionKind::RawSql(_) | ExpressionKind::Exists { .. } => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::test_support::check_diagnostics;

    #[test]
    fn steps_twice_in_a_row() {
        check_diagnostics(
            "
entity: Post
fields:
  title: text
  n: integer
actions:
  - name: look
    params:
      words: text
    steps:
      - validate: title = 'a'
      - validate: title = 'a'
      # ^^^^^^^^ warning[no-effect]: the step above is the same, so this `validate` changes nothing; remove it, or write what was meant
      - update: Post SET title = $words
      - update: Post SET title = $words
      # ^^^^^^ warning[no-effect]: the step above is the same, so this `update` changes nothing; remove it, or write what was meant
      - update: Post SET n = n + 1
      - update: Post SET n = n + 1
      # ^^^^^^ warning[no-effect]: the step above is the same, so this `update` does the same a second time; remove it, or write what was meant
      - update: Post SET n = nextval('numbers')
      - update: Post SET n = nextval('numbers')
      # ^^^^^^ warning[no-effect]
      - validate: title = 'a'
    impact:
      primary: {entity: Post, operation: UPDATE, fields: [title, n]}
",
        );
    }
}
