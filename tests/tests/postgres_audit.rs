//! The audit trail: what it records, that nobody changes it, and that the cascade of a mutation is
//! found beside its rows wherever it is kept.

use std::collections::BTreeSet;

use postgres::{Client, error::SqlState};
use serde_json::{Value, json};
use specql_model::Workspace;
use specql_tests::postgres::{Blog, Database, Outcome, json as query, workspace};

#[test]
fn the_history_has_both_images_newest_first() {
    let mut blog = Blog::new();
    let post = blog.post("a-start").id().to_owned();
    blog.call("update_post", &json!({"id": post, "title": "New"})).success();
    let history = query(
        &mut blog.client,
        &format!(
            "SELECT jsonb_agg(jsonb_build_array(h.operation_type, h.old_values ->> 'title', h.new_values ->> 'title')) FROM app.get_post_audit_history('{post}') AS h"
        ),
    );
    assert_eq!(
        history,
        json!([["UPDATE", "It's a start", "New"], ["INSERT", null, "It's a start"]])
    );
}

#[test]
fn the_history_comes_in_pages() {
    let mut blog = Blog::new();
    let post = blog.post("a-start").id().to_owned();
    for number in 0..5 {
        blog.call("update_post", &json!({"id": post, "title": format!("t{number}")})).success();
    }
    let page = |client: &mut Client, before: &str| {
        query(client, &format!(
            "SELECT jsonb_build_object('titles', jsonb_agg(h.new_values ->> 'title'), 'last', min(h.sequence))
             FROM app.get_post_audit_history('{post}', p_limit => 2, p_before => {before}) AS h"
        ))
    };
    let first = page(&mut blog.client, "NULL");
    assert_eq!(first["titles"], json!(["t4", "t3"]));
    let second = page(&mut blog.client, &first["last"].to_string());
    assert_eq!(second["titles"], json!(["t2", "t1"]));
}

#[test]
fn the_state_at_a_time_can_be_read_back() {
    let mut blog = Blog::new();
    let post = blog.post("a-start").id().to_owned();
    let then = query(&mut blog.client, "SELECT to_jsonb(clock_timestamp())");
    blog.call("update_post", &json!({"id": post, "title": "New"})).success();
    let title = |client: &mut Client, at: &str| {
        query(client, &format!("SELECT app.get_post_audit_state('{post}', '{at}') -> 'title'"))
    };
    assert_eq!(title(&mut blog.client, then.as_str().unwrap()), "It's a start");
    assert_eq!(title(&mut blog.client, "infinity"), "New");
}

#[test]
fn one_mutation_is_seen_whole() {
    let mut blog = Blog::new();
    blog.post("a-start");
    let changes = query(
        &mut blog.client,
        "SELECT jsonb_agg(jsonb_build_array(c.entity, c.operation_type, c.old_values -> 'post_count', c.new_values -> 'post_count'))
         FROM app.mutation_log AS m, app.get_mutation_changes(m.mutation_id) AS c WHERE m.action = 'create_post'",
    );
    // The count before the mutation, which no cascade holds, is here.
    assert_eq!(changes, json!([["Post", "INSERT", null, null], ["User", "UPDATE", 0, 1]]));
    let log = query(
        &mut blog.client,
        "SELECT to_jsonb(m) FROM app.mutation_log AS m WHERE m.action = 'create_post'",
    );
    assert_eq!(log["cascade_entities"], json!(["Post", "User"]));
}

#[test]
fn excluded_fields_stay_out() {
    let mut blog = Blog::new();
    let images = query(&mut blog.client, "SELECT to_jsonb(a) FROM app.audit_user AS a");
    assert_eq!(images["new_values"]["name"], "John O'Neill");
    assert!(images["new_values"].get("email").is_none());
    // A change of nothing else is none.
    blog.client.execute("UPDATE blog.tb_user SET email = 'x@example.com'", &[]).unwrap();
    assert_eq!(query(&mut blog.client, "SELECT to_jsonb(count(*)) FROM app.audit_user"), json!(1));
}

#[test]
fn truncation_is_recorded() {
    let mut blog = Blog::new();
    blog.post("a-start");
    blog.client.batch_execute("TRUNCATE blog.tb_post CASCADE").unwrap();
    let rows = query(
        &mut blog.client,
        "SELECT jsonb_agg(a.operation_type ORDER BY a.sequence) FROM app.audit_post AS a",
    );
    assert_eq!(rows, json!(["INSERT", "TRUNCATE"]));
}

#[test]
fn nobody_changes_the_trail() {
    let mut blog = Blog::new();
    blog.post("a-start");
    blog.client.batch_execute("SELECT app.ensure_partitions('app.audit_post', 8)").unwrap();
    let partition =
        query(&mut blog.client, "SELECT to_jsonb(tableoid::regclass::text) FROM app.audit_post");
    let partition = partition.as_str().unwrap();
    for replication in ["origin", "replica"] {
        blog.client
            .batch_execute(&format!("SET session_replication_role = {replication}"))
            .unwrap();
        for statement in [
            "UPDATE app.audit_post SET change_reason = 'x'".to_owned(),
            "DELETE FROM app.audit_post".to_owned(),
            format!("DELETE FROM {partition}"),
            "TRUNCATE app.audit_post".to_owned(),
            format!("TRUNCATE {partition}"),
            "TRUNCATE app.audit_post$rest".to_owned(),
            "UPDATE app.mutation_log SET action = 'x'".to_owned(),
            "DELETE FROM app.mutation_log".to_owned(),
            "TRUNCATE app.mutation_log".to_owned(),
        ] {
            let error = blog.client.batch_execute(&statement).unwrap_err();
            assert_eq!(error.code().unwrap().code(), "42501", "{statement}");
        }
    }
}

#[test]
fn retention_drops_whole_months() {
    let mut blog = Blog::new();
    blog.post("a-start");
    blog.client
        .batch_execute(
            "CREATE TABLE app.audit_post_p201001 PARTITION OF app.audit_post
                 FOR VALUES FROM ('2010-01-01 00:00+00') TO ('2010-02-01 00:00+00');
             INSERT INTO app.audit_post (entity_id, tenant_id, operation_type, changed_at)
                 VALUES (gen_random_uuid(), app.current_tenant_id(), 'INSERT', '2010-01-15')",
        )
        .unwrap();
    let dropped = query(&mut blog.client, "SELECT to_jsonb(app.maintain_audit())");
    assert_eq!(dropped, json!(1));
    assert_eq!(query(&mut blog.client, "SELECT to_jsonb(count(*)) FROM app.audit_post"), json!(1));
}

#[test]
fn rows_before_their_partition_stay_where_they_are() {
    let mut blog = Blog::new();
    blog.client
        .batch_execute(
            "INSERT INTO app.audit_post (entity_id, tenant_id, operation_type, changed_at)
                 VALUES (gen_random_uuid(), app.current_tenant_id(), 'INSERT', now() + interval '5 months');
             SELECT app.ensure_partitions('app.audit_post', 12)",
        )
        .unwrap();
    assert_eq!(
        query(&mut blog.client, "SELECT to_jsonb(count(*)) FROM app.audit_post$rest"),
        json!(1)
    );
}

const NOTE: &str = "
entity: Note
schema: notes
fields:
  text: text!
actions:
  - name: write_note
    steps:
      - insert: Note
    impact:
      primary: {entity: Note, operation: CREATE}
  - name: tear_note
    steps:
      - update: Note SET text = 'torn'
      - delete: Note
        hard: true
    impact:
      primary: {entity: Note, operation: DELETE}
";

fn notes(storage: &str, tenancy: &str) -> Workspace {
    let config = format!("{tenancy}audit:\n  cascade_storage: {storage}\n");
    workspace(&[("note.yaml", NOTE), ("specql.config.yaml", &config)])
}

/// What happened to a note, with the cascades.
fn history(client: &mut Client, note: &str) -> Value {
    query(
        client,
        &format!(
            "SELECT jsonb_agg(jsonb_build_array(
                 h.operation_type, h.old_values ->> 'text', h.new_values ->> 'text',
                 jsonb_array_length(h.cascade_data -> 'updated'), jsonb_array_length(h.cascade_data -> 'deleted'),
                 h.new_values ? '_cascade'
             )) FROM app.get_note_audit_history_with_cascade('{note}') AS h"
        ),
    )
}

/// One database goes through all pairs of a storage and the next one: what the one has kept, the other gives.
#[test]
fn every_storage_gives_one_answer() {
    let walk = [
        "log", "log", "column", "column", "embedded", "embedded", "log", "embedded", "column",
        "log",
    ];
    let pairs: BTreeSet<(&str, &str)> =
        walk.iter().copied().zip(walk[1..].iter().copied()).collect();
    assert_eq!(pairs.len(), 9, "each pair once");
    let expected = json!([
        ["DELETE", "torn", null, 0, 1, null],
        ["UPDATE", "It's one", "torn", 0, 1, false],
        ["INSERT", null, "It's one", 1, 0, false],
    ]);
    for tenancy in ["", "tenancy: required\n"] {
        let database = Database::of(&notes(walk[0], tenancy));
        let mut client = database.connect();
        client.batch_execute("SET app.tenant_id = '00000000-0000-4000-8000-00000000000a'").unwrap();
        let mut before: Option<(String, &str)> = None;
        for storage in walk {
            assert_eq!(database.load(&notes(storage, tenancy)), Ok(()));
            if let Some((note, first)) = before {
                Outcome::of(&mut client, "notes.fn_tear_note", &json!({"id": note})).success();
                let shown = history(&mut client, &note);
                assert_eq!(shown, expected, "{first}, then {storage}; {tenancy}");
            }
            let input = json!({"text": "It's one"});
            let note = Outcome::of(&mut client, "notes.fn_write_note", &input).success();
            before = Some((note.id().to_owned(), storage));
            let error = client
                .batch_execute("UPDATE app.audit_note SET change_reason = 'x'")
                .expect_err("it is append-only");
            assert_eq!(error.code().map(SqlState::code), Some("42501"), "{storage}");
        }
    }
}

/// What the log has before the first statistics of a month: many mutations of one tenant. Each look-up
/// reads what it finds, and not the rows of the tenant for each of them.
#[test]
fn a_page_of_the_history_is_read_by_its_mutations_without_statistics() {
    let storages = ["log", "column", "embedded"].into_iter();
    for (storage, tenancy) in storages.flat_map(|it| [(it, ""), (it, "tenancy: required\n")]) {
        let database = Database::of(&notes(storage, tenancy));
        let mut client = database.connect();
        client.batch_execute("SET app.tenant_id = '00000000-0000-4000-8000-00000000000a'").unwrap();
        fill(&mut client);
        let role = format!("{}_application", database.name());
        client
            .batch_execute(&format!(
                "CREATE ROLE {role};
                 GRANT USAGE ON SCHEMA app TO {role};
                 GRANT SELECT ON ALL TABLES IN SCHEMA app TO {role};
                 GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA app TO {role};
                 SET ROLE {role}"
            ))
            .unwrap();
        for call in [
            "app.get_note_audit_history_with_cascade('00000000-0000-4000-8000-000000000000')",
            "app.get_note_audit_history('00000000-0000-4000-8000-000000000000')",
            "app.get_note_audit_state('00000000-0000-4000-8000-000000000000')",
            "app.get_mutation(md5('7')::uuid)",
            "app.get_mutation_changes(md5('7')::uuid)",
            "app.get_mutations(p_before => md5('7')::uuid)",
        ] {
            let buffers = buffers(&mut client, call);
            assert!(buffers < 5_000, "{storage}: {call} takes {buffers} buffers; {tenancy}");
        }
        client
            .batch_execute(&format!("RESET ROLE; DROP OWNED BY {role}; DROP ROLE {role}"))
            .unwrap();
    }
}

/// Twenty thousand mutations of one tenant, two hundred of each note, in tables that nobody analyzes.
fn fill(client: &mut Client) {
    client
        .batch_execute(
            "DO $$
             DECLARE v_table regclass;
             BEGIN
                 FOR v_table IN
                     SELECT i.inhrelid::regclass FROM pg_inherits AS i
                     WHERE i.inhparent IN ('app.mutation_log'::regclass, 'app.audit_note'::regclass)
                 LOOP
                     EXECUTE format('ALTER TABLE %s SET (autovacuum_enabled = false)', v_table);
                 END LOOP;
             END $$;
             INSERT INTO app.mutation_log (mutation_id, tenant_id, action, cascade_data)
             SELECT md5(n::text)::uuid, app.current_tenant_id(), 'write_note', '{\"updated\": []}'
             FROM generate_series(1, 20000) AS n;
             INSERT INTO app.audit_note (entity_id, tenant_id, operation_type, mutation_id, new_values)
             SELECT ('00000000-0000-4000-8000-' || lpad((n % 100)::text, 12, '0'))::uuid, app.current_tenant_id(),
                 'UPDATE', md5(n::text)::uuid, '{\"text\": \"x\"}'
             FROM generate_series(1, 20000) AS n;",
        )
        .expect("rows of many mutations");
}

/// How many buffers it takes to read all that a function returns, planning left out.
fn buffers(client: &mut Client, call: &str) -> u64 {
    let explain = format!("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT * FROM {call} AS f");
    let row = client.query_one(&explain, &[]).expect("a plan");
    let plans: Value = row.get(0);
    let count = |key: &str| plans.pointer(&format!("/0/Plan/{key}")).and_then(Value::as_u64);
    let [hit, read] = ["Shared Hit Blocks", "Shared Read Blocks"].map(|it| count(it).expect(it));
    hit + read
}
