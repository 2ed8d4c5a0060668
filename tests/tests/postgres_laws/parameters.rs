//! A parameter that is called like a field is that field's input: what a condition reads through the field and what
//! a step writes by the parameter are one value, whatever else a caller sends.

use serde_json::json;
use specql_tests::postgres::{Database, Outcome, json as query, workspace};

const COPY: &str = "
entity: Copy
schema: m
fields: {state: text = shelf, loans: integer = 0!}
actions:
  - name: add_copy
    steps: [{insert: Copy}]
    impact: {primary: {entity: Copy, operation: CREATE}}
";

const LOAN: &str = "
entity: Loan
schema: m
fields: {copy: ref(Copy)!}
actions:
  - name: lend
    params: {copy: uuid!}
    steps:
      - validate: copy.state = 'shelf'
        error: not_there
      - insert: Loan SET copy = input.copy
      - update: Copy SET state = 'lent', loans = loans + 1 WHERE id = input.copy
    impact:
      primary: {entity: Loan, operation: CREATE}
      side_effects: [{entity: Copy, operation: UPDATE, fields: [state, loans]}]
";

/// A note of another entity takes its reference from the input too.
const NOTE: &str = "
entity: Note
schema: m
fields: {copy: ref(Copy)!}
";

const DESK: &str = "
entity: Desk
schema: m
fields: {open: boolean = true!}
actions:
  - name: note
    params: {copy: uuid!}
    steps:
      - validate: EXISTS Copy WHERE id = input.copy AND state = 'shelf'
        error: not_there
      - insert: Note(copy)
    impact: {primary: {entity: Note, operation: CREATE}}
";

fn library() -> Database {
    Database::of(&workspace(&[
        ("copy.yaml", COPY),
        ("loan.yaml", LOAN),
        ("note.yaml", NOTE),
        ("desk.yaml", DESK),
    ]))
}

#[test]
fn what_is_checked_is_what_is_written() {
    let database = library();
    let client = &mut database.connect();
    let mut copy = |state: &str| {
        let input = json!({"state": state});
        Outcome::of(client, "m.fn_add_copy", &input).success().id().to_owned()
    };
    let (lost, there) = (copy("lost"), copy("shelf"));
    for (function, table) in [("m.fn_lend", "m.tb_loan"), ("m.fn_note", "m.tb_note")] {
        for other in ["copyId", "copy_id"] {
            Outcome::of(client, function, &json!({"copy": lost, other: there}));
            let leads_to = format!(
                "SELECT to_jsonb(count(*)) FROM {table} AS t JOIN m.tb_copy AS c ON c.pk_copy = t.fk_copy
                WHERE c.id = '{lost}'"
            );
            assert_eq!(query(client, &leads_to), json!(0), "{function} with {other}");
        }
    }
}

#[test]
fn each_row_is_locked_once() {
    let database = library();
    let client = &mut database.connect();
    let source = "SELECT to_jsonb(prosrc) FROM pg_proc WHERE oid = 'm.do_lend'::regproc";
    let source = query(client, source);
    let text = source.as_str().unwrap();
    assert_eq!(text.matches("FOR NO KEY UPDATE").count(), 1, "{text}");
    assert_eq!(text.matches("copy_id").count(), 1, "{text}");
}

/// A called action that is given no reference, or no list, leads to no row of it.
const CALLER: &str = "
entity: Shelf
schema: m
fields: {row: integer, copy: ref(Copy), copies: list(ref(Copy))}
actions:
  - name: put
    params: {row: integer!, copy: uuid, copies: list(ref(Copy))}
    steps: [{insert: 'Shelf SET row = input.row, copy = input.copy, copies = input.copies'}]
    impact: {primary: {entity: Shelf, operation: CREATE}}
  - name: put_two
    steps:
      - call: put(row = 1)
      - call: put(row = 2)
    impact: {primary: {entity: Shelf, operation: CREATE}}
";

#[test]
fn what_is_not_given_is_not_locked() {
    let database = Database::of(&workspace(&[("copy.yaml", COPY), ("shelf.yaml", CALLER)]));
    let client = &mut database.connect();
    let source = "SELECT to_jsonb(prosrc) FROM pg_proc WHERE oid = 'm.do_put_two'::regproc";
    let source = query(client, source);
    assert!(!source.as_str().unwrap().contains("FOR KEY SHARE"), "{source}");
    Outcome::of(client, "m.fn_put_two", &json!({})).success();
}

/// `line` is a text of the order and the variable of the loop: what stands behind a dot is the variable's.
const ORDER: &str = "
entity: Order
schema: m
fields: {total: integer = 0!, line: text}
actions:
  - name: count
    steps:
      - foreach: line in Line WHERE order = input.id
        do:
          - update: Order SET total = total + line.qty
          - update: Order SET line = 'seen' WHERE id = line.order AND line IS NULL
    impact: {primary: {entity: Order, operation: UPDATE}}
";

const LINE: &str = "
entity: Line
schema: m
fields: {order: ref(Order)!, qty: integer!}
";

#[test]
fn a_variable_is_meant_where_a_value_has_no_parts() {
    let database = Database::of(&workspace(&[("order.yaml", ORDER), ("line.yaml", LINE)]));
    let client = &mut database.connect();
    client
        .batch_execute(
            "INSERT INTO m.tb_order DEFAULT VALUES;
            INSERT INTO m.tb_line (fk_order, qty) VALUES (1, 2), (1, 3)",
        )
        .unwrap();
    let id = query(client, "SELECT to_jsonb(o.id) FROM m.tb_order AS o");
    Outcome::of(client, "m.fn_count", &json!({"id": id})).success();
    let row = query(client, "SELECT jsonb_build_array(o.total, o.line) FROM m.tb_order AS o");
    assert_eq!(row, json!([5, "seen"]));
}

/// Under row-level security no index answers a comparison with an item out of JSON in a join.
#[test]
fn rows_that_a_list_names_are_found_by_their_ids() {
    let database = Database::of(&workspace(&[
        ("specql.config.yaml", "tenancy: required\n"),
        ("copy.yaml", COPY),
        ("shelf.yaml", CALLER),
    ]));
    let client = &mut database.connect();
    let tenant = "SET app.tenant_id = '11111111-1111-1111-1111-111111111111'";
    client.batch_execute(tenant).unwrap();
    client
        .batch_execute(
            "INSERT INTO m.tb_copy (state) SELECT 'shelf' FROM generate_series(1, 20000);
            ANALYZE m.tb_copy",
        )
        .unwrap();
    let id = query(client, "SELECT to_jsonb(min(c.id::text)) FROM m.tb_copy AS c");
    // What a session has counted stays with it for a while.
    let client = &mut database.connect();
    client.batch_execute(tenant).unwrap();
    client.batch_execute("SET ROLE specql_application; BEGIN").unwrap();
    Outcome::of(client, "m.fn_put", &json!({"row": 1, "copies": [id]})).success();
    let read = "SELECT to_jsonb(coalesce(sum(s.seq_tup_read), 0)::bigint)
        FROM pg_stat_xact_user_tables AS s WHERE s.relname = 'tb_copy'";
    assert_eq!(query(client, read), json!(0));
}
