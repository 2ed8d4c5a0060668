//! Patterns for paths: `entities/**/*.yaml`.

use std::path::{Path, PathBuf};

use camino::Utf8Path;
use globset::GlobBuilder;
use ignore::WalkBuilder;

use crate::file::is_source;

/// What makes a path a pattern.
const SIGNS: [char; 4] = ['*', '?', '[', '{'];

/// Whether a path that leads nowhere is meant as a pattern.
pub(crate) fn is_pattern(path: &Utf8Path) -> bool {
    path.as_str().contains(SIGNS)
}

/// The source files that a pattern matches, in the order of their paths; none where it is no pattern.
/// What is hidden or ignored is passed by, as below a folder.
#[must_use]
pub fn matching(pattern: &Path) -> Vec<PathBuf> {
    let Some(text) = pattern.to_str().map(|it| it.strip_prefix("./").unwrap_or(it)) else {
        return Vec::new();
    };
    let Some(first) = text.find(SIGNS) else { return Vec::new() };
    let glob = GlobBuilder::new(text).literal_separator(true).build();
    let Ok(glob) = glob.map(|it| it.compile_matcher()) else { return Vec::new() };
    // The folder before the first part that is a pattern.
    let plain = text.get(..first).and_then(|it| it.rfind('/')).and_then(|it| text.get(..=it));
    let folder = Path::new(plain.unwrap_or("."));
    let walk = WalkBuilder::new(folder).require_git(false).build();
    let paths = walk.flatten().filter(|it| it.file_type().is_some_and(|it| it.is_file()));
    let paths = paths.map(|it| match it.path().strip_prefix(".") {
        Ok(inside) if plain.is_none() => inside.to_owned(),
        _ => it.into_path(),
    });
    let is_meant =
        |it: &PathBuf| Utf8Path::from_path(it).is_some_and(is_source) && glob.is_match(it);
    let mut res: Vec<PathBuf> = paths.filter(is_meant).collect();
    res.sort();
    res
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::Tree;

    #[test]
    fn a_pattern_stands_for_the_source_files_that_it_matches() {
        let tree = Tree::new(&[
            "a/b.yaml=",
            "a/c/d.yml=",
            "a/c/e.md=",
            "f.yaml=",
            ".gitignore=g.yaml",
            "g.yaml=",
        ]);
        let found = |pattern: &str| -> Vec<String> {
            let found = matching(tree.at(pattern).as_std_path());
            let name = |it: &PathBuf| it.strip_prefix(tree.root()).unwrap().display().to_string();
            found.iter().map(name).collect()
        };
        assert_eq!(found("*.yaml"), ["f.yaml"]);
        assert_eq!(found("**/*.{yaml,yml}"), ["a/b.yaml", "a/c/d.yml", "f.yaml"]);
        assert_eq!(found("a/*/*.yml"), ["a/c/d.yml"]);
        assert_eq!(found("f.yaml"), [""; 0]);
        assert_eq!(found("a/[").len(), 0);
    }
}
