//! `==`, which other languages have for `=`: it is read as `=` here, and SQL has no such sign.

use specql_model::Step;
use specql_syntax::expression::{BinaryOperator, Expression, ExpressionKind};
use specql_text::{TextEdit, TextRange};

use super::RULE;
use crate::{Context, Diagnostic, Fix, Level};

const SIGN: &str = "==";

/// Every such sign of a step.
pub(super) fn of_step(ctx: &Context<'_>, step: &Step, acc: &mut Vec<Diagnostic>) {
    if !step.problems.is_empty() || !ctx.slice(step.range).contains(SIGN) {
        return;
    }
    step.expressions(&mut |it| of_expression(ctx, it, acc));
    for it in step.write().into_iter().flat_map(|it| &it.assignments) {
        let (from, to) = (it.field.range.end(), it.value.range.start());
        if from < to {
            acc.extend(finding(ctx, TextRange::new(from, to)));
        }
    }
}

/// Every such sign of an expression.
pub(super) fn of_expression(ctx: &Context<'_>, it: &Expression, acc: &mut Vec<Diagnostic>) {
    it.walk(&mut |it| {
        if let ExpressionKind::Binary(_, BinaryOperator::Equal, sign, right) = &it.kind
            // What nothing equals is told of with its sign.
            && right.kind != ExpressionKind::Null
        {
            acc.extend(finding(ctx, *sign));
        }
    });
}

fn finding(ctx: &Context<'_>, around: TextRange) -> Option<Diagnostic> {
    let at = u32::try_from(ctx.slice(around).find(SIGN)?).ok()?;
    let start = around.start() + at;
    let range = TextRange::new(start, start + 2);
    let message = "`==` is no sign of SQL, and it is read as `=` here alone; write `=`".to_owned();
    let fix = Fix::safe("Write `=`".to_owned(), ctx.id(), vec![TextEdit::replace(range, "=")]);
    Some(ctx.finding(&RULE, range, message).level(Level::Warning).fix(fix))
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn doubled_signs() {
        check_diagnostics(
            r#"
entity: Post
fields: {title: text, n: integer}
actions:
  - name: look
    steps:
      - validate: title == 'a == b' AND n = 3
      #                 ^^ 💡 warning[invalid-statement]: `==` is no sign of SQL, and it is read as `=` here alone; write `=`
      - find: "Post WHERE n == 3 OR n==4"
      #                     ^^ 💡 warning[invalid-statement]
      #                              ^^ 💡 warning[invalid-statement]
        as: other
      - if: n == 5 AND other.n == 6
      #       ^^ 💡 warning[invalid-statement]
      #                        ^^ 💡 warning[invalid-statement]
        then:
          - update: Post SET title == '=='
          #                        ^^ 💡 warning[invalid-statement]
    impact:
      primary: {operation: UPDATE, fields: [title], condition: n == 5}
      #                                                          ^^ 💡 warning[invalid-statement]
"#,
        );
    }

    #[test]
    fn the_sign_is_written_once() {
        let before = "entity: Post\nfields: {n: integer}\nactions:\n  - name: look\n    steps:\n      - validate: n $0== 3\n";
        check_fix(before, &before.replace("$0==", "="));
    }
}
