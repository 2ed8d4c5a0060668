//! tree-sitter grammars of SpecQL: the file, and the one-line languages inside its scalars.
//!
//! The grammar of the file is total: it gives a tree without error nodes for every text.

use tree_sitter_language::LanguageFn;

#[allow(unsafe_code, reason = "the parsers are generated C")]
unsafe extern "C" {
    fn tree_sitter_specql() -> *const ();
    fn tree_sitter_specql_type() -> *const ();
    fn tree_sitter_specql_step() -> *const ();
}

/// The grammar of a SpecQL file.
#[allow(unsafe_code, reason = "the function returns the language that tree-sitter generated")]
pub const LANGUAGE: LanguageFn = unsafe { LanguageFn::from_raw(tree_sitter_specql) };

/// The one-line grammar of a field's type: total, like [`LANGUAGE`].
#[allow(unsafe_code, reason = "the function returns the language that tree-sitter generated")]
pub const TYPE_LANGUAGE: LanguageFn = unsafe { LanguageFn::from_raw(tree_sitter_specql_type) };

/// The one-line grammar of a step's statements and expressions: total, like [`LANGUAGE`].
#[allow(unsafe_code, reason = "the function returns the language that tree-sitter generated")]
pub const STEP_LANGUAGE: LanguageFn = unsafe { LanguageFn::from_raw(tree_sitter_specql_step) };

/// Kinds, fields and children of every node of [`LANGUAGE`], as `tree-sitter generate` writes them.
pub const NODE_TYPES: &str = include_str!("../../specql/src/node-types.json");

/// Captures for highlighting a SpecQL file.
pub const HIGHLIGHTS_QUERY: &str = include_str!("../../specql/queries/highlights.scm");

/// Captures for highlighting a field's type.
pub const TYPE_HIGHLIGHTS_QUERY: &str = include_str!("../../specql_type/queries/highlights.scm");

/// Captures for highlighting a step.
pub const STEP_HIGHLIGHTS_QUERY: &str = include_str!("../../specql_step/queries/highlights.scm");

/// Where the one-line languages stand in a SpecQL file.
pub const INJECTIONS_QUERY: &str = include_str!("../../specql/queries/injections.scm");

/// Where SQL and regular expressions stand in a step.
pub const STEP_INJECTIONS_QUERY: &str = include_str!("../../specql_step/queries/injections.scm");

/// What a SpecQL file defines and refers to.
pub const TAGS_QUERY: &str = include_str!("../../specql/queries/tags.scm");

/// What a field's type refers to.
pub const TYPE_TAGS_QUERY: &str = include_str!("../../specql_type/queries/tags.scm");

/// What a step refers to.
pub const STEP_TAGS_QUERY: &str = include_str!("../../specql_step/queries/tags.scm");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loads_and_parses() {
        let mut parser = tree_sitter::Parser::new();
        parser.set_language(&LANGUAGE.into()).unwrap();
        let tree = parser.parse("entity: Post\n", None).unwrap();
        assert_eq!(
            tree.root_node().to_sexp(),
            "(stream (document root: (root_mapping (entity_pair key: (key) value: (plain_scalar)))))"
        );
    }
}
