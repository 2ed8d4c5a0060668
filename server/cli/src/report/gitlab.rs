//! GitLab's Code Quality report.

use std::io::{self, Write};

use serde_json::{Value, json};
use specql_ide::Level;

use crate::report::{Finding, Report, fingerprints};

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let fingerprints = fingerprints(report);
    let issues = report.findings.iter().zip(fingerprints);
    let issues: Vec<Value> = issues.map(|(it, mark)| issue(report, it, &mark)).collect();
    serde_json::to_writer_pretty(&mut *out, &issues)?;
    writeln!(out)
}

fn issue(report: &Report, it: &Finding, fingerprint: &str) -> Value {
    let span = report.span(it.place);
    json!({
        "description": it.message,
        "check_name": it.code,
        "fingerprint": fingerprint,
        "severity": match it.level {
            Level::Error => "critical",
            Level::Warning => "major",
            Level::Info | Level::Hint | Level::Off => "info",
        },
        "location": {
            "path": report.repository_path(it.place),
            "lines": {"begin": span.start.line, "end": span.end.line},
        },
    })
}
