//! The read model of an entity: what events carry of a row, and in the spelling of GraphQL what a
//! cascade carries.

use specql_model::{Entity, Workspace, config::FieldCase};

use crate::{
    fields::kept_fields,
    names::graphql_member,
    shape::{Format, Object, Origin, Shape},
    value::shape_of_type,
};

/// A row in snake_case: `id`, `identifier`, the fields in the order of the file, and when and by whom
/// it was made and changed.
#[must_use]
pub fn row_image(workspace: &Workspace, entity: &Entity) -> Object {
    let mut res = Object::default();
    let uuid = Shape::Text(Format::Uuid);
    let built_in = |column| Origin::BuiltIn { entity: entity.id, column };
    res.add("id", uuid.clone(), true, built_in("id"));
    let text = Shape::Text(Format::Plain).or_null(true);
    res.add("identifier", text, true, built_in("identifier"));
    for field in kept_fields(entity) {
        let dangling = matches!(&field.ty, specql_model::Type::Ref(_))
            && workspace.target(entity.id, &field.ty).is_none();
        let shape = shape_of_type(workspace, entity.id, &field.ty);
        let origin =
            Origin::Field { entity: entity.id, field: field.name.text.clone(), range: field.range };
        let shape = shape.or_null(field.nullable || dangling);
        res.add(field.name.text.clone(), shape, true, origin);
    }
    for (by, at) in [("created_by", "created_at"), ("updated_by", "updated_at")] {
        res.add(at, Shape::Text(Format::DateTime), true, built_in(at));
        res.add(by, uuid.clone().or_null(true), true, built_in(by));
    }
    res
}

/// A row in the spelling of GraphQL, with its type.
#[must_use]
pub fn graphql_image(workspace: &Workspace, entity: &Entity) -> Object {
    let mut res = Object::default();
    res.framework("__typename", Shape::Constant(workspace.type_name(entity)));
    for member in row_image(workspace, entity).members {
        let name = match workspace.config().field_case {
            FieldCase::Camel => graphql_member(workspace.config(), &member.name),
            FieldCase::Snake => member.name,
        };
        res.add(name, member.shape, member.required, member.origin);
    }
    res
}
