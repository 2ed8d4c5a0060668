//! The table of contents, and the pages that list rules, artifacts and editors.

use super::{Pages, title};
use std::fmt::Write as _;

/// Chapters: a heading, the page that it begins with, and the folder or the pages that are below it.
const CHAPTERS: &[(&str, &[&str])] = &[
    ("Begin", &["README.md", "getting-started.md", "tutorial/", "limits.md"]),
    (
        "Use",
        &[
            "patterns.md",
            "commands/",
            "ci.md",
            "workspaces.md",
            "evolution.md",
            "migrations.md",
            "protocol.md",
            "editors/",
        ],
    ),
    ("Look up", &["reference/", "settings/", "rules/", "artifacts/"]),
    ("The project", &["architecture.md", "contributing.md", "changelog.md"]),
];

/// Folders whose first page is a list of the others, below what is written there.
const LISTED: &[(&str, &str)] = &[
    ("rules/", "Rules"),
    ("artifacts/", "Artifacts"),
    ("editors/", "Editors"),
    ("commands/", "Commands"),
    ("reference/", "The language"),
    ("settings/", "Settings"),
];

/// The table of contents. Adds the lists that it leads to.
pub(super) fn summary(pages: &mut Pages) -> String {
    for (folder, heading) in LISTED {
        let list = below(pages, folder).fold(String::new(), |mut text, (name, page)| {
            let file = name.strip_prefix(folder).unwrap_or(name);
            let _ = writeln!(text, "- [{}]({file}): {}", title(page), first_sentence(page));
            text
        });
        let first = pages.entry(format!("{folder}README.md"));
        let _ = write!(first.or_insert_with(|| format!("# {heading}\n")), "\n{list}");
    }
    let mut res = String::from("# Summary\n");
    for (heading, entries) in CHAPTERS {
        let _ = write!(res, "\n# {heading}\n\n");
        for entry in *entries {
            let first = if entry.ends_with('/') {
                format!("{entry}README.md")
            } else {
                (*entry).to_owned()
            };
            let page = pages.get(&first).unwrap_or_else(|| panic!("there is no page {first}"));
            let _ = writeln!(res, "- [{}]({first})", title(page));
            if entry.ends_with('/') {
                for (name, page) in below(pages, entry) {
                    let _ = writeln!(res, "  - [{}]({name})", title(page));
                }
            }
        }
    }
    res
}

/// The pages of a folder but for its first.
fn below<'p>(pages: &'p Pages, folder: &'p str) -> impl Iterator<Item = (&'p String, &'p String)> {
    let first = format!("{folder}README.md");
    pages.iter().filter(move |(name, _)| name.starts_with(folder) && **name != first)
}

/// What a page says first below its heading, in one line.
fn first_sentence(page: &str) -> String {
    let mut lines = page.lines().skip_while(|it| !it.starts_with("# ")).skip(1);
    let paragraph: Vec<&str> = lines
        .by_ref()
        .skip_while(|it| it.trim().is_empty())
        .take_while(|it| !it.trim().is_empty())
        .collect();
    let text = paragraph.join(" ");
    let end = text.find(". ").map_or(text.len(), |it| it + 1);
    text.get(..end).unwrap_or(&text).trim_end_matches([':', '.']).to_owned()
}
