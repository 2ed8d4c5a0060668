//! `check --fix`, `--diff`, `--fix-only`: fixes of all findings, written to the files or shown.

use std::{fs, path::PathBuf};

use specql_ide::{Analysis, Diagnostic, FileId, FixOptions, FixedAll};
use specql_project::{Encoding, LoadedFile, LoadedWorkspace, Staged};

use crate::{
    Error,
    args::Fixes,
    baseline::AcceptedFindings,
    choice::Chosen,
    print,
    report::{counted, path_on_a_line},
};

/// Why a text of which parts are lost is not written.
pub(crate) const NO_UTF8: &str = "the text is no UTF-8, so it is not written anew";

/// What became of the files of one workspace.
#[derive(Debug)]
pub(crate) struct Fixed {
    /// The state with the fixes.
    pub(crate) analysis: Analysis,
    /// How many files have another text.
    pub(crate) files: usize,
}

/// Applies the fixes of the findings that count, and writes the files or shows the difference. What
/// came from stdin goes to stdout, and then nothing else is changed.
pub(crate) fn run(
    workspace: &LoadedWorkspace,
    files: &[FileId],
    arguments: &Fixes,
    chosen: &Chosen,
    accepted: &AcceptedFindings,
) -> Result<Fixed, Error> {
    let unsaved = workspace.files.iter().find(|it| it.is_unsaved && files.contains(&it.id));
    let stays_inside = |it: &Diagnostic| match unsaved {
        Some(file) => it.fixes.iter().flat_map(|it| &it.edits).all(|it| it.file == file.id),
        None => true,
    };
    let is_accepted = |it: &Diagnostic| {
        let shown = workspace.file(it.file).map_or("", |it| &it.shown);
        accepted.contains(shown, it.code, &it.message)
    };
    let wanted = |it: &Diagnostic| chosen.counts(it) && stays_inside(it) && !is_accepted(it);
    let one = unsaved.map(|it| [it.id]);
    let options = FixOptions {
        files: one.as_ref().map_or(files, |it| it.as_slice()),
        review: arguments.unsafe_fixes,
        suppress: arguments.add_suppressions,
        wanted: &wanted,
    };
    let fixed = workspace.analysis.fix_all(&options);
    let text = |it: &Analysis, file: &LoadedFile| {
        it.text(file.id).map_or_else(String::new, ToString::to_string)
    };
    let mut staged = Vec::new();
    // A fix may reach a file that was not asked for: it belongs to the workspace, and is written too.
    for file in fixed.files.iter().filter_map(|it| workspace.file(*it)) {
        let (old, new) = (text(&workspace.analysis, file), text(&fixed.analysis, file));
        if arguments.diff {
            show(&file.shown, file.encoding, &old, &new)?;
        } else if !file.is_unsaved {
            staged.extend(stage(file, &old, &new)?);
        }
    }
    // All or none, as far as a file system goes: everything is written before anything takes its place.
    staged.into_iter().try_for_each(put)?;
    if let Some(file) = unsaved.filter(|_| !arguments.diff) {
        print::bytes(text(&fixed.analysis, file).as_bytes())?;
    }
    say(&fixed, arguments);
    Ok(Fixed { analysis: fixed.analysis, files: fixed.files.len() })
}

fn say(fixed: &FixedAll, arguments: &Fixes) {
    if fixed.not_silenced > 0 {
        say!(
            "wrote no comment for {}: no loader reads a file that is no YAML, whatever a comment says",
            counted(fixed.not_silenced, "finding")
        );
    }
    if fixed.applied.is_empty() {
        return;
    }
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
    say!("{verb} {fixes} in {}", counted(fixed.files.len(), "file"));
}

/// Prints the difference as `git apply` reads it: with the byte order mark that the file begins with.
pub(crate) fn show(path: &str, encoding: Encoding, old: &str, new: &str) -> Result<(), Error> {
    let mark = if encoding == Encoding::Utf8Bom { "\u{feff}" } else { "" };
    let (old, new) = (format!("{mark}{old}"), format!("{mark}{new}"));
    let (before, after) = (patch_name(&format!("a/{path}")), patch_name(&format!("b/{path}")));
    let text = specql_ide::unified_diff((&before, &old), (&after, &new));
    Ok(print::unless_closed(print::bytes(text.as_bytes()))?)
}

/// A name on one line, quoted as git does where it holds what a line, or a terminal, cannot. Behind a blank
/// the tab says where it ends.
fn patch_name(name: &str) -> String {
    if !name.contains(|it: char| it.is_control() || it == '"' || it == '\\') {
        return if name.contains(' ') { format!("{name}\t") } else { name.to_owned() };
    }
    let mut res = String::from('"');
    for it in name.chars() {
        match it {
            '"' | '\\' => res.extend(['\\', it]),
            it if it.is_control() => {
                let mut bytes = [0; 4];
                res.extend(it.encode_utf8(&mut bytes).bytes().map(|it| format!("\\{it:03o}")));
            }
            it => res.push(it),
        }
    }
    res + "\""
}

/// Replaces a file in one step. Whether it was as it was read; else it is left alone, which is said.
pub(crate) fn replace(file: &LoadedFile, old: &str, new: &str) -> Result<bool, Error> {
    let staged = stage(file, old, new)?;
    let is_same = staged.is_some();
    staged.map_or(Ok(()), put)?;
    Ok(is_same)
}

/// Writes the new text of a file beside it, unless somebody changed the file since it was read. Through
/// a link the file that it leads to is meant, and its encoding stays.
fn stage(file: &LoadedFile, old: &str, new: &str) -> Result<Option<(Staged, PathBuf)>, Error> {
    let path = file.path.as_std_path();
    let failed = |source| Error::Write { path: path.to_owned(), source };
    let target = fs::canonicalize(path).map_err(failed)?;
    let bytes = fs::read(&target).map_err(failed)?;
    if file.encoding == Encoding::Unknown {
        say!("left {} alone: {NO_UTF8}", path_on_a_line(&file.shown));
        return Ok(None);
    }
    if bytes != file.encoding.encode(old) {
        say!("left {} alone: it is not as it was read", path_on_a_line(&file.shown));
        return Ok(None);
    }
    let staged = Staged::beside(&target, &file.encoding.encode(new)).map_err(failed)?;
    Ok(Some((staged, target)))
}

fn put((staged, target): (Staged, PathBuf)) -> Result<(), Error> {
    staged.put().map_err(|source| Error::Write { path: target, source })
}
