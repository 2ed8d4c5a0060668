//! Least privilege: every example runs under roles that own nothing, and no role reaches what is not
//! its own, through partitions either.

use postgres::{Client, error::SqlState};
use serde_json::json;
use specql_model::Workspace;
use specql_tests::{
    postgres::{Blog, Database, EXAMPLES, Outcome, example, files_below, json as query, workspace},
    random_workspace::{RandomOptions, RandomWorkspace, seeds},
};

const FIRST: &str = "aaaaaaaa-0000-4000-8000-000000000001";
const SECOND: &str = "bbbbbbbb-0000-4000-8000-000000000002";

fn become_role(client: &mut Client, role: &str) {
    client.batch_execute(&format!("RESET ROLE; SET ROLE {role}")).expect("the roles are there");
}

fn code(client: &mut Client, statement: &str) -> String {
    let error = client.batch_execute(statement).expect_err(statement);
    error.code().unwrap_or(&SqlState::SUCCESSFUL_COMPLETION).code().to_owned()
}

#[test]
fn the_blog_runs_as_the_application() {
    let mut blog = Blog::new();
    become_role(&mut blog.client, "specql_application");
    let post = blog.post("a-start").id().to_owned();
    let author = blog.author.clone();
    for (action, input) in [
        ("publish_post", json!({"id": post})),
        ("update_post", json!({"id": post, "title": "New"})),
        ("add_comment", json!({"body": "one", "post": post, "author": author})),
        ("delete_post", json!({"id": post})),
    ] {
        blog.call(action, &input).success();
    }
}

#[test]
fn the_shop_runs_as_the_application() {
    let database = Database::of(&example("shop"));
    let mut client = database.connect();
    become_role(&mut client, "specql_application");
    let customer = json!({"name": "Jane", "email": "jane@example.com"});
    let customer = Outcome::of(&mut client, "shop.fn_register_customer", &customer).success();
    let product = json!({"name": "A", "sku": "A", "price": "2.50", "stock": 5});
    let product = Outcome::of(&mut client, "shop.fn_add_product", &product).success();
    let items = json!([{"productId": product.id(), "quantity": 2}]);
    let order = json!({"number": "1", "customer": customer.id(), "items": items});
    Outcome::of(&mut client, "shop.fn_place_order", &order).success();
}

#[test]
fn the_tenants_run_as_the_application() {
    let database = Database::of(&example("saas"));
    let mut client = database.connect();
    become_role(&mut client, "specql_application");
    client.batch_execute(&format!("SET app.tenant_id = '{FIRST}'")).unwrap();
    let own =
        Outcome::of(&mut client, "saas.fn_create_organization", &json!({"name": "x"})).success();
    let member = json!({"name": "M", "email": "m@example.com", "organization": own.id()});
    let member = Outcome::of(&mut client, "saas.fn_invite_member", &member).success();
    let plan = json!({"id": own.id(), "plan": "team"});
    Outcome::of(&mut client, "saas.fn_change_plan", &plan).success();
    Outcome::of(&mut client, "saas.fn_remove_member", &json!({"id": member.id()})).success();
}

#[test]
fn the_application_reaches_its_tables_and_no_more() {
    let mut blog = Blog::new();
    blog.post("a-start");
    become_role(&mut blog.client, "specql_application");
    for statement in [
        "DELETE FROM blog.tb_post",
        "TRUNCATE blog.tb_post",
        "SELECT * FROM app.audit_post",
        "INSERT INTO app.audit_post (tenant_id, operation_type) VALUES (app.current_tenant_id(), 'TRUNCATE')",
        "UPDATE app.outbox SET topic = 'x'",
        "DELETE FROM app.mutation_log",
        "SELECT app.erase_audit('Post', gen_random_uuid(), 'x')",
        "SELECT * FROM app.get_mutations()",
        "SELECT app.maintain_outbox()",
        "SELECT app.replay_outbox()",
        "CALL app.replay_outbox_in_pages()",
        "SELECT * FROM app.events_to_replay(NULL, NULL, NULL, NULL, NULL)",
        "SELECT app.ensure_partitions('app.outbox')",
        "SELECT * FROM app.outbox$rest",
        "CREATE TABLE app.x ()",
    ] {
        assert_eq!(code(&mut blog.client, statement), "42501", "{statement}");
    }
}

#[test]
fn the_auditor_reads_the_trail_and_no_more() {
    let mut blog = Blog::new();
    let post = blog.post("a-start").id().to_owned();
    become_role(&mut blog.client, "specql_auditor");
    let history =
        format!("SELECT to_jsonb(count(*)) FROM app.get_post_audit_history_with_cascade('{post}')");
    assert_eq!(query(&mut blog.client, &history), json!(1));
    let changes = "SELECT to_jsonb(count(*)) FROM app.mutation_log AS m, app.get_mutation_changes(m.mutation_id)";
    assert_eq!(query(&mut blog.client, changes), json!(3));
    let mutation = "SELECT jsonb_agg(jsonb_array_length(app.get_mutation(m.mutation_id) -> 'events')) FROM app.get_mutations('create_post', p_user => 'x') AS m";
    assert_eq!(query(&mut blog.client, mutation), json!(null));
    let mutation = mutation.replace(", p_user => 'x'", "");
    assert_eq!(query(&mut blog.client, &mutation), json!([2]));
    for statement in [
        "SELECT * FROM blog.tb_post",
        "SELECT * FROM app.outbox",
        "SELECT app.erase_audit('Post', gen_random_uuid(), 'x')",
        "DELETE FROM app.audit_post",
        "SELECT blog.fn_create_post('{}')",
    ] {
        assert_eq!(code(&mut blog.client, statement), "42501", "{statement}");
    }
}

#[test]
fn the_connector_reads_the_events_of_every_tenant_and_no_more() {
    let database = Database::of(&example("saas"));
    let mut client = database.connect();
    for tenant in [FIRST, SECOND] {
        client.batch_execute(&format!("SET app.tenant_id = '{tenant}'")).unwrap();
        Outcome::of(&mut client, "saas.fn_create_organization", &json!({"name": "x"})).success();
    }
    client.batch_execute("RESET app.tenant_id").unwrap();
    become_role(&mut client, "specql_cdc");
    assert_eq!(query(&mut client, "SELECT to_jsonb(count(*)) FROM app.outbox"), json!(2));
    for statement in ["SELECT * FROM saas.tb_organization", "DELETE FROM app.outbox"] {
        assert_eq!(code(&mut client, statement), "42501", "{statement}");
    }
}

#[test]
fn nobody_reads_another_tenant_through_partitions() {
    let database = Database::of(&example("saas"));
    let mut client = database.connect();
    client.batch_execute(&format!("SET app.tenant_id = '{FIRST}'")).unwrap();
    Outcome::of(&mut client, "saas.fn_create_organization", &json!({"name": "x"})).success();
    // Somebody grants too much, and partitions are made later.
    let role = format!("{}_reader", database.name());
    client
        .batch_execute(&format!(
            "SELECT app.ensure_partitions('app.outbox', 9), app.ensure_partitions('app.audit_organization', 9);
             CREATE ROLE {role};
             GRANT USAGE ON SCHEMA app, saas TO {role};
             GRANT ALL ON ALL TABLES IN SCHEMA app, saas TO {role};
             SET ROLE {role}"
        ))
        .unwrap();
    let relations = query(
        &mut client,
        "SELECT jsonb_agg(c.oid::regclass::text) FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
         WHERE n.nspname IN ('app', 'saas') AND c.relkind IN ('r', 'p') AND EXISTS (
             SELECT FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id'
         )",
    );
    let relations = relations.as_array().unwrap();
    assert!(relations.len() > 30, "{}", relations.len());
    let mut seen = 0;
    for (tenant, may_see) in [(FIRST, true), (SECOND, false)] {
        client.batch_execute(&format!("SET app.tenant_id = '{tenant}'")).unwrap();
        for relation in relations {
            let relation = relation.as_str().unwrap();
            let count = query(&mut client, &format!("SELECT to_jsonb(count(*)) FROM {relation}"));
            assert!(may_see || count == json!(0), "{relation} {count}");
            seen += count.as_i64().unwrap();
        }
    }
    assert!(seen >= 6, "the first tenant sees its own: {seen}");
    let partitions = query(
        &mut client,
        "SELECT jsonb_agg(p.partition::text) FROM app.partitions('app.audit_organization') AS p",
    );
    for partition in partitions.as_array().unwrap() {
        let partition = partition.as_str().unwrap();
        for statement in ["TRUNCATE", "DELETE FROM"] {
            let statement = format!("{statement} {partition}");
            if statement.starts_with("TRUNCATE") {
                assert_eq!(code(&mut client, &statement), "42501", "{statement}");
            }
        }
    }
    client.batch_execute(&format!("RESET ROLE; DROP OWNED BY {role}; DROP ROLE {role}")).unwrap();
}

#[test]
fn maintenance_that_cannot_see_every_row_fails() {
    let database = Database::of(&example("saas"));
    let mut client = database.connect();
    let role = format!("{}_owner", database.name());
    let slot = format!("unread_{}", std::process::id());
    client
        .batch_execute(&format!("SELECT pg_create_logical_replication_slot('{slot}', 'pgoutput')"))
        .unwrap();
    client
        .batch_execute(&format!(
            "CREATE ROLE {role};
             GRANT USAGE, CREATE ON SCHEMA app TO {role};
             ALTER TABLE app.outbox OWNER TO {role};
             GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA app TO {role};
             CREATE TABLE app.outbox_old PARTITION OF app.outbox
                 FOR VALUES FROM ('2010-01-01 00:00+00') TO ('2010-02-01 00:00+00');
             SET app.tenant_id = '{FIRST}';
             INSERT INTO app.outbox (aggregate_type, aggregate_id, event_type, event_payload, tenant_id, topic, partition_key, created_at)
             VALUES ('Post', gen_random_uuid(), 'X', '{{}}', '{FIRST}', 'x', 'k', '2010-01-15');
             SET ROLE {role}"
        ))
        .unwrap();
    let maintain = format!("SELECT app.maintain_outbox('30 days', '{slot}')");
    assert_eq!(code(&mut client, &maintain), "42501");
    become_role(&mut client, "postgres");
    let maintain = format!("SELECT to_jsonb(app.maintain_outbox('30 days', '{slot}'))");
    assert_eq!(query(&mut client, &maintain), json!(0), "nobody has read it");
    assert_eq!(query(&mut client, "SELECT to_jsonb(count(*)) FROM app.outbox_old"), json!(1));
    client.batch_execute(&format!("SELECT pg_drop_replication_slot('{slot}')")).unwrap();
    client
        .batch_execute(&format!(
            "REASSIGN OWNED BY {role} TO postgres; DROP OWNED BY {role}; DROP ROLE {role}"
        ))
        .unwrap();
}

/// What the application may call that is not `fn_`, `do_`, `spec_`, `given_`, `refresh_tv_` or `image_` of an
/// entity: more than these is a decision.
const OF_ACTIONS: &str = "any_event as_uuid begin_action cascade_build cascade_deleted cascade_entity
cascade_invalidation collections current_causation_id current_change_reason current_correlation_id
current_mutation_id current_tenant_id current_traceparent current_user_id cut_entries cut_text digits
distinct_rows distinct_texts distinct_touches duration fail failed_action finish_action first_touched
following_metadata graphql_name is_erasure is_uuid iso_timestamp keep_mutation kept_entries
kept_invalidations key_lock leading_metadata listed_ids merge_invalidations moment new_traceparent no_row
payload_members pick_members type_name unfit_input with_member without_entities write_events write_rows";

/// Functions of a project that look like those of the framework, and one that the application was granted by an
/// earlier revision.
const BYSTANDERS: &str = "
CREATE FUNCTION app.my_report() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION app.as_uuid(p_text text, p_other integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION app.get_all_audit_rows() RETURNS integer LANGUAGE sql AS 'SELECT 1';
REVOKE ALL ON FUNCTION app.my_report(), app.as_uuid(text, integer), app.get_all_audit_rows() FROM PUBLIC;
DO $$
BEGIN
    IF to_regrole('specql_application') IS NOT NULL THEN
        GRANT EXECUTE ON FUNCTION app.my_report() TO specql_application;
    END IF;
END
$$";

/// What a role was granted and should not have been, or is missing.
fn wrongly_granted(workspace: &Workspace) -> Vec<String> {
    let database = Database::with_problems(workspace);
    let mut client = database.connect();
    client.batch_execute(BYSTANDERS).expect("PostgreSQL takes it");
    let mut overloads = Vec::new();
    for entity in workspace.entities() {
        for action in &entity.actions {
            let (schema, name) = (entity.schema_name(), &action.name.text);
            overloads.push(format!(
                "CREATE FUNCTION \"{schema}\".\"fn_{name}\"(p_text text, p_other uuid) RETURNS integer LANGUAGE sql AS 'SELECT 1'"
            ));
        }
    }
    client.batch_execute(&overloads.join(";\n")).expect("PostgreSQL takes it");
    database.load(workspace).expect("PostgreSQL takes it");
    let expected: Vec<String> = workspace
        .entities()
        .flat_map(|entity| {
            let schema = entity.schema_name();
            let snake = entity.snake_name();
            let of_actions = entity.actions.iter().flat_map(move |action| {
                let name = &action.name.text;
                [("fn", "(jsonb)"), ("do", "(jsonb,app.context)"), ("spec", "()"), ("given", "")]
                    .map(|(kind, parameters)| format!("{schema}.{kind}_{name}{parameters}"))
            });
            let of_rows = [
                format!("{schema}.refresh_tv_{snake}(integer)"),
                format!("{schema}.image_{snake}(app.touch[])"),
            ];
            of_rows.into_iter().chain(of_actions)
        })
        .collect();
    let rows = client
        .query(
            "SELECT n.nspname || '.' || f.proname AS name,
                '(' || array_to_string(ARRAY(SELECT a::regtype::text FROM unnest(f.proargtypes) AS a), ',') || ')' AS parameters,
                EXISTS (SELECT FROM aclexplode(f.proacl) AS a WHERE a.grantee = 'specql_application'::regrole) AS is_granted,
                has_function_privilege('specql_application', f.oid, 'EXECUTE') AS may_call,
                f.prosecdef OR f.prorettype = 'trigger'::regtype AS is_apart,
                f.prosrc
            FROM pg_proc AS f JOIN pg_namespace AS n ON n.oid = f.pronamespace
            WHERE n.nspname NOT IN ('pg_catalog', 'information_schema')",
            &[],
        )
        .expect("PostgreSQL takes it");
    let mut faults = Vec::new();
    let mut granted = Vec::new();
    let mut bodies = String::new();
    for row in &rows {
        let (name, parameters): (String, String) = (row.get("name"), row.get("parameters"));
        let full = format!("{name}{parameters}");
        let is_given = name.contains(".given_") && parameters.starts_with("(app.image[]");
        let is_listed = match name.strip_prefix("app.") {
            Some(it) => {
                OF_ACTIONS.split_whitespace().any(|by| by == it) && parameters != "(text,integer)"
                    || full == "app.cut_text(text,integer)"
            }
            None => expected.contains(&full) || is_given && expected.contains(&name),
        };
        if is_listed != row.get::<_, bool>("is_granted") {
            faults.push(format!("{full}: listed {is_listed}"));
        }
        if row.get("may_call") {
            granted.push(name);
            if is_listed && !row.get::<_, bool>("is_apart") {
                bodies.push_str(row.get("prosrc"));
            }
        } else if is_listed {
            faults.push(format!("{full} cannot be called"));
        }
    }
    // Functions call others with the rights of who calls them.
    for row in &rows {
        let name: String = row.get("name");
        if bodies.contains(&format!("{name}(")) && !granted.contains(&name) {
            faults.push(format!("{name} is called and cannot be"));
        }
    }
    faults
}

#[test]
fn the_application_may_call_what_is_listed_and_nothing_else() {
    for name in EXAMPLES {
        assert_eq!(wrongly_granted(&example(name)), Vec::<String>::new(), "{name}");
    }
    for name in ["clinic", "library"] {
        let files = files_below(&format!("tests/workspaces/{name}"));
        let files: Vec<(&str, &str)> =
            files.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect();
        assert_eq!(wrongly_granted(&workspace(&files)), Vec::<String>::new(), "{name}");
    }
    for seed in seeds(4) {
        let options = RandomOptions { calls: seed % 2 == 0, ..RandomOptions::default() };
        let made = RandomWorkspace::with(seed, options);
        assert_eq!(wrongly_granted(&made.model()), Vec::<String>::new(), "{}", made.shown());
    }
}
