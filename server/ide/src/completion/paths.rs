//! Fields, enum values, variables and functions of expressions.

use specql_model::{BasicType, Entity, EntityId, Field, Type, entity::BUILT_INS};

use crate::{
    CompletionKind, describe, hover,
    mention::Subject,
    scope::{Place, Scope},
};

use super::items::{Item, Items};

/// Name, call with places for its arguments, what it gives.
const FUNCTIONS: &[(&str, &str, &str)] = &[
    ("now", "now()", "the time at which the transaction began"),
    ("coalesce", "coalesce(${1:value}, ${2:fallback})", "the first value that is not null"),
    ("lower", "lower(${1:text})", "the text in lower case"),
    ("upper", "upper(${1:text})", "the text in upper case"),
    ("trim", "trim(${1:text})", "the text without spaces around it"),
    ("length", "length(${1:text})", "the number of characters"),
    ("concat", "concat(${1:text}, ${2:text})", "the texts joined; null counts as empty"),
    ("nullif", "nullif(${1:value}, ${2:other})", "null when both are equal, else the first"),
    ("greatest", "greatest(${1:value}, ${2:value})", "the greatest of the values"),
    ("least", "least(${1:value}, ${2:value})", "the least of the values"),
    ("round", "round(${1:number}, ${2:0})", "the number rounded to so many digits"),
    ("abs", "abs(${1:number})", "the number without its sign"),
    ("gen_random_uuid", "gen_random_uuid()", "a random UUID"),
];

/// The fields of an entity, declared ones first; without those in `present`.
pub(super) fn fields(
    scope: &Scope<'_>,
    owner: EntityId,
    present: &dyn Fn(&str) -> bool,
    acc: &mut Items,
) {
    let Some(entity) = scope.workspace.entity(owner) else { return };
    let declared = entity.fields.iter().filter(|it| !it.name.text.is_empty());
    acc.extend(declared.filter(|it| !present(&it.name.text)).map(|it| field(scope, entity, it)));
}

/// One field.
pub(super) fn field(scope: &Scope<'_>, owner: &Entity, it: &Field) -> Item {
    Item::new(it.name.text.as_str(), CompletionKind::Field)
        .detail(describe::field_type(it))
        .documentation(hover::field(scope.workspace, owner.id, it))
}

/// The columns that every entity has.
pub(super) fn built_ins(present: &dyn Fn(&str) -> bool, acc: &mut Items) {
    acc.extend(BUILT_INS.iter().filter(|it| !present(it.name)).map(|it| {
        Item::new(it.name, CompletionKind::Field).detail(it.sql_type).documentation(it.documentation)
    }));
}

/// What can follow `path.`.
pub(super) fn members(scope: &Scope<'_>, path: &str, acc: &mut Items) {
    match scope.place(path) {
        Some(Place::Row(owner)) => {
            fields(scope, owner, &|_| false, acc);
            built_ins(&|_| false, acc);
        }
        Some(Place::Input) => {
            parameters(scope, acc);
            fields(scope, scope.own, &|_| false, acc);
            acc.extend([Item::new("id", CompletionKind::Field).detail("uuid")]);
        }
        None => {}
    }
}

/// The values that a field's type suggests in an expression; inside a string without its quotes.
pub(super) fn literals(ty: &Type, in_string: bool, acc: &mut Items) {
    match ty {
        Type::Enum(values) => acc.extend(values.iter().map(|it| {
            let text = it.text.replace('\'', "''");
            let text = if in_string { text } else { format!("'{text}'") };
            Item::new(it.as_str(), CompletionKind::Value).text(text)
        })),
        Type::Basic(BasicType::Boolean) if !in_string => booleans(acc),
        _ => {}
    }
}

/// The values that a field's type suggests as its default: bare.
pub(super) fn defaults(ty: &Type, acc: &mut Items) {
    match ty {
        Type::Enum(values) => {
            acc.extend(values.iter().map(|it| Item::new(it.as_str(), CompletionKind::Value)));
        }
        Type::Basic(BasicType::Boolean) => booleans(acc),
        _ => {}
    }
}

/// `true` and `false`.
pub(super) fn booleans(acc: &mut Items) {
    acc.extend(["true", "false"].map(|it| Item::new(it, CompletionKind::Value)));
}

/// The type of what a path as text means.
pub(super) fn type_of<'a>(scope: &Scope<'a>, path: &str) -> Option<&'a Type> {
    match scope.resolve_text(path)? {
        Subject::Field(_, field) => Some(&field.ty),
        Subject::Parameter(_, parameter) => Some(&parameter.ty),
        _ => None,
    }
}

/// Everything that can begin an operand: fields, variables, parameters, functions, keywords.
pub(super) fn operands(scope: &Scope<'_>, acc: &mut Items) {
    for it in scope.variables.iter().rev() {
        let entity = it.entity.and_then(|it| scope.workspace.entity(it));
        acc.push(
            Item::new(it.name.text.as_str(), CompletionKind::Variable)
                .detail(entity.map(|it| it.name.text.to_string()).unwrap_or_default()),
        );
    }
    if let Some(row) = scope.row {
        fields(scope, row, &|_| false, acc);
    }
    parameters(scope, acc);
    acc.push(Item::new("input", CompletionKind::Variable).detail("what the caller gives"));
    built_ins(&|_| false, acc);
    acc.extend(FUNCTIONS.iter().map(|(name, call, documentation)| {
        Item::new(*name, CompletionKind::Function).snippet(*call).documentation(*documentation)
    }));
    for keyword in ["NULL", "NOT", "EXISTS", "CASE", "true", "false"] {
        acc.push(Item::new(keyword, CompletionKind::Keyword));
    }
}

fn parameters(scope: &Scope<'_>, acc: &mut Items) {
    for it in scope.parameters() {
        acc.push(
            Item::new(it.name.text.as_str(), CompletionKind::Variable)
                .detail(describe::type_name(&it.ty)),
        );
    }
}
