//! The vocabulary of entity files, declared once: which keys a mapping has, what stands behind each,
//! and its documentation. Rules, completion, hovers and the JSON Schema read it.

/// A key with its shapes and its documentation, and what differs from [`KeySpec::PLAIN`]. A macro,
/// because references to other specifications live long enough in a literal alone.
macro_rules! key {
    ($name:expr, $shapes:expr, $documentation:expr $(; $($field:ident: $value:expr),+)?) => {
        $crate::keys::KeySpec {
            name: $name,
            shapes: $shapes,
            documentation: $documentation,
            $($($field: $value,)+)?
            ..$crate::keys::KeySpec::PLAIN
        }
    };
}

mod action;
mod blocks;
mod config;
mod entity;
mod field;
mod impact;
mod place;
mod step;
mod upstream;
mod walk;

use specql_syntax::yaml::Node;

pub use action::{ACTION, ACTIONS, PARAMETER, PARAMETERS};
pub use blocks::{AUDIT, CASCADE, CDC, SIDE_EFFECT_EVENTS};
pub use config::CONFIG;
pub use entity::{ENTITY, ENTITY_FILE};
pub use field::{FIELD, FIELDS};
pub use impact::{
    FILTER, IMPACT, INVALIDATION, OPERATIONS, PRIMARY, SCOPES, SIDE_EFFECT, STRATEGIES,
};
pub use place::{Level, Place, PlaceKind, place_at};
pub use step::{
    ARGUMENTS, ASSIGNMENTS, CASE, CASES_BY_VALUE, CHANNELS, CONFLICT_ACTIONS, REFRESH_SCOPES,
    REFRESH_STRATEGIES, STEP, STEP_KEYWORDS, STEP_ORDER, WRITE_FORM, keyword_of, step_spec,
};
pub use upstream::VIEWS;
pub use walk::{Visit, fits, walk};

/// A kind of mapping (`impact`, an action, a field's long form).
#[derive(Debug)]
pub struct MappingSpec {
    /// Its name in messages: `an impact block`.
    pub name: &'static str,
    /// Its keys, in the order authors write them.
    pub keys: &'static [KeySpec],
    /// Keys outside the list are the author's own (field names), not mistakes.
    pub open: Option<&'static Shape>,
    /// What the author's own keys name: new names ([`Shape::Text`]), fields, entities.
    pub open_keys: &'static Shape,
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
    /// The least and the greatest of a whole number; the greatest is `i64::MAX` where there is none.
    pub bounds: Option<(i64, i64)>,
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
    /// Steps: a list of mappings with the keys of [`STEP`]. Apart from [`Shape::List`], because the
    /// vocabulary of steps contains itself; [`items_of`] knows it.
    Steps,
    /// A mapping.
    Mapping(&'static MappingSpec),
    /// Any of these; stands where there is room for one shape only.
    OneOf(&'static [Shape]),
    /// Anything.
    Any,
}

impl MappingSpec {
    /// A mapping whose keys are all in its list.
    const CLOSED: Self = Self { name: "", keys: &[], open: None, open_keys: &Shape::Text };

    /// The key with a name or with another spelling that means the same.
    #[must_use]
    pub fn key(&self, name: &str) -> Option<&KeySpec> {
        let exact = self.keys.iter().find(|it| it.name == name);
        exact.or_else(|| self.keys.iter().find(|it| it.aliases.contains(&name)))
    }

    /// What may stand behind a key: the shapes of the vocabulary, else those of the author's own keys,
    /// else none.
    #[must_use]
    pub fn shapes_of(&'static self, name: &str) -> &'static [Shape] {
        self.shapes_behind(self.key(name))
    }

    /// The same for a key that was looked up.
    pub(super) fn shapes_behind(&'static self, key: Option<&'static KeySpec>) -> &'static [Shape] {
        match (key, self.open) {
            (Some(key), _) => key.shapes,
            (None, Some(shape)) => shape.alternatives(),
            (None, None) => &[],
        }
    }

    /// The specification of a particular mapping: of a step the one of its keyword, else this.
    #[must_use]
    pub fn for_node(&'static self, node: &Node) -> &'static Self {
        if std::ptr::eq(self, &raw const STEP) {
            node.as_mapping().and_then(keyword_of).map_or(self, |it| step_spec(&it.key.text))
        } else {
            self
        }
    }
}

impl KeySpec {
    /// A key of this tool that is not required.
    const PLAIN: Self = Self {
        name: "",
        aliases: &[],
        shapes: &[],
        required: false,
        bounds: None,
        support: Support::Full,
        documentation: "",
    };
}

impl Shape {
    /// The shapes that this one stands for: those of [`Shape::OneOf`], else itself.
    #[must_use]
    pub const fn alternatives(&self) -> &[Self] {
        match self {
            Self::OneOf(shapes) => shapes,
            _ => std::slice::from_ref(self),
        }
    }

    /// Whether a scalar can have the shape.
    #[must_use]
    pub fn accepts_scalar(&self) -> bool {
        match self {
            Self::List(_) | Self::Steps | Self::Mapping(_) => false,
            Self::OneOf(shapes) => shapes.iter().any(Self::accepts_scalar),
            _ => true,
        }
    }
}

/// The mapping among several shapes.
#[must_use]
pub fn mapping_of(shapes: &'static [Shape]) -> Option<&'static MappingSpec> {
    shapes.iter().find_map(|it| match it {
        Shape::Mapping(spec) => Some(*spec),
        Shape::OneOf(inner) => mapping_of(inner),
        _ => None,
    })
}

static STEP_ITEM: Shape = Shape::Mapping(&STEP);

/// What the items are, of the list among several shapes.
#[must_use]
pub fn items_of(shapes: &'static [Shape]) -> Option<&'static [Shape]> {
    shapes.iter().find_map(|it| match it {
        Shape::List(item) => Some(item.alternatives()),
        Shape::Steps => Some(STEP_ITEM.alternatives()),
        Shape::OneOf(inner) => items_of(inner),
        _ => None,
    })
}

/// Whether a list of names is expected: of fields, of entities, or any words.
#[must_use]
pub fn lists_names(shapes: &'static [Shape]) -> bool {
    let is_name =
        |it: &Shape| matches!(it, Shape::Field | Shape::FieldPath | Shape::Entity | Shape::Text);
    items_of(shapes).is_some_and(|it| !it.is_empty() && it.iter().all(is_name))
}

/// The keys of a file by its kind: of `specql.config.yaml`, or of an entity file.
#[must_use]
pub fn root_spec(kind: &crate::FileKind) -> Option<&'static MappingSpec> {
    match kind {
        crate::FileKind::Entity(_) => Some(&ENTITY_FILE),
        crate::FileKind::Config(_) => Some(&CONFIG),
        crate::FileKind::Other => None,
    }
}

#[cfg(test)]
mod tests;
