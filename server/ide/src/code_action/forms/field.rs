//! The short and the long form of a field.

use specql_model::{Field, SourceFile};
use specql_syntax::{
    edit::scalar_text,
    yaml::{Entry, NodeKind},
};
use specql_text::{TextEdit, TextRange};

use super::{Around, Form, Keeps, column};
use crate::describe;

/// `title: text! = x` with a key for each part.
pub(super) fn to_long(file: &SourceFile, around: &Around<'_>) -> Option<Form> {
    let (entry, field) = declared(file, around)?;
    let mut parts = parts(file, entry, field)?;
    if let Some(it) = &field.description {
        parts.push(("description", scalar_text(it, false)));
    }
    let lines: Vec<String> = parts.iter().map(|(key, value)| format!("{key}: {value}")).collect();
    let text = file.text();
    let layout = file.parse().layout();
    let indent = column(text, entry.key.range.start()) + layout.step;
    let glue = format!("{}{:indent$}", layout.newline, "");
    let range = TextRange::new(entry.key.range.end(), entry.value.range.end());
    let edit = TextEdit::replace(range, format!(":{glue}{}", lines.join(&glue)));
    Some(Form::rewritten("Write the field with a key for each part", edit, Keeps::Fields))
}

/// What the short form of a field says, as keys of the long one with their values in block style; nothing for a
/// field in its long form.
pub(crate) fn parts(
    file: &SourceFile,
    entry: &Entry,
    field: &Field,
) -> Option<Vec<(&'static str, String)>> {
    entry.value.as_scalar()?;
    let text = file.text();
    let ty = field.type_range.slice(text).trim();
    let ty = if ty.is_empty() { describe::type_name(&field.ty) } else { ty.to_owned() };
    let is_quoted = |it: &str| it.starts_with(['\'', '"']);
    let ty = if is_quoted(entry.value.range.slice(text)) { scalar_text(&ty, false) } else { ty };
    let mut res = vec![("type", ty)];
    if !field.nullable {
        res.push(("nullable", "false".to_owned()));
    }
    if let Some(it) = &field.default {
        let value = if it.quoted {
            format!("'{}'", it.text.as_str().replace('\'', "''"))
        } else {
            it.text.text.to_string()
        };
        res.push(("default", value));
    }
    Some(res)
}

/// The parts of a field in one line, when the short form has room for all of them.
pub(super) fn to_short(file: &SourceFile, around: &Around<'_>) -> Option<Form> {
    let (entry, field) = declared(file, around)?;
    let NodeKind::Mapping(_) = &entry.value.kind else { return None };
    let text = file.text();
    let written = entry.value.range.slice(text).trim_end();
    if field.unique || !field.bounds.is_empty() || written.contains('#') {
        return None;
    }
    let mut ty = describe::type_name(&field.ty);
    let in_type = field.type_range.slice(text);
    if let Some(open) = in_type.find('(').filter(|_| !ty.contains('(')) {
        ty.push_str(in_type.get(open..)?.trim_end_matches('!'));
    }
    if let Some(it) = &field.default {
        let quote = if it.quoted { "'" } else { "" };
        ty.push_str(&format!(" = {quote}{}{quote}", it.text.text));
    }
    if !field.nullable {
        ty.push('!');
    }
    let value = scalar_text(&ty, around.nodes.len() > 1 && is_in_flow(around));
    let comment = match &field.description {
        Some(it) if !it.contains('\n') => format!("  # {}", it.trim()),
        Some(_) => return None,
        None => String::new(),
    };
    let end = entry.value.range.start() + u32::try_from(written.len()).ok()?;
    let range = TextRange::new(entry.key.range.end(), end);
    let edit = TextEdit::replace(range, format!(": {value}{comment}"));
    Some(Form::rewritten("Write the field in one line", edit, Keeps::Fields))
}

fn is_in_flow(around: &Around<'_>) -> bool {
    around.nodes.iter().any(|it| matches!(&it.kind, NodeKind::Mapping(it) if it.flow))
}

/// The entry of `fields` that is selected, and what it declares.
fn declared<'a>(file: &'a SourceFile, around: &Around<'a>) -> Option<(&'a Entry, &'a Field)> {
    if around.path != ["fields"] {
        return None;
    }
    let entity = file.entity()?;
    let field = entity.fields.iter().find(|it| it.name.range == around.entry.key.range)?;
    Some((around.entry, field))
}
