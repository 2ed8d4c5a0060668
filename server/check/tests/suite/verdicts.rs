//! Every finding in the project's own corpus has a verdict: why it is true. A rule that comes or changes
//! shows what it finds in real files in the diff of `tests/corpus/verdicts`.
//!
//! `SPECQL_UPDATE=1` writes the list anew, with `?` where a reason is still to be written.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;

use crate::support::{judged, root, workspace};

const HEAD: &str = "\
# Every finding in the files of the corpus, each folder a workspace: place, code, why it is true.
";

/// Place and code of each finding, in the order of places.
fn findings() -> Vec<(String, &'static str)> {
    let mut folders: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for it in
        specql_corpus::files().into_iter().filter(|it| it.path.starts_with(specql_corpus::own()))
    {
        let folder = it.name.split('/').next().unwrap().to_owned();
        folders.entry(folder).or_default().push((it.name, it.text));
    }
    let mut res = Vec::new();
    for files in folders.into_values() {
        let workspace = workspace(files);
        // What released parsers make of a file is held against the parser itself.
        for it in judged(&workspace).into_iter().filter(|it| it.code != "compat") {
            let file = workspace.file(it.file).unwrap();
            let before = &file.text()[..it.range.to_usize().start];
            let row = before.matches('\n').count() + 1;
            let column = before.chars().rev().take_while(|it| *it != '\n').count() + 1;
            res.push((format!("{}:{row}:{column}", file.path), it.code));
        }
    }
    res
}

#[test]
fn every_finding_of_the_corpus_has_one() {
    let path = root().join("tests/corpus/verdicts");
    let written = fs::read_to_string(&path).unwrap_or_default();
    let lines = written.lines().filter(|it| !it.starts_with('#'));
    let known: BTreeMap<(&str, &str), &str> = lines
        .filter_map(|it| {
            let mut parts = it.splitn(3, '\t');
            Some(((parts.next()?, parts.next()?), parts.next()?))
        })
        .collect();
    let mut expected = HEAD.to_owned();
    for (place, code) in findings() {
        let why = known.get(&(place.as_str(), code)).copied().unwrap_or("?");
        let _ = writeln!(expected, "{place}\t{code}\t{why}");
    }
    if std::env::var_os("SPECQL_UPDATE").is_some() {
        fs::write(&path, &expected).unwrap();
    }
    assert_eq!(
        fs::read_to_string(&path).unwrap(),
        expected,
        "run with SPECQL_UPDATE=1 and say why"
    );
    let open: Vec<&str> = expected.lines().filter(|it| it.ends_with("\t?")).collect();
    assert!(open.is_empty(), "no reason is given for\n{}", open.join("\n"));
}
