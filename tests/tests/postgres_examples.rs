//! The example workspaces: what is emitted runs, runs again, and PostgreSQL's checker finds nothing.

use specql_codegen::{Artifact, EmitOptions, Target, emit, render};
use specql_tests::{
    cascade::faults,
    postgres::{Database, EXAMPLES, example, is_checked},
};

#[test]
fn everything_runs_twice_and_the_checker_finds_nothing() {
    for name in EXAMPLES {
        let database = Database::of(&example(name));
        assert_eq!(database.findings(), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn each_file_runs_in_a_session_of_its_own() {
    for name in EXAMPLES {
        let database = Database::empty();
        let files = emit(&example(name), EmitOptions { tables: true, samples: false });
        for pass in ["first", "second"] {
            let loaded = database.load_files_alone(&files);
            assert_eq!(loaded, Ok(()), "{name}, the {pass} run");
        }
    }
}

#[test]
fn the_functions_are_checked() {
    let database = Database::of(&example("blog"));
    let broken = "CREATE FUNCTION app.broken() RETURNS void LANGUAGE plpgsql
        AS 'BEGIN PERFORM t.nothing FROM blog.tb_post AS t; END'";
    let mut client = database.connect();
    client.batch_execute(broken).unwrap();
    // Another release may come without the checker.
    assert_eq!(database.findings().len(), usize::from(is_checked(&mut client)));
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
    let without: Vec<String> =
        with.iter().filter(|it| !it.starts_with("20_table/")).cloned().collect();
    assert_eq!(paths(false), without);
    assert_eq!(with.len() - without.len(), 3);
}
