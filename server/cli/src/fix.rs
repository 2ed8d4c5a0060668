//! `check --fix`, `--diff`, `--fix-only`: fixes of all findings, written to the files or shown.

use std::{collections::HashSet, fs, path::PathBuf};

use specql_ide::{Analysis, Diagnostic, FileId, FixOptions, FixedAll, Looked};
use specql_project::{Encoding, LoadedFile, LoadedWorkspace, Staged};

use crate::{
    Error,
    args::Fixes,
    baseline::AcceptedFindings,
    choice::Chosen,
    error,
    find::asked,
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
    /// How many files could not be written, so that nothing in them was changed.
    pub(crate) failed: usize,
    /// How often a file was checked for it.
    pub(crate) checks: usize,
}

/// How a call mends.
pub(crate) struct Mending<'a> {
    pub(crate) arguments: &'a Fixes,
    pub(crate) chosen: &'a Chosen,
    /// What needs no comment.
    pub(crate) accepted: &'a AcceptedFindings,
}

/// A file's new bytes beside it, and how it is shown.
type Ready = (Staged, PathBuf);

/// Looks at files of a workspace before they are mended; where stdin gave one of them, at that alone.
pub(crate) fn look_at(workspace: &LoadedWorkspace, files: &[FileId], chosen: &Chosen) -> Looked {
    let asked = |it: &FileId| (*it, asked(workspace, *it, chosen.wants_advice()));
    let unsaved = unsaved(workspace, files).map(|it| [it.id]);
    let files = unsaved.as_ref().map_or(files, <[FileId; 1]>::as_slice);
    workspace.analysis.look_at(files.iter().map(asked).collect())
}

/// The file of a workspace that stdin gave.
fn unsaved<'a>(workspace: &'a LoadedWorkspace, files: &[FileId]) -> Option<&'a LoadedFile> {
    workspace.files.iter().find(|it| it.is_unsaved && files.contains(&it.id))
}

/// Applies the fixes of the findings that count, and writes the files or shows the difference. What
/// came from stdin goes to stdout, and then nothing else is changed.
pub(crate) fn run(
    workspace: &LoadedWorkspace,
    files: &[FileId],
    looked: Looked,
    call: &Mending<'_>,
) -> Result<Fixed, Error> {
    let unsaved = unsaved(workspace, files);
    let (mut closed, mut failed) = (HashSet::default(), 0);
    let mut fixed = attempt(workspace, looked, unsaved, &closed, call);
    let mut checks = fixed.checks;
    // All or none, as far as a file system goes: everything is written before anything takes its place. A file
    // that cannot be written keeps what it has, and so does every fix that would reach it.
    if !call.arguments.diff {
        loop {
            let (ready, refused) = stage_all(workspace, &fixed);
            if refused.is_empty() {
                ready.into_iter().try_for_each(put)?;
                break;
            }
            drop(ready);
            failed += refused.iter().filter(|it| it.1).count();
            closed.extend(refused.into_iter().map(|it| it.0));
            let looked = look_at(workspace, files, call.chosen);
            fixed = attempt(workspace, looked, unsaved, &closed, call);
            checks += fixed.checks;
        }
    }
    show_results(workspace, &fixed, unsaved, call.arguments)?;
    say(&fixed, call.arguments);
    let changed = fixed.files.len();
    Ok(Fixed { analysis: fixed.analysis, files: changed, failed, checks })
}

/// Mends in memory what can be mended without a change of the closed files.
fn attempt(
    workspace: &LoadedWorkspace,
    looked: Looked,
    unsaved: Option<&LoadedFile>,
    closed: &HashSet<FileId>,
    call: &Mending<'_>,
) -> FixedAll {
    let may_change = |it: FileId| !closed.contains(&it) && unsaved.is_none_or(|file| file.id == it);
    let is_possible = |it: &Diagnostic| match call.arguments.add_suppressions {
        true => may_change(it.file),
        false => it.fixes.iter().flat_map(|it| &it.edits).all(|it| may_change(it.file)),
    };
    let is_accepted = |it: &Diagnostic| {
        let shown = workspace.file(it.file).map_or("", |it| &it.shown);
        call.accepted.contains(shown, it.code, &it.message)
    };
    let wanted = |it: &Diagnostic| call.chosen.counts(it) && is_possible(it) && !is_accepted(it);
    looked.fix_all(&FixOptions {
        review: call.arguments.unsafe_fixes,
        suppress: call.arguments.add_suppressions,
        wanted: &wanted,
    })
}

/// Writes the new text of every file beside it. A fix may reach a file that was not asked for: it belongs to
/// the workspace, and is written too. Gives the files that could not be, and whether an error says so.
fn stage_all(workspace: &LoadedWorkspace, fixed: &FixedAll) -> (Vec<Ready>, Vec<(FileId, bool)>) {
    let (mut ready, mut refused) = (Vec::new(), Vec::new());
    let changed = fixed.files.iter().filter_map(|it| workspace.file(*it));
    for file in changed.filter(|it| !it.is_unsaved) {
        let (old, new) = (text(&workspace.analysis, file), text(&fixed.analysis, file));
        match stage(file, &old, &new) {
            Ok(Some(it)) => ready.push(it),
            Ok(None) => refused.push((file.id, false)),
            Err(error) => {
                error::say(&error);
                refused.push((file.id, true));
            }
        }
    }
    (ready, refused)
}

/// Prints differences, or what was mended of stdin.
fn show_results(
    workspace: &LoadedWorkspace,
    fixed: &FixedAll,
    unsaved: Option<&LoadedFile>,
    arguments: &Fixes,
) -> Result<(), Error> {
    if arguments.diff {
        for file in fixed.files.iter().filter_map(|it| workspace.file(*it)) {
            let (old, new) = (text(&workspace.analysis, file), text(&fixed.analysis, file));
            show(&file.shown, file.encoding, &old, &new)?;
        }
    } else if let Some(file) = unsaved {
        print::bytes(text(&fixed.analysis, file).as_bytes())?;
    }
    Ok(())
}

fn text(analysis: &Analysis, file: &LoadedFile) -> String {
    analysis.text(file.id).map_or_else(String::new, ToString::to_string)
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
fn stage(file: &LoadedFile, old: &str, new: &str) -> Result<Option<Ready>, Error> {
    let shown = PathBuf::from(&file.shown);
    let failed = |source| Error::Write { path: shown.clone(), source };
    let target = fs::canonicalize(file.path.as_std_path()).map_err(failed)?;
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
    Ok(Some((staged, shown)))
}

fn put((staged, path): Ready) -> Result<(), Error> {
    staged.put().map_err(|source| Error::Write { path, source })
}
