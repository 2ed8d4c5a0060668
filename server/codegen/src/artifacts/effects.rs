//! What an action does, in words: what changes, how surely, how many rows, who is called, what is
//! published, how it fails.

use specql_contract::{Cascade, Change, Contract, Event, Outcome};
use specql_model::{Certainty, EffectFields, EntityId};

use super::contract_json::{calls, cause, certainty, rows};
use crate::catalog::Catalog;

/// The text.
pub(crate) fn effects(catalog: Catalog<'_>, it: &Contract) -> Option<String> {
    let entity = catalog.entity(it.action.entity)?;
    let mut text = Text(String::new());
    text.line(0, &format!("{}.{}.{}", entity.schema_name(), entity.name.text, it.name));
    if it.declared_only {
        text.line(0, "There are no steps to read, so this is what the impact declares.");
    }
    text.section("changes", it.changes.iter().map(|it| change(catalog, it)), "nothing");
    let called = calls(catalog, it).into_iter().map(|it| {
        let part =
            |name: &str| it.get(name).and_then(|it| it.as_str()).unwrap_or_default().to_owned();
        vec![part("action"), part("certainty")]
    });
    text.section("calls", called, "");
    if let Some(cascade) = &it.cascade {
        text.section("cascade", entries(catalog, cascade), "nothing is listed");
        text.section("invalidates", invalidations(cascade), "");
    }
    text.section("publishes", it.events.iter().map(|it| event(catalog, it)), "");
    let trails = it.audit.trails.iter().map(|trail| {
        let beside = if trail.keeps_cascade { "with the cascade" } else { "" };
        vec![name(catalog, trail.entity), beside.to_owned()]
    });
    text.section("audits", trails, "");
    let failures =
        it.failures.iter().map(|it| vec![format!("failed:{}", it.code), cause(&it.cause)]);
    text.section("fails", failures, "");
    Some(text.0)
}

fn name(catalog: Catalog<'_>, id: EntityId) -> String {
    let entity = catalog.entity(id);
    entity.map(|it| format!("{}.{}", it.schema_name(), it.name.text)).unwrap_or_default()
}

fn often(certain: Certainty, count: specql_contract::Rows) -> String {
    let unit = if count == specql_contract::Rows::One { "row" } else { "rows" };
    format!("{}, {} {unit}", certainty(certain), rows(count))
}

fn change(catalog: Catalog<'_>, it: &Change) -> Vec<String> {
    let through = it.through.as_ref().map(|it| format!("over `{it}`")).unwrap_or_default();
    let fields = match &it.fields {
        EffectFields::Row => String::new(),
        EffectFields::Named(names) => names.join(", "),
        EffectFields::Input(names) if names.is_empty() => "what the input has".to_owned(),
        EffectFields::Input(names) => format!("{} and what the input has", names.join(", ")),
    };
    let mut notes: Vec<String> =
        [through, fields].into_iter().filter(|it| !it.is_empty()).collect();
    if it.keeps {
        notes.push("a row that is there stays as it is".to_owned());
    }
    if it.steps.iter().all(|it| it.via.is_some()) && !it.steps.is_empty() {
        notes.push("by a call".to_owned());
    }
    if it.declared.is_none() {
        notes.push("not declared".to_owned());
    }
    vec![
        it.operation.as_str().to_lowercase(),
        name(catalog, it.entity),
        often(it.certainty, it.rows),
        notes.join("; "),
    ]
}

fn entries(catalog: Catalog<'_>, it: &Cascade) -> impl Iterator<Item = Vec<String>> {
    let listed = it.entries.iter().map(|it| {
        let list = if it.outcome == Outcome::Deleted { "deleted" } else { "updated" };
        let outcome = it.outcome.as_str().to_owned();
        vec![list.to_owned(), it.typename.to_string(), outcome, often(it.certainty, it.rows)]
    });
    let hidden = it.excluded.iter().map(|it| {
        vec!["left out".to_owned(), name(catalog, *it), "by the cascade's settings".to_owned()]
    });
    listed.chain(hidden).collect::<Vec<_>>().into_iter()
}

fn invalidations(it: &Cascade) -> impl Iterator<Item = Vec<String>> {
    it.invalidations.iter().map(|it| {
        let reason = it.reason.as_ref().map(ToString::to_string).unwrap_or_default();
        vec![
            it.query.to_string(),
            it.strategy.as_str().to_owned(),
            it.scope.as_str().to_owned(),
            reason,
        ]
    })
}

fn event(catalog: Catalog<'_>, it: &Event) -> Vec<String> {
    let key = it.key.path.as_ref().map_or_else(|| "id".to_owned(), |it| it.join("."));
    let called = it.via.and_then(|_| catalog.action(it.action));
    let called = called.map(|it| format!("; published by {}", it.1.name.text)).unwrap_or_default();
    vec![
        format!("{} v{}", it.event_type, it.version),
        name(catalog, it.entity),
        often(it.certainty, it.rows),
        format!("to {} by {key}{called}", it.topic),
    ]
}

struct Text(String);

impl Text {
    fn line(&mut self, depth: usize, text: &str) {
        self.0.push_str(&"  ".repeat(depth));
        self.0.push_str(text.trim_end());
        self.0.push('\n');
    }

    /// A heading with aligned rows below it; `empty` stands where there are none.
    fn section(&mut self, heading: &str, rows: impl Iterator<Item = Vec<String>>, empty: &str) {
        let rows: Vec<Vec<String>> = rows.collect();
        if rows.is_empty() && empty.is_empty() {
            return;
        }
        self.0.push('\n');
        self.line(0, heading);
        if rows.is_empty() {
            self.line(1, empty);
        }
        let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
        let width = |column: usize| {
            let cells = rows.iter().filter_map(|it| it.get(column));
            cells.map(|it| it.chars().count()).max().unwrap_or_default()
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        for row in &rows {
            let cells = row.iter().zip(&widths);
            let cells: Vec<String> =
                cells.map(|(cell, width)| format!("{cell:<width$}", width = *width)).collect();
            self.line(1, &cells.join("  "));
        }
    }
}
