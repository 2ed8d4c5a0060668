//! Tables, read models and trails of entities whose names mean something to the framework, and tables
//! that were made elsewhere.

use serde_json::json;
use specql_codegen::{EmitOptions, emit, problems};
use specql_tests::postgres::{Database, Outcome, json as query, workspace};

const NAMES: [&str; 8] =
    ["Table", "Result", "Column", "Meta", "TenantId", "MutationLog", "TableRest", "User"];

#[test]
fn an_entity_may_have_a_name_of_the_framework() {
    let texts: Vec<(String, String)> = NAMES
        .iter()
        .map(|it| (format!("{it}.yaml"), format!("entity: {it}\nschema: app\nfields:\n  id_of: text\n  table: text\n  data: json\n  r: ref({it})\n  all: list(ref({it}))\n")))
        .collect();
    let files: Vec<(&str, &str)> = texts.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect();
    let database = Database::of(&workspace(&files));
    let mut client = database.connect();
    let tables = query(
        &mut client,
        "SELECT jsonb_agg(c.relname ORDER BY c.relname) FROM pg_class AS c WHERE c.relname LIKE 'tb\\_%' AND c.relkind = 'r'",
    );
    assert_eq!(tables.as_array().map(Vec::len), Some(NAMES.len()));
    for table in tables.as_array().unwrap() {
        let name = table.as_str().unwrap().trim_start_matches("tb_");
        let insert =
            format!("INSERT INTO app.tb_{name} (\"table\") VALUES ('x') RETURNING to_jsonb(id)");
        let id = query(&mut client, &insert);
        let id = id.as_str().unwrap();
        client
            .batch_execute(&format!(
                "UPDATE app.tb_{name} SET \"all\" = '[\"{id}\"]', fk_r = pk_{name};
                 SELECT app.refresh_tv_{name}()"
            ))
            .unwrap();
        let row = query(&mut client, &format!("SELECT v.data FROM app.tv_{name} AS v"));
        assert_eq!(row["all"][0], row["r"], "{name}");
        let history =
            format!("SELECT to_jsonb(count(*)) FROM app.get_{name}_audit_history('{id}')");
        assert_eq!(query(&mut client, &history), json!(2), "{name}");
    }
}

#[test]
fn names_that_cannot_be_are_told_of() {
    let files = [
        ("a.yaml", "entity: Post\nschema: news\nqualified: true\nfields: {name: text}\n"),
        ("b.yaml", "entity: NewsPost\nschema: web\nfields: {name: text}\n"),
        ("c.yaml", "entity: X\nschema: pg_x\nfields: {name: text}\n"),
    ];
    let workspace = workspace(&files);
    let problems = problems(&workspace, EmitOptions { tables: true, samples: false });
    let messages: Vec<&str> = problems.iter().map(|it| it.message.as_str()).collect();
    for said in [
        "`news.Post` and `web.NewsPost` are both `NewsPost` to clients",
        "`pg_x` cannot be a schema",
    ] {
        assert!(messages.iter().any(|it| it.contains(said)), "{said}: {messages:#?}");
    }
    drop(Database::with_problems(&workspace));
}

/// An entity `Post`, and an action that makes one and, where `other` says so, one of another schema.
fn post(schema: &str, root: &str, other: Option<&str>) -> String {
    let (step, effect) = other.map_or_else(Default::default, |it| {
        (
            format!("      - insert: {it}(name = input.name)\n"),
            format!(
                "      side_effects: [{{entity: {it}, operation: CREATE, collection: others}}]\n"
            ),
        )
    });
    format!(
        "entity: Post
schema: {schema}
{root}fields: {{name: text}}
actions:
  - name: make_{schema}_post
    steps:
      - insert: Post(name = input.name)
{step}    impact:
      primary: {{entity: Post, operation: CREATE}}
{effect}    cdc: {{enabled: true, event_type: {schema}PostMade}}
"
    )
}

#[test]
fn two_schemas_may_have_entities_of_one_name() {
    for storage in ["log", "column", "embedded"] {
        let workspace = workspace(&[
            ("blog/post.yaml", post("blog", "", None).as_str()),
            ("news/post.yaml", post("news", "", Some("blog.Post")).as_str()),
            (
                "news/reply.yaml",
                "entity: Reply\nschema: news\nfields: {post: ref(Post), all: list(ref(blog.Post)), either: ref(Post|blog.Post)}\n",
            ),
            ("specql.config.yaml", format!("audit: {{cascade_storage: {storage}}}\n").as_str()),
        ]);
        let database = Database::of(&workspace);
        let mut client = database.connect();
        let made =
            Outcome::of(&mut client, "news.fn_make_news_post", &json!({"name": "x"})).success();
        let types: Vec<String> = made.updated().into_iter().map(|it| it.0).collect();
        assert_eq!(types, ["NewsPost", "Post"]);
        assert_eq!(made.at("/object_data/__typename"), "NewsPost");
        assert_eq!(made.at("/extra_metadata/others/0/__typename"), "Post");
        let rows = query(
            &mut client,
            "SELECT jsonb_agg(DISTINCT jsonb_build_array(o.aggregate_type, o.topic)) FROM app.outbox AS o",
        );
        assert_eq!(rows, json!([["NewsPost", "specql.events.NewsPost"]]));
        for (history, schema) in [("post", "blog"), ("news_post", "news")] {
            let found = query(&mut client, &format!(
                "SELECT jsonb_agg(jsonb_build_array(h.new_values -> 'name', h.cascade_data #> '{{updated,1,__typename}}'))
                 FROM {schema}.tb_post AS t, app.get_{history}_audit_history_with_cascade(t.id) AS h"
            ));
            assert_eq!(found, json!([["x", "Post"]]), "{storage} {schema}");
        }
        let mutations = query(
            &mut client,
            "SELECT jsonb_agg(jsonb_build_array(m.entity, m.entities)) FROM app.get_mutations(p_entity => 'NewsPost') AS m",
        );
        assert_eq!(mutations, json!([["NewsPost", ["NewsPost", "Post"]]]));
        let reply = query(&mut client, "INSERT INTO news.tb_reply (fk_post, \"all\", either_id)
            SELECT n.pk_post, jsonb_build_array(b.id), n.id FROM news.tb_post AS n, blog.tb_post AS b RETURNING to_jsonb(id)");
        let shown = query(&mut client, "SELECT to_jsonb(news.refresh_tv_reply()::text)");
        let shown = query(
            &mut client,
            &format!(
                "SELECT v.data FROM news.tv_reply AS v WHERE v.id = '{}' /* {shown} */",
                reply.as_str().unwrap()
            ),
        );
        assert_eq!(shown["post"]["__typename"], "NewsPost");
        assert_eq!(shown["all"][0]["__typename"], "Post");
        assert_eq!(shown["either"]["__typename"], "NewsPost");
    }
}

#[test]
fn an_entity_that_is_added_takes_no_trail() {
    let options = EmitOptions { tables: true, samples: false };
    let news = post("news", "", None);
    let database = Database::of(&workspace(&[("news/post.yaml", news.as_str())]));
    let mut client = database.connect();
    Outcome::of(&mut client, "news.fn_make_news_post", &json!({"name": "x"})).success();
    // Its file comes first, so it would have the name.
    let plain = post("blog", "", None);
    let both = workspace(&[("blog/post.yaml", plain.as_str()), ("news/post.yaml", news.as_str())]);
    let refused = database.load_files(&emit(&both, options)).expect_err("the trail is news.Post's");
    assert!(refused.contains("changes of news.tb_post are in app.audit_post"), "{refused}");
    assert!(refused.contains("qualified: true"), "{refused}");
    // Said in its file, the other keeps what it has.
    let qualified = post("blog", "qualified: true\n", None);
    let both =
        workspace(&[("blog/post.yaml", qualified.as_str()), ("news/post.yaml", news.as_str())]);
    assert_eq!(database.load_files(&emit(&both, options)), Ok(()));
    Outcome::of(&mut client, "blog.fn_make_blog_post", &json!({"name": "y"})).success();
    Outcome::of(&mut client, "news.fn_make_news_post", &json!({"name": "z"})).success();
    let trails = query(
        &mut client,
        "SELECT jsonb_build_array(
            (SELECT jsonb_agg(a.new_values -> 'name' ORDER BY a.sequence) FROM app.audit_post AS a),
            (SELECT jsonb_agg(a.new_values -> 'name') FROM app.audit_blog_post AS a)
        )",
    );
    assert_eq!(trails, json!([["x", "z"], ["y"]]));
}

#[test]
fn a_setting_has_an_effect_or_is_told_of() {
    let config = "debezium: {slot: reader, publication: events, topic_prefix: my app}\noutbox: {table: inbox}\n";
    let post = "entity: Post\nfields: {name: text}\nactions:\n  - name: create_post\n    steps: [{insert: Post}]\n    impact: {primary: {entity: Post, operation: CREATE}}\n    cdc: true\n";
    let workspace = workspace(&[("post.yaml", post), ("specql.config.yaml", config)]);
    let problems = problems(&workspace, EmitOptions { tables: true, samples: false });
    let messages: Vec<&str> = problems.iter().map(|it| it.message.as_str()).collect();
    assert_eq!(messages.len(), 2, "{messages:#?}");
    for value in ["`my app`", "`inbox`"] {
        assert!(messages.iter().any(|it| it.contains(value) && it.contains("holds")), "{value}");
    }
    let database = Database::with_problems(&workspace);
    let mut client = database.connect();
    let names = query(
        &mut client,
        "SELECT jsonb_build_array(
            (SELECT p.pubname FROM pg_publication AS p),
            (SELECT f.prosrc LIKE '%''reader''%' FROM pg_proc AS f WHERE f.proname = 'maintain_outbox' AND f.pronargs = 0)
        )",
    );
    assert_eq!(names, json!(["events", true]));
}

/// As the upstream generator writes it: no `identifier`, and no `tenant_id` where there is one tenant.
const UPSTREAM: &str = "
CREATE SCHEMA crm;
CREATE TABLE crm.tb_company (
    pk_company INTEGER GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    name TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(), created_by UUID,
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now(), updated_by UUID,
    deleted_at TIMESTAMPTZ, deleted_by UUID,
    CONSTRAINT tb_company_id_key UNIQUE (id)
);
CREATE TABLE crm.tb_contact (
    pk_contact INTEGER GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    email TEXT,
    fk_company INTEGER,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(), created_by UUID,
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now(), updated_by UUID,
    deleted_at TIMESTAMPTZ, deleted_by UUID,
    CONSTRAINT tb_contact_id_key UNIQUE (id),
    CONSTRAINT tb_contact_fk_company_fkey FOREIGN KEY (fk_company) REFERENCES crm.tb_company (pk_company)
);
INSERT INTO crm.tb_company (name) VALUES ('Initech');
CREATE TABLE crm.tv_contact (
    pk_contact INTEGER PRIMARY KEY, id UUID UNIQUE, tenant_id UUID NOT NULL, fk_company INTEGER,
    company_id UUID, data JSONB NOT NULL, refreshed_at TIMESTAMPTZ DEFAULT now()
);";

#[test]
fn actions_run_on_tables_made_elsewhere() {
    let contact = "
entity: Contact
schema: crm
fields:
  email: email
  company: ref(Company)
actions:
  - name: create_contact
    steps:
      - insert: Contact
    impact:
      primary: {entity: Contact, operation: CREATE}
    cdc: {enabled: true, event_type: ContactCreated}
";
    let workspace = workspace(&[
        ("contact.yaml", contact),
        ("company.yaml", "entity: Company\nschema: crm\nfields:\n  name: text!\n"),
    ]);
    let files = emit(&workspace, EmitOptions { tables: false, samples: false });
    let database = Database::empty();
    let nothing = database.load_files(&files).expect_err("the tables are not there");
    assert!(nothing.contains("there is no table crm.tb_company"), "{nothing}");
    let database = Database::empty();
    let mut client = database.connect();
    client.batch_execute(UPSTREAM).unwrap();
    client.batch_execute("ALTER TABLE crm.tb_contact DROP COLUMN email").unwrap();
    let lacking = database.load_files(&files).expect_err("a column is not there");
    assert!(lacking.contains("the table crm.tb_contact has no column email"), "{lacking}");
    client.batch_execute("ALTER TABLE crm.tb_contact ADD COLUMN email text").unwrap();
    for _ in 0..2 {
        assert_eq!(database.load_files(&files), Ok(()));
    }
    let company = query(&mut client, "SELECT v.data FROM crm.tv_company AS v");
    assert_eq!(company["name"], "Initech", "rows that stand are in the read model");
    let input = json!({"email": "a@b.co", "company": company["id"]});
    let made = Outcome::of(&mut client, "crm.fn_create_contact", &input).success();
    assert_eq!(made.at("/object_data/company/__typename"), "Company");
    assert_eq!(made.cascade()["updated"][0]["__typename"], "Contact");
    assert_eq!(query(&mut client, "SELECT to_jsonb(count(*)) FROM app.outbox"), json!(1));
}

/// The upstream generator makes the table of `BlogPost` as `tb_blogpost`, and its own functions ask for
/// `tb_blog_post`: what it takes is said, and is enough.
#[test]
fn a_table_made_elsewhere_without_underscores_is_told_how_to_be_renamed() {
    let text = "entity: BlogPost\nschema: blog\nfields: {title: text!}\nactions:\n  - name: make_post\n    steps: [{insert: BlogPost}]\n";
    let workspace = workspace(&[("post.yaml", text)]);
    let files = emit(&workspace, EmitOptions { tables: false, samples: false });
    let database = Database::empty();
    let mut client = database.connect();
    client
        .batch_execute(
            "CREATE SCHEMA blog;
             CREATE TABLE blog.tb_blogpost (
                 pk_blogpost INTEGER GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
                 id UUID DEFAULT gen_random_uuid() NOT NULL,
                 title TEXT NOT NULL,
                 created_at TIMESTAMPTZ NOT NULL DEFAULT now(), created_by UUID,
                 updated_at TIMESTAMPTZ NOT NULL DEFAULT now(), updated_by UUID,
                 deleted_at TIMESTAMPTZ, deleted_by UUID,
                 CONSTRAINT tb_blogpost_id_key UNIQUE (id)
             );
             INSERT INTO blog.tb_blogpost (title) VALUES ('first')",
        )
        .unwrap();
    let refused = database.load_files(&files).expect_err("the table has another name");
    let (_, hint) = refused.split_once("without underscores: ").expect("a hint");
    client.batch_execute(hint.lines().next().unwrap()).unwrap();
    assert_eq!(database.load_files(&files), Ok(()));
    let made = Outcome::of(&mut client, "blog.fn_make_post", &json!({"title": "x"})).success();
    assert_eq!(made.at("/object_data/__typename"), "BlogPost");
    let titles =
        query(&mut client, "SELECT jsonb_agg(v.data -> 'title') FROM blog.tv_blog_post AS v");
    assert_eq!(titles, json!(["first", "x"]));
}

const COUNTER: &str = "
entity: Counter
schema: n
fields: {a: text!, b_c: text!, a_b: text!, c: text!, a_b_c: text!, of_a_name_that_is_long: text!, of_another_long_one: text!}
actions:
  - name: first
    steps:
      - upsert: Counter
        conflict_target: [a, b_c]
    impact: {primary: {entity: Counter, operation: UPSERT}}
  - name: second
    steps:
      - upsert: Counter
        conflict_target: [a_b, c]
    impact: {primary: {entity: Counter, operation: UPSERT}}
  - name: third
    steps:
      - upsert: Counter
        conflict_target: [a_b_c]
    impact: {primary: {entity: Counter, operation: UPSERT}}
  - name: long
    steps:
      - upsert: Counter
        conflict_target: [of_a_name_that_is_long, of_another_long_one]
    impact: {primary: {entity: Counter, operation: UPSERT}}
  - name: longer
    steps:
      - upsert: Counter
        conflict_target: [of_a_name_that_is_long, of_another_long_one, a]
    impact: {primary: {entity: Counter, operation: UPSERT}}
";

/// The columns of the indexes by which upserts find their rows, with the object that each one is.
fn indexes_of_upserts(client: &mut postgres::Client) -> serde_json::Value {
    query(
        client,
        "SELECT jsonb_object_agg(substring(i.indexdef FROM '[(](.*)[)]'), jsonb_build_array(i.indexname, c.oid))
         FROM pg_indexes AS i JOIN pg_class AS c ON c.relname = i.indexname
         WHERE i.schemaname = 'n' AND i.indexname LIKE 'idx_tb_counter_%'",
    )
}

/// Indexes of upserts are named after their columns: no two lists of columns have one name, and none is cut.
#[test]
fn each_conflict_target_has_an_index_of_its_own() {
    let database = Database::of(&workspace(&[("counter.yaml", COUNTER)]));
    let indexed = indexes_of_upserts(&mut database.connect());
    let mut columns: Vec<&String> = indexed.as_object().unwrap().keys().collect();
    columns.sort_unstable();
    let long = "of_a_name_that_is_long, of_another_long_one";
    let longer = format!("a, {long}");
    assert_eq!(columns, ["a, b_c", &*longer, "a_b, c", "a_b_c", long]);
}

/// An index that has the name of before is found under it, and has only another name then.
#[test]
fn an_index_of_an_upsert_is_renamed_and_not_built_again() {
    let made = workspace(&[("counter.yaml", COUNTER)]);
    let database = Database::of(&made);
    let mut client = database.connect();
    let fresh = indexes_of_upserts(&mut client);
    client
        .batch_execute(
            "DROP INDEX n.\"idx_tb_counter_a_b$c\"; DROP INDEX n.idx_tb_counter_a_b_c;
             ALTER INDEX n.\"idx_tb_counter_a$b_c\" RENAME TO idx_tb_counter_a_b_c",
        )
        .unwrap();
    assert_eq!(database.load(&made), Ok(()));
    let found = indexes_of_upserts(&mut client);
    assert_eq!(found["a, b_c"], fresh["a, b_c"]);
    for columns in ["a_b, c", "a_b_c"] {
        assert_eq!(found[columns][0], fresh[columns][0], "{found:#}");
    }
}
