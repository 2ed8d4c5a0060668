//! `impact`, `cascade`, `cdc`, `audit`, and the configuration.

use insta::assert_snapshot;

use super::{list, text};
use crate::{
    Action, Config, FileId, FileKind, Impact, ImpactEntry, SourceFile, Spelled,
    test_support::entity,
};

/// The first action, with these lines in it.
fn action(yaml: &str) -> Action {
    let indented: String = yaml.lines().map(|it| format!("    {it}\n")).collect();
    let entity = entity(&format!("entity: A\nactions:\n  - name: act\n{indented}"));
    entity.actions.first().cloned().expect("the action is there")
}

fn impact(yaml: &str) -> String {
    action(yaml).impact.as_deref().map_or("none".to_owned(), shown)
}

fn shown(it: &Impact) -> String {
    let legacy = if it.legacy { "legacy " } else { "" };
    let mut lines = vec![format!(
        "{legacy}{} permissions {} optimistic {:?} idempotent {:?} ms {:?}",
        text(it.description.as_ref()),
        list(&it.permissions),
        it.optimistic_safe,
        it.idempotent,
        it.estimated_duration_ms
    )];
    lines.extend(it.primary.iter().map(|it| format!("primary {}", entry(it))));
    lines.extend(it.side_effects.iter().map(|it| format!("side effect {}", entry(it))));
    lines.extend(it.cache_invalidations.iter().map(|it| {
        let filter: Vec<String> =
            it.filter.iter().map(|(name, value)| format!("{}={}", name.text, value.text)).collect();
        format!(
            "invalidates {} {filter:?} {} {} {}",
            text(it.query.as_ref()),
            it.strategy.as_ref().map_or("-".to_owned(), spelled),
            text(it.scope.as_ref()),
            text(it.reason.as_ref())
        )
    }));
    lines.join("\n")
}

fn entry(it: &ImpactEntry) -> String {
    format!(
        "{} {} fields {} relations {} collection {} condition {}",
        text(it.entity.as_ref()),
        it.operation.as_ref().map_or("-".to_owned(), spelled),
        it.fields.as_ref().map_or("-".to_owned(), |it| list(it)),
        list(&it.relations),
        text(it.collection.as_ref()),
        it.condition.is_some()
    )
}

fn spelled<T: std::fmt::Debug>(it: &Spelled<T>) -> String {
    match (&it.value, it.canonical) {
        (Some(value), true) => format!("{value:?}"),
        (Some(value), false) => format!("{value:?} as `{}`", it.name.text),
        (None, _) => format!("? `{}`", it.name.text),
    }
}

#[test]
fn impact_blocks() {
    assert_snapshot!(
        impact(
            "impact:
  description: text
  primary:
    entity: Post
    operation: create
    fields: [title, updatedAt]
    relationships: [author]
  side_effects:
    - entity: User
      operation: UPDATE
      fields: post_count
      collection: updatedAuthors
      condition: status = 'published'
    - Notification
    - entity: Log
      operation: frobnicate
  cache_invalidations:
    - query: posts
      filter: {status: published, n: 5, x: ~, y: [1, 2]}
      strategy: EVICT
      scope: ALL
      reason: list changes
    - posts_count
    - {query: a, strategy: refetch}
  permissions: [editor]
  optimistic_safe: true
  idempotent: no
  estimated_duration_ms: 150"
        ),
        @r#"
    text permissions [editor] optimistic Some(true) idempotent Some(false) ms Some(150)
    primary Post Create fields [title, updatedAt] relations [author] collection - condition false
    side effect User Update fields [post_count] relations [] collection updatedAuthors condition true
    side effect Notification - fields - relations [] collection - condition false
    side effect Log ? `frobnicate` fields - relations [] collection - condition false
    invalidates posts ["status=published", "n=5", "x=null", "y=[1, 2]"] Remove as `EVICT` ALL list changes
    invalidates posts_count [] - - -
    invalidates a [] Refetch - -
    "#
    );
}

#[test]
fn half_typed_impact_blocks() {
    assert_snapshot!(impact("impact:"), @"- permissions [] optimistic None idempotent None ms None");
    assert_snapshot!(impact("impact:\n  primary:\n  side_effects:\n    -\n"), @r"
    - permissions [] optimistic None idempotent None ms None
    side effect - - fields - relations [] collection - condition false
    ");
    assert_snapshot!(impact("impact:\n  primary: Post\n"), @r"
    - permissions [] optimistic None idempotent None ms None
    primary Post - fields - relations [] collection - condition false
    ");
    assert_snapshot!(impact("impact:\n  primary:\n    fields:\n"), @r"
    - permissions [] optimistic None idempotent None ms None
    primary - - fields - relations [] collection - condition false
    ");
    assert_snapshot!(impact("impact: true"), @"- permissions [] optimistic None idempotent None ms None");
}

#[test]
fn older_shapes() {
    assert_snapshot!(
        impact(
            "impacts:
- entity: Contact
  operation: update
  fields: [status]
  description: x
- entity: Company
  operation: insert"
        ),
        @r"
    legacy - permissions [] optimistic None idempotent None ms None
    primary Contact Update fields [status] relations [] collection - condition false
    side effect Company Create as `insert` fields - relations [] collection - condition false
    "
    );
    assert_snapshot!(
        impact("impacts:\n  inserts: [Post]\n  updates: [User, Tag]\n  notifications: [x]"),
        @r"
    legacy - permissions [] optimistic None idempotent None ms None
    primary Post Create as `inserts` fields - relations [] collection - condition false
    side effect User Update as `updates` fields - relations [] collection - condition false
    side effect Tag Update as `updates` fields - relations [] collection - condition false
    "
    );
    assert_snapshot!(impact("impacts:\n  write: [Post, User]\n  read: [Tag]"), @r"
    legacy - permissions [] optimistic None idempotent None ms None
    primary Post - fields - relations [] collection - condition false
    side effect User - fields - relations [] collection - condition false
    ");
    assert_snapshot!(impact("impacts: [Post, User, A, Tag]"), @r"
    legacy - permissions [] optimistic None idempotent None ms None
    primary A - fields - relations [] collection - condition false
    side effect Post - fields - relations [] collection - condition false
    side effect User - fields - relations [] collection - condition false
    side effect Tag - fields - relations [] collection - condition false
    ");
    assert_snapshot!(impact("impacts:\n  primary:\n    entity: Post"), @r"
    legacy - permissions [] optimistic None idempotent None ms None
    primary Post - fields - relations [] collection - condition false
    ");
    assert_snapshot!(
        impact("impact:\n  primary:\n    entity: A\n  sideEffects:\n    - entity: B"),
        @r"
    legacy - permissions [] optimistic None idempotent None ms None
    primary A - fields - relations [] collection - condition false
    side effect B - fields - relations [] collection - condition false
    "
    );
    assert_snapshot!(impact("impacts: [X]\nimpact:\n  primary:\n    entity: Y"), @r"
    - permissions [] optimistic None idempotent None ms None
    primary Y - fields - relations [] collection - condition false
    ");
}

#[test]
fn cascade_blocks() {
    let cascade = |yaml: &str| {
        action(yaml).cascade.map_or("none".to_owned(), |it| {
            format!(
                "{:?} only {} without {} full {:?} deleted {:?} most {:?}",
                it.enabled,
                it.include_entities.as_ref().map_or("-".to_owned(), |it| list(it)),
                list(&it.exclude_entities),
                it.include_full_data,
                it.include_deleted,
                it.max_entities
            )
        })
    };
    assert_snapshot!(cascade("cascade: false"), @"Some(false) only - without [] full None deleted None most None");
    assert_snapshot!(cascade("cascade:"), @"None only - without [] full None deleted None most None");
    assert_snapshot!(
        cascade("cascade:\n  enabled: true\n  include_entities: [A]\n  exclude_entities: B\n  include_full_entities: false\n  include_deleted: yes\n  max_entities: 10"),
        @"Some(true) only [A] without [B] full Some(false) deleted Some(true) most Some(10)"
    );
    assert_snapshot!(cascade("description: x"), @"none");
}

#[test]
fn cdc_blocks() {
    let cdc = |yaml: &str| {
        let it = action(yaml).cdc.expect("the block is there");
        let events: Vec<String> =
            it.side_effect_events.iter().map(|it| format!("{}={}", it.0.text, it.1.text)).collect();
        format!(
            "{:?} {} v{:?} effects {:?} cascade {:?} payload {:?} {} key {} topic {} {events:?}",
            it.enabled,
            text(it.event_type.as_ref()),
            it.version.map(|it| it.0),
            it.include_side_effects.map(|it| it.0),
            it.include_cascade,
            it.include_payload,
            it.payload.as_ref().map_or("-".to_owned(), |it| list(it)),
            text(it.partition_key.as_ref()),
            text(it.topic.as_ref())
        )
    };
    assert_snapshot!(cdc("cdc: true"), @"Some(true) - vNone effects None cascade None payload None - key - topic - []");
    assert_snapshot!(cdc("cdc: {event_type: X}"), @"None X vNone effects None cascade None payload None - key - topic - []");
    assert_snapshot!(
        cdc("cdc:
  enabled: true
  event_type: PostCreated
  version: 2
  include_side_effects: true
  include_cascade: false
  include_payload: false
  payload: [title, author.name]
  partition_key: author
  topic: blog.post
  side_effect_events:
    User: UserChanged"),
        @r#"Some(true) PostCreated vSome(2) effects Some(true) cascade Some(false) payload Some(false) [title, author.name] key author topic blog.post ["User=UserChanged"]"#
    );
    let default = action("cdc: true").cdc.expect("the block is there");
    assert_eq!(default.event_type_or_default("Post", crate::Operation::Delete), "PostDeleted");
}

#[test]
fn audit_blocks() {
    let audit = |yaml: &str| {
        let it = entity(&format!("entity: A\n{yaml}\n")).audit.clone().expect("it is there");
        format!(
            "{:?} only {} without {} cascade {:?} kept {}",
            it.enabled,
            it.track_fields.as_ref().map_or("-".to_owned(), |it| list(it)),
            list(&it.exclude_fields),
            it.include_cascade,
            text(it.retention.as_ref())
        )
    };
    assert_snapshot!(audit("audit: off"), @"Some(false) only - without [] cascade None kept -");
    assert_snapshot!(
        audit("audit: {enabled: true, track_fields: [a], exclude_fields: [b], include_cascade: true, retention: 90 days}"),
        @"Some(true) only [a] without [b] cascade Some(true) kept 90 days"
    );
}

fn config(yaml: &str) -> Config {
    match SourceFile::new(FileId(0), "/x/specql.config.yml", yaml).kind {
        FileKind::Config(it) => (*it).clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn configuration() {
    use crate::config::{BigNumbers, CascadeStorage, Compat, FieldCase, Tenancy};
    let empty = config("");
    assert_eq!(empty.compat, Compat::V08);
    assert_eq!(empty.tenancy, Tenancy::Single);
    assert!(empty.rules.is_empty());
    let full = config(
        "cascade: {max_entities: 100}
audit: {enabled: false, cascade_storage: EMBEDDED, retention: 7 years}
outbox: {schema: events, retention: 7 days}
debezium: {slot: s, database: {hostname: db, port: 5433}}
kafka: {topic: 'events.{schema}.{entity}', partitions: 6, compaction: true}
events: {compatibility: full}
graphql: {field_case: snake, big_numbers: number}
tenancy: {mode: required}
compat: '0.5'
rules:
  naming: off
  missing-impact:
    level: error
    paths: [a/**, b/**]
  unknown-key:
    - level: info
    - {level: off, paths: c/**}
",
    );
    assert_eq!(full.cascade.max_entities, Some(100));
    assert_eq!(full.audit_enabled, Some(false));
    assert_eq!(full.cascade_storage, CascadeStorage::Embedded);
    assert_eq!(text(full.audit_retention.as_ref()), "7 years");
    assert_eq!(text(full.outbox.schema.as_ref()), "events");
    assert_eq!(text(full.outbox_retention.as_ref()), "7 days");
    assert_eq!((text(full.debezium.slot.as_ref()), full.debezium.port), ("s", Some(5433)));
    assert_eq!(text(full.topic_template.as_ref()), "events.{schema}.{entity}");
    assert_eq!((full.kafka.partitions, full.kafka.compaction), (Some(6), Some(true)));
    assert_eq!(text(full.events.compatibility.as_ref()), "full");
    assert_eq!(full.field_case, FieldCase::Snake);
    assert_eq!(full.big_numbers, BigNumbers::Number);
    assert_eq!(full.tenancy, Tenancy::Required);
    assert_eq!(full.compat, Compat::V05);
    let rules: Vec<String> = full
        .rules
        .iter()
        .map(|it| format!("{} {} {}", it.code.text, it.level.text, list(&it.paths)))
        .collect();
    assert_snapshot!(rules.join("\n"), @r"
    naming off []
    missing-impact error [a/**, b/**]
    unknown-key info []
    unknown-key off [c/**]
    ");
    assert_eq!(config("compat: off").compat, Compat::Off);
    assert_eq!(config("compat: 0.5").compat, Compat::V05);
}
