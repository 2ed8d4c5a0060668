//! The corpus: entity files in every dialect and style that real ones have, and other YAML beside them.
//!
//! `SPECQL_CORPUS` names a folder with more of them; every test that reads the corpus then reads both.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// A file of the corpus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Where it lies.
    pub path: PathBuf,
    /// Its path within its folder of the corpus, with `/`.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// What is known of a file of the project's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// Its path within the corpus.
    pub name: &'static str,
    /// Whether it declares an entity.
    pub is_entity: bool,
    /// Number of fields, as PyYAML counts them; 0 for a file that declares no entity.
    pub fields: usize,
    /// Number of actions, likewise.
    pub actions: usize,
    /// The parser of specql-generator 0.5.0 reads it.
    pub accepted: bool,
}

/// The files that belong to the project, a folder for each workspace.
#[must_use]
pub fn own() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/files"))
}

/// Every YAML file: the project's own, then those of the folder in `SPECQL_CORPUS`, each by path.
///
/// # Panics
///
/// When a file cannot be read, or `SPECQL_CORPUS` names no folder: a test that silently reads less
/// proves less.
#[must_use]
pub fn files() -> Vec<File> {
    let mut res = below(own());
    if let Some(more) = env::var_os("SPECQL_CORPUS").filter(|it| !it.is_empty()).map(PathBuf::from)
    {
        assert!(more.is_dir(), "SPECQL_CORPUS names no folder: {}", more.display());
        res.extend(below(&more));
    }
    res
}

/// What is known of each of the project's own files.
#[must_use]
pub fn known() -> Vec<Known> {
    let lines = include_str!("../known.tsv").lines().filter(|it| !it.starts_with('#'));
    lines.filter_map(known_line).collect()
}

fn known_line(line: &'static str) -> Option<Known> {
    let mut columns = line.split('\t');
    let (name, kind) = (columns.next()?, columns.next()?);
    let mut count = || columns.next().and_then(|it| it.parse().ok()).unwrap_or_default();
    let (fields, actions) = (count(), count());
    let accepted = columns.next() == Some("accepted");
    Some(Known { name, is_entity: kind == "entity", fields, actions, accepted })
}

fn below(root: &Path) -> Vec<File> {
    let mut paths = Vec::new();
    collect(root, &mut paths);
    paths.sort();
    let file = |path: PathBuf| {
        let name = path.strip_prefix(root).expect("it was found below").display().to_string();
        let text = fs::read_to_string(&path).expect("a file of the corpus is text");
        File { name: name.replace('\\', "/"), path, text }
    };
    paths.into_iter().map(file).collect()
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of the corpus can be read") {
        let path = entry.expect("a folder of the corpus can be read").path();
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|it| it == "yaml" || it == "yml") {
            paths.push(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{below, known, own};

    #[test]
    fn every_file_is_known() {
        let mut names: Vec<&str> = known().iter().map(|it| it.name).collect();
        names.sort_unstable();
        let mut found: Vec<String> = below(own()).into_iter().map(|it| it.name).collect();
        found.sort();
        assert_eq!(names, found);
    }

    #[test]
    fn there_are_sixty_entities_in_dialects_old_and_new() {
        let entities: Vec<_> = known().into_iter().filter(|it| it.is_entity).collect();
        assert!(entities.len() >= 60, "{}", entities.len());
        let accepted = entities.iter().filter(|it| it.accepted).count();
        assert!(accepted >= 30 && entities.len() - accepted >= 20, "{accepted}");
    }
}
