//! What is said of released parsers, against the one of 0.5.0 itself: every file that it refuses is
//! named with its words, and no other is.
//!
//! `SPECQL_FUZZ` multiplies the number of random files, `SPECQL_SEED` makes other ones.

#![expect(clippy::print_stderr, reason = "the figures are what a run is read for")]

use fastrand::Rng;
use specql_check::{Level, check_file, released_refusals};
use specql_model::{FileId, SourceFile, Workspace, config::Compat};
use specql_tests::{
    fidelity::documents::{Document, corpus, own_files},
    released::{Parser, Refusal, variants},
};

fn from_environment(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |it| it.parse().expect("a whole number"))
}

/// The examples of the rules' pages.
fn pages() -> Vec<Document> {
    let blocks = |rule: &specql_check::Rule| -> Vec<Document> {
        let texts = rule.page.split("```yaml\n").skip(1);
        let texts = texts.filter_map(|it| it.split("```").next());
        texts
            .flat_map(|it| it.split("#- "))
            .map(|it| {
                let text = if it.starts_with('/') {
                    it.split_once('\n').map_or("", |it| it.1)
                } else {
                    it
                };
                Document { name: format!("docs/rules/{}.md", rule.code), text: text.to_owned() }
            })
            .collect()
    };
    specql_check::RULES.iter().flat_map(blocks).collect()
}

/// What is said of a document alone.
struct Said {
    /// The refusals, in the order in which the parser comes to them.
    refusals: Vec<String>,
    /// Something is an error.
    has_errors: bool,
    /// The messages with the parser's words.
    named: Vec<String>,
}

fn said(text: &str) -> Said {
    let config = SourceFile::new(FileId(1), "specql.config.yaml", "compat: '0.5'\n");
    let file = SourceFile::new(FileId(0), "entity.specql.yaml", text);
    let workspace = Workspace::new([file, config].map(std::sync::Arc::new));
    let found = check_file(&workspace, FileId(0));
    let file = workspace.file(FileId(0)).expect("it has just been added");
    let of_release = found.iter().filter(|it| it.code == "compat");
    Said {
        refusals: released_refusals(&file.folded(), Compat::V05),
        has_errors: found.iter().any(|it| it.level == Level::Error),
        named: of_release.filter_map(|it| it.help.clone()).collect(),
    }
}

/// What is wrong with what is said; nothing where it is right.
fn fault(said: &Said, refusal: Option<&Refusal>) -> Option<String> {
    let Some(refusal) = refusal else {
        let invented = said.refusals.first().or(said.named.first());
        return invented.map(|it| format!("it is accepted, and this is said: {it}"));
    };
    let first = || refusal.text.trim().lines().next().unwrap_or_default().to_owned();
    match refusal.text.as_str() {
        // The loader's and the root's errors have rules of their own.
        it if it.starts_with("Invalid YAML")
            || it.starts_with("YAML must be")
            || it.starts_with("Missing 'entity'") =>
        {
            (!said.has_errors).then(|| format!("nothing is said of: {}", first()))
        }
        // Dates that the loader can make nothing of.
        _ if refusal.class == "ValueError" && said.has_errors => None,
        text => {
            let is_named = said.has_errors || !said.named.is_empty();
            let is_same = |it: &String| text.contains(it.trim());
            match said.refusals.first() {
                Some(it) if is_same(it) && is_named => None,
                Some(it) => Some(format!("it says `{}`, and this is said: {it}", first())),
                None => Some(format!("nothing is said of {}: {}", refusal.class, first())),
            }
        }
    }
}

fn compare(set: &str, documents: impl IntoIterator<Item = Document>) {
    let mut parser = Parser::start();
    let (mut accepted, mut refused) = (0, 0);
    let mut faults = Vec::new();
    for document in documents {
        let refusal = parser.refusal(&document.text);
        *(if refusal.is_some() { &mut refused } else { &mut accepted }) += 1;
        if let Some(it) = fault(&said(&document.text), refusal.as_ref()) {
            faults.push(format!("{}: {it}\n{}", document.name, document.text));
        }
    }
    eprintln!("{set}: {accepted} accepted, {refused} refused");
    assert!(accepted > 0 && refused > 0, "{set} has both kinds of files");
    let shown: Vec<&String> = faults.iter().take(5).collect();
    assert!(faults.is_empty(), "{} of {set} differ: {shown:#?}", faults.len());
}

#[test]
fn real_files_and_examples() {
    compare("the corpus", corpus());
    compare("the examples", own_files());
    compare("the pages", pages());
}

#[test]
fn every_form_in_random_places() {
    let seed = from_environment("SPECQL_SEED", 0x5eed);
    eprintln!("seed {seed}");
    let mut rng = Rng::with_seed(seed);
    let count = 600 * from_environment("SPECQL_FUZZ", 1);
    let name = |number: u64| format!("random {number}");
    compare(
        "the random files",
        (0..count).map(|it| Document { name: name(it), text: variants(&mut rng) }),
    );
}

/// Real files with a line that is lost, or whose value is another.
#[test]
fn damaged_real_files() {
    const OTHERS: &[&str] = &["", " ~", " 5", " []", " {}", " {a: b}", " x", " true"];
    let seed = from_environment("SPECQL_SEED", 0x5eed);
    eprintln!("seed {seed}");
    let mut rng = Rng::with_seed(seed);
    let files: Vec<Document> =
        corpus().into_iter().filter(|it| it.text.contains("entity:")).collect();
    let count = 400 * from_environment("SPECQL_FUZZ", 1);
    let damaged = (0..count).filter_map(|_| {
        let file = rng.choice(&files)?;
        let mut lines: Vec<String> = file.text.lines().map(str::to_owned).collect();
        let at = rng.usize(0..lines.len());
        match lines.get(at)?.split_once(": ").map(|it| it.0.to_owned()) {
            Some(key) if rng.bool() => {
                *lines.get_mut(at)? = format!("{key}:{}", rng.choice(OTHERS)?);
            }
            _ => drop(lines.remove(at)),
        }
        Some(Document { name: file.name.clone(), text: lines.join("\n") + "\n" })
    });
    compare("the damaged files", damaged);
}
