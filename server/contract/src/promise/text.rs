//! The lock file: sorted, a line a member, each with all that says what it is about, so that a review
//! shows what has changed and two branches merge.

use std::fmt::Write as _;

use super::{Promises, Subject};

const HEAD: &str = "\
# What events and cascades promise, a line a member: what readers and clients that are out rely on.
# `specql-lsp lock` writes it, `specql-lsp lock --check` compares; it is read in reviews.
";
/// Goes up when an older program would misread the file.
const VERSION: &str = "version 1";

/// A line that is none of a lock file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misread {
    /// From 1.
    pub line: usize,
    /// Lowercase sentence: what is wrong and what to do.
    pub message: String,
}

/// The text of a lock file.
#[must_use]
pub fn write(promises: &Promises) -> String {
    let mut res = format!("{HEAD}{VERSION}\n");
    for (subject, members) in &promises.0 {
        let subject = match subject {
            Subject::Cascade(action) => format!("cascade {}", escaped(action)),
            Subject::Event(name, version) => format!("event {} v{version}", escaped(name)),
        };
        if members.is_empty() {
            let _ = writeln!(res, "{subject}");
        }
        for (member, holds) in members {
            // A string takes what is written to it.
            let _ = writeln!(res, "{subject}: {}: {}", escaped(member), escaped(holds));
        }
    }
    res
}

/// The promises in the text of a lock file.
///
/// # Errors
///
/// The first line that is none of a lock file.
pub fn read(text: &str) -> Result<Promises, Misread> {
    let mut res = Promises::default();
    let mut version = None;
    for (line, text) in (1..).zip(text.lines()) {
        let text = text.trim_end();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let misread = |message: String| Misread { line, message };
        if version.is_none() {
            version = Some(text);
            if text != VERSION {
                return Err(misread(format!(
                    "`{VERSION}` is expected here: this is no lock file, or one of a newer specql-lsp; \
                     restore it, or remove it and run `specql-lsp lock`"
                )));
            }
            continue;
        }
        let (subject, member) = entry(text).ok_or_else(|| {
            misread(
                "this is no line of a lock file, so what it recorded is lost; restore it, or resolve \
                 the merge and run `specql-lsp lock`"
                    .to_owned(),
            )
        })?;
        let members = res.0.entry(subject).or_default();
        if let Some((member, holds)) = member {
            members.insert(member, holds);
        }
    }
    Ok(res)
}

fn entry(text: &str) -> Option<(Subject, Option<(String, String)>)> {
    let mut parts = text.splitn(3, ": ");
    let subject = parts.next()?;
    let subject = if let Some(action) = subject.strip_prefix("cascade ") {
        Subject::Cascade(plain(action))
    } else {
        let (name, version) = subject.strip_prefix("event ")?.rsplit_once(" v")?;
        Subject::Event(plain(name), version.parse().ok()?)
    };
    match (parts.next(), parts.next()) {
        (Some(member), Some(holds)) => Some((subject, Some((plain(member), plain(holds))))),
        (None, None) => Some((subject, None)),
        _ => None,
    }
}

/// Without what ends a part or a line.
fn escaped(text: &str) -> String {
    let mut res = String::new();
    for it in text.chars() {
        match it {
            '%' | ':' => {
                let _ = write!(res, "%{:02x}", u32::from(it));
            }
            it if it.is_control() => {
                let _ = write!(res, "%{:02x}", u32::from(it));
            }
            it => res.push(it),
        }
    }
    res
}

fn plain(text: &str) -> String {
    let mut res = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        res.push_str(before);
        let code = after.get(..2).and_then(|it| u32::from_str_radix(it, 16).ok());
        match code.and_then(char::from_u32) {
            Some(it) => {
                res.push(it);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                res.push('%');
                rest = after;
            }
        }
    }
    res + rest
}
