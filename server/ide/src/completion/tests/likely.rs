//! What is likely comes first, and what makes no sense is not there.

use insta::assert_snapshot;

use super::{choose, in_step, labels};

/// The first labels.
fn first(labels: &str, count: usize) -> String {
    labels.split(' ').take(count).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_field_is_named_after_what_it_refers_to() {
    let field = |name: &str| {
        let text = format!(
            "entity: Post\nfields:\n  {name}: $0\n#- /user.yaml\nentity: User\n#- /line.yaml\nentity: OrderLine\nschema: shop\n#- /box.yaml\nentity: Box\n"
        );
        first(&labels(&text), 2)
    };
    assert_snapshot!(field("user"), @"ref(User) text");
    assert_snapshot!(field("users"), @"list(ref(User)) text");
    assert_snapshot!(field("order_line"), @"ref(OrderLine) text");
    assert_snapshot!(field("order_lines"), @"list(ref(OrderLine)) text");
    assert_snapshot!(field("boxes"), @"list(ref(Box)) text");
    assert_snapshot!(field("title"), @"text integer");
    assert_snapshot!(field("url"), @"url URL");
}

#[test]
fn the_row_that_is_meant() {
    assert_snapshot!(first(&in_step("find: User WHERE id = $0"), 2), @"author ann");
    assert_snapshot!(first(&in_step("update: Post SET title = 'x' WHERE id = $0"), 1), @"ann");
    assert_snapshot!(first(&in_step("update: User SET post_count = $0"), 1), @"post_count");
    assert_snapshot!(first(&in_step("update: User SET company = $0"), 2), @"ann author");
    assert_snapshot!(first(&in_step("update: User SET name = $0"), 3), @"title reason role");
}

#[test]
fn cases_in_both_forms() {
    let cases = "switch: status\n        cases:\n          $0";
    assert_snapshot!(in_step(cases), @"when draft published");
    let begun =
        "switch: status\n        cases:\n          draft:\n            - reject: no\n          $0";
    assert_snapshot!(in_step(begun), @"published");
    let list = "switch: status\n        cases:\n          - when: draft\n            then: []\n          - $0";
    assert_snapshot!(in_step(list), @"when then");
    let text = "entity: Post\nfields:\n  status: enum(draft, 'on air')\nactions:\n  - name: go\n    steps:\n      - switch: status\n        cases:\n          $0";
    assert_snapshot!(choose(text, "on air"), @"
    entity: Post
    fields:
      status: enum(draft, 'on air')
    actions:
      - name: go
        steps:
          - switch: status
            cases:
              on air:
                - $0
    ");
}

#[test]
fn a_case_that_yaml_would_read_otherwise_is_quoted() {
    let text = "entity: Post\nfields:\n  status: enum(draft, on)\nactions:\n  - name: go\n    steps:\n      - switch: status\n        cases:\n          $0";
    assert!(
        choose(text, "on").ends_with("          'on':\n            - $0"),
        "{}",
        choose(text, "on")
    );
}

#[test]
fn arguments_of_a_query_are_fields_of_what_it_is_about() {
    let filter = |query: &str, filter: &str| {
        in_step(&format!(
            "update: Post SET title = 'x'\n    impact:\n      cache_invalidations:\n        - query: {query}\n          filter: {filter}"
        ))
    };
    assert_snapshot!(filter("users", "{$0}"), @"name role post_count company id");
    assert_snapshot!(filter("users", "{role: $0}"), @"input.role author editor");
    assert_snapshot!(first(&filter("dashboard", "{$0}"), 2), @"title status");
    let given = labels(
        "entity: Loan\nactions:\n  - name: lend\n    params: {book: uuid, reason: text}\n    impact:\n      cache_invalidations:\n        - query: loans\n          filter: {book: $$0}\n",
    );
    assert_snapshot!(given, @"$book $reason");
}

#[test]
fn half_a_name_is_no_name() {
    assert_snapshot!(labels("entity: Post\nschema: b$0\n#- /user.yaml\nentity: User\nschema: blog\n"), @"blog");
    let query = |typed: &str| {
        in_step(&format!(
            "insert: Post\n    impact:\n      cache_invalidations:\n        - query: {typed}"
        ))
    };
    assert_snapshot!(query("po$0"), @"posts post");
    // Enter behind a whole name leaves it what it is.
    assert_snapshot!(query("post$0"), @"posts post");
    assert_snapshot!(query("board\n        - query: boa$0"), @"board");
}

#[test]
fn a_loop_runs_over_lists() {
    assert_snapshot!(labels("entity: Post\nfields:\n  tags: list(text)\nactions:\n  - name: go\n    steps:\n      - foreach: x in $0"), @"tags Post input");
}

#[test]
fn periods_and_templates_of_topics() {
    assert_snapshot!(labels("entity: Post\naudit:\n  retention: $0"), @"7 days 30 days 90 days 1 year 2 years");
    let config = |text: &str| format!("#- /specql.config.yaml\n{text}");
    assert_snapshot!(labels(&config("outbox:\n  retention: 3$0")), @"30 days 3 days 3 weeks 3 months 3 years");
    assert_snapshot!(choose(&config("kafka:\n  topic: $0"), "{schema}.{entity}"), @r#"
    kafka:
      topic: '{schema}.{entity}'
    "#);
    assert_snapshot!(choose(&config("kafka:\n  topic: \"x.{en$0\""), "entity"), @r#"
    kafka:
      topic: "x.{entity}"
    "#);
    assert_snapshot!(labels(&config("kafka:\n  topic: '{$0}'")), @"schema entity event_type version");
}

#[test]
fn what_would_be_a_mistake_there_comes_last() {
    let payload = labels(
        "entity: User\nfields:\n  email: email\n  name: text\nactions:\n  - name: join\n    steps:\n      - insert: User\n    cdc:\n      payload: [$0]\n",
    );
    assert_snapshot!(first(&payload, 2), @"name id");
    let event = in_step(
        "update: Post SET title = 'x'\n    cdc:\n      event_type: $0\n  - name: touch_post\n    steps:\n      - update: Post SET title = 'y'\n    cdc:\n      enabled: true\n      event_type: PostUpdated",
    );
    assert_snapshot!(event, @"PostPublished PostUpdated");
}

const CLINIC: &str = "
#- /doctor.yaml
entity: Doctor
fields:
  room: text
#- /visit.yaml
entity: Visit
fields:
  patient: ref(Patient)!
  note: text
#- /patient.yaml
entity: Patient
fields:
  email: text
  doctor: ref(Doctor)
  born_on: date
  seen_on: date
  visit_count: integer
  balance: money
actions:
  - name: visit
    params:
      reason: text
      day: date
      number: integer
    steps:
      - find: Visit WHERE note = 'x'
        as: visit
      - ";

#[test]
fn what_fits_comes_before_what_does_not() {
    let step = |step: &str| first(&labels(&format!("{CLINIC}{step}\n")), 7);
    assert_snapshot!(step("insert: Visit SET patient = $0"), @"id visit doctor input tenant_id created_by updated_by");
    assert_snapshot!(step("insert: Visit(patient = $0)"), @"id visit doctor input tenant_id created_by updated_by");
    assert_snapshot!(step("find: Visit WHERE patient = $0"), @"visit doctor input id tenant_id created_by updated_by");
    assert_snapshot!(step("update: Patient SET doctor = $0"), @"visit input id tenant_id created_by updated_by deleted_by");
    assert_snapshot!(step("update: Patient SET balance = $0"), @"balance visit_count number visit doctor input now");
    assert_snapshot!(step("update: Patient SET born_on = $0"), @"seen_on day visit doctor input created_at updated_at");
    assert_snapshot!(step("validate: visit_count > $0"), @"number balance visit doctor input now coalesce");
    assert_snapshot!(step("validate: $$0"), @"reason day number visit email doctor born_on");
    assert_snapshot!(step("validate: email = $$0"), @"reason visit doctor input identifier auth_user_id auth_tenant_id");
}
