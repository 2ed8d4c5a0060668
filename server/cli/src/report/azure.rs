//! Logging commands of Azure Pipelines.

use std::io::{self, Write};

use specql_ide::Level;

use crate::report::{
    Report,
    text::{one_line, printable},
};

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for it in &report.findings {
        let start = report.span(it.place).start;
        // There is no third level.
        let level = if it.level == Level::Error { "error" } else { "warning" };
        writeln!(
            out,
            "##vso[task.logissue type={level};sourcepath={};linenumber={};columnnumber={};code={};]{}",
            property(&report.repository_path(it.place)),
            start.line,
            start.character,
            it.code,
            one_line(&it.message).replace('%', "%AZP25"),
        )?;
    }
    Ok(())
}

fn property(text: &str) -> String {
    let text = printable(text).replace('%', "%AZP25").replace('\r', "%0D").replace('\n', "%0A");
    text.replace(';', "%3B").replace(']', "%5D")
}
