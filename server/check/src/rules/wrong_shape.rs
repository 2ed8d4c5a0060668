//! A value of another shape than its key takes: a text where a list is expected, a list for a mapping.

mod collections;

use specql_model::keys::{self, KeySpec, MappingSpec, Shape, Visit};
use specql_model::{FileKind, names, one_slip_from};
use specql_syntax::yaml::{Entry, Node, NodeKind, Resolved};

use specql_text::TextEdit;

use crate::{Context, Diagnostic, Fix, Level, Rule};

pub(crate) const RULE: Rule = Rule {
    code: "wrong-shape",
    level: Level::Error,
    summary: "a value of another shape than its key takes",
    run: wrong_shape,
    page: include_str!("../../../../docs/rules/wrong-shape.md"),
};

fn wrong_shape(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    if matches!(ctx.file.kind, FileKind::Entity(_)) {
        report(ctx, &RULE, acc);
    }
}

/// Reports every value of the file that does not have its shape as a finding of `rule`.
pub(super) fn report(ctx: &Context<'_>, rule: &Rule, acc: &mut Vec<Diagnostic>) {
    let Some(root) = keys::root_spec(&ctx.file.kind) else { return };
    let mut held: Option<&Entry> = None;
    let yaml = ctx.file.parse().yaml();
    if matches!(yaml.root.kind, NodeKind::Sequence(_)) {
        let message = format!("{} is a mapping, so nothing of this list is read", root.name);
        acc.push(ctx.finding(rule, ctx.first_line(yaml.root.range), message));
    }
    ctx.walk_keys(&mut |visit| match visit {
        Visit::Entry { entry, key, .. } => {
            held = Some(entry);
            acc.extend(key.and_then(|it| out_of_range(ctx, rule, it, entry)));
        }
        Visit::Value { shapes, node, fits: false }
            if !ctx.is_damaged(node.range)
                && !ctx.is_older_impact(node.range)
                && !is_step(shapes, node) =>
        {
            let holder = held.filter(|it| it.value.range == node.range);
            let subject = holder.map_or("this item".to_owned(), |it| format!("`{}`", it.key.text));
            if let Some(message) = holder.and_then(without_first_line) {
                acc.push(ctx.finding(rule, ctx.first_line(node.range), message));
                return;
            }
            let better = rewritten(ctx, shapes, node);
            let write = better.as_ref().map(|it| format!("; write `{it}`")).unwrap_or_default();
            let message = format!(
                "{subject} takes {}, and this is {}, so it is not read{write}",
                expected(shapes),
                written(node)
            );
            let fix = better.map(|it| ctx.write(node.range, &it));
            let fix = fix.or_else(|| collections::dashes(ctx, shapes, node));
            acc.push(ctx.finding(rule, ctx.first_line(node.range), message).fix(fix));
        }
        Visit::Value { shapes, node, fits: true } => {
            acc.extend(list_in_text(ctx, rule, shapes, node));
            let is_permission = |it: &&Entry| {
                it.key.text == "permissions" && it.value.range.contains_range(node.range)
            };
            if held.is_some_and(|it| is_permission(&it)) {
                acc.extend(no_name(ctx, rule, node));
            }
        }
        Visit::Mapping { .. } | Visit::Value { .. } => {}
    });
}

/// The keys of an action right below `actions`: its first line is gone.
fn without_first_line(entry: &Entry) -> Option<String> {
    let keys = entry.value.as_mapping().filter(|_| entry.key.text == "actions")?;
    let is_of_action = |it: &Entry| keys::ACTION.key(&it.key.text).is_some();
    let first = keys.entries.first().filter(|it| is_of_action(it) && keys.get("name").is_none())?;
    Some(format!(
        "`actions` takes a list, and `{}` is a key of an action, so nothing here is read; the line `- name: …` above it \
         is missing",
        first.key.text
    ))
}

/// `fields: a, b`: one text where several names are meant.
fn list_in_text(
    ctx: &Context<'_>,
    rule: &Rule,
    shapes: &'static [Shape],
    node: &Node,
) -> Option<Diagnostic> {
    let name = node.name().filter(|it| it.text.contains(',') && keys::lists_names(shapes))?;
    let message = "this is one name to YAML, and a list is meant".to_owned();
    // What has a bracket or a quote already is half a list, and more than brackets is missing.
    let is_name = |it: &str| it.chars().all(|it| it.is_alphanumeric() || "_.- ".contains(it));
    if !name.text.split(',').all(is_name) {
        let message = format!("{message}; write the names between `[` and `]`");
        return Some(ctx.finding(rule, node.range, message));
    }
    let better = format!("[{}]", name.text.trim());
    let message = format!("{message}; write `{better}`");
    let edit = TextEdit::replace(node.range, better);
    let fix = Fix::review("Write it as a list", ctx.id(), vec![edit]);
    Some(ctx.finding(rule, node.range, message).fix(fix))
}

/// `permissions: [customer, 5]`: a number or a truth value where a permission has a name.
fn no_name(ctx: &Context<'_>, rule: &Rule, node: &Node) -> Option<Diagnostic> {
    let scalar = node.as_scalar()?;
    if let Some(name) = scalar.text.strip_suffix(']').filter(|it| names::is_word(it)) {
        let better = format!("[{name}]");
        let message = format!(
            "a permission is a name, and no caller has `{}`; write `{better}`",
            scalar.text
        );
        return Some(ctx.finding(rule, node.range, message).fix(ctx.write(node.range, &better)));
    }
    if !matches!(scalar.resolved, Resolved::Int(_) | Resolved::Float(_) | Resolved::Bool(_)) {
        return None;
    }
    let message = format!(
        "a permission is a name, and `{}` is {} to YAML, so no caller has it; write the name of one",
        scalar.text,
        written(node)
    );
    Some(ctx.finding(rule, node.range, message))
}

/// A whole number that is too small or too great for its key.
fn out_of_range(
    ctx: &Context<'_>,
    rule: &Rule,
    key: &KeySpec,
    entry: &Entry,
) -> Option<Diagnostic> {
    let (least, greatest) = key.bounds?;
    // In an action a cascade without rows is `no-effect`.
    let is_config = matches!(ctx.file.kind, FileKind::Config(_));
    let least = if is_config { least.max(1) } else { least };
    let Resolved::Int(text) = &entry.value.as_scalar()?.resolved else { return None };
    if text.parse::<i64>().is_ok_and(|it| (least..=greatest).contains(&it)) {
        return None;
    }
    let to = if greatest == i64::MAX { String::new() } else { format!(" to {greatest}") };
    let message = format!(
        "`{}` is a whole number from {least}{to}, so `{text}` cannot be used",
        entry.key.text
    );
    Some(ctx.finding(rule, entry.value.range, message))
}

/// Whether a step is expected: one that is no mapping is `unknown-step`.
fn is_step(shapes: &'static [Shape], node: &Node) -> bool {
    let takes_step =
        keys::mapping_of(shapes).is_some_and(|it| std::ptr::eq(it, &raw const keys::STEP));
    takes_step || (node.as_scalar().is_some() && matches!(shapes, [Shape::Steps]))
}

/// What is meant by a single word where something else stands: a truth value or a number in quotes, the name
/// of the one thing that a mapping is about.
fn rewritten(ctx: &Context<'_>, shapes: &'static [Shape], node: &Node) -> Option<String> {
    let Some(name) = node.name() else { return collections::rewritten(ctx, shapes, node) };
    let text = name.text.trim();
    let is_name =
        !text.is_empty() && text.chars().all(|it| it.is_alphanumeric() || it == '_' || it == '.');
    if shapes.iter().any(
        |it| matches!(it, Shape::Mapping(spec) if std::ptr::eq(*spec, &raw const keys::FILTER)),
    ) {
        return as_filter(text);
    }
    shapes.iter().flat_map(Shape::alternatives).find_map(|it| match it {
        Shape::Bool => match text.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" | "y" => Some("true".to_owned()),
            "false" | "no" | "off" | "n" => Some("false".to_owned()),
            other => one_slip_from(other, ["true", "false"]).map(str::to_owned),
        },
        Shape::Integer => {
            let digits = text.strip_prefix(['v', 'V']).unwrap_or(text);
            digits.parse::<u32>().ok().map(|it| it.to_string())
        }
        Shape::Mapping(spec) if is_name => {
            let is = |other: &'static MappingSpec| std::ptr::eq(*spec, other);
            if is(&keys::PRIMARY) {
                let operation = operation_around(ctx, node)?;
                Some(format!("{{entity: {text}, operation: {operation}}}"))
            } else if is(&keys::INVALIDATION) {
                Some(format!("{{query: {text}}}"))
            } else if is(&keys::CDC) {
                Some(format!("{{enabled: true, event_type: {text}}}"))
            } else {
                None
            }
        }
        _ => None,
    })
}

/// `status = 'draft'` as the arguments of a query.
fn as_filter(condition: &str) -> Option<String> {
    let (field, value) = condition.split_once('=')?;
    let (field, value) = (field.trim(), value.trim_start_matches('=').trim());
    let quoted = value.strip_prefix('\'').and_then(|it| it.strip_suffix('\''));
    let value = quoted.unwrap_or(value).trim_start_matches('$');
    let is_value =
        !value.is_empty() && value.chars().all(|it| it.is_alphanumeric() || "_.".contains(it));
    (names::is_word(field) && is_value).then(|| format!("{{{field}: {value}}}"))
}

/// What the steps of the action around a value do to the row that it is about.
fn operation_around(ctx: &Context<'_>, node: &Node) -> Option<&'static str> {
    let (id, _) = ctx.actions().find(|it| it.1.range.contains_range(node.range))?;
    ctx.workspace.effective_primary(id).map(|it| it.operation.as_str())
}

/// The shapes in words.
fn expected(shapes: &[Shape]) -> String {
    let mut words: Vec<&str> = Vec::new();
    for shape in shapes.iter().flat_map(Shape::alternatives) {
        let word = match shape {
            Shape::Bool => "`true` or `false`",
            Shape::Integer => "a whole number",
            Shape::List(_) | Shape::Steps => "a list",
            Shape::Mapping(_) => "a mapping",
            Shape::Entity => "an entity",
            Shape::Field | Shape::FieldPath => "a field",
            Shape::FieldType => "a type",
            Shape::Expression | Shape::Statement | Shape::Text | Shape::Word(_) => "a text",
            Shape::OneOf(_) | Shape::Any => continue,
        };
        if !words.contains(&word) {
            words.push(word);
        }
    }
    words.join(" or ")
}

/// What is written, in words.
fn written(node: &Node) -> &'static str {
    match &node.kind {
        NodeKind::Missing => "nothing",
        NodeKind::Scalar(it) => match it.resolved {
            Resolved::Bool(_) => "a truth value",
            Resolved::Int(_) | Resolved::Float(_) => "a number",
            _ => "a text",
        },
        NodeKind::Mapping(_) => "a mapping",
        NodeKind::Sequence(_) => "a list",
    }
}

#[cfg(test)]
mod tests {
    use crate::test_support::check_diagnostics;

    #[test]
    fn shapes_that_are_not_read() {
        check_diagnostics(
            r#"
#- /user.yaml
entity: User
#- /post.yaml
entity: Post
fields:
  - title: text
  #<^^^^^^^^^^^ 💡 error[wrong-shape]: `fields` takes a mapping, and this is a list, so it is not read
actions:
  - name: create_post
    steps:
      - insert: Post
    impact:
      primary: Post
      #        ^^^^ 💡 error[wrong-shape]: `primary` takes a mapping, and this is a text, so it is not read; write `{entity: Post, operation: CREATE}`
      side_effects: User
      #             ^^^^ error[wrong-shape]: `side_effects` takes a list, and this is a text, so it is not read
      optimistic_safe: sure
      #                ^^^^ error[wrong-shape]: `optimistic_safe` takes `true` or `false`, and this is a text, so it is not read
"#,
        );
    }

    #[test]
    fn single_words_where_more_is_wanted() {
        check_diagnostics(
            r#"
entity: Post
fields:
  title: text
actions:
  - name: create_post
    steps:
      - insert: Post
    impact:
      primary: {entity: Post, operation: CREATE}
      optimistic_safe: "yes"
      #                ^^^^^ 💡 error[wrong-shape]: `optimistic_safe` takes `true` or `false`, and this is a text, so it is not read; write `true`
      cache_invalidations: [posts]
      #                     ^^^^^ 💡 error[wrong-shape]: this item takes a mapping, and this is a text, so it is not read; write `{query: posts}`
    cascade: {max_entities: -5}
    #                       ^^ error[wrong-shape]: `max_entities` is a whole number from 0 to 1000000, so `-5` cannot be used
    cdc:
      enabled: "true"
      #        ^^^^^^ 💡 error[wrong-shape]: `enabled` takes `true` or `false`, and this is a text, so it is not read; write `true`
      version: "v2"
      #        ^^^^ 💡 error[wrong-shape]: `version` takes a whole number, and this is a text, so it is not read; write `2`
"#,
        );
    }

    #[test]
    fn permissions_are_names() {
        check_diagnostics(
            r#"
entity: Post
fields:
  title: text
actions:
  - name: create_post
    steps:
      - insert: Post
    impact:
      primary: {entity: Post, operation: CREATE}
      permissions: [editor, 5, true, "7"]
      #                     ^ error[wrong-shape]: a permission is a name, and `5` is a number to YAML, so no caller has it; write the name of one
      #                        ^^^^ error[wrong-shape]: a permission is a name, and `true` is a truth value to YAML, so no caller has it; write the name of one
"#,
        );
    }

    #[test]
    fn what_is_not_there_yet_has_every_shape() {
        check_diagnostics(
            r#"
entity: Post
fields:
#<^^^^ info[no-effect]
actions:
  - name: create_post
    steps:
    #<^^^ info[no-effect]
    impact:
      primary:
      #<^^^^^ info[no-effect]
"#,
        );
    }
}
