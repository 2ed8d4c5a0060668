//! Workflow commands of GitHub Actions, which become annotations.
//!
//! A step shows ten annotations of a level and drops the others, so no more are written; all findings
//! go to the summary of the job, where there is one.

use std::{
    env, fs,
    io::{self, Write},
};

use specql_ide::Level;

use crate::report::{Report, counted, markdown, text::printable};

/// What GitHub shows of a level in a step.
const SHOWN: usize = 10;

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for level in [Level::Error, Level::Warning, Level::Info] {
        let of_level = report.findings.iter().filter(|it| it.level == level);
        for it in of_level.take(SHOWN) {
            let span = report.span(it.place);
            let mut text = it.message.clone();
            if let Some(help) = it.help() {
                text = format!("{text}\n{help}");
            }
            writeln!(
                out,
                "::{} file={},line={},endLine={},col={},endColumn={},title={}::{}",
                command(level),
                property(&report.repository_path(it.place)),
                span.start.line,
                span.end.line,
                span.start.character,
                span.end.character,
                property(it.code),
                data(&text),
            )?;
        }
    }
    let shown = |level| report.count(level).min(SHOWN);
    let hidden = report.findings.len()
        - [Level::Error, Level::Warning, Level::Info].map(shown).iter().sum::<usize>();
    let summary = env::var_os("GITHUB_STEP_SUMMARY");
    if let Some(path) = &summary {
        let mut file = fs::OpenOptions::new().create(true).append(true).open(path)?;
        markdown::write(report, &mut file)?;
    }
    if hidden > 0 {
        let rest = counted(hidden, "finding");
        let place = if summary.is_some() { "; the job's summary lists all" } else { "" };
        writeln!(out, "::notice title=specql-lsp::{rest} not shown as annotations{place}")?;
    }
    Ok(())
}

const fn command(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info | Level::Off => "notice",
    }
}

fn data(text: &str) -> String {
    printable(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::{data, property};

    #[test]
    fn what_ends_a_command_is_escaped() {
        assert_eq!(data("50 %\n: a, b"), "50 %25%0A: a, b");
        assert_eq!(property("a:b,c"), "a%3Ab%2Cc");
        assert_eq!(property("a\u{1b}[31m\nb"), "a\\u{1b}[31m%0Ab");
    }
}
