//! `specql-lsp impact Post.title`: who reads and writes a field, and what carries its value.

use std::{fmt::Write as _, io, process::ExitCode, slice};

use serde_json::{Value, json};
use specql_ide::{FileId, LINEAGE_LIMIT, LINEAGE_VERSION, Lineage, LineageFlow, LineageRole};
use specql_project::LoadedWorkspace;
use specql_text::{LineIndex, Position, PositionEncoding, TextRange};

use crate::{
    Error,
    args::{Impact, ImpactFormat},
    load, print,
    report::Progress,
};

/// Prints the lineage of one field.
pub(crate) fn run(arguments: &Impact) -> Result<ExitCode, Error> {
    let loaded = load::load(slice::from_ref(&arguments.path), &Progress::new());
    let is_failed = load::say_failures(&loaded);
    // What could not be read is why nothing is found.
    if is_failed && loaded.workspaces.is_empty() {
        return Ok(ExitCode::from(2));
    }
    let name = &arguments.name;
    let (workspace, lineage) =
        load::only(&loaded, &arguments.path, name, |it| it.analysis.lineage_by_name(name))?;
    let text = match arguments.format {
        ImpactFormat::Text => text(workspace, &lineage),
        ImpactFormat::Json => json(workspace, &lineage)?,
    };
    print::bytes(text.as_bytes())?;
    Ok(ExitCode::from(if is_failed { 2 } else { 0 }))
}

/// A place as reports have it: lines and columns from 1.
fn place(workspace: &LoadedWorkspace, file: FileId, range: TextRange) -> (String, Position) {
    let shown = workspace.file(file).map(|it| it.shown.clone()).unwrap_or_default();
    let text = workspace.analysis.text(file).map(|it| &**it).unwrap_or_default();
    let start = LineIndex::new(text).position(range.start(), PositionEncoding::Utf32);
    (shown, Position { line: start.line + 1, character: start.character + 1 })
}

/// The roles in the order of the report, with their headings.
const ROLES: [(&str, &[LineageRole]); 5] = [
    ("declared", &[LineageRole::Declared]),
    ("written", &[LineageRole::Written, LineageRole::FromInput]),
    ("decides", &[LineageRole::Condition]),
    ("read", &[LineageRole::Value]),
    (
        "named in blocks",
        &[LineageRole::Impact, LineageRole::Payload, LineageRole::PartitionKey, LineageRole::Audit],
    ),
];

fn text(workspace: &LoadedWorkspace, lineage: &Lineage) -> String {
    let mut res = format!("{}\n", lineage.name);
    for (heading, roles) in ROLES {
        let uses = lineage.uses.iter().filter(|it| roles.contains(&it.role));
        let lines: Vec<String> = uses
            .map(|it| {
                let (path, at) = place(workspace, it.file, it.range);
                let action = it.action.as_deref().map(|it| format!(" {it}")).unwrap_or_default();
                let role = match it.role {
                    LineageRole::FromInput => " (when the input has it)",
                    LineageRole::Impact => " (impact)",
                    LineageRole::Payload => " (payload)",
                    LineageRole::PartitionKey => " (partition key)",
                    LineageRole::Audit => " (audit)",
                    _ => "",
                };
                format!("  {path}:{}:{}{action}{role}\n", at.line, at.character)
            })
            .collect();
        if !lines.is_empty() {
            let _ = write!(res, "\n{heading}\n{}", lines.concat());
        }
    }
    flows(&mut res, "carries a new value", lineage.flows.iter().filter(|it| it.changes));
    flows(
        &mut res,
        "carries the value that is there",
        lineage.flows.iter().filter(|it| !it.changes),
    );
    if lineage.is_incomplete {
        let _ = write!(
            res,
            "\nOnly the first {LINEAGE_LIMIT} actions that change the row are listed.\n"
        );
    }
    res
}

fn flows<'a>(acc: &mut String, heading: &str, flows: impl Iterator<Item = &'a LineageFlow>) {
    let lines: Vec<String> = flows
        .map(|it| {
            let parts = [it.kind.as_str(), &it.name, &it.path];
            let parts: Vec<&str> = parts.into_iter().filter(|it| !it.is_empty()).collect();
            format!("  {} → {}\n", it.action, parts.join(" "))
        })
        .collect();
    if !lines.is_empty() {
        let _ = write!(acc, "\n{heading}\n{}", lines.concat());
    }
}

fn json(workspace: &LoadedWorkspace, lineage: &Lineage) -> Result<String, Error> {
    let located = |file, range| {
        let (path, at) = place(workspace, file, range);
        json!({ "path": path, "line": at.line, "column": at.character })
    };
    let uses = lineage.uses.iter().map(|it| {
        json!({
            "role": it.role.as_str(),
            "action": it.action,
            "place": located(it.file, it.range),
        })
    });
    let flows = lineage.flows.iter().map(|it| {
        json!({
            "kind": it.kind.as_str(),
            "action": it.action,
            "changes": it.changes,
            "name": it.name,
            "path": it.path,
            "place": located(it.file, it.range),
        })
    });
    let value = json!({
        "version": LINEAGE_VERSION,
        "field": lineage.name,
        "uses": uses.collect::<Vec<Value>>(),
        "flows": flows.collect::<Vec<Value>>(),
        "incomplete": lineage.is_incomplete,
    });
    let text = serde_json::to_string_pretty(&value).map_err(io::Error::from)?;
    Ok(format!("{text}\n"))
}
