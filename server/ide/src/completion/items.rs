//! The list of proposals as it grows: ordered by the groups in which they are added.

use rustc_hash::FxHashSet;
use specql_syntax::edit::scalar_text;
use specql_text::{TextEdit, TextRange};

use crate::{CompletionItem, CompletionKind, Completions};

/// No list of proposals is longer; of more, ask again when more of the word is typed.
pub const COMPLETION_LIMIT: usize = 100;

/// How a proposal begins a list that is not begun yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wrap {
    /// It is no item, or the list is begun.
    Bare,
    /// Behind the key: `[item]`.
    Brackets,
    /// On a line of its own: `- item`.
    Dash,
}

/// The quotes of YAML around the cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quotes {
    /// None, or a block scalar.
    None,
    /// `'`, in which it is doubled.
    Single,
    /// `"`, in which it is escaped.
    Double,
}

/// Proposals, all for the same place.
#[derive(Debug)]
pub(super) struct Items {
    /// What each proposal replaces.
    pub(super) replaced: TextRange,
    /// What each begins with.
    pub(super) lead: &'static str,
    /// What a proposal stands in.
    pub(super) quotes: Quotes,
    /// What each ends with: the quote that is not closed yet.
    pub(super) tail: &'static str,
    /// What each has to begin with, in lower case: what is typed of a value with a blank.
    pub(super) prefix: Option<String>,
    /// A text is written as one whole scalar: in quotes where YAML would read something else.
    pub(super) is_scalar: bool,
    /// Between brackets, where fewer signs can stand without quotes.
    pub(super) in_flow: bool,
    /// Nothing stands before it in its scalar, so YAML takes its quotes.
    pub(super) is_first: bool,
    /// The list is of names in a path, behind which a dot can stand.
    pub(super) in_path: bool,
    /// A member follows, so what has none cannot stand there.
    pub(super) is_before_dot: bool,
    /// Labels of what the list around the cursor has already.
    pub(super) taken: Vec<String>,
    /// Something that could be offered is not.
    pub(super) is_cut: bool,
    items: Vec<CompletionItem>,
    labels: FxHashSet<String>,
    /// What each proposal brings along.
    pub(super) wrap: Wrap,
}

/// A proposal without its place.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub(super) label: String,
    pub(super) kind: CompletionKind,
    /// What is inserted; the label when absent.
    pub(super) text: Option<String>,
    pub(super) snippet: bool,
    pub(super) detail: Option<String>,
    pub(super) documentation: Option<String>,
    /// Its text is a text of the author's, such as a value of an enum.
    pub(super) is_text: bool,
    /// It has members.
    has_members: bool,
}

impl Item {
    pub(super) fn new(label: impl Into<String>, kind: CompletionKind) -> Self {
        Self {
            label: label.into(),
            kind,
            text: None,
            snippet: false,
            detail: None,
            documentation: None,
            is_text: false,
            has_members: false,
        }
    }

    /// A dot can follow it in a path, when this is so.
    pub(super) const fn members(mut self, has_members: bool) -> Self {
        self.has_members = has_members;
        self
    }

    /// Whether it has members, as far as is known: of the variable of a loop over JSON nothing is.
    fn may_have_members(&self) -> bool {
        let is_open = self.detail.is_none() && self.documentation.is_none();
        self.has_members || is_open && matches!(self.kind, CompletionKind::Variable)
    }

    /// A text that is quoted where YAML wants it.
    pub(super) fn quoted(label: impl Into<String>, kind: CompletionKind) -> Self {
        Self { is_text: true, ..Self::new(label, kind) }
    }

    pub(super) fn text(mut self, text: impl Into<String>) -> Self {
        self.text = Some(text.into());
        self
    }

    pub(super) fn snippet(mut self, text: impl Into<String>) -> Self {
        self.text = Some(text.into());
        self.snippet = true;
        self
    }

    pub(super) fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into()).filter(|it| !it.is_empty());
        self
    }

    pub(super) fn documentation(mut self, documentation: impl Into<String>) -> Self {
        self.documentation = Some(documentation.into()).filter(|it| !it.is_empty());
        self
    }
}

impl Items {
    pub(super) fn new(replaced: TextRange) -> Self {
        Self {
            replaced,
            lead: "",
            quotes: Quotes::None,
            tail: "",
            prefix: None,
            is_scalar: false,
            in_flow: false,
            is_first: false,
            in_path: false,
            is_before_dot: false,
            taken: Vec::new(),
            is_cut: false,
            items: Vec::new(),
            labels: FxHashSet::default(),
            wrap: Wrap::Bare,
        }
    }

    /// Adds a proposal behind those that are there. A label that is there already stays as it is.
    pub(super) fn push(&mut self, it: Item) {
        if self.prefix.as_ref().is_some_and(|begin| !it.label.to_lowercase().starts_with(begin)) {
            return;
        }
        if self.taken.contains(&it.label) || self.is_before_dot && !it.may_have_members() {
            return;
        }
        let text = it.text.unwrap_or_else(|| it.label.clone());
        let text = match (self.quotes, it.snippet) {
            (Quotes::None, _) if it.is_text && self.is_scalar => scalar_text(&text, self.in_flow),
            (Quotes::None, _) => text,
            (Quotes::Single, _) => text.replace('\'', "''"),
            (Quotes::Double, true) => text.replace('"', "\\\\\""),
            (Quotes::Double, false) => text.replace('\\', "\\\\").replace('"', "\\\""),
        };
        let text = match self.wrap {
            Wrap::Bare => text,
            Wrap::Brackets => format!("[{text}]"),
            Wrap::Dash => format!("- {}", text.replace('\n', "\n  ")),
        };
        self.push_finished(CompletionItem {
            sort_text: String::new(),
            edit: TextEdit::replace(self.replaced, format!("{}{text}{}", self.lead, self.tail)),
            label: it.label,
            kind: it.kind,
            snippet: it.snippet,
            detail: it.detail,
            documentation: it.documentation,
            goes_on: it.has_members && self.in_path && self.tail.is_empty(),
        });
    }

    /// Adds a proposal that has its place already.
    pub(super) fn push_finished(&mut self, it: CompletionItem) {
        if self.labels.insert(it.label.clone()) {
            let sort_text = format!("{:05}", self.items.len());
            self.items.push(CompletionItem { sort_text, ..it });
        }
    }

    pub(super) fn extend(&mut self, items: impl IntoIterator<Item = Item>) {
        items.into_iter().for_each(|it| self.push(it));
    }

    /// At most [`COMPLETION_LIMIT`] proposals for what is typed so far: of more, those that have its
    /// letters in their order.
    pub(super) fn finish_for(self, typed: &str) -> Completions {
        let mut items = self.items;
        let mut is_incomplete = self.is_cut;
        if items.len() > COMPLETION_LIMIT {
            is_incomplete = true;
            items.retain(|it| fits(&it.label, typed));
            items.truncate(COMPLETION_LIMIT);
        }
        Completions { items, is_incomplete }
    }

    pub(super) fn finish(self) -> Vec<CompletionItem> {
        self.items
    }
}

/// A text as it stands in a snippet.
pub(super) fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('$', "\\$").replace('}', "\\}")
}

/// Whether the letters of `word` stand in `name` in their order.
pub(super) fn fits(name: &str, word: &str) -> bool {
    if name.is_ascii() && word.is_ascii() {
        let mut letters = name.bytes();
        return word.bytes().all(|it| letters.any(|other| other.eq_ignore_ascii_case(&it)));
    }
    let mut letters = name.chars().flat_map(char::to_lowercase);
    word.chars().flat_map(char::to_lowercase).all(|it| letters.any(|other| other == it))
}
