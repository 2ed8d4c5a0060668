//! The workspaces of the paths on the command line, and what there is to say when they cannot be read.

use std::path::PathBuf;

use specql_project::{Asked, Loaded, LoadedFile, LoadedWorkspace, Step};

use crate::report::Progress;

/// Reads the workspaces of the paths.
pub(crate) fn load(paths: &[PathBuf], progress: &Progress) -> Loaded {
    specql_project::load(paths, &|step| match step {
        Step::Found(files) => progress.begin(files),
        Step::Read => progress.step(),
        Step::Done => progress.end(),
    })
}

/// Says what could not be read. Whether there was anything.
pub(crate) fn say_failures(loaded: &Loaded) -> bool {
    for it in &loaded.failures {
        anstream::eprintln!("error: {it}");
    }
    !loaded.failures.is_empty()
}

/// Says that the paths hold nothing to check, and where one would look. Whether that is so.
pub(crate) fn say_nothing_found(loaded: &Loaded, paths: &[PathBuf]) -> bool {
    // What was named and is no entity file has a finding.
    let counts = |workspace: &LoadedWorkspace, it: &LoadedFile| match it.asked {
        Asked::ByName => true,
        // A finding in other YAML says that it was meant as an entity file.
        Asked::InFolder => {
            workspace.analysis.is_read(it.id) || !workspace.analysis.diagnostics(it.id).is_empty()
        }
        Asked::No => false,
    };
    let holds = |it: &LoadedWorkspace| it.files.iter().any(|file| counts(it, file));
    if loaded.workspaces.iter().any(holds) {
        return false;
    }
    let paths: Vec<String> = paths.iter().map(|it| format!("`{}`", it.display())).collect();
    anstream::eprintln!(
        "warning: found nothing to check in {}: an entity file is YAML with `entity: Name` in its \
         root, and what `.gitignore` excludes is not looked at",
        paths.join(", ")
    );
    true
}
