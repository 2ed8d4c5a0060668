//! Fields, as `_parse_field` reads them.

use specql_model::{entity::RESERVED, types};
use specql_syntax::yaml::{Entry, Mapping, Node, NodeKind};
use specql_text::TextRange;

use super::{Reader, forms, pairs, python, visible};
use specql_model::config::Compat;

/// The types without a `(`.
const BASIC: &[&str] = &["text", "integer", "bigint", "float", "boolean"];

impl<'a> Reader<'a> {
    /// The value of `fields`.
    pub(super) fn fields_of(&mut self, entry: &'a Entry) {
        let NodeKind::Mapping(fields) = &entry.value.kind else {
            let words = self.no_fields(&entry.value);
            self.refuse(&forms::FIELDS, visible(entry), "", words);
            return;
        };
        for field in pairs(fields) {
            let key_type = python::of_resolved(&field.key_resolved, &field.key.text);
            if key_type != "str" {
                let words = format!("'{key_type}' object has no attribute 'startswith'");
                self.refuse(&forms::FIELD_NAME, field.key.range, "", words);
                continue;
            }
            self.field(field);
            self.fields.push(&field.key.text);
        }
    }

    fn no_fields(&self, value: &Node) -> String {
        let ty = python::type_of(value);
        match (self.release, ty) {
            (Compat::V08, _) => format!("'fields' must be a dictionary, got {ty}"),
            (_, "str" | "list") => python::no_attribute(value, "items"),
            _ => format!("object of type '{ty}' has no len()"),
        }
    }

    fn field(&mut self, field: &'a Entry) {
        let name = field.key.as_str();
        if RESERVED.contains(&name) || name.starts_with("pk_") || name.starts_with("fk_") {
            let words = format!("Field name '{name}' is reserved by the framework.");
            self.refuse(&forms::RESERVED, field.key.range, format!("`{name}`"), words);
        }
        match &field.value.kind {
            NodeKind::Mapping(long) => self.long_field(long),
            NodeKind::Scalar(it) => {
                let (ty, has_default) = short_type(&it.text);
                self.type_of_field(ty, has_default, visible(field));
            }
            NodeKind::Missing | NodeKind::Sequence(_) => {}
        }
    }

    fn long_field(&mut self, long: &'a Mapping) {
        let Some(ty) = long.get("type") else { return };
        match python::text(&ty.value) {
            Some(text) => self.type_of_field(text, long.get("default").is_some(), visible(ty)),
            None => {
                let words = python::no_attribute(&ty.value, "startswith");
                self.refuse(&forms::FIELD_TYPE, visible(ty), "", words);
            }
        }
    }

    /// A type without its `!` and its default.
    fn type_of_field(&mut self, ty: &str, has_default: bool, range: TextRange) {
        if let Some(values) = inside(ty, "enum(") {
            if let Some(it) =
                values.split(',').map(str::trim).find(|it| it.starts_with(['\'', '"']))
            {
                self.misread(&forms::QUOTED_VALUES, range, format!("`{it}`"));
            }
        } else if inside(ty, "list(").is_some() {
        } else if let Some(target) = inside(ty, "ref(") {
            if let Some((first, _)) = target.split_once('|') {
                self.misread(&forms::ALTERNATIVES, range, format!("`{}`", first.trim()));
            }
            self.default_of(ty, has_default, range);
        } else if is_rich(ty) {
            self.default_of(ty, has_default, range);
        } else if !BASIC.contains(&ty) && ty.contains(['(', '[', '?', '=']) {
            self.misread(&forms::TEXT_TYPE, range, format!("`{ty}`"));
        }
    }

    fn default_of(&mut self, ty: &str, has_default: bool, range: TextRange) {
        if has_default {
            self.misread(&forms::DEFAULT, range, format!("`{ty}`"));
        }
    }
}

/// The type in the short form, and whether there is a default.
fn short_type(written: &str) -> (&str, bool) {
    let text = written.trim();
    let text = text.strip_suffix('!').unwrap_or(text);
    text.split_once(" = ").map_or((text, false), |it| (it.0, true))
}

fn inside<'t>(ty: &'t str, opening: &str) -> Option<&'t str> {
    ty.strip_prefix(opening)?.strip_suffix(')')
}

/// A rich scalar or a composite, in exactly this spelling.
fn is_rich(ty: &str) -> bool {
    types::names().any(|it| it == ty) && !BASIC.contains(&ty)
}
