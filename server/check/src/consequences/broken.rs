//! What follows where a statement breaks off: names behind that place, and the word or the argument before it that
//! belongs to what is not read.

use rustc_hash::{FxHashMap, FxHashSet};
use specql_model::{Action, Step, StepKind};
use specql_text::TextRange;

use super::{Places, of_code};
use crate::{Context, Diagnostic, rules::invalid_statement, variables};

/// The parts of statements behind the places where they break off.
pub(super) fn broken_off(ctx: &Context<'_>, found: &[Diagnostic]) -> Places {
    let findings = of_code(found, invalid_statement::RULE.code).map(|it| it.range).collect();
    let findings = Places::of(findings);
    let mut res = Vec::new();
    let mut visit = |step: &Step| {
        let Some(problem) = step.problems.first() else { return };
        let first = findings.0.partition_point(|it| it.start() < step.value_range.start());
        let Some(finding) = findings.0.get(first) else { return };
        if step.value_range.contains_range(*finding) {
            let is_sql = invalid_statement::word_of_sql(step).is_some();
            let start = if is_sql { step.value_range } else { problem.range }.start();
            let is_call = matches!(step.kind, StepKind::Call { .. });
            let before = keyword_before(ctx, start).max(argument_before(ctx, start, is_call));
            let start = start - before.max(empty_text_before(ctx, start));
            // Where a quote is missing, texts are read from the wrong one to the wrong one.
            let is_torn = ctx.slice(step.value_range).matches('\'').count() % 2 == 1;
            let start = if is_torn { step.value_range.start() } else { start.min(finding.start()) };
            res.push(TextRange::new(start, step.value_range.end()));
        }
    };
    if !findings.0.is_empty() {
        for step in ctx.actions().flat_map(|it| &it.1.steps) {
            step.walk(&mut visit);
        }
    }
    Places::of(res)
}

/// Rows of which nobody knows the entity, as the statement that finds them is not read.
#[derive(Default)]
pub(super) struct UnreadRows<'a> {
    /// Loops, in which the variable has no value.
    loops: Places,
    /// By the action, the names of what such steps store.
    stored: FxHashMap<TextRange, Vec<&'a str>>,
}

impl<'a> UnreadRows<'a> {
    pub(super) fn of(ctx: &Context<'a>, found: &[Diagnostic]) -> Self {
        let findings = of_code(found, invalid_statement::RULE.code).map(|it| it.range).collect();
        let findings: Vec<TextRange> = findings;
        let mut loops = Vec::new();
        let mut stored: FxHashMap<TextRange, Vec<&str>> = FxHashMap::default();
        let mut visit = |action: &'a Action, step: &'a Step| {
            let is_told = || findings.iter().any(|it| step.value_range.contains_range(*it));
            if step.problems.is_empty() || !is_told() {
                return;
            }
            if matches!(step.kind, StepKind::ForEach { .. }) {
                loops.push(step.range);
            } else if let Some(name) = variables::given(step) {
                stored.entry(action.range).or_default().push(&name.text);
            }
        };
        if !findings.is_empty() {
            for (_, action) in ctx.actions() {
                action.steps.iter().for_each(|it| it.walk(&mut |it| visit(action, it)));
            }
        }
        Self { loops: Places::of(loops), stored }
    }

    pub(super) fn explains(&self, ctx: &Context<'_>, it: &Diagnostic, actions: &Places) -> bool {
        if self.loops.around(it.range).is_some() {
            return true;
        }
        let names = || self.stored.get(&actions.around(it.range)?);
        let (before, behind) = ctx.file.text().split_at(it.range.to_usize().start);
        let is_of = |name: &&str| {
            let part = behind.strip_prefix(*name).is_some_and(|it| it.starts_with('.'));
            part || before.strip_suffix('.').is_some_and(|it| it.ends_with(*name))
        };
        !self.stored.is_empty() && names().is_some_and(|it| it.iter().any(is_of))
    }
}

/// Where the words end behind which statements cannot be read: `and then` is as little a name as `be positive`.
pub(super) fn ends_before(ctx: &Context<'_>, statements: &Places) -> FxHashSet<u32> {
    let text = ctx.file.text();
    let end = |it: &TextRange| {
        let before = text.get(..it.to_usize().start)?;
        u32::try_from(before.trim_end_matches(' ').len()).ok()
    };
    statements.0.iter().filter_map(end).collect()
}

/// How far before a place a word in capitals begins that ends there: `EXIST Post`, a keyword that is none.
fn keyword_before(ctx: &Context<'_>, at: u32) -> u32 {
    let before = ctx.file.text().get(..at as usize).unwrap_or_default();
    let word = before.trim_end_matches(' ');
    let letters = word.len() - word.trim_end_matches(|it: char| it.is_ascii_uppercase()).len();
    let is_word = letters > 1 && word.len() < before.len();
    u32::try_from(if is_word { before.len() - word.len() + letters } else { 0 }).unwrap_or_default()
}

/// How far before a place the empty text begins that ends there: `''draft''`.
fn empty_text_before(ctx: &Context<'_>, at: u32) -> u32 {
    let before = ctx.file.text().get(..at as usize).unwrap_or_default();
    if before.ends_with("''") { 2 } else { 0 }
}

/// How far before a place the name of an argument begins: `mins => 5`, or in a call `mins 5`.
fn argument_before(ctx: &Context<'_>, at: u32, is_call: bool) -> u32 {
    let Some((before, behind)) = ctx.file.text().split_at_checked(at as usize) else { return 0 };
    let is_argument = behind.starts_with("=>") || (is_call && before.ends_with(' '));
    if !is_argument {
        return 0;
    }
    let name = before.trim_end().trim_end_matches(|it: char| it.is_alphanumeric() || it == '_');
    u32::try_from(before.len() - name.len()).unwrap_or_default()
}
