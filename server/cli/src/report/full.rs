//! The report for people: excerpts with labels and help, by file, as wide as the terminal.

use std::io::{self, Write};

use annotate_snippets::{
    Annotation, AnnotationKind, Group, Level as Title, Renderer, Snippet,
    renderer::{
        DEFAULT_ERROR_STYLE, DEFAULT_HELP_STYLE, DEFAULT_INFO_STYLE, DEFAULT_WARNING_STYLE,
        DecorStyle, Style,
    },
};

use specql_ide::Level;
use specql_text::TextRange;

use crate::report::{
    Finding, Report, Source, Terminal, level_name, summary,
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
            one(report, finding, &renderer, terminal.width, out)?;
            writeln!(out)?;
        }
    }
    writeln!(out, "{}", textwrap::fill(&summary::line(report), terminal.width))?;
    if let Some(first) = report.findings.first() {
        let code = first.code;
        let more = format!("`specql-lsp explain {code}` says more about a rule");
        writeln!(out, "{}", textwrap::fill(&more, terminal.width))?;
    }
    Ok(())
}

/// A finding. Where what stands before a text leaves a narrow column, the text has the whole width instead.
fn one(
    report: &Report,
    finding: &Finding,
    renderer: &Renderer,
    width: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    let (level, style) = match finding.level {
        Level::Error => (Title::ERROR, DEFAULT_ERROR_STYLE),
        Level::Warning => (Title::WARNING, DEFAULT_WARNING_STYLE),
        Level::Info | Level::Off => (Title::INFO, DEFAULT_INFO_STYLE),
    };
    let before = finding.code.len() + "warning[]: ".len();
    let mut group = match wrapped(&finding.message, width, before) {
        Some(text) => Group::with_title(level.primary_title(text).id(finding.code)),
        None => {
            let head = format!("{}[{}]", level_name(finding.level), finding.code);
            whole_width(&head, &finding.message, style, width, out)?;
            Group::with_level(level)
        }
    };
    group = group.element(here(report, finding));
    let other = |it: &&super::Related| it.place.source != finding.place.source;
    for related in finding.related.iter().filter(other) {
        let label = AnnotationKind::Context;
        let labels = vec![(label, related.place.range, Some(&*related.message))];
        group = group.element(excerpt(report.source(related.place), &labels));
    }
    let help = finding.help().map(|it| (it, wrapped(it, width, "   = help: ".len())));
    if let Some((_, Some(text))) = &help {
        group = group.element(Title::HELP.message(text));
    }
    writeln!(out, "{}", renderer.render(&[group]))?;
    match help {
        Some((help, None)) => whole_width("help", help, DEFAULT_HELP_STYLE, width, out),
        Some((_, Some(_))) | None => Ok(()),
    }
}

/// Lines from the margin to the end of the terminal, which begin with a word in its style.
fn whole_width(
    head: &str,
    text: &str,
    style: Style,
    width: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    let text = textwrap::fill(&format!("{head}: {}", printable(text)), width);
    let rest = text.strip_prefix(head).unwrap_or(&text);
    let bold = Style::new().bold();
    writeln!(out, "{style}{head}{style:#}{bold}{rest}{bold:#}")
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

/// Broken at blanks so that it fits behind what stands before its first line; nothing where that leaves a
/// narrow column for several lines.
fn wrapped(text: &str, width: usize, before: usize) -> Option<String> {
    let text = printable(text);
    let room = width.checked_sub(before)?;
    let is_line = || !text.contains('\n') && textwrap::core::display_width(&text) <= room;
    (room >= NARROW || is_line()).then(|| textwrap::fill(&text, room))
}

/// A column of fewer characters is no pleasure to read.
const NARROW: usize = 40;
