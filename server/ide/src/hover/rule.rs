//! Rules: where their codes are named, and what they find.

use specql_check::Rule;
use specql_model::{SourceFile, keys::Place};
use specql_text::TextRange;

use crate::rule_url;

/// The rule that a suppression or the configuration names at an offset.
pub(super) fn at(
    file: &SourceFile,
    place: Option<&Place<'_>>,
    offset: u32,
) -> Option<(TextRange, String)> {
    let (range, code) = in_comment(file, offset).or_else(|| in_configuration(place?, offset))?;
    Some((range, rule(specql_check::rule(code)?)))
}

/// What a rule finds.
pub(crate) fn rule(it: &Rule) -> String {
    let (code, level, page) = (it.code, it.level.as_str(), rule_url(it.code));
    format!("**{code}** ({level}): {}\n\n[Documentation]({page})", it.summary)
}

fn in_comment(file: &SourceFile, offset: u32) -> Option<(TextRange, &str)> {
    let comments = &file.parse().yaml().comments;
    let comment = comments.iter().find(|it| it.touches(offset))?.slice(file.text());
    if !comment.trim_start_matches('#').trim_start().starts_with("specql:") {
        return None;
    }
    let (before, after) = file.text().split_at_checked(offset as usize)?;
    let is_code = |it: char| it.is_ascii_alphanumeric() || it == '-';
    let start = before.trim_end_matches(is_code).len();
    let end = before.len() + after.len() - after.trim_start_matches(is_code).len();
    Some(((start..end).into(), file.text().get(start..end)?))
}

fn in_configuration<'a>(place: &Place<'a>, offset: u32) -> Option<(TextRange, &'a str)> {
    let mut levels = place.levels.iter().rev();
    let entry = levels.next()?.entry.filter(|it| it.key.range.touches(offset))?;
    let above = levels.next()?.key.filter(|it| it.name == "rules");
    above.map(|_| (entry.key.range, entry.key.as_str()))
}
