//! One JSON object, or one finding a line; the shape is a contract with other programs, carries a
//! version, and is described by `docs/schemas/check-report.schema.json`.

use std::io::{self, Write};

use serde::Serialize;
use specql_ide::Level;

use crate::report::{self, Place, Report, level_name};

/// Changes whenever a reader of the old shape would misread the new one.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    summary: Summary,
    findings: Vec<Finding<'a>>,
}

#[derive(Serialize)]
struct Summary {
    files: usize,
    entities: usize,
    errors: usize,
    warnings: usize,
    infos: usize,
    hints: usize,
    fixable: usize,
}

#[derive(Serialize)]
struct Finding<'a> {
    code: &'a str,
    level: &'a str,
    message: &'a str,
    file: &'a str,
    range: Range,
    help: Option<&'a str>,
    url: String,
    related: Vec<Related<'a>>,
    fixes: Vec<Fix<'a>>,
}

#[derive(Serialize)]
struct Related<'a> {
    message: &'a str,
    file: &'a str,
    range: Range,
}

#[derive(Serialize)]
struct Fix<'a> {
    title: &'a str,
    applicability: &'static str,
    edits: Vec<Edit<'a>>,
}

#[derive(Serialize)]
struct Edit<'a> {
    file: &'a str,
    range: Range,
    text: &'a str,
}

#[derive(Serialize)]
struct Range {
    start: Point,
    end: Point,
}

/// Line and column count from 1, columns in characters; the offset in bytes from 0.
#[derive(Serialize)]
struct Point {
    line: u32,
    column: u32,
    offset: u32,
}

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &document(report))?;
    writeln!(out)
}

pub(super) fn write_lines(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for it in &report.findings {
        serde_json::to_writer(&mut *out, &finding(report, it))?;
        writeln!(out)?;
    }
    Ok(())
}

fn document(report: &Report) -> Document<'_> {
    Document {
        version: VERSION,
        summary: Summary {
            files: report.files,
            entities: report.entities,
            errors: report.count(Level::Error),
            warnings: report.count(Level::Warning),
            infos: report.count(Level::Info),
            hints: report.count(Level::Hint),
            fixable: report.fixable(),
        },
        findings: report.findings.iter().map(|it| finding(report, it)).collect(),
    }
}

fn finding<'a>(report: &'a Report, it: &'a report::Finding) -> Finding<'a> {
    let related = |it: &'a report::Related| Related {
        message: &it.message,
        file: report.path(it.place),
        range: range(report, it.place),
    };
    Finding {
        code: it.code,
        level: level_name(it.level),
        message: &it.message,
        file: report.path(it.place),
        range: range(report, it.place),
        help: it.help(),
        url: specql_ide::rule_url(it.code),
        related: it.related.iter().map(related).collect(),
        fixes: it.fixes.iter().map(|it| fix(report, it)).collect(),
    }
}

fn fix<'a>(report: &'a Report, it: &'a report::Fix) -> Fix<'a> {
    let edit = |(place, text): &'a (Place, String)| Edit {
        file: report.path(*place),
        range: range(report, *place),
        text,
    };
    Fix {
        title: &it.title,
        applicability: if it.safe { "safe" } else { "review" },
        edits: it.edits.iter().map(edit).collect(),
    }
}

fn range(report: &Report, place: Place) -> Range {
    let span = report.span(place);
    let point =
        |it: specql_text::Position, offset| Point { line: it.line, column: it.character, offset };
    Range { start: point(span.start, place.range.start()), end: point(span.end, place.range.end()) }
}
