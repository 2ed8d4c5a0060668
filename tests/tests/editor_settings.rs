//! Settings of editors that no test can run: read by a reader of their format, held against what the
//! editor knows, and the command that they name starts a server that answers.

use std::{
    collections::BTreeSet,
    fs,
    io::Write,
    process::{Command, Stdio},
};

use serde_json::Value;
use specql_tests::binary::{project_root, specql_lsp};

/// A file of `editors/`, as Python's reader of its format sees it.
fn read(path: &str) -> Value {
    let program = "import json, sys, tomllib\n\
        path = sys.argv[1]\n\
        reader = tomllib if path.endswith('.toml') else json\n\
        print(json.dumps(reader.load(open(path, 'rb'))))";
    let output = Command::new("python3")
        .args(["-c", program])
        .arg(project_root().join("editors").join(path))
        .output()
        .expect("Python is there");
    assert!(output.status.success(), "{path}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn keys(it: &Value) -> BTreeSet<&str> {
    it.as_object().expect("a mapping").keys().map(String::as_str).collect()
}

fn words(it: &Value) -> Vec<&str> {
    it.as_array().expect("a list").iter().map(|it| it.as_str().expect("a text")).collect()
}

/// Whether a call is one of a server that answers.
fn answers(call: &[&str]) {
    let (program, arguments) = call.split_first().expect("a program");
    assert_eq!(*program, "specql-lsp");
    let body = r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}"#;
    let mut child = Command::new(specql_lsp())
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let request = format!("Content-Length: {}\r\n\r\n{body}", body.len());
    child.stdin.take().expect("piped").write_all(request.as_bytes()).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("\"name\":\"specql-lsp\""), "{call:?}: {said}");
}

/// What a person can set is declared by the server; the editor shows the same words.
#[test]
fn vs_code_has_the_settings_of_the_server() {
    let package = read("vscode/package.json");
    let properties = &package["contributes"]["configuration"]["properties"];
    let page = fs::read_to_string(project_root().join("docs/protocol.md")).expect("a page");
    for it in specql_server::SETTINGS {
        let name = format!("specql.{}", it.name);
        let found = &properties[&name];
        assert_eq!(found["markdownDescription"], it.documentation, "{name}");
        assert_eq!((&found["type"], &found["default"]), (&"boolean".into(), &it.default.into()));
        assert!(page.contains(&format!("| `{name}` | `{}` |", it.default)), "{name}");
    }
}

/// The keys of `languages.toml` that Helix documents; others it refuses, with the whole file.
#[test]
fn helix_knows_the_keys_of_its_file() {
    const LANGUAGE: &[&str] = &[
        "name",
        "scope",
        "injection-regex",
        "file-types",
        "shebangs",
        "roots",
        "comment-token",
        "comment-tokens",
        "block-comment-tokens",
        "indent",
        "language-servers",
        "grammar",
        "auto-format",
        "formatter",
        "diagnostic-severity",
        "soft-wrap",
        "text-width",
        "rulers",
        "auto-pairs",
        "debugger",
        "workspace-lsp-roots",
        "persistent-diagnostic-sources",
        "language-id",
        "word-completion",
        "path-completion",
    ];
    const SERVER: &[&str] =
        &["command", "args", "config", "timeout", "environment", "required-root-patterns"];
    let file = read("helix/languages.toml");
    assert_eq!(keys(&file), BTreeSet::from(["grammar", "language", "language-server"]));
    let known = |it: &Value, keys: &[&str]| {
        let other: Vec<&str> = self::keys(it).into_iter().filter(|it| !keys.contains(it)).collect();
        assert!(other.is_empty(), "Helix has no {other:?}");
    };
    let server = &file["language-server"]["specql-lsp"];
    known(server, SERVER);
    let call = [server["command"].as_str().expect("a text")];
    answers(&[&call[..], &words(&server["args"])].concat());
    let mut names = BTreeSet::new();
    for it in file["language"].as_array().expect("a list") {
        known(it, LANGUAGE);
        names.insert(it["name"].as_str().expect("a name"));
        let servers = it.get("language-servers").map(words).unwrap_or_default();
        assert!(servers.iter().all(|it| file["language-server"].get(*it).is_some()), "{servers:?}");
        // Queries are found by the name of the language.
        let queries =
            project_root().join("editors/helix/queries").join(it["name"].as_str().unwrap());
        assert!(queries.join("highlights.scm").exists(), "{}", queries.display());
    }
    for it in file["grammar"].as_array().expect("a list") {
        known(it, &["name", "source"]);
        assert!(names.contains(it["name"].as_str().expect("a name")), "{it}");
        let path = it["source"]["path"].as_str().expect("a path");
        let path = path.strip_prefix("/path/to/specql-lsp/").expect("a path in the clone");
        assert!(project_root().join(path).join("src/parser.c").exists(), "{path}");
    }
}

/// The members that the LSP package of Sublime Text documents for a client.
#[test]
fn sublime_knows_the_members_of_its_client() {
    const CLIENT: &[&str] = &[
        "enabled",
        "command",
        "selector",
        "priority_selector",
        "tcp_port",
        "initializationOptions",
        "initialization_options",
        "settings",
        "env",
        "schemes",
        "diagnostics_mode",
        "disabled_capabilities",
        "experimental_capabilities",
        "semantic_tokens",
        "languages",
        "file_watcher",
        "path_maps",
        "syntaxes",
        "auto_complete_selector",
    ];
    let file = read("sublime/LSP-specql.sublime-settings.json");
    assert_eq!(keys(&file), BTreeSet::from(["clients"]));
    let client = &file["clients"]["specql-lsp"];
    assert!(keys(client).iter().all(|it| CLIENT.contains(it)), "{client}");
    answers(&words(&client["command"]));
    assert_eq!(client["selector"], "source.yaml");
}

/// The members that Zed documents of an extension and of a language.
#[test]
fn zed_knows_the_members_of_its_files() {
    const EXTENSION: &[&str] = &[
        "id",
        "name",
        "description",
        "version",
        "schema_version",
        "authors",
        "repository",
        "language_servers",
        "grammars",
    ];
    const LANGUAGE: &[&str] = &[
        "name",
        "grammar",
        "path_suffixes",
        "first_line_pattern",
        "line_comments",
        "tab_size",
        "hard_tabs",
        "autoclose_before",
        "brackets",
        "hidden",
    ];
    let file = read("zed/extension.toml");
    assert!(keys(&file).iter().all(|it| EXTENSION.contains(it)), "{:?}", keys(&file));
    let mut names = BTreeSet::new();
    for (grammar, it) in file["grammars"].as_object().expect("a mapping") {
        assert_eq!(keys(it), BTreeSet::from(["path", "repository", "rev"]));
        let path = it["path"].as_str().expect("a path");
        assert!(project_root().join(path).join("src/parser.c").exists(), "{path}");
        let language = read(&format!("zed/languages/{grammar}/config.toml"));
        assert!(keys(&language).iter().all(|it| LANGUAGE.contains(it)), "{:?}", keys(&language));
        assert_eq!(language["grammar"], *grammar);
        names.insert(language["name"].as_str().expect("a name").to_owned());
        let queries = project_root().join("editors/zed/languages").join(grammar);
        assert!(queries.join("highlights.scm").exists(), "{}", queries.display());
    }
    let server = &file["language_servers"]["specql-lsp"];
    assert!(words(&server["languages"]).iter().all(|it| names.contains(*it)), "{server}");
    assert_eq!(server["language_ids"], serde_json::json!({"SpecQL": "specql"}));
}

/// What is the same in every editor is written in one place; `UPDATE_README=1` copies it to the others.
#[test]
fn what_is_the_same_in_every_editor_is_said_by_all() {
    const MARKS: [&str; 2] = ["<!-- same: begin -->\n", "<!-- same: end -->"];
    let editors = project_root().join("editors");
    let inside = |text: &str| {
        let start = text.find(MARKS[0])? + MARKS[0].len();
        Some((start, start + text.get(start..)?.find(MARKS[1])?))
    };
    let source = fs::read_to_string(editors.join("README.md")).expect("it is there");
    let (start, end) = inside(&source).expect("it has the marks");
    let same = source[start..end].replace("](../docs/", "](../../docs/");
    for editor in fs::read_dir(&editors).expect("there are editors") {
        let folder = editor.expect("it can be read").path();
        if !folder.is_dir() {
            continue;
        }
        let path = folder.join("README.md");
        let name = folder.file_name().expect("a name").to_string_lossy().into_owned();
        assert!(source.contains(&format!("]({name}/README.md)")), "{name} is not in the list");
        let text = fs::read_to_string(&path).expect("an editor has a page");
        let (start, end) = inside(&text).unwrap_or_else(|| panic!("{name} has no marks"));
        let expected = [&text[..start], &same, &text[end..]].concat();
        if std::env::var_os("UPDATE_README").is_some() {
            fs::write(&path, expected).expect("it can be written");
        } else {
            assert_eq!(text, expected, "{name} is stale; run with UPDATE_README=1");
        }
    }
}

/// The members that LSP4IJ reads of a template.
#[test]
fn lsp4ij_knows_the_members_of_its_template() {
    let file = read("jetbrains/template.json");
    let known = BTreeSet::from(["fileTypeMappings", "id", "name", "programArgs"]);
    assert_eq!(keys(&file), known);
    let call = file["programArgs"]["default"].as_str().expect("a command");
    answers(&call.split(' ').collect::<Vec<_>>());
    for it in file["fileTypeMappings"].as_array().expect("a list") {
        assert_eq!(keys(it), BTreeSet::from(["fileType", "languageId"]));
        assert_eq!(keys(&it["fileType"]), BTreeSet::from(["name", "patterns"]));
        assert!(words(&it["fileType"]["patterns"]).iter().all(|it| it.starts_with("*.")), "{it}");
        assert!(matches!(it["languageId"].as_str(), Some("yaml" | "specql")), "{it}");
    }
}
