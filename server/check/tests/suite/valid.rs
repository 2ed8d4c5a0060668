//! Files in odd and legal styles, of which nothing is said.
//!
//! In `valid.fixture` a workspace is its name behind `##` and its files; `␍` is a carriage return and `⌕` a
//! byte order mark.

use crate::support::{judged, line, workspace};

const VALID: &str = include_str!("valid.fixture");

/// The workspaces, by name.
fn workspaces() -> Vec<(&'static str, Vec<(String, String)>)> {
    let parts = VALID.trim_start_matches("## ").split("\n## ");
    let read = |it: &'static str| {
        let (name, files) = it.split_once('\n').unwrap();
        let mut files: Vec<(String, String)> = files
            .split("#- /")
            .skip(1)
            .map(|it| it.split_once('\n').unwrap())
            .map(|it| (it.0.to_owned(), it.1.replace('␍', "\r").replace('⌕', "\u{feff}")))
            .collect();
        if !files.iter().any(|it| it.0.starts_with("specql.config")) {
            files.push(("specql.config.yaml".to_owned(), "compat: off\n".to_owned()));
        }
        (name, files)
    };
    parts.map(read).collect()
}

#[test]
fn nothing_false_is_said() {
    let all = workspaces();
    assert!(all.len() > 40, "only {} are read", all.len());
    let mut said = Vec::new();
    for (name, files) in all {
        let workspace = workspace(files);
        let found = judged(&workspace);
        said.extend(found.iter().map(|it| format!("{name}: {}", line(&workspace, it))));
    }
    assert!(said.is_empty(), "{}", said.join("\n"));
}
