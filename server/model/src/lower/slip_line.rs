//! A line at the margin, or the first one, that was meant as `entity: Post`, and is none for a YAML reader: `entity Post`,
//! `entity= Post`, `- entity: Post`, `: Post`.
//!
//! The file is read as if the line were a comment, so what it declares is there for others, at its place.

use std::{ops::Range, sync::Arc};

use specql_syntax::{Name, Parse, yaml::Node};
use specql_text::TextRange;

use super::slip;
use crate::{keys, names::is_word, suggest};

/// A line that was meant as `entity: Post`.
#[derive(Debug, Clone)]
pub struct SlipLine<'a> {
    /// The line without blanks and comment at its end.
    pub text: &'a str,
    /// Its place.
    pub range: TextRange,
    /// The name that is meant.
    pub name: &'a str,
}

/// The line of a text that was meant as `entity: Post`. Where the file was not `named` as an entity file, what
/// stands beside it is of one.
#[must_use]
pub fn slip_line(text: &str, named: bool) -> Option<SlipLine<'_>> {
    let mut lines = first_line(text).into_iter().chain(lines(text));
    let slip = lines.find_map(|(at, line)| slip_of_line(at, line))?;
    (named || is_beside_blocks(text) || stands_alone(text, &slip)).then_some(slip)
}

/// The line by which a file declares its entity: nothing else declares one.
pub(super) fn declaring<'a>(root: &Node, text: &'a str, named: bool) -> Option<SlipLine<'a>> {
    if root.get("entity").is_some() || slip::declared(root).is_some() {
        return None;
    }
    let slip = slip_line(text, named)?;
    let is_other = slip::OTHER_ROOTS.iter().any(|it| root.get(it).is_some());
    (!is_other && slip::is_entity_name(slip.name)).then_some(slip)
}

impl SlipLine<'_> {
    /// The name with its place.
    pub(super) fn entity_name(&self) -> Name {
        let behind = self.text.rfind(self.name).unwrap_or_default();
        let start = self.range.to_usize().start + behind;
        Name::new(self.name, TextRange::from(start..start + self.name.len()))
    }

    /// The file with the line as a comment: everything else keeps its place.
    pub(super) fn without(&self, text: &str) -> Parse {
        let Range { start, end } = self.range.to_usize();
        let (before, rest) = text.split_at_checked(start).unwrap_or((text, ""));
        let behind = rest.get(end - start..).unwrap_or_default();
        let comment = "#".repeat(end - start);
        let text: Arc<str> = format!("{before}{comment}{behind}").into();
        specql_syntax::parse(text)
    }
}

/// Whether a block of an entity file begins at the margin.
fn is_beside_blocks(text: &str) -> bool {
    lines(text).any(|(_, line)| key_of(line).is_some_and(|it| slip::OWN_KEYS.contains(&it)))
}

/// Whether nothing but keys of an entity file stands beside a slip, whose name is written as an entity's.
fn stands_alone(text: &str, slip: &SlipLine<'_>) -> bool {
    let is_own = |line: &str| key_of(line).is_some_and(|it| keys::ENTITY_FILE.key(it).is_some());
    let mut others = lines(text).filter(|it| it.0 != slip.range.to_usize().start);
    slip::is_entity_name(slip.name)
        && others.all(|(_, line)| line.starts_with("---") || is_own(line))
}

/// The key with which a line at the margin begins.
fn key_of(line: &str) -> Option<&str> {
    line.split_once(':').map(|(key, _)| key.trim_end())
}

/// The lines that begin at the margin, with their offsets.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    let all = text.split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        (start, line)
    });
    all.filter(|(_, line)| !line.starts_with([' ', '\t', '\r', '\n', '#']))
}

/// The first line that says something, without the blanks before it: of that one the column may be wrong as well.
fn first_line(text: &str) -> Option<(usize, &str)> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim_start_matches(' ');
        if !content.trim().is_empty() && !content.starts_with('#') {
            return Some((at + line.len() - content.len(), content));
        }
        at += line.len();
    }
    None
}

fn slip_of_line(at: usize, line: &str) -> Option<SlipLine<'_>> {
    const QUOTES: [char; 2] = ['"', '\''];
    /// A word of more letters is no `entity` with a slip.
    const LONGEST: usize = 10;
    let text = line.split(" #").next()?.trim_end();
    let range = TextRange::from(at..at + text.len());
    // The key is gone: nothing but the name tells what it was.
    if let Some(name) = text.strip_prefix(':') {
        let name = name.trim_start().trim_matches(QUOTES);
        return slip::is_entity_name(name).then_some(SlipLine { text, range, name });
    }
    let rest = text.strip_prefix("- ").unwrap_or(text).trim_start_matches(QUOTES);
    let word = rest.get(..rest.find(|it: char| !it.is_alphanumeric())?)?;
    let is_meant = word.len() <= LONGEST
        && (word.eq_ignore_ascii_case("entity")
            || word == "entities"
            || suggest(word, ["entity"]).is_some());
    if !is_meant {
        return None;
    }
    // Right as it is, it stands in another document.
    let is_right = text.strip_prefix("entity:").is_some_and(|it| it.starts_with(' '));
    let name = rest.get(word.len()..).filter(|_| !is_right)?.trim_start_matches(QUOTES);
    let name = name.trim_start_matches(|it: char| " \t:=->;,.".contains(it));
    let name = name.trim_end_matches(|it: char| ": ".contains(it)).trim_matches(QUOTES);
    let is_name = name.starts_with(char::is_alphabetic) && is_word(name);
    is_name.then_some(SlipLine { text, range, name })
}
