//! The state of a session: one thread owns it, does one job after the other, and hands out snapshots.

mod cancellation;
mod checker;
mod disk;
mod homes;
pub(crate) mod job;
pub(crate) mod previews;
mod project;
mod projects;
mod published;
mod refresh;
mod scan;
mod search;
mod settings;
mod state;
mod status;
mod waiting;
pub(crate) mod worker;
