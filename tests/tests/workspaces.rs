//! Whole workspaces, checked by the real binary. What must be found stands in comments below the line
//! it is about: `#   ^^^^ error[code]`, or `# <- error[code]` for the word the comment is aligned with.
//! A workspace without such comments must have no findings at or above `warning`.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a report of another shape fails the test"
)]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;
use specql_tests::binary::{project_root, run};

/// File, line, first column, level and code; lines and columns from 1.
type Finding = (String, usize, usize, String);

fn workspaces() -> PathBuf {
    project_root().join("tests/workspaces")
}

/// The findings that the comments of a folder's files announce.
fn announced(folder: &Path) -> BTreeSet<Finding> {
    let mut res = BTreeSet::new();
    for entry in fs::read_dir(folder).expect("the workspace is there") {
        let path = entry.expect("it was listed").path();
        let name = path.file_name().expect("it has a name").to_string_lossy().into_owned();
        let mut target = 0;
        for (number, line) in fs::read_to_string(&path).expect("text").lines().enumerate() {
            match marker(line) {
                Some((column, text)) => {
                    res.insert((name.clone(), target + 1, column, text));
                }
                None => target = number,
            }
        }
    }
    res
}

/// The column and the text of a marker.
fn marker(line: &str) -> Option<(usize, String)> {
    let hash = line.len() - line.trim_start().strip_prefix('#')?.len() - 1;
    let comment = line.get(hash + 1..)?.trim_start();
    if let Some(text) = comment.strip_prefix("<-") {
        return Some((hash + 1, text.trim().to_owned()));
    }
    let text = comment.strip_prefix('^')?.trim_start_matches('^').trim();
    Some((line.find('^')? + 1, text.to_owned()))
}

/// The findings of the binary, informations left out.
fn found(folder: &Path) -> (BTreeSet<Finding>, String) {
    let output = run(folder, &["--check", ".", "--format", "json"]);
    let text = String::from_utf8(output.stdout).expect("JSON is UTF-8");
    let report: Value = serde_json::from_str(&text).expect("one JSON object");
    let findings = report["findings"].as_array().expect("a list");
    let serious = findings.iter().filter(|it| it["level"] != "info");
    let res = serious.map(|it| {
        let start = &it["range"]["start"];
        let number = |key: &str| usize::try_from(start[key].as_u64().unwrap()).unwrap();
        let word = |key: &str| it[key].as_str().unwrap().to_owned();
        let label = format!("{}[{}]", word("level"), word("code"));
        (word("file"), number("line"), number("column"), label)
    });
    (res.collect(), text)
}

#[test]
fn findings_of_whole_workspaces_are_the_announced_ones() {
    let mut wrong = Vec::new();
    for entry in fs::read_dir(workspaces()).expect("the workspaces are there") {
        let folder = entry.expect("it was listed").path();
        let name = folder.file_name().expect("it has a name").to_string_lossy().into_owned();
        let (expected, (found, _)) = (announced(&folder), found(&folder));
        wrong.extend(expected.difference(&found).map(|it| format!("{name}: missing {it:?}")));
        wrong.extend(found.difference(&expected).map(|it| format!("{name}: not announced {it:?}")));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_exit_code_tells_findings_from_none() {
    assert_eq!(run(&workspaces().join("library"), &["--check"]).status.code(), Some(0));
    assert_eq!(run(&workspaces().join("logistics"), &["--check"]).status.code(), Some(1));
    assert_eq!(run(&workspaces(), &["--check", "no/such/path"]).status.code(), Some(2));
}
