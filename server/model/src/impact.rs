//! The blocks `impact`, `cascade`, `cdc` and `audit` as declared.
//!
//! Whatever is written stays with its range; what a word means is beside it, or absent when it means
//! nothing.

use ecow::EcoString;
use specql_syntax::{Name, expression::Expression, statement::LineProblem};
use specql_text::TextRange;
use thin_vec::ThinVec;

/// A word of a fixed vocabulary, as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spelled<T> {
    /// As written.
    pub name: Name,
    /// What it means; absent for a word outside the vocabulary.
    pub value: Option<T>,
    /// It is the word of the vocabulary, in any case; `false` for an accepted synonym (`insert`, `EVICT`).
    pub canonical: bool,
}

/// What happens to an entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Operation {
    /// A row is inserted.
    Create,
    /// A row is changed.
    Update,
    /// A row is deleted, soft or hard.
    Delete,
    /// A row is inserted or changed.
    Upsert,
}

/// What a client does with a cached query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Strategy {
    /// Mark it stale.
    Invalidate,
    /// Fetch it again.
    Refetch,
    /// Drop it.
    Remove,
}

/// The block `impact`.
#[derive(Debug, Clone)]
pub struct Impact {
    /// The key `impact` or `impacts`.
    pub key: TextRange,
    /// The whole entry.
    pub range: TextRange,
    /// Written as `impacts`, in one of its older shapes.
    pub legacy: bool,
    /// The description.
    pub description: Option<Name>,
    /// The primary entity.
    pub primary: Option<ImpactEntry>,
    /// The side effects in the order declared.
    pub side_effects: ThinVec<ImpactEntry>,
    /// The key `side_effects`.
    pub side_effects_key: Option<TextRange>,
    /// The invalidations in the order declared.
    pub cache_invalidations: ThinVec<Invalidation>,
    /// The key `cache_invalidations`.
    pub cache_invalidations_key: Option<TextRange>,
    /// `permissions`.
    pub permissions: ThinVec<Name>,
    /// `optimistic_safe`.
    pub optimistic_safe: Option<bool>,
    /// `idempotent`.
    pub idempotent: Option<bool>,
    /// `estimated_duration_ms`.
    pub estimated_duration_ms: Option<u32>,
}

/// The primary entity or a side effect.
#[derive(Debug, Clone)]
pub struct ImpactEntry {
    /// The mapping, or the item of the list.
    pub range: TextRange,
    /// The entity as written; absent when it is not (the primary is then the file's entity).
    pub entity: Option<Name>,
    /// The operation as written.
    pub operation: Option<Spelled<Operation>>,
    /// The fields as written; absent means whatever the steps write.
    pub fields: Option<ThinVec<Name>>,
    /// Where the value of `fields` is written.
    pub fields_range: Option<TextRange>,
    /// `include_relations` or `relationships`.
    pub relations: ThinVec<Name>,
    /// `collection`.
    pub collection: Option<Name>,
    /// `condition`, with what could not be read of it.
    pub condition: Option<Box<(Expression, Vec<LineProblem>)>>,
}

/// An entry of `cache_invalidations`.
#[derive(Debug, Clone)]
pub struct Invalidation {
    /// The item of the list.
    pub range: TextRange,
    /// The query.
    pub query: Option<Name>,
    /// The filter: name and value as written.
    pub filter: ThinVec<(Name, Name)>,
    /// The strategy; `None` means the default, `INVALIDATE`.
    pub strategy: Option<Spelled<Strategy>>,
    /// The scope as written: `EXACT`, `PREFIX`, `PATTERN`, `ALL`.
    pub scope: Option<Name>,
    /// The reason.
    pub reason: Option<Name>,
}

/// The block `cascade` of an action or of the configuration.
#[derive(Debug, Clone, Default)]
pub struct Cascade {
    /// The entry.
    pub range: TextRange,
    /// `enabled`, or the block written as a boolean.
    pub enabled: Option<bool>,
    /// `include_entities`.
    pub include_entities: Option<ThinVec<Name>>,
    /// `exclude_entities`.
    pub exclude_entities: ThinVec<Name>,
    /// `include_full_data`.
    pub include_full_data: Option<bool>,
    /// `include_deleted`.
    pub include_deleted: Option<bool>,
    /// `max_entities`.
    pub max_entities: Option<u32>,
}

/// The block `cdc`.
#[derive(Debug, Clone)]
pub struct Cdc {
    /// The key `cdc`.
    pub key: TextRange,
    /// The entry.
    pub range: TextRange,
    /// `enabled`, or `cdc: true`; absent means false, which a rule reports.
    pub enabled: Option<bool>,
    /// `event_type`.
    pub event_type: Option<Name>,
    /// `version`; 1 when absent.
    pub version: Option<(u32, TextRange)>,
    /// `include_side_effects`.
    pub include_side_effects: Option<(bool, TextRange)>,
    /// `include_cascade`; on when absent.
    pub include_cascade: Option<bool>,
    /// `include_payload`; on when absent.
    pub include_payload: Option<bool>,
    /// `payload`: field paths.
    pub payload: Option<ThinVec<Name>>,
    /// `partition_key`: a field path.
    pub partition_key: Option<Name>,
    /// `topic`.
    pub topic: Option<Name>,
    /// `side_effect_events`: entity and event type.
    pub side_effect_events: ThinVec<(Name, Name)>,
}

/// The block `audit` of an entity.
#[derive(Debug, Clone, PartialEq)]
pub struct Audit {
    /// The key `audit`.
    pub key: TextRange,
    /// `enabled`, or the block written as a boolean.
    pub enabled: Option<bool>,
    /// `track_fields`.
    pub track_fields: Option<ThinVec<Name>>,
    /// `exclude_fields`.
    pub exclude_fields: ThinVec<Name>,
    /// `include_cascade`.
    pub include_cascade: Option<bool>,
    /// `retention`, as written (`90 days`).
    pub retention: Option<Name>,
}

impl Operation {
    /// The word in an impact block.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Create => "CREATE",
            Self::Update => "UPDATE",
            Self::Delete => "DELETE",
            Self::Upsert => "UPSERT",
        }
    }

    /// The past participle of event types and cascade entries: `Created`.
    #[must_use]
    pub const fn participle(self) -> &'static str {
        match self {
            Self::Create => "Created",
            Self::Update => "Updated",
            Self::Delete => "Deleted",
            Self::Upsert => "Upserted",
        }
    }

    /// All, in the order of documentation.
    pub const ALL: [Self; 4] = [Self::Create, Self::Update, Self::Delete, Self::Upsert];
}

impl Strategy {
    /// The word in an impact block and in `_cascade.invalidations`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invalidate => "INVALIDATE",
            Self::Refetch => "REFETCH",
            Self::Remove => "REMOVE",
        }
    }

    /// All, in the order of documentation.
    pub const ALL: [Self; 3] = [Self::Invalidate, Self::Refetch, Self::Remove];
}

impl Cdc {
    /// The event type, written or derived: `<Entity><Created|Updated|Deleted|Upserted>`.
    #[must_use]
    pub fn event_type_or_default(&self, entity: &str, operation: Operation) -> EcoString {
        match &self.event_type {
            Some(it) => it.text.clone(),
            None => format!("{entity}{}", operation.participle()).into(),
        }
    }

    /// Whether the block publishes anything.
    #[must_use]
    pub fn is_enabled(&self) -> bool {
        self.enabled == Some(true)
    }
}
