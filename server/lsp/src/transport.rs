//! Bytes in and messages out, each station in a thread or task of its own; nothing here knows what a
//! message is about.

pub(crate) mod client;
pub(crate) mod framing;
pub(crate) mod incoming;
mod initialize;
pub(crate) mod parent;
pub(crate) mod pump;
mod queue_depth;
pub(crate) mod reader;
pub(crate) mod repair;
pub(crate) mod trace;
pub(crate) mod writer;

pub(crate) use queue_depth::QueueDepth;
