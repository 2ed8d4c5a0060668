//! One JSON object; its shape is a contract with other programs and carries a version.

use std::{
    collections::HashMap,
    io::{self, Write},
};

use serde::Serialize;
use specql_ide::{Applicability, Diagnostic, FileId, Level};
use specql_text::{LineIndex, TextRange};

use crate::report::{Report, level_name, positions};

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

pub(crate) fn print(report: &Report<'_>) -> io::Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    serde_json::to_writer_pretty(&mut out, &document(report))?;
    writeln!(out)?;
    out.flush()
}

fn document<'a>(report: &'a Report<'_>) -> Document<'a> {
    let mut ranges = Ranges { report, indices: HashMap::new() };
    Document {
        version: VERSION,
        summary: Summary {
            files: report.files,
            entities: report.entities,
            errors: report.count(Level::Error),
            warnings: report.count(Level::Warning),
            infos: report.count(Level::Info),
        },
        findings: report.findings.iter().map(|it| finding(it, &mut ranges)).collect(),
    }
}

fn finding<'a>(it: &'a Diagnostic, ranges: &mut Ranges<'a, '_>) -> Finding<'a> {
    Finding {
        code: it.code,
        level: level_name(it.level),
        message: &it.message,
        file: ranges.report.path(it.file),
        range: ranges.range(it.file, it.range),
        help: it.help.as_deref(),
        url: specql_ide::rule_url(it.code),
        related: it.related.iter().map(|it| related(it, ranges)).collect(),
        fixes: it.fixes.iter().map(|it| fix(it, ranges)).collect(),
    }
}

fn related<'a>(it: &'a specql_ide::Related, ranges: &mut Ranges<'a, '_>) -> Related<'a> {
    Related {
        message: &it.message,
        file: ranges.report.path(it.file),
        range: ranges.range(it.file, it.range),
    }
}

fn fix<'a>(it: &'a specql_ide::Fix, ranges: &mut Ranges<'a, '_>) -> Fix<'a> {
    let edit = |it: &'a specql_ide::FileEdit| Edit {
        file: ranges.report.path(it.file),
        range: ranges.range(it.file, it.edit.range),
        text: &it.edit.text,
    };
    Fix {
        title: &it.title,
        applicability: match it.applicability {
            Applicability::Safe => "safe",
            Applicability::Review => "review",
        },
        edits: it.edits.iter().map(edit).collect(),
    }
}

/// Line indices of the files that findings name, each made once.
struct Ranges<'a, 'r> {
    report: &'a Report<'r>,
    indices: HashMap<FileId, LineIndex>,
}

impl Ranges<'_, '_> {
    fn range(&mut self, file: FileId, range: TextRange) -> Range {
        let text = self.report.text(file);
        let index = self.indices.entry(file).or_insert_with(|| LineIndex::new(text));
        let (start, end) = positions(index, range);
        Range {
            start: Point { line: start.line, column: start.character, offset: range.start() },
            end: Point { line: end.line, column: end.character, offset: range.end() },
        }
    }
}
