//! Reports: what was found as plain data, and one format a file that writes it.
//!
//! Invariant: formats decide nothing. What a finding says, where, and what helps is settled here, so
//! every format says the same.

mod agent;
mod azure;
mod checkstyle;
mod concise;
mod fingerprint;
mod full;
mod github;
mod gitlab;
mod json;
mod junit;
mod markdown;
mod place;
mod progress;
mod rdjson;
mod sarif;
mod statistics;
mod summary;
mod terminal;
mod text;

use std::{
    io::{self, Write},
    sync::{Arc, OnceLock},
};

use rustc_hash::FxHashMap;
use specql_ide::{Applicability, Diagnostic, FileId, Level};
use specql_project::LoadedWorkspace;
use specql_text::{LineIndex, Position, PositionEncoding, TextRange};
use thin_vec::ThinVec;

use crate::args::Format;

pub(crate) use fingerprint::{earlier_fingerprints, fingerprints, fingerprints_by};
pub(crate) use markdown::{cell, code};
pub(crate) use place::Base;
pub(crate) use progress::Progress;
pub(crate) use terminal::Terminal;
pub(crate) use text::{counted, filled, level_name, path_on_a_line, printable};

/// The levels of findings, the gravest first.
const LEVELS: [Level; 4] = [Level::Error, Level::Warning, Level::Info, Level::Hint];

/// What a run found.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// In the order of files and ranges.
    pub(crate) findings: Vec<Finding>,
    /// Number of files that were checked.
    pub(crate) files: usize,
    /// Number of entities among them.
    pub(crate) entities: usize,
    /// The files that findings name.
    sources: Vec<Source>,
}

/// A file that findings name.
#[derive(Debug)]
pub(crate) struct Source {
    /// As it was given: relative to the working directory where it can be.
    pub(crate) path: String,
    /// What was checked.
    pub(crate) text: Arc<str>,
    lines: OnceLock<LineIndex>,
}

/// A finding, ready to be written. A workspace can have hundreds of thousands, most without the lists.
#[derive(Debug)]
pub(crate) struct Finding {
    pub(crate) code: &'static str,
    pub(crate) level: Level,
    pub(crate) message: String,
    /// The finding's own advice.
    advice: Option<Box<str>>,
    pub(crate) place: Place,
    pub(crate) related: ThinVec<Related>,
    pub(crate) fixes: ThinVec<Fix>,
}

impl Finding {
    /// What to do: the finding's own advice, else the title of its best fix.
    pub(crate) fn help(&self) -> Option<&str> {
        self.advice.as_deref().or_else(|| self.fixes.first().map(|it| it.title.as_str()))
    }
}

/// The other side of a contradiction.
#[derive(Debug)]
pub(crate) struct Related {
    pub(crate) message: String,
    pub(crate) place: Place,
}

/// A way to mend a finding.
#[derive(Debug)]
pub(crate) struct Fix {
    pub(crate) title: String,
    /// May be applied unseen.
    pub(crate) safe: bool,
    /// What is replaced, and what stands there afterwards.
    pub(crate) edits: ThinVec<(Place, String)>,
}

/// A range in a file of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    source: u32,
    pub(crate) range: TextRange,
}

impl Place {
    /// Whether two places are in one file.
    pub(crate) fn is_beside(self, other: Self) -> bool {
        self.source == other.source
    }
}

/// Lines and columns from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: Position,
    pub(crate) end: Position,
}

impl Report {
    /// Adds what one workspace gave: the files that were asked for, and the findings of each.
    pub(crate) fn add(
        &mut self,
        workspace: &LoadedWorkspace,
        files: &[FileId],
        found: Vec<Vec<Diagnostic>>,
    ) {
        self.files += files.iter().filter(|it| workspace.is_checked(**it)).count();
        self.entities += files.iter().filter(|it| workspace.analysis.is_entity_file(**it)).count();
        let mut findings = std::mem::take(&mut self.findings);
        findings.reserve_exact(found.iter().map(Vec::len).sum());
        let mut sources = Sources { report: self, workspace, numbers: FxHashMap::default() };
        findings.extend(found.into_iter().flatten().map(|it| sources.finding(it)));
        self.findings = findings;
    }

    /// Brings the findings of several workspaces in the order of their files.
    pub(crate) fn sort(&mut self) {
        let mut findings = std::mem::take(&mut self.findings);
        // Those of one workspace are in order, and what sorts takes half of their memory once more.
        if !findings.is_sorted_by_key(|it| self.path(it.place)) {
            findings.sort_by(|one, other| self.path(one.place).cmp(self.path(other.place)));
        }
        self.findings = findings;
    }

    /// The file that a place is in.
    pub(crate) fn source(&self, place: Place) -> &Source {
        self.sources.get(place.source as usize).unwrap_or_else(|| {
            static NONE: OnceLock<Source> = OnceLock::new();
            NONE.get_or_init(|| Source::new(String::new(), "".into()))
        })
    }

    /// The path of a place's file.
    pub(crate) fn path(&self, place: Place) -> &str {
        &self.source(place).path
    }

    /// The path of a place's file below the folder of its repository, where services look for it.
    pub(crate) fn repository_path(&self, place: Place) -> String {
        static REPOSITORY: OnceLock<Base> = OnceLock::new();
        REPOSITORY.get_or_init(Base::repository).of(self.path(place))
    }

    /// Lines and columns of a place.
    pub(crate) fn span(&self, place: Place) -> Span {
        self.source(place).span(place.range)
    }

    /// How many findings have a level.
    pub(crate) fn count(&self, level: Level) -> usize {
        self.findings.iter().filter(|it| it.level == level).count()
    }

    /// How many findings a safe fix mends.
    pub(crate) fn fixable(&self) -> usize {
        self.findings.iter().filter(|it| it.fixes.iter().any(|fix| fix.safe)).count()
    }

    /// How many more findings a fix mends that somebody has to look at.
    pub(crate) fn fixable_after_a_look(&self) -> usize {
        self.findings.iter().filter(|it| !it.fixes.is_empty()).count() - self.fixable()
    }

    /// Writes the report in a format that is not meant for a terminal's colours.
    pub(crate) fn write(&self, format: Format, out: &mut dyn Write) -> io::Result<()> {
        match format {
            Format::Full => full::write(self, Terminal::plain(), true, out),
            Format::Concise => concise::write(self, out),
            Format::Json => json::write(self, out),
            Format::JsonLines => json::write_lines(self, out),
            Format::Sarif => sarif::write(self, out),
            Format::Github => github::write(self, out),
            Format::Gitlab => gitlab::write(self, out),
            Format::Junit => junit::write(self, out),
            Format::Checkstyle => checkstyle::write(self, out),
            Format::Rdjson => rdjson::write(self, out),
            Format::Azure => azure::write(self, out),
            Format::Markdown => markdown::write(self, out),
            Format::Agent => agent::write(self, out),
        }?;
        out.flush()
    }

    /// Prints the report; with `all`, every finding however many there are.
    pub(crate) fn print(&self, format: Format, all: bool) -> io::Result<()> {
        if format == Format::Full {
            // A line of its own is a call of the system, and a finding has ten.
            let out = anstream::AutoStream::auto(io::stdout()).lock();
            let mut out = io::BufWriter::new(out);
            full::write(self, Terminal::of_stdout(), all, &mut out)?;
            return out.flush();
        }
        self.write(format, &mut io::BufWriter::new(io::stdout().lock()))
    }

    /// Prints the report on stderr, where stdout has something else.
    pub(crate) fn print_beside(&self, format: Format, all: bool) -> io::Result<()> {
        if format == Format::Full {
            let mut out = io::BufWriter::new(anstream::AutoStream::auto(io::stderr()).lock());
            full::write(self, Terminal::of_stdout(), all, &mut out)?;
            return out.flush();
        }
        self.write(format, &mut io::BufWriter::new(io::stderr().lock()))
    }

    /// Prints how often each rule was broken.
    pub(crate) fn print_statistics(&self, format: Format) -> io::Result<()> {
        self.write_statistics(format, &mut io::BufWriter::new(io::stdout().lock()))
    }

    /// Writes how often each rule was broken.
    pub(crate) fn write_statistics(&self, format: Format, out: &mut dyn Write) -> io::Result<()> {
        if format == Format::Json {
            statistics::write_json(self, out)
        } else {
            statistics::write(self, out)
        }
    }
}

impl Source {
    fn new(path: String, text: Arc<str>) -> Self {
        Self { path, text, lines: OnceLock::new() }
    }

    /// Where its lines begin.
    pub(crate) fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(&self.text))
    }

    fn span(&self, range: TextRange) -> Span {
        let one_based = |it: Position| Position { line: it.line + 1, character: it.character + 1 };
        let (start, end) = self.lines().positions(range, PositionEncoding::Utf32);
        Span { start: one_based(start), end: one_based(end) }
    }
}

/// Gives the files of one workspace their numbers in a report.
struct Sources<'a, 'r> {
    report: &'r mut Report,
    workspace: &'a LoadedWorkspace,
    numbers: FxHashMap<FileId, u32>,
}

impl Sources<'_, '_> {
    fn place(&mut self, file: FileId, range: TextRange) -> Place {
        let source = *self.numbers.entry(file).or_insert_with(|| {
            let path = self.workspace.file(file).map_or("", |it| &it.shown).to_owned();
            let text = self.workspace.analysis.text(file).map_or_else(|| "".into(), Arc::clone);
            self.report.sources.push(Source::new(path, text));
            u32::try_from(self.report.sources.len() - 1).unwrap_or(u32::MAX)
        });
        Place { source, range }
    }

    fn finding(&mut self, it: Diagnostic) -> Finding {
        let advice = it.help.map(String::into_boxed_str);
        let place = self.place(it.file, it.range);
        let related = it.related.into_iter();
        let related = related
            .map(|it| Related { place: self.place(it.file, it.range), message: it.message })
            .collect();
        let fixes = it.fixes.into_iter().map(|it| self.fix(it)).collect();
        Finding {
            code: it.code,
            level: it.level,
            message: it.message,
            advice,
            place,
            related,
            fixes,
        }
    }

    fn fix(&mut self, it: specql_ide::Fix) -> Fix {
        let edits = it.edits.into_iter();
        let edits = edits.map(|it| (self.place(it.file, it.edit.range), it.edit.text)).collect();
        Fix { title: it.title, safe: it.applicability == Applicability::Safe, edits }
    }
}
