//! Mistakes seeded into workspaces without findings: what is found of them, kind by kind.
//!
//! `cargo xtask mutants` runs it at length. In a text of [`kinds::Spoilt`] a NUL at the end of a line
//! takes away the line below.

#![expect(clippy::print_stdout, reason = "the log of a run shows what was found and missed")]

mod blocks;
mod hands;
mod kinds;
mod random;

use std::collections::BTreeMap;

use specql_check::{Level, check_workspace};

use crate::support::{root, workspace};
use kinds::{KINDS, Kind};

pub(crate) type Files = Vec<(String, String)>;

/// Of every hundred mistakes of a kind so many are found at their place.
const FLOOR: usize = 95;

/// A line that may be spoilt, in its file and workspace.
pub(crate) struct Site<'a> {
    pub(crate) path: &'a str,
    pub(crate) line: &'a str,
    pub(crate) next: &'a str,
    /// The text before the line.
    above: &'a str,
    text: &'a str,
    files: &'a Files,
}

impl<'a> Site<'a> {
    fn indent(&self) -> &'a str {
        &self.line[..self.line.len() - self.line.trim_start().len()]
    }

    /// The entity of the file.
    fn entity(&self) -> Option<&'a str> {
        self.text.lines().find_map(|it| it.strip_prefix("entity: "))
    }

    /// The schema of the file's entity.
    fn schema(&self) -> Option<&'a str> {
        self.text.lines().find_map(|it| it.strip_prefix("schema: "))
    }

    /// Whether it is a line of `fields`.
    fn in_fields(&self) -> bool {
        let is_key = |it: &&str| it.starts_with(|it: char| it.is_alphabetic());
        self.above.lines().rev().find(is_key) == Some("fields:")
            && self.line.starts_with("  ")
            && !self.line.trim_start().starts_with('#')
    }

    /// A field whose type begins in some way, without a reserved word in its name.
    fn field(&self, ty: &str) -> Option<&'a str> {
        let fields = self.text.split_once("\nfields:\n")?.1.split("\nactions:\n").next()?;
        fields.lines().find_map(|line| {
            let (name, written) = line.strip_prefix("  ")?.split_once(": ")?;
            let is_type = written.starts_with(ty)
                && (ty.ends_with('(') || !written[ty.len()..].starts_with(char::is_alphanumeric));
            (is_type && !name.starts_with([' ', '#'])).then_some(name)
        })
    }

    /// The entity that the first `ref` field leads to.
    fn target(&self) -> Option<&'a str> {
        let at = self.text.find(": ref(")? + ": ref(".len();
        let name = self.text[at..].split(')').next()?;
        (!name.contains(['.', '|'])).then_some(name)
    }

    /// An entity of another file that neither refers to this one nor is referred to.
    fn unrelated(&self) -> Option<&'a str> {
        let own = self.entity()?;
        self.files.iter().find_map(|(_, text)| {
            let name = text.lines().find_map(|it| it.strip_prefix("entity: "))?;
            let refers = |text: &str, name: &str| {
                text.contains(&format!("ref({name})")) || text.contains(&format!(".{name})"))
            };
            let is_other = name != own && !refers(self.text, name) && !refers(text, own);
            is_other.then_some(name)
        })
    }

    /// The action that the line is in.
    fn action(&self) -> Option<&'a str> {
        self.above.lines().rev().find_map(|it| it.trim_start().strip_prefix("- name: "))
    }
}

/// What became of a mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Found,
    Elsewhere,
    Missed,
}

/// A mistake in a workspace.
struct Mutant {
    files: Files,
    path: String,
    /// The line of the finding, from zero.
    row: usize,
}

fn all_kinds() -> impl Iterator<Item = &'static Kind> {
    KINDS.iter().chain(blocks::KINDS)
}

fn clean_workspaces(seed: u64, count: u64) -> Vec<Files> {
    let mut all: Vec<Files> = Vec::new();
    for folder in ["examples/blog", "examples/shop", "examples/saas", "tests/workspaces/library"] {
        all.push(files_of(&root().join(folder)));
    }
    all.extend((0..count).map(|it| random::workspace(seed.wrapping_add(it))));
    all
}

fn files_of(folder: &std::path::Path) -> Files {
    let mut files = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|it| it == "yaml") {
                let text = std::fs::read_to_string(&path).unwrap();
                files.push((path.file_name().unwrap().to_str().unwrap().to_owned(), text));
            }
        }
    }
    files.sort();
    files
}

/// Findings that matter, as file, line and code.
fn findings(files: &Files) -> Vec<(String, usize, &'static str)> {
    let workspace = workspace(files.clone());
    let found = check_workspace(&workspace);
    found
        .iter()
        .filter(|it| it.level > Level::Info)
        .map(|it| {
            let file = workspace.file(it.file).unwrap();
            let row = file.text()[..it.range.to_usize().start].matches('\n').count();
            (file.path.to_string(), row, it.code)
        })
        .collect()
}

/// Every place in a workspace that a kind of mistake can be made at.
fn mutants(kind: &Kind, files: &Files) -> Vec<Mutant> {
    let mut found = Vec::new();
    for (number, (path, text)) in files.iter().enumerate() {
        let mut offset = 0;
        let lines: Vec<&str> = text.lines().collect();
        for (row, line) in lines.iter().enumerate() {
            let next = lines.get(row + 1).copied().unwrap_or_default();
            let site = Site { path, line, next, above: &text[..offset], text, files };
            if let Some(spoilt) = (kind.seed)(&site) {
                let rest = &text[(offset + line.len() + 1).min(text.len())..];
                let (lines, rest) = match spoilt.lines.strip_suffix('\0') {
                    Some(lines) => (lines, rest.split_once('\n').map_or("", |it| it.1)),
                    None => (spoilt.lines.as_str(), rest),
                };
                let mut files = files.clone();
                files[number].1 = format!("{}{lines}\n{rest}", &text[..offset]);
                found.push(Mutant { files, path: path.clone(), row: row + spoilt.skip });
            }
            offset += line.len() + 1;
        }
    }
    found
}

/// Spoilt workspaces for the laws of other tests: some of every kind, two where `SPECQL_MUTANTS` does
/// not say how many, with the code of the mistake.
pub(crate) fn sampled() -> Vec<(&'static str, Files)> {
    let number = |name: &str| std::env::var(name).ok().and_then(|it| it.parse::<u64>().ok());
    let seed = number("SPECQL_SEED").unwrap_or(1);
    let of_each = usize::try_from(number("SPECQL_MUTANTS").unwrap_or(2)).unwrap();
    let mut rng = fastrand::Rng::with_seed(seed);
    let random: Vec<Files> = (0..2).map(|it| random::workspace(seed.wrapping_add(it))).collect();
    let mut res = Vec::new();
    for kind in all_kinds() {
        let mut all: Vec<Mutant> = random.iter().flat_map(|it| mutants(kind, it)).collect();
        if all.is_empty() {
            let others = clean_workspaces(seed, 0);
            all = others.iter().flat_map(|it| mutants(kind, it)).collect();
        }
        rng.shuffle(&mut all);
        res.extend(all.into_iter().take(of_each).map(|it| (kind.code, it.files)));
    }
    res
}

fn outcome(kind: &Kind, mutant: &Mutant) -> Outcome {
    let found = findings(&mutant.files);
    let of_code = |it: &&(String, usize, &str)| it.2 == kind.code;
    if found.iter().filter(of_code).any(|it| it.0 == mutant.path && it.1 == mutant.row) {
        Outcome::Found
    } else if found.iter().any(|it| of_code(&it)) {
        Outcome::Elsewhere
    } else {
        Outcome::Missed
    }
}

#[test]
fn clean_workspaces_are_clean() {
    for seed in 0..40 {
        let files = random::workspace(seed);
        assert_eq!(findings(&files), [], "seed {seed}:\n{}\n{}", files[1].1, files[2].1);
    }
}

/// Seeds mistakes of every kind. `SPECQL_SEED` chooses which (1 by default), `SPECQL_MUTANTS` how many of a kind; what is
/// not found is printed with `SPECQL_SHOW`.
#[test]
fn seeded_mistakes_are_found() {
    let number = |name: &str| std::env::var(name).ok().and_then(|it| it.parse::<u64>().ok());
    let seed = number("SPECQL_SEED").unwrap_or(1);
    let of_each = number("SPECQL_MUTANTS").unwrap_or(6);
    println!("SPECQL_SEED={seed}");
    let mut rng = fastrand::Rng::with_seed(seed);
    let workspaces = clean_workspaces(seed, of_each.div_ceil(2));
    let mut totals: BTreeMap<(&str, &str), [usize; 3]> = BTreeMap::new();
    for kind in all_kinds() {
        let mut all: Vec<Mutant> = workspaces.iter().flat_map(|it| mutants(kind, it)).collect();
        rng.shuffle(&mut all);
        assert!(!all.is_empty(), "{}: {} fits nowhere", kind.code, kind.what);
        for mutant in all.iter().take(usize::try_from(of_each).unwrap()) {
            let outcome = outcome(kind, mutant);
            let total = totals.entry((kind.code, kind.what)).or_default();
            total[outcome as usize] += 1;
            if outcome != Outcome::Found && std::env::var_os("SPECQL_SHOW").is_some() {
                show(kind, mutant, outcome);
            }
        }
    }
    println!("{:>5} {:>5} {:>6}  kind", "found", "other", "missed");
    let mut below = Vec::new();
    for ((code, what), [found, elsewhere, missed]) in &totals {
        println!("{found:>5} {elsewhere:>5} {missed:>6}  {code}: {what}");
        if found * 100 < (found + elsewhere + missed) * FLOOR {
            below.push(format!("{code}: {what}"));
        }
    }
    assert!(below.is_empty(), "below {FLOOR} % with SPECQL_SEED={seed}: {below:#?}");
}

fn show(kind: &Kind, mutant: &Mutant, outcome: Outcome) {
    let text = &mutant.files.iter().find(|it| it.0 == mutant.path).unwrap().1;
    let line = text.lines().nth(mutant.row).unwrap_or_default();
    println!(
        "{outcome:?}: {} ({}) in {}:{}: {line}",
        kind.code,
        kind.what,
        mutant.path,
        mutant.row + 1
    );
    for it in findings(&mutant.files) {
        println!("    {}:{}: {}", it.0, it.1 + 1, it.2);
    }
}
