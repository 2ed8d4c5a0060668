//! From ranges of the model back to the values of the file, for edits.

use std::ops::Range;

use specql_model::{ActionId, Field, suggest};
use specql_syntax::{
    edit::{self, Value},
    yaml::{Entry, Mapping, Node, NodeKind, ScalarStyle, Sequence},
};
use specql_text::{TextEdit, TextRange};

use crate::Context;

impl<'a> Context<'a> {
    fn root(&self) -> &'a Node {
        &self.file.parse().yaml().root
    }

    /// The mapping of an action of this file.
    pub(crate) fn action_node(&self, id: ActionId) -> Option<&'a Node> {
        let action = self.entity()?.actions.get(id.index as usize)?;
        let actions = self.root().get("actions")?;
        let node = match &actions.kind {
            NodeKind::Sequence(it) => items(it, action.range).find(|it| it.range == action.range),
            NodeKind::Mapping(it) => {
                entries(it, action.range).find(|it| it.range == action.range).map(|it| &it.value)
            }
            NodeKind::Missing | NodeKind::Scalar(_) => None,
        };
        node.filter(|it| it.as_mapping().is_some())
    }

    /// The value that is written at a place.
    pub(crate) fn node_at(&self, range: TextRange) -> Option<&'a Node> {
        find(self.root(), range, &mut |node| (node.range == range).then_some(node))
    }

    /// The entry with a value at a place.
    pub(crate) fn entry_of(&self, value: TextRange) -> Option<&'a Entry> {
        find(self.root(), value, &mut |node| {
            entries(node.as_mapping()?, value).find(|it| it.value.range == value)
        })
    }

    /// The first value on the way down to a place that has an answer.
    pub(crate) fn find_node<T>(
        &self,
        range: TextRange,
        visit: &mut dyn FnMut(&'a Node) -> Option<T>,
    ) -> Option<T> {
        find(self.root(), range, visit)
    }

    /// Whether a place is between brackets of YAML, where a comma ends a text without quotes.
    pub(crate) fn is_in_flow(&self, range: TextRange) -> bool {
        let is_flow = |node: &Node| match &node.kind {
            NodeKind::Mapping(it) => it.flow,
            NodeKind::Sequence(it) => it.flow,
            NodeKind::Missing | NodeKind::Scalar(_) => false,
        };
        self.find_node(range, &mut |node| is_flow(node).then_some(())).is_some()
    }

    /// The list that has an item at a place.
    pub(crate) fn list_with(&self, item: TextRange) -> Option<&'a Node> {
        self.find_node(item, &mut |node| {
            items(node.as_sequence()?, item).any(|it| it.range == item).then_some(node)
        })
    }

    /// The mapping that has a key at a place.
    pub(crate) fn mapping_with_key(&self, key: TextRange) -> Option<&'a Node> {
        self.find_node(key, &mut |node| {
            let mut near = entries(node.as_mapping()?, key);
            near.any(|it| it.key.range == key).then_some(node)
        })
    }

    /// The mapping that has a value at a place.
    pub(crate) fn mapping_with_value(&self, value: TextRange) -> Option<&'a Node> {
        self.find_node(value, &mut |node| {
            let mut near = entries(node.as_mapping()?, value);
            near.any(|it| it.value.range == value).then_some(node)
        })
    }

    /// The entry whose value begins at a place.
    pub(crate) fn entry_of_start(&self, start: u32) -> Option<&'a Entry> {
        let at = TextRange::empty(start);
        self.find_node(at, &mut |node| {
            entries(node.as_mapping()?, at).find(|it| it.value.range.start() == start)
        })
    }

    /// The entry whose value ends at a place.
    pub(crate) fn entry_that_ends_at(&self, end: u32) -> Option<&'a Entry> {
        find(self.root(), TextRange::empty(end), &mut |node| {
            let mut entries = entries(node.as_mapping()?, TextRange::empty(end));
            entries.find(|it| it.value.range.end() == end && it.value.as_scalar().is_some())
        })
    }

    /// The entry with a key at a place.
    pub(crate) fn entry_with_key(&self, key: TextRange) -> Option<&'a Entry> {
        entry_with_key(self.root(), key)
    }

    /// The entry that declares a field: every field is asked for, so first among its neighbours.
    pub(crate) fn entry_of_field(&self, field: &Field) -> Option<&'a Entry> {
        let key = field.name.range;
        let fields = self.root().get("fields").and_then(Node::as_mapping);
        let near = fields.and_then(|it| entries(it, key).find(|it| it.key.range == key));
        near.or_else(|| self.entry_with_key(key))
    }

    /// Writes a text in the place of a part of a value, escaped and in quotes as it has to be there. What
    /// is a whole key, or a value with its quotes, is written as it is.
    pub(crate) fn write_part(&self, part: TextRange, text: &str) -> Vec<TextEdit> {
        let scalar = self.find_node(part, &mut |it| {
            it.as_scalar().filter(|_| it.range.contains_range(part)).map(|scalar| (it, scalar))
        });
        match scalar {
            Some((node, it)) if node.range != part || it.style == ScalarStyle::Plain => {
                edit::set_part(self.file.parse(), node, part, text)
            }
            _ => vec![TextEdit::replace(part, text)],
        }
    }

    /// Removes the item of a list that is written at a place; with the last one goes the entry that
    /// holds the list.
    pub(crate) fn remove_item(&self, item: TextRange) -> Option<Vec<TextEdit>> {
        let list = self.list_with(item)?;
        let items = &list.as_sequence()?.items;
        if items.len() == 1 {
            let entry = self.entry_of(list.range)?;
            return Some(self.remove_entry(entry));
        }
        let item = self::items(list.as_sequence()?, item).find(|it| it.range == item)?;
        edit::remove_item(self.file.parse(), item)
    }

    /// Removes an entry with its line.
    pub(crate) fn remove_entry(&self, entry: &Entry) -> Vec<TextEdit> {
        edit::remove_entry(self.file.parse(), entry)
    }

    /// Adds an entry to a mapping: behind the entry of another key, else at the end.
    pub(crate) fn insert_entry(
        &self,
        mapping: &Node,
        after: &str,
        key: &str,
        value: &Value,
    ) -> Vec<TextEdit> {
        let parse = self.file.parse();
        // Beside a misspelt key a second one would say it twice.
        if is_nearly_written(mapping, key) {
            return Vec::new();
        }
        match mapping.as_mapping().and_then(|it| it.get(after)).filter(|it| !it.merged) {
            Some(after) => edit::insert_entry_after(parse, mapping, after, key, value),
            None => edit::insert_entry(parse, mapping, key, value),
        }
    }

    /// Writes another key and value in the place of an entry's; nothing where one of them cannot be.
    pub(crate) fn replace_entry(&self, entry: &Entry, key: &str, value: &Value) -> Vec<TextEdit> {
        let mut edits = edit::replace_value(self.file.parse(), entry, value);
        if !edits.is_empty() {
            edits.extend(edit::rename_key(self.file.parse(), entry, key));
        }
        edits
    }

    /// Adds an item to a list.
    pub(crate) fn append_item(&self, list: &Node, value: &Value) -> Vec<TextEdit> {
        edit::append_item(self.file.parse(), list, value)
    }

    /// The part of a range on its first line.
    pub(crate) fn first_line(&self, range: TextRange) -> TextRange {
        let line = self.slice(range).lines().next().unwrap_or_default().trim_end();
        TextRange::from(range.to_usize().start..range.to_usize().start + line.len())
    }

    /// The place of a part of a query in SQL, whose text may be folded or escaped in the file; the first
    /// line of the query where it has no place of its own.
    pub(crate) fn in_query(&self, query: TextRange, text: &str, part: &Range<usize>) -> TextRange {
        let written = self.slice(query);
        let place = |offset: usize| {
            let before = text.get(..offset)?;
            let mut at = written.char_indices().peekable();
            for character in before.chars() {
                // What is written and not meant: indentation, the mark of an escape, a doubled quote.
                while at.next_if(|it| it.1 != character).is_some() {}
                at.next()?;
            }
            Some(at)
        };
        let first = text.get(part.clone()).and_then(|it| it.chars().next());
        let mut start = place(part.start);
        if let (Some(at), Some(first)) = (&mut start, first) {
            while at.next_if(|it| it.1 != first).is_some() {}
        }
        let start = start.map(|mut it| it.peek().map_or(written.len(), |it| it.0));
        let end = place(part.end).map(|mut it| it.peek().map_or(written.len(), |it| it.0));
        match (start, end) {
            (Some(start), Some(end)) if start <= end && (start < end || part.is_empty()) => {
                let from = query.to_usize().start;
                let range = TextRange::from(from + start..from + end);
                if part.is_empty() { self.visible(range, query) } else { self.first_line(range) }
            }
            _ => self.first_line(query),
        }
    }

    /// A range that can be seen: the character before an empty one, inside `around`, else all of that.
    pub(crate) fn visible(&self, range: TextRange, around: TextRange) -> TextRange {
        if !range.is_empty() {
            return self.first_line(range);
        }
        let before = self.file.text().get(..range.to_usize().start).unwrap_or_default();
        let written = before.trim_end();
        let last = written.char_indices().next_back().map(|it| it.0);
        last.map(|start| TextRange::from(start..written.len()))
            .filter(|it| around.contains_range(*it))
            .unwrap_or_else(|| self.first_line(around))
    }
}

/// The entry with a key at a place.
pub(crate) fn entry_with_key(root: &Node, key: TextRange) -> Option<&Entry> {
    find(root, key, &mut |node| entries(node.as_mapping()?, key).find(|it| it.key.range == key))
}

/// How the scalar around a range is written.
pub(crate) fn scalar_style(root: &Node, range: TextRange) -> Option<ScalarStyle> {
    find(root, range, &mut |it| {
        it.as_scalar().filter(|_| it.range.contains_range(range)).map(|it| it.style)
    })
}

/// The first answer on the way down to what covers a range. Aliases and merged entries lie elsewhere in
/// the file and are not entered.
fn find<'a, T>(
    node: &'a Node,
    range: TextRange,
    visit: &mut dyn FnMut(&'a Node) -> Option<T>,
) -> Option<T> {
    if let Some(it) = visit(node) {
        return Some(it);
    }
    match &node.kind {
        NodeKind::Mapping(it) => entries(it, range).find_map(|it| below(&it.value, range, visit)),
        NodeKind::Sequence(it) => items(it, range).find_map(|it| below(it, range, visit)),
        NodeKind::Missing | NodeKind::Scalar(_) => None,
    }
}

fn below<'a, T>(
    node: &'a Node,
    range: TextRange,
    visit: &mut dyn FnMut(&'a Node) -> Option<T>,
) -> Option<T> {
    if node.range.contains_range(range) { find(node, range, visit) } else { None }
}

/// The entries of a mapping that may cover a range.
fn entries(mapping: &Mapping, range: TextRange) -> impl Iterator<Item = &Entry> {
    around(&mapping.entries, range, |it| it.range).iter().filter(|it| !it.merged)
}

/// The items of a list that may cover a range.
fn items(sequence: &Sequence, range: TextRange) -> std::slice::Iter<'_, Node> {
    around(&sequence.items, range, |it| it.range).iter()
}

/// The neighbours of a range, so that a list with a finding in each of its items is not read for each
/// from its front; all, where aliases and merged entries disturb the order.
fn around<T>(all: &[T], range: TextRange, of: impl Fn(&T) -> TextRange) -> &[T] {
    let behind = all.partition_point(|it| of(it).start() <= range.start());
    let near = all.get(behind.saturating_sub(2)..all.len().min(behind + 1)).unwrap_or(all);
    if near.iter().any(|it| of(it).contains_range(range)) { near } else { all }
}

/// Whether a mapping has a key that is misspelt or still being typed.
pub(crate) fn is_nearly_written(mapping: &Node, key: &str) -> bool {
    let entries = mapping.as_mapping().map_or(&[][..], |it| &it.entries);
    entries.iter().any(|it| {
        let written = it.key.as_str();
        let begins = !written.is_empty() && written != key && key.starts_with(written);
        begins || suggest(written, [key]).is_some()
    })
}
