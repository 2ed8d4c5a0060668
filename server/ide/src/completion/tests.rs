//! Completion by fixture: the labels in their order, and what choosing one makes of the text.

mod half_typed;
mod likely;
mod listed;
mod odd_places;

use insta::assert_snapshot;
use specql_text::apply_edits;

use crate::{CompletionItem, test_support::Fixture};

fn items(fixture: &Fixture) -> Vec<CompletionItem> {
    fixture.analysis.completions(fixture.file, fixture.offset(), None).items
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
    assert_snapshot!(labels("$0"), @"entity schema description was qualified fields actions audit");
    assert_snapshot!(labels("ent$0"), @"entity schema description was qualified fields actions audit");
    assert_snapshot!(labels("entity: $0"), @"Main");
    assert_snapshot!(labels("entity: Post\n$0"), @"schema description was qualified fields actions audit");
}

#[test]
fn a_type_that_has_its_parentheses_gets_no_others() {
    let chosen = choose("entity: Post\nfields:\n  author: re$0f(User)!\n", "ref(…)");
    assert_eq!(chosen, "entity: Post\nfields:\n  author: ref(User)!\n");
}

#[test]
fn keys_by_indentation_on_a_blank_line() {
    assert_snapshot!(in_actions("
  - name: create_post
    steps:
      - insert: Post
    $0"), @"description requires params impact cascade cdc pattern");
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
        include_relations: [$0]"), @"author");
    assert_snapshot!(in_actions("
  - name: create_post
    cdc:
      payload: [title, author.$0]"), @"name role post_count company id tenant_id identifier created_at created_by updated_at updated_by deleted_at …");
    assert_snapshot!(in_actions("
  - name: create_post
    cdc:
      payload: [title, author.company.na$0]"), @"name id tenant_id identifier created_at created_by updated_at updated_by deleted_at deleted_by");
}

#[test]
fn no_proposals_in_comments_and_new_names() {
    assert_snapshot!(in_actions("
  - name: create_post # imp$0"), @"");
    assert_snapshot!(in_actions("
  - name: $0"), @"");
    assert_snapshot!(labels("services:\n  web: $0\n  db: 1\nvolumes: 2"), @"");
}

#[test]
fn types_of_fields() {
    assert_snapshot!(labels("entity: Post\nfields:\n  title: $0"), @"text integer bigint float boolean ref(…) enum(…) list(…) email phoneNumber url slug …");
    assert_snapshot!(labels("entity: Post\nfields:\n  title:\n    type: em$0"), @"text integer bigint float boolean ref(…) enum(…) list(…) email phoneNumber url slug …");
    assert_snapshot!(labels("entity: Post\nfields:\n  other: ref($0)\n#- /user.yaml\nentity: User"), @"User Post");
    assert_snapshot!(labels("entity: Post\nfields:\n  other: ref(crm.$0)\n#- /user.yaml\nentity: User\nschema: crm\n#- /tag.yaml\nentity: Tag"), @"User");
    assert_snapshot!(labels("entity: Post\nfields:\n  status: enum(draft, published) = $0"), @"draft published");
    assert_snapshot!(labels("entity: Post\nfields:\n  title: text $0"), @"= default");
    assert_snapshot!(labels("entity: Post\nfields:\n  status:\n    type: enum(draft, published)\n    default: $0"), @"draft published");
}

/// The labels inside the one-line form of a step.
fn in_step(step: &str) -> String {
    in_actions(&format!(
        "  - name: publish_post\n    params:\n      reason: text!\n    steps:\n      - find: User WHERE name = 'Ann'\n        as: ann\n      - {step}"
    ))
}

#[test]
fn entities_of_statements() {
    assert_snapshot!(in_step("update: $0"), @"Post User Company");
    assert_snapshot!(in_step("insert: Us$0"), @"Post User Company");
    assert_snapshot!(in_step("foreach: x in $0"), @"Post User Company input");
    assert_snapshot!(in_step("validate: EXISTS $0"), @"Post User Company");
}

#[test]
fn keywords_of_statements() {
    assert_snapshot!(in_step("update: Post $0"), @"SET WHERE FROM input");
    assert_snapshot!(in_step("insert: Post $0"), @"SET VALUES FROM input");
    assert_snapshot!(in_step("update: Post SET title = 'x' $0"), @"WHERE");
    assert_snapshot!(in_step("validate: lower(title) $0"), @"AND OR IS NULL IS NOT NULL IN NOT IN LIKE ILIKE BETWEEN MATCHES is valid");
    assert_snapshot!(in_step("foreach: x $0"), @"in");
}

#[test]
fn fields_of_statements() {
    assert_snapshot!(in_step("update: User SET $0"), @"name role post_count company");
    assert_snapshot!(in_step("update: User SET name = 'x', $0"), @"role post_count company");
    assert_snapshot!(in_step("insert: Post(title, au$0"), @"status published author");
    assert_snapshot!(in_step("update: User SET name = 'x' WHERE $0"), @"ann name role post_count company title status published author reason input id …");
    assert_snapshot!(in_step("validate: author.$0"), @"name role post_count company id tenant_id identifier created_at created_by updated_at updated_by deleted_at …");
    assert_snapshot!(in_step("validate: author.company.$0 = 1"), @"name id tenant_id identifier created_at created_by updated_at updated_by deleted_at deleted_by");
    assert_snapshot!(in_step("validate: ann.$0"), @"name role post_count company id tenant_id identifier created_at created_by updated_at updated_by deleted_at …");
    assert_snapshot!(in_step("validate: input.$0"), @"reason title status published author id");
}

#[test]
fn values_of_enums_and_booleans_come_first() {
    assert_snapshot!(in_step("validate: status = $0"), @"draft published reason ann author input now coalesce lower upper trim length …");
    assert_snapshot!(in_step("validate: status = '$0'"), @"draft published");
    assert_snapshot!(in_step("validate: author.role IN ('author', $0"), @"editor status reason ann author input now coalesce lower upper trim length …");
    assert_snapshot!(in_step("update: Post SET published = $0"), @"true false ann author input now coalesce lower upper trim length concat …");
}

#[test]
fn long_forms_of_steps() {
    assert_snapshot!(in_step("update: User\n        set:\n          $0"), @"name role post_count company");
    assert_snapshot!(in_step("update: User\n        set:\n          role: $0"), @"author editor reason ann company input now coalesce lower upper trim length …");
    assert_snapshot!(in_step("insert: User\n        fields: [$0]"), @"name role post_count company");
    assert_snapshot!(in_step("update: User\n        where: $0"), @"ann name role post_count company title status published author reason input id …");
}

#[test]
fn names_of_events_queries_and_collections() {
    assert_snapshot!(in_step("update: Post SET title = 'x'\n    cdc:\n      event_type: $0"), @"PostUpdated PostPublished");
    assert_snapshot!(in_step("update: User SET post_count = 1\n    cdc:\n      side_effect_events:\n        User: $0"), @"UserPostCountChanged UserUpdated");
    assert_snapshot!(in_step("insert: Post\n    impact:\n      cache_invalidations:\n        - query: $0"), @"posts post");
    assert_snapshot!(in_step("update: User SET name = 'x'\n    impact:\n      side_effects:\n        - entity: User\n          collection: $0"), @"updatedUsers");
}

#[test]
fn what_the_steps_do_comes_first_in_an_impact_block() {
    assert_snapshot!(in_step("update: User SET post_count = 1 WHERE id = author.id\n    impact:\n      side_effects:\n        - entity: $0"), @"User Post Company");
    assert_snapshot!(in_step("update: User SET post_count = 1 WHERE id = author.id\n    impact:\n      side_effects:\n        - entity: User\n          operation: $0"), @"UPDATE CREATE DELETE UPSERT");
    assert_snapshot!(in_step("update: User SET post_count = 1 WHERE id = author.id\n    impact:\n      side_effects:\n        - entity: User\n          fields: [$0]"), @"post_count name role company id tenant_id identifier created_at created_by updated_at updated_by deleted_at …");
}

#[test]
fn queries_in_sql() {
    let query = |text: &str| in_step(&format!("validate: (SELECT {text}"));
    assert_snapshot!(query("count(*) FROM $0) > 1"), @"crm.tb_company blog.tb_post blog.tb_user");
    assert_snapshot!(query("count(*) FROM blog.$0) > 1"), @"tb_post tb_user");
    assert_snapshot!(query("count(*) FROM blog.tb_user $0) > 1"), @"WHERE JOIN LEFT JOIN GROUP BY ORDER BY LIMIT");
    assert_snapshot!(query("count(*) FROM blog.tb_user u WHERE u.$0) > 1"), @"name role post_count fk_company pk_user id tenant_id identifier created_at created_by updated_at updated_by …");
    assert_snapshot!(query("count(*) FROM blog.tb_user WHERE $0) > 1"), @"name role post_count fk_company pk_user id tenant_id identifier created_at created_by updated_at updated_by …");
    assert_snapshot!(query("u.$0 FROM blog.tb_user u) > 1"), @"name role post_count fk_company pk_user id tenant_id identifier created_at created_by updated_at updated_by …");
    assert_snapshot!(query("count(*) FROM blog.tb_user u WHERE u.name = '$0"), @"");
    assert_snapshot!(query("count(*) FROM blog.tb_user u) $0"), @"AND OR IS NULL IS NOT NULL IN NOT IN LIKE ILIKE BETWEEN MATCHES is valid");
}

#[test]
fn nothing_between_a_key_and_its_list() {
    assert_snapshot!(in_step("insert: User\n        fields: $0[name]"), @"");
    assert_snapshot!(in_step("insert: User\n        fields: [$0name]"), @"name role post_count company");
    assert_snapshot!(labels("entity: Post\nfields:\n  title: $0{type: text}"), @"");
}

#[test]
fn no_key_behind_a_quote_or_an_anchor() {
    assert_snapshot!(in_step("insert: User\n    impact:\n      primary:\n        \"entity\"$0: User"), @"");
    assert_snapshot!(in_step("insert: User\n    impact: &$0\n      primary: {entity: User}"), @"");
    assert_snapshot!(in_step("insert: User\n    impact:\n      primary: {\"entity\"$0: User}"), @"");
    assert_snapshot!(in_step("insert: User\n    impact:\n      primary: {entity: User, $0}"), @"operation fields include_relations condition");
}

#[test]
fn calls() {
    assert_snapshot!(in_step("call: $0\n  - name: archive_post\n    params:\n      reason: text!"), @"archive_post");
    assert_snapshot!(in_step("call: archive_post($0)\n  - name: archive_post\n    params:\n      reason: text!"), @"reason id title status published author");
}

#[test]
fn a_word_is_replaced_as_a_whole() {
    assert_snapshot!(choose("entity: Post\nfi$0elds: {}", "fields"), @"
    entity: Post
    fields: {}
    ");
    assert_snapshot!(choose("entity: Post\nfields:\n  a: te$0xt!", "text"), @"
    entity: Post
    fields:
      a: text!
    ");
    assert_snapshot!(choose("entity: Post\nfields:\n  a: $0text", "text"), @"
    entity: Post
    fields:
      a: text
    ");
}

#[test]
fn keys_bring_the_form_of_their_value() {
    assert_snapshot!(choose("entity: Post\nact$0", "actions"), @"
    entity: Post
    actions:
      - $0
    ");
    assert_snapshot!(choose("entity: Post\nactions:\n  - na$0", "name"), @"
    entity: Post
    actions:
      - name: $0
    ");
    assert_snapshot!(choose("entity: Post\nactions:\n  - st$0", "steps"), @"
    entity: Post
    actions:
      - steps:
          - $0
    ");
    assert_snapshot!(choose("entity: Post\nactions:\n  - steps:\n      - swi$0", "switch"), @"
    entity: Post
    actions:
      - steps:
          - switch: ${1:field}
            cases:
              - when: ${2:value}
                then:
                  - $0
    ");
    assert_snapshot!(choose("entity: Post\nactions:\n  - steps:\n      - ups$0", "upsert"), @"
    entity: Post
    actions:
      - steps:
          - upsert: $0
    ");
    assert_snapshot!(choose("entity: Post\nactions:\n  - cdc: {$0}", "enabled"), @"
    entity: Post
    actions:
      - cdc: {enabled: $0}
    ");
    assert_snapshot!(choose("entity: Post\nactions:\n  - impact:\n      primary:\n        $0", "fields"), @"
    entity: Post
    actions:
      - impact:
          primary:
            fields: [$0]
    ");
    assert_snapshot!(choose("entity: Post\nfields:\n  title: text\nactions:\n  - name: a\n    impact:\n      primary:\n        fields: $0", "title"), @"
    entity: Post
    fields:
      title: text
    actions:
      - name: a
        impact:
          primary:
            fields: [title]
    ");
}

#[test]
fn blocks_are_filled_from_the_steps() {
    let fixture = "
#- /user.yaml
entity: User
fields:
  post_count: integer
#- /post.yaml
entity: Post
fields:
  title: text
  author: ref(User)
actions:
  - name: create_post
    steps:
      - insert: Post(title)
      - update: User SET post_count = post_count + 1
    $0
";
    assert_snapshot!(choose(fixture, "impact"), @"
    entity: Post
    fields:
      title: text
      author: ref(User)
    actions:
      - name: create_post
        steps:
          - insert: Post(title)
          - update: User SET post_count = post_count + 1
        impact:
          primary:
            entity: Post
            operation: CREATE
            fields: [title]
          side_effects:
            - entity: User
              operation: UPDATE
              fields: [post_count]
    ");
    assert_snapshot!(choose(fixture, "cdc"), @"
    entity: Post
    fields:
      title: text
      author: ref(User)
    actions:
      - name: create_post
        steps:
          - insert: Post(title)
          - update: User SET post_count = post_count + 1
        cdc:
          enabled: true
          event_type: PostCreated
    ");
}

#[test]
fn an_entity_of_an_ambiguous_name_is_qualified() {
    let fixture = "
#- /a.yaml
entity: User
schema: a
#- /b.yaml
entity: User
schema: b
#- /post.yaml
entity: Post
schema: c
fields:
  author: ref($0)
";
    assert_snapshot!(labels(fixture), @"a.User b.User Post");
}

#[test]
fn a_long_list_holds_what_fits_the_word() {
    let others: String = (0..600).map(|it| format!("#- /{it}.yaml\nentity: Other{it}\n")).collect();
    let fixture =
        |word: &str| format!("{others}#- /z.yaml\nentity: Zebra\nfields:\n  a: ref({word}$0)\n");
    assert_eq!(items(&Fixture::new(&fixture(""))).len(), crate::COMPLETION_LIMIT);
    assert_snapshot!(labels(&fixture("ther42")), @"Other142 Other242 Other342 Other402 Other412 Other42 Other420 Other421 Other422 Other423 Other424 Other425 …");
}

#[test]
fn an_item_of_a_list_without_its_dash() {
    assert_snapshot!(choose("entity: Post\nactions:\n  $0", "name"), @"
    entity: Post
    actions:
      - name: $0
    ");
    assert_snapshot!(choose("entity: Post\nactions:\n  - steps:\n      $0", "if"), @"
    entity: Post
    actions:
      - steps:
          - if: ${1:condition}
            then:
              - $0
    ");
    assert_snapshot!(choose("entity: Post\nfields:\n  title: text\naudit:\n  track_fields:\n    $0", "title"), @"
    entity: Post
    fields:
      title: text
    audit:
      track_fields:
        - title
    ");
    assert_snapshot!(labels("entity: Post\nactions:\n  - name: a\n  $0\n  - name: b"), @"name description requires params steps impact cascade cdc pattern");
    assert_snapshot!(labels("entity: Post\nactions:\n  - steps:\n      - insert: Post\n      $0"), @"validate insert update delete upsert find if foreach switch call notify reject …");
    assert_snapshot!(labels("entity: Post\nfields:\n  title: text\naudit:\n  track_fields: [\n    $0"), @"title id tenant_id identifier created_at created_by updated_at updated_by deleted_at deleted_by");
}

/// Between a key and the first item of its list stands another item, also where its first letters are typed.
#[test]
fn an_item_above_the_first_of_a_list() {
    let steps = |it: &str| {
        format!("entity: Post\nfields:\n  title: text\nactions:\n  - name: go\n    steps:\n{it}")
    };
    assert_snapshot!(choose(&steps("      $0\n      - delete: Post\n"), "validate"), @"
    entity: Post
    fields:
      title: text
    actions:
      - name: go
        steps:
          - validate: $0
          - delete: Post
    ");
    for above in [
        "      val$0\n\n      - delete: Post",
        "    $0\n    - delete: Post",
        "      # first\n      $0\n      - delete: Post",
    ] {
        let found = labels(&steps(above));
        assert!(found.starts_with("validate insert"), "{above}: {found}");
    }
    let lists = |it: &str| {
        labels(&format!("entity: Post\nfields:\n  title: text\n  status: text\naudit:\n{it}"))
    };
    assert_snapshot!(lists("  track_fields:\n    $0\n    - title\n"), @"status id tenant_id identifier created_at created_by updated_at updated_by deleted_at deleted_by");
    // A key that is typed above its list is no item.
    assert_snapshot!(lists("  track$0\n    - title\n"), @"track_fields exclude_fields");
    assert_snapshot!(labels("entity: Post\nactions:\n  $0\n  - name: b"), @"name description requires params steps impact cascade cdc pattern");
    assert_snapshot!(labels("entity: Post\nactions:\n  - name: b\n    impact:\n      side$0\n      - entity: Post\n"), @"side_effects cache_invalidations permissions");
}

#[test]
fn codes_of_rules() {
    let config = "#- /specql.config.yaml\nrules:\n  invalid-yaml: off\n  missing-im$0";
    assert!(labels(config).starts_with("unreadable-file duplicate-key "), "{}", labels(config));
    assert_snapshot!(choose(config, "missing-impact"), @"
    rules:
      invalid-yaml: off
      missing-impact: $0
    ");
    assert_snapshot!(labels("#- /specql.config.yaml\nrules:\n  missing-impact: $0"), @"error warning info hint off");
    let comment = "entity: Post # specql: allow(naming, miss$0)";
    assert_snapshot!(choose(comment, "missing-impact"), @"entity: Post # specql: allow(naming, missing-impact)");
}

#[test]
fn the_configuration() {
    assert_snapshot!(labels("#- /specql.config.yaml\n$0"), @"cascade audit outbox debezium kafka events graphql tenancy rules compat");
    assert_snapshot!(labels("#- /specql.config.yaml\ncascade:\n  $0"), @"enabled include_entities exclude_entities include_full_data include_deleted max_entities");
}

#[test]
fn topics() {
    assert_snapshot!(choose("entity: Post\nschema: blog\nactions:\n  - name: a\n    impact:\n      primary:\n        operation: CREATE\n    cdc:\n      topic: blog.p$0", "blog.post"), @"
    entity: Post
    schema: blog
    actions:
      - name: a
        impact:
          primary:
            operation: CREATE
        cdc:
          topic: blog.post
    ");
}

/// Enter behind a name that somebody invents must not make another one of it.
#[test]
fn invented_names_become_no_others() {
    let event = |typed: &str| {
        let line = format!("update: Post SET title = 'x'\n    cdc:\n      event_type: {typed}$0");
        in_step(&line)
    };
    assert_snapshot!(event("PostU"), @"PostUpdated");
    assert_snapshot!(event("postup"), @"PostUpdated");
    assert_snapshot!(event("PUpdated"), @"");
    let fixture = format!(
        "{USER}  - name: go\n    steps:\n      - update: Post SET title = 'x'\n    cdc:\n      event_type: PostU$0"
    );
    let fixture = Fixture::new(&fixture);
    assert!(fixture.analysis.completions(fixture.file, fixture.offset(), None).is_incomplete);
}

/// What completion asks of a workspace does not grow with it.
#[test]
fn lists_of_names_cost_what_they_show() {
    let looked_at = |size: usize| {
        let mut host = crate::AnalysisHost::new();
        for it in 0..size {
            let text = format!(
                "entity: Thing{it}\nschema: s{}\nactions:\n  - name: act_{it}\n    steps:\n      - insert: Thing{it}\n      - call: act_1()\n",
                it % 7
            );
            host.set_file(&format!("{it}.yaml"), text);
        }
        let analysis = host.analysis();
        let file = analysis.files()[0];
        let text = analysis.text(file).unwrap().clone();
        let mut reads = Vec::new();
        for place in ["insert: Thing", "call: act_"] {
            let offset = u32::try_from(text.find(place).unwrap() + place.len()).unwrap();
            let (list, read) = specql_model::recorded(|| analysis.completions(file, offset, None));
            assert!(list.items.len() <= crate::COMPLETION_LIMIT && list.is_incomplete);
            reads.extend(read);
        }
        assert!(!reads.contains(&specql_model::Read::All), "all files were looked at");
        reads.len()
    };
    assert_eq!(looked_at(300), looked_at(900));
}

/// What begins with what is typed is in the list, however many names have its letters.
#[test]
fn the_whole_name_is_offered_among_thousands() {
    let mut host = crate::AnalysisHost::new();
    for it in 0..400 {
        host.set_file(&format!("{it}.yaml"), format!("entity: Entity{it}\n"));
    }
    let text = "entity: Own\nactions:\n  - name: a\n    steps:\n      - insert: Entity7";
    let file = host.set_file("own.yaml", text);
    let list = host.analysis().completions(file, u32::try_from(text.len()).unwrap(), None);
    assert_eq!(list.items[0].label, "Entity7");
    assert!(list.items[1].label.starts_with("Entity7"), "{}", list.items[1].label);
}
