//! Actions, and the blocks of an action that are no impact.

use super::{AstNode, Step, access::ast_nodes, entries, items};
use crate::{
    Name,
    yaml::{Entry, Node, NodeKind},
};

ast_nodes! {
    /// The mapping of an action.
    ActionBody {
        /// What the action does.
        text description = "description";
        /// The condition, or the role, under which it may be called.
        value requires = "requires";
        /// The parameters.
        value parameters = "params" | "parameters" | "inputs";
        /// The type of what it gives.
        value returns = "returns";
        /// The key `steps` with the steps.
        entry steps_entry = "steps";
        /// The steps.
        list(Step) steps = "steps";
        /// The key `impact`, or its older spelling, with the block.
        entry impact_entry = "impact" | "impacts";
        /// The key `cascade` with its block.
        entry cascade_entry = "cascade";
        /// The key `cdc` with its block.
        entry cdc_entry = "cdc";
        /// The template that the action is made of.
        text pattern = "pattern";
    }

    /// `cascade`: a boolean, or a block.
    Cascade {
        /// Whether the block says so.
        flag enabled_key = "enabled";
        /// Entities that are in the cascade; all without it.
        names include_entities = "include_entities";
        /// Entities that are not.
        names exclude_entities = "exclude_entities";
        /// Whether rows come with all their fields.
        flag include_full_data = "include_full_data" | "include_full_entities";
        /// Whether deleted rows are listed.
        flag include_deleted = "include_deleted";
        /// The most rows that are listed.
        number max_entities = "max_entities";
    }

    /// `cdc`: a boolean, or a block.
    Cdc {
        /// Whether the block says so.
        flag enabled_key = "enabled";
        /// The type of the event.
        text event_type = "event_type";
        /// The version of the event's payload.
        value version = "version" | "event_version";
        /// Whether the side effects are a part of the payload.
        value include_side_effects = "include_side_effects";
        /// Whether the cascade is a part of the metadata.
        flag include_cascade = "include_cascade";
        /// Whether there is a payload at all.
        flag include_payload = "include_payload";
        /// The fields of the payload.
        names payload = "payload";
        /// The path of the field whose value orders events.
        text partition_key = "partition_key";
        /// The topic.
        text topic = "topic";
        /// Event types of side effects, by entity; see [`Cdc::side_effect_events`].
        value side_effect_events_value = "side_effect_events";
    }
}

/// An action: an item of the list, or an entry of a mapping from names to actions.
#[derive(Debug, Clone, Copy)]
pub enum Action<'a> {
    /// A mapping with the key `name`, or a name alone.
    Item(&'a Node),
    /// The name with the mapping behind it.
    Entry(&'a Entry),
}

impl<'a> Action<'a> {
    /// The actions of a list or of a mapping; none of anything else.
    #[must_use]
    pub fn all(node: &'a Node) -> Vec<Self> {
        match &node.kind {
            NodeKind::Missing | NodeKind::Scalar(_) => Vec::new(),
            NodeKind::Sequence(it) => it.items.iter().map(Action::Item).collect(),
            NodeKind::Mapping(it) => it.entries.iter().map(Action::Entry).collect(),
        }
    }

    /// The name.
    #[must_use]
    pub fn name(self) -> Option<Name> {
        match self {
            Self::Item(it) if it.as_scalar().is_some() => it.name(),
            Self::Item(it) => super::name(it, &["name"]),
            Self::Entry(it) => Some(it.key.clone()),
        }
    }

    /// What is written of the action, its name included.
    #[must_use]
    pub fn range(self) -> specql_text::TextRange {
        match self {
            Self::Item(it) => it.range,
            Self::Entry(it) => it.range,
        }
    }

    /// The keys of the action.
    #[must_use]
    pub fn body(self) -> ActionBody<'a> {
        match self {
            Self::Item(it) => ActionBody::cast(it),
            Self::Entry(it) => ActionBody::cast(&it.value),
        }
    }
}

impl Cascade<'_> {
    /// Whether there is a cascade: `cascade: true`, or `enabled` in the block.
    #[must_use]
    pub fn enabled(self) -> Option<bool> {
        self.node().as_bool().or_else(|| self.enabled_key())
    }
}

impl<'a> Cdc<'a> {
    /// Whether there is an event: `cdc: true`, or `enabled` in the block.
    #[must_use]
    pub fn enabled(self) -> Option<bool> {
        self.node().as_bool().or_else(|| self.enabled_key())
    }

    /// Entity and event type of each further event: of a mapping, or of a list of mappings.
    pub fn side_effect_events(self) -> impl Iterator<Item = &'a Entry> {
        self.side_effect_events_value().map_or(&[][..], items).iter().flat_map(entries)
    }
}
