//! Shapes filled with example values, the same in every sample.
//!
//! What a member holds follows from where it comes from: a field's default or its name, the id of its
//! entity, a part of the framework by its name. Nothing here decides which members there are.

use serde_json::{Map, Value, json};
use specql_contract::{Format, Member, Object, Origin, Shape};
use specql_model::{BasicType, Entity, EntityId, Field, RichScalar, Type, config::BigNumbers};

use crate::catalog::Catalog;

/// The instant of every sample.
pub(super) const TIMESTAMP: &str = "2025-01-15T10:30:00.000000Z";

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

/// Members that only some objects have and that a sample leaves out.
const RARE: [&str; 4] = ["truncated", "originalCount", "replayOf", "context"];

/// The uuid that stands for an entity in every sample: the same wherever its name is.
pub(super) fn id(entity: &Entity) -> String {
    let name = format!("{}.{}", entity.schema_name(), entity.name.text);
    // FNV-1a, cut to the last group of a uuid, and kept apart from the numbered ones.
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("00000000-0000-4000-8000-{:012x}", (hash >> 16) | 1 << 47)
}

pub(super) fn numbered_id(number: usize) -> String {
    format!("00000000-0000-4000-8000-{number:012}")
}

/// An object with every member but the rare ones and those in `without`.
pub(super) fn object(catalog: Catalog<'_>, shape: &Object, without: &[&str]) -> Map<String, Value> {
    let left_out = |it: &Member| {
        let name = it.name.as_str();
        !it.required && (RARE.contains(&name) || without.contains(&name))
    };
    let members = shape.members.iter().filter(|it| !left_out(it));
    members.map(|it| (it.name.to_string(), member(catalog, it, without))).collect()
}

fn member(catalog: Catalog<'_>, it: &Member, without: &[&str]) -> Value {
    match &it.origin {
        Origin::BuiltIn { entity, column } => built_in(catalog, *entity, column, &it.shape),
        Origin::Field { entity, field, .. } => {
            let declared = catalog.entity(*entity);
            let declared = declared.and_then(|entity| entity.field(field));
            let example = declared.and_then(|field| of_field(catalog, field, &it.shape));
            example.unwrap_or_else(|| value(catalog, &it.shape, without))
        }
        Origin::Key { .. } | Origin::Framework => {
            let known = of_framework(&it.name).filter(|_| is_scalar(it.shape.not_null()));
            known.unwrap_or_else(|| value(catalog, &it.shape, without))
        }
    }
}

fn is_scalar(shape: &Shape) -> bool {
    matches!(shape, Shape::Text(_) | Shape::Integer)
}

fn built_in(catalog: Catalog<'_>, entity: EntityId, column: &str, shape: &Shape) -> Value {
    match (column, shape) {
        ("id", _) => catalog.entity(entity).map_or(Value::Null, |it| id(it).into()),
        ("tenant_id", _) => tenant(catalog),
        (_, Shape::Nullable(_)) => Value::Null,
        _ => TIMESTAMP.into(),
    }
}

fn tenant(catalog: Catalog<'_>) -> Value {
    if catalog.has_tenants() {
        numbered_id(800).into()
    } else {
        "00000000-0000-0000-0000-000000000000".into()
    }
}

/// Values that are told apart by their names.
fn of_framework(name: &str) -> Option<Value> {
    Some(match name {
        "eventId" | "cascadeEventId" | "causation_id" => numbered_id(900).into(),
        "tenantId" | "tenant_id" => numbered_id(800).into(),
        "correlation_id" => numbered_id(700).into(),
        "mutationId" | "mutation_id" => numbered_id(600).into(),
        "transactionId" => "4711".into(),
        "transaction_id" => 4711.into(),
        "trace_id" => TRACE.into(),
        "traceparent" => format!("00-{TRACE}-00f067aa0ba902b7-01").into(),
        "application_name" => "example".into(),
        "session_user_name" => "app".into(),
        "changed_by" => numbered_id(500).into(),
        "processed_at" | "change_reason" => Value::Null,
        _ => return None,
    })
}

/// The default of a field, the example of its scalar, or a text that names it.
fn of_field(catalog: Catalog<'_>, field: &Field, shape: &Shape) -> Option<Value> {
    let default = field.default.as_ref().map(|it| it.text.as_str());
    match (default, &field.ty, shape.not_null()) {
        (Some(default), Type::Enum(_), Shape::Enum(_)) => Some(default.into()),
        (Some(default), Type::Basic(BasicType::Boolean | BasicType::Integer), _) => {
            serde_json::from_str(default).ok()
        }
        (Some(default), Type::Basic(BasicType::Bigint), Shape::Decimal) => {
            Some(number(catalog, default))
        }
        (_, Type::Basic(BasicType::Bigint), Shape::Decimal) => Some(number(catalog, "1")),
        (_, Type::Rich(it), shape) => Some(rich(catalog, it, shape)),
        (_, Type::Basic(BasicType::Text) | Type::Unknown(_) | Type::Missing, Shape::Text(_)) => {
            Some(format!("example {}", field.name.as_str().replace('_', " ")).into())
        }
        _ => None,
    }
}

/// A number of which no digit may be lost.
fn number(catalog: Catalog<'_>, digits: &str) -> Value {
    if catalog.config().big_numbers == BigNumbers::Text {
        return digits.into();
    }
    serde_json::from_str(digits).unwrap_or(Value::Null)
}

fn rich(catalog: Catalog<'_>, scalar: &RichScalar, shape: &Shape) -> Value {
    let parsed = || serde_json::from_str(scalar.example).unwrap_or_else(|_| scalar.example.into());
    match shape {
        Shape::Decimal => number(catalog, scalar.example),
        Shape::Integer | Shape::Float | Shape::Any => parsed(),
        _ => scalar.example.into(),
    }
}

/// A value of a shape of which nothing more is known.
pub(super) fn value(catalog: Catalog<'_>, shape: &Shape, without: &[&str]) -> Value {
    match shape {
        Shape::Object(it) => object(catalog, it, without).into(),
        Shape::List(item) => match item.as_ref() {
            // One for each of them: a list of entries has all that there can be.
            Shape::OneOf(objects) => {
                objects.iter().map(|it| Value::from(object(catalog, it, without))).collect()
            }
            Shape::Enum(values) if values.len() > 1 => {
                values.iter().map(|it| Value::from(it.as_str())).collect()
            }
            item => vec![value(catalog, item, without)].into(),
        },
        Shape::Nullable(it) => value(catalog, it, without),
        Shape::Text(format) => text(*format).into(),
        Shape::Integer => 1.into(),
        Shape::Float => json!(1.5),
        Shape::Decimal => number(catalog, "1.50"),
        Shape::Boolean => true.into(),
        Shape::Enum(values) => values.first().map_or(Value::Null, |it| it.as_str().into()),
        Shape::Constant(it) => it.as_str().into(),
        Shape::Number(it) => (*it).into(),
        Shape::Reference(targets) => match targets.first() {
            None => Value::Null,
            Some(target) => {
                let id = catalog.entity(target.entity).map(id);
                json!({"__typename": target.typename.as_str(), "id": id})
            }
        },
        Shape::OneOf(objects) => {
            objects.first().map_or(Value::Null, |it| object(catalog, it, without).into())
        }
        Shape::Any => json!({}),
    }
}

fn text(format: Format) -> String {
    match format {
        Format::Plain | Format::Postgres => "example".to_owned(),
        Format::Uuid => numbered_id(0),
        Format::DateTime => TIMESTAMP.to_owned(),
        Format::LocalDateTime => "2025-01-15T10:30:00".to_owned(),
        Format::Date => "2025-01-15".to_owned(),
        Format::Time => "10:30:00".to_owned(),
        Format::Duration => "PT5M".to_owned(),
        Format::Rich(it) => it.example.to_owned(),
    }
}
