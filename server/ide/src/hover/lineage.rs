//! Of a field, who writes it, who reads it, and what carries it out, in a few lines.

use std::fmt::Write;

use specql_model::{EntityId, Field, Workspace};

use crate::{LineageFlowKind, LineageRole, lineage};

/// The most names of a kind.
const SHOWN: usize = 5;

/// Of an entity that more files name, nothing is said: the answer would be as long as it is late.
const FILES: usize = 200;

/// The lines, or that nobody uses the field.
pub(super) fn of_field(workspace: &Workspace, owner: EntityId, field: &Field) -> String {
    if workspace.naming_count(owner) > FILES {
        return "Used in very many files: see its references.\n".to_owned();
    }
    let found = lineage::lineage(workspace, owner, field);
    let mut res = String::new();
    let of_roles = |roles: &[LineageRole]| {
        let uses = found.uses.iter().filter(|it| roles.contains(&it.role));
        uses.filter_map(|it| it.action.clone()).collect::<Vec<_>>()
    };
    let flows = |kind: LineageFlowKind| {
        let flows = found.flows.iter().filter(|it| it.kind == kind);
        flows.map(|it| if it.name.is_empty() { &it.action } else { &it.name }.clone()).collect()
    };
    for (title, names) in [
        ("Written by", of_roles(&[LineageRole::Written])),
        ("Written from the input by", of_roles(&[LineageRole::FromInput])),
        ("Decides in", of_roles(&[LineageRole::Condition])),
        ("Read by", of_roles(&[LineageRole::Value, LineageRole::PartitionKey])),
        ("Carried by the cascade of", flows(LineageFlowKind::Cascade)),
        ("Carried by the events", flows(LineageFlowKind::Event)),
        ("Invalidates the queries", flows(LineageFlowKind::Invalidation)),
    ] {
        line(title, names, &mut res);
    }
    if res.is_empty() { "No action uses it.\n".to_owned() } else { res }
}

fn line(title: &str, names: Vec<String>, acc: &mut String) {
    let mut once: Vec<String> = Vec::new();
    for it in names {
        if !once.contains(&it) {
            once.push(it);
        }
    }
    let more = once.len().saturating_sub(SHOWN);
    let shown: Vec<String> = once.iter().take(SHOWN).map(|it| format!("`{it}`")).collect();
    if !shown.is_empty() {
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let _ = writeln!(acc, "- {title} {}{more}", shown.join(", "));
    }
}
