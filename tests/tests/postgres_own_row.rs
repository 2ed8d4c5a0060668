//! The own row of an action before and after its steps, rows by the names of their entities, and parameters.

use serde_json::json;
use specql_tests::postgres::{Database, Outcome, json as query, workspace};

#[test]
fn rows_by_the_names_of_their_entities_and_before_the_steps() {
    let user = "
entity: User
schema: rows
fields:
  name: text!
  email: text
actions:
  - name: add_user
    steps:
      - insert: User(name)
    impact: {primary: {entity: User, operation: CREATE}}
  - name: greet_user
    steps:
      - update: User SET email = 'greeted' WHERE User.name = 'Ada' AND tb_user.id = input.id
    impact: {primary: {entity: User, operation: UPDATE, fields: [email]}}
  - name: close_user
    steps:
      - update: User SET email = 'closed'
    impact: {primary: {entity: User, operation: UPDATE, fields: [email]}}
";
    let post = "
entity: BlogPost
schema: rows
fields:
  title: text!
  state: enum(draft, live) = draft
  author: ref(User)
actions:
  - name: add_post
    steps:
      - insert: BlogPost(title, author)
    impact: {primary: {entity: BlogPost, operation: CREATE}}
  - name: publish
    steps:
      - validate: blog_post.state = 'draft' AND tb_blog_post.title <> ''
      - update: BlogPost SET state = 'live', title = input.title
      - validate: old.state = 'draft' AND new.state = 'live' AND old.title <> new.title
      - update: User SET name = old.title, email = old.name WHERE id = old.author
    impact:
      primary: {entity: BlogPost, operation: UPDATE, fields: [state, title]}
      side_effects: [{entity: User, operation: UPDATE, fields: [name, email]}]
  - name: close_author
    steps:
      - call: close_user(id = author)
    impact:
      primary: {entity: User, operation: UPDATE, fields: [email]}
  - name: close_nobody
    steps:
      - call: close_user()
    impact:
      primary: {entity: User, operation: UPDATE, fields: [email]}
";
    let database = Database::of(&workspace(&[("user.yaml", user), ("post.yaml", post)]));
    assert_eq!(database.findings(), Vec::<String>::new());
    let client = &mut database.connect();
    let run = |client: &mut _, action: &str, input| {
        Outcome::of(client, &format!("rows.fn_{action}"), &input)
    };
    let user = run(client, "add_user", json!({"name": "Ada"})).success().id().to_owned();
    run(client, "greet_user", json!({"id": user})).success();
    let row = "SELECT to_jsonb(r) FROM (SELECT name, email FROM rows.tb_user) AS r";
    assert_eq!(query(client, row), json!({"name": "Ada", "email": "greeted"}));
    let post = run(client, "add_post", json!({"title": "One", "author": user})).success();
    let post = post.id().to_owned();
    run(client, "publish", json!({"id": post, "title": "Two"})).success();
    assert_eq!(query(client, row), json!({"name": "One", "email": "Ada"}));
    run(client, "close_author", json!({"id": post})).success();
    assert_eq!(query(client, row), json!({"name": "One", "email": "closed"}));
    // What the checker reports as an error.
    let refused = run(client, "close_nobody", json!({"id": user}));
    assert_eq!(refused.text("/message"), "id is required");
}

#[test]
fn parameters_have_their_defaults_and_limits() {
    let text = "
entity: Item
schema: params
fields:
  name: text
  count: integer
  due: date
  kind: text
actions:
  - name: add_item
    params:
      name: text(5) = abc
      count: integer(1, 10) = 5
      due: date = 2024-02-01
      kind: {type: enum, values: [a, b], default: b}
      most: {type: integer, min: 0, max: 3, required: true, default: 2}
    steps:
      - insert: Item(name = $name, count = $count + $most, due = $due, kind = $kind)
    impact: {primary: {entity: Item, operation: CREATE}}
  - name: add_other
    steps:
      - call: add_item(name = 'x')
    impact: {primary: {entity: Item, operation: CREATE}}
";
    let database = Database::of(&workspace(&[("item.yaml", text)]));
    assert_eq!(database.findings(), Vec::<String>::new());
    let client = &mut database.connect();
    let run = |client: &mut _, action: &str, input| {
        Outcome::of(client, &format!("params.fn_{action}"), &input)
    };
    let row = "SELECT to_jsonb(r) FROM (SELECT name, count, due, kind FROM params.tb_item ORDER BY pk_item DESC LIMIT 1) AS r";
    run(client, "add_item", json!({})).success();
    let defaults = json!({"name": "abc", "count": 7, "due": "2024-02-01", "kind": "b"});
    assert_eq!(query(client, row), defaults);
    let given = json!({"name": "y", "count": 1, "due": "2025-01-01", "kind": "a", "most": 0});
    run(client, "add_item", given).success();
    let stored = json!({"name": "y", "count": 1, "due": "2025-01-01", "kind": "a"});
    assert_eq!(query(client, row), stored);
    run(client, "add_other", json!({})).success();
    assert_eq!(query(client, row)["name"], "x");
    for (input, message) in [
        (json!({"name": "abcdef"}), "name has to be at most 5 characters long"),
        (json!({"count": 11}), "count has to be between 1 and 10"),
        (json!({"kind": "c"}), "kind has to be one of a, b"),
        (json!({"most": 4}), "most has to be between 0 and 3"),
    ] {
        assert_eq!(run(client, "add_item", input).text("/message"), message);
    }
}

const PURSE: &str = "
entity: Purse
schema: rows
fields:
  name: {type: text, nullable: false, unique: true}
  gold: integer = 10!
actions:
  - name: set_gold
    params: {n: integer!}
    steps:
      - update: Purse SET gold = $n
  - name: after_call
    params: {n: integer!}
    steps:
      - call: set_gold(id = input.id, n = $n)
      - validate: gold <= 50
        error: too_much
  - name: after_where
    params: {n: integer!}
    steps:
      - update: Purse SET gold = $n WHERE id = input.id
      - validate: gold <= 50
        error: too_much
  - name: after_many
    params: {n: integer!}
    steps:
      - update: Purse SET gold = $n WHERE gold < 1000
      - if: gold > 50
        then:
          - reject: too_much
  - name: after_upsert
    params: {n: integer!}
    steps:
      - update: Purse SET gold = 1
      - upsert: Purse SET name = 'a', gold = $n
        conflict_target: [name]
      - validate: gold <= 50
        error: too_much
  - name: after_function
    params: {n: integer!}
    steps:
      - validate: gold > 0
      - call: public.give(n = $n)
      - validate: gold <= 50
        error: too_much
  - name: after_function_elsewhere
    params: {n: integer!, other: ref(Purse)!}
    steps:
      - validate: other.gold > 0
      - call: public.give(n = $n)
      - validate: other.gold <= 50
        error: too_much
";

/// The first step that reads the own row may stand behind those that wrote it.
#[test]
fn the_own_row_is_what_the_steps_before_have_made_of_it() {
    let database = Database::empty();
    let mut client = database.connect();
    client
        .batch_execute(
            "CREATE FUNCTION public.give(n integer) RETURNS void LANGUAGE plpgsql
            AS 'BEGIN UPDATE rows.tb_purse SET gold = n; END'",
        )
        .unwrap();
    assert_eq!(database.load(&workspace(&[("purse.yaml", PURSE)])), Ok(()));
    let row = "INSERT INTO rows.tb_purse (name) VALUES ('a') RETURNING to_jsonb(id)";
    let id = query(&mut client, row);
    for action in [
        "after_call",
        "after_where",
        "after_many",
        "after_upsert",
        "after_function",
        "after_function_elsewhere",
    ] {
        let mut call = |n: i32| {
            let input = json!({"id": id, "other": id, "n": n});
            Outcome::of(&mut client, &format!("rows.fn_{action}"), &input)
        };
        assert_eq!(call(60).status(), "failed:too_much", "{action}");
        assert_eq!(call(50).status(), "success", "{action}");
        assert_eq!(call(7).status(), "success", "{action}");
    }
}

const PAIR: &str = "
entity: Pair
schema: rows
fields:
  left_side: {type: text, unique: true}
  right_side: text
  hits: integer = 0!
actions:
  - name: hit_equal
    steps:
      - update: Pair SET hits = hits + 1 WHERE left_side = pair.right_side
    impact: {primary: {entity: Pair, operation: UPDATE}}
  - name: hit_found
    steps:
      - find: Pair WHERE left_side = 'a'
      - update: Pair SET hits = hits + 10 WHERE id = pair.id
    impact: {primary: {entity: Pair, operation: UPDATE}}
";

/// Behind the name of the entity stands a column of the row that is looked at, so any number of rows can
/// fit; a variable of that name is one row.
#[test]
fn rows_compared_with_themselves_are_many() {
    let database = Database::of(&workspace(&[("pair.yaml", PAIR)]));
    let mut client = database.connect();
    client
        .batch_execute(
            "INSERT INTO rows.tb_pair (left_side, right_side) VALUES ('a', 'a'), ('b', 'b'), ('c', 'x')",
        )
        .unwrap();
    let hit = Outcome::of(&mut client, "rows.fn_hit_equal", &json!({})).success();
    assert_eq!(hit.updated().len(), 2);
    let hit = Outcome::of(&mut client, "rows.fn_hit_found", &json!({})).success();
    assert_eq!(hit.updated().len(), 1);
    let hits = "SELECT jsonb_agg(t.hits ORDER BY t.left_side) FROM rows.tb_pair AS t";
    assert_eq!(query(&mut client, hits), json!([11, 1, 0]));
}
