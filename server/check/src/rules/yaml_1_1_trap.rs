//! Text that YAML reads as something else: `no` as false, `012345` as an octal number, ` #` as the
//! beginning of a comment and `: ` as the end of a key in the middle of a statement.
//!
//! `plain` has the scalars and keys that YAML 1.1 and 1.2 read in two ways; here is what ends a text too
//! early, and what the loader refuses.

pub(crate) mod comma;
mod plain;
pub(super) mod quote;

use rustc_hash::FxHashSet;
use specql_model::{
    FileKind, Name, Step, Type,
    keys::{self, Shape, Visit},
    names::is_word,
};
use specql_syntax::{
    statement::LineProblemKind,
    yaml::{Entry, Problem, ProblemKind, Resolved, ScalarStyle, resolve},
};
use specql_text::{TextEdit, TextRange};

use crate::{Context, Diagnostic, Fix, Level, Rule};

pub(crate) const RULE: Rule = Rule {
    code: "yaml-1-1-trap",
    level: Level::Warning,
    summary: "text that YAML reads as something else",
    run: yaml_1_1_trap,
    page: include_str!("../../../../docs/rules/yaml-1-1-trap.md"),
};

fn yaml_1_1_trap(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for problem in &ctx.file.parse().yaml().problems {
        acc.extend(trapped_colon(ctx, problem));
        acc.extend(refused_scalar(ctx, problem));
    }
    let FileKind::Entity(_) = &ctx.file.kind else { return };
    plain::report(ctx, acc);
    comma::report(ctx, acc);
    quote::report(ctx, acc);
    for (_, action) in ctx.actions() {
        for step in &action.steps {
            step.walk(&mut |it| acc.extend(trapped_statement(ctx, it)));
        }
    }
}

/// A text that the loader takes for a value and can make none of.
fn refused_scalar(ctx: &Context<'_>, problem: &Problem) -> Option<Diagnostic> {
    let ProblemKind::BadScalar(text) = &problem.kind else { return None };
    let reason = match resolve(text) {
        Resolved::Timestamp => format!("takes `{text}` for a date or a time that does not exist"),
        Resolved::Int(_) if text.len() > 100 => {
            "takes this for a number and finds it too long".to_owned()
        }
        Resolved::Int(_) => format!("takes `{text}` for a number without digits"),
        _ => format!("gives `{text}` a meaning of YAML 1.1 that no value has"),
    };
    let message = format!("the loader {reason}, and refuses the file; write it in quotes");
    let fix = quote(ctx, problem.range);
    Some(ctx.finding(&RULE, problem.range, message).level(Level::Error).fix(fix))
}

/// Puts what is written without quotes into them.
fn quote(ctx: &Context<'_>, range: TextRange) -> Fix {
    let edits = vec![TextEdit::insert(range.start(), "\""), TextEdit::insert(range.end(), "\"")];
    let written = ctx.slice(range);
    let title = if written.len() > 40 || written.contains(['\n', '\r']) {
        "Write it in quotes".to_owned()
    } else {
        format!("Write `\"{written}\"`")
    };
    Fix::safe(title, ctx.id(), edits)
}

/// A statement that ends inside quotes because ` #` begins a comment.
fn trapped_statement(ctx: &Context<'_>, step: &Step) -> Option<Diagnostic> {
    let comment = cut_off(ctx, step).or_else(|| cut_operator(ctx, step))?;
    let is_operator = ctx.slice(comment).starts_with("#>");
    let whole = step.value_range.cover(comment);
    let quoted = ctx.slice(whole).replace('\\', "\\\\").replace('"', "\\\"");
    let edit = TextEdit::replace(whole, format!("\"{quoted}\""));
    let message = if is_operator {
        "` #` begins a comment, so the statement ends before this operator; write the whole statement in \
         quotes"
    } else {
        "` #` begins a comment, so the statement ends in the middle of a text; write the whole statement \
         in quotes"
    };
    Some(ctx.finding(&RULE, comment, message.to_owned()).fix(Fix::safe(
        "Write the statement in quotes",
        ctx.id(),
        vec![edit],
    )))
}

/// Siblings of a step that authors write behind its statement, as documents of upstream show it.
const SIBLINGS: &[&str] = &["error", "message", "error_message"];

const COLON: &str = "`: ` ends a text without quotes, and the loader refuses the file; write the whole text in quotes";

/// Whether a finding is of a `: ` in a text, which may be behind a key of its own.
pub(crate) fn is_of_colon(it: &Diagnostic) -> bool {
    it.code == RULE.code && it.message == COLON
}

/// Where statements end because ` #` begins a comment.
pub(crate) fn cut_by_comment(found: &[Diagnostic]) -> FxHashSet<TextRange> {
    let cut =
        found.iter().filter(|it| it.code == RULE.code && it.message.starts_with("` #` begins"));
    cut.map(|it| it.range).collect()
}

/// A text without quotes that ends because `: ` makes it a key.
fn trapped_colon(ctx: &Context<'_>, problem: &Problem) -> Option<Diagnostic> {
    let entry = cut_by_colon(ctx, problem)?;
    let (value, rest) = (entry.value.range, problem.range);
    let written = ctx.slice(value);
    let is_sibling =
        |key: &str| SIBLINGS.contains(&key) || keys::step_spec(&entry.key.text).key(key).is_some();
    let sibling = written.rsplit_once(',').filter(|it| is_sibling(it.1.trim()));
    let (message, title, edit) = if let Some((statement, key)) = sibling {
        let line = TextRange::new(0, entry.key.range.start());
        let column = ctx.slice(line).rsplit('\n').next().map_or(0, |it| it.chars().count());
        let key = key.trim();
        let gap = TextRange::from(value.to_usize().start + statement.len()..value.to_usize().end);
        let text = format!("\n{}{key}", " ".repeat(column));
        let message = format!(
            "`: ` ends the statement, and the loader refuses the file; write `{key}` on a line of its own"
        );
        (message, format!("Write `{key}` on its own line"), TextEdit::replace(gap, text))
    } else if let Some((written, better)) = meant(ctx, entry, value.cover(rest)) {
        let message = format!(
            "`: ` ends a text without quotes, and the loader refuses the file; write `{better}`"
        );
        (message, format!("Write `{better}`"), TextEdit::replace(written, better))
    } else {
        let whole = value.cover(rest);
        let quoted = ctx.slice(whole).trim_end().replace('\\', "\\\\").replace('"', "\\\"");
        (
            COLON.to_owned(),
            "Write it in quotes".to_owned(),
            TextEdit::replace(whole, format!("\"{quoted}\"")),
        )
    };
    let at = TextRange::new(rest.start(), rest.start() + 1);
    Some(ctx.finding(&RULE, at, message).level(Level::Error).fix(Fix::review(
        title,
        ctx.id(),
        vec![edit],
    )))
}

/// What is meant by names with values behind colons, and the place of that: a mapping behind a key that takes one
/// (`params: a: text, b: date`), values for the fields of a row (`insert: Post(title: 'x')`), arguments.
fn meant(ctx: &Context<'_>, entry: &Entry, whole: TextRange) -> Option<(TextRange, String)> {
    let written = ctx.slice(whole).trim_end();
    let range = TextRange::from(whole.to_usize().start..whole.to_usize().start + written.len());
    let (mut takes_keys, mut takes_type) = (false, false);
    let first = written.split(':').next().unwrap_or_default();
    ctx.walk_keys(&mut |visit| {
        if let Visit::Value { shapes, node, .. } = visit {
            let is_it = node.range == entry.value.range;
            let mut alternatives = shapes.iter().flat_map(Shape::alternatives);
            let takes = |it: &keys::MappingSpec| it.open.is_some() || it.key(first).is_some();
            takes_keys |= is_it && keys::mapping_of(shapes).is_some_and(takes);
            takes_type |= is_it && alternatives.any(|it| matches!(it, Shape::FieldType));
        }
    });
    // `views: integer: 0`.
    if let Some((ty, default)) = pair(written).filter(|it| takes_type && is_type(it.0)) {
        return Some((range, format!("{ty} = {default}")));
    }
    // `update: Post SET title: 'x'`.
    if let Some((before, value)) = written.split_once(": ").filter(|it| it.0.contains(" SET "))
        && !value.contains(": ")
    {
        return Some((range, format!("{before} = {value}")));
    }
    // `foreach: line: OrderLine WHERE …`.
    if let Some((name, rest)) = written.split_once(": ").filter(|it| is_word(it.0))
        && entry.key.text == "foreach"
        && !takes_keys
        && !rest.contains(": ")
    {
        return Some((range, format!("{name} in {}", rest.trim_start())));
    }
    // Between brackets of YAML a comma ends a text, in parentheses too.
    // A brace at the end shows that the one before them is missing.
    let inside = written.strip_suffix('}').unwrap_or(written);
    if takes_keys && !inside.contains('(') && pairs(inside).is_some() {
        return Some((range, format!("{{{inside}}}")));
    }
    // `insert: Post {title: 'x'}, body = 'y'`.
    if let Some((head, rest)) = written.split_once('{')
        && let Some((inside, behind)) = rest.split_once('}')
        && matches!(&*entry.key.text, "insert" | "update")
        && is_word(head.trim())
        && !behind.contains(['{', ':'])
    {
        let values = assigned(&pairs(inside)?);
        return Some((range, format!("{} SET {values}{behind}", head.trim())));
    }
    let (head, inside) = written.strip_suffix(')')?.split_once('(')?;
    let values = assigned(&pairs(inside)?);
    match entry.key.text.as_str() {
        "call" => Some((range, format!("{head}({values})"))),
        "insert" | "update" if is_word(head.trim()) => {
            Some((range, format!("{} SET {values}", head.trim())))
        }
        _ => None,
    }
}

fn assigned(pairs: &[(&str, &str)]) -> String {
    let values: Vec<String> =
        pairs.iter().map(|(name, value)| format!("{name} = {value}")).collect();
    values.join(", ")
}

fn is_type(name: &str) -> bool {
    let ty = Type::from_name(&Name::new(name, TextRange::default()), &[]);
    !matches!(ty, Type::Unknown(_))
}

/// Names with their values, where it is nothing but these: `a: text, b: now()`.
fn pairs(text: &str) -> Option<Vec<(&str, &str)>> {
    let is_simple = !text.contains(['{', '}', '[', ']', '#', '"']);
    let mut depth = 0_u32;
    let parts = text.split(|it| {
        match it {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        it == ',' && depth == 0
    });
    parts.map(|it| pair(it).filter(|_| is_simple)).collect()
}

fn pair(text: &str) -> Option<(&str, &str)> {
    let (name, value) = text.split_once(": ")?;
    let (name, value) = (name.trim(), value.trim());
    (is_word(name) && !value.is_empty() && !value.contains(": ")).then_some((name, value))
}

/// The entry whose text without quotes is cut off by a `: `.
pub(super) fn cut_by_colon<'a>(ctx: &Context<'a>, problem: &Problem) -> Option<&'a Entry> {
    let is_colon =
        problem.kind == ProblemKind::Invalid && ctx.slice(problem.range).starts_with(": ");
    let entry = is_colon.then(|| ctx.entry_that_ends_at(problem.range.start())).flatten()?;
    let style = entry.value.as_scalar()?.style;
    (style == ScalarStyle::Plain).then_some(entry)
}

/// The operator `#>` or `#>>` of JSON behind a statement, which YAML takes for a comment.
fn cut_operator(ctx: &Context<'_>, step: &Step) -> Option<TextRange> {
    let comments = ctx.file.parse().yaml().comments.iter().copied();
    let comment = comments.filter(|it| it.start() >= step.value_range.end()).min()?;
    let between = ctx.slice(TextRange::new(step.value_range.end(), comment.start()));
    let is_plain = !ctx.slice(step.value_range).starts_with(['"', '\'', '|', '>']);
    (is_plain && !between.contains('\n') && ctx.slice(comment).starts_with("#>")).then_some(comment)
}

/// The comment that cuts off a statement inside quotes.
pub(super) fn cut_off(ctx: &Context<'_>, step: &Step) -> Option<TextRange> {
    let unclosed =
        step.problems.iter().any(|it| matches!(it.kind, LineProblemKind::Unclosed('\'' | '"')));
    let comments = ctx.file.parse().yaml().comments.iter().copied();
    let mut behind = comments.filter(|it| unclosed && it.start() >= step.value_range.end());
    let comment = behind.next()?;
    let between = ctx.slice(TextRange::new(step.value_range.end(), comment.start()));
    (!between.contains('\n') && ctx.slice(comment).contains(['\'', '"'])).then_some(comment)
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn names_with_values_behind_colons() {
        let file = |params: &str, step: &str| {
            format!(
                "entity: Post\nfields: {{title: text, note: text}}\nactions:\n  - name: add\n    params: {params}\n    steps:\n      - {step}\n    impact: {{primary: {{operation: CREATE, fields: [title, note]}}}}\n"
            )
        };
        let insert = "insert: Post(title, note)";
        check_fix(
            &file("title$0: text, note: text!", insert),
            &file("{title: text, note: text!}", insert),
        );
        let params = "{title: text}";
        check_fix(
            &file(params, "insert: Post(title$0: lower($title), note: 'x')"),
            &file(params, "insert: Post SET title = lower($title), note = 'x'"),
        );
        let called = |step: &str| {
            format!(
                "entity: Post\nfields: {{title: text}}\nactions:\n  - name: tell\n    steps:\n      - {step}\n  - name: tell_all\n    params: {{what: text}}\n    steps:\n      - validate: $what <> ''\n"
            )
        };
        check_fix(&called("call: tell_all(what$0: 'x')"), &called("call: tell_all(what = 'x')"));
    }

    #[test]
    fn text_that_the_loader_refuses() {
        check_diagnostics(
            r#"
entity: Post
fields:
  day: {type: date, default: 2024-02-30}
  #                          ^^^^^^^^^^ error[yaml-1-1-trap]
  text: {type: text, default: 2024-02-30}
  #                           ^^^^^^^^^^ 💡 error[yaml-1-1-trap]: the loader takes `2024-02-30` for a date or a time that does not exist, and refuses the file; write it in quotes
  sign: {type: enum, values: [=, <<, 0x_]}
  #                           ^ 💡 error[yaml-1-1-trap]: the loader gives `=` a meaning of YAML 1.1 that no value has, and refuses the file; write it in quotes
  #                              ^^ 💡 error[yaml-1-1-trap]: the loader gives `<<` a meaning of YAML 1.1 that no value has, and refuses the file; write it in quotes
  #                                  ^^^ 💡 error[yaml-1-1-trap]: the loader takes `0x_` for a number without digits, and refuses the file; write it in quotes
  =: text  # specql: allow(invalid-name) its value is what matters here
"#,
        );
        check_fix(
            "entity: Post\nfields:\n  sign: {type: enum, values: [$0=]}\n",
            "entity: Post\nfields:\n  sign: {type: enum, values: [\"=\"]}\n",
        );
    }

    #[test]
    fn a_colon_in_the_configuration() {
        check_diagnostics(
            r#"
#- /specql.config.yaml
audit:
  retention: 7 years: ten
  #                 ^ 💡 error[yaml-1-1-trap]: `: ` ends a text without quotes, and the loader refuses the file; write the whole text in quotes
"#,
        );
    }

    #[test]
    fn a_comment_in_the_middle_of_a_statement() {
        check_diagnostics(
            r#"
entity: Post
fields:
  title: text
actions:
  - name: look
    steps:
      - validate: title = 'a #b'
      #                      ^^^ 💡 warning[yaml-1-1-trap]: ` #` begins a comment, so the statement ends in the middle of a text; write the whole statement in quotes
      - validate: title = 'a'  # it's first
"#,
        );
    }

    #[test]
    fn a_colon_in_the_middle_of_a_text() {
        check_diagnostics(
            r#"
entity: Post
description: what it is: a post
#                      ^ 💡 error[yaml-1-1-trap]: `: ` ends a text without quotes, and the loader refuses the file; write the whole text in quotes
fields:
  title: text
actions:
  - name: look
    steps:
      - validate: title = 'a', error: "wrong"
      #                             ^ 💡 error[yaml-1-1-trap]: `: ` ends the statement, and the loader refuses the file; write `error` on a line of its own
"#,
        );
        check_fix(
            "entity: Post\nfields:\n  title: text\nactions:\n  - name: look\n    steps:\n      - validate: title = 'a', error$0: \"wrong\"\n",
            "entity: Post\nfields:\n  title: text\nactions:\n  - name: look\n    steps:\n      - validate: title = 'a'\n        error: \"wrong\"\n",
        );
        check_fix(
            "entity: Post\ndescription: what it is$0: a post\n",
            "entity: Post\ndescription: \"what it is: a post\"\n",
        );
    }

    #[test]
    fn quotes() {
        check_fix(
            "entity: Post\nfields:\n  answer:\n    type: enum\n    values: [maybe, $0no]\n",
            "entity: Post\nfields:\n  answer:\n    type: enum\n    values: [maybe, \"no\"]\n",
        );
        check_fix(
            "entity: Post\nfields:\n  title: text\nactions:\n  - name: look\n    steps:\n      - validate: title = 'a $0#b'\n",
            "entity: Post\nfields:\n  title: text\nactions:\n  - name: look\n    steps:\n      - validate: \"title = 'a #b'\"\n",
        );
    }
}
