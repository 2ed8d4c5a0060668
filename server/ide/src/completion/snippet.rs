//! What a key inserts: itself, and the beginning of what follows it.
//!
//! Further lines are indented relative to the line of the cursor, as clients add that line's
//! indentation to them.

use specql_model::{
    Cdc,
    keys::{KeySpec, Shape},
};
use specql_syntax::edit::Value;

use crate::block;

use super::context::Context;

/// A text with or without places to fill in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Text {
    pub(super) text: String,
    pub(super) snippet: bool,
}

impl Text {
    pub(super) fn plain(text: &str) -> Self {
        Self { text: text.to_owned(), snippet: false }
    }

    fn snippet(text: String) -> Self {
        Self { text, snippet: true }
    }
}

/// A key with the form of its likeliest shape.
pub(super) fn key(ctx: &Context<'_>, name: &str, shapes: &[Shape]) -> Text {
    if ctx.in_flow() {
        return Text::snippet(format!("{name}: $0"));
    }
    let indent = ctx.column_in_line() + 2;
    let line = format!("\n{:indent$}", "");
    Text::snippet(match block(shapes) {
        Some(Block::Mapping) => format!("{name}:{line}$0"),
        Some(Block::List) => format!("{name}:{line}- $0"),
        Some(Block::FlowList) => format!("{name}: [$0]"),
        None => format!("{name}: $0"),
    })
}

enum Block {
    Mapping,
    List,
    FlowList,
}

/// The form of a key's value, when only a collection can stand there or comes first.
fn block(shapes: &[Shape]) -> Option<Block> {
    let flat: Vec<&Shape> = shapes.iter().flat_map(Shape::alternatives).collect();
    let has_scalar = flat.iter().any(|it| it.accepts_scalar() && !matches!(it, Shape::Bool));
    match flat.first()? {
        Shape::List(item) if item.accepts_scalar() && !has_mapping(item) => Some(Block::FlowList),
        _ if has_scalar => None,
        _ => flat.iter().find_map(|it| match it {
            Shape::Mapping(_) => Some(Block::Mapping),
            Shape::List(_) | Shape::Steps => Some(Block::List),
            _ => None,
        }),
    }
}

fn has_mapping(shape: &Shape) -> bool {
    shape.alternatives().iter().any(|it| matches!(it, Shape::Mapping(_)))
}

/// The keyword of a step, with the keys that have to stand beside it.
pub(super) fn of_step(ctx: &Context<'_>, it: &KeySpec) -> Text {
    if ctx.in_flow() {
        return match it.name {
            "if" => Text::snippet("if: ${1:condition}, then: [{$0}]".to_owned()),
            "foreach" => Text::snippet("foreach: ${1:item} in ${2:Entity}, do: [{$0}]".to_owned()),
            "switch" => Text::snippet(
                "switch: ${1:field}, cases: [{when: ${2:value}, then: [{$0}]}]".to_owned(),
            ),
            _ => key(ctx, it.name, it.shapes),
        };
    }
    let lines: &[&str] = match it.name {
        "if" => &["if: ${1:condition}", "then:", "  - $0"],
        "foreach" => &["foreach: ${1:item} in ${2:Entity}", "do:", "  - $0"],
        "switch" => {
            &["switch: ${1:field}", "cases:", "  - when: ${2:value}", "    then:", "      - $0"]
        }
        _ => return key(ctx, it.name, it.shapes),
    };
    let line = format!("\n{:1$}", "", ctx.column_in_line());
    Text::snippet(lines.join(&line))
}

/// The blocks of an action, filled with what follows from its steps.
pub(super) fn of_action(ctx: &Context<'_>, it: &KeySpec) -> Text {
    let value = match it.name {
        "impact" => ctx.action_id().and_then(|it| {
            let cdc = ctx.workspace.action(it).and_then(|it| it.cdc.as_deref());
            block::impact(ctx.workspace, it, cdc.is_some_and(Cdc::is_enabled))
        }),
        "cdc" => ctx.action_id().and_then(|it| block::cdc(ctx.workspace, it)),
        _ => None,
    };
    match value.filter(|_| !ctx.in_flow()) {
        Some(value) => {
            let mut text = format!("{}:", it.name);
            write(&value, ctx.column_in_line() + 2, &mut text);
            Text::plain(&text)
        }
        None => key(ctx, it.name, it.shapes),
    }
}

/// A value behind a colon or dash that was just written.
fn write(value: &Value, indent: usize, acc: &mut String) {
    match value {
        Value::Scalar(text) => {
            acc.push(' ');
            acc.push_str(text);
        }
        Value::FlowList(items) => {
            acc.push_str(" [");
            acc.push_str(&items.join(", "));
            acc.push(']');
        }
        Value::List(items) => {
            for item in items {
                acc.push_str(&format!("\n{:indent$}-", ""));
                match item {
                    Value::Mapping(entries) => write_entries(entries, indent + 2, true, acc),
                    _ => write(item, indent + 2, acc),
                }
            }
        }
        Value::Mapping(entries) => write_entries(entries, indent, false, acc),
    }
}

fn write_entries(entries: &[(String, Value)], indent: usize, inline: bool, acc: &mut String) {
    for (index, (key, value)) in entries.iter().enumerate() {
        if inline && index == 0 {
            acc.push(' ');
        } else {
            acc.push_str(&format!("\n{:indent$}", ""));
        }
        acc.push_str(key);
        acc.push(':');
        write(value, indent + 2, acc);
    }
}
