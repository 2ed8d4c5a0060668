//! How a value of an older version becomes one of a newer.

use specql_contract::{Member, Object, Shape};
use specql_model::config::BigNumbers;

use crate::catalog::Catalog;

/// What is done with a value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Plan {
    /// It stays.
    Keep,
    /// It is written as a text.
    Text,
    /// An object of these members.
    Object(Vec<(String, Source)>),
    /// Each item of the list.
    List(Box<Plan>),
    /// The value, unless it is null.
    OrNull(Box<Plan>),
    /// Nothing says how: the path, and what is there in the newer version.
    Gap(String, Shape),
}

/// Where a member comes from.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Source {
    /// From the same member, which is always there.
    Member(Plan),
    /// From the same member where it is there; otherwise null.
    OrNull(Plan),
    /// From the same member where it is there; otherwise it is missing too.
    IfThere(Plan),
    /// It is null.
    Null,
    /// It is this text.
    Constant(String),
    /// It is this number.
    Number(u32),
    /// Nothing says what it is.
    Gap(String, Shape),
}

impl Plan {
    /// The gaps that are left, with what belongs there.
    pub(super) fn gaps(&self) -> Vec<(&str, &Shape)> {
        match self {
            Self::Keep | Self::Text => Vec::new(),
            Self::List(it) | Self::OrNull(it) => it.gaps(),
            Self::Gap(path, shape) => vec![(path, shape)],
            Self::Object(members) => members.iter().flat_map(|it| it.1.gaps()).collect(),
        }
    }
}

impl Source {
    fn gaps(&self) -> Vec<(&str, &Shape)> {
        match self {
            Self::Member(it) | Self::OrNull(it) | Self::IfThere(it) => it.gaps(),
            Self::Gap(path, shape) => vec![(path, shape)],
            Self::Null | Self::Constant(_) | Self::Number(_) => Vec::new(),
        }
    }
}

/// From one payload to another.
pub(super) fn plan(catalog: Catalog<'_>, old: &Object, new: &Object) -> Plan {
    let texts = catalog.config().big_numbers == BigNumbers::Text;
    object(texts, old, new, "")
}

fn object(texts: bool, old: &Object, new: &Object, path: &str) -> Plan {
    if old.means_same(new) {
        return Plan::Keep;
    }
    let members = new.members.iter().filter_map(|member| {
        let inside = if path.is_empty() {
            member.name.to_string()
        } else {
            format!("{path}.{}", member.name)
        };
        Some((member.name.to_string(), source(texts, old.member(&member.name), member, &inside)?))
    });
    Plan::Object(members.collect())
}

/// Where a member comes from; `None` where it is missing.
fn source(texts: bool, old: Option<&Member>, new: &Member, path: &str) -> Option<Source> {
    let is_nullable = matches!(new.shape, Shape::Nullable(_) | Shape::Any);
    let Some(old) = old else {
        return match new.shape.not_null() {
            _ if !new.required => None,
            _ if is_nullable => Some(Source::Null),
            Shape::Constant(it) => Some(Source::Constant(it.to_string())),
            Shape::Number(it) => Some(Source::Number(*it)),
            _ => Some(Source::Gap(path.to_owned(), new.shape.clone())),
        };
    };
    let plan = value(texts, &old.shape, &new.shape, path);
    Some(match (old.required, new.required) {
        (true, _) => Source::Member(plan),
        (false, false) => Source::IfThere(plan),
        (false, true) if is_nullable => Source::OrNull(plan),
        (false, true) => Source::Gap(path.to_owned(), new.shape.clone()),
    })
}

fn value(texts: bool, old: &Shape, new: &Shape, path: &str) -> Plan {
    if old.means_same(new) {
        return Plan::Keep;
    }
    match (old, new) {
        (_, Shape::Any) => Plan::Keep,
        (Shape::Nullable(old), Shape::Nullable(new)) => match value(texts, old, new, path) {
            Plan::Keep => Plan::Keep,
            Plan::Gap(..) => Plan::Gap(path.to_owned(), Shape::Nullable(new.clone())),
            other => Plan::OrNull(Box::new(other)),
        },
        (_, Shape::Nullable(new)) => value(texts, old, new, path),
        (Shape::Object(old), Shape::Object(new)) => object(texts, old, new, path),
        (Shape::List(old), Shape::List(new)) => {
            match value(texts, old, new, &format!("{path}[]")) {
                Plan::Keep => Plan::Keep,
                other => Plan::List(Box::new(other)),
            }
        }
        _ if holds_all(old, new) => Plan::Keep,
        (Shape::Integer | Shape::Number(_) | Shape::Boolean, Shape::Text(it)) if it.takes_all() => {
            Plan::Text
        }
        (Shape::Integer | Shape::Number(_), Shape::Decimal) if texts => Plan::Text,
        (Shape::Decimal, Shape::Text(it)) if it.takes_all() => {
            if texts {
                Plan::Keep
            } else {
                Plan::Text
            }
        }
        _ => Plan::Gap(path.to_owned(), new.clone()),
    }
}

/// Whether every value of the one is one of the other.
fn holds_all(old: &Shape, new: &Shape) -> bool {
    match (old, new) {
        (Shape::Text(_) | Shape::Enum(_) | Shape::Constant(_), Shape::Text(it)) => it.takes_all(),
        (Shape::Enum(old), Shape::Enum(new)) => old.iter().all(|it| new.contains(it)),
        (Shape::Constant(old), Shape::Enum(new)) => new.contains(old),
        (Shape::Number(_), Shape::Integer | Shape::Float) | (Shape::Integer, Shape::Float) => true,
        _ => false,
    }
}
