//! A step: what it does, when, to which rows, and its SQL.

use std::fmt::Write;

use specql_codegen::Artifact;
use specql_contract::failure_of_step;
use specql_model::{
    ActionId, Effect, Step, StepKind, Workspace,
    expression::{Expression, ExpressionKind},
    names::snake_case,
};

use super::{
    action::writes,
    part::{Said, part, whole_with_sample},
    when,
};
use crate::describe;

/// What becomes of the rows where an action fails.
const UNDONE: &str = "none; what was written before is undone";

/// The keyword of a step, or a key beside it.
pub(super) fn step(workspace: &Workspace, id: ActionId, step: &Step) -> Said {
    let inside = |it: &&Effect| {
        let own = it.via.unwrap_or(it.step);
        step.range.start() <= own.start() && own.end() <= step.range.end()
    };
    let effects: Vec<Effect> = workspace.effects(id).iter().filter(inside).cloned().collect();
    let mut res = String::new();
    let lines = lines(workspace, id, step);
    if !lines.is_empty() {
        res.push_str("\n| what | when | which rows |\n|---|---|---|\n");
    }
    for [what, when, rows] in lines {
        let _ = writeln!(res, "| {what} | {when} | {rows} |");
    }
    if !effects.is_empty() {
        writes(workspace, id, &effects, &mut res);
    }
    part(workspace, id, Artifact::Action, &[step.range], &mut res);
    Said { markdown: res, whole: whole_with_sample(workspace, id) }
}

/// What it does beside writing rows.
fn lines(workspace: &Workspace, id: ActionId, step: &Step) -> Vec<[String; 3]> {
    let Some(file) = workspace.file(id.entity.0) else { return Vec::new() };
    let when = |more: Option<String>| when::of_step(workspace, id, step.range, more);
    let one = |what: String, rows: &str| vec![[what, when(None), rows.to_owned()]];
    match &step.kind {
        StepKind::Validate { condition, .. } => {
            let Some(fails) = fails(workspace, id, step) else { return Vec::new() };
            let more = format!("unless {}", when::written(file, condition.range));
            vec![[fails, when(Some(more)), UNDONE.to_owned()]]
        }
        StepKind::Reject(_) => {
            let fails = fails(workspace, id, step);
            fails.map(|it| one(it, UNDONE)).unwrap_or_default()
        }
        StepKind::Return(_) => {
            one("ends the action with success".to_owned(), "what was written before stays")
        }
        StepKind::Find { .. } => {
            find(workspace, id, step).map(|(what, rows)| one(what, &rows)).unwrap_or_default()
        }
        StepKind::If { .. } | StepKind::Switch { .. } => branches(workspace, id, step),
        StepKind::ForEach { collection, filter, body, .. } => {
            let rows = collected(workspace, id, collection, filter.is_some());
            if body.is_empty() { Vec::new() } else { one(runs(body), &rows) }
        }
        StepKind::Call { .. } => {
            call(workspace, id, step).map(|(what, rows)| one(what, rows)).unwrap_or_default()
        }
        StepKind::Notify { recipient, channel, .. } => {
            let to = recipient.as_ref().map(|it| when::written(file, it.range));
            let to = to.map(|it| format!(" {it}")).unwrap_or_default();
            let over = channel.as_ref().map(|it| format!(" over `{}`", it.text));
            let over = over.unwrap_or_default();
            one(format!("tells{to}{over}, by `pg_notify` when the transaction commits"), "none")
        }
        StepKind::Refresh { propagate, .. } => {
            let names: Vec<String> = propagate.iter().map(|it| format!("`{}`", it.text)).collect();
            let rows = if names.is_empty() {
                "those that the action writes".to_owned()
            } else {
                format!("those that the action writes, and those that {} lead to", names.join(", "))
            };
            one("builds rows of read models again".to_owned(), &rows)
        }
        StepKind::Insert(_)
        | StepKind::Update(_)
        | StepKind::Upsert(_)
        | StepKind::Delete { .. }
        | StepKind::Extended
        | StepKind::Unknown => Vec::new(),
    }
}

fn fails(workspace: &Workspace, id: ActionId, step: &Step) -> Option<String> {
    let failure = failure_of_step(workspace, id.entity.0, step)?;
    let message = failure.message.map(|it| format!(": {}", describe::cell(&it)));
    Some(format!("fails with `failed:{}`{}", failure.code, message.unwrap_or_default()))
}

fn find(workspace: &Workspace, id: ActionId, step: &Step) -> Option<(String, String)> {
    let StepKind::Find { write, .. } = &step.kind else { return None };
    let named = write.entity.as_ref()?;
    let entity = workspace.entity(workspace.resolve(id.entity, named).found()?)?;
    let name = match write.bind.as_deref() {
        Some(it) => it.text.to_string(),
        None => snake_case(named.name.text.trim_start_matches("tb_")),
    };
    let rows = match workspace.rows_of_find(id.entity, step) {
        Some((_, _, rows)) => describe::rows(&rows),
        None => "the first row that `WHERE` finds".to_owned(),
    };
    let fails = fails(workspace, id, step).map(|it| format!("; without one it {it}"));
    Some((
        format!("reads a row of `{}` as `{name}`", describe::qualified(entity)),
        format!("{rows}{}", fails.unwrap_or_default()),
    ))
}

/// What each branch runs.
fn branches(workspace: &Workspace, id: ActionId, step: &Step) -> Vec<[String; 3]> {
    let branches = step.branches().into_iter().filter_map(|it| Some((it, it.first()?)));
    let line = |(steps, first): (&[Step], &Step)| {
        let when = when::of_step(workspace, id, first.range, None);
        [runs(steps), when, rows_of(workspace, id, steps)]
    };
    branches.map(line).collect()
}

/// ``runs `find`, `update` ``.
fn runs(steps: &[Step]) -> String {
    let names: Vec<String> = steps.iter().map(|it| format!("`{}`", it.keyword.text)).collect();
    format!("runs {}", names.join(", "))
}

/// The entities whose rows some steps write.
fn rows_of(workspace: &Workspace, id: ActionId, steps: &[Step]) -> String {
    let is_inside = |it: &&Effect| {
        let own = it.via.unwrap_or(it.step);
        steps.iter().any(|step| step.range.contains_range(own))
    };
    let mut names: Vec<String> = Vec::new();
    for it in workspace.effects(id).iter().filter(is_inside) {
        let name = format!("`{}`", describe::effect_entity(workspace, it));
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if names.is_empty() { "none".to_owned() } else { format!("of {}", names.join(", ")) }
}

/// What a loop runs over.
fn collected(
    workspace: &Workspace,
    id: ActionId,
    collection: &Expression,
    has_filter: bool,
) -> String {
    let Some(file) = workspace.file(id.entity.0) else { return String::new() };
    let written = when::written(file, collection.range);
    match &collection.kind {
        ExpressionKind::RawSql(_) => "each row that the query gives".to_owned(),
        _ if has_filter => format!("each row of {written} that `WHERE` finds"),
        _ => format!("each of {written}"),
    }
}

fn call(workspace: &Workspace, id: ActionId, step: &Step) -> Option<(String, &'static str)> {
    let (schema, name) = step.called()?;
    let schema = schema.map(|it| it.text.as_str());
    let Some(called) = workspace.called(id.entity, schema, &name.text) else {
        let schema = schema.map(|it| format!("{it}.")).unwrap_or_default();
        let what = format!("calls the function `{schema}{}`", name.text);
        return Some((what, "not known: it is no action"));
    };
    let entity = workspace.entity(called.entity)?;
    let what = format!("calls `{}.{}`", describe::qualified(entity), name.text);
    let is_through = |it: &Effect| it.via == Some(step.range);
    let writes = workspace.effects(id).iter().any(is_through);
    Some((what, if writes { "those that it writes" } else { "none" }))
}
