//! Edits are applied in the order in which they arrive, whatever else goes on.

use serde_json::{Value, json};
use specql_tests::lsp_client::Client;
use std::time::Instant;

const URI: &str = "file:///user.yaml";
const EDITS: usize = 50_000;
/// Edits between two requests.
const STRIDE: usize = 500;

fn position(character: usize) -> Value {
    json!({ "line": 0, "character": character })
}

#[test]
fn every_request_sees_the_edits_before_it_and_no_other() {
    let mut client = Client::start();
    client.open(URI, "entity: E0\n");
    client.hold();
    let (mut length, mut expected) = ("E0".len(), Vec::new());
    for number in 1..=EDITS {
        let name = format!("E{number}");
        let range = json!({ "start": position(8), "end": position(8 + length) });
        length = name.len();
        client.change(URI, 1, json!([{ "range": range, "text": name }]));
        if number % STRIDE == 0 {
            expected.push((client.ask_symbols(URI), name));
        }
    }
    let begun = Instant::now();
    client.release();
    for (id, name) in expected {
        assert_eq!(client.answer(id)[0]["name"], *name);
    }
    println!("{EDITS} edits in {:?}", begun.elapsed());
}

#[test]
fn a_cancelled_request_is_answered_once() {
    let mut client = Client::start();
    client.open(URI, "entity: User\n");
    for _ in 0..200 {
        let id = client.ask_symbols(URI);
        client.notify("$/cancelRequest", json!({ "id": id }));
        let answer = client.answer(id);
        assert!(answer[0]["name"] == "User" || answer["error"]["code"] == -32800, "{answer}");
    }
    client.notify("$/cancelRequest", json!({ "id": "never asked" }));
    assert_eq!(client.entity(URI), "User");
}
