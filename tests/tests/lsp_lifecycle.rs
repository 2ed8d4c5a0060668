//! How a session begins and ends, in memory and over the real process.

use serde_json::{Value, json};
use specql_tests::lsp_client::Client;

#[test]
fn an_orderly_shutdown_exits_with_0() {
    let mut client = Client::start();
    assert_eq!(client.request("shutdown", Value::Null), Value::Null);
    client.notify("exit", Value::Null);
    assert_eq!(client.exit_code(), 0);
}

#[test]
fn an_exit_without_shutdown_exits_with_1() {
    let mut client = Client::start();
    client.notify("exit", Value::Null);
    assert_eq!(client.exit_code(), 1);
}

#[test]
fn a_client_that_goes_away_ends_the_server_with_1() {
    assert_eq!(Client::start().hang_up(), 1);
    assert_eq!(Client::connect().hang_up(), 1);
    let mut cut_off = Client::start();
    cut_off.send_bytes(b"Content-Length: 100\r\n\r\n{\"jsonrpc\"");
    assert_eq!(cut_off.hang_up(), 1);
}

#[cfg(unix)]
#[test]
fn a_client_that_dies_ends_the_server_though_its_streams_stay_open() {
    let mut editor = std::process::Command::new("sleep").arg("100").spawn().unwrap();
    let mut client = Client::connect();
    let params = json!({ "processId": editor.id(), "capabilities": {} });
    client.request("initialize", params);
    client.open("file:///user.yaml", "entity: User\n");
    assert_eq!(client.entity("file:///user.yaml"), "User");
    editor.kill().unwrap();
    editor.wait().unwrap();
    assert_eq!(client.exit_code(), 1);

    // One that is not of this machine is not missed.
    let mut client = Client::connect();
    let gone = json!({ "processId": editor.id(), "capabilities": {} });
    client.request("initialize", gone);
    std::thread::sleep(std::time::Duration::from_millis(700));
    client.open("file:///user.yaml", "entity: User\n");
    assert_eq!(client.entity("file:///user.yaml"), "User");
}

#[test]
fn an_unknown_request_is_an_error_and_an_unknown_notification_is_nothing() {
    let mut client = Client::start();
    client.notify("specql/nonsense", json!({}));
    client.notify("$/setTrace", json!({ "value": "verbose" }));
    client.notify("textDocument/didOpen", json!({ "nonsense": true }));
    let answer = client.request("specql/nonsense", json!({}));
    assert_eq!(answer["error"]["code"], -32601);
    let answer = client.request("textDocument/hover", json!({ "nonsense": true }));
    assert_eq!(answer["error"]["code"], -32602);
}

#[test]
fn a_client_that_traces_is_told_of_its_messages() {
    let mut client = Client::start();
    client.open("file:///user.yaml", "entity: User\n");
    client.notify("$/setTrace", json!({ "value": "messages" }));
    let hover = json!({
        "textDocument": { "uri": "file:///user.yaml" }, "position": { "line": 0, "character": 9 },
    });
    client.request("textDocument/hover", hover.clone());
    let told = client.notification("$/logTrace");
    let message = told["params"]["message"].as_str().expect("a text");
    assert!(message.starts_with("textDocument/hover (") && message.ends_with(" ms"), "{message}");
    assert!(told["params"]["verbose"].is_null(), "{told}");

    client.notify("$/setTrace", json!({ "value": "verbose" }));
    client.open("file:///post.yaml", &format!("entity: Post\n# {}\n", "ä".repeat(2_000)));
    let mut told = client.notification("$/logTrace");
    while !told["params"]["message"].as_str().is_some_and(|it| it.contains("didOpen taken")) {
        told = client.notification("$/logTrace");
    }
    let verbose = told["params"]["verbose"].as_str().expect("the parameters");
    assert!(verbose.contains("entity: Post") && verbose.len() <= 2_000, "{verbose}");

    client.notify("$/setTrace", json!({ "value": "off" }));
    client.entity("file:///post.yaml");
    let asked = client.send_request("textDocument/hover", hover);
    let mut said = client.receive();
    while said["id"] != asked {
        assert_ne!(said["method"], "$/logTrace", "{said}");
        said = client.receive();
    }
}

#[test]
fn requests_are_refused_before_the_session_begins_and_after_it_ends() {
    let mut client = Client::connect();
    let early = client.request("textDocument/hover", json!({}));
    assert_eq!(early["error"]["code"], -32002);
    client.initialize(&json!({}), &[]);
    let twice = client.request("initialize", json!({ "capabilities": {} }));
    assert_eq!(twice["error"]["code"], -32600);
    client.request("shutdown", Value::Null);
    let late = client.request("textDocument/hover", json!({}));
    assert_eq!(late["error"]["code"], -32600);
    client.notify("exit", Value::Null);
    assert_eq!(client.exit_code(), 0);
}

#[test]
fn what_follows_initialize_at_once_is_served() {
    let mut client = Client::connect();
    let initialize = client.send_request("initialize", json!({ "capabilities": {} }));
    client.notify("initialized", json!({}));
    client.open("untitled:A", "entity: User\n");
    let symbols = client.ask_symbols("untitled:A");
    assert!(client.answer(initialize)["capabilities"].is_object());
    assert_eq!(client.answer(symbols)[0]["name"], "User");
}

#[test]
fn the_encoding_is_utf_8_when_the_client_knows_it() {
    for (known, chosen) in [
        (json!(["utf-16", "utf-8"]), "utf-8"),
        (json!(["utf-32", "utf-16"]), "utf-16"),
        (json!(["utf-32"]), "utf-32"),
        (json!(["ebcdic"]), "utf-16"),
        (json!([]), "utf-16"),
    ] {
        let mut client = Client::connect();
        let capabilities = json!({ "general": { "positionEncodings": known } });
        let answer = client.initialize(&capabilities, &[]);
        assert_eq!(answer["capabilities"]["positionEncoding"], chosen, "{known}");
    }
}

#[test]
fn a_client_with_a_command_of_its_own_is_not_offered_it() {
    let offered = |experimental: Value| {
        let capabilities = json!({ "experimental": experimental });
        let mut answer = Client::connect().initialize(&capabilities, &[]);
        answer["capabilities"]["executeCommandProvider"]["commands"].take()
    };
    let both = json!(["specql.preview", "specql.showReferences"]);
    assert_eq!(offered(json!({})), both);
    let own = json!({ "commands": { "commands": ["specql.preview"] } });
    assert_eq!(offered(own), json!(["specql.showReferences"]));
    assert_eq!(offered(json!({ "commands": { "commands": both } })), Value::Null);
}

#[test]
fn the_binary_serves_a_session() {
    let mut client = Client::connect_to_binary();
    let answer = client.initialize(&json!({}), &[]);
    assert_eq!(answer["serverInfo"]["name"], "specql-lsp");
    client.send_bytes(b"garbage");
    client.open("file:///user.yaml", "entity: User\n");
    assert_eq!(client.entity("file:///user.yaml"), "User");
    client.request("shutdown", Value::Null);
    client.notify("exit", Value::Null);
    assert_eq!(client.exit_code(), 0);

    let mut client = Client::connect_to_binary();
    client.initialize(&json!({}), &[]);
    client.notify("exit", Value::Null);
    assert_eq!(client.exit_code(), 1);
    assert_eq!(Client::connect_to_binary().hang_up(), 1);
}
