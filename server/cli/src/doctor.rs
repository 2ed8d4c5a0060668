//! `specql-lsp doctor`: what the tool sees of a project and of the machine, and what is missing.
//!
//! Invariant: only what makes an answer of this tool wrong or impossible is a problem. What single
//! commands need beyond that is said, and lets the run pass.

mod tools;

use std::{io::ErrorKind, process::ExitCode};

use rayon::prelude::*;
use serde::Serialize;
use specql_ide::Level;
use specql_project::{CONFIG_NAMES, Loaded, LoadedWorkspace};

use crate::{
    Error,
    args::{Doctor, DoctorFormat},
    load, print,
    report::{Progress, counted},
};

/// Raised when a member changes its meaning or goes; new members do not raise it.
const VERSION: u32 = 1;

/// The document: `docs/schemas/doctor.schema.json`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    doctor_version: u32,
    version: &'static str,
    executable: Option<String>,
    workspaces: Vec<Workspace>,
    checks: Vec<Check>,
}

/// A workspace as every command reads it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Workspace {
    root: String,
    /// The configuration that holds.
    config: Option<String>,
    entity_files: usize,
    /// YAML that declares no entity.
    other_files: usize,
    errors: usize,
    warnings: usize,
    lock_file: Option<String>,
}

/// What was looked at.
#[derive(Debug, Serialize)]
pub(crate) struct Check {
    name: &'static str,
    state: State,
    message: String,
    help: Option<String>,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum State {
    Ok,
    /// Not there; only some commands need it.
    Missing,
    /// Answers are wrong, or there are none.
    Problem,
}

impl Check {
    fn ok(name: &'static str, message: impl Into<String>) -> Self {
        Self { name, state: State::Ok, message: message.into(), help: None }
    }

    fn of(name: &'static str, state: State, message: impl Into<String>, help: &str) -> Self {
        Self { name, state, message: message.into(), help: Some(help.to_owned()) }
    }
}

/// Prints what is seen; 1 when there is a problem.
pub(crate) fn run(arguments: &Doctor) -> Result<ExitCode, Error> {
    let loaded = load::load(&arguments.paths, &Progress::new());
    let document = Document {
        doctor_version: VERSION,
        version: env!("CARGO_PKG_VERSION"),
        executable: std::env::current_exe().ok().map(|it| it.display().to_string()),
        workspaces: loaded.workspaces.iter().map(workspace).collect(),
        checks: project(&loaded).into_iter().chain(tools::checks()).collect(),
    };
    let text = match arguments.format {
        DoctorFormat::Text => text(&document),
        DoctorFormat::Json => serde_json::to_string_pretty(&document).unwrap_or_default() + "\n",
    };
    print::styled(&text)?;
    let is_wrong = document.checks.iter().any(|it| it.state == State::Problem);
    Ok(ExitCode::from(u8::from(is_wrong)))
}

fn workspace(it: &LoadedWorkspace) -> Workspace {
    let files = it.analysis.files();
    let entity_files = files.iter().filter(|file| it.analysis.is_entity_file(**file)).count();
    let findings: Vec<Level> = files
        .par_iter()
        .flat_map_iter(|file| it.analysis.diagnostics(*file).into_iter().map(|it| it.level))
        .collect();
    let count = |level| findings.iter().filter(|it| **it == level).count();
    Workspace {
        root: it.root.path.to_string(),
        config: configs(it).first().map(|it| (*it).to_owned()),
        entity_files,
        other_files: files.iter().filter(|file| it.is_passed_over(**file)).count(),
        errors: count(Level::Error),
        warnings: count(Level::Warning),
        lock_file: it.read_lock().ok().flatten().map(|_| it.lock_path().to_string()),
    }
}

/// The configurations of a workspace; the first one holds.
fn configs(it: &LoadedWorkspace) -> Vec<&str> {
    let is_there = |name: &&&str| {
        let path = it.root.path.join(name);
        it.files.iter().any(|file| file.path == path)
    };
    CONFIG_NAMES.iter().filter(is_there).copied().collect()
}

/// What there is to say of the files.
fn project(loaded: &Loaded) -> Vec<Check> {
    let mut res: Vec<Check> = loaded
        .failures
        .iter()
        .map(|it| Check {
            name: "files",
            state: State::Problem,
            message: it.to_string(),
            help: unread(it.error.kind()).map(ToOwned::to_owned),
        })
        .collect();
    let entities: usize = loaded.workspaces.iter().map(|it| it.analysis.entity_count()).sum();
    if entities == 0 {
        let help = "an entity file is YAML with `entity: Name` in its root; what `.gitignore` excludes \
                    is not looked at, `specql-lsp check --no-ignore` does";
        res.push(Check::of("entities", State::Problem, "no file declares an entity", help));
    } else {
        res.push(Check::ok("entities", format!("{} declared", counted(entities, "entity"))));
    }
    for it in &loaded.workspaces {
        res.extend(config(it));
        res.extend(lock(it));
    }
    res
}

/// What to do about a file that cannot be read, where its reason does not say it.
fn unread(reason: ErrorKind) -> Option<&'static str> {
    match reason {
        ErrorKind::PermissionDenied => Some("let whoever runs this read it, or name another path"),
        ErrorKind::NotFound => Some("name a path that is there"),
        _ => None,
    }
}

/// A folder as a part of a sentence.
fn named(folder: &str) -> &str {
    if folder == "." { "this folder" } else { folder }
}

fn config(it: &LoadedWorkspace) -> Option<Check> {
    let of_config: Vec<_> = it
        .files
        .iter()
        .filter(|file| CONFIG_NAMES.contains(&file.path.file_name().unwrap_or_default()))
        .collect();
    let errors: usize = of_config
        .iter()
        .map(|file| {
            let found = it.analysis.diagnostics(file.id);
            found.iter().filter(|it| it.level == Level::Error).count()
        })
        .sum();
    let folder = named(it.shown.as_ref());
    if let Some(name) = it.unread_config() {
        let message = format!("`{name}` of {folder} cannot be read, so nobody knows what holds");
        let help = "make it a file that can be read, or remove it";
        return Some(Check::of("configuration", State::Problem, message, help));
    }
    match (configs(it).as_slice(), errors) {
        ([], _) => {
            let help = "`specql-lsp init` writes one that shows every setting";
            Some(Check {
                help: Some(help.to_owned()),
                ..Check::ok("configuration", format!("{folder} has none, so all defaults hold"))
            })
        }
        ([first, second, ..], _) => {
            let message = format!("{folder} has `{first}` and `{second}`: the first holds");
            Some(Check::of("configuration", State::Problem, message, "remove one of them"))
        }
        ([name], 0) => Some(Check::ok("configuration", format!("`{name}` of {folder} holds"))),
        ([name], count) => {
            let message = format!("`{name}` of {folder} has {}", counted(count, "error"));
            let help = "`specql-lsp check` shows them; what they concern has its default";
            Some(Check::of("configuration", State::Problem, message, help))
        }
    }
}

fn lock(it: &LoadedWorkspace) -> Option<Check> {
    let shown = it.lock_shown();
    let recorded = match it.read_lock() {
        Ok(it) => it?,
        Err(error) => {
            let message = format!("{shown} cannot be read: {error}");
            let help = "make it a file that can be read; `specql-lsp lock` writes one";
            return Some(Check::of("lock file", State::Problem, message, help));
        }
    };
    Some(match it.analysis.lock(Some(&recorded)) {
        Err(error) => {
            let message = format!("{shown}:{}: {}", error.line, error.message);
            Check::of("lock file", State::Problem, message, "`specql-lsp lock` writes it anew")
        }
        Ok(lock) if !lock.changed.is_empty() => {
            let count = counted(lock.changed.len(), "change");
            let message = format!("{count} of events need another version than {shown} records");
            Check::of("lock file", State::Problem, message, "`specql-lsp lock --check` lists them")
        }
        Ok(lock) if lock.text != recorded => {
            let message = format!("{shown} is not up to date");
            Check::of("lock file", State::Problem, message, "`specql-lsp lock` writes it")
        }
        Ok(_) => Check::ok("lock file", format!("{shown} is up to date")),
    })
}

fn text(document: &Document) -> String {
    let executable = document.executable.as_deref().unwrap_or("?");
    let mut res = format!("specql-lsp {} ({executable})\n", document.version);
    for it in &document.workspaces {
        let config = it.config.as_deref().unwrap_or("none");
        res.push_str(&format!(
            "\nworkspace {}\n  configuration  {config}\n  files          {}, {} of other YAML\n  \
             findings       {}, {}\n  lock file      {}\n",
            it.root,
            counted(it.entity_files, "entity file"),
            it.other_files,
            counted(it.errors, "error"),
            counted(it.warnings, "warning"),
            it.lock_file.as_deref().unwrap_or("none"),
        ));
    }
    res.push('\n');
    for it in &document.checks {
        let (word, colour) = match it.state {
            State::Ok => ("ok", "\x1b[32m"),
            State::Missing => ("missing", "\x1b[33m"),
            State::Problem => ("problem", "\x1b[31m"),
        };
        res.push_str(&format!("{colour}{word:8}\x1b[0m {}: {}\n", it.name, it.message));
        if let Some(help) = &it.help {
            res.push_str(&format!("         {help}\n"));
        }
    }
    let count = |state| document.checks.iter().filter(|it| it.state == state).count();
    let problems = counted(count(State::Problem), "problem");
    res.push_str(&format!("\n{problems}, {} missing\n", count(State::Missing)));
    res
}
