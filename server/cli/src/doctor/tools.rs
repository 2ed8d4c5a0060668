//! What of the machine single commands need: git, PostgreSQL, Node, the server on the `PATH`.

use std::{
    env,
    path::PathBuf,
    process::{Command, Stdio},
};

use super::{Check, State};

/// What emitted SQL runs on.
const POSTGRES: u32 = 15;
/// What the VS Code extension is built with.
const NODE: u32 = 20;

pub(super) fn checks() -> Vec<Check> {
    vec![server(), git(), postgres(), node()]
}

/// The server that editors start, which is not always the one that somebody looks at.
fn server() -> Check {
    const NAME: &str = "server";
    let own = env::current_exe().and_then(|it| it.canonicalize()).ok();
    let Some(found) = on_path("specql-lsp") else {
        let help = "Neovim, Helix and others start `specql-lsp` from there; VS Code has its own inside \
                    of the extension";
        return Check::of(NAME, State::Missing, "`specql-lsp` is not on the PATH", help);
    };
    let shown = found.display().to_string();
    if found.canonicalize().ok() == own {
        return Check::ok(NAME, format!("editors start this one, {shown}"));
    }
    let Some(version) = said(&shown, &["--version"]) else {
        let message = format!("{shown}, which editors start, does not run");
        return Check::of(NAME, State::Problem, message, "install it again");
    };
    let version = version.trim_start_matches("specql-lsp ").to_owned();
    if version == env!("CARGO_PKG_VERSION") {
        return Check::ok(NAME, format!("editors start {shown}, of the same version"));
    }
    let message = format!("editors start {shown}, which is version {version}");
    let help = "install the same version at both places, so that editors and CI say the same";
    Check::of(NAME, State::Problem, message, help)
}

fn git() -> Check {
    match said("git", &["--version"]) {
        Some(it) => Check::ok("git", it),
        None => {
            let help = "`check --changed`, `check --since` and `diff` ask it what has changed";
            Check::of("git", State::Missing, "git cannot be run", help)
        }
    }
}

fn postgres() -> Check {
    const NAME: &str = "PostgreSQL";
    let help = "what `emit` writes runs on PostgreSQL 15 or later; nothing else needs it";
    match said("psql", &["--version"]) {
        None => Check::of(NAME, State::Missing, "`psql` cannot be run", help),
        Some(it) if major(&it).is_some_and(|it| it < POSTGRES) => {
            Check::of(NAME, State::Missing, format!("{it} is too old"), help)
        }
        Some(it) => Check::ok(NAME, it),
    }
}

fn node() -> Check {
    const NAME: &str = "Node";
    let help = "the VS Code extension is built with Node 20 or later; nothing else needs it";
    match said("node", &["--version"]) {
        None => Check::of(NAME, State::Missing, "`node` cannot be run", help),
        Some(it) if major(&it).is_some_and(|it| it < NODE) => {
            Check::of(NAME, State::Missing, format!("{it} is too old"), help)
        }
        Some(it) => Check::ok(NAME, it),
    }
}

/// The first line that a program prints, when it runs.
fn said(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().next().map(|it| it.trim().to_owned());
    line.filter(|it| output.status.success() && !it.is_empty())
}

/// The first number of a line.
fn major(text: &str) -> Option<u32> {
    let digits = text.split(|it: char| !it.is_ascii_digit());
    digits.filter(|it| !it.is_empty()).find_map(|it| it.parse().ok())
}

fn on_path(name: &str) -> Option<PathBuf> {
    let file = format!("{name}{}", env::consts::EXE_SUFFIX);
    env::split_paths(&env::var_os("PATH")?).map(|it| it.join(&file)).find(|it| it.is_file())
}

#[cfg(test)]
mod tests {
    use super::major;

    #[test]
    fn the_first_number_is_the_version() {
        assert_eq!(major("psql (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)"), Some(15));
        assert_eq!(major("v24.19.0"), Some(24));
        assert_eq!(major("none"), None);
    }
}
