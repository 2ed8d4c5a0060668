//! SARIF 2.1.0, as code scanning services read it: rules, places, fingerprints, fixes.

use std::io::{self, Write};

use serde_json::{Value, json};
use specql_ide::Level;

use crate::report::{Finding, Fix, Place, Report, fingerprints};

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let fingerprints = fingerprints(report);
    let results: Vec<Value> = report
        .findings
        .iter()
        .zip(&fingerprints)
        .map(|(it, fingerprint)| result(report, it, fingerprint))
        .collect();
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "specql-lsp",
                "version": env!("CARGO_PKG_VERSION"),
                "informationUri": specql_ide::HOME,
                "rules": specql_ide::rules().map(rule).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

fn rule((code, level, summary): (&str, Level, &str)) -> Value {
    json!({
        "id": code,
        "shortDescription": {"text": summary},
        "helpUri": specql_ide::rule_url(code),
        "defaultConfiguration": {"level": level_word(level)},
    })
}

const fn level_word(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info | Level::Hint => "note",
        Level::Off => "none",
    }
}

fn result(report: &Report, it: &Finding, fingerprint: &str) -> Value {
    let index = specql_ide::rules().position(|(code, ..)| code == it.code);
    let text = match it.help() {
        Some(help) => format!("{}\n{help}", it.message),
        None => it.message.clone(),
    };
    let related: Vec<Value> = it
        .related
        .iter()
        .map(|it| {
            let mut location = location(report, it.place);
            if let Some(object) = location.as_object_mut() {
                object.insert("message".into(), json!({"text": it.message}));
            }
            location
        })
        .collect();
    json!({
        "ruleId": it.code,
        "ruleIndex": index,
        "level": level_word(it.level),
        "message": {"text": text},
        "locations": [location(report, it.place)],
        "relatedLocations": related,
        "partialFingerprints": {"specql/v1": fingerprint},
        "fixes": it.fixes.iter().map(|it| fix(report, it)).collect::<Vec<_>>(),
    })
}

fn fix(report: &Report, it: &Fix) -> Value {
    let mut changes: Vec<(String, Vec<Value>)> = Vec::new();
    for (place, text) in &it.edits {
        let uri = uri(&report.repository_path(*place));
        let replacement = json!({
            "deletedRegion": region(report, *place),
            "insertedContent": {"text": text},
        });
        match changes.iter_mut().find(|it| it.0 == uri) {
            Some((_, list)) => list.push(replacement),
            None => changes.push((uri, vec![replacement])),
        }
    }
    let changes = changes.into_iter().map(|(uri, replacements)| {
        json!({"artifactLocation": {"uri": uri}, "replacements": replacements})
    });
    json!({
        "description": {"text": it.title},
        "artifactChanges": changes.collect::<Vec<_>>(),
    })
}

fn location(report: &Report, place: Place) -> Value {
    json!({"physicalLocation": {
        "artifactLocation": {"uri": uri(&report.repository_path(place))},
        "region": region(report, place),
    }})
}

fn region(report: &Report, place: Place) -> Value {
    let span = report.span(place);
    json!({
        "startLine": span.start.line,
        "startColumn": span.start.character,
        "endLine": span.end.line,
        "endColumn": span.end.character,
    })
}

/// A relative reference: what a path may hold and a URI may not is percent-encoded.
fn uri(path: &str) -> String {
    let plain = |it: u8| it.is_ascii_alphanumeric() || b"/-._~".contains(&it);
    let mut res = String::new();
    for it in path.bytes() {
        if plain(it) { res.push(char::from(it)) } else { res.push_str(&format!("%{it:02X}")) }
    }
    res
}
