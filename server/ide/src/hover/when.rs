//! When a step runs, in words: the blocks around it.

use specql_check::{Guard, guards_of};
use specql_model::{ActionId, Effect, SourceFile, Workspace};
use specql_text::TextRange;

use crate::describe::{self, cell};

/// When an effect happens: `always`, ``if `status = 'draft'` ``, ``for each `line in OrderLine` ``.
pub(super) fn of_effect(workspace: &Workspace, id: ActionId, effect: &Effect) -> String {
    let around = around(workspace, id, effect.via.unwrap_or(effect.step));
    if around.is_empty() {
        describe::certainty(effect.certainty).to_owned()
    } else {
        around.join(", ")
    }
}

/// When a step runs, and what more has to hold there.
pub(super) fn of_step(
    workspace: &Workspace,
    id: ActionId,
    step: TextRange,
    more: Option<String>,
) -> String {
    let mut all = around(workspace, id, step);
    all.extend(more);
    if all.is_empty() { "always".to_owned() } else { all.join(", ") }
}

/// What a part of a file says, in backticks; inside of a table.
pub(super) fn written(file: &SourceFile, range: TextRange) -> String {
    let words: Vec<&str> = range.slice(file.text()).split_whitespace().collect();
    format!("`{}`", cell(&words.join(" ")))
}

fn around(workspace: &Workspace, id: ActionId, step: TextRange) -> Vec<String> {
    let (Some(file), Some(action)) = (workspace.file(id.entity.0), workspace.action(id)) else {
        return Vec::new();
    };
    let guards = guards_of(&action.steps, step).unwrap_or_default();
    let say = |it: Guard<'_>| match it {
        Guard::Then(it) => format!("if {}", written(file, it.range)),
        Guard::Else(it) => format!("unless {}", written(file, it.range)),
        Guard::Case(of, value) => {
            format!("when {} is {}", written(file, of.range), written(file, value.range))
        }
        Guard::Default(of, _) => format!("when {} is none of the cases", written(file, of.range)),
        Guard::Loop(it) => format!("for each {}", written(file, it.value_range)),
    };
    guards.into_iter().map(say).collect()
}
