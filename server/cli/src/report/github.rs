//! Workflow commands of GitHub Actions, which become annotations.
//!
//! A step shows ten annotations of a level and drops the others, so no more are written; all findings
//! go to the summary of the job, where there is one, as far as GitHub takes it.

use std::{
    env, fs,
    io::{self, Write},
};

use specql_ide::Level;

use crate::report::{LEVELS, Report, counted, markdown, text::printable};

/// GitHub takes no more bytes of a step's summary, and nothing at all of one that has more.
const SUMMARY: usize = 1024 * 1024;
/// What GitHub shows of a level in a step.
const SHOWN: usize = 10;

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for level in LEVELS {
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
    let hidden = report.findings.len() - LEVELS.map(shown).iter().sum::<usize>();
    let summary = env::var_os("GITHUB_STEP_SUMMARY");
    let mut missing = 0;
    if let Some(path) = &summary {
        let mut file = fs::OpenOptions::new().create(true).append(true).open(path)?;
        let there = usize::try_from(file.metadata()?.len()).unwrap_or(usize::MAX);
        let (text, hidden) = markdown::within(report, SUMMARY.saturating_sub(there));
        file.write_all(text.as_bytes())?;
        missing = hidden;
    }
    if hidden > 0 {
        let rest = counted(hidden, "finding");
        let place = match (&summary, missing) {
            (None, _) => String::new(),
            (Some(_), 0) => "; the job's summary lists all".to_owned(),
            (Some(_), it) => {
                format!("; the job's summary lists all but {it}, for which it has no room")
            }
        };
        writeln!(out, "::notice title=specql-lsp::{rest} not shown as annotations{place}")?;
    }
    Ok(())
}

const fn command(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info | Level::Hint | Level::Off => "notice",
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
