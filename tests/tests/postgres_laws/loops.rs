//! What a loop runs over: all rows of an entity, with or without its schema, and a list among the
//! parameters, by any of its names.

use serde_json::{Value, json};
use specql_tests::postgres::{Database, Outcome, json as query, workspace};

use super::load::together;

const SHELF: &str = "
entity: Shelf
schema: depot
fields:
  name: text!
actions:
  - name: add
    params: {names: list(text)!}
    steps:
      - foreach: name in $names
        do:
          - insert: Book SET title = $name
      - foreach: name in names
        do:
          - insert: depot.Book SET title = $name
    impact: {primary: {entity: Book, operation: CREATE}}
  - name: count_up
    steps:
      - foreach: book in depot.Book
        do:
          - update: Book SET loans = loans + 1 WHERE id = book.id
    impact: {primary: {entity: Book, operation: UPDATE}}
  - name: count_down
    steps:
      - foreach: book in Book
        do:
          - update: Book SET loans = loans - 1 WHERE id = book.id
    impact: {primary: {entity: Book, operation: UPDATE}}
";

const BOOK: &str = "
entity: Book
schema: depot
fields:
  title: text!
  loans: integer = 0!
actions:
  - name: swap
    params: {first: uuid!, second: uuid!}
    steps:
      - update: Book SET loans = loans + 1 WHERE id = input.first
      - update: Book SET loans = loans - 1 WHERE id = input.second
    impact: {primary: {entity: Book, operation: UPDATE}}
";

fn depot() -> Database {
    Database::of(&workspace(&[("shelf.yaml", SHELF), ("book.yaml", BOOK)]))
}

#[test]
fn a_list_among_the_parameters_is_named_as_in_expressions() {
    let database = depot();
    let mut client = database.connect();
    Outcome::of(&mut client, "depot.fn_add", &json!({"names": ["a", "b"]})).success();
    let titles = "SELECT jsonb_agg(b.title ORDER BY b.pk_book) FROM depot.tb_book AS b";
    assert_eq!(query(&mut client, titles), json!(["a", "b", "a", "b"]));
    let wrong = Outcome::of(&mut client, "depot.fn_add", &json!({"names": "a"}));
    assert_eq!(wrong.status(), "failed:validation");
}

/// All rows are locked before the first turn, in the order of their keys, as those of a `WHERE` are.
#[test]
fn loops_over_all_rows_never_deadlock_and_lose_no_turn() {
    let database = depot();
    let mut client = database.connect();
    let titles: Vec<String> = (0..6).map(|it| it.to_string()).collect();
    Outcome::of(&mut client, "depot.fn_add", &json!({"names": titles})).success();
    let ids =
        query(&mut client, "SELECT jsonb_agg(b.id ORDER BY b.pk_book) FROM depot.tb_book AS b");
    let pair = |first: usize, second: usize| json!({"first": ids[first], "second": ids[second]});
    let none = json!({});
    let calls: [(&str, Value); 4] = [
        ("depot.fn_count_up", none.clone()),
        ("depot.fn_count_down", none),
        ("depot.fn_swap", pair(9, 2)),
        ("depot.fn_swap", pair(2, 9)),
    ];
    together(&database, 40, &calls);
    let loans = "SELECT jsonb_agg(DISTINCT b.loans) FROM depot.tb_book AS b";
    assert_eq!(query(&mut client, loans), json!([0]));
}

/// A few rows are taken one by one, many in one statement: the images are the same.
#[test]
fn few_rows_and_many_have_the_same_images() {
    let database = depot();
    let mut client = database.connect();
    Outcome::of(&mut client, "depot.fn_add", &json!({"names": ["a", "b"]})).success();
    client
        .batch_execute(
            "UPDATE depot.tb_book SET deleted_at = now() WHERE pk_book = 2;
             DELETE FROM depot.tb_book WHERE pk_book = 4",
        )
        .unwrap();
    for op in ["C", "U", "D", "V"] {
        let images = |others: u32| {
            format!(
                "SELECT to_jsonb(depot.image_book(array_agg(ROW('Book', '{op}', v.id)::app.touch ORDER BY v.id)
                     || array_fill(ROW('Shelf', 'U', NULL)::app.touch, ARRAY[{others}])))
                 FROM depot.tv_book AS v"
            )
        };
        client.batch_execute("BEGIN").unwrap();
        let few = query(&mut client, &images(1));
        client.batch_execute("ROLLBACK; BEGIN").unwrap();
        let many = query(&mut client, &images(30));
        client.batch_execute("ROLLBACK").unwrap();
        assert_eq!(few.as_array().map(Vec::len), Some(4), "{op}: {few}");
        assert_eq!(few, many, "{op}");
    }
}

const TASK: &str = "
entity: Task
schema: board
fields:
  title: text!
  assignee: ref(Person)
  parts: integer! = 1
actions:
  - name: add_tasks
    params: {rows: list(json)!}
    steps:
      - foreach: r in input.rows
        do:
          - insert: Task SET title = r.title, assignee = r.assignee, parts = r.parts
    impact: {primary: {entity: Task, operation: CREATE}}
  - name: add_task
    steps:
      - insert: Task SET title = input.title, parts = input.parts
    impact: {primary: {entity: Task, operation: CREATE}}
";

const PERSON: &str = "
entity: Person
schema: board
fields: {name: text!}
actions:
  - name: add_person
    steps: [{insert: Person}]
    impact: {primary: {entity: Person, operation: CREATE}}
";

#[test]
fn an_id_in_an_item_that_leads_nowhere_is_not_found() {
    let files = [
        ("task.yaml", TASK),
        ("person.yaml", PERSON),
        ("specql.config.yaml", "tenancy: required\n"),
    ];
    let database = Database::of(&workspace(&files));
    let mut client = database.connect();
    let tenant =
        |number: u32| format!("SET app.tenant_id = '00000000-0000-0000-0000-{number:012}'");
    client.batch_execute(&tenant(1)).unwrap();
    let ann = Outcome::of(&mut client, "board.fn_add_person", &json!({"name": "Ann"})).success();
    let rows = json!({"rows": [{"title": "a", "assignee": ann.id()}, {"title": "b", "parts": 3}]});
    let made = Outcome::of(&mut client, "board.fn_add_tasks", &rows).success();
    let entries = made.cascade()["updated"].as_array().unwrap();
    assert_eq!(entries[0]["entity"]["assignee"]["id"], ann.id());
    assert_eq!(entries[1]["entity"]["assignee"], json!(null));
    let parts: Vec<_> = entries.iter().map(|it| &it["entity"]["parts"]).collect();
    assert_eq!(parts, [1, 3], "a required field has its default");
    let nobody = "00000000-0000-0000-0000-00000000abcd";
    client.batch_execute(&tenant(2)).unwrap();
    for id in [nobody, ann.id()] {
        let rows = json!({"rows": [{"title": "c", "assignee": id}]});
        let failed = Outcome::of(&mut client, "board.fn_add_tasks", &rows);
        assert_eq!(failed.status(), "failed:not_found");
        assert_eq!(failed.text("/message"), "assignee not found");
        assert_eq!(failed.at("/extra_metadata/_error/field"), &json!("assignee"));
    }
    let made = Outcome::of(&mut client, "board.fn_add_task", &json!({"title": "d"})).success();
    assert_eq!(made.at("/object_data/parts"), &json!(1));
}
