//! What each kind of node of the file's grammar is to the lowering.
//!
//! The grammar names blocks by their place in an entity file (`steps_pair`, `action_list`, …); here
//! only their shape counts, so a new named block needs no line below.

use std::sync::OnceLock;

/// The shape of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Document,
    DocumentStart,
    DocumentEnd,
    Directive,
    Mapping,
    Sequence,
    MisplacedSequence,
    FlowMapping,
    FlowSequence,
    /// `key: value` in a block.
    Pair,
    /// `? key` and `: value`.
    ExplicitPair,
    FlowPair,
    /// A list's item with its dash.
    Item,
    Plain,
    DoubleQuoted,
    SingleQuoted,
    UnclosedDoubleQuoted,
    UnclosedSingleQuoted,
    BlockScalar,
    BlockHeader,
    BlockContent,
    Indentation,
    Alias,
    /// A collection as a key.
    ComplexKey,
    Anchor,
    Tag,
    Comment,
    /// A line, or the rest of one, that fits nothing.
    Junk,
    Misindented,
    MissingColon,
    MissingDash,
    Unclosed,
    Colon,
    Question,
    Comma,
    Dash,
    /// A bracket of a flow collection.
    Bracket,
    /// The whole file, and kinds that never stand below a handled node.
    Other,
}

/// The role of a node.
pub(super) fn role(node: tree_sitter::Node<'_>) -> Role {
    static ROLES: OnceLock<Vec<Role>> = OnceLock::new();
    let roles = ROLES.get_or_init(|| {
        let language = node.language();
        let kinds = u16::try_from(language.node_kind_count()).unwrap_or(u16::MAX);
        (0..kinds)
            .map(|id| language.node_kind_for_id(id).map_or(Role::Other, role_of_kind))
            .collect()
    });
    roles.get(usize::from(node.kind_id())).copied().unwrap_or(Role::Other)
}

fn role_of_kind(kind: &str) -> Role {
    match kind {
        "document" => Role::Document,
        "document_start" => Role::DocumentStart,
        "document_end" => Role::DocumentEnd,
        "directive" => Role::Directive,
        "misplaced_sequence" => Role::MisplacedSequence,
        "flow_mapping" => Role::FlowMapping,
        "flow_sequence" => Role::FlowSequence,
        "flow_pair" => Role::FlowPair,
        "explicit_pair" => Role::ExplicitPair,
        "item" | "action" | "step" | "effect" => Role::Item,
        "key" | "plain_scalar" => Role::Plain,
        "double_quoted" => Role::DoubleQuoted,
        "single_quoted" => Role::SingleQuoted,
        "unclosed_double_quoted" => Role::UnclosedDoubleQuoted,
        "unclosed_single_quoted" => Role::UnclosedSingleQuoted,
        "block_scalar" => Role::BlockScalar,
        "block_header" => Role::BlockHeader,
        "block_content" => Role::BlockContent,
        "indentation" => Role::Indentation,
        "alias" => Role::Alias,
        "complex_key" => Role::ComplexKey,
        "anchor" => Role::Anchor,
        "tag" => Role::Tag,
        "comment" => Role::Comment,
        "invalid_line" | "invalid_text" | "ERROR" => Role::Junk,
        "misindented" => Role::Misindented,
        "missing_colon" => Role::MissingColon,
        "missing_dash" => Role::MissingDash,
        "unclosed" => Role::Unclosed,
        ":" => Role::Colon,
        "?" => Role::Question,
        "," => Role::Comma,
        "-" => Role::Dash,
        "[" | "]" | "{" | "}" => Role::Bracket,
        "pair" | "field_definition" => Role::Pair,
        _ if kind.ends_with("_pair") => Role::Pair,
        _ if kind.ends_with("_mapping") => Role::Mapping,
        _ if kind.ends_with("_list") || kind == "block_sequence" => Role::Sequence,
        _ => Role::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_named_kind_has_a_role() {
        let language: tree_sitter::Language = tree_sitter_specql::LANGUAGE.into();
        let kinds = 0..u16::try_from(language.node_kind_count()).unwrap();
        let unknown: Vec<&str> = kinds
            .filter(|id| language.node_kind_is_named(*id) && language.node_kind_is_visible(*id))
            .filter_map(|id| language.node_kind_for_id(id))
            .filter(|kind| role_of_kind(kind) == Role::Other)
            .collect();
        assert_eq!(unknown, ["stream"]);
    }
}
