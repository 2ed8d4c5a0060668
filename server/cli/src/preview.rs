//! `specql-lsp preview`.

use std::{
    io::{self, Write},
    process::ExitCode,
    slice,
};

use specql_project::{Loaded, LoadedWorkspace};

use crate::{Error, args::Preview, load, report::Progress};

/// Prints one artifact.
pub(crate) fn run(arguments: &Preview) -> Result<ExitCode, Error> {
    let loaded = load::load(slice::from_ref(&arguments.path), &Progress::new());
    load::say_failures(&loaded);
    let preview = find(&loaded, arguments)?;
    let mut out = io::stdout().lock();
    out.write_all(preview.text.as_bytes())?;
    if !preview.text.ends_with('\n') {
        writeln!(out)?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// The artifact of the one workspace that has it.
fn find(loaded: &Loaded, arguments: &Preview) -> Result<specql_ide::Preview, Error> {
    let ask = |it: &LoadedWorkspace| {
        it.analysis.preview_by_name(&arguments.name, arguments.artifact.as_deref())
    };
    // Of workspaces without entities none is meant.
    let declaring = loaded.workspaces.iter().filter(|it| it.analysis.entity_count() > 0);
    let (mut found, mut refused) = (Vec::new(), None);
    for workspace in declaring {
        match ask(workspace) {
            Ok(it) => found.push((workspace, it)),
            Err(it) => refused = refused.or(Some(it)),
        }
    }
    let nothing = || format!("there is no entity in `{}`", arguments.path.display());
    match found.pop() {
        None => Err(Error::Usage(refused.unwrap_or_else(nothing))),
        Some((_, it)) if found.is_empty() => Ok(it),
        Some((last, _)) => {
            let folders = found.iter().map(|it| it.0).chain([last]);
            let folders: Vec<String> = folders.map(|it| format!("`{}`", it.shown)).collect();
            Err(Error::Usage(format!(
                "several workspaces have `{}`: name one of {} with `--path`",
                arguments.name,
                folders.join(", ")
            )))
        }
    }
}
