//! Values as a maintained reader of YAML 1.2 sees them: `saphyr-parser`.
//!
//! Its events have the texts of scalars; what a plain one means is resolved by YAML 1.1 here, so that
//! only the readings of the text are compared.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle};
use specql_syntax::yaml::{Resolved, resolve};

use super::value::Value;

/// What that reader makes of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// One document with this value.
    Value(Value),
    /// It refuses the text.
    Refused,
    /// Tags, several documents or merge keys, which cannot be compared.
    Incomparable,
}

/// Reads a text.
#[must_use]
pub fn read(text: &str) -> Reading {
    let mut events = Vec::new();
    for event in Parser::new_from_str(text) {
        match event {
            Ok((event, _)) => events.push(event),
            Err(_) => return Reading::Refused,
        }
    }
    let documents = events.iter().filter(|it| matches!(it, Event::DocumentStart(_))).count();
    let mut builder = Builder::default();
    let mut events = events.into_iter().filter(|it| is_value(it));
    match builder.value(&mut events) {
        _ if documents > 1 || builder.is_incomparable => Reading::Incomparable,
        value => Reading::Value(value.unwrap_or(Value::Null)),
    }
}

/// Whether an event is a part of a value.
fn is_value(event: &Event<'_>) -> bool {
    !matches!(
        event,
        Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd
    )
}

#[derive(Default)]
struct Builder {
    anchors: HashMap<usize, Value>,
    is_incomparable: bool,
}

impl Builder {
    /// The next value; `None` at the end of a collection.
    fn value<'i>(&mut self, events: &mut impl Iterator<Item = Event<'i>>) -> Option<Value> {
        let (anchor, value) = match events.next()? {
            Event::Alias(anchor) => {
                let value = self.anchors.get(&anchor).cloned();
                self.is_incomparable |= value.is_none();
                return Some(value.unwrap_or(Value::Null));
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.is_incomparable |= tag.is_some();
                let is_plain = style == ScalarStyle::Plain;
                self.is_incomparable |= is_plain && text == "<<";
                let resolved = if is_plain { resolve(&text) } else { Resolved::Str };
                (anchor, Value::resolved(&text, &resolved))
            }
            Event::SequenceStart(anchor, tag) => {
                self.is_incomparable |= tag.is_some();
                let mut items = Vec::new();
                while let Some(item) = self.value(events) {
                    items.push(item);
                }
                (anchor, Value::List(items))
            }
            Event::MappingStart(anchor, tag) => {
                self.is_incomparable |= tag.is_some();
                let mut entries = Vec::new();
                while let Some(key) = self.value(events) {
                    entries.push((key, self.value(events).unwrap_or(Value::Null)));
                }
                (anchor, Value::map(entries))
            }
            _ => return None,
        };
        if anchor > 0 {
            self.anchors.insert(anchor, value.clone());
        }
        Some(value)
    }
}
