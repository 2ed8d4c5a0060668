//! `specql-lsp init`: the first files of a project: configuration, recipe for CI, settings of editors.
//!
//! Invariant: what is there is never written to. What a file that is there lacks is said instead.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use specql_project::CONFIG_NAMES;

use crate::{
    Error,
    args::{Ci, Editor, Init},
    print,
    report::counted,
};

/// A file to write.
struct Planned {
    path: &'static str,
    text: String,
}

/// What makes a folder a project of a service or an editor, and that.
const CI_MARKS: &[(&str, Ci)] = &[
    (".github", Ci::Github),
    (".gitlab-ci.yml", Ci::Gitlab),
    (".pre-commit-config.yaml", Ci::PreCommit),
];
const EDITOR_MARKS: &[(&str, Editor)] = &[(".vscode", Editor::Vscode), (".helix", Editor::Helix)];

/// Writes what is not there yet.
pub(crate) fn run(arguments: &Init) -> Result<ExitCode, Error> {
    let folder = &arguments.path;
    if !folder.is_dir() {
        let why = "is no folder: `init` writes the first files of one that is there";
        return Err(Error::Usage(format!("`{}` {why}", folder.display())));
    }
    let (mut written, mut kept) = (0, Vec::new());
    for file in planned(arguments, folder) {
        let path = folder.join(file.path);
        if let Some(found) = in_place_of(folder, &file) {
            if fs::read_to_string(&found).ok().as_ref() != Some(&file.text) {
                kept.push((found, file));
            }
            continue;
        }
        written += 1;
        if arguments.dry_run {
            print::bytes(format!("{}:\n\n{}\n", shown(&path), file.text).as_bytes())?;
            continue;
        }
        create(&path, &file.text)?;
        say!("wrote {}", shown(&path));
    }
    kept.iter().for_each(|(path, file)| say_kept(path, file));
    if written == 0 {
        let left = if kept.is_empty() { "" } else { ", and is left alone" };
        say!("nothing to write: all that `init` makes is there already{left}");
        return Ok(ExitCode::SUCCESS);
    }
    let would = if arguments.dry_run { "would write" } else { "wrote" };
    let left = if kept.is_empty() { String::new() } else { format!(", left {} alone", kept.len()) };
    say!("{would} {}{left}", counted(written, "file"));
    if !arguments.dry_run {
        say!("next: `specql-lsp doctor` says what is seen of the project");
    }
    Ok(ExitCode::SUCCESS)
}

/// What a file that stays is missing; every setting of a configuration is known to its editor.
fn say_kept(path: &Path, file: &Planned) {
    if !path.is_file() {
        let path = shown(path);
        return say!(
            "left {path} alone, because it is there, though it is no file that can be read"
        );
    }
    let path = shown(path);
    if file.path == CONFIG_NAMES[0] {
        return say!("left {path} alone, because it is there");
    }
    let text = textwrap::indent(&file.text, "    ");
    say!("left {path} alone, because it is there; `init` would have written\n\n{text}");
}

/// Without the `./` of the folder that one is in.
fn shown(path: &Path) -> String {
    path.strip_prefix(".").unwrap_or(path).display().to_string()
}

/// The chosen files; where nothing is chosen, those of the services and editors that are in use.
fn planned(arguments: &Init, folder: &Path) -> Vec<Planned> {
    let mut res = vec![Planned { path: CONFIG_NAMES[0], text: specql_ide::config_template() }];
    let services = chosen(&arguments.ci, CI_MARKS, folder, Ci::Github);
    let editors = chosen(&arguments.editor, EDITOR_MARKS, folder, Editor::Vscode);
    let mut add = |path, text: &str| res.push(Planned { path, text: text.to_owned() });
    for it in services {
        match it {
            Ci::Github => add(".github/workflows/specql.yml", include_str!("init/github.yml")),
            Ci::Gitlab => add(".gitlab-ci.yml", include_str!("init/gitlab.yml")),
            Ci::PreCommit => {
                add(".pre-commit-config.yaml", include_str!("init/pre-commit.yaml"));
            }
            Ci::None => {}
        }
    }
    for it in editors {
        match it {
            Editor::Vscode => {
                add(".vscode/extensions.json", include_str!("init/vscode-extensions.json"));
                add(".vscode/settings.json", include_str!("init/vscode-settings.json"));
            }
            Editor::Helix => {
                add(".helix/languages.toml", include_str!("init/helix-languages.toml"));
            }
            Editor::None => {}
        }
    }
    res
}

fn chosen<T: Copy + PartialEq>(
    named: &[T],
    marks: &[(&str, T)],
    folder: &Path,
    otherwise: T,
) -> Vec<T> {
    if !named.is_empty() {
        return named.to_vec();
    }
    let found: Vec<T> =
        marks.iter().filter(|it| folder.join(it.0).exists()).map(|it| it.1).collect();
    if found.is_empty() { vec![otherwise] } else { found }
}

/// The file that stands where one would go, or means the same.
fn in_place_of(folder: &Path, file: &Planned) -> Option<PathBuf> {
    let same = match file.path {
        it if it == CONFIG_NAMES[0] => &CONFIG_NAMES[..],
        ".github/workflows/specql.yml" => {
            &[".github/workflows/specql.yml", ".github/workflows/specql.yaml"][..]
        }
        ".pre-commit-config.yaml" => &[".pre-commit-config.yaml", ".pre-commit-config.yml"][..],
        other => return Some(folder.join(other)).filter(|it| is_there(it)),
    };
    same.iter().map(|it| folder.join(it)).find(|it| is_there(it))
}

/// A link that leads nowhere is there as well.
fn is_there(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// Creates a file that is not there: one that came meanwhile stays.
fn create(path: &Path, text: &str) -> Result<(), Error> {
    let failed = |source: io::Error| Error::Write { path: shown(path).into(), source };
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(failed)?;
    }
    let mut file = fs::File::create_new(path).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)
}
