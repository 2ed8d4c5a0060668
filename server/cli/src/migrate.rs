//! `specql-lsp migrate`: what brings a database of a base to what `emit` writes now, to be read first.

use std::{fs, path::Path, process::ExitCode, slice};

use camino::Utf8Path;
use specql_ide::{ArtifactKind, EmittedFile, Migration, migration};
use specql_project::LoadedWorkspace;

use crate::{
    Error,
    args::MigrateArguments,
    errors_first::refuses,
    generated::{Folder, Writer},
    load, print,
    report::{Progress, counted},
};

/// The files, in the order in which they are run.
const FILES: [&str; 2] = ["1_expand.sql", "2_contract.sql"];

const WRITER: Writer =
    Writer { command: "migrate", record: ".specql-migrate.json", instead: "choose another folder" };

/// Prints the migration, or writes its files.
pub(crate) fn run(arguments: &MigrateArguments) -> Result<ExitCode, Error> {
    let skip = skipped(arguments)?;
    let paths = slice::from_ref(&arguments.path);
    let loaded = load::load(paths, &Progress::new());
    if load::say_unfit(&loaded, paths, "migrate") {
        return Ok(ExitCode::from(2));
    }
    if !arguments.allow_errors && refuses(&loaded, &[], "written")? {
        return Ok(ExitCode::from(1));
    }
    let declaring = loaded.workspaces.iter().filter(|it| it.analysis.entity_count() > 0);
    let workspaces: Vec<&LoadedWorkspace> = declaring.collect();
    let [workspace] = workspaces.as_slice() else {
        let folders: Vec<String> = workspaces.iter().map(|it| format!("`{}`", it.shown)).collect();
        return Err(Error::Usage(format!(
            "a migration is of one workspace: name one of {}",
            folders.join(", ")
        )));
    };
    let Some(base) = base(arguments, workspace, &skip)? else { return Ok(ExitCode::from(2)) };
    let next = workspace.analysis.emit(&skip);
    let migration = migration(&base, &next, &workspace.analysis, arguments.allow_destructive);
    match &arguments.out {
        Some(folder) => write(folder, &migration, arguments.overwrite)?,
        None => print(&migration)?,
    }
    say(&migration, arguments);
    Ok(ExitCode::SUCCESS)
}

fn skipped(arguments: &MigrateArguments) -> Result<Vec<ArtifactKind>, Error> {
    let beside = ArtifactKind::BESIDE.into_iter();
    let named = arguments.skip.iter().map(|it| match it.as_str() {
        "table" => Ok(ArtifactKind::Table),
        "roles" => Ok(ArtifactKind::Roles),
        _ => Err(Error::Usage(format!("`{it}` cannot be left out; `table` and `roles` can"))),
    });
    beside.map(Ok).chain(named).collect()
}

/// What `emit` wrote for the base: the files of a folder, or those of a revision.
fn base(
    arguments: &MigrateArguments,
    workspace: &LoadedWorkspace,
    skip: &[ArtifactKind],
) -> Result<Option<Vec<EmittedFile>>, Error> {
    let folder = Path::new(&arguments.base);
    if folder.is_dir() {
        let mut files = Vec::new();
        scripts(folder, "", &mut files)?;
        if !files.iter().any(|it| it.path == "00_foundation.sql") {
            return Err(Error::Usage(format!(
                "`{}` holds nothing that `emit` wrote: name a folder with its files, or a revision",
                folder.display()
            )));
        }
        return Ok(Some(files));
    }
    let revision = load::revision(&arguments.path, &arguments.base)?;
    if load::say_failures(&revision.loaded) {
        return Ok(None);
    }
    let same = |it: &&LoadedWorkspace| revision.in_repository(&it.root.path) == workspace.root.path;
    let found = revision.loaded.workspaces.iter().find(same);
    Ok(Some(found.map(|it| it.analysis.emit(skip)).unwrap_or_default()))
}

/// The SQL files below a folder, in the order of their paths.
fn scripts(folder: &Path, below: &str, files: &mut Vec<EmittedFile>) -> Result<(), Error> {
    let failed = |source| Error::Read { path: folder.to_owned(), source };
    let mut entries: Vec<_> =
        fs::read_dir(folder).map_err(failed)?.collect::<Result<_, _>>().map_err(failed)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let name = format!("{below}{}", entry.file_name().to_string_lossy());
        if path.is_dir() {
            scripts(&path, &format!("{name}/"), files)?;
        } else if Utf8Path::new(&name).extension() == Some("sql") {
            let read = fs::read_to_string(&path);
            let text = read.map_err(|source| Error::Read { path, source })?;
            files.push(EmittedFile { path: name, text });
        }
    }
    Ok(())
}

/// Writes the files; one with nothing in it is removed, so that none of an earlier run stays. Questions are
/// answered in them, so what somebody edited is not overwritten unasked.
fn write(folder: &Path, migration: &Migration, overwrite: bool) -> Result<(), Error> {
    let files: Vec<EmittedFile> = FILES
        .into_iter()
        .zip([&migration.expand, &migration.contract])
        .filter(|(_, text)| !text.is_empty())
        .map(|(name, text)| EmittedFile { path: name.to_owned(), text: text.clone() })
        .collect();
    let done = Folder::open(folder, WRITER)?.write(&files, overwrite)?;
    for path in &done.kept {
        say!("kept {path}: nothing of it is left to do, but it was edited by hand");
    }
    Ok(())
}

fn print(migration: &Migration) -> Result<(), Error> {
    let mut text = String::new();
    for (name, part) in FILES.into_iter().zip([&migration.expand, &migration.contract]) {
        if !part.is_empty() {
            text.push_str(&format!("-- ==== {name} ====\n\n{part}\n"));
        }
    }
    Ok(print::bytes(text.as_bytes())?)
}

fn say(migration: &Migration, arguments: &MigrateArguments) {
    if migration.expand.is_empty() && migration.contract.is_empty() {
        say!("nothing has changed since `{}`", arguments.base);
        return;
    }
    if let Some(folder) = &arguments.out {
        say!("wrote the migration to {}", folder.display());
    }
    if migration.questions > 0 {
        say!(
            "{}: look for `-- question` and answer them before it is run",
            counted(migration.questions, "question")
        );
    }
    if migration.destructive > 0 {
        let state = if arguments.allow_destructive {
            "written as statements"
        } else {
            "written as comments; `--allow-destructive` writes statements"
        };
        let count = counted(migration.destructive, "destructive step");
        say!("{count}: {state}");
    }
}
