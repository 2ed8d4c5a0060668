//! Rows that belong to tenants: seen and written by a session of the tenant, by no other.

use postgres::Client;
use serde_json::{Value, json};
use specql_tests::{
    cascade::faults,
    postgres::{Database, Outcome, example, json as query, workspace},
};

const FIRST: &str = "aaaaaaaa-0000-4000-8000-000000000001";
const SECOND: &str = "bbbbbbbb-0000-4000-8000-000000000002";

/// A connection of an application: it owns nothing and sees what its tenant may see.
fn application(database: &Database) -> Client {
    let mut client = database.connect();
    let role = format!("{}_application", database.name());
    client
        .batch_execute(&format!(
            "CREATE ROLE {role};
             GRANT USAGE ON SCHEMA app, saas, mutation_metadata TO {role};
             GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA saas TO {role};
             GRANT SELECT, INSERT ON app.outbox, app.mutation_log TO {role};
             GRANT SELECT, UPDATE ON app.audit_member, app.audit_organization TO {role};
             GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA app, saas TO {role};
             SET ROLE {role}"
        ))
        .expect("a superuser may do all of this");
    client
}

fn leave(database: &Database, mut client: Client) {
    let role = format!("{}_application", database.name());
    client
        .batch_execute(&format!("RESET ROLE; DROP OWNED BY {role}; DROP ROLE {role}"))
        .expect("it was made above");
}

fn tenant(client: &mut Client, tenant: &str) {
    client.batch_execute(&format!("SET app.tenant_id = '{tenant}'")).expect("any text can be set");
}

fn organization(client: &mut Client, name: &str) -> Outcome {
    let input = json!({"name": name, "settings": {"dark_mode": true}});
    Outcome::of(client, "saas.fn_create_organization", &input).success()
}

#[test]
fn a_row_of_another_tenant_is_not_found() {
    let database = Database::of(&example("saas"));
    let mut client = application(&database);
    tenant(&mut client, FIRST);
    let own = organization(&mut client, "It's first");
    tenant(&mut client, SECOND);
    let input = json!({"id": own.id(), "name": "mine"});
    assert_eq!(
        Outcome::of(&mut client, "saas.fn_update_settings", &input).status(),
        "failed:not_found"
    );
    let member = json!({"name": "M", "email": "m@example.com", "organization": own.id()});
    assert_eq!(
        Outcome::of(&mut client, "saas.fn_invite_member", &member).status(),
        "failed:not_found"
    );
    for table in
        ["saas.tb_organization", "saas.tv_organization", "app.audit_organization", "app.outbox"]
    {
        let count = format!("SELECT to_jsonb(count(*)) FROM {table}");
        assert_eq!(query(&mut client, &count), json!(0), "{table}");
    }
    let history = format!(
        "SELECT to_jsonb(count(*)) FROM app.get_organization_audit_history_with_cascade('{}', '{FIRST}')",
        own.id()
    );
    assert_eq!(query(&mut client, &history), json!(0), "a foreign tenant id opens nothing");
    tenant(&mut client, FIRST);
    assert_eq!(query(&mut client, &history), json!(1));
    leave(&database, client);
}

#[test]
fn a_session_without_a_tenant_is_turned_away() {
    let database = Database::of(&example("saas"));
    let mut client = application(&database);
    let outcome = Outcome::of(&mut client, "saas.fn_create_organization", &json!({"name": "x"}));
    assert_eq!(outcome.status(), "failed:forbidden");
    assert_eq!(faults(outcome.cascade()), Vec::<String>::new());
    leave(&database, client);
}

#[test]
fn the_cascade_names_the_tenant_and_the_trail_keeps_it() {
    let database = Database::of(&example("saas"));
    let mut client = application(&database);
    tenant(&mut client, FIRST);
    let organization = organization(&mut client, "It's first");
    let cascade = organization.cascade();
    assert_eq!(faults(cascade), Vec::<String>::new());
    assert_eq!(cascade["metadata"]["tenantId"], FIRST);
    // What is inside a JSON field is the author's own and keeps its spelling.
    assert_eq!(organization.at("/object_data/settings"), &json!({"dark_mode": true}));
    assert_eq!(cascade["metadata"].as_object().unwrap().len(), 6);
    let event = query(&mut client, "SELECT to_jsonb(o) FROM app.outbox AS o");
    assert_eq!(event["tenant_id"], FIRST);
    assert_eq!(event["topic"], "specql.events.Organization");
    let kept = query(
        &mut client,
        "SELECT to_jsonb(h) FROM saas.tb_organization AS t, app.get_organization_audit_history_with_cascade(t.id) AS h",
    );
    assert_eq!(kept["cascade_data"], *cascade);
    assert!(kept["new_values"].get("_cascade").is_none());
    leave(&database, client);
}

#[test]
fn even_the_superuser_acts_for_one_tenant() {
    let database = Database::of(&example("saas"));
    let mut client = database.connect();
    tenant(&mut client, FIRST);
    let own = organization(&mut client, "It's first");
    tenant(&mut client, SECOND);
    let input = json!({"id": own.id(), "name": "mine"});
    assert_eq!(
        Outcome::of(&mut client, "saas.fn_update_settings", &input).status(),
        "failed:not_found"
    );
}

#[test]
fn a_unique_value_is_unique_in_its_tenant() {
    let database = Database::of(&example("saas"));
    let mut client = application(&database);
    for id in [FIRST, SECOND] {
        tenant(&mut client, id);
        let organization = organization(&mut client, "x");
        let member =
            json!({"name": "M", "email": "m@example.com", "organizationId": organization.id()});
        let outcome = Outcome::of(&mut client, "saas.fn_invite_member", &member).success();
        assert_eq!(outcome.updated().len(), 2);
        let again = Outcome::of(&mut client, "saas.fn_invite_member", &member);
        assert_eq!(again.status(), "failed:conflict");
        assert_eq!(again.text("/extra_metadata/_error/field"), "email");
    }
    leave(&database, client);
}

#[test]
fn a_hard_deletion_leaves_its_last_image() {
    let database = Database::of(&example("saas"));
    let mut client = application(&database);
    tenant(&mut client, FIRST);
    let organization = organization(&mut client, "x");
    let member = json!({"name": "M", "email": "m@example.com", "organization": organization.id()});
    let member = Outcome::of(&mut client, "saas.fn_invite_member", &member).success();
    let removed =
        Outcome::of(&mut client, "saas.fn_remove_member", &json!({"id": member.id()})).success();
    assert_eq!(faults(removed.cascade()), Vec::<String>::new());
    assert_eq!(removed.text("/object_data/name"), "M");
    assert_eq!(query(&mut client, "SELECT to_jsonb(count(*)) FROM saas.tb_member"), json!(0));
    let payload = query(
        &mut client,
        "SELECT o.event_payload FROM app.outbox AS o WHERE o.event_type = 'MemberRemoved'",
    );
    assert_eq!(payload["member"]["name"], "M");
    leave(&database, client);
}

#[test]
fn excluded_entities_stay_out_of_the_cascade() {
    let database = Database::of(&example("saas"));
    let mut client = database.connect();
    tenant(&mut client, FIRST);
    let own = organization(&mut client, "x");
    let input = json!({"id": own.id(), "plan": "team"});
    let changed = Outcome::of(&mut client, "saas.fn_change_plan", &input).success();
    assert_eq!(changed.updated(), [("Organization".to_owned(), "UPDATED".to_owned())]);
    assert_eq!(changed.at("/object_data/seats"), &json!(50));
    let note = query(&mut client, "SELECT to_jsonb(n.text) FROM saas.tb_audit_note AS n");
    assert_eq!(note, json!("plan changed to team"));
    let wrong =
        Outcome::of(&mut client, "saas.fn_change_plan", &json!({"id": own.id(), "plan": "huge"}));
    assert_eq!(wrong.text("/extra_metadata/_error/field"), "plan");
    assert_eq!(wrong.0["message"], Value::from("plan has to be one of free, team, enterprise"));
}

/// What looks for the rows of a reference reads these rows, whatever the tenant has beside them, also before the
/// first `ANALYZE` and under row-level security.
#[test]
fn rows_of_a_reference_are_found_without_those_of_the_tenant() {
    let database = Database::of(&example("saas"));
    let mut client = database.connect();
    tenant(&mut client, FIRST);
    client
        .batch_execute(
            "INSERT INTO saas.tb_organization (name) SELECT 'o' FROM generate_series(1, 100);
             INSERT INTO saas.tb_member (name, email, fk_organization)
             SELECT 'm', 'm' || n || '@example.com', n % 100 + 1 FROM generate_series(1, 3000) AS n;
             SELECT saas.refresh_tv_member()",
        )
        .expect("a superuser may do all of this");
    drop(client);
    let mut client = application(&database);
    tenant(&mut client, FIRST);
    for (from, what, column) in [
        ("saas.tb_member", "7", "fk_organization"),
        ("saas.tv_member", "'00000000-0000-4000-8000-000000000007'", "organization_id"),
    ] {
        let text = format!(
            "EXPLAIN (FORMAT JSON) SELECT FROM {from} AS t WHERE t.{column} = {what} AND t.tenant_id = '{FIRST}'"
        );
        let plan = query(&mut client, &text).to_string();
        let both = format!("AND (tenant_id = '{FIRST}'::uuid))");
        assert!(plan.contains(&format!("(({column} = ")) && plan.contains(&both), "{plan}");
        assert!(!plan.contains("BitmapAnd"), "{plan}");
    }
    leave(&database, client);
}

const WARE: &str = "
entity: Ware
schema: m
audit: false
fields: {code: {type: text, unique: true, nullable: false}, near: list(ref(Ware)), n: integer = 0!}
actions:
  - name: count_wares
    params: {wares: list(uuid)!}
    steps:
      - foreach: w in $wares
        do:
          - update: Ware SET n = n + 1 WHERE id = w
    impact: {primary: {entity: Ware, operation: UPDATE}}
  - name: tally_wares
    params: {items: list(json)!}
    steps:
      - foreach: it in $items
        do:
          - upsert: Ware SET code = it.code, n = n + 1
            conflict_target: code
    impact: {primary: {entity: Ware, operation: UPSERT}}
  - name: tie_ware
    params: {near: list(uuid)!}
    steps: [{update: Ware SET near = $near}]
    impact: {primary: {entity: Ware, operation: UPDATE}}
";

/// Policies let no index answer a join with items out of JSON, so rows are looked for item by item.
#[test]
fn rows_that_a_list_names_are_found_by_their_index() {
    let files = [("ware.yaml", WARE), ("specql.config.yaml", "tenancy: required\n")];
    let database = Database::of(&workspace(&files));
    let mut client = database.connect();
    tenant(&mut client, FIRST);
    let made = "INSERT INTO m.tb_ware (code) SELECT 'c' || n FROM generate_series(1, 5000) AS n";
    client
        .batch_execute(&format!("{made}; ANALYZE m.tb_ware; SET ROLE specql_application"))
        .unwrap();
    let ids = "SELECT jsonb_agg(w.id ORDER BY w.pk_ware) FROM m.tb_ware AS w WHERE w.pk_ware <= 3";
    let ids = query(&mut client, ids);
    let read = "SELECT to_jsonb(sum(s.seq_tup_read + s.idx_tup_fetch)::bigint)
        FROM pg_stat_xact_user_tables AS s WHERE s.relname = 'tb_ware'";
    for (function, input) in [
        ("m.fn_count_wares", json!({"wares": ids})),
        ("m.fn_tally_wares", json!({"items": [{"code": "c9"}, {"code": "c8"}]})),
        ("m.fn_tie_ware", json!({"id": ids[0], "near": ids})),
    ] {
        client.batch_execute("BEGIN").unwrap();
        let before = query(&mut client, read).as_i64().unwrap_or_default();
        Outcome::of(&mut client, function, &input).success();
        let rows = query(&mut client, read).as_i64().unwrap() - before;
        client.batch_execute("ROLLBACK").unwrap();
        assert!(rows <= 200, "{function} reads {rows} rows");
    }
}
