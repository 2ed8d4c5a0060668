//! Options of the command line, where they are named: documentation, recipes, manual pages and completions say
//! what the binary takes, and all of it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
};

use specql_tests::binary::{project_root, run};

/// The options of each command, as its `--help` lists them; those of the program have the name `""`.
type Options = BTreeMap<String, BTreeSet<String>>;

fn said(arguments: &[&str]) -> String {
    String::from_utf8(run(project_root(), arguments).stdout).expect("UTF-8")
}

/// The option with which a text begins, of a call or of a line of `--help`.
fn option(text: &str) -> Option<&str> {
    let text = text.trim_start_matches(['[', '\'', '"']);
    let end = text.find(|it: char| !it.is_ascii_lowercase() && it != '-').unwrap_or(text.len());
    let name = text.get(..end)?;
    let is_option = name.strip_prefix("--").is_some_and(|it| it.starts_with(char::is_alphabetic));
    is_option.then_some(name)
}

/// The options that a help lists, each in a line that begins with it or with its short form.
fn listed(help: &str) -> BTreeSet<String> {
    let is_list = |it: &&str| it.starts_with("  ") && !it.starts_with("       ");
    let long = |it: &str| match it.split_once(", ") {
        Some((short, long)) if short.len() == 2 && short.starts_with('-') => {
            option(long).map(str::to_owned)
        }
        _ => option(it).map(str::to_owned),
    };
    help.lines().filter(is_list).map(str::trim_start).filter_map(long).collect()
}

fn options() -> Options {
    let help = said(&["--help"]);
    let commands = help.lines().skip_while(|it| *it != "Commands:").skip(1);
    let commands = commands.take_while(|it| !it.is_empty());
    let names =
        commands.filter(|it| !it.starts_with("   ")).filter_map(|it| it.split_whitespace().next());
    let mut res: Options = names
        .filter(|it| *it != "help")
        .map(|it| (it.to_owned(), listed(&said(&[it, "--help"]))))
        .collect();
    assert!(res.len() > 14, "{res:?}");
    // `--check PATH…` stands for the command, so it is in no list.
    let own = listed(&help).into_iter().chain(["--check".to_owned()]);
    res.insert(String::new(), own.collect());
    res
}

/// What people wrote that names options: pages, recipes, the action, the hooks.
fn written() -> Vec<(PathBuf, String)> {
    let mut paths: Vec<PathBuf> =
        ["README.md", "action.yml", ".pre-commit-hooks.yaml"].map(PathBuf::from).into();
    let mut folders: Vec<PathBuf> = ["docs", "editors", "templates"].map(PathBuf::from).into();
    while let Some(folder) = folders.pop() {
        for it in fs::read_dir(project_root().join(&folder)).expect("a folder").flatten() {
            let path = folder.join(it.file_name());
            let is_text = path.extension().is_some_and(|it| it == "md" || it == "yml");
            if it.file_type().expect("readable").is_dir() {
                folders.extend((!path.ends_with("node_modules")).then_some(path));
            } else if is_text {
                paths.push(path);
            }
        }
    }
    let read = |it: PathBuf| {
        let text = fs::read_to_string(project_root().join(&it)).expect("readable");
        (it, text)
    };
    paths.into_iter().map(read).collect()
}

/// The options of the calls in a text, with the command: a call ends with its line, or where a shell or the text
/// goes on to something else. Code that begins with a command (`format --check`) is a call as well.
fn called<'a>(text: &'a str, options: &Options) -> Vec<(String, &'a str)> {
    let mut res = Vec::new();
    let is_short = |it: &&str| {
        let first = it.split_whitespace().next();
        first.is_some_and(|it| options.contains_key(it)) && !it.contains('\n')
    };
    let short = text.split('`').skip(1).step_by(2).filter(is_short);
    for call in text.split("specql-lsp ").skip(1).chain(short) {
        let call = call.split(['`', '\n', '|', ';', '&', '<', '>', ')']).next().unwrap_or_default();
        // `cargo install --path specql-lsp -- …`: what follows `--` is the program's.
        let call = call.strip_prefix("-- ").unwrap_or(call);
        let first = call.split_whitespace().next().unwrap_or_default();
        let command = match first {
            "--check" => "check",
            it if options.contains_key(it) => it,
            _ => "",
        };
        res.extend(call.split_whitespace().filter_map(option).map(|it| (command.to_owned(), it)));
    }
    res
}

/// The options that stand alone in a text, as code.
fn alone(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2).filter_map(option)
}

#[test]
fn an_option_that_is_named_is_there() {
    /// Options of other programs, which pages and recipes name alone.
    const FOREIGN: [&str; 3] = ["--branch", "--tag", "--rev"];
    let options = options();
    let all: BTreeSet<&str> = options.values().flatten().map(String::as_str).collect();
    let mut calls = 0;
    for (path, text) in written() {
        // The template of GitLab installs with options of cargo.
        let of_cargo = |it: &str| path.ends_with("gitlab-ci.yml") && it == "--root";
        for (command, it) in called(&text, &options) {
            let is_there = options[&command].contains(it) || options[""].contains(it);
            assert!(is_there || of_cargo(it), "{}: `{command}` has no {it}", path.display());
            calls += 1;
        }
        for it in alone(&text) {
            assert!(
                all.contains(it) || FOREIGN.contains(&it),
                "{}: nothing has {it}",
                path.display()
            );
        }
    }
    assert!(calls > 50, "{calls}");
}

#[test]
fn an_option_that_is_there_is_named() {
    let options = options();
    let written = written();
    let mut named: BTreeSet<&str> = written.iter().flat_map(|it| alone(&it.1)).collect();
    named.extend(written.iter().flat_map(|it| called(&it.1, &options)).map(|it| it.1));
    let bash = said(&["completions", "bash"]);
    for (command, own) in &options {
        let page = if command.is_empty() { vec!["man"] } else { vec!["man", command] };
        let page = said(&page).replace("\\-", "-");
        for it in own.iter().filter(|it| !["--help", "--version", "--check"].contains(&it.as_str()))
        {
            assert!(named.contains(it.as_str()), "no page names {it} of `{command}`");
            assert!(page.contains(it.as_str()), "the manual page of `{command}` has no {it}");
            assert!(bash.contains(it.as_str()), "bash does not complete {it} of `{command}`");
        }
    }
}
