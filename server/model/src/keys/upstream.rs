//! Keys that the upstream generator reads, documents or once read, and that have no meaning for the
//! previews. Source: `core/specql_parser.py` of SpecQL 0.8.7 and of 0.5.0-beta, and their documents.

use super::{KeySpec, Shape, Support};

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

pub(super) const TABLE_VIEWS: KeySpec = read(
    "table_views",
    "The read model `tv_…` of the SpecQL generator: a mapping with `mode` (`auto`, `force`, \
     `disable`), `include_relations`, `extra_filter_columns`, `refresh`.",
);

pub(super) const TRANSLATIONS: KeySpec = read(
    "translations",
    "Translated fields of the SpecQL generator: a mapping with `enabled`, `table_name`, `fields`.",
);
