//! Which rows a step works on, and how to say it.

use rustc_hash::FxHashMap;
use specql_model::{Action, ActionId, Effect, Step};
use specql_syntax::yaml::ScalarStyle;
use specql_text::TextRange;

use crate::{Context, Fix};

/// The effects of an action's own steps, each with its step.
pub(crate) fn own_effects<'a>(
    ctx: &Context<'a>,
    id: ActionId,
    action: &'a Action,
) -> Vec<(&'a Effect, &'a Step)> {
    let mut steps: FxHashMap<TextRange, &Step> = FxHashMap::default();
    for step in &action.steps {
        step.walk(&mut |it| {
            steps.insert(it.range, it);
        });
    }
    let own = ctx.workspace.effects(id).iter().filter(|it| it.action == id);
    own.filter_map(|it| Some((it, *steps.get(&it.step)?))).collect()
}

/// The step of an effect in the action whose step it is.
pub(crate) fn step_at<'a>(action: &'a Action, effect: &Effect) -> Option<&'a Step> {
    let mut res = None;
    for step in &action.steps {
        step.walk(&mut |it| {
            if it.range == effect.step {
                res = Some(it);
            }
        });
    }
    res
}

/// Adds `WHERE` at the end of a step's statement, where that is one line of text.
pub(crate) fn add_where(ctx: &Context<'_>, step: &Step, condition: &str) -> Option<Fix> {
    let node = ctx.node_at(step.value_range)?;
    let scalar = node.as_scalar()?;
    let quote = match scalar.style {
        ScalarStyle::Plain => 0,
        ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted if !scalar.unclosed => 1,
        _ => return None,
    };
    let end = TextRange::empty(node.range.end() - quote);
    let edits = ctx.write_part(end, &format!(" WHERE {condition}"));
    Some(Fix::review(format!("Add `WHERE {condition}`"), ctx.id(), edits))
}
