//! Actions and steps, as `_parse_single_step` reads them.

use specql_syntax::yaml::{Entry, Mapping, Node, NodeKind, Scalar};
use specql_text::TextRange;

use super::{Form, Item, Reader, forms, python, visible};

/// The steps in the order in which the release looks for them.
const STEPS: &[&str] = &[
    "validate",
    "if",
    "insert",
    "update",
    "delete",
    "find",
    "call",
    "notify",
    "reject",
    "refresh_table_view",
];

impl<'a> Reader<'a> {
    pub(super) fn action(&mut self, item: Item<'a>) {
        let Some((action, _)) = self.member(item, "name", &forms::ACTIONS) else { return };
        if let Some(steps) = action.get("steps") {
            self.steps(steps, &forms::STEPS, "");
        }
    }

    fn steps(&mut self, entry: &'a Entry, form: &'static Form, subject: &str) {
        match &entry.value.kind {
            NodeKind::Sequence(list) => {
                for node in &list.items {
                    let range = if node.range.is_empty() { visible(entry) } else { node.range };
                    self.step(Item { node, range });
                }
            }
            NodeKind::Mapping(it) if it.entries.is_empty() => {}
            NodeKind::Mapping(it) => {
                let first = it.entries.first().map_or("", |it| it.key.as_str());
                self.refuse(form, visible(entry), subject, of_letters(first));
            }
            _ => {
                if let Some(words) = python::not_iterable(&entry.value) {
                    self.refuse(form, visible(entry), subject, words);
                } else if !python::is_empty_text(&entry.value) {
                    let text = python::text(&entry.value).unwrap_or_default();
                    let first: String = text.chars().take(1).collect();
                    self.refuse(form, visible(entry), subject, of_letters(&first));
                }
            }
        }
    }

    fn step(&mut self, item: Item<'a>) {
        let NodeKind::Mapping(step) = &item.node.kind else {
            let words = not_a_step(item.node);
            self.refuse(&forms::STEP, item.range, "", words);
            return;
        };
        let mut written = STEPS.iter().filter_map(|it| step.get(it));
        let Some(entry) = written.next() else {
            let first = step.entries.first();
            let name = first.map_or("", |it| it.key.as_str());
            let range = first.map_or(item.range, |it| it.key.range);
            self.refuse(&forms::UNKNOWN_STEP, range, format!("`{name}`"), "Unknown step type");
            return;
        };
        let keyword = entry.key.as_str();
        if let Some(other) = written.next() {
            self.misread(&forms::SECOND_STEP, other.key.range, keyword);
        }
        match keyword {
            "if" => {
                for key in ["then", "else"] {
                    if let Some(it) = step.get(key) {
                        self.steps(it, &forms::BRANCH, &format!("`{key}`"));
                    }
                }
                self.condition(entry);
            }
            "validate" => self.condition(entry),
            "update" => self.update(entry),
            "insert" => {
                self.statement(entry, "strip");
            }
            "delete" | "find" => self.rows(entry),
            "call" => self.call(entry),
            "notify" => self.notify(entry),
            "refresh_table_view" => self.refresh(entry),
            _ => {}
        }
    }

    /// The statement of a step as a text. What is none is reported in the words of the method that is
    /// called on it.
    fn statement(&mut self, entry: &'a Entry, method: &str) -> Option<&'a Scalar> {
        self.text(entry, &forms::STATEMENT, |it| python::no_attribute(it, method))
    }

    /// The same where it is matched with a regular expression.
    fn matched(&mut self, entry: &'a Entry) -> Option<&'a Scalar> {
        self.text(entry, &forms::STATEMENT, python::no_text)
    }

    fn text(
        &mut self,
        entry: &'a Entry,
        form: &'static Form,
        words: impl FnOnce(&Node) -> String,
    ) -> Option<&'a Scalar> {
        let text = entry.value.as_scalar().filter(|_| python::is_text(&entry.value));
        if text.is_none() {
            let subject = format!("`{}`", entry.key.text);
            self.refuse(form, visible(entry), subject, words(&entry.value));
        }
        text
    }

    fn condition(&mut self, entry: &'a Entry) {
        if self.fields.is_empty() {
            return;
        }
        if let Some(scalar) = self.text(entry, &forms::CONDITION, python::no_text) {
            self.expression(scalar, 0..scalar.text.len());
        }
    }

    fn update(&mut self, entry: &'a Entry) {
        let Some(scalar) = self.statement(entry, "split") else { return };
        let text = scalar.text.as_str();
        let Some(set) = text.find(" SET ").map(|it| it + " SET ".len()) else {
            let (form, range) = without_set(text, entry, scalar);
            let entity = text.split_whitespace().next().unwrap_or_default();
            self.refuse(form, range, entity, format!("Invalid update syntax: {text}"));
            return;
        };
        let rest = text.get(set..).unwrap_or_default();
        let filter = rest.find(" WHERE ").map(|it| set + it);
        self.expression(scalar, set..filter.unwrap_or(text.len()));
        if let Some(at) = filter {
            self.expression(scalar, at + " WHERE ".len()..text.len());
        } else if let Some(at) = on_a_line(rest, "WHERE") {
            let range = scalar.file_range(TextRange::from(set + at..set + at + "WHERE".len()));
            self.misread(&forms::WHERE_LINE, range, "");
        }
    }

    /// `delete` and `find`.
    fn rows(&mut self, entry: &'a Entry) {
        let Some(scalar) = self.statement(entry, "split") else { return };
        if let Some(at) = scalar.text.find(" WHERE ") {
            self.expression(scalar, at + " WHERE ".len()..scalar.text.len());
        }
    }

    /// `(\w+)\s*\((.*)\)`.
    fn call(&mut self, entry: &'a Entry) {
        let Some(scalar) = self.matched(entry) else { return };
        let text = scalar.text.as_str();
        let words = || format!("Invalid call syntax: {text}");
        let Some((name, rest)) = name_and_parenthesis(text) else {
            let name = text.split(|it: char| it.is_whitespace() || it == '(').next();
            let name = name.unwrap_or_default().to_owned();
            let form = if name.contains('.') { &forms::CALL_SCHEMA } else { &forms::CALL };
            self.refuse(form, visible(entry), name, words());
            return;
        };
        let line = rest.lines().next().unwrap_or_default();
        let Some(end) = line.rfind(')') else {
            self.refuse(&forms::CALL, visible(entry), name, words());
            return;
        };
        let arguments = line.get(..end).unwrap_or_default().trim();
        let lost = arguments.split(',').map(str::trim).find(|it| !it.contains('='));
        if let Some(it) = lost.filter(|_| !arguments.is_empty()) {
            self.misread(&forms::POSITIONAL, visible(entry), format!("`{it}`"));
        }
    }

    /// `(\w+)\s*\(([^,]+),\s*(.+)\)`.
    fn notify(&mut self, entry: &'a Entry) {
        let Some(scalar) = self.matched(entry) else { return };
        let text = scalar.text.as_str();
        let is_read = name_and_parenthesis(text).is_some_and(|(_, rest)| {
            let Some((channel, message)) = rest.split_once(',') else { return false };
            !channel.is_empty() && ends_on_a_line(message)
        });
        if !is_read {
            let words = format!("Invalid notify syntax: {text}");
            self.refuse(&forms::NOTIFY, visible(entry), "", words);
        }
    }

    fn refresh(&mut self, entry: &'a Entry) {
        let Some(block) = entry.value.as_mapping() else {
            let words = python::no_attribute(&entry.value, "get");
            self.refuse(&forms::REFRESH, visible(entry), "", words);
            return;
        };
        let scopes = ["self", "related", "propagate", "batch"];
        self.refresh_word(block, "scope", &scopes, "Invalid refresh scope");
        if let Some(it) = block.get("propagate").filter(|it| it.value.as_sequence().is_none()) {
            let words = "refresh_table_view.propagate must be a list of entity names";
            self.refuse(&forms::PROPAGATE, visible(it), "", words);
        }
        let strategies = ["immediate", "deferred"];
        self.refresh_word(block, "strategy", &strategies, "Invalid refresh strategy");
    }

    fn refresh_word(&mut self, block: &'a Mapping, key: &str, known: &[&str], words: &str) {
        let Some(entry) = block.get(key) else { return };
        if python::text(&entry.value).is_none_or(|it| !known.contains(&it)) {
            let written = entry.value.as_scalar().map_or("nothing", |it| it.text.as_str());
            self.refuse(&forms::REFRESH_WORD, visible(entry), format!("`{written}`"), words);
        }
    }
}

/// What becomes of a text that is taken for a step: the name of a step inside of it is found.
fn of_letters(text: &str) -> String {
    if STEPS.iter().any(|it| text.contains(it)) {
        "string indices must be integers, not 'str'".to_owned()
    } else {
        format!("Unknown step type: {text}")
    }
}

fn not_a_step(node: &Node) -> String {
    match &node.kind {
        NodeKind::Sequence(list) => {
            let is_step = |it: &Node| python::text(it).is_some_and(|it| STEPS.contains(&it));
            if list.items.iter().any(is_step) {
                "list indices must be integers or slices, not str".to_owned()
            } else {
                "Unknown step type".to_owned()
            }
        }
        _ => match python::text(node) {
            Some(text) => of_letters(text),
            None => format!("argument of type '{}' is not iterable", python::type_of(node)),
        },
    }
}

/// Why there is no ` SET `, and where.
fn without_set(text: &str, entry: &Entry, scalar: &Scalar) -> (&'static Form, TextRange) {
    let at = |place: usize| scalar.file_range(TextRange::from(place..place + "SET".len()));
    if let Some(place) = on_a_line(text, "SET") {
        return (&forms::UPDATE_LINE, at(place));
    }
    let lower = text.to_ascii_lowercase();
    match on_a_line(&lower, "set") {
        Some(place) => (&forms::UPDATE_CASE, at(place)),
        None => (&forms::UPDATE, visible(entry)),
    }
}

/// Where a word stands between any white space.
fn on_a_line(text: &str, word: &str) -> Option<usize> {
    let is_free = |it: Option<char>| it.is_none_or(char::is_whitespace);
    text.match_indices(word).map(|it| it.0).find(|at| {
        let before = text.get(..*at).and_then(|it| it.chars().next_back());
        let after = text.get(at + word.len()..).and_then(|it| it.chars().next());
        is_free(before) && is_free(after)
    })
}

/// `(\w+)\s*\(` and what stands behind it.
fn name_and_parenthesis(text: &str) -> Option<(&str, &str)> {
    let is_word = |it: char| it.is_alphanumeric() || it == '_';
    let end = text.find(|it| !is_word(it)).filter(|it| *it > 0)?;
    let (name, rest) = text.split_at_checked(end)?;
    Some((name, rest.trim_start().strip_prefix('(')?))
}

/// `\s*(.+)\)`: something and a parenthesis on one line, behind any white space.
fn ends_on_a_line(text: &str) -> bool {
    let trimmed = text.trim_start();
    let spaces = text.len() - trimmed.len();
    let starts = text.char_indices().map(|it| it.0).filter(|it| *it <= spaces);
    starts.chain([spaces]).any(|start| {
        let rest = text.get(start..).unwrap_or_default();
        let line = rest.split('\n').next().unwrap_or_default();
        line.rfind(')').is_some_and(|it| it > 0)
    })
}
