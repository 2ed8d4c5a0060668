//! A rename changes names and nothing else: the SQL that is generated afterwards, and what is found, is
//! what it was before with the name replaced. Names of the examples and of real files are renamed, each
//! so many-th one; `SPECQL_RENAMES=1` renames all.

use std::collections::{BTreeMap, BTreeSet};

use specql_ide::{Analysis, AnalysisHost, ArtifactKind, FileId};
use specql_text::{TextEdit, apply_edits};

/// Stands behind the new names. No file has it, so without it a text is what it was. It begins with what sorts
/// before `_`, so that tables are locked in the order of before (`order`, `order_line`).
const SUFFIX: &str = "0zq";

/// The SQL, by path, and the findings of each file.
fn outcome(analysis: &Analysis) -> BTreeMap<String, String> {
    let emitted = analysis.emit(&ArtifactKind::BESIDE).into_iter();
    let emitted = emitted.filter(|it| it.path.ends_with(".sql"));
    let mut res: BTreeMap<String, String> =
        emitted.map(|it| (it.path.clone(), it.text.to_string())).collect();
    for file in analysis.files() {
        let found = analysis.diagnostics(file);
        // What is proposed for a name depends on its letters.
        let said = |it: &str| it.split("; did you mean").next().unwrap_or_default().to_owned();
        let mut found: Vec<String> =
            found.iter().map(|it| format!("{} {}", it.code, said(&it.message))).collect();
        found.sort();
        res.insert(format!("findings of {}", analysis.path(file).unwrap()), found.join("\n"));
    }
    res
}

fn without_suffix(text: &str) -> String {
    text.replace(SUFFIX, "").replace("0Zq", "")
}

/// A longer name breaks lines elsewhere.
fn dense(text: &str) -> String {
    text.split_whitespace().collect()
}

fn applied(analysis: &Analysis, edits: &BTreeMap<FileId, Vec<TextEdit>>) -> AnalysisHost {
    let mut host = AnalysisHost::from(analysis);
    for (file, edits) in edits {
        let path = analysis.path(*file).unwrap().to_owned();
        host.set_file(&path, apply_edits(analysis.text(*file).unwrap(), edits));
    }
    host
}

/// What renaming names of a workspace, each once, came to.
#[derive(Default)]
struct Outcome {
    renamed: usize,
    /// With the reason: nothing changes.
    refused: Vec<String>,
    broken: Vec<String>,
}

/// Names that two files declare, in one schema or in two: a rename tells them apart, so that more is
/// generated, trails are called otherwise and less is found.
fn declared_twice(analysis: &Analysis, files: &[FileId]) -> BTreeSet<String> {
    let (mut res, mut entities) = (BTreeSet::new(), BTreeSet::new());
    for file in files {
        let text = analysis.text(*file).unwrap();
        let declared = text.lines().find_map(|it| it.strip_prefix("entity:"));
        let name = declared.map(|it| it.trim().to_owned());
        res.extend(name.filter(|it| !entities.insert(it.clone())));
        let found = analysis.diagnostics(*file).into_iter();
        let doubled = found.filter(|it| matches!(it.code, "duplicate-entity" | "duplicate-action"));
        res.extend(doubled.map(|it| it.range.slice(text).to_owned()));
    }
    res
}

fn hold(files: &[(String, String)], usual: usize) -> Outcome {
    let every = std::env::var("SPECQL_RENAMES").ok().and_then(|it| it.parse().ok());
    let every = every.unwrap_or(usual);
    let mut host = AnalysisHost::new();
    let ids: Vec<FileId> =
        files.iter().map(|(path, text)| host.set_file(path, text.as_str())).collect();
    let analysis = host.analysis();
    let before: BTreeMap<String, String> = outcome(&analysis);
    let doubled = declared_twice(&analysis, &ids);
    let mut seen = BTreeSet::new();
    let (mut names, mut res) = (0_usize, Outcome::default());
    for file in ids {
        let text = analysis.text(file).unwrap();
        for offset in super::support::words(text) {
            let Some((range, name)) = analysis.prepare_rename(file, offset) else { continue };
            if seen.contains(&(file, range.start())) || doubled.contains(&name) {
                continue;
            }
            let path = analysis.path(file).unwrap();
            let line = text[..offset as usize].matches('\n').count() + 1;
            let context = format!("`{name}` at {path}:{line}");
            let found = match analysis.rename(file, offset, &format!("{name}{SUFFIX}")) {
                Ok(it) => it.into_edits(),
                Err(message) => {
                    res.refused.push(format!("{context}: {message}"));
                    continue;
                }
            };
            let mut edits: BTreeMap<FileId, Vec<TextEdit>> = BTreeMap::new();
            for it in found {
                let text = it.edit.range.slice(analysis.text(it.file).unwrap());
                let inner = text.find(|it: char| !matches!(it, '\'' | '"' | '$' | '\\'));
                let start = it.edit.range.start() + u32::try_from(inner.unwrap_or(0)).unwrap();
                seen.insert((it.file, start));
                edits.entry(it.file).or_default().push(it.edit);
            }
            names += 1;
            if !names.is_multiple_of(every) {
                continue;
            }
            res.renamed += 1;
            let after = outcome(&applied(&analysis, &edits).analysis());
            let after: BTreeMap<String, String> = after
                .iter()
                .map(|(path, text)| (without_suffix(path), without_suffix(text)))
                .collect();
            for (path, text) in &before {
                let new = after.get(path).map_or("(gone)", String::as_str);
                if dense(new) != dense(text) {
                    let differ = text.lines().zip(new.lines()).find(|it| it.0 != it.1);
                    res.broken.push(format!("{context}: {path}: {differ:#?}"));
                    break;
                }
            }
        }
    }
    res
}

#[test]
fn of_the_examples() {
    for name in ["blog", "shop", "saas"] {
        let Outcome { renamed, refused, broken } = hold(&super::support::example(name), 9);
        assert!(refused.is_empty(), "{name}: {}", refused.join("\n"));
        assert!(broken.is_empty(), "{name}: {} of {renamed}\n{}", broken.len(), broken.join("\n"));
        assert!(renamed > 1, "{name}: {renamed}");
    }
}

/// Real files write names in ways that are refused, with a reason; what is renamed is renamed everywhere.
#[test]
fn of_real_files() {
    let files: Vec<(String, String)> =
        specql_corpus::files().into_iter().map(|it| (it.name, it.text)).collect();
    let Outcome { renamed, broken, .. } = hold(&files, 97);
    assert!(broken.is_empty(), "{} of {renamed}\n{}", broken.len(), broken.join("\n"));
    assert!(renamed > 1, "{renamed}");
}
