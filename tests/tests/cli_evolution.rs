//! `lock` and `diff`: what events and cascades promised, and who is broken by what has changed.

use std::{fs, path::Path, process::Command};

use serde_json::Value;
use specql_tests::{
    binary::{project_root, run},
    git::{commit, git},
};
use tempfile::TempDir;

const POST: &str = "entity: Post
schema: blog
fields:
  title: text!
  status: enum(draft, published) = draft!
actions:
  - name: publish_post
    steps:
      - update: Post SET status = 'published'
    impact:
      primary: {entity: Post, operation: UPDATE, fields: [status]}
      cache_invalidations:
        - {query: posts, strategy: REFETCH}
    cdc:
      enabled: true
      event_type: PostPublished
      payload: [title, status]
";

/// A change that old consumers cannot read: the title is gone from the payload.
fn lost() -> String {
    POST.replace("payload: [title, status]", "payload: [status]")
}

struct Project(TempDir);

impl Project {
    fn new(config: &str) -> Self {
        let res = Self(tempfile::tempdir().expect("a folder for the test"));
        res.write("specql.config.yaml", config);
        res.write("post.yaml", POST);
        res
    }

    fn write(&self, path: &str, text: &str) {
        fs::write(self.path().join(path), text).expect("writable");
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// What is printed on both streams, with the exit code.
    fn run(&self, arguments: &[&str]) -> String {
        let output = run(self.path(), arguments);
        let text = |it: &[u8]| String::from_utf8(it.to_vec()).expect("UTF-8");
        let code = output.status.code().expect("it ended by itself");
        format!("{}{}exit {code}", text(&output.stdout), text(&output.stderr))
    }

    fn git(&self, arguments: &[&str]) {
        git(self.path(), arguments);
    }

    fn committed(config: &str) -> Self {
        let res = Self::new(config);
        res.git(&["init", "--quiet"]);
        commit(res.path());
        res
    }
}

#[test]
fn an_event_that_has_changed_needs_a_version() {
    let project = Project::new("events: {compatibility: full, lock_file: events.lock}\n");
    assert_eq!(
        project.run(&["lock", "--check"]),
        "events.lock is missing: run `specql-lsp lock`\nexit 1"
    );
    assert_eq!(project.run(&["lock"]), "wrote events.lock\nexit 0");
    assert_eq!(project.run(&["lock"]), "events.lock is up to date\nexit 0");
    assert_eq!(project.run(&["lock", "--check"]), "events.lock is up to date\nexit 0");
    project.write("post.yaml", &lost());
    insta::assert_snapshot!(project.run(&["lock"]));
    assert!(project.run(&["lock", "--check"]).contains("error[event-schema-changed]"));
    project.write("post.yaml", &lost().replace("enabled: true", "enabled: true\n      version: 2"));
    insta::assert_snapshot!(project.run(&["lock", "--check"]));
    assert_eq!(project.run(&["lock"]), "wrote events.lock\nexit 0");
    let text = fs::read_to_string(project.path().join("events.lock")).expect("it was written");
    assert!(
        text.contains("PostPublished v1: payload.post.title") && text.contains("PostPublished v2")
    );
}

#[test]
fn a_check_compares_with_what_is_recorded() {
    let project = Project::new("events: {compatibility: full}\n");
    assert!(project.run(&["check"]).ends_with("exit 0"));
    project.write("post.yaml", &lost());
    assert!(project.run(&["check"]).ends_with("exit 0"), "nothing is recorded");
    project.write("post.yaml", POST);
    project.run(&["lock"]);
    assert!(
        project.run(&["check"]).contains("1 entity in 2 files checked"),
        "{}",
        project.run(&["check"])
    );
    project.write("post.yaml", &lost());
    let found = project.run(&["check", "--format", "concise"]);
    assert!(
        found.starts_with("post.yaml:17:17: error[event-schema-changed] `PostPublished`"),
        "{found}"
    );
    let mended = project.run(&["check", "--fix", "--unsafe-fixes"]);
    assert!(mended.ends_with("exit 0"), "{mended}");
    let text = fs::read_to_string(project.path().join("post.yaml")).expect("it is there");
    assert!(text.contains("event_type: PostPublished\n      version: 2\n"), "{text}");
    project.write("specql.events.lock", "<<<<<<< mine\n");
    let found = project.run(&["check", "--format", "concise"]);
    assert!(found.starts_with("specql.events.lock:1:1: error[event-schema-changed]"), "{found}");
}

#[test]
fn the_mode_decides() {
    for (mode, code) in [("none", 0), ("backward", 0), ("forward", 1), ("forward_transitive", 1)] {
        let project = Project::new(&format!("events: {{compatibility: {mode}}}\n"));
        assert!(project.run(&["lock"]).ends_with("exit 0"));
        project.write("post.yaml", &lost());
        assert!(project.run(&["lock"]).ends_with(&format!("exit {code}")), "{mode}");
        assert!(project.run(&["lock", "--accept"]).ends_with("exit 0"), "{mode}");
    }
}

/// Whom a change breaks is decided once: where it breaks nobody, no words say that somebody is broken.
#[test]
fn words_and_verdict_agree() {
    for (mode, breaks) in [("none", false), ("backward", false), ("forward", true)] {
        let project = Project::committed(&format!("events: {{compatibility: {mode}}}\n"));
        project.write("post.yaml", &lost());
        let said = project.run(&["diff", "--base", "HEAD"]);
        assert_eq!(said.contains("readers expect it"), breaks, "{mode}: {said}");
        assert_eq!(said.contains("breaking[member-removed]"), breaks, "{mode}: {said}");
        assert!(said.contains("`payload.post.title` is gone"), "{said}");
        let count = if breaks { "1 of them breaking" } else { "0 of them breaking" };
        assert!(said.contains(count), "{mode}: {said}");
    }
}

#[test]
fn a_lock_file_that_is_none_is_told_of() {
    let project = Project::new("");
    project.write("specql.events.lock", "version 1\n<<<<<<< HEAD\n");
    insta::assert_snapshot!(project.run(&["lock"]));
}

#[test]
fn what_a_revision_breaks_comes_first() {
    let project = Project::committed("events: {compatibility: full}\n");
    insta::assert_snapshot!(project.run(&["diff", "--base", "HEAD"]));
    let text = lost()
        .replace("title: text!", "title: text!\n  subtitle: text")
        .replace("REFETCH", "REMOVE");
    project.write("post.yaml", &text);
    insta::assert_snapshot!(project.run(&["diff", "--base", "HEAD"]));
    insta::assert_snapshot!(project.run(&["diff", "--base", "HEAD", "--format", "markdown"]));
    assert!(project.run(&["diff", "--base", "HEAD", "--fail-on", "breaking"]).ends_with("exit 1"));
    let json = run(project.path(), &["diff", "--base", "HEAD", "--format", "json"]).stdout;
    let json: Value = serde_json::from_slice(&json).expect("it is JSON");
    let schema = fs::read_to_string(project_root().join("docs/schemas/diff.schema.json"))
        .expect("the schema is there");
    let schema = serde_json::from_str(&schema).expect("it is JSON");
    let validator = jsonschema::validator_for(&schema).expect("it is a schema");
    let faults: Vec<String> = validator.iter_errors(&json).map(|it| it.to_string()).collect();
    assert!(faults.is_empty(), "{faults:?}");
    let mut status = Command::new("git");
    status.arg("-C").arg(project.path()).args(["status", "--porcelain"]);
    assert_eq!(status.output().unwrap().stdout, b" M post.yaml\n", "the repository is left alone");
}

fn diff_json(project: &Project, base: &str) -> Value {
    let json = run(project.path(), &["diff", "--base", base, "--format", "json"]).stdout;
    let json: Value = serde_json::from_slice(&json).expect("it is JSON");
    let schema = fs::read_to_string(project_root().join("docs/schemas/diff.schema.json"))
        .expect("the schema is there");
    let schema = serde_json::from_str(&schema).expect("it is JSON");
    let validator = jsonschema::validator_for(&schema).expect("it is a schema");
    let faults: Vec<String> = validator.iter_errors(&json).map(|it| it.to_string()).collect();
    assert!(faults.is_empty(), "{faults:?}");
    json
}

fn fingerprints(json: &Value) -> Vec<String> {
    let changes = json["changes"].as_array().expect("a list").iter();
    let breaking = changes.filter(|it| it["breaking"] == true);
    breaking.map(|it| it["fingerprint"].as_str().expect("a text").to_owned()).collect()
}

#[test]
fn an_approved_change_fails_nothing_and_holds_after_a_rebase() {
    let project = Project::committed("events: {compatibility: full}\n");
    project.write("post.yaml", &lost().replace("REFETCH", "REMOVE"));
    let found = fingerprints(&diff_json(&project, "HEAD"));
    assert_eq!(found.len(), 2, "{found:?}");
    let because = ["--reason", "the only reader has moved", "--by", "Jane"];
    let approve = |which: &str| {
        let call = [
            &["diff", "--base", "HEAD", "--fail-on", "breaking", "--approve", which],
            &because[..],
        ];
        project.run(&call.concat())
    };
    insta::assert_snapshot!(approve("0123456789abcdef"));
    assert!(approve(&found[0]).ends_with("exit 1"), "the other one is still open");
    insta::assert_snapshot!(approve(&found[1]));
    insta::assert_snapshot!(project.run(&["diff", "--base", "HEAD", "--format", "markdown"]));
    let file = fs::read_to_string(project.path().join("specql.approvals")).expect("written");
    insta::assert_snapshot!(file);

    // Lines move, and the base is another commit.
    project.git(&["stash", "--quiet"]);
    project.write("other.yaml", "entity: Other\nschema: blog\nfields:\n  a: text\n");
    commit(project.path());
    project.git(&["stash", "pop", "--quiet"]);
    let text = format!("# A line.\n\n{}", lost().replace("REFETCH", "REMOVE"));
    project.write("post.yaml", &text);
    let json = diff_json(&project, "HEAD");
    assert_eq!((&json["breaking"], &json["approved"]), (&2.into(), &2.into()), "{json}");
    assert_eq!(fingerprints(&json), {
        let mut sorted = found.clone();
        sorted.sort_by_key(|it| fingerprints(&json).iter().position(|other| other == it));
        sorted
    });
    assert!(project.run(&["diff", "--base", "HEAD", "--fail-on", "breaking"]).ends_with("exit 0"));
    assert!(project.run(&["diff", "--base", "HEAD", "--fail-on", "any"]).ends_with("exit 1"));

    // Another change of the same member is not approved.
    project.write(
        "post.yaml",
        &POST.replace("title: text!", "title: integer!").replace("REFETCH", "REMOVE"),
    );
    let json = diff_json(&project, "HEAD");
    assert_eq!(json["approved"], 1, "{json}");
    assert_eq!(json["goneApprovals"].as_array().expect("a list").len(), 1, "{json}");
    let said = project.run(&["diff", "--base", "HEAD", "--fail-on", "breaking"]);
    assert!(said.contains("no longer applies and can go: event PostPublished v1"), "{said}");
    assert!(said.ends_with("exit 1"), "{said}");

    project.write("specql.approvals", "version 1\n<<<<<<< HEAD\n");
    insta::assert_snapshot!(
        project
            .run(&["diff", "--base", "HEAD"])
            .replace(fs::canonicalize(project.path()).unwrap().to_str().unwrap(), "[folder]")
    );
}

#[test]
fn an_approval_says_who_and_why() {
    let project = Project::committed("events: {compatibility: full}\n");
    project.write("post.yaml", &lost());
    let run = |more: &[&str]| {
        project.run(&[&["diff", "--base", "HEAD", "--approve", "all"], more].concat())
    };
    assert!(run(&[]).ends_with("exit 2"), "without a reason");
    assert!(run(&["--reason", "a | b"]).ends_with("exit 2"));
    project.git(&["config", "user.name", "Joe"]);
    project.git(&["config", "user.email", "joe@example.com"]);
    let said = run(&["--reason", "nobody reads it"]);
    assert!(said.contains("{Joe <joe@example.com>: nobody reads it}"), "{said}");
    assert!(said.contains("specql.approvals approves 1 change"), "{said}");
}

#[test]
fn a_raised_version_breaks_nobody() {
    let project = Project::committed("events: {compatibility: full}\n");
    project.write("post.yaml", &lost().replace("enabled: true", "enabled: true\n      version: 2"));
    let text = project.run(&["diff", "--base", "HEAD", "--fail-on", "breaking"]);
    assert!(text.contains("event PostPublished v1 -> v2: `payload.post.title` is gone"), "{text}");
    assert!(text.ends_with("exit 0"), "{text}");
}

#[test]
fn what_is_no_revision_is_told_of() {
    let project = Project::committed("");
    insta::assert_snapshot!(project.run(&["diff", "--base", "nowhere"]));
}

#[test]
fn a_migration_begins_at_a_revision_or_at_a_folder_that_emit_wrote() {
    let project = Project::committed("");
    project.run(&["emit", "--out", "sql"]);
    assert!(
        project.run(&["migrate", "--base", "sql"]).starts_with("nothing has changed since `sql`")
    );
    let renamed = POST
        .replace("title: text!", "headline: {type: text!, was: title}")
        .replace("payload: [title, status]", "payload: [headline, status]");
    project.write("post.yaml", &renamed);
    let printed = project.run(&["migrate", "--base", "HEAD"]);
    assert!(
        printed.contains("ALTER TABLE blog.tb_post RENAME COLUMN title TO headline;"),
        "{printed}"
    );
    assert!(printed.ends_with("exit 0"), "{printed}");
    assert_eq!(project.run(&["migrate", "--base", "sql"]), printed);
    let written = project.run(&["migrate", "--base", "HEAD", "--out", "migration"]);
    assert!(written.contains("wrote the migration to migration"), "{written}");
    let expand = fs::read_to_string(project.path().join("migration/1_expand.sql"));
    assert!(printed.contains(expand.expect("it was written").trim_end()), "{printed}");
    for (base, said) in [("nowhere", "no revision `nowhere`"), (".", "nothing that `emit` wrote")] {
        let refused = project.run(&["migrate", "--base", base]);
        assert!(refused.contains(said) && refused.ends_with("exit 2"), "{refused}");
    }
}

#[test]
fn a_workspace_whose_folder_was_renamed_is_the_same() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let project = Project(folder);
    for it in ["old", "other"] {
        fs::create_dir(project.path().join(it)).expect("writable");
        project.write(&format!("{it}/specql.config.yaml"), "");
    }
    project.write("old/post.yaml", POST);
    project.write("other/user.yaml", &POST.replace("Post", "User").replace("_post", "_user"));
    project.git(&["init", "--quiet"]);
    commit(project.path());
    project.git(&["mv", "old", "new"]);
    let said = project.run(&["diff", "--base", "HEAD", "--fail-on", "any"]);
    assert!(said.contains("no event and no cascade has changed"), "{said}");
    assert!(said.ends_with("exit 0"), "{said}");
    // What changes in it is told of where it lies now, also when it is asked about alone.
    project.write("new/post.yaml", &lost());
    for path in [".", "new"] {
        let said = project.run(&["diff", path, "--base", "HEAD"]);
        assert!(said.contains("new/post.yaml:"), "{path}: {said}");
        assert!(
            said.contains("member-removed") && !said.contains("event-removed"),
            "{path}: {said}"
        );
        assert!(!said.contains("User"), "{path}: {said}");
    }
    // One that is gone is gone.
    project.git(&["rm", "-rfq", "other"]);
    let said = project.run(&["diff", "--base", "HEAD"]);
    assert!(said.contains("event-removed"), "{said}");
}
