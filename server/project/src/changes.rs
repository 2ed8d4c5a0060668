//! Which files are others now than in a revision.

use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

use crate::{
    encoding,
    file::is_source,
    git::{self, blobs, commit, git, top},
    real::real_folder,
};

/// A file that is not as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// Its real path, whether it is still there or not.
    pub path: Utf8PathBuf,
    /// What it held; absent when it was not there.
    pub before: Option<Arc<str>>,
}

/// The source files below a folder that are others now than in a revision, new and deleted ones among
/// them, in the order of their paths. With `fork` they are compared with the commit at which the
/// current branch left the revision, so that what others did since then does not count.
///
/// # Errors
/// A sentence for the user: there is no such revision, no repository, or no git.
pub fn changed_since(below: &Utf8Path, revision: &str, fork: bool) -> Result<Vec<Changed>, String> {
    let below = real_folder(below);
    let top = top(&below)?;
    // Before the first commit everything is new.
    let is_unborn = !fork && revision == "HEAD" && is_unborn(&below);
    let base = match (is_unborn, fork) {
        (true, _) => empty_tree(&below)?,
        (false, true) => git::fork(&below, revision)?,
        (false, false) => commit(&below, revision)?,
    };
    let within = below.strip_prefix(&top).map_or(".", |it| it.as_str());
    let within = if within.is_empty() { "." } else { within };
    let mut res = Vec::new();
    add_changed(&top, within, &base, &mut res)?;
    res.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(res)
}

/// The files of one repository, and of those within it: a submodule is compared with the commit that the
/// repository around it records, and one that is not recorded with its own last commit.
fn add_changed(
    top: &Utf8Path,
    within: &str,
    base: &str,
    res: &mut Vec<Changed>,
) -> Result<(), String> {
    let differ = [
        "diff",
        "--name-only",
        "--no-renames",
        "--ignore-submodules=none",
        "-z",
        base,
        "--",
        within,
    ];
    let new = ["ls-files", "--others", "--exclude-standard", "-z", "--", within];
    let (mut names, mut nested) = (Vec::new(), Vec::new());
    for (arguments, is_recorded) in [(differ.as_slice(), true), (new.as_slice(), false)] {
        let text = git(top, arguments, &[])?;
        for name in text.split('\0').filter(|it| !it.is_empty()).map(Utf8Path::new) {
            if is_repository(&top.join(name)) {
                nested.push((name.to_owned(), is_recorded));
            } else if is_source(name) {
                names.push(name.to_owned());
            }
        }
    }
    names.sort();
    names.dedup();
    let text = |it: Vec<u8>| encoding::decode(&it, false).0.into();
    let both = names.iter().zip(blobs(top, base, &names)?);
    res.extend(
        both.map(|(name, before)| Changed { path: top.join(name), before: before.map(text) }),
    );
    for (name, is_recorded) in nested {
        let inner = real_folder(&top.join(&name));
        let at_base = format!("{base}:{}", name.as_str().trim_end_matches('/'));
        let before = git(top, &["rev-parse", "--verify", "--quiet", &at_base], &[]);
        let base = match before {
            Ok(it) => commit(&inner, &it)?,
            Err(_) if is_recorded || is_unborn(&inner) => empty_tree(&inner)?,
            Err(_) => commit(&inner, "HEAD")?,
        };
        add_changed(&inner, ".", &base, res)?;
    }
    Ok(())
}

/// Whether a path is the folder of another repository's work tree, and not a link to one.
fn is_repository(path: &Utf8Path) -> bool {
    path.symlink_metadata().is_ok_and(|it| it.is_dir()) && path.join(".git").exists()
}

/// Whether the branch that is checked out has no commit yet.
fn is_unborn(below: &Utf8Path) -> bool {
    let names_branch = git(below, &["symbolic-ref", "--quiet", "HEAD"], &[]).is_ok();
    names_branch && git(below, &["rev-parse", "--verify", "--quiet", "HEAD"], &[]).is_err()
}

/// The name of a tree without files, which git knows in every repository.
fn empty_tree(below: &Utf8Path) -> Result<String, String> {
    git(below, &["hash-object", "-t", "tree", "--stdin"], &[])
}

/// The branch that others are taken from: what the remote calls so, else one of the usual names.
///
/// # Errors
/// A sentence for the user: there is none, no repository, or no git.
pub fn main_branch(below: &Utf8Path) -> Result<&'static str, String> {
    const USUAL: [&str; 5] = ["origin/HEAD", "origin/main", "origin/master", "main", "master"];
    top(below)?;
    USUAL.into_iter().find(|it| commit(below, it).is_ok()).ok_or_else(|| {
        format!("there is no branch to compare with: none of `{}`", USUAL.join("`, `"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::Tree;

    fn run(tree: &Tree, arguments: &[&str]) {
        let author = ["-c", "user.name=a", "-c", "user.email=a@example.org"];
        git(tree.root(), &[&author, arguments].concat(), &[]).unwrap();
    }

    fn repository(files: &[&str]) -> Tree {
        let tree = Tree::new(files);
        run(&tree, &["init", "-q", "-b", "main"]);
        run(&tree, &["add", "-A"]);
        run(&tree, &["commit", "-q", "-m", "one"]);
        tree
    }

    fn names(tree: &Tree, changed: &[Changed]) -> Vec<(String, Option<String>)> {
        let name = |it: &Changed| it.path.strip_prefix(tree.root()).unwrap().to_string();
        changed.iter().map(|it| (name(it), it.before.as_deref().map(str::to_owned))).collect()
    }

    #[test]
    fn before_the_first_commit_everything_is_new() {
        let tree = Tree::new(&["a.yaml=one", "b.yaml=two"]);
        run(&tree, &["init", "-q", "-b", "main"]);
        run(&tree, &["add", "a.yaml"]);
        let changed = changed_since(tree.root(), "HEAD", false).unwrap();
        assert_eq!(names(&tree, &changed), [("a.yaml".into(), None), ("b.yaml".into(), None)]);
        assert!(changed_since(tree.root(), "main", true).is_err());
    }

    #[test]
    fn what_is_new_gone_and_other() {
        let tree =
            repository(&["a.yaml=one", "b c.yaml=two\n", "d/e.yaml=three", "same.yaml=", "x.md=x"]);
        tree.write("a.yaml=other");
        std::fs::remove_file(tree.at("b c.yaml")).unwrap();
        tree.write("d/new.yaml=new");
        tree.write("x.md=y");
        let text = |it: &str| Some(it.to_owned());
        let changed = |below: &Utf8Path| changed_since(below, "HEAD", false).unwrap();
        assert_eq!(
            names(&tree, &changed(tree.root())),
            [
                ("a.yaml".to_owned(), text("one")),
                ("b c.yaml".to_owned(), text("two\n")),
                ("d/new.yaml".to_owned(), None),
            ]
        );
        assert_eq!(names(&tree, &changed(&tree.at("d"))), [("d/new.yaml".to_owned(), None)]);
    }

    #[test]
    fn a_branch_is_compared_from_where_it_was_left() {
        let tree = repository(&["a.yaml=one", "b.yaml=one"]);
        run(&tree, &["checkout", "-q", "-b", "mine"]);
        tree.write("a.yaml=mine");
        run(&tree, &["commit", "-qam", "mine"]);
        run(&tree, &["checkout", "-q", "main"]);
        tree.write("b.yaml=theirs");
        run(&tree, &["commit", "-qam", "theirs"]);
        run(&tree, &["checkout", "-q", "mine"]);
        let changed = changed_since(tree.root(), "main", true).unwrap();
        assert_eq!(names(&tree, &changed), [("a.yaml".to_owned(), Some("one".to_owned()))]);
    }

    #[test]
    fn repositories_within_are_looked_into() {
        let inner = repository(&["s.yaml=one", "t.yaml=one"]);
        let tree = repository(&["a.yaml=one"]);
        let add = ["submodule", "add", "-q", inner.root().as_str(), "sub"];
        run(&tree, &[&["-c", "protocol.file.allow=always"][..], &add].concat());
        run(&tree, &["commit", "-qm", "two"]);
        let changed =
            |revision, fork| names(&tree, &changed_since(tree.root(), revision, fork).unwrap());
        assert!(changed("HEAD", false).is_empty());
        let one = || Some("one".to_owned());
        tree.write("sub/s.yaml=other");
        assert_eq!(changed("HEAD", false), [("sub/s.yaml".to_owned(), one())]);
        // Committed there, and not recorded here.
        git(
            &tree.at("sub"),
            &["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qam", "x"],
            &[],
        )
        .unwrap();
        assert_eq!(changed("HEAD", false), [("sub/s.yaml".to_owned(), one())]);
        run(&tree, &["checkout", "-qb", "mine"]);
        run(&tree, &["commit", "-qam", "three"]);
        assert!(changed("HEAD", false).is_empty());
        assert_eq!(changed("main", true), [("sub/s.yaml".to_owned(), one())]);
        tree.write("other/o.yaml=new");
        git(&tree.at("other"), &["init", "-q"], &[]).unwrap();
        assert_eq!(changed("HEAD", false), [("other/o.yaml".to_owned(), None)]);
        let commit = ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "x"];
        for arguments in [&["add", "-A"][..], &commit] {
            git(&tree.at("other"), arguments, &[]).unwrap();
        }
        assert!(changed("HEAD", false).is_empty());
    }

    #[test]
    fn what_cannot_be_found_says_so() {
        let tree = repository(&["a.yaml=one"]);
        for name in ["nowhere", "--help"] {
            let error = changed_since(tree.root(), name, true).unwrap_err();
            assert_eq!(error, format!("there is no revision `{name}`; fetch it, or name another"));
        }
    }
}
