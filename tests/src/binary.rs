//! The binary `specql-lsp`, built from this tree.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::OnceLock,
};

use tempfile::TempDir;

/// The root of the project.
#[must_use]
pub fn project_root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// The path of the binary: the one that `SPECQL_LSP` names, or one that is built once per test process; a
/// build that is up to date takes no time.
///
/// # Panics
///
/// When the binary does not build: its tests have nothing to test.
pub fn specql_lsp() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        if let Some(path) = std::env::var_os("SPECQL_LSP") {
            return path.into();
        }
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let output = Command::new(cargo)
            .args(["build", "--quiet", "--package", "specql-lsp", "--message-format", "json"])
            .current_dir(project_root())
            .output()
            .expect("cargo runs these tests, so it is there");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        executable(&output).expect("cargo names the executable that it built")
    })
}

/// The last executable in cargo's messages.
fn executable(output: &Output) -> Option<PathBuf> {
    let messages = String::from_utf8_lossy(&output.stdout);
    let messages = messages.lines().filter_map(|it| serde_json::from_str(it).ok());
    let mut paths = messages.filter_map(|it: serde_json::Value| {
        it.get("executable").and_then(serde_json::Value::as_str).map(PathBuf::from)
    });
    paths.next_back()
}

/// By these a coding agent says that it runs a command; reports then have another form.
pub const AGENTS: [&str; 6] =
    ["AI_AGENT", "CLAUDECODE", "CURSOR_AGENT", "GEMINI_CLI", "CODEX_SANDBOX", "OPENCODE"];

/// Runs the binary in a folder and gives its output.
///
/// # Panics
///
/// When it cannot be started.
pub fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(specql_lsp())
        .args(arguments)
        .current_dir(folder)
        .envs([("NO_COLOR", "1"), ("LANG", "C.UTF-8")])
        .env_remove("COLUMNS")
        .env_remove("TERM")
        .env_remove("GITHUB_STEP_SUMMARY")
        .envs(AGENTS.iter().map(|it| (*it, "")))
        .output()
        .expect("it was just built")
}

/// A folder with files for one test.
///
/// # Panics
///
/// When they cannot be written.
#[must_use]
pub fn workspace(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder for the test");
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("below the folder")).expect("writable");
        fs::write(path, text).expect("writable");
    }
    folder
}
