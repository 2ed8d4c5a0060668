//! From a keystroke to the findings of the file, in workspaces of growing size.

use std::{hint::black_box, sync::Arc};

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use specql_benches::entity_file;
use specql_ide::AnalysisHost;

/// An entity with ten fields, a reference to its neighbour and two actions.
fn entity(number: usize, of: usize) -> String {
    let neighbour = (number + 1) % of;
    let fields: String = (0..8).map(|it| format!("  field_{it}: text\n")).collect();
    format!(
        "entity: Entity{number}\nschema: s{}\nfields:\n  title: text!\n  status: enum(draft, sent) = draft\n\
         \x20 neighbour: ref(Entity{neighbour})\n  total: integer = 0\n{fields}actions:\n\
         \x20 - name: send_{number}\n    steps:\n      - validate: status = 'draft'\n        error: sent_already\n\
         \x20     - update: Entity{number} SET status = 'sent'\n\
         \x20     - update: Entity{neighbour} SET total = total + 1\n    impact:\n      primary:\n\
         \x20       entity: Entity{number}\n        operation: UPDATE\n        fields: [status]\n\
         \x20     side_effects:\n        - entity: Entity{neighbour}\n          operation: UPDATE\n\
         \x20         fields: [total]\n    cdc:\n      enabled: true\n      event_type: Entity{number}Updated\n",
        number % 7
    )
}

fn workspace(size: usize) -> AnalysisHost {
    let mut host = AnalysisHost::new();
    let file = |it| (format!("entities/{it}.yaml"), Arc::from(entity(it, size)));
    host.set_files((0..size).map(file).collect());
    host
}

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
