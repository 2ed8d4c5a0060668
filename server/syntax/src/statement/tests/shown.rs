//! Statements and expressions as texts that show their structure.

use std::fmt::Write as _;

use super::super::*;
use crate::expression::{BinaryOperator, ExpressionKind, UnaryOperator};

/// What each line means as the value of a step's keyword, with its problems.
pub(super) fn shown(keyword: StatementKeyword, lines: &[&str]) -> String {
    let mut out = String::new();
    for line in lines {
        let text = format!("x: {}\n", quoted(line));
        let parse = crate::parse(text.as_str().into());
        let node = parse.yaml().root.get("x").cloned().unwrap();
        let (statement, problems) = parse_statement(keyword, node.as_scalar().unwrap());
        writeln!(out, "{line}\n    {}", statement_text(&statement)).unwrap();
        for problem in problems {
            let at = problem.range.slice(&text);
            writeln!(out, "    {at:?}: {:?}", problem.kind).unwrap();
        }
    }
    out
}

/// Double quotes: so every test of a line is one of escapes and positions, too.
pub(super) fn quoted(line: &str) -> String {
    format!("\"{}\"", line.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

pub(super) fn statement_text(statement: &Statement) -> String {
    let names = |names: &[Name]| names.iter().map(Name::as_str).collect::<Vec<_>>().join(" ");
    match statement {
        Statement::Condition(it) => text(it),
        Statement::Write(it) => {
            let entity = it.entity.as_ref().map_or_else(|| "∅".to_owned(), entity_text);
            let mut out = format!("entity {entity}");
            if !it.columns.is_empty() {
                write!(out, " columns [{}]", names(&it.columns)).unwrap();
            }
            for it in &it.assignments {
                write!(out, " set {} = {}", it.field.as_str(), text(&it.value)).unwrap();
            }
            if let Some(from) = &it.from {
                write!(out, " from {}", from.as_str()).unwrap();
            }
            if let Some(filter) = &it.filter {
                write!(out, " where {}", text(filter)).unwrap();
            }
            out
        }
        Statement::ForEach(it) => {
            let variable = it.variable.as_ref().map_or("∅", Name::as_str);
            let filter = it.filter.as_ref().map(|it| format!(" where {}", text(it)));
            format!("each {variable} in {}{}", text(&it.collection), filter.unwrap_or_default())
        }
        Statement::Call(it) => {
            let mut out = format!(
                "call {:?} {:?}",
                it.schema.as_ref().map(Name::as_str),
                it.function.as_ref().map(Name::as_str)
            );
            for (name, value) in &it.arguments {
                let name = name.as_ref().map_or("_", Name::as_str);
                write!(out, " {name} = {}", text(value)).unwrap();
            }
            out
        }
        Statement::Notify(it) => {
            let channel = it.channel.as_ref().map(Name::as_str);
            let recipient = it.recipient.as_ref().map(text);
            format!("notify {recipient:?} by {channel:?}: {:?}", it.message.as_ref().map(text))
        }
    }
}

fn entity_text(entity: &EntityReference) -> String {
    let schema = entity.schema.as_ref().map(|it| format!("{}.", it.as_str()));
    format!("{}{}", schema.unwrap_or_default(), entity.name.as_str())
}

/// An expression in prefix form, so that its structure shows.
pub(super) fn text(expression: &Expression) -> String {
    let all = |list: &[Expression]| list.iter().map(text).collect::<Vec<_>>().join(" ");
    let no = |negated: bool| if negated { "not-" } else { "" };
    match &expression.kind {
        ExpressionKind::Missing => "∅".to_owned(),
        ExpressionKind::String(it) => format!("{it:?}"),
        ExpressionKind::Number(it) => it.to_string(),
        ExpressionKind::Bool(it) => it.to_string(),
        ExpressionKind::Null => "null".to_owned(),
        ExpressionKind::Parameter => "?".to_owned(),
        ExpressionKind::Path(it) => it.text(),
        ExpressionKind::Unary(UnaryOperator::Not, it) => format!("(not {})", text(it)),
        ExpressionKind::Unary(UnaryOperator::Negate, it) => format!("(neg {})", text(it)),
        ExpressionKind::Binary(left, BinaryOperator::Sql(operator), _, right) => {
            format!("({operator} {} {})", text(left), text(right))
        }
        ExpressionKind::Binary(left, operator, _, right) => {
            format!("({operator:?} {} {})", text(left), text(right))
        }
        ExpressionKind::IsNull { operand, negated } => {
            format!("({}null? {})", no(*negated), text(operand))
        }
        ExpressionKind::In { operand, list, negated } => {
            format!("({}in {} [{}])", no(*negated), text(operand), all(list))
        }
        ExpressionKind::IsBool { operand, value, negated } => {
            format!("({}{value}? {})", no(*negated), text(operand))
        }
        ExpressionKind::Like { operand, pattern, escape, kind, negated } => {
            let kind = format!("{kind:?}").to_lowercase();
            let escape = escape.as_ref().map(|it| format!(" escape {}", text(it)));
            let escape = escape.unwrap_or_default();
            format!("({}{kind} {} {}{escape})", no(*negated), text(operand), text(pattern))
        }
        ExpressionKind::Between { operand, low, high, symmetric, negated } => {
            let word = if *symmetric { "between-symmetric" } else { "between" };
            format!("({}{word} {} {} {})", no(*negated), text(operand), text(low), text(high))
        }
        ExpressionKind::Case { operand, arms, otherwise } => {
            let mut out = String::from("(case");
            if let Some(it) = operand {
                write!(out, " {}", text(it)).unwrap();
            }
            for (when, then) in arms {
                write!(out, " [{} {}]", text(when), text(then)).unwrap();
            }
            if let Some(it) = otherwise {
                write!(out, " else {}", text(it)).unwrap();
            }
            out + ")"
        }
        ExpressionKind::Cast(it, ty) => format!("({} :: {})", text(it), ty.as_str()),
        ExpressionKind::Call { function, arguments, star, distinct } => {
            let star = if *star { "*" } else { "" };
            let distinct = if *distinct { "distinct " } else { "" };
            format!("{}({distinct}{}{star})", function.as_str(), all(arguments))
        }
        ExpressionKind::Trim { side, characters, operand } => {
            let characters = characters.as_ref().map(|it| format!(" {}", text(it)));
            format!("(trim {side:?}{} from {})", characters.unwrap_or_default(), text(operand))
        }
        ExpressionKind::Array(items) => format!("array[{}]", all(items)),
        ExpressionKind::Row(items) => format!("row[{}]", all(items)),
        ExpressionKind::Subscript { operand, index } => {
            format!("(at {} {})", text(operand), text(index))
        }
        ExpressionKind::Exists { entity, filter, negated } => {
            let filter = filter.as_ref().map(|it| format!(" {}", text(it)));
            format!(
                "({}exists {}{})",
                no(*negated),
                entity_text(entity),
                filter.unwrap_or_default()
            )
        }
        ExpressionKind::Matches { operand, pattern, quoted, negated } => {
            let pattern = pattern.as_str();
            let pattern = if *quoted { format!("{pattern:?}") } else { pattern.to_owned() };
            format!("({}matches {} {pattern})", no(*negated), text(operand))
        }
        ExpressionKind::IsValid(it) => format!("(valid? {})", text(it)),
        ExpressionKind::IsUnique { operand, negated } => {
            format!("({}unique? {})", no(*negated), text(operand))
        }
        ExpressionKind::RawSql(it) => format!("«{it}»"),
    }
}
