//! Valid inputs for an action, from its contract.

#![allow(clippy::indexing_slicing, reason = "indices are drawn below the length")]

use fastrand::Rng;
use serde_json::{Map, Value, json};
use specql_contract::{Contract, Format, Input, Origin, Shape};
use specql_model::EntityId;

/// The input of a call. `row` gives the id of a row of an entity; without one where the action needs it
/// there is no call.
pub fn random_input(
    rng: &mut Rng,
    contract: &Contract,
    row: &mut dyn FnMut(EntityId) -> Option<String>,
) -> Option<Value> {
    let mut res = Map::new();
    for input in &contract.inputs {
        let value = match (&input.origin, input.shape.not_null()) {
            (Origin::BuiltIn { entity, column: "id" }, _) => row(*entity).map(Value::from),
            (_, Shape::Reference(targets)) => {
                targets.first().and_then(|it| row(it.entity)).map(Value::from)
            }
            (_, shape) => Some(random_value(rng, shape)),
        };
        let name = spelling(rng, input);
        match value {
            Some(value) if input.required || rng.u8(0..10) < 7 => {
                res.insert(name, value);
            }
            None if input.required => return None,
            _ => {}
        }
    }
    Some(res.into())
}

fn spelling(rng: &mut Rng, input: &Input) -> String {
    let index = rng.usize(0..input.spellings.len());
    input.spellings.get(index).map(ToString::to_string).unwrap_or_default()
}

/// A value that fits a shape.
pub fn random_value(rng: &mut Rng, shape: &Shape) -> Value {
    match shape {
        Shape::Object(it) => {
            let members = it.members.iter().filter(|it| it.required || rng.bool());
            let members: Vec<_> = members.map(|it| (it.name.to_string(), &it.shape)).collect();
            members.into_iter().map(|(name, it)| (name, random_value(rng, it))).collect()
        }
        Shape::List(item) => (0..rng.usize(1..4)).map(|_| random_value(rng, item)).collect(),
        Shape::Nullable(it) => random_value(rng, it),
        Shape::Text(format) => text(rng, *format).into(),
        Shape::Integer => rng.i32(0..1000).into(),
        Shape::Float => (f64::from(rng.i32(0..1000)) / 8.0).into(),
        Shape::Decimal => rng.i32(0..100).to_string().into(),
        Shape::Boolean => rng.bool().into(),
        Shape::Enum(values) => match values.len() {
            0 => Value::Null,
            count => values.get(rng.usize(0..count)).map_or(Value::Null, |it| it.as_str().into()),
        },
        Shape::Constant(it) => it.as_str().into(),
        Shape::Number(it) => (*it).into(),
        Shape::OneOf(objects) => match objects.first() {
            Some(it) => random_value(rng, &Shape::Object(it.clone())),
            None => Value::Null,
        },
        Shape::Reference(_) | Shape::Any => json!({"key": rng.u8(..)}),
    }
}

fn text(rng: &mut Rng, format: Format) -> String {
    match format {
        Format::Plain | Format::Postgres if rng.bool() => format!("no. {}", rng.u16(..)),
        Format::Plain | Format::Postgres => {
            ["it's", "Ünï \"quoted\"", "a\\b", "plain"][rng.usize(0..4)].to_owned()
        }
        Format::Uuid => format!("00000000-0000-4000-8000-{:012x}", rng.u32(..)),
        Format::DateTime => format!("2026-01-15T10:{:02}:00Z", rng.u8(0..60)),
        Format::LocalDateTime => format!("2026-01-15T10:{:02}:00", rng.u8(0..60)),
        Format::Date => format!("2026-01-{:02}", rng.u8(1..29)),
        Format::Time => format!("10:{:02}:00", rng.u8(0..60)),
        Format::Duration => "PT5M".to_owned(),
        Format::Rich(it) => it.example.to_owned(),
    }
}
