//! `specql-lsp preview`.

use std::{
    io::{self, Write},
    process::ExitCode,
    slice,
};

use camino::Utf8Path;
use specql_project::{Loaded, LoadedWorkspace, Revision, real_folder};

use crate::{Error, args::Preview, load, report::Progress};

/// Prints one artifact.
pub(crate) fn run(arguments: &Preview) -> Result<ExitCode, Error> {
    let revision =
        arguments.revision.as_deref().map(|it| in_revision(arguments, it)).transpose()?;
    let now;
    let loaded: &Loaded = match &revision {
        Some(it) => &it.loaded,
        None => {
            now = load::load(slice::from_ref(&arguments.path), &Progress::new());
            &now
        }
    };
    load::say_failures(loaded);
    let name = &arguments.name;
    let ask =
        |it: &LoadedWorkspace| it.analysis.preview_by_name(name, arguments.artifact.as_deref());
    let (_, preview) = load::only(loaded, &arguments.path, name, ask)?;
    let mut out = io::stdout().lock();
    out.write_all(preview.text.as_bytes())?;
    if !preview.text.ends_with('\n') {
        writeln!(out)?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// The workspaces of the path as a revision has them. A file stands for its folder.
fn in_revision(arguments: &Preview, revision: &str) -> Result<Revision, Error> {
    let not_utf8 = || Error::Usage(format!("`{}` is not UTF-8", arguments.path.display()));
    let path = real_folder(Utf8Path::from_path(&arguments.path).ok_or_else(not_utf8)?);
    let folder = if path.is_dir() { path.as_path() } else { path.parent().unwrap_or(&path) };
    Revision::load(folder, revision).map_err(Error::Usage)
}
