//! Plain scalars and keys that the loader, which reads YAML 1.1, takes for something else than they show,
//! or than a reader of YAML 1.2 does.
//!
//! Dates, octal and sexagesimal numbers are reported wherever they stand. Booleans, and numbers that only
//! one of the versions knows, are reported where something else is expected: `enabled: yes` is a boolean
//! by intent, `max: 1_000` a number.

use rustc_hash::FxHashSet;

use specql_model::keys::{Shape, Visit};
use specql_syntax::yaml::{
    Entry, Mapping, Node, NodeKind, ProblemKind, Resolved, ScalarStyle, resolve, resolve_core,
};
use specql_text::TextRange;

use super::{RULE, quote};
use crate::{Context, Diagnostic};

/// Reports every such scalar and key of an entity file, but for those that the loader refuses.
pub(super) fn report(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    let root = &ctx.file.parse().yaml().root;
    let mut found = Vec::new();
    anywhere(ctx, root, &mut found);
    ctx.walk_keys(&mut |visit| match visit {
        Visit::Value { shapes, node, .. } => found.extend(where_expected(ctx, shapes, node)),
        Visit::Mapping { mapping, .. } => found.extend(default_of_text(ctx, mapping)),
        Visit::Entry { .. } => {}
    });
    let problems = ctx.file.parse().yaml().problems.iter();
    let refused: FxHashSet<TextRange> = problems
        .filter(|it| matches!(it.kind, ProblemKind::BadScalar(_)))
        .map(|it| it.range)
        .collect();
    acc.extend(found.into_iter().filter(|it| !refused.contains(&it.range)));
}

/// A plain scalar as it is written, and what the versions of YAML make of it.
struct Plain<'a> {
    written: &'a str,
    range: TextRange,
    /// By YAML 1.1.
    loader: Resolved,
    /// By YAML 1.2.
    core: Resolved,
}

impl<'a> Plain<'a> {
    fn new(written: &'a str, range: TextRange) -> Self {
        Self { written, range, loader: resolve(written), core: resolve_core(written) }
    }

    /// The scalar at a node, when it is plain and no alias.
    fn at(ctx: &Context<'a>, node: &Node) -> Option<Self> {
        let scalar = node.as_scalar().filter(|it| it.style == ScalarStyle::Plain)?;
        // What neither version of YAML takes for a number, a boolean or nothing is text to both.
        if scalar.resolved == Resolved::Str && !begins_number(&scalar.text) {
            return None;
        }
        let is_here = scalar.segments.first()?.file_start == node.range.start();
        is_here.then(|| Self::new(ctx.slice(node.range), node.range))
    }

    /// Whether it means something else than it shows, whatever is expected.
    fn is_misleading(&self) -> bool {
        let digits = self.written.trim_start_matches(['+', '-']);
        let is_octal = digits.len() > 1
            && digits.starts_with('0')
            && digits.bytes().all(|it| it.is_ascii_digit());
        match self.loader {
            Resolved::Timestamp => true,
            Resolved::Int(_) => is_octal || digits.contains(':'),
            Resolved::Float(_) => digits.contains(':'),
            Resolved::Null | Resolved::Bool(_) | Resolved::Str => false,
        }
    }

    /// The finding, with quotes as the fix.
    fn finding(&self, ctx: &Context<'_>) -> Diagnostic {
        let reading = match &self.loader {
            Resolved::Null => "nothing".to_owned(),
            Resolved::Bool(it) => format!("the boolean `{it}`"),
            Resolved::Int(it) => format!("the number `{it}`"),
            Resolved::Float(_) => "a number".to_owned(),
            Resolved::Timestamp => "a date".to_owned(),
            Resolved::Str => "text".to_owned(),
        };
        let message = format!("YAML reads `{}` as {reading}; write it in quotes", self.written);
        ctx.finding(&RULE, self.range, message).fix(quote(ctx, self.range))
    }

    /// The finding for a number of YAML 1.2 that is text to the loader; quotes are a way out where text
    /// may stand.
    fn number_as_text(&self, ctx: &Context<'_>, takes_text: bool) -> Option<Diagnostic> {
        let number = match &self.core {
            Resolved::Int(it) => it.to_string(),
            Resolved::Float(_) if !takes_text => whole(self.written)?,
            Resolved::Float(_) => float_of_both(self.written),
            _ => return None,
        };
        let written = self.written;
        let message = format!(
            "the loader reads `{written}` as text, and other tools as a number; write `{number}` for the number"
        );
        let finding = ctx.finding(&RULE, self.range, message);
        let finding = finding.fix(ctx.write(self.range, &number));
        Some(if takes_text { finding.fix(quote(ctx, self.range)) } else { finding })
    }
}

/// Whether some version of YAML could take a plain scalar for a number or a date.
fn begins_number(text: &str) -> bool {
    text.starts_with(|it: char| it.is_ascii_digit() || matches!(it, '-' | '+' | '.'))
}

/// Values that are misleading wherever they stand, and keys that are no text.
fn anywhere(ctx: &Context<'_>, node: &Node, acc: &mut Vec<Diagnostic>) {
    match &node.kind {
        NodeKind::Scalar(it) if matches!(it.resolved, Resolved::Str | Resolved::Null) => {}
        NodeKind::Scalar(_) => {
            let plain = Plain::at(ctx, node).filter(Plain::is_misleading);
            acc.extend(plain.map(|it| it.finding(ctx)));
        }
        NodeKind::Mapping(it) => {
            for entry in it.entries.iter().filter(|it| !it.merged) {
                acc.extend(key(ctx, entry));
                anywhere(ctx, &entry.value, acc);
            }
        }
        NodeKind::Sequence(it) => it.items.iter().for_each(|it| anywhere(ctx, it, acc)),
        NodeKind::Missing => {}
    }
}

/// A key that is text in YAML 1.2 or to its author: a field `on`, an enum value `no` as a key.
fn key(ctx: &Context<'_>, entry: &Entry) -> Option<Diagnostic> {
    if entry.key_resolved == Resolved::Str {
        return None;
    }
    // In quotes, or an alias; or the loader refuses it, which is a finding of its own.
    let written = ctx.slice(entry.key.range);
    if written.starts_with('*') {
        return None;
    }
    let plain = Plain::new(written, entry.key.range);
    (plain.loader != plain.core).then(|| plain.finding(ctx))
}

/// A value of another kind than its place takes.
fn where_expected(ctx: &Context<'_>, shapes: &[Shape], node: &Node) -> Option<Diagnostic> {
    let plain = Plain::at(ctx, node).filter(|it| !it.is_misleading())?;
    let takes =
        |wanted: fn(&Shape) -> bool| shapes.iter().flat_map(Shape::alternatives).any(wanted);
    let takes_anything = takes(|it| matches!(it, Shape::Any | Shape::Expression));
    let takes_integer = takes(|it| matches!(it, Shape::Integer));
    match (&plain.loader, &plain.core) {
        (Resolved::Bool(_), _) => {
            let is_obvious = matches!(plain.written, "true" | "false");
            let is_intended = takes(|it| matches!(it, Shape::Any | Shape::Bool));
            (!is_obvious && !is_intended).then(|| plain.finding(ctx))
        }
        (Resolved::Int(_) | Resolved::Float(_), Resolved::Str) => {
            (!takes_anything && !takes_integer).then(|| plain.finding(ctx))
        }
        (Resolved::Str, Resolved::Int(_) | Resolved::Float(_)) => (takes_anything || takes_integer)
            .then(|| plain.number_as_text(ctx, takes_anything))
            .flatten(),
        _ => None,
    }
}

/// `default: no` of a field that is no boolean.
fn default_of_text(ctx: &Context<'_>, mapping: &Mapping) -> Option<Diagnostic> {
    let ty = mapping.get("type")?.value.name()?;
    let default = Plain::at(ctx, &mapping.get("default")?.value)?;
    let is_trap = matches!(default.loader, Resolved::Bool(_)) && default.core == Resolved::Str;
    (is_trap && !ty.text.starts_with("bool")).then(|| default.finding(ctx))
}

/// `1e3` as the whole number that it is.
fn whole(written: &str) -> Option<String> {
    let number = written.parse::<f64>().ok()?;
    (number.fract() == 0.0 && number.abs() < 1e15).then(|| format!("{number:.0}"))
}

/// A number of floating point as both versions of YAML know it: with a point, and a sign in the exponent.
fn float_of_both(written: &str) -> String {
    let digits = written.trim_start_matches(['-', '+']);
    let sign = if written.starts_with('-') { "-" } else { "" };
    let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
        Some((mantissa, exponent)) if exponent.starts_with(['-', '+']) => {
            (mantissa, format!("e{exponent}"))
        }
        Some((mantissa, exponent)) => (mantissa, format!("e+{exponent}")),
        None => (digits, String::new()),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let whole = if whole.is_empty() { "0" } else { whole };
    let fraction = if fraction.is_empty() { "0" } else { fraction };
    format!("{sign}{whole}.{fraction}{exponent}")
}

#[cfg(test)]
mod tests {
    use super::float_of_both;
    use crate::test_support::{check_diagnostics, check_fix, check_nth_fix};

    #[test]
    fn dates_and_odd_numbers_wherever_they_stand() {
        check_diagnostics(
            r#"
entity: Post
organization:
  table_code: 012345
  #           ^^^^^^ 💡 warning[yaml-1-1-trap]: YAML reads `012345` as the number `5349`; write it in quotes
  domain: [12:30, 1:30.5, 2024-01-31, 2024-01-31 10:00:00Z, "012"]
  #        ^^^^^ 💡 warning[yaml-1-1-trap]: YAML reads `12:30` as the number `750`; write it in quotes
  #               ^^^^^^ 💡 warning[yaml-1-1-trap]: YAML reads `1:30.5` as a number; write it in quotes
  #                       ^^^^^^^^^^ 💡 warning[yaml-1-1-trap]: YAML reads `2024-01-31` as a date; write it in quotes
  #                                   ^^^^^^^^^^^^^^^^^^^^ 💡 warning[yaml-1-1-trap]: YAML reads `2024-01-31 10:00:00Z` as a date; write it in quotes
fields:
  day: {type: date, default: &day 2024-01-31}
  #                               ^^^^^^^^^^ 💡 warning[yaml-1-1-trap]: YAML reads `2024-01-31` as a date; write it in quotes
  other: {type: date, default: *day}
"#,
        );
    }

    #[test]
    fn keys_that_are_no_text() {
        check_diagnostics(
            r#"
entity: Post
fields:
  on: datetime
  #<  💡 warning[yaml-1-1-trap]: YAML reads `on` as the boolean `true`; write it in quotes
  Off: text
  #<^ 💡 warning[yaml-1-1-trap]: YAML reads `Off` as the boolean `false`; write it in quotes
  yEs: text
  #<^ 💡 warning[naming]
  "no": text
  0b10: text
  #<^^ 💡 warning[yaml-1-1-trap]: YAML reads `0b10` as the number `2`; write it in quotes
"#,
        );
    }

    #[test]
    fn booleans_where_text_is_expected() {
        check_diagnostics(
            r#"
entity: Post
fields:
  answer:
    type: enum
    values: [yes, no, "off", &on On, y, True]
    #        ^^^ 💡 warning[yaml-1-1-trap]: YAML reads `yes` as the boolean `true`; write it in quotes
    #             ^^ 💡 warning[yaml-1-1-trap]: YAML reads `no` as the boolean `false`; write it in quotes
    #                            ^^ 💡 warning[yaml-1-1-trap]: YAML reads `On` as the boolean `true`; write it in quotes
    #                                   ^^^^ 💡 warning[yaml-1-1-trap]: YAML reads `True` as the boolean `true`; write it in quotes
    default: no
    #        ^^ 💡 warning[yaml-1-1-trap]: YAML reads `no` as the boolean `false`; write it in quotes
  other: {type: text, schema: *on}
  kind: enum(yes, no)
  unique_kind: {type: text, unique: yes}
  done: {type: boolean, default: no, nullable: Off}
actions:
  - name: create_post
    steps:
      - insert: Post
    impact:
      primary: {entity: Post, operation: CREATE}
    cdc:
      enabled: on
      event_type: no
      #           ^^ 💡 warning[yaml-1-1-trap]: YAML reads `no` as the boolean `false`; write it in quotes
"#,
        );
    }

    #[test]
    fn numbers_of_one_version_only() {
        check_diagnostics(
            r#"
entity: Post
description: 1_000
#            ^^^^^ 💡 warning[yaml-1-1-trap]: YAML reads `1_000` as the number `1000`; write it in quotes
fields:
  size: {type: integer, min: 1_000, max: 1e3, default: 0o17}
  #                                      ^^^ 💡 warning[yaml-1-1-trap]: the loader reads `1e3` as text, and other tools as a number; write `1.0e+3` for the number
  #                                                    ^^^^ 💡 warning[yaml-1-1-trap]: the loader reads `0o17` as text, and other tools as a number; write `15` for the number
  ratio: {type: float, default: -.5, min: .5, max: .inf, description: 1e3}  # specql: allow(invalid-default)
  #                             ^^^ 💡 warning[yaml-1-1-trap]: the loader reads `-.5` as text, and other tools as a number; write `-0.5` for the number
  code: {type: enum, values: [089, 1.5e3, "1_000", 0b1, -0x1F]}
  #                                                ^^^ 💡 warning[yaml-1-1-trap]: YAML reads `0b1` as the number `1`; write it in quotes
  #                                                     ^^^^^ 💡 warning[yaml-1-1-trap]: YAML reads `-0x1F` as the number `-31`; write it in quotes
"#,
        );
    }

    #[test]
    fn fixes_write_what_both_versions_read() {
        let file =
            |it: &str| format!("entity: Post\nfields:\n  size: {{type: float, max: {it}}}\n");
        check_fix(&file("$01e3"), &file("1.0e+3"));
        check_nth_fix(1, &file("$01e3"), &file("\"1e3\""));
        check_fix(&file("$02024-01-31"), &file("\"2024-01-31\""));
        for (written, both) in
            [(".5e3", "0.5e+3"), ("1.e-3", "1.0e-3"), ("+.5", "0.5"), ("-1E3", "-1.0e+3")]
        {
            assert_eq!(float_of_both(written), both);
        }
    }
}
