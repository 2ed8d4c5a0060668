//! A database of an earlier revision: what is emitted brings it up to date with its rows, or refuses.

use std::{thread, time::Duration};

use serde_json::{Value, json};
use specql_codegen::{EmitOptions, emit};
use specql_tests::postgres::{Database, Outcome, json as query, workspace};

const ACTIONS: &str = "
actions:
  - name: create_item
    steps:
      - insert: Item
    impact:
      primary: {entity: Item, operation: CREATE}
";

const OWNER: (&str, &str) = ("owner.yaml", "entity: Owner\nschema: shop\nfields:\n  name: text!\n");

/// A database with the first revision, and what the second one says to it.
fn upgraded(first: &str, second: &str, rows: &[Value]) -> (Database, Result<(), String>) {
    let of = |fields: &str| {
        let item = format!("entity: Item\nschema: shop\nfields:\n{fields}{ACTIONS}");
        workspace(&[("item.yaml", &item), OWNER])
    };
    let database = Database::of(&of(first));
    let mut client = database.connect();
    for row in rows {
        Outcome::of(&mut client, "shop.fn_create_item", row).success();
    }
    let loaded = database.load(&of(second));
    if loaded.is_ok() {
        assert_eq!(database.load(&of(second)), Ok(()), "it runs again");
        let fresh = Database::of(&of(second));
        pretty_assertions(&database.dump(), &fresh.dump());
    }
    (database, loaded)
}

fn pretty_assertions(upgraded: &str, fresh: &str) {
    let missing: Vec<&str> =
        fresh.lines().filter(|it| !upgraded.lines().any(|other| other == *it)).collect();
    let extra: Vec<&str> =
        upgraded.lines().filter(|it| !fresh.lines().any(|other| other == *it)).collect();
    assert_eq!((missing, extra), (vec![], vec![]));
    assert_eq!(upgraded, fresh);
}

#[test]
fn a_field_that_is_added_later_is_there_for_old_and_new_rows() {
    let (database, loaded) = upgraded(
        "  name: text!\n",
        "  name: text!\n  color: enum(red, blue)! = red\n  price: money = 3\n  owner: ref(Owner)\n  note:\n    type: text\n    unique: true\n",
        &[json!({"name": "old"})],
    );
    assert_eq!(loaded, Ok(()));
    let mut client = database.connect();
    let made =
        Outcome::of(&mut client, "shop.fn_create_item", &json!({"name": "new", "color": "blue"}));
    assert_eq!(made.success().at("/object_data/color"), "blue");
    let rows = query(
        &mut client,
        "SELECT jsonb_agg(v.data ->> 'name' || ' ' || (v.data ->> 'color') ORDER BY v.pk_item) FROM shop.tv_item AS v",
    );
    assert_eq!(rows, json!(["old red", "new blue"]), "the read model of old rows has it too");
}

#[test]
fn a_value_that_is_added_to_an_enum_can_be_used() {
    let (database, loaded) =
        upgraded("  st: enum(a, b)\n", "  st: enum(a, b, c)\n", &[json!({"st": "a"})]);
    assert_eq!(loaded, Ok(()));
    let mut client = database.connect();
    Outcome::of(&mut client, "shop.fn_create_item", &json!({"st": "c"})).success();
}

#[test]
fn what_is_let_loose_is_let_loose() {
    let (database, loaded) = upgraded(
        "  name:\n    type: text\n    required: true\n    unique: true\n  st: enum(a, b) = a\n  amount: integer\n  price: decimal(8,2)\n",
        "  name: text\n  st: text\n  amount: bigint\n  price: decimal(12,4)\n",
        &[json!({"name": "x", "amount": 7, "price": "1.25"})],
    );
    assert_eq!(loaded, Ok(()));
    let mut client = database.connect();
    let input = json!({"name": "x", "st": "anything", "amount": "5000000000"});
    Outcome::of(&mut client, "shop.fn_create_item", &input).success();
    Outcome::of(&mut client, "shop.fn_create_item", &json!({})).success();
}

#[test]
fn what_is_tightened_holds_when_the_rows_allow_it() {
    let (_, loaded) = upgraded(
        "  name: text\n  st: enum(a, b)\n",
        "  name: text!\n  st: enum(a)\n",
        &[json!({"name": "x", "st": "a"})],
    );
    assert_eq!(loaded, Ok(()));
}

#[test]
fn what_would_lose_data_is_refused_and_changes_nothing() {
    for (first, second, row, said) in [
        ("  st: enum(a, b)\n", "  st: enum(a)\n", json!({"st": "b"}), "rows do not satisfy CHECK"),
        (
            "  name: text\n",
            "  name: text!\n",
            json!({}),
            "rows do not satisfy CHECK ((name IS NOT NULL))",
        ),
        (
            "  st: text\n",
            "  st: text\n  size: integer!\n",
            json!({}),
            "size is required and has no default",
        ),
        (
            "  size: bigint\n",
            "  size: integer\n",
            json!({"size": 3}),
            "size is bigint there and integer now",
        ),
        (
            "  name: text!\n",
            "  title: text\n",
            json!({"name": "x"}),
            "name is required there and no field has it",
        ),
        (
            "  owner: ref(Owner)\n",
            "  owner: ref(Item)\n",
            json!({}),
            "fk_owner leads to shop.tb_owner there",
        ),
    ] {
        let (database, loaded) = upgraded(first, second, std::slice::from_ref(&row));
        let error = loaded.expect_err(second);
        assert!(error.contains(said), "{error}");
        assert!(error.contains("then load this file again"), "{error}");
        let mut client = database.connect();
        assert_eq!(query(&mut client, "SELECT to_jsonb(count(*)) FROM shop.tb_item"), json!(1));
        let checks = "SELECT to_jsonb(count(*)) FROM pg_constraint AS c WHERE NOT c.convalidated";
        assert_eq!(query(&mut client, checks), json!(0), "{second}");
        let again = client.execute("UPDATE shop.tb_item SET updated_at = now()", &[]);
        assert_eq!(again.ok(), Some(1), "the row that stands can still be written: {second}");
    }
}

#[test]
fn a_column_that_no_field_has_is_left_and_named() {
    let (database, loaded) = upgraded("  name: text\n  old: text\n", "  name: text\n", &[]);
    let said = loaded.expect_err("psql has something to say");
    assert!(said.contains("WARNING:  shop.tb_item keeps the column old"), "{said}");
    let mut client = database.connect();
    client.batch_execute("SELECT t.old FROM shop.tb_item AS t").unwrap();
}

/// An earlier release of specql-lsp made a function with other parameters: nothing calls it any more.
#[test]
fn a_function_of_an_earlier_release_goes() {
    let files = [("item.yaml", "entity: Item\nschema: shop\nfields: {name: text}\n")];
    let workspace = workspace(&files);
    let database = Database::of(&workspace);
    let mut client = database.connect();
    client
        .batch_execute(
            "CREATE FUNCTION app.failed_action(spec$ jsonb, state$ text) RETURNS jsonb LANGUAGE sql RETURN spec$;
            CREATE FUNCTION app.fail(code$ text) RETURNS text LANGUAGE sql RETURN code$;
            CREATE VIEW app.mine AS SELECT app.fail('x');
            CREATE FUNCTION app.mine(code$ text) RETURNS text LANGUAGE sql RETURN code$",
        )
        .unwrap();
    let said = database.load(&workspace).expect_err("psql has something to say");
    assert!(said.contains("app.fail(text) is of an earlier release and stays"), "{said}");
    let left = "SELECT jsonb_agg(f.oid::regprocedure::text ORDER BY 1) FROM pg_proc AS f
        WHERE f.oid::regproc::text IN ('app.mine', 'app.failed_action') AND f.pronargs < 3";
    assert_eq!(query(&mut client, left), json!(["app.mine(text)"]));
    client.batch_execute("DROP VIEW app.mine").unwrap();
    assert_eq!(database.load(&workspace), Ok(()));
    assert_eq!(database.load(&workspace), Ok(()));
}

#[test]
fn rows_that_belong_to_no_tenant_are_told_of_once() {
    let item = format!("entity: Item\nschema: shop\nfields: {{name: text}}\n{ACTIONS}");
    let single = workspace(&[("item.yaml", &*item)]);
    let tenants =
        workspace(&[("item.yaml", &*item), ("specql.config.yaml", "tenancy: required\n")]);
    let empty = Database::of(&single);
    assert_eq!(empty.load(&tenants), Ok(()));
    let database = Database::of(&single);
    Outcome::of(&mut database.connect(), "shop.fn_create_item", &json!({"name": "x"})).success();
    let said = database.load(&tenants).expect_err("psql has something to say");
    assert!(said.contains("shop.tb_item has rows that belong to no tenant"), "{said}");
    assert_eq!(database.load(&tenants), Ok(()));
}

/// An index has the name of its field, whatever its columns were in an earlier release.
#[test]
fn an_index_of_before_is_put_in_its_place() {
    let item = format!(
        "entity: Item\nschema: shop\nfields: {{name: text, sku: {{type: text, unique: true}}, owner: ref(Owner), more: list(ref(Owner))}}\n{ACTIONS}"
    );
    let workspace = workspace(&[("item.yaml", &*item), OWNER]);
    let mut old = emit(&workspace, EmitOptions { tables: true, samples: false });
    for it in &mut old {
        for (now, before) in [
            ("(sku, tenant_id)", "(tenant_id, sku)"),
            ("(fk_owner)", "(fk_owner, tenant_id)"),
            ("(more jsonb_path_ops)", "(more)"),
            ("((data -> 'owner' ->> 'id'))", "((data -> 'owner'))"),
        ] {
            it.text = it.text.replace(now, before);
        }
    }
    let database = Database::empty();
    assert_eq!(database.load_files(&old), Ok(()));
    let mut client = database.connect();
    Outcome::of(&mut client, "shop.fn_create_item", &json!({"sku": "x"})).success();
    let fresh = Database::empty();
    assert_eq!(fresh.load(&workspace), Ok(()));
    let different = |one: &str, other: &str| {
        one.lines().filter(|it| !other.lines().any(|other| other == *it)).count()
    };
    assert_eq!(different(&database.dump(), &fresh.dump()), 4);
    assert_eq!(database.load(&workspace), Ok(()));
    assert_eq!(database.load(&workspace), Ok(()));
    pretty_assertions(&database.dump(), &fresh.dump());
}

/// Readers of a tenant find rows of the read model by a reference through a column; an earlier release had an
/// index over `data`, which row-level security keeps them from.
#[test]
fn a_read_model_of_before_gets_the_ids_of_related_rows() {
    let item =
        format!("entity: Item\nschema: shop\nfields: {{name: text, owner: ref(Owner)}}\n{ACTIONS}");
    let tenants = ("specql.config.yaml", "tenancy: required\n");
    let workspace = workspace(&[("item.yaml", &*item), OWNER, tenants]);
    let mut old = emit(&workspace, EmitOptions { tables: true, samples: false });
    for it in &mut old {
        for (now, before) in [
            (
                ",\n    owner_id uuid GENERATED ALWAYS AS ((data -> 'owner' ->> 'id')::uuid) STORED",
                "",
            ),
            (
                "PERFORM app.add_related_ids('shop.tv_item', ARRAY['owner_id'], ARRAY['owner']);",
                "NULL;",
            ),
            ("(owner_id, tenant_id)", "(data)"),
            ("(fk_owner, tenant_id)", "(fk_owner)"),
        ] {
            it.text = it.text.replace(now, before);
        }
    }
    let database = Database::empty();
    assert_eq!(database.load_files(&old), Ok(()));
    let mut client = database.connect();
    client.batch_execute("SET app.tenant_id = '00000000-0000-4000-8000-00000000beef'").unwrap();
    let owner = query(
        &mut client,
        "WITH o AS (INSERT INTO shop.tb_owner (name) VALUES ('a') RETURNING id) SELECT to_jsonb(id) FROM o",
    );
    for input in [json!({"owner": owner}), json!({"name": "nobody's"})] {
        Outcome::of(&mut client, "shop.fn_create_item", &input).success();
    }
    let fresh = Database::empty();
    assert_eq!(fresh.load(&workspace), Ok(()));
    assert_ne!(database.dump(), fresh.dump());
    assert_eq!(database.load(&workspace), Ok(()));
    assert_eq!(database.load(&workspace), Ok(()), "it runs again");
    pretty_assertions(&database.dump(), &fresh.dump());
    let ids = query(
        &mut client,
        "SELECT jsonb_agg(v.owner_id ORDER BY v.pk_item) FROM shop.tv_item AS v",
    );
    assert_eq!(ids, json!([owner, null]));
}

/// Events that nobody has read would stay in a table that no connector looks at.
#[test]
fn an_outbox_that_had_another_name_is_told_of() {
    let item =
        format!("entity: Item\nschema: shop\nfields: {{name: text}}\n{ACTIONS}    cdc: true\n");
    let named = |config| workspace(&[("specql.config.yaml", config), ("item.yaml", &*item)]);
    let database = Database::of(&named(""));
    let other = named("outbox: {table: events}\n");
    let said = database.load(&other).expect_err("psql has something to say");
    assert!(said.contains("WARNING:  app.outbox was the outbox before"), "{said}");
    // It has all that a new one has.
    let indexes = "SELECT to_jsonb(count(*)) FROM pg_index WHERE indrelid = 'app.events'::regclass";
    assert_eq!(query(&mut database.connect(), indexes), json!(3));
    database.connect().batch_execute("DROP TABLE app.outbox").unwrap();
    assert_eq!(database.load(&other), Ok(()));
}

/// Calls go on while a read model is filled: each row is shown as they leave it, and neither of the two waits
/// for the other in a circle.
#[test]
fn a_read_model_that_is_filled_beside_calls_shows_what_they_wrote() {
    let item = "entity: Item\nschema: shop\nfields:\n  name: text!\n  other: ref(Item)\nactions:\n  - name: create_item\n    steps: [{insert: Item}]\n    impact: {primary: {entity: Item, operation: CREATE}}\n  - name: change_item\n    steps: [{update: Item}, {update: Item SET name = 'pair' WHERE id = other}]\n    impact: {primary: {entity: Item, operation: UPDATE}}\n  - name: hide_item\n    steps: [{delete: Item}]\n    impact: {primary: {entity: Item, operation: DELETE}}\n  - name: drop_item\n    steps: [{delete: Item, hard: true}]\n    impact: {primary: {entity: Item, operation: DELETE}}\n";
    let database = Database::of(&workspace(&[("item.yaml", item)]));
    let mut client = database.connect();
    let mut other = None;
    let mut ids = Vec::new();
    for name in ["a", "b", "c", "d"] {
        let input = json!({"name": name, "other": other});
        let made = Outcome::of(&mut client, "shop.fn_create_item", &input).success();
        other = Some(made.id().to_owned());
        ids.push(made.id().to_owned());
    }
    // The row of the later key first, then that of the earlier one.
    let calls = [
        ("shop.fn_change_item", json!({"id": ids[1], "name": "B"})),
        ("shop.fn_hide_item", json!({"id": ids[2]})),
        ("shop.fn_drop_item", json!({"id": ids[3]})),
    ];
    for (function, input) in calls {
        let (mut caller, mut filler) = (database.connect(), database.connect());
        caller.batch_execute("BEGIN").expect("a transaction");
        Outcome::of(&mut caller, function, &input).success();
        let filled =
            thread::spawn(move || filler.batch_execute("SELECT shop.refresh_tv_item(NULL)"));
        let waiting =
            "SELECT to_jsonb(count(*)) FROM pg_locks AS l JOIN pg_stat_activity AS a USING (pid)
            WHERE NOT l.granted AND a.datname = current_database()";
        while query(&mut client, waiting) == json!(0) {
            assert!(!filled.is_finished(), "the row is waited for");
            thread::sleep(Duration::from_millis(5));
        }
        caller.batch_execute("COMMIT").expect("it is done");
        filled.join().expect("no panic").expect("no deadlock");
        let shown = query(
            &mut client,
            "SELECT jsonb_build_array(
                (SELECT jsonb_agg(t.name ORDER BY t.pk_item) FROM shop.tb_item AS t WHERE t.deleted_at IS NULL),
                (SELECT jsonb_agg(v.data -> 'name' ORDER BY v.pk_item) FROM shop.tv_item AS v)
            )",
        );
        assert_eq!(shown[0], shown[1], "{function}");
    }
}
