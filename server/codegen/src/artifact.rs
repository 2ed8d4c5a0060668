//! What can be generated, and for what.

use specql_model::{ActionId, EntityId};

/// A kind of output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Artifact {
    /// Types, context readers and cascade functions that everything else uses.
    Foundation,
    /// The table and the read model of an entity.
    Table,
    /// The function of an action.
    Action,
    /// The audit trail of an entity.
    Audit,
    /// The outbox with replay, dead letters and retention.
    Outbox,
    /// Who may do what.
    Roles,
    /// An example of the `_cascade` that a client gets.
    CascadeSample,
    /// Examples of the outbox rows that a consumer gets.
    EventSample,
    /// Examples of what the audit keeps.
    AuditSample,
    /// JSON Schemas of the payloads of events.
    EventSchema,
    /// What an action does, in words.
    Effects,
    /// What an action promises, as data.
    Contract,
}

/// What an artifact is generated for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// Once for the workspace.
    Project,
    /// Once for each entity.
    Entity,
    /// Once for each action.
    Action,
}

/// The thing an artifact is generated for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Target {
    /// The workspace.
    Project,
    /// An entity.
    Entity(EntityId),
    /// An action.
    Action(ActionId),
}

impl Artifact {
    /// All, in the order of documentation.
    pub const ALL: [Self; 12] = [
        Self::Foundation,
        Self::Table,
        Self::Action,
        Self::Audit,
        Self::Outbox,
        Self::Roles,
        Self::CascadeSample,
        Self::EventSample,
        Self::AuditSample,
        Self::EventSchema,
        Self::Effects,
        Self::Contract,
    ];

    /// Those that are emitted beside the SQL, each to a folder of its name.
    pub const BESIDE: [Self; 4] =
        [Self::CascadeSample, Self::EventSample, Self::AuditSample, Self::EventSchema];

    /// The name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Foundation => "foundation",
            Self::Table => "table",
            Self::Action => "action",
            Self::Audit => "audit",
            Self::Outbox => "outbox",
            Self::Roles => "roles",
            Self::CascadeSample => "cascade-sample",
            Self::EventSample => "event-sample",
            Self::AuditSample => "audit-sample",
            Self::EventSchema => "event-schema",
            Self::Effects => "effects",
            Self::Contract => "contract",
        }
    }

    /// The artifact with a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    /// What it is generated for.
    #[must_use]
    pub const fn scope(self) -> Scope {
        match self {
            Self::Foundation | Self::Outbox | Self::Roles => Scope::Project,
            Self::Table | Self::Audit => Scope::Entity,
            Self::Action
            | Self::CascadeSample
            | Self::EventSample
            | Self::AuditSample
            | Self::EventSchema
            | Self::Effects
            | Self::Contract => Scope::Action,
        }
    }

    /// The language of the text, as editors name it: `sql`, `json` or `plaintext`.
    #[must_use]
    pub const fn language(self) -> &'static str {
        match self {
            Self::Foundation
            | Self::Table
            | Self::Action
            | Self::Audit
            | Self::Outbox
            | Self::Roles => "sql",
            Self::CascadeSample
            | Self::EventSample
            | Self::AuditSample
            | Self::EventSchema
            | Self::Contract => "json",
            Self::Effects => "plaintext",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_back_to_its_artifact() {
        for it in Artifact::ALL {
            assert_eq!(Artifact::from_name(it.name()), Some(it));
        }
        assert_eq!(Artifact::from_name("tables"), None);
    }
}
