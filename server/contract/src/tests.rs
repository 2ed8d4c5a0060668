//! Contracts of small workspaces, shown in short.

mod shown;

use std::sync::Arc;

use insta::assert_snapshot;
use specql_model::{Certainty, FileId, SourceFile, Workspace};

use crate::{Contract, EventCascade, Outcome, Rows};
use shown::{shown, shown_object};

const USER: &str = "entity: User
schema: blog
fields:
  name: text!
  email: email!
  post_count: integer = 0
  balance: money
";

const POST: &str = "entity: Post
schema: blog
fields:
  title: text!
  author: ref(User)!
  status: enum(draft, published) = draft
  tags: list(text)
actions:
  - name: act
";

const COMMENT: &str = "entity: Comment
schema: blog
fields:
  post: ref(Post)!
  body: text
";

fn workspace(texts: &[&str]) -> Workspace {
    let files = (0..).zip(texts).map(|(number, text)| {
        let is_config = text.starts_with("# config");
        let name = if is_config { "specql.config.yaml".into() } else { format!("/{number}.yaml") };
        Arc::new(SourceFile::new(FileId(number), name, *text))
    });
    Workspace::new(files)
}

/// The contract of the action `act` of `Post`.
fn contract(action: &str) -> Contract {
    configured("# config\n", action)
}

fn configured(config: &str, action: &str) -> Contract {
    with_workspace(config, action).1
}

fn with_workspace(config: &str, action: &str) -> (Workspace, Contract) {
    let post = format!("{POST}{action}");
    let workspace = workspace(&[USER, &post, COMMENT, config]);
    let id = workspace.actions_named("act").first().copied().expect("it is declared");
    let contract = Contract::of(&workspace, id).expect("the action is there");
    (workspace, contract)
}

fn names(contract: &Contract) -> String {
    let all = [USER, POST, COMMENT].map(|it| it.lines().next().unwrap_or_default());
    shown(contract, &|it| all.get(it.0.0 as usize).map_or("?", |it| &it["entity: ".len()..]))
}

#[test]
fn changes_stand_in_the_declared_order() {
    let contract = contract(
        "    steps:
      - update: User SET post_count = post_count + 1
      - insert: Post(title, author)
      - if: title = 'x'
        then:
          - insert: Comment(body)
      - insert: Comment(body)
    impact:
      primary: {entity: Post, operation: CREATE}
      side_effects:
        - {entity: Comment, operation: CREATE, collection: comments}
      cache_invalidations:
        - {query: posts, filter: {author: input.author, first: 10}, strategy: REFETCH}
        - {query: stats}
    cdc:
      enabled: true
      include_side_effects: true
      side_effect_events: {User: UserChanged}
",
    );
    assert_snapshot!(names(&contract));
}

#[test]
fn a_row_that_is_new_is_not_updated_as_well() {
    let contract = contract(
        "    steps:
      - insert: Post(title, author)
      - update: Post SET status = 'published'
      - delete: Comment WHERE post = input.id
    impact:
      primary: {entity: Post, operation: CREATE}
    cascade: {exclude_entities: [Comment]}
",
    );
    assert_snapshot!(names(&contract));
}

#[test]
fn a_bounded_payload_bounds_the_cascade_of_its_event() {
    let (workspace, contract) = with_workspace(
        "# config\n",
        "    steps:
      - update: Post SET title = 'x'
    impact:
      primary: {entity: Post, operation: UPDATE}
    cdc:
      enabled: true
      version: 2
      payload: [title, author.name, author.email, status]
      partition_key: author
",
    );
    let event = contract.events.first().expect("it writes one");
    let shown =
        [event.payload_shape(), event.metadata_shape(&workspace)].map(|it| shown_object(&it, 0));
    assert_snapshot!(shown.join("\n--\n"));
}

#[test]
fn what_is_not_audited_is_not_in_the_kept_cascade() {
    let post = POST.replace("actions:", "audit: {exclude_fields: [title]}\nactions:");
    let text = format!(
        "{post}    steps:
      - update: Post SET title = 'x'
    impact:
      primary: {{entity: Post, operation: UPDATE}}
"
    );
    let workspace = workspace(&[USER, &text]);
    let id = workspace.actions_named("act").first().copied().expect("it is declared");
    let contract = Contract::of(&workspace, id).expect("the action is there");
    let trail = contract.audit.trails.first().expect("posts are audited");
    assert_eq!(trail.hidden, ["title"]);
    assert!(trail.image.member("title").is_none() && trail.image.member("fk_author").is_some());
    let kept = contract.audit.cascade.as_ref().map(|it| shown_object(it, 0)).unwrap_or_default();
    assert!(!kept.contains("title:"), "{kept}");
}

#[test]
fn settings_of_the_workspace() {
    let contract = configured(
        "# config\ntenancy: required\ngraphql:\n  field_case: snake\nkafka:\n  topic: '{schema}.{entity}.{event_type}.v{version}'\n",
        "    steps:
      - delete: Post
    impact:
      primary: {entity: Post, operation: DELETE}
    cdc: true
",
    );
    assert_snapshot!(names(&contract));
}

#[test]
fn what_only_the_impact_says_holds_where_there_are_no_steps() {
    let contract = contract(
        "    impact:
      primary: {entity: Post, operation: UPDATE, fields: [title]}
      side_effects:
        - {entity: User, operation: UPDATE, condition: \"title = 'x'\"}
",
    );
    assert!(contract.declared_only);
    assert_snapshot!(names(&contract));
}

#[test]
fn an_action_has_the_invalidations_and_events_of_those_it_calls() {
    let contract = contract(
        "    steps:
      - update: Post SET status = 'published'
      - call: tell(id = input.id)
    impact:
      primary: {entity: Post, operation: UPDATE}
      cache_invalidations: [{query: drafts}]
  - name: tell
    steps:
      - update: Post SET title = 'x'
    impact:
      primary: {entity: Post, operation: UPDATE}
      cache_invalidations: [{query: drafts}, {query: news}]
    cdc: {enabled: true, event_type: PostTold}
",
    );
    let cascade = contract.cascade.as_ref().unwrap();
    let queries: Vec<&str> = cascade.invalidations.iter().map(|it| it.query.as_str()).collect();
    assert_eq!(queries, ["drafts", "news"]);
    assert!(cascade.has_event && contract.own_events().next().is_none());
    let [told] = contract.events.as_slice() else { panic!("{:?}", contract.events) };
    assert!(told.action != contract.action && told.via.is_some());
    assert_eq!((&*told.event_type, &*told.mutation), ("PostTold", "act"));
    assert_eq!((told.is_sure, told.rows), (true, Rows::One));
    assert_eq!(told.cascade, EventCascade::Entries);
}

#[test]
fn events_of_calls_stand_behind_the_own_ones_in_the_order_of_the_calls() {
    let contract = contract(
        "    steps:
      - update: Post SET status = 'published'
      - if: input.loud
        then:
          - call: tell(id = input.id)
      - call: count(id = input.id)
      - call: count(id = input.id)
    impact:
      primary: {entity: Post, operation: UPDATE}
    cdc: {enabled: true, event_type: PostActed, include_cascade: false}
  - name: tell
    steps:
      - update: Post SET title = 'x'
      - call: note(id = input.id)
    impact:
      primary: {entity: Post, operation: UPDATE}
    cdc: {enabled: true, event_type: PostTold}
  - name: note
    steps:
      - update: Post SET title = 'y'
    cdc: {enabled: true, event_type: PostNoted}
  - name: count
    steps:
      - update: Post SET likes = 1
    impact:
      primary: {entity: Post, operation: UPDATE}
    cdc: {enabled: true, event_type: PostCounted}
",
    );
    let shown: Vec<String> = contract
        .events
        .iter()
        .map(|it| {
            let (lead, follow) = (it.may_lead, it.may_follow);
            let (sure, rows) = (it.certainty, it.rows);
            format!(
                "{} {sure:?} {rows:?} leads {lead} follows {follow} {:?}",
                it.event_type, it.cascade
            )
        })
        .collect();
    // The first event is surely the own one, and it carries no cascade.
    assert_snapshot!(shown.join("\n"), @r"
    PostActed Always Many leads true follows false Nothing
    PostTold Sometimes Many leads false follows false Nothing
    PostNoted Sometimes One leads false follows false Nothing
    PostCounted Always Many leads false follows false Nothing
    ");
}

#[test]
fn a_caller_without_a_cascade_has_one_for_the_events_of_its_calls() {
    let contract = contract(
        "    steps:
      - if: input.loud
        then:
          - call: note(id = input.id)
      - call: tell(id = input.id)
  - name: tell
    steps:
      - update: Post SET title = 'x'
    impact:
      primary: {entity: Post, operation: UPDATE}
    cdc: {enabled: true, event_type: PostTold}
  - name: note
    steps:
      - update: Post SET title = 'y'
    cdc: {enabled: true, event_type: PostNoted, payload: [title]}
",
    );
    assert!(contract.cascade.is_none() && contract.event_cascade.is_some());
    let [noted, told] = contract.events.as_slice() else { panic!("{:?}", contract.events) };
    assert!(noted.may_lead && noted.cascade_entries.is_empty());
    assert!(told.may_lead && told.cascade_entries.len() == 1);
}

#[test]
fn rows_that_nested_calls_touch() {
    let user = format!(
        "{USER}actions:
  - name: count
    steps:
      - update: User SET post_count = post_count + 1
  - name: count_once
    steps:
      - call: count(id = input.id)
  - name: count_twice
    steps:
      - call: count_once(id = input.id)
      - call: count(id = input.id)
  - name: count_all
    steps:
      - foreach: it IN [1, 2]
        do:
          - call: count(id = input.id)
"
    );
    let rows = |called: &str| {
        let post = format!("{POST}    steps:\n      - call: {called}(id = author.id)\n");
        let workspace = workspace(&[&user, &post, COMMENT, "# config\n"]);
        let id = workspace.actions_named("act").first().copied().expect("it is declared");
        let contract = Contract::of(&workspace, id).expect("the action is there");
        contract.changes.first().map(|it| it.rows)
    };
    assert_eq!(rows("count"), Some(Rows::One));
    assert_eq!(rows("count_once"), Some(Rows::One));
    assert_eq!(rows("count_twice"), Some(Rows::Many));
    assert_eq!(rows("count_all"), Some(Rows::Many));
}

#[test]
fn an_upsert_that_keeps_what_is_there_can_only_create() {
    let contract = contract(
        "    steps:
      - upsert: Post(title, author)
        conflict_target: [title]
        conflict_action: nothing
    impact:
      primary: {entity: Post, operation: UPSERT}
    cdc: {enabled: true, event_type: PostKept}
",
    );
    let change = contract.changes.first().expect("it is there");
    assert_eq!(
        (change.outcomes(), change.certainty),
        (&[Outcome::Created][..], Certainty::Sometimes)
    );
    let entries = contract.cascade.iter().flat_map(|it| &it.entries);
    let entries: Vec<_> = entries.map(|it| (it.outcome, it.certainty)).collect();
    assert_eq!(entries, [(Outcome::Created, Certainty::Sometimes)]);
    let event = contract.events.first().expect("it is there");
    assert_eq!(
        (&event.outcomes[..], event.certainty),
        (&[Outcome::Created][..], Certainty::Sometimes)
    );
    assert_eq!(
        contract.audit.trails.first().map(|it| &it.outcomes[..]),
        Some(&[Outcome::Created][..])
    );
}

#[test]
fn an_input_that_every_run_writes_to_a_required_field_is_required() {
    for (steps, is_required) in [
        ("- update: Post SET title = input.title", true),
        ("- insert: Post SET title = input.title, author = input.author", true),
        ("- update: Post SET title = coalesce(input.title, 'x')", false),
        ("- update: Post SET title = upper(title)\n      - validate: input.title <> ''", false),
        ("- update: Post SET title = input.title WHERE status = 'draft'", false),
        (
            "- if: status = 'draft'\n        then:\n          - update: Post SET title = input.title",
            false,
        ),
        ("- update: Post", false),
    ] {
        let contract = contract(&format!("    steps:\n      {steps}\n"));
        let title = contract.inputs.iter().find(|it| it.name == "title");
        assert_eq!(title.map(|it| it.required), Some(is_required), "{steps}");
    }
    let of_status = contract("    steps:\n      - insert: Post SET status = input.status\n");
    assert!(of_status.inputs.iter().all(|it| it.name != "status" || !it.required));
    let of_parameter = contract(
        "    params: {title: text}\n    steps:\n      - update: Post SET title = $title\n",
    );
    assert!(of_parameter.inputs.iter().all(|it| it.name != "title" || !it.required));
}

/// A contract of a chain of calls follows each call once for each action that calls it, itself or through
/// others: twice as long a chain takes four times the work, and no more.
#[test]
fn a_chain_of_calls_is_followed_once() {
    let followed = |length: usize, is_ring: bool| {
        let texts: Vec<String> = (0..length)
            .map(|it| {
                let next = if it + 1 < length { Some(it + 1) } else { is_ring.then_some(0) };
                let call = next.map(|it| format!("\n      - call: act_{it}()")).unwrap_or_default();
                format!("entity: Thing{it}\nfields: {{title: text}}\nactions:\n  - name: act_{it}\n    steps:\n      - insert: Thing{it}{call}\n    cdc: true\n")
            })
            .collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let workspace = workspace(&texts);
        let first = workspace.actions_named("act_0")[0];
        crate::rows::followed();
        let contract = Contract::of(&workspace, first).expect("the action is there");
        assert_eq!(contract.events.len(), length);
        assert!(contract.events.iter().all(|it| it.rows == Rows::One));
        crate::rows::followed()
    };
    for is_ring in [false, true] {
        let (short, long) = (followed(20, is_ring), followed(40, is_ring));
        assert!(short > 0 && long < short * 5, "{short} {long}");
    }
}

/// What two ways lead to, or a loop, or a circle, runs any number of times.
#[test]
fn actions_that_run_several_times_publish_several_events() {
    let act = |name: &str, steps: &str| {
        format!(
            "entity: {name}\nfields: {{title: text}}\nactions:\n  - name: do_{}\n    steps:\n      - insert: {name}\n{steps}    cdc: true\n",
            name.to_lowercase()
        )
    };
    let rows = |steps: [&str; 4]| -> Vec<(String, Rows)> {
        let texts: Vec<String> =
            ["A", "B", "C", "D"].iter().zip(steps).map(|(name, steps)| act(name, steps)).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let workspace = workspace(&texts);
        let first = workspace.actions_named("do_a")[0];
        let contract = Contract::of(&workspace, first).expect("the action is there");
        contract.events.iter().map(|it| (it.aggregate.to_string(), it.rows)).collect()
    };
    let (b, c, d) = ("      - call: do_b()\n", "      - call: do_c()\n", "      - call: do_d()\n");
    let both = format!("{b}{c}");
    let many = |it: &[(String, Rows)]| -> String {
        it.iter().filter(|it| it.1 == Rows::Many).map(|it| it.0.as_str()).collect()
    };
    assert_eq!(many(&rows([b, c, d, ""])), "");
    assert_eq!(many(&rows([&both, d, d, ""])), "D");
    assert_eq!(many(&rows([&both, c, d, ""])), "CD");
    let looped = "      - foreach: x in input.all\n        do:\n          - call: do_c()\n";
    assert_eq!(many(&rows([b, looped, d, ""])), "CD");
    // A circle that the action itself is in ends with it; another one does not end.
    assert_eq!(many(&rows([b, c, d, "      - call: do_a()\n"])), "");
    assert_eq!(many(&rows([b, c, d, b])), "BCD");
}
