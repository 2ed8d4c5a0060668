//! The command line as a user sees it: what is printed, and the exit code.

use std::{fs, path::Path, process::Output};

use serde_json::Value;
use specql_tests::binary::{project_root, run, workspace};

const POST: &str = "entity: Post
schema: blog
fields:
  title: text!
  status: enum(draft, published) = draft
actions:
  - name: publish_post
    steps:
      - update: Post SET status = 'publishd'
    impact:
      primary:
        entity: Post
        operation: UPDATE
        fields: [status]
";

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

fn json(folder: &Path, arguments: &[&str]) -> Value {
    let mut all = vec!["--check", "--format", "json"];
    all.extend(arguments);
    serde_json::from_str(&stdout(&run(folder, &all))).expect("one JSON object")
}

#[test]
fn a_report_shows_the_place_and_what_to_do() {
    let folder = workspace(&[("post.yaml", POST)]);
    let output = run(folder.path(), &["--check", "post.yaml"]);
    insta::assert_snapshot!(stdout(&output));
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn a_path_without_a_command_is_told_which() {
    let folder = workspace(&[("entities/post.yaml", POST)]);
    let output = run(folder.path(), &["entities/"]);
    assert!(stderr(&output).contains("`specql-lsp check entities/` checks it"), "{output:?}");
    assert_eq!(output.status.code(), Some(2));
    let output = run(folder.path(), &["chek"]);
    assert!(!stderr(&output).contains("This is a path"), "{output:?}");
}

#[test]
fn concise_is_one_line_for_each_finding() {
    let folder = workspace(&[("post.yaml", POST)]);
    let output = run(folder.path(), &["check", "--format", "concise"]);
    insta::assert_snapshot!(stdout(&output));
}

#[test]
fn json_is_a_contract() {
    let folder = workspace(&[("post.yaml", POST)]);
    insta::assert_json_snapshot!(json(folder.path(), &["."]));
}

#[test]
fn columns_count_characters_and_offsets_bytes() {
    let text = POST
        .replace("status = 'publishd'", "title = 'é𝄞', status = 'publishd'")
        .replace("[status]", "[status, title]");
    let folder = workspace(&[("post.yaml", &text)]);
    let report = json(folder.path(), &["."]);
    let start = &report["findings"][0]["range"]["start"];
    let line = text.lines().nth(8).expect("the step");
    let byte = line.find("'publishd'").expect("the literal");
    let column = line[..byte].chars().count() + 1;
    let offset = text.find("'publishd'").expect("the literal");
    assert_eq!(start["column"], column);
    assert_eq!(start["offset"], offset);
}

#[test]
fn a_clean_workspace_exits_with_zero() {
    let folder = workspace(&[("post.yaml", &POST.replace("publishd", "published"))]);
    let output = run(folder.path(), &["--check"]);
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
    assert_eq!(stdout(&output), "no findings: 1 entity in 1 file checked\n");
}

#[test]
fn the_failing_level_is_the_callers() {
    let folder = workspace(&[(
        "post.yaml",
        &POST.replace("text!", "text! = 'x'").replace("publishd", "draft"),
    )]);
    let exit = |level| run(folder.path(), &["--check", "--fail-on", level]).status.code();
    assert_eq!((exit("error"), exit("warning"), exit("info")), (Some(0), Some(0), Some(1)));
}

#[test]
fn a_path_that_is_not_there_is_an_error_of_use() {
    let folder = workspace(&[]);
    let output = run(folder.path(), &["--check", "nowhere"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("`nowhere`"), "{}", stderr(&output));
}

#[test]
fn one_file_is_checked_within_its_workspace() {
    let folder = workspace(&[
        (".git/HEAD", ""),
        ("blog/post.yaml", "entity: Post\nfields:\n  author: ref(User)!\n"),
        ("people/user.yaml", "entity: User\nfields:\n  name: txt\n"),
    ]);
    let report = json(folder.path(), &["blog/post.yaml"]);
    assert_eq!(report["findings"], Value::Array(Vec::new()));
    assert_eq!(report["summary"]["files"], 1);
}

#[test]
fn ignored_files_and_other_yaml_are_passed_over() {
    let folder = workspace(&[
        (".gitignore", "build/\n"),
        ("build/post.yaml", POST),
        ("compose.yaml", "services:\n  db: {image: postgres}\n"),
    ]);
    assert_eq!(json(folder.path(), &["."])["findings"], Value::Array(Vec::new()));
}

#[test]
fn bytes_that_are_no_text_do_not_stop_the_run() {
    let folder = workspace(&[("post.yaml", POST)]);
    fs::write(folder.path().join("bad.yaml"), b"entity: \xff\xfe\nfields: [\0").expect("writable");
    let output = run(folder.path(), &["--check", "--format", "concise"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).contains("unknown-enum-value"), "{}", stdout(&output));
}

#[test]
fn an_artifact_is_printed_by_name() {
    let examples = project_root().join("examples/blog");
    let output = run(&examples, &["preview", "Post.create_post"]);
    assert!(stdout(&output).contains("CREATE OR REPLACE FUNCTION"), "{}", stderr(&output));
    let output = run(&examples, &["preview", "Post.creat_post"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("create_post"), "{}", stderr(&output));
}

#[test]
fn what_a_project_has_once_needs_no_name() {
    let folder = workspace(&[("post.yaml", POST)]);
    let output = run(folder.path(), &["preview", "--artifact", "foundation"]);
    assert!(stdout(&output).contains("CREATE SCHEMA IF NOT EXISTS app"), "{}", stderr(&output));
    for arguments in [&["preview"][..], &["preview", "--artifact", "action"]] {
        let output = run(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(2));
        assert!(
            stderr(&output).contains("an entity or an action is missing"),
            "{}",
            stderr(&output)
        );
    }
}

#[test]
fn the_lineage_of_a_field_is_printed() {
    let note = "entity: Note\nfields:\n  title: text\n  body: text\nactions:\n  - name: rename\n    steps:\n      - validate: title <> 'x'\n      - update: Note SET title = 'x'\n    impact:\n      primary: {entity: Note, operation: UPDATE}\n    cdc:\n      enabled: true\n      event_type: NoteRenamed\n      payload: [title]\n";
    let folder = workspace(&[("note.yaml", note)]);
    let output = run(folder.path(), &["impact", "Note.title"]);
    let expected = "Note.title\n\n\
        declared\n  note.yaml:3:3\n\n\
        written\n  note.yaml:9:26 Note.rename\n\n\
        decides\n  note.yaml:8:19 Note.rename\n\n\
        named in blocks\n  note.yaml:15:17 Note.rename (payload)\n\n\
        carries a new value\n  Note.rename → cascade updated[].entity.title\n  \
        Note.rename → event NoteRenamed note.title\n  \
        Note.rename → audit audit trail new_values.title\n";
    assert_eq!(stdout(&output), expected, "{}", stderr(&output));
    let output = run(folder.path(), &["impact", "Note.body", "--format", "json"]);
    let found: Value = serde_json::from_str(&stdout(&output)).expect("JSON");
    assert_eq!(found["field"], "Note.body");
    assert_eq!(found["uses"][0]["place"]["line"], 4);
    assert_eq!(found["flows"][0]["changes"], false);
    let output = run(folder.path(), &["impact", "Note.bdy"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("did you mean `Note.body`?"), "{}", stderr(&output));
}

#[test]
fn files_are_formatted_asked_about_and_shown() {
    let folder = workspace(&[
        ("ugly.yaml", "entity:   Note\nfields:\n    title:  text\n"),
        ("tidy.yaml", "entity: Tidy\n"),
        ("other.yaml", "services:   {}\n"),
    ]);
    let output = run(folder.path(), &["format", "--check"]);
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(1), "ugly.yaml\n"));
    let output = run(folder.path(), &["format", "--diff"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).contains("-entity:   Note\n+entity: Note\n"), "{}", stdout(&output));
    let output = run(folder.path(), &["format"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(stderr(&output), "formatted 1 file, 1 file unchanged\n");
    let text = |name: &str| fs::read_to_string(folder.path().join(name)).expect("it is there");
    assert_eq!(text("ugly.yaml"), "entity: Note\nfields:\n  title: text\n");
    assert_eq!(text("other.yaml"), "services:   {}\n");
    assert_eq!(run(folder.path(), &["format", "--check"]).status.code(), Some(0));
    fs::write(folder.path().join("bad.yaml"), "entity: Bad\nfields:\n  a: 'x\n").expect("writable");
    let output = run(folder.path(), &["format"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("bad.yaml: line 3 cannot be read"), "{}", stderr(&output));
}

#[test]
fn a_file_of_another_encoding_is_left_alone_and_not_counted() {
    let folder = workspace(&[]);
    let file = folder.path().join("cafe.yaml");
    let latin = b"entity:   Cafe  # caf\xe9\n";
    fs::write(&file, latin).expect("writable");
    let output = run(folder.path(), &["format"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("formatted 0 files, 1 file left alone"),
        "{}",
        stderr(&output)
    );
    assert_eq!(fs::read(&file).expect("it is there"), latin);
}

#[test]
fn a_folder_of_a_workspace_without_a_file_has_nothing_to_format() {
    let folder = workspace(&[
        ("specql.config.yaml", "tenancy: single\n"),
        ("post.yaml", "entity: Post\nfields: {title: text}\n"),
        ("empty/compose.yaml", "services: {}\n"),
    ]);
    let output = run(folder.path(), &["format", "empty"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("found nothing to format in `empty`"), "{}", stderr(&output));
}

#[test]
fn where_nothing_was_checked_nothing_is_called_clean() {
    let folder = workspace(&[("compose.yaml", "services: {}\n")]);
    let output = run(folder.path(), &["check", "."]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(stdout(&output), "nothing was checked\n");
}

#[test]
fn what_is_emitted_is_the_same_every_time() {
    let examples = project_root().join("examples/blog");
    let folder = workspace(&[]);
    let emit = |name: &str| {
        let out = folder.path().join(name);
        let output = run(&examples, &["emit", "--out", out.to_str().expect("UTF-8")]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        tree(&out)
    };
    let first = emit("one");
    assert!(!first.is_empty());
    assert_eq!(first, emit("two"));
}

/// Paths and texts below a folder, ordered by path.
fn tree(folder: &Path) -> Vec<(String, String)> {
    let mut res = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next).expect("it was written") {
            let path = entry.expect("it was listed").path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("below it").display().to_string();
                res.push((name, fs::read_to_string(&path).expect("text")));
            }
        }
    }
    res.sort();
    res
}

#[test]
fn every_rule_can_be_explained() {
    let folder = workspace(&[]);
    let list = stdout(&run(folder.path(), &["explain"]));
    let list = list.split("\n\n").next().expect("a first part");
    assert!(list.lines().count() > 25, "{list}");
    for code in list.lines().filter_map(|it| it.split_whitespace().next()) {
        let page = stdout(&run(folder.path(), &["explain", code]));
        assert!(page.starts_with(&format!("# {code}\n")), "{code}: {page}");
    }
    assert_eq!(run(folder.path(), &["explain", "nonsense"]).status.code(), Some(2));
}

#[test]
fn every_artifact_is_listed_where_one_looks_for_it() {
    let refused = run(project_root(), &["preview", "x", "--artifact", "nonsense-nonsense"]);
    let refused = stderr(&refused);
    let names: Vec<&str> = refused.split('`').skip(3).step_by(2).collect();
    assert!(names.len() > 30, "{refused}");
    let help = stdout(&run(project_root(), &["preview", "--help"]));
    let readme = fs::read_to_string(project_root().join("README.md")).expect("the README is there");
    let table = readme.split("All artifacts").nth(1).and_then(|it| it.split("</details>").next());
    let table = table.expect("the table is there");
    for it in names {
        let is_word = |text: &str| {
            text.split(|it: char| it != '-' && !it.is_alphanumeric()).any(|word| word == it)
        };
        assert!(is_word(&help), "no `{it}` in\n{help}");
        assert!(table.contains(&format!("`{it}`")), "no `{it}` in README.md");
    }
}

#[test]
fn files_that_are_passed_over_are_not_counted() {
    let folder = workspace(&[
        ("post.yaml", &POST.replace("publishd", "published")),
        ("compose.yaml", "services:\n  db: {image: postgres}\n"),
        ("slip/user.yaml", "entiy: User\nfields:\n  name: text\n"),
    ]);
    assert_eq!(json(folder.path(), &["."])["summary"]["files"], 2);
    let output =
        run(folder.path(), &["check", "post.yaml", "compose.yaml", "--ignore", "missing-entity"]);
    assert_eq!(stdout(&output), "no findings: 1 entity in 2 files checked\n");
    fs::remove_dir_all(folder.path().join("slip")).expect("ours");
    assert_eq!(
        stdout(&run(folder.path(), &["check"])),
        "no findings: 1 entity in 1 file checked\n"
    );
}

/// `UPDATE_README=1` writes the table anew.
#[test]
fn the_readme_lists_every_rule() {
    let list = stdout(&run(project_root(), &["explain"]));
    let list = list.split("\n\n").next().expect("a first part");
    let rows = list.lines().filter_map(|line| {
        let (code, rest) = line.split_once(' ')?;
        let (level, summary) = rest.trim_start().split_once(' ')?;
        Some(format!("| [`{code}`](docs/rules/{code}.md) | {level} | {} |\n", summary.trim()))
    });
    let table = format!("| rule | level | finds |\n|---|---|---|\n{}", rows.collect::<String>());
    let path = project_root().join("README.md");
    let readme = fs::read_to_string(&path).expect("the README is there");
    let (begin, end) = ("<!-- rules: begin -->\n", "<!-- rules: end -->");
    let (before, rest) = readme.split_once(begin).expect("the marker is there");
    let (written, after) = rest.split_once(end).expect("the marker is there");
    if std::env::var_os("UPDATE_README").is_some() {
        let text = format!("{before}{begin}{table}{end}{after}");
        fs::write(&path, text).expect("the README can be written");
    } else {
        assert_eq!(written, table);
    }
}

#[test]
fn nothing_is_emitted_of_a_workspace_with_errors() {
    let folder = workspace(&[("post.yaml", POST)]);
    let output = run(folder.path(), &["emit", "--out", "sql"]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(stdout(&output).contains("unknown-enum-value"), "{}", stdout(&output));
    assert!(!folder.path().join("sql").exists());
    let output = run(folder.path(), &["emit", "--out", "sql", "--allow-errors"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(folder.path().join("sql/00_foundation.sql").exists());
}

#[test]
fn emit_owns_what_it_wrote_and_nothing_else() {
    let clean = POST.replace("publishd", "published");
    let folder = workspace(&[("post.yaml", &clean), ("sql/mine.sql", "SELECT 1;\n")]);
    let emit = |arguments: &[&str]| {
        let output = run(folder.path(), &[&["emit", "--out", "sql"][..], arguments].concat());
        (output.status.code(), stderr(&output))
    };
    assert_eq!(emit(&["--check"]).0, Some(1), "nothing is there yet");
    assert_eq!(emit(&[]).0, Some(0));
    assert_eq!(emit(&["--check"]).0, Some(0));
    let action = folder.path().join("sql/50_action/blog.Post.publish_post.sql");
    assert!(action.exists());
    fs::write(folder.path().join("post.yaml"), clean.replace("publish_post", "publish_it"))
        .expect("writable");
    let (code, text) = emit(&["--check"]);
    assert_eq!(code, Some(1));
    assert!(
        text.contains("not generated any more: 50_action/blog.Post.publish_post.sql"),
        "{text}"
    );
    assert_eq!(emit(&[]).0, Some(0));
    assert!(!action.exists(), "what an earlier run wrote is removed");
    assert!(folder.path().join("sql/mine.sql").exists(), "what it did not write stays");

    let other = folder.path().join("sql/50_action/blog.Post.publish_it.sql");
    let whole = fs::read_to_string(&other).expect("text");
    let edited = format!("{whole}-- mine\n");
    fs::write(&other, &edited).expect("writable");
    let (code, text) = emit(&[]);
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("publish_it.sql` was edited since `emit` wrote it"), "{text}");
    assert_eq!(fs::read_to_string(&other).expect("text"), edited, "nobody asked to lose it");
    assert_eq!(emit(&["--overwrite"]).0, Some(0));
    assert_eq!(fs::read_to_string(&other).expect("text"), whole);

    fs::write(&action, "-- mine").expect("writable");
    fs::write(folder.path().join("post.yaml"), &clean).expect("writable");
    let (code, text) = emit(&[]);
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("was not written by `emit`"), "{text}");
    assert_eq!(fs::read_to_string(&action).expect("text"), "-- mine");
}

#[test]
fn files_that_are_named_one_by_one_are_one_workspace() {
    let folder = workspace(&[
        ("top.yaml", "entity: Top\nfields:\n  deep: ref(Deep)\n"),
        ("a/b/deep.yaml", "entity: Deep\nfields:\n  top: ref(Top)\n  x: txt\n"),
    ]);
    let whole = run(folder.path(), &["check", ".", "--format", "concise"]);
    for paths in
        [&["top.yaml", "a/b/deep.yaml"][..], &["a/b/deep.yaml", "top.yaml"], &["**/*.yaml"]]
    {
        let output = run(folder.path(), &[&["check", "--format", "concise"][..], paths].concat());
        assert_eq!(stdout(&output), stdout(&whole), "{paths:?}");
    }
}

#[test]
fn emit_removes_nothing_outside_of_its_folder() {
    let clean = POST.replace("publishd", "published");
    let folder = workspace(&[("post.yaml", &clean), ("mine.sql", "")]);
    assert_eq!(run(folder.path(), &["emit", "--out", "sql"]).status.code(), Some(0));
    let record = folder.path().join("sql/.specql-emit.json");
    let text = fs::read_to_string(&record).expect("it was written");
    // The checksum of nothing.
    let sum = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let absolute = folder.path().join("mine.sql").display().to_string();
    for path in ["../mine.sql", absolute.as_str(), "a/../../mine.sql"] {
        let entry = format!("\"files\": {{\n    \"{path}\": \"{sum}\",");
        fs::write(&record, text.replacen("\"files\": {", &entry, 1)).expect("writable");
        let output = run(folder.path(), &["emit", "--out", "sql"]);
        assert_eq!(output.status.code(), Some(2), "{path}: {}", stderr(&output));
        assert!(folder.path().join("mine.sql").exists(), "{path}");
    }
}

#[test]
fn nothing_is_migrated_or_locked_of_a_workspace_with_errors() {
    let clean = POST.replace("publishd", "published");
    let folder = workspace(&[("post.yaml", &clean)]);
    assert_eq!(run(folder.path(), &["emit", "--out", "sql"]).status.code(), Some(0));
    fs::write(folder.path().join("post.yaml"), POST).expect("writable");
    for (command, written) in [
        (&["migrate", "--base", "sql", "--out", "out"][..], "out/1_expand.sql"),
        (&["lock"][..], "specql.events.lock"),
    ] {
        let output = run(folder.path(), command);
        assert_eq!(output.status.code(), Some(1), "{command:?}: {}", stderr(&output));
        assert!(stdout(&output).contains("error["), "{command:?}");
        assert!(!folder.path().join(written).exists(), "{command:?}");
        let allowed = run(folder.path(), &[command, &["--allow-errors"]].concat());
        assert_eq!(allowed.status.code(), Some(0), "{command:?}: {}", stderr(&allowed));
    }
    // What the errors hide would be missing in the comparison.
    let compared = run(folder.path(), &["lock", "--check"]);
    assert_eq!(compared.status.code(), Some(1));
    assert!(stdout(&compared).contains("error["), "{compared:?}");
    assert!(stderr(&compared).contains("nothing was compared"), "{compared:?}");
    let allowed = run(folder.path(), &["lock", "--check", "--allow-errors"]);
    assert_eq!(allowed.status.code(), Some(0), "{}", stderr(&allowed));
}

#[test]
fn fixes_are_shown_and_applied() {
    let folder = workspace(&[("post.yaml", POST)]);
    let output = run(folder.path(), &["check", "--diff", "--unsafe-fixes"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).contains("+      - update: Post SET status = 'published'"));
    let path = folder.path().join("post.yaml");
    assert_eq!(fs::read_to_string(&path).expect("text"), POST, "a difference changes nothing");
    let output = run(folder.path(), &["check", "--fix"]);
    assert_eq!(output.status.code(), Some(1), "the fix needs a look");
    let output = run(folder.path(), &["check", "--fix", "--unsafe-fixes"]);
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
    let text = fs::read_to_string(&path).expect("text");
    assert_eq!(text, POST.replace("publishd", "published"));
}

/// Of fixes that are good by themselves one breaks the file: the others stay.
#[test]
fn half_a_list_is_left_to_people() {
    let text = "entity: Post\nschema: blog\nfields:\n  title: txt\nactions:\n  - name: create_post\n    \
                steps:\n      - insert: Post SET title = $title\n    cdc:\n      enabled: true\n      event_type: \
                PostCreated\n      payload: t[itle, id]\n";
    let folder = workspace(&[("post.yaml", text)]);
    run(folder.path(), &["check", "--fix", "--unsafe-fixes"]);
    let mended = fs::read_to_string(folder.path().join("post.yaml")).expect("text");
    assert!(mended.contains("payload: t[itle, id]\n"), "{mended}");
    assert!(mended.contains("title: text\n"), "{mended}");
    let found = stdout(&run(folder.path(), &["check", "--format", "concise"]));
    assert!(found.contains("wrong-shape") && !found.contains("invalid-yaml"), "{found}");
}

#[test]
fn a_baseline_lets_accepted_findings_pass() {
    let folder = workspace(&[("post.yaml", POST)]);
    let check = |arguments: &[&str]| {
        let all = [&["check", "--baseline", "accepted.json"][..], arguments].concat();
        let output = run(folder.path(), &all);
        (output.status.code(), stdout(&output), stderr(&output))
    };
    assert_eq!(check(&[]).0, Some(2), "there is none yet");
    assert_eq!(check(&["--update-baseline"]).0, Some(0));
    assert_eq!(check(&[]).0, Some(0));
    // Lines above move it, and it stays accepted; another finding is new.
    let moved = format!("# moved\n{POST}").replace("title: text!", "title: txt!");
    fs::write(folder.path().join("post.yaml"), moved).expect("writable");
    let (code, text, _) = check(&["--format", "concise"]);
    assert_eq!(code, Some(1));
    assert!(text.contains("unknown-type") && !text.contains("unknown-enum-value"), "{text}");
    fs::write(folder.path().join("post.yaml"), POST.replace("publishd", "published"))
        .expect("writable");
    let (code, _, text) = check(&[]);
    assert_eq!(code, Some(0));
    assert!(text.contains("1 finding of the baseline is gone"), "{text}");
    assert!(text.contains("gone: post.yaml: unknown-enum-value: "), "{text}");
}

#[test]
fn a_baseline_is_judged_by_what_a_run_looks_at() {
    let post = POST.replace("title: text!", "title: txt!");
    let user = "entity: User\nschema: blog\nfields:\n  name: txt\n";
    let folder = workspace(&[("post.yaml", &post), ("sub/user.yaml", user)]);
    let check = |below: &str, arguments: &[&str]| {
        let all = [&["check", "--format", "concise"][..], arguments].concat();
        let output = run(&folder.path().join(below), &all);
        (output.status.code(), stdout(&output), stderr(&output))
    };
    let base = ["--baseline", "accepted.json"];
    assert_eq!(check("", &[&base[..], &["--update-baseline"]].concat()).0, Some(0));
    let all = fs::read_to_string(folder.path().join("accepted.json")).expect("it was written");
    // It means the same from another folder.
    let from_below = check("sub", &["--baseline", "../accepted.json", ".."]);
    assert_eq!((from_below.0, from_below.2.as_str()), (Some(0), ""), "{}", from_below.1);
    // What a run does not look at is not gone, and is not forgotten.
    for narrow in
        [&["sub/user.yaml"][..], &["--select", "unknown-type"], &["--ignore", "unknown-type"]]
    {
        let (code, text, told) = check("", &[&base[..], narrow].concat());
        assert_eq!((code, told.as_str()), (Some(0), ""), "{narrow:?}: {text}");
        check("", &[&base[..], narrow, &["--update-baseline"]].concat());
        let now = fs::read_to_string(folder.path().join("accepted.json")).expect("it was written");
        assert_eq!(now, all, "{narrow:?}");
    }
    // A file that is no longer there takes its findings with it, whatever is looked at.
    fs::remove_file(folder.path().join("sub/user.yaml")).expect("it is there");
    let (_, _, told) = check("", &[&base[..], &["post.yaml"]].concat());
    assert!(told.contains("gone: sub/user.yaml: unknown-type"), "{told}");
    // Nothing else is overwritten.
    let (code, _, told) = check("", &["--baseline", "post.yaml", "--update-baseline"]);
    assert_eq!(code, Some(2));
    assert!(told.contains("`post.yaml` is no baseline"), "{told}");
}

#[test]
fn a_page_for_each_command() {
    let folder = workspace(&[]);
    let page = |arguments: &[&str]| stdout(&run(folder.path(), &[&["man"], arguments].concat()));
    assert!(page(&["check"]).contains(".TH specql-lsp-check 1"), "{}", page(&["check"]));
    assert!(page(&["check"]).contains("baseline"));
    let output = run(folder.path(), &["man", "--out", "man1"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    // Every page that the program's names is there.
    let names = page(&[]);
    let named: Vec<&str> = names.lines().filter_map(|it| it.trim().strip_suffix("(1)")).collect();
    assert!(named.len() > 10, "{names}");
    for it in named {
        let it = it.replace("\\-", "-");
        assert!(folder.path().join(format!("man1/{it}.1")).exists(), "{it}");
    }
    let output = run(folder.path(), &["man", "chek"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("there is no command `chek`"), "{}", stderr(&output));
}

#[test]
fn a_call_that_says_nothing_is_told_what_this_is() {
    let folder = workspace(&[]);
    // Stdin is closed before anything comes.
    let output = run(folder.path(), &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("Usage: specql-lsp"), "{}", stderr(&output));
    assert_eq!(stdout(&output), "");
    assert_eq!(run(folder.path(), &["--stdio"]).status.code(), Some(1), "a client that went away");
}

#[test]
fn shells_and_man_have_what_they_need() {
    let folder = workspace(&[]);
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = run(folder.path(), &["completions", shell]);
        assert!(stdout(&output).contains("fail-on"), "{shell}");
    }
    assert!(stdout(&run(folder.path(), &["man"])).contains(".TH specql"));
    let page = stdout(&run(folder.path(), &["man", "check"]));
    assert!(page.contains(&format!("\"specql-lsp {}\"", env!("CARGO_PKG_VERSION"))), "{page}");
}

#[test]
fn the_schemas_are_printed_as_they_are_committed() {
    for name in ["entity", "config"] {
        let output = run(project_root(), &["schema", name]);
        let path = project_root().join(format!("docs/schemas/{name}.schema.json"));
        let committed = fs::read_to_string(path).expect("it is committed");
        assert_eq!(String::from_utf8_lossy(&output.stdout), committed);
    }
}
