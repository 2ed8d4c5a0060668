//! Law: what `emit` cannot translate or enforce, a finding reports in its line.
//!
//! `tests/tests/postgres_laws/` holds the other half: what has no findings loads, and its actions run.

use specql_check::test_support::Fixture;
use specql_check::{RULES, check_workspace};
use specql_codegen::{EmitOptions, Problem, problems};
use specql_model::Workspace;

use crate::mutants::sampled;
use crate::support::{real_workspaces, workspace};

/// Rules whose findings have consequences elsewhere in the file, which are reported once, at the cause.
const CAUSES: [&str; 3] = ["unknown-entity", "unknown-step", "yaml-1-1-trap"];

/// What follows where two files declare one entity, which is reported at the second declaration: a
/// name that means both, and functions that both have.
const OF_DUPLICATES: [&str; 2] = ["unresolved-name", "name-collision"];

/// The problems of `emit` that no finding stands at, in one line each.
fn unreported(what: &str, workspace: &Workspace) -> Vec<String> {
    let found = check_workspace(workspace);
    let problems = problems(workspace, EmitOptions { tables: true, samples: false });
    let row = |file, at: u32| {
        let text = workspace.file(file).unwrap().text();
        text[..at as usize].matches('\n').count() + 1
    };
    let has_duplicates = found.iter().any(|it| it.code == "duplicate-entity");
    let is_reported = |it: &Problem| {
        let follows = has_duplicates && OF_DUPLICATES.contains(&it.kind.code());
        follows
            || found.iter().filter(|by| by.file == it.file).any(|by| {
                let touches =
                    by.range.touches(it.range.start()) || it.range.touches(by.range.start());
                let same_line = || row(by.file, by.range.start()) == row(it.file, it.range.start());
                touches || CAUSES.contains(&by.code) || same_line()
            })
    };
    let lines = problems.iter().filter(|it| !is_reported(it)).map(|it| {
        let file = workspace.file(it.file).unwrap();
        let row = row(it.file, it.range.start());
        format!("{what}: {}:{row}: {}: {}", file.path, it.kind.code(), it.message)
    });
    lines.collect()
}

#[test]
fn of_seeded_mistakes() {
    let mut missed = Vec::new();
    for (code, files) in sampled() {
        missed.extend(unreported(code, &workspace(files)));
    }
    missed.sort();
    missed.dedup();
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn of_real_files() {
    let mut missed = Vec::new();
    for (folder, workspace) in real_workspaces() {
        missed.extend(unreported(&folder, &workspace));
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn of_the_examples_of_pages() {
    let mut missed = Vec::new();
    for rule in RULES {
        for block in rule.page.split("```yaml\n").skip(1) {
            let block = block.split("```").next().unwrap();
            // What an author allows is not reported.
            if block.contains("# specql:") {
                continue;
            }
            missed.extend(unreported(rule.code, &Fixture::parse(block).workspace()));
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}
