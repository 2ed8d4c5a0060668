//! The block `impact`.

use super::{AstNode, access::ast_nodes};
use crate::Name;

ast_nodes! {
    /// The block `impact`.
    Impact {
        /// What changes, for readers.
        text description = "description";
        /// The write that the action is about.
        child(Effect) primary = "primary";
        /// The other writes.
        list(Effect) side_effects = "side_effects" | "sideEffects";
        /// The key of the other writes with the list.
        entry side_effects_entry = "side_effects" | "sideEffects";
        /// The queries whose results are stale.
        list(Invalidation) cache_invalidations = "cache_invalidations" | "cacheInvalidations";
        /// The key of the queries with the list.
        entry cache_invalidations_entry = "cache_invalidations" | "cacheInvalidations";
        /// Who may call the action.
        names permissions = "permissions";
        /// Whether a client may show the result before it has it.
        flag optimistic_safe = "optimistic_safe" | "optimisticSafe";
        /// Whether a second call changes nothing.
        flag idempotent = "idempotent";
        /// How long it takes.
        number estimated_duration_ms = "estimated_duration_ms" | "estimatedDurationMs";
    }

    /// The primary entity or a side effect: a mapping, or the name of the entity alone.
    Effect {
        /// The entity in the mapping; see [`Effect::entity`].
        text entity_key = "entity";
        /// What is done to it.
        text operation = "operation";
        /// The list of fields that are set.
        value fields_value = "fields";
        /// The fields that are set.
        names fields = "fields";
        /// Relations that come with the row.
        names relations = "include_relations" | "relationships" | "includeRelations";
        /// The key under which the rows are listed for the client.
        text collection = "collection";
        /// When the write happens.
        value condition = "condition";
    }

    /// A query whose results are stale: a mapping, or its name alone.
    Invalidation {
        /// The query in the mapping; see [`Invalidation::query`].
        text query_key = "query" | "queryName";
        /// Arguments of the results that are stale.
        value filter = "filter" | "arguments";
        /// What the client does with them.
        text strategy = "strategy";
        /// Which of them.
        text scope = "scope";
        /// Why, for readers.
        text reason = "reason";
    }
}

impl Effect<'_> {
    /// The entity.
    #[must_use]
    pub fn entity(self) -> Option<Name> {
        self.node().name().or_else(|| self.entity_key())
    }
}

impl Invalidation<'_> {
    /// The query.
    #[must_use]
    pub fn query(self) -> Option<Name> {
        self.node().name().or_else(|| self.query_key())
    }
}
