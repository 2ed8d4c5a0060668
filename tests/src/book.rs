//! The documentation as a site: the pages of `docs/` as they are, and beside them those that are written
//! from what the program declares, from the editors' READMEs and from the files at the root.
//!
//! Invariant: every page is in the table of contents, and nothing that the program declares is described
//! a second time by hand.

mod colours;
mod commands;
mod contents;
mod links;
mod reference;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use crate::binary::project_root;

pub use colours::coloured;
pub use links::{Broken, broken_in_the_repository, broken_links};

/// Where sources are read that are no page.
pub const REPOSITORY: &str = "https://github.com/specql/specql-lsp";

/// Pages by their path below the book's folder.
pub type Pages = BTreeMap<String, String>;

/// All pages, the table of contents among them.
///
/// # Panics
///
/// When the tree of this repository cannot be read.
#[must_use]
pub fn book() -> Pages {
    let mut pages = Pages::new();
    for path in markdown_below(&project_root().join("docs")) {
        let name = path.strip_prefix(project_root().join("docs")).expect("it lies there");
        pages.insert(slashed(name), fs::read_to_string(&path).expect("a page can be read"));
    }
    let moved = moved();
    for (from, to) in &moved {
        let text = fs::read_to_string(project_root().join(from)).expect("it was listed");
        pages.insert(to.clone(), links::moved(&text, from, to, &moved));
    }
    // Links that lead out of `docs/` lead to where those pages are in the book.
    for (name, text) in &mut pages {
        if !moved.iter().any(|(_, to)| to == name) {
            *text = links::moved(text, &format!("docs/{name}"), name, &moved);
        }
    }
    pages.extend(reference::pages());
    pages.extend(commands::pages());
    let summary = contents::summary(&mut pages);
    pages.insert("SUMMARY.md".to_owned(), summary);
    pages
}

/// Pages that stand elsewhere in the repository, and what they are called in the book.
fn moved() -> Vec<(String, String)> {
    let mut res: Vec<(String, String)> = ["ARCHITECTURE", "CHANGELOG", "CONTRIBUTING"]
        .map(|it| (format!("{it}.md"), format!("{}.md", it.to_lowercase())))
        .into();
    let editors = fs::read_dir(project_root().join("editors")).expect("there are editors");
    for editor in editors {
        let name = editor.expect("it can be read").file_name().to_string_lossy().into_owned();
        if project_root().join("editors").join(&name).join("README.md").is_file() {
            res.push((format!("editors/{name}/README.md"), format!("editors/{name}.md")));
        }
    }
    res.push(("editors/README.md".to_owned(), "editors/README.md".to_owned()));
    res.sort();
    res
}

/// Writes the book's sources into a folder.
///
/// # Panics
///
/// When the folder cannot be written.
pub fn write(folder: &Path) {
    for (name, text) in book() {
        // mdBook makes `index.html` of a page `README.md`, and leaves links to it alone.
        let name = name.replace("README.md", "index.md");
        let text = coloured(&links::of_index(&text));
        let path = folder.join(name);
        fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("a folder");
        fs::write(path, text).expect("a page can be written");
    }
    let images = folder.join("images");
    fs::create_dir_all(&images).expect("a folder");
    for image in fs::read_dir(project_root().join("docs/images")).expect("there are pictures") {
        let path = image.expect("it can be read").path();
        fs::copy(&path, images.join(path.file_name().expect("a name"))).expect("a picture");
    }
}

/// The pages below a folder, but for those that packages bring along.
fn markdown_below(folder: &Path) -> Vec<PathBuf> {
    let mut res = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("it can be read").path();
        if path.ends_with("node_modules") {
            continue;
        }
        if path.is_dir() {
            res.extend(markdown_below(&path));
        } else if path.extension().is_some_and(|it| it == "md") {
            res.push(path);
        }
    }
    res.sort();
    res
}

fn slashed(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// The heading of a page.
fn title(page: &str) -> &str {
    page.lines().find_map(|it| it.strip_prefix("# ")).unwrap_or("without a title").trim()
}
