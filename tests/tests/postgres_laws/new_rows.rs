//! Rows that are not there yet, which nothing can lock: their unique values are locked instead, in one
//! order. And rows that lists of ids name.

use std::thread;

use postgres::Client;
use serde_json::{Value, json};
use specql_tests::postgres::{Database, Outcome, json as query, workspace};

use super::load::together;

const TAG: &str = "
entity: Tag
schema: m
audit: false
fields:
  name: {type: text, unique: true, nullable: false}
  code: {type: integer, unique: true}
  grp: text
  n: integer = 0!
actions:
  - name: make_tag
    steps: [{insert: Tag}]
    impact: {primary: {entity: Tag, operation: CREATE}}
  - name: make_tags
    params: {names: list(text)!}
    steps:
      - foreach: x in input.names
        do:
          - insert: Tag SET name = x
    impact: {primary: {entity: Tag, operation: CREATE}}
  - name: make_coded
    params: {codes: list(json)!}
    steps:
      - foreach: it in input.codes
        do:
          - call: make_tag(name = it.name, code = it.code)
    impact: {primary: {entity: Tag, operation: CREATE}}
  - name: count_tags
    params: {names: list(text)!}
    steps:
      - foreach: x in input.names
        do:
          - upsert: Tag SET name = x, n = n + 1
            conflict_target: [name]
    impact: {primary: {entity: Tag, operation: UPSERT}}
  - name: count_groups
    params: {groups: list(text)!}
    steps:
      - foreach: x in input.groups
        do:
          - upsert: Tag SET grp = x, name = x || '!', n = n + 1
            conflict_target: [grp]
    cascade: false
  - name: rename_pair
    params: {other: ref(Tag)!, one: text!, two: text!}
    steps:
      - update: Tag SET name = input.one
      - update: Tag SET name = input.two WHERE id = input.other
    impact: {primary: {entity: Tag, operation: UPDATE}}
  - name: weed
    params: {grp: text!}
    steps:
      - foreach: t in Tag WHERE grp = input.grp
        do:
          - if: t.n > 1000
            then:
              - delete: Tag WHERE id = t.id
    impact: {primary: {entity: Tag, operation: DELETE}}
  - name: purge
    params: {grp: text!}
    steps:
      - delete: Tag WHERE grp = input.grp
        hard: true
    impact: {primary: {entity: Tag, operation: DELETE}}
";

const DOC: &str = "
entity: Doc
schema: m
audit: false
fields: {title: text!, tags: list(ref(Tag)), about: ref(Tag|Doc)}
actions:
  - name: file_pair
    params: {first: list(ref(Tag))!, second: list(ref(Tag))!}
    steps:
      - insert: Doc SET title = 'x', tags = input.first
      - insert: Doc SET title = 'y', tags = input.second
    impact: {primary: {entity: Doc, operation: CREATE}}
  - name: describe_pair
    params: {one: uuid!, two: uuid!}
    steps:
      - insert: Doc SET title = 'x', about = input.one
      - insert: Doc SET title = 'y', about = input.two
    impact: {primary: {entity: Doc, operation: CREATE}}
";

/// Each new row takes its time, so that sessions meet in the middle.
const SLOW: &str = "
CREATE FUNCTION m.slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.01); RETURN NULL; END $$;
CREATE TRIGGER slow AFTER INSERT OR UPDATE ON m.tb_tag FOR EACH ROW EXECUTE FUNCTION m.slow();
CREATE TRIGGER slow AFTER INSERT ON m.tb_doc FOR EACH ROW EXECUTE FUNCTION m.slow();
";

fn store() -> Database {
    let database = Database::of(&workspace(&[("tag.yaml", TAG), ("doc.yaml", DOC)]));
    database.connect().batch_execute(SLOW).unwrap();
    database
}

fn tag(client: &mut Client, name: &str, grp: &str) -> String {
    let input = json!({"name": name, "grp": grp});
    Outcome::of(client, "m.fn_make_tag", &input).success().id().to_owned()
}

/// Each session makes its calls, one after the other; none ends in an error of PostgreSQL.
pub(super) fn race(database: &Database, sessions: Vec<Vec<(&str, Value)>>) {
    thread::scope(|scope| {
        for calls in sessions {
            scope.spawn(move || {
                let mut client = database.connect();
                client.batch_execute("SET deadlock_timeout = '100ms'").unwrap();
                for (function, input) in calls {
                    let outcome = Outcome::try_of(&mut client, function, &input);
                    let outcome = outcome.unwrap_or_else(|error| panic!("{function}: {error:?}"));
                    assert!(
                        ["success", "failed:conflict"].contains(&outcome.status()),
                        "{outcome:?}"
                    );
                }
            });
        }
    });
}

#[test]
fn new_keys_in_opposite_orders_never_deadlock() {
    let database = store();
    let rounds = 0..12;
    let names = |round: i32, order: [&str; 3]| order.map(|it| format!("{round}{it}"));
    let forth = |round: i32| names(round, ["a", "b", "c"]);
    let back = |round: i32| names(round, ["c", "b", "a"]);
    let of = |function: &'static str, input: &dyn Fn(i32) -> Value| -> Vec<(&'static str, Value)> {
        rounds.clone().map(|round| (function, input(round))).collect()
    };
    let codes = |order: [i32; 3], round: i32| {
        let item = |it: i32| json!({"name": format!("{round}c{it}"), "code": round * 3 + it});
        json!({"codes": order.map(item)})
    };
    race(
        &database,
        vec![
            of("m.fn_make_tags", &|it| json!({"names": forth(it)})),
            of("m.fn_make_tags", &|it| json!({"names": back(it)})),
            of("m.fn_count_tags", &|it| json!({"names": forth(it)})),
            of("m.fn_count_tags", &|it| json!({"names": back(it)})),
            of("m.fn_make_coded", &|it| codes([0, 1, 2], it)),
            of("m.fn_make_coded", &|it| codes([2, 1, 0], it)),
        ],
    );
    let count = "SELECT to_jsonb(count(*)) FROM m.tb_tag AS t WHERE t.name ~ '^[0-9]+[abc]$'";
    assert_eq!(query(&mut database.connect(), count), json!(36));
    race(
        &database,
        vec![
            of("m.fn_count_groups", &|it| json!({"groups": forth(it)})),
            of("m.fn_count_groups", &|it| json!({"groups": back(it)})),
        ],
    );
    let counted =
        "SELECT to_jsonb(array_agg(DISTINCT t.n)) FROM m.tb_tag AS t WHERE t.grp IS NOT NULL";
    assert_eq!(query(&mut database.connect(), counted), json!([2]));
}

#[test]
fn new_names_in_opposite_orders_never_deadlock() {
    let database = store();
    let mut client = database.connect();
    let tags: Vec<String> = ["k", "l", "m", "o"].map(|it| tag(&mut client, it, "g")).to_vec();
    let rename = |pair: [usize; 2], order: [&str; 2]| -> Vec<(&str, Value)> {
        let input = |round: i32| {
            let [one, two] = order.map(|it| format!("{round}{it}"));
            json!({"id": tags[pair[0]], "other": tags[pair[1]], "one": one, "two": two})
        };
        (0..12).map(|round| ("m.fn_rename_pair", input(round))).collect()
    };
    race(&database, vec![rename([0, 1], ["x", "y"]), rename([2, 3], ["y", "x"])]);
}

/// Advisory locks are kept in memory of a fixed size.
#[test]
fn any_number_of_new_rows_takes_a_bounded_number_of_locks() {
    let database = store();
    let mut client = database.connect();
    client.batch_execute("DROP TRIGGER slow ON m.tb_tag; BEGIN").unwrap();
    let groups: Vec<String> = (0..8_000).map(|it| format!("g{it}")).collect();
    Outcome::of(&mut client, "m.fn_count_groups", &json!({"groups": groups})).success();
    let held = "SELECT to_jsonb(count(*)) FROM pg_locks AS l WHERE l.locktype = 'advisory'";
    let held = query(&mut client, held).as_i64().unwrap();
    client.batch_execute("ROLLBACK").unwrap();
    assert!((1..=512).contains(&held), "{held} locks");
}

#[test]
fn rows_that_ids_name_are_locked_with_the_others() {
    let database = store();
    let mut client = database.connect();
    let (a, b) = (tag(&mut client, "a", "g"), tag(&mut client, "b", "g"));
    together(
        &database,
        20,
        &[
            ("m.fn_file_pair", json!({"first": [b], "second": [a]})),
            ("m.fn_describe_pair", json!({"one": b, "two": a})),
            ("m.fn_weed", json!({"grp": "g"})),
        ],
    );
}

#[test]
fn an_id_in_capitals_keeps_its_row() {
    let database = store();
    let mut client = database.connect();
    let id = tag(&mut client, "a", "g");
    let list = json!([id.to_uppercase()]);
    Outcome::of(&mut client, "m.fn_file_pair", &json!({"first": list, "second": []})).success();
    client.execute("INSERT INTO m.tb_doc (title, tags) VALUES ('by hand', $1)", &[&list]).unwrap();
    let stored =
        "SELECT to_jsonb(array_agg(DISTINCT t.tags)) FROM m.tb_doc AS t WHERE t.tags <> '[]'";
    assert_eq!(query(&mut client, stored), json!([[id]]));
    let purged = Outcome::of(&mut client, "m.fn_purge", &json!({"grp": "g"}));
    assert_eq!(purged.status(), "failed:conflict");
}
