//! git, in a repository that a test has made.

use std::{path::Path, process::Command};

/// Runs git in a folder and gives what it prints on stdout.
///
/// # Panics
///
/// When git is not there, or ends with an error.
pub fn git(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(["-c", "user.name=a", "-c", "user.email=a@example.org"])
        .args(arguments)
        .envs([("NO_COLOR", "1"), ("GIT_PAGER", "cat")])
        .output()
        .expect("git is there");
    let text = |it: &[u8]| String::from_utf8_lossy(it).into_owned();
    assert!(output.status.success(), "git {arguments:?}: {}", text(&output.stderr));
    text(&output.stdout)
}

/// Commits everything below a folder.
///
/// # Panics
///
/// When git ends with an error.
pub fn commit(folder: &Path) {
    git(folder, &["add", "--all"]);
    git(folder, &["commit", "--quiet", "--message", "state"]);
}
