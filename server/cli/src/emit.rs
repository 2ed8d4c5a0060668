//! `specql-lsp emit`.

use std::{fs, path::Path, process::ExitCode};

use specql_ide::{ArtifactKind, EmittedFile};

use crate::{
    Error,
    args::Emit,
    load,
    report::{Progress, counted},
};

/// Writes every artifact of the workspace.
pub(crate) fn run(arguments: &Emit) -> Result<ExitCode, Error> {
    let skip = arguments.skip.iter().map(|it| artifact(it)).collect::<Result<Vec<_>, _>>()?;
    let loaded = load::load(&arguments.paths, &Progress::new())?;
    let files = loaded.analysis.emit(&skip);
    for file in &files {
        write(&arguments.out, file)?;
    }
    anstream::eprintln!("wrote {} to {}", counted(files.len(), "file"), arguments.out.display());
    Ok(ExitCode::SUCCESS)
}

fn artifact(name: &str) -> Result<ArtifactKind, Error> {
    ArtifactKind::from_name(name)
        .ok_or_else(|| Error::Usage(format!("there is no artifact `{name}`")))
}

fn write(folder: &Path, file: &EmittedFile) -> Result<(), Error> {
    let path = folder.join(&file.path);
    let failed = |source| Error::Write { path: path.clone(), source };
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(failed)?;
    }
    fs::write(&path, &file.text).map_err(failed)
}
