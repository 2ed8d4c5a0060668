//! Whatever a client sends, the next good request is served.

#![expect(clippy::indexing_slicing, reason = "a missing member of JSON reads as null")]

use serde_json::{Value, json};
use specql_tests::lsp_client::Client;

const URI: &str = "file:///user.yaml";

/// Bodies that are no message, and the code of the error they are answered with, if any.
fn bodies() -> Vec<(Vec<u8>, Option<i64>)> {
    let deep = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
    let deep_params = format!(r#"{{"jsonrpc":"2.0","id":"x","method":"a","params":{deep}}}"#);
    let text = |it: &str| it.as_bytes().to_vec();
    vec![
        (text(r#"{"jsonrpc": "2.0", "method"#), Some(-32700)),
        (text(""), Some(-32700)),
        (text("\u{feff}{}"), Some(-32700)),
        (b"\xff\xfe\x00".to_vec(), Some(-32700)),
        (text(&deep_params), Some(-32700)),
        (text("42"), Some(-32600)),
        (text("null"), Some(-32600)),
        (text("{}"), Some(-32600)),
        (text(r#"[{"jsonrpc":"2.0","id":"x","method":"shutdown"}]"#), Some(-32600)),
        (text(r#"{"id":"x","method":"shutdown"}"#), Some(-32600)),
        (text(r#"{"jsonrpc":"1.0","id":"x","method":"shutdown"}"#), Some(-32600)),
        (text(r#"{"jsonrpc":"2.0","id":1.5,"method":"shutdown"}"#), Some(-32600)),
        (text(r#"{"jsonrpc":"2.0","id":"x","method":7}"#), Some(-32600)),
        (text(r#"{"jsonrpc":"2.0","id":"x","method":"a","id":"y"}"#), Some(-32601)),
        (text(r#"{"jsonrpc":"2.0","id":"x","method":"textDocument/hover"}"#), Some(-32602)),
        (text(r#"{"jsonrpc":"2.0","id":"x","method":"$/cancelRequest"}"#), Some(-32600)),
        (text(r#"{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":1.5}}"#), None),
        (text(r#"{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":99999999999}}"#), None),
        (text(r#"{"jsonrpc":"2.0","id":77,"result":null}"#), None),
        (text(r#"{"jsonrpc":"2.0","id":77,"error":{"code":1,"message":"","extra":1}}"#), None),
        (text(r#"{"jsonrpc":"2.0","id":77}"#), None),
        (text(r#"{"jsonrpc":"2.0","method":"textDocument/didChange","params":[1]}"#), None),
        (text(r#"{"jsonrpc":"2.0","method":"a","params":{"t":"\ud83d"},"more":[]}"#), None),
    ]
}

/// Bytes that break the framing, and whether they are answered with an error.
fn frames() -> Vec<(Vec<u8>, bool)> {
    let body = r#"{"jsonrpc":"2.0","method":"a"}"#;
    let framed = |header: &str| format!("{header}\r\n\r\n{body}").into_bytes();
    let length = body.len();
    vec![
        (framed("Content-Length: abc"), true),
        (framed("Content-Length: -1"), true),
        (framed("Content-Length: 18446744073709551616"), true),
        (framed("Content-Length: 4000000000"), true),
        (framed(&format!("content-length: {length}")), false),
        (framed(&format!("A: 1\r\nB: 2\r\nContent-Length: {length}\r\nC: 3")), false),
        (framed(&format!("Content-Type: text\r\nContent-Length:{length}")), false),
        (format!("Content-Length: {length}\n\n{body}").into_bytes(), false),
        (framed("X-Only: 1"), true),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".to_vec(), true),
        (b"\r\n\r\n\r\n".to_vec(), false),
        (vec![b'x'; 1_000_000], false),
        (format!("Content-Length: {}\r\n\r\n{body}", length - 5).into_bytes(), true),
        (b"Content-Length: 5\r\n".repeat(1_000), false),
    ]
}

fn served(client: &mut Client, what: &str) {
    assert_eq!(client.entity(URI), "User", "after {what}");
}

#[test]
fn a_body_that_is_no_message_is_answered_and_left_behind() {
    let mut client = Client::start();
    client.open(URI, "entity: User\n");
    for (body, code) in bodies() {
        let shown = String::from_utf8_lossy(&body).chars().take(80).collect::<String>();
        client.send_bytes(format!("Content-Length: {}\r\n\r\n", body.len()).as_bytes());
        client.send_bytes(&body);
        if let Some(code) = code {
            assert_eq!(error(&mut client)["code"], code, "{shown}");
        }
        served(&mut client, &shown);
    }
}

#[test]
fn bytes_between_messages_are_left_behind() {
    let mut client = Client::start();
    client.open(URI, "entity: User\n");
    for (bytes, answered) in frames() {
        let shown = String::from_utf8_lossy(&bytes).chars().take(80).collect::<String>();
        client.send_bytes(&bytes);
        if answered {
            assert_eq!(error(&mut client)["code"], -32700, "{shown}");
        }
        served(&mut client, &shown);
    }
}

/// The next error that the server answers with.
fn error(client: &mut Client) -> Value {
    loop {
        let mut message = client.receive();
        if message.get("error").is_some() {
            return message["error"].take();
        }
    }
}

#[test]
fn a_message_that_is_too_large_is_left_behind() {
    let mut client = Client::start();
    client.open(URI, "entity: User\n");
    let text = "x".repeat(65 * 1024 * 1024);
    client.notify("a", json!(text));
    served(&mut client, "65 MiB");
}

#[test]
fn half_an_emoji_is_a_character() {
    let mut client = Client::start();
    client.open(URI, "entity: User\n");
    let lone = r#"{"jsonrpc":"2.0","method":"textDocument/didChange","params":{
        "textDocument":{"uri":"file:///user.yaml","version":2},
        "contentChanges":[{"text":"entity: U\ud83dser\n"}]}}"#;
    client.send_bytes(format!("Content-Length: {}\r\n\r\n{lone}", lone.len()).as_bytes());
    let rest = json!({ "line": 0, "character": 10 });
    let change = json!([{ "range": { "start": rest, "end": rest }, "text": "_" }]);
    client.change(URI, 3, change);
    assert_eq!(client.entity(URI), "U\u{fffd}_ser");
}
