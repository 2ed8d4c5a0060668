//! Names that no later step reads: a row that only has to be there, a loop that only counts, a result
//! that nobody asks for. No variable stands for them, and the step does what it does.

use serde_json::{Value, json};
use specql_codegen::{EmitOptions, emit};
use specql_tests::postgres::{Database, Outcome, add_checker, json as query, workspace};

const BOX: &str = "
entity: Box
schema: depot
fields:
  name: text!
  notes: list(text)
actions:
  - name: make
    steps:
      - insert: Box(name)
  - name: fill
    params:
      items: list(json)!
    steps:
      - foreach: item in input.items
        do:
          - foreach: item in input.items
            do:
              - insert: Item SET label = 'a'
  - name: double
    steps:
      - find: Box WHERE name = input.name
        as: found
        error: no_such_box
      - foreach: one in Item WHERE label = input.label
        do:
          - insert: Item SET label = 'b'
  - name: copy
    steps:
      - foreach: row in (SELECT i.id FROM depot.tb_item AS i WHERE i.label = 'a')
        do:
          - insert: Item SET label = 'c'
      - call: depot.count_up(4)
        as: counted
      - call: make(name = input.name)
        as: made
      - update: Item SET label = 'd' WHERE label = 'b'
        as: changed
  - name: tell
    steps:
      - foreach: item in Item WHERE label = 'd'
        do:
          - insert: Box SET name = item.label
";

const ITEM: &str = "
entity: Item
schema: depot
fields:
  label: text
";

const COUNT_UP: &str = "CREATE SCHEMA IF NOT EXISTS depot;
    CREATE TABLE depot.counted (by integer);
    CREATE FUNCTION depot.count_up(by integer) RETURNS text LANGUAGE sql AS
    'INSERT INTO depot.counted VALUES (by) RETURNING by::text'";

#[test]
fn a_name_that_no_step_reads_has_no_variable() {
    let workspace = workspace(&[("box.yaml", BOX), ("item.yaml", ITEM)]);
    let database = Database::empty();
    let mut client = database.connect();
    client.batch_execute(COUNT_UP).unwrap();
    database.load(&workspace).unwrap();
    add_checker(&mut client);
    assert_eq!(database.findings(), Vec::<String>::new());

    let mut call = |action: &str, input: &Value| {
        Outcome::of(&mut client, &format!("depot.fn_{action}"), input)
    };
    call("make", &json!({"name": "one"})).success();
    call("fill", &json!({"items": [1, 2]})).success();
    let missing = call("double", &json!({"name": "two", "label": "a"}));
    assert_eq!(missing.status(), "failed:no_such_box");
    call("double", &json!({"name": "one", "label": "a"})).success();
    call("copy", &json!({"name": "three"})).success();
    call("tell", &json!({})).success();
    let labels = query(
        &mut client,
        "SELECT jsonb_object_agg(i.label, i.n) FROM
            (SELECT t.label, count(*) AS n FROM depot.tb_item AS t GROUP BY 1) AS i",
    );
    assert_eq!(labels, json!({"a": 4, "c": 4, "d": 4}));
    let boxes =
        query(&mut client, "SELECT jsonb_agg(b.name ORDER BY b.pk_box) FROM depot.tb_box AS b");
    assert_eq!(boxes, json!(["one", "three", "d", "d", "d", "d"]));
    assert_eq!(query(&mut client, "SELECT jsonb_agg(c.by) FROM depot.counted AS c"), json!([4]));
}

#[test]
fn a_name_that_a_step_reads_has_one() {
    let workspace = workspace(&[("box.yaml", BOX), ("item.yaml", ITEM)]);
    let files = emit(&workspace, EmitOptions { tables: true, samples: false });
    let text: String = files.iter().map(|it| it.text.as_str()).collect();
    let variables: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|it| it.starts_with("var$") && it.ends_with(';'))
        .collect();
    assert_eq!(variables, ["var$item depot.tb_item;"]);
}
