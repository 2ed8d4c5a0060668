//! `migrate`: a database of an old revision with rows, brought to the new one, equals a fresh one but for
//! the order of columns, and keeps its rows. Over pairs of workspaces that are written here and over
//! random pairs; `SPECQL_RANDOM` takes more of them, `SPECQL_SEED` begins with another one.

use fastrand::Rng;
use postgres::Client;
use serde_json::{Value, json};
use specql_codegen::{EmitOptions, EmittedFile, Migration, emit, migration};
use specql_contract::Contract;
use specql_model::{EntityId, Workspace};
use specql_tests::{
    postgres::{Database, Outcome, json as query, workspace},
    random_input::random_input,
    random_workspace::{RandomOptions, RandomWorkspace, seeds},
};

const OPTIONS: EmitOptions = EmitOptions { tables: true, samples: false };

/// The migration between two workspaces, with what is destructive.
fn between(old: &Workspace, new: &Workspace) -> Migration {
    migration(&emit(old, OPTIONS), &emit(new, OPTIONS), new, true)
}

/// A database with everything that is emitted for a workspace: in one file, which is faster than many.
fn made(workspace: &Workspace) -> Database {
    let texts: Vec<String> = emit(workspace, OPTIONS).into_iter().map(|it| it.text).collect();
    let database = Database::empty();
    let file = EmittedFile { path: "all".to_owned(), text: texts.join("\n") };
    assert_eq!(database.load_files(&[file]), Ok(()));
    database
}

/// Runs the files of a migration; a warning names a column that the second file drops, or a question that
/// nobody has answered.
fn apply(database: &Database, migration: &Migration) {
    for (path, text) in [("expand", &migration.expand), ("contract", &migration.contract)] {
        let file = EmittedFile { path: path.to_owned(), text: text.clone() };
        let said = database.load_files(&[file]).err().unwrap_or_default();
        let told = [" keeps the column ", " has rows that belong to no tenant"];
        let is_warning = |line: &str| {
            line.starts_with("HINT:  say whose they are")
                || (line.contains("WARNING:  ") && told.iter().any(|it| line.contains(it)))
        };
        let wrong: Vec<&str> =
            said.lines().filter(|it| !is_warning(it) && !it.starts_with("CONTEXT")).collect();
        let wrong: Vec<&str> = wrong
            .into_iter()
            .filter(|it| !it.starts_with("PL/pgSQL") && !it.starts_with("SQL statement"))
            .collect();
        assert!(wrong.is_empty(), "{said}\n{text}");
    }
}

fn same(upgraded: &Database, new: &Workspace, shown: &str) {
    let (upgraded, fresh) = (upgraded.dump(), made(new).dump());
    let only = |one: &str, other: &str| -> Vec<String> {
        one.lines().filter(|it| !other.lines().any(|line| line == *it)).map(str::to_owned).collect()
    };
    let nothing: Vec<String> = Vec::new();
    let found = (only(&fresh, &upgraded), only(&upgraded, &fresh));
    assert_eq!(found, (nothing.clone(), nothing), "missing and left over\n{shown}");
    assert_eq!(upgraded, fresh, "{shown}");
}

/// A database of the old files in which `rows` were made, brought to the new ones.
fn migrated(
    old: &[(&str, &str)],
    new: &[(&str, &str)],
    rows: &[(&str, Value)],
) -> (Database, Client) {
    let (old, new) = (workspace(old), workspace(new));
    let database = made(&old);
    let mut client = database.connect();
    for (function, input) in rows {
        Outcome::of(&mut client, function, input).success();
    }
    drop(client);
    let migration = between(&old, &new);
    apply(&database, &migration);
    same(&database, &new, &migration.expand);
    let client = database.connect();
    (database, client)
}

const ACTIONS: &str = "
actions:
  - name: create_item
    steps: [{insert: Item}]
    impact: {primary: {entity: Item, operation: CREATE}}
    cdc: true
";

fn item(fields: &str) -> String {
    format!("entity: Item\nschema: shop\nfields:\n{fields}{ACTIONS}")
}

const OWNER: (&str, &str) = (
    "owner.yaml",
    "entity: Owner\nschema: shop\nfields:\n  name: text!\nactions:\n  - name: create_owner\n    steps: [{insert: Owner}]\n    impact: {primary: {entity: Owner, operation: CREATE}}\n",
);

/// Before `$` stood between the columns, indexes of upserts had names that other lists of columns could have
/// too. One that is the same but for its name is not built again, also where a field has another name now.
#[test]
fn an_index_with_another_name_is_kept() {
    let tag = |field: &str| {
        format!(
            "entity: Tag\nschema: shop\nfields:\n  grp: text\n  {field}\nactions:\n  - name: set_tag\n    steps:\n      - upsert: Tag\n        conflict_target: [grp, {}]\n    impact: {{primary: {{entity: Tag, operation: UPSERT}}}}\n",
            field.split(':').next().unwrap_or_default()
        )
    };
    let index = "SELECT to_jsonb(c.oid) FROM pg_class AS c WHERE c.relname LIKE 'idx_tb_tag_grp%'";
    let new = workspace(&[("tag.yaml", &tag("label: {type: text, was: name}"))]);
    for (old, separator) in [("name: text", "$"), ("name: text", "_"), ("label: text", "_")] {
        let old = workspace(&[("tag.yaml", &tag(old))]);
        let database = Database::empty();
        let mut base = emit(&old, OPTIONS);
        for file in &mut base {
            file.text = file.text.replace("idx_tb_tag_grp$", &format!("idx_tb_tag_grp{separator}"));
        }
        assert_eq!(database.load_files(&base), Ok(()));
        let before = query(&mut database.connect(), index);
        let migration = migration(&base, &emit(&new, OPTIONS), &new, true);
        assert!(!migration.expand.contains("CONCURRENTLY"), "{}", migration.expand);
        apply(&database, &migration);
        same(&database, &new, &migration.expand);
        assert_eq!(query(&mut database.connect(), index), before, "{separator}");
    }
}

#[test]
fn a_trail_whose_name_another_entity_takes_moves_with_its_rows() {
    let post = |schema: &str| {
        format!(
            "entity: Post\nschema: {schema}\nfields: {{name: text}}\nactions:\n  - name: make_{schema}_post\n    steps: [{{insert: Post}}]\n    impact: {{primary: {{entity: Post, operation: CREATE}}}}\n"
        )
    };
    let (news, blog) = (post("news"), post("blog"));
    let old = [("news/post.yaml", &*news)];
    let new = [("blog/post.yaml", &*blog), ("news/post.yaml", &*news)];
    let (_database, mut client) =
        migrated(&old, &new, &[("news.fn_make_news_post", json!({"name": "x"}))]);
    for (function, name) in [("news.fn_make_news_post", "y"), ("blog.fn_make_blog_post", "z")] {
        Outcome::of(&mut client, function, &json!({"name": name})).success();
    }
    let trails = query(
        &mut client,
        "SELECT jsonb_build_array(
            (SELECT jsonb_agg(a.new_values -> 'name' ORDER BY a.sequence) FROM app.audit_news_post AS a),
            (SELECT jsonb_agg(a.new_values -> 'name') FROM app.audit_post AS a)
        )",
    );
    assert_eq!(trails, json!([["x", "y"], ["z"]]));
}

#[test]
fn renamed_fields_keep_their_values() {
    let old = item(
        "  name: {type: text!, unique: true}\n  st: enum(a, b) = a\n  owner: ref(Owner)\n  rivals: list(ref(Owner))\n  place: ref(Owner|Item)\n",
    );
    let new = item(
        "  title: {type: text!, unique: true, was: name}\n  state: {type: \"enum(a, b)\", default: a, was: st}\n  holder: {type: ref(Owner), was: owner}\n  others: {type: list(ref(Owner)), was: rivals}\n  spot: {type: ref(Owner|Item), was: place}\n",
    );
    let (old, new) = ([("item.yaml", &*old), OWNER], [("item.yaml", &*new), OWNER]);
    let (database, mut client) =
        migrated(&old, &new, &[("shop.fn_create_item", json!({"name": "x", "st": "b"}))]);
    let row = query(&mut client, "SELECT v.data FROM shop.tv_item AS v");
    assert_eq!((&row["title"], &row["state"]), (&json!("x"), &json!("b")));
    Outcome::of(&mut client, "shop.fn_create_item", &json!({"title": "y"})).success();
    drop(client);
    drop(database);
}

/// The id of a related row in a read model is made of its row, so nothing is lost with the column.
#[test]
fn the_ids_of_references_that_are_gone_go_with_them() {
    let tenants = ("specql.config.yaml", "tenancy: required\n");
    let (old, new) = (
        item("  name: text!\n  owner: ref(Owner)\n  maker: ref(Owner)\n"),
        item("  name: text!\n  seller: {type: ref(Owner), was: owner}\n"),
    );
    let (old, new) =
        ([("item.yaml", &*old), OWNER, tenants], [("item.yaml", &*new), OWNER, tenants]);
    let (old_files, new_files) = (workspace(&old), workspace(&new));
    let careful =
        migration(&emit(&old_files, OPTIONS), &emit(&new_files, OPTIONS), &new_files, false);
    let dropped = "\nALTER TABLE shop.tv_item\n    DROP COLUMN IF EXISTS owner_id,\n    DROP COLUMN IF EXISTS maker_id;";
    assert!(careful.contract.contains(dropped), "{}", careful.contract);
    assert_eq!(careful.destructive, 1, "the column of `maker` in the table is another matter");
    migrated(&old, &new, &[]);
}

#[test]
fn a_renamed_entity_keeps_rows_references_and_history() {
    let line = |target: &str| {
        format!(
            "entity: Line\nschema: shop\nfields:\n  item: ref({target})\n  any: ref({target}|Owner)\nactions:\n  - name: create_line\n    steps: [{{insert: Line}}]\n    impact: {{primary: {{entity: Line, operation: CREATE}}}}\n"
        )
    };
    let thing = "entity: Thing\nschema: store\nwas: shop.Item\nfields:\n  name: {type: text, unique: true}\n  kind: enum(a, b)\n  owner: ref(Owner)\nactions:\n  - name: create_thing\n    steps: [{insert: Thing}]\n    impact: {primary: {entity: Thing, operation: CREATE}}\n    cdc: true\n";
    let old = item("  name: {type: text, unique: true}\n  kind: enum(a, b)\n  owner: ref(Owner)\n");
    let (before, after) = (line("Item"), line("Thing"));
    let old = [("item.yaml", &*old), ("line.yaml", &*before), OWNER];
    let new = [("item.yaml", thing), ("line.yaml", &*after), OWNER];
    let (_database, mut client) =
        migrated(&old, &new, &[("shop.fn_create_item", json!({"name": "x", "kind": "b"}))]);
    let rows = query(&mut client, "SELECT jsonb_agg(v.data ->> 'name') FROM store.tv_thing AS v");
    assert_eq!(rows, json!(["x"]));
    let history = query(
        &mut client,
        "SELECT jsonb_agg(h.new_values ->> 'name') FROM store.tb_thing AS t, app.get_thing_audit_history(t.id) AS h",
    );
    assert_eq!(history, json!(["x"]));
    let thing = query(&mut client, "SELECT to_jsonb(t.id) FROM store.tb_thing AS t");
    // What is kept of before calls it by its old name.
    let erasure = query(
        &mut client,
        "SELECT to_jsonb(app.erase_audit('Thing', t.id, 'asked for')) FROM store.tb_thing AS t",
    );
    assert!(erasure.is_string());
    let left = query(
        &mut client,
        "SELECT jsonb_build_array(
            (SELECT app.verify_erasure(e.erasure_id) FROM app.erasure AS e),
            (SELECT jsonb_agg(DISTINCT e.entry #>> '{entity,name}') FROM app.mutation_log AS m,
                jsonb_array_elements(m.cascade_data -> 'updated') AS e(entry))
        )",
    );
    assert_eq!(left, json!([true, ["[erased]"]]));
    Outcome::of(&mut client, "shop.fn_create_line", &json!({"item": thing, "any": thing}))
        .success();
}

#[test]
fn what_is_gone_goes_and_what_stays_keeps_its_rows() {
    let old =
        item("  name: text!\n  old: text!\n  owner: ref(Owner)\n  owners: list(ref(Owner))\n");
    let new = "entity: Item\nschema: shop\naudit: false\nfields:\n  name: text!\n";
    let (_database, mut client) = migrated(
        &[("item.yaml", &*old), OWNER],
        &[("item.yaml", new)],
        &[("shop.fn_create_item", json!({"name": "x", "old": "y"}))],
    );
    assert_eq!(query(&mut client, "SELECT to_jsonb(t.name) FROM shop.tb_item AS t"), json!("x"));
}

#[test]
fn types_change_with_their_values() {
    let old = item(
        "  a: bigint\n  b: text\n  c: integer\n  d: money\n  e: list(text)\n  f: text\n  g: email\n",
    );
    let new = item(
        "  a: integer\n  b: integer\n  c: text\n  d: integer\n  e: text\n  f: text!\n  g: {type: text, default: x, nullable: false}\n",
    );
    let row = json!({"a": "7", "b": "8", "c": 9, "d": "2", "e": ["x"], "f": "f"});
    let (_database, mut client) =
        migrated(&[("item.yaml", &*old)], &[("item.yaml", &*new)], &[("shop.fn_create_item", row)]);
    let row = query(
        &mut client,
        "SELECT jsonb_build_array(t.a, t.b, t.c, t.d, t.e, t.f, t.g) FROM shop.tb_item AS t",
    );
    assert_eq!(row, json!([7, 8, "9", 2, "[\"x\"]", "f", "x"]));
}

#[test]
fn a_value_becomes_a_list_with_it_alone() {
    let old = item("  a: text\n  b: integer\n  c: text\n");
    let new = item("  a: list(text)\n  b: list(integer)\n  c: list(text)\n");
    let row = json!({"a": "7", "b": 8});
    let (_database, mut client) =
        migrated(&[("item.yaml", &*old)], &[("item.yaml", &*new)], &[("shop.fn_create_item", row)]);
    let row = query(&mut client, "SELECT jsonb_build_array(t.a, t.b, t.c) FROM shop.tb_item AS t");
    assert_eq!(row, json!([["7"], [8], null]));
}

/// Nothing of these is in the read model, whose file finishes what the table's begins.
#[test]
fn what_only_the_table_has_is_finished_too() {
    let old = item(
        "  a: boolean = true\n  b: enum(x, y) = x\n  c: integer\n  d: list(enum(p, q))\n  owner: ref(Owner)!\n",
    );
    let new = item(
        "  a: boolean! = false\n  b: enum(x, z) = z\n  c: {type: integer, min: 1}\n  d: list(enum(p))\n  owner: ref(Owner)\n",
    );
    let (_database, mut client) = migrated(
        &[("item.yaml", &*old), OWNER],
        &[("item.yaml", &*new), OWNER],
        &[("shop.fn_create_owner", json!({"name": "o"}))],
    );
    Outcome::of(&mut client, "shop.fn_create_item", &json!({})).success();
    let row = query(&mut client, "SELECT jsonb_build_array(t.a, t.b) FROM shop.tb_item AS t");
    assert_eq!(row, json!([false, "z"]));
}

#[test]
fn a_reference_that_leads_elsewhere_is_let_loose() {
    let maker = ("maker.yaml", "entity: Maker\nschema: shop\nfields:\n  name: text!\n");
    let (old, new) = (item("  by: ref(Owner)!\n"), item("  by: ref(Maker)\n"));
    let (old, new) = ([("item.yaml", &*old), maker, OWNER], [("item.yaml", &*new), maker, OWNER]);
    let (old, new) = (workspace(&old), workspace(&new));
    let database = made(&old);
    let mut client = database.connect();
    let owner = Outcome::of(&mut client, "shop.fn_create_owner", &json!({"name": "o"})).success();
    Outcome::of(&mut client, "shop.fn_create_item", &json!({"by": owner.id()})).success();
    let migration = between(&old, &new);
    apply(&database, &migration);
    same(&database, &new, &migration.expand);
    let rows = query(&mut client, "SELECT jsonb_agg(v.data -> 'by') FROM shop.tv_item AS v");
    assert_eq!(rows, json!([null]));
}

/// The functions of before write keys of before until theirs are replaced: none gets in behind the first step.
#[test]
fn keys_of_before_are_refused_once_a_reference_leads_elsewhere() {
    let maker = ("maker.yaml", "entity: Maker\nschema: shop\nfields:\n  name: text!\n");
    let (old, new) = (item("  by: ref(Owner)\n"), item("  by: ref(Maker)\n"));
    let (old, new) = ([("item.yaml", &*old), maker, OWNER], [("item.yaml", &*new), maker, OWNER]);
    let (old, new) = (workspace(&old), workspace(&new));
    let database = made(&old);
    let mut client = database.connect();
    let owner = Outcome::of(&mut client, "shop.fn_create_owner", &json!({"name": "o"})).success();
    let input = json!({"by": owner.id()});
    Outcome::of(&mut client, "shop.fn_create_item", &input).success();
    let migration = between(&old, &new);
    let files = migration.expand.find("\n-- 30_read_model/").expect("the file of the reference");
    let (first, files) = migration.expand.split_at(files);
    client.batch_execute(first).expect("statements");
    let refused = Outcome::of(&mut client, "shop.fn_create_item", &input);
    assert!(refused.status().starts_with("failed:"), "{}", refused.status());
    apply(&database, &Migration { expand: files.to_owned(), ..migration.clone() });
    same(&database, &new, &migration.expand);
}

#[test]
fn indexes_of_a_new_reference_hold_up_nobody() {
    let (old, new) = (item("  name: text!\n"), item("  name: text!\n  by: ref(Owner)\n"));
    let (old, new) =
        (workspace(&[("item.yaml", &*old), OWNER]), workspace(&[("item.yaml", &*new), OWNER]));
    let migration = between(&old, &new);
    for index in ["idx_tb_item_fk_by ON shop.tb_item", "idx_tv_item_fk_by ON shop.tv_item"] {
        let statement = format!("CREATE INDEX CONCURRENTLY IF NOT EXISTS {index}");
        assert!(migration.expand.contains(&statement), "{index}\n{}", migration.expand);
    }
    let database = made(&old);
    apply(&database, &migration);
    same(&database, &new, &migration.expand);
}

#[test]
fn an_entity_moves_to_another_schema_under_its_name() {
    let moved = OWNER.1.replace("schema: shop", "schema: crm\nwas: shop.Owner");
    let (old, new) = (item("  by: ref(Owner)\n"), item("  by: ref(crm.Owner)\n"));
    let (_database, mut client) = migrated(
        &[("item.yaml", &*old), OWNER],
        &[("item.yaml", &*new), ("owner.yaml", &moved)],
        &[("shop.fn_create_owner", json!({"name": "o"}))],
    );
    let history = query(
        &mut client,
        "SELECT jsonb_agg(h.new_values ->> 'name') FROM crm.tb_owner AS t, app.get_owner_audit_history(t.id) AS h",
    );
    assert_eq!(history, json!(["o"]));
}

#[test]
fn ids_that_lead_elsewhere_are_asked_for() {
    let (old, new) = (
        item("  all: list(ref(Owner))\n  any: ref(Owner|Item)\n  words: list(ref(Owner))\n"),
        item("  all: list(ref(Item))\n  any: ref(Item|Maker)\n  words: list(text)\n"),
    );
    let maker = ("maker.yaml", "entity: Maker\nschema: shop\nfields:\n  name: text!\n");
    let (old, new) = (
        workspace(&[("item.yaml", &*old), maker, OWNER]),
        workspace(&[("item.yaml", &*new), maker, OWNER]),
    );
    let database = made(&old);
    let mut client = database.connect();
    let owner = Outcome::of(&mut client, "shop.fn_create_owner", &json!({"name": "o"})).success();
    let ids = json!({"all": [owner.id()], "any": owner.id(), "words": [owner.id()]});
    Outcome::of(&mut client, "shop.fn_create_item", &ids).success();
    let mut found = between(&old, &new);
    for said in [
        "-- question: \"all\" leads to shop.tb_owner no longer",
        "-- question: any_id leads to shop.tb_owner no longer",
    ] {
        assert!(found.expand.contains(said), "{said}\n{}", found.expand);
    }
    assert_eq!(found.questions, 2, "{}", found.expand);
    found.expand = found
        .expand
        .lines()
        .map(|it| {
            it.strip_prefix("-- ")
                .filter(|it| it.contains("TRIGGER") || it.contains('…'))
                .unwrap_or(it)
        })
        .collect::<Vec<_>>()
        .join("\n")
        .replace('…', "NULL");
    apply(&database, &found);
    same(&database, &new, &found.expand);
    let rows =
        query(&mut client, "SELECT jsonb_build_array(t.\"all\", t.any_id) FROM shop.tb_item AS t");
    assert_eq!(rows, json!([null, null]));
}

#[test]
fn another_entity_takes_the_name_of_a_renamed_one() {
    let person = OWNER.1.replace("Owner", "Person").replace("owner", "person");
    let person = person.replace("schema: shop", "schema: shop\nwas: Owner");
    let (_database, mut client) = migrated(
        &[OWNER],
        &[OWNER, ("person.yaml", &person)],
        &[("shop.fn_create_owner", json!({"name": "o"}))],
    );
    let names = query(
        &mut client,
        "SELECT jsonb_build_array(
            (SELECT jsonb_agg(p.name) FROM shop.tb_person AS p), (SELECT jsonb_agg(o.name) FROM shop.tb_owner AS o)
        )",
    );
    assert_eq!(names, json!([["o"], null]));
    Outcome::of(&mut client, "shop.fn_create_owner", &json!({"name": "p"})).success();
}

#[test]
fn rows_of_a_time_without_tenants_are_asked_for() {
    let text = item("  name: text!\n");
    let old = workspace(&[("item.yaml", &*text)]);
    let new = workspace(&[("item.yaml", &*text), ("specql.config.yaml", "tenancy: required\n")]);
    let database = made(&old);
    let mut client = database.connect();
    Outcome::of(&mut client, "shop.fn_create_item", &json!({"name": "x"})).success();
    let mut found = between(&old, &new);
    assert_eq!(found.questions, 1);
    let tenant = "00000000-0000-4000-8000-00000000beef";
    found.expand = found
        .expand
        .lines()
        .map(|it| it.strip_prefix("-- ").filter(|it| it.contains(" tenant_id = '…'")).unwrap_or(it))
        .collect::<Vec<_>>()
        .join("\n")
        .replace('…', tenant);
    apply(&database, &found);
    let seen = format!(
        "SET ROLE specql_application; SET app.tenant_id = '{tenant}'; SELECT 1 / count(*) FROM shop.tb_item; SELECT 1 / count(*) FROM shop.tv_item"
    );
    database.connect().batch_execute(&seen).expect("the tenant sees its row");
}

/// An index of other columns takes the place of that of its name, which guards the rows meanwhile.
#[test]
fn an_index_of_before_is_replaced() {
    let workspace = workspace(&[("item.yaml", &item("  name: {type: text, unique: true}\n"))]);
    let new = emit(&workspace, OPTIONS);
    let mut old = new.clone();
    for it in &mut old {
        it.text = it.text.replace("(name, tenant_id)", "(tenant_id, name)");
    }
    let database = Database::empty();
    assert_eq!(database.load_files(&old), Ok(()));
    // What a try that failed has left is no index.
    database
        .connect()
        .batch_execute(
            "CREATE INDEX \"new$uq_tb_item_name\" ON shop.tb_item (name);
            UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'shop.\"new$uq_tb_item_name\"'::regclass",
        )
        .unwrap();
    let found = migration(&old, &new, &workspace, true);
    apply(&database, &found);
    same(&database, &workspace, &found.expand);
}

#[test]
fn events_move_with_an_outbox_that_has_another_name() {
    let text = item("  name: text!\n");
    let files = |config| [("specql.config.yaml", config), ("item.yaml", text.as_str())];
    let old = workspace(&files("kafka: {compaction: true}\n"));
    for config in [
        "kafka: {compaction: true}\noutbox: {table: events}\n",
        "kafka: {compaction: true}\noutbox: {schema: bus, table: events}\n",
        "kafka: {compaction: true}\noutbox: {schema: bus}\n",
    ] {
        let new = workspace(&files(config));
        let database = made(&old);
        let mut client = database.connect();
        Outcome::of(&mut client, "shop.fn_create_item", &json!({"name": "x"})).success();
        let migration = between(&old, &new);
        apply(&database, &migration);
        same(&database, &new, &migration.expand);
        let table = match config {
            it if it.contains("bus, table") => "bus.events",
            it if it.contains("bus") => "bus.outbox",
            _ => "app.events",
        };
        let read = format!("SELECT event_payload #> '{{item,name}}' FROM {table}");
        assert_eq!(query(&mut client, &read), json!("x"), "{config}");
        assert!(migration.expand.contains("is to the connector, which passes over"), "{config}");
    }
}

#[test]
fn settings_change() {
    let text = item("  name: text!\n");
    let configs = [
        "",
        "tenancy: required\n",
        "audit: {cascade_storage: column}\n",
        "audit: {cascade_storage: embedded}\ndebezium: {publication: other}\n",
        "",
    ];
    for pair in configs.windows(2) {
        let [old, new] = pair else { continue };
        let files = |config| [("specql.config.yaml", config), ("item.yaml", text.as_str())];
        let (old, new) = (workspace(&files(old)), workspace(&files(new)));
        let database = made(&old);
        let migration = between(&old, &new);
        apply(&database, &migration);
        same(&database, &new, pair[1]);
    }
}

#[test]
fn what_only_a_person_knows_is_asked_and_what_loses_data_is_a_comment() {
    let old = item("  st: enum(a, b)\n  gone: text\n");
    let new = item("  st: enum(a)\n  size: integer!\n  fresh: text\n");
    let (old, new) = (workspace(&[("item.yaml", &*old)]), workspace(&[("item.yaml", &*new)]));
    let found = migration(&emit(&old, OPTIONS), &emit(&new, OPTIONS), &new, false);
    for said in [
        "-- question: size is new, required and has no default",
        "-- question: st has 'b' no longer",
        "-- ALTER TABLE shop.tb_item ADD COLUMN IF NOT EXISTS size integer NOT NULL DEFAULT …;",
        "-- UPDATE shop.tb_item SET st = … WHERE st IN ('b');",
        "-- question: was fresh of shop.tb_item gone before?",
    ] {
        assert!(found.expand.contains(said), "{said}\n{}", found.expand);
    }
    assert!(
        found.contract.contains("-- ALTER TABLE shop.tb_item\n--     DROP COLUMN IF EXISTS gone;")
    );
    assert_eq!((found.destructive, found.questions), (1, 3));
    // Without the destructive steps the column and its values stay.
    let database = made(&old);
    apply(&database, &found);
    database.connect().batch_execute("SELECT t.gone FROM shop.tb_item AS t").expect("it stays");
    assert_eq!(between(&new, &new), Migration::default(), "nothing has changed");
}

/// The migration with the answer to each question, by how it begins.
fn answered(migration: &Migration, answers: &[(&str, &str)]) -> String {
    let mut res = String::new();
    let mut answer = None;
    for line in migration.expand.lines() {
        let question = line.strip_prefix("-- question: ");
        if let Some(question) = question {
            answer = answers.iter().find(|it| question.starts_with(it.0)).map(|it| it.1);
        }
        match (answer, line.strip_prefix("-- ")) {
            (Some(answer), Some(statement)) if question.is_none() => {
                res += &statement.replace('…', answer);
            }
            _ => res += line,
        }
        res.push('\n');
        answer = answer.filter(|_| !line.is_empty());
    }
    res
}

/// The functions of before go on while somebody answers: they write no more of what rows must not have any
/// longer, so the table's file finds none that came meanwhile.
#[test]
fn an_answer_holds_for_what_is_written_behind_it() {
    let old = "  name: text!\n  st: enum(new, used) = new!\n  note: text\n";
    let new = "  name: text!\n  st: enum(fresh, used) = fresh!\n  note: text!\n  size: integer!\n";
    let (old, new) = (item(old), item(new));
    let (old, new) = (workspace(&[("item.yaml", &*old)]), workspace(&[("item.yaml", &*new)]));
    let database = made(&old);
    let mut client = database.connect();
    let create = "shop.fn_create_item";
    Outcome::of(&mut client, create, &json!({"name": "a"})).success();
    Outcome::of(&mut client, create, &json!({"name": "b", "st": "used", "note": "n"})).success();
    let migration = between(&old, &new);
    let answers = [("st has", "'fresh'"), ("note is required", "'none'"), ("size is new", "7")];
    let expand = answered(&migration, &answers);
    let files = expand.find("\n-- 20_table/").expect("the files of emit");
    let (answered, files) = expand.split_at(files);
    client.batch_execute(answered).expect("the answers are statements");
    for (input, expected) in [
        (json!({"name": "c", "note": "n"}), "failed:validation"),
        (json!({"name": "d", "st": "used"}), "failed:validation"),
        (json!({"name": "e", "st": "used", "note": "n"}), "success"),
    ] {
        assert_eq!(Outcome::of(&mut client, create, &input).status(), expected, "{input}");
    }
    apply(&database, &Migration { expand: files.to_owned(), ..migration });
    same(&database, &new, &expand);
    let rows = query(
        &mut database.connect(),
        "SELECT jsonb_agg(jsonb_build_array(v.data -> 'name', v.data -> 'st', v.data -> 'note', v.data -> 'size') ORDER BY v.pk_item) FROM shop.tv_item AS v",
    );
    assert_eq!(
        rows,
        json!([["a", "fresh", "none", 7], ["b", "used", "n", 7], ["e", "used", "n", 7]])
    );
}

/// An action that is gone removed rows: the application of before may go on until the second file.
#[test]
fn rights_are_taken_back_with_what_needs_them() {
    let new = item("  name: text!\n");
    let old = format!(
        "{new}  - name: drop_item\n    steps: [{{delete: Item, hard: true}}]\n    impact: {{primary: {{entity: Item, operation: DELETE}}}}\n"
    );
    let (old, new) = (workspace(&[("item.yaml", &*old)]), workspace(&[("item.yaml", &*new)]));
    let database = made(&old);
    let mut client = database.connect();
    let input = json!({"name": "a"});
    let id = Outcome::of(&mut client, "shop.fn_create_item", &input).success().id().to_owned();
    let Migration { expand, contract, .. } = between(&old, &new);
    apply(&database, &Migration { expand, ..Migration::default() });
    client.batch_execute("SET ROLE specql_application").expect("it is there");
    Outcome::of(&mut client, "shop.fn_drop_item", &json!({"id": id})).success();
    apply(&database, &Migration { contract: contract.clone(), ..Migration::default() });
    let may =
        "SELECT to_jsonb(has_table_privilege('specql_application', 'shop.tb_item', 'DELETE'))";
    assert_eq!(query(&mut client, may), json!(false));
    same(&database, &new, &contract);
}

/// A name that is another one breaks the functions of before, and they would write rows of the old shape into
/// what is filled: so the new ones come first, and only then what takes as long as there are rows.
#[test]
fn read_models_are_filled_behind_the_functions() {
    let old = item("  name: text!\n");
    let new = item("  title: {type: text!, was: name}\n");
    let (old, new) = (workspace(&[("item.yaml", &*old)]), workspace(&[("item.yaml", &*new)]));
    let expand = between(&old, &new).expand;
    let place = |text: &str| expand.find(text).unwrap_or_else(|| panic!("{text}\n{expand}"));
    let filled = place("PERFORM app.update_read_model('shop.tv_item'");
    for before in ["RENAME COLUMN name TO title", "-- 45_image/", "FUNCTION shop.fn_create_item("] {
        assert!(place(before) < filled, "{before}");
    }
}

/// Makes a row with every action that creates one.
fn fill(client: &mut Client, workspace: &Workspace, seed: u64) {
    let mut rng = Rng::with_seed(seed);
    client
        .batch_execute("SET app.tenant_id = '00000000-0000-4000-8000-00000000beef'")
        .expect("a setting");
    let all: Vec<Contract> = Contract::all(workspace).collect();
    for contract in all.iter().filter(|it| it.name.starts_with("create_")) {
        let mut row = |id: EntityId| -> Option<String> {
            let query = format!("SELECT t.id::text FROM {} AS t LIMIT 1", table(workspace, id)?);
            client.query_opt(&query, &[]).ok()?.map(|it| it.get(0))
        };
        let Some(input) = random_input(&mut rng, contract, &mut row) else { continue };
        let schema = workspace.entity(contract.action.entity).expect("its own").schema_name();
        Outcome::of(client, &format!("\"{schema}\".\"fn_{}\"", contract.name), &input);
    }
}

fn table(workspace: &Workspace, id: EntityId) -> Option<String> {
    let entity = workspace.entity(id)?;
    Some(format!("\"{}\".\"tb_{}\"", entity.schema_name(), entity.snake_name()))
}

/// The values of the fields that both revisions have in one type.
fn kept(client: &mut Client, old: &Workspace, new: &Workspace) -> Vec<Value> {
    let mut res = Vec::new();
    for entity in old.entities() {
        let named = |it: &&std::sync::Arc<specql_model::Entity>| {
            it.name.text == entity.name.text && it.schema_name() == entity.schema_name()
        };
        let Some(other) = new.entities().find(named) else { continue };
        let both = entity.fields.iter().filter(|field| {
            let basic =
                matches!(field.ty, specql_model::Type::Basic(_) | specql_model::Type::Rich(_));
            basic && other.field(&field.name.text).is_some_and(|it| it.ty == field.ty)
        });
        let columns =
            both.map(|it| format!(", '{0}', t.\"{0}\"", it.name.text)).collect::<String>();
        let table = table(old, entity.id).expect("it is there");
        res.push(query(
            client,
            &format!("SELECT coalesce(jsonb_agg(jsonb_build_object('id', t.id{columns}) ORDER BY t.id), '[]') FROM {table} AS t"),
        ));
    }
    res
}

#[test]
fn random_pairs_of_workspaces_end_alike() {
    let mut with_rows = 0;
    let seeds = seeds(2);
    // A single pair may have one.
    let is_one = seeds.len() == 1;
    for seed in seeds {
        let options = RandomOptions { entities: 3, ..RandomOptions::default() };
        let (old, new) =
            (RandomWorkspace::with(seed, options), RandomWorkspace::with(seed + 5000, options));
        let shown = format!("{}\n---- becomes ----\n{}", old.shown(), new.shown());
        let (old, new) = (old.model(), new.model());
        let migration = between(&old, &new);
        let database = made(&old);
        let mut client = database.connect();
        // A question has to be answered for rows that stand.
        if ![" = …", " DEFAULT …"].iter().any(|it| migration.expand.contains(it)) {
            fill(&mut client, &old, seed);
            with_rows += 1;
        }
        let before = kept(&mut client, &old, &new);
        apply(&database, &migration);
        same(&database, &new, &shown);
        let after = kept(&mut client, &old, &new);
        assert_eq!(before, after, "{shown}");
    }
    assert!(is_one || with_rows > 0, "every pair had a question");
}
