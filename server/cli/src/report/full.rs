//! The report for people: excerpts with labels and help, by file, as wide as the terminal.

use std::{
    borrow::Cow,
    io::{self, Write},
};

use annotate_snippets::{
    Annotation, AnnotationKind, Group, Level as Title, Renderer, Snippet,
    renderer::{
        DEFAULT_ERROR_STYLE, DEFAULT_HELP_STYLE, DEFAULT_INFO_STYLE, DEFAULT_NOTE_STYLE,
        DEFAULT_WARNING_STYLE, DecorStyle, Style,
    },
};

use specql_ide::Level;
use specql_text::TextRange;

use crate::report::{
    Finding, Place, Related, Report, Source, Terminal, level_name, summary,
    text::{filled, path_on_a_line, printable},
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
        let mut table = Vec::new();
        summary::table(report, &mut table)?;
        writeln!(out, "{}", terminal.said(&String::from_utf8_lossy(&table)))?;
        writeln!(out, "{}", summary::line(report))?;
        return writeln!(out, "`--full` shows every finding");
    }
    let decor = if terminal.unicode { DecorStyle::Unicode } else { DecorStyle::Ascii };
    let renderer = Renderer::styled().decor_style(decor).term_width(terminal.width);
    for of_file in report.findings.chunk_by(|left, right| left.place.source == right.place.source) {
        for finding in of_file {
            one(report, finding, &renderer, terminal, out)?;
            writeln!(out)?;
        }
    }
    writeln!(out, "{}", filled(&summary::line(report), terminal.width))?;
    if let Some(first) = report.findings.first() {
        let code = first.code;
        let more = format!("`specql-lsp explain {code}` says more about a rule");
        writeln!(out, "{}", filled(&more, terminal.width))?;
    }
    Ok(())
}

/// A finding. Where what stands before a text leaves a narrow column, the text has the whole width instead.
fn one(
    report: &Report,
    finding: &Finding,
    renderer: &Renderer,
    terminal: Terminal,
    out: &mut dyn Write,
) -> io::Result<()> {
    let (level, style) = match finding.level {
        Level::Error => (Title::ERROR, DEFAULT_ERROR_STYLE),
        Level::Warning => (Title::WARNING, DEFAULT_WARNING_STYLE),
        Level::Info | Level::Off => (Title::INFO, DEFAULT_INFO_STYLE),
        Level::Hint => (Title::HELP.with_name("hint"), DEFAULT_HELP_STYLE),
    };
    let width = terminal.width;
    let before = finding.code.len() + "warning[]: ".len();
    let message = terminal.said(&finding.message);
    let mut group = match wrapped(&message, width, before) {
        Some(text) => Group::with_title(level.primary_title(text).id(finding.code)),
        None => {
            let head = format!("{}[{}]", level_name(finding.level), finding.code);
            whole_width(&head, &message, style, width, out)?;
            Group::with_level(level)
        }
    };
    let mut below = Vec::new();
    group = group.element(here(report, finding, terminal, &mut below));
    let other = |it: &&Related| it.place.source != finding.place.source;
    for related in finding.related.iter().filter(other) {
        let label = Label::of(report, related, terminal, &mut below);
        group = group.element(excerpt(report.source(related.place), &[label]));
    }
    if let Some(help) = finding.help() {
        below.push(Below { head: "help", style: DEFAULT_HELP_STYLE, text: terminal.said(help) });
    }
    let room = |it: &Below<'_>| "   = : ".len() + it.head.len();
    let texts: Option<Vec<_>> = below.iter().map(|it| wrapped(&it.text, width, room(it))).collect();
    for (text, it) in texts.iter().flatten().zip(&below) {
        let kind = if it.head == "help" { Title::HELP } else { Title::NOTE };
        group = group.element(kind.message(text.as_str()));
    }
    writeln!(out, "{}", renderer.render(&[group]))?;
    // One that has no room beside its word takes the others with it, so that they stay in order.
    let alone = if texts.is_none() { below.as_slice() } else { &[] };
    alone.iter().try_for_each(|it| whole_width(it.head, &it.text, it.style, width, out))
}

/// What is said below the excerpt.
struct Below<'a> {
    head: &'static str,
    style: Style,
    text: Cow<'a, str>,
}

/// Lines from the margin to the end of the terminal, which begin with a word in its style.
fn whole_width(
    head: &str,
    text: &str,
    style: Style,
    width: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    let text = filled(&format!("{head}: {}", printable(text)), width);
    let rest = text.strip_prefix(head).unwrap_or(&text);
    let bold = Style::new().bold();
    writeln!(out, "{style}{head}{style:#}{bold}{rest}{bold:#}")
}

/// A marked range with what is said beside it.
struct Label<'a> {
    kind: AnnotationKind,
    range: TextRange,
    text: Option<Cow<'a, str>>,
}

impl<'a> Label<'a> {
    /// That of a related place. What would go beyond the width is said below, with its place.
    fn of(
        report: &Report,
        it: &'a Related,
        terminal: Terminal,
        below: &mut Vec<Below<'a>>,
    ) -> Self {
        let (kind, range) = (AnnotationKind::Context, it.place.range);
        let text = terminal.said(&it.message);
        if is_beyond(report, it.place, &text, terminal.width) {
            let (path, line) = (report.path(it.place), report.span(it.place).start.line);
            let text = format!("{}:{line}: {text}", path_on_a_line(path)).into();
            below.push(Below { head: "note", style: DEFAULT_NOTE_STYLE, text });
            return Self { kind, range, text: None };
        }
        Self { kind, range, text: Some(text) }
    }
}

/// Whether a label would end beyond the width: it stands behind what it marks, and that behind the number of
/// the line.
fn is_beyond(report: &Report, place: Place, label: &str, width: usize) -> bool {
    let span = report.span(place);
    let end = if span.end.line == span.start.line { span.end } else { span.start };
    let gutter = end.line.to_string().len() + " │ ".chars().count();
    let column = end.character as usize;
    // Of a line that is too long itself a part is shown, and nobody knows which.
    let is_shown = || width.saturating_sub(gutter) > column;
    let room = textwrap::core::display_width(&printable(label));
    !label.is_empty() && (!is_shown() || gutter + column + room > width)
}

/// The place, and what else matters in its file.
fn here<'a>(
    report: &'a Report,
    finding: &'a Finding,
    terminal: Terminal,
    below: &mut Vec<Below<'a>>,
) -> Snippet<'a, Annotation<'a>> {
    let same = finding.related.iter().filter(|it| it.place.source == finding.place.source);
    let primary = Label { kind: AnnotationKind::Primary, range: finding.place.range, text: None };
    let others = same.map(|it| Label::of(report, it, terminal, below));
    let labels: Vec<_> = std::iter::once(primary).chain(others).collect();
    excerpt(report.source(finding.place), &labels)
}

/// The lines from the first label to the last; what lies between is folded. Only these are handed on,
/// so a long file costs what its excerpt costs.
fn excerpt<'a>(source: &'a Source, labels: &[Label<'a>]) -> Snippet<'a, Annotation<'a>> {
    let text = &*source.text;
    let first = labels.iter().map(|it| it.range.start()).min().unwrap_or_default() as usize;
    let last = labels.iter().map(|it| it.range.end()).max().unwrap_or_default() as usize;
    let begin = text.get(..first).and_then(|it| it.rfind('\n')).map_or(0, |it| it + 1);
    let end = text.get(last..).and_then(|it| it.find('\n')).map_or(text.len(), |it| last + it);
    let line = source.span(TextRange::empty(u32::try_from(begin).unwrap_or(u32::MAX))).start.line;
    let text = text.get(begin..end).unwrap_or_default();
    let shown = without_returns(text);
    let annotation = |it: &Label<'a>| {
        let range = it.range.to_usize();
        let within = |it: usize| shown_offset(text, it.clamp(begin, end) - begin);
        let text = it.text.as_deref();
        let it = it.kind.span(within(range.start)..within(range.end));
        match text {
            Some(text) if !text.is_empty() => it.label(printable(text).into_owned()),
            _ => it,
        }
    };
    Snippet::source(shown)
        .path(path_on_a_line(&source.path))
        .line_start(line as usize)
        .fold(true)
        .annotations(labels.iter().map(annotation))
}

/// Lines as Windows ends them, without the return before each end, which would be drawn.
fn without_returns(text: &str) -> Cow<'_, str> {
    if !text.contains('\r') {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.strip_suffix('\r').unwrap_or(text).replace("\r\n", "\n"))
}

/// Where an offset lies in what [`without_returns`] makes of a text.
fn shown_offset(text: &str, offset: usize) -> usize {
    let before = text.get(..offset).unwrap_or(text);
    let at_end = offset == text.len() && text.ends_with('\r');
    offset - before.matches("\r\n").count() - usize::from(at_end)
}

/// Broken at blanks so that it fits behind what stands before its first line; nothing where that leaves a
/// narrow column for several lines.
fn wrapped(text: &str, width: usize, before: usize) -> Option<String> {
    let text = printable(text);
    let room = width.checked_sub(before)?;
    let is_line = || !text.contains('\n') && textwrap::core::display_width(&text) <= room;
    (room >= NARROW || is_line()).then(|| filled(&text, room))
}

/// A column of fewer characters is no pleasure to read.
const NARROW: usize = 40;
