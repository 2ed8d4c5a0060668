//! How good the proposals are: of the words of the corpus each is taken away and asked for.
//!
//! Words that only their author can know, names in declarations and free texts, are not asked for.

use std::{collections::BTreeMap, fmt::Write as _};

use specql_model::{
    FileId, SourceFile, Workspace,
    keys::{self, PlaceKind},
};
use specql_syntax::yaml::{Node, NodeKind};
use specql_text::TextRange;

use crate::{
    Analysis, AnalysisHost, CompletionItem,
    mention::{self, Subject},
};

/// A word of a file, and what kind of word it is.
struct Word {
    file: FileId,
    range: TextRange,
    kind: &'static str,
}

fn corpus() -> Analysis {
    let mut host = AnalysisHost::new();
    for it in specql_corpus::files() {
        host.set_file(&it.name, it.text.as_str());
    }
    host.analysis()
}

/// The words of all files that completion can know.
fn words(workspace: &Workspace) -> Vec<Word> {
    let mut res = Vec::new();
    for file in workspace.files() {
        let mut found = BTreeMap::new();
        for it in mention::all(workspace, file) {
            if let Some(kind) = kind(&it.subject).filter(|_| !it.declares && !it.range.is_empty()) {
                found.insert(it.range, kind);
            }
        }
        if let Some(root) = keys::root_spec(&file.kind).filter(|_| file.entity().is_some()) {
            let yaml = file.parse().yaml();
            of_node(&yaml.root, &mut |range, is_key| {
                let place = keys::place_at(root, yaml, file.text(), range.start());
                let level = place.innermost();
                let is_known = match place.kind {
                    PlaceKind::Key if is_key => level.is_some_and(|it| it.key.is_some()),
                    PlaceKind::Value { shapes, .. } if !is_key => {
                        let word = range.slice(file.text());
                        shapes.iter().flat_map(keys::Shape::alternatives).any(|it| match it {
                            keys::Shape::Word(words) => words.iter().any(|it| it.0 == word),
                            keys::Shape::Bool => matches!(word, "true" | "false"),
                            _ => false,
                        })
                    }
                    _ => false,
                };
                if is_known {
                    found.insert(range, if is_key { "key" } else { "word" });
                }
            });
        }
        let word = |(range, kind)| Word { file: file.id, range, kind };
        res.extend(found.into_iter().map(word).filter(|it| is_plain(file, it.range)));
    }
    res
}

/// Names in quotes have their range with them.
fn is_plain(file: &SourceFile, range: TextRange) -> bool {
    let text = range.slice(file.text());
    text.chars().all(|it| it.is_alphanumeric() || it == '_')
}

fn kind(subject: &Subject<'_>) -> Option<&'static str> {
    Some(match subject {
        Subject::Entity(_) => "entity",
        Subject::Field(..)
        | Subject::BuiltIn(..)
        | Subject::Part(..)
        | Subject::QueryColumn { .. } => "field",
        Subject::EnumValue { .. } | Subject::Choice { .. } => "value",
        Subject::Type(_) | Subject::Rich(_) => "type",
        Subject::Action(_) => "action",
        Subject::Parameter(..) | Subject::Context(_) | Subject::Variable { .. } => "variable",
        Subject::Event(_) => "event",
        Subject::Query(_) => "query",
        Subject::Ambiguous(_) | Subject::Impact(_) | Subject::Cdc(_) | Subject::Function(_) => {
            return None;
        }
    })
}

/// Every key and every scalar.
fn of_node(node: &Node, visit: &mut dyn FnMut(TextRange, bool)) {
    match &node.kind {
        NodeKind::Missing => {}
        NodeKind::Scalar(_) => visit(node.range, false),
        NodeKind::Sequence(it) => it.items.iter().for_each(|it| of_node(it, visit)),
        NodeKind::Mapping(it) => {
            for it in it.entries.iter().filter(|it| !it.merged) {
                visit(it.key.range, true);
                of_node(&it.value, visit);
            }
        }
    }
}

/// So many words, spread evenly over all.
fn sample(mut words: Vec<Word>, count: usize) -> Vec<Word> {
    let step = (words.len() / count).max(1);
    let mut index = 0;
    words.retain(|_| {
        index += 1;
        index % step == 0
    });
    words
}

/// What is offered in the file without the word.
fn offered(analysis: &Analysis, word: &Word) -> Vec<CompletionItem> {
    let mut host = AnalysisHost::from(analysis);
    let text = analysis.text(word.file).unwrap();
    let without =
        [&text[..word.range.start() as usize], &text[word.range.end() as usize..]].concat();
    host.set_file(analysis.path(word.file).unwrap(), without);
    host.analysis().completions(word.file, word.range.start(), None).items
}

/// Whether a proposal writes the word.
fn writes(item: &CompletionItem, word: &str) -> bool {
    let text = item.edit.text.trim_start_matches([' ', '-', '[', '\'', '"', '(']);
    let rest = text.strip_prefix(word);
    rest.is_some_and(|it| !it.starts_with(|it: char| it.is_alphanumeric() || it == '_'))
}

#[test]
fn the_word_that_was_there_is_near_the_top() {
    let analysis = corpus();
    let all = words(analysis.workspace());
    assert!(all.len() > 1000, "{}", all.len());
    let mut ranks: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    let mut worst = String::new();
    for word in sample(all, 500) {
        let text = analysis.text(word.file).unwrap();
        let written = word.range.slice(text);
        let items = offered(&analysis, &word);
        let rank = items.iter().position(|it| writes(it, written));
        if rank.is_none_or(|it| it > 8) {
            let line = text[..word.range.start() as usize].matches('\n').count() + 1;
            let first: Vec<&str> = items.iter().take(4).map(|it| it.label.as_str()).collect();
            let path = analysis.path(word.file).unwrap();
            writeln!(
                worst,
                "{} {path}:{line} `{written}` {rank:?} of {} {first:?}",
                word.kind,
                items.len()
            )
            .unwrap();
        }
        let reciprocal = rank.map_or(0.0, |it| 1.0 / (it + 1) as f64);
        for kind in [word.kind, "all"] {
            ranks.entry(kind).or_default().push(reciprocal);
        }
    }
    let mean = |it: &Vec<f64>| it.iter().sum::<f64>() / it.len() as f64;
    let mut report = String::new();
    for (kind, ranks) in &ranks {
        writeln!(report, "{kind}: mean reciprocal rank {:.3} of {}", mean(ranks), ranks.len())
            .unwrap();
    }
    assert!(mean(&ranks["all"]) >= FLOOR, "{report}{worst}");
}

/// The mean reciprocal rank that may not be lost.
const FLOOR: f64 = 0.65;
