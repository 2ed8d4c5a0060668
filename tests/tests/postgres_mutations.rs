//! The log of mutations: in every storage and without a cascade, found by what one knows of them, told
//! in words, and with a person erased from it.

#![allow(clippy::indexing_slicing, reason = "a member that JSON has not is null")]

use postgres::{Client, error::SqlState};
use serde_json::{Value, json};
use specql_tests::postgres::{Blog, Database, Outcome, json as query, workspace};

const PERSON: &str = "
entity: Person
schema: p
fields:
  first_name: text!
  email: text
  visits: integer = 0!
actions:
  - name: add_person
    steps: [{insert: Person}]
    impact: {primary: {entity: Person, operation: CREATE}}
    cdc: {enabled: true, event_type: PersonAdded}
  - name: rename_person
    steps: [{update: Person SET first_name = input.first_name}]
    impact: {primary: {entity: Person, operation: UPDATE}}
  - name: visit
    cascade: false
    steps: [{update: Person SET visits = visits + 1}]
    impact: {primary: {entity: Person, operation: UPDATE}}
";

fn people(config: &str) -> (Database, Client) {
    let files = [("person.yaml", PERSON), ("specql.config.yaml", config)];
    let database = Database::of(&workspace(&files));
    let client = of_tenant(&database);
    (database, client)
}

/// A session that names a tenant, which means something where rows belong to tenants.
fn of_tenant(database: &Database) -> Client {
    let mut client = database.connect();
    client
        .batch_execute("SET app.tenant_id = '00000000-0000-4000-8000-00000000000a'")
        .expect("a tenant");
    client
}

/// A person who was added, renamed and counted.
fn person(client: &mut Client) -> String {
    let input = json!({"firstName": "Evelyn", "email": "eve@example.com"});
    let made = Outcome::of(client, "p.fn_add_person", &input).success();
    let id = made.id().to_owned();
    Outcome::of(client, "p.fn_rename_person", &json!({"id": id, "firstName": "Eva"})).success();
    Outcome::of(client, "p.fn_visit", &json!({"id": id})).success();
    id
}

/// Each with tenants and without.
const STORAGES: [&str; 8] = [
    "audit: {cascade_storage: log}\n",
    "audit: {cascade_storage: column}\n",
    "audit: {cascade_storage: embedded}\n",
    "audit: {include_cascade: false}\n",
    "tenancy: required\naudit: {cascade_storage: log}\n",
    "tenancy: required\naudit: {cascade_storage: column}\n",
    "tenancy: required\naudit: {cascade_storage: embedded}\n",
    "tenancy: required\naudit: {include_cascade: false}\n",
];

#[test]
fn every_mutation_is_in_the_log_wherever_its_cascade_is() {
    for storage in STORAGES {
        let (_database, mut client) = people(storage);
        let id = person(&mut client);
        let log = query(
            &mut client,
            "SELECT jsonb_agg(jsonb_build_array(m.action, m.entity, m.entity_id, m.entities)) FROM app.get_mutations() AS m",
        );
        let entry = |action: &str| json!([action, "Person", id, ["Person"]]);
        let expected = json!([entry("visit"), entry("rename_person"), entry("add_person")]);
        assert_eq!(log, expected, "{storage}");
        let whole = query(
            &mut client,
            "SELECT app.get_mutation(m.mutation_id) FROM app.get_mutations('add_person') AS m",
        );
        let kept = &whole["cascade"]["updated"][0]["entity"]["firstName"];
        let is_kept = !storage.contains("include_cascade");
        assert_eq!(*kept, if is_kept { json!("Evelyn") } else { Value::Null }, "{storage}");
        assert_eq!(whole["events"][0]["type"], "PersonAdded", "{storage}");
        assert_eq!(whole["changes"][0]["after"]["email"], "eve@example.com", "{storage}");
    }
}

#[test]
fn mutations_are_found_by_what_is_known_of_them() {
    let mut blog = Blog::new();
    let client = &mut blog.client;
    client
        .batch_execute("SET app.user_id = 'auth0|7'; SET app.correlation_id = 'req-1'; SET app.change_reason = 'a ticket'")
        .unwrap();
    let post = blog.post("a-start").id().to_owned();
    let client = &mut blog.client;
    client.batch_execute("RESET app.user_id; RESET app.correlation_id").unwrap();
    let other = blog.post("b-start").id().to_owned();
    let mut found = |filter: &str| {
        let sql = format!(
            "SELECT coalesce(jsonb_agg(m.entity_id), '[]') FROM app.get_mutations({filter}) AS m"
        );
        query(&mut blog.client, &sql)
    };
    assert_eq!(found("p_user => 'auth0|7'"), json!([post]));
    assert_eq!(found("p_correlation => 'req-1'"), json!([post]));
    assert_eq!(found("p_action => 'create_post'"), json!([other, post]));
    assert_eq!(found("p_entity => 'Post'"), json!([other, post]));
    assert_eq!(found(&format!("p_entity_id => '{other}'")), json!([other]));
    assert_eq!(found("p_from => now() + interval '1 hour'"), json!([]));
    assert_eq!(found("p_to => now() - interval '1 hour'"), json!([]));
    assert_eq!(found("p_limit => 1"), json!([other]));
    let next = "p_limit => 1, p_before => (SELECT m.mutation_id FROM app.get_mutations(p_limit => 1) AS m)";
    assert_eq!(found(next), json!([post]));
    let whole = query(
        &mut blog.client,
        "SELECT app.get_mutation(m.mutation_id) FROM app.get_mutations(p_user => 'auth0|7') AS m",
    );
    assert_eq!(whole["reason"], "a ticket");
    let changed: Vec<&Value> =
        whole["changes"].as_array().unwrap().iter().map(|it| &it["entity"]).collect();
    assert_eq!(changed, ["Post", "User"]);
    assert_eq!(whole["changes"][1]["words"], json!(["post_count was changed from 0 to 1"]));
    assert_eq!(whole["events"].as_array().map(Vec::len), Some(2), "{whole:#}");
}

#[test]
fn a_difference_is_told_in_words() {
    let (_database, mut client) = people("");
    let cases = [
        ("NULL", r#"'{"id": "x", "a": 1, "b": null}'"#, json!(["created", "a was set to 1"])),
        (r#"'{"a": 1}'"#, "NULL", json!(["removed"])),
        (
            r#"'{"a": 1, "b": null}'"#,
            r#"'{"a": 2, "b": "x"}'"#,
            json!(["a was changed from 1 to 2", "b was set to \"x\""]),
        ),
        (
            r#"'{"a": 1, "deleted_at": null}'"#,
            r#"'{"a": null, "deleted_at": "t"}'"#,
            json!(["deleted", "a was cleared, it was 1"]),
        ),
        (r#"'{"a": 1, "updated_at": 1}'"#, r#"'{"a": 1, "updated_at": 2}'"#, json!([])),
    ];
    for (old, new, words) in cases {
        let told =
            query(&mut client, &format!("SELECT to_jsonb(app.describe_change({old}, {new}))"));
        assert_eq!(told, words, "{old} {new}");
    }
}

#[test]
fn a_person_is_erased_and_the_trail_stays_whole() {
    for storage in STORAGES {
        let (_database, mut client) = people(storage);
        let (id, other) = (person(&mut client), person(&mut client));
        let erasure = query(
            &mut client,
            &format!("SELECT to_jsonb(app.erase_audit('Person', '{id}', 'asked for it'))"),
        );
        let verified = format!(
            "SELECT to_jsonb(app.verify_erasure({}))",
            erasure.to_string().replace('"', "'")
        );
        assert_eq!(query(&mut client, &verified), json!(true), "{storage}");
        let kept = query(
            &mut client,
            &format!(
                "SELECT jsonb_build_array(
                    (SELECT jsonb_agg(a) FROM app.audit_person AS a WHERE a.entity_id = '{id}'),
                    (SELECT jsonb_agg(m) FROM app.mutation_log AS m WHERE m.entity_id = '{id}')
                )"
            ),
        );
        assert_eq!(kept[0].as_array().map(Vec::len), Some(3), "{storage}");
        for word in ["Evelyn", "Eva", "eve@example.com"] {
            assert!(!kept.to_string().contains(word), "{storage} {word}: {kept:#}");
        }
        let history = query(
            &mut client,
            &format!(
                "SELECT jsonb_agg(h.new_values ->> 'first_name') FROM app.get_person_audit_history('{other}') AS h"
            ),
        );
        assert_eq!(history, json!(["Eva", "Eva", "Evelyn"]), "others stay: {storage}");
        // What happens later does not matter to what was left then.
        Outcome::of(&mut client, "p.fn_visit", &json!({"id": id})).success();
        assert_eq!(query(&mut client, &verified), json!(true), "{storage}");
        for table in ["audit_person", "mutation_log", "erasure"] {
            let error = client
                .batch_execute(&format!("UPDATE app.{table} SET tenant_id = gen_random_uuid()"))
                .expect_err("it is append-only");
            assert_eq!(error.code(), Some(&SqlState::INSUFFICIENT_PRIVILEGE), "{storage} {table}");
        }
        // Whoever could get past the guard is found out.
        client
            .batch_execute(&format!(
                "ALTER TABLE app.audit_person DISABLE TRIGGER audit_guard;
                 UPDATE app.audit_person SET changed_by = gen_random_uuid() WHERE entity_id = '{id}'"
            ))
            .unwrap();
        assert_eq!(query(&mut client, &verified), json!(false), "{storage}");
    }
}

#[test]
fn nothing_is_erased_by_mistake() {
    let (_database, mut client) = people("");
    let id = person(&mut client);
    for (entity, row, reason) in [
        ("Nobody", id.as_str(), "x"),
        ("Person", "00000000-0000-4000-8000-000000000000", "x"),
        ("Person", id.as_str(), ""),
    ] {
        let call = format!("SELECT app.erase_audit('{entity}', '{row}', '{reason}')");
        assert!(client.batch_execute(&call).is_err(), "{call}");
    }
    client.batch_execute("SET app.erasure_id = 'x'").unwrap();
    let error = client.batch_execute("UPDATE app.audit_person SET new_values = '{}'");
    assert_eq!(error.unwrap_err().code(), Some(&SqlState::INSUFFICIENT_PRIVILEGE));
    let some = format!("SELECT to_jsonb(app.erase_audit('Person', '{id}', 'x', ARRAY['email']))");
    query(&mut client, &some);
    let state = query(&mut client, &format!("SELECT app.get_person_audit_state('{id}')"));
    assert_eq!((&state["email"], &state["first_name"]), (&json!("[erased]"), &json!("Eva")));
}

#[test]
fn references_are_erased_by_any_of_their_names() {
    let shop = "entity: Shop\nschema: s\nfields: {name: text}\nactions:\n  - name: make_shop\n    steps: [{insert: Shop}]\n";
    let item = "entity: Item
schema: s
fields: {label: text, owner: ref(Shop|Item), shop: ref(Shop)}
audit: {track_fields: [label, owner, shop]}
actions:
  - name: make_item
    steps: [{insert: Item}]
    impact: {primary: {entity: Item, operation: CREATE}}
  - name: drop_item
    steps: [{delete: Item}]
    impact: {primary: {entity: Item, operation: DELETE}}
";
    let database = Database::of(&workspace(&[("shop.yaml", shop), ("item.yaml", item)]));
    let mut client = database.connect();
    let shop = Outcome::of(&mut client, "s.fn_make_shop", &json!({"name": "x"})).success();
    let shop = shop.id().to_owned();
    for names in ["owner", "shop", "owner_id", "fk_shop", "shopId"] {
        let input = json!({"label": "a", "ownerId": shop, "shopId": shop});
        let item = Outcome::of(&mut client, "s.fn_make_item", &input).success().id().to_owned();
        let call =
            format!("SELECT to_jsonb(app.erase_audit('Item', '{item}', 'x', ARRAY['{names}']))");
        let erasure = query(&mut client, &call);
        let erasure = erasure.as_str().unwrap();
        let (column, member) =
            if names.starts_with("owner") { ("owner_id", "owner") } else { ("fk_shop", "shop") };
        let kept = query(
            &mut client,
            &format!(
                "SELECT jsonb_build_array(
                    (SELECT a.new_values -> '{column}' FROM app.audit_item AS a WHERE a.entity_id = '{item}'),
                    (SELECT m.cascade_data #> '{{updated,0,entity,{member}}}' FROM app.mutation_log AS m
                        WHERE m.entity_id = '{item}'),
                    app.verify_erasure('{erasure}')
                )"
            ),
        );
        assert_eq!(kept, json!(["[erased]", "[erased]", true]), "{names}");
        let misspelt = format!("SELECT app.erase_audit('Item', '{item}', 'x', ARRAY['nosuch'])");
        assert!(client.batch_execute(&misspelt).is_err());
        // A deletion is kept, whatever is tracked.
        Outcome::of(&mut client, "s.fn_drop_item", &json!({"id": item})).success();
        let state = query(&mut client, &format!("SELECT app.get_item_audit_state('{item}')"));
        assert!(state["deleted_at"].is_string(), "{names}: {state}");
    }
}

/// Rows of two entities can have one id: what is erased of the one stays of the other.
#[test]
fn who_shares_an_id_is_not_erased() {
    let make = |name: &str| {
        format!(
            "entity: {name}\nschema: s\nfields: {{note: text}}\nactions:\n  - name: change_{}\n    params: {{note: text!}}\n    steps:\n      - update: Person SET note = $note WHERE id = input.id\n      - update: Pupil SET note = $note WHERE id = input.id\n    impact: {{primary: {{entity: {name}, operation: UPDATE}}}}\n",
            name.to_lowercase()
        )
    };
    let (person, pupil) = (make("Person"), make("Pupil"));
    let storages = STORAGES.iter().filter(|it| it.contains("cascade_storage"));
    for (storage, is_untold) in storages.flat_map(|it| [(it, false), (it, true)]) {
        let files = [("a.yaml", &*person), ("b.yaml", &*pupil), ("specql.config.yaml", *storage)];
        let database = Database::of(&workspace(&files));
        let mut client = of_tenant(&database);
        let id = "11111111-1111-4111-8111-111111111111";
        client
            .batch_execute(&format!(
                "INSERT INTO s.tb_person (id, note) VALUES ('{id}', 'a'); INSERT INTO s.tb_pupil (id, note) VALUES ('{id}', 'b')"
            ))
            .unwrap();
        let input = json!({"id": id, "note": "secret"});
        Outcome::of(&mut client, "s.fn_change_person", &input).success();
        // An entity that has no trail any more has its rows in what was kept before.
        let untold = format!("{pupil}audit: false\n");
        let files = [("a.yaml", &*person), ("b.yaml", &*untold), ("specql.config.yaml", *storage)];
        if is_untold {
            assert_eq!(database.load(&workspace(&files)), Ok(()), "{storage}");
        }
        let erasure = format!("SELECT to_jsonb(app.erase_audit('Person', '{id}', 'asked'))");
        let erasure = query(&mut client, &erasure);
        let kept = query(
            &mut client,
            "SELECT jsonb_agg(jsonb_build_array(e ->> '__typename', e #>> '{entity,note}') ORDER BY e ->> '__typename')
            FROM (
                SELECT cascade_data AS c FROM app.mutation_log
                UNION ALL
                SELECT coalesce(nullif(to_jsonb(a) -> 'cascade_data', 'null'), new_values -> '_cascade') FROM app.audit_pupil AS a
                UNION ALL
                SELECT coalesce(nullif(to_jsonb(a) -> 'cascade_data', 'null'), new_values -> '_cascade') FROM app.audit_person AS a
            ) AS k, jsonb_array_elements(k.c -> 'updated') AS e",
        );
        let all = kept.as_array().expect("a cascade is kept");
        assert!(all.contains(&json!(["Person", "[erased]"])), "{storage} {is_untold}: {kept}");
        assert!(all.contains(&json!(["Pupil", "secret"])), "{storage} {is_untold}: {kept}");
        assert!(!all.contains(&json!(["Person", "secret"])), "{storage} {is_untold}: {kept}");
        let erasure = erasure.as_str().expect("an id");
        let verified = format!("SELECT to_jsonb(app.verify_erasure('{erasure}'))");
        assert_eq!(query(&mut client, &verified), json!(true), "{storage} {is_untold}");
    }
}
