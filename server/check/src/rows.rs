//! Which rows a step works on, and how to say it.

use rustc_hash::FxHashMap;
use specql_model::{Action, ActionId, Effect, Entity, Operation, RowSource, Step};
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

/// A step without a condition on rows to which not exactly one reference leads.
pub(crate) struct Unled<'a> {
    pub(crate) step: &'a Step,
    /// The entity, and where the step names it.
    pub(crate) entity: &'a Entity,
    pub(crate) range: TextRange,
    /// None leads there, or several do.
    pub(crate) rows: RowSource,
    /// What is done: `rows are written`, `row is found`.
    pub(crate) what: &'static str,
}

/// The steps of an action that do not say which rows they mean.
pub(crate) fn unled<'a>(ctx: &Context<'a>, id: ActionId, action: &'a Action) -> Vec<Unled<'a>> {
    let is_unled = |it: &RowSource| matches!(it, RowSource::Unreachable | RowSource::Ambiguous(_));
    let own = ctx.workspace.effects(id).iter().filter(|it| it.action == id && is_unled(&it.rows));
    let writes = own.filter_map(|effect| {
        let (entity, step) = (ctx.workspace.entity(effect.entity?)?, action.step_at(effect.step)?);
        let what = match effect.operation {
            Operation::Delete => "rows are deleted",
            _ => "rows are written",
        };
        let (range, rows) = (effect.target.range, effect.rows.clone());
        Some(Unled { step, entity, range, rows, what })
    });
    let mut res: Vec<Unled<'a>> = writes.collect();
    for step in &action.steps {
        step.walk(&mut |step| {
            let sought = ctx.workspace.rows_of_find(id.entity, step);
            if let Some((named, entity, rows)) = sought.filter(|it| is_unled(&it.2)) {
                let range = named.name.range;
                res.push(Unled { step, entity, range, rows, what: "row is found" });
            }
        });
    }
    res.sort_by_key(|it| it.range.start());
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
