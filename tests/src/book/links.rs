//! Links between pages: of a page that moves, and those that lead nowhere.

use std::fs;

use super::{Pages, REPOSITORY};
use crate::binary::project_root;

/// A link that leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// The page that has it.
    pub page: String,
    /// Where it leads.
    pub target: String,
}

/// The text of a page that moves in the book: links to pages go on leading there, and links to other
/// files of the repository lead to the repository.
pub(super) fn moved(text: &str, from: &str, to: &str, pages: &[(String, String)]) -> String {
    let mut res = String::new();
    for (is_code, piece) in pieces(text) {
        if is_code {
            res.push_str(piece);
            continue;
        }
        let mut rest = piece;
        while let Some((before, target, after)) = link(rest) {
            res.push_str(before);
            res.push_str(&retargeted(target, from, to, pages));
            rest = after;
        }
        res.push_str(rest);
    }
    res
}

/// The text with links to pages `README.md` of the book leading to `index.md`.
pub(super) fn of_index(text: &str) -> String {
    let mut res = String::new();
    for (is_code, piece) in pieces(text) {
        let mut rest = piece;
        while let Some((before, target, after)) = (!is_code).then(|| link(rest)).flatten() {
            res.push_str(before);
            let is_own = !target.contains("://");
            res.push_str(&if is_own {
                target.replace("README.md", "index.md")
            } else {
                target.to_owned()
            });
            rest = after;
        }
        res.push_str(rest);
    }
    res
}

fn retargeted(target: &str, from: &str, to: &str, pages: &[(String, String)]) -> String {
    let (path, fragment) = target.split_once('#').map_or((target, None), |it| (it.0, Some(it.1)));
    if path.is_empty() || path.contains("://") || path.starts_with("mailto:") {
        return target.to_owned();
    }
    let fragment = fragment.map(|it| format!("#{it}")).unwrap_or_default();
    let Some(file) = joined(from, path) else { return target.to_owned() };
    let of_folder = |it: &str| format!("{}/README.md", it.trim_end_matches('/'));
    let named = pages.iter().find(|(it, _)| *it == file || *it == of_folder(&file));
    if let Some((_, page)) = named {
        return relative(to, page) + &fragment;
    }
    match file.strip_prefix("docs/") {
        Some(page) if page.ends_with(".md") || page.starts_with("images/") => {
            relative(to, page) + &fragment
        }
        Some("rules" | "artifacts") => relative(to, &of_folder(file.trim_start_matches("docs/"))),
        None if file == "editors" => relative(to, "editors/README.md"),
        _ if project_root().join(&file).exists() => {
            format!("{REPOSITORY}/tree/main/{file}{fragment}")
        }
        // It stays as it is, and is found to be broken.
        _ => target.to_owned(),
    }
}

/// Links to pages that are not there, and to headings that their page does not have.
#[must_use]
pub fn broken_links(pages: &Pages) -> Vec<Broken> {
    let mut res = Vec::new();
    for (name, text) in pages {
        for (is_code, mut rest) in pieces(text) {
            while let Some((_, target, after)) = (!is_code).then(|| link(rest)).flatten() {
                if !leads_somewhere(pages, name, target) {
                    res.push(Broken { page: name.clone(), target: target.to_owned() });
                }
                rest = after;
            }
        }
    }
    res
}

fn leads_somewhere(pages: &Pages, from: &str, target: &str) -> bool {
    if target.contains("://") || target.starts_with("mailto:") {
        return true;
    }
    let (path, fragment) = target.split_once('#').map_or((target, None), |it| (it.0, Some(it.1)));
    let name = if path.is_empty() { Some(from.to_owned()) } else { joined(from, path) };
    let Some(name) = name else { return false };
    match (pages.get(&name), fragment) {
        (Some(page), Some(fragment)) => anchors(page).iter().any(|it| it == fragment),
        (Some(_), None) => true,
        (None, _) => {
            name.starts_with("images/") && project_root().join("docs").join(name).is_file()
        }
    }
}

/// Links of the repository's own pages that lead to no file of it, as who reads them there follows them.
///
/// # Panics
///
/// When the tree of this repository cannot be read.
#[must_use]
pub fn broken_in_the_repository() -> Vec<Broken> {
    let root = project_root();
    let top = fs::read_dir(root).expect("it can be read").map(|it| it.expect("a file").path());
    let of_top = top.filter(|it| it.extension().is_some_and(|it| it == "md"));
    let folders = ["docs", "editors"].map(|it| super::markdown_below(&root.join(it)));
    let mut res = Vec::new();
    for path in of_top.chain(folders.into_iter().flatten()) {
        let page = super::slashed(path.strip_prefix(root).expect("it lies there"));
        let text = fs::read_to_string(&path).expect("a page can be read");
        for (is_code, mut rest) in pieces(&text) {
            while let Some((_, target, after)) = (!is_code).then(|| link(rest)).flatten() {
                rest = after;
                if !is_in_the_repository(&page, &text, target) {
                    res.push(Broken { page: page.clone(), target: target.to_owned() });
                }
            }
        }
    }
    res
}

fn is_in_the_repository(from: &str, own: &str, target: &str) -> bool {
    if target.contains("://") || target.starts_with("mailto:") {
        return true;
    }
    let (path, fragment) = target.split_once('#').map_or((target, None), |it| (it.0, Some(it.1)));
    let Some(name) = joined(from, path).filter(|_| !path.is_empty()) else {
        return path.is_empty()
            && fragment.is_none_or(|it| anchors(own).iter().any(|one| one == it));
    };
    let file = project_root().join(&name);
    let has = |fragment: &str| {
        let text = fs::read_to_string(&file).unwrap_or_default();
        !name.ends_with(".md") || anchors(&text).iter().any(|it| it == fragment)
    };
    file.exists() && fragment.is_none_or(has)
}

/// What the headings of a page are called in links, as GitHub and mdBook make them.
fn anchors(page: &str) -> Vec<String> {
    let mut fence: Option<&str> = None;
    let mut res = Vec::new();
    for line in page.lines() {
        let ticks = line.len() - line.trim_start_matches('`').len();
        match (fence, line.get(..ticks)) {
            (None, Some(mark)) if ticks >= 3 => fence = Some(mark),
            (Some(mark), _) if line.trim_end() == mark => fence = None,
            (None, _) if line.starts_with('#') => res.push(anchor(line)),
            _ => {}
        }
    }
    res
}

fn anchor(heading: &str) -> String {
    let words = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = words.chars().filter(|it| it.is_alphanumeric() || matches!(it, ' ' | '-' | '_'));
    kept.map(|it| if it == ' ' { '-' } else { it }).collect()
}

/// The text cut into what is code, in fences and in backticks, and what is not.
fn pieces(text: &str) -> Vec<(bool, &str)> {
    let mut res = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find('`') {
        let (before, code) = rest.split_at(start);
        let ticks = code.len() - code.trim_start_matches('`').len();
        let (mark, inside) = code.split_at(ticks);
        let end = inside.find(mark).map_or(code.len(), |it| ticks + it + ticks);
        let (code, after) = code.split_at(end);
        res.push((false, before));
        res.push((true, code));
        rest = after;
    }
    res.push((false, rest));
    res
}

/// The text before the target of the first link, the target, and the rest.
fn link(text: &str) -> Option<(&str, &str, &str)> {
    let start = text.find("](")? + 2;
    let (before, rest) = text.split_at(start);
    let (target, after) = rest.split_at(rest.find(')')?);
    Some((before, target, after))
}

/// The path that a link of a file leads to; nothing above the root.
fn joined(from: &str, path: &str) -> Option<String> {
    let mut res: Vec<&str> = from.split('/').collect();
    res.pop();
    for part in path.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                res.pop()?;
            }
            other => res.push(other),
        }
    }
    Some(res.join("/"))
}

/// The link from one file to another.
fn relative(from: &str, to: &str) -> String {
    let mut from: Vec<&str> = from.split('/').collect();
    from.pop();
    let to: Vec<&str> = to.split('/').collect();
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = from.len() - shared;
    let down = to.iter().skip(shared).copied();
    std::iter::repeat_n("..", up).chain(down).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_of_a_page_that_moves_go_on_leading_there() {
        let pages = [("editors/vscode/README.md".to_owned(), "editors/vscode.md".to_owned())];
        let text =
            "[a](../../docs/workspaces.md#x) `[b](gone.md)` [c](package.json) [d](https://e.f)";
        assert_eq!(
            moved(text, "editors/vscode/README.md", "editors/vscode.md", &pages),
            "[a](../workspaces.md#x) `[b](gone.md)` \
             [c](https://github.com/specql/specql-lsp/tree/main/editors/vscode/package.json) [d](https://e.f)"
        );
        assert_eq!(
            moved("[e](editors/vscode)", "README.md", "README.md", &pages),
            "[e](editors/vscode.md)"
        );
    }

    #[test]
    fn a_page_or_a_heading_that_is_not_there_is_found() {
        let pages: Pages = [
            ("a.md", "# A\n\n## `One` thing\n\n[b](b.md) [x](c.md) [y](b.md#no) [z](#one-thing)"),
            ("b.md", "# B\n\n```\n[c](c.md)\n# no\n```\n"),
        ]
        .map(|(name, text)| (name.to_owned(), text.to_owned()))
        .into();
        let broken: Vec<String> = broken_links(&pages).into_iter().map(|it| it.target).collect();
        assert_eq!(broken, ["c.md", "b.md#no"]);
    }
}
