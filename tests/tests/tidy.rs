//! Holds the style of the house where a tool can: module docs, sizes, tests that always run.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Lines of code and comments in a file, its tests not counted.
const LONGEST_FILE: usize = 600;
/// Lines of a function.
const LONGEST_FUNCTION: usize = 80;

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// Files below the project's own folders with one of these endings.
fn files(endings: &[&str]) -> Vec<PathBuf> {
    let mut res = Vec::new();
    let own = ["server", "grammar", "xtask", "tests", "benches", "editors", "docs", "scripts"];
    let mut open: Vec<PathBuf> = own.iter().map(|it| root().join(it)).collect();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            let made = ["node_modules", "target", "dist", "out", "tree_sitter", ".vscode-test"];
            if path.is_dir() && !made.contains(&name.as_str()) {
                open.push(path);
            } else if endings.iter().any(|it| name.ends_with(it)) && name != "parser.c" {
                res.push(path);
            }
        }
    }
    res.sort();
    res
}

/// Whether a file holds nothing but tests: tables of cases in it may be long.
fn is_tests(path: &Path) -> bool {
    let name = path.file_stem().map(|it| it.to_string_lossy().into_owned());
    let in_folder = path.components().any(|it| it.as_os_str() == "tests");
    in_folder || name.is_some_and(|it| it == "tests" || it.ends_with("_tests"))
}

fn violations(endings: &[&str], check: impl Fn(&str) -> Vec<String>) -> Vec<String> {
    violations_of(files(endings), check)
}

fn violations_of(files: Vec<PathBuf>, check: impl Fn(&str) -> Vec<String>) -> Vec<String> {
    let mut res = Vec::new();
    for path in files {
        let text = fs::read_to_string(&path).unwrap_or_default();
        let shown = path.strip_prefix(root()).unwrap_or(&path).display().to_string();
        res.extend(check(&text).into_iter().map(|it| format!("{shown}: {it}")));
    }
    res
}

/// A file's text up to its tests.
fn without_tests(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(text)
}

#[test]
fn every_rust_file_says_what_it_is() {
    let found = violations(&[".rs"], |text| {
        let described = text.starts_with("//!");
        if described { Vec::new() } else { vec!["has no module docs".to_owned()] }
    });
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn no_file_is_longer_than_can_be_read() {
    let endings = [".rs", ".ts", ".mjs", ".lua", ".h", "scanner.c", "grammar.js", ".sh"];
    let code = files(&endings).into_iter().filter(|it| !is_tests(it)).collect();
    let found = violations_of(code, |text| {
        let lines = without_tests(text).lines().count();
        if lines > LONGEST_FILE { vec![format!("has {lines} lines")] } else { Vec::new() }
    });
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn no_function_is_longer_than_can_be_read() {
    let code = files(&[".rs"]).into_iter().filter(|it| !is_tests(it)).collect();
    let found = violations_of(code, |text| {
        let lines: Vec<&str> = without_tests(text).lines().collect();
        let mut res = Vec::new();
        for (number, line) in lines.iter().enumerate() {
            let indentation = line.len() - line.trim_start().len();
            let is_function = line.trim_start().starts_with("fn ") || line.contains(" fn ");
            if !is_function || line.trim_start().starts_with("//") || line.contains('"') {
                continue;
            }
            let end = format!("{}}}", " ".repeat(indentation));
            let rest = lines.get(number..).unwrap_or_default();
            let length = rest.iter().position(|it| **it == end).unwrap_or(0) + 1;
            if length > LONGEST_FUNCTION {
                res.push(format!("line {}: a function of {length} lines", number + 1));
            }
        }
        res
    });
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn the_command_line_prints_in_one_place() {
    let own =
        |it: &PathBuf| it.starts_with(root().join("server/cli/src")) && !it.ends_with("print.rs");
    let code = files(&[".rs"]).into_iter().filter(own).collect();
    let found = violations_of(code, |text| {
        let macros = ["println!(", "eprintln!(", "print!(", "eprint!(", "panic!("];
        let words = without_tests(text).split(|it: char| it.is_whitespace() || it == ':');
        words
            .filter(|word| macros.iter().any(|it| word.starts_with(it)))
            .map(|it| format!("`{it}` ends the program where a stream is full"))
            .collect()
    });
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn every_test_runs_and_can_fail() {
    // Written in two parts, so that this file does not contain them.
    const FORBIDDEN: &[(&str, &str)] = &[
        ("#[ign", "ore"),
        ("#[should_", "panic"),
        ("todo", "!("),
        ("unimplem", "ented!("),
        ("dbg", "!("),
        ("it.on", "ly("),
        ("test.on", "ly("),
        ("it.sk", "ip("),
        ("test.sk", "ip("),
        ("describe.sk", "ip("),
    ];
    let found = violations(&[".rs", ".ts", ".mjs"], |text| {
        let words = FORBIDDEN.iter().map(|(start, end)| format!("{start}{end}"));
        words.filter(|it| text.contains(it.as_str())).map(|it| format!("contains `{it}`")).collect()
    });
    assert!(found.is_empty(), "{found:#?}");
}

/// The version stands in Cargo.toml. What must repeat it, because others read it there, says the same.
#[test]
fn every_file_of_tests_is_run() {
    let suite = fs::read_to_string(root().join("tests/tests/suite.rs")).unwrap();
    let entries = fs::read_dir(root().join("tests/tests")).unwrap().flatten();
    let named = entries.filter(|it| it.file_name() != "snapshots" && it.file_name() != "suite.rs");
    let names: Vec<String> = named
        .map(|it| it.path().file_stem().unwrap().to_string_lossy().into_owned())
        .filter(|it| !suite.lines().any(|line| line == format!("mod {it};")))
        .collect();
    assert_eq!(names, Vec::<String>::new(), "write `mod` for them in tests/tests/suite.rs");
}

#[test]
fn one_version_stands_everywhere() {
    let version = env!("CARGO_PKG_VERSION");
    let quoted = format!("\"version\": \"{version}\"");
    for (file, line) in [
        ("editors/vscode/package.json", &*quoted),
        ("editors/vscode/package-lock.json", &*quoted),
        ("grammar/tree-sitter.json", &*quoted),
        ("editors/emacs/specql-mode.el", &*format!(";; Version: {version}\n")),
        ("editors/vscode/CHANGELOG.md", &*format!("## {version}\n")),
        ("editors/zed/extension.toml", &*format!("version = \"{version}\"\n")),
        ("editors/zed/Cargo.toml", &*format!("version = \"{version}\"\n")),
        ("Cargo.toml", &*format!("version = \"{version}\"\n")),
    ] {
        let text = fs::read_to_string(root().join(file)).expect("it is there");
        assert!(text.contains(line), "{file} does not say `{}`", line.trim());
    }
    for package in ["server/cli", "server/check", "grammar", "tests"] {
        let text =
            fs::read_to_string(root().join(package).join("Cargo.toml")).expect("it is there");
        assert!(text.contains("version.workspace = true"), "{package} has a version of its own");
    }
}
