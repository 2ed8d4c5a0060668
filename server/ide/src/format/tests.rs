//! Formatting of whole files, of ranges and of the line that was ended.

use insta::assert_snapshot;
use specql_text::apply_edits;

use super::format;
use crate::test_support::Fixture;

fn formatted(text: &str) -> String {
    let parse = specql_syntax::parse(text.into());
    match format(&parse) {
        Ok(edits) => apply_edits(text, &edits),
        Err(message) => format!("not formatted: {message}"),
    }
}

#[test]
fn lines_stand_two_columns_below_what_they_belong_to() {
    assert_snapshot!(formatted("\n\n\
entity:   Post   # the post
fields :
    title:  text!
    status:   enum(draft, published)


    author:   ref(User)
actions:
-   name: publish_post
    # the steps
    steps:
    -   validate: status = 'draft'
    # between
    -     update: Post SET status = 'published'
    # behind
    impact: { primary: {entity: Post , operation: UPDATE}, side_effects: [ ] }
    cdc:
        payload: [ title,author ]
-
    name: other
# the end
"), @"
    entity: Post   # the post
    fields:
      title: text!
      status: enum(draft, published)

      author: ref(User)
    actions:
      - name: publish_post
        # the steps
        steps:
          - validate: status = 'draft'
          # between
          - update: Post SET status = 'published'
        # behind
        impact: {primary: {entity: Post, operation: UPDATE}, side_effects: []}
        cdc:
          payload: [title, author]
      -
        name: other
    # the end
    ");
}

#[test]
fn texts_keep_what_they_say() {
    assert_snapshot!(formatted("\
entity: Post
description: |
      first
        second

      third
fields:
        title:
                type: text
                description: >-
                   folded
                   text
        body: 'one
          two'
actions:
    - name: a
      steps:
      - validate: title IS NULL
          AND body IS NULL
      - if: |2
            title IS NULL
"), @"
    entity: Post
    description: |
      first
        second

      third
    fields:
      title:
        type: text
        description: >-
          folded
          text
      body: 'one
        two'
    actions:
      - name: a
        steps:
          - validate: title IS NULL
              AND body IS NULL
          - if: |2
                title IS NULL
    ");
}

#[test]
fn brackets_over_lines_move_as_a_whole() {
    assert_snapshot!(formatted("\
entity: Post
actions:
-   name: a
    impact: {
      primary: {
        entity: Post
      }
    }
"), @"
    entity: Post
    actions:
      - name: a
        impact: {
          primary: {
            entity: Post
          }
        }
    ");
}

#[test]
fn what_cannot_be_read_stays() {
    assert_snapshot!(formatted("entity: Post\nfields:\n  title: 'text\n"), @"not formatted: line 3 cannot be read, so the file is not formatted; mend that first");
    assert_snapshot!(formatted("a: 1\n---\nb: 1\n"), @"not formatted: line 2 cannot be read, so the file is not formatted; mend that first");
    assert_snapshot!(formatted("? a\n: 1\n"), @"not formatted: line 1 cannot be read, so the file is not formatted; mend that first");
}

#[test]
fn ends_of_lines_and_of_the_text() {
    assert_eq!(formatted("entity: A"), "entity: A\n");
    assert_eq!(formatted("entity: A\r\nschema:  b  \r\n"), "entity: A\r\nschema: b\r\n");
    assert_eq!(formatted("entity: A\n\n\n"), "entity: A\n");
    assert_eq!(formatted("a: |+\n  x\n\n\nb: 1\n"), "a: |+\n  x\n\n\nb: 1\n");
    assert_eq!(formatted("\u{feff}entity:  A\n"), "\u{feff}entity: A\n");
    assert_eq!(formatted("---\nentity:  A\n"), "---\nentity: A\n");
    assert_eq!(formatted(""), "");
}

/// The file after a range of it was formatted.
fn of_range(fixture: &str) -> String {
    let it = Fixture::new(fixture);
    let edits = it.analysis.format_range(it.file, it.selection).unwrap();
    apply_edits(it.analysis.text(it.file).unwrap(), &edits)
}

#[test]
fn a_range_changes_its_lines() {
    assert_snapshot!(of_range("entity:   Post\nfields:\n    ti$0tle:  text\n    body:$1   text\nschema:  b\n"), @"
    entity:   Post
    fields:
      title: text
      body: text
    schema:  b
    ");
    // Its siblings stay, so its indentation has to.
    assert_snapshot!(of_range("entity: Post\nfields:\n    ti$0tle:  text$1\n    body:   text\n"), @"
    entity: Post
    fields:
        title: text
        body:   text
    ");
}

#[test]
fn the_line_that_was_ended_is_tidied() {
    let it = Fixture::new("entity: Post\nfields:\n    title:   text  \n    $0\n    body:  text\n");
    let edits = it.analysis.format_on_type(it.file, it.offset());
    let text = apply_edits(it.analysis.text(it.file).unwrap(), &edits);
    assert_eq!(text, "entity: Post\nfields:\n    title: text\n    \n    body:  text\n");
}

/// Over the corpus and the examples: formatting again changes nothing.
#[test]
fn once_is_enough() {
    let mut done = 0;
    for file in specql_corpus::files() {
        let parse = specql_syntax::parse(file.text.as_str().into());
        let Ok(edits) = format(&parse) else { continue };
        let once = apply_edits(&file.text, &edits);
        assert_eq!(formatted(&once), once, "{}", file.name);
        done += 1;
    }
    assert!(done > 30, "{done}");
}

#[test]
fn a_comment_before_the_first_entry_of_a_block_stands_with_it() {
    for comment in ["      # deep", "  # shallow", "    # level"] {
        let text = format!("entity: A\nfields:\n{comment}\n    a: text\n    b: text\n");
        let comment = comment.trim();
        let expected = format!("entity: A\nfields:\n  {comment}\n  a: text\n  b: text\n");
        assert_eq!(formatted(&text), expected);
        assert_eq!(formatted(&expected), expected);
    }
    // Behind the last entry of a block it is of what it is level with.
    let text = "entity: A\nfields:\n  a: text\n    # deep\n  # last\nactions: []\n";
    let expected = "entity: A\nfields:\n  a: text\n  # deep\n  # last\nactions: []\n";
    assert_eq!(formatted(text), expected);
}

#[test]
fn directives_stay() {
    assert_snapshot!(formatted("%YAML 1.1\n---\nentity:   A\n"), @"
    %YAML 1.1
    ---
    entity: A
    ");
}
