//! The shape of a type's values, as `jsonb` has them.

use specql_model::{BasicType, Composite, EntityId, RichScalar, Type, Workspace};

use crate::shape::{Format, Object, Origin, Shape, Target};

/// The shape of the values of a field or parameter that an entity's file declares, without `null`.
#[must_use]
pub fn shape_of_type(workspace: &Workspace, from: EntityId, ty: &Type) -> Shape {
    match ty {
        Type::Basic(BasicType::Text) | Type::Unknown(_) | Type::Missing => {
            Shape::Text(Format::Plain)
        }
        Type::Basic(BasicType::Integer) => Shape::Integer,
        Type::Basic(BasicType::Bigint) => Shape::Decimal,
        Type::Basic(BasicType::Float) => Shape::Float,
        Type::Basic(BasicType::Boolean) => Shape::Boolean,
        Type::Rich(it) => rich(it),
        Type::Composite(it) => composite(workspace, from, it).into(),
        Type::Enum(values) => Shape::Enum(values.iter().map(|it| it.text.clone()).collect()),
        Type::List(item) => shape_of_type(workspace, from, item).list(),
        Type::Ref(_) => Shape::Reference(targets(workspace, from, ty)),
        Type::Postgres { sql_type, .. } => of_sql_type(sql_type, Format::Postgres),
    }
}

/// The entities that a reference leads to.
pub(crate) fn targets(workspace: &Workspace, from: EntityId, ty: &Type) -> Vec<Target> {
    let found = workspace.targets(from, ty);
    found.map(|entity| Target { entity, typename: workspace.type_name_of(entity) }).collect()
}

fn rich(it: &'static RichScalar) -> Shape {
    of_sql_type(&it.sql_type.to_ascii_lowercase(), Format::Rich(it))
}

/// The shape of a PostgreSQL type; `text` is what a text of it says.
pub(crate) fn of_sql_type(sql_type: &str, text: Format) -> Shape {
    let base = sql_type.split('(').next().unwrap_or_default().trim();
    match base {
        "smallint" | "integer" => Shape::Integer,
        "bigint" | "numeric" | "decimal" => Shape::Decimal,
        "real" | "double precision" => Shape::Float,
        "boolean" => Shape::Boolean,
        "json" | "jsonb" => Shape::Any,
        "uuid" => Shape::Text(Format::Uuid),
        "date" => Shape::Text(Format::Date),
        "time" | "timetz" => Shape::Text(Format::Time),
        "timestamptz" => Shape::Text(Format::DateTime),
        "timestamp" => Shape::Text(Format::LocalDateTime),
        "interval" => Shape::Text(Format::Duration),
        _ => Shape::Text(text),
    }
}

fn composite(workspace: &Workspace, from: EntityId, it: &'static Composite) -> Object {
    let mut res = Object::default();
    for (name, _, required) in it.parts {
        let shape = it.part(name).map(|ty| shape_of_type(workspace, from, &ty));
        let shape = shape.unwrap_or(Shape::Any).or_null(!required);
        res.add(*name, shape, *required, Origin::Framework);
    }
    res
}
