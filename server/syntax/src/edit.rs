//! Edits of YAML that keep comments, indentation, quoting and flow or block style of their
//! surroundings.
//!
//! Invariant: parsing the edited text gives the old values with the named change, and nothing else.

use specql_text::TextEdit;

use crate::{
    Parse,
    yaml::{Entry, Node},
};

/// A value to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A scalar; quoted only where YAML 1.1 would otherwise read something else.
    Scalar(String),
    /// A list, written in flow style: `[a, b]`.
    FlowList(Vec<String>),
    /// A list with a dash for each item.
    List(Vec<Value>),
    /// Keys and values in order.
    Mapping(Vec<(String, Value)>),
}
