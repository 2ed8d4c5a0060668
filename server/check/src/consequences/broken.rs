//! What follows where a statement breaks off: names behind that place, and the word or the argument before it that
//! belongs to what is not read.

use specql_model::Step;
use specql_text::TextRange;

use super::{Places, of_code};
use crate::{Context, Diagnostic, rules::invalid_statement};

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
            let start = start - keyword_before(ctx, start).max(argument_before(ctx, start));
            res.push(TextRange::new(start.min(finding.start()), step.value_range.end()));
        }
    };
    if !findings.0.is_empty() {
        for step in ctx.actions().flat_map(|it| &it.1.steps) {
            step.walk(&mut visit);
        }
    }
    Places::of(res)
}

/// How far before a place a word in capitals begins that ends there: `EXIST Post`, a keyword that is none.
fn keyword_before(ctx: &Context<'_>, at: u32) -> u32 {
    let before = ctx.file.text().get(..at as usize).unwrap_or_default();
    let word = before.trim_end_matches(' ');
    let letters = word.len() - word.trim_end_matches(|it: char| it.is_ascii_uppercase()).len();
    let is_word = letters > 1 && word.len() < before.len();
    u32::try_from(if is_word { before.len() - word.len() + letters } else { 0 }).unwrap_or_default()
}

/// How far before a place the name of an argument begins: `mins => 5`.
fn argument_before(ctx: &Context<'_>, at: u32) -> u32 {
    let Some((before, behind)) = ctx.file.text().split_at_checked(at as usize) else { return 0 };
    if !behind.starts_with("=>") {
        return 0;
    }
    let name = before.trim_end().trim_end_matches(|it: char| it.is_alphanumeric() || it == '_');
    u32::try_from(before.len() - name.len()).unwrap_or_default()
}
