//! Lines that say what belongs on two: `if: a > 3 then:`, `steps: switch: state`, a comment in the middle of a text;
//! and a line that stands among those of another block.

use specql_model::{
    keys::{self, KeySpec, MappingSpec, Shape},
    names::is_word,
};
use specql_text::{TextEdit, TextRange};

use super::{
    lines::Line,
    ways::{Way, Ways},
};

/// Where a key of the same line was meant to stand.
enum Below {
    /// In the mapping that the first one holds.
    Key,
    /// In the first item of its list.
    Item,
}

impl Ways<'_, '_> {
    /// A second key of a line, on one of its own.
    pub(super) fn with_break(&self, number: usize, line: &Line<'_>, acc: &mut Vec<Way>) {
        let Some((key, (start, value))) = line.key().zip(line.value()) else { return };
        if let Some((word, gap)) = self.sibling_at_end(key, start, value) {
            let colon = if value.ends_with(':') { "" } else { ":" };
            let text = format!("{}{:2$}{word}{colon}", self.newline, "", line.column());
            let end = value.trim_end_matches(':').len();
            let word_at = TextRange::from(end - word.len()..end);
            let at = moved(word_at, start);
            acc.push(Way {
                edits: vec![TextEdit::replace(gap.cover(at), text)],
                written: Some(number),
                taken: None,
                reveals: true,
                at,
                message: format!(
                    "`{word}` is a key beside `{key}`, and YAML takes one of them on a line; write `{word}:` on a \
                     line of its own"
                ),
                title: format!("Write `{word}:` on its own line"),
                cost: 2,
            });
        }
        let Some(word) = key_of(value) else { return };
        for below in self.below(key, word) {
            self.broken_before(number, line, (start, word), &below, acc);
        }
    }

    /// A word at the end of a value that is a key beside its own, with the blanks before it.
    fn sibling_at_end<'v>(
        &self,
        key: &str,
        start: u32,
        value: &'v str,
    ) -> Option<(&'v str, TextRange)> {
        let (rest, word) = value.trim_end_matches(':').rsplit_once(' ')?;
        let holds_block = |it: &KeySpec| {
            let is_block =
                |it: &Shape| matches!(it, Shape::Steps | Shape::List(_) | Shape::Mapping(_));
            it.shapes.iter().any(is_block)
        };
        let has_both =
            |it: &&MappingSpec| it.key(key).is_some() && it.key(word).is_some_and(holds_block);
        let gap = rest.trim_end().len()..rest.len() + 1;
        let is_it = is_word(word) && self.specs.iter().any(has_both);
        is_it.then(|| (word, moved(TextRange::from(gap), start)))
    }

    /// How a key can stand below another one.
    fn below(&self, key: &str, word: &str) -> Vec<Below> {
        let of_key = self.specs.iter().filter_map(|it| it.key(key)).map(|it| it.shapes);
        let mut shapes: Vec<&'static [Shape]> = of_key.collect();
        if shapes.is_empty() {
            // A name of the author's own.
            shapes.extend(self.specs.iter().filter_map(|it| Some(it.open?.alternatives())));
        }
        let takes = |it: &'static MappingSpec| it.open.is_some() || it.key(word).is_some();
        let holds = |it: &&'static [Shape]| keys::mapping_of(it).is_some_and(takes);
        let lists = |it: &&'static [Shape]| {
            let item = keys::items_of(it).and_then(keys::mapping_of);
            item.is_some_and(|it| it.key(word).is_some())
        };
        let mut res = Vec::new();
        if shapes.iter().any(holds) {
            res.push(Below::Key);
        }
        if shapes.iter().any(lists) {
            res.push(Below::Item);
        }
        res
    }

    /// The line in two, before the second key, alone and with what stands below it.
    fn broken_before(
        &self,
        number: usize,
        line: &Line<'_>,
        (start, word): (u32, &str),
        below: &Below,
        acc: &mut Vec<Way>,
    ) {
        let Some(key) = line.key() else { return };
        let (dash, message) = match below {
            Below::Key => (
                "",
                format!(
                    "`{word}` is a key of what `{key}` holds, and YAML takes one key on a line; write `{word}` on a \
                     line of its own below it"
                ),
            ),
            Below::Item => (
                "- ",
                format!(
                    "`{word}` begins an item of the list that `{key}` holds; write `- {word}: …` on a line of its own \
                     below it"
                ),
            ),
        };
        let text = format!("{}{:2$}{dash}", self.newline, "", line.column() + self.step);
        let gap = TextRange::new(line.place().end() + 1, start);
        let block = self.lines.from(number + 1).take_while(|it| it.1.indent > line.indent);
        let indented: Vec<TextEdit> =
            block.map(|it| TextEdit::insert(it.1.start(), " ".repeat(self.step))).collect();
        let ways = [Vec::new(), indented];
        for (extra, rest) in ways.into_iter().enumerate().filter(|it| it.0 == 0 || !it.1.is_empty())
        {
            let edits = [TextEdit::replace(gap, text.clone())].into_iter().chain(rest).collect();
            acc.push(Way {
                edits,
                written: Some(number),
                taken: None,
                reveals: true,
                at: moved(TextRange::from(0..word.len()), start),
                message: message.clone(),
                title: format!("Write `{word}` on its own line"),
                cost: 2 + extra,
            });
        }
    }

    /// One line among those of a block that belongs beside the key of the block.
    pub(super) fn beside_owner(&self, number: usize, line: &Line<'_>, acc: &mut Vec<Way>) {
        let Some(key) = line.key().filter(|_| !line.is_item() && !line.opens()) else { return };
        let Some(above) = self.lines.owner(number) else { return };
        let Some(owner) = self.lines.get(above).filter(|it| it.opens()) else { return };
        let Some(block) = owner.key() else { return };
        let has_both = |it: &&MappingSpec| it.key(key).is_some() && it.key(block).is_some();
        let goes_on =
            self.lines.from(number + 1).next().is_some_and(|it| it.1.indent == line.indent);
        if owner.is_item() || !goes_on || !self.specs.iter().any(has_both) {
            return;
        }
        let text = format!("{:1$}{2}{3}", "", owner.column(), line.said(), self.newline);
        acc.push(Way {
            edits: vec![
                TextEdit::insert(owner.start(), text),
                TextEdit::replace(line.with_end(), ""),
            ],
            written: Some(above),
            taken: Some(number),
            reveals: false,
            at: line.place(),
            message: format!(
                "`{key}` stands among what `{block}` holds; it belongs beside `{block}`, so write it there"
            ),
            title: format!("Write it above `{block}`"),
            cost: 8,
        });
    }

    /// A comment that ends a text which was meant to go on in the next line, on a line of its own.
    pub(super) fn with_comment_above(&self, number: usize, line: &Line<'_>, acc: &mut Vec<Way>) {
        let Some((start, value)) = line.value() else { return };
        let below = self.lines.from(number + 1).next().map(|it| it.1);
        let goes_on = below.is_some_and(|it| it.indent > line.column() && !it.is_item());
        let Some(at) = value.find(" #").filter(|_| goes_on && !value.starts_with(['"', '\'']))
        else {
            return;
        };
        let said = value.get(..at).unwrap_or_default().trim_end().len();
        let comment = value.get(at + 1..).unwrap_or_default();
        let text = format!("{:1$}{comment}{2}", "", line.indent, self.newline);
        acc.push(Way {
            edits: vec![
                TextEdit::insert(line.start(), text),
                TextEdit::replace(moved(TextRange::from(said..value.len()), start), ""),
            ],
            written: Some(number),
            taken: None,
            reveals: false,
            at: moved(TextRange::from(at + 1..value.len()), start),
            message: "this comment ends the text, which was meant to go on in the next line; write the comment above"
                .to_owned(),
            title: "Write the comment above".to_owned(),
            cost: 6,
        });
    }
}

/// A range of a text that begins at a place.
fn moved(range: TextRange, by: u32) -> TextRange {
    TextRange::new(range.start() + by, range.end() + by)
}

/// The key that a value begins with.
fn key_of(value: &str) -> Option<&str> {
    let (word, rest) = value.split_once(':')?;
    (is_word(word) && (rest.is_empty() || rest.starts_with(' '))).then_some(word)
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn two_keys_on_a_line() {
        check_diagnostics(
            "
#- /a.yaml
entity: A
fields: {title: text, n: integer, state: 'enum(open, done)'}
actions:
  - name: look
    steps:
      - if: n > 3 then:
        #         ^^^^ 💡 error[invalid-yaml]: `then` is a key beside `if`, and YAML takes one of them on a line; write `then:` on a line of its own
          - notify: many
      - foreach: other in A WHERE n > 3 do:
        #                               ^^ 💡 error[invalid-yaml]: `do` is a key beside `foreach`, and YAML takes one of them on a line; write `do:` on a line of its own
          - notify: other
      - if: n > 5
        then: notify: more
        #     ^^^^^^ 💡 error[invalid-yaml]: `notify` begins an item of the list that `then` holds; write `- notify: …` on a line of its own below it
#- /b.yaml
entity: B
fields: {title: text, state: 'enum(open, done)'}
actions:
  - name: judge
    steps: switch: state
    #      ^^^^^^ 💡 error[invalid-yaml]: `switch` begins an item of the list that `steps` holds; write `- switch: …` on a line of its own below it
      cases:
        open:
          - notify: opened
#- /c.yaml
entity: C
fields: {title: text}
actions:
  - name: rename
    steps:
      - update: C SET title = 'x'
    impact: primary: {operation: UPDATE, fields: [title]}
    #       ^^^^^^^ 💡 error[invalid-yaml]: `primary` is a key of what `impact` holds, and YAML takes one key on a line; write `primary` on a line of its own below it
",
        );
    }

    #[test]
    fn the_line_is_broken() {
        let file = "entity: A\nfields: {n: integer}\nactions:\n  - name: look\n    steps:\n";
        let before = format!("{file}      - if: n > 3 $0then:\n          - notify: many\n");
        check_fix(&before, &before.replace(" $0then:", "\n        then:"));
        let before = format!("{file}      - if: n > 3 $0then\n          - notify: many\n");
        check_fix(&before, &before.replace(" $0then", "\n        then:"));
        let before = format!("{file}      - if: n > 3\n        then: $0notify: many\n");
        check_fix(&before, &before.replace(" $0notify", "\n          - notify"));
        let before = "entity: A\nfields: $0n: integer\n  m: integer\n";
        check_fix(before, &before.replace(" $0n:", "\n  n:"));
    }

    #[test]
    fn a_key_of_the_file_among_its_fields() {
        check_diagnostics(
            "
#- /user.yaml
entity: User
schema: blog
fields: {last: ref(blog.Post)}
#- /post.yaml
entity: Post
fields:
  title: text
  schema: blog
  #<^^^^ 💡 error[unknown-key]: `schema` stands among what `fields` holds; it belongs beside `fields`, so write it there
  n: integer
",
        );
        let before = "entity: Post\nfields:\n  title: text\n  $0schema: blog\n  n: integer\n";
        check_fix(before, "entity: Post\nschema: blog\nfields:\n  title: text\n  n: integer\n");
    }

    #[test]
    fn a_comment_in_a_text_over_lines() {
        check_diagnostics(
            "
entity: A
fields: {n: integer, title: text}
actions:
  - name: look
    steps:
      - validate: n IN (1, # the first
        #                  ^^^^^^^^^^^ 💡 error[invalid-yaml]: this comment ends the text, which was meant to go on in the next line; write the comment above
            2)
",
        );
    }
}
