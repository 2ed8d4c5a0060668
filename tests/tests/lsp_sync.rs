//! What the server holds equals what the client sent, edit by edit.

#![expect(clippy::indexing_slicing, reason = "a missing member of JSON reads as null")]

use proptest::prelude::*;
use serde_json::{Value, json};
use specql_tests::lsp_client::Client;
use specql_text::{Change, Document, Position, PositionEncoding};

const URI: &str = "file:///user.yaml";

fn encodings() -> [(PositionEncoding, &'static str); 3] {
    [
        (PositionEncoding::Utf8, "utf-8"),
        (PositionEncoding::Utf16, "utf-16"),
        (PositionEncoding::Utf32, "utf-32"),
    ]
}

fn start(encoding: &str) -> Client {
    Client::start_with(&json!({ "general": { "positionEncodings": [encoding] } }), &[])
}

fn range(line: u32, start: u32, end: u32) -> Value {
    json!({
        "start": { "line": line, "character": start },
        "end": { "line": line, "character": end },
    })
}

#[test]
fn columns_are_counted_in_the_agreed_unit() {
    // The name stands behind two characters of 2 and 4 bytes, 1 and 2 units, 1 and 1 characters.
    let text = "description: é😀\nentity: é😀Name\n";
    for (encoding, column) in [("utf-8", 14), ("utf-16", 11), ("utf-32", 10)] {
        let mut client = start(encoding);
        client.open(URI, text);
        let symbols = client.ask_symbols(URI);
        let symbol = client.answer(symbols)[0].take();
        assert_eq!(symbol["name"], "é😀Name");
        let change = json!([{ "range": range(1, column, column + 4), "text": "é" }]);
        client.change(URI, 2, change);
        assert_eq!(client.entity(URI), "é😀é", "{encoding}");
    }
}

#[test]
fn several_changes_of_one_message_build_on_each_other() {
    let mut client = Client::start();
    client.open(URI, "entity: A\r\n");
    client.change(
        URI,
        2,
        json!([
            { "range": range(0, 9, 9), "text": "\u{10348}" },
            { "range": range(0, 11, 11), "text": "B" },
            { "range": range(0, 8, 9), "text": "" },
        ]),
    );
    assert_eq!(client.entity(URI), "\u{10348}B");
    client.change(
        URI,
        3,
        json!([{ "text": "entity: X\n" }, { "range": range(0, 9, 9), "text": "Y" }]),
    );
    assert_eq!(client.entity(URI), "XY");
}

#[test]
fn places_that_do_not_exist_are_clamped() {
    let mut client = Client::start();
    client.open(URI, "entity: A");
    let beyond = json!({ "line": 99, "character": 99 });
    client.change(URI, 2, json!([{ "range": { "start": beyond, "end": beyond }, "text": "B" }]));
    client.change(URI, 3, json!([{ "range": range(0, 4_000_000, 7), "text": " C" }]));
    assert_eq!(client.entity(URI), "C");
    let hover = json!({ "textDocument": { "uri": URI }, "position": beyond });
    assert!(client.request("textDocument/hover", hover).get("error").is_none());
}

#[test]
fn a_change_of_a_document_that_is_not_open_is_nothing() {
    let mut client = Client::start();
    client.change(URI, 2, json!([{ "text": "entity: A" }]));
    assert_eq!(client.entity(URI), Value::Null);
    client.open(URI, "entity: B");
    assert_eq!(client.entity(URI), "B");
}

fn any_change() -> impl Strategy<Value = Change> {
    let piece = prop_oneof![
        Just("\n"),
        Just("\r\n"),
        Just("\r"),
        Just("a"),
        Just("é"),
        Just("字"),
        Just("😀"),
        Just("e\u{301}"),
        Just("  "),
    ];
    let text = prop::collection::vec(piece, 0..6).prop_map(|it| it.concat());
    let place = || (0..4u32, 0..12u32).prop_map(|(line, character)| Position::new(line, character));
    (place(), place(), text).prop_map(|(start, end, text)| Change::between(start, end, text))
}

fn on_the_wire(change: &Change) -> Value {
    let place = |it: Position| json!({ "line": it.line, "character": it.character });
    match change.range {
        Some((start, end)) => {
            json!({ "range": { "start": place(start), "end": place(end) }, "text": change.text })
        }
        None => json!({ "text": change.text }),
    }
}

#[test]
fn incremental_changes_equal_the_whole_text() {
    let scripts = prop::collection::vec(any_change(), 1..20);
    for (encoding, name) in encodings() {
        let mut client = start(name);
        client.open("file:///whole.yaml", "");
        let client = std::cell::RefCell::new(client);
        let version = std::cell::Cell::new(1);
        let mut runner = prop::test_runner::TestRunner::new(ProptestConfig::with_cases(40));
        let run = runner.run(&scripts, |script| {
            let mut client = client.borrow_mut();
            let mut document = Document::new("");
            client.open(URI, "");
            for change in script {
                version.set(version.get() + 1);
                client.change(URI, version.get(), json!([on_the_wire(&change)]));
                document.apply(change, encoding);
            }
            // The outline of a text says everything that can be asked of it from outside.
            let probe = json!([{ "range": range(0, 0, 0), "text": "entity: X" }]);
            client.change(URI, version.get() + 1, probe);
            let whole = json!([{ "text": format!("entity: X{}", document.text()) }]);
            client.change("file:///whole.yaml", version.get(), whole);
            let (one, other) = (client.ask_symbols(URI), client.ask_symbols("file:///whole.yaml"));
            let (one, other) = (client.answer(one), client.answer(other));
            prop_assert_eq!(without_uri(one), without_uri(other));
            client.close(URI);
            Ok(())
        });
        assert!(run.is_ok(), "{name}: {}", run.unwrap_err());
    }
}

/// Flat outlines name their document.
fn without_uri(mut symbols: Value) -> Value {
    for symbol in symbols.as_array_mut().into_iter().flatten() {
        symbol["location"]["uri"] = Value::Null;
    }
    symbols
}
