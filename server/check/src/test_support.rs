//! Fixtures: workspaces written as one text, with the findings that are expected in them.
//!
//! `#- /path` begins a file. `#   ^^^ 💡 error[code]: text` expects a finding at the same columns of
//! the line above, `#<^^` one that begins at the column of the `#`; 💡 says that it can be mended, and
//! without `: text` any wording will do. `$0` is the cursor. Neither reaches the text that is checked.
//! A finding over several lines is marked on its first one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod fixture;

use std::collections::BTreeSet;
use std::sync::Arc;

use specql_model::{FileId, SourceFile, Workspace};
use specql_text::{TextEdit, TextRange, apply_edits};

use crate::{Applicability, Diagnostic, Fix, Level, check_workspace};

pub use fixture::{Expected, Fixture, FixtureFile};

/// Checks the fixture and compares its findings with its markers, as sets; then tries every safe fix.
///
/// # Panics
/// When they differ; the message shows the fixture as its markers should be. When a safe fix does not mend.
pub fn check_diagnostics(fixture: &str) {
    let fixture = Fixture::parse(fixture);
    let workspace = fixture.workspace();
    let mut found = check_workspace(&workspace);
    // Hints, and what released generators do, are said of nearly every file: only where a fixture asks.
    const OF_NEARLY_ALL: [&str; 3] = ["compat", "ignored-steps", "not-generated"];
    let is_advice = |it: &Diagnostic| it.level == Level::Hint || OF_NEARLY_ALL.contains(&it.code);
    found.retain(|it| !is_advice(it) || fixture.expects(it.code));
    found.iter().for_each(assert_wording);
    let mut problems = Vec::new();
    let mut open: Vec<&Diagnostic> = found.iter().collect();
    for (file, expected) in fixture.expected() {
        match open.iter().position(|it| expected.is(it, file, fixture.text(file))) {
            Some(at) => drop(open.remove(at)),
            None => {
                problems.push(format!("not found: {} in {}", expected.text, fixture.path(file)));
            }
        }
    }
    let surplus = open.iter().map(|it| format!("not expected: {}", fixture::marker_text(it)));
    problems.extend(surplus);
    assert!(
        problems.is_empty(),
        "{}\n\nthe fixture with what was found:\n{}",
        problems.join("\n"),
        fixture.with_markers(&found)
    );
    let before = check_workspace(&workspace);
    // A value that becomes text may be a wrong one, which nobody could see before.
    for finding in found.iter().filter(|it| it.code != "yaml-1-1-trap") {
        // What a fix that needs a look brings to light is for its author to judge.
        let safe = finding.fixes.iter().filter(|it| it.applicability == Applicability::Safe);
        for fix in safe {
            let faults = faults_of_fix(&workspace, &before, finding, fix);
            assert!(faults.is_empty(), "{}", faults.join("\n"));
        }
    }
}

/// Applies the first fix of the finding at `$0` and compares the result; then checks it again: the
/// finding has to be gone, and no other may have come.
///
/// # Panics
/// When there is no finding with a fix at the cursor, or one of these does not hold.
pub fn check_fix(before: &str, after: &str) {
    check_nth_fix(0, before, after);
}

/// As [`check_fix`], with the fix at an index of the list of fixes.
///
/// # Panics
/// As [`check_fix`].
pub fn check_nth_fix(index: usize, before: &str, after: &str) {
    let fixture = Fixture::parse(before);
    let workspace = fixture.workspace();
    let (file, offset) = fixture.cursor.expect("a fixture of a fix has a cursor `$0`");
    let found = check_workspace(&workspace);
    let finding = found
        .iter()
        .filter(|it| it.file == file && it.range.touches(offset) && it.fixes.len() > index)
        .min_by_key(|it| it.range.len())
        .unwrap_or_else(|| panic!("no such fix here:\n{}", fixture.with_markers(&found)));
    let fix = &finding.fixes[index];
    let mended = applied(&workspace, fix);
    let mut expected = Fixture::parse(after);
    if expected.files.len() == 1 && fixture.files.len() > 1 {
        let text = std::mem::take(&mut expected.files[0].text);
        expected = fixture.clone();
        expected.files[file.0 as usize].text = text;
    }
    for (mended, expected) in mended.iter().zip(&expected.files) {
        assert!(
            mended.text() == &expected.text.as_str().into(),
            "`{}` gives\n{}\ninstead of\n{}",
            fix.title,
            mended.text(),
            expected.text
        );
    }
    assert_mended(&workspace, finding, fix);
}

/// Applies a fix and checks the result: the finding is gone, nothing new came, and a safe one loses no
/// comment.
///
/// # Panics
/// When one of these does not hold.
pub fn assert_mended(workspace: &Workspace, finding: &Diagnostic, fix: &Fix) {
    let faults = faults_of_fix(workspace, &check_workspace(workspace), finding, fix);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// What is wrong with a fix: its finding stays, others come, or a safe one loses a comment. `before` are the
/// findings of the workspace.
#[must_use]
pub fn faults_of_fix(
    workspace: &Workspace,
    before: &[Diagnostic],
    finding: &Diagnostic,
    fix: &Fix,
) -> Vec<String> {
    let mended = applied(workspace, fix);
    let texts: Vec<Arc<str>> = mended.iter().map(|it| Arc::clone(it.text())).collect();
    let mended = Workspace::new(mended);
    let after = check_workspace(&mended);
    let context = || {
        let touched = fix.edits.iter().map(|it| it.file.0).collect::<BTreeSet<_>>();
        let shown = touched.iter().map(|it| &*texts[*it as usize]).collect::<Vec<_>>().join("\n");
        format!("`{}` for `{}` gives\n{shown}", fix.title, finding.message)
    };
    let count = |found: &[Diagnostic], of: &Diagnostic| {
        let same =
            |it: &&Diagnostic| (it.file, it.code, &it.message) == (of.file, of.code, &of.message);
        found.iter().filter(same).count()
    };
    let mut faults = Vec::new();
    if count(&after, finding) >= count(before, finding) {
        faults.push(format!("still there: {}", context()));
    }
    for it in &after {
        let is_own = it.code == finding.code && it.message == finding.message;
        // What released generators make of it is no fault of a fix, nor is advice.
        let is_fault = it.code != "compat" && it.level > Level::Hint;
        if is_fault && count(&after, it) > count(before, it).max(usize::from(is_own)) {
            faults.push(format!("new: {}: {}\n{}", it.code, it.message, context()));
        }
    }
    let is_safe = fix.applicability == Applicability::Safe;
    if is_safe && !MEND_COMMENTS.contains(&finding.code) {
        let kept = comments(&mended);
        let lost = comments(workspace).into_iter().find(|it| !kept.contains(it));
        faults.extend(lost.map(|it| format!("the comment `{it}` is lost: {}", context())));
    }
    faults
}

/// Rules whose finding can be a comment, or what looks like one.
const MEND_COMMENTS: [&str; 2] = ["unused-suppression", "yaml-1-1-trap"];

/// The comments of a workspace.
fn comments(workspace: &Workspace) -> Vec<String> {
    let of_file = |it: &Arc<SourceFile>| {
        let text = Arc::clone(it.text());
        let ranges = it.parse().yaml().comments.clone();
        ranges.into_iter().map(|it| it.slice(&text).to_owned()).collect::<Vec<_>>()
    };
    workspace.files().flat_map(of_file).collect()
}

/// The files after a fix.
fn applied(workspace: &Workspace, fix: &Fix) -> Vec<Arc<SourceFile>> {
    let edits_of = |file: FileId| -> Vec<TextEdit> {
        fix.edits.iter().filter(|it| it.file == file).map(|it| it.edit.clone()).collect()
    };
    let mut files: Vec<Arc<SourceFile>> = workspace
        .files()
        .map(|it| match edits_of(it.id) {
            edits if edits.is_empty() => Arc::clone(it),
            edits => {
                let text = apply_edits(it.text(), &edits);
                Arc::new(SourceFile::new(it.id, Arc::clone(&it.path), text))
            }
        })
        .collect();
    files.sort_by_key(|it| it.id);
    files
}

/// The house rules of messages: a lowercase sentence without a final stop, values in backticks, and
/// a place that can be seen.
fn assert_wording(it: &Diagnostic) {
    let message = &it.message;
    let mut letters = message.chars();
    let first = letters.next().expect("a message is not empty");
    let is_name = letters.next().is_some_and(char::is_uppercase);
    assert!(is_name || !first.is_uppercase(), "a message begins in lower case: {message}");
    assert!(!message.ends_with('.'), "a message has no final stop: {message}");
    assert!(message.matches('`').count().is_multiple_of(2), "unbalanced backticks: {message}");
    assert!(
        !message.contains('\n') && !message.contains("  "),
        "one line, single spaces: {message}"
    );
    assert!(!it.range.is_empty(), "a finding covers something: {message}");
    for fix in &it.fixes {
        let first = fix.title.chars().next().expect("a title is not empty");
        assert!(first.is_uppercase() && !fix.title.ends_with('.'), "title of a fix: {}", fix.title);
        assert!(!fix.edits.is_empty(), "a fix changes something: {}", fix.title);
    }
}

/// The part of a range on its first line.
fn on_first_line(range: TextRange, text: &str) -> TextRange {
    let len = range.slice(text).lines().next().map_or(0, str::len);
    TextRange::from(range.to_usize().start..range.to_usize().start + len)
}
