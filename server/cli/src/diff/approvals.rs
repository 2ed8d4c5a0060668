//! Breaking changes that somebody has agreed on, in `specql.approvals` beside a workspace's configuration.
//!
//! Invariant: a fingerprint depends on what changes alone, not on where it stands or between which revisions,
//! so an approval holds after a rebase, and no longer when the change is another.

use std::{fmt::Write as _, fs, io, path::Path};

use serde::Serialize;
use sha2::{Digest, Sha256};
use specql_ide::PromiseChange;
use specql_project::Staged;

use crate::Error;

/// The name of the file.
pub(super) const FILE: &str = "specql.approvals";
const FIRST: &str = "version 1";
const SEPARATOR: &str = " | ";

const HEAD: &str = "\
# Breaking changes that are agreed on: fingerprint | who | reason | change.
# `specql-lsp diff --approve` adds a line, and tells of those that no longer apply.
";

/// A line of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Approval {
    pub(super) fingerprint: String,
    pub(super) by: String,
    pub(super) reason: String,
    pub(super) change: String,
}

/// What names a change: 16 hexadecimal digits.
pub(super) fn fingerprint(it: &PromiseChange) -> String {
    let value = |it: &Option<String>| it.as_ref().map_or(String::new(), |it| format!("={it}"));
    let parts = [&it.subject, &it.member, it.code, &value(&it.old), &value(&it.new)];
    let digest = Sha256::digest(parts.join("\0"));
    digest.iter().take(8).map(|it| format!("{it:02x}")).collect()
}

/// The approvals of a workspace in the order of its file; none where it has no file.
pub(super) fn read(folder: &Path) -> Result<Vec<Approval>, Error> {
    let path = folder.join(FILE);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(source) if source.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(Error::Read { path, source }),
    };
    parse(&text).map_err(|(line, why)| Error::Usage(format!("{}:{line}: {why}", path.display())))
}

/// Adds approvals to the file of a workspace, or writes it.
pub(super) fn add(folder: &Path, more: Vec<Approval>) -> Result<(), Error> {
    let mut all = read(folder)?;
    all.retain(|old| more.iter().all(|new| new.fingerprint != old.fingerprint));
    all.extend(more);
    let path = folder.join(FILE);
    let written = Staged::beside(&path, text(all).as_bytes()).and_then(Staged::put);
    written.map_err(|source| Error::Write { path, source })
}

/// A text that can stand between the separators, or why not.
pub(super) fn field(name: &str, text: &str) -> Result<String, Error> {
    let text = text.trim();
    let why = if text.is_empty() {
        "is empty, and whoever reads the file later wants to know it"
    } else if text.contains(['\n', '\r', '|']) {
        "has a line break or `|`, which divide the file; write it without"
    } else {
        return Ok(text.to_owned());
    };
    Err(Error::Usage(format!("`{name}` {why}")))
}

/// Sorted by the change, so that branches that approve different ones merge.
fn text(mut all: Vec<Approval>) -> String {
    all.sort_by(|a, b| (&a.change, &a.fingerprint).cmp(&(&b.change, &b.fingerprint)));
    let mut res = format!("{HEAD}{FIRST}\n");
    for it in all {
        let line = [it.fingerprint, it.by, it.reason, it.change].join(SEPARATOR);
        // A string takes what is written to it.
        let _ = writeln!(res, "{line}");
    }
    res
}

fn parse(text: &str) -> Result<Vec<Approval>, (usize, String)> {
    let lines = text.lines().enumerate().map(|(index, it)| (index + 1, it.trim()));
    let mut lines = lines.filter(|(_, it)| !it.is_empty() && !it.starts_with('#'));
    match lines.next() {
        None | Some((_, FIRST)) => {}
        Some((line, other)) => {
            let why = format!("`{other}` is not `{FIRST}`, so another program wrote this file");
            return Err((line, why));
        }
    }
    lines.map(|(line, it)| approval(it).ok_or_else(|| (line, misread(it)))).collect()
}

fn misread(line: &str) -> String {
    format!("`{line}` is no approval; write `fingerprint | who | reason | change`")
}

fn approval(line: &str) -> Option<Approval> {
    let mut parts = line.splitn(4, '|').map(|it| it.trim().to_owned());
    let fingerprint = parts.next()?;
    let is_one = fingerprint.len() == 16 && fingerprint.bytes().all(|it| it.is_ascii_hexdigit());
    let (by, reason) = (parts.next()?, parts.next()?);
    let change = parts.next().unwrap_or_default();
    let is_whole = is_one && !by.is_empty() && !reason.is_empty();
    is_whole.then_some(Approval { fingerprint, by, reason, change })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(fingerprint: &str, change: &str) -> Approval {
        let [by, reason] = ["Jane <jane@example.com>", "nobody reads it"].map(str::to_owned);
        Approval { fingerprint: fingerprint.to_owned(), by, reason, change: change.to_owned() }
    }

    #[test]
    fn what_is_written_is_read() {
        let all = vec![one("00000000000000bb", "b | c"), one("00000000000000aa", "a")];
        let read = parse(&text(all.clone())).unwrap();
        assert_eq!(read, all.into_iter().rev().collect::<Vec<_>>());
        assert_eq!(parse(""), Ok(Vec::new()));
        assert_eq!(parse(HEAD), Ok(Vec::new()));
    }

    #[test]
    fn what_is_none_is_named_with_its_line() {
        let line = |it: &str| parse(&format!("{HEAD}{FIRST}\n{it}\n")).unwrap_err().0;
        for it in [
            "<<<<<<< HEAD",
            "xyz | a | b | c",
            "00000000000000aa | | b | c",
            "00000000000000aa | a",
        ] {
            assert_eq!(line(it), 4, "{it}");
        }
        assert_eq!(parse("version 2\n").unwrap_err().0, 1);
    }

    #[test]
    fn a_field_can_be_read_again() {
        assert_eq!(field("--by", " Jane ").unwrap(), "Jane");
        for it in ["", "  ", "a | b", "a\nb"] {
            assert!(field("--by", it).is_err(), "{it:?}");
        }
    }
}
