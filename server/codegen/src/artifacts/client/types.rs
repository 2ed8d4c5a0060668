//! The module of types: an interface for each entity, and what `_cascade` and answers are made of.

use specql_contract::{Member, Origin, graphql_image};
use specql_model::{Entity, config::BigNumbers};

use super::{
    answers,
    names::{Names, by_typename},
    typescript::{comment, either, member},
};
use crate::{artifacts::typescript::member_name, catalog::Catalog};

const FRAMEWORK: &str = include_str!("framework.ts");

/// The module.
pub(super) fn types(catalog: Catalog<'_>) -> String {
    let mut names = Names::new(catalog);
    let mut res = String::new();
    for it in catalog.entities() {
        res.push_str(&interface(catalog, it, names.entity(it.id)));
    }
    res.push_str(&comment("", "The entities by their type in GraphQL."));
    res.push_str("export interface Entities {\n");
    for (typename, entities) in by_typename(catalog) {
        let types = either(entities.iter().map(|it| names.entity(it.id).to_owned()), "never");
        res.push_str(&format!("  {}: {types};\n", member_name(&typename)));
    }
    res.push_str("}\n\nexport type Typename = keyof Entities;\n\n");
    res.push_str(match catalog.config().big_numbers {
        BigNumbers::Text => {
            "/** A number of which no digit may be lost, as text. */\nexport type Decimal = string;\n"
        }
        BigNumbers::Number => {
            "/** A number that can have more digits than JavaScript keeps. */\nexport type Decimal = number;\n"
        }
    });
    res.push_str(FRAMEWORK);
    res.push_str(&answers::answers(catalog, &mut names));
    res
}

fn interface(catalog: Catalog<'_>, entity: &Entity, name: &str) -> String {
    let whole = format!("{}.{}", entity.schema_name(), entity.name.text);
    let said = match &entity.description {
        Some(it) => format!("`{whole}`: {}", it.text),
        None => format!("`{whole}`"),
    };
    let mut res = comment("", &said);
    res.push_str(&format!("export interface {name} {{\n"));
    for it in graphql_image(catalog.workspace(), entity).members {
        res.push_str(&comment("  ", &description(entity, &it)));
        res.push_str(&format!("  {};\n", member(&it)));
    }
    res + "}\n\n"
}

/// What the file says of a field.
fn description(entity: &Entity, member: &Member) -> String {
    let Origin::Field { field, .. } = &member.origin else { return String::new() };
    let described = entity.field(field).and_then(|it| it.description.clone());
    described.map(|it| it.to_string()).unwrap_or_default()
}
