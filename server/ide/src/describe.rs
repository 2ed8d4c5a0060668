//! Entities, fields, types and effects in words: what hovers, completions and the outline share.

use specql_contract::{Contract, Rows};
use specql_model::{
    BasicType, Certainty, Effect, EffectFields, Entity, Field, OwnRow, RowSource, Type, Workspace,
    expression::EntityReference, infer::ValueType,
};

/// A type as its author wrote it: `ref(Author)`, `enum(draft, published)`.
pub(crate) fn type_name(it: &Type) -> String {
    let as_is = |it: &EntityReference| {
        Some(match &it.schema {
            Some(schema) => format!("{}.{}", schema.text, it.name.text),
            None => it.name.text.to_string(),
        })
    };
    it.written(&as_is).unwrap_or_default()
}

/// What a type is in PostgreSQL; absent where that does not follow from the type alone.
pub(crate) fn sql_type(it: &Type) -> Option<&str> {
    match it {
        Type::Basic(BasicType::Text) | Type::Enum(_) => Some("text"),
        Type::Basic(BasicType::Integer) => Some("integer"),
        Type::Basic(BasicType::Bigint) => Some("bigint"),
        Type::Basic(BasicType::Float) => Some("double precision"),
        Type::Basic(BasicType::Boolean) => Some("boolean"),
        Type::Rich(it) => Some(it.sql_type),
        Type::Composite(_) | Type::List(_) => Some("jsonb"),
        Type::Postgres { sql_type, .. } => Some(sql_type),
        Type::Ref(_) | Type::Unknown(_) | Type::Missing => None,
    }
}

/// The type of a value as an author writes one; absent where it is not known.
pub(crate) fn value_type(workspace: &Workspace, it: ValueType<'_>) -> Option<String> {
    Some(match it {
        // Of PostgreSQL there are more types than of fields.
        ValueType::Scalar(it) => it.sql_name()?.to_owned(),
        ValueType::List(None) => "list".to_owned(),
        ValueType::Composite => "jsonb".to_owned(),
        _ => {
            let name = |it| Some(workspace.entity(it)?.name.text.to_string());
            return it.written(workspace, &name);
        }
    })
}

/// A field's type with `!` and default, in the short form: `integer! = 0`.
pub(crate) fn field_type(it: &Field) -> String {
    let required = if it.nullable { "" } else { "!" };
    let default = it.default.as_ref().map(|it| format!(" = {}", it.text.text)).unwrap_or_default();
    format!("{}{required}{default}", type_name(&it.ty))
}

/// Text inside a table.
pub(crate) fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

/// `blog.Post`.
pub(crate) fn qualified(entity: &Entity) -> String {
    format!("{}.{}", entity.schema_name(), entity.name.text)
}

/// The entity that an effect writes, as the workspace names it, else as the step does.
pub(crate) fn effect_entity(workspace: &Workspace, it: &Effect) -> String {
    match it.entity.and_then(|it| workspace.entity(it)) {
        Some(entity) => entity.name.text.to_string(),
        None => it.target.text.to_string(),
    }
}

/// The fields of an effect: `title, content`, `the fields of the input`, `the row`.
pub(crate) fn effect_fields(it: &EffectFields) -> String {
    let names = |fields: &[ecow::EcoString]| {
        fields.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ")
    };
    match it {
        EffectFields::Named(fields) if fields.is_empty() => "none".to_owned(),
        EffectFields::Named(fields) => names(fields),
        EffectFields::Input(fields) if fields.is_empty() => "those in the input".to_owned(),
        EffectFields::Input(fields) => format!("{} and those in the input", names(fields)),
        EffectFields::Row => "the row".to_owned(),
    }
}

/// How an effect finds its rows.
pub(crate) fn rows(it: &RowSource) -> String {
    match it {
        RowSource::New => "the new row".to_owned(),
        RowSource::InputId => "the row `input.id`".to_owned(),
        RowSource::Filter { one: true } => "the row that `WHERE` finds".to_owned(),
        RowSource::Filter { one: false } => "every row that `WHERE` finds".to_owned(),
        RowSource::Reference { field, forward: true, .. } => {
            format!("the row that `{field}` leads to")
        }
        RowSource::Reference { field, forward: false, .. } => {
            format!("every row whose `{field}` leads here")
        }
        RowSource::Unreachable => "none: no `ref` leads there".to_owned(),
        RowSource::Ambiguous(fields) => {
            let fields: Vec<String> = fields.iter().map(|it| format!("`{it}`")).collect();
            format!("unclear: {} lead there", fields.join(" and "))
        }
    }
}

/// How an effect finds its rows, where it happens: the action's own row may be one that it made before.
pub(crate) fn rows_of(workspace: &Workspace, it: &Effect) -> String {
    let is_made = || workspace.own_row_at(it.action, it.step) == OwnRow::Made;
    match &it.rows {
        RowSource::InputId if is_made() => "the row that the action made".to_owned(),
        rows => self::rows(rows),
    }
}

/// How many rows.
pub(crate) const fn count(it: Rows) -> &'static str {
    match it {
        Rows::One => "one row",
        Rows::Many => "any number",
    }
}

/// `always` or `sometimes`.
pub(crate) const fn certainty(it: Certainty) -> &'static str {
    match it {
        Certainty::Always => "always",
        Certainty::Sometimes => "sometimes",
    }
}

/// The types of the events that an action publishes, those of called actions last, each once.
pub(crate) fn events(contract: &Contract) -> Vec<String> {
    let mut res: Vec<String> = Vec::new();
    for it in &contract.events {
        if !it.event_type.is_empty() && !res.iter().any(|known| *known == it.event_type) {
            res.push(it.event_type.to_string());
        }
    }
    res
}
