//! Everything that paths lead to, kept as the disk is: for those who ask again and again.
//!
//! Invariant: after a change the workspaces are those that reading everything anew would give, and a
//! file is read again only where the disk says that it is another.

use std::{io, path::PathBuf};

use camino::Utf8PathBuf;

use crate::{Change, Failure, Options, Watcher, held::Held, request::Request};

/// The workspaces of some paths, now.
#[derive(Debug)]
pub struct Live {
    /// In the order of their roots.
    pub workspaces: Vec<Held>,
    /// What could not be read when it was last looked at.
    pub failures: Vec<Failure>,
    request: Request,
    watcher: Watcher,
}

impl Live {
    /// Reads the workspaces of files and folders and begins to watch them. `tell` is called on a thread
    /// of its own; what it is told, [`Self::follow`] wants to know. With `polls` the system is not
    /// trusted to tell of changes.
    ///
    /// # Errors
    /// When there can be no thread.
    pub fn open(
        paths: &[PathBuf],
        options: &Options,
        polls: bool,
        tell: impl Fn(Change) + Send + 'static,
    ) -> io::Result<Self> {
        let watcher = if polls { Watcher::poll(tell)? } else { Watcher::start(tell)? };
        let request = Request::new(paths, options);
        let mut res = Self { workspaces: Vec::new(), failures: Vec::new(), request, watcher };
        res.look();
        Ok(res)
    }

    /// Brings everything up to date. Whether something changed.
    pub fn follow(&mut self, change: &Change) -> bool {
        match change {
            Change::Everything => self.look(),
            Change::Files(files) => self.read(files).unwrap_or_else(|| self.look()),
        }
    }

    /// Reads known files again. Nothing where files came or went.
    fn read(&mut self, files: &[Utf8PathBuf]) -> Option<bool> {
        let mut is_other = false;
        for file in files {
            let mut holds = self.workspaces.iter_mut().filter(|it| it.knows(file)).peekable();
            if holds.peek().is_none() && self.request.finds(file) {
                return None;
            }
            for it in holds {
                is_other |= it.read_again(&self.request, file)?;
            }
        }
        Some(is_other)
    }

    /// Looks which files there are, and reads those that are others. Whether something changed.
    fn look(&mut self) -> bool {
        let mut scan = self.request.scan();
        // What came into a folder before it was watched was not noticed.
        if self.watcher.follow(&scan) {
            scan = self.request.scan();
        }
        let found = self.request.wanted(&scan);
        let mut failures = self.request.failures(scan.failures);
        let mut old = std::mem::take(&mut self.workspaces);
        let mut is_other = false;
        for (root, wanted) in found {
            let known = old.iter().position(|it| it.loaded.root == root);
            let mut held = match known {
                Some(at) => old.swap_remove(at),
                None => Held::new(&self.request, root),
            };
            is_other |= known.is_none();
            is_other |= held.update(&self.request, wanted, &mut failures, &|| {});
            self.workspaces.push(held);
        }
        self.failures = failures;
        is_other || !old.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Asked, load, test_support::Tree};

    type State = Vec<(Utf8PathBuf, Vec<(String, Asked, String)>)>;

    fn state<'a>(workspaces: impl Iterator<Item = &'a crate::LoadedWorkspace>) -> State {
        let of = |it: &crate::LoadedWorkspace| {
            let text = |file| it.analysis.text(file).map(ToString::to_string).unwrap_or_default();
            let files = it.files.iter();
            let mut files: Vec<_> =
                files.map(|file| (file.shown.clone(), file.asked, text(file.id))).collect();
            files.sort();
            assert_eq!(files.len(), it.analysis.files().len(), "the host has these and no others");
            (it.root.path.clone(), files)
        };
        workspaces.map(of).collect()
    }

    /// Numbers that look random and are the same in each run.
    fn draw(seed: &mut u64, below: u64) -> u64 {
        *seed =
            seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*seed >> 33) % below
    }

    /// Something that happens to a file. Gives the change that tells of it.
    fn happens(tree: &Tree, seed: &mut u64) -> Change {
        const NAMES: [&str; 8] = [
            "a.yaml",
            "b.yaml",
            "d/a.yaml",
            "d/e/c.yaml",
            "d/specql.config.yaml",
            "specql.events.lock",
            ".gitignore",
            "f/g.yaml",
        ];
        let name = NAMES[usize::try_from(draw(seed, 8)).unwrap()];
        let path = tree.at(name);
        match draw(seed, 4) {
            0 => drop(std::fs::remove_file(&path)),
            1 if name == ".gitignore" => tree.write(".gitignore=f/\n"),
            1 => drop(std::fs::rename(tree.at("a.yaml"), &path)),
            _ => tree.write(&format!("{name}=entity: A{}\n", draw(seed, 9))),
        }
        let is_plain = !name.contains("config") && !name.contains("ignore");
        if is_plain && draw(seed, 2) == 0 {
            Change::Files(vec![path, tree.at("a.yaml")])
        } else {
            Change::Everything
        }
    }

    #[test]
    fn what_is_followed_is_what_reading_anew_gives() {
        let mut seed = 7;
        for _ in 0..6 {
            let tree = Tree::new(&["a.yaml", "d/a.yaml=entity: B", "d/e/c.yaml=entity: C"]);
            let paths = [tree.root().as_std_path().to_owned()];
            let mut live = Live::open(&paths, &Options::default(), true, |_| {}).unwrap();
            for step in 0..40 {
                let change = happens(&tree, &mut seed);
                live.follow(&change);
                let now = state(live.workspaces.iter().map(|it| &it.loaded));
                let anew = load(&paths, &|_| {});
                assert_eq!(now, state(anew.workspaces.iter()), "step {step}: {change:?}");
            }
        }
    }

    #[test]
    fn a_file_that_is_the_same_is_no_change() {
        let tree = Tree::new(&["a.yaml=entity: A", "b.yaml=entity: B"]);
        let paths = [tree.root().as_std_path().to_owned()];
        let mut live = Live::open(&paths, &Options::default(), true, |_| {}).unwrap();
        assert!(!live.follow(&Change::Everything));
        tree.write("a.yaml=entity: A");
        assert!(!live.follow(&Change::Files(vec![tree.at("a.yaml")])));
        tree.write("a.yaml=entity: C");
        assert!(live.follow(&Change::Files(vec![tree.at("a.yaml")])));
        assert!(!live.follow(&Change::Files(vec![tree.at("notes.md")])));
        std::fs::remove_file(tree.at("a.yaml")).unwrap();
        assert!(live.follow(&Change::Files(vec![tree.at("a.yaml")])));
    }
}
