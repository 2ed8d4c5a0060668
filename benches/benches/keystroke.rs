//! From a keystroke to the findings of the file, in workspaces of growing size.

use std::{hint::black_box, sync::Arc};

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use specql_benches::{entity, entity_file, workspace};
use specql_ide::AnalysisHost;

/// One character typed in one file, then the findings of that file.
fn keystroke(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("keystroke");
    for size in [10, 100, 1_000, 10_000] {
        let mut host = workspace(size);
        let texts = [entity(0, size), entity(0, size).replace("title: text!", "titlex: text!")];
        let mut turns = texts.iter().cycle();
        group.bench_function(BenchmarkId::from_parameter(size), |bencher| {
            bencher.iter(|| {
                let text = turns.next().map_or("", String::as_str);
                let file = host.set_file("entities/0.yaml", text);
                black_box(host.analysis().diagnostics(file))
            });
        });
    }
    group.finish();
}

/// One character typed in a file of 50 kB, alone in its workspace: up to its values, and to its findings.
fn large_file(criterion: &mut Criterion) {
    let text = entity_file(50_000);
    let typed = text.replacen("description: ", "description: x", 1);
    let texts: [Arc<str>; 2] = [text.into(), typed.into()];
    let mut group = criterion.benchmark_group("keystroke in 50 kB");
    let before = specql_syntax::parse(Arc::clone(&texts[0]));
    group.bench_function("values", |it| {
        it.iter(|| black_box(before.reparse(Arc::clone(&texts[1]))));
    });
    let mut host = AnalysisHost::new();
    let mut turns = texts.iter().cycle();
    group.bench_function("findings", |bencher| {
        bencher.iter(|| {
            let text = turns.next().map_or_else(|| "".into(), Arc::clone);
            let file = host.set_file("entities/0.yaml", text);
            black_box(host.analysis().diagnostics(file))
        });
    });
    group.finish();
}

/// Reading, checking and reporting a whole workspace.
fn cold(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("cold");
    group.sample_size(10);
    for size in [10, 100, 1_000, 10_000] {
        group.bench_function(BenchmarkId::from_parameter(size), |bencher| {
            bencher.iter(|| {
                let analysis = workspace(size).analysis();
                analysis.files().iter().map(|it| analysis.diagnostics(*it).len()).sum::<usize>()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, keystroke, large_file, cold);
criterion_main!(benches);
