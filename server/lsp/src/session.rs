//! The state of a session: one thread owns it, does one job after the other, and hands out snapshots.

mod cancellation;
mod checker;
pub(crate) mod files;
pub(crate) mod job;
pub(crate) mod previews;
mod project;
mod projects;
mod published;
mod scan;
mod state;
mod watch;
pub(crate) mod worker;
