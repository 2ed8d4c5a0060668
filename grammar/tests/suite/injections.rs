//! Where the one-line languages stand in a file, and what of a scalar they are shown.

use std::ops::Range;
use std::sync::LazyLock;

use tree_sitter::{Query, QueryPredicateArg};

use crate::corpus;
use crate::queries::{Found, canonical, matches, whole_files};
use crate::support::{parser, specql};

/// Language and place of every injection but those into comments, in the order of the text. `offset!` is
/// heeded, as Neovim does.
pub(crate) fn regions(text: &str) -> Vec<(String, Range<usize>)> {
    static QUERY: LazyLock<Query> =
        LazyLock::new(|| Query::new(&specql(), &canonical("specql", "injections")).unwrap());
    let tree = parser(&specql()).parse(text, None).unwrap();
    let mut found = Vec::new();
    for it in matches(&QUERY, &tree, text) {
        let language = language_of(&it);
        let [_, from, _, to] = offset(&QUERY, it.pattern);
        for (_, node) in it.captures.iter().filter(|_| language != "comment") {
            found.push((language.clone(), node.start_byte() + from..node.end_byte() - to));
        }
    }
    found.sort_by_key(|(_, range)| range.start);
    found
}

/// Language and text of every injection.
pub(crate) fn injected(text: &str) -> Vec<(String, String)> {
    let regions = regions(text).into_iter();
    regions.map(|(language, range)| (language, text[range].to_owned())).collect()
}

fn language_of(found: &Found<'_>) -> String {
    let setting = found.settings.iter().find(|(key, _)| key == "injection.language");
    setting.unwrap().1.clone()
}

/// Rows and columns that the directive cuts off: the start grows, the end shrinks.
fn offset(query: &Query, pattern: usize) -> [usize; 4] {
    let directives = query.general_predicates(pattern).iter();
    let mut offsets = directives.filter(|it| &*it.operator == "offset!").map(|it| {
        let numbers = it.args.iter().filter_map(|it| match it {
            QueryPredicateArg::String(number) => {
                Some(number.trim_start_matches('-').parse().unwrap())
            }
            QueryPredicateArg::Capture(_) => None,
        });
        numbers.collect::<Vec<usize>>().try_into().unwrap()
    });
    offsets.next().unwrap_or_default()
}

fn check(text: &str, expected: &[(&str, &str)]) {
    let found = injected(text);
    let found: Vec<(&str, &str)> = found.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    assert_eq!(found, expected, "in\n{text}");
}

#[test]
fn types_of_fields_and_parameters() {
    check(
        "fields:\n  a: text!\n  b:\n    type: \"ref(Post)\"\n    default: x\n  c: {type: int, unique: true}\n  \
         d: 'list(text)'\n  e: |\n    text\nactions:\n  - name: a\n    params:\n      p: integer!\n      \
         q:\n        type: json\n  - params: {r: uuid}\n  - params:\n      - name: s\n        type: date\n",
        &[
            ("specql_type", "text!"),
            ("specql_type", "\"ref(Post)\""),
            ("specql_type", "int"),
            ("specql_type", "'list(text)'"),
            ("specql_type", "\n    text"),
            ("specql_type", "integer!"),
            ("specql_type", "json"),
            ("specql_type", "uuid"),
            ("specql_type", "date"),
        ],
    );
}

#[test]
fn statements_and_conditions_of_steps() {
    check(
        "actions:\n  - requires: caller.ok\n    steps:\n      - validate: a > 1\n        error: e\n      \
         - if: |\n          b = 2\n            AND c\n        then:\n          - update: X SET y = 1\n      \
         - update:\n          entity: X\n          where: id = 1\n",
        &[
            ("specql_step", "caller.ok"),
            ("specql_step", "a > 1"),
            ("specql_step", "\n          b = 2\n            AND c"),
            ("specql_step", "X SET y = 1"),
            ("specql_step", "id = 1"),
        ],
    );
}

#[test]
fn steps_of_a_switch() {
    check(
        "actions:\n  - steps:\n      - switch: status\n        cases:\n          - when: placed\n            \
         then:\n              - update: A SET b = 1\n              - if: c\n                else:\n                  \
         - delete: D\n        default:\n          - reject: e\n",
        &[
            ("specql_step", "status"),
            ("specql_step", "placed"),
            ("specql_step", "A SET b = 1"),
            ("specql_step", "c"),
            ("specql_step", "D"),
        ],
    );
}

#[test]
fn values_of_assignments_and_arguments() {
    check(
        "actions:\n  - steps:\n      - update: X\n        set:\n          a: b + 1\n          c: |\n            d\n        \
         where: {e: f.g}\n      - insert: Y\n        values: {h: now()}\n      - call: z\n        args: [i, j]\n      \
         - insert:\n          set: {k: l}\n",
        &[
            ("specql_step", "X"),
            ("specql_step", "b + 1"),
            ("specql_step", "\n            d"),
            ("specql_step", "f.g"),
            ("specql_step", "Y"),
            ("specql_step", "now()"),
            ("specql_step", "z"),
            ("specql_step", "i"),
            ("specql_step", "j"),
            ("specql_step", "l"),
        ],
    );
}

#[test]
fn steps_in_flow_style() {
    check(
        "actions:\n  - steps: [{validate: a > 1, error: e}, {insert: \"X\"}]\n  - steps:\n      - {if: b, then: []}\n      - insert: {set: {c: d}}\n",
        &[
            ("specql_step", "a > 1"),
            ("specql_step", "X"),
            ("specql_step", "b"),
            ("specql_step", "d"),
        ],
    );
}

#[test]
fn quotes_are_cut_off_unless_there_are_escapes() {
    check(
        "actions:\n  - steps:\n      - validate: \"a = 'x'\"\n      - validate: 'a > 1'\n      \
         - validate: 'a = ''x'''\n      - validate: \"a = \\\"x\\\"\"\n      - update: X\n        set: {a: \"'y'\"}\n",
        &[
            ("specql_step", "a = 'x'"),
            ("specql_step", "a > 1"),
            ("specql_step", "X"),
            ("specql_step", "'y'"),
        ],
    );
}

#[test]
fn sql_as_it_is() {
    check(
        "actions:\n  - steps:\n      - raw_sql: SELECT 1\n      - raw_sql: \"SELECT 'a'\"\n      \
         - raw_sql: |\n          SELECT 2\n",
        &[("sql", "SELECT 1"), ("sql", "SELECT 'a'"), ("sql", "\n          SELECT 2")],
    );
}

#[test]
fn conditions_of_side_effects() {
    check(
        "actions:\n  - impact:\n      side_effects:\n        - entity: X\n          condition: a IS NULL\n",
        &[("specql_step", "a IS NULL")],
    );
}

#[test]
fn half_typed_lines_leave_the_others_alone() {
    check(
        "fields:\n  a: text!\n  b\n  c: \nactions:\n  - steps:\n      - validate: a >\n      - upd\n      -\n      \
         - insert: X(\n",
        &[("specql_type", "text!"), ("specql_step", "a >"), ("specql_step", "X(")],
    );
}

#[test]
fn what_is_no_step_is_left_alone() {
    check("where: a\nvalidate: b\nfields:\n  a:\n    values: [c]\ncdc:\n  filter: {d: e}\n", &[]);
}

#[test]
fn no_text_is_shown_to_two_languages() {
    for text in whole_files().into_iter().chain(corpus::texts("specql")) {
        let regions = regions(&text);
        for (before, after) in regions.iter().zip(regions.iter().skip(1)) {
            assert!(before.1.end <= after.1.start, "{before:?} and {after:?} in\n{text}");
        }
    }
}
