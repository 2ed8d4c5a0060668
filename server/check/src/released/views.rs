//! The blocks beside fields and actions: `identifier`, `table_views`, `translations`.

use specql_syntax::yaml::{Entry, Mapping, Node, NodeKind};

use super::{Item, Reader, forms, pairs, python, visible};
use specql_model::config::Compat;

impl<'a> Reader<'a> {
    pub(super) fn other_blocks(&mut self, file: &'a Mapping) {
        if let Some(it) = file.get("identifier") {
            self.identifier(it);
        }
        if let Some(it) = file.get("table_views") {
            self.table_views(it);
        }
        let translations = file.get("translations").filter(|_| self.release == Compat::V08);
        if let Some(it) = translations.filter(|it| it.value.as_mapping().is_none()) {
            let words = python::no_attribute(&it.value, "get");
            self.refuse(&forms::TRANSLATIONS, visible(it), "", words);
        }
    }

    fn identifier(&mut self, entry: &'a Entry) {
        let Some(block) = entry.value.as_mapping() else {
            let words = python::no_attribute(&entry.value, "get");
            self.refuse(&forms::IDENTIFIER, visible(entry), "", words);
            return;
        };
        let Some(components) = block.get("components") else { return };
        // Letters and keys are taken for the names of fields.
        if python::is_text(&components.value) || components.value.as_mapping().is_some() {
            return;
        }
        self.each(components, &forms::COMPONENTS, |reader, item| {
            if !python::is_text(item.node) {
                reader.member(item, "field", &forms::COMPONENTS);
            }
        });
    }

    fn table_views(&mut self, entry: &'a Entry) {
        let Some(block) = entry.value.as_mapping() else {
            let words = python::no_attribute(&entry.value, "get");
            self.refuse(&forms::TABLE_VIEWS, visible(entry), "", words);
            return;
        };
        self.word(block, "mode", &["auto", "force", "disable"], "Invalid table_views.mode");
        if let Some(it) = block.get("include_relations") {
            self.relations(it);
        }
        if let Some(it) = block.get("extra_filter_columns") {
            self.each(it, &forms::FILTER_COLUMNS, Self::filter_column);
        }
        self.word(block, "refresh", &["explicit"], "Only 'explicit' refresh strategy is supported");
    }

    /// A word of a closed list.
    fn word(&mut self, block: &'a Mapping, key: &str, known: &[&str], words: &str) {
        let Some(entry) = block.get(key) else { return };
        if python::text(&entry.value).is_none_or(|it| !known.contains(&it)) {
            let written = entry.value.as_scalar().map_or("nothing", |it| it.text.as_str());
            let subject = format!("`{written}`");
            self.refuse(&forms::TABLE_VIEWS_WORD, visible(entry), subject, words);
        }
    }

    fn relations(&mut self, entry: &'a Entry) {
        self.each(entry, &forms::RELATIONS, Self::relation);
    }

    fn relation(&mut self, item: Item<'a>) {
        let single = item.node.as_mapping().and_then(|it| {
            let mut pairs = pairs(it);
            pairs.next().filter(|_| pairs.next().is_none())
        });
        let Some(relation) = single else {
            let words = "Invalid include_relations format. Expected single-key dict.";
            self.refuse(&forms::RELATIONS, item.range, "", words);
            return;
        };
        let name = &relation.key.text;
        let range = relation.key.range;
        let Some(block) = relation.value.as_mapping() else {
            let words = without_fields(&relation.value)
                .unwrap_or_else(|| format!("include_relations.{name} must specify 'fields'"));
            self.refuse(&forms::RELATIONS, range, "", words);
            return;
        };
        let Some(fields) = block.get("fields") else {
            let words = format!("include_relations.{name} must specify 'fields'");
            self.refuse(&forms::RELATIONS, range, "", words);
            return;
        };
        let NodeKind::Sequence(list) = &fields.value.kind else {
            let words = format!("include_relations.{name}.fields must be a list");
            self.refuse(&forms::RELATIONS, visible(fields), "", words);
            return;
        };
        if let Some(it) = block.get("include_relations") {
            self.relations(it);
        }
        if list.items.is_empty() {
            let words = format!("include_relations.{name} must specify fields");
            self.refuse(&forms::RELATIONS, visible(fields), "", words);
        } else if !list.items.iter().all(python::is_text) {
            let words = format!("Fields must be strings in {name}");
            self.refuse(&forms::RELATIONS, visible(fields), "", words);
        }
    }

    fn filter_column(&mut self, item: Item<'a>) {
        if python::is_text(item.node) {
            return;
        }
        let Some(mapping) = item.node.as_mapping() else {
            let words = "extra_filter_columns must be string or dict";
            self.refuse(&forms::FILTER_COLUMNS, item.range, "", words);
            return;
        };
        let mut pairs = pairs(mapping);
        match (pairs.next(), pairs.next()) {
            (Some(one), None) if one.value.as_mapping().is_none() => {
                let words = python::no_attribute(&one.value, "get");
                self.refuse(&forms::FILTER_COLUMNS, item.range, "", words);
            }
            (Some(_), None) => {}
            _ => {
                let words = "Invalid extra_filter_columns format";
                self.refuse(&forms::FILTER_COLUMNS, item.range, "", words);
            }
        }
    }
}

/// What becomes of a relation that is no mapping: `in` looks for a part of a text or an item of a list.
fn without_fields(value: &Node) -> Option<String> {
    let is_item = |it: &Node| python::text(it) == Some("fields");
    match &value.kind {
        NodeKind::Sequence(list) if list.items.iter().any(is_item) => {
            Some(python::not_subscriptable(value))
        }
        NodeKind::Sequence(_) => None,
        _ => match python::text(value) {
            Some(text) if text.contains("fields") => Some(python::not_subscriptable(value)),
            Some(_) => None,
            None => Some(format!("argument of type '{}' is not iterable", python::type_of(value))),
        },
    }
}
