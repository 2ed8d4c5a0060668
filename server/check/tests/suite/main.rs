//! The rules as a whole: their pages, real files, damaged files, order.
//!
//! Random tests print their seed; `SPECQL_FUZZ=<factor>` multiplies how much each of them tries.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod advice;
mod corpus;
mod damage;
mod emits;
mod fixes;
mod half_typed;
mod long_files;
mod messages;
mod mistakes;
mod mutants;
mod own_row;
mod pages;
mod support;
mod valid;
mod verdicts;
