//! Whether JSON fits a shape of a contract, and whether a sample and a row have the same members.

use serde_json::{Map, Value};
use specql_contract::{Format, Object, Shape};

/// Everything in which a value does not fit its shape, with its path.
#[must_use]
pub fn misfits(shape: &Shape, value: &Value) -> Vec<String> {
    let mut res = Vec::new();
    fit(shape, value, "$", &mut res);
    res
}

fn fit(shape: &Shape, value: &Value, path: &str, res: &mut Vec<String>) {
    let mut wrong = |what: &str| res.push(format!("{path}: {value} is no {what}"));
    match (shape, value) {
        (Shape::Any, _) | (Shape::Nullable(_), Value::Null) => {}
        (Shape::Nullable(it), _) => fit(it, value, path, res),
        (Shape::Object(it), Value::Object(value)) => object(it, value, path, res),
        (Shape::List(item), Value::Array(values)) => {
            for (index, value) in values.iter().enumerate() {
                fit(item, value, &format!("{path}[{index}]"), res);
            }
        }
        (Shape::Text(format), Value::String(text)) => {
            if !says(*format, text) {
                wrong(&format!("{format:?}"));
            }
        }
        (Shape::Integer, Value::Number(it)) if it.is_i64() => {}
        (Shape::Float, Value::Number(_)) | (Shape::Boolean, Value::Bool(_)) => {}
        (Shape::Decimal, Value::String(it)) if it.parse::<f64>().is_ok() => {}
        (Shape::Enum(values), Value::String(it)) if values.iter().any(|value| value == it) => {}
        (Shape::Constant(constant), Value::String(it)) if constant == it => {}
        (Shape::Number(number), Value::Number(it)) if it.as_u64() == Some((*number).into()) => {}
        (Shape::Reference(targets), Value::Object(value)) => {
            object(&Shape::reference(targets), value, path, res);
        }
        (Shape::OneOf(objects), Value::Object(value)) => {
            let best = objects.iter().map(|it| {
                let mut res = Vec::new();
                object(it, value, path, &mut res);
                res
            });
            match best.min_by_key(Vec::len) {
                Some(faults) => res.extend(faults),
                None => res.push(format!("{path}: nothing can stand here")),
            }
        }
        _ => wrong(&format!("{shape:?}")),
    }
}

fn object(shape: &Object, value: &Map<String, Value>, path: &str, res: &mut Vec<String>) {
    for member in &shape.members {
        match value.get(member.name.as_str()) {
            Some(it) => fit(&member.shape, it, &format!("{path}.{}", member.name), res),
            None if member.required => res.push(format!("{path} has no `{}`", member.name)),
            None => {}
        }
    }
    for name in value.keys().filter(|it| shape.member(it).is_none()) {
        res.push(format!("{path} has a `{name}` that the shape has not"));
    }
}

fn says(format: Format, text: &str) -> bool {
    let digits = |from: usize, to: usize| {
        text.get(from..to).is_some_and(|it| it.bytes().all(|it| it.is_ascii_digit()))
    };
    let is_date = || digits(0, 4) && digits(5, 7) && digits(8, 10);
    match format {
        Format::Uuid => text.len() == 36 && text == text.to_lowercase(),
        Format::Date => text.len() == 10 && is_date(),
        Format::DateTime => {
            let has_zone =
                text.ends_with('Z') || text.get(19..).is_some_and(|it| it.contains(['+', '-']));
            is_date() && digits(11, 13) && has_zone
        }
        Format::LocalDateTime => is_date() && digits(11, 13),
        Format::Time => digits(0, 2) && digits(3, 5),
        Format::Duration => text.starts_with(['P', '-']),
        Format::Plain | Format::Postgres | Format::Rich(_) => true,
    }
}

/// Every member that one of a sample and a row has and the other has not, where the shape says that
/// both have it; and every place at which they hold another kind of value.
#[must_use]
pub fn differences(shape: &Shape, sample: &Value, row: &Value) -> Vec<String> {
    let mut res = Vec::new();
    compare(shape, sample, row, "$", &mut res);
    res
}

fn compare(shape: &Shape, sample: &Value, row: &Value, path: &str, res: &mut Vec<String>) {
    match (shape.not_null(), sample, row) {
        (Shape::Any, ..) | (_, Value::Null, _) | (_, _, Value::Null) => {}
        (Shape::Object(shape), Value::Object(sample), Value::Object(row)) => {
            members(shape, sample, row, path, res);
        }
        (Shape::Reference(targets), Value::Object(sample), Value::Object(row)) => {
            members(&Shape::reference(targets), sample, row, path, res);
        }
        (Shape::List(item), Value::Array(sample), Value::Array(row)) => {
            list(item, sample, row, path, res);
        }
        _ => {
            if kind(sample) != kind(row) {
                res.push(format!("{path}: the sample has {sample}, the row {row}"));
            }
        }
    }
}

fn members(
    shape: &Object,
    sample: &Map<String, Value>,
    row: &Map<String, Value>,
    path: &str,
    res: &mut Vec<String>,
) {
    let optional = |name: &str| shape.member(name).is_some_and(|it| !it.required);
    for name in row.keys().filter(|it| !sample.contains_key(*it) && !optional(it)) {
        res.push(format!("{path}.{name}: only the row has it"));
    }
    for (name, value) in sample {
        match (row.get(name), shape.member(name)) {
            (Some(row), Some(member)) => {
                compare(&member.shape, value, row, &format!("{path}.{name}"), res);
            }
            (None, _) if !optional(name) => {
                res.push(format!("{path}.{name}: only the sample has it"));
            }
            _ => {}
        }
    }
}

/// Each entry of the row beside the entry of the sample that is of the same type and outcome.
fn list(item: &Shape, sample: &[Value], row: &[Value], path: &str, res: &mut Vec<String>) {
    for (index, entry) in row.iter().enumerate() {
        let path = format!("{path}[{index}]");
        let same = |it: &&Value| {
            ["__typename", "operation", "queryName"]
                .iter()
                .all(|name| it.get(name) == entry.get(name))
        };
        let Some(beside) = sample.iter().find(same) else {
            res.push(format!("{path}: the sample has no entry like {entry}"));
            continue;
        };
        match item {
            Shape::OneOf(objects) => {
                let fitting = objects
                    .iter()
                    .min_by_key(|it| misfits(&Shape::Object((*it).clone()), entry).len());
                if let Some(it) = fitting {
                    compare(&Shape::Object(it.clone()), beside, entry, &path, res);
                }
            }
            // A list of texts has any of them.
            Shape::Enum(_) => {}
            item => compare(item, beside, entry, &path, res),
        }
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "text",
        Value::Array(_) => "list",
        Value::Object(_) => "object",
    }
}
