//! What somebody waits for who types in a large workspace: a client over a real pipe to the binary.
//!
//! `cargo build --release -p specql-lsp` first, or name a binary in `SPECQL_LSP`. `YAMLLS` names the
//! script of yaml-language-server, which is then asked about the same files.
#![allow(
    missing_docs,
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a benchmark"
)]

mod client;
mod workspace;

use client::Client;
use serde_json::json;
use std::{
    path::{Path, PathBuf},
    time::Duration,
};

const SIZES: [usize; 4] = [1, 100, 1_000, 10_000];
/// Keys typed and questions asked for each row of the table.
const ROUNDS: usize = 200;

fn main() {
    // `cargo test --benches` only wants to know that it builds.
    if std::env::args().any(|it| it == "--test") {
        return;
    }
    let binary = binary();
    println!("{:>9} {:<42} {:>8} {:>8} {:>8}", "entities", "milliseconds", "p50", "p99", "max");
    for size in SIZES {
        let folder = workspace::write(size);
        session(&binary, size, &folder);
        if let Some(script) = std::env::var_os("YAMLLS") {
            yaml_language_server(&script, size, &folder);
        }
    }
}

fn binary() -> PathBuf {
    if let Some(it) = std::env::var_os("SPECQL_LSP") {
        return it.into();
    }
    let beside = std::env::current_exe().unwrap().parent().unwrap().parent().unwrap().to_owned();
    let binary = beside.join(format!("specql-lsp{}", std::env::consts::EXE_SUFFIX));
    assert!(binary.exists(), "run `cargo build --release -p specql-lsp` first");
    binary
}

fn session(binary: &PathBuf, size: usize, folder: &workspace::Folder) {
    let mut client = Client::start(binary, &[], folder);
    let all = client.published_files(size);
    println!(
        "{size:>9} all files published after {:.2} s, {} MB",
        all.as_secs_f64(),
        client.memory()
    );
    let typed = folder.path(size.min(6) - 1);
    let text = std::fs::read_to_string(&typed).unwrap();
    client.open(&typed, &text);
    let (line, column) = workspace::place(&text, "SET status = 'closed'");
    let mut keys = Vec::new();
    let before = client.cpu();
    for key in workspace::keys(", amount = amount + 1", line, column).take(ROUNDS) {
        keys.push(client.key(&typed, &key));
    }
    let cpu = (client.cpu() - before).as_secs_f64() * 1000.0 / keys.len() as f64;
    row(size, "a key in an action, to its findings", keys);
    println!("{size:>9} {:<42} {cpu:>8.2}", "… processor time a key, all threads");
    let mut beside = Vec::new();
    for key in workspace::keys(", amount = amount + 1", line, column).take(ROUNDS / 2) {
        client.ask_beside(&typed);
        beside.push(client.key(&typed, &key));
        client.answers();
    }
    row(size, "… with outline, lenses and actions asked", beside);
    hub(&mut client, size, folder);
    for (name, method, needle) in [
        ("completion of an entity", "textDocument/completion", "insert: "),
        ("completion of a field", "textDocument/completion", "SET status"),
        ("hover on `impact`", "textDocument/hover", "impact:"),
        ("definition", "textDocument/definition", "update: E"),
    ] {
        let (line, column) = workspace::place(&text, needle);
        let position = json!({ "line": line, "character": column });
        let ask = |_| client.ask(method, &typed, json!({ "position": position }));
        row(size, name, (0..ROUNDS / 2).map(ask).collect());
    }
    fields(&mut client, size, &typed, &text);
    previews(&mut client, size, &typed, &text);
    println!("{size:>9} {} MB at the end", client.memory());
    client.stop();
}

/// What is asked about a field that its own file and no other uses.
fn fields(client: &mut Client, size: usize, typed: &Path, text: &str) {
    let (line, column) = workspace::place(text, "  amount");
    let position = json!({ "line": line, "character": column });
    for (name, method, params) in [
        (
            "references of a field",
            "textDocument/references",
            json!({ "context": { "includeDeclaration": true } }),
        ),
        ("lineage of a field", "specql/lineage", json!({})),
        ("rename of a field", "textDocument/rename", json!({ "newName": "sum_of_all" })),
    ] {
        let ask = |_| {
            let mut params = params.clone();
            params["position"] = position.clone();
            client.ask(method, typed, params)
        };
        row(size, name, (0..ROUNDS / 4).map(ask).collect());
    }
}

/// What an open preview waits for: from a key to the text behind it.
fn previews(client: &mut Client, size: usize, typed: &Path, text: &str) {
    let (line, column) = workspace::place(text, "SET status = 'closed'");
    let position = json!({ "line": line, "character": column });
    for artifact in ["action", "table", "event-sample", "foundation", "outbox", "debezium"] {
        let keys = workspace::keys(", amount = amount + 1", line, column).take(ROUNDS / 4);
        let params = json!({ "position": position, "artifact": artifact });
        let ask = |key| client.ask_behind(&key, "specql/preview", typed, params.clone());
        row(size, &format!("preview of {artifact} behind a key"), keys.map(ask).collect());
    }
}

/// A field of the first entity, which up to 1,000 others use, is renamed and named back.
fn hub(client: &mut Client, size: usize, folder: &workspace::Folder) {
    let hub = folder.path(0);
    let text = std::fs::read_to_string(&hub).unwrap();
    client.open(&hub, &text);
    let (line, column) = workspace::place(&text, "  counter");
    let (mut own, mut last) = (Vec::new(), Vec::new());
    for key in workspace::keys("x", line, column).take(20) {
        let (first, all) = client.key_with_users(&hub, &key, size.min(1_001) - 1);
        own.push(first);
        last.push(all);
    }
    row(size, "a field of an entity that others use: own file", own);
    row(size, "… the last of up to 1,000 others", last);
}

fn yaml_language_server(script: &std::ffi::OsStr, size: usize, folder: &workspace::Folder) {
    let script = script.to_string_lossy();
    let mut client = Client::start(&"node".into(), &[&script, "--stdio"], folder);
    let typed = folder.path(size.min(6) - 1);
    let text = std::fs::read_to_string(&typed).unwrap();
    client.open(&typed, &text);
    let (line, column) = workspace::place(&text, "SET status = 'closed'");
    let keys = workspace::keys("x", line, column).take(40);
    let times = keys.map(|key| client.key(&typed, &key)).collect();
    row(size, "yaml-language-server: the same key", times);
    client.stop();
}

fn row(size: usize, name: &str, mut times: Vec<Duration>) {
    times.sort();
    let Some(max) = times.last() else { return };
    let at = |part: f64| times[((times.len() as f64 * part) as usize).min(times.len() - 1)];
    let ms = |it: Duration| it.as_secs_f64() * 1000.0;
    println!("{size:>9} {name:<42} {:>8.2} {:>8.2} {:>8.2}", ms(at(0.5)), ms(at(0.99)), ms(*max));
}
