//! The vocabulary of entity files, declared once: which keys a mapping has, what stands behind each,
//! and its documentation. Rules, completion, hovers and the JSON Schema read it.

/// A kind of mapping (`impact`, an action, a field's long form).
#[derive(Debug)]
pub struct MappingSpec {
    /// Its name in messages: `an impact block`.
    pub name: &'static str,
    /// Its keys, in the order authors write them.
    pub keys: &'static [KeySpec],
    /// Keys outside the list are the author's own (field names), not mistakes.
    pub open: Option<&'static Shape>,
}

/// A key of a mapping.
#[derive(Debug)]
pub struct KeySpec {
    /// The key.
    pub name: &'static str,
    /// Other spellings that mean the same.
    pub aliases: &'static [&'static str],
    /// What stands behind it; several shapes where several are accepted.
    pub shapes: &'static [Shape],
    /// The mapping is incomplete without it.
    pub required: bool,
    /// Accepted and without meaning for the previews: read by the upstream generator, or documented
    /// there and ignored.
    pub support: Support,
    /// Markdown: what it is, its values, its default.
    pub documentation: &'static str,
}

/// Who reads a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Support {
    /// This tool and its previews.
    Full,
    /// The upstream generator; passed over here.
    Upstream,
    /// Nobody: documented upstream or seen in its files, and ignored by every release.
    Ignored,
}

/// What stands behind a key, or in a list.
#[derive(Debug)]
pub enum Shape {
    /// Any text.
    Text,
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Integer,
    /// One of these words; name and documentation.
    Word(&'static [(&'static str, &'static str)]),
    /// The name of an entity of the workspace.
    Entity,
    /// The name of a field of the entity in whose context it stands.
    Field,
    /// A path of fields through refs.
    FieldPath,
    /// A type with `!` and default.
    FieldType,
    /// An expression.
    Expression,
    /// A step's statement.
    Statement,
    /// A list.
    List(&'static Shape),
    /// A mapping.
    Mapping(&'static MappingSpec),
    /// Anything.
    Any,
}
