//! Rights that the new revision takes back: the functions of before need them until nothing calls these.

use std::collections::BTreeSet;

use super::lexer::split;
use crate::emit::EmittedFile;

/// Whether it is the file that says who may do what.
pub(super) fn is_roles(path: &str) -> bool {
    path.ends_with("_roles.sql")
}

/// Whether the files of before grant what these do not, on something that stays.
pub(super) fn are_taken_back(base: &[&EmittedFile], next: &EmittedFile) -> bool {
    let now = granted(&next.text);
    let stays = |right: &str| {
        let on = right.split_once(" ON ").and_then(|it| it.1.split_once(" TO "));
        on.is_some_and(|it| next.text.contains(&format!(" ON {} ", it.0)))
    };
    let before = base.iter().filter(|it| is_roles(&it.path));
    before.flat_map(|it| granted(&it.text)).any(|it| !now.contains(&it) && stays(&it))
}

fn granted(text: &str) -> BTreeSet<String> {
    let grants = text.lines().map(str::trim).filter(|it| it.starts_with("GRANT "));
    grants.flat_map(rights).collect()
}

/// `DELETE ON blog.tb_post TO specql_application` for each right of a grant.
fn rights(grant: &str) -> Vec<String> {
    let Some((rights, rest)) = grant.trim_start_matches("GRANT ").split_once(" ON ") else {
        return Vec::new();
    };
    // Names of columns stand in parentheses.
    split(rights, ',').into_iter().map(|it| format!("{it} ON {rest}")).collect()
}

/// The file with what it grants alone.
pub(super) fn granted_alone(text: &str) -> String {
    let takes_back = |line: &str| {
        let line = line.trim();
        line.starts_with("REVOKE ALL ON ") && line.contains(" FROM specql_")
    };
    text.lines().filter(|it| !takes_back(it)).map(|it| format!("{it}\n")).collect()
}
