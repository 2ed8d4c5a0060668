//! The mapping of fields, and the long form of one.

use super::{MappingSpec, Shape, upstream};

/// The fields of an entity: the author's names, each with a type or a long form.
pub static FIELDS: MappingSpec = MappingSpec {
    name: "fields",
    open: Some(&Shape::OneOf(&[Shape::FieldType, Shape::Mapping(&FIELD)])),
    open_keys: &Shape::Text,
    ..MappingSpec::CLOSED
};

/// The long form of a field.
pub static FIELD: MappingSpec = MappingSpec {
    name: "the long form of a field",
    keys: &[
        key!(
            "type",
            &[Shape::FieldType],
            "The type: a basic type (`text`, `integer`, `bigint`, `float`, `boolean`), a rich scalar \
             (`email`, `money`, `datetime` …), a composite (`SimpleAddress` …), `enum(a, b)`, \
             `list(T)` or `ref(Entity)`."; required: true),
        key!("nullable", &[Shape::Bool], "Whether the field may be empty.\n\nDefault: `true`."),
        key!(
            "required",
            &[Shape::Bool],
            "Whether a value has to be there: the opposite of `nullable`.\n\n\
             The released generator ignores this key and makes the column nullable; \
             `nullable: false` is understood by all."
        ),
        key!("default", &[Shape::Any], "The value when none is given."),
        key!(
            "description",
            &[Shape::Text],
            "What the field holds, for readers and for comments in SQL."; aliases: &["comment"]),
        key!("unique", &[Shape::Bool], "No two rows have the same value.\n\nDefault: `false`."),
        key!(
            "schema",
            &[Shape::Text],
            "The schema of the entity that a `ref` leads to, as in `ref(schema.Entity)`."
        ),
        key!(
            "values",
            &[Shape::List(&Shape::Text)],
            "The values of an `enum`, as in `enum(a, b)`."
        ),
        key!(
            "entity",
            &[Shape::Entity],
            "The entity that a `ref` leads to, as in `ref(Entity)`."; aliases: &["target"]),
        key!("items", &[Shape::FieldType], "The type of a list's items, as in `list(T)`."; aliases: &["of"]),
        key!("min", &[Shape::Any], "The least value."; aliases: &["minimum"]),
        key!("max", &[Shape::Any], "The greatest value."; aliases: &["maximum"]),
        key!(
            "was",
            &[Shape::Text],
            "The name that the field had before. `specql-lsp migrate` renames the column, with its \
             values; nothing else reads it, so it can stay.\n\n\
             ```yaml\ntitle: {type: text, was: name}\n```"
        ),
        upstream::read(
            "validation",
            "Limits read by SpecQL 0.5 beta: a mapping with `min`, `max`, `pattern`.",
        ),
        upstream::ignored("primary_key"),
        upstream::ignored("index"),
        upstream::ignored("generated"),
        upstream::ignored("computed"),
        upstream::ignored("expression"),
        upstream::ignored("stored"),
    ],
    ..MappingSpec::CLOSED
};
