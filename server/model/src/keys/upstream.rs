//! Keys that the upstream generator reads, documents or once read, and that have no meaning for the
//! previews. Source: `core/specql_parser.py` of SpecQL 0.8.7 and of 0.5.0-beta, and their documents.

use super::{KeySpec, MappingSpec, Shape, Support};

/// A key that every release ignores.
pub(super) const fn ignored(name: &'static str) -> KeySpec {
    key!(name, &[Shape::Any], IGNORED; support: Support::Ignored)
}

/// A key that one release reads.
pub(super) const fn read(name: &'static str, documentation: &'static str) -> KeySpec {
    key!(name, &[Shape::Any], documentation; support: Support::Upstream)
}

const IGNORED: &str =
    "Seen in SpecQL documents and files, and ignored by every release of its generator.";

pub(super) const PATTERNS: KeySpec = read(
    "patterns",
    "Schema patterns that the SpecQL generator applies to the table: a list of names or of mappings \
     with `type` and `params`.",
);

pub(super) const AGENTS: KeySpec = read(
    "agents",
    "Agents of the SpecQL generator: a list of mappings with `name`, `type`, `observes`, \
     `can_execute`, `strategy`, `audit`.",
);

pub(super) const ORGANIZATION: KeySpec = read(
    "organization",
    "Where the SpecQL generator numbers the table: `table_code` (six hexadecimal digits, in quotes) \
     and `domain_name`.",
);

pub(super) const IDENTIFIER: KeySpec = read(
    "identifier",
    "How the SpecQL generator composes `identifier`: `strategy`, `separator`, `components`.",
);

pub(super) const TABLE_VIEWS: KeySpec = key!(
    "table_views",
    // Older documents have a list of views.
    &[Shape::Mapping(&VIEWS), Shape::List(&Shape::Any)],
    "The read model `tv_…` of the SpecQL generator: a mapping with `mode` (`auto`, `force`, \
     `disable`), `include_relations`, `extra_filter_columns`, `refresh`.";
    support: Support::Upstream
);

/// `table_views`.
pub static VIEWS: MappingSpec = MappingSpec {
    name: "a table_views block",
    keys: &[
        key!(
            "mode",
            &[Shape::Word(VIEW_MODES)],
            "When the read model is made.\n\nDefault: `auto`."
        ),
        key!(
            "include_relations",
            &[Shape::List(&Shape::Mapping(&VIEW_RELATIONS))],
            "The rows that it takes in: references of the entity, or entities, each with the `fields` of \
             theirs.\n\n```yaml\ninclude_relations:\n  - author:\n      fields: [name]\n```"
        ),
        key!(
            "extra_filter_columns",
            &[Shape::List(&Shape::Any)],
            "Columns of their own, to filter by: fields of the entity, or a name with `source`, `type` and \
             `index`.\n\n```yaml\nextra_filter_columns:\n  - status\n  - author_name: {source: author.name}\n```"
        ),
        key!(
            "refresh",
            &[Shape::Word(&[("explicit", "Actions refresh it, with `refresh_table_view`.")])],
            "How it is refreshed.\n\nDefault: `explicit`."
        ),
    ],
    ..MappingSpec::CLOSED
};

const VIEW_MODES: &[(&str, &str)] =
    &[("auto", "Where the entity refers to others."), ("force", "Always."), ("disable", "Never.")];

static VIEW_RELATIONS: MappingSpec = MappingSpec {
    name: "a relation of table_views",
    open: Some(&Shape::Mapping(&VIEW_RELATION)),
    open_keys: &Shape::Field,
    ..MappingSpec::CLOSED
};

static VIEW_RELATION: MappingSpec = MappingSpec {
    name: "what is taken in of a relation",
    keys: &[
        key!(
            "fields",
            &[Shape::List(&Shape::Text)],
            "The fields of its rows, or `['*']`."; required: true),
        key!(
            "include_relations",
            &[Shape::List(&Shape::Mapping(&VIEW_RELATIONS))],
            "The rows that its own rows refer to, written in the same way."
        ),
    ],
    ..MappingSpec::CLOSED
};

pub(super) const TRANSLATIONS: KeySpec = read(
    "translations",
    "Translated fields of the SpecQL generator: a mapping with `enabled`, `table_name`, `fields`.",
);
