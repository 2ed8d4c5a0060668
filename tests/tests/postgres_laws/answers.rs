//! What the answer of an action says that it did is what it did.

use postgres::Client;
use serde_json::json;
use specql_tests::postgres::{Database, Outcome, json as query, workspace};

const ACCOUNT: &str = "
entity: Account
schema: bank
fields:
  code: text!
  kind: enum(open, paid, old)! = open
  note: text
  heir: ref(Account)
actions:
  - name: open_account
    steps: [{insert: Account}]
    impact: {primary: {entity: Account, operation: CREATE}}
  - name: pay
    steps:
      - if: kind = 'paid'
        then:
          - return: It is paid already
      - if: kind = 'old'
        then:
          - return: too_old
      - update: Account SET kind = 'paid'
    impact: {primary: {entity: Account, operation: UPDATE, fields: [kind]}}
  - name: pay_for
    steps:
      - call: pay(id = input.id)
      - update: Account SET note = 'paid for'
    impact: {primary: {entity: Account, operation: UPDATE, fields: [kind, note]}}
  - name: close
    steps:
      - if: kind = 'old'
        then:
          - update: Account SET note = 'its heir is gone' WHERE heir = input.id
          - delete: Account
        else:
          - update: Account SET note = 'kept'
    impact: {primary: {entity: Account, operation: DELETE}}
";

#[test]
fn a_return_says_why_nothing_more_was_done() {
    let database = Database::of(&workspace(&[("account.yaml", ACCOUNT)]));
    let mut client = database.connect();
    let mut call = |action: &str, input| Outcome::of(&mut client, action, &input).success();
    let made = call("bank.fn_open_account", json!({"code": "a"}));
    assert_eq!(made.text("/message"), "Account created");
    let id = json!({"id": made.id()});
    assert_eq!(call("bank.fn_pay", id.clone()).text("/message"), "Account updated");
    let again = call("bank.fn_pay", id.clone());
    assert_eq!(again.text("/message"), "It is paid already");
    assert_eq!(again.at("/extra_metadata/_meta/primary_entity"), &json!(null));
    let paid_for = call("bank.fn_pay_for", id);
    assert_eq!(paid_for.text("/message"), "Account updated", "the call ended, not the caller");
    let old = call("bank.fn_open_account", json!({"code": "b", "kind": "old"}));
    assert_eq!(call("bank.fn_pay", json!({"id": old.id()})).text("/message"), "too old");
}

#[test]
fn a_deletion_says_what_was_deleted() {
    let database = Database::of(&workspace(&[("account.yaml", ACCOUNT)]));
    let mut client = database.connect();
    let mut call = |action: &str, input| Outcome::of(&mut client, action, &input).success();
    let old = call("bank.fn_open_account", json!({"code": "a", "kind": "old"}));
    let other = call("bank.fn_open_account", json!({"code": "b", "heirId": old.id()}));
    let kept = call("bank.fn_close", json!({"id": other.id()}));
    assert_eq!(kept.text("/message"), "close done");
    assert_eq!(kept.at("/extra_metadata/_meta/primary_entity"), &json!(null));
    let gone = call("bank.fn_close", json!({"id": old.id()}));
    assert_eq!(gone.text("/message"), "Account deleted");
    assert_eq!(
        gone.at("/extra_metadata/_meta/primary_entity"),
        &json!({"entity_type": "Account", "operation": "DELETE", "modified_fields": []})
    );
    assert_eq!(gone.at("/updated_fields"), &json!([]));
    assert_eq!(
        gone.at("/extra_metadata/_meta/actual_side_effects/0/modified_fields"),
        &json!(["note"])
    );
}

/// An id that leads nowhere is told as such, however it comes to a step, and an upsert by it finds its row by
/// an index.
#[test]
fn an_id_that_leads_nowhere_is_not_found() {
    let item = "
entity: Item
schema: m
fields: {name: text!}
";
    let stock = "
entity: Stock
schema: m
fields: {item: ref(Item)!, kept_by: ref(Item), quantity: integer = 0!}
actions:
  - name: receive
    params: {what: uuid!, keeper: uuid}
    steps:
      - upsert: Stock SET item = $what, quantity = quantity + 1, kept_by = $keeper
        conflict_target: [item]
    impact: {primary: {entity: Stock, operation: UPSERT}}
  - name: receive_all
    params: {lines: list(json)!}
    steps:
      - foreach: line in $lines
        do:
          - upsert: Stock SET item = line.item, quantity = quantity + 1
            conflict_target: [item]
    impact: {primary: {entity: Stock, operation: UPSERT}}
  - name: move_to
    params: {what: uuid!}
    steps: [{update: Stock SET item = $what}]
    impact: {primary: {entity: Stock, operation: UPDATE}}
";
    let database = Database::of(&workspace(&[("item.yaml", item), ("stock.yaml", stock)]));
    let mut client = database.connect();
    client
        .batch_execute(
            "INSERT INTO m.tb_item (name) SELECT 'i' || n FROM generate_series(1, 3000) AS n;
             INSERT INTO m.tb_stock (fk_item) SELECT i.pk_item FROM m.tb_item AS i;
             ANALYZE m.tb_item, m.tb_stock",
        )
        .unwrap();
    let id = |client: &mut Client, table: &str| {
        query(client, &format!("SELECT to_jsonb(t.id) FROM m.{table} AS t LIMIT 1"))
    };
    let (item, stock) = (id(&mut client, "tb_item"), id(&mut client, "tb_stock"));
    let nobody = "00000000-0000-4000-8000-000000000001";
    for (function, input, field) in [
        ("m.fn_receive", json!({ "what": nobody }), "item"),
        ("m.fn_receive", json!({"what": item, "keeper": nobody}), "kept_by"),
        ("m.fn_receive_all", json!({"lines": [{"item": nobody}]}), "item"),
        ("m.fn_move_to", json!({"id": stock, "what": nobody}), "item"),
    ] {
        let answer = Outcome::of(&mut client, function, &input);
        assert_eq!(answer.status(), "failed:not_found", "{function} {input}");
        assert_eq!(answer.text("/extra_metadata/_error/field"), field, "{function} {input}");
    }
    // What a list leads to may be read as a whole once, to be locked, and not for each item.
    for (function, input, most) in [
        ("m.fn_receive", json!({ "what": item }), 0),
        ("m.fn_receive_all", json!({"lines": [{"item": item}, {"item": item}]}), 3000),
    ] {
        let mut client = database.connect();
        client.batch_execute("BEGIN").unwrap();
        Outcome::of(&mut client, function, &input).success();
        let read = query(
            &mut client,
            "SELECT to_jsonb(sum(s.seq_tup_read)::bigint) FROM pg_stat_xact_user_tables AS s WHERE s.relname = 'tb_stock'",
        );
        assert!(read.as_i64().unwrap() <= most, "{function} reads {read} rows");
        client.batch_execute("ROLLBACK").unwrap();
    }
}
