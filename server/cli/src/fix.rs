//! `check --fix`, `--diff`, `--fix-only`: fixes of all findings, written to the files or shown.

use std::{
    fs, io,
    io::Write,
    path::{Path, PathBuf},
};

use specql_ide::{Analysis, Diagnostic, FileId, FixOptions};
use specql_project::{LoadedFile, LoadedWorkspace};

use crate::{Error, args::Fixes, choice::Chosen, report::counted};

/// What became of the files of one workspace.
#[derive(Debug)]
pub(crate) struct Fixed {
    /// The state with the fixes.
    pub(crate) analysis: Analysis,
    /// How many files have another text.
    pub(crate) files: usize,
}

/// Applies the fixes of the findings that count, and writes the files or shows the difference.
pub(crate) fn run(
    workspace: &LoadedWorkspace,
    files: &[FileId],
    arguments: &Fixes,
    chosen: &Chosen,
) -> Result<Fixed, Error> {
    let wanted = |it: &Diagnostic| chosen.counts(it);
    let options = FixOptions {
        files,
        review: arguments.unsafe_fixes,
        suppress: arguments.add_suppressions,
        wanted: &wanted,
    };
    let fixed = workspace.analysis.fix_all(&options);
    // A fix may reach a file that was not asked for: it belongs to the workspace, and is written too.
    for file in fixed.files.iter().filter_map(|it| workspace.file(*it)) {
        let text = |it: &Analysis| it.text(file.id).map_or_else(String::new, ToString::to_string);
        let (old, new) = (text(&workspace.analysis), text(&fixed.analysis));
        if arguments.diff {
            show(&file.shown, &old, &new)?;
        } else {
            replace(file, &old, &new)?;
        }
    }
    if !fixed.applied.is_empty() {
        let verb = match (arguments.add_suppressions, arguments.diff) {
            (false, false) => "applied",
            (false, true) => "would apply",
            (true, false) => "added",
            (true, true) => "would add",
        };
        let fixes = match (fixed.applied.len(), arguments.add_suppressions) {
            (1, false) => "1 fix".to_owned(),
            (count, false) => format!("{count} fixes"),
            (count, true) => counted(count, "suppression"),
        };
        anstream::eprintln!("{verb} {fixes} in {}", counted(fixed.files.len(), "file"));
    }
    Ok(Fixed { analysis: fixed.analysis, files: fixed.files.len() })
}

pub(crate) fn show(path: &str, old: &str, new: &str) -> Result<(), Error> {
    let (before, after) = (format!("a/{path}"), format!("b/{path}"));
    let text = specql_ide::unified_diff((&before, old), (&after, new));
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    Ok(out.flush()?)
}

/// Replaces a file in one step, unless somebody changed it since it was read. Through a link the file
/// that it leads to is replaced, and its encoding stays.
pub(crate) fn replace(file: &LoadedFile, old: &str, new: &str) -> Result<(), Error> {
    let path = file.path.as_std_path();
    let failed = |source| Error::Write { path: path.to_owned(), source };
    let target = fs::canonicalize(path).map_err(failed)?;
    let bytes = fs::read(&target).map_err(failed)?;
    if bytes != file.encoding.encode(old) {
        anstream::eprintln!("left {} alone: it is not as it was read", file.shown);
        return Ok(());
    }
    let beside = beside(&target);
    let permissions = fs::metadata(&target).map_err(failed)?.permissions();
    fs::write(&beside, file.encoding.encode(new))
        .and_then(|()| fs::set_permissions(&beside, permissions))
        .and_then(|()| fs::rename(&beside, &target))
        .inspect_err(|_| drop(fs::remove_file(&beside)))
        .map_err(failed)
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".specql-fix-{}", std::process::id()));
    path.with_file_name(name)
}
