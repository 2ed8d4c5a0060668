//! What the laws share.

use std::{fs, path::Path};

/// The entity files and the configuration of an example.
pub(crate) fn example(name: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(name);
    let mut folders = vec![root];
    let mut res = Vec::new();
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "yaml") {
                res.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    res.sort();
    assert!(!res.is_empty(), "{name}");
    res
}

/// A snippet as text, with the words of its places.
pub(crate) fn filled(snippet: &str) -> String {
    let mut res = String::new();
    let mut rest = snippet.chars().peekable();
    let mut open = 0;
    while let Some(it) = rest.next() {
        match it {
            '\\' => res.extend(rest.next()),
            '$' => {
                let braced = rest.next_if_eq(&'{').is_some();
                while rest.next_if(char::is_ascii_digit).is_some() {}
                if braced {
                    rest.next_if_eq(&':');
                    open += 1;
                }
            }
            '}' if open > 0 => open -= 1,
            it => res.push(it),
        }
    }
    res
}

/// The places of a text where a word begins.
pub(crate) fn words(text: &str) -> Vec<u32> {
    let is_word = |it: char| it.is_alphanumeric() || it == '_';
    let mut before = ' ';
    let mut res = Vec::new();
    for (at, it) in text.char_indices() {
        if is_word(it) && !is_word(before) {
            res.push(u32::try_from(at).unwrap());
        }
        before = it;
    }
    res
}

/// The files of the examples, one workspace each, and real ones as another.
pub(crate) fn workspaces() -> Vec<Vec<(String, String)>> {
    let real = specql_corpus::files().into_iter().map(|it| (it.name, it.text)).collect();
    ["blog", "shop", "saas"].map(example).into_iter().chain([real]).collect()
}

/// A number that anybody can draw again.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) >> 1).unwrap() % limit
    }
}

/// A number that the environment says.
pub(crate) fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}
