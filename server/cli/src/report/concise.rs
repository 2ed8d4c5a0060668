//! `path:line:column: level[code] message`: one line for each finding.

use std::io::{self, Write};

use crate::report::{Report, level_name, text::one_line, text::path_on_a_line};

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for finding in &report.findings {
        let start = report.span(finding.place).start;
        writeln!(
            out,
            "{}:{}:{}: {}[{}] {}",
            path_on_a_line(report.path(finding.place)),
            start.line,
            start.character,
            level_name(finding.level),
            finding.code,
            one_line(&finding.message),
        )?;
    }
    Ok(())
}
