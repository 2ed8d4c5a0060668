//! What can be folded: line numbers as an editor counts them.

use crate::queries::{matches, query};
use crate::support::{parser, specql};

/// First and last line of every fold that hides something; the outermost first.
fn folds(text: &str) -> Vec<(usize, usize)> {
    let query = query("specql", "grammar/specql/queries/folds.scm");
    let tree = parser(&specql()).parse(text, None).unwrap();
    let mut res: Vec<(usize, usize)> = matches(&query, &tree, text)
        .iter()
        .map(|it| {
            let first = it.captures.first().unwrap().1.start_position().row;
            let end = it.captures.last().unwrap().1.end_position();
            // A node that ends at the start of a line has nothing on that line.
            let last = if end.column == 0 { end.row - 1 } else { end.row };
            (first + 1, last + 1)
        })
        .filter(|(first, last)| first < last)
        .collect();
    res.sort_by_key(|(first, last)| (*first, std::cmp::Reverse(*last)));
    res.dedup();
    res
}

#[test]
fn blocks_fold_from_their_key_to_their_last_line() {
    let text = "entity: Post\nfields:\n  a: text\n  b:\n    type: int\nactions:\n  - name: a\n    steps:\n      \
                - insert: X\n        as: x\n\n  - name: b\n    requires: c\n";
    // The blank line between the actions belongs to neither.
    assert_eq!(folds(text), [(2, 5), (4, 5), (6, 13), (7, 10), (8, 10), (9, 10), (12, 13)]);
}

#[test]
fn brackets_fold() {
    assert_eq!(folds("a: [\n  b,\n  c\n]\nd: {e: f}\n"), [(1, 4)]);
}

#[test]
fn text_folds() {
    assert_eq!(folds("a: |\n  b\n\n  c\nd: e\n"), [(1, 4)]);
}

#[test]
fn runs_of_comments_fold() {
    assert_eq!(folds("# a\n# b\n# c\nentity: X\nfields:\n  # d\n  e: int\n"), [(1, 3), (5, 7)]);
}

#[test]
fn half_typed_blocks_fold_as_far_as_they_go() {
    assert_eq!(
        folds("fields:\n  a: [b,\n  c: int\n  d\nactions:\n  - name\n    st\n"),
        [(1, 4), (5, 7), (6, 7)]
    );
}
