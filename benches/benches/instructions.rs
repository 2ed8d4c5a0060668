//! Counted instructions, which do not depend on what else a machine does: run by `benches/instructions.sh`.

#![allow(
    missing_docs,
    unused_qualifications,
    reason = "the macros of the counter make modules and qualify every name"
)]

use std::hint::black_box;

use gungraun::{library_benchmark, library_benchmark_group, main};
use specql_benches::{entity, workspace};
use specql_ide::{AnalysisHost, FileId};

/// A state in which every file was checked once, and one of its files.
fn checked(size: usize) -> (AnalysisHost, FileId) {
    let mut host = workspace(size);
    let file = host.set_file("entities/0.yaml", entity(0, size));
    check_all(&mut host);
    (host, file)
}

fn check_all(host: &mut AnalysisHost) -> usize {
    let files = host.take_unchecked();
    let analysis = host.analysis();
    let mut found = 0;
    for file in files {
        let (findings, reads) = analysis.check(file);
        found += findings.len();
        host.note_checked(file, reads);
    }
    found
}

// All files are read, values and meaning.
#[library_benchmark]
#[bench::hundred(100)]
#[bench::thousand(1_000)]
fn read(size: usize) -> AnalysisHost {
    black_box(workspace(size))
}

// All files are checked.
#[library_benchmark]
#[bench::hundred(args = (100), setup = workspace)]
#[bench::thousand(args = (1_000), setup = workspace)]
fn check(mut host: AnalysisHost) -> (AnalysisHost, usize) {
    let found = check_all(&mut host);
    black_box((host, found))
}

// A field gets another name: its file and what depends on it is checked.
#[library_benchmark]
#[bench::hundred(args = (100), setup = checked)]
#[bench::thousand(args = (1_000), setup = checked)]
fn keystroke((mut host, _): (AnalysisHost, FileId)) -> (AnalysisHost, usize) {
    let typed = entity(0, 100).replacen("title: text!", "titlex: text!", 1);
    host.set_file("entities/0.yaml", typed);
    let found = check_all(&mut host);
    black_box((host, found))
}

// The entities are listed behind `insert:`.
#[library_benchmark]
#[bench::hundred(args = (100), setup = checked)]
#[bench::thousand(args = (1_000), setup = checked)]
fn completion((mut host, file): (AnalysisHost, FileId)) -> (AnalysisHost, usize) {
    let text = entity(0, 100);
    let place = text.find("update: Entity").map_or(0, |it| it + "update: Entity".len());
    let found = host.analysis().completions(file, u32::try_from(place).unwrap_or(0), None);
    let count = found.items.len();
    black_box((host, count))
}

library_benchmark_group!(name = session; benchmarks = read, check, keystroke, completion);
main!(library_benchmark_groups = session);
