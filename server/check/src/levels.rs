//! Levels from the configuration: `rules:`, by code and by path.

use specql_model::{Config, suggest};

use crate::{Level, RULES, rule};

/// The configured level of a rule for a file; the last entry that fits wins, one that cannot be read
/// is passed over. What is misspelt means what is proposed for it, so that one slip is one finding.
pub(crate) fn configured(config: &Config, code: &str, path: &str) -> Option<Level> {
    let entries = config.rules.iter().rev();
    entries
        .filter(|it| it.code.as_str() == code || is_slip_for(it.code.as_str(), code))
        .filter(|it| it.paths.is_empty() || it.paths.iter().any(|glob| fits(glob.as_str(), path)))
        .find_map(|it| level(it.level.as_str()))
}

fn is_slip_for(written: &str, code: &str) -> bool {
    rule(written).is_none() && proposed(written) == Some(code)
}

/// The rule that is meant by a code that none has.
pub(crate) fn proposed(code: &str) -> Option<&'static str> {
    suggest(code, RULES.iter().map(|it| it.code))
}

fn level(word: &str) -> Option<Level> {
    let words = || Level::ALL.into_iter().map(Level::as_str);
    Level::parse(word).or_else(|| Level::parse(suggest(word, words())?))
}

/// Whether a glob fits a path; both are relative to the folder of the configuration. `**` fits
/// anything, `*` anything but `/`, `?` one byte but `/`.
pub(crate) fn fits(glob: &str, path: &str) -> bool {
    let mut glob = glob.trim_start_matches("./").trim_start_matches('/').as_bytes();
    let path = path.trim_start_matches('/').as_bytes();
    // Where in the path the part of the glob that was read so far may end.
    let mut ends: Vec<bool> = (0..=path.len()).map(|at| at == 0).collect();
    while let Some((first, rest)) = glob.split_first() {
        glob = rest;
        if *first == b'*' {
            let across = glob.first() == Some(&b'*');
            let folders = across && glob.get(1) == Some(&b'/');
            glob = glob.get(usize::from(across) + usize::from(folders)..).unwrap_or(b"");
            ends = star(path, &ends, across);
            if folders {
                ends = ends
                    .iter()
                    .enumerate()
                    .map(|(at, it)| *it && begins_segment(path, at))
                    .collect();
            }
        } else {
            let fits = |it: &u8| it == first || (*first == b'?' && *it != b'/');
            let moved = ends.iter().zip(path).map(|(end, byte)| *end && fits(byte));
            ends = std::iter::once(false).chain(moved).collect();
        }
    }
    ends.last() == Some(&true)
}

fn begins_segment(path: &[u8], at: usize) -> bool {
    at.checked_sub(1).is_none_or(|before| path.get(before) == Some(&b'/'))
}

/// Every place that can be reached over any bytes, or over any but `/`.
fn star(path: &[u8], ends: &[bool], across: bool) -> Vec<bool> {
    let mut reached = false;
    let mut res = Vec::with_capacity(ends.len());
    for (at, end) in ends.iter().enumerate() {
        reached = *end || (reached && (across || !begins_segment(path, at)));
        res.push(reached);
    }
    res
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn a_glob_is_relative_to_its_configuration() {
        for (glob, path, expected) in [
            ("entities/*.yaml", "entities/post.yaml", true),
            ("entities/*.yaml", "old/entities/post.yaml", false),
            ("entities/*.yaml", "entities/blog/post.yaml", false),
            ("entities/**", "entities/blog/post.yaml", true),
            ("**/post.yaml", "entities/blog/post.yaml", true),
            ("po?t.yaml", "post.yaml", true),
            ("po?t.yaml", "entities/post.yaml", false),
            ("./post.yaml", "post.yaml", true),
            ("ost.yaml", "post.yaml", false),
            ("**", "a/b.yaml", true),
            ("a/**/c.yaml", "a/c.yaml", true),
            ("a/**/c.yaml", "a/b/b/c.yaml", true),
            ("a/**/c.yaml", "a/bc.yaml", false),
            ("a*c.yaml", "a/c.yaml", false),
        ] {
            assert_eq!(fits(glob, path), expected, "{glob} on {path}");
        }
    }
}
