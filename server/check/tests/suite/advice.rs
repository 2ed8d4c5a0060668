//! Advice is left out for who does not want it, and nothing else is.

use std::sync::Arc;

use specql_check::{Asked, Diagnostic, Index, Level, check_file_as, rule};
use specql_model::{FileId, SourceFile, Workspace};

const DRAFT: &str = "entity: Draft
audit: false
fields:
  title: txt
actions:
  - name: drop_draft
    steps:
      - delete: Draft
        hard: true
";

/// The findings in `DRAFT` beside a configuration, with advice and without.
fn found(text: &str, config: &str) -> [Vec<Diagnostic>; 2] {
    let file = |id, path: &str, text: &str| Arc::new(SourceFile::new(FileId(id), path, text));
    let files = [file(0, "draft.yaml", text), file(1, "specql.config.yaml", config)];
    let workspace = Workspace::new(files);
    let index = Index::new(&workspace);
    [true, false]
        .map(|advice| check_file_as(&workspace, &index, FileId(0), Asked { named: false, advice }))
}

#[test]
fn the_same_is_found_but_for_the_advice() {
    let [mut with, without] = found(DRAFT, "");
    assert!(with.iter().any(|it| it.code == "unaudited-delete"), "{with:#?}");
    with.retain(|it| it.level != Level::Hint);
    assert!(!with.is_empty());
    assert_eq!(with, without);
}

#[test]
fn a_configuration_makes_more_than_advice_of_it() {
    let [with, without] = found(DRAFT, "rules:\n  unaudited-delete: warning\n");
    let is_warned = |it: &Diagnostic| it.code == "unaudited-delete" && it.level == Level::Warning;
    assert!(without.iter().any(is_warned), "{without:#?}");
    assert_eq!(with.iter().filter(|it| is_warned(it)).count(), 1);
    // Topics of state make a warning of what is advice without them.
    let changes = "entity: Post
fields:
  title: text
actions:
  - name: create_post
    steps:
      - insert: Post
    impact:
      primary: {entity: Post, operation: CREATE}
    cdc:
      enabled: true
      event_type: PostCreated
  - name: rename_post
    steps:
      - update: Post SET title = input.title
    impact:
      primary: {entity: Post, operation: UPDATE, fields: [title]}
";
    let [_, without] = found(changes, "kafka:\n  compaction: true\n");
    assert!(without.iter().any(|it| it.code == "unpublished-change"), "{without:#?}");
}

#[test]
fn a_suppression_of_what_is_left_out_is_no_idle_one() {
    let silenced = DRAFT.replace(
        "      - delete",
        "      # specql: allow(unaudited-delete) drafts are nobody's\n      - delete",
    );
    for all in found(&silenced, "") {
        assert!(all.iter().all(|it| it.code != "unused-suppression"), "{all:#?}");
        assert!(all.iter().all(|it| it.code != "unaudited-delete"), "{all:#?}");
    }
    assert_eq!(rule("unaudited-delete").map(|it| it.level), Some(Level::Hint));
}
