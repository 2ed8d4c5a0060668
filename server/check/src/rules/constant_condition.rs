//! Two parts of a condition that contradict each other, or of which one always holds.
//!
//! Only parts that say something of one written name beside literals are compared; what depends on more
//! is left alone. A condition without a column is `unreachable-step`.

mod declared;

use std::cmp::Ordering;

use specql_syntax::expression::{BinaryOperator, Expression, ExpressionKind, UnaryOperator};
use specql_text::TextRange;

use crate::{Context, Diagnostic, Level, Rule};

pub(crate) const RULE: Rule = Rule {
    code: "constant-condition",
    level: Level::Warning,
    summary: "a condition that always holds, or never does",
    run: constant_condition,
    page: include_str!("../../../../docs/rules/constant-condition.md"),
};

fn constant_condition(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for (id, action) in ctx.actions() {
        declared::report(ctx, id, acc);
        for step in &action.steps {
            step.walk(&mut |step| {
                if step.problems.is_empty() {
                    step.expressions(&mut |it| in_expression(ctx, it, acc));
                }
            });
        }
        let entries = action.impact.iter().flat_map(|it| it.primary.iter().chain(&it.side_effects));
        for (condition, problems) in entries.filter_map(|it| it.condition.as_deref()) {
            if problems.is_empty() {
                in_expression(ctx, condition, acc);
            }
        }
    }
}

/// Judges each `AND` and `OR` with all of its parts, once.
fn in_expression(ctx: &Context<'_>, expression: &Expression, acc: &mut Vec<Diagnostic>) {
    acc.extend(empty_between(ctx, expression));
    acc.extend(null_in_list(ctx, expression));
    match &expression.kind {
        ExpressionKind::Binary(_, operator @ (BinaryOperator::And | BinaryOperator::Or), ..) => {
            let mut parts = Vec::new();
            parts_of(expression, *operator, &mut parts);
            acc.extend(contradiction(ctx, *operator, &parts));
            parts.into_iter().for_each(|it| in_expression(ctx, it, acc));
        }
        _ => expression.children(&mut |it| in_expression(ctx, it, acc)),
    }
}

fn parts_of<'e>(it: &'e Expression, of: BinaryOperator, parts: &mut Vec<&'e Expression>) {
    match &it.kind {
        ExpressionKind::Binary(left, operator, _, right) if *operator == of => {
            parts_of(left, of, parts);
            parts_of(right, of, parts);
        }
        _ => parts.push(it),
    }
}

/// `BETWEEN 5 AND 1`.
fn empty_between(ctx: &Context<'_>, it: &Expression) -> Option<Diagnostic> {
    let ExpressionKind::Between { low, high, symmetric: false, negated, .. } = &it.kind else {
        return None;
    };
    if compare(&literal(low)?, &literal(high)?)? != Ordering::Greater {
        return None;
    }
    let message = format!(
        "no value lies between `{}` and `{}`, so this {} holds; write the smaller one first",
        ctx.slice(low.range),
        ctx.slice(high.range),
        if *negated { "always" } else { "never" },
    );
    Some(ctx.finding(&RULE, low.range.cover(high.range), message))
}

/// `NOT IN (1, NULL)`: whether a value differs from nothing is not known, so it never holds.
fn null_in_list(ctx: &Context<'_>, it: &Expression) -> Option<Diagnostic> {
    let ExpressionKind::In { list, negated, operand } = &it.kind else { return None };
    let null = list.iter().find(|it| it.kind == ExpressionKind::Null)?;
    let message = if *negated {
        format!(
            "nothing differs from `NULL` either, so this never holds; leave `NULL` out, or write \
             `AND {} IS NOT NULL`",
            ctx.slice(operand.range)
        )
    } else {
        format!(
            "nothing equals `NULL`, so it finds no row in this list; write `OR {} IS NULL`",
            ctx.slice(operand.range)
        )
    };
    Some(ctx.finding(&RULE, null.range, message))
}

/// What a part says of a name.
struct Claim<'e> {
    name: String,
    says: Says<'e>,
    range: TextRange,
}

#[derive(Clone)]
enum Says<'e> {
    /// It is, or is not, this value.
    Is(Literal<'e>, bool),
    /// It is true, or not.
    True(bool),
    /// It is null, or not.
    Null(bool),
    /// It is at least this, beyond it when the bound is no value itself.
    Least(Literal<'e>, bool),
    /// It is at most this.
    Most(Literal<'e>, bool),
    /// It lies in one of these orders beside another value, as written.
    Beside(&'static [Ordering], String),
}

#[derive(Clone, PartialEq)]
enum Literal<'e> {
    Number(f64),
    Text(&'e str),
    Truth(bool),
}

/// The first two parts that cannot both hold, or of which one always does.
fn contradiction(
    ctx: &Context<'_>,
    operator: BinaryOperator,
    parts: &[&Expression],
) -> Option<Diagnostic> {
    // In an `OR` a part stands for itself as a whole, so one with two claims says neither alone.
    let is_and = operator == BinaryOperator::And;
    let of_parts = parts.iter().map(|it| claims(ctx, it)).filter(|it| is_and || it.len() == 1);
    let claims: Vec<Claim<'_>> = of_parts.flatten().collect();
    for (at, second) in claims.iter().enumerate() {
        let excluded = claims.iter().take(at).find(|first| {
            first.name == second.name
                // The bounds of one `BETWEEN` are judged by themselves.
                && first.range != second.range
                && match operator {
                    BinaryOperator::And => excludes(&first.says, &second.says),
                    _ => covers(&first.says, &second.says),
                }
        });
        if let Some(first) = excluded {
            let (one, other) = (ctx.slice(first.range), ctx.slice(second.range));
            let message = if is_and {
                format!(
                    "`{one}` and `{other}` contradict each other, so the condition never holds; write `OR`, or \
                     change one of them"
                )
            } else {
                format!(
                    "one of `{one}` and `{other}` holds for every value, so the condition always holds; write `AND`, \
                     or change one of them"
                )
            };
            let found = ctx.finding(&RULE, second.range, message);
            return Some(found.related(ctx.id(), first.range, "the other part"));
        }
    }
    None
}

fn claims<'e>(ctx: &Context<'_>, part: &'e Expression) -> Vec<Claim<'e>> {
    let claim = |name: &Expression, says| {
        let name = name_of(name)?;
        Some(Claim { name, says, range: part.range })
    };
    let found = match &part.kind {
        ExpressionKind::Path(_) => vec![claim(part, Says::True(true))],
        ExpressionKind::Unary(UnaryOperator::Not, it) => vec![claim(it, Says::True(false))],
        ExpressionKind::IsNull { operand, negated } => {
            vec![claim(operand, Says::Null(!*negated))]
        }
        ExpressionKind::Between { operand, low, high, symmetric: false, negated: false } => vec![
            literal(low).and_then(|it| claim(operand, Says::Least(it, true))),
            literal(high).and_then(|it| claim(operand, Says::Most(it, true))),
        ],
        ExpressionKind::Binary(left, operator, _, right) => {
            let (name, value, operator) = match (literal(right), literal(left)) {
                (Some(value), _) => (left, value, *operator),
                (None, Some(value)) => (right, value, turned(*operator)),
                _ => return beside(ctx, part.range, left, *operator, right),
            };
            let says = match operator {
                BinaryOperator::Equal => Says::Is(value, true),
                BinaryOperator::NotEqual => Says::Is(value, false),
                BinaryOperator::Less => Says::Most(value, false),
                BinaryOperator::LessOrEqual => Says::Most(value, true),
                BinaryOperator::Greater => Says::Least(value, false),
                BinaryOperator::GreaterOrEqual => Says::Least(value, true),
                _ => return Vec::new(),
            };
            vec![claim(name, says)]
        }
        _ => Vec::new(),
    };
    found.into_iter().flatten().collect()
}

/// What a comparison says of a name beside a value that is the same wherever it is written.
fn beside<'e>(
    ctx: &Context<'_>,
    range: TextRange,
    left: &Expression,
    operator: BinaryOperator,
    right: &Expression,
) -> Vec<Claim<'e>> {
    use Ordering::{Equal, Greater, Less};
    let orders: &'static [Ordering] = match operator {
        BinaryOperator::Equal => &[Equal],
        BinaryOperator::NotEqual => &[Less, Greater],
        BinaryOperator::Less => &[Less],
        BinaryOperator::LessOrEqual => &[Less, Equal],
        BinaryOperator::Greater => &[Greater],
        BinaryOperator::GreaterOrEqual => &[Greater, Equal],
        _ => return Vec::new(),
    };
    let mut is_same = true;
    right.walk(&mut |it| {
        is_same &= match &it.kind {
            ExpressionKind::Call { function, .. } => ["now", "lower", "upper", "abs", "coalesce"]
                .iter()
                .any(|it| function.text.eq_ignore_ascii_case(it)),
            ExpressionKind::RawSql(_) | ExpressionKind::Missing | ExpressionKind::Parameter => {
                false
            }
            _ => true,
        };
    });
    let says = Says::Beside(orders, ctx.slice(right.range).to_owned());
    let claim = name_of(left).filter(|_| is_same).map(|name| Claim { name, says, range });
    claim.into_iter().collect()
}

const fn turned(operator: BinaryOperator) -> BinaryOperator {
    match operator {
        BinaryOperator::Less => BinaryOperator::Greater,
        BinaryOperator::LessOrEqual => BinaryOperator::GreaterOrEqual,
        BinaryOperator::Greater => BinaryOperator::Less,
        BinaryOperator::GreaterOrEqual => BinaryOperator::LessOrEqual,
        other => other,
    }
}

fn name_of(it: &Expression) -> Option<String> {
    let ExpressionKind::Path(path) = &it.kind else { return None };
    Some(format!("{}{}", if path.dollar { "$" } else { "" }, path.text()))
}

fn literal(it: &Expression) -> Option<Literal<'_>> {
    Some(match &it.kind {
        ExpressionKind::Number(text) => Literal::Number(text.parse().ok()?),
        ExpressionKind::Unary(UnaryOperator::Negate, it) => match literal(it)? {
            Literal::Number(it) => Literal::Number(-it),
            _ => return None,
        },
        ExpressionKind::String(text) => Literal::Text(text),
        ExpressionKind::Bool(it) => Literal::Truth(*it),
        _ => return None,
    })
}

/// The order of two literals; of texts only where both are days, which no collation disturbs.
fn compare(one: &Literal<'_>, other: &Literal<'_>) -> Option<Ordering> {
    let is_day = |it: &str| {
        it.len() == 10
            && it.bytes().enumerate().all(|(at, it)| match at {
                4 | 7 => it == b'-',
                _ => it.is_ascii_digit(),
            })
    };
    match (one, other) {
        (Literal::Number(one), Literal::Number(other)) => one.partial_cmp(other),
        (Literal::Text(one), Literal::Text(other)) if is_day(one) && is_day(other) => {
            Some(one.cmp(other))
        }
        _ => None,
    }
}

/// Whether two literals are surely two values. A text may be another spelling of one (`'1.0'`, `'A'` of
/// a text without case), so it is only compared with what begins otherwise.
fn differ(one: &Literal<'_>, other: &Literal<'_>) -> bool {
    match (one, other) {
        (Literal::Text(one), Literal::Text(other)) => !one.eq_ignore_ascii_case(other),
        (Literal::Number(_), Literal::Number(_)) | (Literal::Truth(_), Literal::Truth(_)) => {
            one != other
        }
        _ => false,
    }
}

/// Whether two claims cannot hold together.
fn excludes(one: &Says<'_>, other: &Says<'_>) -> bool {
    use Says::{Beside, Is, Least, Most, Null, True};
    match (one, other) {
        (Beside(a, text), Beside(b, same)) => text == same && !a.iter().any(|it| b.contains(it)),
        (Is(a, true), Is(b, true)) => differ(a, b),
        (Is(a, is), Is(b, other)) => is != other && a == b,
        (True(a), True(b)) => a != b,
        (True(a), Is(Literal::Truth(b), is)) | (Is(Literal::Truth(b), is), True(a)) => {
            *a != (b == is)
        }
        (Null(a), Null(b)) => a != b,
        (Null(true), _) | (_, Null(true)) => true,
        (Least(least, at_least), Most(most, at_most))
        | (Most(most, at_most), Least(least, at_least)) => match compare(least, most) {
            Some(Ordering::Greater) => true,
            Some(Ordering::Equal) => !(*at_least && *at_most),
            _ => false,
        },
        (Is(value, true), Least(least, inclusive)) | (Least(least, inclusive), Is(value, true)) => {
            match compare(value, least) {
                Some(Ordering::Less) => true,
                Some(Ordering::Equal) => !inclusive,
                _ => false,
            }
        }
        (Is(value, true), Most(most, inclusive)) | (Most(most, inclusive), Is(value, true)) => {
            match compare(value, most) {
                Some(Ordering::Greater) => true,
                Some(Ordering::Equal) => !inclusive,
                _ => false,
            }
        }
        _ => false,
    }
}

/// Whether one of two claims holds for every value.
fn covers(one: &Says<'_>, other: &Says<'_>) -> bool {
    use Says::{Beside, Is, Least, Most, Null, True};
    match (one, other) {
        (Beside(a, text), Beside(b, same)) => {
            let is_either = |it: &Ordering| a.contains(it) || b.contains(it);
            let all = [Ordering::Less, Ordering::Equal, Ordering::Greater];
            text == same && all.iter().all(is_either)
        }
        (Is(a, false), Is(b, false)) => differ(a, b),
        (Is(a, is), Is(b, other)) => is != other && a == b,
        (True(a), True(b)) | (Null(a), Null(b)) => a != b,
        (Least(least, at_least), Most(most, at_most))
        | (Most(most, at_most), Least(least, at_least)) => match compare(least, most) {
            Some(Ordering::Less) => true,
            Some(Ordering::Equal) => *at_least || *at_most,
            _ => false,
        },
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::test_support::check_diagnostics;

    #[test]
    fn parts_that_contradict() {
        check_diagnostics(
            r#"
entity: Post
fields:
  views: integer
  due: date
  open: boolean
  status: enum(a, b, c)
actions:
  - name: look
    steps:
      - validate: views NOT IN (1, NULL) OR views IN (2, NULL)
      #                            ^^^^ warning[constant-condition]: nothing differs from `NULL` either, so this never holds; leave `NULL` out, or write `AND views IS NOT NULL`
      #                                                  ^^^^ warning[constant-condition]: nothing equals `NULL`, so it finds no row in this list; write `OR views IS NULL`
      - validate: views BETWEEN 5 AND 1
      #                         ^^^^^^^ warning[constant-condition]: no value lies between `5` and `1`, so this never holds; write the smaller one first
      - validate: status = 'a' AND views > 1 AND status = 'b'
      #                                          ^^^^^^^^^^^^ warning[constant-condition]: `status = 'a'` and `status = 'b'` contradict each other, so the condition never holds; write `OR`, or change one of them
      - validate: views > 5 AND (open AND 3 > views)
      #                                   ^^^^^^^^^ warning[constant-condition]
      - if: open AND NOT open OR views IS NULL
      #              ^^^^^^^^ warning[constant-condition]
        then:
          - reject: closed
      - validate: status <> 'a' OR status != 'b'
      #                            ^^^^^^^^^^^^^ warning[constant-condition]: one of `status <> 'a'` and `status != 'b'` holds for every value, so the condition always holds; write `AND`, or change one of them
      - validate: views IS NULL AND views > 3
      #                             ^^^^^^^^^ warning[constant-condition]
      - delete: Post WHERE views >= 3 AND views < 3 AND due BETWEEN '2024-02-01' AND '2024-01-01'
      #                                   ^^^^^^^^^ warning[constant-condition]
      #                                                             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[constant-condition]
    impact:
      primary: {operation: DELETE}
"#,
        );
    }

    #[test]
    fn what_the_declaration_decides() {
        check_diagnostics(
            r#"
#- /specql.config.yaml
compat: off
#- /shop.yaml
entity: Shop
fields:
  country: countryCode!
#- /coupon.yaml
entity: Coupon
fields:
  code: text(8)!
  percent: integer(1, 100)! = 10
  price: {type: decimal, min: 5}
  state: enum(open, used)! = open
  shop: ref(Shop)
actions:
  - name: look
    steps:
      - validate: shop.country = 'France' AND price > 6
      #           ^^^^^^^^^^^^^^^^^^^^^^^ warning[constant-condition]: `France` is no `countryCode`, which looks like `FR`, so this never holds
      - validate: percent > 100 OR price < 3
      #           ^^^^^^^^^^^^^ hint[constant-condition]: `percent` is at most `100`, so this never holds
      #                            ^^^^^^^^^ hint[constant-condition]: `price` is at least `5`, so this never holds
      - if: code = 'SUMMERTIME' AND 0 >= percent
      #     ^^^^^^^^^^^^^^^^^^^ warning[constant-condition]: `SUMMERTIME` has 10 characters, and `code` takes 8, so this never holds
      #                             ^^^^^^^^^^^^ warning[constant-condition]: `percent` is at least `1`, so this never holds
        then: [{reject: wrong}]
      - validate: code IS NULL
      #           ^^^^^^^^^^^^ hint[constant-condition]: `code` is required, and every row has it, so this never holds
      - validate: state NOT IN ('open', 'used') AND shop IS NULL AND NOT (code IS NULL)
      #           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[constant-condition]: these are all values of `state`, which is required, so this never holds
      - validate: percent <= 99 AND percent > 1 AND code <> '' AND shop.country <> 'FR' AND price IS NULL
      - delete: Coupon WHERE created_at < now() AND created_at > now()
      #                                             ^^^^^^^^^^^^^^^^^^ warning[constant-condition]
    impact:
      primary: {operation: DELETE}
  - name: make
    steps:
      - validate: code IS NOT NULL AND percent > 100 AND input.percent > 100
      - insert: Coupon(code, percent)
    impact:
      primary: {operation: CREATE, fields: [code, percent]}
"#,
        );
    }

    #[test]
    fn parts_that_do_not() {
        check_diagnostics(
            r#"
entity: Post
fields:
  views: integer
  title: text
  open: boolean
  status: enum(a, b, c)
actions:
  - name: look
    steps:
      - validate: status = 'a' OR status = 'b'
      - validate: status <> 'a' AND status <> 'b'
      - validate: views > 3 AND views < 5 AND views <> 4
      - validate: views >= 3 AND views <= 3
      - validate: views < 3 OR views > 5 OR views IS NULL
      - validate: (open AND views = 1) OR (NOT open AND views = 2)
      - validate: old.status = 'a' AND status = 'b' AND title > 'b' AND title < 'a'
      - validate: views BETWEEN SYMMETRIC 5 AND 1 OR lower(title) = 'a' AND lower(title) = 'b'
      - validate: views BETWEEN 1 AND 5 OR views BETWEEN 8 AND 9 OR title = 'x'
      - validate: title = 'a' AND title = 'A' OR NOT (open AND views = 1)
"#,
        );
    }
}
