//! What the released parsers (0.5 and 0.8) make of a file: the forms that they refuse or read in another
//! way, found as they find them.
//!
//! Invariant: what is refused here is refused by them, with the words that they use, and nothing they
//! accept is. `tests/tests/released.rs` holds it against the parser of 0.5.0 itself.

mod fields;
mod forms;
mod python;
mod steps;
mod views;
mod words;

use rustc_hash::FxHashMap;
use specql_model::{SourceFile, config::Compat};
use specql_syntax::yaml::{Entry, Mapping, Node, NodeKind};
use specql_text::TextRange;

pub(crate) use forms::Form;
pub use forms::table;

/// A form in a file that the released parsers do not read as it is meant.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reading {
    /// The form.
    pub(crate) form: &'static Form,
    /// The part of the file.
    pub(crate) range: TextRange,
    /// What the form's reason is about: the step, the name.
    pub(crate) subject: String,
    /// What else is wrong with the same expression: the end of a message.
    pub(crate) more: String,
    /// The words with which they refuse the file; none when they read it in another way.
    pub(crate) words: Option<String>,
}

/// Everything in a file that a release reads in another way than it is meant, in the order in which it
/// comes to it: the first with words is the one that its author would see.
pub(crate) fn readings(root: &Node, release: Compat) -> Vec<Reading> {
    let mut reader = Reader { release, fields: Vec::new(), found: Vec::new() };
    if release != Compat::Off
        && let Some(file) = root.as_mapping()
        && let Some(entity) = file.get("entity")
    {
        reader.file(file, entity);
    }
    reader.found
}

/// The words with which a release refuses a file, in the order in which it comes to them: its author sees
/// the first.
#[must_use]
pub fn refusals(file: &SourceFile, release: Compat) -> Vec<String> {
    let readings = readings(&file.parse().yaml().root, release);
    readings.into_iter().filter_map(|it| it.words).collect()
}

/// The state of the parser: what it knows of the entity.
struct Reader<'a> {
    release: Compat,
    /// The names of the fields, once their mapping is read.
    fields: Vec<&'a str>,
    found: Vec<Reading>,
}

impl<'a> Reader<'a> {
    /// `SpecQLParser.parse`.
    fn file(&mut self, file: &'a Mapping, entity: &'a Entry) {
        let mut fields = file.get("fields");
        if let Some(long) = entity.value.as_mapping() {
            self.demand(long, "name", entity.key.range);
            fields = long.get("fields").or(fields);
        }
        if let Some(it) = fields {
            self.fields_of(it);
        }
        if let Some(it) = file.get("actions") {
            self.each(it, &forms::ACTIONS, Self::action);
        }
        if let Some(it) = file.get("patterns").filter(|_| self.release == Compat::V08) {
            self.each(it, &forms::PATTERNS, Self::pattern);
        }
        if let Some(it) = file.get("agents") {
            self.each(it, &forms::AGENTS, |reader, item| {
                reader.member(item, "name", &forms::AGENTS);
            });
        }
        if let Some(it) = file.get("organization") {
            let held = Item { node: &it.value, range: visible(it) };
            self.member(held, "table_code", &forms::ORGANIZATION);
        }
        self.other_blocks(file);
    }

    /// Reports a form that the release refuses.
    fn refuse(
        &mut self,
        form: &'static Form,
        range: TextRange,
        subject: impl Into<String>,
        words: impl Into<String>,
    ) {
        let words = Some(words.into());
        let (subject, more) = (subject.into(), String::new());
        self.found.push(Reading { form, range, subject, more, words });
    }

    /// Reports a form that the release reads in another way.
    fn misread(&mut self, form: &'static Form, range: TextRange, subject: impl Into<String>) {
        let (subject, more) = (subject.into(), String::new());
        self.found.push(Reading { form, range, subject, more, words: None });
    }

    /// `mapping[key]`; nothing where there is no such key, which is reported.
    fn demand(&mut self, mapping: &'a Mapping, key: &str, range: TextRange) -> Option<&'a Entry> {
        let res = mapping.get(key);
        if res.is_none() {
            self.refuse(&forms::MISSING_KEY, range, format!("`{key}`"), format!("'{key}'"));
        }
        res
    }

    /// `item[key]` of any value.
    fn member(
        &mut self,
        item: Item<'a>,
        key: &str,
        form: &'static Form,
    ) -> Option<(&'a Mapping, &'a Entry)> {
        match &item.node.kind {
            NodeKind::Mapping(it) => Some((it, self.demand(it, key, item.range)?)),
            _ => {
                self.refuse(form, item.range, "", python::not_subscriptable(item.node));
                None
            }
        }
    }

    /// `for item in value`, as Python has it: over a list, over the keys of a mapping, over letters.
    fn each(
        &mut self,
        entry: &'a Entry,
        form: &'static Form,
        mut visit: impl FnMut(&mut Self, Item<'a>),
    ) {
        let range = visible(entry);
        match &entry.value.kind {
            NodeKind::Sequence(list) => {
                for node in &list.items {
                    let range = if node.range.is_empty() { range } else { node.range };
                    visit(self, Item { node, range });
                }
            }
            NodeKind::Mapping(it) if it.entries.is_empty() => {}
            NodeKind::Mapping(_) => {
                self.refuse(form, range, "", "string indices must be integers, not 'str'");
            }
            _ => {
                // The length of the first two is logged.
                let is_counted = *form == forms::ACTIONS || *form == forms::AGENTS;
                let words = python::no_length(&entry.value)
                    .filter(|_| is_counted)
                    .or_else(|| python::not_iterable(&entry.value))
                    .unwrap_or_else(|| "string indices must be integers, not 'str'".to_owned());
                if !python::is_empty_text(&entry.value) {
                    self.refuse(form, range, "", words);
                }
            }
        }
    }

    fn pattern(&mut self, item: Item<'a>) {
        match &item.node.kind {
            NodeKind::Mapping(it) => {
                self.demand(it, "type", item.range);
            }
            _ if python::is_text(item.node) => {}
            _ => {
                let words = "Invalid pattern definition";
                self.refuse(&forms::PATTERNS, item.range, "", words);
            }
        }
    }
}

/// An item of a list, with a range that can be seen.
#[derive(Clone, Copy)]
struct Item<'a> {
    node: &'a Node,
    range: TextRange,
}

/// The value of an entry where there is one, else its key.
fn visible(entry: &Entry) -> TextRange {
    if entry.value.range.is_empty() { entry.key.range } else { entry.value.range }
}

/// The entries of a mapping as a Python dictionary has them: of each key the last.
fn pairs(mapping: &Mapping) -> impl Iterator<Item = &Entry> {
    // As `Mapping::get` has it, which would look through all of them for each.
    let mut read: FxHashMap<&str, &Entry> = FxHashMap::default();
    for entry in &mapping.entries {
        let known = read.entry(&entry.key.text).or_insert(entry);
        if !entry.merged {
            *known = entry;
        }
    }
    let is_read =
        move |it: &&Entry| read.get(&*it.key.text).is_some_and(|one| std::ptr::eq(*one, *it));
    mapping.entries.iter().filter(is_read)
}
