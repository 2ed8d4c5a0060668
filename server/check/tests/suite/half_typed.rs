//! A workspace without findings in which every form of the language occurs, whole and half typed: a line
//! that is being typed has its own findings, and the lines around it get none for what is not there yet.

use specql_check::test_support::Fixture;
use specql_model::Workspace;

use crate::support::{judged, line, lines, workspace};

const EVERY_FORM: &str = include_str!("every_form.fixture");

fn files() -> Vec<(String, String)> {
    Fixture::parse(EVERY_FORM).files.into_iter().map(|it| (it.path, it.text)).collect()
}

#[test]
fn every_form_is_accepted() {
    let mut found = lines(&workspace(files()));
    found.retain(|it| !OF_RELEASES.iter().any(|code| it.contains(&format!("[{code}]"))));
    assert_eq!(found, Vec::<String>::new());
}

/// What is said of forms that are read, but that released generators pass over or no code is made of.
const OF_RELEASES: &[&str] = &["compat", "ignored-steps", "not-generated"];

/// What may be said elsewhere about a line that is half typed: the name it declared is gone.
const OF_NAMES: &[&str] = &[
    "unknown-entity",
    "unknown-field",
    "unknown-variable",
    "unknown-action",
    "unknown-sql-name",
    "missing-side-effect",
];

/// What may be said elsewhere about a field whose type is half typed, and so another one.
const OF_TYPES: &[&str] = &[
    "unstable-partition-key",
    "sensitive-payload",
    "type-mismatch",
    "unknown-enum-value",
    "unknown-relation",
    "invalidation-filter",
    "unknown-payload-field",
    "missing-required-field",
];

/// What may be said elsewhere about an `update` whose `SET` is gone: it writes whatever the input has.
const OF_WRITES: &[&str] = &["unstable-partition-key"];

/// What may be said about the lines below one that is gone: they hang in the air.
const OF_LAYOUT: &[&str] = &["invalid-yaml"];

#[test]
fn a_half_typed_line_is_its_own_finding() {
    let files = files();
    for at in 0..files.len() {
        let all: Vec<&str> = files[at].1.lines().collect();
        for cut in 0..all.len() {
            for keep in [all[cut].len() / 2, all[cut].len().saturating_sub(2)] {
                let mut text = all.clone();
                text[cut] = &all[cut][..keep];
                let mut changed = files.clone();
                changed[at].1 = text.join("\n");
                assert_others_are_fine(&workspace(changed), &files[at].0, cut, text[cut]);
            }
        }
    }
}

fn assert_others_are_fine(workspace: &Workspace, path: &str, cut: usize, typed: &str) {
    for it in judged(workspace).into_iter().filter(|it| !OF_RELEASES.contains(&it.code)) {
        let file = workspace.file(it.file).unwrap();
        let row = file.text()[..it.range.to_usize().start].matches('\n').count();
        let here = &*file.path == path && row == cut;
        let about_names = OF_NAMES.contains(&it.code) && declares_name(typed);
        let about_layout = OF_LAYOUT.contains(&it.code) && typed.trim().is_empty();
        let about_types = OF_TYPES.contains(&it.code) && declares_field(typed);
        let about_writes = OF_WRITES.contains(&it.code) && typed.contains("update: ");
        // `item in Order` is a loop over another entity than `item in OrderItem`.
        let about_loops = it.code == "type-mismatch" && typed.contains("foreach: ");
        let shown = line(workspace, &it);
        assert!(
            here || about_names || about_layout || about_types || about_writes || about_loops,
            "{path}:{}: `{typed}` gives\n{shown}",
            cut + 1
        );
    }
}

/// Whether a line that is cut still declares a name, and so another one than before.
fn declares_name(typed: &str) -> bool {
    let typed = typed.trim_start().trim_start_matches("- ");
    ["entity", "entit", "ent", "fie", "name: ", "schema", "as: "]
        .iter()
        .any(|it| typed.starts_with(it))
}

/// Whether a line is one of a field: two blanks, a name, a colon.
fn declares_field(typed: &str) -> bool {
    let name = typed.strip_prefix("  ").and_then(|it| it.split_once(':')).map(|it| it.0);
    name.is_some_and(|it| !it.is_empty() && !it.starts_with([' ', '-']))
}
