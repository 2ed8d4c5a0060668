//! Every row that the database writes fits its shape, and the sample has the members of the row, path by
//! path. Over the examples, the workspaces of the tests and random workspaces; `SPECQL_RANDOM=600` takes
//! that many of them, `SPECQL_SEED=7` begins with another one. What is loaded passes PostgreSQL's checker,
//! no call ends in an error of PostgreSQL, and what has no translation is a finding.

mod compare;
mod rows;
mod run;
mod sessions;

use serde_json::json;
use specql_contract::{Contract, Shape};
use specql_model::Workspace;
use specql_tests::{
    postgres::{EXAMPLES, example, files_below, workspace},
    random_workspace::{RandomOptions, RandomWorkspace, seeds},
    shapes::{differences, misfits},
};

use run::{Seen, Series, common};

#[test]
fn the_examples_keep_it() {
    let mut series = Series::default();
    for name in EXAMPLES {
        let (faults, seen) = series.broken(&example(name), 1);
        assert_eq!(faults, "", "{name}");
        assert!(seen.successes > 4 && seen.events > 0 && seen.audits > 0, "{name}: {seen:?}");
    }
}

#[test]
fn the_workspaces_of_the_tests_keep_it() {
    let mut series = Series::default();
    for name in ["clinic", "library"] {
        let files = files_below(&format!("tests/workspaces/{name}"));
        let files: Vec<(&str, &str)> =
            files.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect();
        let (faults, seen) = series.broken(&workspace(&files), 1);
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
    let mut series = Series::default();
    let mut all = Seen::default();
    let mut faults = String::new();
    // Neither the sizes nor the calls that depend on the seed fall into one share.
    let seeds = seeds(300).into_iter().enumerate().filter(|(at, _)| (at / 8) as u64 % 4 == share);
    let mut made: Vec<_> = seeds.map(|(_, seed)| (seed, made(seed))).collect();
    made.sort_by_cached_key(|(_, (_, workspace))| common(workspace));
    for (seed, (made, workspace)) in made {
        let (found, seen) = series.broken(&workspace, seed);
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

/// So many random workspaces are called from several sessions at once, and so many times each.
const CONTENDED: (u64, usize) = (3, 300);

#[test]
fn sessions_at_once_keep_it() {
    let (workspaces, calls) = CONTENDED;
    let (mut faults, mut all, mut successes) = (String::new(), 0, 0);
    for seed in seeds(workspaces) {
        let (made, workspace) = made(seed);
        let (found, called, succeeded) = sessions::broken(&workspace, seed, calls, None);
        println!("seed {seed}: {succeeded} of {called} calls succeed");
        all += called;
        successes += succeeded;
        for it in found.iter().take(8) {
            faults.extend(it.chars().take(600).chain(['\n']));
        }
        if !found.is_empty() {
            faults.push_str(&made.shown());
        }
    }
    assert!(faults.is_empty(), "{faults}");
    assert!(successes * 4 > all, "too few calls succeed: {successes} of {all}");
}

/// The triggers of the trail are off, so rows change that it does not have.
const NO_TRAIL: &str = "DO $$ DECLARE t record; BEGIN
    FOR t IN SELECT g.tgrelid::regclass AS tab, g.tgname FROM pg_trigger AS g WHERE g.tgname ~ '^audit_' AND g.tgrelid::regclass::text ~ 'tb_' LOOP
        EXECUTE format('ALTER TABLE %s DISABLE TRIGGER %I', t.tab, t.tgname);
    END LOOP;
END $$";

#[test]
fn a_change_that_the_trail_has_not_is_found() {
    // Not every workspace has an action that changes an audited row in so few calls.
    let is_found = |seed| {
        let (_, workspace) = made(seed);
        let (faults, _, _) = sessions::broken(&workspace, seed, 40, Some(NO_TRAIL));
        faults.iter().any(|it| it.contains("the audit has no row"))
    };
    assert!((1..=6).any(is_found));
}

#[test]
fn a_value_that_does_not_fit_is_found() {
    let (_, workspace) = made(1);
    let contract = Contract::all(&workspace).find(|it| it.cascade.is_some()).unwrap();
    let shape: Shape = contract.cascade.as_ref().unwrap().shape(&workspace).into();
    let good = json!({"updated": [], "deleted": [], "invalidations": [], "metadata": {}});
    assert!(misfits(&shape, &good).iter().any(|it| it.contains("has no `timestamp`")));
    let mut other = good.clone();
    other["more"] = 1.into();
    assert!(misfits(&shape, &other).iter().any(|it| it.contains("`more`")));
    assert_eq!(differences(&shape, &good, &other), ["$.more: only the row has it"]);
    assert_eq!(differences(&shape, &other, &good), ["$.more: only the sample has it"]);
}
