//! `specql-lsp preview`.

use std::{process::ExitCode, slice};

use specql_project::{Loaded, LoadedWorkspace};

use crate::{Error, args::Preview, load, print, report::Progress};

/// Prints one artifact.
pub(crate) fn run(arguments: &Preview) -> Result<ExitCode, Error> {
    let revision =
        arguments.revision.as_deref().map(|it| load::revision(&arguments.path, it)).transpose()?;
    let now;
    let loaded: &Loaded = match &revision {
        Some(it) => &it.loaded,
        None => {
            now = load::load(slice::from_ref(&arguments.path), &Progress::new());
            &now
        }
    };
    let is_failed = load::say_failures(loaded);
    let name = arguments.name.as_deref().unwrap_or_default();
    let ask =
        |it: &LoadedWorkspace| it.analysis.preview_by_name(name, arguments.artifact.as_deref());
    let asked = arguments.name.as_ref().or(arguments.artifact.as_ref()).map_or("", |it| it);
    let (_, preview) = load::only(loaded, &arguments.path, asked, ask)?;
    let end = if preview.text.ends_with('\n') { "" } else { "\n" };
    print::bytes(format!("{}{end}", preview.text).as_bytes())?;
    Ok(ExitCode::from(if is_failed { 2 } else { 0 }))
}
