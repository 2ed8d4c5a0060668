//! `specql-lsp lock`: records what events and cascades promise, or compares with what is recorded.

use std::process::ExitCode;

use specql_project::LoadedWorkspace;
use specql_text::{LineIndex, PositionEncoding};

use crate::{
    Error, args::LockArguments, errors_first::refuses, load, report::Progress, report::counted,
};

/// Writes the lock file of each workspace, or says what is not as recorded.
pub(crate) fn run(arguments: &LockArguments) -> Result<ExitCode, Error> {
    let loaded = load::load(&arguments.paths, &Progress::new());
    if load::say_unfit(&loaded, &arguments.paths, "lock") {
        return Ok(ExitCode::from(2));
    }
    // What has changed since the lock file is said below, with what to do about it.
    let done = if arguments.check { "compared" } else { "written" };
    if !arguments.allow_errors && refuses(&loaded, &["event-schema-changed"], done)? {
        return Ok(ExitCode::from(1));
    }
    let mut is_clean = true;
    for workspace in loaded.workspaces.iter().filter(|it| it.analysis.entity_count() > 0) {
        is_clean &= one(workspace, arguments)?;
    }
    Ok(if is_clean { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// Whether everything is as recorded, or has been recorded.
fn one(workspace: &LoadedWorkspace, arguments: &LockArguments) -> Result<bool, Error> {
    let shown = workspace.lock_shown();
    let path = || workspace.lock_path().into_std_path_buf();
    let recorded = workspace.read_lock().map_err(|source| Error::Read { path: path(), source })?;
    let lock = workspace.analysis.lock(recorded.as_deref());
    let lock = lock.map_err(|it| Error::Usage(format!("{shown}:{}: {}", it.line, it.message)))?;
    if !arguments.accept {
        for it in &lock.changed {
            say(workspace, it);
        }
    }
    let is_allowed = arguments.accept || lock.changed.is_empty();
    let is_recorded = recorded.as_deref() == Some(&lock.text);
    if arguments.check {
        let state = match (is_recorded, recorded.is_some()) {
            (true, _) => "is up to date",
            (false, true) => "is not up to date: run `specql-lsp lock`",
            (false, false) => "is missing: run `specql-lsp lock`",
        };
        say!("{shown} {state}");
        return Ok(is_allowed && is_recorded);
    }
    if !is_allowed {
        let count = counted(lock.changed.len(), "change");
        say!(
            "{shown} was not written: {count} would break who goes on as before; raise the versions, \
             or say `--accept`"
        );
        return Ok(false);
    }
    if is_recorded {
        say!("{shown} is up to date");
    } else {
        workspace.write_lock(&lock.text).map_err(|source| Error::Write { path: path(), source })?;
        say!("wrote {shown}");
    }
    Ok(true)
}

fn say(workspace: &LoadedWorkspace, it: &specql_ide::LockFinding) {
    let path = workspace.file(it.file).map_or("", |it| &it.shown);
    let text = workspace.analysis.text(it.file).map_or("", AsRef::as_ref);
    let start = LineIndex::new(text).positions(it.range, PositionEncoding::Utf32).0;
    let (line, column) = (start.line + 1, start.character + 1);
    say!("{path}:{line}:{column}: error[event-schema-changed]: {}", it.message);
}
