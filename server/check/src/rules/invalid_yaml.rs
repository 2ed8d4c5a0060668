//! Something in the file is no YAML.
//!
//! The reader goes on behind it, so every such place is reported and the rest of the file is checked.

mod flow;

use specql_model::names::is_word;
use specql_syntax::yaml::{Problem, ProblemKind};
use specql_text::TextRange;

use super::yaml_1_1_trap::cut_by_colon;
use crate::{Context, Diagnostic, Level, Related, Rule};

pub(crate) const RULE: Rule = Rule {
    code: "invalid-yaml",
    level: Level::Error,
    summary: "something in the file is no YAML",
    run: invalid_yaml,
    page: include_str!("../../../../docs/rules/invalid-yaml.md"),
};

fn invalid_yaml(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    let problems = &ctx.file.parse().yaml().problems;
    let mut found: Vec<(&Problem, Diagnostic)> = Vec::new();
    let mut broken: Option<u32> = None;
    for problem in problems {
        if cut_by_colon(ctx, problem).is_some() || is_explained(ctx, problems, problem) {
            continue;
        }
        // Between brackets what follows on the line is read in another way than it is meant.
        let is_read = matches!(problem.kind, ProblemKind::Invalid | ProblemKind::UnclosedFlow);
        let start = problem.range.start();
        let on_its_line =
            |it: u32| it <= start && !ctx.slice(TextRange::new(it, start)).contains(['\n', '\r']);
        if is_read && broken.replace(start).is_some_and(on_its_line) {
            continue;
        }
        if let Some(it) = flow::torn(ctx, problem) {
            found.push((problem, it));
            continue;
        }
        let Some(message) = message(ctx, problem) else { continue };
        // What is wrong in the same way is said once, and the others are pointed at.
        match found.iter_mut().find(|(first, _)| has_same_cause(ctx, first, problem)) {
            Some((_, first)) => first.related.push(Related {
                file: ctx.id(),
                range: problem.range,
                message: "the same here".to_owned(),
            }),
            None => found.push((problem, ctx.finding(&RULE, problem.range, message))),
        }
    }
    acc.extend(found.into_iter().map(|it| it.1));
}

/// What is said of a line that a text was meant to go on in.
const OPEN_TEXT: &str = "the parenthesis above is still open, and YAML ends the text here; indent this line deeper than its key, or \
     write the text behind `|`";

/// Whether a finding is of such a line.
pub(crate) fn is_of_open_text(it: &Diagnostic) -> bool {
    it.code == RULE.code && it.message == OPEN_TEXT
}

/// Whether another problem says what this one follows from: a bracket that is open because one behind it in
/// its line is, or a text, a merge of what an unknown alias names, the rest of a line that is nested too deep.
fn is_explained(ctx: &Context<'_>, problems: &[Problem], problem: &Problem) -> bool {
    let at = problem.range;
    let is_on_line = |from: u32, to: u32| {
        let between = || ctx.slice(TextRange::new(from, to));
        from < to && !between().contains(['\n', '\r'])
    };
    match problem.kind {
        ProblemKind::UnclosedFlow => problems.iter().any(|it| {
            matches!(it.kind, ProblemKind::UnclosedFlow | ProblemKind::UnclosedQuote)
                && is_on_line(at.start(), it.range.start())
        }),
        ProblemKind::Invalid => problems
            .iter()
            .any(|it| it.kind == ProblemKind::TooDeep && is_on_line(it.range.start(), at.start())),
        ProblemKind::MissingDash => problems
            .iter()
            .filter(|it| it.kind == ProblemKind::Tab && is_indentation(ctx, it))
            .any(|tab| tab.range.start() < at.start() && !begins_item(ctx, tab.range, at)),
        ProblemKind::BadMerge => problems.iter().any(|it| {
            matches!(it.kind, ProblemKind::UnknownAlias(_)) && it.range.touches(at.start())
        }),
        _ => false,
    }
}

/// Whether a list item begins between two places, no deeper than the second: a tab before it explains nothing
/// behind it.
fn begins_item(ctx: &Context<'_>, from: TextRange, to: TextRange) -> bool {
    let text = ctx.file.text().get(..to.to_usize().start).unwrap_or_default();
    let column = text.len() - text.rfind('\n').map_or(0, |it| it + 1);
    let between = ctx.slice(TextRange::new(from.start(), to.start()));
    between.lines().skip(1).any(|line| {
        let content = line.trim_start_matches(' ');
        content.starts_with("- ") && line.len() - content.len() < column
    })
}

/// Whether a line stands deeper than the one above it, which is a key with its value, and the next one beside it.
fn begins_block(ctx: &Context<'_>, at: TextRange) -> bool {
    let (before, behind) = ctx.file.text().split_at(at.to_usize().start);
    let indent = |it: &str| it.len() - it.trim_start_matches(' ').len();
    let mut above = before.lines().rev();
    let own = above.next().map_or(0, str::len);
    let is_key = |it: &str| it.contains(": ") && indent(it) < own;
    let next = behind.lines().nth(1);
    above.next().is_some_and(is_key)
        && next.is_some_and(|it| indent(it) == own && it.contains(": "))
}

/// Whether two problems are one mistake: a name that nothing has, tabs for indentation.
fn has_same_cause(ctx: &Context<'_>, one: &Problem, other: &Problem) -> bool {
    match (&one.kind, &other.kind) {
        (ProblemKind::UnknownAlias(one), ProblemKind::UnknownAlias(other)) => one == other,
        (ProblemKind::Misindented, ProblemKind::Misindented) => {
            stand_beside(ctx, one.range, other.range)
        }
        (ProblemKind::Tab, ProblemKind::Tab) => {
            is_indentation(ctx, one) == is_indentation(ctx, other)
        }
        (ProblemKind::Invalid, ProblemKind::Invalid) => {
            is_merge_mark(ctx, one) && is_merge_mark(ctx, other)
        }
        _ => false,
    }
}

/// Whether two lines stand at one column, as all between them do.
fn stand_beside(ctx: &Context<'_>, one: TextRange, other: TextRange) -> bool {
    let text = ctx.file.text();
    let start =
        text.get(..one.to_usize().start).and_then(|it| it.rfind('\n')).map_or(0, |it| it + 1);
    let lines = text.get(start..other.to_usize().end).unwrap_or_default().lines();
    let column = |it: &str| it.len() - it.trim_start_matches(' ').len();
    let mut columns = lines.map(column);
    let first = columns.next();
    one.to_usize().start == start + first.unwrap_or_default() && columns.all(|it| Some(it) == first)
}

/// Whether a line is one that git leaves around the two sides of a merge.
fn is_merge_mark(ctx: &Context<'_>, problem: &Problem) -> bool {
    const BEGIN: &str = "<<<<<<< ";
    const MARKS: [&str; 4] = ["<<<<<<<", "|||||||", "=======", ">>>>>>>"];
    let text = ctx.file.text();
    let (before, line) = text.split_at(problem.range.to_usize().start);
    MARKS.iter().any(|it| line.starts_with(it))
        && (before.is_empty() || before.ends_with(['\n', '\r']))
        && text.lines().any(|it| it.starts_with(BEGIN))
}

/// What is wrong; absent for what other rules report.
fn message(ctx: &Context<'_>, problem: &Problem) -> Option<String> {
    let written = ctx.slice(problem.range).lines().next().unwrap_or_default().trim();
    let message = match &problem.kind {
        ProblemKind::Invalid | ProblemKind::Misindented | ProblemKind::MissingColon
            if goes_on(ctx, problem) =>
        {
            OPEN_TEXT.to_owned()
        }
        ProblemKind::Invalid if is_merge_mark(ctx, problem) => {
            "a merge is not finished here; keep one side, or what both mean, and take the marks of git away"
                .to_owned()
        }
        ProblemKind::Invalid => {
            "this is neither `key: value` nor a list item, so nothing of it is read".to_owned()
        }
        ProblemKind::Misindented if begins_block(ctx, problem.range) => {
            "these lines stand deeper than the one above, which has its value already; the line of the key that they \
             belong to is missing"
                .to_owned()
        }
        ProblemKind::Misindented => {
            "this does not stand below its siblings; indent it like the line it belongs to".to_owned()
        }
        ProblemKind::Tab if is_indentation(ctx, problem) => {
            "YAML cannot be indented with tabs; use spaces".to_owned()
        }
        ProblemKind::Tab => {
            "the loader refuses tabs outside of quotes and comments; use spaces".to_owned()
        }
        ProblemKind::MissingColon => format!("`{written}` has no value; write `{written}: …`"),
        ProblemKind::MissingDash => {
            "this stands in a list and begins no item; write `- ` before it".to_owned()
        }
        ProblemKind::MisplacedSequence => {
            "a list item stands between the keys of a mapping; indent it below the key it belongs to"
                .to_owned()
        }
        ProblemKind::UnclosedFlow => {
            let end = if written.starts_with('{') { '}' } else { ']' };
            format!("this is not closed before its block ends; add `{end}`, or indent the lines that belong to it")
        }
        ProblemKind::UnclosedQuote => {
            let quote = if written.starts_with('\'') { '\'' } else { '"' };
            format!("this text is not closed before its block ends; add `{quote}`, or indent the lines that belong to it")
        }
        ProblemKind::BadEscape(escape) => {
            format!("`{escape}` is no escape of YAML; write `\\\\` for a backslash, or use single quotes")
        }
        ProblemKind::SurrogateEscape(character) => {
            format!(
                "the loader reads `{written}` as two halves of a character, which no database takes; write \
                 `{character}` itself"
            )
        }
        ProblemKind::RecursiveAlias(name) => {
            format!(
                "`*{name}` stands inside the value that `&{name}` names, so the value would never end; \
                 write out what is meant"
            )
        }
        ProblemKind::UnknownAlias(name) => {
            format!("no value before this is named `&{name}`, so the alias stands for nothing")
        }
        ProblemKind::BadMerge => "`<<` merges mappings, and this is none".to_owned(),
        ProblemKind::DuplicateAnchor(name) => {
            format!("`&{name}` names a value already, and the loader refuses a second one")
        }
        ProblemKind::MarkInFlow(':') => {
            "the loader refuses a text that begins with `:` between brackets; write it in quotes"
                .to_owned()
        }
        ProblemKind::MarkInFlow(mark) => {
            format!(
                "between brackets `{mark}` marks a key to the loader, which reads something else or refuses the \
                 file; write the text in quotes"
            )
        }
        ProblemKind::BadDirective => {
            "the loader refuses the file for this directive; remove it, an entity file needs none"
                .to_owned()
        }
        ProblemKind::DuplicateKey(..)
        | ProblemKind::SecondDocument
        | ProblemKind::Tag(_)
        | ProblemKind::ComplexKey
        | ProblemKind::TooDeep
        | ProblemKind::AliasBomb
        | ProblemKind::TooLarge
        | ProblemKind::BadScalar(_) => return None,
    };
    Some(message)
}

/// Whether the text above a problem has an open parenthesis, so that it is meant to go on.
fn goes_on(ctx: &Context<'_>, problem: &Problem) -> bool {
    const MOST_LINES: usize = 50;
    let before = ctx.file.text().get(..problem.range.to_usize().start).unwrap_or_default();
    let mut open = 0_usize;
    let mut closed = 0_usize;
    for line in before.lines().rev().take(MOST_LINES) {
        open += line.matches('(').count();
        closed += line.matches(')').count();
        if open > closed {
            return true;
        }
        let content = line.trim_start().trim_start_matches("- ");
        let key = content.split(':').next().unwrap_or_default();
        if content.contains(':') && is_word(key) {
            return false;
        }
    }
    false
}

/// Whether nothing but blanks stands before a problem in its line.
fn is_indentation(ctx: &Context<'_>, problem: &Problem) -> bool {
    let before = ctx.file.text().get(..problem.range.to_usize().start).unwrap_or_default();
    let line = before.rsplit(['\n', '\r']).next().unwrap_or_default();
    line.bytes().all(|it| matches!(it, b' ' | b'\t'))
}

#[cfg(test)]
mod tests {
    use crate::test_support::{Fixture, check_diagnostics, check_fix};

    #[test]
    fn one_mistake_is_said_once() {
        check_diagnostics(
            "
entity: Post
fields: {title: *nope, body: *nope, other: *more}
#               ^^^^^ error[invalid-yaml]: no value before this is named `&nope`, so the alias stands for nothing
#                                          ^^^^^ error[invalid-yaml]: no value before this is named `&more`, so the alias stands for nothing
actions:
  - name: act
    steps: [{insert: Post(title)}, {update: Post SET title = 'x'}]
    impact: {primary: {operation: CREATE, fields: [title}
    #                                             ^ error[invalid-yaml]: this is not closed before its block ends; add `]`, or indent the lines that belong to it
",
        );
        let text = "entity: Post\nfields:\n\ttitle: text\n\tbody: text\n";
        let found = crate::check_workspace(&Fixture::parse(text).workspace());
        let tabs: Vec<_> = found.iter().filter(|it| it.code == "invalid-yaml").collect();
        assert_eq!(tabs.len(), 1, "{tabs:#?}");
        assert_eq!(tabs[0].related.len(), 1);
        check_diagnostics(
            "
entity: Post
fields:
  <<: *base
  #   ^^^^^ error[invalid-yaml]: no value before this is named `&base`, so the alias stands for nothing
  title: text
",
        );
    }

    #[test]
    fn a_word_without_colon() {
        check_diagnostics(
            r#"
entity: Post
fields:
  title
  #<^^^ error[invalid-yaml]: `title` has no value; write `title: …`
  body: text
"#,
        );
    }

    #[test]
    fn what_follows_a_mistake_is_still_checked() {
        check_diagnostics(
            r#"
entity: Post
fields:
  title: text!
  tags: [a
  #     ^ error[invalid-yaml]: this is not closed before its block ends; add `]`, or indent the lines that belong to it
  body: txt
  #     ^^^ 💡 error[unknown-type]: `txt` is no type, so the column would become text; did you mean `text`?
"#,
        );
    }

    #[test]
    fn a_merge_conflict_hides_none_of_the_lines_below_it() {
        check_diagnostics(
            "
entity: Post
fields:
  title: text
<<<<<<< HEAD
#<^^^^^^^^^^ error[invalid-yaml]: a merge is not finished here; keep one side, or what both mean, and take the marks of git away
  body: txt
  #     ^^^ 💡 error[unknown-type]
",
        );
        let text = "entity: Post\nfields:\n<<<<<<< HEAD\n  a: text\n||||||| base\n  b: text\n=======\n  c: text\n>>>>>>> x\n";
        let found = crate::check_workspace(&Fixture::parse(text).workspace());
        let marks: Vec<_> = found.iter().filter(|it| it.code == "invalid-yaml").collect();
        assert_eq!((marks.len(), marks[0].related.len()), (1, 3), "{marks:#?}");
        // A line alone is no mark of git.
        check_diagnostics(
            "
entity: Post
=======
#<^^^^^ error[invalid-yaml]: this is neither `key: value` nor a list item, so nothing of it is read
",
        );
    }

    #[test]
    fn an_entry_that_slipped_to_the_left_hides_none_either() {
        check_diagnostics(
            "
entity: Post
fields:
  title: text
slug: text
#<^^ 💡 error[invalid-yaml]: `slug` stands not deep enough; it belongs beside `title`, so indent it like that
  body: txt
  #     ^^^ 💡 error[unknown-type]
",
        );
    }

    #[test]
    fn a_text_that_is_meant_to_go_on() {
        check_diagnostics(
            "
entity: Post
fields:
  title: text
actions:
  - name: look
    steps:
      - insert: Post VALUES (
      #                     ^ error[invalid-statement]
        title = 'a'
        #<^^^^^^^^^ error[invalid-yaml]: the parenthesis above is still open, and YAML ends the text here; indent this line deeper than its key, or write the text behind `|`
        )
        #< error[invalid-yaml]
",
        );
    }

    #[test]
    fn quotes_and_escapes() {
        check_diagnostics(
            r#"
entity: Post
description: "a \q b"
#               ^^ error[invalid-yaml]: `\q` is no escape of YAML; write `\\` for a backslash, or use single quotes
fields:
  title: "text
  #      ^ error[invalid-yaml]: this text is not closed before its block ends; add `"`, or indent the lines that belong to it
"#,
        );
    }

    #[test]
    fn what_the_loader_alone_refuses() {
        check_diagnostics(
            r#"
%YAML 2.0
#<^^^^^^^ error[invalid-yaml]: the loader refuses the file for this directive; remove it, an entity file needs none
---
entity: Post
description: "\ud83d\ude00"
#             ^^^^^^^^^^^^ error[invalid-yaml]: the loader reads `\ud83d\ude00` as two halves of a character, which no database takes; write `😀` itself
fields:
  kind: {type: text?, description: :a}
  #                ^ error[invalid-yaml]: between brackets `?` marks a key to the loader, which reads something else or refuses the file; write the text in quotes
  #                                ^ error[invalid-yaml]: the loader refuses a text that begins with `:` between brackets; write it in quotes
  loop: &loop {type: text, description: *loop}
  #                                     ^^^^^ error[invalid-yaml]: `*loop` stands inside the value that `&loop` names, so the value would never end; write out what is meant
"#,
        );
    }

    #[test]
    fn a_tab() {
        check_diagnostics(
            "
entity: Post
fields:
 \ttitle: text
#^ error[invalid-yaml]: YAML cannot be indented with tabs; use spaces
  body:\t text
  #    ^ error[invalid-yaml]: the loader refuses tabs outside of quotes and comments; use spaces
",
        );
    }

    #[test]
    fn slips_have_their_names() {
        check_diagnostics(
            r#"
#- /a.yaml
entity: A
fields:
  title:text
  #<^^^^^^^^ 💡 error[invalid-yaml]: a blank is missing behind `title:`, so this is one text and no key; write `title: text`
  body: text
   more: text
   #<^^ 💡 error[invalid-yaml]: `more` stands too deep; it belongs beside `body`, so indent it like that
#- /b.yaml
entity: B
fields
#<^^^^ 💡 error[invalid-yaml]: `fields` has no `:`, so the lines below belong to nothing; write `fields:`
  title: text
#- /c.yaml
entity: C
fields:
  title: text
actions:
  - name: make
    steps:
      - insert: C
      impact:
      #<^^^^ 💡 error[invalid-yaml]: `impact` stands too deep; it belongs beside `steps`, so indent it like that
        primary: {entity: C, operation: CREATE}
"#,
        );
    }

    #[test]
    fn a_block_that_is_too_deep_moves_as_a_whole() {
        let file = |block: &str| {
            format!(
                "entity: Post\nfields:\n  title: text\nactions:\n  - name: make\n    steps:\n      - insert: Post\n{block}  - name: look\n    steps:\n      - validate: title = 'x'\n"
            )
        };
        let deep = "      $0impact:\n        primary:  # why\n          entity: Post\n\n          operation: CREATE\n";
        let right = "    impact:\n      primary:  # why\n        entity: Post\n\n        operation: CREATE\n";
        check_fix(&file(deep), &file(right));
        let before = "entity: Post\nfields:\n  title: text\nactions:\n  - name: change\n    steps:\n      - foreach: post in Post\n          $0- update: Post SET title = 'y'\n    impact:\n      primary: {operation: UPDATE}\n";
        check_fix(
            before,
            &before.replace("          $0- update", "        do:\n          - update"),
        );
    }
}
