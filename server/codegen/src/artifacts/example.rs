//! Example values by type, the same in every sample.

use serde_json::{Map, Value, json};
use specql_model::{
    BasicType, Composite, Entity, Field, RichScalar, Type, config::FieldCase, entity::graphql_name,
};

use crate::catalog::Catalog;

/// The instant of every sample.
pub(super) const TIMESTAMP: &str = "2025-01-15T10:30:00.000000Z";

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

/// The read model of an entity, in snake_case: what an event carries.
pub(super) fn row(catalog: Catalog<'_>, entity: &Entity) -> Map<String, Value> {
    let mut res = Map::new();
    res.insert("id".into(), id(entity).into());
    res.insert("identifier".into(), Value::Null);
    for (field, _) in catalog.columns(entity) {
        res.insert(field.name.text.to_string(), field_value(catalog, entity, field));
    }
    for name in ["created_at", "created_by", "updated_at", "updated_by"] {
        let value = if name.ends_with("_at") { TIMESTAMP.into() } else { Value::Null };
        res.insert(name.into(), value);
    }
    res
}

/// The entity in the spelling of GraphQL, with its type: what a cascade carries.
pub(super) fn graphql_entity(catalog: Catalog<'_>, entity: &Entity) -> Map<String, Value> {
    let mut res = Map::new();
    res.insert("__typename".into(), entity.name.as_str().into());
    for (name, value) in row(catalog, entity) {
        let name = match catalog.config().field_case {
            FieldCase::Camel => graphql_name(&name),
            FieldCase::Snake => name,
        };
        res.insert(name, value);
    }
    res
}

fn field_value(catalog: Catalog<'_>, entity: &Entity, field: &Field) -> Value {
    match (&field.default, &field.ty) {
        (
            Some(default),
            Type::Basic(BasicType::Boolean | BasicType::Integer | BasicType::Bigint),
        ) => serde_json::from_str(default.text.as_str()).unwrap_or(Value::Null),
        (Some(default), Type::Enum(_)) => default.text.as_str().into(),
        (_, Type::Ref(_)) => match catalog.target(entity, field) {
            Some(target) => json!({"__typename": target.name.as_str(), "id": id(target)}),
            None => Value::Null,
        },
        (_, Type::Basic(BasicType::Text) | Type::Unknown(_) | Type::Missing) => {
            format!("example {}", field.name.text.replace('_', " ")).into()
        }
        (_, ty) => value(ty),
    }
}

fn value(ty: &Type) -> Value {
    match ty {
        Type::Basic(BasicType::Integer | BasicType::Bigint) => 1.into(),
        Type::Basic(BasicType::Float) => json!(1.5),
        Type::Basic(BasicType::Boolean) => true.into(),
        Type::Basic(BasicType::Text) | Type::Unknown(_) | Type::Missing => "example".into(),
        Type::Enum(values) => values.first().map_or(Value::Null, |it| it.as_str().into()),
        Type::Rich(it) => rich(it),
        Type::Composite(it) => composite(it),
        Type::List(item) => Value::Array(vec![value(item)]),
        Type::Ref(_) => numbered_id(0).into(),
        Type::Postgres { sql_type, .. } => postgres(sql_type),
    }
}

fn rich(scalar: &RichScalar) -> Value {
    let is_number = scalar.sql_type.to_ascii_lowercase().starts_with("numeric");
    let is_json = scalar.sql_type.eq_ignore_ascii_case("jsonb");
    if is_number || is_json {
        return serde_json::from_str(scalar.example).unwrap_or_else(|_| scalar.example.into());
    }
    scalar.example.into()
}

fn composite(composite: &Composite) -> Value {
    let parts = composite.parts.iter().map(|it| {
        let value = composite.part(it.0).map_or(Value::Null, |it| value(&it));
        (it.0.to_owned(), value)
    });
    Value::Object(parts.collect())
}

fn postgres(sql_type: &str) -> Value {
    let base = sql_type.split('(').next().unwrap_or_default().trim().to_ascii_lowercase();
    match base.as_str() {
        "numeric" | "decimal" | "double precision" | "real" => json!(1.5),
        "smallint" | "integer" | "bigint" => 1.into(),
        "boolean" => true.into(),
        "jsonb" | "json" => json!({}),
        "uuid" => numbered_id(0).into(),
        "date" => "2025-01-15".into(),
        "time" => "10:30:00".into(),
        it if it.starts_with("timestamp") => TIMESTAMP.into(),
        _ => "example".into(),
    }
}
