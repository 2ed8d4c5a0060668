//! The values of this project's reader against those of `PyYAML`, which SpecQL's users run, and of a reader
//! of YAML 1.2: over real files, the official YAML test suite, generated documents and damaged texts.
//!
//! Nothing differs in silence. `SPECQL_FUZZ` multiplies the number of random texts, `SPECQL_SEED` makes
//! other ones.

#![expect(
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "the figures are what a run is read for"
)]

use std::mem::discriminant;

use fastrand::Rng;
use specql_check::{Diagnostic, Fix, Level, check_file};
use specql_model::{FileId, SourceFile, Workspace};
use specql_syntax::yaml::{Node, Problem, ProblemKind, Scalar, ScalarStyle};
use specql_tests::fidelity::{
    damage::damaged,
    documents::{Case, Document, corpus, own_files, suite},
    generate,
    oracle::{Answer, load_all},
    saphyr::{self, Reading},
    value::Value,
    verdict::{Judged, Tally, Verdict, judge},
};
use specql_text::{TextEdit, TextRange, apply_edits};

/// How often a random test tries, `by_default` times the factor in `SPECQL_FUZZ`.
fn rounds(by_default: usize) -> usize {
    let factor = std::env::var("SPECQL_FUZZ").map_or(1, |it| it.parse().expect("a whole number"));
    by_default * factor
}

/// The seed that `SPECQL_SEED` chooses, else the one of every run; told, so that a failure can be repeated.
fn seed() -> u64 {
    let chosen = std::env::var("SPECQL_SEED").ok();
    eprintln!("SPECQL_SEED={}", chosen.as_deref().unwrap_or_default());
    // Texts are counted from a seed on, so near ones would draw the same texts.
    let spread = |it: u64| it.wrapping_mul(0xd134_2543_de82_ef95);
    chosen.map_or(0x5eed, |it| spread(it.parse().expect("a whole number")))
}

/// The answers of the loader to documents, with the verdict on each.
fn judged(documents: &[Document]) -> Vec<(Answer, Judged)> {
    let text = |number: usize| documents[number].text.clone();
    load_all(documents.len(), text, |text, answer| {
        let judged = judge(text, &answer);
        (answer, judged)
    })
}

/// The count over documents, in which nothing is silent.
fn check(set: &str, judged: impl IntoIterator<Item = Judged>) -> Tally {
    let tally: Tally = judged.into_iter().collect();
    eprintln!("{set}: {tally}");
    tally.assert_nothing_silent(set);
    tally
}

#[test]
fn real_files_have_the_values_that_the_loader_gives_them() {
    for (set, documents) in [("corpus", corpus()), ("examples and workspaces", own_files())] {
        let tally = check(set, judged(&documents).into_iter().map(|it| it.1));
        let unclear = tally.count(Verdict::DiffersButDiagnosed);
        assert_eq!(unclear, 0, "what the loader accepts is read as it means it: {tally}");
    }
}

/// Whether a case of the suite lies in SpecQL's profile: it is YAML by the suite, the loader accepts it as
/// one document, and it uses neither tags nor keys behind `?`.
fn is_in_profile(case: &Case, answer: &Answer) -> bool {
    !case.is_invalid && answer.value.is_ok() && !answer.is_outside
}

#[test]
fn the_test_suite_is_read_as_the_loader_reads_it() {
    let cases = suite();
    let documents: Vec<Document> = cases.iter().map(|it| it.document.clone()).collect();
    let judged = judged(&documents);
    let (mut in_profile, mut disagreeing, mut other) = (0, Vec::new(), Vec::new());
    let (mut several, mut refused) = (0, Vec::new());
    for (case, (answer, judged)) in cases.iter().zip(&judged) {
        let name = case.document.name.as_str();
        if is_in_profile(case, answer) {
            in_profile += 1;
            if judged.verdict != Verdict::Equal {
                disagreeing.push(format!("{name}: {:?} {:?}", judged.verdict, judged.problems));
            }
            if case.value().is_some_and(|it| Ok(it) != answer.value) {
                other.push(name);
            }
        } else if let (false, Err(error)) = (case.is_invalid, &answer.value) {
            if error.contains("expected a single document") {
                several += 1;
            } else {
                refused.push(name);
            }
        }
    }
    check("YAML test suite", judged.into_iter().map(|it| it.1));
    let agreeing = in_profile - disagreeing.len();
    eprintln!("{} cases, {in_profile} in the profile, {agreeing} of them agree", cases.len());
    eprintln!("valid by the suite, of several documents: {several}");
    eprintln!("valid by the suite, refused by the loader: {} {refused:?}", refused.len());
    eprintln!("another value by the suite than by the loader: {} {other:?}", other.len());
    assert_eq!(cases.len(), 402, "the suite is complete");
    assert!(disagreeing.is_empty(), "{disagreeing:#?}");
}

#[test]
fn generated_documents_have_the_values_that_the_loader_gives_them() {
    let (seed, count) = (seed(), rounds(4_000));
    let text = |number| generate::document(&mut rng(seed, number));
    let tally =
        check("generated documents", load_all(count, text, |it, answer| judge(it, &answer)));
    assert_eq!(tally.count(Verdict::Equal), count, "they are all valid: {tally}");
}

/// The source of randomness for the text of a number.
fn rng(seed: u64, number: usize) -> Rng {
    Rng::with_seed(seed.wrapping_add(number as u64))
}

#[test]
fn no_damage_makes_a_silent_difference() {
    let (seed, count, documents) = (seed(), rounds(100_000), all_documents());
    let text = |number| damaged(&documents, seed, number);
    check("damaged texts", load_all(count, text, |it, answer| judge(it, &answer)));
}

/// The rules that report what the reader sees.
const SYNTAX_RULES: &[&str] = &[
    "invalid-yaml",
    "duplicate-key",
    "multiple-documents",
    "unsupported-yaml",
    "yaml-1-1-trap",
    "unreadable-file",
];

#[test]
fn every_problem_of_an_entity_file_is_a_finding() {
    let (seed, documents) = (seed(), all_documents());
    for number in 0..rounds(5_000) {
        let text = damaged(&documents, seed, number);
        let file = SourceFile::new(FileId(0), "post.specql.yaml", text.as_str());
        let problems = file.parse().yaml().problems.clone();
        let is_judged = file.is_judged();
        let findings = check_file(&Workspace::new([file.into()]), FileId(0));
        // It is checked when its entity is declared, and says so.
        if !is_judged {
            let says = findings.iter().any(|it| it.code == "missing-entity");
            assert!(says || findings.iter().any(|it| it.code == "unreadable-file"), "{text:?}");
            continue;
        }
        for problem in &problems {
            // What looks like the same key again behind a line that cannot be read follows from that line.
            let follows = |first: TextRange| {
                let between = first.end()..problem.range.start();
                let is_other = |it: &&Problem| !matches!(it.kind, ProblemKind::DuplicateKey(..));
                problems.iter().filter(is_other).any(|it| between.contains(&it.range.start()))
            };
            if matches!(&problem.kind, ProblemKind::DuplicateKey(_, first) if follows(*first)) {
                continue;
            }
            if follows_from_another(&text, &problems, problem) || goes(&text, &findings, problem) {
                continue;
            }
            let is_found = findings.iter().any(|it| {
                let is_syntax = SYNTAX_RULES.contains(&it.code) && it.level == Level::Error;
                // What has one cause is one finding, and the rest of it is related.
                let related = it.related.iter().map(|it| it.range);
                let mut ranges = related.chain([it.range]).filter(|it| !it.is_empty());
                is_syntax && ranges.any(|it| it.start() == problem.range.start())
            });
            assert!(is_found, "{problem:?} in {text:?}: {findings:#?}");
        }
    }
}

/// Whether a fix for another problem leaves none of its kind in the same words, or none at all on its line.
fn goes(text: &str, findings: &[Diagnostic], problem: &Problem) -> bool {
    // One that takes lines away takes their problems with it.
    let keeps_lines =
        |it: &&Fix| !it.edits.iter().any(|it| it.edit.range.slice(text).contains('\n'));
    let line = line_of(text, problem.range.start());
    findings.iter().flat_map(|it| &it.fixes).filter(keeps_lines).any(|it| {
        let edits: Vec<TextEdit> = it.edits.iter().map(|it| it.edit.clone()).collect();
        let mended = specql_syntax::parse(apply_edits(text, &edits).into());
        // Lines that the fix writes above move it.
        let above = edits.iter().filter(|it| line_of(text, it.range.start()) <= line);
        let line = line + above.map(|it| it.text.matches('\n').count()).sum::<usize>();
        let on_line = |it: &Problem| line_of(mended.text(), it.range.start()) == line;
        let is_same = |it: &Problem| {
            discriminant(&it.kind) == discriminant(&problem.kind)
                && it.range.slice(mended.text()) == problem.range.slice(text)
        };
        let left = &mended.yaml().problems;
        !left.iter().any(is_same) || !left.iter().any(on_line)
    })
}

/// The number of the line with a place.
fn line_of(text: &str, at: u32) -> usize {
    text[..at as usize].matches('\n').count()
}

/// Something behind what cannot be read on its line; a bracket that is open because one behind it in its line is;
/// a merge of what an unknown alias names; a dash
/// that is missed behind a tab.
fn follows_from_another(text: &str, problems: &[Problem], problem: &Problem) -> bool {
    let at = problem.range;
    let is_on_line = |it: &Problem| {
        let between = it.range.start().min(at.start())..it.range.start().max(at.start());
        !TextRange::new(between.start, between.end).slice(text).contains(['\n', '\r'])
    };
    problems.iter().any(|it| match (&problem.kind, &it.kind) {
        // What stands behind something unreadable on a line is read in another way than it is meant.
        (
            ProblemKind::Invalid | ProblemKind::UnclosedFlow,
            ProblemKind::Invalid | ProblemKind::UnclosedFlow,
        ) if it.range.start() < at.start() => is_on_line(it),
        // What closes a bracket can be a part of a text that is not closed.
        (ProblemKind::UnclosedFlow, ProblemKind::UnclosedFlow | ProblemKind::UnclosedQuote) => {
            it.range.start() > at.start() && is_on_line(it)
        }
        // A tag on a line that cannot be read may be a part of what is meant there.
        (ProblemKind::Tag(_) | ProblemKind::ComplexKey, other)
            if !matches!(
                other,
                ProblemKind::Tag(_) | ProblemKind::ComplexKey | ProblemKind::DuplicateKey(..)
            ) =>
        {
            is_on_line(it)
        }
        (ProblemKind::BadMerge, ProblemKind::UnknownAlias(_)) => it.range.touches(at.start()),
        // Behind a tab the columns are not those that its author sees.
        (ProblemKind::MissingDash, ProblemKind::Tab) => it.range.start() < at.start(),
        _ => false,
    })
}

/// Everything that is written down: the suite, the corpus, and what the project brings along.
fn all_documents() -> Vec<Document> {
    let suite = suite().into_iter().map(|it| it.document);
    suite.chain(corpus()).chain(own_files()).collect()
}

/// How texts fare between a reader of YAML 1.2 and this one.
#[derive(Debug, Default)]
struct Comparison {
    equal: usize,
    refused_there: usize,
    diagnosed_here: usize,
    /// Tags, several documents, merge keys, or what the two versions of YAML read in two ways.
    incomparable: usize,
    different: Vec<String>,
}

impl Comparison {
    fn of(texts: impl Iterator<Item = String>) -> Self {
        let mut res = Self::default();
        texts.for_each(|it| res.add(&it));
        res
    }

    fn add(&mut self, text: &str) {
        // Without a line end, the last line of a block scalar has none here, and has one there.
        let text = format!("{text}\n");
        let parse = specql_syntax::parse(text.as_str().into());
        let (root, reading) = (&parse.yaml().root, saphyr::read(&text));
        if reading == Reading::Incomparable || differs_by_version(&text, root) {
            self.incomparable += 1;
        } else if !parse.yaml().problems.is_empty() {
            self.diagnosed_here += 1;
        } else if reading == Reading::Refused {
            self.refused_there += 1;
        } else if reading == Reading::Value(Value::from_node(root)) {
            self.equal += 1;
        } else {
            self.different.push(format!("{text:?}\n  there: {reading:?}"));
        }
    }

    fn check(&self, set: &str) {
        eprintln!(
            "{set}: equal {}, refused there {}, diagnosed here {}, incomparable {}, different {}",
            self.equal,
            self.refused_there,
            self.diagnosed_here,
            self.incomparable,
            self.different.len()
        );
        assert!(self.different.is_empty(), "{set}: {:#?}", self.different);
    }
}

/// Whether a text holds what YAML 1.2 reads in another way than YAML 1.1, scalars aside: line ends of
/// Unicode, a byte order mark in the middle, a colon behind the name of an anchor, and a block scalar at
/// the root, which may stand at the margin there.
fn differs_by_version(text: &str, root: &Node) -> bool {
    let marks = ['\u{85}', '\u{2028}', '\u{2029}', '\u{feff}'];
    let is_block = |it: &Scalar| matches!(it.style, ScalarStyle::Literal | ScalarStyle::Folded);
    let has_colon = |it: &str| {
        let word = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '_');
        it.starts_with(word) && it.trim_start_matches(word).starts_with(':')
    };
    text.strip_prefix('\u{feff}').unwrap_or(text).contains(marks)
        || text.split(['&', '*']).skip(1).any(has_colon)
        || root.as_scalar().is_some_and(is_block)
}

#[test]
fn another_reader_sees_the_same_values() {
    let (seed, documents) = (seed(), all_documents());
    let written = documents.iter().map(|it| it.text.clone());
    Comparison::of(written).check("written documents");
    let generated = (0..rounds(4_000)).map(|it| generate::document(&mut rng(seed, it)));
    Comparison::of(generated).check("generated documents");
    let random = (0..rounds(50_000)).map(|it| damaged(&documents, seed, it));
    Comparison::of(random).check("damaged texts");
}
