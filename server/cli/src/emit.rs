//! `specql-lsp emit`: every artifact of a workspace as files, written as a set or not at all.

mod folder;
mod manifest;

use std::process::ExitCode;

use specql_ide::{Analysis, ArtifactKind, Level};
use specql_text::{LineIndex, PositionEncoding};

use crate::{
    Error,
    args::{Emit, Format},
    emit::folder::Folder,
    load,
    report::{Progress, Report, counted},
};

/// What a project may have from elsewhere; the rest of the artifacts need each other.
const OPTIONAL: &[ArtifactKind] = &[
    ArtifactKind::Table,
    ArtifactKind::Roles,
    ArtifactKind::CascadeSample,
    ArtifactKind::EventSample,
];

/// Writes the artifacts, or with `--check` says whether the folder has them as they are now.
pub(crate) fn run(arguments: &Emit) -> Result<ExitCode, Error> {
    let skip = arguments.skip.iter().map(|it| artifact(it)).collect::<Result<Vec<_>, _>>()?;
    let loaded = load::load(&arguments.paths, &Progress::new())?;
    if !arguments.allow_errors && refuses(&loaded)? {
        return Ok(ExitCode::from(1));
    }
    let files = loaded.analysis.emit(&skip);
    warn(&loaded.analysis, &skip);
    let folder = Folder::open(&arguments.out)?;
    if arguments.check {
        return Ok(compare(&folder, &folder.differences(&files)?));
    }
    let done = folder.write(&files)?;
    for path in &done.kept {
        anstream::eprintln!("kept {path}: it is not generated any more, but was edited by hand");
    }
    let removed = match done.removed {
        0 => String::new(),
        count => format!(", removed {}", counted(count, "file")),
    };
    let count = counted(files.len(), "file");
    anstream::eprintln!("wrote {count} to {}{removed}", arguments.out.display());
    Ok(ExitCode::SUCCESS)
}

/// Generated functions leave out what has errors, so with errors nothing is generated: the findings
/// are printed instead.
fn refuses(loaded: &load::Loaded) -> Result<bool, Error> {
    let mut findings: Vec<_> =
        loaded.reported.iter().flat_map(|it| loaded.analysis.diagnostics(*it)).collect();
    findings.retain(|it| it.level == Level::Error);
    if findings.is_empty() {
        return Ok(false);
    }
    let mut report = Report::default();
    report.add(&loaded.analysis, &loaded.reported, findings);
    report.print(Format::Full, false)?;
    anstream::eprintln!("nothing was written: mend the errors, or say `--allow-errors`");
    Ok(true)
}

/// Says what the artifacts cannot do.
fn warn(analysis: &Analysis, skip: &[ArtifactKind]) {
    for problem in analysis.emit_problems(skip) {
        let path = analysis.path(problem.file).unwrap_or_default();
        let text = analysis.text(problem.file).map_or("", AsRef::as_ref);
        let index = LineIndex::new(text);
        let start = index.positions(problem.range, PositionEncoding::Utf32).0;
        let (line, column) = (start.line + 1, start.character + 1);
        anstream::eprintln!("{path}:{line}:{column}: warning: {}", problem.message);
    }
}

fn compare(folder: &Folder, differences: &[String]) -> ExitCode {
    if differences.is_empty() {
        anstream::eprintln!("{} is up to date", folder.path().display());
        return ExitCode::SUCCESS;
    }
    for it in differences {
        anstream::eprintln!("{it}");
    }
    let count = counted(differences.len(), "difference");
    anstream::eprintln!("{count}: `specql-lsp emit` brings {} up to date", folder.path().display());
    ExitCode::from(1)
}

fn artifact(name: &str) -> Result<ArtifactKind, Error> {
    let found = OPTIONAL.iter().find(|it| it.name() == name);
    found.copied().ok_or_else(|| {
        let names: Vec<String> = OPTIONAL.iter().map(|it| format!("`{}`", it.name())).collect();
        Error::Usage(format!("`{name}` cannot be left out; {} can", names.join(", ")))
    })
}
