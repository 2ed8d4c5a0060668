//! URIs and paths. A client may spell the URI of one file in several ways (`%3A` or `:`, upper or
//! lower case escapes), so files are known by their path, and by their URI only when they have none.

use crate::protocol::lsp;
use camino::{Utf8Path, Utf8PathBuf};
use std::fmt::Write;

/// The path that a `file:` URI names, with `/`; none for other schemes and other machines.
pub(crate) fn to_path(uri: &str) -> Option<Utf8PathBuf> {
    let (scheme, rest) = uri.split_once(':')?;
    if !scheme.eq_ignore_ascii_case("file") {
        return None;
    }
    let rest = rest.strip_prefix("//")?;
    let (authority, path) = rest.split_at(rest.find('/')?);
    if !authority.is_empty() && !authority.eq_ignore_ascii_case("localhost") {
        return None;
    }
    let path = decode(path)?;
    Some(match drive(path.get(1..).unwrap_or_default()) {
        Some(letter) => format!("{}{}", letter.to_ascii_lowercase(), path.get(2..)?).into(),
        None => path.into(),
    })
}

/// The URI of a file that is written now, for editors that show no other documents.
pub(crate) fn of_written(name: &str, text: &str) -> Option<lsp::Uri> {
    let path = specql_project::write_preview(name, text);
    let failed = |error: &std::io::Error| tracing::warn!(%error, name, "the file is not written");
    path.inspect_err(failed).ok().map(|it| from_path(&it).into())
}

/// The `file:` URI of an absolute path.
pub(crate) fn from_path(path: &Utf8Path) -> String {
    // Elsewhere it is a character of a name.
    let path = if cfg!(windows) { path.as_str().replace('\\', "/") } else { path.to_string() };
    let root = if path.starts_with('/') { "" } else { "/" };
    format!("file://{root}{}", encode(&path, b"/:"))
}

/// Whether a name is a URI and not a path. `c:/` is a path.
pub(crate) fn is_uri(name: &str) -> bool {
    name.split_once(':').is_some_and(|(scheme, _)| {
        let mut characters = scheme.bytes();
        scheme.len() > 1
            && characters.next().is_some_and(|it| it.is_ascii_alphabetic())
            && characters.all(|it| it.is_ascii_alphanumeric() || b"+-.".contains(&it))
    })
}

/// Escapes everything that is not a letter, a digit, one of `-._~` or one of `keep`.
pub(crate) fn encode(text: &str, keep: &[u8]) -> String {
    let mut res = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || keep.contains(&byte) {
            res.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(res, "%{byte:02X}");
        }
    }
    res
}

/// Resolves escapes; what is not one stays. None when the result is no UTF-8.
pub(crate) fn decode(text: &str) -> Option<String> {
    let mut bytes = text.as_bytes();
    let mut res = Vec::with_capacity(bytes.len());
    while let [byte, rest @ ..] = bytes {
        let escaped = (*byte == b'%').then(|| rest.get(..2)).flatten().and_then(hexadecimal);
        res.push(escaped.unwrap_or(*byte));
        bytes = if escaped.is_some() { rest.get(2..).unwrap_or_default() } else { rest };
    }
    String::from_utf8(res).ok()
}

fn hexadecimal(digits: &[u8]) -> Option<u8> {
    let digit = |it: &u8| char::from(*it).to_digit(16);
    let value = digit(digits.first()?)? * 16 + digit(digits.get(1)?)?;
    u8::try_from(value).ok()
}

/// The drive letter a path starts with.
fn drive(path: &str) -> Option<char> {
    let letter = path.chars().next().filter(char::is_ascii_alphabetic)?;
    path.get(1..)?.starts_with(":/").then_some(letter)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_spelling_of_a_uri_is_one_path() {
        for (uri, path) in [
            ("file:///a/b.yaml", "/a/b.yaml"),
            ("FILE://localhost/a/b.yaml", "/a/b.yaml"),
            ("file:///a%20b/%C3%BC[1].yaml", "/a b/ü[1].yaml"),
            ("file:///a b/ü%5B1%5d.yaml", "/a b/ü[1].yaml"),
            ("file:///100%/%zz.yaml", "/100%/%zz.yaml"),
            ("file:///C%3A/x.yaml", "c:/x.yaml"),
            ("file:///c:/x.yaml", "c:/x.yaml"),
        ] {
            assert_eq!(to_path(uri).as_deref(), Some(Utf8Path::new(path)), "{uri}");
        }
    }

    #[test]
    fn what_is_no_file_of_this_machine_has_no_path() {
        for uri in ["untitled:Untitled-1", "file://server/share/x", "file:x", "", "file:///%ff"] {
            assert_eq!(to_path(uri), None, "{uri}");
        }
    }

    #[test]
    fn a_drive_is_no_scheme() {
        assert!(is_uri("untitled:x") && is_uri("vscode-vfs://github/a/b"));
        assert!(!is_uri("c:/x") && !is_uri("/a:b") && !is_uri("a/b"));
    }

    proptest! {
        #[test]
        fn paths_round_trip(name in if cfg!(windows) { "[^\\\\:]{0,20}" } else { "[^:]{0,20}" }) {
            // No colon: `/x:/` is a drive.
            let path = Utf8PathBuf::from(format!("/x{name}"));
            prop_assert_eq!(to_path(&from_path(&path)), Some(path));
        }
    }
}
