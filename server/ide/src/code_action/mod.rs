//! Code actions: the fixes of findings that a selection touches, safe ones first, then refactorings of
//! the action under the cursor.

use specql_check::{Applicability, Diagnostic};
use specql_model::{SourceFile, Workspace};
use specql_text::TextRange;

use crate::CodeAction;

/// What is offered for a selection.
pub(crate) fn code_actions(
    workspace: &Workspace,
    file: &SourceFile,
    diagnostics: &[Diagnostic],
    selection: TextRange,
) -> Vec<CodeAction> {
    let mut found = Vec::new();
    for diagnostic in diagnostics.iter().filter(|it| it.range.intersects(selection)) {
        fixes(diagnostic, &mut found);
    }
    // The sort is stable: within each kind findings keep their order, and their best fix is first.
    found.sort_by_key(|(applicability, _)| *applicability != Applicability::Safe);
    let _ = (workspace, file);
    found.into_iter().map(|(_, it)| it).collect()
}

/// The fixes of a finding. One that another finding offers as well mends both.
fn fixes(diagnostic: &Diagnostic, acc: &mut Vec<(Applicability, CodeAction)>) {
    let best = diagnostic.fixes.iter().position(|it| it.applicability == Applicability::Safe);
    for (index, fix) in diagnostic.fixes.iter().enumerate() {
        let same = acc
            .iter_mut()
            .map(|(_, it)| it)
            .find(|it| it.title == fix.title && it.edits == fix.edits);
        if let Some(it) = same {
            it.codes.push(diagnostic.code);
            it.diagnostic_ranges.push(diagnostic.range);
            continue;
        }
        let action = CodeAction {
            title: fix.title.clone(),
            codes: vec![diagnostic.code],
            diagnostic_ranges: vec![diagnostic.range],
            preferred: best == Some(index),
            edits: fix.edits.clone(),
        };
        acc.push((fix.applicability, action));
    }
}
