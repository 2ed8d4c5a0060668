//! Tests of the grammars: written examples by topic, and properties over thousands of damaged files.
//!
//! Random tests print their seed; `SPECQL_FUZZ=<factor>` multiplies how much each of them tries.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stderr, reason = "tests")]

mod contract;
mod corpus;
mod folds;
mod half_typed;
mod highlights;
mod incremental;
mod indents;
mod injections;
mod locals;
mod mid_edit;
mod one_line;
mod queries;
mod support;
mod tags;
mod textobjects;
mod totality;
