//! `specql-lsp emit`: every artifact of a workspace as files, written as a set or not at all.

use std::process::ExitCode;

use camino::Utf8Path;
use specql_ide::{ArtifactKind, EmittedFile};
use specql_project::{Loaded, LoadedWorkspace};
use specql_text::{LineIndex, PositionEncoding};

use crate::{
    Error,
    args::Emit,
    errors_first::refuses,
    generated::{Folder, Writer},
    load,
    report::{Progress, counted},
};

const WRITER: Writer = Writer {
    command: "emit",
    record: ".specql-emit.json",
    instead: "say in the entity files what they are to do",
};

/// What a project may have from elsewhere; the rest of the artifacts need each other.
fn optional() -> impl Iterator<Item = ArtifactKind> {
    [ArtifactKind::Table, ArtifactKind::Roles].into_iter().chain(ArtifactKind::BESIDE)
}

/// Writes the artifacts, or with `--check` says whether the folder has them as they are now.
pub(crate) fn run(arguments: &Emit) -> Result<ExitCode, Error> {
    let skip = arguments.skip.iter().map(|it| artifact(it)).collect::<Result<Vec<_>, _>>()?;
    let loaded = load::load(&arguments.paths, &Progress::new());
    if load::say_unfit(&loaded, &arguments.paths, "emit") {
        return Ok(ExitCode::from(2));
    }
    let done = if arguments.check { "compared" } else { "written" };
    if !arguments.allow_errors && refuses(&loaded, &[], done)? {
        return Ok(ExitCode::from(1));
    }
    let files = generated(&loaded, &skip);
    if files.is_empty() {
        return Err(Error::Usage(
            "no entity is declared there, so nothing is generated".to_owned(),
        ));
    }
    loaded.workspaces.iter().for_each(|it| warn(it, &skip));
    let folder = Folder::open(&arguments.out, WRITER)?;
    if arguments.check {
        return Ok(compare(&folder, &folder.differences(&files)?));
    }
    let done = folder.write(&files, arguments.overwrite)?;
    for path in &done.kept {
        say!(
            "kept {path}: it is not generated any more, but was edited by hand or lies behind a link"
        );
    }
    let removed = match done.removed {
        0 => String::new(),
        count => format!(", removed {}", counted(count, "file")),
    };
    let count = counted(files.len(), "file");
    say!("wrote {count} to {}{removed}", arguments.out.display());
    Ok(ExitCode::SUCCESS)
}

/// The artifacts of every workspace that declares an entity. Of several each has a folder, which lies as
/// the workspace lies below the folder that holds them all.
fn generated(loaded: &Loaded, skip: &[ArtifactKind]) -> Vec<EmittedFile> {
    let declares = |it: &&LoadedWorkspace| it.analysis.entity_count() > 0;
    let workspaces: Vec<_> = loaded.workspaces.iter().filter(declares).collect();
    let holds_all = |it: &&Utf8Path| workspaces.iter().all(|one| one.root.path.starts_with(it));
    let above = workspaces.first().and_then(|it| it.root.path.ancestors().find(holds_all));
    let mut res = Vec::new();
    for workspace in &workspaces {
        let folder = above.and_then(|it| workspace.root.path.strip_prefix(it).ok());
        let folder = folder.map_or("", Utf8Path::as_str).replace('\\', "/");
        let files = workspace.analysis.emit(skip).into_iter();
        res.extend(files.map(|it| match folder.as_str() {
            "" => it,
            folder => EmittedFile { path: format!("{folder}/{}", it.path), ..it },
        }));
    }
    res
}

/// Says what the artifacts cannot do.
fn warn(workspace: &LoadedWorkspace, skip: &[ArtifactKind]) {
    for problem in workspace.analysis.emit_problems(skip) {
        let path = workspace.file(problem.file).map_or("", |it| &it.shown);
        let text = workspace.analysis.text(problem.file).map_or("", AsRef::as_ref);
        let index = LineIndex::new(text);
        let start = index.positions(problem.range, PositionEncoding::Utf32).0;
        let (line, column) = (start.line + 1, start.character + 1);
        say!("{path}:{line}:{column}: warning: {}", problem.message);
    }
}

fn compare(folder: &Folder, differences: &[String]) -> ExitCode {
    if differences.is_empty() {
        say!("{} is up to date", folder.path().display());
        return ExitCode::SUCCESS;
    }
    for it in differences {
        say!("{it}");
    }
    let count = counted(differences.len(), "difference");
    say!("{count}: `specql-lsp emit` brings {} up to date", folder.path().display());
    ExitCode::from(1)
}

fn artifact(name: &str) -> Result<ArtifactKind, Error> {
    let found = optional().find(|it| it.name() == name);
    found.ok_or_else(|| {
        let names: Vec<String> = optional().map(|it| format!("`{}`", it.name())).collect();
        Error::Usage(format!("`{name}` cannot be left out; {} can", names.join(", ")))
    })
}
