//! Names of the entity, its fields and their types, its audit trail, its actions and their parameters.

use specql_model::{Action, ActionId, Audit, Entity, Field, Parameter, Type};
use specql_text::TextRange;

use super::{Mentions, Subject, views};

pub(super) fn entity<'a>(
    it: &'a Entity,
    is_asked: &dyn Fn(TextRange) -> bool,
    acc: &mut Mentions<'a>,
) {
    acc.declare(it.name.range, Subject::Entity(it.id));
    for field in it.fields.iter().filter(|it| is_asked(it.range)) {
        self::field(it, field, acc);
    }
    if let Some(audit) = &it.audit {
        self::audit(it, audit, acc);
    }
    if let Some(block) = &it.views {
        views::views(it, block, acc);
    }
}

fn field<'a>(owner: &'a Entity, it: &'a Field, acc: &mut Mentions<'a>) {
    let subject = Subject::Field(owner.id, it);
    acc.declare(it.name.range, subject.clone());
    if it.type_range != it.name.range {
        type_names(&it.ty, it.type_range, acc);
    }
    if let Type::Enum(values) = &it.ty {
        for value in values {
            acc.declare(value.range, Subject::EnumValue { owner: owner.id, field: it, value });
        }
    }
    if let Some(default) = &it.default {
        acc.enum_value(&subject, &default.text.text, default.text.range);
    }
}

fn type_names<'a>(ty: &'a Type, range: TextRange, acc: &mut Mentions<'a>) {
    match ty {
        Type::Ref(targets) => targets.iter().for_each(|it| {
            acc.entity(it);
        }),
        Type::List(item) => {
            acc.push(range, Subject::Type(ty));
            type_names(item, range, acc);
        }
        Type::Unknown(_) | Type::Missing => {}
        Type::Basic(_)
        | Type::Rich(_)
        | Type::Composite(_)
        | Type::Enum(_)
        | Type::Postgres { .. } => acc.push(range, Subject::Type(ty)),
    }
}

fn audit<'a>(owner: &'a Entity, it: &'a Audit, acc: &mut Mentions<'a>) {
    for name in it.track_fields.iter().flatten().chain(&it.exclude_fields) {
        acc.field(Some(owner.id), name);
    }
}

pub(super) fn action<'a>(id: ActionId, it: &'a Action, acc: &mut Mentions<'a>) {
    acc.declare(it.name.range, Subject::Action(id));
    for parameter in &it.parameters {
        self::parameter(id, parameter, acc);
    }
    if let Some(it) = &it.returns {
        acc.entity_name(it);
    }
}

fn parameter<'a>(id: ActionId, it: &'a Parameter, acc: &mut Mentions<'a>) {
    let (owner, subject) = (id.entity, Subject::Parameter(id.entity, it));
    acc.declare(it.name.range, subject.clone());
    if it.type_range != it.name.range {
        type_names(&it.ty, it.type_range, acc);
    }
    if let Type::Enum(values) = &it.ty {
        for value in values {
            acc.declare(value.range, Subject::Choice { owner, parameter: it, value });
        }
    }
    if let Some(default) = &it.default {
        acc.enum_value(&subject, &default.text.text, default.text.range);
    }
}
