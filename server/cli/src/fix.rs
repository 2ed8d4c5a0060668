//! `check --fix`, `--diff`, `--fix-only`: fixes of all findings, written to the files or shown.

use std::{
    fs, io,
    io::Write,
    path::{Path, PathBuf},
};

use similar::TextDiff;
use specql_ide::{Analysis, Diagnostic, FileId, FixOptions};

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
    analysis: &Analysis,
    files: &[FileId],
    arguments: &Fixes,
    chosen: &Chosen,
) -> Result<Fixed, Error> {
    let wanted = |it: &Diagnostic| chosen.counts(it);
    let options = FixOptions { files, review: arguments.unsafe_fixes, wanted: &wanted };
    let fixed = analysis.fix_all(&options);
    // A fix may reach a file that was not asked for: it belongs to the workspace, and is written too.
    for file in &fixed.files {
        let path = fixed.analysis.path(*file).unwrap_or_default();
        let text = |it: &Analysis| it.text(*file).map_or_else(String::new, ToString::to_string);
        let (old, new) = (text(analysis), text(&fixed.analysis));
        if arguments.diff {
            show(path, &old, &new)?;
        } else {
            replace(Path::new(path), &old, &new)?;
        }
    }
    if !fixed.applied.is_empty() {
        let verb = if arguments.diff { "would apply" } else { "applied" };
        let fixes = match fixed.applied.len() {
            1 => "1 fix".to_owned(),
            count => format!("{count} fixes"),
        };
        anstream::eprintln!("{verb} {fixes} in {}", counted(fixed.files.len(), "file"));
    }
    Ok(Fixed { analysis: fixed.analysis, files: fixed.files.len() })
}

fn show(path: &str, old: &str, new: &str) -> Result<(), Error> {
    let diff = TextDiff::from_lines(old, new);
    let text = diff.unified_diff().header(&format!("a/{path}"), &format!("b/{path}")).to_string();
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    Ok(out.flush()?)
}

/// Replaces a file in one step, unless somebody changed it since it was read. Through a link the file
/// that it leads to is replaced.
fn replace(path: &Path, old: &str, new: &str) -> Result<(), Error> {
    let failed = |source| Error::Write { path: path.to_owned(), source };
    let target = fs::canonicalize(path).map_err(failed)?;
    let bytes = fs::read(&target).map_err(failed)?;
    if bytes != old.as_bytes() {
        anstream::eprintln!("left {} alone: it is not as it was read", path.display());
        return Ok(());
    }
    let beside = beside(&target);
    let permissions = fs::metadata(&target).map_err(failed)?.permissions();
    fs::write(&beside, new)
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
