//! What git is asked. Nothing is written, neither to the repository nor to its index.

use std::{
    io::Write,
    process::{Command, Output, Stdio},
};

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

/// The commit at which the current branch left a revision: what others did there since then is not of the
/// branch.
pub(crate) fn fork(folder: &Utf8Path, revision: &str) -> Result<String, String> {
    let tip = commit(folder, revision)?;
    git(folder, &["merge-base", &tip, "HEAD"], &[]).map_err(|_| {
        format!("`{revision}` and the current branch have no commit in common; fetch the history")
    })
}

/// Who a commit of now would be by: `Jane <jane@example.com>`.
///
/// # Errors
/// What git complains of: it does not know, or cannot be run.
pub fn author(folder: &Utf8Path) -> Result<String, String> {
    let said = git(folder, &["var", "GIT_AUTHOR_IDENT"], &[])?;
    // Behind it stands the time.
    let who = said.rsplit_once('>').map(|(who, _)| format!("{who}>"));
    Ok(who.unwrap_or(said))
}

/// What git says, without the last line end; else what it complains of.
pub(crate) fn git(
    folder: &Utf8Path,
    arguments: &[&str],
    environment: &[(&str, &str)],
) -> Result<String, String> {
    let said = asked(folder, arguments, environment, None)?;
    Ok(String::from_utf8_lossy(&said).trim_end().to_owned())
}

/// What files held in a commit, asked at once; nothing for those that were not there.
pub(crate) fn blobs(
    top: &Utf8Path,
    commit: &str,
    names: &[Utf8PathBuf],
) -> Result<Vec<Option<Vec<u8>>>, String> {
    // A name with a line end cannot be asked for, and is none of a source file that anybody means.
    let is_line = |it: &Utf8PathBuf| !it.as_str().contains('\n');
    let wanted: String =
        names.iter().filter(|it| is_line(it)).map(|it| format!("{commit}:{it}\n")).collect();
    let said = asked(top, &["cat-file", "--batch"], &[], Some(wanted))?;
    let mut rest = said.as_slice();
    Ok(names.iter().map(|it| if is_line(it) { blob(&mut rest) } else { None }).collect())
}

/// The next answer of `cat-file --batch`: a line with the size, that many bytes, a line end. What is no
/// file has a line alone, or is passed over.
fn blob(rest: &mut &[u8]) -> Option<Vec<u8>> {
    let end = rest.iter().position(|it| *it == b'\n')?;
    let (head, tail) = rest.split_at(end);
    *rest = tail.get(1..)?;
    let head = String::from_utf8_lossy(head);
    let (named, size) = head.rsplit_once(' ')?;
    let size: usize = size.parse().ok()?;
    let bytes = rest.get(..size)?.to_owned();
    *rest = rest.get(size + 1..).unwrap_or_default();
    named.ends_with(" blob").then_some(bytes)
}

/// The one place where git is run.
fn asked(
    folder: &Utf8Path,
    arguments: &[&str],
    environment: &[(&str, &str)],
    input: Option<String>,
) -> Result<Vec<u8>, String> {
    let failed = |error: std::io::Error| format!("git cannot be run: {error}");
    let mut child = Command::new("git")
        .env("GIT_OPTIONAL_LOCKS", "0")
        .arg("-C")
        .arg(folder)
        .args(arguments)
        .envs(environment.iter().copied())
        .stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() })
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    let stdin = child.stdin.take();
    // Written beside the reading: both pipes have an end.
    let writer = std::thread::spawn(move || {
        let Some((mut stdin, text)) = stdin.zip(input) else { return };
        // Git that ended early says why itself.
        drop(stdin.write_all(text.as_bytes()));
    });
    let Output { status, stdout, stderr } = child.wait_with_output().map_err(failed)?;
    drop(writer.join());
    if status.success() {
        return Ok(stdout);
    }
    Err(String::from_utf8_lossy(&stderr).trim().to_owned())
}
