//! Hovers by fixture: what is underlined, and the text.

use insta::assert_snapshot;

use crate::test_support::Fixture;

fn hover(fixture: &str) -> String {
    let it = Fixture::new(fixture);
    let Some(hover) = it.analysis.hover(it.file, it.offset()) else { return "nothing".to_owned() };
    let text = it.analysis.text(it.file).unwrap();
    format!("[{}]\n{}", hover.range.slice(text), hover.markdown)
}

/// The same without SQL and JSON, which belong to the tests of code generation.
fn prose(fixture: &str) -> String {
    let hover = hover(fixture);
    hover.split("```sql").next().unwrap().split("```json").next().unwrap().trim_end().to_owned()
}

const WORKSPACE: &str = "
#- /user.yaml
entity: User
schema: blog
description: Who writes
fields:
  name: text!
  email: email
  role: enum(author, editor) = author
  post_count: integer # how many posts
actions:
  - name: count_post
    steps:
      - update: User SET post_count = post_count + 1
#- /post.yaml
entity: Post
schema: blog
fields:
  title: text(80)!
  price: money
  place: SimpleAddress
  tags: list(text)
  weight: decimal(10, 2)
  author: ref(User)!
actions:
  - name: create_post
    description: Creates a post
    params:
      reason: text!
    steps:
      - validate: input.reason IS NOT NULL AND email MATCHES email
      - insert: Post(title, author)
        as: created
      - if: author.role = 'author'
        then:
          - update: User SET post_count = post_count + 1 WHERE id = author.id
      - validate: created.updatedAt IS NOT NULL AND place.city IS NULL AND auth_user_id IS NOT NULL
    impact:
      primary:
        entity: Post
        operation: CREATE
      cache_invalidations:
        - query: posts
          strategy: REFETCH
    cdc:
      enabled: true
      version: 2
      event_type: PostCreated
";

/// The hover at `$0` of one line of the workspace.
fn at(line: &str) -> String {
    let text = WORKSPACE.replacen(&line.replace("$0", ""), line, 1);
    assert_ne!(text, WORKSPACE, "no such line");
    prose(&text)
}

#[test]
fn entities() {
    assert_snapshot!(at("ref(Us$0er)"), @"");
}

#[test]
fn fields_and_their_types() {
    assert_snapshot!(at("post_c$0ount: integer"), @"");
    assert_snapshot!(at("ro$0le: enum"), @"");
    assert_snapshot!(at("price: mon$0ey"), @"");
    assert_snapshot!(at("place: Simple$0Address"), @"");
    assert_snapshot!(at("tags: li$0st(text)"), @"");
    assert_snapshot!(at("weight: dec$0imal(10, 2)"), @"");
    assert_snapshot!(at("title: te$0xt(80)!"), @"");
}

#[test]
fn names_in_expressions() {
    assert_snapshot!(at("input.rea$0son"), @"");
    assert_snapshot!(at("MATCHES em$0ail"), @"");
    assert_snapshot!(at("= 'auth$0or'"), @"");
    assert_snapshot!(at("crea$0ted.updatedAt"), @"");
    assert_snapshot!(at("created.updated$0At"), @"");
    assert_snapshot!(at("place.ci$0ty"), @"");
    assert_snapshot!(at("auth_us$0er_id"), @"");
}

#[test]
fn keys_and_words() {
    assert_snapshot!(at("operat$0ion: CREATE"), @"");
    assert_snapshot!(at("operation: CRE$0ATE"), @"");
    assert_snapshot!(at("strategy: REF$0ETCH"), @"");
    assert_snapshot!(at("ins$0ert: Post"), @"");
    assert_snapshot!(hover("audit:\n  ret$0ention: 90 days\n#- /x"), @"");
    assert_snapshot!(hover("#- /specql.config.yaml\nten$0ancy: single"), @"");
}

#[test]
fn what_an_action_does() {
    assert_snapshot!(at("name: create_p$0ost"), @"");
    assert_snapshot!(at("imp$0act:"), @"");
    assert_snapshot!(at("cd$0c:"), @"");
    assert_snapshot!(at("event_type: Post$0Created"), @"");
}

#[test]
fn sql_and_json_stand_below() {
    let action = hover(&WORKSPACE.replacen("create_post", "create_$0post", 1));
    assert!(action.contains("```sql\n") && action.contains("fn_create_post"), "{action}");
    assert!(action.contains("more lines: open the preview"), "{action}");
    let event = hover(&WORKSPACE.replacen("cdc:", "c$0dc:", 1));
    assert!(event.contains("```json\n") && event.contains("\"PostCreated\""), "{event}");
}

#[test]
fn nothing_at_blank_places_and_unknown_names() {
    assert_snapshot!(hover("entity: Post\n$0\nfields: {}"), @"");
    assert_snapshot!(hover("entity: Post\nnonsense: tr$0ue"), @"");
    assert_snapshot!(hover("entity: Post # a com$0ment"), @"");
}
