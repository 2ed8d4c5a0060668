//! Recipes for CI, run as far as a machine without these services can: the steps of the action, the
//! template's script, hooks by pre-commit itself, and every command of `docs/ci.md`.

#![expect(clippy::indexing_slicing, reason = "a missing member of a recipe fails the test")]

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::Value;
use specql_tests::binary::{project_root, specql_lsp};
use tempfile::TempDir;

/// A folder of programs that stands first on the `PATH`: the server, and what a test puts there.
struct Machine {
    folder: TempDir,
}

impl Machine {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder for the test");
        for it in ["bin", "temp", "project"] {
            fs::create_dir(folder.path().join(it)).expect("writable");
        }
        let link = folder.path().join("bin/specql-lsp");
        std::os::unix::fs::symlink(specql_lsp(), link).expect("writable");
        Self { folder }
    }

    fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn program(&self, name: &str, text: &str) {
        let path = self.at("bin").join(name);
        fs::write(&path, text).expect("writable");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("ours");
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.at("project").join(path);
        fs::create_dir_all(path.parent().expect("below the folder")).expect("writable");
        fs::write(path, text).expect("writable");
    }

    fn command(&self, program: &str) -> Command {
        let mut res = Command::new(program);
        let path = std::env::var("PATH").expect("there is one");
        let tools = project_root().join(".cache/venv/bin");
        res.current_dir(self.at("project"))
            .env("PATH", format!("{}:{}:{path}", self.at("bin").display(), tools.display()))
            .envs([("NO_COLOR", "1"), ("LANG", "C.UTF-8"), ("TERM", "dumb")])
            .envs([("GIT_AUTHOR_NAME", "a"), ("GIT_AUTHOR_EMAIL", "a@example.org")])
            .envs([("GIT_COMMITTER_NAME", "a"), ("GIT_COMMITTER_EMAIL", "a@example.org")])
            .env("GIT_PAGER", "cat")
            .env("PRE_COMMIT_HOME", self.at("pre-commit"))
            .env_remove("GITHUB_STEP_SUMMARY");
        res
    }

    /// Runs a script as services do.
    fn bash(&self, script: &str, environment: &[(String, String)]) -> Output {
        self.command("bash")
            .args(["--noprofile", "--norc", "-eo", "pipefail", "-c", script])
            .envs(environment.iter().map(|it| (&it.0, &it.1)))
            .output()
            .expect("bash is there")
    }

    fn git(&self, arguments: &[&str]) -> String {
        let output = self.command("git").args(arguments).output().expect("git is there");
        assert!(output.status.success(), "git {arguments:?}: {}", text(&output));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    fn commit(&self) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", "state"]);
    }
}

fn text(output: &Output) -> String {
    let text = |it: &[u8]| String::from_utf8_lossy(it).into_owned();
    format!("{}{}", text(&output.stdout), text(&output.stderr))
}

/// A YAML file of the project, as Python's reader sees it.
fn yaml(path: &str) -> Value {
    let program = "import json, sys, yaml; print(json.dumps(yaml.safe_load(open(sys.argv[1]))))";
    let python = project_root().join(".cache/venv/bin/python");
    let output = Command::new(python)
        .args(["-c", program])
        .arg(project_root().join(path))
        .output()
        .expect("scripts/setup.sh installs it");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{path}: {}", text(&output)))
}

/// Whether a schema that others keep accepts a file.
fn is_accepted(schema: &str, path: &Path) {
    let program = project_root().join(".cache/venv/bin/check-jsonschema");
    let output = Command::new(program)
        .args(["--builtin-schema", schema])
        .arg(path)
        .output()
        .expect("scripts/setup.sh installs it");
    assert!(output.status.success(), "{}: {}", path.display(), text(&output));
}

const POST: &str = "entity: Post\nschema: blog\nfields:\n  title: text!\nactions:\n  - name: rename_post\n    steps:\n      - update: Post SET title = input.title\n    impact:\n      primary:\n        entity: Post\n        operation: UPDATE\n        fields: [title]\n    cdc:\n      enabled: true\n      event_type: PostRenamed\n      payload: [title]\n";

#[test]
fn schemas_of_the_services_accept_what_they_read() {
    is_accepted("vendor.github-actions", &project_root().join("action.yml"));
    is_accepted("vendor.gitlab-ci", &project_root().join("templates/gitlab-ci.yml"));
    for (schema, path) in
        [("vendor.github-workflows", "github.yml"), ("vendor.gitlab-ci", "gitlab.yml")]
    {
        is_accepted(schema, &project_root().join("server/cli/src/init").join(path));
    }
}

/// The value of an expression in `env`.
fn value_of(expression: &str, known: &[(&str, &str)]) -> String {
    match expression.strip_prefix("${{").and_then(|it| it.strip_suffix("}}")) {
        None => expression.to_owned(),
        Some(name) => {
            let name = name.trim();
            let found = known.iter().find(|it| it.0 == name);
            found.unwrap_or_else(|| panic!("`{name}` is not known to the test")).1.to_owned()
        }
    }
}

/// What `gh` does of `gh api`: a list of comments in a file, one number and text each.
const GH: &str = r#"#!/usr/bin/env bash
set -euo pipefail
store="$COMMENTS"; mkdir -p "$store"
method=GET; body=; path=
shift
while [ "$#" -gt 0 ]; do
  case "$1" in
    --method) method="$2"; shift 2 ;;
    -F) body="${2#body=@}"; shift 2 ;;
    --jq) shift 2 ;;
    --paginate) shift ;;
    *) path="$1"; shift ;;
  esac
done
echo "$method $path" >> "$store/calls"
case "$method" in
  GET) for it in "$store"/*.md; do
         if [ -f "$it" ] && head -n 1 "$it" | grep -q '^<!-- specql-lsp -->'; then basename "$it" .md; fi
       done ;;
  POST) cp "$body" "$store/41.md" ;;
  PATCH) cp "$body" "$store/${path##*/}.md" ;;
esac
"#;

/// Runs the steps of the action as GitHub would. Gives the exit code of the first that fails, and what
/// was printed.
fn action(machine: &Machine, base: &str) -> (i32, String) {
    let action = yaml("action.yml");
    let temp = machine.at("temp");
    let output_file = temp.join("outputs");
    fs::write(&output_file, "").expect("writable");
    let (mut outputs, mut printed) = (Vec::<(String, String)>::new(), String::new());
    for step in action["runs"]["steps"].as_array().expect("a list") {
        let Some(script) = step["run"].as_str() else { continue };
        assert!(!script.contains("${{"), "an expression would become a part of the script");
        let known = |outputs: &[(String, String)]| -> Vec<(String, String)> {
            let inputs = action["inputs"].as_object().expect("a mapping").iter();
            let inputs = inputs.map(|(name, it)| {
                (format!("inputs.{name}"), it["default"].as_str().unwrap_or_default().to_owned())
            });
            inputs.chain(outputs.iter().cloned()).collect()
        };
        let mut values = known(&outputs);
        values.retain(|it| it.0 != "inputs.base" && it.0 != "inputs.token");
        values.extend([
            ("inputs.base".to_owned(), base.to_owned()),
            ("inputs.token".to_owned(), "secret".to_owned()),
            ("github.event.pull_request.number".to_owned(), "7".to_owned()),
        ]);
        let borrowed: Vec<(&str, &str)> = values.iter().map(|it| (&*it.0, &*it.1)).collect();
        let mut environment: Vec<(String, String)> = vec![
            ("GITHUB_ACTION_PATH".into(), project_root().display().to_string()),
            ("GITHUB_OUTPUT".into(), output_file.display().to_string()),
            ("GITHUB_PATH".into(), temp.join("path").display().to_string()),
            ("GITHUB_REPOSITORY".into(), "me/blog".into()),
            ("RUNNER_TEMP".into(), temp.display().to_string()),
            ("COMMENTS".into(), machine.at("comments").display().to_string()),
        ];
        for (name, it) in step["env"].as_object().into_iter().flatten() {
            let it = it.as_str().expect("text");
            environment.push((name.clone(), value_of(it, &borrowed)));
        }
        let output = machine.bash(script, &environment);
        printed.push_str(&text(&output));
        if let Some(id) = step["id"].as_str() {
            for line in fs::read_to_string(&output_file).expect("it is there").lines() {
                let (name, it) = line.split_once('=').expect("a pair");
                outputs.push((format!("steps.{id}.outputs.{name}"), it.to_owned()));
            }
        }
        if !output.status.success() {
            return (output.status.code().expect("it ended"), printed);
        }
    }
    (0, printed)
}

#[test]
fn the_action_annotates_and_keeps_one_comment() {
    let machine = Machine::new();
    machine.program("gh", GH);
    machine.write("post.yaml", POST);
    machine.git(&["init", "-q", "-b", "main"]);
    machine.commit();
    let base = machine.git(&["rev-parse", "HEAD"]);
    machine.write("post.yaml", &POST.replace("payload: [title]", "payload: [titel]"));
    let (code, printed) = action(&machine, &base);
    assert_eq!(code, 1, "{printed}");
    assert!(printed.contains("::error file=post.yaml,line=17,"), "{printed}");
    let comment = || fs::read_to_string(machine.at("comments/41.md")).expect("it was written");
    let first = comment();
    assert!(first.starts_with("<!-- specql-lsp -->\n### SpecQL: 1 error"), "{first}");
    assert!(first.contains("### Events and cascades since"), "{first}");
    assert!(fs::read_to_string(machine.at("temp/specql-report/report.sarif")).is_ok());

    machine.write("post.yaml", &POST.replace("payload: [title]", "payload: [id]"));
    let (code, printed) = action(&machine, &base);
    assert_eq!(code, 0, "{printed}");
    assert!(comment().contains("SpecQL: no findings") && comment().contains("payload.post.title"));
    let calls = fs::read_to_string(machine.at("comments/calls")).expect("it was called");
    let written: Vec<&str> = calls.lines().filter(|it| !it.starts_with("GET")).collect();
    let expected =
        ["POST repos/me/blog/issues/7/comments", "PATCH repos/me/blog/issues/comments/41"];
    assert_eq!(written, expected);
    // What cannot be compared is said, and the findings are told all the same.
    let (code, printed) = action(&machine, "0123456789012345678901234567890123456789");
    assert!(
        code == 0 && printed.contains("::warning title=specql-lsp::cannot compare"),
        "{printed}"
    );
    assert!(comment().contains("SpecQL: no findings"));
}

#[test]
fn the_template_of_gitlab_writes_its_reports() {
    let machine = Machine::new();
    machine.write("post.yaml", &POST.replace("payload: [title]", "payload: [titel]"));
    let job = &yaml("templates/gitlab-ci.yml")["specql"];
    let mut environment: Vec<(String, String)> = job["variables"]
        .as_object()
        .expect("a mapping")
        .iter()
        .map(|(name, it)| (name.clone(), it.as_str().expect("text").to_owned()))
        .collect();
    environment.push(("CI_PROJECT_DIR".into(), machine.at("project").display().to_string()));
    let lines = ["before_script", "script"].map(|it| job[it].as_array().expect("a list").clone());
    let script: Vec<&str> = lines.iter().flatten().filter_map(Value::as_str).collect();
    let output = machine.bash(&script.join("\n"), &environment);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output));
    let reports = &job["artifacts"]["reports"];
    let read = |name: &str| {
        let path = machine.at("project").join(reports[name].as_str().expect("a path"));
        fs::read_to_string(path).expect("it was written")
    };
    let quality: Value = serde_json::from_str(&read("codequality")).expect("JSON");
    assert_eq!(quality[0]["location"]["path"], "post.yaml");
    assert!(read("junit").contains("unknown-payload-field"));
}

#[test]
fn pre_commit_runs_the_hooks() {
    let machine = Machine::new();
    // The hooks of this tree as a repository of their own: what is not committed yet counts too.
    let hooks = machine.at("hooks");
    fs::create_dir(&hooks).expect("writable");
    fs::copy(project_root().join(".pre-commit-hooks.yaml"), hooks.join(".pre-commit-hooks.yaml"))
        .expect("it is shipped");
    let hooks = hooks.display().to_string();
    for arguments in [&["init", "-q"][..], &["add", "-A"], &["commit", "-q", "-m", "hooks"]] {
        machine.git(&[&["-C", &hooks], arguments].concat());
    }
    let revision = machine.git(&["-C", &hooks, "rev-parse", "HEAD"]);
    let ids = ["specql-check-system", "specql-format-system", "specql-lock-system"];
    let ids: String = ids.iter().map(|it| format!("      - id: {it}\n")).collect();
    let config = format!("repos:\n  - repo: {hooks}\n    rev: {revision}\n    hooks:\n{ids}");
    machine.write(".pre-commit-config.yaml", &config);
    machine.write("post.yaml", POST);
    machine.git(&["init", "-q", "-b", "main"]);
    let lock = machine.bash("specql-lsp lock && git add -A", &[]);
    assert!(lock.status.success(), "{}", text(&lock));
    let pre_commit = || {
        let output = machine.command("pre-commit").arg("run").output();
        let output = output.expect("scripts/setup.sh installs it");
        (output.status.code(), text(&output))
    };
    assert_eq!(
        machine
            .command("pre-commit")
            .arg("validate-manifest")
            .arg(project_root().join(".pre-commit-hooks.yaml"))
            .output()
            .expect("it runs")
            .status
            .code(),
        Some(0)
    );
    let (code, printed) = pre_commit();
    assert_eq!(code, Some(0), "{printed}");
    assert_eq!(printed.matches("Passed").count(), 3, "{printed}");
    // A mistake stops the commit, another layout is mended and stops it once.
    machine.write("post.yaml", &POST.replace("title: text!", "title:    txt!"));
    machine.git(&["add", "-A"]);
    let (code, printed) = pre_commit();
    assert_eq!(code, Some(1), "{printed}");
    assert!(
        printed.contains("unknown-type") && printed.contains("files were modified"),
        "{printed}"
    );
    let formatted = fs::read_to_string(machine.at("project/post.yaml")).expect("it is there");
    assert!(formatted.contains("\n  title: txt!\n"), "{formatted}");
}

#[test]
fn the_page_has_the_recipes_of_init_and_its_commands_run() {
    let page = fs::read_to_string(project_root().join("docs/ci.md")).expect("it is shipped");
    let blocks: Vec<(&str, &str)> = page
        .split("```")
        .skip(1)
        .step_by(2)
        .map(|it| it.split_once('\n').expect("a fence has a language"))
        .collect();
    for (name, path) in
        [("github", "github.yml"), ("gitlab", "gitlab.yml"), ("pre-commit", "pre-commit.yaml")]
    {
        let path = project_root().join("server/cli/src/init").join(path);
        let recipe = fs::read_to_string(path).expect("it is shipped");
        let shown = blocks.iter().find(|it| it.0 == format!("yaml {name}")).expect(name).1;
        assert_eq!(shown, recipe, "{name}");
    }
    let machine = Machine::new();
    machine.write("post.yaml", POST);
    machine.git(&["init", "-q", "-b", "main"]);
    machine.commit();
    machine.git(&["checkout", "-q", "-b", "mine"]);
    machine.write("post.yaml", &POST.replace("payload: [title]", "payload: [title, id]"));
    machine.commit();
    let scripts: Vec<&str> = blocks.iter().filter(|it| it.0 == "sh").map(|it| it.1).collect();
    assert!(scripts.len() >= 6, "{scripts:?}");
    for script in scripts {
        let output = machine.bash(script, &[]);
        assert!(output.status.success(), "{script}\n{}", text(&output));
    }
    for name in ["report.xml", "report.sarif", "checkstyle.xml", "findings.json"] {
        assert!(machine.at("project").join(name).exists(), "{name}");
    }
}
