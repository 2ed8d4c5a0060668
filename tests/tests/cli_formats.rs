//! The formats of a report, each read by something that does not share our code.

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use serde_json::Value;
use specql_tests::{
    binary::{run, specql_lsp},
    git::git,
};
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

fn printed(folder: &Path, format: &str) -> String {
    String::from_utf8(run(folder, &["check", "--format", format]).stdout).expect("UTF-8")
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

/// How many findings a report of a format tells, as a reader of it counts them.
fn told(format: &str, text: &str) -> usize {
    let list = |path: &str| {
        let report: Value = serde_json::from_str(text).expect("JSON");
        report.pointer(path).and_then(Value::as_array).expect("a list").len()
    };
    let lines = |mark: &str| text.lines().filter(|it| it.contains(mark)).count();
    match format {
        "json" => list("/findings"),
        "sarif" => list("/runs/0/results"),
        "gitlab" => list(""),
        "rdjson" => list("/diagnostics"),
        "json-lines" => text.lines().filter(|it| serde_json::from_str::<Value>(it).is_ok()).count(),
        "junit" => elements(text).iter().filter(|it| it.0 == "failure").count(),
        "checkstyle" => elements(text).iter().filter(|it| it.0 == "error").count(),
        "azure" => lines("##vso[task.logissue"),
        "concise" | "agent" => lines("a.yaml:"),
        _ => panic!("{format} is for people"),
    }
}

#[test]
fn programs_get_all_findings_whatever_their_number() {
    for count in [0, 1, 3_000] {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let fields: String = (0..count).map(|it| format!("  f{it}: txt # ]]> <é>\n")).collect();
        let text = format!("entity: A\nschema: a\nfields:\n  ok: text\n{fields}");
        fs::write(folder.path().join("a.yaml"), text).expect("writable");
        for format in [
            "json",
            "sarif",
            "gitlab",
            "rdjson",
            "json-lines",
            "junit",
            "checkstyle",
            "azure",
            "concise",
            "agent",
        ] {
            let text = printed(folder.path(), format);
            assert_eq!(told(format, &text), count, "{format}");
        }
        let summary = match count {
            0 => "no findings: 1 entity in 1 file checked",
            1 => "1 error: 1 entity in 1 file checked",
            _ => "3000 errors: 1 entity in 1 file checked",
        };
        for format in ["full", "agent"] {
            let text = printed(folder.path(), format);
            assert!(text.contains(summary), "{format}: {summary}");
        }
        assert!(printed(folder.path(), "markdown").lines().count() < 120);
        assert!(printed(folder.path(), "github").lines().count() < 20);
    }
}

/// What a program in Python says of a report that it reads from stdin.
fn read_by(program: &str, report: &str) -> Value {
    let python = specql_tests::binary::project_root().join(".cache/venv/bin/python");
    let mut child = Command::new(python)
        .args(["-c", program])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("scripts/setup.sh installs it");
    child.stdin.take().expect("piped").write_all(report.as_bytes()).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "it is refused: {report}");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
fn readers_that_are_made_from_the_schemas_accept_the_reports() {
    let folder = workspace();
    let codes = codes(folder.path());
    // Made from OASIS's JSON Schema; members that it does not know are refused.
    let sarif = "import json, sys\n\
        from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as Log\n\
        log = Log.model_validate(json.load(sys.stdin))\n\
        print(json.dumps([it.ruleId for it in log.runs[0].results]))";
    assert_eq!(read_by(sarif, &report(folder.path(), "sarif")), serde_json::json!(codes));
    let junit = "import json, sys\n\
        from junitparser import JUnitXml\n\
        xml = JUnitXml.fromstring(sys.stdin.buffer.read())\n\
        cases = [case for suite in xml for case in suite]\n\
        assert all(len(it.result) == 1 for it in cases)\n\
        print(json.dumps([xml.tests, xml.failures, len(cases)]))";
    let all = codes.len();
    assert_eq!(read_by(junit, &report(folder.path(), "junit")), serde_json::json!([all, all, all]));
}

/// The members that GitLab demands of a Code Quality report, and reviewdog's definition of its format.
#[test]
fn reports_of_gitlab_and_reviewdog_have_what_their_readers_demand() {
    let folder = workspace();
    let place = serde_json::json!({
        "type": "object", "required": ["line", "column"], "additionalProperties": false,
        "properties": {"line": {"type": "integer", "minimum": 1}, "column": {"type": "integer", "minimum": 1}},
    });
    let range = serde_json::json!({
        "type": "object", "required": ["start"], "additionalProperties": false,
        "properties": {"start": place, "end": place},
    });
    let location = serde_json::json!({
        "type": "object", "required": ["path"], "additionalProperties": false,
        "properties": {"path": {"type": "string", "minLength": 1}, "range": range},
    });
    let rdjson = serde_json::json!({
        "type": "object", "required": ["source", "diagnostics"], "additionalProperties": false,
        "properties": {
            "source": {"required": ["name"]},
            "severity": {"enum": ["ERROR", "WARNING", "INFO"]},
            "diagnostics": {"type": "array", "minItems": 1, "items": {
                "type": "object", "required": ["message", "location"], "additionalProperties": false,
                "properties": {
                    "message": {"type": "string"},
                    "location": location,
                    "severity": {"enum": ["ERROR", "WARNING", "INFO"]},
                    "code": {"required": ["value"]},
                    "suggestions": {"type": "array", "items": {
                        "required": ["range", "text"], "additionalProperties": false,
                        "properties": {"range": range, "text": {"type": "string"}},
                    }},
                    "relatedLocations": {"type": "array", "items": {
                        "required": ["location"], "properties": {"location": location},
                    }},
                },
            }},
        },
    });
    let gitlab = serde_json::json!({
        "type": "array", "minItems": 1, "items": {
            "required": ["description", "check_name", "fingerprint", "severity", "location"],
            "properties": {
                "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
                "fingerprint": {"type": "string", "minLength": 32},
                "location": {
                    "required": ["path", "lines"],
                    "properties": {
                        "path": {"type": "string", "not": {"pattern": "^(\\./|/)"}},
                        "lines": {"required": ["begin"], "properties": {"begin": {"type": "integer"}}},
                    },
                },
            },
        },
    });
    for (format, schema) in [("rdjson", rdjson), ("gitlab", gitlab)] {
        let validator = jsonschema::validator_for(&schema).expect("a schema");
        let report = json(folder.path(), format);
        let errors: Vec<String> = validator.iter_errors(&report).map(|it| it.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new(), "{format}");
    }
}

#[test]
fn coding_agents_get_lines_without_asking() {
    let folder = workspace();
    let tag = "entity: Tag\nschema: blog\nfields:\n  name: txt\n";
    fs::write(folder.path().join("tag.yaml"), tag).expect("writable");
    for variable in
        ["CLAUDECODE", "CURSOR_AGENT", "GEMINI_CLI", "CODEX_SANDBOX", "AI_AGENT", "OPENCODE"]
    {
        let said = |value: &str, arguments: &[&str]| {
            let mut command = Command::new(specql_lsp());
            command.arg("check").args(arguments).current_dir(folder.path());
            command.envs([("NO_COLOR", "1"), ("LANG", "C.UTF-8")]);
            for it in [
                "AI_AGENT",
                "CLAUDECODE",
                "CURSOR_AGENT",
                "GEMINI_CLI",
                "CODEX_SANDBOX",
                "OPENCODE",
            ] {
                command.env_remove(it);
            }
            let output = command.env(variable, value).output().expect("it was just built");
            String::from_utf8(output.stdout).expect("UTF-8")
        };
        let lines = said("1", &[]);
        assert!(lines.lines().all(|it| !it.starts_with(['╭', ' '])), "{variable}: {lines}");
        assert!(lines.contains("[fix (") && lines.contains(" -> "), "{variable}: {lines}");
        assert!(said("", &[]).contains("╭▸"), "an empty variable says nothing");
        assert!(said("1", &["--format", "full"]).contains("╭▸"), "who asks is answered");
    }
}

#[test]
fn github_gets_all_findings_in_the_summary_of_the_job() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let fields: String = (0..25).map(|it| format!("  f{it}: txt\n")).collect();
    fs::write(folder.path().join("a.yaml"), format!("entity: A\nfields:\n{fields}"))
        .expect("writable");
    let summary = folder.path().join("summary.md");
    let output = Command::new(specql_lsp())
        .args(["check", "--format", "github"])
        .current_dir(folder.path())
        .env("GITHUB_STEP_SUMMARY", &summary)
        .output()
        .expect("it was just built");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(text.contains("the job's summary lists all"), "{text}");
    let listed = fs::read_to_string(summary).expect("it was written");
    assert_eq!(
        listed.matches("unknown-type").count() / 2,
        25,
        "a code and its address each: {listed}"
    );
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
    let output = Command::new(specql_lsp())
        .args(["check", "--format", "full"])
        .current_dir(folder.path())
        .env("LC_ALL", "C")
        .output()
        .expect("it was just built");
    assert!(output.stdout.is_ascii(), "{}", String::from_utf8_lossy(&output.stdout));
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

/// Names that a line, a cell, a command or a terminal would read.
const NAMES: [&str; 6] = [
    "new\nline.yaml",
    "bar|`tick`.yaml",
    "<b>%0A.yaml",
    "ctrl\u{1b}[31m.yaml",
    "::error::a,b.yaml",
    "\u{202e}back\\slash|.yaml",
];

fn hostile() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder for the test");
    for (number, name) in NAMES.iter().enumerate() {
        let text = format!("entity: E{number}\nfields:\n  f: \"t|`x\\`<img src=x>\"\n");
        fs::write(folder.path().join(name), text).expect("writable");
    }
    folder
}

#[test]
fn names_of_files_stay_what_they_are() {
    let folder = hostile();
    let count = codes(folder.path()).len();
    assert!(count >= NAMES.len(), "{count} findings");
    for format in ["concise", "agent", "github", "azure", "markdown", "full"] {
        let text = report(folder.path(), format);
        let is_harmful = |it: char| (it.is_control() && it != '\n') || it == '\u{202e}';
        assert!(!text.contains(is_harmful), "{format}: {text:?}");
    }
    assert_eq!(report(folder.path(), "concise").lines().count(), count);
    assert_eq!(report(folder.path(), "azure").lines().count(), count);
    let lines = report(folder.path(), "agent");
    assert_eq!(lines.lines().count(), count + 1, "{lines}");
    // Machines that decode get the name itself.
    let files = json(folder.path(), "json");
    let files = files["findings"].as_array().expect("a list").iter();
    let files: std::collections::BTreeSet<_> =
        files.map(|it| it["file"].as_str().expect("a name").to_owned()).collect();
    assert_eq!(files, NAMES.iter().map(|it| (*it).to_owned()).collect());
    assert!(report(folder.path(), "github").contains("file=new%0Aline.yaml,"));
}

/// GitHub's own reader of Markdown makes of each finding a row of three cells, in which nothing is a
/// tag of the file's.
#[test]
fn a_comment_shows_what_the_file_says() {
    let folder = hostile();
    let count = codes(folder.path()).len();
    let read = "import json, re, sys\n\
        from cmarkgfm import github_flavored_markdown_to_html as html\n\
        from cmarkgfm.cmark import Options\n\
        page = html(sys.stdin.read(), Options.CMARK_OPT_UNSAFE)\n\
        body = page[page.index('<tbody>'):]\n\
        rows = [re.findall('<td>(.*?)</td>', it) for it in re.findall('<tr>(.*?)</tr>', body, re.S)]\n\
        print(json.dumps({'rows': rows, 'page': page}))";
    let seen = read_by(read, &report(folder.path(), "markdown"));
    let rows = seen["rows"].as_array().expect("a list");
    assert_eq!(rows.len(), count, "{seen}");
    assert!(rows.iter().all(|it| it.as_array().is_some_and(|it| it.len() == 3)), "{seen}");
    assert!(!seen["page"].as_str().expect("a page").contains("<img"), "{seen}");
    let places: Vec<&str> = rows.iter().filter_map(|it| it[1].as_str()).collect();
    assert!(places.contains(&"<code>bar|`tick`.yaml:3</code>"), "{places:?}");
    assert!(places.contains(&"<code>&lt;b&gt;%0A.yaml:3</code>"), "{places:?}");
}

/// Services look for files from the folder of the repository, wherever a job runs.
#[test]
fn services_get_paths_from_the_repository() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    git(folder.path(), &["init", "-q"]);
    let below = folder.path().join("api");
    fs::create_dir(&below).expect("writable");
    fs::write(below.join("a.yaml"), "entity: A\nfields:\n  f: txt\n").expect("writable");
    assert!(report(&below, "github").contains("file=api/a.yaml,"));
    assert!(report(&below, "azure").contains("sourcepath=api/a.yaml;"));
    assert!(report(&below, "markdown").contains("`api/a.yaml:3`"));
    assert_eq!(json(&below, "gitlab")[0]["location"]["path"], "api/a.yaml");
    let sarif = json(&below, "sarif");
    let place = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "api/a.yaml");
    // People and programs on the machine get them from where they are.
    assert!(report(&below, "concise").starts_with("a.yaml:3"));
}

#[test]
fn colours_are_the_callers_choice() {
    let folder = workspace();
    let is_coloured = |arguments: &[&str], variables: &[(&str, &str)]| {
        let output = Command::new(specql_lsp())
            .args(arguments)
            .current_dir(folder.path())
            .env_remove("NO_COLOR")
            .env_remove("FORCE_COLOR")
            .envs(variables.iter().copied())
            .output()
            .expect("it was just built");
        String::from_utf8_lossy(&output.stdout).contains('\u{1b}')
    };
    let check = ["check", "--format", "full"];
    let coloured = |option: &[&'static str]| [&check[..], option].concat();
    assert!(!is_coloured(&check, &[]));
    assert!(is_coloured(&check, &[("FORCE_COLOR", "1")]));
    assert!(!is_coloured(&check, &[("FORCE_COLOR", "0")]));
    assert!(!is_coloured(&check, &[("FORCE_COLOR", "1"), ("NO_COLOR", "1")]));
    assert!(is_coloured(&check, &[("CLICOLOR_FORCE", "1")]));
    assert!(is_coloured(&coloured(&["--color", "always"]), &[("NO_COLOR", "1")]));
    assert!(!is_coloured(&coloured(&["--color=never"]), &[("FORCE_COLOR", "1")]));
    assert!(is_coloured(&["--color", "always", "--help"], &[]));
    // An option before the command does not hide it.
    let output = run(folder.path(), &["--color", "never", "emit", "--out", "sql", "--check"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("nothing was compared"));
}

#[test]
fn lines_fit_the_terminal_or_are_left_to_it() {
    let folder = workspace();
    let lines = |columns: &str| -> Vec<String> {
        let output = Command::new(specql_lsp())
            .args(["check", "--format", "full"])
            .current_dir(folder.path())
            .envs([("NO_COLOR", "1"), ("LANG", "C.UTF-8"), ("COLUMNS", columns)])
            .output()
            .expect("it was just built");
        String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()
    };
    let longest = |it: &[String]| it.iter().map(|it| it.chars().count()).max();
    assert!(longest(&lines("80")) <= Some(80), "{:#?}", lines("80"));
    assert_eq!(lines("0"), lines("100"), "a width that is none");
    // No column of a word a line: what is said has the whole width, and no line is longer.
    for columns in ["40", "60"] {
        let narrow = lines(columns);
        let said = |it: &&String| !it.contains(['│', '|', '╭', '╰', '━', '─']);
        let said: Vec<String> = narrow.iter().filter(said).cloned().collect();
        let columns: usize = columns.parse().expect("a number");
        assert!(longest(&said) <= Some(columns), "{narrow:#?}");
        let titles = narrow.iter().filter(|it| it.starts_with("error[")).count();
        let squeezed = said.iter().filter(|it| it.starts_with("            ")).count();
        assert!(titles > 1 && squeezed == 0, "{narrow:#?}");
    }
}

#[test]
fn lines_that_end_as_on_windows_are_drawn_as_others() {
    let text = "entity: Post\nfields:\n  a: txt\n  b: ref(\n  a: text # twice";
    let drawn = |text: &str| {
        let folder = tempfile::tempdir().expect("a folder for the test");
        fs::write(folder.path().join("post.yaml"), text).expect("writable");
        report(folder.path(), "full")
    };
    let expected = drawn(text);
    assert!(expected.contains("━"), "{expected}");
    assert_eq!(drawn(&text.replace('\n', "\r\n")), expected);
    assert_eq!(drawn(&(text.to_owned() + "\r\n")), drawn(&(text.to_owned() + "\n")));
}

#[test]
fn labels_that_do_not_fit_are_said_below() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let name = "an_entity_with_a_name_that_leaves_no_room".to_owned() + "_beside_it";
    let text = format!(
        "entity: {name}\nschema: blog\nfields:\n  title: text\nactions:\n  - name: touch\n    steps:\n      \
         - update: {name} SET titel = 'x'\n"
    );
    fs::write(folder.path().join("a.yaml"), text).expect("writable");
    let report = |columns: &str| {
        let output = Command::new(specql_lsp())
            .args(["check", "--format", "full", "--select", "unknown-field"])
            .current_dir(folder.path())
            .envs([("NO_COLOR", "1"), ("LANG", "C.UTF-8"), ("COLUMNS", columns)])
            .output()
            .expect("it was just built");
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    let wide = report("120");
    assert!(wide.contains("─ the entity\n") && !wide.contains("note"), "{wide}");
    for columns in [40, 60, 72] {
        let narrow = report(&columns.to_string());
        assert!(narrow.contains("note: a.yaml:1: the entity\n"), "{narrow}");
        assert!(!narrow.contains("─ the entity"), "{narrow}");
        // Lines of the file stay as they are.
        let said = narrow.lines().filter(|it| !it.contains('│'));
        let longest = said.map(|it| it.chars().count()).max();
        assert!(longest <= Some(columns), "{columns}: {narrow}");
    }
}

#[test]
fn what_cannot_be_written_so_is_refused() {
    let folder = workspace();
    for (arguments, expected) in [
        (&["--output-file", "srif=report.sarif"][..], "`srif` is no format; there are `full`"),
        (
            &["--output-file", "json=a", "--output-file", "sarif=./a"],
            "named by `--output-file` twice",
        ),
        (&["--statistics", "--fix-only"], "cannot be used with"),
        (&["--unsafe-fixes"], "add `--fix`, `--fix-only` or `--diff`"),
        (&["--fix", "--poll"], "add `--watch`"),
        (&["--diff", "--output-file", "json=a"], "`--diff` makes no report"),
        (&["--fix-only", "--output-file", "a"], "`--fix-only` makes no report"),
        (
            &["--baseline", "b", "--update-baseline", "--output-file", "a"],
            "`--update-baseline` makes no report",
        ),
        (&["--statistics", "--diff"], "cannot be used with"),
        (&["--statistics", "--format", "sarif"], "`--statistics` prints a table"),
    ] {
        let output = run(folder.path(), &[&["check"], arguments].concat());
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains(expected), "{arguments:?}: {said}");
    }
    assert_eq!(fs::read_dir(folder.path()).expect("readable").count(), 2, "nothing was written");
    let output =
        run(folder.path(), &["check", "--output-file", "./srif=report", "--format", "json"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(folder.path().join("srif=report").exists());
}

#[test]
fn statistics_are_figures_for_programs_too() {
    let folder = workspace();
    let found = codes(folder.path());
    let output = run(folder.path(), &["check", "--statistics", "--format", "json"]);
    let document: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let validator = validator("check-statistics");
    let errors: Vec<String> = validator.iter_errors(&document).map(|it| it.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new());
    let mut broken = document.clone();
    broken["rules"][0].as_object_mut().expect("an object").remove("fixable");
    assert!(!validator.is_valid(&broken), "the schema has teeth");
    // A file without a format of its own gets what would be printed.
    let arguments = ["check", "--statistics", "--output-file", "figures.txt"];
    let output = run(folder.path(), &arguments);
    assert!(output.stdout.is_empty(), "{output:?}");
    let text = fs::read_to_string(folder.path().join("figures.txt")).expect("written");
    assert_eq!(text, String::from_utf8_lossy(&run(folder.path(), &arguments[..2]).stdout));
    let rules = document["rules"].as_array().expect("a list");
    let sum: u64 = rules.iter().filter_map(|it| it["count"].as_u64()).sum();
    assert_eq!(sum, found.len() as u64, "{document}");
    assert!(
        rules.iter().all(|it| found.contains(&it["code"].as_str().unwrap_or_default().to_owned()))
    );
}

#[test]
fn the_summary_of_a_job_has_every_finding_that_github_takes() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let summary = |fields: usize, before: usize| {
        let lines: String = (0..fields).map(|it| format!("  f{it}: txt\n")).collect();
        let text = format!("entity: Post\nschema: blog\nfields:\n{lines}");
        fs::write(folder.path().join("post.yaml"), text).expect("writable");
        let path = folder.path().join("summary.md");
        fs::write(&path, "x".repeat(before)).expect("writable");
        let output = Command::new(specql_lsp())
            .args(["check", "--format", "github"])
            .current_dir(folder.path())
            .env("GITHUB_STEP_SUMMARY", &path)
            .output()
            .expect("it was just built");
        let said = String::from_utf8(output.stdout).expect("UTF-8");
        (fs::read_to_string(&path).expect("written"), said)
    };
    let (text, said) = summary(300, 0);
    assert_eq!(text.lines().filter(|it| it.starts_with("| error |")).count(), 300);
    assert!(
        said.contains("290 findings not shown as annotations; the job's summary lists all\n"),
        "{said}"
    );
    // Another step of the job has left little room.
    let (text, said) = summary(300, 1024 * 1024 - 20_000);
    let rows = text.lines().filter(|it| it.starts_with("| error |")).count();
    assert!(text.len() <= 1024 * 1024 && rows > 10, "{rows}");
    assert!(
        text.ends_with(&format!("\n{} findings not shown: the summary is full.\n", 300 - rows)),
        "{rows}"
    );
    assert!(said.contains(&format!("lists all but {}, for which", 300 - rows)), "{said}");
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

fn schema(name: &str) -> Value {
    let path = format!("docs/schemas/{name}.schema.json");
    let path = specql_tests::binary::project_root().join(path);
    serde_json::from_str(&fs::read_to_string(path).expect("it is shipped")).expect("JSON")
}

fn validator(name: &str) -> jsonschema::Validator {
    jsonschema::validator_for(&schema(name)).expect("a schema")
}

#[test]
fn json_is_what_its_schema_says() {
    let (schema, validator) = (schema("check-report"), validator("check-report"));
    let folder = workspace();
    let report = json(folder.path(), "json");
    let errors: Vec<String> = validator.iter_errors(&report).map(|it| it.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new());
    // A line of `json-lines` is a finding.
    let finding = serde_json::json!({"$ref": "#/$defs/finding", "$defs": schema["$defs"]});
    let of_finding = jsonschema::validator_for(&finding).expect("a schema");
    let lines = self::report(folder.path(), "json-lines");
    let lines: Vec<Value> =
        lines.lines().map(|it| serde_json::from_str(it).expect("JSON")).collect();
    assert_eq!(Value::from(lines.clone()), report["findings"]);
    assert!(lines.iter().all(|it| of_finding.is_valid(it)) && !of_finding.is_valid(&report));
    // The schema has teeth: a member less, or a member more than it knows, is seen.
    let mut broken = report.clone();
    broken["findings"][0].as_object_mut().expect("an object").remove("help");
    assert!(!validator.is_valid(&broken));
    let known = schema["$defs"]["finding"]["properties"].as_object().expect("an object");
    let written = report["findings"][0].as_object().expect("an object");
    assert!(written.keys().all(|it| known.contains_key(it)), "{written:?}");
}
