//! The configuration and the blocks `impact`, `cascade`, `cdc`, `audit` of a random workspace.

use std::fmt::Write;

use fastrand::Rng;

use super::Draft;

/// A side effect of an action that is being made.
pub(super) struct SideEffect {
    pub(super) entity: usize,
    pub(super) operation: &'static str,
    pub(super) sometimes: bool,
}

pub(super) fn config(rng: &mut Rng, tenants: bool) -> String {
    let mut res = String::new();
    let tenancy = if tenants { "required" } else { "single" };
    let _ = writeln!(res, "tenancy: {tenancy}");
    let storage = ["log", "column", "embedded"][rng.usize(0..3)];
    let _ = writeln!(res, "audit:\n  cascade_storage: {storage}");
    if rng.u8(0..4) == 0 {
        res.push_str("graphql:\n  field_case: snake\n");
    }
    if rng.bool() {
        res.push_str("kafka:\n  topic: '{schema}.{entity}.{event_type}'\n");
    }
    if rng.u8(0..5) == 0 {
        res.push_str("cascade:\n  include_full_data: false\n");
    }
    res
}

pub(super) fn audit(rng: &mut Rng, entity: &Draft) -> String {
    let field = &entity.fields[rng.usize(0..entity.fields.len())].name;
    match rng.u8(0..8) {
        0 => format!("audit:\n  exclude_fields: [{field}]\n"),
        1 => format!("audit:\n  track_fields: [{field}]\n"),
        2 => "audit: false\n".to_owned(),
        _ => String::new(),
    }
}

/// `impact` of an action of an entity.
pub(super) fn impact(
    rng: &mut Rng,
    all: &[Draft],
    own: usize,
    operation: &str,
    side_effects: &[SideEffect],
) -> String {
    let entity = &all[own];
    let mut res = String::from("    impact:\n      primary:\n");
    let _ = writeln!(res, "        entity: {}.{}", entity.schema, entity.name);
    let _ = writeln!(res, "        operation: {operation}");
    let relations: Vec<&str> = entity
        .fields
        .iter()
        .filter(|it| it.target.is_some() && rng.u8(0..4) == 0)
        .map(|it| it.name.as_str())
        .collect();
    if !relations.is_empty() && operation != "DELETE" {
        let _ = writeln!(res, "        include_relations: [{}]", relations.join(", "));
    }
    // What is not declared happens all the same.
    let declared: Vec<_> = side_effects.iter().filter(|_| rng.u8(0..8) > 0).collect();
    if !declared.is_empty() {
        res.push_str("      side_effects:\n");
    }
    for (number, it) in declared.into_iter().enumerate() {
        let target = &all[it.entity];
        let _ = writeln!(res, "        - entity: {}.{}", target.schema, target.name);
        let _ = writeln!(res, "          operation: {}", it.operation);
        if rng.bool() {
            let _ = writeln!(res, "          collection: touched{number}");
        }
        if it.sometimes {
            res.push_str("          condition: input.always = 'no'\n");
        }
    }
    if rng.bool() {
        res.push_str("      cache_invalidations:\n        - query: lists\n");
        res.push_str(
            "        - {query: one, filter: {row_id: input.id, first: 10}, strategy: REFETCH}\n",
        );
        res.push_str("        - {query: 'search*', scope: PATTERN, strategy: REMOVE}\n");
    }
    res
}

pub(super) fn cascade(rng: &mut Rng, all: &[Draft], own: usize) -> String {
    let name = all[rng.usize(0..all.len())].name;
    match rng.u8(0..8) {
        0 => format!("    cascade: {{exclude_entities: [{name}]}}\n"),
        1 => format!("    cascade: {{include_entities: [{}, {name}]}}\n", all[own].name),
        2 => "    cascade: {include_deleted: false}\n".to_owned(),
        3 => "    cascade: false\n".to_owned(),
        4 => "    cascade: {include_full_data: true, max_entities: 20}\n".to_owned(),
        _ => String::new(),
    }
}

/// `cdc`: nothing, or one of its variants.
pub(super) fn cdc(
    rng: &mut Rng,
    all: &[Draft],
    own: usize,
    event: &str,
    side_effects: &[SideEffect],
) -> String {
    if rng.u8(0..4) == 0 {
        return String::new();
    }
    let mut res = format!("    cdc:\n      enabled: true\n      event_type: {event}\n");
    if rng.u8(0..3) == 0 {
        let _ = writeln!(res, "      version: {}", rng.u8(1..4));
    }
    if !side_effects.is_empty() && rng.bool() {
        res.push_str("      include_side_effects: true\n");
    }
    match rng.u8(0..6) {
        0 => res.push_str("      include_payload: false\n"),
        1 | 2 => {
            let paths = paths(rng, all, own);
            let _ = writeln!(res, "      payload: [{}]", paths.join(", "));
        }
        _ => {}
    }
    if rng.u8(0..4) == 0 {
        res.push_str("      include_cascade: false\n");
    }
    let references: Vec<_> = all[own].fields.iter().filter(|it| it.target.is_some()).collect();
    if !references.is_empty() && rng.u8(0..3) == 0 {
        let field = &references[rng.usize(0..references.len())].name;
        let _ = writeln!(res, "      partition_key: {field}");
    }
    let own_events = side_effects.iter().filter(|it| it.entity != own && rng.bool());
    let own_events: Vec<_> = own_events.map(|it| all[it.entity].name).collect();
    if !own_events.is_empty() {
        res.push_str("      side_effect_events:\n");
    }
    let mut seen = Vec::new();
    for name in own_events {
        if !seen.contains(&name) {
            let _ = writeln!(res, "        {name}: {event}Beside{name}Changed");
            seen.push(name);
        }
    }
    res
}

/// Field paths from an entity, some through references.
fn paths(rng: &mut Rng, all: &[Draft], own: usize) -> Vec<String> {
    let mut res: Vec<String> = Vec::new();
    for field in &all[own].fields {
        let path = match field.target {
            Some(target) if rng.bool() => {
                let fields = &all[target].fields;
                let plain: Vec<_> = fields.iter().filter(|it| it.target.is_none()).collect();
                format!("{}.{}", field.name, plain[rng.usize(0..plain.len())].name)
            }
            _ => field.name.clone(),
        };
        if rng.bool() {
            res.push(path);
        }
    }
    if res.is_empty() {
        res.push("created_at".to_owned());
    }
    res
}
