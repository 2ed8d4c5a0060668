//! Which files make which workspaces: the folders of a scope, walked once.

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    Depth, Failure, Root, Scope,
    real::canonical,
    scope::{CONFIG_NAMES, has_config, is_there},
    walk::{Found, walk, walk_to},
};

/// The files of a workspace, by their real paths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    /// Its folder.
    pub root: Root,
    /// Its files, each once, however many links lead to it.
    pub files: BTreeSet<Utf8PathBuf>,
    /// Links that lead to a file that counts already, and that file.
    pub aliases: FxHashMap<Utf8PathBuf, Utf8PathBuf>,
}

/// All workspaces of a scope.
#[derive(Debug, Default)]
pub struct Scan {
    /// In the order of their roots.
    pub workspaces: Vec<Workspace>,
    /// Folders that were listed: a change in one of them may change the answer.
    pub folders: FxHashSet<Utf8PathBuf>,
    /// Folders of the scope that are not there, and may come.
    pub absent: Vec<Utf8PathBuf>,
    /// Files that links lead to, and the links: a change of the file is one of each of them.
    pub targets: FxHashMap<Utf8PathBuf, Vec<Utf8PathBuf>>,
    /// What could not be read.
    pub failures: Vec<Failure>,
}

impl Scope {
    /// Finds the workspaces of the scope's folders and files, with all of their files, also those outside
    /// of the folders. Files that were named are found even where they are ignored.
    #[must_use]
    pub fn scan(&self) -> Scan {
        let mut search = Search::new(self);
        for folder in self.folders() {
            search.open.extend(self.root_of_folder(folder));
        }
        search.open.extend(self.files().iter().map(|it| self.root_of_file(it)));
        search.run();
        // Whoever names what is ignored wants it read.
        for folder in self.folders() {
            if let Some(root) = self.root_of_folder(folder)
                && !search.folders.contains(folder)
            {
                let found = walk(folder, root.depth, self.looks_at_ignored());
                search.take(root, found);
                search.run();
            }
        }
        for file in self.files().iter().filter(|it| it.is_file()) {
            let (root, file) = (self.root_of_file(file), file.clone());
            let workspace = search.workspaces.entry(root.path.clone());
            let workspace = workspace.or_insert_with(|| Gathered::new(root));
            if file.is_symlink() {
                workspace.links.insert(file.clone());
            }
            workspace.files.insert(file);
        }
        search.finish()
    }

    /// The workspaces of files that are found where they lie, as [`Self::scan`] would find them. Files
    /// that are not there, and ignored ones, are left out.
    #[must_use]
    pub fn locate(&self, files: &[Utf8PathBuf]) -> FxHashMap<Utf8PathBuf, Root> {
        let mut by_root: FxHashMap<Root, Vec<Utf8PathBuf>> = FxHashMap::default();
        for file in files {
            by_root.entry(self.root_of_file(file)).or_default().push(file.clone());
        }
        let mut res = FxHashMap::default();
        for (root, files) in by_root {
            let found = walk_to(&root, self.looks_at_ignored(), &files).files;
            let found: FxHashSet<_> = found.into_iter().chain(configs(&root.path)).collect();
            let own = files.into_iter().filter(|it| found.contains(it));
            res.extend(own.map(|it| (it, root.clone())));
        }
        res
    }
}

/// Files of a workspace while they are gathered.
#[derive(Debug)]
struct Gathered {
    root: Root,
    files: BTreeSet<Utf8PathBuf>,
    links: FxHashSet<Utf8PathBuf>,
}

struct Search<'a> {
    scope: &'a Scope,
    open: Vec<Root>,
    workspaces: BTreeMap<Utf8PathBuf, Gathered>,
    folders: FxHashSet<Utf8PathBuf>,
    failures: Vec<Failure>,
}

impl Gathered {
    fn new(root: Root) -> Self {
        // A configuration governs though it may be ignored.
        Self { files: configs(&root.path).into_iter().collect(), links: FxHashSet::default(), root }
    }

    /// Every file once: the file itself rather than a link to it, and of several links the first.
    fn finish(self, targets: &mut FxHashMap<Utf8PathBuf, Vec<Utf8PathBuf>>) -> Workspace {
        let Self { root, mut files, links } = self;
        let (mut aliases, mut counted) = (FxHashMap::default(), FxHashMap::default());
        let mut links: Vec<_> = links.into_iter().collect();
        links.sort();
        for link in links {
            let Some(target) = canonical(&link) else { continue };
            let first = counted.entry(target.clone()).or_insert_with(|| link.clone());
            let counts = if files.contains(&target) && target != link { &target } else { &*first };
            if *counts == link {
                targets.entry(target).or_default().push(link);
            } else {
                files.remove(&link);
                aliases.insert(link, counts.clone());
            }
        }
        Workspace { root, files, aliases }
    }
}

impl<'a> Search<'a> {
    fn new(scope: &'a Scope) -> Self {
        Self {
            scope,
            open: Vec::new(),
            workspaces: BTreeMap::new(),
            folders: FxHashSet::default(),
            failures: Vec::new(),
        }
    }

    /// Walks every root that is open, and those found on the way.
    fn run(&mut self) {
        while let Some(root) = self.open.pop() {
            let done = self.workspaces.get(&root.path).map(|it| it.root.depth);
            if done.is_none_or(|it| it == Depth::One && root.depth == Depth::All) {
                let found = walk(&root.path, root.depth, self.scope.looks_at_ignored());
                self.take(root, found);
            }
        }
    }

    fn take(&mut self, root: Root, found: Found) {
        let Found { files, links, folders, nested, failures } = found;
        let workspace = self.workspaces.entry(root.path.clone());
        let workspace = workspace.or_insert_with(|| Gathered::new(root.clone()));
        workspace.root.depth =
            if root.depth == Depth::All { Depth::All } else { workspace.root.depth };
        // At once: a set that grows by one compares many more paths.
        workspace.files.append(&mut files.into_iter().collect());
        workspace.links.extend(links);
        self.folders.extend(folders);
        self.failures.extend(failures);
        // One that lies elsewhere was not asked for.
        let asked = nested.into_iter().filter(|it| self.scope.contains(it));
        self.open.extend(asked.map(|path| Root { path, depth: Depth::All }));
    }

    fn finish(self) -> Scan {
        let absent = self.scope.folders().iter().filter(|it| !it.is_dir()).cloned().collect();
        let (folders, failures) = (self.folders, self.failures);
        let mut targets = FxHashMap::default();
        let workspaces = self.workspaces.into_values().map(|it| it.finish(&mut targets)).collect();
        Scan { workspaces, folders, absent, targets, failures }
    }
}

fn configs(root: &Utf8Path) -> Vec<Utf8PathBuf> {
    if !has_config(root) {
        return Vec::new();
    }
    CONFIG_NAMES.iter().map(|it| root.join(it)).filter(|it| is_there(it)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::Tree;

    /// Root → files, both relative to the tree.
    fn scanned(tree: &Tree, folders: &[&str], named: &[&str]) -> Vec<(String, Vec<String>)> {
        let mut scope = Scope::new(folders.iter().map(|it| tree.at(it)).collect());
        scope.name_files(named.iter().map(|it| tree.at(it)).collect());
        let relative = |from: &Utf8Path, it: &Utf8Path| it.strip_prefix(from).unwrap().to_string();
        let workspaces = scope.scan().workspaces;
        let one = |it: &Workspace| {
            let files = it.files.iter().map(|file| relative(&it.root.path, file));
            (relative(tree.root(), &it.root.path), files.collect())
        };
        workspaces.iter().map(one).collect()
    }

    fn expected(workspaces: &[(&str, &[&str])]) -> Vec<(String, Vec<String>)> {
        let owned = |it: &[&str]| it.iter().map(|it| (*it).to_owned()).collect();
        workspaces.iter().map(|(root, files)| ((*root).to_owned(), owned(files))).collect()
    }

    #[test]
    fn ignored_and_hidden_files_are_passed_over_unless_they_are_named() {
        let tree = Tree::new(&[
            ".gitignore=build/\n*.tmp.yaml",
            ".hidden/a.yaml",
            "a.yaml",
            "b/c.yml",
            "b/.gitignore=private.yaml",
            "b/private.yaml",
            "b/d.specql",
            "b/e.tmp.yaml",
            "b/readme.md",
            "build/out.yaml",
            "build/deep/out.yaml",
        ]);
        let found = scanned(&tree, &[""], &[]);
        assert_eq!(found, expected(&[("", &["a.yaml", "b/c.yml", "b/d.specql"])]));
        let found = scanned(&tree, &[""], &["b/private.yaml"]);
        assert_eq!(
            found,
            expected(&[("", &["a.yaml", "b/c.yml", "b/d.specql", "b/private.yaml"])])
        );
        let found = scanned(&tree, &["build"], &[]);
        assert_eq!(found, expected(&[("build", &["deep/out.yaml", "out.yaml"])]));
        tree.write("specql.config.yaml=");
        let found = scanned(&tree, &["build/deep"], &[]);
        let all: &[&str] =
            &["a.yaml", "b/c.yml", "b/d.specql", "build/deep/out.yaml", "specql.config.yaml"];
        assert_eq!(found, expected(&[("", all)]));
    }

    const NESTED: &[&str] = &[
        "specql.config.yaml=",
        "a/x.yaml",
        "p/specql.config.yml=",
        "p/y.yaml",
        "p/q/z.yaml",
        "p/q/r/specql.config.yaml=",
        "p/q/r/w.yaml",
    ];

    #[test]
    fn a_folder_with_a_configuration_is_a_workspace_of_its_own() {
        let tree = Tree::new(NESTED);
        let (root, p, r): (&[&str], &[&str], &[&str]) = (
            &["a/x.yaml", "specql.config.yaml"],
            &["q/z.yaml", "specql.config.yml", "y.yaml"],
            &["specql.config.yaml", "w.yaml"],
        );
        let all = expected(&[("", root), ("p", p), ("p/q/r", r)]);
        assert_eq!(scanned(&tree, &[""], &[]), all);
        assert_eq!(scanned(&tree, &["a", "p/q", "p/q/r"], &["a/x.yaml"]), all);
        assert_eq!(scanned(&tree, &["a"], &[]), expected(&[("", root)]));
        assert_eq!(scanned(&tree, &[], &["p/q/z.yaml"]), expected(&[("p", p)]));
        assert_eq!(scanned(&tree, &["p/q"], &[]), expected(&[("p", p), ("p/q/r", r)]));
    }

    #[test]
    fn a_configuration_that_is_ignored_governs() {
        let tree = Tree::new(&[".gitignore=specql.config.yaml", "specql.config.yaml=", "a.yaml"]);
        assert_eq!(
            scanned(&tree, &[""], &[]),
            expected(&[("", &["a.yaml", "specql.config.yaml"])])
        );
    }

    #[cfg(unix)]
    #[test]
    fn links_to_files_are_followed_and_links_to_folders_are_not() {
        let tree = Tree::new(&[
            "common/user.yaml",
            "common/specql.config.yaml=",
            "w/post.yaml",
            "w/user.yaml->../common/user.yaml",
            "w/user2.yaml->../common/user.yaml",
            "w/post2.yaml->post.yaml",
            "w/folder->../common",
            "w/up->..",
            "w/dangling.yaml->nowhere.yaml",
            "w/loop.yaml->loop.yaml",
            "w/folder.yaml->../common",
        ]);
        let found = scanned(&tree, &["w"], &[]);
        assert_eq!(found, expected(&[("w", &["post.yaml", "user.yaml"])]));
        let found = scanned(&tree, &[""], &[]);
        let common: &[&str] = &["specql.config.yaml", "user.yaml"];
        let own: &[&str] = &["w/post.yaml", "w/user.yaml"];
        assert_eq!(found, expected(&[("", own), ("common", common)]));
    }

    #[test]
    fn a_file_is_located_exactly_where_the_scan_finds_it() {
        let mut files = NESTED.to_vec();
        files.extend([".gitignore=build/", "build/a.yaml", ".hidden/b.yaml"]);
        // As texts, and part by part, these are in two orders.
        files.extend(["z/a.yaml", "z-old/a.yaml", "z.new/a.yaml", "z-old.yaml"]);
        let tree = Tree::new(&files);
        let scope = Scope::new(vec![tree.root().to_owned()]);
        let paths: Vec<_> = files.iter().map(|it| tree.at(it.split('=').next().unwrap())).collect();
        let mut located: Vec<_> =
            scope.locate(&paths).into_iter().map(|(file, root)| (root, file)).collect();
        located.sort();
        let scanned: Vec<_> = scope
            .scan()
            .workspaces
            .into_iter()
            .flat_map(|it| it.files.into_iter().map(move |file| (it.root.clone(), file)))
            .collect();
        assert_eq!(located, scanned);
        assert!(scope.locate(&[tree.at("missing.yaml")]).is_empty());
    }
}
