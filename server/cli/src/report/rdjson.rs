//! Reviewdog's diagnostic format. Its columns count bytes of UTF-8.

use std::io::{self, Write};

use serde_json::{Value, json};
use specql_ide::Level;
use specql_text::PositionEncoding;

use crate::report::{Finding, Fix, Place, Report, fingerprint::slashes};

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let diagnostics: Vec<Value> = report.findings.iter().map(|it| diagnostic(report, it)).collect();
    let document = json!({
        "source": {"name": "specql-lsp", "url": specql_ide::HOME},
        "diagnostics": diagnostics,
    });
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

fn diagnostic(report: &Report, it: &Finding) -> Value {
    let related: Vec<Value> = it
        .related
        .iter()
        .map(|it| json!({"message": it.message, "location": location(report, it.place)}))
        .collect();
    json!({
        "message": it.message,
        "location": location(report, it.place),
        "severity": match it.level {
            Level::Error => "ERROR",
            Level::Warning => "WARNING",
            Level::Info | Level::Hint | Level::Off => "INFO",
        },
        "code": {"value": it.code, "url": specql_ide::rule_url(it.code)},
        "suggestions": best(it).map(|it| suggestions(report, it)).unwrap_or_default(),
        "relatedLocations": related,
    })
}

/// All suggestions of a finding are applied, to its own file: of several fixes the first counts, and one
/// that edits another file cannot be told.
fn best(it: &Finding) -> Option<&Fix> {
    let is_own = |fix: &&Fix| fix.edits.iter().all(|edit| edit.0.is_beside(it.place));
    it.fixes.iter().find(is_own)
}

fn suggestions(report: &Report, fix: &Fix) -> Vec<Value> {
    let one =
        |(place, text): &(Place, String)| json!({"range": range(report, *place), "text": text});
    fix.edits.iter().map(one).collect()
}

fn location(report: &Report, place: Place) -> Value {
    json!({"path": slashes(report.path(place)), "range": range(report, place)})
}

fn range(report: &Report, place: Place) -> Value {
    let (start, end) = report.source(place).lines().positions(place.range, PositionEncoding::Utf8);
    let point =
        |it: specql_text::Position| json!({"line": it.line + 1, "column": it.character + 1});
    json!({"start": point(start), "end": point(end)})
}
