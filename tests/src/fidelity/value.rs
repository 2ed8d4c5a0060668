//! Values with their types, from whichever reader: two readers agree when theirs are equal.
//!
//! Numbers compare by value, mappings without regard to order, and of duplicate keys the last one
//! counts, as in the `dict` that the loader makes.

use serde_json::Value as Json;
use specql_syntax::yaml::{Entry, Node, NodeKind, Resolved, Scalar};

/// A value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// Nothing.
    Null,
    /// A boolean.
    Bool(bool),
    /// A whole number, in decimal digits.
    Int(String),
    /// The bits of a floating point number.
    Float(u64),
    /// Year, month and day; hour, minute, second, microsecond; minutes east of Greenwich.
    Timestamp(Vec<i64>),
    /// Text.
    Str(String),
    /// A list.
    List(Vec<Value>),
    /// A mapping, in the order of its keys.
    Map(Vec<(Value, Value)>),
    /// What only the other reader can make.
    Foreign(String),
}

impl Value {
    /// A value as the loader's script writes it.
    #[must_use]
    pub fn from_json(json: &Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(it) => Self::Bool(*it),
            Json::String(it) => Self::Str(it.clone()),
            Json::Object(it) => it.iter().next().map_or(Self::Null, |(k, v)| Self::of_type(k, v)),
            Json::Number(_) | Json::Array(_) => Self::Foreign(json.to_string()),
        }
    }

    fn of_type(kind: &str, json: &Json) -> Self {
        let text = || json.as_str().unwrap_or_default();
        let items = || json.as_array().map(Vec::as_slice).unwrap_or_default();
        match kind {
            "int" => Self::Int(text().to_owned()),
            "float" => Self::float(text()),
            "timestamp" => Self::Timestamp(items().iter().filter_map(Json::as_i64).collect()),
            "list" => Self::List(items().iter().map(Self::from_json).collect()),
            "map" => Self::map(items().iter().map(|it| {
                let half = |at: usize| it.get(at).map_or(Self::Null, Self::from_json);
                (half(0), half(1))
            })),
            _ => Self::Foreign(json.to_string()),
        }
    }

    /// A floating point number in Python's or in YAML's spelling.
    pub(super) fn float(text: &str) -> Self {
        let lower = text.to_ascii_lowercase().replace('_', "");
        let (sign, digits) = match lower.strip_prefix('-') {
            Some(rest) => (-1.0, rest),
            None => (1.0, lower.strip_prefix('+').unwrap_or(&lower)),
        };
        let part = |it: &str| it.parse::<f64>().unwrap_or(f64::NAN);
        let value = match digits.strip_prefix('.').unwrap_or(digits) {
            "inf" => f64::INFINITY,
            "nan" => return Self::Float(f64::NAN.to_bits()),
            _ => {
                let mut base = 1.0;
                let mut sum = 0.0;
                for it in digits.rsplit(':') {
                    sum += part(it) * base;
                    base *= 60.0;
                }
                sum
            }
        };
        Self::Float((sign * value).to_bits())
    }

    /// A mapping of entries in the order of the file.
    pub fn map(entries: impl IntoIterator<Item = (Self, Self)>) -> Self {
        let mut unique: Vec<(Self, Self)> = Vec::new();
        for (key, value) in entries {
            match unique.iter_mut().find(|it| it.0.is_same_key(&key)) {
                Some(known) => known.1 = value,
                None => unique.push((key, value)),
            }
        }
        unique.sort();
        Self::Map(unique)
    }

    /// Whether a `dict` takes both for one key: there `1`, `1.0` and `True` are the same.
    fn is_same_key(&self, other: &Self) -> bool {
        match (self.as_number(), other.as_number()) {
            (Some(one), Some(other)) => one.to_bits() == other.to_bits(),
            _ => self == other,
        }
    }

    /// The number that a key is, when it is exact as one of floating point.
    fn as_number(&self) -> Option<f64> {
        match self {
            Self::Bool(it) => Some(f64::from(u8::from(*it))),
            Self::Int(it) => it.parse::<i32>().ok().map(f64::from),
            Self::Float(bits) => Some(f64::from_bits(*bits) + 0.0),
            _ => None,
        }
    }

    /// The value that this project's reader sees.
    #[must_use]
    pub fn from_node(node: &Node) -> Self {
        match &node.kind {
            NodeKind::Missing => Self::Null,
            NodeKind::Scalar(it) => Self::from_scalar(it),
            NodeKind::Sequence(it) => Self::List(it.items.iter().map(Self::from_node).collect()),
            NodeKind::Mapping(it) => Self::map(
                it.entries
                    .iter()
                    .map(|entry| (Self::from_key(entry), Self::from_node(&entry.value))),
            ),
        }
    }

    fn from_scalar(scalar: &Scalar) -> Self {
        Self::resolved(&scalar.text, &scalar.resolved)
    }

    fn from_key(entry: &Entry) -> Self {
        Self::resolved(&entry.key.text, &entry.key_resolved)
    }

    /// What a scalar with this text means.
    pub(super) fn resolved(text: &str, resolved: &Resolved) -> Self {
        match resolved {
            Resolved::Null => Self::Null,
            Resolved::Bool(it) => Self::Bool(*it),
            Resolved::Int(it) => Self::Int(it.to_string()),
            Resolved::Float(it) => Self::float(it),
            Resolved::Timestamp => Self::Timestamp(timestamp_parts(text)),
            Resolved::Str => Self::Str(text.to_owned()),
        }
    }
}

/// The parts of a date or a time as they are written.
fn timestamp_parts(text: &str) -> Vec<i64> {
    let (date, time) = text.split_at(text.find(['T', 't', ' ', '\t']).unwrap_or(text.len()));
    let number = |it: &str| it.parse::<i64>().unwrap_or_default();
    let mut parts: Vec<i64> = date.split('-').map(number).collect();
    let time = time.trim_start_matches(['T', 't', ' ', '\t']);
    if time.is_empty() {
        return parts;
    }
    let (clock, zone) = time.split_at(time.find(['Z', '+', '-', ' ', '\t']).unwrap_or(time.len()));
    let (whole, fraction) = clock.split_once('.').unwrap_or((clock, ""));
    parts.extend(whole.split(':').map(number));
    let digits: String = fraction.chars().chain("000000".chars()).take(6).collect();
    parts.push(number(&digits));
    let zone = zone.trim_start_matches([' ', '\t']);
    if !zone.is_empty() {
        let (hours, minutes) = zone.split_once(':').unwrap_or((zone, "0"));
        let sign = if zone.starts_with('-') { -1 } else { 1 };
        let hours = hours.trim_start_matches(['+', '-', 'Z']);
        parts.push(sign * (number(hours) * 60 + number(minutes)));
    }
    parts
}
