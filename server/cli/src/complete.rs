//! `specql-lsp completions` and `specql-lsp man`: made from the declaration of the command line.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use clap::CommandFactory;

use crate::{
    Error,
    args::{Arguments, Completions},
};

/// Prints what a shell sources to complete the command line.
pub(crate) fn completions(arguments: &Completions) -> Result<ExitCode, Error> {
    let mut text = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "specql-lsp", &mut text);
    print(&text)
}

/// Prints the manual page, subcommands included.
pub(crate) fn man() -> Result<ExitCode, Error> {
    let mut text = Vec::new();
    let mut command = Arguments::command().flatten_help(true);
    command.build();
    clap_mangen::Man::new(command).render(&mut text)?;
    print(&text)
}

fn print(text: &[u8]) -> Result<ExitCode, Error> {
    let mut out = io::stdout().lock();
    out.write_all(text)?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
