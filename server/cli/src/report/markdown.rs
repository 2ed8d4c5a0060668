//! A comment for a review: a sentence, then a table of findings, the gravest first.

use std::io::{self, Write};

use crate::report::{Finding, LEVELS, Report, counted, level_name, summary};

mod cell;

pub(crate) use cell::{cell, code};

/// Services cut comments of more than 65,536 characters.
const SHOWN: usize = 100;

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut count = 0;
    let fits = |_: usize| {
        count += 1;
        count <= SHOWN
    };
    let (text, hidden) = table(report, fits);
    out.write_all(text.as_bytes())?;
    if hidden > 0 {
        writeln!(out, "\n{} not shown.", counted(hidden, "finding"))?;
    }
    Ok(())
}

/// The same with as many findings as a text of so many bytes can have. Gives it with how many are left out,
/// which it says.
pub(super) fn within(report: &Report, bytes: usize) -> (String, usize) {
    let note =
        |hidden| format!("\n{} not shown: the summary is full.\n", counted(hidden, "finding"));
    let room = bytes.saturating_sub(note(report.findings.len()).len());
    let (mut text, hidden) = table(report, |end| end <= room);
    if hidden > 0 {
        text.push_str(&note(hidden));
    }
    (text, hidden)
}

/// The title and the table, with rows as long as they fit: `fits` is asked with the bytes up to their end.
/// Gives how many are left out.
fn table(report: &Report, mut fits: impl FnMut(usize) -> bool) -> (String, usize) {
    let mut text = format!("### SpecQL: {}\n\n", title(report));
    if report.findings.is_empty() {
        return (text, 0);
    }
    text.push_str("| | where | finding |\n|---|---|---|\n");
    let sorted =
        LEVELS.iter().flat_map(|level| report.findings.iter().filter(move |it| it.level == *level));
    let mut hidden = 0;
    for it in sorted {
        let row = row(report, it);
        if hidden == 0 && fits(text.len() + row.len() + 1) {
            text.push_str(&row);
            text.push('\n');
        } else {
            hidden += 1;
        }
    }
    (text, hidden)
}

fn title(report: &Report) -> String {
    let checked = counted(report.entities, "entity");
    if report.findings.is_empty() {
        return format!("no findings in {checked}");
    }
    format!("{} in {checked}", summary::levels(&report.findings))
}

fn row(report: &Report, it: &Finding) -> String {
    let help = it.help().map_or(String::new(), |it| format!("<br>{}", cell(it)));
    format!(
        "| {} | {} | [`{}`]({}) {}{help} |",
        level_name(it.level),
        code(&format!("{}:{}", report.repository_path(it.place), report.span(it.place).start.line)),
        it.code,
        specql_ide::rule_url(it.code),
        cell(&it.message),
    )
}
