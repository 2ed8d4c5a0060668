//! The editors' copies of the queries, from those in `grammar/*/queries`.
//!
//! Every query is written once, in the names of Neovim and nvim-treesitter; [`dialect`] says what an
//! editor makes of them. A copy says in its first line where it comes from.

mod dialect;
mod helix;
mod neovim;
mod source;
mod translate;
mod vim_regex;
mod zed;

use std::collections::BTreeSet;
use std::fs;

use camino::{Utf8Path, Utf8PathBuf};

use crate::project_root;
use dialect::{Destination, Dialect, lookup};

const DIALECTS: &[&Dialect] = &[&neovim::NEOVIM, &helix::HELIX, &zed::ZED];

/// A file that is generated: its place below the root, and its text.
struct Copy {
    path: Utf8PathBuf,
    text: String,
}

/// Writes the copies of every editor, and deletes those that no query gives any more.
pub(crate) fn write(grammars: &[&str]) -> Result<(), String> {
    for dialect in DIALECTS {
        for grammar in grammars {
            let copies = copies(dialect, grammar)?;
            for stale in strangers(dialect, grammar, &copies)? {
                let path = project_root().join(stale);
                fs::remove_file(&path)
                    .map_err(|error| format!("cannot delete `{path}`: {error}"))?;
            }
            for copy in copies {
                let path = project_root().join(&copy.path);
                let folder = path.parent().unwrap_or(project_root());
                fs::create_dir_all(folder)
                    .and_then(|()| fs::write(&path, &copy.text))
                    .map_err(|error| format!("cannot write `{path}`: {error}"))?;
            }
        }
    }
    Ok(())
}

/// Names the first copy that is not what the queries give.
pub(crate) fn check(grammars: &[&str]) -> Result<(), String> {
    for dialect in DIALECTS {
        for grammar in grammars {
            let copies = copies(dialect, grammar)?;
            let mut stale = strangers(dialect, grammar, &copies)?;
            stale.extend(copies.into_iter().filter(|it| !is_current(it)).map(|it| it.path));
            if let Some(path) = stale.first() {
                return Err(format!(
                    "`{path}` is not what `grammar/{grammar}/queries` gives; \
                     run `cargo xtask generate --queries` and commit the result"
                ));
            }
        }
    }
    Ok(())
}

fn is_current(copy: &Copy) -> bool {
    let committed = fs::read_to_string(project_root().join(&copy.path)).unwrap_or_default();
    committed.replace("\r\n", "\n") == copy.text
}

/// The copies that an editor has of the queries of one grammar.
fn copies(dialect: &Dialect, grammar: &str) -> Result<Vec<Copy>, String> {
    let folder = Utf8Path::new("grammar").join(grammar).join("queries");
    let mut res = Vec::new();
    for name in scm_files(&folder)? {
        let source = folder.join(&name);
        let kind = name.trim_end_matches(".scm");
        let destination = lookup(dialect.kinds, kind)
            .ok_or_else(|| format!("`{source}` has no entry in the table of {}", dialect.name))?;
        let Destination::File(target, captures) = destination else { continue };
        let canonical = read(&source)?;
        let translated = translate::file(&canonical, dialect, captures)
            .map_err(|it| format!("`{source}` for {}: {it}", dialect.name))?;
        let Some(translated) = translated else { continue };
        res.push(Copy {
            path: Utf8Path::new(dialect.folder).join(grammar).join(format!("{target}.scm")),
            text: format!("; Generated from {source} by `cargo xtask generate`; edits get lost.\n\n{translated}"),
        });
    }
    Ok(res)
}

/// Query files of an editor that no canonical query gives.
fn strangers(
    dialect: &Dialect,
    grammar: &str,
    copies: &[Copy],
) -> Result<Vec<Utf8PathBuf>, String> {
    let folder = Utf8Path::new(dialect.folder).join(grammar);
    let known: BTreeSet<&Utf8PathBuf> = copies.iter().map(|it| &it.path).collect();
    let present = scm_files(&folder)?.into_iter().map(|it| folder.join(it));
    Ok(present.filter(|it| !known.contains(it)).collect())
}

/// Names of the queries in a folder, in order; none when there is no such folder.
fn scm_files(folder: &Utf8Path) -> Result<Vec<String>, String> {
    let path = project_root().join(folder);
    if !path.exists() {
        return Ok(Vec::new());
    }
    let entries = path.read_dir_utf8().map_err(|error| format!("cannot read `{path}`: {error}"))?;
    let mut names: Vec<String> = entries
        .filter_map(Result::ok)
        .map(|it| it.file_name().to_owned())
        .filter(|it| it.ends_with(".scm"))
        .collect();
    names.sort();
    Ok(names)
}

/// The text of a file, without the carriage returns a checkout on Windows may add.
fn read(path: &Utf8Path) -> Result<String, String> {
    let text = fs::read_to_string(project_root().join(path))
        .map_err(|error| format!("cannot read `{path}`: {error}"))?;
    Ok(text.replace("\r\n", "\n"))
}

/// Every reason that a table gives, for the test that holds that each is a sentence's rest.
#[cfg(test)]
fn reasons(dialect: &Dialect) -> Vec<&'static str> {
    use dialect::{Predicate, To};
    let mut res = Vec::new();
    for (_, destination) in dialect.kinds {
        match destination {
            Destination::Unread(reason) => res.push(*reason),
            Destination::File(_, captures) => {
                res.extend(captures.iter().filter_map(|(_, it)| match it {
                    To::Without(reason) | To::Excludes(reason) => Some(*reason),
                    To::Same | To::Names(_) => None,
                }));
            }
        }
    }
    let predicates = dialect.predicates.iter().chain(dialect.properties);
    res.extend(predicates.filter_map(|(_, it)| match it {
        Predicate::Missing(reason) | Predicate::Needless(reason) => Some(*reason),
        Predicate::Same | Predicate::VimRegex => None,
    }));
    res
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::GRAMMARS;

    #[test]
    fn committed_copies_are_what_the_queries_give() {
        check(GRAMMARS).unwrap();
    }

    #[test]
    fn every_gap_has_a_reason() {
        for dialect in DIALECTS {
            for reason in reasons(dialect) {
                assert!(reason.len() > 10 && !reason.ends_with('.'), "{}: {reason}", dialect.name);
            }
        }
    }

    #[test]
    fn no_name_is_twice_in_a_table() {
        for dialect in DIALECTS {
            for (kind, destination) in dialect.kinds {
                let Destination::File(_, captures) = destination else { continue };
                let names: BTreeSet<&str> = captures.iter().map(|(it, _)| *it).collect();
                assert_eq!(names.len(), captures.len(), "{} {kind}", dialect.name);
            }
        }
    }
}
