//! Payloads as shapes again, from what is recorded of their members.
//!
//! Where actions that share an event type give a member different things, it can be anything.

use std::collections::BTreeMap;

use super::{Promises, Subject, holds::Holds};
use crate::{Format, Object, Shape, shape::Origin};

impl Promises {
    /// The payload of an event type in a version, with its members in alphabetical order.
    #[must_use]
    pub fn payload(&self, name: &str, version: u32) -> Option<Object> {
        let members = self.members(&Subject::Event(name.to_owned(), version))?;
        Some(Members(members).object("payload"))
    }
}

struct Members<'a>(&'a BTreeMap<String, String>);

impl Members<'_> {
    fn object(&self, path: &str) -> Object {
        let mut res = Object::default();
        let own = format!("{path}.");
        for (key, holds) in self.0 {
            let Some(name) = key.strip_prefix(&own).filter(|it| !it.contains(['.', '[', '<']))
            else {
                continue;
            };
            let holds = Holds::read(holds);
            let required = !holds.optional;
            res.add(name, self.shape(key, &holds), required, Origin::Framework);
        }
        res
    }

    fn shape(&self, path: &str, holds: &Holds) -> Shape {
        let list = |of: &str| -> Option<Vec<ecow::EcoString>> {
            let inner = holds.base.strip_prefix(of)?.strip_prefix('(')?.strip_suffix(')')?;
            Some(inner.split(", ").map(Into::into).collect())
        };
        let shape = if holds.base.contains(" and ") && !holds.base.contains('(') {
            Shape::Any
        } else if let Some(values) = list("enum") {
            Shape::Enum(values)
        } else if let Some(values) = list("constant") {
            values.first().cloned().map_or(Shape::Any, Shape::Constant)
        } else if let Some(values) = list("number") {
            values.first().and_then(|it| it.parse().ok()).map_or(Shape::Any, Shape::Number)
        } else if let Some(types) = list("reference") {
            reference(types)
        } else {
            self.plain(path, &holds.base)
        };
        shape.or_null(holds.nullable)
    }

    fn plain(&self, path: &str, base: &str) -> Shape {
        match base {
            "object" => Shape::Object(self.object(path)),
            "list" => {
                let item = format!("{path}[]");
                let holds = self.0.get(&item).map(|it| Holds::read(it));
                holds.map_or(Shape::Any, |it| self.shape(&item, &it)).list()
            }
            "one of" => {
                let all = (0..).map(|it| format!("{path}<{it}>"));
                let known =
                    |it: &String| self.0.keys().any(|key| key.starts_with(&format!("{it}.")));
                Shape::OneOf(all.take_while(known).map(|it| self.object(&it)).collect())
            }
            "integer" => Shape::Integer,
            "float" => Shape::Float,
            "decimal" => Shape::Decimal,
            "boolean" => Shape::Boolean,
            "text" => Shape::Text(Format::Plain),
            "uuid" => Shape::Text(Format::Uuid),
            "datetime" => Shape::Text(Format::DateTime),
            "local datetime" => Shape::Text(Format::LocalDateTime),
            "date" => Shape::Text(Format::Date),
            "time" => Shape::Text(Format::Time),
            "duration" => Shape::Text(Format::Duration),
            _ => Shape::Any,
        }
    }
}

/// `{"__typename", "id"}` of a row of one of these types.
fn reference(types: Vec<ecow::EcoString>) -> Shape {
    let mut res = Object::default();
    res.framework("__typename", Shape::one_of_texts(types));
    res.framework("id", Shape::Text(Format::Uuid));
    res.into()
}
