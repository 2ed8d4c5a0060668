//! `specql-lsp explain`.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use crate::{Error, args::Explain, choice, report::level_name};

/// Prints the page of a rule, or the list of all.
pub(crate) fn run(arguments: &Explain) -> Result<ExitCode, Error> {
    let mut out = io::stdout().lock();
    match &arguments.code {
        Some(code) => {
            let page = specql_ide::explain(choice::code(code)?).unwrap_or_default();
            out.write_all(page.as_bytes())?;
        }
        None => {
            for (code, level, summary) in specql_ide::rules() {
                writeln!(out, "{code:28} {:8} {summary}", level_name(level))?;
            }
        }
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
