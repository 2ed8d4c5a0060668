//! A context of any text breaks nothing, and a client never reads PostgreSQL's words.

use serde_json::json;
use specql_tests::postgres::{Blog, json as query};

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
