//! Assignments that `AND` joins: `SET title = 'x' AND body = 'y'`, which compares the second one.

use specql_model::{BasicType, Entity, Step, Type};
use specql_syntax::expression::{BinaryOperator, Expression, ExpressionKind};
use specql_text::{TextEdit, TextRange};

use super::RULE;
use crate::{Context, Diagnostic, Fix};

const WORDS: &str = "`AND` joins conditions, and assignments are separated by commas";

/// Whether a finding is of such assignments, of which only the first one is read.
pub(crate) fn is_of_joined(it: &Diagnostic) -> bool {
    it.code == RULE.code && it.message.starts_with(WORDS)
}

/// The first such assignment of a step, of a field that is no truth value.
pub(super) fn of_step(ctx: &Context<'_>, step: &Step) -> Option<Diagnostic> {
    let write = step.write()?;
    let entity = ctx.written(write)?;
    write.assignments.iter().find_map(|it| {
        let field = entity.field(&it.field.text)?;
        if field.ty == Type::Basic(BasicType::Boolean) {
            return None;
        }
        let (mut edits, mut names) = (Vec::new(), Vec::new());
        commas(ctx, entity, &it.value, &mut edits, &mut names)?;
        let message = format!("{WORDS}, so `{}` is not set; write `,`", names.first()?);
        let fix = Fix::review("Write `,`", ctx.id(), edits);
        Some(ctx.finding(&RULE, it.value.range, message).fix(Some(fix)))
    })
}

/// The edits that write a comma for each `AND`, with the fields behind them; nothing where one has no field behind it.
fn commas(
    ctx: &Context<'_>,
    entity: &Entity,
    value: &Expression,
    edits: &mut Vec<TextEdit>,
    names: &mut Vec<String>,
) -> Option<()> {
    let ExpressionKind::Binary(left, BinaryOperator::And, sign, right) = &value.kind else {
        return None;
    };
    if matches!(left.kind, ExpressionKind::Binary(_, BinaryOperator::And, ..)) {
        commas(ctx, entity, left, edits, names)?;
    }
    let ExpressionKind::Binary(name, BinaryOperator::Equal, ..) = &right.kind else { return None };
    let ExpressionKind::Path(path) = &name.kind else { return None };
    let [name] = path.segments.as_slice() else { return None };
    entity.field(&name.text).filter(|_| !path.dollar)?;
    names.push(name.text.to_string());
    let at = u32::try_from(ctx.slice(*sign).to_ascii_lowercase().find("and")?).ok()?;
    let end = sign.start() + at + 3;
    edits.push(TextEdit::replace(TextRange::new(left.range.end(), end), ","));
    Some(())
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn assignments_that_are_joined() {
        check_diagnostics(
            "
entity: Post
fields: {title: text, n: integer, live: boolean}
actions:
  - name: set_all
    steps:
      - update: Post SET title = 'x' AND n = 5
      #                          ^^^^^^^^^^^^^ 💡 error[invalid-statement]: `AND` joins conditions, and assignments are separated by commas, so `n` is not set; write `,`
      - update: Post SET live = title = 'x' AND n = 5
    impact: {primary: {operation: UPDATE, fields: [title, n, live]}}
",
        );
    }

    #[test]
    fn the_commas_are_written() {
        let before = "entity: Post\nfields: {title: text, n: integer, m: integer}\nactions:\n  - name: set_all\n    steps:\n      - update: Post SET title = $0'x' AND n = 5 and m = 6\n    impact: {primary: {operation: UPDATE, fields: [title, n, m]}}\n";
        check_fix(before, &before.replace("$0'x' AND n = 5 and m", "'x', n = 5, m"));
    }
}
