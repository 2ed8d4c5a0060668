//! The graphical report: source excerpts with labels, help and links.

use std::{
    fmt,
    io::{self, IsTerminal, Write},
};

use miette::{GraphicalReportHandler, LabeledSpan, NamedSource, Severity, SourceCode};
use specql_ide::{Diagnostic, Level};

use crate::report::{Report, counted};

/// A finding as miette renders it. Labels in other files are findings of their own, shown below.
struct Finding<'a> {
    message: &'a str,
    code: &'a str,
    url: Option<String>,
    help: Option<String>,
    severity: Severity,
    source: NamedSource<String>,
    labels: Vec<LabeledSpan>,
    elsewhere: Vec<Finding<'a>>,
}

pub(crate) fn print(report: &Report<'_>) -> io::Result<()> {
    let mut out = anstream::AutoStream::auto(io::stdout()).lock();
    // A link that cannot be clicked is printed in full.
    let handler = GraphicalReportHandler::new().with_links(io::stdout().is_terminal());
    for finding in &report.findings {
        let mut text = String::new();
        handler.render_report(&mut text, &rendered(report, finding)).map_err(io::Error::other)?;
        writeln!(out, "{}", text.trim_end())?;
        writeln!(out)?;
    }
    writeln!(out, "{}", summary(report))?;
    out.flush()
}

fn rendered<'a>(report: &Report<'_>, it: &'a Diagnostic) -> Finding<'a> {
    let (here, elsewhere): (Vec<_>, Vec<_>) =
        it.related.iter().partition(|other| other.file == it.file);
    let mut labels = vec![label("", it.range, true)];
    labels.extend(here.iter().map(|it| label(&it.message, it.range, false)));
    Finding {
        message: &it.message,
        code: it.code,
        url: Some(specql_ide::rule_url(it.code)),
        help: help(it),
        severity: severity(it.level),
        source: source(report, it.file),
        labels,
        elsewhere: elsewhere.into_iter().map(|other| related(report, it.code, other)).collect(),
    }
}

fn related<'a>(report: &Report<'_>, code: &'a str, it: &'a specql_ide::Related) -> Finding<'a> {
    Finding {
        message: &it.message,
        code,
        url: None,
        help: None,
        severity: Severity::Advice,
        source: source(report, it.file),
        labels: vec![label("", it.range, true)],
        elsewhere: Vec::new(),
    }
}

/// What to do: the finding's own advice, else the best fix an editor would apply.
fn help(it: &Diagnostic) -> Option<String> {
    it.help.clone().or_else(|| it.fixes.first().map(|it| it.title.clone()))
}

fn source(report: &Report<'_>, file: specql_ide::FileId) -> NamedSource<String> {
    NamedSource::new(report.path(file), report.text(file).to_owned()).with_language("yaml")
}

fn label(text: &str, range: specql_text::TextRange, primary: bool) -> LabeledSpan {
    let text = (!text.is_empty()).then(|| text.to_owned());
    let span = range.to_usize();
    if primary {
        LabeledSpan::new_primary_with_span(text, span)
    } else {
        LabeledSpan::new_with_span(text, span)
    }
}

const fn severity(level: Level) -> Severity {
    match level {
        Level::Error => Severity::Error,
        Level::Warning => Severity::Warning,
        Level::Info | Level::Off => Severity::Advice,
    }
}

fn summary(report: &Report<'_>) -> String {
    let checked =
        format!("{} in {}", counted(report.entities, "entity"), counted(report.files, "file"));
    if report.findings.is_empty() {
        return format!("no findings: {checked} checked");
    }
    let counts = [(Level::Error, "error"), (Level::Warning, "warning"), (Level::Info, "info")];
    let parts: Vec<String> = counts
        .iter()
        .map(|(level, noun)| (report.count(*level), *noun))
        .filter(|(count, _)| *count > 0)
        .map(|(count, noun)| counted(count, noun))
        .collect();
    format!("{}: {checked} checked", parts.join(", "))
}

impl miette::Diagnostic for Finding<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.code))
    }

    fn severity(&self) -> Option<Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|it| Box::new(it) as Box<dyn fmt::Display>)
    }

    fn url<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.url.as_ref().map(|it| Box::new(it) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn miette::Diagnostic> + 'a>> {
        Some(Box::new(self.elsewhere.iter().map(|it| it as &dyn miette::Diagnostic)))
    }
}

impl std::error::Error for Finding<'_> {}

impl fmt::Debug for Finding<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.code, self.message)
    }
}

impl fmt::Display for Finding<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message)
    }
}
