//! For coding agents: one line a finding, with the fix as text, and nothing to look at.

use std::io::{self, Write};

use crate::report::{
    Finding, Fix, Report, level_name, summary,
    text::{one_line, path_on_a_line, printable},
};

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for it in &report.findings {
        writeln!(out, "{}", line(report, it))?;
    }
    writeln!(out, "{}", summary::line(report))
}

fn line(report: &Report, it: &Finding) -> String {
    let start = report.span(it.place).start;
    let mut res = format!(
        "{}:{}:{} {} {}: {}",
        path_on_a_line(report.path(it.place)),
        start.line,
        start.character,
        level_name(it.level),
        it.code,
        one_line(&it.message),
    );
    match (it.fixes.first(), it.help()) {
        (Some(first), _) => res.push_str(&fix(report, it, first)),
        (None, Some(help)) => res.push_str(&format!(" [help: {}]", one_line(help))),
        (None, None) => {}
    }
    res
}

/// `[fix (safe): Use … | 3:5 "txt" -> "text"]`, texts as JSON strings; places in other files have a path.
fn fix(report: &Report, finding: &Finding, it: &Fix) -> String {
    let applicability = if it.safe { "safe" } else { "review" };
    let mut res = format!(" [fix ({applicability}): {}", one_line(&it.title));
    for (place, text) in &it.edits {
        let source = report.source(*place);
        let old = source.text.get(place.range.to_usize()).unwrap_or_default();
        let start = report.span(*place).start;
        let quoted = |it: &str| printable(&serde_json::Value::from(it).to_string()).into_owned();
        let path = report.path(*place);
        let path = if place.is_beside(finding.place) {
            String::new()
        } else {
            format!("{}:", path_on_a_line(path))
        };
        res.push_str(&format!(
            " | {path}{}:{} {} -> {}",
            start.line,
            start.character,
            quoted(old),
            quoted(text)
        ));
    }
    res.push(']');
    res
}
