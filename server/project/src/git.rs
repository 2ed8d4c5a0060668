//! What git is asked. Nothing is written, neither to the repository nor to its index.

use std::process::{Command, Output};

use camino::{Utf8Path, Utf8PathBuf};

use crate::real::real_folder;

/// The folder of the work tree around a folder, by its real path.
pub(crate) fn top(folder: &Utf8Path) -> Result<Utf8PathBuf, String> {
    let top = git(folder, &["rev-parse", "--show-toplevel"], &[])
        .map_err(|error| format!("`{folder}` is in no repository of git: {error}"))?;
    Ok(real_folder(Utf8Path::new(&top)))
}

/// The commit that a revision names.
pub(crate) fn commit(folder: &Utf8Path, revision: &str) -> Result<String, String> {
    let commit = format!("{revision}^{{commit}}");
    let arguments = ["rev-parse", "--verify", "--quiet", "--end-of-options", &commit];
    git(folder, &arguments, &[])
        .map_err(|_| format!("there is no revision `{revision}`; fetch it, or name another"))
}

/// What git says, without the last line end; else what it complains of.
pub(crate) fn git(
    folder: &Utf8Path,
    arguments: &[&str],
    environment: &[(&str, &str)],
) -> Result<String, String> {
    let mut command = Command::new("git");
    command
        .env("GIT_OPTIONAL_LOCKS", "0")
        .arg("-C")
        .arg(folder)
        .args(arguments)
        .envs(environment.iter().copied());
    let Output { status, stdout, stderr } =
        command.output().map_err(|error| format!("git cannot be run: {error}"))?;
    if status.success() {
        return Ok(String::from_utf8_lossy(&stdout).trim_end().to_owned());
    }
    Err(String::from_utf8_lossy(&stderr).trim().to_owned())
}
