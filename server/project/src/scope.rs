//! What was opened, or named on the command line, and which workspace a file belongs to.
//!
//! Invariant: the nearest folder at or above a file that holds a configuration is its workspace. Only
//! where there is none does it matter what was opened: the outermost such folder, else the repository,
//! else the file's own folder.

use camino::{Utf8Path, Utf8PathBuf};

/// The configuration of a workspace; of both in one folder the first holds.
pub const CONFIG_NAMES: [&str; 2] = ["specql.config.yaml", "specql.config.yml"];

/// The folder of a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Root {
    /// Its real path.
    pub path: Utf8PathBuf,
    /// How far below it its files lie.
    pub depth: Depth,
}

/// How far below a root its files lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Depth {
    /// Anywhere, up to the next workspace.
    #[default]
    All,
    /// In the root itself: a home folder is no workspace because one file in it was opened.
    One,
}

impl Root {
    /// The name of a file in its workspace: relative to the root, so that globs of the configuration
    /// mean the same wherever one asks from.
    #[must_use]
    pub fn name<'a>(&self, file: &'a Utf8Path) -> &'a str {
        file.strip_prefix(&self.path).unwrap_or(file).as_str()
    }
}

/// The folders that were opened or named, by their real paths.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    folders: Vec<Utf8PathBuf>,
    /// Workspaces of files that were named alone.
    alone: Vec<Utf8PathBuf>,
    ignored: bool,
}

impl Scope {
    /// A scope of folders with real paths.
    #[must_use]
    pub fn new(folders: Vec<Utf8PathBuf>) -> Self {
        Self { folders, alone: Vec::new(), ignored: false }
    }

    /// Whether what `.gitignore` and `.ignore` exclude is looked at too.
    #[must_use]
    pub fn looks_at_ignored(&self) -> bool {
        self.ignored
    }

    /// Looks at what is ignored too.
    pub fn look_at_ignored(&mut self) {
        self.ignored = true;
    }

    /// The folders.
    #[must_use]
    pub fn folders(&self) -> &[Utf8PathBuf] {
        &self.folders
    }

    /// Opens a folder.
    pub fn add(&mut self, folder: Utf8PathBuf) {
        if !self.folders.contains(&folder) {
            self.folders.push(folder);
        }
    }

    /// Takes files that are named together: one whose workspace would lie in that of another belongs to
    /// the outer one.
    pub fn name_files(&mut self, files: &[Utf8PathBuf]) {
        for file in files {
            let root = self.root_of_file(file);
            if root.depth == Depth::All && !has_config(&root.path) {
                self.alone.push(root.path);
            }
        }
    }

    /// Closes a folder.
    pub fn remove(&mut self, folder: &Utf8Path) {
        self.folders.retain(|it| it != folder);
    }

    /// Whether a path lies in one of the folders.
    #[must_use]
    pub fn contains(&self, path: &Utf8Path) -> bool {
        self.folders.iter().any(|it| path.starts_with(it))
    }

    /// The workspace of a file, by its real path.
    #[must_use]
    pub fn root_of_file(&self, file: &Utf8Path) -> Root {
        let folder = file.parent().unwrap_or(file);
        self.root_of_folder(folder).unwrap_or_else(|| {
            let own = repository(folder).unwrap_or(folder);
            let above = self.alone.iter().filter(|it| own.starts_with(it));
            let path = above.min_by_key(|it| it.as_str().len()).map_or(own, AsRef::as_ref);
            let depth = if is_too_wide(path) { Depth::One } else { Depth::All };
            Root { path: path.to_owned(), depth }
        })
    }

    /// The workspace of everything right in a folder, when a configuration or the scope decides it.
    #[must_use]
    pub fn root_of_folder(&self, folder: &Utf8Path) -> Option<Root> {
        let configured = folder.ancestors().find(|it| has_config(it));
        let opened = || {
            let above = self.folders.iter().filter(|it| folder.starts_with(it));
            above.min_by_key(|it| it.as_str().len()).map(AsRef::as_ref)
        };
        let path: &Utf8Path = configured.or_else(opened)?;
        Some(Root { path: path.to_owned(), depth: Depth::All })
    }
}

/// Whether a folder has a configuration of its own.
pub(crate) fn has_config(folder: &Utf8Path) -> bool {
    CONFIG_NAMES.iter().any(|it| folder.join(it).is_file())
}

fn repository(folder: &Utf8Path) -> Option<&Utf8Path> {
    folder.ancestors().find(|it| it.join(".git").exists())
}

/// Folders that hold everything, and that nobody means as a project.
fn is_too_wide(folder: &Utf8Path) -> bool {
    let is = |it: Option<std::path::PathBuf>| {
        it.and_then(|it| dunce::canonicalize(it).ok()).is_some_and(|it| it == folder.as_std_path())
    };
    folder.parent().is_none() || is(std::env::home_dir()) || is(Some(std::env::temp_dir()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::Tree;

    fn root(scope: &Scope, tree: &Tree, file: &str) -> String {
        let root = scope.root_of_file(&tree.at(file));
        root.path.strip_prefix(tree.root()).unwrap().to_string()
    }

    const TREE: &[&str] = &[
        "p/specql.config.yaml",
        "p/a/b.yaml",
        "p/q/specql.config.yml",
        "p/q/c.yaml",
        "r/.git/HEAD",
        "r/d/e.yaml",
        "f/g/h.yaml",
        "f/specql.config.yaml/not-a-file",
    ];

    #[test]
    fn the_nearest_configuration_decides_whatever_is_opened() {
        let tree = Tree::new(TREE);
        for opened in [vec![], vec![""], vec!["p"], vec!["p/a"], vec!["p/q", "p"], vec!["r"]] {
            let scope = Scope::new(opened.iter().map(|it| tree.at(it)).collect());
            assert_eq!(root(&scope, &tree, "p/a/b.yaml"), "p");
            assert_eq!(root(&scope, &tree, "p/new.yaml"), "p");
            assert_eq!(root(&scope, &tree, "p/q/c.yaml"), "p/q");
        }
    }

    #[test]
    fn without_one_it_is_the_outermost_folder_that_was_opened() {
        let tree = Tree::new(TREE);
        let scope = Scope::new(vec![tree.at("f/g"), tree.at("f")]);
        assert_eq!(root(&scope, &tree, "f/g/h.yaml"), "f");
        let scope = Scope::new(vec![tree.at("r/d")]);
        assert_eq!(root(&scope, &tree, "r/d/e.yaml"), "r/d");
    }

    #[test]
    fn files_that_are_named_together_are_of_the_outermost_folder() {
        let tree = Tree::new(TREE);
        for order in [["r/top.yaml", "r/d/e.yaml"], ["f/top.yaml", "f/g/h.yaml"]] {
            for files in [order, [order[1], order[0]]] {
                let mut scope = Scope::default();
                scope.name_files(&files.map(|it| tree.at(it)));
                let outer = order[0].split('/').next().unwrap();
                assert_eq!(root(&scope, &tree, order[0]), outer);
                assert_eq!(root(&scope, &tree, order[1]), outer);
                assert_eq!(root(&scope, &tree, "p/q/c.yaml"), "p/q");
            }
        }
    }

    #[test]
    fn a_lone_file_brings_its_repository_or_its_own_folder() {
        let tree = Tree::new(TREE);
        assert_eq!(root(&Scope::default(), &tree, "r/d/e.yaml"), "r");
        assert_eq!(root(&Scope::default(), &tree, "f/g/h.yaml"), "f/g");
        let wide = Scope::default().root_of_file("/nowhere.yaml".into());
        assert_eq!(wide, Root { path: "/".into(), depth: Depth::One });
    }
}
