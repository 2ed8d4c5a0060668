//! What the answer of an action says that it did is what it did.

use serde_json::json;
use specql_tests::postgres::{Database, Outcome, workspace};

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
