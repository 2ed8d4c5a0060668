//! The artifacts, one file or folder each. A generator takes the catalog and a target and writes a
//! script; what it cannot translate goes into the problems.

pub(crate) mod action;
pub(crate) mod audit;
pub(crate) mod audit_sample;
pub(crate) mod cascade_sample;
pub(crate) mod client;
pub(crate) mod consumer;
pub(crate) mod contract_json;
pub(crate) mod effects;
pub(crate) mod event_sample;
pub(crate) mod event_schema;
pub(crate) mod foundation;
pub(crate) mod fraiseql;
pub(crate) mod image;
pub(crate) mod keep;
pub(crate) mod outbox;
pub(crate) mod roles;
pub(crate) mod streams;
pub(crate) mod table;
pub(crate) mod upcast;

mod example;
mod header;
mod json_schema;
mod partitions;
mod session;
mod tenancy;
mod type_names;
mod typescript;

pub(crate) use header::{header, notes};
pub(crate) use session::SAME_TEXTS;
