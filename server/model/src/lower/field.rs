//! Fields in their short and long forms.

use specql_syntax::{
    Name,
    ast::{self, FieldOptions},
    expression::EntityReference,
    statement::LineProblem,
    type_expression::{FieldExpression, TypeKind, parse_field},
    yaml::{Node, ScalarStyle},
};
use specql_text::TextRange;
use thin_vec::ThinVec;

use super::reader::Reader;
use crate::{Bounds, Default, Field, Type};

pub(super) fn field(reader: &Reader<'_>, written: ast::Field<'_>) -> Field {
    let entry = written.0;
    let empty = Field {
        name: entry.key.clone(),
        range: entry.range,
        ty: Type::Missing,
        type_range: entry.key.range,
        nullable: true,
        default: None,
        unique: false,
        description: None,
        lost_nullability: None,
        parameters: ThinVec::new(),
        bounds: Bounds::default(),
        was: None,
        problems: ThinVec::new(),
    };
    match (written.options(), written.ty()) {
        (Some(options), _) => long(reader, empty, options),
        (None, Some(ty)) => short(reader, empty, ty),
        (None, None) => empty,
    }
}

fn short(reader: &Reader<'_>, empty: Field, value: &Node) -> Field {
    let Some(scalar) = value.as_scalar() else {
        return Field { type_range: value.range, ..empty };
    };
    let (written, problems) = parse_field(scalar);
    let written = TypeAndMore::new(written, problems, value.range);
    Field {
        description: reader.comment_behind(empty.range),
        nullable: written.bang.is_none(),
        lost_nullability: written.bang.filter(|_| written.bang_before_default).map(Box::new),
        ty: written.ty,
        type_range: written.range,
        default: written.default.map(Box::new),
        parameters: written.parameters.into(),
        problems: written.problems.into(),
        ..empty
    }
}

fn long(reader: &Reader<'_>, empty: Field, options: FieldOptions<'_>) -> Field {
    let written =
        options.ty().and_then(|it| Some((it.as_scalar()?, it.range))).map(|(scalar, range)| {
            let (written, problems) = parse_field(scalar);
            TypeAndMore::new(written, problems, range)
        });
    let required = options.required_entry().filter(|it| it.value.as_bool() == Some(true));
    let not_null = options.nullable() == Some(false);
    let bang = written.as_ref().and_then(|it| it.bang);
    // The upstream loader reads `nullable` alone.
    let lost = if not_null { None } else { required.map(|it| it.key.range).or(bang) };
    let (ty, type_range, in_type, parameters, problems) = match written {
        Some(it) => (it.ty, it.range, it.default, it.parameters, it.problems),
        None => (Type::Missing, empty.type_range, None, Vec::new(), Vec::new()),
    };
    Field {
        ty: complete(ty, options),
        type_range,
        nullable: !(not_null || required.is_some() || bang.is_some()),
        default: options.default().and_then(|it| default(reader, it)).or(in_type).map(Box::new),
        unique: options.unique() == Some(true),
        description: options.description().map(|it| it.text),
        lost_nullability: lost.map(Box::new),
        parameters: parameters.into(),
        bounds: Bounds::new(options.min(), options.max()),
        was: options.was().map(Box::new),
        problems: problems.into(),
        ..empty
    }
}

/// The type with what other keys of the long form add to it.
fn complete(ty: Type, options: FieldOptions<'_>) -> Type {
    match ty {
        Type::Ref(targets) => Type::Ref(complete_targets(targets, options)),
        Type::Unknown(it) if matches!(it.as_str(), "ref" | "reference") => {
            Type::Ref(complete_targets(Vec::new(), options))
        }
        Type::Enum(values) if values.is_empty() => Type::Enum(enum_values(options)),
        Type::Unknown(it) if it.text == "enum" => Type::Enum(enum_values(options)),
        Type::Unknown(it) if matches!(it.as_str(), "list" | "array") => {
            Type::List(Box::new(item_type(options)))
        }
        Type::List(item) if *item == Type::Missing => Type::List(Box::new(item_type(options))),
        other => other,
    }
}

/// The targets of a `ref`, with the schema of the key `schema` where they name none.
fn complete_targets(
    mut targets: Vec<EntityReference>,
    options: FieldOptions<'_>,
) -> Vec<EntityReference> {
    if targets.is_empty() {
        targets.extend(options.target().map(|it| EntityReference::of(&it)));
    }
    let schema = options.schema();
    for target in &mut targets {
        target.schema = target.schema.take().or_else(|| schema.clone());
    }
    targets
}

fn enum_values(options: FieldOptions<'_>) -> Vec<Name> {
    options.values().unwrap_or_default()
}

fn item_type(options: FieldOptions<'_>) -> Type {
    let items = options.items().and_then(Node::as_scalar);
    items.map_or(Type::Missing, |it| ty(parse_field(it).0))
}

fn default(reader: &Reader<'_>, value: &Node) -> Option<Default> {
    let text = reader.text_of(value)?;
    let quoted = value.as_scalar().is_some_and(|it| it.style != ScalarStyle::Plain);
    Some(Default { text, quoted })
}

/// The type of a short form.
pub(super) fn ty(it: FieldExpression) -> Type {
    it.ty.map_or(Type::Missing, |it| Type::from_expression(&it))
}

/// What a type's one-line language says, with the default when one is written there.
struct TypeAndMore {
    ty: Type,
    range: TextRange,
    bang: Option<TextRange>,
    bang_before_default: bool,
    default: Option<Default>,
    parameters: Vec<Name>,
    problems: Vec<LineProblem>,
}

impl TypeAndMore {
    fn new(it: FieldExpression, problems: Vec<LineProblem>, value: TextRange) -> Self {
        let range = it.ty.as_ref().map_or(value, |it| it.range);
        let parameters = match it.ty.as_ref().map(|it| &it.kind) {
            Some(TypeKind::Named { parameters, .. }) => parameters.clone(),
            _ => Vec::new(),
        };
        let quoted = it.default_quoted;
        Self {
            range,
            parameters,
            bang: it.required,
            bang_before_default: it.bang_before_default,
            default: it.default.clone().map(|text| Default { text, quoted }),
            ty: ty(it),
            problems,
        }
    }
}
