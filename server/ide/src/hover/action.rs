//! What an action does, in words first, then the part of its SQL or of its samples that the place is about.

use std::fmt::Write;

use specql_codegen::Artifact;
use specql_contract::{
    Cascade, CascadeEntry, Contract, Invalidation, InvalidationValue, Outcome,
    declared_invalidations,
};
use specql_model::{
    Action, ActionId, Effect, Entity, EntityId, Impact, ImpactEntry, Operation, Parameter,
    Workspace,
};
use specql_text::TextRange;

use super::{
    event,
    part::{Said, lines_of, lines_with, part, whole, whole_with_sample},
    sample, when,
};
use crate::describe::{self, cell};

/// The action itself.
pub(super) fn action(workspace: &Workspace, id: ActionId) -> Option<Said> {
    let (entity, action) = declared(workspace, id)?;
    let mut res =
        format!("**action** `{}` of `{}`\n", action.name.text, describe::qualified(entity));
    if let Some(description) = &action.description {
        let _ = write!(res, "\n{}\n", description.text);
    }
    res.push_str(&steps(workspace, id)?.markdown);
    let artifacts = [
        Artifact::Action,
        Artifact::Effects,
        Artifact::CascadeSample,
        Artifact::EventSample,
        Artifact::AuditSample,
    ];
    Some(Said { markdown: res, whole: whole(workspace, id, &artifacts) })
}

/// The key `steps`: all that the steps write, and their SQL.
pub(super) fn steps(workspace: &Workspace, id: ActionId) -> Option<Said> {
    let (_, action) = declared(workspace, id)?;
    let mut res = String::new();
    writes(workspace, id, workspace.effects(id), &mut res);
    event::publishes(workspace, id, |_| true, &mut res);
    let steps: Vec<TextRange> = action.steps.iter().map(|it| it.range).collect();
    part(workspace, id, Artifact::Action, &steps, &mut res);
    Some(Said { markdown: res, whole: whole_with_sample(workspace, id) })
}

/// The parameters, or one of them: how its value is read and checked.
pub(super) fn parameters(workspace: &Workspace, id: ActionId, place: TextRange) -> Option<Said> {
    let (_, action) = declared(workspace, id)?;
    // An item of a list may have its name in an entry of its own.
    let is_asked =
        |it: &&Parameter| place.contains_range(it.range) || it.range.contains_range(place);
    let asked = || action.parameters.iter().filter(is_asked);
    let mut res = String::from("\n| input | type | when | without it |\n|---|---|---|---|\n");
    for it in asked() {
        let without = match &it.default {
            Some(it) => format!("`{}`", cell(&it.text.text)),
            None if it.required => "the action fails with `failed:validation`".to_owned(),
            None => "null".to_owned(),
        };
        let ty = cell(&describe::type_name(&it.ty));
        let _ = writeln!(res, "| `{}` | `{ty}` | each call | {without} |", it.name.text);
    }
    let names: Vec<String> = asked().map(|it| format!("in${}", it.name.text)).collect();
    lines_with(workspace, id, &names, &mut res);
    Some(Said { markdown: res, whole: whole_with_sample(workspace, id) })
}

/// The key `impact`: what the steps really do, what of it clients see, and the statements that build the
/// cascade.
pub(super) fn impact(workspace: &Workspace, id: ActionId) -> Option<Said> {
    let (_, action) = declared(workspace, id)?;
    let impact = action.impact.as_deref()?;
    let mut res = String::new();
    writes(workspace, id, workspace.effects(id), &mut res);
    listed(workspace, id, |_| true, &mut res);
    part(workspace, id, Artifact::Action, &[impact.range], &mut res);
    Some(Said { markdown: res, whole: whole_with_sample(workspace, id) })
}

/// The primary entity or a side effect: its writes, its entry of the cascade, and the SQL of its steps.
pub(super) fn entry(workspace: &Workspace, id: ActionId, entry: &ImpactEntry) -> Option<Said> {
    let (_, action) = declared(workspace, id)?;
    let claim = Claim::new(workspace, id, action.impact.as_deref()?, entry)?;
    let effects = claim.effects(workspace);
    let mut res = String::new();
    writes(workspace, id, &effects, &mut res);
    let contract = Contract::of(workspace, id);
    let entries = contract.iter().filter_map(|it| it.cascade.as_ref()).collect::<Vec<_>>();
    let entries = entries.first().map(|it| claim.entries(it)).unwrap_or_default();
    listed(workspace, id, |it| entries.contains(&it), &mut res);
    for it in contract.iter().flat_map(|it| &it.answer.collections) {
        if entry.range.contains_range(it.range) {
            let _ = write!(res, "\nIts rows are listed in `extra_metadata.{}`.\n", it.name);
        }
    }
    sample::entries(workspace, id, &entries, &mut res);
    let steps = effects.iter().map(|it| it.via.unwrap_or(it.step));
    let places: Vec<TextRange> = steps.chain([entry.range]).collect();
    part(workspace, id, Artifact::Action, &places, &mut res);
    Some(Said { markdown: res, whole: whole_with_sample(workspace, id) })
}

/// The key `side_effects`: the writes of all of them, and their SQL.
pub(super) fn side_effects(workspace: &Workspace, id: ActionId) -> Option<Said> {
    let (_, action) = declared(workspace, id)?;
    let impact = action.impact.as_deref()?;
    let claims: Vec<Claim> =
        impact.side_effects.iter().filter_map(|it| Claim::new(workspace, id, impact, it)).collect();
    let claimed = |it: &Effect| claims.iter().any(|claim| claim.effects(workspace).contains(it));
    let effects: Vec<Effect> =
        workspace.effects(id).iter().filter(|it| claimed(it)).cloned().collect();
    let mut res = String::new();
    writes(workspace, id, &effects, &mut res);
    if let Some(cascade) = Contract::of(workspace, id).and_then(|it| it.cascade) {
        let all: Vec<_> = claims.iter().flat_map(|it| it.entries(&cascade)).collect();
        listed(workspace, id, |it| all.contains(&it), &mut res);
    }
    let steps: Vec<TextRange> = effects.iter().map(|it| it.via.unwrap_or(it.step)).collect();
    part(workspace, id, Artifact::Action, &steps, &mut res);
    Some(Said { markdown: res, whole: whole_with_sample(workspace, id) })
}

/// What an entry of an `impact` stands for.
struct Claim {
    id: ActionId,
    entity: EntityId,
    operation: Operation,
    /// What other entries say of the same entity, which is not this one's.
    others: Vec<Operation>,
    is_primary: bool,
}

impl Claim {
    fn new(workspace: &Workspace, id: ActionId, impact: &Impact, it: &ImpactEntry) -> Option<Self> {
        let named = |it: &ImpactEntry| match &it.entity {
            Some(it) => workspace.resolve_name(id.entity, &it.text).found(),
            None => Some(id.entity),
        };
        let operation = |it: &ImpactEntry| it.operation.as_ref().and_then(|it| it.value);
        let entity = named(it)?;
        let all = impact.primary.iter().chain(&impact.side_effects);
        let others = all.filter(|other| other.range != it.range && named(other) == Some(entity));
        Some(Self {
            id,
            entity,
            operation: operation(it).unwrap_or(Operation::Update),
            others: others.filter_map(operation).collect(),
            is_primary: impact.primary.as_ref().is_some_and(|primary| primary.range == it.range),
        })
    }

    /// Of what belongs to the entity, its own: what has its operation; of the primary entity also what no
    /// other entry declares; all where nothing has it.
    fn own<T: Clone>(&self, all: Vec<T>, is_of: impl Fn(&T, Operation) -> bool) -> Vec<T> {
        let is_own = |it: &T| {
            is_of(it, self.operation)
                || self.is_primary && !self.others.iter().any(|other| is_of(it, *other))
        };
        let own: Vec<T> = all.iter().filter(|it| is_own(it)).cloned().collect();
        if own.is_empty() { all } else { own }
    }

    fn effects(&self, workspace: &Workspace) -> Vec<Effect> {
        let all = workspace.effects(self.id).iter().filter(|it| it.entity == Some(self.entity));
        self.own(all.cloned().collect(), |it, operation| it.operation == operation)
    }

    fn entries<'a>(&self, cascade: &'a Cascade) -> Vec<&'a CascadeEntry> {
        let all = cascade.entries.iter().filter(|it| it.entity == self.entity);
        self.own(all.collect(), |it, operation| Outcome::of(operation).contains(&it.outcome))
    }
}

/// The key `cascade`, or a key of the block: what is listed, what is not, and the rules.
pub(super) fn cascade(workspace: &Workspace, id: ActionId) -> Option<Said> {
    let (_, action) = declared(workspace, id)?;
    let mut res = String::new();
    match Contract::of(workspace, id).and_then(|it| it.cascade) {
        Some(cascade) => {
            res.push_str("\n| lists | in | when | which rows |\n|---|---|---|---|\n");
            for it in &cascade.entries {
                let list = if it.outcome == Outcome::Deleted { "deleted" } else { "updated" };
                let data = if cascade.full_data { "the row" } else { "its type and id" };
                let _ = writeln!(
                    res,
                    "| `{}` {}: {data} | `{list}` | {} | {} |",
                    it.typename,
                    it.outcome.as_str(),
                    describe::certainty(it.certainty),
                    describe::count(it.rows),
                );
            }
            let hidden = cascade.excluded.iter().filter_map(|it| workspace.entity(*it));
            let hidden: Vec<String> = hidden.map(|it| format!("`{}`", it.name.text)).collect();
            if !hidden.is_empty() {
                let _ = write!(res, "\nNot listed: {}.\n", hidden.join(", "));
            }
            let _ = write!(
                res,
                "\nAt most {} in `updated` and {} in `deleted`; the result says when more were changed.\n",
                cascade.max_updated, cascade.max_deleted
            );
        }
        None => res.push_str("\nThe result has no `_cascade`.\n"),
    }
    let is_rule = |it: &str| it.trim_start().starts_with("\"cascade\":");
    let impact: Vec<TextRange> = action.impact.iter().map(|it| it.range).collect();
    lines_of(workspace, id, Artifact::Action, &impact, is_rule, &mut res);
    Some(Said { markdown: res, whole: whole_with_sample(workspace, id) })
}

/// The key `cache_invalidations`, or an entry of it: what clients are told of queries.
pub(super) fn invalidations(workspace: &Workspace, id: ActionId, place: TextRange) -> Option<Said> {
    let (_, action) = declared(workspace, id)?;
    let all = declared_invalidations(workspace, id);
    let asked: Vec<&Invalidation> =
        all.iter().filter(|it| place.contains_range(it.range)).collect();
    let mut res = String::from("\n| query | clients | when | which results |\n|---|---|---|---|\n");
    for it in &asked {
        let reason = it.reason.as_ref().map(|it| format!(": {}", cell(it))).unwrap_or_default();
        let _ = writeln!(
            res,
            "| `{}` | {} | after each run that succeeds{reason} | {} |",
            it.query,
            what_clients_do(it),
            which_results(it)
        );
    }
    if Contract::of(workspace, id).is_some_and(|it| it.cascade.is_none()) {
        res.push_str("\nClients are told nothing: the cascade is off.\n");
    }
    let is_asked = |query: &str| asked.iter().any(|it| it.query == query);
    sample::invalidations(workspace, id, is_asked, &mut res);
    if asked.len() == all.len() {
        let is_list = |it: &str| it.trim_start().starts_with("\"invalidations\":");
        let impact: Vec<TextRange> = action.impact.iter().map(|it| it.range).collect();
        lines_of(workspace, id, Artifact::Action, &impact, is_list, &mut res);
    }
    part(workspace, id, Artifact::Action, &[place], &mut res);
    Some(Said { markdown: res, whole: whole_with_sample(workspace, id) })
}

fn what_clients_do(it: &Invalidation) -> &'static str {
    match it.strategy {
        specql_model::Strategy::Invalidate => "mark it stale",
        specql_model::Strategy::Refetch => "fetch it again",
        specql_model::Strategy::Remove => "drop it",
    }
}

fn which_results(it: &Invalidation) -> String {
    let argument = |(name, value): &(ecow::EcoString, InvalidationValue)| {
        let value = match value {
            InvalidationValue::Input(path, _) => format!("input.{}", path.join(".")),
            InvalidationValue::Text(it) => format!("'{it}'"),
            InvalidationValue::Json(it) => it.to_string(),
        };
        format!("`{}`", cell(&format!("{name} = {value}")))
    };
    let arguments: Vec<String> = it.arguments.iter().map(argument).collect();
    let scope = match it.scope {
        specql_contract::InvalidationScope::Exact if arguments.is_empty() => {
            "those without arguments"
        }
        specql_contract::InvalidationScope::Exact => "those with",
        specql_contract::InvalidationScope::Prefix => "all whose query begins so",
        specql_contract::InvalidationScope::Pattern => "all whose query fits the pattern",
        specql_contract::InvalidationScope::All => "all",
    };
    [vec![scope.to_owned()], arguments].concat().join(" ")
}

fn declared(workspace: &Workspace, id: ActionId) -> Option<(&Entity, &Action)> {
    let entity = workspace.entity(id.entity)?;
    Some((entity, entity.actions.get(id.index as usize)?))
}

/// A table of effects; a sentence when there are none.
pub(super) fn writes(workspace: &Workspace, id: ActionId, effects: &[Effect], acc: &mut String) {
    if effects.is_empty() {
        acc.push_str("\nIts steps write nothing.\n");
        return;
    }
    acc.push_str("\n| writes | operation | fields | when | rows |\n|---|---|---|---|---|\n");
    for it in effects {
        let _ = writeln!(
            acc,
            "| `{}` | {} | {} | {} | {} |",
            describe::effect_entity(workspace, it),
            it.operation.as_str(),
            describe::effect_fields(&it.fields),
            when::of_effect(workspace, id, it),
            describe::rows_of(workspace, it),
        );
    }
}

/// What clients see of it in `_cascade`: of some entries, or of all.
fn listed(
    workspace: &Workspace,
    id: ActionId,
    is_asked: impl Fn(&CascadeEntry) -> bool,
    acc: &mut String,
) {
    let Some(contract) = Contract::of(workspace, id) else { return };
    let Some(cascade) = &contract.cascade else {
        acc.push_str("\nClients see none of it: the cascade is off.\n");
        return;
    };
    let entries = cascade.entries.iter().filter(|it| is_asked(it)).map(|it| {
        let list = if it.outcome == Outcome::Deleted { "deleted" } else { "updated" };
        format!("`{}` {} in `{list}`", it.typename, it.outcome.as_str())
    });
    let entries: Vec<String> = entries.collect();
    if entries.is_empty() {
        acc.push_str("\nNothing of it is listed in `_cascade`.\n");
    } else {
        let _ = write!(acc, "\nIn `_cascade`: {}.\n", entries.join(", "));
    }
}
