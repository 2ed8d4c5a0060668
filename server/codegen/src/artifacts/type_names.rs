//! Names of types in generated code: no two are the same, and none is that of the code around them.

use std::collections::HashSet;

/// The names that are given already.
pub(super) struct Names(HashSet<String>);

impl Names {
    /// With the names that the code around them has.
    pub(super) fn new(runtime: &[&str]) -> Self {
        Self(runtime.iter().map(|it| (*it).to_owned()).collect())
    }

    /// The name, or one with a number where it is given already.
    pub(super) fn fresh(&mut self, wanted: &str) -> String {
        let numbered = (2..).map(|it| format!("{wanted}_{it}"));
        let mut all = std::iter::once(wanted.to_owned()).chain(numbered);
        let free = all.find(|it| !self.0.contains(it)).unwrap_or_default();
        self.0.insert(free.clone());
        free
    }
}

/// A text as the name of a type: `post_count` is `PostCount`.
pub(super) fn pascal(text: &str) -> String {
    let words = text.split(|it: char| !it.is_ascii_alphanumeric()).filter(|it| !it.is_empty());
    let res: String = words
        .map(|it| {
            let (first, rest) = it.split_at(1);
            first.to_ascii_uppercase() + rest
        })
        .collect();
    // A name begins with a letter, and has one.
    if res.starts_with(|it: char| it.is_ascii_alphabetic()) { res } else { format!("E{res}") }
}
