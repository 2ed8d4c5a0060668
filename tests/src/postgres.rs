//! A private PostgreSQL for a test run, and a fresh database for each test.
//!
//! The first test that needs it starts the server, a watchdog stops it when the run is over, and
//! nothing of it is left. A missing PostgreSQL is a failure, never a test that passes unseen.

mod blog;
mod cluster;
mod database;
mod outcome;

pub use blog::Blog;
pub use cluster::Cluster;
pub use database::{
    Database, EXAMPLES, add_checker, example, files_below, findings_but, functions, is_checked,
    workspace,
};
pub use outcome::{Outcome, json};
