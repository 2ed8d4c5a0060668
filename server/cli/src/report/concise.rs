//! `path:line:column: level[code] message`: one line for each finding.

use std::io::{self, Write};

use specql_ide::FileId;
use specql_text::LineIndex;

use crate::report::{Report, level_name, positions};

pub(crate) fn print(report: &Report<'_>) -> io::Result<()> {
    write(&mut io::BufWriter::new(io::stdout().lock()), report)
}

fn write(out: &mut impl Write, report: &Report<'_>) -> io::Result<()> {
    let mut current: Option<(FileId, LineIndex)> = None;
    for finding in &report.findings {
        let index = match &current {
            Some((file, index)) if *file == finding.file => index,
            _ => {
                let index = LineIndex::new(report.text(finding.file));
                &current.insert((finding.file, index)).1
            }
        };
        let start = positions(index, finding.range).0;
        writeln!(
            out,
            "{}:{}:{}: {}[{}] {}",
            report.path(finding.file),
            start.line,
            start.character,
            level_name(finding.level),
            finding.code,
            finding.message,
        )?;
    }
    out.flush()
}
