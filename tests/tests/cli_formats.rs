//! The formats of a report, each read by something that does not share our code.

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use serde_json::Value;
use specql_tests::binary::{run, specql_lsp};
use tempfile::TempDir;

/// Two findings with fixes, one of them beside another file; what formats have to escape is in them.
fn workspace() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let post = "entity: Post\nschema: blog\nfields:\n  title: \"t<x>&|,;:%]é\"\n  user: ref(Usr)\n";
    let user = "entity: Post\nschema: blog\nfields:\n  name: text\n";
    fs::create_dir(folder.path().join("a b")).expect("writable");
    fs::write(folder.path().join("a b/post.yaml"), post).expect("writable");
    fs::write(folder.path().join("user.yaml"), user).expect("writable");
    folder
}

fn report(folder: &Path, format: &str) -> String {
    let output = run(folder, &["check", "--format", format]);
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn json(folder: &Path, format: &str) -> Value {
    serde_json::from_str(&report(folder, format)).expect("JSON")
}

fn codes(folder: &Path) -> Vec<String> {
    let report = json(folder, "json");
    let findings = report.get("findings").and_then(Value::as_array).expect("a list").clone();
    findings.iter().map(|it| it["code"].as_str().expect("a code").to_owned()).collect()
}

/// What Python's reader of XML sees: tag and attributes of every element.
fn elements(xml: &str) -> Vec<(String, Value)> {
    let program = "import sys, json, xml.etree.ElementTree as tree\n\
        print(json.dumps([[it.tag, it.attrib] for it in tree.fromstring(sys.stdin.read()).iter()]))";
    let mut child = Command::new("python3")
        .args(["-c", program])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python is there");
    child.stdin.take().expect("piped").write_all(xml.as_bytes()).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    serde_json::from_slice(&output.stdout).expect("well-formed XML")
}

#[test]
fn every_format_tells_every_finding() {
    let folder = workspace();
    let codes = codes(folder.path());
    assert!(codes.len() >= 3, "{codes:?}");
    let formats = [
        "full",
        "concise",
        "json",
        "json-lines",
        "sarif",
        "github",
        "gitlab",
        "junit",
        "checkstyle",
        "rdjson",
        "azure",
        "markdown",
        "agent",
    ];
    for format in formats {
        let text = report(folder.path(), format);
        for code in &codes {
            assert!(text.contains(code.as_str()), "{format} leaves out {code}:\n{text}");
        }
    }
}

#[test]
fn sarif_has_places_fingerprints_and_fixes() {
    let folder = workspace();
    let run = &json(folder.path(), "sarif")["runs"][0];
    let results = run["results"].as_array().expect("a list");
    assert_eq!(results.len(), codes(folder.path()).len());
    for it in results {
        let index = it["ruleIndex"].as_u64().expect("a number") as usize;
        assert_eq!(run["tool"]["driver"]["rules"][index]["id"], it["ruleId"]);
        assert!(it["partialFingerprints"]["specql/v1"].as_str().expect("text").len() == 32);
    }
    let uri = &results[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    assert_eq!(uri, "a%20b/post.yaml");
}

#[test]
fn xml_is_well_formed_and_keeps_the_text() {
    let folder = workspace();
    for (format, tag) in [("junit", "failure"), ("checkstyle", "error")] {
        let found = elements(&report(folder.path(), format));
        let findings: Vec<_> = found.iter().filter(|it| it.0 == tag).collect();
        assert_eq!(findings.len(), codes(folder.path()).len(), "{format}");
        let messages = findings.iter().map(|it| it.1["message"].as_str().expect("text"));
        assert!(messages.into_iter().any(|it| it.contains("<x>&|,;:%]é")), "{format}");
    }
}

#[test]
fn github_shows_ten_of_a_level_and_counts_the_rest() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let fields: String = (0..25).map(|it| format!("  f{it}: txt\n")).collect();
    fs::write(folder.path().join("a.yaml"), format!("entity: A\nfields:\n{fields}"))
        .expect("writable");
    let text = report(folder.path(), "github");
    assert_eq!(text.lines().filter(|it| it.starts_with("::error ")).count(), 10, "{text}");
    assert!(text.contains("::notice title=specql-lsp::15 findings not shown"), "{text}");
}

#[test]
fn several_reports_of_one_run() {
    let folder = workspace();
    let arguments = [
        "check",
        "--format",
        "concise",
        "--output-file",
        "sarif=s.json",
        "--output-file",
        "junit=j.xml",
    ];
    let output = run(folder.path(), &arguments);
    assert!(String::from_utf8_lossy(&output.stdout).contains("post.yaml:4:"));
    let sarif = fs::read_to_string(folder.path().join("s.json")).expect("it was written");
    assert!(serde_json::from_str::<Value>(&sarif).expect("JSON")["runs"].is_array());
    let junit = fs::read_to_string(folder.path().join("j.xml")).expect("it was written");
    assert!(!elements(&junit).is_empty());
}

#[test]
fn the_exit_code_is_that_of_the_findings_when_the_reader_leaves() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let fields: String = (0..5000).map(|it| format!("  f{it}: txt\n")).collect();
    fs::write(folder.path().join("a.yaml"), format!("entity: A\nfields:\n{fields}"))
        .expect("writable");
    let mut child = Command::new(specql_lsp())
        .args(["check", "--format", "concise"])
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it was just built");
    drop(child.stdout.take());
    assert_eq!(child.wait().expect("it ends").code(), Some(1));
}

#[test]
fn very_many_findings_are_told_by_rule() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let fields: String = (0..900).map(|it| format!("  f{it}: txt\n")).collect();
    fs::write(folder.path().join("a.yaml"), format!("entity: A\nfields:\n{fields}"))
        .expect("writable");
    let text = report(folder.path(), "full");
    assert!(text.lines().count() < 20 && text.contains("900 × error[unknown-type]"), "{text}");
    let output = run(folder.path(), &["check", "--full"]);
    assert!(String::from_utf8_lossy(&output.stdout).lines().count() > 900);
}

#[test]
fn bytes_of_a_file_do_not_command_the_terminal() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    fs::write(folder.path().join("a.yaml"), "entity: A\nfields:\n  f: \"t\\e[31mx\u{202e}\"\n")
        .expect("writable");
    for format in ["full", "concise", "agent", "azure"] {
        let text = report(folder.path(), format);
        assert!(!text.contains(['\u{1b}', '\u{202e}']), "{format}: {text:?}");
    }
}

#[test]
fn rules_are_chosen_and_weighed_by_the_caller() {
    let folder = workspace();
    let exit = |arguments: &[&str]| {
        let mut all = vec!["check", "--format", "concise"];
        all.extend(arguments);
        let output = run(folder.path(), &all);
        (output.status.code(), String::from_utf8(output.stdout).expect("UTF-8").lines().count())
    };
    assert_eq!(exit(&["--select", "unknown-entity"]), (Some(1), 1));
    assert_eq!(exit(&["--select", "unknown-entity", "--ignore", "Unknown-Entity"]), (Some(0), 0));
    assert_eq!(
        exit(&["--select", "unknown-entity", "--level", "unknown-entity=info"]),
        (Some(0), 1)
    );
    assert_eq!(exit(&["--select", "unknown-entity", "--exit-zero"]), (Some(0), 1));
    let warning = ["--select", "unknown-entity", "--level", "unknown-entity=warning"];
    assert_eq!(exit(&[&warning[..], &["--max-warnings", "1"]].concat()), (Some(0), 1));
    assert_eq!(exit(&[&warning[..], &["--max-warnings", "0"]].concat()), (Some(1), 1));
    assert_eq!(exit(&["--select", "unknown-entty"]).0, Some(2));
}

#[test]
fn json_is_what_its_schema_says() {
    let path = specql_tests::binary::project_root().join("docs/schemas/check-report.schema.json");
    let schema: Value =
        serde_json::from_str(&fs::read_to_string(path).expect("it is shipped")).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let folder = workspace();
    let report = json(folder.path(), "json");
    let errors: Vec<String> = validator.iter_errors(&report).map(|it| it.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new());
    // The schema has teeth: a member less, or a member more than it knows, is seen.
    let mut broken = report.clone();
    broken["findings"][0].as_object_mut().expect("an object").remove("help");
    assert!(!validator.is_valid(&broken));
    let known = schema["$defs"]["finding"]["properties"].as_object().expect("an object");
    let written = report["findings"][0].as_object().expect("an object");
    assert!(written.keys().all(|it| known.contains_key(it)), "{written:?}");
}
