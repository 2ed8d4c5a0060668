//! A baseline: the findings that a project has accepted, so that a run fails for new ones alone.

use std::{collections::HashMap, fs, io, path::Path};

use serde::{Deserialize, Serialize};

use crate::{
    Error,
    report::{Report, counted, fingerprints, printable},
};

/// Changes when an older program would misread the file.
const VERSION: u32 = 1;

#[derive(Debug, Serialize, Deserialize)]
struct Baseline {
    version: u32,
    findings: Vec<Accepted>,
}

/// An accepted finding. What is not the fingerprint is for people.
#[derive(Debug, Serialize, Deserialize)]
struct Accepted {
    file: String,
    code: String,
    message: String,
    fingerprint: String,
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
            anstream::eprintln!("gone: {it}");
        }
        if let Some(more) = self.0.len().checked_sub(NAMED).filter(|it| *it > 0) {
            anstream::eprintln!("gone: {more} more");
        }
        if !self.0.is_empty() {
            let count = counted(self.0.len(), "finding");
            anstream::eprintln!(
                "{count} of the baseline are gone: `--update-baseline` forgets them"
            );
        }
    }
}

/// Drops the findings that the file accepts. Gives those of the file that are gone.
pub(crate) fn apply(report: &mut Report, path: &Path) -> Result<Gone, Error> {
    let baseline = read(path)?;
    let mut accepted: HashMap<&str, bool> =
        baseline.findings.iter().map(|it| (it.fingerprint.as_str(), false)).collect();
    let marks = fingerprints(report);
    let mut marks = marks.iter();
    report.findings.retain(|_| match marks.next().and_then(|it| accepted.get_mut(it.as_str())) {
        Some(seen) => {
            *seen = true;
            false
        }
        None => true,
    });
    let is_gone = |it: &&Accepted| accepted.get(&*it.fingerprint) == Some(&false);
    let shown = |it: &Accepted| {
        let Accepted { file, code, message, .. } = it;
        format!("{}: {code}: {}", printable(file), printable(message))
    };
    Ok(Gone(baseline.findings.iter().filter(is_gone).map(shown).collect()))
}

/// Writes a baseline that accepts every finding of the report.
pub(crate) fn write(report: &Report, path: &Path) -> Result<(), Error> {
    let findings = report.findings.iter().zip(fingerprints(report));
    let findings = findings.map(|(it, fingerprint)| Accepted {
        file: report.path(it.place).to_owned(),
        code: it.code.to_owned(),
        message: it.message.clone(),
        fingerprint,
    });
    let baseline = Baseline { version: VERSION, findings: findings.collect() };
    let mut text = serde_json::to_string_pretty(&baseline).map_err(io::Error::from)?;
    text.push('\n');
    fs::write(path, text).map_err(|source| Error::Write { path: path.to_owned(), source })?;
    let count = counted(baseline.findings.len(), "finding");
    anstream::eprintln!("{} accepts {count}", path.display());
    Ok(())
}

fn read(path: &Path) -> Result<Baseline, Error> {
    let bytes = fs::read(path).map_err(|source| match source.kind() {
        io::ErrorKind::NotFound => Error::Usage(format!(
            "there is no baseline `{}`; `--update-baseline` writes it",
            path.display()
        )),
        _ => Error::Read { path: path.to_owned(), source },
    })?;
    let baseline: Option<Baseline> = serde_json::from_slice(&bytes).ok();
    baseline.filter(|it| it.version == VERSION).ok_or_else(|| {
        Error::Usage(format!("`{}` is no baseline that this version writes", path.display()))
    })
}
