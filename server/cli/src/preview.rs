//! `specql-lsp preview`.

use std::{
    io::{self, Write},
    process::ExitCode,
    slice,
};

use crate::{Error, args::Preview, load, report::Progress};

/// Prints one artifact.
pub(crate) fn run(arguments: &Preview) -> Result<ExitCode, Error> {
    let loaded = load::load(slice::from_ref(&arguments.path), &Progress::new())?;
    let preview = loaded
        .analysis
        .preview_by_name(&arguments.name, arguments.artifact.as_deref())
        .map_err(Error::Usage)?;
    let mut out = io::stdout().lock();
    out.write_all(preview.text.as_bytes())?;
    if !preview.text.ends_with('\n') {
        writeln!(out)?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
