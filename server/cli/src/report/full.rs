//! The report for people: excerpts with labels and help, by file, as wide as the terminal.

use std::io::{self, Write};

use annotate_snippets::{
    Annotation, AnnotationKind, Group, Level as Title, Renderer, Snippet, renderer::DecorStyle,
};
use specql_ide::Level;
use specql_text::TextRange;

use crate::report::{
    Finding, Report, Source, Terminal, summary,
    text::{path_on_a_line, printable},
};

/// With more findings than this nobody reads each: a table by rule stands for them.
const READABLE: usize = 200;

pub(super) fn write(
    report: &Report,
    terminal: Terminal,
    all: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    if report.findings.len() > READABLE && !all {
        summary::table(report, out)?;
        writeln!(out)?;
        writeln!(out, "{}", summary::line(report))?;
        return writeln!(out, "`--full` shows every finding");
    }
    let decor = if terminal.unicode { DecorStyle::Unicode } else { DecorStyle::Ascii };
    let renderer = Renderer::styled().decor_style(decor).term_width(terminal.width);
    for of_file in report.findings.chunk_by(|left, right| left.place.source == right.place.source) {
        for finding in of_file {
            let groups = [group(report, finding, terminal.width)];
            writeln!(out, "{}", renderer.render(&groups))?;
            writeln!(out)?;
        }
    }
    writeln!(out, "{}", textwrap::fill(&summary::line(report), terminal.width))?;
    if let Some(first) = report.findings.first() {
        let code = first.code;
        writeln!(out, "`specql-lsp explain {code}` says more about a rule")?;
    }
    Ok(())
}

fn group<'a>(report: &'a Report, finding: &'a Finding, width: usize) -> Group<'a> {
    let level = match finding.level {
        Level::Error => Title::ERROR,
        Level::Warning => Title::WARNING,
        Level::Info | Level::Off => Title::INFO,
    };
    let before = finding.code.len() + "warning[]: ".len();
    let title = level.primary_title(wrapped(&finding.message, width, before)).id(finding.code);
    let mut group = title.element(here(report, finding));
    let other = |it: &&super::Related| it.place.source != finding.place.source;
    for related in finding.related.iter().filter(other) {
        let label = AnnotationKind::Context;
        let labels = vec![(label, related.place.range, Some(&*related.message))];
        group = group.element(excerpt(report.source(related.place), &labels));
    }
    if let Some(help) = finding.help() {
        group = group.element(Title::HELP.message(wrapped(help, width, "   = help: ".len())));
    }
    group
}

/// The place, and what else matters in its file.
fn here<'a>(report: &'a Report, finding: &'a Finding) -> Snippet<'a, Annotation<'a>> {
    let same = finding.related.iter().filter(|it| it.place.source == finding.place.source);
    let primary = (AnnotationKind::Primary, finding.place.range, None);
    let others = same.map(|it| (AnnotationKind::Context, it.place.range, Some(&*it.message)));
    let labels: Vec<_> = std::iter::once(primary).chain(others).collect();
    excerpt(report.source(finding.place), &labels)
}

/// The lines from the first label to the last; what lies between is folded. Only these are handed on,
/// so a long file costs what its excerpt costs.
fn excerpt<'a>(
    source: &'a Source,
    labels: &[(AnnotationKind, TextRange, Option<&'a str>)],
) -> Snippet<'a, Annotation<'a>> {
    let text = &*source.text;
    let first = labels.iter().map(|it| it.1.start()).min().unwrap_or_default() as usize;
    let last = labels.iter().map(|it| it.1.end()).max().unwrap_or_default() as usize;
    let begin = text.get(..first).and_then(|it| it.rfind('\n')).map_or(0, |it| it + 1);
    let end = text.get(last..).and_then(|it| it.find('\n')).map_or(text.len(), |it| last + it);
    let line = source.span(TextRange::empty(u32::try_from(begin).unwrap_or(u32::MAX))).start.line;
    let annotation = |(kind, range, label): &(AnnotationKind, TextRange, Option<&'a str>)| {
        let range = range.to_usize();
        let within = |it: usize| it.clamp(begin, end) - begin;
        let it = kind.span(within(range.start)..within(range.end));
        match label {
            Some(text) if !text.is_empty() => it.label(printable(text)),
            _ => it,
        }
    };
    Snippet::source(text.get(begin..end).unwrap_or_default())
        .path(path_on_a_line(&source.path))
        .line_start(line as usize)
        .fold(true)
        .annotations(labels.iter().map(annotation))
}

/// Broken at blanks so that it fits behind what stands before its first line. Where that leaves a narrow
/// column, the terminal breaks the line: its lines are longer than those behind an indent.
fn wrapped(text: &str, width: usize, before: usize) -> String {
    let text = printable(text);
    match width.checked_sub(before).filter(|it| *it >= NARROW) {
        Some(room) => textwrap::fill(&text, room),
        None => text.into_owned(),
    }
}

/// A column of fewer characters is no pleasure to read.
const NARROW: usize = 40;
