//! The differences for people: a line each, or a table for a comment in a review.

use std::fmt::Write as _;

use super::{Approval, Change, Document, Gone, Place};
use crate::report::{cell, code, counted, path_on_a_line};

pub(super) fn text(document: &Document) -> String {
    let mut res = String::new();
    for it in &document.changes {
        let level = match (it.breaking, it.approved) {
            (true, false) => "breaking",
            (true, true) => "approved",
            (false, _) => "change",
        };
        let at = it.place.as_ref().or(it.base_place.as_ref()).map(|it| format!("{}: ", at(it)));
        // A string takes what is written to it.
        let _ = writeln!(
            res,
            "{}{level}[{}]: {}: {}{}{}",
            at.unwrap_or_default(),
            it.code,
            it.subject,
            what(it),
            values(it),
            approval(it)
        );
    }
    for it in &document.files {
        let _ = writeln!(res, "{}: {}", it.change, it.path);
    }
    for it in &document.gone_approvals {
        let _ = writeln!(res, "{}", gone(it));
    }
    let _ = writeln!(res, "{}", summary(document));
    res
}

pub(super) fn markdown(document: &Document) -> String {
    let mut res =
        format!("### Events and cascades since `{}`\n\n{}\n", document.base, summary(document));
    if !document.changes.is_empty() {
        res.push_str("\n| | of | change | before | now | place |\n|---|---|---|---|---|---|\n");
    }
    for it in &document.changes {
        let level = match (it.breaking, &it.approval) {
            (true, None) => format!("**breaking** `{}`", it.fingerprint),
            (true, Some(approval)) => {
                format!("approved by {}: {}", cell(&approval.by), cell(&approval.reason))
            }
            (false, _) => String::new(),
        };
        let value = |it: &Option<String>| it.as_deref().map_or_else(String::new, code);
        let place = it.place.as_ref().or(it.base_place.as_ref());
        let place = place.map_or_else(String::new, |it| code(&at(it)));
        let _ = writeln!(
            res,
            "| {level} | {} | {} | {} | {} | {place} |",
            cell(&it.subject),
            cell(&what(it)),
            value(&it.old),
            value(&it.new)
        );
    }
    if !document.files.is_empty() {
        let count = counted(document.files.len(), "generated file");
        let _ = write!(res, "\n<details><summary>{count}</summary>\n\n");
        for it in &document.files {
            let _ = writeln!(res, "- {}: {}", it.change, code(&it.path));
        }
        res.push_str("\n</details>\n");
    }
    if !document.gone_approvals.is_empty() {
        res.push('\n');
    }
    for it in &document.gone_approvals {
        let _ = writeln!(res, "- {}", cell(&gone(it)));
    }
    res
}

/// What tells a breaking change from others, or who has agreed on it.
fn approval(it: &Change) -> String {
    match (it.breaking, &it.approval) {
        (true, None) => format!(" {{{}}}", it.fingerprint),
        (true, Some(approval)) => format!(" {{{}: {}}}", approval.by, approval.reason),
        (false, _) => String::new(),
    }
}

fn gone(it: &Gone) -> String {
    let Gone { path, approval: Approval { fingerprint, by, change, .. } } = it;
    format!("{path}: `{fingerprint}` no longer applies and can go: {change} (approved by {by})")
}

pub(super) fn what(it: &Change) -> String {
    if it.member.is_empty() {
        it.message.clone()
    } else {
        format!("`{}` {}", it.member, it.message)
    }
}

fn values(it: &Change) -> String {
    match (&it.old, &it.new) {
        (Some(old), Some(new)) => format!(" (`{old}`, now `{new}`)"),
        (Some(old), None) => format!(" (was `{old}`)"),
        (None, Some(new)) => format!(" (`{new}`)"),
        (None, None) => String::new(),
    }
}

fn at(it: &Place) -> String {
    format!("{}:{}:{}", path_on_a_line(&it.path), it.line, it.column)
}

fn summary(it: &Document) -> String {
    if it.changes.is_empty() {
        return format!("no event and no cascade has changed since `{}`", it.base);
    }
    let (count, breaking) = (counted(it.changes.len(), "change"), it.breaking);
    let approved = match it.approved {
        0 => String::new(),
        approved => format!(", {approved} approved"),
    };
    format!("{count} since `{}`, {breaking} of them breaking{approved}", it.base)
}
