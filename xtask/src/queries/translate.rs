//! A canonical query in an editor's words.
//!
//! The text stays as it is but for captures, predicates and directives. A pattern that the editor cannot
//! express is left out, and a comment in its place says why.

use std::collections::BTreeSet;
use std::ops::Range;

use super::dialect::{Dialect, Predicate, To, lookup};
use super::source::{Item, Kind, Token, items, tokens};
use super::vim_regex;

/// The whole file, its captures by the table of its kind; none when no pattern is left.
pub(super) fn file(
    text: &str,
    dialect: &Dialect,
    captures: &[(&'static str, To)],
) -> Result<Option<String>, String> {
    let (mut res, mut has_pattern) = (String::new(), false);
    for item in items(text)? {
        match item {
            Item::Between(text) => res.push_str(text),
            Item::Pattern(text) => {
                let pattern = Pattern { text, tokens: tokens(text), dialect, captures };
                let written = pattern.translate().map_err(|it| format!("{it}, in\n{text}"))?;
                has_pattern |= !written.starts_with(LEFT_OUT);
                res.push_str(&written);
            }
        }
    }
    Ok(has_pattern.then(|| without_repeats(&res)))
}

/// Comments in the place of neighbouring patterns say the same once.
fn without_repeats(text: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    for line in text.lines() {
        if !(line.starts_with(LEFT_OUT) && lines.last() == Some(&line)) {
            lines.push(line);
        }
    }
    lines.join("\n") + "\n"
}

const LEFT_OUT: &str = "; Left out: ";

/// A pattern on its way into another dialect.
struct Pattern<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    dialect: &'a Dialect,
    captures: &'a [(&'static str, To)],
}

/// A replacement of a part of the text.
type Edit = (Range<usize>, String);

/// What becomes of a pattern: edits, or the reason why there is no such pattern.
type Outcome = Result<Vec<Edit>, &'static str>;

impl Pattern<'_> {
    fn translate(&self) -> Result<String, String> {
        let groups = self.predicate_groups();
        let mut edits = Vec::new();
        for group in &groups {
            match self.predicate(group)? {
                Ok(more) => edits.extend(more),
                Err(reason) => return Ok(format!("{LEFT_OUT}{reason}.")),
            }
        }
        match self.capture_edits(&groups)? {
            Ok(more) => edits.extend(more),
            Err(reason) => return Ok(format!("{LEFT_OUT}{reason}.")),
        }
        Ok(apply(self.text, edits))
    }

    fn str(&self, token: &Token) -> &str {
        self.text.get(token.range.clone()).unwrap_or_default()
    }

    /// The tokens of each `(#name …)`, brackets included.
    fn predicate_groups(&self) -> Vec<Vec<Token>> {
        let (mut res, mut opened): (Vec<Vec<Token>>, Option<&Token>) = (Vec::new(), None);
        let mut inside = false;
        for token in &self.tokens {
            match token.kind {
                Kind::Open => opened = Some(token),
                Kind::Predicate => {
                    inside = true;
                    res.push(opened.into_iter().chain([token]).cloned().collect());
                }
                _ if inside => {
                    inside = token.kind != Kind::Close;
                    if let Some(group) = res.last_mut() {
                        group.push(token.clone());
                    }
                }
                _ => {}
            }
        }
        res
    }

    /// Edits of one predicate; an error when the editor is not known to understand it.
    fn predicate(&self, group: &[Token]) -> Result<Outcome, String> {
        let arguments: Vec<&Token> = group
            .iter()
            .filter(|it| matches!(it.kind, Kind::Capture | Kind::String | Kind::Word))
            .collect();
        let name = group.iter().find(|it| it.kind == Kind::Predicate).map_or("", |it| self.str(it));
        let fate = self.fate(name, &arguments)?;
        Ok(match fate {
            Predicate::Missing(reason) => Err(reason),
            Predicate::Needless(_) => Ok(vec![(self.span(group), String::new())]),
            Predicate::Same => Ok(self.renamed_arguments(&arguments)?),
            Predicate::VimRegex => {
                let mut edits = self.renamed_arguments(&arguments)?;
                edits.extend(self.named_for_vim(group));
                for token in arguments.iter().filter(|it| it.kind == Kind::String) {
                    let pattern = unquoted(self.str(token))?;
                    let written = vim_regex::from_rust(&pattern)
                        .map_err(|it| format!("the regular expression `{pattern}` {it}"))?;
                    edits.push((token.range.clone(), quoted(&written)));
                }
                Ok(edits)
            }
        })
    }

    /// `#match?` as `#vim-match?`, which in Neovim is the same and tells readers whose syntax it is.
    fn named_for_vim(&self, group: &[Token]) -> Option<Edit> {
        let name = group.iter().find(|it| it.kind == Kind::Predicate)?;
        Some((name.range.clone(), self.str(name).replace("match?", "vim-match?")))
    }

    fn fate(&self, name: &str, arguments: &[&Token]) -> Result<Predicate, String> {
        let editor = self.dialect.name;
        if name == "#set!" {
            let key = arguments.first().map_or("", |it| self.str(it));
            return lookup(self.dialect.properties, key)
                .copied()
                .ok_or_else(|| format!("`#set! {key}` has no entry in the table of {editor}"));
        }
        lookup(self.dialect.predicates, name)
            .copied()
            .ok_or_else(|| format!("`{name}` has no entry in the table of {editor}"))
    }

    /// A predicate with the blanks in front of it.
    fn span(&self, group: &[Token]) -> Range<usize> {
        let start = group.first().map_or(0, |it| it.range.start);
        let end = group.last().map_or(start, |it| it.range.end);
        let before = self.text.get(..start).unwrap_or_default();
        before.trim_end().len()..end
    }

    /// Captures among the arguments of a predicate, by their first name.
    fn renamed_arguments(&self, arguments: &[&Token]) -> Result<Vec<Edit>, String> {
        let mut edits = Vec::new();
        for token in arguments.iter().filter(|it| it.kind == Kind::Capture) {
            let name = self.str(token).trim_start_matches('@');
            if let To::Names(names) = self.to(name)? {
                let first = names.first().copied().unwrap_or(name);
                self.is_alone(name, first)?;
                edits.push((token.range.clone(), format!("@{first}")));
            }
        }
        Ok(edits)
    }

    /// Two captures that become one would both have to satisfy a predicate about either.
    fn is_alone(&self, name: &str, translated: &str) -> Result<(), String> {
        let others: BTreeSet<&str> = self
            .tokens
            .iter()
            .filter(|it| it.kind == Kind::Capture)
            .map(|it| self.str(it).trim_start_matches('@'))
            .filter(|it| *it != name)
            .collect();
        for other in others {
            let same = match self.to(other)? {
                To::Same => other == translated,
                To::Names(names) => names.contains(&translated),
                To::Without(_) | To::Excludes(_) => false,
            };
            if same {
                return Err(format!("`@{name}` and `@{other}` would both be `@{translated}`"));
            }
        }
        Ok(())
    }

    fn to(&self, name: &str) -> Result<To, String> {
        if name.starts_with('_') {
            return Ok(To::Same);
        }
        lookup(self.captures, name)
            .copied()
            .ok_or_else(|| format!("`@{name}` has no entry in the table of {}", self.dialect.name))
    }

    /// Edits of the captures outside of predicates; a reason when none is left.
    fn capture_edits(&self, groups: &[Vec<Token>]) -> Result<Outcome, String> {
        let in_predicate = |token: &Token| {
            groups.iter().any(|group| self.span(group).contains(&token.range.start))
        };
        let (mut edits, mut kept, mut reason) = (Vec::new(), false, None);
        for token in self.tokens.iter().filter(|it| it.kind == Kind::Capture && !in_predicate(it)) {
            let name = self.str(token).trim_start_matches('@');
            match self.to(name)? {
                To::Same => kept |= !name.starts_with('_'),
                To::Names(names) => {
                    kept = true;
                    let written: Vec<String> = names.iter().map(|it| format!("@{it}")).collect();
                    edits.push((token.range.clone(), written.join(" ")));
                }
                To::Excludes(why) => return Ok(Err(why)),
                To::Without(why) => {
                    reason = Some(why);
                    let before = self.text.get(..token.range.start).unwrap_or_default();
                    edits.push((before.trim_end().len()..token.range.end, String::new()));
                }
            }
        }
        Ok(match reason {
            Some(why) if !kept => Err(why),
            _ => Ok(edits),
        })
    }
}

fn apply(text: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|(range, _)| range.start);
    let (mut res, mut at) = (String::new(), 0);
    for (range, replacement) in edits {
        res.push_str(text.get(at..range.start).unwrap_or_default());
        res.push_str(&replacement);
        at = range.end;
    }
    res.push_str(text.get(at..).unwrap_or_default());
    res
}

/// The text of a string of the query language.
fn unquoted(string: &str) -> Result<String, String> {
    let inner = string.strip_prefix('"').and_then(|it| it.strip_suffix('"')).unwrap_or(string);
    let (mut res, mut rest) = (String::new(), inner.chars());
    while let Some(character) = rest.next() {
        match (character, rest.clone().next()) {
            ('\\', Some('\\' | '"')) => res.extend(rest.next()),
            ('\\', _) => return Err(format!("an escape in {string} is not translated")),
            _ => res.push(character),
        }
    }
    Ok(res)
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::queries::dialect::Destination;

    const EDITOR: Dialect = Dialect {
        name: "an editor",
        folder: "",
        kinds: &[("highlights", Destination::Unread("a test"))],
        predicates: &[
            ("#eq?", Predicate::Same),
            ("#match?", Predicate::VimRegex),
            ("#offset!", Predicate::Missing("it cuts nothing off")),
        ],
        properties: &[
            ("kept", Predicate::Same),
            ("indent.immediate", Predicate::Needless("always")),
        ],
    };

    const CAPTURES: &[(&str, To)] = &[
        ("same", To::Same),
        ("other", To::Names(&["one", "two"])),
        ("twin", To::Names(&["one"])),
        ("none", To::Without("it has no such thing")),
        ("never", To::Excludes("it has no such list")),
    ];

    fn check(canonical: &str, expected: &str) {
        // Beside another pattern, without which there would be no file.
        let canonical = format!("(z) @same\n{canonical}");
        let written = file(&canonical, &EDITOR, CAPTURES).unwrap().unwrap();
        assert_eq!(written.trim_end(), format!("(z) @same\n{expected}"));
    }

    #[test]
    fn captures_get_their_names_and_the_rest_stays() {
        check("; a\n(a (b) @other) @same\n", "; a\n(a (b) @one @two) @same");
        check("((a) @other (#eq? @other \"@other\"))", "((a) @one @two (#eq? @one \"@other\"))");
        check(
            "((a) @_key (b) @same (#eq? @_key \"x\"))",
            "((a) @_key (b) @same (#eq? @_key \"x\"))",
        );
    }

    #[test]
    fn what_an_editor_has_not_is_left_out_with_a_reason() {
        check("(a (b) @none) @same", "(a (b)) @same");
        check("(a) @none\n(b) @none\n(c) @same", "; Left out: it has no such thing.\n(c) @same");
        check("((a) @same @never)", "; Left out: it has no such list.");
        check("((a) @same\n  (#offset! @same 0 1 0 -1))", "; Left out: it cuts nothing off.");
        assert_eq!(file("(a) @none", &EDITOR, CAPTURES).unwrap(), None);
        check("((a) @same\n  (#set! indent.immediate 1))", "((a) @same)");
    }

    #[test]
    fn regular_expressions_are_translated() {
        check(
            "((a) @same (#match? @same \"^~\\\\n\"))",
            "((a) @same (#vim-match? @same \"\\\\v\\\\C^\\\\~\\\\n\"))",
        );
    }

    #[test]
    fn what_no_table_names_is_an_error() {
        for canonical in [
            "(a) @unknown",
            "((a) @same (#unknown? @same))",
            "((a) @same (#set! unknown))",
            "((a) @same (#match? @same \"\\\\d\"))",
            "((a) @other (b) @twin (#eq? @other \"x\"))",
        ] {
            assert!(file(canonical, &EDITOR, CAPTURES).is_err(), "{canonical}");
        }
    }
}
