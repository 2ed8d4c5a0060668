//! What is SpecQL's own beside the protocol, once: uses and lineage, the event flow, differences, the
//! document of what comes with the language, the server's status.

use serde_json::{Value, json};
use specql_tests::lsp_client::{Client, Folder};

const USER: &str = "file:///user.yaml";
const POST: &str = "file:///post.yaml";

fn at(uri: &str, line: u32, character: u32) -> Value {
    json!({
        "textDocument": { "uri": uri },
        "position": { "line": line, "character": character },
    })
}

/// A workspace of two entities, one of which changes and publishes the other.
const WRITTEN: &str = "entity: Post\nfields:\n  title: text\n  author: ref(User)\nactions:\n  - name: publish_post\n    steps:\n      - update: Post SET title = lower(title)\n      - update: User SET name = 'x' WHERE id = author.id\n    impact:\n      primary:\n        entity: Post\n        operation: UPDATE\n    cdc:\n      enabled: true\n      event_type: PostPublished\n      side_effect_events:\n        User: UserNamed\n";

fn start(capabilities: &Value) -> Client {
    let mut client = Client::start_with(capabilities, &[]);
    client.open(USER, "entity: User\nfields:\n  name: text\n");
    client.open(POST, WRITTEN);
    client
}

/// What is asked without a place is the action's SQL; a name that nothing has is nothing.
#[test]
fn a_named_action_is_previewed_without_a_place() {
    let mut client = start(&json!({}));
    let mut shown = |action: &str, artifact: Option<&str>| {
        let params = json!({ "uri": POST, "action": action, "artifact": artifact });
        client.request("specql/preview", params)["title"].clone()
    };
    assert_eq!(shown("publish_post", None), "Post.publish_post · action");
    assert_eq!(shown("publish_post", Some("effects")), "Post.publish_post · effects");
    assert_eq!(shown("publish_pots", None), Value::Null);
    // Clients write what is empty in several ways.
    assert!(client.request("specql/outline", json!({})).is_array());
}

/// A hover leads to the previews of the whole, in a client that asks for such documents.
#[test]
fn a_hover_links_to_previews() {
    let capabilities = json!({
        "textDocument": { "hover": { "contentFormat": ["markdown"] } },
        "workspace": { "textDocumentContent": {} },
    });
    let mut client = start(&capabilities);
    let hover = client.request("textDocument/hover", at(POST, 9, 5));
    let text = hover["contents"]["value"].as_str().unwrap_or_default().to_owned();
    let links: Vec<&str> = text.split("](specql-preview:").skip(1).collect();
    assert_eq!(links.len(), 2, "{text}");
    for link in links {
        let uri = format!("specql-preview:{}", link.split(')').next().unwrap_or_default());
        let content = client.request("workspace/textDocumentContent", json!({ "uri": uri }));
        let content = content["text"].as_str().unwrap_or_default();
        assert!(content.contains("UPDATE") && !content.contains("no longer"), "{content}");
    }
    let commands = json!({ "commands": { "commands": ["specql.preview"] }, "commandLinks": true });
    let mut trusting = start(&json!({ "experimental": commands, "textDocument": {} }));
    let hover = trusting.request("textDocument/hover", at(POST, 9, 5)).to_string();
    let link = "](command:specql.preview?%5B%7B%22uri%22%3A%22file%3A%2F%2F%2F";
    assert_eq!(hover.matches(link).count(), 2, "{hover}");
    let mut plain = start(&json!({}));
    let hover = plain.request("textDocument/hover", at(POST, 9, 5)).to_string();
    assert!(hover.contains("The whole: `specql-lsp preview") && !hover.contains("]("), "{hover}");
}

/// A configuration names files and folders as they are called after a rename, below a link too.
#[test]
fn a_renamed_file_is_renamed_in_the_configuration() {
    let folder = Folder::new(&[
        (
            "specql.config.yaml",
            "rules:\n  naming:\n    - {level: off, paths: [legacy/**, blog/post.yaml]}\n",
        ),
        ("blog/post.yaml", "entity: Post\nfields:\n  writer: ref(Nobody)\n"),
    ]);
    let mut client = Client::connect();
    let offered = client.initialize(&json!({}), &[&folder]);
    let filters = &offered["capabilities"]["workspace"]["fileOperations"]["willRename"]["filters"];
    assert_eq!(filters.as_array().map(Vec::len), Some(2), "{offered}");
    // Its finding says that the files were found.
    client.diagnostics(&folder.uri("blog/post.yaml"));
    let mut renamed = |pairs: &[(&str, &str)]| {
        let file =
            |it: &(&str, &str)| json!({ "oldUri": folder.uri(it.0), "newUri": folder.uri(it.1) });
        let files: Vec<Value> = pairs.iter().map(file).collect();
        client.request("workspace/willRenameFiles", json!({ "files": files }))
    };
    let edit = renamed(&[("blog/post.yaml", "blog/article.yaml"), ("legacy", "old/legacy")]);
    let edits = &edit["changes"][folder.uri("specql.config.yaml")];
    let texts: Vec<&str> =
        edits.as_array().unwrap().iter().flat_map(|it| it["newText"].as_str()).collect();
    assert_eq!(texts, ["old/legacy/**", "blog/article.yaml"]);
    assert_eq!(renamed(&[("blog/other.yaml", "x.yaml")]), Value::Null);
}

/// The lens of a document whose title begins so, once it is resolved.
#[expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a part of tests")]
fn resolved_lens(client: &mut Client, uri: &str, begin: &str) -> Value {
    let lenses = client.request("textDocument/codeLens", json!({ "textDocument": { "uri": uri } }));
    for lens in lenses.as_array().unwrap().clone() {
        if lens["command"].is_null() {
            let lens = client.request("codeLens/resolve", lens);
            if lens["command"]["title"].as_str().unwrap().contains(begin) {
                return lens;
            }
        }
    }
    panic!("no lens `{begin}` in {lenses}");
}

#[test]
fn lenses_count_uses_when_they_are_looked_at() {
    let mut client = start(&json!({}));
    let lens = resolved_lens(&mut client, USER, "reference");
    assert_eq!(lens["command"]["title"], "3 references: 1 written, 2 read");
    assert_eq!(lens["command"]["command"], "specql.showReferences");
    let uses = client.request("specql/references", lens["command"]["arguments"][0].clone());
    let accesses: Vec<&str> =
        uses.as_array().unwrap().iter().map(|it| it["access"].as_str().unwrap()).collect();
    assert_eq!(accesses, ["read", "write", "read", "declaration"]);
    assert_eq!(uses[1]["action"], "Post.publish_post");
    let lens = resolved_lens(&mut client, USER, "event");
    assert_eq!(lens["command"]["title"], "1 event");
    let events = client.request("specql/references", lens["command"]["arguments"][0].clone());
    assert_eq!(events[0]["event"], "UserNamed");
}

/// A client without the command is shown the one place, or a page with several.
#[test]
fn a_lens_of_uses_works_without_a_plugin() {
    let mut client = start(&json!({ "window": { "showDocument": { "support": true } } }));
    let mut click = |title: &str| {
        let lens = resolved_lens(&mut client, USER, title);
        let arguments = lens["command"]["arguments"].clone();
        let command = json!({ "command": "specql.showReferences", "arguments": arguments });
        client.requests.clear();
        let uses = client.request("workspace/executeCommand", command);
        assert!(uses.as_array().is_some_and(|it| !it.is_empty()));
        while client.requests.is_empty() {
            client.receive();
        }
        client.requests[0]["params"].clone()
    };
    let one = click("event");
    assert_eq!((&one["uri"], &one["selection"]["start"]["line"]), (&json!(POST), &json!(17)));
    let page = click("reference");
    let path = page["uri"].as_str().unwrap().strip_prefix("file://").unwrap();
    let text = std::fs::read_to_string(path).unwrap();
    assert!(
        text.starts_with("3 references: 1 written, 2 read\n\n/post.yaml:4:15: read: "),
        "{text}"
    );
}

#[test]
fn the_lineage_of_a_field_has_places() {
    let mut client = start(&json!({}));
    let place = json!({ "uri": POST, "position": { "line": 2, "character": 3 } });
    let lineage = client.request("specql/lineage", place.clone());
    assert_eq!((lineage["version"].as_u64(), &lineage["field"]), (Some(1), &json!("Post.title")));
    let roles: Vec<&str> =
        lineage["uses"].as_array().unwrap().iter().map(|it| it["role"].as_str().unwrap()).collect();
    assert_eq!(roles, ["declared", "written", "value"]);
    assert_eq!(lineage["flows"][0]["location"]["uri"], POST);
    let uses = client.request("specql/references", place);
    assert_eq!(uses[1]["role"], "written");
    let none = json!({ "uri": POST, "position": { "line": 0, "character": 9 } });
    assert_eq!(client.request("specql/lineage", none), Value::Null);
}

#[test]
fn the_event_flow_is_data_with_places_and_text() {
    let mut client = start(&json!({}));
    let flow = client.request("specql/eventFlow", json!({ "uri": USER }));
    let nodes = flow["nodes"].as_array().unwrap();
    let node = |label: &str| nodes.iter().position(|it| it["label"] == label).unwrap();
    let (action, event) = (node("public.Post.publish_post"), node("PostPublished v1"));
    assert_eq!(nodes[event]["kind"], "event");
    assert_eq!(nodes[event]["location"]["range"]["start"]["line"], 15);
    let edges = flow["edges"].as_array().unwrap();
    assert!(edges.iter().any(|it| it["from"] == action && it["to"] == event), "{flow}");
    assert!(flow["mermaid"].as_str().unwrap().contains("flowchart LR"));
    assert!(flow["dot"].as_str().unwrap().starts_with("digraph"));
    let mut empty = Client::start();
    empty.open(USER, "entity: User\n");
    assert_eq!(empty.request("specql/eventFlow", json!({ "uri": USER })), Value::Null);
}

#[test]
fn what_comes_with_the_language_has_a_document() {
    let at_function = at(POST, 7, 34);
    let mut client = start(&json!({
        "workspace": { "textDocumentContent": {} },
        "textDocument": { "definition": { "linkSupport": true } },
    }));
    let link = client.request("textDocument/definition", at_function.clone())[0].take();
    let uri = link["targetUri"].as_str().unwrap();
    assert!(uri.starts_with("specql-builtin:/"), "{link}");
    let content = client.request("workspace/textDocumentContent", json!({ "uri": uri }));
    let line = link["targetRange"]["start"]["line"].as_u64().unwrap();
    let text = content["text"].as_str().unwrap();
    assert_eq!(text.lines().nth(line.try_into().unwrap()), Some("### `lower`"));
    let of_type = client.request("textDocument/typeDefinition", at(POST, 2, 3));
    let line = of_type[0]["range"]["start"]["line"]
        .as_u64()
        .or(of_type["range"]["start"]["line"].as_u64());
    assert_eq!(
        text.lines().nth(line.unwrap().try_into().unwrap()),
        Some("### `text`"),
        "{of_type}"
    );
    // Without such documents it is a file.
    let mut client = start(&json!({}));
    let found = client.request("textDocument/definition", at_function);
    let uri = found[0]["uri"].as_str().or(found["uri"].as_str()).unwrap();
    let path = uri.strip_prefix("file://").unwrap().replace("%20", " ");
    assert_eq!(std::fs::read_to_string(path).unwrap(), text);
}

#[test]
fn clients_that_ask_are_told_how_the_server_is() {
    let folder = Folder::new(&[("user.yaml", "entity: User\n")]);
    let wanted = json!({ "experimental": { "serverStatusNotification": true } });
    let mut client = Client::start_with(&wanted, &[&folder]);
    loop {
        let status = client.notification("specql/status")["params"].take();
        if status["quiescent"] == true {
            let expected = json!({ "health": "ok", "quiescent": true, "indexing": false, "workspaces": 1, "files": 1 });
            assert_eq!(status, expected);
            break;
        }
    }
}

#[test]
fn an_artifact_is_compared_with_the_file_that_it_was_moved_from() {
    let folder = Folder::new(&[("user.yaml", "entity: User\nfields:\n  one: text\n")]);
    folder.git(&["init", "-q", "-b", "main"]);
    folder.git(&["add", "-A"]);
    folder.git(&["commit", "-q", "-m", "one"]);
    folder.remove("user.yaml");
    let moved = "entity: User\nfields:\n  one: text\n  two: text\n";
    folder.write("people/person.yaml", moved);
    let mut client = Client::start_in(&[&folder]);
    let uri = folder.uri("people/person.yaml");
    client.open(&uri, moved);
    let table = |client: &mut Client| {
        let params = json!({ "uri": uri, "artifact": "table", "from": "HEAD" });
        client.request("specql/diff", params)
    };
    let diff = table(&mut client);
    assert!(diff["from"]["text"].as_str().unwrap().contains(" one "), "{diff}");
    assert!(!diff["from"]["text"].as_str().unwrap().contains(" two "), "{diff}");
    // An entity that says what it was called is compared with that.
    let renamed = format!("{moved}was: User\n").replace("entity: User", "entity: Person");
    client.change(&uri, 2, json!([{ "text": renamed }]));
    let diff = table(&mut client);
    assert!(diff["from"]["text"].as_str().unwrap().contains("tb_user"), "{diff}");
    assert!(diff["to"]["text"].as_str().unwrap().contains("tb_person"), "{diff}");
}

/// What the last commit has may have rows in a database: their former name is offered, to be confirmed.
#[test]
fn a_rename_offers_the_name_of_before_for_what_is_committed() {
    let folder = Folder::new(&[("user.yaml", "entity: User\nfields:\n  one: text\n")]);
    folder.git(&["init", "-q", "-b", "main"]);
    folder.git(&["add", "-A"]);
    folder.git(&["commit", "-q", "-m", "one"]);
    let asks = json!({
        "workspace": { "workspaceEdit": { "documentChanges": true, "changeAnnotationSupport": {} } },
    });
    for (capabilities, offers) in [(asks, true), (json!({}), false)] {
        let mut client = Client::start_with(&capabilities, &[&folder]);
        let uri = folder.uri("user.yaml");
        client.open(&uri, "entity: User\nfields:\n  one: text\n  two: text\n");
        let mut offered = |line: u32, character: u32| {
            let mut place = at(&uri, line, character);
            place["newName"] = json!("Other");
            let edit = client.request("textDocument/rename", place);
            let edits = edit["documentChanges"][0]["edits"].as_array().cloned();
            let asked = edits.unwrap_or_default().into_iter();
            let asked: Vec<Value> = asked.filter(|it| !it["annotationId"].is_null()).collect();
            for it in &asked {
                let annotation = &edit["changeAnnotations"][it["annotationId"].as_str().unwrap()];
                assert_eq!(annotation["needsConfirmation"], true, "{edit}");
            }
            asked.into_iter().map(|it| it["newText"].clone()).collect::<Vec<_>>()
        };
        let field = json!("{type: text, was: one}");
        assert_eq!(offered(2, 3), if offers { vec![field] } else { vec![] });
        let entity = json!("\nwas: User");
        assert_eq!(offered(0, 9), if offers { vec![entity] } else { vec![] });
        // Nothing holds what was never committed.
        assert_eq!(offered(3, 3), [Value::Null; 0]);
    }
}

#[test]
fn an_artifact_is_compared_with_what_was_saved_and_with_a_revision() {
    let folder = Folder::new(&[("user.yaml", "entity: User\nfields:\n  one: text\n")]);
    let git = |arguments: &[&str]| folder.git(arguments);
    git(&["init", "-q", "-b", "main"]);
    git(&["add", "-A"]);
    git(&["commit", "-q", "-m", "one"]);
    git(&["switch", "-q", "-c", "work"]);
    folder.write("user.yaml", "entity: User\nfields:\n  two: text\n");
    git(&["commit", "-q", "-a", "-m", "two"]);
    folder.write("user.yaml", "entity: User\nfields:\n  three: text\n");
    let mut client = Client::start_in(&[&folder]);
    let uri = folder.uri("user.yaml");
    client.open(&uri, "entity: User\nfields:\n  four: text\n");
    for (from, word) in [("mergeBase", "one"), ("main", "one"), ("HEAD", "two"), ("disk", "three")]
    {
        let params = json!({ "uri": uri, "artifact": "table", "from": from });
        let diff = client.request("specql/diff", params);
        let text = |it: &Value| it["text"].as_str().unwrap().to_owned();
        assert!(text(&diff["from"]).contains(&format!(" {word} ")), "{from}: {diff}");
        assert!(text(&diff["to"]).contains(" four "), "{from}: {diff}");
        let patch = diff["diff"].as_str().unwrap();
        assert!(patch.starts_with(&format!("--- {from}\n+++ buffer\n@@ ")), "{patch}");
    }
    let same = json!({ "uri": uri, "artifact": "table", "from": "buffer" });
    assert_eq!(client.request("specql/diff", same)["diff"], "");
    let none = json!({ "uri": uri, "from": "no-such-revision" });
    let error = client.request("specql/diff", none)["error"].take();
    assert_eq!(error["code"], -32803);
    assert!(error["message"].as_str().unwrap().contains("no-such-revision"), "{error}");
}

/// A person switches lenses and hints off in the editor: asked for where the client can be asked, taken as
/// it is told elsewhere.
#[test]
fn what_a_person_sets_is_asked_for_and_taken_as_it_is_told() {
    let mut client = start(&json!({}));
    let lenses = |client: &mut Client| {
        let params = json!({ "textDocument": { "uri": POST } });
        client.request("textDocument/codeLens", params).as_array().map_or(0, Vec::len)
    };
    assert!(lenses(&mut client) > 0);
    let off = json!({ "codeLens": { "enabled": false } });
    let told = |section: &Value| json!({ "settings": { "specql": section } });
    client.notify("workspace/didChangeConfiguration", told(&off));
    assert_eq!(lenses(&mut client), 0);
    client.notify("workspace/didChangeConfiguration", told(&json!({})));
    assert!(lenses(&mut client) > 0);

    let capabilities = json!({
        "workspace": {
            "configuration": true,
            "didChangeConfiguration": { "dynamicRegistration": true },
            "codeLens": { "refreshSupport": true },
        },
    });
    let mut asked = Client::connect();
    asked.settings = json!([off]);
    asked.initialize(&capabilities, &[]);
    asked.open(POST, WRITTEN);
    // Lenses are made anew for files that are found as well: what counts is the one behind the answer.
    let refreshed = |client: &mut Client, answers: usize| loop {
        let is_refresh = client.receive()["method"] == "workspace/codeLens/refresh";
        let is_question = |it: &&Value| it["method"] == "workspace/configuration";
        if is_refresh && client.requests.iter().filter(is_question).count() >= answers {
            break;
        }
    };
    refreshed(&mut asked, 1);
    assert_eq!(lenses(&mut asked), 0);
    asked.settings = json!([null]);
    asked.notify("workspace/didChangeConfiguration", json!({ "settings": null }));
    refreshed(&mut asked, 2);
    assert!(lenses(&mut asked) > 0);
    let registered = asked.requests.iter().find(|it| it["method"] == "client/registerCapability");
    let registered = &registered.expect("a registration")["params"]["registrations"][0];
    assert_eq!(registered["method"], "workspace/didChangeConfiguration", "{registered}");
}
