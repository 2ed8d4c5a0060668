//! What a member holds, as text that can be read again: `optional text?`, `enum(draft, published)`.

use std::fmt;

use crate::{Format, Object, Shape};

/// What a member holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Holds {
    /// The object can be without it.
    pub(super) optional: bool,
    /// It can be `null`.
    pub(super) nullable: bool,
    /// What it is otherwise.
    pub(super) base: String,
}

impl Holds {
    /// The members of an object with all that is in them, by their paths.
    pub(super) fn of_object(path: &str, object: &Object) -> Vec<(String, Self)> {
        let mut res = Vec::new();
        for it in &object.members {
            add(&mut res, format!("{path}.{}", it.name), &it.shape, !it.required);
        }
        res
    }

    /// Reads what [`fmt::Display`] writes.
    pub(super) fn read(text: &str) -> Self {
        let (optional, rest) = match text.strip_prefix("optional ") {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (nullable, base) = match rest.strip_suffix('?') {
            Some(base) => (true, base),
            None => (false, rest),
        };
        Self { optional, nullable, base: base.to_owned() }
    }
}

impl fmt::Display for Holds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (optional, nullable) =
            (if self.optional { "optional " } else { "" }, if self.nullable { "?" } else { "" });
        write!(f, "{optional}{}{nullable}", self.base)
    }
}

fn add(into: &mut Vec<(String, Holds)>, path: String, shape: &Shape, optional: bool) {
    let nullable = matches!(shape, Shape::Nullable(_) | Shape::Any);
    let own = shape.not_null();
    into.push((path.clone(), Holds { optional, nullable, base: base(own) }));
    match own {
        Shape::Object(it) => into.extend(Holds::of_object(&path, it)),
        Shape::List(item) => add(into, format!("{path}[]"), item, false),
        Shape::OneOf(objects) => {
            for (index, it) in objects.iter().enumerate() {
                into.extend(Holds::of_object(&format!("{path}<{index}>"), it));
            }
        }
        _ => {}
    }
}

fn base(shape: &Shape) -> String {
    let listed = |name: &str, all: &mut dyn Iterator<Item = &str>| {
        let all: Vec<&str> = all.collect();
        format!("{name}({})", all.join(", "))
    };
    match shape {
        Shape::Object(_) => "object".into(),
        Shape::List(_) => "list".into(),
        Shape::Nullable(it) => base(it),
        Shape::Text(format) => text(*format).into(),
        Shape::Integer => "integer".into(),
        Shape::Float => "float".into(),
        Shape::Decimal => "decimal".into(),
        Shape::Boolean => "boolean".into(),
        Shape::Enum(values) => listed("enum", &mut values.iter().map(ecow::EcoString::as_str)),
        Shape::Constant(it) => format!("constant({it})"),
        Shape::Number(it) => format!("number({it})"),
        Shape::Reference(all) => {
            listed("reference", &mut all.iter().map(|it| it.typename.as_str()))
        }
        Shape::OneOf(_) => "one of".into(),
        Shape::Any => "any".into(),
    }
}

/// A text of a rich scalar is checked where it is written; to its readers it is any text.
const fn text(format: Format) -> &'static str {
    match format {
        Format::Plain | Format::Rich(_) | Format::Postgres => "text",
        Format::Uuid => "uuid",
        Format::DateTime => "datetime",
        Format::LocalDateTime => "local datetime",
        Format::Date => "date",
        Format::Time => "time",
        Format::Duration => "duration",
    }
}
