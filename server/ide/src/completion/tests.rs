//! Completion by fixture: the labels in their order, and what choosing one makes of the text.

use insta::assert_snapshot;
use specql_text::apply_edits;

use crate::{CompletionItem, test_support::Fixture};

fn items(fixture: &Fixture) -> Vec<CompletionItem> {
    fixture.analysis.completions(fixture.file, fixture.offset())
}

/// The first labels, in order.
fn labels(fixture: &str) -> String {
    let items = items(&Fixture::new(fixture));
    let mut res: Vec<&str> = items.iter().take(12).map(|it| it.label.as_str()).collect();
    if items.len() > 12 {
        res.push("…");
    }
    res.join(" ")
}

/// The file of the cursor after a proposal is chosen; further lines are indented as clients do.
fn choose(fixture: &str, label: &str) -> String {
    let fixture = Fixture::new(fixture);
    let items = items(&fixture);
    let Some(item) = items.iter().find(|it| it.label == label) else {
        let labels: Vec<&str> = items.iter().map(|it| it.label.as_str()).collect();
        panic!("`{label}` is not among {labels:?}");
    };
    let text = fixture.analysis.text(fixture.file).unwrap();
    let line = text[..item.edit.range.start() as usize].rsplit('\n').next().unwrap();
    let indent = &line[..line.len() - line.trim_start().len()];
    let mut edit = item.edit.clone();
    edit.text = edit.text.replace('\n', &format!("\n{indent}"));
    apply_edits(text, &[edit])
}

const USER: &str = "
#- /user.yaml
entity: User
schema: blog
description: Who writes
fields:
  name: text!
  role: enum(author, editor) = author
  post_count: integer
  company: ref(Company)
#- /company.yaml
entity: Company
schema: crm
fields:
  name: text
#- /post.yaml
entity: Post
schema: blog
fields:
  title: text!
  status: enum(draft, published) = draft
  published: boolean
  author: ref(User)!
actions:
";

/// The labels for a cursor in the actions of `Post`.
fn in_actions(text: &str) -> String {
    labels(&format!("{USER}{}", text.trim_start_matches('\n')))
}

#[test]
fn keys_of_a_new_file() {
    assert_snapshot!(labels("$0"), @"entity schema description fields actions audit");
    assert_snapshot!(labels("ent$0"), @"entity schema description fields actions audit");
    assert_snapshot!(labels("entity: $0"), @"Main");
    assert_snapshot!(labels("entity: Post\n$0"), @"schema description fields actions audit");
}

#[test]
fn keys_by_indentation_on_a_blank_line() {
    assert_snapshot!(in_actions("
  - name: create_post
    steps:
      - insert: Post
    $0"), @"description requires params impact impacts cascade cdc pattern");
    assert_snapshot!(in_actions("
  - name: create_post
    steps:
      - insert: Post
        $0"), @"fields values set from as");
    assert_snapshot!(in_actions("
  - name: create_post
    steps:
      - insert: Post
      - $0"), @"validate insert update delete upsert find if foreach switch call notify reject …");
    assert_snapshot!(in_actions("
  - name: create_post
    impact:
      $0"), @"description primary side_effects cache_invalidations permissions optimistic_safe idempotent estimated_duration_ms");
    assert_snapshot!(in_actions("
  - name: create_post
    impact:
      primary:
        entity: Post
      $0
    cdc: true"), @"description side_effects cache_invalidations permissions optimistic_safe idempotent estimated_duration_ms");
}

#[test]
fn half_typed_keys() {
    assert_snapshot!(in_actions("
  - name: create_post
    impact:
      side_effects:
        - ent$0
          operation: UPDATE"), @"entity fields collection condition include_relations");
    assert_snapshot!(in_actions("
  - name: create_post
    cdc: {enabled: true, ev$0}"), @"event_type version include_side_effects include_cascade include_payload payload partition_key topic side_effect_events");
}

#[test]
fn words_and_values() {
    assert_snapshot!(in_actions("
  - name: create_post
    impact:
      primary:
        operation: $0"), @"CREATE UPDATE DELETE UPSERT");
    assert_snapshot!(in_actions("
  - name: create_post
    impact:
      cache_invalidations:
        - query: posts
          strategy: RE$0"), @"INVALIDATE REFETCH REMOVE");
    assert_snapshot!(in_actions("
  - name: create_post
    cdc:
      enabled: $0"), @"true false");
}

#[test]
fn fields_of_the_entity_of_the_entry() {
    assert_snapshot!(in_actions("
  - name: create_post
    impact:
      side_effects:
        - entity: User
          fields: [name, $0]"), @"role post_count company id tenant_id identifier created_at created_by updated_at updated_by deleted_at deleted_by");
    assert_snapshot!(in_actions("
  - name: create_post
    impact:
      primary:
        fields: [ti$0]"), @"title status published author id tenant_id identifier created_at created_by updated_at updated_by deleted_at …");
    assert_snapshot!(in_actions("
  - name: create_post
    impact:
      primary:
        include_relations: [$0]"), @"");
    assert_snapshot!(in_actions("
  - name: create_post
    cdc:
      payload: [title, author.$0]"), @"");
    assert_snapshot!(in_actions("
  - name: create_post
    cdc:
      payload: [title, author.company.na$0]"), @"");
}

#[test]
fn no_proposals_in_comments_and_new_names() {
    assert_snapshot!(in_actions("
  - name: create_post # imp$0"), @"");
    assert_snapshot!(in_actions("
  - name: $0"), @"");
    assert_snapshot!(labels("services:\n  web: $0\n  db: 1\nvolumes: 2"), @"");
}
