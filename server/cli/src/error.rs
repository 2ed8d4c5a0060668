//! What ends a run with exit code 2.

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::error::{ContextKind, ContextValue};

use crate::print;

/// A usage or I/O error.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// A file that was named cannot be read.
    #[error("cannot read `{}`: {source}", path.display())]
    Read { path: PathBuf, source: io::Error },
    /// A file cannot be written.
    #[error("cannot write `{}`: {source}", path.display())]
    Write { path: PathBuf, source: io::Error },
    /// Output cannot be written.
    #[error("cannot write output: {0}")]
    Output(#[from] io::Error),
    /// A name on the command line means nothing; the text says what would.
    #[error("{0}")]
    Usage(String),
}

/// Prints what the parser of the command line says: help and version, or what is wrong with the words.
pub(crate) fn report_words(said: &clap::Error) -> ExitCode {
    let printed = said.print().and_then(|()| io::stdout().flush());
    if let Some(path) = path_for_command(said) {
        say!("\nThis is a path: `specql-lsp check {path}` checks it.");
    }
    match print::unless_closed(printed) {
        Err(error) if !said.use_stderr() => report(&Error::Output(error)),
        Ok(()) | Err(_) => ExitCode::from(u8::try_from(said.exit_code()).unwrap_or(2)),
    }
}

/// The path that stands where a command belongs.
fn path_for_command(said: &clap::Error) -> Option<&str> {
    let Some(ContextValue::String(word)) = said.get(ContextKind::InvalidSubcommand) else {
        return None;
    };
    Path::new(word).exists().then_some(word)
}

/// Says an error on stderr.
pub(crate) fn say(error: &Error) {
    say!("error: {error}");
}

/// Prints an error and gives exit code 2. A reader that closed the pipe (`| head`) is no error.
pub(crate) fn report(error: &Error) -> ExitCode {
    if matches!(error, Error::Output(it) if it.kind() == io::ErrorKind::BrokenPipe) {
        return ExitCode::SUCCESS;
    }
    say(error);
    ExitCode::from(2)
}
