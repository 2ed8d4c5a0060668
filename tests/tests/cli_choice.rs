//! Which files a run reports on, and what they are taken for.

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
};

use sha2::{Digest, Sha256};
use specql_tests::{
    binary::{project_root, run, specql_lsp, workspace},
    git::{commit, git},
};
use tempfile::TempDir;

const USER: &str = "entity: User\nschema: a\nfields:\n  name: text!\n";
const POST: &str = "entity: Post\nschema: a\nfields:\n  title: text!\n  user: ref(User)!\nactions:\n  - name: touch\n    steps:\n      - validate: user.name IS NOT NULL\n      - update: Post SET title = 'x'\n    impact:\n      primary:\n        entity: Post\n        operation: UPDATE\n        fields: [title]\n";

/// User, Post that reads a field of it, Tag with a mistake of its own; all committed.
fn repository() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let tag = "entity: Tag\nschema: a\nfields:\n  name: txt\n";
    for (name, text) in [("user.yaml", USER), ("post.yaml", POST), ("tag.yaml", tag)] {
        fs::write(folder.path().join(name), text).expect("writable");
    }
    git(folder.path(), &["init", "-q", "-b", "main"]);
    commit(folder.path());
    folder
}

/// Exit code, and file and code of each finding.
fn findings(folder: &Path, arguments: &[&str]) -> (Option<i32>, Vec<String>) {
    let output =
        run(folder, &[&["check", "--format", "concise", "--ignore", "compat"], arguments].concat());
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let short = |it: &str| {
        let (place, rest) = it.split_once(": ").expect("a place");
        let file = place.split(':').next().expect("a file");
        format!("{file} {}", rest.split(['[', ']']).nth(1).expect("a code"))
    };
    (output.status.code(), text.lines().map(short).collect())
}

#[test]
fn what_changed_is_reported_with_what_depends_on_it() {
    let folder = repository();
    let folder = folder.path();
    assert_eq!(findings(folder, &[]), (Some(1), vec!["tag.yaml unknown-type".to_owned()]));
    assert_eq!(findings(folder, &["--changed"]), (Some(0), vec![]));
    fs::write(folder.join("user.yaml"), USER.replace("name:", "full_name:")).expect("writable");
    let broken = (Some(1), vec!["post.yaml unknown-field".to_owned()]);
    assert_eq!(findings(folder, &["--changed"]), broken);
    git(folder, &["checkout", "-q", "-b", "mine"]);
    commit(folder);
    assert_eq!(findings(folder, &["--changed"]), (Some(0), vec![]));
    assert_eq!(findings(folder, &["--since", "main"]), broken);
    fs::remove_file(folder.join("user.yaml")).expect("it is there");
    let gone = (Some(1), vec!["post.yaml unknown-entity".to_owned()]);
    assert_eq!(findings(folder, &["--changed"]), gone);
    let output = run(folder, &["check", "--since", "nowhere"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("no revision `nowhere`"));
}

fn piped(folder: &Path, arguments: &[&str], text: &str) -> Output {
    let mut child = Command::new(specql_lsp())
        .current_dir(folder)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    child.stdin.take().expect("piped").write_all(text.as_bytes()).expect("it reads");
    child.wait_with_output().expect("it ends")
}

#[test]
fn stdin_has_a_place_in_a_workspace() {
    let folder = repository();
    for name in ["post.yaml", "new.yaml"] {
        let text = POST.replace("Post", if name == "new.yaml" { "Page" } else { "Post" });
        let arguments = ["check", "-", "--stdin-filename", name, "--format", "concise"];
        let output = piped(folder.path(), &arguments, &text);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        let output = piped(folder.path(), &arguments, &text.replace("user.name", "user.nam"));
        assert_eq!(output.status.code(), Some(1));
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(text.starts_with(&format!("{name}:9:")), "{text}");
        assert_eq!(text.lines().count(), 1, "{text}");
    }
    let output = piped(folder.path(), &["check", "-"], POST);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("--stdin-filename"));
}

#[test]
fn what_is_mended_of_stdin_goes_to_stdout() {
    let folder = repository();
    let folder = folder.path();
    let saved = fs::read_to_string(folder.join("tag.yaml")).expect("it is there");
    let typed = "entity: Tag\nschema: a\nfields:\n  label: txt\n";
    let fix = ["check", "-", "--stdin-filename", "tag.yaml", "--unsafe-fixes"];
    let output = piped(folder, &[&fix[..], &["--fix"]].concat(), typed);
    let text = |it: &[u8]| String::from_utf8(it.to_vec()).expect("UTF-8");
    assert_eq!(text(&output.stdout), typed.replace("txt", "text"));
    assert!(text(&output.stderr).contains("applied 1 fix"), "{}", text(&output.stderr));
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert_eq!(fs::read_to_string(folder.join("tag.yaml")).expect("it is there"), saved);
    let output = piped(folder, &[&fix[..4], &["--fix"]].concat(), "entity: Tag\n");
    assert_eq!(text(&output.stdout), "entity: Tag\n", "nothing to mend");
}

#[test]
fn a_formatter_reads_stdin_and_writes_stdout() {
    let folder = repository();
    let format = |arguments: &[&str], text: &str| {
        let output = piped(folder.path(), &[&["format"], arguments].concat(), text);
        let text = |it: &[u8]| String::from_utf8(it.to_vec()).expect("UTF-8");
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    };
    let (ugly, tidy) = (
        "entity:   Note\r\nfields:\r\n    a:  text\r\n",
        "entity: Note\r\nfields:\r\n  a: text\r\n",
    );
    assert_eq!(format(&["-"], ugly), (Some(0), tidy.to_owned(), String::new()));
    assert_eq!(format(&["-"], tidy), (Some(0), tidy.to_owned(), String::new()));
    let named = ["-", "--stdin-filename", "a/note.yaml"];
    let asked = format(&[&named[..], &["--check"]].concat(), ugly);
    assert_eq!(asked, (Some(1), "a/note.yaml\n".to_owned(), String::new()));
    assert_eq!(format(&["-", "--check"], tidy).0, Some(0));
    let (code, shown, _) = format(&[&named[..], &["--diff"]].concat(), ugly);
    assert_eq!(code, Some(1));
    assert!(shown.starts_with("--- a/a/note.yaml\n+++ b/a/note.yaml\n"), "{shown}");
    // Nothing comes out of what cannot be read; what is no SpecQL comes out as it went in.
    let (code, text, told) = format(&named, "entity: Bad\nfields:\n  a: 'x\n");
    assert_eq!((code, text.as_str()), (Some(1), ""));
    assert!(told.starts_with("a/note.yaml: line 3 cannot be read"), "{told}");
    assert_eq!(format(&["-"], "services:   {}\n").1, "services:   {}\n");
    assert_eq!(format(&["-", "tag.yaml"], ugly).0, Some(2));
    assert_eq!(format(&["--stdin-filename", "a.yaml"], ugly).0, Some(2));
}

#[test]
fn patterns_that_no_shell_has_read() {
    let folder = repository();
    let folder = folder.path();
    fs::create_dir(folder.join("more")).expect("writable");
    fs::write(folder.join("more/x.yml"), "entity: X\nfields:\n  a: txt\n").expect("writable");
    let tag = "tag.yaml unknown-type".to_owned();
    assert_eq!(findings(folder, &["t*.yaml"]), (Some(1), vec![tag.clone()]));
    let both = vec!["more/x.yml unknown-type".to_owned(), tag];
    assert_eq!(findings(folder, &["**/*.{yml,yaml}"]), (Some(1), both));
    let output = run(folder, &["check", "none*.yaml"]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn before_the_first_commit_everything_has_changed() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    git(folder.path(), &["init", "-q"]);
    fs::write(folder.path().join("a.yaml"), "entity: A\nfields:\n  a: txt\n").expect("writable");
    let found = findings(folder.path(), &["--changed"]);
    assert_eq!(found, (Some(1), vec!["a.yaml unknown-type".to_owned()]));
}

#[test]
fn another_configuration_and_ignored_files() {
    let folder = repository();
    let folder = folder.path();
    fs::write(folder.join("specql.config.yaml"), "rules:\n  unknown-type: off\n")
        .expect("writable");
    assert_eq!(findings(folder, &[]), (Some(0), vec![]));
    let other = tempfile::tempdir().expect("a folder");
    let config = other.path().join("strict.yaml");
    fs::write(&config, "rules:\n  unknown-type: info\n").expect("writable");
    let found = findings(folder, &["--config", config.to_str().expect("UTF-8")]);
    assert_eq!(found, (Some(0), vec!["tag.yaml unknown-type".to_owned()]));
    fs::write(folder.join(".gitignore"), "private/\n").expect("writable");
    fs::create_dir(folder.join("private")).expect("writable");
    fs::write(folder.join("private/a.yaml"), "entity: Hidden\nfields:\n  a: ref(Nobody)\n")
        .expect("writable");
    assert_eq!(findings(folder, &[]), (Some(0), vec![]));
    let found = findings(folder, &["--no-ignore"]);
    assert_eq!(found.1, ["private/a.yaml unknown-entity"]);
}

#[test]
fn suppressions_silence_what_is_there_and_nothing_else() {
    let folder = repository();
    let output = run(folder.path(), &["check", "--add-suppressions", "--ignore", "compat"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert_eq!(findings(folder.path(), &["--fail-on", "info"]), (Some(0), vec![]));
    let text = fs::read_to_string(folder.path().join("tag.yaml")).expect("it is there");
    assert_eq!(
        text,
        "entity: Tag\nschema: a\nfields:\n  # specql: allow(unknown-type)\n  name: txt\n"
    );
    let post = fs::read_to_string(folder.path().join("post.yaml")).expect("it is there");
    assert_eq!(post, POST);
}

#[test]
fn what_a_baseline_accepts_needs_no_comment() {
    let folder = repository();
    let folder = folder.path();
    let base = ["--ignore", "compat", "--baseline", "accepted.json"];
    let update = run(folder, &[&["check"][..], &base, &["--update-baseline"]].concat());
    assert_eq!(update.status.code(), Some(0), "{update:?}");
    let tag = fs::read_to_string(folder.join("tag.yaml")).expect("it is there");
    let both = format!("{tag}  more: tyt\n");
    fs::write(folder.join("tag.yaml"), &both).expect("writable");
    let output = run(folder, &[&["check", "--add-suppressions"][..], &base].concat());
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!said.contains("gone"), "{said}");
    let text = fs::read_to_string(folder.join("tag.yaml")).expect("it is there");
    assert_eq!(text, format!("{tag}  # specql: allow(unknown-type)\n  more: tyt\n"));
    let twice =
        run(folder, &[&["check", "--add-suppressions", "--update-baseline"][..], &base].concat());
    assert_eq!(twice.status.code(), Some(2), "they accept the same findings");
}

/// What a version wrote that took the whole of a long line for its fingerprint.
#[test]
fn a_baseline_of_long_lines_is_known_again() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let fields: Vec<String> = (0..200).map(|it| format!("f{it}: txt")).collect();
    let text = format!("entity: Tag\nschema: a\nfields: {{{}}}\n", fields.join(", "));
    fs::write(folder.path().join("tag.yaml"), text).expect("writable");
    let check = |more: &[&str]| {
        let base = ["check", "--select", "unknown-type", "--baseline", "accepted.json"];
        run(folder.path(), &[&base[..], more].concat())
    };
    assert_eq!(check(&["--update-baseline"]).status.code(), Some(0));
    let path = folder.path().join("accepted.json");
    let written = fs::read_to_string(&path).expect("it is there");
    let mut baseline: serde_json::Value = serde_json::from_str(&written).expect("JSON");
    let line = format!("fields: {{{}}}", fields.join(", "));
    for (at, it) in baseline["findings"].as_array_mut().expect("a list").iter_mut().enumerate() {
        let message = it["message"].as_str().expect("a text");
        let whole = ["unknown-type", "tag.yaml", message, &line, &(at + 1).to_string()].join("\0");
        let digest = Sha256::digest(whole);
        let mark: String = digest.iter().take(16).map(|it| format!("{it:02x}")).collect();
        it["fingerprint"] = mark.into();
    }
    fs::write(&path, baseline.to_string()).expect("writable");
    let output = check(&[]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
}

#[test]
fn what_is_no_yaml_is_not_silenced() {
    let folder = repository();
    let broken = "entity: Tag\nschema: a\nfields:\n\tname: txt\n  other: \"text\n";
    fs::write(folder.path().join("tag.yaml"), broken).expect("writable");
    let output = run(folder.path(), &["check", "--add-suppressions", "--ignore", "compat"]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let text = fs::read_to_string(folder.path().join("tag.yaml")).expect("it is there");
    assert!(!text.contains("invalid-yaml"), "{text}");
    let said = String::from_utf8_lossy(&output.stderr);
    let line = "no loader reads a file that is no YAML, whatever a comment says";
    assert!(said.contains(line), "{said}");
    let (_, left) = findings(folder.path(), &["--ignore", "compat"]);
    assert!(left.iter().all(|it| it == "tag.yaml invalid-yaml") && !left.is_empty(), "{left:?}");
}

#[test]
fn the_examples_are_clean() {
    let root = project_root();
    let output = run(root, &["check", "examples"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
}

/// A folder in which everything is right, and one thing is worth a thought.
fn with_advice() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let text = "entity: Draft\naudit: false\nfields:\n  title: text\nactions:\n  - name: drop_draft\n    \
        steps:\n      - delete: Draft\n        hard: true\n    impact:\n      primary: {entity: Draft, operation: DELETE}\n";
    fs::write(folder.path().join("draft.yaml"), text).expect("writable");
    folder
}

#[test]
fn hints_are_told_to_who_asks() {
    let folder = with_advice();
    let folder = folder.path();
    let told = |code| (Some(code), vec!["draft.yaml unaudited-delete".to_owned()]);
    let silent = (Some(0), vec![]);
    for quiet in
        [&[][..], &["--fail-on", "info"], &["--ignore", "naming"], &["--level", "naming=error"]]
    {
        assert_eq!(findings(folder, quiet), silent, "{quiet:?}");
    }
    assert_eq!(findings(folder, &["--hints"]), told(0));
    assert_eq!(findings(folder, &["--select", "unaudited-delete"]), told(0));
    assert_eq!(findings(folder, &["--level", "unaudited-delete=hint"]), told(0));
    assert_eq!(findings(folder, &["--fail-on", "hint"]), told(1));
    assert_eq!(findings(folder, &["--level", "unaudited-delete=warning"]), told(1));
    assert_eq!(findings(folder, &["--hints", "--ignore", "unaudited-delete"]), silent);
    let config = folder.join("specql.config.yaml");
    fs::write(&config, "rules:\n  unaudited-delete: info\n").expect("writable");
    assert_eq!(findings(folder, &[]), told(0));
    fs::write(&config, "rules:\n  unaudited-delete: off\n").expect("writable");
    assert_eq!(findings(folder, &["--hints"]), silent);
}

#[test]
fn every_format_knows_hints_and_leaves_them_out() {
    let folder = with_advice();
    let folder = folder.path();
    let said = |format: &str, more: &[&str]| {
        let output =
            run(folder, &[&["check", "--ignore", "compat", "--format", format], more].concat());
        assert_eq!(output.status.code(), Some(0), "{format}: {output:?}");
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    for (format, marks) in [
        ("full", "hint[unaudited-delete]"),
        ("concise", ": hint[unaudited-delete] "),
        ("json", r#""hints": 1"#),
        ("json-lines", r#""level":"hint""#),
        ("sarif", r#""level": "note""#),
        ("github", "::notice file=draft.yaml,"),
        ("gitlab", r#""severity": "info""#),
        ("junit", r#"type="hint""#),
        ("checkstyle", r#"severity="info""#),
        ("rdjson", r#""severity": "INFO""#),
        ("azure", "type=warning;sourcepath=draft.yaml"),
        ("markdown", "1 hint in 1 entity"),
        ("agent", "hint"),
    ] {
        let (asked, plain) = (said(format, &["--hints"]), said(format, &[]));
        assert!(asked.contains(marks), "{format}: {asked}");
        let is_left_out = format == "sarif" || !plain.contains("unaudited-delete");
        assert!(is_left_out, "{format}: {plain}");
    }
    let report: serde_json::Value = serde_json::from_str(&said("sarif", &[])).expect("JSON");
    assert_eq!(report["runs"][0]["results"], serde_json::json!([]));
    assert!(said("full", &["--hints"]).contains("\n1 hint: 1 entity in 1 file checked"));
}

/// What a call says, and its exit code.
fn said(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let output = run(folder, arguments);
    let text = |it: &[u8]| String::from_utf8_lossy(it).into_owned();
    (output.status.code(), text(&output.stderr) + &text(&output.stdout))
}

#[test]
fn what_is_named_and_is_no_file_is_told_for_what_it_is() {
    let folder = workspace(&[("post.yaml", "entity: Post\nfields:\n  title: txt\n")]);
    let here = folder.path();
    fs::create_dir(here.join("sub")).expect("writable");
    let pipe = Command::new("mkfifo").arg(here.join("pipe.yaml")).status();
    assert!(pipe.expect("there is mkfifo").success());
    std::os::unix::fs::symlink("nowhere", here.join("gone.yaml")).expect("writable");
    for (arguments, expected) in [
        (&["check", "gone.yaml"][..], "cannot read `gone.yaml`: it is a link that leads nowhere"),
        (&["check", "pipe.yaml"], "cannot read `pipe.yaml`: it is no file but a pipe"),
        (&["format", "pipe.yaml"], "cannot read `pipe.yaml`: it is no file but a pipe"),
        (&["check", "/dev/null"], "cannot read `/dev/null`: it is no file but a pipe"),
        (&["check", "sub/*.yml"], "cannot read `sub/*.yml`: no file matches the pattern"),
        (&["check", "--config", "none.yaml"], "cannot read `none.yaml`: No such file"),
        (&["check", "--config", "sub"], "cannot read `sub`: it is a folder"),
        (&["check", "-", "--stdin-filename", "sub"], "`sub` is a folder: `--stdin-filename`"),
        (&["check", "-", "--stdin-filename", "new/"], "`new/` is a folder: `--stdin-filename`"),
        (&["format", "-", "--stdin-filename", "sub"], "`sub` is a folder: `--stdin-filename`"),
        (&["emit", "sub", "--out", "o"], "found nothing to emit in `sub`"),
        (&["lock", "sub"], "found nothing to lock in `sub`"),
        (&["migrate", "sub", "--base", "HEAD"], "found nothing to migrate in `sub`"),
    ] {
        let (code, text) = said(here, arguments);
        assert_eq!(code, Some(2), "{arguments:?}: {text}");
        assert!(text.contains(expected), "{arguments:?}: {text}");
        // Nothing is reported that another call would report otherwise.
        assert!(!text.contains("unknown-type"), "{arguments:?}: {text}");
    }
}

#[test]
fn each_file_is_mended_as_it_was_asked_for() {
    let folder = workspace(&[("other.yaml", "services:\n  db: {image: postgres}\n")]);
    let (code, text) = said(folder.path(), &["check", "--add-suppressions", "other.yaml"]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("added 1 suppression in 1 file"), "{text}");
    let (code, text) = said(folder.path(), &["check", "other.yaml"]);
    assert_eq!(code, Some(0), "{text}");
}
