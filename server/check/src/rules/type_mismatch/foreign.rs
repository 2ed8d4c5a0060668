//! What other languages compare and name in another way: `0 < n < 9`, `'$count'`.

use specql_model::infer::{Mismatch, MismatchKind, Scalar, ValueType};
use specql_text::TextRange;

use super::finding;
use crate::{Context, Diagnostic, Fix, consequences::quoted_parameter};

/// A mismatch of that kind.
pub(super) fn of_mismatch(ctx: &Context<'_>, it: &Mismatch<'_>) -> Option<Diagnostic> {
    match &it.kind {
        MismatchKind::Compared(ValueType::Scalar(Scalar::Boolean), _) => {
            let better = chained(ctx.slice(it.range))?;
            let message = format!(
                "a comparison is true or false, which the next sign compares, so the action would fail; write `{better}`"
            );
            let edits = ctx.write_part(it.range, &better);
            let fix = Fix::review(format!("Write `{better}`"), ctx.id(), edits);
            Some(finding(ctx, it.range, message).fix(fix))
        }
        MismatchKind::Literal(..) => parameter_in_quotes(ctx, it.range),
        _ => None,
    }
}

/// `'$count'`: the name of a parameter, where its value is meant.
pub(super) fn parameter_in_quotes(ctx: &Context<'_>, range: TextRange) -> Option<Diagnostic> {
    let name = quoted_parameter(ctx.slice(range))?;
    let action = ctx.actions().map(|it| it.1).find(|it| it.range.contains_range(range))?;
    if !action.parameters.iter().any(|it| it.name.text == name) {
        return None;
    }
    let message = format!(
        "in quotes `${name}` is a text, and no value of the parameter, so the action would fail; write `${name}`"
    );
    let better = format!("${name}");
    let fix = Fix::review(format!("Write `{better}`"), ctx.id(), ctx.write_part(range, &better));
    Some(finding(ctx, range, message).fix(fix))
}

/// `0 < n < 9` as two comparisons, where its three parts are plain.
fn chained(written: &str) -> Option<String> {
    let is_sign = |it: char| matches!(it, '<' | '>' | '=');
    let parts: Vec<&str> = written.split(is_sign).filter(|it| !it.is_empty()).collect();
    let [first, middle, last] = parts.as_slice() else { return None };
    let is_plain = |it: &&str| {
        !it.trim().is_empty() && it.chars().all(|it| it.is_alphanumeric() || "_.$ +-*".contains(it))
    };
    if ![first, middle, last].into_iter().all(is_plain) {
        return None;
    }
    let behind = written.strip_prefix(first)?;
    let (sign, rest) = behind.split_at(behind.find(*middle)?);
    let other = rest.strip_prefix(middle)?.strip_suffix(last)?;
    let [first, middle, last] = [first, middle, last].map(|it| it.trim());
    Some(format!("{first} {sign} {middle} AND {middle} {other} {last}"))
}

#[cfg(test)]
mod tests {
    use crate::test_support::check_fix;

    fn mended(written: &str, better: &str) {
        let file = |step: &str| {
            format!(
                "entity: Post\nfields: {{n: integer}}\nactions:\n  - name: look\n    params: {{by: integer!}}\n    steps:\n      - validate: $by > 1\n      - {step}\n      - update: Post SET n = 1\n    impact: {{primary: {{operation: UPDATE, fields: [n]}}}}\n"
            )
        };
        check_fix(&file(written), &file(better));
    }

    #[test]
    fn comparisons_in_a_row() {
        mended("validate: $00 < n < 9", "validate: 0 < n AND n < 9");
        mended("validate: 1 $0<= n + 1 <= $by", "validate: 1 <= n + 1 AND n + 1 <= $by");
    }

    #[test]
    fn a_parameter_in_quotes() {
        mended("validate: n > $0'$by'", "validate: n > $by");
    }
}
