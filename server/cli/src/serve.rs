//! `specql-lsp` and `specql-lsp serve`.

use std::{
    io::{self, IsTerminal},
    process::ExitCode,
};

use clap::CommandFactory;

use crate::{Error, args::Arguments};

/// Runs the server until the client says `exit` or closes stdin. A person at a terminal would wait
/// for ever, so there it says what it is instead, unless `--stdio` was given.
pub(crate) fn on_stdio(stdio: bool) -> Result<ExitCode, Error> {
    if !stdio && io::stdin().is_terminal() {
        let help = Arguments::command().render_help();
        anstream::eprintln!(
            "specql-lsp is a language server: an editor starts it and speaks to it on stdin\n\n{help}"
        );
        return Ok(ExitCode::from(2));
    }
    Ok(ExitCode::from(u8::try_from(specql_server::serve_stdio()).unwrap_or(1)))
}
