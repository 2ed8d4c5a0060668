//! What the audit may not keep is in no part of a kept cascade: arguments of invalidations, entities that have
//! no trail; and what is erased is gone from all of it.

use postgres::Client;
use serde_json::{Value, json};
use specql_codegen::{Artifact, Target, render};
use specql_contract::Contract;
use specql_tests::postgres::{Database, Outcome, json as query, workspace};

const PERSON: &str = "
entity: Person
schema: staff
fields:
  name: text!
  ssn: text
  mail: text
  boss: ref(Person)
audit:
  exclude_fields: [ssn]
actions:
  - name: hire
    steps:
      - insert: Person
      - insert: Salary SET person = input.boss, amount = 7
    impact:
      primary: {entity: Person, operation: CREATE}
      side_effects: [{entity: Salary, operation: CREATE}]
      cache_invalidations:
        - {query: bySsn, filter: {ssn: input.ssn, name: input.name}, strategy: REFETCH}
        - {query: byBoss, filter: {number: input.boss.ssn}, strategy: REFETCH}
        - {query: byMail, filter: {address: input.mail}, strategy: REFETCH}
  - name: number
    params: {digits: text!, about: text}
    steps:
      - update: Person SET ssn = input.digits
    impact:
      primary: {entity: Person, operation: UPDATE}
      cache_invalidations:
        - {query: byNumber, filter: {value: input.digits, about: input.about}, strategy: REFETCH}
  - name: number_again
    params: {given: text!}
    steps:
      - call: number(id = input.id, digits = input.given, about = 'again')
    impact:
      primary: {entity: Person, operation: UPDATE}
      cache_invalidations:
        - {query: byGiven, filter: {value: input.given}, strategy: REFETCH}
  - name: dismiss
    params: {mail: text!}
    steps:
      - delete: Person
    impact:
      primary: {entity: Person, operation: DELETE}
      cache_invalidations:
        - {query: byMail, filter: {mail: input.mail}, strategy: REFETCH}
";

const SALARY: &str = "
entity: Salary
schema: staff
fields: {person: ref(Person), amount: integer!}
audit: false
";

const STORAGES: [&str; 3] = ["log", "column", "embedded"];

fn files(storage: &str) -> Vec<(&'static str, String)> {
    vec![
        ("person.yaml", PERSON.to_owned()),
        ("salary.yaml", SALARY.to_owned()),
        ("specql.config.yaml", format!("audit:\n  cascade_storage: {storage}\n")),
    ]
}

fn model(storage: &str) -> specql_model::Workspace {
    let files = files(storage);
    let files: Vec<(&str, &str)> = files.iter().map(|it| (it.0, &*it.1)).collect();
    workspace(&files)
}

/// All that the audit has.
fn trail(client: &mut Client) -> Value {
    query(
        client,
        "SELECT jsonb_build_object(
            'rows', (SELECT jsonb_agg(to_jsonb(a) ORDER BY a.sequence) FROM app.audit_person AS a),
            'log', (SELECT jsonb_agg(to_jsonb(m) ORDER BY m.created_at) FROM app.mutation_log AS m)
        )",
    )
}

/// The kept cascade of the last mutation of a person.
fn kept(client: &mut Client, id: &str) -> Value {
    query(
        client,
        &format!(
            "SELECT h.cascade_data FROM app.get_person_audit_history_with_cascade('{id}') AS h
            ORDER BY h.changed_at DESC LIMIT 1"
        ),
    )
}

#[test]
fn arguments_that_stand_for_excluded_fields_are_in_no_storage() {
    for storage in STORAGES {
        let database = Database::of(&model(storage));
        let mut client = database.connect();
        let input = json!({"name": "Ann", "ssn": "123-45", "mail": "ann@x.org"});
        let boss = Outcome::of(&mut client, "staff.fn_hire", &input).success();
        let path = "/extra_metadata/_cascade/invalidations/0/arguments/ssn";
        assert_eq!(boss.text(path), "123-45", "clients have it");
        let input = json!({"name": "Bob", "ssn": "678-90", "bossId": boss.id()});
        let hired = Outcome::of(&mut client, "staff.fn_hire", &input).success();
        let cascade = kept(&mut client, hired.id());
        let arguments: Vec<_> = cascade["invalidations"].as_array().unwrap().iter().collect();
        assert_eq!(arguments[0]["arguments"], json!({"name": "Bob"}), "{storage}");
        assert_eq!(arguments[1].get("arguments"), None, "{storage}: {cascade:#}");
        let input = json!({"id": hired.id(), "given": "999-99"});
        let called = Outcome::of(&mut client, "staff.fn_number_again", &input).success();
        let shown = &called.0["extra_metadata"]["_cascade"]["invalidations"];
        assert_eq!(shown[1]["arguments"], json!({"value": "999-99", "about": "again"}));
        let cascade = kept(&mut client, hired.id());
        assert_eq!(cascade["invalidations"][0].get("arguments"), None, "{storage}");
        assert_eq!(cascade["invalidations"][1]["arguments"], json!({"about": "again"}));
        let all = trail(&mut client).to_string();
        for secret in ["123-45", "678-90", "999-99"] {
            assert!(!all.contains(secret), "{storage}: {secret}");
        }
    }
}

#[test]
fn the_sample_shows_what_is_kept() {
    let model = model("log");
    let contract = Contract::all(&model).find(|it| it.name == "hire").unwrap();
    let text = render(&model, Artifact::AuditSample, Target::Action(contract.action)).text;
    let sample: Value = serde_json::from_str(&text).unwrap();
    let cascade = &sample["app.mutation_log"][0]["cascade_data"];
    assert!(cascade["invalidations"][0]["arguments"]["name"].is_string(), "{sample:#}");
    assert_eq!(cascade["invalidations"][0]["arguments"].get("ssn"), None, "{sample:#}");
    assert_eq!(cascade["invalidations"][1].get("arguments"), None, "{sample:#}");
    assert_eq!(cascade["updated"][1]["__typename"], "Salary");
    assert_eq!(cascade["updated"][1].get("entity"), None, "{sample:#}");
}

#[test]
fn rows_of_entities_without_a_trail_are_kept_by_their_ids() {
    for storage in STORAGES {
        let database = Database::of(&model(storage));
        let mut client = database.connect();
        let hired = Outcome::of(&mut client, "staff.fn_hire", &json!({"name": "Ann"})).success();
        let shown = &hired.0["extra_metadata"]["_cascade"]["updated"];
        assert_eq!(shown[1]["entity"]["amount"], 7, "clients have it");
        let cascade = kept(&mut client, hired.id());
        assert_eq!(
            cascade["updated"][1],
            json!({"__typename": "Salary", "id": shown[1]["id"], "operation": "CREATED"}),
            "{storage}"
        );
        assert_eq!(cascade["updated"][0]["entity"]["name"], "Ann", "{storage}");
    }
}

#[test]
fn an_erasure_takes_arguments_along() {
    for storage in STORAGES {
        let database = Database::of(&model(storage));
        let mut client = database.connect();
        let input = json!({"name": "Ann", "mail": "ann@x.org"});
        let hired = Outcome::of(&mut client, "staff.fn_hire", &input).success();
        let input = json!({"id": hired.id(), "mail": "ann@x.org"});
        Outcome::of(&mut client, "staff.fn_dismiss", &input).success();
        let erase = format!(
            "SELECT to_jsonb(app.erase_audit('Person', '{}', 'asked', '{{mail}}'))",
            hired.id()
        );
        query(&mut client, &erase);
        let verify = "SELECT to_jsonb(app.verify_erasure(e.erasure_id)) FROM app.erasure AS e";
        assert_eq!(query(&mut client, verify), json!(true), "{storage}");
        let all = trail(&mut client).to_string();
        assert!(!all.contains("ann@x.org"), "{storage}: {all}");
        assert!(all.contains("Ann"), "{storage}");
        // What somebody puts back is seen, wherever the cascade is.
        let table = if storage == "log" { "mutation_log" } else { "audit_person" };
        let column = if storage == "embedded" { "new_values" } else { "cascade_data" };
        client
            .batch_execute(&format!(
                "SET session_replication_role = replica;
                ALTER TABLE app.{table} DISABLE TRIGGER USER;
                UPDATE app.{table} SET {column} = replace({column}::text, '[erased]', 'ann@x.org')::jsonb
                WHERE {column} IS NOT NULL"
            ))
            .unwrap();
        assert_eq!(query(&mut client, verify), json!(false), "{storage}");
    }
}
