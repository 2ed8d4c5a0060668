//! Generated workspaces: 1.2 kB an entity, one finding in each file, one entity that others use.

use serde_json::{Value, json};
use std::path::PathBuf;

/// A folder, gone with the value.
pub(crate) struct Folder(tempfile::TempDir);

impl Folder {
    pub(crate) fn root(&self) -> String {
        format!("file://{}", self.0.path().display())
    }

    /// The file of an entity.
    pub(crate) fn path(&self, number: usize) -> PathBuf {
        self.0.path().join(format!("d{}/entity{number}.yaml", number / 100))
    }
}

/// Writes a workspace.
pub(crate) fn write(size: usize) -> Folder {
    let folder = Folder(tempfile::tempdir().unwrap());
    for number in 0..size {
        let path = folder.path(number);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, specql_benches::entity_around_hub(number, size)).unwrap();
    }
    folder
}

/// Line and column behind a part of a text.
pub(crate) fn place(text: &str, needle: &str) -> (usize, usize) {
    let (line, found) = text.lines().enumerate().find(|it| it.1.contains(needle)).unwrap();
    (line, found.find(needle).unwrap() + needle.len())
}

/// Changes that write a word letter by letter and take it away again, without end.
pub(crate) fn keys(word: &str, line: usize, column: usize) -> impl Iterator<Item = Value> {
    let letters: Vec<String> = word.chars().map(String::from).collect();
    let at = move |it: usize| json!({ "line": line, "character": column + it });
    let count = letters.len();
    (0..).map(move |key| match key % (2 * count) {
        it if it < count => {
            json!({ "range": { "start": at(it), "end": at(it) }, "text": letters[it] })
        }
        it => {
            let end = 2 * count - it;
            json!({ "range": { "start": at(end - 1), "end": at(end) }, "text": "" })
        }
    })
}
