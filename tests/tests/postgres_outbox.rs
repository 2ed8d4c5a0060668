//! The outbox: one row for each event, its context, replay, dead letters, retention.

use std::time::{Duration, Instant};

use postgres::Client;
use serde_json::{Value, json};
use specql_tests::postgres::{Blog, Cluster, json as query};

const TRACE: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
const CORRELATION: &str = "22222222-2222-4222-8222-222222222222";

fn events(client: &mut Client, condition: &str) -> Vec<Value> {
    let rows = query(
        client,
        &format!(
            "SELECT coalesce(jsonb_agg(o ORDER BY o.sequence), '[]') FROM app.outbox AS o WHERE {condition}"
        ),
    );
    rows.as_array().expect("it is aggregated").clone()
}

#[test]
fn the_primary_and_each_named_side_effect_have_an_event() {
    let mut blog = Blog::new();
    let outcome = blog.post("a-start");
    let events = events(&mut blog.client, "event_type <> 'UserRegistered'");
    let [post, user] = events.as_slice() else { panic!("{events:#?}") };

    assert_eq!(post["id"], outcome.cascade()["metadata"]["eventId"]);
    assert_eq!(post["aggregate_type"], "Post");
    assert_eq!(post["aggregate_id"], outcome.id());
    assert_eq!(post["event_type"], "PostCreated");
    assert_eq!(post["event_version"], 1);
    assert_eq!(post["topic"], "blog.Post");
    assert_eq!(post["partition_key"], outcome.id());
    assert_eq!(post["processed_at"], Value::Null);
    assert_eq!(post["causation_id"], Value::Null);

    assert_eq!(user["aggregate_type"], "User");
    assert_eq!(user["event_type"], "UserPostCountChanged");
    assert_eq!(user["causation_id"], post["id"]);
    assert_eq!(user["correlation_id"], post["correlation_id"]);
    assert_eq!(user["event_payload"]["user"]["post_count"], 1);
    assert!(user["event_metadata"].get("cascade").is_none());
}

#[test]
fn the_payload_is_the_read_model_and_what_the_block_adds() {
    let mut blog = Blog::new();
    let outcome = blog.post("a-start");
    let event = events(&mut blog.client, "event_type = 'PostCreated'").remove(0);
    let payload = &event["event_payload"];
    assert_eq!(payload["post"]["id"], outcome.id());
    assert_eq!(payload["post"]["title"], "It's a start");
    assert_eq!(payload["post"]["author"], json!({"__typename": "User", "id": blog.author}));
    assert_eq!(payload["author"]["post_count"], 1);
    let metadata = &event["event_metadata"];
    assert_eq!(metadata["mutation"], "create_post");
    assert_eq!(metadata["affectedEntities"], json!(["Post", "User"]));
    assert_eq!(metadata["version"], 1);
    assert_eq!(metadata["cascade"], outcome.cascade()["updated"]);
    let mutation = query(&mut blog.client, "SELECT to_jsonb(mutation_id) FROM app.audit_post");
    assert_eq!(metadata["mutationId"], mutation);
}

#[test]
fn a_named_payload_has_its_paths_only() {
    let mut blog = Blog::new();
    let post = blog.post("a-start").id().to_owned();
    blog.call("publish_post", &json!({"id": post})).success();
    let event = events(&mut blog.client, "event_type = 'PostPublished'").remove(0);
    assert_eq!(event["event_version"], 2);
    let payload = event["event_payload"]["post"].as_object().unwrap();
    let mut keys: Vec<&str> = payload.keys().map(String::as_str).collect();
    keys.sort_unstable();
    assert_eq!(keys, ["author", "id", "published_at", "slug", "title"]);
    assert_eq!(payload["author"], json!({"name": "John O'Neill"}));
}

#[test]
fn a_deletion_carries_the_last_state() {
    let mut blog = Blog::new();
    let post = blog.post("a-start").id().to_owned();
    blog.call("delete_post", &json!({"id": post})).success();
    let event = events(&mut blog.client, "event_type = 'PostDeleted'").remove(0);
    assert_eq!(event["event_payload"]["post"]["title"], "It's a start");
    assert_eq!(event["event_payload"]["comments"], json!([]));
    assert_eq!(event["event_metadata"]["cascade"][1]["__typename"], "Post");
}

#[test]
fn an_event_without_its_cascade_has_none() {
    let mut blog = Blog::new();
    let post = blog.post("a-start").id().to_owned();
    blog.call("update_post", &json!({"id": post, "title": "x"})).success();
    let event = events(&mut blog.client, "event_type = 'PostUpdated'").remove(0);
    assert!(event["event_metadata"].get("cascade").is_none());
}

#[test]
fn the_context_of_the_request_goes_along() {
    let mut blog = Blog::new();
    blog.client
        .batch_execute(&format!(
            "SET app.correlation_id = '{CORRELATION}'; SET app.traceparent = '{TRACE}'"
        ))
        .unwrap();
    blog.post("a-start");
    for event in events(&mut blog.client, "event_type <> 'UserRegistered'") {
        assert_eq!(event["correlation_id"], CORRELATION);
        assert_eq!(event["traceparent"], TRACE);
        assert_eq!(event["trace_id"], "4bf92f3577b34da6a3ce929d0e0e4736");
    }
    blog.client.batch_execute("SET app.traceparent = 'nonsense'").unwrap();
    blog.post("another");
    let event = events(&mut blog.client, "event_type = 'PostCreated'").remove(1);
    assert_ne!(event["traceparent"], TRACE);
    assert_eq!(event["traceparent"].as_str().unwrap().len(), TRACE.len());
}

#[test]
fn a_partition_key_orders_by_something_else() {
    let mut blog = Blog::new();
    let post = blog.post("a-start").id().to_owned();
    blog.call("publish_post", &json!({"id": post})).success();
    let input = json!({"body": "one", "post": post, "author": blog.author});
    let comment = blog.call("add_comment", &input).success();
    let event = events(&mut blog.client, "event_type = 'CommentAdded'").remove(0);
    assert_eq!(event["aggregate_id"], comment.id());
    assert_eq!(event["partition_key"], json!(post));
}

#[test]
fn a_replay_is_a_new_event_that_names_the_old_one() {
    let mut blog = Blog::new();
    let post = blog.post("a-start").id().to_owned();
    let replay = format!(
        "SELECT to_jsonb(app.replay_outbox('Post', '{post}', p_topic => 'blog.Post.replay'))"
    );
    assert_eq!(query(&mut blog.client, &replay), json!(1));
    assert_eq!(query(&mut blog.client, &replay), json!(1), "a replay is not replayed");
    let events = events(&mut blog.client, "aggregate_type = 'Post'");
    assert_eq!(events.len(), 3);
    assert_eq!(events[1]["event_metadata"]["replayOf"], events[0]["id"]);
    assert_eq!(events[1]["causation_id"], events[0]["id"]);
    assert_eq!(events[1]["topic"], "blog.Post.replay");
    assert_eq!(events[1]["event_payload"], events[0]["event_payload"]);
    assert_ne!(events[1]["id"], events[0]["id"]);
}

#[test]
fn a_replay_in_pages_has_no_limit_and_keeps_to_its_rate() {
    let mut blog = Blog::new();
    let post = blog.post("a-start").id().to_owned();
    for number in 0..6 {
        blog.call("update_post", &json!({"id": post, "title": number.to_string()})).success();
    }
    blog.client
        .batch_execute(
            "INSERT INTO app.outbox (aggregate_type, aggregate_id, event_type, event_payload, tenant_id, topic, partition_key)
             SELECT 'Bulk', gen_random_uuid(), 'X', jsonb_build_object('n', n), app.current_tenant_id(), 'x', 'k'
             FROM generate_series(1, 10500) AS n",
        )
        .unwrap();
    let one = "SELECT to_jsonb(app.replay_outbox('Bulk', p_limit => 3, p_consumer => 'search'))";
    assert_eq!(query(&mut blog.client, one), json!(3));
    let for_one = events(&mut blog.client, "event_metadata ->> 'replayFor' = 'search'");
    assert_eq!(for_one.len(), 3);
    blog.client.batch_execute("CALL app.replay_outbox_in_pages('Bulk', p_page => 4000)").unwrap();
    let replayed = "SELECT jsonb_build_array(count(*), count(DISTINCT xmin::text), bool_and(in_order)) FROM (
        SELECT o.xmin, (o.event_payload -> 'n')::integer > lag((o.event_payload -> 'n')::integer, 1, 0) OVER (ORDER BY o.sequence) AS in_order
        FROM app.outbox AS o
        WHERE o.aggregate_type = 'Bulk' AND o.event_metadata ? 'replayOf' AND NOT o.event_metadata ? 'replayFor'
    ) AS o";
    assert_eq!(query(&mut blog.client, replayed), json!([10500, 3, true]), "a transaction a page");

    let begin = Instant::now();
    let updates = "CALL app.replay_outbox_in_pages('Post', p_event_type => 'PostUpdated', p_page => 2, p_per_second => 20)";
    let count: i64 = blog.client.query_one(updates, &[]).unwrap().get(0);
    assert_eq!(count, 6);
    assert!(begin.elapsed() >= Duration::from_millis(290), "6 events at 20 a second");
    for wrong in ["p_page => 0", "p_per_second => 0"] {
        let call = format!("CALL app.replay_outbox_in_pages({wrong})");
        assert_eq!(blog.client.batch_execute(&call).unwrap_err().code().unwrap().code(), "22023");
    }
}

fn take(blog: &mut Blog, id: &str, more: &str) -> Value {
    let take = format!("SELECT to_jsonb(app.take_event('search', '{id}', 'blog.Post', 'k'{more}))");
    query(&mut blog.client, &take)
}

fn park(blog: &mut Blog, id: &str, more: &str) {
    let park = format!(
        "SELECT app.park_event('search', '{id}', 'X', 'blog.Post', 'broken', p_key => 'k'{more})"
    );
    blog.client.batch_execute(&park).expect("a parked event");
}

/// Not what a consumer does with `behind`, which rolls back.
fn forget(blog: &mut Blog, id: &str) {
    let forget = format!("DELETE FROM app.inbox WHERE event_id = '{id}'");
    blog.client.batch_execute(&forget).expect("an outbox without it");
}

#[test]
fn events_of_a_key_wait_behind_its_dead_letters_until_those_have_arrived() {
    let mut blog = Blog::new();
    blog.post("a-start");
    blog.post("another");
    let written = events(&mut blog.client, "event_type = 'PostCreated'");
    let ids: Vec<&str> = written.iter().map(|it| it["id"].as_str().unwrap()).collect();
    let late = "11111111-2222-4333-8444-555555555555";
    park(&mut blog, ids[0], "");
    assert_eq!(take(&mut blog, ids[0], ""), "duplicate", "it is parked");
    assert_eq!(take(&mut blog, ids[1], ""), "behind");
    forget(&mut blog, ids[1]);
    park(&mut blog, ids[1], ", p_attempts => 0");

    // The second alone: it waits for the first, takes its old place, and comes after it.
    let resolve = |id: &str| format!("SELECT to_jsonb(app.resolve_parked_event('search', '{id}'))");
    let second = query(&mut blog.client, &resolve(ids[1]));
    let second = second.as_str().unwrap();
    let replay = |of: &str| format!(", p_replay_of => '{of}', p_replay_for => 'search'");
    assert_eq!(take(&mut blog, second, &replay(ids[1])), "behind");
    forget(&mut blog, second);
    park(&mut blog, second, "");
    let all = "SELECT to_jsonb(app.resolve_parked_events('search', 'k'))";
    assert_eq!(query(&mut blog.client, all), json!(2));
    assert_eq!(take(&mut blog, late, ""), "behind", "they have not arrived");
    forget(&mut blog, late);
    let again = events(&mut blog.client, "event_metadata ->> 'replayFor' = 'search'");
    let of = |id: &str| {
        let found = again.iter().find(|it| it["event_metadata"]["replayOf"] == id).unwrap();
        found["id"].as_str().unwrap().to_owned()
    };
    let (first, last) = (of(ids[0]), of(second));
    assert!(again[1]["id"] == first && again[2]["id"] == last, "in the order of their places");
    assert_eq!(take(&mut blog, &first, ", p_replay_for => 'other'"), "other");
    assert_eq!(take(&mut blog, &first, &replay(ids[0])), "new");
    assert_eq!(take(&mut blog, late, ""), "behind");
    forget(&mut blog, late);
    assert_eq!(take(&mut blog, &last, &replay(second)), "new");
    assert_eq!(take(&mut blog, late, ""), "new");
    assert_eq!(take(&mut blog, late, ""), "duplicate");
    // Nothing waits for letters that have come back, whatever the inbox remembers.
    blog.client.batch_execute("DELETE FROM app.inbox").unwrap();
    assert_eq!(take(&mut blog, late, ""), "new");
}

#[test]
fn a_letter_that_is_discarded_holds_nothing_up() {
    let mut blog = Blog::new();
    let [letter, later] =
        ["11111111-2222-4333-8444-555555555555", "21111111-2222-4333-8444-555555555555"];
    park(&mut blog, letter, "");
    let discard = format!("SELECT to_jsonb(app.discard_parked_event('search', '{letter}'))");
    assert_eq!(query(&mut blog.client, &discard), json!(true));
    assert_eq!(query(&mut blog.client, &discard), json!(false));
    assert_eq!(take(&mut blog, later, ""), "new");
}

#[test]
fn an_event_is_published_again_as_its_record_tells_it() {
    let mut blog = Blog::new();
    blog.post("a-start");
    let mut event = events(&mut blog.client, "event_type = 'PostCreated'").remove(0);
    let id = event["id"].as_str().unwrap().to_owned();
    blog.client.batch_execute("DELETE FROM app.outbox").unwrap();
    let row = event.as_object_mut().unwrap();
    row.retain(|name, _| {
        !["created_at", "sequence", "written_lsn", "processed_at"].contains(&name.as_str())
    });
    let row = event.to_string().replace('\'', "''");
    park(&mut blog, &id, &format!(", p_event => '{row}'"));
    let resolve = format!("SELECT to_jsonb(app.resolve_parked_event('search', '{id}'))");
    query(&mut blog.client, &resolve);
    let again = events(&mut blog.client, "true").remove(0);
    for name in
        ["event_payload", "topic", "partition_key", "tenant_id", "correlation_id", "traceparent"]
    {
        assert_eq!(again[name], event[name], "{name}");
    }
}

#[test]
fn the_context_of_an_event_is_that_of_its_transaction() {
    let mut blog = Blog::new();
    let cause = "11111111-2222-4333-8444-555555555555";
    let context = json!({"correlation_id": CORRELATION, "traceparent": TRACE, "user_id": "x"});
    let mut transaction = blog.client.transaction().unwrap();
    let take = format!("SELECT app.take_event('search', '{cause}', p_context => '{context}')");
    transaction.batch_execute(&take).unwrap();
    let seen = transaction
        .query_one(
            "SELECT jsonb_build_array(app.current_correlation_id(), app.current_traceparent(),
                 app.current_causation_id(), app.current_user_id())",
            &[],
        )
        .unwrap();
    assert_eq!(seen.get::<_, Value>(0), json!([CORRELATION, TRACE, cause, null]));
    transaction.commit().unwrap();
    let after = query(
        &mut blog.client,
        "SELECT to_jsonb(coalesce(app.current_correlation_id()::text, 'none'))",
    );
    assert_eq!(after, "none");
}

#[test]
fn an_event_is_received_once_and_parked_until_it_is_resolved() {
    let mut blog = Blog::new();
    blog.post("a-start");
    let event = events(&mut blog.client, "event_type = 'PostCreated'").remove(0);
    let id = event["id"].as_str().unwrap();
    let receive = format!("SELECT to_jsonb(app.receive_event('search', '{id}'))");
    assert_eq!(query(&mut blog.client, &receive), json!(true));
    assert_eq!(query(&mut blog.client, &receive), json!(false));

    let park = format!(
        "SELECT app.park_event('search', '{id}', 'PostCreated', 'blog.Post', 'it''s broken')"
    );
    blog.client.batch_execute(&park).unwrap();
    blog.client.batch_execute(&park).unwrap();
    let parked = query(&mut blog.client, "SELECT to_jsonb(p) FROM app.parked_event AS p");
    assert_eq!((&parked["attempts"], &parked["error"]), (&json!(2), &json!("it's broken")));

    let resolve = format!("SELECT to_jsonb(app.resolve_parked_event('search', '{id}'))");
    let again = query(&mut blog.client, &resolve);
    let replayed = events(&mut blog.client, "event_metadata ? 'replayOf'").remove(0);
    assert_eq!(replayed["id"], again);
    let twice = blog.client.query_one(&resolve, &[]).unwrap();
    assert_eq!(twice.get::<_, Option<Value>>(0), None, "it is resolved");
}

#[test]
fn a_dead_letter_outlives_its_event() {
    let mut blog = Blog::new();
    blog.post("a-start");
    let event = events(&mut blog.client, "event_type = 'PostCreated'").remove(0);
    let id = event["id"].as_str().unwrap();
    let unknown = "11111111-2222-4333-8444-555555555555";
    for id in [id, unknown] {
        let park =
            format!("SELECT app.park_event('search', '{id}', 'PostCreated', 'blog.Post', 'x')");
        blog.client.batch_execute(&park).unwrap();
    }
    blog.client.batch_execute("DELETE FROM app.outbox").unwrap();
    let resolve = |id: &str| format!("SELECT to_jsonb(app.resolve_parked_event('search', '{id}'))");
    let again = query(&mut blog.client, &resolve(id));
    let replayed = events(&mut blog.client, "event_metadata ? 'replayOf'").remove(0);
    assert_eq!(replayed["id"], again);
    assert_eq!(replayed["event_payload"], event["event_payload"]);
    assert_eq!(replayed["tenant_id"], event["tenant_id"]);
    let nothing = blog.client.query_one(&resolve(unknown), &[]).unwrap();
    assert_eq!(nothing.get::<_, Option<Value>>(0), None);
    let open = "SELECT to_jsonb(count(*)) FROM app.parked_event AS p WHERE p.resolved_at IS NULL";
    assert_eq!(query(&mut blog.client, open), json!(1), "what cannot be published stays");
}

#[test]
fn the_publication_has_insertions_through_the_root() {
    let mut blog = Blog::new();
    let publication = query(
        &mut blog.client,
        "SELECT jsonb_build_array(p.pubinsert, p.pubupdate, p.pubdelete, p.pubtruncate, p.pubviaroot)
         FROM pg_publication AS p WHERE p.pubname = 'specql_outbox'",
    );
    assert_eq!(publication, json!([true, false, false, false, true]));
    let columns = query(
        &mut blog.client,
        "SELECT to_jsonb(t.attnames) FROM pg_publication_tables AS t
         WHERE t.pubname = 'specql_outbox' AND t.tablename = 'outbox'",
    );
    let columns = columns.as_array().unwrap();
    assert_eq!(columns.len(), 17);
    assert!(!columns.contains(&json!("written_lsn")), "the connector does not know its type");
}

#[test]
fn a_payload_that_is_no_object_and_a_topic_that_is_none_are_refused() {
    let mut blog = Blog::new();
    for (topic, payload) in [("a b", "{}"), ("a", "[]")] {
        let statement = format!(
            "INSERT INTO app.outbox (aggregate_type, aggregate_id, event_type, event_payload, tenant_id, topic, partition_key)
             VALUES ('Post', gen_random_uuid(), 'X', '{payload}', app.current_tenant_id(), '{topic}', 'k')"
        );
        let error = blog.client.batch_execute(&statement).unwrap_err();
        assert_eq!(error.code().unwrap().code(), "23514");
    }
}

#[test]
fn retention_waits_for_the_reader() {
    let mut blog = Blog::new();
    blog.client
        .batch_execute(
            "CREATE TABLE app.outbox_p201001 PARTITION OF app.outbox
                 FOR VALUES FROM ('2010-01-01 00:00+00') TO ('2010-02-01 00:00+00');
             INSERT INTO app.outbox (aggregate_type, aggregate_id, event_type, event_payload, tenant_id, topic, partition_key, created_at)
             VALUES ('Post', gen_random_uuid(), 'X', '{}', app.current_tenant_id(), 'x', 'k', '2010-01-15')",
        )
        .unwrap();
    let maintain = "SELECT to_jsonb(app.maintain_outbox())";
    assert_eq!(query(&mut blog.client, maintain), json!(0), "nobody reads yet");
    // A slot belongs to the whole server and is named once.
    let slot = format!("reader_{}", std::process::id());
    let create = format!("SELECT pg_create_logical_replication_slot('{slot}', 'pgoutput')");
    blog.client.batch_execute(&create).unwrap();
    let two = format!("SELECT to_jsonb(app.maintain_outbox('30 days', '{slot}', '{slot}_state'))");
    assert_eq!(query(&mut blog.client, &two), json!(0), "the reader of state does not read yet");
    let read = format!("SELECT to_jsonb(app.maintain_outbox('30 days', '{slot}'))");
    assert_eq!(query(&mut blog.client, &read), json!(1), "the reader began behind the event");
    blog.post("a-start");
    let late = format!("SELECT to_jsonb(app.maintain_outbox('0 days', '{slot}'))");
    assert_eq!(query(&mut blog.client, &late), json!(0));
    blog.client.batch_execute(&format!("SELECT pg_drop_replication_slot('{slot}')")).unwrap();
    assert!(Cluster::get().port() > 0);
}
