//! The last line of a report, and the table that stands for very many findings.

use std::io::{self, Write};

use crate::report::{
    Finding, LEVELS, Report, counted, level_name, text::one_line, text::path_on_a_line,
};

/// `2 errors, 1 warning: 3 entities in 4 files checked; 1 can be fixed by …`.
pub(super) fn line(report: &Report) -> String {
    let checked =
        format!("{} in {}", counted(report.entities, "entity"), counted(report.files, "file"));
    if report.findings.is_empty() && report.files == 0 {
        return "nothing was checked".to_owned();
    }
    if report.findings.is_empty() {
        return format!("no findings: {checked} checked");
    }
    let fixable = match (report.fixable(), report.fixable_after_a_look()) {
        (0, 0) => String::new(),
        (safe, 0) => format!("; {safe} can be fixed by `specql-lsp check --fix`"),
        (0, more) => format!("; {more} can be fixed by `--fix --unsafe-fixes`, to be looked at"),
        (safe, more) => format!(
            "; {safe} can be fixed by `specql-lsp check --fix`, {more} more with `--unsafe-fixes`, to be looked at"
        ),
    };
    format!("{}: {checked} checked{fixable}", levels(&report.findings))
}

/// `2 errors, 1 warning`.
pub(super) fn levels<'a>(findings: impl IntoIterator<Item = &'a Finding> + Clone) -> String {
    let count = |level| findings.clone().into_iter().filter(|it| it.level == level).count();
    let counts = LEVELS.into_iter().map(|it| (count(it), level_name(it))).filter(|it| it.0 > 0);
    let parts: Vec<String> = counts.map(|(count, noun)| counted(count, noun)).collect();
    parts.join(", ")
}

/// The findings of one rule.
pub(super) struct OfRule<'a> {
    pub(super) first: &'a Finding,
    pub(super) count: usize,
}

/// The findings by rule: errors first, then the more frequent ones.
pub(super) fn by_rule(report: &Report) -> Vec<OfRule<'_>> {
    let mut res: Vec<OfRule<'_>> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for finding in &report.findings {
        let place = *places.entry((finding.code, finding.level)).or_insert_with(|| {
            res.push(OfRule { first: finding, count: 0 });
            res.len() - 1
        });
        if let Some(it) = res.get_mut(place) {
            it.count += 1;
        }
    }
    res.sort_by(|left, right| {
        (right.first.level, right.count).cmp(&(left.first.level, left.count))
    });
    res
}

/// A line for each rule with its first finding.
pub(super) fn table(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for it in by_rule(report) {
        let finding = it.first;
        let start = report.span(finding.place).start;
        writeln!(out, "{:>6} × {}[{}]", it.count, level_name(finding.level), finding.code)?;
        writeln!(
            out,
            "         first: {}:{}:{}: {}",
            path_on_a_line(report.path(finding.place)),
            start.line,
            start.character,
            one_line(&finding.message),
        )?;
    }
    Ok(())
}
