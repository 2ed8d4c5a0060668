//! Actions of the blog: what they change, what they give back, and that a failure changes nothing.

use serde_json::{Value, json};
use specql_tests::{
    cascade::faults,
    postgres::{Blog, Outcome, json as query},
};

const NOBODY: &str = "11111111-1111-4111-8111-111111111111";

#[test]
fn a_created_post_comes_before_its_updated_author() {
    let mut blog = Blog::new();
    let outcome = blog.post("a-start");

    assert_eq!(faults(outcome.cascade()), Vec::<String>::new());
    let pair = |name: &str, operation: &str| (name.to_owned(), operation.to_owned());
    assert_eq!(outcome.updated(), [pair("Post", "CREATED"), pair("User", "UPDATED")]);

    let post = &outcome.cascade()["updated"][0]["entity"];
    assert_eq!(post["__typename"], "Post");
    assert_eq!(post["id"], outcome.id());
    assert_eq!(post["title"], "It's a start");
    assert_eq!(post["status"], "draft");
    assert_eq!(post["publishedAt"], Value::Null);
    assert_eq!(post["author"], json!({"__typename": "User", "id": blog.author}));
    assert!(post.get("createdAt").is_some_and(Value::is_string));
    assert!(post.get("tenantId").is_none() && post.get("deletedAt").is_none());

    let user = &outcome.cascade()["updated"][1]["entity"];
    assert_eq!(user["postCount"], 1);
    assert_eq!(user["name"], "John O'Neill");
}

#[test]
fn all_six_members_of_the_result_are_filled() {
    let mut blog = Blog::new();
    let outcome = blog.post("a-start");
    assert_eq!(outcome.at("/updated_fields"), &json!(["title", "slug", "author"]));
    assert_eq!(outcome.text("/message"), "Post created");
    assert_eq!(outcome.text("/object_data/id"), outcome.id());
    // `include_relations` gives the author whole.
    assert_eq!(outcome.text("/object_data/author/name"), "John O'Neill");
    assert_eq!(outcome.at("/extra_metadata/updatedAuthors/0/postCount"), &json!(1));
    assert_eq!(
        outcome.at("/extra_metadata/_meta/primary_entity"),
        &json!({"entity_type": "Post", "operation": "CREATE", "modified_fields": ["title", "slug", "author"]})
    );
    assert_eq!(
        outcome.at("/extra_metadata/_meta/actual_side_effects"),
        &json!([{"entity_type": "User", "operation": "UPDATE", "modified_fields": ["post_count"]}])
    );
}

#[test]
fn metadata_and_invalidations_are_whole() {
    let mut blog = Blog::new();
    let outcome = blog.post("a-start");
    let metadata = &outcome.cascade()["metadata"];
    let keys: Vec<&String> = metadata.as_object().unwrap().keys().collect();
    assert_eq!(keys.len(), 5, "one tenant, so no tenantId: {keys:?}");
    assert_eq!(metadata["depth"], 1);
    assert!(metadata["transactionId"].is_string());
    let event = query(
        &mut blog.client,
        "SELECT to_jsonb(id) FROM app.outbox WHERE event_type = 'PostCreated'",
    );
    assert_eq!(metadata["eventId"], event);
    assert_eq!(
        outcome.cascade()["invalidations"],
        json!([
            {"queryName": "userPosts", "strategy": "REFETCH", "scope": "EXACT", "arguments": {"author": blog.author}},
            {"queryName": "posts", "strategy": "INVALIDATE", "scope": "PREFIX"},
        ])
    );
}

#[test]
fn every_spelling_of_a_reference_is_read() {
    let mut blog = Blog::new();
    for (slug, spelling) in [("a", "author"), ("b", "author_id"), ("c", "authorId")] {
        let mut input =
            json!({"title": "x", "slug": slug, "publishedAt": "2025-01-15T10:30:00+01:00"});
        input[spelling] = json!(blog.author);
        let outcome = blog.call("create_post", &input).success();
        assert_eq!(outcome.text("/object_data/publishedAt"), "2025-01-15T09:30:00+00:00");
    }
}

/// Each failure: its input, its code, the field that it names.
#[test]
fn a_failure_names_its_code_and_field_and_leaves_nothing_behind() {
    let mut blog = Blog::new();
    blog.post("taken");
    let reader = json!({"name": "R", "email": "r@example.com"});
    let reader = blog.call("register_user", &reader).success().id().to_owned();
    let before = blog.counts();
    let author = blog.author.clone();
    let post = |title: Value, slug: &str, author: &str| json!({"title": title, "slug": slug, "author": author});
    let cases = [
        (post(Value::Null, "x", &author), "title_required", "title"),
        (post(json!("x"), "x", &reader), "not_an_author", "author"),
        (post(json!("x"), "No Slug", &author), "validation", "slug"),
        (post(json!("x"), "x", NOBODY), "not_found", "author"),
        (post(json!("x"), "x", "no uuid"), "validation", "author"),
        (post(json!("x"), "taken", &author), "conflict", "slug"),
        (
            json!({"title": "x", "slug": "x", "author": author, "status": "new"}),
            "validation",
            "status",
        ),
        (
            json!({"title": "x", "slug": "x", "author": author, "publishedAt": "soon"}),
            "validation",
            "published_at",
        ),
        (json!({"title": "x", "author": author}), "validation", "slug"),
        (json!([]), "validation", ""),
    ];
    for (input, code, field) in cases {
        let outcome = blog.call("create_post", &input);
        assert_eq!(outcome.status(), format!("failed:{code}"), "{input}: {:#}", outcome.0);
        assert_eq!(outcome.text("/extra_metadata/_error/field"), field, "{input}: {:#}", outcome.0);
        assert!(!outcome.text("/message").is_empty());
        assert_eq!(faults(outcome.cascade()), Vec::<String>::new());
        for list in ["updated", "deleted", "invalidations"] {
            assert_eq!(outcome.cascade()[list], json!([]));
        }
        assert_eq!(blog.counts(), before, "{input}");
    }
}

#[test]
fn a_late_failure_undoes_the_writes_before_it() {
    let mut blog = Blog::new();
    let post = blog.post("a-start").id().to_owned();
    // The author is gone, so the last step of the deletion finds nobody to count for.
    blog.client.execute("UPDATE blog.tb_user SET deleted_at = now()", &[]).unwrap();
    let before = blog.counts();
    let outcome = blog.call("delete_post", &json!({"id": post}));
    assert_eq!(outcome.status(), "failed:not_found");
    assert_eq!(outcome.text("/extra_metadata/_error/field"), "author");
    assert_eq!(blog.counts(), before);
}

#[test]
fn an_update_writes_what_the_input_has_and_nothing_else() {
    let mut blog = Blog::new();
    let post = blog.post("a-start").id().to_owned();
    let outcome =
        blog.call("update_post", &json!({"id": post, "content": null, "title": "New"})).success();
    assert_eq!(outcome.at("/updated_fields"), &json!(["title", "content"]));
    assert_eq!(outcome.text("/object_data/title"), "New");
    assert_eq!(outcome.text("/object_data/slug"), "a-start");
    let nulled = blog.call("update_post", &json!({"id": post, "title": null}));
    assert_eq!(nulled.status(), "failed:validation");
    let missing = blog.call("update_post", &json!({"id": NOBODY, "title": "x"}));
    assert_eq!(missing.status(), "failed:not_found");
    let without = blog.call("update_post", &json!({"title": "x"}));
    assert_eq!(without.text("/extra_metadata/_error/field"), "id");
}

#[test]
fn a_condition_speaks_of_the_row_as_it_is() {
    let mut blog = Blog::new();
    let post = blog.post("a-start").id().to_owned();
    let outcome = blog.call("publish_post", &json!({"id": post})).success();
    assert_eq!(outcome.text("/object_data/status"), "published");
    assert_eq!(outcome.cascade()["metadata"]["depth"], 0);
    let again = blog.call("publish_post", &json!({"id": post}));
    assert_eq!(again.status(), "failed:not_a_draft");
    assert_eq!(again.text("/message"), "not a draft");
}

#[test]
fn a_write_by_a_condition_lists_every_row_it_hits() {
    let mut blog = Blog::new();
    let post = blog.post("a-start").id().to_owned();
    blog.call("publish_post", &json!({"id": post})).success();
    for body in ["one", "two", "three"] {
        let input = json!({"body": body, "post": post, "author": blog.author});
        blog.call("add_comment", &input).success();
    }
    let hidden =
        blog.call("hide_comments", &json!({"post": post, "author": blog.author})).success();
    assert_eq!(hidden.updated().len(), 3);
    assert_eq!(hidden.at("/updated_fields"), &json!(["hidden"]));
    let again = blog.call("hide_comments", &json!({"post": post, "author": blog.author})).success();
    assert_eq!(again.updated(), []);
    let nowhere = blog.call("hide_comments", &json!({"post": NOBODY, "author": blog.author}));
    assert_eq!(nowhere.status(), "failed:not_found");

    let deleted = blog.call("delete_post", &json!({"id": post})).success();
    assert_eq!(faults(deleted.cascade()), Vec::<String>::new());
    let list = deleted.cascade()["deleted"].as_array().unwrap();
    let names: Vec<&str> = list.iter().map(|it| it["__typename"].as_str().unwrap()).collect();
    assert_eq!(names, ["Post", "Comment", "Comment", "Comment"]);
    assert!(list.iter().all(|it| it["deletedAt"].as_str().unwrap().ends_with('Z')));
    assert_eq!(deleted.updated(), [("User".to_owned(), "UPDATED".to_owned())]);
    assert_eq!(deleted.at("/extra_metadata/deletedComments").as_array().unwrap().len(), 3);
    assert_eq!(deleted.text("/object_data/title"), "It's a start");
    assert_eq!(query(&mut blog.client, "SELECT to_jsonb(count(*)) FROM blog.tv_post"), json!(0));
    assert_eq!(blog.call("update_post", &json!({"id": post})).status(), "failed:not_found");
}

#[test]
fn two_mutations_of_one_transaction_keep_apart() {
    let mut blog = Blog::new();
    let author = blog.author.clone();
    let mut transaction = blog.client.transaction().unwrap();
    let mut ids = Vec::new();
    for slug in ["first", "second"] {
        let input = json!({"title": slug, "slug": slug, "author": author});
        let outcome = Outcome::of(&mut transaction, "blog.fn_create_post", &input).success();
        ids.push(outcome.id().to_owned());
    }
    let failed = Outcome::of(
        &mut transaction,
        "blog.fn_create_post",
        &json!({"title": "x", "slug": "first", "author": author}),
    );
    assert_eq!(failed.status(), "failed:conflict");
    transaction.commit().unwrap();
    for id in &ids {
        let query = format!(
            "SELECT jsonb_agg(h.cascade_data #>> '{{updated,0,id}}') FROM app.get_post_audit_history_with_cascade('{id}') AS h"
        );
        assert_eq!(self::query(&mut blog.client, &query), json!([id]));
    }
    let setting = "SELECT to_jsonb(coalesce(current_setting('app.mutation_id', true), ''))";
    assert_eq!(query(&mut blog.client, setting), json!(""));
}

#[test]
fn a_retry_is_left_to_the_caller() {
    let mut blog = Blog::new();
    let post = blog.post("a-start").id().to_owned();
    let mut other = blog.database.connect();
    let mut holder = other.transaction().unwrap();
    holder.execute("SELECT FROM blog.tb_post FOR UPDATE", &[]).unwrap();
    blog.client.batch_execute("SET lock_timeout = '100ms'").unwrap();
    let error = Outcome::try_of(
        &mut blog.client,
        "blog.fn_update_post",
        &json!({"id": post, "title": "x"}),
    );
    assert_eq!(error.unwrap_err().code().unwrap().code(), "55P03");
}

#[test]
fn the_session_says_who_wrote() {
    let mut blog = Blog::new();
    blog.client.batch_execute(&format!("SET app.user_id = '{NOBODY}'")).unwrap();
    let post = blog.post("a-start");
    assert_eq!(post.text("/object_data/createdBy"), NOBODY);
    let changed = query(&mut blog.client, "SELECT to_jsonb(changed_by) FROM app.audit_post");
    assert_eq!(changed, json!(NOBODY));
}

#[test]
fn a_notification_reaches_listeners_with_the_commit() {
    let mut blog = Blog::new();
    let post = blog.post("a-start").id().to_owned();
    blog.client.batch_execute("LISTEN specql_notification").unwrap();
    blog.call("publish_post", &json!({"id": post})).success();
    blog.client.batch_execute("SELECT 1").unwrap();
    use postgres::fallible_iterator::FallibleIterator;
    let mut notifications = blog.client.notifications();
    let notification = notifications.iter().next().unwrap().expect("it was sent");
    let payload: Value = serde_json::from_str(notification.payload()).unwrap();
    assert_eq!(payload["recipient"], json!(blog.author));
    assert_eq!(payload["channel"], "email");
    assert_eq!(payload["message"], "Your post is online");
}
