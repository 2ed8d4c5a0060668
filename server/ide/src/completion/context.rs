//! The cursor in its file: the text with a word at the cursor, and what surrounds it.

use std::sync::Arc;

use specql_model::{
    Action, ActionId, Effect, Entity, EntityId, Field, ImpactEntry, Scope, SourceFile, Step,
    StepKind, Workspace,
    keys::{self, Level, Place, PlaceKind},
};
use specql_syntax::yaml::{Entry, Node};
use specql_text::TextRange;

use super::{layout, rules, tokens};

/// The word that stands for what will be typed; no author's file has it.
const MARK: &str = "specqlCompletionMark";

/// A state in which a word stands at the cursor.
pub(super) struct Marked {
    workspace: Workspace,
    file: Arc<SourceFile>,
    cursor: u32,
    offset: u32,
    lead: &'static str,
    is_above_block: bool,
    reading: Reading,
}

/// What the cursor's word is taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// A key in quotes that has no colon yet.
    QuotedKey,
    /// An item without its dash.
    Item,
    /// What stands there.
    AsWritten,
}

/// The dash of an item, in the state in which the cursor's word is one.
const DASH: &str = "- ";

/// Everything a proposal depends on.
pub(super) struct Context<'a> {
    /// The state as it is: the names that are proposed come from here.
    pub(super) workspace: &'a Workspace,
    /// The file as it is.
    pub(super) file: &'a SourceFile,
    /// The state with the mark: what surrounds the cursor is read here.
    marked: &'a Workspace,
    /// The cursor in the state with the mark: the end of what is typed.
    offset: u32,
    /// The cursor in the file as it is.
    cursor: u32,
    /// What YAML wants before a value that is typed where the cursor is: a space behind a colon or
    /// dash.
    pub(super) lead: &'static str,
    /// The word stands above a block that is its value.
    pub(super) is_above_block: bool,
    /// The word is read as an item without its dash, above the first one of a list.
    pub(super) is_above_items: bool,
    /// The character whose typing asked, when the author did not.
    trigger: Option<char>,
    /// Whether proposals bring their documentation.
    documented: bool,
    /// What a proposal replaces, in the file as it is.
    pub(super) replaced: TextRange,
    /// The quote around the key at the cursor.
    pub(super) key_quote: Option<char>,
    /// Where the mark stands.
    pub(super) place: Place<'a>,
}

impl Marked {
    /// What the word at the cursor can be, the likelier first: behind an open quote a key, above the first item of
    /// a list an item, else what stands there. Empty when the offset is not in the text.
    pub(super) fn readings(workspace: &Workspace, file: &SourceFile, cursor: u32) -> Vec<Self> {
        let Some((before, after)) = file.text().split_at_checked(cursor as usize) else {
            return Vec::new();
        };
        let quote = quote_without_colon(before.trim_end_matches(tokens::is_name), after);
        let as_key = quote.map(|_| Reading::QuotedKey);
        let as_item = layout::is_above_items(before, after).then_some(Reading::Item);
        let readings = as_key.into_iter().chain(as_item).chain([Reading::AsWritten]);
        readings.filter_map(|it| Self::new(workspace, file, cursor, it)).collect()
    }

    fn new(
        workspace: &Workspace,
        file: &SourceFile,
        cursor: u32,
        reading: Reading,
    ) -> Option<Self> {
        let is_above_items = reading == Reading::Item;
        let (before, after) = file.text().split_at_checked(cursor as usize)?;
        let head = before.trim_end_matches(tokens::is_name);
        let word = before.get(head.len()..)?;
        let lead = if layout::wants_space(head) { " " } else { "" };
        // A word above its block is read as the key that it becomes.
        let is_above_block = !is_above_items && layout::is_above_block(before, after);
        let dash = if is_above_items { DASH } else { "" };
        let (rest, below) = if is_above_block {
            after.split_at(after.len() - after.trim_start_matches(tokens::is_name).len())
        } else {
            (after, "")
        };
        let colon = if is_above_block { ":" } else { "" };
        // What is not closed yet is, so that the file reads as it will.
        let brackets = layout::missing_brackets(before, after);
        let (rest, below) = match brackets.is_empty() || is_above_block {
            true => (rest, below),
            false => rest.split_at(rest.find('\n').unwrap_or(rest.len())),
        };
        let quote = quote_without_colon(head, after).filter(|_| reading == Reading::QuotedKey);
        let quote_colon = if quote.is_some() { ":" } else { "" };
        let quote = quote.unwrap_or_default();
        // The end of the word with its quote, where that is there.
        let line = rest.lines().next().unwrap_or_default();
        let (typed, rest) = rest.split_at(line.find(quote).map_or(0, |it| it + quote.len()));
        let quote = if typed.is_empty() { quote } else { "" };
        let text = [
            [head, lead, dash, word, MARK, quote, typed, quote_colon].concat(),
            [rest, &brackets, colon, below].concat(),
        ]
        .concat();
        let file = Arc::new(SourceFile::new(file.id, file.path.clone(), text));
        let offset = cursor + u32::try_from(lead.len() + dash.len()).ok()?;
        Some(Self {
            workspace: workspace.with_file(Arc::clone(&file)),
            file,
            cursor,
            offset,
            lead,
            is_above_block,
            reading,
        })
    }
}

/// The quote with which the key at a place begins.
fn quote_of_key(place: &Place<'_>, text: &str) -> Option<char> {
    let entry = place.levels.last().filter(|_| matches!(place.kind, PlaceKind::Key))?.entry?;
    let first = entry.key.range.slice(text).chars().next()?;
    matches!(first, '\'' | '"').then_some(first)
}

/// The quote that opens a key before the cursor's word: it stands first on its line, and nothing follows the word,
/// or nothing but the quote that closes it. An item in quotes is whole without a colon.
fn quote_without_colon(head: &str, rest: &str) -> Option<&'static str> {
    let quote = if head.ends_with('"') { "\"" } else { "'" };
    let before = layout::line_of(head.strip_suffix(quote)?);
    let rest = rest.trim_start_matches(tokens::is_name).lines().next().unwrap_or_default();
    let is_open = before.trim_matches([' ', '-']).is_empty() && rest.trim().is_empty();
    let is_closed = before.trim_matches(' ').is_empty() && rest.trim_end() == quote;
    (is_open || is_closed).then_some(quote)
}

impl<'a> Context<'a> {
    /// A proposal's documentation; empty where the editor asks for it later, one by one.
    pub(super) fn documentation(&self, text: impl FnOnce() -> String) -> String {
        if self.documented { text() } else { String::new() }
    }

    /// Absent where nothing can be proposed: in a comment, and in a file that is none of ours.
    pub(super) fn new(
        workspace: &'a Workspace,
        file: &'a SourceFile,
        marked_state: &'a Marked,
        trigger: Option<char>,
        documented: bool,
    ) -> Option<Self> {
        let Marked { workspace: marked, file: marked_file, is_above_block, .. } = marked_state;
        let Marked { cursor, offset, lead, reading, .. } = marked_state;
        let yaml = marked_file.parse().yaml();
        if yaml.comments.iter().any(|it| it.contains(*offset)) {
            return None;
        }
        // A file that says nothing yet may become an entity file.
        let is_known = |it: &Entry| {
            it.key.text.contains(MARK) || keys::ENTITY_FILE.key(&it.key.text).is_some()
        };
        let is_new = || {
            let root = yaml.root.as_mapping();
            root.is_none_or(|it| it.entries.len() == 1 || it.entries.iter().all(is_known))
        };
        let root = match keys::root_spec(&marked_file.kind) {
            Some(it) => it,
            None if is_new() => &keys::ENTITY_FILE,
            None => return None,
        };
        let place = keys::place_at(root, yaml, marked_file.text(), *offset);
        let key_quote = quote_of_key(&place, marked_file.text());
        let is_rule = matches!(place.kind, PlaceKind::Key) && rules::is_list(&place);
        let word = tokens::name_range(file.text(), *cursor, if is_rule { "-" } else { "" });
        let behind = file.text().get(word.end() as usize..).unwrap_or_default();
        let closing = key_quote.and_then(|it| behind.strip_prefix(it));
        // Before a colon the quote stays; else it is written again, before what follows the key.
        let is_rewritten = closing.is_some_and(|it| !it.starts_with(':'));
        let replaced = TextRange::new(word.start(), word.end() + u32::from(is_rewritten));
        let res = Self {
            workspace,
            file,
            marked,
            offset: *offset,
            cursor: *cursor,
            lead,
            is_above_block: *is_above_block,
            is_above_items: *reading == Reading::Item,
            trigger,
            documented,
            replaced,
            key_quote,
            place,
        };
        // A key stands nowhere but where keys do.
        let is_it = *reading != Reading::QuotedKey || matches!(res.place.kind, PlaceKind::Key);
        (is_it && res.holds_mark()).then_some(res)
    }

    /// Whether the mark is, or is a part of, what stands at the place; not where the grammar passed
    /// over it.
    fn holds_mark(&self) -> bool {
        match self.place.kind {
            PlaceKind::Key => {
                let level = self.level();
                level.is_some_and(|it| it.entry.is_none_or(|it| it.key.text.contains(MARK)))
            }
            PlaceKind::Value { node: Some(node), .. } => {
                node.as_scalar().is_some_and(|it| it.text.contains(MARK))
            }
            // Between the items of a list: an item whose dash is not written yet.
            PlaceKind::Value { node: None, .. } => self.opens_line(),
            PlaceKind::Outside => false,
        }
    }

    /// The text of the file with the mark, up to the cursor.
    pub(super) fn marked_before(&self) -> &'a str {
        let text = self.marked.file(self.file.id).map_or("", |it| it.text());
        text.get(..self.offset as usize).unwrap_or_default()
    }

    /// The text of the file behind the cursor.
    pub(super) fn after(&self) -> &'a str {
        self.file.text().get(self.cursor as usize..).unwrap_or_default()
    }

    /// The text of a scalar up to the cursor; nothing for an item without its dash.
    pub(super) fn before<'b>(&self, node: Option<&'b Node>) -> &'b str {
        let scalar = node.and_then(Node::as_scalar);
        scalar.and_then(|it| it.text.split_once(MARK)).map_or("", |it| it.0)
    }

    /// How far an offset of the file with the mark is from the beginning of its line.
    pub(super) fn column_of(&self, offset: u32) -> usize {
        let text = self.marked.file(self.file.id).map_or("", |it| it.text());
        layout::line_of(text.get(..offset as usize).unwrap_or_default()).len()
    }

    /// The column of the dash that opens the line of an offset of the file with the mark.
    pub(super) fn dash_column(&self, offset: u32) -> Option<usize> {
        let text = self.marked.file(self.file.id).map_or("", |it| it.text());
        let line = text.get(..offset as usize)?.rsplit('\n').next()?;
        let indent = line.len() - line.trim_start().len();
        line.trim_start().starts_with('-').then_some(indent)
    }

    /// A value as it is written around the cursor, in the file as it is; absent when it has several
    /// lines.
    pub(super) fn written_value(&self, node: &Node) -> Option<TextRange> {
        let mark = u32::try_from(MARK.len()).ok()?;
        let lead = self.offset - self.cursor;
        let start = node.range.start().checked_sub(lead)?;
        let end = node.range.end().checked_sub(mark + lead)?;
        let text = self.file.text().get(start as usize..end as usize)?;
        (!text.contains('\n')).then(|| TextRange::new(start, end))
    }

    /// A key's text around the cursor.
    pub(super) fn around(key: &str) -> Option<(&str, &str)> {
        key.split_once(MARK)
    }

    /// The name around the cursor, with what is in `more` as a part of it.
    pub(super) fn word(&self, more: &str) -> TextRange {
        tokens::name_range(self.file.text(), self.cursor, more)
    }

    /// The cursor in the file as it is.
    pub(super) const fn cursor(&self) -> u32 {
        self.cursor
    }

    /// Nobody asked: a space was typed, behind which the author may as well end the line.
    pub(super) fn is_unasked(&self) -> bool {
        self.is_triggered_by(' ')
    }

    /// The editor asks by itself, because this was typed.
    pub(super) fn is_triggered_by(&self, typed: char) -> bool {
        self.trigger == Some(typed)
    }

    /// An opening parenthesis follows the word, so a function is completed without one.
    pub(super) fn is_called(&self) -> bool {
        self.after().trim_start_matches(tokens::is_name).starts_with('(')
    }

    /// A dot and a name follow the word, so what stands there has members.
    pub(super) fn is_before_dot(&self) -> bool {
        self.name_behind_dot().is_some()
    }

    /// The name that follows the word and a dot.
    pub(super) fn name_behind_dot(&self) -> Option<&'a str> {
        let name = self.after().trim_start_matches(tokens::is_name).strip_prefix('.')?;
        let end = name.find(|it| !tokens::is_name(it)).unwrap_or(name.len());
        name.get(..end).filter(|it| !it.is_empty())
    }

    /// A colon follows the word, so a key is completed without one.
    pub(super) fn has_colon(&self) -> bool {
        let after = self.file.text().get(self.replaced.end() as usize..).unwrap_or_default();
        let closing = self.key_quote.and_then(|it| after.strip_prefix(it));
        closing.unwrap_or(after).starts_with(':')
    }

    /// A key as it stands before its colon, with the quote that closes it where that is to be written.
    pub(super) fn closed_key(&self, name: &str) -> String {
        let quote = self.key_quote.filter(|_| !self.has_colon());
        name.chars().chain(quote).collect()
    }

    /// The innermost mapping is written with braces.
    pub(super) fn in_flow(&self) -> bool {
        self.level().and_then(|it| it.mapping).is_some_and(|it| it.flow)
    }

    /// How far the word is from the first character of its line: 2 behind a dash.
    pub(super) fn column_in_line(&self) -> usize {
        let before = self.file.text().get(..self.replaced.start() as usize).unwrap_or_default();
        let quote = usize::from(self.key_quote.is_some());
        layout::line_of(before).trim_start().len() + self.lead.len() - quote
    }

    /// Nothing stands before the word on its line.
    pub(super) fn opens_line(&self) -> bool {
        self.column_in_line() == 0
    }

    /// The innermost mapping.
    pub(super) fn level(&self) -> Option<&Level<'a>> {
        self.place.levels.last()
    }

    /// The path that the `switch` around the cursor decides by.
    pub(super) fn switched(&self) -> Option<&'a str> {
        let steps = self.place.levels.iter().rev();
        let mut entries = steps.flat_map(|it| it.mapping).flat_map(|it| &it.entries);
        entries.find(|it| it.key.text == "switch")?.value.as_scalar().map(|it| it.text.as_str())
    }

    /// The values that the other cases of the `switch` around the cursor are for.
    pub(super) fn cases(&self) -> Vec<String> {
        let levels = self.place.levels.iter().rev();
        let mut entries = levels.filter_map(|it| it.entry);
        let cases = entries.find(|it| it.key.text == "cases");
        let cases = cases.and_then(|it| it.value.as_sequence());
        let cases = cases.into_iter().flat_map(|it| &it.items);
        let entries = cases.filter_map(Node::as_mapping).flat_map(|it| &it.entries);
        let values =
            entries.filter(|it| it.key.text == "when").filter_map(|it| it.value.as_scalar());
        let others = values.filter(|it| !it.text.contains(MARK));
        others.map(|it| it.text.trim_matches('\'').to_owned()).collect()
    }

    /// The entity of the file.
    pub(super) fn own(&self) -> EntityId {
        EntityId(self.file.id)
    }

    /// What the file with the mark declares.
    fn declared(&self) -> Option<&'a Entity> {
        self.marked.entity(self.own()).map(AsRef::as_ref)
    }

    /// The action around the cursor, by number.
    pub(super) fn action_id(&self) -> Option<ActionId> {
        let inside = self.inside();
        let around = self.declared()?.action_ids().filter(|(_, it)| it.range.touches(inside));
        around.last().map(|it| it.0)
    }

    /// An offset of what surrounds the cursor: the cursor, or where the innermost mapping begins for an item
    /// that has no dash yet, which no list and so no block holds.
    fn inside(&self) -> u32 {
        let is_loose = matches!(self.place.kind, PlaceKind::Value { node: None, .. });
        let mapping = self.level().filter(|_| is_loose).and_then(|it| it.mapping);
        let mut entries = mapping.into_iter().flat_map(|it| &it.entries).filter(|it| !it.merged);
        entries.next().map_or(self.offset, |it| it.key.range.start())
    }

    /// The action around the cursor.
    pub(super) fn action(&self) -> Option<&'a Action> {
        self.marked.action(self.action_id()?)
    }

    /// The innermost step around the cursor.
    fn step(&self) -> Option<&'a Step> {
        Scope::at_offset(self.marked, self.action_id()?, self.inside()).1
    }

    /// The names that mean something in an expression at the cursor.
    pub(super) fn scope(&self) -> Scope<'a> {
        match self.action_id() {
            Some(id) if self.impact_entry().is_some() => Scope::of_action(self.marked, id),
            Some(id) => Scope::at_offset(self.marked, id, self.offset).0,
            None => Scope::of_entity(self.marked, self.own()),
        }
    }

    /// The entity that the step around the cursor writes or reads; `Some(None)` when its name means
    /// nothing.
    pub(super) fn written(&self) -> Option<Option<EntityId>> {
        let step = self.step()?;
        let write = step.write().or(match &step.kind {
            StepKind::Find { write, .. } => Some(write),
            _ => None,
        })?;
        let entity = write.entity.as_ref()?;
        Some(self.marked.resolve(self.own(), entity).found())
    }

    /// The action that the step around the cursor calls.
    pub(super) fn called(&self) -> Option<ActionId> {
        let (schema, name) = self.step()?.called()?;
        let schema = schema.map(|it| it.text.as_str());
        self.workspace.called(self.own(), schema, &name.text)
    }

    /// The entry of `impact` around the cursor.
    pub(super) fn impact_entry(&self) -> Option<&'a ImpactEntry> {
        let impact = self.action()?.impact.as_deref()?;
        let mut entries = impact.primary.iter().chain(&impact.side_effects);
        entries.find(|it| it.range.touches(self.inside()))
    }

    /// The entities whose fields the arguments of the query around the cursor can be: the one that it is about
    /// as its name says, else those that the action writes, and the file's.
    pub(super) fn asked(&self) -> Vec<EntityId> {
        let levels = self.place.levels.iter().rev();
        let mut items = levels.filter(|it| std::ptr::eq(it.spec, &raw const keys::INVALIDATION));
        let entries = items.next().and_then(|it| it.mapping).into_iter().flat_map(|it| &it.entries);
        let mut queries = entries.filter(|it| ["query", "queryName"].contains(&it.key.as_str()));
        let query = queries.next().and_then(|it| it.value.as_scalar());
        let own = self.workspace.entity(self.own());
        let about = query.zip(own).and_then(|(query, own)| {
            specql_check::entity_of_query(self.workspace, own, &query.text)
        });
        if let Some(about) = about {
            return vec![about.id];
        }
        let written = self.effects().iter().filter_map(|it| it.entity);
        written.chain([self.own()]).collect()
    }

    /// What the action writes, by its steps as they were before the mark.
    pub(super) fn effects(&self) -> &'a [Effect] {
        self.action_id().map_or(&[], |it| self.workspace.effects(it))
    }

    /// The entities that the impact block of the action lists.
    pub(super) fn listed_entities(&self) -> Vec<EntityId> {
        let impact = self.action().and_then(|it| it.impact.as_deref());
        let entries = impact.into_iter().flat_map(|it| it.primary.iter().chain(&it.side_effects));
        entries.filter_map(|it| self.entity_named(it.entity.as_ref()?.as_str())).collect()
    }

    /// The entity with a name, seen from this file.
    pub(super) fn entity_named(&self, name: &str) -> Option<EntityId> {
        self.workspace.resolve_name(self.own(), name).found()
    }

    /// The items of the list around the cursor, without the one that is typed.
    pub(super) fn listed(&self) -> Vec<&'a str> {
        let list = self.level().and_then(|it| it.entry?.value.as_sequence());
        let items = list.into_iter().flat_map(|it| &it.items);
        items
            .filter_map(|it| Some(it.as_scalar()?.text.as_str()))
            .filter(|it| !it.contains(MARK))
            .collect()
    }

    /// The field around the cursor, as it is typed.
    pub(super) fn field(&self) -> Option<&'a Field> {
        self.declared()?.fields.iter().find(|it| it.range.touches(self.offset))
    }

    /// The entity of the events of the action around the cursor.
    pub(super) fn aggregate(&self) -> Option<EntityId> {
        self.workspace.effective_primary(self.action_id()?)?.entity
    }

    /// The entity whose fields a list of fields means: that of the impact entry or step around it,
    /// the aggregate in `cdc`, else that of the file.
    pub(super) fn field_owner(&self) -> Option<EntityId> {
        if let Some(entry) = self.impact_entry() {
            return match &entry.entity {
                Some(it) => self.entity_named(&it.text),
                None => Some(self.own()),
            };
        }
        if let Some(written) = self.written() {
            return written;
        }
        self.aggregate().or(Some(self.own()))
    }
}
