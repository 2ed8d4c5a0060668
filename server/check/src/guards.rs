//! What has to hold for a step to run: the conditions of the branches around it.

use specql_model::{Action, Effect, Step, StepKind};
use specql_text::TextRange;

use crate::Context;

/// One block around a step.
#[derive(Debug, Clone, Copy)]
enum Guard {
    /// `then` of a condition.
    Then(TextRange),
    /// `else` of a condition.
    Else(TextRange),
    /// A loop, or a case of `switch`: no condition says when.
    Other,
}

/// The condition under which a write happens, as the text of an expression; absent where none can be
/// written down: in loops, in cases of `switch`, behind a `return`.
pub(crate) fn condition_of(
    ctx: &Context<'_>,
    action: &Action,
    effects: &[&Effect],
) -> Option<String> {
    let [effect] = effects else { return None };
    let at = effect.via.unwrap_or(effect.step);
    let guards = guards_of(&action.steps, at)?;
    if guards.is_empty() || has_return(&action.steps) {
        return None;
    }
    let mut parts = Vec::new();
    for guard in &guards {
        let (range, is_else) = match guard {
            Guard::Then(it) => (*it, false),
            Guard::Else(it) => (*it, true),
            Guard::Other => return None,
        };
        let text = ctx.slice(range).trim();
        if text.is_empty() || text.contains(['\n', '"', '\\']) || names_variable(action, text) {
            return None;
        }
        parts.push((text, is_else));
    }
    let several = parts.len() > 1;
    let written = parts.iter().map(|(text, is_else)| match (is_else, several) {
        (true, _) => format!("NOT ({text})"),
        (false, true) if text.to_ascii_uppercase().contains(" OR ") => format!("({text})"),
        (false, _) => (*text).to_owned(),
    });
    Some(written.collect::<Vec<_>>().join(" AND "))
}

/// The blocks around a step, outermost first; absent where the step is not among these.
fn guards_of(steps: &[Step], at: TextRange) -> Option<Vec<Guard>> {
    for step in steps {
        if step.range == at {
            return Some(Vec::new());
        }
        let blocks: Vec<(Guard, &[Step])> = match &step.kind {
            StepKind::If { condition, then, otherwise } => vec![
                (Guard::Then(condition.range), then),
                (Guard::Else(condition.range), otherwise),
            ],
            _ => step.branches().into_iter().map(|it| (Guard::Other, it)).collect(),
        };
        for (guard, inner) in blocks {
            if let Some(mut found) = guards_of(inner, at) {
                found.insert(0, guard);
                return Some(found);
            }
        }
    }
    None
}

fn has_return(steps: &[Step]) -> bool {
    let mut found = false;
    for step in steps {
        step.walk(&mut |it| found |= matches!(it.kind, StepKind::Return(_)));
    }
    found
}

/// Whether a text may name a variable of the steps, which means nothing in `impact`.
fn names_variable(action: &Action, text: &str) -> bool {
    let mut found = false;
    let is_word = |it: char| it.is_alphanumeric() || it == '_';
    let words: Vec<&str> = text.split(|it: char| !is_word(it)).collect();
    for step in &action.steps {
        step.walk(&mut |it| {
            let bound = match &it.kind {
                StepKind::Find { write, .. } => write.bind.as_ref(),
                StepKind::Call { bind, .. } => bind.as_ref(),
                StepKind::ForEach { variable, .. } => variable.as_ref(),
                _ => it.write().and_then(|it| it.bind.as_ref()),
            };
            found |= bound.is_some_and(|it| words.contains(&it.as_str()));
        });
    }
    found
}
