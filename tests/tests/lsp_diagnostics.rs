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
