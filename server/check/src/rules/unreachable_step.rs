//! A step that never runs: behind a `return` or a `reject`, or in a branch whose condition is constant.

use specql_model::{Step, StepKind};
use specql_syntax::expression::{BinaryOperator, Expression, ExpressionKind, UnaryOperator};

use crate::{Context, Diagnostic, Level, Rule, diagnostic::Tag};

pub(crate) const RULE: Rule = Rule {
    code: "unreachable-step",
    level: Level::Warning,
    summary: "a step that never runs",
    run: unreachable_step,
    page: include_str!("../../../../docs/rules/unreachable-step.md"),
};

fn unreachable_step(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for (_, action) in ctx.actions() {
        in_list(ctx, &action.steps, acc);
    }
}

fn in_list(ctx: &Context<'_>, steps: &[Step], acc: &mut Vec<Diagnostic>) {
    let ends = steps.iter().position(ends);
    if let Some((end, next)) = ends.and_then(|at| Some((steps.get(at)?, steps.get(at + 1)?))) {
        let message = format!(
            "this step never runs: the action has ended with the `{}` before it",
            end.keyword.text
        );
        acc.push(
            ctx.finding(&RULE, ctx.first_line(next.range), message)
                .related(ctx.id(), ctx.first_line(end.range), "where the action ends")
                .tag(Tag::Unnecessary),
        );
    }
    for step in steps {
        in_branches(ctx, step, acc);
    }
}

fn in_branches(ctx: &Context<'_>, step: &Step, acc: &mut Vec<Diagnostic>) {
    match &step.kind {
        StepKind::If { condition, then, otherwise } => {
            let (branch, is) = match constant(condition) {
                Some(true) => (otherwise.first(), "always"),
                Some(false) => (then.first(), "never"),
                None => (None, ""),
            };
            if let Some(first) = branch {
                let message =
                    format!("this step never runs: `{}` {is} holds", ctx.slice(condition.range));
                acc.push(never(ctx, first, message, condition));
            }
        }
        StepKind::Switch { cases, .. } => {
            for (at, (case, steps)) in cases.iter().enumerate() {
                let before = cases.iter().take(at).find(|it| value(&it.0) == value(case));
                if let (Some(before), Some(first), Some(text)) =
                    (before, steps.first(), value(case))
                {
                    let message =
                        format!("this step never runs: a case before it has `{text}` as well");
                    acc.push(never(ctx, first, message, &before.0));
                }
            }
        }
        _ => {}
    }
    for branch in step.branches() {
        in_list(ctx, branch, acc);
    }
}

fn never(ctx: &Context<'_>, step: &Step, message: String, why: &Expression) -> Diagnostic {
    ctx.finding(&RULE, ctx.first_line(step.range), message)
        .related(ctx.id(), why.range, "the condition")
        .tag(Tag::Unnecessary)
}

/// The text of a case, where it is one.
fn value(case: &Expression) -> Option<&str> {
    match &case.kind {
        ExpressionKind::String(text) | ExpressionKind::Number(text) => Some(text),
        ExpressionKind::Path(path) => match path.segments.as_slice() {
            [name] => Some(&name.text),
            _ => None,
        },
        _ => None,
    }
}

/// Whether nothing runs behind a step.
fn ends(step: &Step) -> bool {
    let all = |steps: &[Step]| steps.iter().any(ends);
    match &step.kind {
        StepKind::Return(_) | StepKind::Reject(_) => true,
        StepKind::Validate { condition, .. } => constant(condition) == Some(false),
        StepKind::If { condition, then, otherwise } => match constant(condition) {
            Some(true) => all(then),
            Some(false) => all(otherwise),
            None => all(then) && all(otherwise),
        },
        StepKind::Switch { cases, default, .. } => {
            !cases.is_empty() && all(default) && cases.iter().all(|it| all(&it.1))
        }
        _ => false,
    }
}

/// The value of a condition that has the same one in every run.
fn constant(condition: &Expression) -> Option<bool> {
    match &condition.kind {
        ExpressionKind::Bool(it) => Some(*it),
        ExpressionKind::Null => Some(false),
        ExpressionKind::Unary(UnaryOperator::Not, operand) => {
            if operand.kind == ExpressionKind::Null {
                None
            } else {
                constant(operand).map(|it| !it)
            }
        }
        ExpressionKind::Binary(left, operator, _, right) => match operator {
            BinaryOperator::And => match (constant(left), constant(right)) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), it) | (it, Some(true)) => it,
                _ => None,
            },
            BinaryOperator::Or => match (constant(left), constant(right)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), it) | (it, Some(false)) => it,
                _ => None,
            },
            BinaryOperator::Equal => literals(left, right).map(|(left, right)| left == right),
            BinaryOperator::NotEqual => literals(left, right).map(|(left, right)| left != right),
            _ => None,
        },
        _ => None,
    }
}

fn literals<'e>(left: &'e Expression, right: &'e Expression) -> Option<(&'e str, &'e str)> {
    match (&left.kind, &right.kind) {
        (ExpressionKind::Number(left), ExpressionKind::Number(right))
        | (ExpressionKind::String(left), ExpressionKind::String(right)) => Some((left, right)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::test_support::check_diagnostics;

    #[test]
    fn steps_behind_an_end() {
        check_diagnostics(
            r#"
entity: Post
fields:
  title: text
  status: enum(a, b)
actions:
  - name: one
    steps:
      - if: title = 'x'
        then:
          - return: done
          - validate: title = 'y'
          # ^^^^^^^^^^^^^^^^^^^^^ warning[unreachable-step]: this step never runs: the action has ended with the `return` before it
        else:
          - reject: closed
      - validate: title = 'y'
      # ^^^^^^^^^^^^^^^^^^^^^ warning[unreachable-step]
      - validate: title = 'z'
  - name: two
    steps:
      - if: 1 = 2
        then:
          - reject: closed
          # ^^^^^^^^^^^^^^ warning[unreachable-step]: this step never runs: `1 = 2` never holds
      - switch: status
        cases:
          - when: a
            then:
              - validate: title = 'y'
          - when: a
            then:
              - validate: title = 'z'
              # ^^^^^^^^^^^^^^^^^^^^^ warning[unreachable-step]: this step never runs: a case before it has `a` as well
        default:
          - return: done
      - foreach: it in Post WHERE title = 'x'
        do:
          - return: done
      - validate: title = 'y'
      - validate: false
      - reject: closed
      # ^^^^^^^^^^^^^^ warning[unreachable-step]
"#,
        );
    }
}
