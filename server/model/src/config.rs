//! `specql.config.yaml`: settings of a workspace root.

use specql_syntax::Name;
use specql_text::TextRange;

use crate::Cascade;

/// The settings; every part that is absent has its default.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// `cascade`: defaults for every action.
    pub cascade: Cascade,
    /// `audit.enabled`; on when absent.
    pub audit_enabled: Option<bool>,
    /// `audit.include_cascade`; on when absent.
    pub audit_include_cascade: Option<bool>,
    /// `audit.cascade_storage`.
    pub cascade_storage: CascadeStorage,
    /// `audit.retention`, as written.
    pub audit_retention: Option<Name>,
    /// `outbox.retention`, as written.
    pub outbox_retention: Option<Name>,
    /// The rest of `outbox`.
    pub outbox: Outbox,
    /// `tenancy`.
    pub tenancy: Tenancy,
    /// `compat`.
    pub compat: Compat,
    /// `graphql.field_case`.
    pub field_case: FieldCase,
    /// `graphql.big_numbers`.
    pub big_numbers: BigNumbers,
    /// `kafka.topic`: the template of topics.
    pub topic_template: Option<Name>,
    /// `debezium`.
    pub debezium: Debezium,
    /// The rest of `kafka`.
    pub kafka: Kafka,
    /// `events`.
    pub events: Events,
    /// `rules`: code and level, as written, with the range of the code.
    pub rules: Vec<RuleSetting>,
}

/// The table that holds events.
#[derive(Debug, Clone, Default)]
pub struct Outbox {
    /// The schema; `app` when absent.
    pub schema: Option<Name>,
    /// The table; `outbox` when absent.
    pub table: Option<Name>,
}

/// The connector that reads the outbox.
#[derive(Debug, Clone, Default)]
pub struct Debezium {
    /// The name of the connector.
    pub name: Option<Name>,
    /// The prefix of the connector's own topics.
    pub topic_prefix: Option<Name>,
    /// The replication slot.
    pub slot: Option<Name>,
    /// The publication.
    pub publication: Option<Name>,
    /// `database.hostname`.
    pub hostname: Option<Name>,
    /// `database.port`.
    pub port: Option<u32>,
    /// `database.name`.
    pub database: Option<Name>,
    /// `database.user`.
    pub user: Option<Name>,
}

/// The topics that events go to.
#[derive(Debug, Clone, Default)]
pub struct Kafka {
    /// The number of partitions.
    pub partitions: Option<u32>,
    /// The number of replicas.
    pub replication_factor: Option<u32>,
    /// How long events stay, as written (`7 days`).
    pub retention: Option<Name>,
    /// Whether compacted topics of state stand beside the topics of events.
    pub compaction: Option<bool>,
}

impl Kafka {
    /// Whether there are topics of state, which is decided here alone.
    #[must_use]
    pub fn keeps_state(&self) -> bool {
        self.compaction == Some(true)
    }
}

/// How event schemas may change.
#[derive(Debug, Clone, Default)]
pub struct Events {
    /// The compatibility mode, as written.
    pub compatibility: Option<Name>,
    /// The file that records published schemas; `specql.events.lock` when absent.
    pub lock_file: Option<Name>,
}

/// The level of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleSetting {
    /// The rule.
    pub code: Name,
    /// `error`, `warning`, `info`, `hint`, `off`, as written.
    pub level: Name,
    /// Globs of the files it holds for; empty for all.
    pub paths: Vec<Name>,
    /// The entry.
    pub range: TextRange,
}

/// Where the cascade of a mutation is kept beside its audit rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CascadeStorage {
    /// One row of `app.mutation_log`.
    #[default]
    Log,
    /// Columns of the audit tables.
    Column,
    /// Inside `new_values`.
    Embedded,
}

/// Whether rows belong to tenants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tenancy {
    /// One tenant: the nil UUID.
    #[default]
    Single,
    /// Every read and write carries the tenant of the session.
    Required,
}

/// The released generator whose limits are reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Compat {
    /// 0.8.
    #[default]
    V08,
    /// 0.5.
    V05,
    /// None.
    Off,
}

/// How `bigint`, `decimal` and `money` are written in JSON, whose numbers JavaScript rounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BigNumbers {
    /// `"12.50"`.
    #[default]
    Text,
    /// `12.50`.
    Number,
}

/// How fields are spelled in `_cascade`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FieldCase {
    /// `postCount`.
    #[default]
    Camel,
    /// `post_count`.
    Snake,
}
