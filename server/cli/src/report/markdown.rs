//! A comment for a review: a sentence, then a table of findings, the gravest first.

use std::io::{self, Write};

use specql_ide::Level;

use crate::report::{Finding, Report, counted, level_name, summary};

mod cell;

pub(crate) use cell::{cell, code};

/// Services cut comments of more than 65,536 characters.
const SHOWN: usize = 100;

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "### SpecQL: {}", title(report))?;
    writeln!(out)?;
    if report.findings.is_empty() {
        return Ok(());
    }
    writeln!(out, "| | where | finding |")?;
    writeln!(out, "|---|---|---|")?;
    let levels = [Level::Error, Level::Warning, Level::Info];
    let sorted =
        levels.iter().flat_map(|level| report.findings.iter().filter(move |it| it.level == *level));
    for it in sorted.take(SHOWN) {
        writeln!(out, "{}", row(report, it))?;
    }
    if let Some(hidden) = report.findings.len().checked_sub(SHOWN).filter(|it| *it > 0) {
        writeln!(out, "\n{} not shown.", counted(hidden, "finding"))?;
    }
    Ok(())
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
