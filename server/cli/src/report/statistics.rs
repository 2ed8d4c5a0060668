//! How often each rule was broken: `count  level  code  fixable`, or the same as JSON, which
//! `docs/schemas/check-statistics.schema.json` describes.

use std::io::{self, Write};

use serde::Serialize;

use crate::report::{Report, level_name, summary::by_rule};

/// Changes whenever a reader of the old shape would misread the new one.
const VERSION: u32 = 1;

/// The document.
#[derive(Serialize)]
struct Document {
    version: u32,
    rules: Vec<OfRule>,
}

#[derive(Serialize)]
struct OfRule {
    code: &'static str,
    level: &'static str,
    count: usize,
    fixable: usize,
}

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for OfRule { code, level, count, fixable } in rules(report) {
        let note = if fixable == 0 { String::new() } else { format!("  {fixable} fixable") };
        writeln!(out, "{count:>6}  {level:<8} {code}{note}")?;
    }
    out.flush()
}

pub(super) fn write_json(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let document = Document { version: VERSION, rules: rules(report) };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)?;
    out.flush()
}

fn rules(report: &Report) -> Vec<OfRule> {
    let of_rule = |it: crate::report::summary::OfRule<'_>| {
        let (code, level) = (it.first.code, it.first.level);
        let same = report.findings.iter().filter(|it| it.code == code && it.level == level);
        let fixable = same.filter(|it| it.fixes.iter().any(|fix| fix.safe)).count();
        OfRule { code, level: level_name(level), count: it.count, fixable }
    };
    by_rule(report).into_iter().map(of_rule).collect()
}
