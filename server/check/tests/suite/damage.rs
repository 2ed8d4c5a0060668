//! Damaged files: whatever is typed, the rules answer, and every range lies in its file.

use std::panic::catch_unwind;

use fastrand::Rng;
use specql_check::test_support::Fixture;
use specql_check::{Diagnostic, RULES, check_workspace};
use specql_model::Workspace;

use crate::support::{real_files, workspace};

/// Pieces that mean something to one of the languages.
const PIECES: &[&str] = &[
    "\n",
    "\n  ",
    "\n    ",
    "\n- ",
    "  ",
    "\t",
    ": ",
    ":",
    "- ",
    "-",
    "[",
    "]",
    "{",
    "}",
    ",",
    "\"",
    "'",
    "|",
    "#",
    " # specql: allow(",
    "&a ",
    "*a",
    "<<: *a",
    "!t ",
    "---\n",
    "é",
    "字",
    "😀",
    "\u{feff}",
    "(",
    ")",
    "!",
    " = ",
    "=",
    "?",
    "$",
    ".",
    "entity: ",
    "fields:",
    "actions:",
    "steps:",
    "impact:",
    "primary:",
    "side_effects:",
    "cdc:",
    "enum(",
    "ref(",
    "list(",
    " SET ",
    " WHERE ",
    "EXISTS ",
    "CASE ",
    "input.",
    "Post",
    "User",
    "null",
    "no",
    "012",
    "12:30",
    "impacts:",
    "\\",
    "\0",
];

fn rounds() -> usize {
    let factor = std::env::var("SPECQL_FUZZ").map_or(1, |it| it.parse().expect("a whole number"));
    400 * factor
}

/// Every text to begin with: the examples of the pages, and real files.
fn seeds() -> Vec<Vec<(String, String)>> {
    let mut res: Vec<Vec<(String, String)>> = Vec::new();
    for rule in RULES {
        for block in rule.page.split("```yaml\n").skip(1) {
            let text = block.split("```").next().unwrap();
            let files = Fixture::parse(text).files;
            res.push(files.into_iter().map(|it| (it.path, it.text)).collect());
        }
    }
    res.extend(real_files().into_iter().map(|it| vec![it]));
    res
}

fn damage(random: &mut Rng, text: &mut String) {
    for _ in 0..random.usize(1..4) {
        let places: Vec<usize> = text.char_indices().map(|it| it.0).chain([text.len()]).collect();
        let start = places[random.usize(..places.len())];
        let end = match random.u8(..4) {
            0 => start,
            1 => text.len(),
            _ => places
                .iter()
                .copied()
                .find(|it| *it >= start + random.usize(..20))
                .unwrap_or(text.len()),
        };
        let piece = if random.u8(..4) == 0 { "" } else { PIECES[random.usize(..PIECES.len())] };
        text.replace_range(start..end, piece);
    }
}

#[test]
fn damaged_files_never_panic() {
    let seeds = seeds();
    let seed = 0x5eed;
    let mut random = Rng::with_seed(seed);
    for round in 0..rounds() {
        let mut files = seeds[random.usize(..seeds.len())].clone();
        let chosen = random.usize(..files.len());
        damage(&mut random, &mut files[chosen].1);
        let text = files[chosen].1.clone();
        let outcome = catch_unwind(|| {
            let workspace = workspace(files);
            for finding in check_workspace(&workspace) {
                assert_in_files(&workspace, &finding);
            }
        });
        assert!(outcome.is_ok(), "seed {seed:#x}, round {round}:\n{text}");
    }
}

fn assert_in_files(workspace: &Workspace, it: &Diagnostic) {
    let fixes = it.fixes.iter().flat_map(|it| &it.edits).map(|it| (it.file, it.edit.range));
    let related = it.related.iter().map(|it| (it.file, it.range));
    for (file, range) in [(it.file, it.range)].into_iter().chain(related).chain(fixes) {
        let text = workspace.file(file).expect("a finding is in a file").text();
        assert!(
            text.get(range.to_usize()).is_some(),
            "{range:?} lies off the text: {}",
            it.message
        );
    }
    assert!(!it.message.contains('\n'), "a message is one line: {}", it.message);
}
