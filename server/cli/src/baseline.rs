//! A baseline: the findings that a project has accepted, so that a run fails for new ones alone.
//!
//! Invariant: a run judges what it has looked at. Of files and rules that it leaves out nothing is said
//! to be gone, and nothing is forgotten. Files are named from the folder of the baseline, so it means
//! the same wherever a run begins.

use std::{
    collections::{HashMap, HashSet},
    fs, io,
    path::Path,
};

use serde::{Deserialize, Serialize};

use specql_ide::FileId;
use specql_project::{LoadedWorkspace, Staged};

use crate::{
    Error,
    choice::Chosen,
    report::{
        Base, Finding, Report, counted, earlier_fingerprints, fingerprints_by, path_on_a_line,
        printable,
    },
};

/// Changes when an older program would misread the file.
const VERSION: u32 = 1;

#[derive(Debug, Serialize, Deserialize)]
struct Baseline {
    version: u32,
    findings: Vec<Accepted>,
}

/// An accepted finding. What is not the fingerprint is for people.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Accepted {
    file: String,
    code: String,
    message: String,
    fingerprint: String,
}

/// What a run has looked at.
#[derive(Debug)]
pub(crate) struct LookedAt<'a> {
    pub(crate) chosen: &'a Chosen,
    /// Files as the report shows them.
    pub(crate) files: Vec<String>,
}

impl LookedAt<'_> {
    /// Notes files of a workspace.
    pub(crate) fn add(&mut self, workspace: &LoadedWorkspace, files: &[FileId]) {
        let shown = files.iter().filter_map(|it| workspace.file(*it)).map(|it| it.shown.clone());
        self.files.extend(shown);
    }

    /// The files of the baseline that this run has seen, or that are no longer there.
    fn judges(&self, folder: &Path, base: &Base) -> impl Fn(&Accepted) -> bool {
        let files: HashSet<String> = self.files.iter().map(|it| base.of(it)).collect();
        move |it| {
            let seen = files.contains(&it.file) || !folder.join(&it.file).exists();
            seen && self.chosen.considers(&it.code)
        }
    }
}

/// Of accepted findings that are gone so many are named.
const NAMED: usize = 10;

/// What a baseline accepts, and nobody finds any more.
#[derive(Debug, Default)]
pub(crate) struct Gone(Vec<String>);

impl Gone {
    /// Says it on stderr.
    pub(crate) fn say(&self) {
        for it in self.0.iter().take(NAMED) {
            say!("gone: {it}");
        }
        if let Some(more) = self.0.len().checked_sub(NAMED).filter(|it| *it > 0) {
            say!("gone: {more} more");
        }
        if !self.0.is_empty() {
            let count = counted(self.0.len(), "finding");
            let verb = if self.0.len() == 1 { "is" } else { "are" };
            say!("{count} of the baseline {verb} gone: `--update-baseline` forgets what is gone");
        }
    }
}

/// Which findings of a report a baseline accepts, and which of its entries met one.
struct Matched {
    findings: Vec<bool>,
    entries: Vec<bool>,
}

impl Matched {
    fn of(report: &Report, baseline: &Baseline, base: &Base) -> Self {
        let name = |it: &str| base.of(it);
        let mut entries = vec![false; baseline.findings.len()];
        let mut by_mark: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, it) in baseline.findings.iter().enumerate() {
            by_mark.entry(&it.fingerprint).or_default().push(at);
        }
        let meets = |entries: &mut Vec<bool>, mark: &str| {
            let met = by_mark.get(mark).map_or(&[][..], Vec::as_slice);
            for at in met {
                if let Some(it) = entries.get_mut(*at) {
                    *it = true;
                }
            }
            !met.is_empty()
        };
        let marks = fingerprints_by(report, name);
        let mut findings: Vec<bool> = marks.iter().map(|it| meets(&mut entries, it)).collect();
        let unmet: HashSet<(&str, &str, &str)> = baseline
            .findings
            .iter()
            .zip(&entries)
            .filter(|it| !it.1)
            .map(|(it, _)| (it.file.as_str(), it.code.as_str(), it.message.as_str()))
            .collect();
        if !unmet.is_empty() {
            let is_missed = |it: &Finding| {
                let file = base.of(report.path(it.place));
                unmet.contains(&(file.as_str(), it.code, it.message.as_str()))
            };
            let earlier = earlier_fingerprints(report, name, is_missed);
            for (met, mark) in findings.iter_mut().zip(earlier) {
                *met = *met || mark.is_some_and(|it| meets(&mut entries, &it));
            }
        }
        Self { findings, entries }
    }
}

fn existing(path: &Path) -> Result<Baseline, Error> {
    let path_shown = path.display();
    read(path)?.ok_or_else(|| {
        Error::Usage(format!("there is no baseline `{path_shown}`; `--update-baseline` writes it"))
    })
}

/// Findings that need no comment, because a baseline accepts them: file as it is shown, rule and message. Of
/// several with one message, all are accepted or none is.
#[derive(Debug, Default)]
pub(crate) struct AcceptedFindings(HashSet<(String, &'static str, String)>);

impl AcceptedFindings {
    /// Those of a report.
    pub(crate) fn of(report: &Report, path: &Path) -> Result<Self, Error> {
        let matched = Matched::of(report, &existing(path)?, &Base::new(folder(path)));
        let key = |it: &Finding| (report.path(it.place).to_owned(), it.code, it.message.clone());
        let with = |wanted: bool| {
            let both = report.findings.iter().zip(&matched.findings);
            both.filter(move |it| *it.1 == wanted).map(|it| key(it.0))
        };
        let others: HashSet<_> = with(false).collect();
        let mut res: HashSet<_> = with(true).collect();
        res.retain(|it| !others.contains(it));
        Ok(Self(res))
    }

    /// Whether a finding is one of them.
    pub(crate) fn contains(&self, file: &str, code: &'static str, message: &str) -> bool {
        !self.0.is_empty() && self.0.contains(&(file.to_owned(), code, message.to_owned()))
    }
}

/// Drops the findings that the file accepts. Gives those of the file that are gone.
pub(crate) fn apply(report: &mut Report, path: &Path, seen: &LookedAt<'_>) -> Result<Gone, Error> {
    let baseline = existing(path)?;
    let base = Base::new(folder(path));
    let matched = Matched::of(report, &baseline, &base);
    let mut accepted = matched.findings.iter();
    report.findings.retain(|_| accepted.next() != Some(&true));
    let unmet: Vec<&Accepted> =
        baseline.findings.iter().zip(&matched.entries).filter(|it| !it.1).map(|it| it.0).collect();
    if unmet.is_empty() {
        return Ok(Gone::default());
    }
    let judges = seen.judges(folder(path), &base);
    let shown = |it: &Accepted| {
        let Accepted { file, code, message, .. } = it;
        format!("{}: {code}: {}", path_on_a_line(file), printable(message))
    };
    Ok(Gone(unmet.into_iter().filter(|it| judges(it)).map(shown).collect()))
}

/// Writes a baseline that accepts every finding of the report, and what it accepted of files and rules
/// that this run did not look at.
pub(crate) fn write(report: &Report, path: &Path, seen: &LookedAt<'_>) -> Result<(), Error> {
    let kept = read(path)?.map(|it| it.findings).unwrap_or_default();
    let base = Base::new(folder(path));
    let judges = seen.judges(folder(path), &base);
    let marks = fingerprints_by(report, |it| base.of(it));
    let findings = report.findings.iter().zip(marks);
    let mut findings: Vec<Accepted> = findings
        .map(|(it, fingerprint)| Accepted {
            file: base.of(report.path(it.place)),
            code: it.code.to_owned(),
            message: it.message.clone(),
            fingerprint,
        })
        .collect();
    findings.extend(kept.into_iter().filter(|it| !judges(it)));
    // Whatever a run looks at, what is written of the same findings is the same.
    findings.sort();
    let baseline = Baseline { version: VERSION, findings };
    let mut text = serde_json::to_string_pretty(&baseline).map_err(io::Error::from)?;
    text.push('\n');
    let written = Staged::beside(path, text.as_bytes()).and_then(Staged::put);
    written.map_err(|source| Error::Write { path: path.to_owned(), source })?;
    let count = counted(baseline.findings.len(), "finding");
    say!("{} accepts {count}", path.display());
    Ok(())
}

/// The folder that a baseline lies in.
fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(it) if !it.as_os_str().is_empty() => it,
        _ => Path::new("."),
    }
}

/// A baseline; nothing where there is none. Another file is not taken for one, nor overwritten.
fn read(path: &Path) -> Result<Option<Baseline>, Error> {
    let bytes = match fs::read(path) {
        Ok(it) => it,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(Error::Read { path: path.to_owned(), source }),
    };
    let baseline: Option<Baseline> = serde_json::from_slice(&bytes).ok();
    baseline.filter(|it| it.version == VERSION).map(Some).ok_or_else(|| {
        Error::Usage(format!("`{}` is no baseline that this version writes", path.display()))
    })
}
