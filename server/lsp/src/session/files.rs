//! The files of a project on disk, chosen as the command line chooses them.

use camino::{Utf8Path, Utf8PathBuf};
use ignore::WalkBuilder;
use rustc_hash::FxHashSet;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

/// Of larger files only this much is read, which says that they are too large.
const MAX_SIZE: u64 = specql_ide::MAX_LEN as u64 + 1;

/// The bytes of a file; of one that is larger than what is parsed, as much as says so.
///
/// # Errors
/// When it cannot be opened or read.
fn read_head(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_SIZE).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// What makes a folder the root of a project, the strongest first.
const ROOT_MARKERS: [&str; 3] = ["specql.config.yaml", "specql.config.yml", ".git"];

/// Whether a file's name is that of a file to look at.
pub(crate) fn is_source(path: &Utf8Path) -> bool {
    matches!(path.extension(), Some("yaml" | "yml" | "specql"))
}

/// How far below a root its files lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Depth {
    #[default]
    All,
    /// In the root itself.
    One,
}

/// The files below `root` that are looked at, sorted: `*.yaml`, `*.yml`, `*.specql`, without what is
/// hidden and what `.gitignore` or `.ignore` excludes. Folders that cannot be read and names that are
/// no UTF-8 are passed over.
pub(crate) fn walk(root: &Utf8Path, depth: Depth) -> Vec<Utf8PathBuf> {
    let mut res: Vec<_> = collect(&walker(root, depth)).collect();
    res.sort();
    res
}

/// Those of `paths` that [`walk`] would find.
pub(crate) fn admitted(
    root: &Utf8Path,
    depth: Depth,
    paths: &[Utf8PathBuf],
) -> FxHashSet<Utf8PathBuf> {
    let wanted: FxHashSet<Utf8PathBuf> =
        paths.iter().flat_map(|it| it.ancestors()).map(Utf8Path::to_owned).collect();
    let mut walker = walker(root, depth);
    walker.filter_entry(move |entry| {
        Utf8Path::from_path(entry.path()).is_some_and(|it| wanted.contains(it))
    });
    collect(&walker).collect()
}

/// The text of a file; bytes that are no UTF-8 are replaced. None when it cannot be read.
pub(crate) fn read(path: &Utf8Path) -> Option<Arc<str>> {
    // Asked before it is opened: a pipe of that name would wait for its writer.
    std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file)?;
    let bytes = read_head(path.as_std_path()).ok()?;
    Some(String::from_utf8_lossy(&bytes).into())
}

/// The root of a file whose client named none: the nearest folder with a configuration, else the
/// nearest repository, else the file's own folder alone.
pub(crate) fn root_of(file: &Utf8Path) -> Option<(Utf8PathBuf, Depth)> {
    let above = |marker| file.ancestors().skip(1).find(|it| it.join(marker).exists());
    let marked = ROOT_MARKERS.into_iter().find_map(above).map(|it| (it.to_owned(), Depth::All));
    marked.or_else(|| Some((file.parent()?.to_owned(), Depth::One)))
}

fn walker(root: &Utf8Path, depth: Depth) -> WalkBuilder {
    let mut res = WalkBuilder::new(root);
    if depth == Depth::One {
        res.max_depth(Some(1));
    }
    // A tree without `.git` (an export, a container) is ignored by the same rules.
    res.require_git(false);
    res
}

fn collect(walker: &WalkBuilder) -> impl Iterator<Item = Utf8PathBuf> + use<> {
    walker
        .build()
        .filter_map(|it| it.inspect_err(|error| tracing::debug!(%error, "passed over")).ok())
        .filter(|it| it.file_type().is_some_and(|kind| kind.is_file()))
        .filter_map(|it| Utf8PathBuf::from_path_buf(it.into_path()).ok())
        .filter(|it| is_source(it))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(paths: &[&str]) -> (tempfile::TempDir, Utf8PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let root = Utf8PathBuf::from_path_buf(folder.path().to_owned()).unwrap();
        for path in paths {
            let (path, text) = path.split_once('=').unwrap_or((path, "entity: A"));
            let path = root.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        (folder, root)
    }

    const TREE: &[&str] = &[
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
    ];

    #[test]
    fn ignored_and_hidden_files_are_passed_over() {
        let (_folder, root) = tree(TREE);
        let found: Vec<_> = walk(&root, Depth::All)
            .iter()
            .map(|it| it.strip_prefix(&root).unwrap().to_string())
            .collect();
        assert_eq!(found, ["a.yaml", "b/c.yml", "b/d.specql"]);
    }

    #[test]
    fn a_path_is_admitted_exactly_when_the_walk_finds_it() {
        let (_folder, root) = tree(TREE);
        let mut paths: Vec<_> =
            TREE.iter().map(|it| root.join(it.split('=').next().unwrap())).collect();
        paths.push(root.join("b/missing.yaml"));
        assert_eq!(
            admitted(&root, Depth::All, &paths),
            walk(&root, Depth::All).into_iter().collect()
        );
        let one = [root.join("b/c.yml")];
        assert_eq!(admitted(&root, Depth::All, &one), one.iter().cloned().collect());
    }

    #[test]
    fn a_file_without_root_gets_the_nearest_one() {
        let (_folder, root) =
            tree(&["a/specql.config.yaml", "a/b/c.yaml", "d/e.yaml", "d/f/g.yaml"]);
        let found = root_of(&root.join("a/b/c.yaml")).unwrap();
        assert_eq!(found, (root.join("a"), Depth::All));
        let found = root_of(&root.join("d/e.yaml")).unwrap();
        assert_eq!(found, (root.join("d"), Depth::One));
        assert_eq!(walk(&found.0, found.1), [root.join("d/e.yaml")]);
    }

    #[test]
    fn bytes_that_are_no_text_are_replaced() {
        let (_folder, root) = tree(&["a.yaml"]);
        std::fs::write(root.join("a.yaml"), b"a\xffb").unwrap();
        assert_eq!(read(&root.join("a.yaml")).as_deref(), Some("a\u{fffd}b"));
        assert_eq!(read(&root), None);
    }
    #[cfg(unix)]
    #[test]
    fn a_pipe_is_no_file_to_wait_for() {
        let (_folder, root) = tree(&["a.yaml"]);
        let pipe = root.join("b.yaml");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
        assert!(made.success());
        assert_eq!(read(&pipe), None);
    }
}
