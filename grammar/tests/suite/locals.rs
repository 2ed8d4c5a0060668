//! Names and where they are said again: each reference finds its definition by the usual rule, the
//! innermost scope that has one of the same text.

use std::ops::Range;

use crate::queries::{language, matches, query};
use crate::support::parser;

/// `name → kind` of every reference that has a definition, in the order of the text.
fn resolved(grammar: &str, text: &str) -> Vec<String> {
    let query = query(grammar, &format!("grammar/{grammar}/queries/locals.scm"));
    let tree = parser(&language(grammar)).parse(text, None).unwrap();
    let (mut scopes, mut definitions, mut references) = (Vec::new(), Vec::new(), Vec::new());
    scopes.push(0..text.len());
    for (name, node) in matches(&query, &tree, text).into_iter().flat_map(|it| it.captures) {
        match name.strip_prefix("local.definition.") {
            Some(kind) => definitions.push((node.byte_range(), kind.to_owned())),
            None if name == "local.scope" => scopes.push(node.byte_range()),
            None => references.push(node.byte_range()),
        }
    }
    references.sort_by_key(|it| it.start);
    let is_definition = |range: &Range<usize>| definitions.iter().any(|(it, _)| it == range);
    references.retain(|it| !is_definition(it));
    let scope_of = |range: &Range<usize>| {
        let around = scopes.iter().filter(|it| it.start <= range.start && range.end <= it.end);
        around.min_by_key(|it| it.len()).unwrap().clone()
    };
    references
        .iter()
        .filter_map(|reference| {
            let visible = definitions.iter().filter(|(definition, _)| {
                let scope = scope_of(definition);
                text[definition.clone()] == text[reference.clone()]
                    && scope.start <= reference.start
                    && reference.end <= scope.end
            });
            let (_, kind) = visible.min_by_key(|(it, _)| scope_of(it).len())?;
            Some(format!("{} → {kind}", &text[reference.clone()]))
        })
        .collect()
}

#[test]
fn impact_names_the_entity_and_its_fields() {
    let text = "entity: Post\nfields:\n  title: text\n  owner: ref(User)\naudit:\n  exclude_fields: [owner]\n\
                actions:\n  - name: a\n    steps:\n      - update: Post\n        set:\n          title: x\n    \
                impact:\n      primary:\n        entity: Post\n        fields: [title, unknown]\n        \
                include_relations: [owner]\n      side_effects:\n        - entity: User\n    cdc:\n      \
                partition_key: owner\n";
    assert_eq!(
        resolved("specql", text),
        [
            "owner → field",
            "title → field",
            "Post → type",
            "title → field",
            "owner → field",
            "owner → field",
        ]
    );
}

#[test]
fn parameters_and_results_are_known_in_their_action_alone() {
    let text = "actions:\n  - name: a\n    params:\n      p: text\n    steps:\n      - find: User\n        as: u\n      \
                - insert: X\n        fields: [p, u]\n  - name: b\n    steps:\n      - insert: X\n        fields: [p, u]\n";
    assert_eq!(resolved("specql", text), ["p → parameter", "u → var"]);
}

#[test]
fn a_result_is_no_field() {
    let text = "fields:\n  product: int\nactions:\n  - name: a\n    steps:\n      - find: Product\n        \
                as: product\n    impact:\n      primary:\n        fields: [product]\n      side_effects:\n        \
                - entity: Line\n          fields: [product]\n";
    assert_eq!(resolved("specql", text), ["product → field"]);
}

#[test]
fn half_typed_files_keep_their_other_names() {
    let text = "entity: Post\nfields:\n  title: \n  bo\nactions:\n  - name: a\n    impact:\n      primary:\n        \
                entity: Post\n        fields: [title, bo\n";
    assert_eq!(resolved("specql", text), ["Post → type", "title → field", "bo → field"]);
}

#[test]
fn a_loop_has_a_variable() {
    assert_eq!(
        resolved("specql_step", "line in Order WHERE order = line.id AND total > line"),
        ["line → var", "line → var"]
    );
    assert_eq!(resolved("specql_step", "status IN ('a', 'b') AND status > 1"), [] as [&str; 0]);
}
