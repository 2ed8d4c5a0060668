//! Steps: the one-line and the long forms.

use specql_syntax::{
    Name,
    expression::{Expression, ExpressionKind},
    statement::{
        CallStatement, ForEachStatement, LineProblem, NotifyStatement, Statement, StatementKeyword,
        parse_statement,
    },
    yaml::{Entry, Node, NodeKind, Scalar},
};
use specql_text::TextRange;

use super::{
    reader::{bool, entries, get, items, name, names},
    value::{arguments, condition, expression, missing, named_values, value},
    write::write,
};
use crate::{Step, StepKind, keys};

type Problems = Vec<LineProblem>;

/// The steps of a list; a single step counts as a list of one.
pub(super) fn steps(node: &Node) -> Vec<Step> {
    items(node).iter().map(step).collect()
}

/// The steps behind the first of several keys that is there, in the step or in its long form.
fn steps_of(node: &Node, step: &Node, keys: &[&str]) -> Vec<Step> {
    get(node, keys).or_else(|| get(step, keys)).map(steps).unwrap_or_default()
}

fn step(node: &Node) -> Step {
    let Some(entry) = node.as_mapping().and_then(keys::keyword_of) else { return unknown(node) };
    let mut problems = Vec::new();
    let kind = kind(&entry.key.text, entry, node, &mut problems);
    Step {
        range: node.range,
        keyword: entry.key.clone(),
        value_range: written_range(entry),
        kind,
        problems,
    }
}

fn unknown(node: &Node) -> Step {
    let first = entries(node).iter().find(|it| !it.merged);
    let keyword = first.map(|it| it.key.clone()).or_else(|| node.name());
    let keyword = keyword.unwrap_or_else(|| Name::new("", node.range));
    Step {
        range: node.range,
        value_range: first.map_or(keyword.range, written_range),
        keyword,
        kind: StepKind::Unknown,
        problems: Vec::new(),
    }
}

/// Where an entry's value is written; the key while nothing is.
fn written_range(entry: &Entry) -> TextRange {
    match entry.value.kind {
        NodeKind::Missing => entry.key.range,
        _ => entry.value.range,
    }
}

fn kind(keyword: &str, entry: &Entry, step: &Node, problems: &mut Problems) -> StepKind {
    let node = &entry.value;
    match keyword {
        "validate" => StepKind::Validate {
            condition: required_condition(entry, step, problems),
            error: either(node, step, &["error"]),
            message: either(node, step, &["message", "error_message"]),
        },
        "insert" => StepKind::Insert(write(node, step, problems)),
        "update" => StepKind::Update(write(node, step, problems)),
        "upsert" => StepKind::Upsert(write(node, step, problems)),
        "delete" => {
            let hard = bool(node, &["hard"]).or_else(|| bool(step, &["hard"])) == Some(true);
            StepKind::Delete { write: reading(node, step, problems), hard }
        }
        "find" => StepKind::Find {
            write: reading(node, step, problems),
            error: either(node, step, &["error"]),
        },
        "if" => StepKind::If {
            condition: required_condition(entry, step, problems),
            then: steps_of(node, step, &["then"]),
            otherwise: steps_of(node, step, &["else"]),
        },
        "foreach" => foreach(entry, step, problems),
        "switch" => switch(entry, step, problems),
        "call" => call(node, step, problems),
        "notify" => notify(node, step, problems),
        "reject" => StepKind::Reject(text(node).or_else(|| either(node, step, &["error", "code"]))),
        "return" => StepKind::Return(text(node)),
        "refresh_table_view" => StepKind::Refresh {
            scope: text(node).or_else(|| name(node, &["scope"])),
            propagate: get(node, &["propagate"]).and_then(names).unwrap_or_default(),
            strategy: name(node, &["strategy"]),
        },
        _ => StepKind::Extended,
    }
}

/// A write whose fields play no part.
fn reading(node: &Node, step: &Node, problems: &mut Problems) -> crate::Write {
    crate::Write { all_input: false, ..write(node, step, problems) }
}

/// The text of a scalar.
fn text(node: &Node) -> Option<Name> {
    node.name()
}

/// The text behind a key of the long form, else of the step.
fn either(node: &Node, step: &Node, keys: &[&str]) -> Option<Name> {
    name(node, keys).or_else(|| name(step, keys))
}

/// A scalar's statement; absent when nothing is written or the value is no scalar.
fn statement(keyword: StatementKeyword, node: &Node, problems: &mut Problems) -> Option<Statement> {
    let scalar: &Scalar = node.as_scalar().filter(|_| !node.is_null())?;
    let (statement, found) = parse_statement(keyword, scalar);
    problems.extend(found);
    Some(statement)
}

fn required_condition(entry: &Entry, step: &Node, problems: &mut Problems) -> Expression {
    const KEYS: &[&str] = &["condition", "expression"];
    let node = &entry.value;
    if let Some(Statement::Condition(it)) = statement(StatementKeyword::Condition, node, problems) {
        return it;
    }
    let inner = get(node, KEYS).or_else(|| get(step, KEYS));
    let read = inner.and_then(|it| condition(it, problems));
    read.unwrap_or_else(|| missing(written_range(entry)))
}

fn foreach(entry: &Entry, step: &Node, problems: &mut Problems) -> StepKind {
    let node = &entry.value;
    let read = match statement(StatementKeyword::ForEach, node, problems) {
        Some(Statement::ForEach(it)) => it,
        _ => ForEachStatement {
            variable: name(node, &["variable", "as", "item"]),
            collection: get(node, &["in", "collection"])
                .and_then(Node::as_scalar)
                .map_or_else(|| missing(written_range(entry)), |it| expression(it, problems)),
            filter: None,
        },
    };
    let filter = get(node, &["where"]).or_else(|| get(step, &["where"]));
    StepKind::ForEach {
        variable: read.variable.or_else(|| name(step, &["as"])),
        collection: read.collection,
        filter: read.filter.or_else(|| filter.and_then(|it| condition(it, problems))),
        body: steps_of(node, step, &["do", "steps", "loop"]),
    }
}

fn switch(entry: &Entry, step: &Node, problems: &mut Problems) -> StepKind {
    let node = &entry.value;
    let cases = get(node, &["cases"]).or_else(|| get(step, &["cases"]));
    StepKind::Switch {
        subject: required_condition(entry, step, problems),
        cases: cases.map(|it| cases_of(it, problems)).unwrap_or_default(),
        default: steps_of(node, step, &["default", "else"]),
    }
}

/// `[{when, then}]`, or a mapping from values to steps.
fn cases_of(node: &Node, problems: &mut Problems) -> Vec<(Expression, Vec<Step>)> {
    if node.as_mapping().is_some() && get(node, &["when"]).is_none() {
        let literal = |key: &Name| Expression {
            range: key.range,
            kind: ExpressionKind::String(key.text.clone()),
        };
        return entries(node).iter().map(|it| (literal(&it.key), steps(&it.value))).collect();
    }
    let case = |it: &Node| {
        let when = get(it, &["when"])
            .map_or_else(|| missing(TextRange::empty(it.range.start())), |it| value(it, problems));
        (when, get(it, &["then", "do", "steps"]).map(steps).unwrap_or_default())
    };
    items(node).iter().map(case).collect()
}

fn call(node: &Node, step: &Node, problems: &mut Problems) -> StepKind {
    let mut read = match statement(StatementKeyword::Call, node, problems) {
        Some(Statement::Call(it)) => it,
        _ => CallStatement {
            schema: name(node, &["schema"]),
            function: name(node, &["action", "function", "name"]),
            arguments: Vec::new(),
        },
    };
    for place in [node, step] {
        if let Some(it) = get(place, &["args", "arguments"]) {
            read.arguments.extend(arguments(it, problems));
        }
    }
    StepKind::Call {
        schema: read.schema,
        function: read.function,
        arguments: read.arguments,
        bind: either(node, step, &["store", "result", "as"]),
    }
}

fn notify(node: &Node, step: &Node, problems: &mut Problems) -> StepKind {
    let read = match statement(StatementKeyword::Notify, node, problems) {
        Some(Statement::Notify(it)) => it,
        _ => NotifyStatement { recipient: None, channel: None, message: None },
    };
    let mut beside = |keys: &[&str]| {
        let found = get(node, keys).or_else(|| get(step, keys));
        found.and_then(|it| condition(it, problems))
    };
    let to = beside(&["to", "recipient"]);
    let event = if to.is_some() { read.recipient.clone() } else { None };
    let texts = get(node, &["message", "event"]).or_else(|| get(step, &["message"]));
    let literal = texts
        .and_then(Node::name)
        .map(|it| Expression { range: it.range, kind: ExpressionKind::String(it.text) });
    let data = get(node, &["data", "payload"]).or_else(|| get(step, &["data", "payload"]));
    let data = data.map(|it| named_values(it, problems)).unwrap_or_default();
    StepKind::Notify {
        // `notify: order_shipped` with `to:` names the event first, and that is what is said.
        recipient: to.or(read.recipient),
        channel: read.channel.or_else(|| either(node, step, &["channel"])),
        message: read.message.or(literal).or(event),
        data,
    }
}
