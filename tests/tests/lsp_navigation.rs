//! What coding agents call beside definition, references and hover, in the protocol's terms: workspace
//! symbols, implementation, hierarchies, and answers in parts. What they answer is tested in `specql-ide`.

use serde_json::{Value, json};
use specql_tests::lsp_client::Client;

const ORDER: &str = "file:///order.yaml";
const USER: &str = "file:///user.yaml";

fn start(capabilities: &Value) -> Client {
    let mut client = Client::start_with(capabilities, &[]);
    let user = "entity: User\nfields:\n  name: text\nactions:\n  - name: greet\n    steps:\n      - update: User SET name = 'x'\n    cdc:\n      enabled: true\n      event_type: UserGreeted\n";
    client.open(USER, user);
    let order = "entity: Order\nfields:\n  total: integer\nactions:\n  - name: pay\n    steps:\n      - update: Order SET total = 0\n      - call: greet(id = id)\n";
    client.open(ORDER, order);
    client
}

fn at(uri: &str, line: u32, character: u32) -> Value {
    json!({
        "textDocument": { "uri": uri },
        "position": { "line": line, "character": character },
    })
}

fn range(line: u32, start: u32, end: u32) -> Value {
    json!({
        "start": { "line": line, "character": start },
        "end": { "line": line, "character": end },
    })
}

#[test]
fn symbols_are_found_in_all_files() {
    let mut client = start(&json!({}));
    let found = client.request("workspace/symbol", json!({ "query": "greet" }));
    assert_eq!(found[0]["name"], "greet");
    assert_eq!(found[0]["kind"], 6);
    assert_eq!(found[0]["containerName"], "User");
    assert_eq!(found[0]["location"], json!({ "uri": USER, "range": range(4, 10, 15) }));
    assert_eq!(found[1]["name"], "UserGreeted");
    assert_eq!(found.as_array().unwrap().len(), 2);
    let none = client.request("workspace/symbol", json!({ "query": "qqq" }));
    assert_eq!(none, json!([]));
}

#[test]
fn an_entity_is_implemented_by_its_table() {
    let mut client = start(&json!({ "workspace": { "textDocumentContent": {} } }));
    let found = client.request("textDocument/implementation", at(ORDER, 2, 4));
    let uri = found[0]["uri"].as_str().unwrap();
    assert!(uri.starts_with("specql-preview:/"), "{uri}");
    let content = client.request("workspace/textDocumentContent", json!({ "uri": uri }));
    let line = found[0]["range"]["start"]["line"].as_u64().unwrap();
    let line = content["text"].as_str().unwrap().lines().nth(line.try_into().unwrap()).unwrap();
    assert!(line.contains("total integer"), "{line}");
}

#[test]
fn without_previews_it_is_implemented_by_steps() {
    let mut client = start(&json!({}));
    let found = client.request("textDocument/implementation", at(ORDER, 0, 9));
    assert_eq!(found, json!([{ "uri": ORDER, "range": range(6, 8, 35) }]));
    assert_eq!(client.request("textDocument/implementation", at(ORDER, 3, 2)), Value::Null);
}

#[test]
fn calls_are_followed_in_both_directions() {
    let mut client = start(&json!({}));
    let item = client.request("textDocument/prepareCallHierarchy", at(ORDER, 7, 16))[0].take();
    assert_eq!((&item["name"], &item["uri"]), (&json!("greet"), &json!(USER)));
    let incoming = client.request("callHierarchy/incomingCalls", json!({ "item": item }));
    assert_eq!(incoming[0]["from"]["name"], "pay");
    assert_eq!(incoming[0]["fromRanges"], json!([range(7, 14, 19)]));
    let outgoing = client.request("callHierarchy/outgoingCalls", json!({ "item": item }));
    assert_eq!(outgoing[0]["to"]["name"], "UserGreeted");
    assert_eq!(outgoing[0]["fromRanges"], json!([range(9, 18, 29)]));
    let event = outgoing[0]["to"].clone();
    let publishers = client.request("callHierarchy/incomingCalls", json!({ "item": event }));
    assert_eq!(publishers[0]["from"]["name"], "greet");
    // A client may drop what it does not know.
    let mut bare = item;
    bare.as_object_mut().unwrap().remove("data");
    let again = client.request("callHierarchy/incomingCalls", json!({ "item": bare }));
    assert_eq!(again, incoming);
}

#[test]
fn entities_stand_above_those_that_refer_to_them() {
    let mut client = start(&json!({}));
    let tag = "file:///tag.yaml";
    client.open(tag, "entity: Tag\nfields:\n  owner: ref(User)\n");
    let item = client.request("textDocument/prepareTypeHierarchy", at(tag, 2, 14))[0].take();
    assert_eq!((&item["name"], &item["uri"]), (&json!("User"), &json!(USER)));
    let below = client.request("typeHierarchy/subtypes", json!({ "item": item }));
    assert_eq!(below[0]["uri"], tag);
    assert_eq!(below[0]["selectionRange"], range(0, 8, 11));
    let above = client.request("typeHierarchy/supertypes", json!({ "item": below[0] }));
    assert_eq!(above[0]["detail"], "public.User · by owner");
    let declared = client.request("textDocument/declaration", at(tag, 2, 14));
    assert_eq!(declared[0]["range"], range(0, 8, 12));
}

#[test]
fn a_hover_leads_to_the_declaration() {
    let hover = |markdown: bool, uri, line, character| {
        let formats = if markdown { json!(["markdown"]) } else { json!(["plaintext"]) };
        let hovers = json!({ "textDocument": { "hover": { "contentFormat": formats } } });
        let hover = start(&hovers).request("textDocument/hover", at(uri, line, character));
        hover["contents"]["value"].as_str().unwrap().to_owned()
    };
    let call = hover(true, ORDER, 7, 16);
    let link = "\n\nDeclared in [user.yaml:5](file:///user.yaml#L5,11)\n";
    assert!(call.ends_with(link), "{call}");
    let plain = hover(false, ORDER, 7, 16);
    assert!(plain.ends_with("\n\nDeclared in user.yaml:5\n"), "{plain}");
    // Not where it is declared.
    let own = hover(true, USER, 4, 12);
    assert!(!own.contains("Declared in"), "{own}");
}

/// Each action that publishes an event declares it, so none of them is said to be the one.
#[test]
fn an_event_is_declared_where_it_is_published() {
    let mut client = Client::start_with(&json!({}), &[]);
    let files = [("file:///a.yaml", "A"), ("file:///b.yaml", "B")];
    for (uri, entity) in files {
        let text = format!(
            "entity: {entity}\nactions:\n  - name: make_{entity}\n    steps:\n      - insert: {entity}\n    impact: {{primary: {{operation: CREATE}}}}\n    cdc: {{enabled: true, event_type: Made}}\n"
        );
        client.open(uri, &text);
    }
    for (here, other) in [(0, "b.yaml:7"), (1, "a.yaml:7")] {
        let hover = client.request("textDocument/hover", at(files[here].0, 6, 38));
        let said = hover["contents"]["value"].as_str().unwrap();
        assert!(said.ends_with(&format!("\n\nAlso published by {other}\n")), "{said}");
        assert!(!said.contains("Declared in"), "{said}");
    }
}

#[test]
fn long_answers_come_in_parts_when_a_client_asks_for_that() {
    let mut client = start(&json!({ "textDocument": { "diagnostic": {} } }));
    let fields: String = (0..700).map(|it| format!("  u{it}: ref(User)\n")).collect();
    client.open("file:///many.yaml", &format!("entity: Many\nfields:\n{fields}"));
    client.open("file:///wrong.yaml", "entity: Wrong\nfields:\n  a: txt\n");
    let ask = |client: &mut Client, method: &str, mut params: Value| {
        let whole = client.request(method, params.clone());
        params["partialResultToken"] = json!("part");
        let id = client.send_request(method, params);
        let mut parts = Vec::new();
        loop {
            let message = client.receive();
            if message["id"] == id && message.get("method").is_none() {
                return (whole, parts, message["result"].clone());
            }
            if message["method"] == "$/progress" && message["params"]["token"] == "part" {
                parts.push(message["params"]["value"].clone());
            }
        }
    };
    let mut references = at(USER, 0, 9);
    references["context"] = json!({ "includeDeclaration": true });
    let joined = |parts: &[Value]| -> Vec<Value> {
        parts.iter().flat_map(|it| it.as_array().unwrap().clone()).collect()
    };
    let (whole, parts, end) = ask(&mut client, "textDocument/references", references);
    assert!(parts.len() > 2 && end == json!([]), "{} parts, then {end}", parts.len());
    assert_eq!(json!(joined(&parts)), whole);
    let (whole, parts, end) = ask(&mut client, "workspace/symbol", json!({ "query": "u" }));
    assert!(end == json!([]) && json!(joined(&parts)) == whole, "{parts:?}");
    let all = json!({ "previousResultIds": [] });
    let (whole, parts, end) = ask(&mut client, "workspace/diagnostic", all);
    assert_eq!(end, json!({ "items": [] }));
    assert_eq!(parts, [whole]);
}
