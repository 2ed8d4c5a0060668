//! Every row that the database writes fits its shape, and the sample has the members of the row, path by
//! path. Over the examples, the workspaces of the tests and random workspaces; `SPECQL_RANDOM=200` takes
//! that many of them, `SPECQL_SEED=7` begins with another one. What is loaded passes PostgreSQL's checker,
//! no call ends in an error of PostgreSQL, and what has no translation is a finding.

mod compare;
mod rows;
mod run;

use serde_json::json;
use specql_contract::{Contract, Shape};
use specql_model::Workspace;
use specql_tests::{
    postgres::{Database, EXAMPLES, example, files_below, workspace},
    random_workspace::{RandomOptions, RandomWorkspace, seeds},
    shapes::{differences, misfits},
};

use run::{Seen, broken};

#[test]
fn the_examples_keep_it() {
    let database = Database::empty();
    for name in EXAMPLES {
        let (faults, seen) = broken(&database, &example(name), 1);
        assert_eq!(faults, "", "{name}");
        assert!(seen.successes > 4 && seen.events > 0 && seen.audits > 0, "{name}: {seen:?}");
    }
}

#[test]
fn the_workspaces_of_the_tests_keep_it() {
    let database = Database::empty();
    for name in ["clinic", "library"] {
        let files = files_below(&format!("tests/workspaces/{name}"));
        let files: Vec<(&str, &str)> =
            files.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect();
        let (faults, seen) = broken(&database, &workspace(&files), 1);
        assert_eq!(faults, "", "{name}");
        assert!(seen.successes > 0, "{name}: {seen:?}");
    }
}

/// A random workspace; every third one has actions that call others.
fn made(seed: u64) -> (RandomWorkspace, Workspace) {
    let options = RandomOptions {
        calls: seed.is_multiple_of(3),
        hostile_names: seed.is_multiple_of(5),
        entities: if seed.is_multiple_of(8) { 5 } else { 2 },
    };
    let made = RandomWorkspace::with(seed, options);
    let workspace = made.model();
    (made, workspace)
}

/// A share of the random workspaces, so that shares run beside one another.
fn random(share: u64) {
    let database = Database::empty();
    let mut all = Seen::default();
    let mut faults = String::new();
    for seed in seeds(60).into_iter().filter(|it| it % 4 == share) {
        let (made, workspace) = made(seed);
        let (found, seen) = broken(&database, &workspace, seed);
        if !found.is_empty() {
            faults.push_str(&format!("{}{found}\n", made.shown()));
        }
        all.add(seen);
    }
    assert!(faults.is_empty(), "{faults}");
    assert!(all.successes * 2 > all.calls, "too few calls succeed: {all:?}");
    assert!(all.events > 0 && all.audits > 0, "{all:?}");
}

#[test]
fn random_workspaces_keep_it_0() {
    random(0);
}

#[test]
fn random_workspaces_keep_it_1() {
    random(1);
}

#[test]
fn random_workspaces_keep_it_2() {
    random(2);
}

#[test]
fn random_workspaces_keep_it_3() {
    random(3);
}

#[test]
fn a_value_that_does_not_fit_is_found() {
    let (_, workspace) = made(1);
    let contract = Contract::all(&workspace).find(|it| it.cascade.is_some()).unwrap();
    let shape: Shape = contract.cascade.as_ref().unwrap().shape().into();
    let good = json!({"updated": [], "deleted": [], "invalidations": [], "metadata": {}});
    assert!(misfits(&shape, &good).iter().any(|it| it.contains("has no `timestamp`")));
    let mut other = good.clone();
    other["more"] = 1.into();
    assert!(misfits(&shape, &other).iter().any(|it| it.contains("`more`")));
    assert_eq!(differences(&shape, &good, &other), ["$.more: only the row has it"]);
    assert_eq!(differences(&shape, &other, &good), ["$.more: only the sample has it"]);
}
