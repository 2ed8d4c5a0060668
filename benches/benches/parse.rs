//! From text to trees: a file from scratch and after an edit, beside tree-sitter-yaml and saphyr on
//! the same texts, and how time grows with size.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use saphyr_parser::Parser as Saphyr;
use specql_benches::{entity_file, hostile_shapes};
use tree_sitter::{InputEdit, Language, Parser, Point, Tree};

/// A large entity file; real ones have 1 to 10 kB.
const LARGE: usize = 50_000;
/// Places in it at which a letter is typed.
const PLACES: usize = 199;

fn specql() -> Parser {
    parser(&tree_sitter_specql::LANGUAGE.into())
}

fn yaml() -> Parser {
    parser(&tree_sitter_yaml::LANGUAGE.into())
}

fn parser(language: &Language) -> Parser {
    let mut parser = Parser::new();
    parser.set_language(language).expect("the grammars fit the library");
    parser
}

fn parse(parser: &mut Parser, text: &str, old: Option<&Tree>) -> Tree {
    parser.parse(text, old).expect("no cancellation is set")
}

fn count_events(text: &str) -> usize {
    Saphyr::new_from_str(text).take_while(Result::is_ok).count()
}

fn scratch(criterion: &mut Criterion) {
    let text = entity_file(LARGE);
    let mut group = criterion.benchmark_group("scratch");
    group.throughput(Throughput::Bytes(text.len() as u64));
    for (name, mut parser) in [("specql", specql()), ("tree-sitter-yaml", yaml())] {
        group.bench_function(name, |it| it.iter(|| black_box(parse(&mut parser, &text, None))));
    }
    group.bench_function("saphyr", |it| it.iter(|| black_box(count_events(&text))));
    group.bench_function("specql and values", |it| {
        it.iter(|| black_box(specql_syntax::parse(text.as_str().into())));
    });
    group.finish();
}

/// One letter is typed: behind words all over the file in turn, and anywhere, between blanks too.
fn edit(criterion: &mut Criterion) {
    let text = entity_file(LARGE);
    let offsets = || (0..PLACES).map(|it| text.len() * it / PLACES);
    let places = [
        ("behind a word", offsets().map(|it| word_end(&text, it)).collect::<Vec<_>>()),
        ("anywhere", offsets().collect()),
    ];
    let mut group = criterion.benchmark_group("edit");
    for (place, offsets) in places {
        let typed: Vec<_> = offsets.iter().map(|at| typed_at(&text, *at)).collect();
        for (name, mut parser) in [("specql", specql()), ("tree-sitter-yaml", yaml())] {
            let before = parse(&mut parser, &text, None);
            let mut turns = typed.iter().cycle();
            group.bench_function(BenchmarkId::new(name, place), |it| {
                it.iter(|| {
                    let Some((edit, after)) = turns.next() else { return };
                    let mut tree = before.clone();
                    tree.edit(edit);
                    black_box(parse(&mut parser, after, Some(&tree)));
                });
            });
        }
    }
    group.finish();
}

/// The end of the first word that ends after an offset.
fn word_end(text: &str, offset: usize) -> usize {
    let rest = text.get(offset..).unwrap_or_default();
    let word = rest.find(|it: char| it.is_ascii_lowercase()).unwrap_or(0);
    let end = rest.get(word..).and_then(|it| it.find(|it: char| !it.is_ascii_lowercase()));
    offset + word + end.unwrap_or(0)
}

/// A letter typed at an offset, and the text after it.
fn typed_at(text: &str, at: usize) -> (InputEdit, String) {
    let mut typed = text.to_owned();
    typed.insert(at, 'x');
    (insertion(text, at), typed)
}

fn insertion(text: &str, at: usize) -> InputEdit {
    let before = text.get(..at).unwrap_or_default();
    let row = before.matches('\n').count();
    let column = before.len() - before.rfind('\n').map_or(0, |it| it + 1);
    InputEdit {
        start_byte: at,
        old_end_byte: at,
        new_end_byte: at + 1,
        start_position: Point::new(row, column),
        old_end_position: Point::new(row, column),
        new_end_position: Point::new(row, column + 1),
    }
}

/// Time for a byte stays the same as files grow.
fn size(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("size");
    group.sample_size(10);
    for size in [10_000, 100_000, 1_000_000, 10_000_000] {
        let text = entity_file(size);
        let mut parser = specql();
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(BenchmarkId::from_parameter(size), |it| {
            it.iter(|| black_box(parse(&mut parser, &text, None)));
        });
    }
    group.finish();
}

/// Ten times the size takes about ten times as long, whatever the shape.
fn hostile(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("hostile");
    group.sample_size(10);
    for size in [200_000, 2_000_000] {
        for (shape, text) in hostile_shapes(size) {
            let mut parser = specql();
            group.throughput(Throughput::Bytes(text.len() as u64));
            group.bench_function(BenchmarkId::new(shape, size), |it| {
                it.iter(|| black_box(parse(&mut parser, &text, None)));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, scratch, edit, size, hostile);
criterion_main!(benches);
