//! The binary `specql-lsp`: the command line over the language server and the checker.
//!
//! Exit codes: 0 clean or done, 1 findings at or above the failing level, 2 usage or I/O error.

#[macro_use]
mod print;

mod args;
mod baseline;
mod check;
mod choice;
mod colours;
mod complete;
mod diff;
mod doctor;
mod emit;
mod error;
mod errors_first;
mod explain;
mod find;
mod fix;
mod format;
mod generated;
mod git_diff_driver;
mod impact;
mod init;
mod load;
mod lock;
mod migrate;
mod output;
mod preview;
mod report;
mod schema;
mod serve;
mod since;
mod watch;

use std::process::ExitCode;

use clap::Parser;

use crate::{
    args::{Arguments, Command},
    error::Error,
};

/// Where `malloc` itself is mimalloc's (see the features in `Cargo.toml`), Rust's own allocator is it too, and
/// asks for no alignment that every piece has anyway: 2 % of a check. Named so that it is linked.
#[cfg(target_os = "linux")]
#[used]
static LINKED: &(dyn std::alloc::GlobalAlloc + Sync) = &mimalloc::MiMalloc;

#[cfg(not(target_os = "linux"))]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let words = args::with_check_as_subcommand(std::env::args_os());
    // Before the words are read: what is wrong with them is told in colours too.
    colours::choose(colours::asked(&words));
    let arguments = match Arguments::try_parse_from(words) {
        Ok(it) => it,
        Err(said) => return error::report_words(&said),
    };
    colours::choose(arguments.color);
    let result = match arguments.command {
        None => serve::on_stdio(arguments.stdio),
        Some(Command::Serve(it)) => serve::on_stdio(it.stdio),
        Some(Command::Check(it)) => check::run(&it),
        Some(Command::Preview(it)) => preview::run(&it),
        Some(Command::Impact(it)) => impact::run(&it),
        Some(Command::Format(it)) => format::run(&it),
        Some(Command::Emit(it)) => emit::run(&it),
        Some(Command::Lock(it)) => lock::run(&it),
        Some(Command::Diff(it)) => diff::run(&it),
        Some(Command::Migrate(it)) => migrate::run(&it),
        Some(Command::Explain(it)) => explain::run(&it),
        Some(Command::Schema(it)) => schema::run(&it),
        Some(Command::Init(it)) => init::run(&it),
        Some(Command::Doctor(it)) => doctor::run(&it),
        Some(Command::GitDiffDriver(it)) => git_diff_driver::run(&it),
        Some(Command::Completions(it)) => complete::completions(&it),
        Some(Command::Man(it)) => complete::man(&it),
    };
    match result {
        Ok(code) => code,
        Err(error) => error::report(&error),
    }
}
