//! Every feature in the protocol's terms, once. What they answer is tested in `specql-ide`.

use serde_json::{Value, json};
use specql_tests::lsp_client::Client;

const USER: &str = "file:///user.yaml";
const POST: &str = "file:///post.yaml";

fn capabilities() -> Value {
    json!({
        "workspace": { "workspaceEdit": { "documentChanges": true }, "textDocumentContent": {} },
        "textDocument": {
            "documentSymbol": { "hierarchicalDocumentSymbolSupport": true },
            "definition": { "linkSupport": true },
        },
    })
}

fn start(capabilities: &Value) -> Client {
    let mut client = Client::start_with(capabilities, &[]);
    client.open(USER, "entity: User\nfields:\n  name: text\n");
    client.open(POST, "entity: Post\nfields:\n  author: ref(Usr)\n  editor: ref(User)\n");
    client
}

fn at(uri: &str, line: u32, character: u32) -> Value {
    json!({
        "textDocument": { "uri": uri },
        "position": { "line": line, "character": character },
    })
}

#[test]
fn a_hover_says_what_it_is_about() {
    let mut client = start(&capabilities());
    let hover = client.request("textDocument/hover", at(USER, 0, 9));
    assert_eq!(hover["contents"]["kind"], "markdown");
    assert!(hover["contents"]["value"].as_str().unwrap().contains("User"), "{hover}");
    assert_eq!(hover["range"]["start"], json!({ "line": 0, "character": 8 }));
    assert_eq!(client.request("textDocument/hover", at("file:///none.yaml", 0, 0)), Value::Null);
}

#[test]
fn a_definition_leads_to_another_file() {
    let place = at(POST, 3, 16);
    let target = start(&capabilities()).request("textDocument/definition", place.clone());
    assert_eq!(target[0]["targetUri"], USER);
    let name = json!({
        "start": { "line": 0, "character": 8 },
        "end": { "line": 0, "character": 12 },
    });
    assert_eq!(target[0]["targetSelectionRange"], name);
    let target = start(&json!({})).request("textDocument/definition", place);
    assert_eq!(target, json!([{ "uri": USER, "range": name }]));
}

#[test]
fn a_completion_replaces_what_is_half_typed() {
    let mut client = start(&capabilities());
    // Answered when all files are known.
    client.request("textDocument/hover", at(USER, 0, 9));
    let list = client.request("textDocument/completion", at(POST, 2, 16));
    assert_eq!(list["isIncomplete"], false);
    let item = list["items"].as_array().unwrap().iter().find(|it| it["label"] == "User").unwrap();
    assert_eq!(item["textEdit"]["range"]["start"], json!({ "line": 2, "character": 14 }));
    assert!(item["documentation"]["value"].is_string());
}

#[test]
fn documentation_comes_when_a_proposal_is_looked_at() {
    let mut asked = capabilities();
    asked["textDocument"]["completion"] =
        json!({ "completionItem": { "resolveSupport": { "properties": ["documentation"] } } });
    let mut client = start(&asked);
    let list = client.request("textDocument/completion", at(POST, 2, 16));
    let item = list["items"].as_array().unwrap().iter().find(|it| it["label"] == "User").unwrap();
    assert_eq!(item["documentation"], Value::Null);
    let resolved = client.request("completionItem/resolve", item.clone());
    assert!(resolved["documentation"]["value"].as_str().unwrap().contains("`name`"), "{resolved}");
}

fn fixes(client: &mut Client, only: &Value) -> Vec<Value> {
    let place = json!({ "line": 2, "character": 15 });
    let params = json!({
        "textDocument": { "uri": POST },
        "range": { "start": place, "end": place },
        "context": { "diagnostics": [], "only": only },
    });
    client.request("textDocument/codeAction", params).as_array().cloned().unwrap_or_default()
}

#[test]
fn a_fix_names_its_finding_and_the_version_it_is_for() {
    let mut client = start(&capabilities());
    let fixes = fixes(&mut client, &json!(["quickfix"]));
    let fix = fixes.first().unwrap();
    assert_eq!(fix["kind"], "quickfix");
    assert_eq!(fix["diagnostics"][0]["code"], "unknown-entity");
    let edit = &fix["edit"]["documentChanges"][0];
    assert_eq!(edit["textDocument"], json!({ "uri": POST, "version": 1 }));
    assert_eq!(edit["edits"][0]["newText"], "User");
}

#[test]
fn fixes_come_in_the_kinds_and_the_form_the_client_takes() {
    let mut client = start(&json!({}));
    let fix = fixes(&mut client, &Value::Null).remove(0);
    assert_eq!(fix["edit"]["changes"][POST][0]["newText"], "User");
    assert!(fixes(&mut client, &json!(["source.organizeImports"])).is_empty());
    assert_eq!(fixes(&mut client, &json!([""])).len(), fixes(&mut client, &Value::Null).len());
}

#[test]
fn an_outline_is_nested_when_the_client_can() {
    let params = json!({ "textDocument": { "uri": USER } });
    let nested = start(&capabilities()).request("textDocument/documentSymbol", params.clone());
    assert_eq!(nested[0]["name"], "User");
    assert_eq!(nested[0]["selectionRange"]["start"], json!({ "line": 0, "character": 8 }));
    let flat = start(&json!({})).request("textDocument/documentSymbol", params);
    assert_eq!(flat[0]["location"]["uri"], USER);
}

#[test]
fn a_lens_opens_a_preview_that_follows_its_source() {
    let mut client = start(&capabilities());
    let params = json!({ "textDocument": { "uri": USER } });
    let lens = client.request("textDocument/codeLens", params)[0].take();
    assert_eq!(lens["command"]["command"], "specql.preview");
    let command = json!({ "command": "specql.preview", "arguments": lens["command"]["arguments"] });
    let preview = client.request("workspace/executeCommand", command);
    let asked = client.request("specql/preview", lens["command"]["arguments"][0].clone());
    assert_eq!(preview, asked);
    assert_eq!(preview["language"], "sql");

    let document = json!({ "uri": preview["uri"] });
    let content = client.request("workspace/textDocumentContent", document.clone());
    assert_eq!(content["text"], preview["text"]);
    client.change(USER, 2, json!([{ "text": "entity: User\nfields:\n  email: text\n" }]));
    while client.receive()["method"] != "workspace/textDocumentContent/refresh" {}
    assert_eq!(client.requests.last().unwrap()["params"], document);
    let newer = client.request("workspace/textDocumentContent", document);
    assert_ne!(newer["text"], content["text"]);
}

/// A preview as large as this waits for a pause in the typing, and then it follows.
#[test]
fn a_large_preview_follows_too() {
    let mut client = start(&capabilities());
    let fields: String = (0..4_000).map(|it| format!("  some_field_{it}: text\n")).collect();
    let text = |last: &str| format!("entity: User\nfields:\n{fields}  {last}: text\n");
    client.change(USER, 2, json!([{ "text": text("first") }]));
    let preview = client.request("specql/preview", json!({ "uri": USER, "artifact": "table" }));
    let document = json!({ "uri": preview["uri"] });
    let content = client.request("workspace/textDocumentContent", document.clone());
    assert!(content["text"].as_str().unwrap().len() > 256 * 1024);
    for (version, name) in (3..).zip(["sec", "seco", "second"]) {
        client.change(USER, version, json!([{ "text": text(name) }]));
    }
    assert!(refreshed(&mut client, &document).contains("    second text"));
}

const ACTION: &str = "entity: User\nfields:\n  name: text\nactions:\n  - name: rename_user\n    steps:\n      - update: User SET name = 'a' WHERE id = input.id\n";

/// The text of a preview's document after it was said to be another.
#[expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a part of tests")]
fn refreshed(client: &mut Client, document: &Value) -> String {
    while client.receive()["method"] != "workspace/textDocumentContent/refresh" {}
    let content = client.request("workspace/textDocumentContent", document.clone());
    content["text"].as_str().unwrap().to_owned()
}

#[test]
fn a_preview_follows_an_action_that_is_renamed_and_says_when_it_is_gone() {
    let mut client = start(&capabilities());
    client.change(USER, 2, json!([{ "text": ACTION }]));
    let params = json!({ "uri": USER, "action": "rename_user", "artifact": "action" });
    let document = json!({ "uri": client.request("specql/preview", params)["uri"] });
    let content = client.request("workspace/textDocumentContent", document.clone());
    assert!(content["text"].as_str().unwrap().contains("fn_rename_user"));
    // Letter by letter, as a name is typed; in between there is none.
    for (version, name) in (3..).zip(["rename_use", "", "c", "call", "call_user"]) {
        let text = ACTION.replace("rename_user", name);
        client.change(USER, version, json!([{ "text": text }]));
        if !name.is_empty() {
            let text = refreshed(&mut client, &document);
            assert!(text.contains(&format!("fn_{name}(")), "{name}: {text}");
        }
    }
    // A place in it leads to where the action is written now.
    let asked = client.request("workspace/textDocumentContent", document.clone());
    let text = asked["text"].as_str().unwrap();
    let line = text.lines().position(|it| it.contains("UPDATE public.tb_user")).unwrap();
    let place = json!({ "uri": document["uri"], "position": { "line": line, "character": 20 } });
    let back = client.request("specql/sourceMap", place.clone());
    assert_eq!(back["ranges"][0]["start"]["line"], 6, "{back}");
    // Right behind an edit too, before the document was shown by its new name.
    let renamed = ACTION.replace("rename_user", "named_user");
    client.change(USER, 8, json!([{ "text": renamed }]));
    let back = client.request("specql/sourceMap", place);
    assert_eq!(back["ranges"][0]["start"]["line"], 6, "{back}");
    client.change(USER, 9, json!([{ "text": ACTION.replace("rename_user", "call_user") }]));
    // The client may have been told already, between the question and its answer.
    let content = client.request("workspace/textDocumentContent", document.clone());
    assert!(content["text"].as_str().unwrap().contains("fn_call_user("));
    // Another action before it, and it is followed; without it, its page says so.
    let two = ACTION
        .replace("  - name: rename_user", "  - name: other\n    steps: []\n  - name: call_user");
    client.change(USER, 10, json!([{ "text": two }]));
    client.change(USER, 11, json!([{ "text": two.replace("'a'", "'b'") }]));
    assert!(refreshed(&mut client, &document).contains("fn_call_user("));
    client.change(USER, 12, json!([{ "text": "entity: User\nactions:\n  - name: other\n" }]));
    let gone = "-- the action `rename_user` is no longer";
    assert!(refreshed(&mut client, &document).starts_with(gone));
    // And again what it was when the action comes back; gone with its file.
    client.change(USER, 13, json!([{ "text": two }]));
    assert!(refreshed(&mut client, &document).contains("fn_call_user("));
    client.close(USER);
    assert!(refreshed(&mut client, &document).starts_with(gone));
}

/// What the client is asked to show after a click on the first lens.
#[expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a part of tests")]
fn shown(content: bool) -> (Value, Value) {
    let mut capabilities = json!({ "window": { "showDocument": { "support": true } } });
    if content {
        capabilities["workspace"] = json!({ "textDocumentContent": {} });
    }
    let mut client = start(&capabilities);
    let params = json!({ "textDocument": { "uri": USER } });
    let lens = client.request("textDocument/codeLens", params)[0].take();
    let command = json!({ "command": "specql.preview", "arguments": lens["command"]["arguments"] });
    let preview = client.request("workspace/executeCommand", command);
    while !client.requests.iter().any(|it| it["method"] == "window/showDocument") {
        client.receive();
    }
    let request = client.requests.iter().find(|it| it["method"] == "window/showDocument");
    (preview, request.unwrap()["params"]["uri"].clone())
}

#[test]
fn a_lens_opens_its_preview_in_a_client_without_a_plugin() {
    let (preview, uri) = shown(true);
    assert_eq!(uri, preview["uri"]);
    let (preview, uri) = shown(false);
    let path = uri.as_str().unwrap().strip_prefix("file://").unwrap();
    assert_eq!(std::fs::read_to_string(path).unwrap(), preview["text"]);
    std::fs::remove_file(path).unwrap();
}

#[test]
fn what_is_no_preview_is_an_error() {
    let mut client = start(&capabilities());
    let content =
        client.request("workspace/textDocumentContent", json!({ "uri": "specql-preview:/x" }));
    assert_eq!(content["error"]["code"], -32602);
    let unknown =
        client.request("workspace/executeCommand", json!({ "command": "specql.nothing" }));
    assert_eq!(unknown["error"]["code"], -32602);
    let params = json!({ "uri": USER, "artifact": "nonsense" });
    assert_eq!(client.request("specql/preview", params), Value::Null);
}

#[test]
fn references_are_found_and_highlighted() {
    let mut client = start(&capabilities());
    let mut place = at(USER, 0, 9);
    place["context"] = json!({ "includeDeclaration": false });
    let found = client.request("textDocument/references", place.clone());
    assert_eq!(found.as_array().unwrap().len(), 1, "{found}");
    assert_eq!(found[0]["uri"], POST);
    place["context"] = json!({ "includeDeclaration": true });
    let found = client.request("textDocument/references", place);
    assert_eq!(found.as_array().unwrap().len(), 2, "{found}");
    let found = client.request("textDocument/documentHighlight", at(USER, 0, 9));
    assert_eq!(found[0]["range"]["start"], json!({ "line": 0, "character": 8 }));
    let types = client.request("textDocument/typeDefinition", at(POST, 3, 3));
    assert_eq!(types[0]["uri"], USER);
}

#[test]
fn a_rename_changes_all_files_or_says_why_not() {
    let mut client = start(&capabilities());
    let prepared = client.request("textDocument/prepareRename", at(POST, 3, 16));
    assert_eq!(prepared["placeholder"], "User");
    let mut place = at(POST, 3, 16);
    place["newName"] = json!("Person");
    let edit = client.request("textDocument/rename", place.clone());
    assert_eq!(edit["documentChanges"].as_array().unwrap().len(), 2, "{edit}");
    place["newName"] = json!("Post");
    let id = client.send_request("textDocument/rename", place);
    let error = loop {
        let message = client.receive();
        if message["id"] == id {
            break message["error"].clone();
        }
    };
    assert_eq!(error["code"], -32803);
    assert!(error["message"].as_str().unwrap().contains("already"), "{error}");
}

/// What others read by its text is confirmed, or said.
#[test]
fn texts_that_are_built_from_a_name_follow_it() {
    let text = "entity: User\nschema: crm\nfields:\n  name: text\nactions:\n  - name: block_user\n    steps:\n      - update: User SET name = 'x'\n    impact:\n      primary: {entity: User, operation: UPDATE, collection: blockedUsers}\n    cdc: {enabled: true, event_type: UserBlocked, topic: crm.User}\n";
    let renamed = |support: Value| {
        let mut all = capabilities();
        all["workspace"]["workspaceEdit"]["changeAnnotationSupport"] = support;
        let mut client = start(&all);
        client.change(USER, 2, json!([{ "text": text }]));
        let mut place = at(USER, 0, 9);
        place["newName"] = json!("Member");
        let edit = client.request("textDocument/rename", place);
        let said = client.notification("window/showMessage")["params"]["message"].clone();
        (edit, said.as_str().unwrap_or_default().to_owned())
    };
    let own = |edit: &Value| -> Vec<Value> {
        let files = edit["documentChanges"].as_array().unwrap();
        let own = files.iter().find(|it| it["textDocument"]["uri"] == USER).unwrap();
        own["edits"].as_array().unwrap().clone()
    };
    let (edit, said) = renamed(json!({}));
    let about = |edits: &[Value], id: &str| -> Vec<String> {
        let found = edits.iter().filter(|it| it["annotationId"] == id);
        found.map(|it| it["newText"].as_str().unwrap().to_owned()).collect()
    };
    for (id, new) in [
        ("collection blockedUsers", "blockedMembers"),
        ("event type UserBlocked", "MemberBlocked"),
        ("topic crm.User", "crm.Member"),
        ("was User", "\nwas: User"),
    ] {
        assert_eq!(about(&own(&edit), id), [new], "{edit}");
        assert_eq!(edit["changeAnnotations"][id]["needsConfirmation"], true, "{edit}");
    }
    assert_eq!(edit["changeAnnotations"].as_object().unwrap().len(), 4, "{edit}");
    assert_eq!(said, "Left as they are, because clients know them: action `block_user`.");
    let (edit, said) = renamed(Value::Null);
    assert_eq!(edit["changeAnnotations"], Value::Null);
    let texts: Vec<_> = own(&edit).iter().map(|it| it["newText"].clone()).collect();
    for new in ["blockedMembers", "MemberBlocked", "crm.Member"] {
        assert!(texts.contains(&json!(new)), "{edit}");
    }
    assert!(said.contains("event type `UserBlocked` to `MemberBlocked`"), "{said}");
    assert!(said.contains("action `block_user`"), "{said}");
}

#[test]
fn words_have_colours_and_blocks_fold_and_selections_grow() {
    let mut client = start(&capabilities());
    let file = json!({ "textDocument": { "uri": USER } });
    let tokens = client.request("textDocument/semanticTokens/full", file.clone());
    assert_eq!(tokens["data"], json!([0, 8, 4, 0, 1, 2, 2, 4, 2, 1, 0, 6, 4, 1, 2]));
    // After an edit only what differs; all of it to a client that has something else.
    client.change(
        USER,
        2,
        json!([{ "text": "entity: User\nfields:\n  name: text\n  age: integer\n" }]),
    );
    let mut delta = file.clone();
    delta["previousResultId"] = tokens["resultId"].clone();
    let differs = client.request("textDocument/semanticTokens/full/delta", delta.clone());
    let come = json!([{ "start": 15, "deleteCount": 0, "data": [1, 2, 3, 2, 1, 0, 5, 7, 1, 2] }]);
    assert_eq!(differs["edits"], come);
    let all = client.request("textDocument/semanticTokens/full/delta", delta.clone());
    assert_eq!(all["data"].as_array().unwrap().len(), 25);
    delta["previousResultId"] = all["resultId"].clone();
    let none = client.request("textDocument/semanticTokens/full/delta", delta);
    assert_eq!(none["edits"], json!([]));
    client.change(USER, 3, json!([{ "text": "entity: User\nfields:\n  name: text\n" }]));
    let folds = client.request("textDocument/foldingRange", file.clone());
    assert_eq!(folds, json!([{ "startLine": 1, "endLine": 2 }]));
    let mut places = file;
    places["positions"] = json!([{ "line": 2, "character": 9 }]);
    let selections = client.request("textDocument/selectionRange", places);
    let word = json!({
        "start": { "line": 2, "character": 8 },
        "end": { "line": 2, "character": 12 },
    });
    assert_eq!(selections[0]["range"], word);
    assert_eq!(selections[0]["parent"]["range"]["start"]["character"], 2);
}

#[test]
fn a_file_is_formatted_as_a_whole_in_part_and_while_typing() {
    let mut client = Client::start();
    let uri = "file:///ugly.yaml";
    client.open(uri, "entity:   Post\nfields:\n    title:  text\n    body:   text  \n");
    let document = json!({ "uri": uri });
    let options = json!({ "tabSize": 2, "insertSpaces": true });
    let line = |line: u32, from: u32, to: u32, text: &str| {
        json!({
            "range": {
                "start": { "line": line, "character": from },
                "end": { "line": line, "character": to },
            },
            "newText": text,
        })
    };
    let whole = json!({ "textDocument": document, "options": options });
    let edits = client.request("textDocument/formatting", whole.clone());
    assert_eq!(edits[0], line(0, 7, 10, " "));
    assert_eq!(edits.as_array().unwrap().len(), 6, "{edits}");
    let place = |line: u32| json!({ "line": line, "character": 0 });
    let part = json!({ "textDocument": document, "options": options, "range": { "start": place(0), "end": place(0) } });
    let edits = client.request("textDocument/rangeFormatting", part);
    assert_eq!(edits, json!([line(0, 7, 10, " ")]));
    let typed =
        json!({ "textDocument": document, "options": options, "position": place(4), "ch": "\n" });
    let edits = client.request("textDocument/onTypeFormatting", typed);
    assert_eq!(edits, json!([line(3, 9, 12, " "), line(3, 16, 18, "")]));
    client.change(uri, 2, json!([{ "text": "entity: 'Post\n" }]));
    assert_eq!(client.request("textDocument/formatting", whole), Value::Null);
}

#[test]
fn notes_links_and_names_that_change_together() {
    let mut client = Client::start();
    let uri = "file:///post.yaml";
    client.open(uri, "entity: Post # specql: allow(naming) short\nfields:\n  title: text\nactions:\n  - name: a\n    steps:\n      - find: Post WHERE title = 'x'\n        as: found\n      - validate: found.title = 'y'\n");
    let document = json!({ "uri": uri });
    let place = |line: u32, character: u32| json!({ "line": line, "character": character });
    let whole = json!({ "start": place(0, 0), "end": place(20, 0) });
    let hints = client
        .request("textDocument/inlayHint", json!({ "textDocument": document, "range": whole }));
    assert_eq!((&hints[0]["label"], &hints[0]["position"]), (&json!(": Post"), &place(7, 17)));
    assert_eq!(hints[0]["kind"], 1);
    let links = client.request("textDocument/documentLink", json!({ "textDocument": document }));
    assert!(links[0]["target"].as_str().unwrap().ends_with("/naming.md"), "{links}");
    let linked = client.request("textDocument/linkedEditingRange", at(uri, 8, 20));
    assert_eq!(linked["ranges"].as_array().unwrap().len(), 2, "{linked}");
    assert_eq!(client.request("textDocument/linkedEditingRange", at(uri, 0, 9)), Value::Null);
}

#[test]
fn all_safe_fixes_are_one_action_for_who_asks() {
    let mut client = Client::start();
    let uri = "file:///post.yaml";
    client.open(uri, "entity: Post\nfields:\n  title: text\nactions:\n  - name: a\n    steps:\n      - update: Post SET title = 'x'\n    impact:\n      primary:\n        entity: Post\n        operation: insert\n");
    let place = json!({ "line": 0, "character": 0 });
    let ask = |only: Value| {
        json!({
            "textDocument": { "uri": uri },
            "range": { "start": place, "end": place },
            "context": { "diagnostics": [], "only": only },
        })
    };
    for kind in ["source.fixAll", "source.fixAll.specql", "source"] {
        let found = client.request("textDocument/codeAction", ask(json!([kind])));
        assert_eq!(found.as_array().unwrap().len(), 1, "{found}");
        assert_eq!(found[0]["kind"], "source.fixAll.specql");
        assert_eq!(found[0]["edit"]["changes"][uri][0]["newText"], "UPDATE");
    }
    for only in [Value::Null, json!(["quickfix"]), json!([""]), json!(["source.organizeImports"])] {
        let found = client.request("textDocument/codeAction", ask(only));
        assert_eq!(found, json!([]));
    }
}

#[test]
fn a_place_leads_to_its_sql_and_back() {
    let mut client = Client::start();
    let uri = "file:///post.yaml";
    client.open(uri, "entity: Post\nfields:\n  title: text\nactions:\n  - name: a\n    steps:\n      - update: Post SET title = 'x'\n");
    let place = json!({ "line": 6, "character": 10 });
    let there = client.request("specql/sourceMap", json!({ "uri": uri, "position": place }));
    let document = there["uri"].clone();
    assert!(document.as_str().unwrap().starts_with("specql-preview:/Post.a"), "{there}");
    let start = there["ranges"][0]["start"].clone();
    let back = client.request("specql/sourceMap", json!({ "uri": document, "position": start }));
    let step =
        json!({ "start": { "line": 6, "character": 8 }, "end": { "line": 6, "character": 36 } });
    assert_eq!(back, json!({ "uri": uri, "ranges": [step] }));
    let none = json!({ "uri": "file:///none.yaml", "position": place });
    assert_eq!(client.request("specql/sourceMap", none), Value::Null);
}
