//! `specql-lsp diff`: what has changed in events, cascades and generated files since a revision.

mod approvals;
mod approve;
mod pairs;
mod write;

use std::{process::ExitCode, slice};

use camino::{Utf8Path, Utf8PathBuf};
use serde::Serialize;
use specql_ide::{FileChange, FileId, promise_diff};
use specql_project::{LoadedWorkspace, Revision};
use specql_text::{LineIndex, PositionEncoding, TextRange};

use approvals::{Approval, fingerprint};
use pairs::Pair;

use crate::{
    Error,
    args::{DiffArguments, DiffFormat, FailingChange},
    load, print,
    report::{Progress, printable},
};

/// Raised when a member changes its meaning or goes; new members do not raise it.
const VERSION: u32 = 1;

/// The document: `docs/schemas/diff.schema.json`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    diff_version: u32,
    base: String,
    breaking: usize,
    approved: usize,
    changes: Vec<Change>,
    files: Vec<File>,
    gone_approvals: Vec<Gone>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Change {
    subject: String,
    member: String,
    code: &'static str,
    class: &'static str,
    breaking: bool,
    old: Option<String>,
    new: Option<String>,
    message: String,
    fingerprint: String,
    approved: bool,
    approval: Option<Approval>,
    base_place: Option<Place>,
    place: Option<Place>,
    /// The folder of its workspace.
    #[serde(skip)]
    root: Utf8PathBuf,
}

impl Change {
    /// Somebody is broken, and nobody has agreed.
    const fn is_open(&self) -> bool {
        self.breaking && !self.approved
    }
}

/// A place in a file; line and column count from 1, in characters.
#[derive(Debug, Serialize)]
struct Place {
    path: String,
    line: u32,
    column: u32,
}

/// An approval of a change that there is not, or that breaks nobody.
#[derive(Debug, Serialize)]
struct Gone {
    /// The file that has it.
    path: String,
    #[serde(flatten)]
    approval: Approval,
}

/// A generated file.
#[derive(Debug, Serialize)]
struct File {
    change: &'static str,
    path: String,
}

/// Prints the differences.
pub(crate) fn run(arguments: &DiffArguments) -> Result<ExitCode, Error> {
    let loaded = load::load(slice::from_ref(&arguments.path), &Progress::new());
    if load::say_failures(&loaded) {
        return Ok(ExitCode::from(2));
    }
    let base = load::fork(&arguments.path, &arguments.base)?;
    if load::say_failures(&base.loaded) {
        return Ok(ExitCode::from(2));
    }
    let mut document = document(&loaded.workspaces, &base, &arguments.base)?;
    if !arguments.approve.is_empty() {
        approve::run(arguments, &document, &base)?;
        document = self::document(&loaded.workspaces, &base, &arguments.base)?;
    }
    let text = match arguments.format {
        DiffFormat::Text => printable(&write::text(&document)).into_owned(),
        DiffFormat::Markdown => write::markdown(&document),
        DiffFormat::Json => serde_json::to_string_pretty(&document).unwrap_or_default() + "\n",
    };
    print::unless_closed(print::bytes(text.as_bytes()))?;
    let fails = match arguments.fail_on {
        None => false,
        Some(FailingChange::Breaking) => document.breaking > document.approved,
        Some(FailingChange::Any) => !document.changes.is_empty() || !document.files.is_empty(),
    };
    Ok(if fails { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// The differences of the workspaces of both sides, by where they lie in the repository.
fn document(
    workspaces: &[LoadedWorkspace],
    base: &Revision,
    name: &str,
) -> Result<Document, Error> {
    let pairs = pairs::of(workspaces, base);
    let several = pairs.len() > 1;
    let mut res = Document {
        diff_version: VERSION,
        base: name.to_owned(),
        breaking: 0,
        approved: 0,
        changes: Vec::new(),
        files: Vec::new(),
        gone_approvals: Vec::new(),
    };
    for Pair { root, now, then } in &pairs {
        let (now, then) = (*now, *then);
        let mut known = approvals::read(root.as_std_path())?;
        let side = Sides { base, now, then, root, several };
        side.add(&mut res, &mut known);
        let path = base.below_repository(&root.join(approvals::FILE)).as_str().replace('\\', "/");
        let gone = known.into_iter().map(|approval| Gone { path: path.clone(), approval });
        res.gone_approvals.extend(gone);
    }
    res.changes.sort_by_key(|it| (!it.breaking, it.approved));
    res.breaking = res.changes.iter().filter(|it| it.breaking).count();
    res.approved = res.changes.iter().filter(|it| it.approved).count();
    Ok(res)
}

/// A workspace in both revisions.
#[derive(Clone, Copy)]
struct Sides<'a> {
    base: &'a Revision,
    now: Option<&'a LoadedWorkspace>,
    then: Option<&'a LoadedWorkspace>,
    root: &'a Utf8PathBuf,
    /// There are others, so paths say which this is.
    several: bool,
}

impl Sides<'_> {
    /// Adds what has changed, and takes from the approvals those that hold.
    fn add(self, into: &mut Document, approvals: &mut Vec<Approval>) {
        let Self { base, now, then, .. } = self;
        let root = self.several.then_some(self.root.as_path());
        let diff = promise_diff(then.map(|it| &it.analysis), now.map(|it| &it.analysis));
        let shown = |it: &Utf8Path| base.below_repository(it).as_str().replace('\\', "/");
        let place = |workspace: Option<&LoadedWorkspace>, at: Option<(FileId, TextRange)>| {
            let (workspace, (file, range)) = (workspace?, at?);
            let text = workspace.analysis.text(file)?;
            let start = LineIndex::new(text).positions(range, PositionEncoding::Utf32).0;
            let path = shown(&workspace.file(file)?.path);
            Some(Place { path, line: start.line + 1, column: start.character + 1 })
        };
        into.changes.extend(diff.changes.into_iter().map(|it| {
            let fingerprint = fingerprint(&it);
            let at = approvals.iter().position(|a| it.breaking && a.fingerprint == fingerprint);
            let approval = at.map(|at| approvals.remove(at));
            Change {
                root: self.root.clone(),
                approved: approval.is_some(),
                approval,
                fingerprint,
                base_place: place(then, it.base_place),
                place: place(now, it.place),
                message: it.message.to_owned(),
                subject: it.subject,
                member: it.member,
                code: it.code,
                class: it.class,
                breaking: it.breaking,
                old: it.old,
                new: it.new,
            }
        }));
        into.files.extend(diff.files.into_iter().map(|(change, path)| File {
            change: match change {
                FileChange::Added => "added",
                FileChange::Changed => "changed",
                FileChange::Removed => "removed",
            },
            path: root.map_or_else(|| path.clone(), |it| format!("{}/{path}", shown(it))),
        }));
    }
}
