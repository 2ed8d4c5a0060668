//! Every message that a fixture of a rule or a page expects, once and in the order of the codes, so that
//! they can be read in a row: `messages.txt`. `UPDATE_MESSAGES=1` writes it anew.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::support::root;

fn collect(folder: &Path, messages: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, messages);
            continue;
        }
        for line in fs::read_to_string(&path).unwrap().lines() {
            messages.extend(message(line));
        }
    }
}

/// `error[code]: text` behind the marks of a fixture.
fn message(line: &str) -> Option<String> {
    let marks = line.trim_start().strip_prefix('#')?;
    let marks = marks.trim_start().trim_start_matches(['<', '^']).trim_start();
    let found = marks.strip_prefix('\u{1f4a1}').unwrap_or(marks).trim_start();
    let levels = ["error[", "warning[", "info[", "hint["];
    let level = levels.into_iter().find(|it| found.starts_with(*it))?;
    let (code, text) = found.strip_prefix(level)?.split_once("]: ")?;
    Some(format!("{code} ({}): {text}", level.trim_end_matches('[')))
}

#[test]
fn messages_in_a_row() {
    let mut messages = BTreeSet::new();
    collect(&root().join("server/check/src/rules"), &mut messages);
    collect(&root().join("docs/rules"), &mut messages);
    assert!(messages.len() > 100, "only {} messages were found", messages.len());
    let text = messages.into_iter().map(|it| it + "\n").collect::<String>();
    let path = root().join("server/check/tests/suite/messages.txt");
    if std::env::var_os("UPDATE_MESSAGES").is_some() {
        fs::write(&path, &text).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(committed, text, "`UPDATE_MESSAGES=1` writes the list anew; read what has changed");
}
