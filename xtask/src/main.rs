//! `cargo xtask …`: the chores of this repository that need more than cargo itself.
//!
//! One module per command; `main` only reads the command line and reports what went wrong.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command line tool talks there")]

mod generate;
mod mutants;
mod new_rule;
mod queries;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Chores of the specql-lsp repository")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write the parsers of the tree-sitter grammars, and the editors' copies of their queries.
    Generate(generate::Options),
    /// Seed mistakes into clean workspaces, and say which kinds are found.
    Mutants(mutants::Options),
    /// Write the two files of a rule, and its two lines.
    NewRule(new_rule::Options),
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Generate(options) => generate::run(&options),
        Command::Mutants(options) => mutants::run(&options),
        Command::NewRule(options) => new_rule::run(&options),
    };
    match outcome {
        Ok(report) => {
            println!("{report}");
            ExitCode::SUCCESS
        }
        Err(problem) => {
            eprintln!("error: {problem}");
            ExitCode::FAILURE
        }
    }
}

/// The root of the repository, from the place of this package in it.
fn project_root() -> &'static camino::Utf8Path {
    camino::Utf8Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask/ stands in the root")
}
