//! Diagnostics are published when they change, across files, and vanish with their reasons.

use serde_json::{Value, json};
use specql_tests::lsp_client::{Client, Folder};

const USER: &str = "entity: User\nfields:\n  name: text\n";
const POST: &str = "entity: Post\nfields:\n  author: ref(User)\n";

fn messages(diagnostics: &Value) -> Vec<&str> {
    let all = diagnostics["diagnostics"].as_array().map(Vec::as_slice).unwrap_or_default();
    let about_user = all.iter().filter(|it| it["code"] == "unknown-entity");
    about_user.filter_map(|it| it["message"].as_str()).collect()
}

/// Waits until a document's diagnostics say that `User` is unknown, or no longer say so.
fn wait_for_unknown_user(client: &mut Client, uri: &str, unknown: bool) -> Value {
    loop {
        let diagnostics = client.diagnostics(uri);
        if messages(&diagnostics).is_empty() != unknown {
            return diagnostics;
        }
    }
}

#[test]
fn an_edit_in_one_file_clears_the_finding_in_another() {
    let mut client = Client::start();
    client.open("file:///post.yaml", POST);
    let diagnostics = wait_for_unknown_user(&mut client, "file:///post.yaml", true);
    assert_eq!(diagnostics["version"], 1);
    let found = &diagnostics["diagnostics"];
    let found = found.as_array().unwrap().iter().find(|it| it["code"] == "unknown-entity").unwrap();
    assert_eq!(found["source"], "specql");
    assert_eq!(found["range"]["start"], json!({ "line": 2, "character": 14 }));
    assert_eq!(found["range"]["end"], json!({ "line": 2, "character": 18 }));

    client.open("file:///user.yaml", USER);
    wait_for_unknown_user(&mut client, "file:///post.yaml", false);
    client.change("file:///user.yaml", 2, json!([{ "text": "entity: Person\n" }]));
    wait_for_unknown_user(&mut client, "file:///post.yaml", true);
    client.change("file:///user.yaml", 3, json!([{ "text": USER }]));
    wait_for_unknown_user(&mut client, "file:///post.yaml", false);
    client.close("file:///user.yaml");
    wait_for_unknown_user(&mut client, "file:///post.yaml", true);
}

#[test]
fn the_whole_folder_is_checked_once_it_is_read() {
    let folder = Folder::new(&[
        ("user.yaml", USER),
        ("blog/post.yaml", POST),
        ("blog/comment.yml", "entity: Comment\nfields:\n  author: ref(Nobody)\n"),
        (".gitignore", "generated/"),
        ("generated/x.yaml", "entity: X\nfields:\n  author: ref(Nobody)\n"),
        ("compose.yaml", "services:\n  web: ref(Nobody)\n"),
    ]);
    let mut client = Client::start_in(&[&folder]);
    let published = client.published_until(&folder.uri("blog/comment.yml"));
    assert_eq!(messages(published.last().unwrap()).len(), 1);
    let wrong = published
        .iter()
        .filter(|it| !messages(it).is_empty() && it["uri"] != folder.uri("blog/comment.yml"));
    assert_eq!(wrong.count(), 0, "{published:#?}");
    assert_eq!(published.last().unwrap().get("version"), None);
}

/// What the lock file has recorded is compared while somebody types, and again when it changes.
#[test]
fn an_event_is_held_against_the_lock_file() {
    let post = |payload: &str| {
        format!(
            "entity: Post\nschema: blog\nfields:\n  title: text!\n  text: text!\nactions:\n  - name: \
             create_post\n    steps:\n      - insert: Post SET title = 'x', text = 'y'\n    impact:\n      \
             primary: {{entity: Post, operation: CREATE}}\n    cdc:\n      enabled: true\n      \
             event_type: PostCreated\n      payload: [{payload}]\n"
        )
    };
    let folder = Folder::new(&[("post.yaml", &post("title"))]);
    let uri = folder.uri("post.yaml");
    let lock = specql_tests::binary::run(folder.path(), &["lock"]);
    assert!(lock.status.success(), "{lock:?}");
    let mut client = Client::start_in(&[&folder]);
    client.open(&uri, &post("title"));
    client.change(&uri, 2, json!([{ "text": post("title, text") }]));
    let has = |it: &Value| {
        let all = it["diagnostics"].as_array().map(Vec::as_slice).unwrap_or_default();
        all.iter().any(|it| it["code"] == "event-schema-changed")
    };
    while !has(&client.diagnostics(&uri)) {}
    // Recorded anew, it is what was promised.
    folder.write("specql.events.lock", "version 1\n");
    client.watched(&[folder.uri("specql.events.lock")]);
    while has(&client.diagnostics(&uri)) {}
}

#[test]
fn files_on_disk_come_and_go() {
    let folder = Folder::new(&[("post.yaml", POST)]);
    let mut client = Client::start_in(&[&folder]);
    let post = folder.uri("post.yaml");
    wait_for_unknown_user(&mut client, &post, true);
    folder.write("user.yaml", USER);
    client.watched(&[folder.uri("user.yaml")]);
    wait_for_unknown_user(&mut client, &post, false);
    folder.write("user.yaml", "entity: Person\n");
    client.watched(&[folder.uri("user.yaml")]);
    wait_for_unknown_user(&mut client, &post, true);
    folder.remove("post.yaml");
    client.watched(std::slice::from_ref(&post));
    assert_eq!(client.diagnostics(&post)["diagnostics"], json!([]));
}

#[test]
fn a_file_that_is_ignored_stays_out() {
    let folder = Folder::new(&[("post.yaml", POST), (".gitignore", "generated/")]);
    let mut client = Client::start_in(&[&folder]);
    let post = folder.uri("post.yaml");
    wait_for_unknown_user(&mut client, &post, true);
    folder.write("generated/user.yaml", USER);
    client.watched(&[folder.uri("generated/user.yaml")]);
    assert_eq!(client.entity(&folder.uri("generated/user.yaml")), Value::Null);
    // What is ignored is decided anew when the rules change.
    folder.write(".gitignore", "");
    client.watched(&[folder.uri(".gitignore")]);
    wait_for_unknown_user(&mut client, &post, false);
}

#[test]
fn an_open_document_wins_over_the_disk_until_it_is_closed() {
    let folder = Folder::new(&[("post.yaml", POST), ("user.yaml", USER)]);
    let mut client = Client::start_in(&[&folder]);
    let (post, user) = (folder.uri("post.yaml"), folder.uri("user.yaml"));
    client.open(&user, "entity: Person\n");
    wait_for_unknown_user(&mut client, &post, true);
    folder.write("user.yaml", "entity: Somebody\n");
    client.watched(std::slice::from_ref(&user));
    assert_eq!(client.entity(&user), "Person");
    folder.write("user.yaml", USER);
    client.close(&user);
    wait_for_unknown_user(&mut client, &post, false);
}

#[test]
fn folders_are_projects_of_their_own_and_come_and_go() {
    let (one, other) = (Folder::new(&[("post.yaml", POST)]), Folder::new(&[("user.yaml", USER)]));
    let mut client = Client::start_in(&[&one]);
    wait_for_unknown_user(&mut client, &one.uri("post.yaml"), true);
    let folder = |it: &Folder| json!({ "uri": it.uri(""), "name": "" });
    let event = |added: Vec<Value>, removed: Vec<Value>| json!({ "event": { "added": added, "removed": removed } });
    let method = "workspace/didChangeWorkspaceFolders";
    client.notify(method, event(vec![folder(&other)], vec![]));
    other.write("post.yaml", "entity: Post\nfields:\n  author: ref(Nobody)\n");
    client.watched(&[other.uri("post.yaml")]);
    wait_for_unknown_user(&mut client, &other.uri("post.yaml"), true);
    client.notify(method, event(vec![], vec![folder(&one)]));
    assert_eq!(client.diagnostics(&one.uri("post.yaml"))["diagnostics"], json!([]));
}

#[test]
fn a_file_that_is_opened_without_a_folder_knows_its_siblings() {
    let folder = Folder::new(&[("user.yaml", USER), ("other/nobody.yaml", "entity: Nobody\n")]);
    let mut client = Client::start();
    let post = folder.uri("post.yaml");
    client.open(&post, &POST.replace("User", "Somebody"));
    wait_for_unknown_user(&mut client, &post, true);
    client.change(&post, 2, json!([{ "text": POST }]));
    wait_for_unknown_user(&mut client, &post, false);
    client.change(&post, 3, json!([{ "text": POST.replace("User", "Somebody") }]));
    wait_for_unknown_user(&mut client, &post, true);
    // Below is its own folder too, as on the command line.
    client.change(&post, 4, json!([{ "text": POST.replace("User", "Nobody") }]));
    wait_for_unknown_user(&mut client, &post, false);
}

#[test]
fn nothing_is_published_twice() {
    let mut client = Client::start();
    client.open("file:///post.yaml", POST);
    wait_for_unknown_user(&mut client, "file:///post.yaml", true);
    client.open("file:///comment.yaml", "entity: Comment\nfields:\n  author: ref(Nobody)\n");
    let published = client.published_until("file:///comment.yaml");
    assert!(published.iter().all(|it| it["uri"] != "file:///post.yaml"), "{published:#?}");
}

#[test]
fn another_spelling_of_a_uri_is_the_same_file() {
    let folder = Folder::new(&[("my post.yaml", POST), ("user.yaml", USER)]);
    let mut client = Client::start_in(&[&folder]);
    let spelled = folder.uri("my%20post%2Eyaml");
    client.open(&spelled, &POST.replace("User", "Nobody"));
    assert_eq!(messages(&wait_for_unknown_user(&mut client, &spelled, true)).len(), 1);
    client.close(&spelled);
    wait_for_unknown_user(&mut client, &spelled, false);
}

#[test]
fn a_client_that_cannot_watch_is_served_after_a_save() {
    let folder = Folder::new(&[("post.yaml", POST)]);
    let mut client = Client::start_in(&[&folder]);
    let post = folder.uri("post.yaml");
    wait_for_unknown_user(&mut client, &post, true);
    folder.write("user.yaml", USER);
    client.notify("textDocument/didSave", json!({ "textDocument": { "uri": post } }));
    wait_for_unknown_user(&mut client, &post, false);
    folder.remove("user.yaml");
    client.notify("textDocument/didSave", json!({ "textDocument": { "uri": post } }));
    wait_for_unknown_user(&mut client, &post, true);
}

#[test]
fn indexing_is_watched_and_shown_when_the_client_can() {
    let folder = Folder::new(&[("user.yaml", USER)]);
    let capabilities = json!({
        "workspace": { "didChangeWatchedFiles": { "dynamicRegistration": true } },
        "window": { "workDoneProgress": true },
    });
    let mut client = Client::start_with(&capabilities, &[&folder]);
    let begun = client.notification("$/progress");
    assert_eq!(begun["params"]["value"]["kind"], "begin");
    while client.notification("$/progress")["params"]["value"]["kind"] != "end" {}
    let watched = client.requests.iter().find(|it| it["method"] == "client/registerCapability");
    let registration = &watched.unwrap()["params"]["registrations"][0];
    assert_eq!(registration["method"], "workspace/didChangeWatchedFiles");
    let pattern = &registration["registerOptions"]["watchers"][0]["globPattern"];
    assert_eq!(pattern, "**/*.{yaml,yml,specql}");
}

/// A folder whose search takes longer than the first messages of a client; each file has such fields.
fn many_files(count: usize, fields: &str) -> Folder {
    let folder = Folder::new(&[]);
    for it in 0..count {
        folder.write(&format!("e{it}.yaml"), &format!("entity: E{it}\nfields:\n{fields}"));
    }
    folder.write("user.yaml", USER);
    folder
}

/// Opens a file that refers to another one, which the search finds last, and asks about it at once.
fn ask_early(client: &mut Client, folder: &Folder, methods: &[&str]) -> Vec<i64> {
    let uri = folder.uri("zoo.yaml");
    client.open(&uri, "entity: Zoo\nfields:\n  keeper: ref(User)\n");
    let params = |_| {
        json!({
            "textDocument": { "uri": uri },
            "position": { "line": 2, "character": 15 },
            "context": { "includeDeclaration": true, "triggerKind": 1 },
        })
    };
    methods.iter().map(|it| client.send_request(it, params(it))).collect()
}

#[test]
fn what_is_asked_before_all_files_are_known_is_answered_from_all_of_them() {
    let folder = many_files(1_000, "  name: text\n");
    let mut client = Client::start_in(&[&folder]);
    client.hold();
    let methods = [
        "textDocument/completion",
        "textDocument/diagnostic",
        "textDocument/definition",
        "textDocument/hover",
        "textDocument/references",
    ];
    let ids = ask_early(&mut client, &folder, &methods);
    let symbols = client.send_request("workspace/symbol", json!({ "query": "User" }));
    client.release();
    let answers: Vec<Value> = ids.into_iter().map(|it| client.answer(it)).collect();
    let [names, report, definition, hover, references] = answers.as_slice() else { panic!() };
    // A list of names waits for nothing, and says that it may grow.
    assert_eq!(names["isIncomplete"], true, "{names}");
    assert_eq!(report["items"], json!([]), "{report}");
    let user = folder.uri("user.yaml");
    assert!(definition.to_string().contains(&user), "{definition}");
    assert!(hover.to_string().contains("user.yaml"), "{hover}");
    assert_eq!(references.as_array().map(Vec::len), Some(2), "{references}");
    let symbols = client.answer(symbols).to_string();
    assert!(symbols.contains(&user), "{symbols}");
}

#[test]
fn what_waits_is_given_up_when_its_text_is_edited() {
    let folder = many_files(1_000, "  name: text\n");
    let mut client = Client::start_in(&[&folder]);
    client.hold();
    let asked = ["textDocument/hover", "textDocument/diagnostic", "textDocument/foldingRange"];
    let ids = ask_early(&mut client, &folder, &asked);
    let text = "entity: Zoo\nfields:\n  keeper: ref(Usr)\n";
    client.change(&folder.uri("zoo.yaml"), 2, json!([{ "text": text }]));
    let params = json!({ "textDocument": { "uri": folder.uri("zoo.yaml") } });
    let again = client.send_request("textDocument/diagnostic", params);
    client.release();
    let answers: Vec<Value> = ids.into_iter().map(|it| client.answer(it)).collect();
    let [hover, report, folds] = answers.as_slice() else { panic!() };
    assert_eq!(hover["error"]["code"], -32801, "{hover}");
    assert_eq!(report["error"]["code"], -32802, "{report}");
    assert_eq!(report["error"]["data"]["retriggerRequest"], true, "{report}");
    assert_eq!(folds.as_array().map(Vec::len), Some(1), "{folds}");
    assert_eq!(pulled(&client.answer(again)).1, ["unknown-entity"]);
}

#[test]
fn an_index_that_is_stopped_says_nothing_false_and_begins_again_at_a_save() {
    let fields: String = (0..50).map(|it| format!("  name_{it}: text\n")).collect();
    let folder = many_files(3_000, &fields);
    folder.write("zoo.yaml", "entity: Zoo\nfields:\n  keeper: ref(Usr)\n");
    let capabilities = json!({
        "window": { "workDoneProgress": true },
        "experimental": { "serverStatusNotification": true },
    });
    let mut client = Client::start_with(&capabilities, &[&folder]);
    let begun = client.notification("$/progress");
    assert_eq!(begun["params"]["value"]["cancellable"], true, "{begun}");
    let token = &begun["params"]["token"];
    client.notify("window/workDoneProgress/cancel", json!({ "token": token }));
    let mut said = Vec::new();
    let is_stopped =
        |it: &Value| it["method"] == "specql/status" && it["params"]["indexing"] == false;
    while !said.last().is_some_and(is_stopped) {
        said.push(client.receive());
    }
    assert!(said.iter().all(|it| it["method"] != "textDocument/publishDiagnostics"), "{said:?}");
    let status = said.last().expect("a status");
    assert_eq!(status["params"]["health"], "warning", "{status}");
    let message = status["params"]["message"].as_str().expect("a reason");
    assert!(message.contains("was stopped"), "{message}");
    let zoo = folder.uri("zoo.yaml");
    client.notify("textDocument/didSave", json!({ "textDocument": { "uri": zoo } }));
    let found = wait_for_unknown_user(&mut client, &zoo, true);
    assert_eq!(found["diagnostics"].as_array().map(Vec::len), Some(1), "{found}");
}

/// The result id and the codes of a report.
fn pulled(report: &Value) -> (String, Vec<&str>) {
    let items = report["items"].as_array().expect("a report");
    let codes = items.iter().map(|it| it["code"].as_str().expect("a code")).collect();
    (report["resultId"].as_str().expect("an id").to_owned(), codes)
}

#[test]
fn a_client_that_asks_is_not_told_and_gets_the_same() {
    let capabilities = json!({
        "textDocument": { "diagnostic": { "relatedDocumentSupport": true } },
        "workspace": { "diagnostics": { "refreshSupport": true } },
    });
    let folder = Folder::new(&[("user.yaml", "entity: User\nfields:\n  name: text\n")]);
    let mut client = Client::start_with(&capabilities, &[&folder]);
    let uri = folder.uri("post.yaml");
    client.open(&uri, "entity: Post\nfields:\n  author: ref(Usr)\n");
    while client.receive()["method"] != "workspace/diagnostic/refresh" {}
    let ask = |previous: Option<&str>| json!({ "textDocument": { "uri": uri }, "previousResultId": previous });
    let report = client.request("textDocument/diagnostic", ask(None));
    assert_eq!(report["kind"], "full");
    let (id, codes) = pulled(&report);
    assert_eq!(codes, ["unknown-entity"]);
    let again = client.request("textDocument/diagnostic", ask(Some(&id)));
    assert_eq!(again, json!({ "kind": "unchanged", "resultId": id }));

    let none = json!({ "previousResultIds": [] });
    let all = client.request("workspace/diagnostic", none);
    assert_eq!(all["items"].as_array().unwrap().len(), 1, "{all}");
    assert_eq!((&all["items"][0]["uri"], pulled(&all["items"][0])), (&json!(uri), pulled(&report)));
    client.change(&uri, 2, json!([{ "text": "entity: Post\nfields:\n  author: ref(User)\n" }]));
    let known = json!({ "previousResultIds": [{ "uri": uri, "value": id }] });
    let all = client.request("workspace/diagnostic", known);
    assert_eq!(all["items"][0]["items"], json!([]));
    assert!(client.requests.iter().all(|it| it["method"] != "textDocument/publishDiagnostics"));
}

#[test]
fn findings_of_other_files_come_with_those_that_refer_to_them() {
    let mut client = Client::start_with(
        &json!({ "textDocument": { "diagnostic": { "relatedDocumentSupport": true } } }),
        &[],
    );
    let text = "entity: Twin\nfields:\n  name: text\n";
    client.open("file:///one.yaml", text);
    client.open("file:///two.yaml", text);
    let params = json!({ "textDocument": { "uri": "file:///two.yaml" } });
    let report = client.request("textDocument/diagnostic", params);
    let other = &report["relatedDocuments"]["file:///one.yaml"];
    assert_eq!(other["kind"], "full", "{report}");
}

#[test]
fn a_diagnostic_says_which_fixes_it_has() {
    let capabilities = json!({ "textDocument": { "publishDiagnostics": { "dataSupport": true } } });
    let mut client = Client::start_with(&capabilities, &[]);
    client.open("file:///user.yaml", "entity: User\nfields:\n  name: text\n");
    client.open("file:///post.yaml", "entity: Post\nfields:\n  author: ref(Usr)\n");
    let found = wait_for_unknown_user(&mut client, "file:///post.yaml", true);
    assert_eq!(found["diagnostics"][0]["data"]["fixes"][0], "Change to `User`", "{found}");
}

/// What nothing reads is faded, a code leads to its page, and a finding to what it is about.
#[test]
fn a_diagnostic_has_tags_a_page_and_related_places() {
    let capabilities = json!({ "textDocument": { "publishDiagnostics": {
        "tagSupport": { "valueSet": [1, 2] },
        "codeDescriptionSupport": true,
        "relatedInformation": true,
    } } });
    let mut client = Client::start_with(&capabilities, &[]);
    client.open(
        "file:///draft.yaml",
        "entity: Draft\nfields:\n  title: text\nactions:\n  - name: drop_draft\n    params:\n      why: text\n    steps:\n      \
         - delete: Draft\n    impact:\n      primary: {entity: Draft, operation: DELETE, fields: [titel]}\n",
    );
    let published = client.diagnostics("file:///draft.yaml");
    let of = |code: &str| {
        let mut all = published["diagnostics"].as_array().unwrap().iter();
        all.find(|it| it["code"] == code).unwrap_or_else(|| panic!("no {code}: {published}"))
    };
    let unused = of("unused-parameter");
    assert_eq!(unused["tags"], json!([1]), "{unused}");
    let page = unused["codeDescription"]["href"].as_str();
    assert!(page.is_some_and(|it| it.contains("unused-parameter")), "{unused}");
    let unknown = of("unknown-impact-field");
    assert_eq!(unknown["tags"], Value::Null, "{unknown}");
    assert_eq!(unknown["relatedInformation"][0]["location"]["uri"], "file:///draft.yaml");
}

#[test]
fn advice_is_a_hint() {
    let mut client = Client::start();
    client.open(
        "file:///draft.yaml",
        "entity: Draft\naudit: false\nfields:\n  title: text\nactions:\n  - name: drop_draft\n    steps:\n      \
         - delete: Draft\n        hard: true\n    impact:\n      primary: {entity: Draft, operation: DELETE}\n",
    );
    let published = client.diagnostics("file:///draft.yaml");
    let all = published["diagnostics"].as_array().unwrap();
    let found = all.iter().find(|it| it["code"] == "unaudited-delete").unwrap();
    assert_eq!(found["severity"], 4);
    assert!(
        found["codeDescription"]["href"].as_str().is_none_or(|it| it.contains("unaudited-delete"))
    );
}
