//! What is private stays in the table: in every column of the outbox and in all that the audit keeps.

use serde_json::json;
use specql_tests::postgres::{Blog, Database, Outcome, json as query, workspace};

#[test]
fn a_payload_list_bounds_the_whole_row_of_the_outbox() {
    let mut blog = Blog::new();
    let input = json!({"name": "Eve", "email": "secret@example.com"});
    let made = blog.call("register_user", &input).success();
    assert_eq!(made.text("/object_data/email"), "secret@example.com", "the caller gave it");
    let row = query(
        &mut blog.client,
        "SELECT to_jsonb(o) FROM app.outbox AS o ORDER BY o.sequence DESC LIMIT 1",
    );
    assert!(!row.to_string().contains("secret@"), "{row:#}");
    assert_eq!(
        row["event_metadata"]["cascade"],
        json!([{"__typename": "User", "id": made.id(), "operation": "CREATED"}])
    );
    let log = query(&mut blog.client, "SELECT jsonb_agg(to_jsonb(m)) FROM app.mutation_log AS m");
    assert!(!log.to_string().contains("secret@"), "{log:#}");
}

fn employee(config: &str) -> Database {
    let text = "
entity: Employee
schema: staff
fields:
  name: text!
  ssn: text
  salary: decimal(10,2)
audit:
  exclude_fields: [ssn]
actions:
  - name: hire
    steps:
      - insert: Employee
    impact: {primary: {entity: Employee, operation: CREATE}}
    cdc: {enabled: true, include_payload: false}
";
    Database::of(&workspace(&[("employee.yaml", text), ("specql.config.yaml", config)]))
}

#[test]
fn excluded_fields_are_in_no_storage() {
    for (storage, tenancy) in [
        ("log", ""),
        ("log", "tenancy: required\n"),
        ("column", ""),
        ("column", "tenancy: required\n"),
        ("embedded", ""),
        ("embedded", "tenancy: required\n"),
    ] {
        let database = employee(&format!("{tenancy}audit:\n  cascade_storage: {storage}\n"));
        let mut client = database.connect();
        client.batch_execute("SET app.tenant_id = '00000000-0000-4000-8000-00000000000a'").unwrap();
        let input = json!({"name": "Eve", "ssn": "123-45", "salary": "10.5"});
        let hired = Outcome::of(&mut client, "staff.fn_hire", &input).success();
        assert_eq!(hired.text("/extra_metadata/_cascade/updated/0/entity/ssn"), "123-45");
        let table = if storage == "log" { "mutation_log" } else { "audit_employee" };
        for table in [table, "audit_employee"] {
            let kept =
                query(&mut client, &format!("SELECT jsonb_agg(to_jsonb(a)) FROM app.{table} AS a"));
            assert!(!kept.to_string().contains("123-45"), "{storage}: {kept:#}");
        }
        let history = query(
            &mut client,
            &format!(
                "SELECT jsonb_agg(h.cascade_data) FROM app.get_employee_audit_history_with_cascade('{}') AS h",
                hired.id()
            ),
        );
        let entity = &history[0]["updated"][0]["entity"];
        assert_eq!((&entity["name"], entity.get("ssn")), (&json!("Eve"), None), "{history:#}");
        let event = query(&mut client, "SELECT to_jsonb(o) FROM app.outbox AS o");
        assert!(!event.to_string().contains("Eve"), "{event:#}");
        assert_eq!(event["event_payload"], json!({"employee": {"id": hired.id()}}));
    }
}
