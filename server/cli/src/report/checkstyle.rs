//! Checkstyle XML, which many CI services and editors read.

use std::io::{self, Write};

use quick_xml::Writer;
use specql_ide::Level;

use crate::report::{Report, junit::declaration, level_name, text::printable};

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut xml = Writer::new_with_indent(&mut *out, b' ', 2);
    xml.write_event(declaration())?;
    let root = xml.create_element("checkstyle").with_attribute(("version", "4.3"));
    root.write_inner_content(|xml| {
        let by_file =
            report.findings.chunk_by(|left, right| left.place.source == right.place.source);
        for findings in by_file {
            let Some(first) = findings.first() else { continue };
            let path = printable(report.path(first.place));
            let file = xml.create_element("file").with_attribute(("name", &*path));
            file.write_inner_content(|xml| {
                for it in findings {
                    let start = report.span(it.place).start;
                    let (line, column) = (start.line.to_string(), start.character.to_string());
                    let source = format!("specql.{}", it.code);
                    let message = printable(&it.message);
                    let error = xml.create_element("error").with_attributes([
                        ("line", &*line),
                        ("column", &*column),
                        ("severity", severity(it.level)),
                        ("message", &*message),
                        ("source", &*source),
                    ]);
                    error.write_empty()?;
                }
                Ok(())
            })?;
        }
        Ok(())
    })?;
    writeln!(out)
}

/// A word that the format knows.
const fn severity(level: Level) -> &'static str {
    match level {
        Level::Hint => level_name(Level::Info),
        it => level_name(it),
    }
}
