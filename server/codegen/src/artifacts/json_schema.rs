//! Shapes as JSON Schema, draft 2020-12.
//!
//! Objects are open: a reader that validates goes on working when a later revision adds a member.

use serde_json::{Map, Value, json};
use specql_contract::{Format, Member, Object, Origin, Shape};
use specql_model::config::BigNumbers;

use crate::catalog::Catalog;

/// The schema of an object.
pub(super) fn object(catalog: Catalog<'_>, it: &Object) -> Value {
    let properties = it.members.iter().map(|it| (it.name.to_string(), member(catalog, it)));
    let properties: Map<String, Value> = properties.collect();
    let required = it.members.iter().filter(|it| it.required);
    let required: Vec<Value> = required.map(|it| it.name.as_str().into()).collect();
    json!({"type": "object", "properties": properties, "required": required})
}

/// The schema of a member, with the field that it comes from.
fn member(catalog: Catalog<'_>, it: &Member) -> Value {
    let mut res = schema(catalog, &it.shape);
    if let (Some(from), Some(object)) = (origin(catalog, &it.origin), res.as_object_mut()) {
        object.insert("x-specql-from".into(), from.into());
    }
    res
}

/// `blog.Post.title`: the field of a file.
fn origin(catalog: Catalog<'_>, origin: &Origin) -> Option<String> {
    let (entity, column) = match origin {
        Origin::Field { entity, field, .. } => (entity, field.as_str()),
        Origin::BuiltIn { entity, column } => (entity, *column),
        Origin::Key { .. } | Origin::Framework => return None,
    };
    let entity = catalog.entity(*entity)?;
    Some(format!("{}.{}.{column}", entity.schema_name(), entity.name.text))
}

/// The schema of a value.
pub(super) fn schema(catalog: Catalog<'_>, shape: &Shape) -> Value {
    match shape {
        Shape::Object(it) => object(catalog, it),
        Shape::List(item) => json!({"type": "array", "items": schema(catalog, item)}),
        Shape::Nullable(it) => nullable(schema(catalog, it)),
        Shape::Text(format) => text(*format),
        Shape::Integer => json!({"type": "integer"}),
        Shape::Decimal if catalog.config().big_numbers == BigNumbers::Text => {
            json!({"type": "string", "pattern": "^-?[0-9]+(\\.[0-9]+)?$"})
        }
        Shape::Float | Shape::Decimal => json!({"type": "number"}),
        Shape::Boolean => json!({"type": "boolean"}),
        Shape::Enum(values) => {
            let values: Vec<&str> = values.iter().map(ecow::EcoString::as_str).collect();
            json!({"type": "string", "enum": values})
        }
        Shape::Constant(it) => json!({"const": it.as_str()}),
        Shape::Number(it) => json!({"const": it}),
        Shape::Reference(targets) if targets.is_empty() => json!({"type": "null"}),
        Shape::Reference(targets) => object(catalog, &Shape::reference(targets)),
        Shape::OneOf(objects) => match objects.as_slice() {
            [] => json!(false),
            several => {
                let all: Vec<Value> = several.iter().map(|it| object(catalog, it)).collect();
                json!({"anyOf": all})
            }
        },
        Shape::Any => json!({}),
    }
}

fn nullable(schema: Value) -> Value {
    match schema.get("type").and_then(Value::as_str) {
        Some("null") => schema,
        Some(name) if schema.get("enum").is_none() => {
            let types = json!([name, "null"]);
            let mut res = schema;
            if let Some(it) = res.get_mut("type") {
                *it = types;
            }
            res
        }
        _ => json!({"anyOf": [schema, {"type": "null"}]}),
    }
}

fn text(format: Format) -> Value {
    match format {
        Format::Uuid => json!({"type": "string", "format": "uuid"}),
        Format::DateTime => json!({"type": "string", "format": "date-time"}),
        Format::Date => json!({"type": "string", "format": "date"}),
        Format::Duration => json!({"type": "string", "format": "duration"}),
        Format::Rich(it) => {
            json!({"type": "string", "description": it.documentation, "examples": [it.example]})
        }
        Format::Plain | Format::Postgres | Format::LocalDateTime | Format::Time => {
            json!({"type": "string"})
        }
    }
}
