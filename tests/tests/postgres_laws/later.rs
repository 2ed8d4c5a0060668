//! Rows that a step leads to by what an earlier step has given it: they are locked before the first step, like
//! those that inputs name, so that nobody who names them directly waits in a circle.

use serde_json::{Value, json};
use specql_tests::postgres::{Database, Outcome, json as query, workspace};

use super::new_rows::race;

const PRODUCT: &str = "
entity: Product
schema: m
audit: false
fields:
  code: {type: text, unique: true, nullable: false}
  shelf: text
  sold: integer = 0!
actions:
  - name: make_product
    steps: [{insert: Product}]
    impact: {primary: {entity: Product, operation: CREATE}}
  - name: offer
    params: {code: text!}
    steps:
      - upsert: Product SET code = $code, sold = sold + 0
        conflict_target: code
    impact: {primary: {entity: Product, operation: UPSERT}}
";

const STOCK: &str = "
entity: Stock
schema: m
audit: false
fields: {product: ref(Product)!, place: text!, amount: integer = 0!}
actions:
  - name: take_in
    params: {code: text!, place: text!}
    steps:
      - upsert: Product SET code = $code, sold = sold + 0
        conflict_target: code
        as: p
      - upsert: Stock SET product = p, place = $place, amount = amount + 1
        conflict_target: [product, place]
    impact: {primary: {entity: Stock, operation: UPSERT}}
  - name: take_out
    params: {product: uuid!, place: text!}
    steps:
      - upsert: Stock SET product = $product, place = $place, amount = amount - 1
        conflict_target: [product, place]
      - update: Product SET sold = sold + 1 WHERE id = $product
    impact: {primary: {entity: Stock, operation: UPSERT}}
  - name: take_in_all
    params: {codes: list(text)!, place: text!}
    steps:
      - foreach: c in $codes
        do:
          - upsert: Product SET code = c, sold = sold + 0
            conflict_target: code
            as: p
          - upsert: Stock SET product = p, place = $place, amount = amount + 1
            conflict_target: [product, place]
    impact: {primary: {entity: Stock, operation: UPSERT}}
  - name: take_offered
    params: {code: text!, place: text!}
    steps:
      - call: offer(code = $code)
        as: p
      - upsert: Stock SET product = p, place = $place, amount = amount + 1
        conflict_target: [product, place]
    impact: {primary: {entity: Stock, operation: UPSERT}}
  - name: take_by_call
    params: {code: text!, place: text!}
    steps:
      - upsert: Product SET code = $code, sold = sold + 0
        conflict_target: code
        as: p
      - call: take_out(product = p.id, place = $place)
    impact: {primary: {entity: Stock, operation: UPSERT}}
";

/// Bins sort before the products by whose shelf they are found.
const BIN: &str = "
entity: Bin
schema: m
audit: false
fields: {shelf: text!, used: integer = 0!}
actions:
  - name: fill
    params: {code: text!, shelf: text!}
    steps:
      - update: Product SET shelf = $shelf, sold = sold + 1 WHERE code = $code
        as: p
      - update: Bin SET used = used + 1 WHERE shelf = p.shelf
    impact: {primary: {entity: Bin, operation: UPDATE}}
  - name: fill_new
    params: {code: text!, shelf: text!}
    steps:
      - upsert: Product SET code = $code, shelf = $shelf
        conflict_target: code
        as: p
      - upsert: Bin SET shelf = p.shelf, used = used + 1
        conflict_target: shelf
    impact: {primary: {entity: Bin, operation: UPSERT}}
  - name: empty
    params: {code: text!, shelf: text!}
    steps:
      - upsert: Bin SET shelf = $shelf, used = used - 1
        conflict_target: shelf
      - update: Product SET sold = sold + 1 WHERE code = $code
    impact: {primary: {entity: Bin, operation: UPSERT}}
";

/// Products and stocks are slow, so that calls meet.
fn store() -> Database {
    let files = [("product.yaml", PRODUCT), ("stock.yaml", STOCK), ("bin.yaml", BIN)];
    let database = Database::of(&workspace(&files));
    database
        .connect()
        .batch_execute(
            "CREATE FUNCTION m.slow() RETURNS trigger LANGUAGE plpgsql AS
             'BEGIN PERFORM pg_sleep(0.01); RETURN NEW; END';
             CREATE TRIGGER slow AFTER INSERT OR UPDATE ON m.tb_product
             FOR EACH ROW EXECUTE FUNCTION m.slow();
             CREATE TRIGGER slow AFTER INSERT OR UPDATE ON m.tb_stock
             FOR EACH ROW EXECUTE FUNCTION m.slow();
             CREATE TRIGGER slow AFTER INSERT OR UPDATE ON m.tb_bin
             FOR EACH ROW EXECUTE FUNCTION m.slow();
             INSERT INTO m.tb_bin (shelf) VALUES ('a'), ('b');",
        )
        .unwrap();
    database
}

fn product(database: &Database, code: &str) -> String {
    let input = json!({"code": code, "shelf": "a"});
    let made = Outcome::of(&mut database.connect(), "m.fn_make_product", &input).success();
    made.id().to_owned()
}

fn times<'f>(count: usize, function: &'f str, input: &Value) -> Vec<(&'f str, Value)> {
    vec![(function, input.clone()); count]
}

#[test]
fn a_key_that_an_upsert_gives_is_locked_with_the_others() {
    let database = store();
    let id = product(&database, "x");
    let (by_code, by_id) =
        (json!({"code": "x", "place": "here"}), json!({"product": id, "place": "here"}));
    for function in ["m.fn_take_in", "m.fn_take_offered", "m.fn_take_by_call"] {
        race(&database, vec![times(30, function, &by_code), times(30, "m.fn_take_out", &by_id)]);
    }
    let all = json!({"codes": ["x"], "place": "here"});
    let sessions = vec![times(30, "m.fn_take_in_all", &all), times(30, "m.fn_take_out", &by_id)];
    race(&database, sessions);
    let amounts = "SELECT jsonb_agg(s.amount) FROM m.tb_stock AS s";
    assert_eq!(query(&mut database.connect(), amounts), json!([-60]));
}

#[test]
fn a_value_that_a_step_writes_is_locked_with_the_others() {
    let database = store();
    product(&database, "x");
    let filled = json!({"code": "x", "shelf": "b"});
    for function in ["m.fn_fill", "m.fn_fill_new"] {
        race(&database, vec![times(30, function, &filled), times(30, "m.fn_empty", &filled)]);
    }
    let used = "SELECT jsonb_agg(b.used ORDER BY b.shelf) FROM m.tb_bin AS b";
    assert_eq!(query(&mut database.connect(), used), json!([0, 0]));
}

/// A row that is new has keys that nobody else can name, though their locks are those of others too.
#[test]
fn a_new_row_waits_for_nobody_by_its_keys() {
    let database = store();
    let old = product(&database, "old");
    let mut holder = database.connect();
    let mut held = holder.transaction().unwrap();
    let lock_all = "SELECT pg_advisory_xact_lock(app.key_lock('m.tb_stock.fk_product,place', 'x'::text) & ~255::bigint | n) FROM generate_series(0, 255) AS n";
    held.batch_execute(lock_all).unwrap();
    let mut client = database.connect();
    client.batch_execute("SET lock_timeout = '1s'").unwrap();
    let fresh = json!({"code": "new", "place": "here"});
    Outcome::of(&mut client, "m.fn_take_in", &fresh).success();
    let known = json!({"product": old, "place": "here"});
    let waits = Outcome::try_of(&mut client, "m.fn_take_out", &known);
    assert!(waits.is_err(), "{waits:?}");
    held.commit().unwrap();
}
