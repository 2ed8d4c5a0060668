//! A project as a whole: `init`, `doctor`, `explain`, and what git shows of a change.

use std::{fs, path::Path, process::Command};

use serde_json::Value;
use specql_tests::{
    binary::{project_root, run, specql_lsp, workspace},
    git::{commit, git},
};

/// Exit code, stdout, stderr.
fn said(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = run(folder, arguments);
    let text = |it: &[u8]| String::from_utf8_lossy(it).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

const POST: &str = "entity: Post\nschema: blog\nfields:\n  title: text!\n";

#[test]
fn the_first_files_are_right_and_none_is_written_twice() {
    let folder = workspace(&[("post.yaml", POST)]);
    let folder = folder.path();
    let (code, _, told) = said(folder, &["init"]);
    assert_eq!(code, Some(0), "{told}");
    let written = [
        "specql.config.yaml",
        ".github/workflows/specql.yml",
        ".vscode/extensions.json",
        ".vscode/settings.json",
    ];
    let texts = written.map(|it| fs::read_to_string(folder.join(it)).expect(it));
    for it in &texts[2..] {
        assert!(serde_json::from_str::<Value>(it).expect("JSON").is_object());
    }
    assert!(texts[0].contains("#audit:\n") && texts[0].contains("#  retention: "), "{}", texts[0]);
    let (code, report, _) = said(folder, &["check", "--fail-on", "info"]);
    assert_eq!(code, Some(0), "{report}");
    // A second run has nothing to do, and one over files of somebody else leaves them.
    assert!(said(folder, &["init"]).2.contains("nothing to write"));
    fs::write(folder.join(".vscode/settings.json"), "{\"mine\": 1}\n").expect("writable");
    fs::remove_file(folder.join(".vscode/extensions.json")).expect("it is there");
    let (code, _, told) = said(folder, &["init"]);
    assert_eq!(code, Some(0));
    assert!(told.contains("left .vscode/settings.json alone") && told.contains("fixAll"), "{told}");
    let mine = fs::read_to_string(folder.join(".vscode/settings.json")).expect("it is there");
    assert_eq!(mine, "{\"mine\": 1}\n");
    assert!(folder.join(".vscode/extensions.json").exists());
}

#[test]
fn what_a_project_uses_decides_what_is_written() {
    let folder = workspace(&[
        ("post.yaml", POST),
        (".helix/config.toml", ""),
        (".pre-commit-config.yaml", "repos: []\n"),
        ("specql.config.yml", "tenancy: single\n"),
    ]);
    let (code, printed, told) = said(folder.path(), &["init", "--dry-run"]);
    assert_eq!(code, Some(0), "{told}");
    assert!(printed.contains(".helix/languages.toml") && !printed.contains(".github"), "{printed}");
    assert!(
        told.contains("left specql.config.yml alone") && told.contains("specql-format"),
        "{told}"
    );
    assert!(!folder.path().join(".helix/languages.toml").exists(), "it only looks");
    let (code, _, told) = said(folder.path(), &["init", "--ci", "gitlab", "--editor", "none"]);
    assert_eq!(code, Some(0), "{told}");
    assert!(folder.path().join(".gitlab-ci.yml").exists());
    assert!(!folder.path().join(".helix/languages.toml").exists());
    assert_eq!(said(folder.path(), &["init", "nowhere"]).0, Some(2));
}

/// The document of `doctor`, held against its schema.
fn doctor(folder: &Path, expected: i32) -> Value {
    let (code, text, _) = said(folder, &["doctor", "--format", "json"]);
    assert_eq!(code, Some(expected), "{text}");
    let document: Value = serde_json::from_str(&text).expect("JSON");
    let path = project_root().join("docs/schemas/doctor.schema.json");
    let schema = serde_json::from_str(&fs::read_to_string(path).expect("shipped")).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let errors: Vec<String> = validator.iter_errors(&document).map(|it| it.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new());
    document
}

/// The state of a check.
fn state(document: &Value, name: &str) -> String {
    let checks = document["checks"].as_array().expect("a list");
    let found = checks.iter().find(|it| it["name"] == name).expect(name);
    found["state"].as_str().expect("a word").to_owned()
}

#[test]
fn the_doctor_says_what_is_seen_and_what_is_missing() {
    let folder = workspace(&[("a/post.yaml", POST), ("compose.yaml", "services: {}\n")]);
    let folder = folder.path();
    let document = doctor(folder, 0);
    let workspace = &document["workspaces"][0];
    assert_eq!((&workspace["entityFiles"], &workspace["otherFiles"]), (&1.into(), &1.into()));
    assert_eq!(workspace["config"], Value::Null);
    assert_eq!(state(&document, "git"), "ok");
    let text = said(folder, &["doctor"]).1;
    assert!(text.contains("this folder has none") && text.contains("0 problems"), "{text}");

    fs::write(folder.join("specql.config.yaml"), "tenancy: several\n").expect("writable");
    let document = doctor(folder, 1);
    assert_eq!(state(&document, "configuration"), "problem");
    fs::write(folder.join("specql.config.yaml"), "tenancy: single\n").expect("writable");
    let document = doctor(folder, 0);
    assert_eq!(document["workspaces"][0]["config"], "specql.config.yaml");
    fs::write(folder.join("specql.config.yml"), "").expect("writable");
    assert_eq!(state(&doctor(folder, 1), "configuration"), "problem");

    let empty = tempfile::tempdir().expect("a folder");
    assert_eq!(state(&doctor(empty.path(), 1), "entities"), "problem");
}

#[test]
fn a_machine_without_tools_is_told_what_needs_them() {
    let folder = workspace(&[("post.yaml", POST)]);
    let output = Command::new(specql_lsp())
        .args(["doctor", "--format", "json"])
        .current_dir(folder.path())
        .env("PATH", folder.path())
        .output()
        .expect("it was just built");
    assert_eq!(output.status.code(), Some(0), "nothing of it is needed to check");
    let document: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    for name in ["git", "PostgreSQL", "Node", "server"] {
        assert_eq!(state(&document, name), "missing");
    }
}

#[test]
fn every_code_that_a_command_prints_is_explained() {
    let folder = workspace(&[]);
    let list = said(folder.path(), &["explain"]).1;
    let changes = list.split("\n\n").nth(2).expect("a part of changes");
    let codes: Vec<&str> = changes.lines().filter_map(|it| it.split(' ').next()).collect();
    assert!(codes.len() > 20 && codes.contains(&"member-removed"), "{codes:?}");
    for code in codes {
        let (exit, page, _) = said(folder.path(), &["explain", code]);
        assert!(exit == Some(0) && page.starts_with(&format!("# {code}\n")), "{code}: {page}");
    }
    let (exit, _, told) = said(folder.path(), &["explain", "member-remved"]);
    assert!(exit == Some(2) && told.contains("did you mean `member-removed`?"), "{told}");
    assert_eq!(said(folder.path(), &["explain", "Unknown_Field"]).0, Some(0));
    let topics = list.split("\n\n").last().expect("a part of topics");
    for name in topics.lines().filter_map(|it| it.split(' ').next()) {
        let (exit, page, _) = said(folder.path(), &["explain", name]);
        assert!(exit == Some(0) && page.starts_with("# "), "{name}: {page}");
    }
}

const ACTION: &str = "actions:
  - name: rename_post
    steps:
      - update: Post SET title = input.title
    impact:
      primary: {entity: Post, operation: UPDATE, fields: [title]}
    cdc:
      enabled: true
      event_type: PostRenamed
      payload: [title]
";

#[test]
fn git_shows_what_a_change_means() {
    let text = format!("{POST}  text: text\n{ACTION}");
    let folder = workspace(&[("e/post.yaml", &text), ("other.yaml", "a: 1\n")]);
    let folder = folder.path();
    git(folder, &["init", "-q", "-b", "main"]);
    let driver = format!("'{}' git-diff-driver", specql_lsp().display());
    git(folder, &["config", "diff.specql.command", &driver]);
    fs::write(folder.join(".gitattributes"), "*.yaml diff=specql\n").expect("writable");
    commit(folder);
    let changed = text
        .replace("SET title = input.title", "SET title = input.title, text = 'x'")
        .replace("[title]}", "[title, text]}")
        .replace("payload: [title]", "payload: [text]");
    fs::write(folder.join("e/post.yaml"), &changed).expect("writable");
    fs::write(folder.join("other.yaml"), "a: 2\n").expect("writable");
    fs::write(folder.join("broken.yaml"), "entity: [\n").expect("writable");
    git(folder, &["add", "-N", "broken.yaml"]);
    let shown = git(folder, &["diff"]);
    for expected in [
        "diff --specql a/e/post.yaml b/e/post.yaml",
        "-      payload: [title]\n+      payload: [text]\n",
        "rename_post:\n",
        "change[member-removed]: event PostRenamed v1: `payload.post.title` is gone",
        "breaking[member-added]: event PostRenamed v1: `payload.post.text` is new",
        "-a: 1\n+a: 2\n",
        "+entity: [\n",
    ] {
        assert!(shown.contains(expected), "no {expected:?} in\n{shown}");
    }
    assert!(!shown.contains('\u{1b}'), "nobody sees colours in a pipe");
    // A comment changes nothing that anybody waits for; a file may go.
    fs::write(folder.join("e/post.yaml"), format!("# posts\n{text}")).expect("writable");
    assert!(
        git(folder, &["diff", "e"]).contains("no action, event or cascade changes its meaning")
    );
    git(folder, &["rm", "-q", "-f", "e/post.yaml"]);
    let shown = git(folder, &["diff", "--cached"]);
    assert!(shown.contains("event-removed") && shown.contains("+++ /dev/null"), "{shown}");
    let (code, told, _) = said(folder, &["git-diff-driver"]);
    assert!(code == Some(0) && told.contains("diff.specql.command"), "{told}");
}

#[test]
fn git_shows_other_names_and_modes() {
    let text = format!("{POST}  text: text\n{ACTION}");
    let folder =
        workspace(&[("e/post.yaml", &text), ("user.yaml", "entity: User\nfields:\n  a: text\n")]);
    let folder = folder.path();
    git(folder, &["init", "-q", "-b", "main"]);
    let driver = format!("'{}' git-diff-driver", specql_lsp().display());
    git(folder, &["config", "diff.specql.command", &driver]);
    fs::write(folder.join(".gitattributes"), "*.yaml diff=specql\n").expect("writable");
    commit(folder);
    git(folder, &["mv", "e/post.yaml", "e/posts.yaml"]);
    fs::write(folder.join("e/posts.yaml"), text.replace("title: text", "title: email"))
        .expect("writable");
    git(folder, &["update-index", "--chmod=+x", "user.yaml"]);
    git(folder, &["add", "--all", "e"]);
    let shown = git(folder, &["diff", "--cached", "-M"]);
    for expected in [
        "diff --specql a/e/post.yaml b/e/posts.yaml\n",
        "rename from e/post.yaml\nrename to e/posts.yaml\n",
        "similarity index",
        "--- a/e/post.yaml\n+++ b/e/posts.yaml\n",
        "diff --specql a/user.yaml b/user.yaml\nold mode 100644\nnew mode 100755\n",
    ] {
        assert!(shown.contains(expected), "no {expected:?} in\n{shown}");
    }
    assert!(!shown.contains("event-removed"), "{shown}");
    assert!(!shown.contains("--- a/user.yaml"), "{shown}");
}

#[test]
fn what_is_no_file_is_not_taken_for_nothing() {
    let link = |to: &Path| std::os::unix::fs::symlink("nowhere", to).expect("writable");
    let folder_at = |at: &Path| fs::create_dir(at).expect("writable");
    for (name, make) in [
        ("specql.config.yaml", &link as &dyn Fn(&Path)),
        ("specql.config.yaml", &folder_at),
        ("specql.events.lock", &link),
        ("specql.events.lock", &folder_at),
    ] {
        let folder = workspace(&[("e/post.yaml", &format!("{POST}  text: text\n"))]);
        make(&folder.path().join(name));
        for arguments in [&["check"][..], &["format"], &["emit", "--out", "o"]] {
            let (code, _, told) = said(folder.path(), arguments);
            assert_eq!(code, Some(2), "{name} {arguments:?}: {told}");
            assert!(told.contains(&format!("cannot read `{name}`")), "{told}");
        }
        let (code, told, _) = said(folder.path(), &["doctor"]);
        assert_eq!(code, Some(1), "{told}");
        let word = if name.ends_with("lock") { "lock file: " } else { "configuration: " };
        assert!(!told.contains(&format!("ok       {word}")) || word == "lock file: ", "{told}");
        assert!(told.contains("cannot be read") || told.contains("cannot read"), "{told}");
        let (_, _, told) = said(folder.path(), &["init"]);
        assert!(word == "lock file: " || told.contains("no file that can be read"), "{told}");
    }
}
