//! Fixes that would make a step the same as the one above or below it, of which one changes nothing: what was meant
//! is another one.

use rustc_hash::FxHashMap;
use specql_model::Step;
use specql_text::{TextEdit, TextRange, apply_edits};

use super::Places;
use crate::{Context, Diagnostic, Fix, rules::no_effect::repeated::changes_nothing_again};

/// Takes such fixes away.
pub(super) fn take_away(ctx: &Context<'_>, found: &mut [Diagnostic]) {
    if !found.iter().any(|it| !it.fixes.is_empty()) {
        return;
    }
    let mut pairs = FxHashMap::default();
    for action in ctx.actions().map(|it| it.1) {
        in_list(ctx, &action.steps, &mut pairs);
    }
    let steps = Places::of(pairs.keys().copied().collect());
    let repeats = |fix: &Fix| {
        let step = fix.edits.first().and_then(|it| steps.around(it.edit.range));
        step.and_then(|step| Some((pairs.get(&step)?, words_after(ctx, step, fix)?)))
            .is_some_and(|(beside, words)| beside.contains(&words.as_str()))
    };
    for it in found.iter_mut().filter(|it| !it.fixes.is_empty()) {
        it.fixes.retain(|fix| !repeats(fix));
    }
}

/// The steps of a list beside which one stands that changes nothing when it is said again, with its words.
fn in_list<'a>(ctx: &Context<'a>, steps: &[Step], pairs: &mut FxHashMap<TextRange, Vec<&'a str>>) {
    let mut beside = |step: &Step, other: &Step| {
        if changes_nothing_again(other) && step.branches().is_empty() {
            pairs.entry(step.range).or_default().push(ctx.slice(other.range).trim_end());
        }
    };
    for (first, second) in steps.iter().zip(steps.iter().skip(1)) {
        beside(first, second);
        beside(second, first);
    }
    steps.iter().flat_map(Step::branches).for_each(|it| in_list(ctx, it, pairs));
}

/// The words of a step after a fix that changes nothing else.
fn words_after(ctx: &Context<'_>, step: TextRange, fix: &Fix) -> Option<String> {
    let edits = fix.edits.iter().map(|it| {
        let range = it.edit.range;
        let is_inside = it.file == ctx.id() && step.contains_range(range);
        let shift = step.start();
        is_inside.then(|| {
            let range = TextRange::new(range.start() - shift, range.end() - shift);
            TextEdit::replace(range, it.edit.text.clone())
        })
    });
    let edits: Option<Vec<TextEdit>> = edits.collect();
    Some(apply_edits(ctx.slice(step), &edits?).trim_end().to_owned())
}
