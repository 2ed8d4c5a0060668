//! Formatting against PyYAML, which SpecQL's users run: a formatted file has the value that it had, and
//! formatting it again changes nothing. Over real files, the YAML test suite and generated documents.
//!
//! `SPECQL_FUZZ` multiplies the number of generated texts, `SPECQL_SEED` makes other ones.

#![expect(clippy::indexing_slicing, reason = "texts and values come in pairs")]

use fastrand::Rng;
use specql_ide::AnalysisHost;
use specql_tests::fidelity::{
    documents::{corpus, own_files, suite},
    generate,
    oracle::load_all,
};
use specql_text::apply_edits;

/// The text, and the formatted one where it can be formatted.
fn formatted(text: &str) -> Option<String> {
    let mut host = AnalysisHost::new();
    let file = host.set_file("any.specql.yaml", text);
    let edits = host.analysis().format(file).ok()?;
    Some(apply_edits(text, &edits))
}

/// Compares the values of texts before and after; gives how many were formatted.
fn check(set: &str, texts: &[String]) -> usize {
    let pairs: Vec<(&String, String)> =
        texts.iter().filter_map(|it| Some((it, formatted(it)?))).collect();
    for (old, new) in &pairs {
        assert_eq!(formatted(new).as_ref(), Some(new), "{set}: again\n{old}\n~~~\n{new}");
    }
    let both: Vec<&str> = pairs.iter().flat_map(|(old, new)| [old.as_str(), new]).collect();
    let values = load_all(both.len(), |it| both[it].to_owned(), |_, answer| answer.value);
    for (values, texts) in values.chunks(2).zip(both.chunks(2)) {
        assert_eq!(values[0], values[1], "{set}:\n{}\n~~~\n{}", texts[0], texts[1]);
    }
    pairs.len()
}

#[test]
fn real_files_keep_their_values() {
    let texts: Vec<String> = corpus().into_iter().chain(own_files()).map(|it| it.text).collect();
    let done = check("files", &texts);
    assert!(done > 60, "{done} of {}", texts.len());
}

#[test]
fn hard_documents_keep_their_values() {
    let texts: Vec<String> = suite().into_iter().map(|it| it.document.text).collect();
    let done = check("YAML test suite", &texts);
    assert!(done > 60, "{done} of {}", texts.len());
}

#[test]
fn generated_documents_keep_their_values() {
    let number = |name: &str, usual: u64| {
        std::env::var(name).map_or(usual, |it| it.parse().expect("a whole number"))
    };
    let (seed, count) = (number("SPECQL_SEED", 0x5eed), 500 * number("SPECQL_FUZZ", 1));
    let mut random = Rng::with_seed(seed);
    let texts: Vec<String> = (0..count).map(|_| generate::document(&mut random)).collect();
    let done = check(&format!("seed {seed}"), &texts);
    assert!(done > 100, "{done} of {count}");
}
