//! A name is the same name in quotes: in copies of the examples with every text in quotes, with letters
//! escaped too, what is used where, and what a rename changes, is what it is in the files themselves.

use std::collections::BTreeSet;

use specql_ide::{Analysis, AnalysisHost, FileEdit, FileId};
use specql_syntax::yaml::{Node, NodeKind, Resolved, ScalarStyle, resolve};
use specql_text::TextRange;

/// Each so many-th word is asked about.
const EVERY: usize = 2;

/// How a text on one line is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quotes {
    Single,
    Double,
    /// In double quotes, the first letter of each word as its number.
    Escaped,
}

impl Quotes {
    fn of(self, it: char, begins: bool) -> String {
        match (self, it) {
            (Self::Single, '\'') => "''".to_owned(),
            (Self::Double | Self::Escaped, '"' | '\\') => format!("\\{it}"),
            (Self::Escaped, _) if begins && it.is_ascii_alphabetic() => {
                format!("\\x{:02x}", u32::from(it))
            }
            _ => it.to_string(),
        }
    }

    const fn sign(self) -> char {
        match self {
            Self::Single => '\'',
            Self::Double | Self::Escaped => '"',
        }
    }
}

/// The plain texts of a file on one line, keys among them.
fn plain_texts(node: &Node, text: &str, acc: &mut BTreeSet<(usize, usize)>) {
    let mut add = |range: TextRange| {
        let written = range.slice(text);
        let is_plain =
            !written.contains('\n') && !written.starts_with(['\'', '"', '*', '&', '|', '>']);
        if is_plain && !written.is_empty() && resolve(written) == Resolved::Str {
            acc.insert((range.start() as usize, range.end() as usize));
        }
    };
    match &node.kind {
        NodeKind::Mapping(it) => {
            for entry in it.entries.iter().filter(|it| !it.merged) {
                add(entry.key.range);
            }
            it.entries
                .iter()
                .filter(|it| !it.merged)
                .for_each(|it| plain_texts(&it.value, text, acc));
        }
        NodeKind::Sequence(it) => it.items.iter().for_each(|it| plain_texts(it, text, acc)),
        NodeKind::Scalar(it) if it.style == ScalarStyle::Plain => add(node.range),
        NodeKind::Scalar(_) | NodeKind::Missing => {}
    }
}

/// The text with its plain texts in quotes, and where each of its bytes is then.
fn quoted(text: &str, quotes: Quotes) -> (String, Vec<u32>) {
    let mut found = BTreeSet::new();
    plain_texts(&specql_syntax::parse(text.into()).yaml().root, text, &mut found);
    let (starts, ends): (BTreeSet<_>, BTreeSet<_>) = found.into_iter().unzip();
    let (mut res, mut places, mut before, mut inside) = (String::new(), Vec::new(), ' ', false);
    for (at, it) in text.char_indices() {
        if ends.contains(&at) {
            res.push(quotes.sign());
            inside = false;
        }
        if starts.contains(&at) {
            res.push(quotes.sign());
            inside = true;
        }
        places.extend(std::iter::repeat_n(u32::try_from(res.len()).unwrap(), it.len_utf8()));
        let begins = !before.is_alphanumeric() && before != '_';
        let written = if inside { quotes.of(it, begins) } else { it.to_string() };
        res.push_str(&written);
        before = it;
    }
    (res, places)
}

/// A workspace in quotes beside what it is without.
struct Copies {
    plain: Analysis,
    quoted: Analysis,
}

type Places = BTreeSet<(FileId, usize)>;

/// The lines of places.
fn lines(analysis: &Analysis, places: impl Iterator<Item = (FileId, TextRange)>) -> Places {
    let line = |(file, range): (FileId, TextRange)| {
        let text = analysis.text(file).unwrap();
        (file, text[..range.start() as usize].matches('\n').count() + 1)
    };
    places.map(line).collect()
}

/// Where the name at a place is used, and where a rename of it writes or why it does not.
fn uses(analysis: &Analysis, file: FileId, at: u32) -> (Places, Result<Places, String>) {
    let found = analysis.references(file, at).into_iter().map(|it| (it.file, it.range));
    let renamed = analysis.rename(file, at, "zq_new").map(|it| {
        let edits: Vec<FileEdit> = it.into_edits();
        lines(analysis, edits.into_iter().map(|it| (it.file, it.edit.range)))
    });
    (lines(analysis, found), renamed)
}

#[test]
fn names_in_quotes_are_names() {
    let (mut compared, mut broken) = (0, Vec::new());
    for name in ["blog", "shop", "saas"] {
        let files = super::support::example(name);
        for quotes in [Quotes::Single, Quotes::Double, Quotes::Escaped] {
            let (mut plain, mut copy) = (AnalysisHost::new(), AnalysisHost::new());
            let mut places = Vec::new();
            for (path, text) in &files {
                let (written, offsets) = quoted(text, quotes);
                places.push((plain.set_file(path, text.as_str()), offsets));
                copy.set_file(path, written.as_str());
            }
            let copies = Copies { plain: plain.analysis(), quoted: copy.analysis() };
            for (file, offsets) in &places {
                compared += copies.compare(*file, offsets, quotes, &mut broken);
            }
        }
    }
    assert!(compared > 300, "{compared}");
    assert!(broken.is_empty(), "{} of {compared}\n{}", broken.len(), broken.join("\n"));
}

impl Copies {
    /// Compares each so many-th name of a file.
    fn compare(
        &self,
        file: FileId,
        places: &[u32],
        quotes: Quotes,
        broken: &mut Vec<String>,
    ) -> usize {
        let text = self.plain.text(file).unwrap();
        let words = super::support::words(text).into_iter().step_by(EVERY);
        // Of a path with escapes only the whole has a place.
        let is_apart = |at: &u32| quotes != Quotes::Escaped || !text[..*at as usize].ends_with('.');
        let named =
            words.filter(is_apart).filter(|it| !self.plain.references(file, *it).is_empty());
        let mut res = 0;
        for at in named {
            res += 1;
            let (found, renamed) = uses(&self.plain, file, at);
            let (quoted_found, quoted_renamed) = uses(&self.quoted, file, places[at as usize]);
            // An escape has no letters that could be put in place of others.
            let is_same = match (&renamed, &quoted_renamed) {
                (Ok(one), Ok(other)) => one == other,
                (Ok(_), Err(_)) => quotes == Quotes::Escaped,
                (Err(_), _) => true,
            };
            if found != quoted_found || !is_same {
                let line = text[..at as usize].rsplit('\n').next().unwrap().to_owned();
                let rest = text[at as usize..].lines().next().unwrap();
                broken.push(format!(
                    "{quotes:?}: `{line}|{rest}`: {found:?} {quoted_found:?} {renamed:?} {quoted_renamed:?}"
                ));
            }
        }
        res
    }
}
