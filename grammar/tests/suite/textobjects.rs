//! What a motion or an operator can take whole: each object by its first line.

use crate::queries::captures;

/// The objects of one name.
fn objects(grammar: &str, name: &str, text: &str) -> Vec<String> {
    let prefix = format!("{name} ");
    let found = captures(grammar, "textobjects", text).into_iter();
    found.filter_map(|it| it.strip_prefix(&prefix).map(str::to_owned)).collect()
}

const FILE: &str = "# a\n# b\nentity: Post\nfields:\n  title: text\nactions:\n  - name: x\n    steps:\n      \
                    - if: a\n        then:\n          - reject: b\n      - foreach: c in d\n        do:\n          \
                    - delete: E\n    impact:\n      side_effects:\n        - entity: F\n          \
                    fields: [g, h, i]\n  - name: y\n";

#[test]
fn the_entity_is_a_class_and_actions_are_functions() {
    assert_eq!(objects("specql", "class.outer", FILE), ["entity: Post"]);
    assert_eq!(objects("specql", "class.inner", FILE), ["entity: Post"]);
    assert_eq!(objects("specql", "function.outer", FILE), ["- name: x", "- name: y"]);
    assert_eq!(objects("specql", "function.inner", FILE), ["name: x", "name: y"]);
}

#[test]
fn comments_are_taken_alone_or_as_a_run() {
    assert_eq!(objects("specql", "comment.inner", FILE), ["# a", "# b"]);
    assert_eq!(objects("specql", "comment.outer", FILE), ["# a", "# b"]);
}

#[test]
fn steps_are_statements_with_blocks() {
    let statements = ["- if: a", "- reject: b", "- foreach: c in d", "- delete: E"];
    assert_eq!(objects("specql", "statement.outer", FILE), statements);
    assert_eq!(objects("specql", "block.outer", FILE), ["steps:", "then:", "do:"]);
    assert_eq!(objects("specql", "block.inner", FILE), ["- if: a", "- reject: b", "- delete: E"]);
    assert_eq!(objects("specql", "conditional.outer", FILE), ["- if: a"]);
    assert_eq!(objects("specql", "conditional.inner", FILE), ["- reject: b"]);
    assert_eq!(objects("specql", "loop.outer", FILE), ["- foreach: c in d"]);
    assert_eq!(objects("specql", "loop.inner", FILE), ["- delete: E"]);
}

#[test]
fn fields_and_items_are_parameters() {
    assert_eq!(objects("specql", "parameter.inner", FILE), ["text", "entity: F", "g", "h", "i"]);
    // With the comma that would be left over.
    let outer = objects("specql", "parameter.outer", FILE);
    assert_eq!(outer, ["title: text", "- entity: F", "g", ",", "h", ",", "i"]);
    assert_eq!(objects("specql", "parameter.inner", "a: {b: 1, c: 2}\n"), ["b: 1", "c: 2"]);
}

#[test]
fn pairs_are_assignments() {
    let pairs = objects("specql", "assignment.outer", "a: b\nc:\n  d: [e]\nf:\n");
    assert_eq!(pairs, ["a: b", "c:", "d: [e]"]);
    assert_eq!(objects("specql", "assignment.lhs", "a: b\n"), ["a"]);
    assert_eq!(objects("specql", "assignment.rhs", "a: b\n"), ["b"]);
}

#[test]
fn half_typed_files_keep_their_other_objects() {
    let text = "fields:\n  a: [b, \n  c\nactions:\n  - name: x\n    steps:\n      - insert:\n      -\n  - \n";
    assert_eq!(objects("specql", "function.outer", text), ["- name: x", "-"]);
    assert_eq!(objects("specql", "statement.outer", text), ["- insert:", "-"]);
}

#[test]
fn arguments_of_types_and_steps_are_parameters() {
    assert_eq!(objects("specql_type", "parameter.inner", "enum(a, b) = a"), ["a", "b"]);
    assert_eq!(objects("specql_type", "parameter.inner", "ref(A | b.C)"), ["A", "b.C"]);
    assert_eq!(objects("specql_type", "parameter.inner", "decimal(10, 2)"), ["10", "2"]);
    let step = "X SET a = f(b, 1) WHERE c IN (2, 3)";
    assert_eq!(objects("specql_step", "parameter.inner", step), ["b", "1", "2", "3"]);
    assert_eq!(objects("specql_step", "call.outer", step), ["f(b, 1)"]);
    assert_eq!(objects("specql_step", "assignment.outer", step), ["a = f(b, 1)"]);
    assert_eq!(objects("specql_step", "statement.outer", step), [step]);
}
