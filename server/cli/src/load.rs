//! The workspaces of the paths on the command line, and what there is to say when they cannot be read.

use std::{
    io::{self, Read},
    path::{Path, PathBuf},
};

use camino::{Utf8Path, Utf8PathBuf};
use specql_project::{
    Asked, CONFIG_NAMES, Encoding, Failure, Loaded, LoadedFile, LoadedWorkspace, Options, Revision,
    Step, real_folder,
};

use crate::{Error, args::Files, report::Progress};

/// Reads the workspaces of the paths.
pub(crate) fn load(paths: &[PathBuf], progress: &Progress) -> Loaded {
    load_with(&expanded(paths.to_vec()), &Options::default(), progress)
}

/// The same as an option of the call says.
///
/// # Errors
/// When stdin cannot be read, or nobody says what it holds.
pub(crate) fn load_chosen(
    paths: &[PathBuf],
    files: &Files,
    progress: &Progress,
) -> Result<Loaded, Error> {
    let (stdin, named): (Vec<_>, Vec<_>) =
        paths.iter().cloned().partition(|it| it == Path::new("-"));
    let unsaved = match (stdin.is_empty(), &files.stdin_filename) {
        (true, None) => None,
        (false, Some(name)) => {
            names_a_file(name)?;
            Some((name.clone(), stdin_text()?.0.into()))
        }
        (false, None) => {
            let why = "`-` needs `--stdin-filename PATH`: a file means something in its workspace";
            return Err(Error::Usage(why.to_owned()));
        }
        (true, Some(_)) => {
            let why = "`--stdin-filename` names what `-` reads: add `-`";
            return Err(Error::Usage(why.to_owned()));
        }
    };
    let options = Options { unsaved, config: files.config.clone(), ignored: files.no_ignore };
    let res = load_with(&expanded(named), &options, progress);
    // Under another configuration every finding may be another one.
    let is_config = |it: &&Failure| Some(it.path.as_std_path()) == files.config.as_deref();
    match res.failures.iter().find(is_config) {
        Some(failure) => Err(Error::Usage(failure.to_string())),
        None => Ok(res),
    }
}

/// Whether what stdin holds can have a name.
///
/// # Errors
/// When the name is that of a folder.
pub(crate) fn names_a_file(path: &Path) -> Result<(), Error> {
    let is_open = path.to_string_lossy().ends_with(std::path::is_separator);
    if is_open || path.is_dir() {
        let why = "is a folder: `--stdin-filename` names the file that `-` stands for";
        return Err(Error::Usage(format!("`{}` {why}", path.display())));
    }
    Ok(())
}

/// Patterns that the shell left as they are (quoted, or where it knows none) stand for what they match;
/// a file with such a name is that file.
pub(crate) fn expanded(paths: Vec<PathBuf>) -> Vec<PathBuf> {
    let matched = |it: PathBuf| {
        let found = if it.exists() { Vec::new() } else { specql_project::matching(&it) };
        if found.is_empty() { vec![it] } else { found }
    };
    paths.into_iter().flat_map(matched).collect()
}

fn load_with(paths: &[PathBuf], options: &Options, progress: &Progress) -> Loaded {
    specql_project::load_with(paths, options, &|step| match step {
        Step::Found(files) => {
            on_one_thread_if_few(files);
            progress.begin(files);
        }
        Step::Read => progress.step(),
        Step::Done => progress.end(),
    })
}

/// Starting threads takes longer than checking some files, so then this thread does all. It is asked before
/// anything runs on several; later it is settled, and asking again changes nothing.
fn on_one_thread_if_few(files: usize) {
    const FEW: usize = 8;
    if files <= FEW {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread();
        drop(pool.build_global());
    }
}

/// What stdin holds, and how it is written. Bytes that are no text are marked in the text, as those of a
/// file.
pub(crate) fn stdin_text() -> Result<(String, Encoding), Error> {
    let mut bytes = Vec::new();
    io::stdin()
        .lock()
        .read_to_end(&mut bytes)
        .map_err(|source| Error::Read { path: "-".into(), source })?;
    let (text, encoding) = specql_project::text_of(&bytes);
    Ok((text.into_owned(), encoding))
}

/// Says what could not be read. Whether there was anything.
pub(crate) fn say_failures(loaded: &Loaded) -> bool {
    for it in &loaded.failures {
        say!("error: {it}");
    }
    !loaded.failures.is_empty()
}

/// Whether the paths hold nothing that could be checked, so that no finding means nothing.
pub(crate) fn is_nothing_found(loaded: &Loaded) -> bool {
    let is_config =
        |it: &LoadedFile| CONFIG_NAMES.contains(&it.path.file_name().unwrap_or_default());
    // What was named and is no entity file has a finding, and so may a configuration.
    let counts = |workspace: &LoadedWorkspace, it: &LoadedFile| match it.asked {
        Asked::ByName => true,
        Asked::InFolder if is_config(it) => !workspace.analysis.diagnostics(it.id).is_empty(),
        // A lock file alone may have one too.
        Asked::InFolder => {
            workspace.is_checked(it.id) || !workspace.analysis.diagnostics(it.id).is_empty()
        }
        Asked::No => false,
    };
    !holds(loaded, counts)
}

/// Whether the paths hold a file that `counts`.
pub(crate) fn holds(
    loaded: &Loaded,
    counts: impl Fn(&LoadedWorkspace, &LoadedFile) -> bool,
) -> bool {
    let has = |it: &LoadedWorkspace| it.files.iter().any(|file| counts(it, file));
    loaded.workspaces.iter().any(has)
}

/// Says what could not be read, or else that the paths hold nothing for the command. Whether that is so.
pub(crate) fn say_unfit(loaded: &Loaded, paths: &[PathBuf], verb: &str) -> bool {
    if say_failures(loaded) {
        return true;
    }
    let is_empty = is_nothing_found(loaded);
    if is_empty {
        say_nothing_found(paths, verb);
    }
    is_empty
}

/// Says that the paths hold nothing, and where one would look.
pub(crate) fn say_nothing_found(paths: &[PathBuf], verb: &str) {
    let paths: Vec<String> = paths.iter().map(|it| format!("`{}`", it.display())).collect();
    say!(
        "warning: found nothing to {verb} in {}: an entity file is YAML with `entity: Name` in its \
         root, and what `.gitignore` excludes is not looked at",
        paths.join(", ")
    );
}

/// The workspaces of a path as a revision has them. A file stands for its folder.
pub(crate) fn revision(path: &Path, revision: &str) -> Result<Revision, Error> {
    Revision::load(&folder_of(path)?, revision).map_err(Error::Usage)
}

/// The same of the commit at which the current branch left the revision.
pub(crate) fn fork(path: &Path, revision: &str) -> Result<Revision, Error> {
    Revision::load_fork(&folder_of(path)?, revision).map_err(Error::Usage)
}

fn folder_of(path: &Path) -> Result<Utf8PathBuf, Error> {
    let not_utf8 = || Error::Usage(format!("`{}` is not UTF-8", path.display()));
    let path = real_folder(Utf8Path::from_path(path).ok_or_else(not_utf8)?);
    Ok(if path.is_dir() { path } else { path.parent().unwrap_or(&path).to_owned() })
}

/// The answer of the one workspace that has it.
pub(crate) fn only<'a, T>(
    loaded: &'a Loaded,
    path: &Path,
    name: &str,
    ask: impl Fn(&LoadedWorkspace) -> Result<T, String>,
) -> Result<(&'a LoadedWorkspace, T), Error> {
    // Of workspaces without entities none is meant.
    let declaring = loaded.workspaces.iter().filter(|it| it.analysis.entity_count() > 0);
    let (mut found, mut refused) = (Vec::new(), None);
    for workspace in declaring {
        match ask(workspace) {
            Ok(it) => found.push((workspace, it)),
            Err(it) => refused = refused.or(Some(it)),
        }
    }
    let nothing = || format!("there is no entity in `{}`", path.display());
    match found.pop() {
        None => Err(Error::Usage(refused.unwrap_or_else(nothing))),
        Some(it) if found.is_empty() => Ok(it),
        Some((last, _)) => {
            let folders = found.iter().map(|it| it.0).chain([last]);
            let folders: Vec<String> = folders.map(|it| format!("`{}`", it.shown)).collect();
            Err(Error::Usage(format!(
                "several workspaces have `{name}`: name one of {} with `--path`",
                folders.join(", ")
            )))
        }
    }
}
