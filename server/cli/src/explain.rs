//! `specql-lsp explain`: what a code means, whichever command prints it.

use std::{
    io::{self, IsTerminal, Write},
    process::ExitCode,
};

use crate::{Error, args::Explain, report::level_name};

/// Prints the page of a code, or the list of all.
pub(crate) fn run(arguments: &Explain) -> Result<ExitCode, Error> {
    let mut out = anstream::AutoStream::auto(io::stdout());
    match &arguments.code {
        Some(code) => {
            let page = page(code)?;
            // A reader of a pipe may want the Markdown.
            let shown = if io::stdout().is_terminal() { styled(&page) } else { page };
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

fn page(name: &str) -> Result<String, Error> {
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

/// Markdown with weights and colours: headings, what is in backticks, code.
fn styled(page: &str) -> String {
    let (mut res, mut fenced) = (String::new(), false);
    for line in page.lines() {
        if line.starts_with("```") {
            fenced = !fenced;
            continue;
        }
        let line = if fenced {
            format!("    {}", code_line(line))
        } else if let Some(heading) = line.strip_prefix('#') {
            format!("\x1b[1m{}\x1b[0m", heading.trim_start_matches('#').trim_start())
        } else {
            inline(line)
        };
        res.push_str(&line);
        res.push('\n');
    }
    res
}

/// What an example says is found stands out.
fn code_line(line: &str) -> String {
    let is_marker = line.trim_start().starts_with('#') && line.contains('^');
    if is_marker { format!("\x1b[33m{line}\x1b[0m") } else { line.to_owned() }
}

fn inline(line: &str) -> String {
    let mut res = String::new();
    for (at, part) in line.split('`').enumerate() {
        match at % 2 {
            0 => res.push_str(part),
            _ => res.push_str(&format!("\x1b[36m{part}\x1b[0m")),
        }
    }
    res
}

#[cfg(test)]
mod tests {
    use super::styled;

    #[test]
    fn a_page_is_shown_with_weights() {
        let page = "# a-rule\n\nUse `x`.\n\n```yaml\na: b\n#  ^ error[a-rule]\n```\n";
        assert_eq!(
            styled(page),
            "\u{1b}[1ma-rule\u{1b}[0m\n\nUse \u{1b}[36mx\u{1b}[0m.\n\n    a: b\n    \u{1b}[33m#  ^ \
             error[a-rule]\u{1b}[0m\n"
        );
    }
}
