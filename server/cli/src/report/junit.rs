//! JUnit XML: a suite for each file with findings, a failing case for each finding.

use std::io::{self, Write};

use quick_xml::{
    Writer,
    events::{BytesText, Event},
};

use crate::report::{Finding, Report, level_name, summary, text::printable};

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut xml = Writer::new_with_indent(&mut *out, b' ', 2);
    xml.write_event(declaration())?;
    let count = report.findings.len().to_string();
    let suites = xml.create_element("testsuites").with_attributes([
        ("name", "specql-lsp"),
        ("tests", if report.findings.is_empty() { "1" } else { &count }),
        ("failures", &count),
    ]);
    suites.write_inner_content(|xml| {
        if report.findings.is_empty() {
            return passed(report, xml);
        }
        let by_file =
            report.findings.chunk_by(|left, right| left.place.source == right.place.source);
        for findings in by_file {
            suite(report, findings, xml)?;
        }
        Ok(())
    })?;
    writeln!(out)
}

pub(super) fn declaration() -> Event<'static> {
    Event::Decl(quick_xml::events::BytesDecl::new("1.0", Some("UTF-8"), None))
}

/// A run without a case counts as one that did not run.
fn passed<W: Write>(report: &Report, xml: &mut Writer<W>) -> io::Result<()> {
    let suite = xml.create_element("testsuite");
    let suite = suite.with_attributes([("name", "specql-lsp"), ("tests", "1"), ("failures", "0")]);
    suite.write_inner_content(|xml| {
        let name = summary::line(report);
        let case = xml.create_element("testcase");
        case.with_attributes([("name", &*name), ("classname", "specql-lsp")]).write_empty()?;
        Ok(())
    })?;
    Ok(())
}

fn suite<W: Write>(report: &Report, findings: &[Finding], xml: &mut Writer<W>) -> io::Result<()> {
    let Some(first) = findings.first() else { return Ok(()) };
    let path = printable(report.path(first.place));
    let count = findings.len().to_string();
    let suite = xml.create_element("testsuite");
    let suite = suite.with_attributes([("name", &*path), ("tests", &count), ("failures", &count)]);
    suite.write_inner_content(|xml| {
        for it in findings {
            let start = report.span(it.place).start;
            let name = format!("{} ({}:{})", it.code, start.line, start.character);
            let case = xml.create_element("testcase");
            let case = case.with_attributes([("name", &*name), ("classname", &*path)]);
            case.write_inner_content(|xml| {
                let message = printable(&it.message);
                let failure = xml
                    .create_element("failure")
                    .with_attributes([("type", level_name(it.level)), ("message", &*message)]);
                let help = it.help().map(printable).unwrap_or_default();
                failure.write_text_content(BytesText::new(&help))?;
                Ok(())
            })?;
        }
        Ok(())
    })?;
    Ok(())
}
