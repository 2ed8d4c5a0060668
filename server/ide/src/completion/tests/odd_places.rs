//! Completion at places where little of the file is as it should be.

use insta::assert_snapshot;

use super::{USER, choose, in_actions, in_step, items, labels};
use crate::test_support::Fixture;

#[test]
fn below_a_finished_value_stands_nothing_but_a_statement() {
    assert_snapshot!(in_actions("  - name: a\n    cdc:\n      event_type: PostCreated\n        $0"), @"");
    assert_snapshot!(in_actions("  - name: a\n    impact:\n      cache_invalidations:\n        - query: posts\n            $0"), @"");
    assert_snapshot!(labels("entity: Post\nfields:\n  title: text\n    $0"), @"");
    assert_snapshot!(in_actions("  - name: a\n    cdc:\n      event_type:\n        PostC$0"), @"PostCreated");
    assert_snapshot!(in_step("update: User\n          $0"), @"SET WHERE FROM input");
    assert_snapshot!(in_step("validate: title IS NOT NULL\n          $0"), @"AND OR");
}

#[test]
fn a_key_stands_in_the_column_of_those_below_it() {
    assert_snapshot!(in_actions("  - name: a\n    impact:\n          $0\n      primary:\n        entity: Post\n"), @"");
    assert_snapshot!(in_actions("  - name: a\n    impact:\n          $0\n    cdc: true\n"), @"description primary side_effects cache_invalidations permissions optimistic_safe idempotent estimated_duration_ms");
    assert_snapshot!(in_actions("  - name: a\n    $0\n  - name: b\n"), @"description requires params steps impact cascade cdc pattern");
}

#[test]
fn before_a_list_without_its_colon_stands_no_key() {
    let primary = |text: &str| {
        in_actions(&format!("  - name: a\n    impact:\n      primary:\n        {text}"))
    };
    assert_snapshot!(primary("$0[title, author]"), @"");
    assert_snapshot!(primary("fields$0[title, author]"), @"");
    assert_snapshot!(labels("#- /specql.config.yaml\noutbox:\n  $0[a]\n"), @"");
}

#[test]
fn a_key_in_closed_quotes_gets_its_colon() {
    let file = "entity: Post\nactions:\n  - name: a\n    impact:\n      primary:\n        ";
    let line = |text: &str| {
        let text = choose(&format!("{file}{text}\n        entity: Post\n"), "fields");
        text.lines().nth(5).unwrap_or_default().trim().to_owned()
    };
    assert_snapshot!(labels(&format!("{file}\"fi$0\"")), @"entity operation fields include_relations condition");
    assert_snapshot!(line("\"fi$0\""), @r#""fields": [$0]"#);
    assert_snapshot!(line("'fi$0elds'"), @"'fields': [$0]");
    assert_snapshot!(in_step("insert: Post\n    requires:\n      - \"x$0\""), @"");
}

#[test]
fn names_of_rules_have_a_dash() {
    let rule = |text: &str, label: &str| {
        choose(&format!("#- /specql.config.yaml\nrules:\n  {text}\n"), label)
    };
    assert_snapshot!(rule("miss$0-impact: off", "missing-entity"), @"
    rules:
      missing-entity: off
    ");
    assert_snapshot!(rule("missing-im$0", "missing-entity"), @"
    rules:
      missing-entity: $0
    ");
    assert_snapshot!(rule("$0missing-impact: off", "missing-entity"), @"
    rules:
      missing-entity: off
    ");
}

#[test]
fn periods_of_a_number() {
    let period =
        |text: &str| labels(&format!("#- /specql.config.yaml\naudit:\n  retention: {text}\n"));
    assert_snapshot!(period("$0"), @"7 days 30 days 90 days 1 year 2 years");
    assert_snapshot!(period("3$0"), @"30 days 3 days 3 weeks 3 months 3 years");
    assert_snapshot!(period("3 ye$0"), @"3 years");
    assert_snapshot!(period("1 $0"), @"1 year 1 day 1 week 1 month");
}

#[test]
fn a_text_is_closed_as_it_was_opened() {
    let step = |text: &str| {
        let file = "entity: Post\nfields:\n  st: enum(draft, done)\nactions:\n  - name: a\n    steps:\n      - ";
        let text = choose(&format!("{file}{text}\n"), "draft");
        text.lines().last().unwrap_or_default().trim().to_owned()
    };
    assert_snapshot!(step("validate: st = \"$0"), @r#"- validate: st = "draft""#);
    assert_snapshot!(step("validate: st = \"d$0\" AND st = 'x'"), @r#"- validate: st = "draft" AND st = 'x'"#);
    assert_snapshot!(step("validate: \"st = \\\"d$0\""), @r#"- validate: "st = \"draft\"""#);
    assert_snapshot!(step("validate: \"st = \\\"d$0\\\"\""), @r#"- validate: "st = \"draft\"""#);
    assert_snapshot!(step("validate: 'st = \"$0'"), @r#"- validate: 'st = "draft"'"#);
    assert_snapshot!(step("validate: 'st = ''d$0'"), @"- validate: 'st = ''draft'''");
    assert_snapshot!(step("validate: 'st = ''d$0'''"), @"- validate: 'st = ''draft'''");
}

#[test]
fn a_query_stands_between_brackets() {
    let has = |step: &str| {
        let file = format!("{USER}  - name: a\n    steps:\n      - {step}");
        items(&Fixture::new(&file)).iter().any(|it| it.label == "SELECT")
    };
    for step in [
        "validate: ($0",
        "validate: (SEL$0",
        "update: Post SET title = ($0",
        "validate: title IN ($0",
        "validate: title = 'a' AND ($0)",
    ] {
        assert!(has(step), "{step}");
    }
    for step in ["validate: lower($0", "validate: $0", "insert: Post($0", "validate: (title = $0"] {
        assert!(!has(step), "{step}");
    }
}

#[test]
fn plain_types_where_no_release_reads_them() {
    let has = |compat: &str| {
        let file = format!(
            "#- /specql.config.yaml\ncompat: {compat}\n#- /a.yaml\nentity: A\nfields:\n  rate: deci$0\n"
        );
        items(&Fixture::new(&file)).iter().any(|it| it.label == "decimal")
    };
    assert!(has("\"off\"") && !has("\"0.8\""));
}

#[test]
fn anchors_behind_an_asterisk() {
    let file = "entity: Post\nactions:\n  - name: a\n    impact: &first\n      description: \"&no\" # &no\n      primary: &in-two {entity: Post}\n  - name: b\n    impact: &around\n      ";
    assert_snapshot!(labels(&format!("{file}<<: *$0")), @"in-two first");
    assert_snapshot!(labels(&format!("{file}primary: *in$0")), @"in-two first");
    let chosen = choose(&format!("{file}primary: *in-$0x\n"), "in-two");
    assert_snapshot!(chosen.lines().last().unwrap_or_default().trim().to_owned(), @"primary: *in-two");
    assert_snapshot!(labels(&format!("{file}primary:*$0")), @"");
    assert_snapshot!(labels(&format!("{file}description: 2 *$0")), @"");
}
