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
    let has = |code: &str| found.iter().any(|it| it.code == code);
    let has_duplicates = has("duplicate-entity");
    let is_reported = |it: &Problem| {
        let code = it.kind.code();
        // What the configuration says of every event, and a row that a statement would write.
        let follows = (has_duplicates && OF_DUPLICATES.contains(&code))
            || (has("invalid-topic") && code == "unusable-setting")
            || (has("invalid-statement") && it.message.starts_with("no step touches"));
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

/// Where a query in SQL can stand in the steps of an action, `$` for the query.
const PLACES: [&str; 14] = [
    "- validate: ($) > 1",
    "- validate: n = ($)",
    "- validate: EXISTS ($)",
    "- validate: NOT EXISTS ($)",
    "- validate: n IN ($)",
    "- validate: n = ANY ($)",
    "- if: EXISTS ($)\n        then:\n          - update: Post SET n = 1",
    "- update: Post SET n = ($)",
    "- update: Post SET n = 1 WHERE n = ($)",
    "- update: Post SET n = coalesce(($), 0) + 1",
    "- insert: Post(title = 'a', n = ($))",
    "- delete: Post WHERE n IN ($)",
    "- foreach: r in ($)\n        do:\n          - update: Post SET n = 1",
    "- call: other(n = ($))",
];

/// What a query cannot have, or names that nobody has there.
const QUERIES: [&str; 12] = [
    "SELECT max(n) FROM crm.tb_post WHERE n < $x",
    "SELECT max(n) FROM crm.tb_post WHERE n < $y AND n > $title",
    "SELECT $1",
    "SELECT length($$it$$)",
    "SELECT length($q$it$q$)",
    "SELECT max(n) FROM crm.tb_post WHERE title LIKE 'a\\_b'",
    "SELECT max(n) FROM crm.tb_post; SELECT 1",
    "SELECT max(n) FROM crm.tb_post WHERE n < input.x",
    "SELECT max(n) FROM crm.tb_post WHERE n < p_x",
    "SELECT max(n) FROM crm.tb_post WHERE n < x",
    "SELECT max(nn) FROM crm.tb_post",
    "SELECT max(n) FROM tb_post",
];

#[test]
fn of_queries_in_sql() {
    for query in QUERIES {
        for place in PLACES {
            let step = place.replace('$', query);
            let text = format!(
                "entity: Post\nschema: crm\nfields:\n  title: text!\n  n: integer\nactions:\n  - name: look\n    params:\n      x: integer\n    steps:\n      {step}\n  - name: other\n    params:\n      n: integer\n    steps:\n      - update: Post SET n = n\n"
            );
            let workspace = workspace(vec![("post.yaml".to_owned(), text)]);
            let missed = unreported(&step, &workspace);
            assert!(missed.is_empty(), "{}", missed.join("\n"));
            let found = check_workspace(&workspace);
            let row = |at: u32| {
                let text = workspace.files().next().unwrap().text();
                text[..at as usize].matches('\n').count()
            };
            let names_it = |code: &str| matches!(code, "unknown-sql-name" | "invalid-statement");
            let count = found.iter().filter(|it| names_it(it.code)).count();
            assert!(count > 0, "{step}: {found:#?}");
            for it in found.iter().filter(|it| names_it(it.code)) {
                assert_eq!(row(it.range.start()), 10, "{step}: {}", it.message);
            }
        }
    }
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
