//! `specql-lsp diff`: what has changed in events, cascades and generated files since a revision.

mod write;

use std::{collections::BTreeSet, io::Write, process::ExitCode, slice};

use camino::{Utf8Path, Utf8PathBuf};
use serde::Serialize;
use specql_ide::{FileChange, FileId, promise_diff};
use specql_project::{LoadedWorkspace, Revision};
use specql_text::{LineIndex, PositionEncoding, TextRange};

use crate::{
    Error,
    args::{DiffArguments, DiffFormat, FailingChange},
    load,
    report::Progress,
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
    changes: Vec<Change>,
    files: Vec<File>,
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
    base_place: Option<Place>,
    place: Option<Place>,
}

/// A place in a file; line and column count from 1, in characters.
#[derive(Debug, Serialize)]
struct Place {
    path: String,
    line: u32,
    column: u32,
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
    let base = load::revision(&arguments.path, &arguments.base)?;
    if load::say_failures(&base.loaded) {
        return Ok(ExitCode::from(2));
    }
    let document = document(&loaded.workspaces, &base, &arguments.base);
    let mut out = std::io::stdout().lock();
    let text = match arguments.format {
        DiffFormat::Text => write::text(&document),
        DiffFormat::Markdown => write::markdown(&document),
        DiffFormat::Json => serde_json::to_string_pretty(&document).unwrap_or_default() + "\n",
    };
    out.write_all(text.as_bytes())?;
    out.flush()?;
    let fails = match arguments.fail_on {
        None => false,
        Some(FailingChange::Breaking) => document.breaking > 0,
        Some(FailingChange::Any) => !document.changes.is_empty() || !document.files.is_empty(),
    };
    Ok(if fails { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// The differences of the workspaces of both sides, by where they lie in the repository.
fn document(workspaces: &[LoadedWorkspace], base: &Revision, name: &str) -> Document {
    let mut roots: BTreeSet<Utf8PathBuf> =
        workspaces.iter().map(|it| it.root.path.clone()).collect();
    let of_base = base.loaded.workspaces.iter();
    roots.extend(of_base.map(|it| base.in_repository(&it.root.path)));
    let several = roots.len() > 1;
    let mut res = Document {
        diff_version: VERSION,
        base: name.to_owned(),
        breaking: 0,
        changes: Vec::new(),
        files: Vec::new(),
    };
    for root in &roots {
        let now = workspaces.iter().find(|it| it.root.path == *root);
        let then = base.loaded.workspaces.iter();
        let then = then.into_iter().find(|it| base.in_repository(&it.root.path) == *root);
        add(&mut res, base, now, then, several.then_some(root.as_path()));
    }
    res.changes.sort_by_key(|it| !it.breaking);
    res.breaking = res.changes.iter().filter(|it| it.breaking).count();
    res
}

fn add(
    into: &mut Document,
    base: &Revision,
    now: Option<&LoadedWorkspace>,
    then: Option<&LoadedWorkspace>,
    root: Option<&Utf8Path>,
) {
    let diff = promise_diff(then.map(|it| &it.analysis), now.map(|it| &it.analysis));
    let shown = |it: &Utf8Path| base.below_repository(it).as_str().replace('\\', "/");
    let place = |workspace: Option<&LoadedWorkspace>, at: Option<(FileId, TextRange)>| {
        let (workspace, (file, range)) = (workspace?, at?);
        let text = workspace.analysis.text(file)?;
        let start = LineIndex::new(text).positions(range, PositionEncoding::Utf32).0;
        let path = shown(&workspace.file(file)?.path);
        Some(Place { path, line: start.line + 1, column: start.character + 1 })
    };
    into.changes.extend(diff.changes.into_iter().map(|it| Change {
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
