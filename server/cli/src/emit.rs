//! `specql-lsp emit`.

use std::{fs, path::Path, process::ExitCode};

use specql_ide::{ArtifactKind, EmittedFile};
use specql_text::LineIndex;

use crate::{
    Error,
    args::Emit,
    load,
    report::{Progress, counted, positions},
};

/// What a project may have from elsewhere; the rest of the artifacts need each other.
const OPTIONAL: &[ArtifactKind] =
    &[ArtifactKind::Table, ArtifactKind::CascadeSample, ArtifactKind::EventSample];

/// Writes every artifact of the workspace, and says on stderr what they cannot do.
pub(crate) fn run(arguments: &Emit) -> Result<ExitCode, Error> {
    let skip = arguments.skip.iter().map(|it| artifact(it)).collect::<Result<Vec<_>, _>>()?;
    let loaded = load::load(&arguments.paths, &Progress::new())?;
    let files = loaded.analysis.emit(&skip);
    for file in &files {
        write(&arguments.out, file)?;
    }
    for problem in loaded.analysis.emit_problems(&skip) {
        let path = loaded.analysis.path(problem.file).unwrap_or_default();
        let text = loaded.analysis.text(problem.file).map_or("", AsRef::as_ref);
        let start = positions(&LineIndex::new(text), problem.range).0;
        anstream::eprintln!(
            "{path}:{}:{}: warning: {}",
            start.line,
            start.character,
            problem.message
        );
    }
    anstream::eprintln!("wrote {} to {}", counted(files.len(), "file"), arguments.out.display());
    Ok(ExitCode::SUCCESS)
}

fn artifact(name: &str) -> Result<ArtifactKind, Error> {
    let found = OPTIONAL.iter().find(|it| it.name() == name);
    found.copied().ok_or_else(|| {
        let names: Vec<String> = OPTIONAL.iter().map(|it| format!("`{}`", it.name())).collect();
        Error::Usage(format!("`{name}` cannot be left out; {} can", names.join(", ")))
    })
}

fn write(folder: &Path, file: &EmittedFile) -> Result<(), Error> {
    let path = folder.join(&file.path);
    let failed = |source| Error::Write { path: path.clone(), source };
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(failed)?;
    }
    fs::write(&path, &file.text).map_err(failed)
}
