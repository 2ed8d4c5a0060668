//! The adapter for FraiseQL: what an action answers, in the columns that FraiseQL reads.

use postgres::Client;
use serde_json::{Value, json};
use specql_codegen::{Artifact, EmittedFile, Target, render};
use specql_tests::postgres::{Database, example, json as query};

fn adapter(example_of: &str) -> (Database, EmittedFile) {
    let workspace = example(example_of);
    let rendered = render(&workspace, Artifact::FraiseqlAdapter, Target::Project);
    let file = EmittedFile { path: "fraiseql-adapter.sql".to_owned(), text: rendered.text };
    (Database::of(&workspace), file)
}

fn call(client: &mut Client, function: &str, input: &Value) -> Value {
    let input = input.to_string().replace('\'', "''");
    query(client, &format!("SELECT to_jsonb(r) FROM {function}('{input}') AS r"))
}

#[test]
fn it_loads_twice_over_every_example_and_passes_the_checker() {
    for name in ["blog", "shop", "saas"] {
        let (database, file) = adapter(name);
        for _ in 0..2 {
            database.load_files(std::slice::from_ref(&file)).unwrap();
        }
        assert_eq!(database.findings(), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn both_forms_have_the_answer_with_its_cascade() {
    let (database, file) = adapter("blog");
    database.load_files(&[file]).unwrap();
    let mut client = database.connect();
    let user = json!({"name": "Ann", "email": "ann@example.com", "role": "author"});
    let user = call(&mut client, "blog.register_user", &user);
    assert_eq!((&user["succeeded"], &user["http_status"]), (&json!(true), &json!(200)));
    for (function, slug) in [("blog.create_post", "a"), ("blog.create_post_v1", "b")] {
        let post = json!({"title": "Hello", "slug": slug, "author": user["entity_id"]});
        let post = call(&mut client, function, &post);
        assert_eq!(post["entity_type"], "Post");
        assert_eq!(post["entity"]["title"], "Hello");
        assert_eq!(post["entity"]["id"], post["entity_id"]);
        let updated = post["cascade"]["updated"].as_array().unwrap();
        let names: Vec<&Value> = updated.iter().map(|it| &it["__typename"]).collect();
        assert_eq!(names, ["Post", "User"]);
        assert!(post["metadata"].get("_cascade").is_none());
    }
}

#[test]
fn a_failure_has_a_class_and_changes_nothing() {
    let (database, file) = adapter("blog");
    database.load_files(&[file]).unwrap();
    let mut client = database.connect();
    let nobody =
        json!({"title": "x", "slug": "x", "author": "00000000-0000-4000-8000-000000000000"});
    let missing = call(&mut client, "blog.create_post", &nobody);
    assert_eq!(
        [
            &missing["succeeded"],
            &missing["state_changed"],
            &missing["error_class"],
            &missing["http_status"]
        ],
        [&json!(false), &json!(false), &json!("not_found"), &json!(404)]
    );
    assert_eq!(missing["error_detail"]["code"], "not_found");
    assert_eq!(missing["cascade"]["updated"], json!([]));
    let older = call(&mut client, "blog.create_post_v1", &nobody);
    assert_eq!(older["status"], "not_found:not_found");
    let named = call(&mut client, "blog.create_post", &json!({"slug": "x"}));
    assert_eq!(named["error_class"], "validation", "{named}");
    assert_eq!(named["status_detail"], named["error_detail"]["code"]);
    let older = call(&mut client, "blog.create_post_v1", &json!({"slug": "x"}));
    assert_eq!(older["status"], "validation:title_required", "{older}");
}
