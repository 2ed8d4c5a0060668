//! The sign between a key and what it holds: none, another one, or no blank behind it.

use specql_model::{keys, names::is_word};
use specql_text::{TextEdit, TextRange};

use super::{
    lines::Line,
    ways::{Way, Ways},
};

/// What other languages write between a name and its value.
const SIGNS: [&str; 4] = ["=>", ":=", "->", "="];

impl Ways<'_, '_> {
    /// A word above deeper lines, with its colon.
    pub(super) fn with_colon(&self, number: usize, line: &Line<'_>, acc: &mut Vec<Way>) {
        let word = line.word();
        let below = self.lines.from(number + 1).next().map(|it| it.1);
        let has_block = below.is_some_and(|it| {
            it.indent > line.column() || (it.is_item() && it.indent == line.column())
        });
        if let Some(word) = word.filter(|_| has_block) {
            let message = format!(
                "`{word}` has no `:`, so the lines below belong to nothing; write `{word}:`"
            );
            acc.push(Way {
                edits: vec![TextEdit::insert(line.place().end(), ":")],
                written: None,
                taken: None,
                reveals: false,
                at: line.place(),
                message,
                title: "Add the `:`".to_owned(),
                cost: 4,
            });
        }
    }

    /// `weight float!`: a key and its value with a blank between them.
    pub(super) fn without_colon(&self, number: usize, line: &Line<'_>, acc: &mut Vec<Way>) {
        let Some((word, value)) = line.said().split_once(' ').filter(|it| is_word(it.0)) else {
            return;
        };
        let owner = self.lines.owner(number).and_then(|it| self.lines.get(it)?.key());
        let takes_any = |it: &str| {
            let mut keys = self.specs.iter().filter_map(|spec| spec.key(it));
            keys.any(|it| keys::mapping_of(it.shapes).is_some_and(|it| it.open.is_some()))
        };
        let is_key = self.specs.iter().any(|it| it.key(word).is_some());
        let is_value =
            value.trim_start().starts_with(|it: char| it.is_alphanumeric() || "[{'\"".contains(it));
        if line.key().is_some() || !is_value || !(is_key || owner.is_some_and(takes_any)) {
            return;
        }
        let behind = line.place().start() + TextRange::from(0..word.len()).len();
        acc.push(Way {
            edits: vec![TextEdit::insert(behind, ":")],
            written: None,
            taken: None,
            reveals: true,
            at: TextRange::new(line.place().start(), behind),
            message: format!(
                "`{word}` has no `:`, so it is no key; write `{word}: {}`",
                value.trim_start()
            ),
            title: "Add the `:`".to_owned(),
            cost: 5,
        });
    }

    /// `fields =` above a block, and `price = {type: money}`: a sign of other languages in the place of the colon.
    pub(super) fn with_sign(&self, line: &Line<'_>, acc: &mut Vec<Way>) {
        let said = line.said();
        let Some(word) = said.split([' ', '=', ':', '-']).next().filter(|it| is_word(it)) else {
            return;
        };
        let behind = said.get(word.len()..).unwrap_or_default();
        let gap = behind.len() - behind.trim_start().len();
        let Some(sign) = SIGNS.iter().find(|it| behind.trim_start().starts_with(**it)) else {
            return;
        };
        let value = behind.trim_start().get(sign.len()..).unwrap_or_default();
        let start = line.place().start() + TextRange::from(0..word.len()).len();
        let written = TextRange::from(0..gap + sign.len());
        let range = TextRange::new(start, start + written.len());
        let space = if value.is_empty() || value.starts_with(' ') { "" } else { " " };
        acc.push(Way {
            edits: vec![TextEdit::replace(range, format!(":{space}"))],
            written: None,
            taken: None,
            reveals: true,
            at: TextRange::new(line.place().start(), range.end()),
            message: format!(
                "`{sign}` stands where YAML has `:`, so `{word}` is no key; write `{word}:`"
            ),
            title: format!("Write `{word}:`"),
            cost: 2,
        });
    }
}

/// `title:text`, which is one text to YAML.
pub(super) fn with_blank(line: &Line<'_>, acc: &mut Vec<Way>) {
    let Some((key, value)) = line.joined() else { return };
    let behind = line.place().start() + TextRange::from(0..key.len() + 1).len();
    acc.push(Way {
        edits: vec![TextEdit::insert(behind, " ")],
        written: None,
        taken: None,
        reveals: false,
        at: line.place(),
        message: format!(
            "a blank is missing behind `{key}:`, so this is one text and no key; write `{key}: {value}`"
        ),
        title: "Add the blank".to_owned(),
        cost: 3,
    });
}
