//! `specql-lsp explain`: what a code means, whichever command prints it.

mod page;

use std::{
    io::{self, IsTerminal, Write},
    process::ExitCode,
};

use crate::{
    Error,
    args::Explain,
    report::{Terminal, level_name},
};

/// Prints the page of a code, or the list of all.
pub(crate) fn run(arguments: &Explain) -> Result<ExitCode, Error> {
    let mut out = anstream::AutoStream::auto(io::stdout());
    match &arguments.code {
        Some(code) => {
            let page = found(code)?;
            // A reader of a pipe may want the Markdown.
            let shown = match io::stdout().is_terminal() {
                true => page::styled(&page, Terminal::of_stdout().width.min(WIDEST)),
                false => page,
            };
            out.write_all(shown.as_bytes())?;
        }
        None => {
            for (code, level, summary) in specql_ide::rules() {
                writeln!(out, "{code:28} {:8} {summary}", level_name(level))?;
            }
            writeln!(
                out,
                "\nchanges that `specql-lsp diff` reports; the member of an event or cascade\n"
            )?;
            for (code, summary) in specql_ide::change_codes() {
                writeln!(out, "{code:28} {summary}")?;
            }
            writeln!(out, "\nwhat is about no single code\n")?;
            for (name, summary) in specql_ide::topics() {
                writeln!(out, "{name:28} {summary}")?;
            }
        }
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// Longer lines are hard to read, however wide a terminal is.
const WIDEST: usize = 100;

fn found(name: &str) -> Result<String, Error> {
    let name = name.trim().trim_start_matches("specql(").trim_end_matches(')');
    let code = name.to_ascii_lowercase().replace(['_', ' '], "-");
    let page = specql_ide::explain(&code).map(str::to_owned);
    page.or_else(|| specql_ide::explain_change(&code)).ok_or_else(|| {
        let near = specql_ide::near_code(&code);
        let hint = near.map_or_else(
            || "`specql-lsp explain` lists all".to_owned(),
            |it| format!("did you mean `{it}`?"),
        );
        Error::Usage(format!("there is no code `{name}`; {hint}"))
    })
}
