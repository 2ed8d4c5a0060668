//! The binary `specql-lsp`: the command line over the language server and the checker.
//!
//! Exit codes: 0 clean or done, 1 findings at or above the failing level, 2 usage or I/O error.

mod args;
mod check;
mod emit;
mod error;
mod explain;
mod load;
mod preview;
mod report;
mod serve;

use std::process::ExitCode;

use clap::Parser;

use crate::{
    args::{Arguments, Command},
    error::Error,
};

fn main() -> ExitCode {
    let arguments = Arguments::parse_from(args::with_check_as_subcommand(std::env::args_os()));
    let result = match arguments.command {
        None => serve::on_stdio(false),
        Some(Command::Serve(it)) => serve::on_stdio(it.stdio),
        Some(Command::Check(it)) => check::run(&it),
        Some(Command::Preview(it)) => preview::run(&it),
        Some(Command::Emit(it)) => emit::run(&it),
        Some(Command::Explain(it)) => explain::run(&it),
    };
    match result {
        Ok(code) => code,
        Err(error) => error::report(&error),
    }
}
