//! Where a path really lies: a folder with every link resolved, a file in its real folder under the
//! name it has there. Two ways to one folder are one folder; a link to a file is a file of the folder
//! in which it stands.

use camino::{Utf8Path, Utf8PathBuf};

/// The real path of a folder; of what does not exist, of as much as does.
#[must_use]
pub fn real_folder(folder: &Utf8Path) -> Utf8PathBuf {
    let absolute = absolute(folder);
    for existing in absolute.ancestors() {
        let Some(real) = canonical(existing) else { continue };
        let rest = absolute.strip_prefix(existing).unwrap_or(Utf8Path::new(""));
        return if rest.as_str().is_empty() { real } else { real.join(rest) };
    }
    absolute
}

/// The real path of a file.
#[must_use]
pub fn real_file(file: &Utf8Path) -> Utf8PathBuf {
    let absolute = absolute(file);
    match (absolute.parent(), absolute.file_name()) {
        (Some(folder), Some(name)) => real_folder(folder).join(name),
        _ => absolute,
    }
}

/// Whether a path is itself a link.
#[must_use]
pub fn is_link(path: &Utf8Path) -> bool {
    path.is_symlink()
}

/// The file itself that a path leads to over links; none when it leads nowhere.
pub(crate) fn canonical(path: &Utf8Path) -> Option<Utf8PathBuf> {
    Utf8PathBuf::from_path_buf(dunce::canonicalize(path).ok()?).ok()
}

fn absolute(path: &Utf8Path) -> Utf8PathBuf {
    camino::absolute_utf8(path).unwrap_or_else(|_| path.to_owned())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::test_support::Tree;

    #[test]
    fn links_to_folders_are_resolved_and_links_to_files_stay() {
        let tree = Tree::new(&["a/b/c.yaml", "way->a/b", "a/b/link.yaml->c.yaml"]);
        assert_eq!(real_folder(&tree.at("way")), tree.at("a/b"));
        assert_eq!(real_file(&tree.at("way/link.yaml")), tree.at("a/b/link.yaml"));
        assert_eq!(real_file(&tree.at("way/../b/new.yaml")), tree.at("a/b/new.yaml"));
        assert_eq!(real_file(&tree.at("way/new/er.yaml")), tree.at("a/b/new/er.yaml"));
        assert_eq!(canonical(&tree.at("way/link.yaml")), Some(tree.at("a/b/c.yaml")));
    }
}
