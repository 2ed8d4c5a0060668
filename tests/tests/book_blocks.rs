//! Blocks of the documentation that a reader would run or copy: each is run by a test, or says why not.
//!
//! A block of no page with a test of its own is run here: calls in a copy of `examples/blog`, YAML and
//! JSON by readers that are not ours. `not-run: REASON` behind the language leaves one out.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use specql_tests::{
    binary::{AGENTS, project_root, run, specql_lsp},
    git::{commit, git},
};

/// A fenced block.
#[derive(Debug)]
struct Block {
    page: String,
    language: String,
    /// What stands behind the language.
    note: String,
    text: String,
    /// An artifact's page is filled by a mark before the block.
    is_filled: bool,
}

fn pages() -> Vec<PathBuf> {
    let mut res = vec!["README.md".into(), "CONTRIBUTING.md".into()];
    let mut folders = vec![PathBuf::from("docs"), "editors".into()];
    while let Some(folder) = folders.pop() {
        for it in fs::read_dir(project_root().join(&folder)).expect("a folder").flatten() {
            let path = folder.join(it.file_name());
            let is_foreign = path.ends_with("node_modules");
            if it.file_type().expect("readable").is_dir() && !is_foreign {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "md") {
                res.push(path);
            }
        }
    }
    res.sort();
    res
}

fn blocks(page: &Path) -> Vec<Block> {
    let text = fs::read_to_string(project_root().join(page)).expect("readable");
    let (mut res, mut before) = (Vec::new(), "");
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let trimmed = line.trim_start();
        let ticks = trimmed.len() - trimmed.trim_start_matches('`').len();
        if ticks < 3 {
            before = if line.is_empty() { before } else { line };
            continue;
        }
        let (fence, info) = trimmed.split_at(ticks);
        let body: Vec<&str> = lines.by_ref().take_while(|it| it.trim() != fence).collect();
        let (language, note) = info.split_once(' ').unwrap_or((info, ""));
        res.push(Block {
            page: page.display().to_string(),
            language: language.to_owned(),
            note: note.to_owned(),
            text: body.join("\n"),
            is_filled: before.starts_with("<!-- preview "),
        });
        before = "";
    }
    res
}

/// The tests that run whole pages.
fn runs_elsewhere(it: &Block) -> bool {
    let language = it.language.as_str();
    match it.page.as_str() {
        "docs/ci.md" => true,
        "docs/getting-started.md" => matches!(language, "console" | "yaml"),
        page => {
            page.starts_with("docs/tutorial/") || page.starts_with("docs/rules/") || it.is_filled
        }
    }
}

/// The blog as of version 1.4, and what was emitted of it; since then a field is new.
fn scratch() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let example = project_root().join("examples/blog");
    let copied = Command::new("cp").arg("-r").arg(example).arg(folder.path()).status();
    assert!(copied.expect("there is cp").success());
    let blog = folder.path().join("blog");
    git(&blog, &["init", "-q", "-b", "main"]);
    commit(&blog);
    git(&blog, &["tag", "v1.4"]);
    assert!(run(&blog, &["emit", "--out", "sql"]).status.success());
    folder
}

/// Runs a script; what it says if it fails.
fn failure(script: &str, folder: &Path) -> Option<String> {
    let own = specql_lsp().parent().expect("a folder").to_path_buf();
    let others = env::var_os("PATH").unwrap_or_default();
    let search: Vec<PathBuf> = std::iter::once(own).chain(env::split_paths(&others)).collect();
    // A build of its own would take minutes: the binary is the same.
    let script = script.replace("cargo run --release -p specql-lsp --", "specql-lsp");
    let output = Command::new("bash")
        .args(["-euo", "pipefail", "-c", &script])
        .current_dir(folder)
        .env("PATH", env::join_paths(search).expect("paths"))
        .envs(AGENTS.map(|it| (it, "")))
        .output()
        .expect("there is bash");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    (!output.status.success()).then_some(said)
}

/// What a reader in Python says of a text if it refuses it.
fn refusal(program: &str, text: &str) -> Option<String> {
    let python = project_root().join(".cache/venv/bin/python");
    let output = Command::new(python).args(["-c", program, text]).output();
    let output = output.expect("scripts/setup.sh installs it");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    (!output.status.success()).then_some(said)
}

#[test]
fn every_block_is_run_or_says_why_not() {
    let scratch = scratch();
    let blog = scratch.path().join("blog");
    let (mut here, mut elsewhere, mut left_out) = (0, 0, 0);
    for it in pages().iter().flat_map(|it| blocks(it)) {
        if !matches!(it.language.as_str(), "sh" | "console" | "yaml" | "json") {
            continue;
        }
        if let Some(reason) = it.note.strip_prefix("not-run: ") {
            assert!(reason.split(' ').count() > 2, "{}: {reason} is no reason", it.page);
            left_out += 1;
            continue;
        }
        if runs_elsewhere(&it) {
            elsewhere += 1;
            continue;
        }
        here += 1;
        let problem = match it.language.as_str() {
            "yaml" => refusal("import sys, yaml; yaml.safe_load(sys.argv[1])", &it.text),
            "json" => refusal("import sys, json; json.loads(sys.argv[1])", &it.text),
            "sh" if it.page == "README.md" => failure(&it.text, project_root()),
            _ => failure(&it.text, &blog),
        };
        assert_eq!(problem, None, "{}:\n{}", it.page, it.text);
    }
    assert!(here >= 6 && elsewhere >= 150, "{here} here, {elsewhere} elsewhere");
    assert!(left_out <= 10, "{left_out} blocks are left out: run some of them");
}
