//! The example workspaces: what is emitted runs, runs again, and PostgreSQL's checker finds nothing.

use specql_codegen::{Artifact, EmitOptions, Target, emit, render};
use specql_tests::{
    cascade::faults,
    postgres::{Database, EXAMPLES, example, json},
};

const FINDINGS: &str = "
    SELECT coalesce(jsonb_agg(f.oid::regprocedure::text || ' ' || c.lineno || ': ' || c.message), '[]')
    FROM pg_proc AS f
    JOIN pg_language AS l ON l.oid = f.prolang AND l.lanname = 'plpgsql'
    JOIN pg_namespace AS n ON n.oid = f.pronamespace,
    LATERAL plpgsql_check_function_tb(
        f.oid,
        relid => coalesce((SELECT t.tgrelid FROM pg_trigger AS t WHERE t.tgfoid = f.oid LIMIT 1), 0),
        fatal_errors => false, extra_warnings => true, security_warnings => true
    ) AS c
    WHERE n.nspname = ANY (ARRAY['app', 'blog', 'shop', 'saas', 'Odd Schema'])";

#[test]
fn everything_runs_twice_and_the_checker_finds_nothing() {
    for name in EXAMPLES {
        let database = Database::of(&example(name));
        let findings = json(&mut database.connect(), FINDINGS);
        assert_eq!(findings, serde_json::json!([]), "{name}: {findings:#}");
    }
}

#[test]
fn the_functions_are_checked() {
    let database = Database::of(&example("blog"));
    let mut client = database.connect();
    let broken = "CREATE FUNCTION app.broken() RETURNS void LANGUAGE plpgsql
        AS 'BEGIN PERFORM t.nothing FROM blog.tb_post AS t; END'";
    client.batch_execute(broken).unwrap();
    assert_eq!(json(&mut client, FINDINGS).as_array().unwrap().len(), 1);
}

#[test]
fn output_is_the_same_each_time_and_in_the_order_of_its_paths() {
    for name in EXAMPLES {
        let options = EmitOptions { tables: true, samples: true };
        let files = emit(&example(name), options);
        assert_eq!(files, emit(&example(name), options), "{name}");
        assert!(files.is_sorted_by_key(|it| it.path.clone()), "{name}");
    }
}

#[test]
fn samples_satisfy_the_schemas() {
    let mut samples = 0;
    for name in EXAMPLES {
        let workspace = example(name);
        for (id, action) in workspace.actions() {
            let text = render(&workspace, Artifact::CascadeSample, Target::Action(id)).text;
            let sample: serde_json::Value = serde_json::from_str(&text).unwrap();
            assert_eq!(faults(&sample["_cascade"]), Vec::<String>::new(), "{}", action.name.text);
            samples += 1;
        }
    }
    assert!(samples > 12, "{samples}");
}

#[test]
fn without_tables_everything_else_is_there() {
    let paths = |tables| -> Vec<String> {
        let files = emit(&example("blog"), EmitOptions { tables, samples: false });
        files.into_iter().map(|it| it.path).collect()
    };
    let with = paths(true);
    let without: Vec<String> = with
        .iter()
        .filter(|it| !it.starts_with("20_table/") && !it.starts_with("30_read_model/"))
        .cloned()
        .collect();
    assert_eq!(paths(false), without);
    assert_eq!(with.len() - without.len(), 6);
}
