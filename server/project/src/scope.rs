//! What was opened, or named on the command line, and which workspace a file belongs to.
//!
//! Invariant: the nearest folder at or above a file that holds a configuration is its workspace. Only
//! where there is none does it matter what was opened: folders, and of files that were opened or named
//! themselves the repository, else their own folder. Of several that lie within each other the outermost
//! is the workspace of all, in whatever order they came.

use std::collections::BTreeSet;

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

/// The folders and files that were opened or named, by their real paths.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    folders: Vec<Utf8PathBuf>,
    files: Vec<Utf8PathBuf>,
    /// Workspaces of files that lie in none of the folders, none of them within another.
    alone: BTreeSet<Utf8PathBuf>,
    ignored: bool,
}

impl Scope {
    /// A scope of folders with real paths.
    #[must_use]
    pub fn new(folders: Vec<Utf8PathBuf>) -> Self {
        Self { folders, ..Self::default() }
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

    /// The files.
    #[must_use]
    pub fn files(&self) -> &[Utf8PathBuf] {
        &self.files
    }

    /// Opens a folder.
    pub fn add(&mut self, folder: Utf8PathBuf) {
        if !self.folders.contains(&folder) {
            self.folders.push(folder);
            self.look_again();
        }
    }

    /// Closes a folder.
    pub fn remove(&mut self, folder: &Utf8Path) {
        self.folders.retain(|it| it != folder);
        self.look_again();
    }

    /// Takes these files instead of those before. Whether files may belong to other workspaces now.
    pub fn name_files(&mut self, files: Vec<Utf8PathBuf>) -> bool {
        self.files = files;
        self.look_again()
    }

    /// Asks the disk anew what the files bring: configurations and repositories come and go. Whether files
    /// may belong to other workspaces now.
    pub fn look_again(&mut self) -> bool {
        let parents: BTreeSet<&Utf8Path> = self.files.iter().filter_map(|it| it.parent()).collect();
        let roots = parents.into_iter().filter(|it| configured(it).is_none());
        let roots: BTreeSet<&Utf8Path> = roots.map(|it| self.own_root(it)).collect();
        let mut alone: BTreeSet<Utf8PathBuf> = BTreeSet::new();
        // What lies above comes first.
        for root in roots.into_iter().filter(|it| !is_too_wide(it) && !self.contains(it)) {
            if !root.ancestors().any(|it| alone.contains(it)) {
                alone.insert(root.to_owned());
            }
        }
        let is_other = self.alone != alone;
        self.alone = alone;
        is_other
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
            let path = self.own_root(folder);
            let depth = if is_too_wide(path) { Depth::One } else { Depth::All };
            Root { path: path.to_owned(), depth }
        })
    }

    /// The workspace of everything right in a folder, when a configuration or the scope decides it.
    #[must_use]
    pub fn root_of_folder(&self, folder: &Utf8Path) -> Option<Root> {
        let opened = || {
            let above = self.folders.iter().chain(&self.alone).filter(|it| folder.starts_with(it));
            above.min_by_key(|it| it.as_str().len()).map(AsRef::as_ref)
        };
        let path: &Utf8Path = configured(folder).or_else(opened)?;
        Some(Root { path: path.to_owned(), depth: Depth::All })
    }

    /// What a file brings that lies right in a folder. Who opened a part of a repository does not mean
    /// the whole.
    fn own_root<'a>(&self, folder: &'a Utf8Path) -> &'a Utf8Path {
        let is_whole = |it: &&Utf8Path| !self.folders.iter().any(|part| part.starts_with(it));
        repository(folder).filter(is_whole).unwrap_or(folder)
    }
}

/// The nearest folder with a configuration.
fn configured(folder: &Utf8Path) -> Option<&Utf8Path> {
    folder.ancestors().find(|it| has_config(it))
}

/// Whether a folder has a configuration of its own. One that cannot be read (a folder, a link that leads
/// nowhere) is one too: what it was to say nobody knows, and that is told.
pub(crate) fn has_config(folder: &Utf8Path) -> bool {
    CONFIG_NAMES.iter().any(|it| is_there(&folder.join(it)))
}

/// Whether anything has a name, a link that leads nowhere as well.
pub(crate) fn is_there(path: &Utf8Path) -> bool {
    path.symlink_metadata().is_ok()
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
        "f/other.yaml/not-a-file",
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

    fn scope(tree: &Tree, folders: &[&str], files: &[&str]) -> Scope {
        let mut scope = Scope::new(folders.iter().map(|it| tree.at(it)).collect());
        scope.name_files(files.iter().map(|it| tree.at(it)).collect());
        scope
    }

    #[test]
    fn files_that_are_named_together_are_of_the_outermost_folder() {
        let tree = Tree::new(TREE);
        for order in [["r/top.yaml", "r/d/e.yaml"], ["f/top.yaml", "f/g/h.yaml"]] {
            for files in [order, [order[1], order[0]]] {
                let scope = scope(&tree, &[], &files);
                let outer = order[0].split('/').next().unwrap();
                assert_eq!(root(&scope, &tree, order[0]), outer);
                assert_eq!(root(&scope, &tree, order[1]), outer);
                assert_eq!(root(&scope, &tree, "p/q/c.yaml"), "p/q");
            }
        }
    }

    #[test]
    fn a_folder_below_a_file_that_is_named_belongs_to_its_workspace() {
        let tree = Tree::new(TREE);
        let scope = scope(&tree, &["f/g", "r/d"], &["f/top.yaml", "r/other/x.yaml", "r/d/e.yaml"]);
        assert_eq!(root(&scope, &tree, "f/g/h.yaml"), "f");
        assert_eq!(scope.root_of_folder(&tree.at("f/g")).unwrap().path, tree.at("f"));
        // Of a repository with a folder that is open, a file brings its own folder.
        assert_eq!(root(&scope, &tree, "r/d/e.yaml"), "r/d");
        assert_eq!(root(&scope, &tree, "r/other/x.yaml"), "r/other");
    }

    #[test]
    fn what_files_bring_goes_with_them() {
        let tree = Tree::new(TREE);
        let mut scope = scope(&tree, &[], &["f/g/h.yaml"]);
        assert_eq!(root(&scope, &tree, "f/g/h.yaml"), "f/g");
        assert!(scope.name_files(vec![tree.at("f/top.yaml"), tree.at("f/g/h.yaml")]));
        assert!(!scope.name_files(vec![tree.at("f/g/h.yaml"), tree.at("f/top.yaml")]));
        assert_eq!(root(&scope, &tree, "f/g/h.yaml"), "f");
        tree.write("f/specql.config.yml=");
        assert!(scope.look_again());
        assert_eq!(root(&scope, &tree, "f/g/h.yaml"), "f");
        std::fs::remove_file(tree.at("f/specql.config.yml")).unwrap();
        assert!(scope.look_again());
        assert_eq!(root(&scope, &tree, "f/g/h.yaml"), "f");
        assert!(scope.name_files(vec![tree.at("f/g/h.yaml")]));
        assert_eq!(root(&scope, &tree, "f/g/h.yaml"), "f/g");
        // A folder that is opened takes its files in.
        scope.add(tree.at("f"));
        assert_eq!(root(&scope, &tree, "f/g/h.yaml"), "f");
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
