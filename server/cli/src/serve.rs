//! `specql-lsp` and `specql-lsp serve`.

use std::{
    io::{self, IsTerminal, Read},
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use clap::CommandFactory;

use crate::{Error, args::Arguments};

/// Runs the server until the client says `exit` or closes stdin. A person at a terminal would wait
/// for ever, and a script that gives it nothing would learn nothing, so there it says what it is
/// instead; `--stdio` speaks the protocol even on a terminal.
pub(crate) fn on_stdio(stdio: bool) -> Result<ExitCode, Error> {
    if !stdio && io::stdin().is_terminal() {
        return Ok(say_what_this_is());
    }
    let input = Noted { input: io::stdin(), spoken: Arc::default() };
    let spoken = Arc::clone(&input.spoken);
    let code = specql_server::serve(input, io::stdout());
    if !stdio && !spoken.load(Ordering::Relaxed) {
        return Ok(say_what_this_is());
    }
    Ok(ExitCode::from(u8::try_from(code).unwrap_or(1)))
}

fn say_what_this_is() -> ExitCode {
    let help = Arguments::command().render_help();
    say!(
        "specql-lsp is a language server: an editor starts it and speaks to it on stdin\n\n{}",
        help.ansi()
    );
    ExitCode::from(2)
}

/// Input that knows whether anything came.
struct Noted<R> {
    input: R,
    spoken: Arc<AtomicBool>,
}

impl<R: Read> Read for Noted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        if count > 0 {
            self.spoken.store(true, Ordering::Relaxed);
        }
        Ok(count)
    }
}
