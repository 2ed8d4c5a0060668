//! What ends a run with exit code 2.

use std::{io, path::PathBuf, process::ExitCode};

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

/// Prints an error and gives exit code 2. A reader that closed the pipe (`| head`) is no error.
pub(crate) fn report(error: &Error) -> ExitCode {
    if matches!(error, Error::Output(it) if it.kind() == io::ErrorKind::BrokenPipe) {
        return ExitCode::SUCCESS;
    }
    anstream::eprintln!("error: {error}");
    ExitCode::from(2)
}
