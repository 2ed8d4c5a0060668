//! A context of any text breaks nothing, and a client never reads PostgreSQL's words.

use serde_json::json;
use specql_tests::postgres::{Blog, Cluster, Outcome, json as query};

#[test]
fn texts_that_are_no_uuid_are_kept_beside_one_that_is_derived() {
    let mut blog = Blog::new();
    for (setting, value, label) in [
        ("app.correlation_id", "req-12345", "correlation"),
        ("app.user_id", "auth0|123", "user"),
        ("app.traceparent", "no trace", "trace"),
    ] {
        blog.client.batch_execute(&format!("SET {setting} = '{value}'")).unwrap();
        blog.post(&format!("of-{label}"));
        let event = query(
            &mut blog.client,
            "SELECT to_jsonb(o) FROM app.outbox AS o WHERE o.event_type = 'PostCreated' ORDER BY o.sequence DESC LIMIT 1",
        );
        assert_eq!(event["event_metadata"]["context"], json!({label: value}), "{event:#}");
        assert_eq!(event["trace_id"].as_str().map(str::len), Some(32));
        blog.client.batch_execute(&format!("RESET {setting}")).unwrap();
    }
    let users = query(
        &mut blog.client,
        "SELECT to_jsonb(count(a.changed_by)) FROM app.audit_post AS a WHERE a.changed_by = md5('auth0|123')::uuid",
    );
    assert_eq!(users, json!(1));
}

#[test]
fn messages_are_ours() {
    let mut blog = Blog::new();
    blog.post("taken");
    blog.client
        .batch_execute(
            "CREATE FUNCTION blog.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN RAISE EXCEPTION 'internal table xyz says no'; END $$;
             CREATE TRIGGER refuse BEFORE INSERT ON blog.tb_post FOR EACH ROW
             WHEN (NEW.slug = 'refused') EXECUTE FUNCTION blog.refuse()",
        )
        .unwrap();
    let author = blog.author.clone();
    let post = |slug: &str, date: &str| json!({"title": "x", "slug": slug, "author": author, "publishedAt": date});
    let cases = [
        (post("taken", "2026-01-01"), "conflict", "slug is already taken"),
        (post("a", "soon"), "validation", "published_at has a value that does not fit"),
        (post("refused", "2026-01-01"), "rejected", "a rule of the database refused this"),
    ];
    for (input, code, message) in cases {
        let outcome = blog.call("create_post", &input);
        assert_eq!(outcome.status(), format!("failed:{code}"));
        assert_eq!(outcome.text("/message"), message);
    }
}

/// The log has what the caller does not: SQLSTATE, constraint, table, column, and no value of the input.
#[test]
fn the_log_says_what_the_message_does_not() {
    let mut blog = Blog::new();
    blog.post("taken");
    let (send, logged) = std::sync::mpsc::channel();
    let parameters = Cluster::get().parameters(blog.database.name());
    let mut config: postgres::Config = parameters.parse().unwrap();
    config.notice_callback(move |it| send.send(it.message().to_owned()).unwrap());
    let mut client = config.connect(postgres::NoTls).unwrap();
    client.batch_execute("SET client_min_messages = 'log'").unwrap();
    let input = json!({"title": "secret", "slug": "taken", "author": blog.author});
    let outcome = Outcome::of(&mut client, "blog.fn_create_post", &input);
    assert_eq!(outcome.status(), "failed:conflict");
    let expected = "action create_post failed: 23505 (constraint \"uq_tb_post_slug\", table \"tb_post\", column \"\")";
    assert_eq!(logged.try_iter().collect::<Vec<_>>(), [expected]);
    // What the steps refuse is no failure of the database.
    let input = json!({"title": "x", "slug": "no slug", "author": blog.author});
    let outcome = Outcome::of(&mut client, "blog.fn_create_post", &input);
    assert_eq!(outcome.status(), "failed:validation");
    assert_eq!(logged.try_iter().count(), 0);
}
