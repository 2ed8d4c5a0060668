//! Completion where something is typed already: behind colons, in quotes, behind half an operator.

use insta::assert_snapshot;

use super::{USER, choose, in_actions, in_step, items, labels};
use crate::test_support::Fixture;

#[test]
fn a_key_above_its_own_list() {
    let steps = "entity: Post\nactions:\n  - name: a\n    steps:\n      - if: title IS NULL\n        then:\n          - reject: no_title\n        el$0\n          - reject: other\n";
    assert_snapshot!(labels(steps), @"else");
    assert_snapshot!(choose(steps, "else"), @"
    entity: Post
    actions:
      - name: a
        steps:
          - if: title IS NULL
            then:
              - reject: no_title
            else:
              - reject: other
    ");
}

#[test]
fn behind_a_colon_or_a_finished_value_nothing_is_repeated() {
    for there in [
        "description:$0",
        "impact:$0",
        "cdc:\n      enabled: true $0",
        "steps:$0",
        "steps: $0",
        "impact:\n      primary:\n        operation: CREATE $0",
        "cdc: $0\n      enabled: true",
        "impact:\n      primary:\n        fields: [title $0]",
        "cdc:$0\n      enabled: true",
        "impact:\n      primary:\n        entity: Post $0",
    ] {
        let fixture = format!("{USER}  - name: a\n    {there}");
        assert_eq!(labels(&fixture), "", "{there}");
    }
    assert_snapshot!(in_actions("  - name: a\n    cdc:\n      enabled:$0"), @"true false");
    assert_snapshot!(choose("entity: Post\nactions:\n  - name: a\n    cdc:\n      enabled:t$0", "true"), @"
    entity: Post
    actions:
      - name: a
        cdc:
          enabled: true
    ");
    assert_snapshot!(choose("entity: Post\nactions:\n  - name: a\n    steps:\n      -$0", "reject"), @"
    entity: Post
    actions:
      - name: a
        steps:
          - reject: $0
    ");
}

#[test]
fn a_space_offers_only_what_has_to_come() {
    let asked = |text: &str| {
        let fixture = Fixture::new(&format!("{USER}  - name: a\n    {text}"));
        let items = fixture.analysis.completions(fixture.file, fixture.offset(), Some(' ')).items;
        items.iter().take(3).map(|it| it.label.clone()).collect::<Vec<_>>().join(" ")
    };
    assert_snapshot!(asked("$0"), @"");
    assert_snapshot!(asked("cdc: $0"), @"");
    assert_snapshot!(asked("steps:\n      - update: Post $0"), @"");
    assert_snapshot!(asked("steps:\n      - update: $0"), @"Post User Company");
    assert_snapshot!(asked("steps:\n      - validate: title $0"), @"");
    assert_snapshot!(asked("steps:\n      - $0"), @"validate insert update");
    assert_snapshot!(asked("impact:\n      primary:\n        operation: $0"), @"CREATE UPDATE DELETE");
}

#[test]
fn values_in_open_quotes_and_with_blanks() {
    let file = |text: &str| {
        format!(
            "entity: Post\nfields:\n  st: enum(draft, 'in work')\nactions:\n  - name: a\n    {text}"
        )
    };
    assert_snapshot!(choose(&file("impact:\n      primary:\n        operation: \"CRE$0"), "CREATE"), @"
    entity: Post
    fields:
      st: enum(draft, 'in work')
    actions:
      - name: a
        impact:
          primary:
            operation: \"CREATE\"
    ");
    assert_snapshot!(choose(&file("impact:\n      primary:\n        operation: '$0X'"), "CREATE"), @"
    entity: Post
    fields:
      st: enum(draft, 'in work')
    actions:
      - name: a
        impact:
          primary:
            operation: 'CREATE'
    ");
    assert_snapshot!(choose(&file("steps:\n      - validate: 'st = $0'"), "draft"), @"
    entity: Post
    fields:
      st: enum(draft, 'in work')
    actions:
      - name: a
        steps:
          - validate: 'st = ''draft'''
    ");
}

#[test]
fn before_a_literal_a_proposal_takes_its_place() {
    let file = |text: &str| {
        format!(
            "entity: Post\nfields:\n  title: text\n  st: enum(draft, done)\n  n: integer\nactions:\n  - name: a\n    steps:\n      - {text}\n"
        )
    };
    let step = |text: &str, label: &str| {
        let text = choose(&file(text), label);
        text.lines().last().unwrap_or_default().trim().to_owned()
    };
    assert_snapshot!(step("update: Post SET title = $0'x', n = 1", "st"), @"- update: Post SET title = st, n = 1");
    assert_snapshot!(step("update: Post SET st = $0'draft'", "done"), @"- update: Post SET st = 'done'");
    assert_snapshot!(step("validate: 'title = $0''it''''s'' AND n > 1'", "st"), @"- validate: 'title = st AND n > 1'");
    assert_snapshot!(step("validate: \"st IN ($0'draft', 'x')\"", "done"), @r#"- validate: "st IN ('done', 'x')""#);
    assert_snapshot!(step("validate: n > $0-1.5 AND n < 3", "n"), @"- validate: n > n AND n < 3");
    assert_snapshot!(step("update: Post SET title = $0 'x', n = 1", "st"), @"- update: Post SET title = st, n = 1");
    assert_snapshot!(step("validate: title = $0\"x\" AND n > 1", "st"), @"- validate: title = st AND n > 1");
    for there in
        ["validate: title = $0'x", "validate: title = $0(SELECT 1)", "validate: title $0= 'x'"]
    {
        assert_eq!(labels(&file(there)), "", "{there}");
    }
}

#[test]
fn a_value_that_yaml_would_misread_comes_in_quotes() {
    let file = |text: &str| {
        format!("entity: Post\nfields:\n  st:\n    type: enum(draft, on, no)\n    default: {text}")
    };
    assert_snapshot!(labels(&file("$0")), @"draft on no");
    assert_snapshot!(choose(&file("$0"), "draft"), @"
    entity: Post
    fields:
      st:
        type: enum(draft, on, no)
        default: draft
    ");
    assert_snapshot!(choose(&file("$0"), "on"), @"
    entity: Post
    fields:
      st:
        type: enum(draft, on, no)
        default: 'on'
    ");
    assert_snapshot!(choose(&file("\"n$0\""), "no"), @"
    entity: Post
    fields:
      st:
        type: enum(draft, on, no)
        default: \"no\"
    ");
}

#[test]
fn half_operators_go_on() {
    assert_snapshot!(in_step("validate: title IS $0"), @"NULL NOT NULL TRUE FALSE valid");
    assert_snapshot!(in_step("find: User WHERE name IS $0"), @"NULL NOT NULL TRUE FALSE");
    assert_snapshot!(in_step("validate: title IS NOT N$0"), @"NULL TRUE FALSE");
    assert_snapshot!(in_step("validate: title NOT $0"), @"IN LIKE ILIKE BETWEEN");
    assert_snapshot!(in_step("update: Post SET title = CASE $0"), @"WHEN");
    assert_snapshot!(in_step("update: Post SET title = CASE WHEN published $0"), @"THEN AND OR IS NULL IS NOT NULL IN NOT IN");
    assert_snapshot!(in_step("update: Post SET title = CASE WHEN published THEN 'a' $0"), @"WHEN ELSE END");
    assert_snapshot!(in_step("update: Post SET title = CASE WHEN published THEN 'a' ELSE 'b' $0"), @"END");
    assert_snapshot!(in_step("update: Post SET title = CASE WHEN title IS NULL $0"), @"THEN AND OR");
    assert_snapshot!(in_step("update: Post SET title = CASE WHEN title = 'a' AND status $0"), @"IS NULL IS NOT NULL IN NOT IN LIKE");
    assert_snapshot!(in_step("validate: title IS NULL $0"), @"AND OR");
    assert_snapshot!(in_step("validate: title = 'a' $0"), @"AND OR");
    assert_snapshot!(in_step("validate: status NOT IN ('draft') $0"), @"AND OR");
    assert_snapshot!(in_step("validate: NOT EXISTS (User WHERE name = 'x') $0"), @"AND OR");
    assert_snapshot!(in_step("validate: author.post_count BETWEEN 1 $0"), @"AND");
    assert_snapshot!(in_step("validate: author.post_count BETWEEN 1 AND 2 $0"), @"AND OR");
    assert_snapshot!(in_step("validate: (title IS NULL OR status $0"), @"IS NULL IS NOT NULL IN NOT IN LIKE ILIKE MATCHES is valid");
    assert_snapshot!(in_step("update: Post SET title = 'a' WHERE title IS NULL $0"), @"AND OR");
    assert_snapshot!(in_step("notify: author($0"), @"email sms push webhook");
}

/// Nobody asks what a list is like, and no text is true.
#[test]
fn operators_by_what_stands_before_them() {
    assert_snapshot!(in_step("validate: title $0"), @"IS NULL IS NOT NULL IN NOT IN LIKE ILIKE BETWEEN MATCHES is valid");
    assert_snapshot!(in_step("validate: published $0"), @"AND OR IS NULL IS NOT NULL IN NOT IN is valid");
    assert_snapshot!(in_step("validate: NOT published $0"), @"AND OR IS NULL IS NOT NULL IN NOT IN is valid");
    assert_snapshot!(in_step("validate: author $0"), @"IS NULL IS NOT NULL IN NOT IN is valid");
    assert_snapshot!(in_step("validate: author.post_count $0"), @"IS NULL IS NOT NULL IN NOT IN BETWEEN is valid");
    assert_snapshot!(in_step("validate: author.post_count + 1 $0"), @"AND OR IS NULL IS NOT NULL IN NOT IN LIKE ILIKE BETWEEN MATCHES is valid");
    assert_snapshot!(in_step("validate: EXISTS (User WHERE post_count $0)"), @"IS NULL IS NOT NULL IN NOT IN BETWEEN is valid");
    assert_snapshot!(in_step("foreach: x in User WHERE post_count $0"), @"IS NULL IS NOT NULL IN NOT IN BETWEEN");
    assert_snapshot!(in_step("delete: User WHERE role $0"), @"IS NULL IS NOT NULL IN NOT IN LIKE ILIKE");
    let list = "entity: Post\nfields:\n  tags: list(text)\nactions:\n  - name: a\n    steps:\n      - validate: tags ";
    assert_snapshot!(labels(&format!("{list}$0")), @"IS NULL IS NOT NULL is valid");
}

/// What stands behind a key stays, so a key is one that takes it.
#[test]
fn keys_that_take_what_stands_behind_them() {
    let invalidation = |entry: &str| {
        in_actions(&format!(
            "  - name: a\n    impact:\n      cache_invalidations:\n        - {entry}"
        ))
    };
    assert_snapshot!(invalidation("$0: posts"), @"query strategy scope reason");
    assert_snapshot!(invalidation("$0: {title: x}"), @"filter");
    assert_snapshot!(invalidation("$0:  # what\n            title: x"), @"filter");
    assert_snapshot!(invalidation("$0:"), @"query filter strategy scope reason");
    assert_snapshot!(in_actions("  - name: a\n    $0:\n      - insert: Post"), @"params steps");
    assert_snapshot!(in_actions("  - name: a\n    $0:\n    - insert: Post"), @"params steps");
    assert_snapshot!(in_actions("  - {name: a, $0: [], cdc: true}"), @"params steps");
    assert_snapshot!(in_actions("  - {name: a, $0: true}"), @"description requires cascade cdc pattern");
}

/// A member follows, so what stands before it has members.
#[test]
fn before_a_dot_stands_what_has_members() {
    assert_snapshot!(in_step("validate: $0.name IS NULL"), @"ann author input");
    assert_snapshot!(in_step("validate: author.$0.name IS NULL"), @"company");
    assert_snapshot!(in_step("update: Post SET title = au$0.name"), @"ann author input");
    assert_snapshot!(in_actions("  - name: a\n    cdc:\n      payload: [title, $0.name]"), @"author");
    let items = "foreach: it in input.rows\n        do:\n          - validate: $0.name IS NULL";
    assert!(in_step(items).contains("it "), "{}", in_step(items));
}

#[test]
fn types_that_have_parentheses() {
    let of = |ty: &str| labels(&format!("entity: Post\nfields:\n  state: {ty}"));
    assert_snapshot!(of("$0(draft, done)"), @"text integer bigint float ref(…) enum(…) list(…)");
    assert_snapshot!(of("enu$0(draft, done)"), @"text integer bigint float ref(…) enum(…) list(…)");
}

#[test]
fn values_that_a_case_decides_by() {
    let case = "update: Post SET title = CASE status WHEN";
    assert!(in_step(&format!("{case} $0")).starts_with("draft published "));
    assert_snapshot!(in_step(&format!("{case} draft $0")), @"THEN");
    assert!(in_step(&format!("{case} draft THEN 'a' WHEN $0")).starts_with("draft published "));
}

/// The long form of a statement is one for several keywords.
#[test]
fn keys_of_a_long_form_go_with_its_keyword() {
    assert_snapshot!(in_step("insert:\n          $0"), @"entity set fields values from as");
    assert_snapshot!(in_step("update:\n          entity: Post\n          $0"), @"set fields values where from as");
    assert_snapshot!(in_step("delete:\n          $0"), @"entity where as hard");
    assert_snapshot!(in_step("find: {entity: User, $0}"), @"where as error message");
    assert_snapshot!(in_step("upsert: {entity: User, $0}"), @"set fields values from as conflict_target conflict_action");
}

/// An item that has no dash yet is one of the list above it, also at the end of its block.
#[test]
fn fields_of_an_item_without_its_dash() {
    let effects = "update: User SET name = 'x'\n    impact:\n      side_effects:\n        - entity: User\n          fields:\n            - name\n            $0";
    for below in ["", "\n    cdc: true\n"] {
        let found = in_step(&format!("{effects}{below}"));
        assert!(found.starts_with("role post_count company "), "{found}");
    }
    let step = "insert: User\n        fields:\n          - name\n          $0";
    for below in ["", "\n      - delete: Post\n"] {
        assert_eq!(in_step(&format!("{step}{below}")), "role post_count company");
    }
}

#[test]
fn nothing_where_nothing_can_follow() {
    for place in [
        "insert: User SET name = 'x' $0",
        "insert: User(name) $0",
        "insert: User VALUES (name = 'x') $0",
        "validate: status IN ('draft'$0",
        "validate: status IN ('draft' $0",
        "validate: status NOT IN $0",
        "validate: status IN $0",
    ] {
        assert_eq!(in_step(place), "", "{place}");
    }
    // What is called is a function.
    assert!(in_step("validate: len$0(title) > 3").starts_with("now coalesce lower "));
}

#[test]
fn keys_whose_part_the_statement_has_are_not_offered() {
    assert_snapshot!(in_step("insert: User SET name = 'x'\n        $0"), @"as");
    assert_snapshot!(in_step("insert: User(name)\n        $0"), @"as");
    assert_snapshot!(in_step("update: User SET name = 'x'\n        $0"), @"where as");
    assert_snapshot!(in_step("update: User SET name = 'x' WHERE id = author.id\n        $0"), @"as");
    assert_snapshot!(in_step("update: User WHERE id = author.id\n        $0"), @"set fields values from as");
    assert_snapshot!(in_step("find: User WHERE name = 'x'\n        $0"), @"as error message");
    assert_snapshot!(in_step("foreach: x in User WHERE name = 'x'\n        $0"), @"do");
    assert_snapshot!(in_step("validate: title IS NULL\n        $0"), @"error message");
    assert_snapshot!(in_step("call: archive_post(id = id)\n        $0"), @"as");
    assert_snapshot!(in_step("notify: author(email, \"x\")\n        $0"), @"data");
}

#[test]
fn arguments_below_a_call() {
    let called = "\n  - name: archive_post\n    params:\n      reason: enum(old, wrong)";
    let step = |below: &str| in_step(&format!("call: archive_post\n        args:{below}{called}"));
    assert_snapshot!(step("\n          $0"), @"reason id title status published author");
    assert_snapshot!(step(" {id: id, $0}"), @"reason title status published author");
    assert_snapshot!(step("\n          reason: $0"), @"old wrong reason ann author input now coalesce lower upper trim length …");
    assert_snapshot!(in_step("refresh_table_view:\n          propagate: [$0]"), @"author User Company Post");
}

#[test]
fn values_of_the_wanted_type_come_first() {
    let first = |step: &str| {
        let file = format!(
            "{USER}  - name: a\n    params:\n      rank: integer\n      name: text\n    steps:\n      - {step}"
        );
        labels(&file).split(' ').take(3).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(first("update: User SET post_count = $0"), "post_count rank company");
    assert_eq!(first("update: User SET name = $0"), "name title role");
    // Nothing is compared with itself.
    assert_eq!(first("validate: title = $0"), "name status author");
}

#[test]
fn what_a_loop_runs_over_is_a_list() {
    let user = "#- /user.yaml\nentity: User\nfields:\n  name: text\n  tags: list(text)\n  boss: ref(User)\n#- /post.yaml\nentity: Post\nfields:\n  author: ref(User)\nactions:\n  - name: a\n    steps:\n      - foreach: x in ";
    assert_snapshot!(labels(&format!("{user}author.$0")), @"tags boss");
    assert_snapshot!(labels(&format!("{user}author.boss.$0")), @"tags boss");
}

#[test]
fn defaults_that_a_function_gives() {
    let of = |ty: &str| labels(&format!("entity: Post\nfields:\n  a: {ty} = $0"));
    assert_eq!(of("timestamptz"), "now()");
    assert_eq!(of("datetime"), "now()");
    assert_eq!(of("date"), "current_date");
    assert_eq!(of("uuid"), "gen_random_uuid()");
    assert_eq!(of("text"), "");
}

#[test]
fn words_that_stand_behind_the_cursor_are_not_written_again() {
    let chosen = |step: &str, label: &str| {
        let file = format!("entity: Post\nactions:\n  - name: a\n    steps:\n      - {step}\n");
        let text = choose(&file, label);
        text.lines().last().unwrap_or_default().trim_start().to_owned()
    };
    for place in ["IS NO$0 NULL", "IS $0 NULL", "IS $0 null", "I$0 NOT NULL", "I$0 NULL", "$0 NULL"]
    {
        let written = chosen(
            &format!("validate: a {place}"),
            if place.starts_with("IS") { "NOT NULL" } else { "IS NOT NULL" },
        );
        assert_eq!(written.to_uppercase(), "- VALIDATE: A IS NOT NULL", "{place}");
    }
    assert_eq!(chosen("validate: a N$0 IN (1)", "NOT IN"), "- validate: a NOT IN (1)");
    assert_eq!(
        chosen("validate: (SELECT 1 FROM a.tb_a ORD$0 BY x)", "ORDER BY"),
        "- validate: (SELECT 1 FROM a.tb_a ORDER BY x)"
    );
    assert_snapshot!(in_step("validate: title IS $0 NULL"), @"NOT NULL TRUE FALSE valid");
    assert_snapshot!(in_step("validate: title IS $0NULL"), @"IS NULL IS NOT NULL is valid");
    assert_snapshot!(in_step("validate: title IS NOT $0NULL"), @"IS NOT NULL");
    assert_snapshot!(in_step("validate: title not $0in ('a')"), @"NOT IN");
    assert_snapshot!(in_step("validate: title $0IS NULL"), @"IS NULL IS NOT NULL IN NOT IN LIKE ILIKE BETWEEN MATCHES is valid");
    assert_snapshot!(in_step("update: Post $0 SET title = 'x'"), @"WHERE FROM input");
}

#[test]
fn values_of_what_is_decided_by_and_filtered() {
    assert_snapshot!(in_step("switch: status\n        cases:\n          - when: $0"), @"draft published reason ann author input now coalesce lower upper trim length …");
    assert_snapshot!(in_step("update: Post\n    impact:\n      cache_invalidations:\n        - query: posts\n          filter:\n            $0"), @"title status published author id");
    assert_snapshot!(in_step("update: Post\n    impact:\n      cache_invalidations:\n        - query: posts\n          filter: {status: $0}"), @"input.status draft published");
}

/// The field that gets the value says which values there are, whatever else has its name.
#[test]
fn values_of_what_is_assigned() {
    for step in [
        "insert: User SET role = $0",
        "insert: User VALUES (role = $0",
        "update: User SET role = $0",
        "insert: User\n        values:\n          role: $0",
        "insert: User\n        set: {role: $0}",
    ] {
        assert!(in_step(step).starts_with("author editor "), "{step}: {}", in_step(step));
    }
    let call = "entity: Post\nfields:\n  mood: enum(good, bad)\nactions:\n  - name: a\n    params:\n      tone: enum(loud, low)\n    steps:\n      - validate: mood = 'good'\n  - name: b\n    steps:\n      - call: a(";
    assert!(labels(&format!("{call}tone = $0")).starts_with("loud low "));
    assert!(labels(&format!("{call}mood = $0")).starts_with("good bad "));
}

/// Of names in a path those that have members are taken by a dot; nothing of a list of fields is.
#[test]
fn a_dot_takes_what_has_members() {
    let taken = |step: &str| {
        let fixture = Fixture::new(&format!("{USER}  - name: a\n    steps:\n      - {step}"));
        let items = fixture.analysis.completions(fixture.file, fixture.offset(), None).items;
        items.into_iter().filter(|it| it.goes_on).map(|it| it.label).collect::<Vec<_>>()
    };
    assert_eq!(taken("validate: $0"), ["author", "input"]);
    assert_eq!(taken("validate: author.$0"), ["company"]);
    assert_eq!(taken("update: Post SET $0"), [""; 0]);
}

#[test]
fn a_name_alone_is_replaced_where_its_parentheses_are() {
    let step = |text: &str| {
        format!(
            "entity: Post\nfields:\n  st: enum(draft, 'in work')\nactions:\n  - name: a\n    steps:\n      - {text}\n"
        )
    };
    assert_snapshot!(choose(&step("validate: low$0x(st) = 'x'"), "lower"), @"
    entity: Post
    fields:
      st: enum(draft, 'in work')
    actions:
      - name: a
        steps:
          - validate: lower(st) = 'x'
    ");
    assert_snapshot!(choose(&step("validate: st = 'in w$0'"), "in work"), @"
    entity: Post
    fields:
      st: enum(draft, 'in work')
    actions:
      - name: a
        steps:
          - validate: st = 'in work'
    ");
    assert_snapshot!(choose(&step("validate: st = 'dr$0"), "draft"), @"
    entity: Post
    fields:
      st: enum(draft, 'in work')
    actions:
      - name: a
        steps:
          - validate: st = 'draft'
    ");
}

#[test]
fn a_file_that_begins_with_other_keys() {
    assert_snapshot!(labels("fields:\n  title: text\nent$0"), @"entity schema description was qualified actions audit");
}

#[test]
fn events_are_named_after_the_verb_of_the_action() {
    let event = |name: &str| {
        in_actions(&format!(
            "  - name: {name}\n    steps:\n      - update: Post SET title = 'x'\n    cdc:\n      event_type: $0"
        ))
    };
    assert_snapshot!(event("pay_post"), @"PostUpdated PostPaid");
    assert_snapshot!(event("frobnicate_post"), @"PostUpdated PostFrobnicated");
}

/// An entity gets the fields that are assigned behind the cursor, a schema stands before the name of one of its
/// entities, and a key of partitions stays as it is.
#[test]
fn what_stands_behind_an_entity_says_which() {
    assert_snapshot!(in_step("update: $0 SET post_count = post_count + 1 WHERE id = author"), @"User");
    assert_snapshot!(in_step("insert: $0(name, role)"), @"User");
    assert_snapshot!(in_step("update: $0 SET nonsense = 1"), @"Post User Company");
    let schemas = "#- /a.yaml\nentity: Deal\nschema: crm\n#- /b.yaml\nentity: Deal\nschema: sales\n#- /c.yaml\nentity: Other\nschema: hr\n#- /post.yaml\nentity: Post\nschema: blog\nfields:\n  deal: ref($0.Deal)\n";
    assert_snapshot!(labels(schemas), @"crm sales");
    let key = "entity: Post\nfields:\n  slug: text!\n  title: text!\n  note: text\nactions:\n  - name: go\n    steps:\n      - update: Post SET title = 'x'\n    impact: {primary: {operation: UPDATE}}\n    cdc:\n      partition_key: $0\n";
    assert_snapshot!(labels(key), @"slug id tenant_id created_at created_by");
}

/// Who types a value whole and ends the line has it as typed, quotes or none; the list is asked for anew with
/// each letter, since clients filter one that is whole by themselves.
#[test]
fn enter_behind_a_whole_value_leaves_it() {
    let values =
        "entity: Post\nfields:\n  st: enum(draft, no)\nactions:\n  - name: a\n    steps:\n      - ";
    let case = "switch: st\n        cases:\n          - when: ";
    for (typed, label, written) in [
        (format!("{case}draft$0"), "draft", "when: draft"),
        (format!("{case}draf$0"), "draft", "when: 'draft'"),
        (format!("{case}no$0"), "no", "when: 'no'"),
        ("update: Post SET st = draft$0".into(), "draft", "st = draft"),
        ("update: Post SET st = no$0".into(), "no", "st = no"),
        ("validate: st IN (no, draft$0".into(), "draft", "(no, draft"),
        ("validate: (SELECT 1 FROM tb_post WHERE st = draft$0".into(), "draft", "st = 'draft'"),
    ] {
        let fixture = format!("{values}{typed}");
        let chosen = choose(&fixture, label);
        assert!(chosen.ends_with(written), "{typed}: {chosen}");
        let fixture = Fixture::new(&fixture);
        let list = fixture.analysis.completions(fixture.file, fixture.offset(), None);
        assert_eq!(list.is_incomplete, !typed.contains("SELECT"), "{typed}");
    }
}

#[test]
fn a_text_with_blanks_keeps_its_quotes_where_yaml_takes_them() {
    let fixture = "entity: Post\nfields:\n  st: enum(draft, 'in work')\nactions:\n  - name: a\n    steps:\n      - switch: st\n        cases:\n          - when: $0";
    assert!(choose(fixture, "in work").ends_with("when: \"'in work'\""));
    assert!(choose(fixture, "draft").ends_with("when: 'draft'"));
}

/// A keyword is no part of the text or the bracket before it.
#[test]
fn nothing_glues_to_a_closing_quote() {
    for (cut, label, written) in [
        ("validate: status = 'draft'$0", "AND", "validate: status = 'draft' AND "),
        ("validate: \"status = 'draft'$0\"", "AND", "validate: \"status = 'draft' AND \""),
        ("validate: (status = 'draft')$0", "OR", "validate: (status = 'draft') OR "),
        (
            "update: Post SET status = 'draft'$0",
            "WHERE",
            "update: Post SET status = 'draft' WHERE ",
        ),
    ] {
        let fixture = format!("{USER}  - name: a\n    steps:\n      - {cut}");
        let text = choose(&fixture, label);
        assert!(text.ends_with(written), "{cut}: {text}");
        // Who closes a text has perhaps ended the line.
        let fixture = Fixture::new(&fixture);
        let typed = fixture.analysis.completions(fixture.file, fixture.offset(), Some('\''));
        assert_eq!(typed.items, [], "{cut}");
    }
    let field = "entity: Post\nfields:\n  st: enum(draft)$0";
    assert!(choose(field, "= default").ends_with("enum(draft) = $0"));
}

#[test]
fn a_bracket_that_is_not_closed_below_a_dash() {
    let impact = "update: Post\n    impact:\n      side_effects:\n        - {";
    assert_snapshot!(in_step(&format!("{impact}$0")), @"entity operation fields collection condition include_relations");
    assert_snapshot!(in_step(&format!("{impact}entity: User, $0")), @"operation fields collection condition include_relations");
    assert_snapshot!(in_step(&format!("{impact}entity: $0")), @"Post User Company");
    assert_snapshot!(in_step(&format!("{impact}entity: User, fields: [$0")), @"name role post_count company id tenant_id identifier created_at created_by updated_at updated_by deleted_at …");
    assert_snapshot!(in_step(&format!("{impact}$0\n    cdc: true")), @"entity operation fields collection condition include_relations");
    assert_snapshot!(in_step("{up$0"), @"validate insert update delete upsert find if foreach switch call notify reject …");
    assert_snapshot!(in_step("{update: $0"), @"Post User Company");
    assert_snapshot!(in_step("{update: Post, set: {$0"), @"title status published author");
    assert_snapshot!(in_actions("  - {name: a, $0"), @"description requires params steps impact cascade cdc pattern");
    // What is closed further below stays as it is.
    assert_snapshot!(in_step("{update: Post, $0,\n         set: {title: x}}"), @"where fields values from as");
}

#[test]
fn an_operator_of_several_words_is_one() {
    let operators = "IS NULL IS NOT NULL IN NOT IN LIKE ILIKE BETWEEN MATCHES is valid";
    for (step, offered) in [
        ("validate: title IS NO$0T NULL", "IS NULL IS NOT NULL is valid"),
        ("validate: title I$0S NOT NULL", operators),
        ("validate: title IS N$0ULL", "IS NULL IS NOT NULL is valid"),
        ("validate: title NOT I$0N ('a')", "NOT IN"),
        ("validate: \"title i$0s valid\"", operators),
    ] {
        assert_eq!(in_step(step), offered, "{step}");
    }
    let chosen = |step: &str, label: &str| {
        let text = choose(&format!("{USER}  - name: a\n    steps:\n      - {step}\n"), label);
        text.lines().last().unwrap().trim().to_owned()
    };
    assert_snapshot!(chosen("validate: title IS NO$0T NULL AND published", "IS NULL"), @"- validate: title IS NULL AND published");
    assert_snapshot!(chosen("validate: title NO$0T IN ('a')", "LIKE"), @"- validate: title LIKE ('a')");
    assert_snapshot!(chosen("update: Post FR$0OM input", "SET"), @"- update: Post SET ");
    assert_snapshot!(chosen("validate: (SELECT 1 FROM blog.tb_post GRO$0UP BY title)", "ORDER BY"), @"- validate: (SELECT 1 FROM blog.tb_post ORDER BY title)");
}

#[test]
fn an_argument_that_has_a_value_is_renamed() {
    let file = |call: &str| {
        format!(
            "entity: Post\nfields:\n  title: text\nactions:\n  - name: f\n    params: {{id: uuid, note: text}}\n  - name: g\n    steps:\n      - call: {call}\n"
        )
    };
    let chosen = |call: &str, label: &str| {
        let text = choose(&file(call), label);
        text.lines().last().unwrap().trim().to_owned()
    };
    assert_snapshot!(chosen("f(i$0d = 1)", "note"), @"- call: f(note = 1)");
    assert_snapshot!(chosen("f(no$0)", "note"), @"- call: f(note = $0)");
}

#[test]
fn values_of_enums_in_queries_in_sql() {
    let query = |text: &str| {
        in_step(&format!("validate: (SELECT count(*) FROM blog.tb_post p WHERE {text}"))
    };
    assert_snapshot!(query("status = 'p$0"), @"draft published");
    assert_snapshot!(query("p.status = '$0') > 1"), @"draft published");
    assert_snapshot!(query("p.status IN ('draft', '$0"), @"published");
    assert_snapshot!(query("p.title = '$0') > 1"), @"");
    assert!(query("p.status <> $0) > 1").starts_with("draft published title "));
}

#[test]
fn columns_of_the_row_of_a_query() {
    let row = |path: &str| {
        in_step(&format!(
            "foreach: row in (SELECT id, title AS heading FROM blog.tb_post)\n        do:\n          - validate: {path}$0"
        ))
    };
    assert_snapshot!(row("row."), @"id heading");
    assert_snapshot!(row("$row.he"), @"id heading");
}

#[test]
fn parameters_in_every_spelling() {
    for spelling in ["input.", "$input.", "input_data.", "input_payload."] {
        let found = in_step(&format!("validate: {spelling}$0"));
        assert_eq!(found, "reason title status published author id", "{spelling}");
    }
    assert_snapshot!(in_step("validate: p_re$0"), @"p_reason");
    let behind_dollar = in_step("validate: $re$0");
    assert!(behind_dollar.starts_with("reason ann "), "{behind_dollar}");
    let all = |step: &str| {
        let fixture = Fixture::new(&format!("{USER}  - name: a\n    steps:\n      - {step}"));
        items(&fixture).into_iter().map(|it| it.label).collect::<Vec<_>>()
    };
    assert!(
        !all("validate: $$0")
            .iter()
            .any(|it| ["coalesce", "NULL", "EXISTS"].contains(&it.as_str()))
    );
    assert!(!all("validate: status = $$0").contains(&"draft".to_owned()));
}

/// Between brackets a comma would end the text.
#[test]
fn a_call_in_flow_style_brings_no_comma() {
    let chosen = |step: &str| {
        choose(&format!("{USER}  - name: a\n    steps:\n      - {step}\n"), "coalesce")
    };
    assert!(chosen("{validate: coa$0}").ends_with("- {validate: coalesce($0)}\n"));
    assert!(chosen("{validate: \"coa$0\"}").ends_with("coalesce(${1:value}, ${2:fallback})\"}\n"));
}

#[test]
fn an_open_quote_between_open_brackets() {
    let file = |text: &str| {
        format!(
            "entity: Post\nfields:\n  st: enum(draft, done)\n  title: text\nactions:\n  - name: a\n    {text}"
        )
    };
    let below = "\n      - update: Post SET title = 'x'\n    cdc: true\n";
    for rest in ["", below] {
        let at = |text: &str| labels(&file(&format!("{text}{rest}")));
        assert_eq!(at("steps:\n      - {validate: \"st = 'dr$0"), "draft done");
        assert_eq!(at("steps:\n      - {validate: 'st = ''dr$0"), "draft done");
        assert_eq!(at("steps:\n      - [{validate: \"st = '$0"), "");
        assert!(at("steps:\n      - {update: \"Post SET ti$0").contains("title"));
        assert!(at("steps:\n      - {update: 'Po$0").starts_with("Post"));
        assert!(at("impact: {primary: {fields: [st, \"ti$0").contains("title"));
    }
    // What goes on below is closed there.
    let text = file("steps:\n      - {validate: \"st = 'dr$0'\n         AND title = 'x'\"}\n");
    assert_eq!(labels(&text), "draft done");
}

#[test]
fn keys_in_quotes() {
    assert_snapshot!(labels("entity: Post\n\"fi$0\":\n"), @"schema description was qualified fields actions audit");
    assert_snapshot!(choose("entity: Post\n\"fi$0\":\n", "fields"), @r#"
    entity: Post
    "fields":
    "#);
    assert_snapshot!(choose("entity: Post\n'fi$0': {a: text}\n", "fields"), @"
    entity: Post
    'fields': {a: text}
    ");
    assert_snapshot!(choose("entity: Post\n\"fi$0", "fields"), @r#"
    entity: Post
    "fields":
      $0
    "#);
    assert_snapshot!(choose("entity: Post\nactions:\n  - name: go\n    \"par$0\":\n      a: text\n", "params"), @r#"
    entity: Post
    actions:
      - name: go
        "params":
          a: text
    "#);
    assert_snapshot!(choose("entity: Post\nactions:\n  - name: go\n    steps:\n      - \"upd$0\": Post\n", "update"), @r#"
    entity: Post
    actions:
      - name: go
        steps:
          - "update": Post
    "#);
    assert_snapshot!(choose("entity: Post\nactions:\n  - name: go\n    steps:\n      - 'upd$0\n", "update"), @"
    entity: Post
    actions:
      - name: go
        steps:
          - 'update': $0
    ");
    assert_snapshot!(choose("entity: Post\nactions: [{name: go, \"ste$0\": []}]\n", "steps"), @r#"
    entity: Post
    actions: [{name: go, "steps": []}]
    "#);
}

#[test]
fn a_file_that_begins_with_a_byte_order_mark() {
    assert_snapshot!(labels("\u{feff}entity: Post\nfie$0"), @"schema description was qualified fields actions audit");
    assert_snapshot!(labels("\u{feff}ent$0"), @"entity schema description was qualified fields actions audit");
    assert_snapshot!(labels("\u{feff}fie$0\n  a: text\nentity: Post\n"), @"fields audit");
}

#[test]
fn steps_with_several_keys_between_braces() {
    let choose =
        |label: &str| choose("entity: Post\nactions: [{name: go, steps: [{$0}]}]\n", label);
    assert_snapshot!(choose("if"), @"
    entity: Post
    actions: [{name: go, steps: [{if: ${1:condition}, then: [{$0}]}]}]
    ");
    assert_snapshot!(choose("foreach"), @"
    entity: Post
    actions: [{name: go, steps: [{foreach: ${1:item} in ${2:Entity}, do: [{$0}]}]}]
    ");
    assert_snapshot!(choose("switch"), @"
    entity: Post
    actions: [{name: go, steps: [{switch: ${1:field}, cases: [{when: ${2:value}, then: [{$0}]}]}]}]
    ");
}

#[test]
fn a_type_before_square_brackets() {
    assert_snapshot!(choose("entity: Post\nfields:\n  state: en$0[a, b]\n", "enum(…)"), @"
    entity: Post
    fields:
      state: enum[a, b]
    ");
}

#[test]
fn a_recipient_before_its_channel() {
    assert_snapshot!(in_step("notify: au$0(email, 'x')"), @"ann title status published author reason input id tenant_id identifier created_at created_by …");
}
