//! What a workspace is, as an editor sees it, and that it keeps up with the disk by itself.

use std::{fs, path::Path};

use serde_json::{Value, json};
use specql_tests::lsp_client::{Client, Folder};

const SHIP: &str = "entity: Ship\nschema: port\nfields:\n  a: txt\n";
const USER: &str = "entity: User\nfields:\n  name: text\n";
const POST: &str = "entity: Post\nfields:\n  author: ref(User)\n";

fn codes(diagnostics: &Value) -> Vec<String> {
    let all = diagnostics["diagnostics"].as_array().cloned().unwrap_or_default();
    all.iter().map(|it| it["code"].as_str().unwrap_or_default().to_owned()).collect()
}

/// Waits until a document has exactly these findings.
fn wait_for(client: &mut Client, uri: &str, expected: &[&str]) {
    while codes(&client.diagnostics(uri)) != expected {}
}

fn wait_for_unknown_user(client: &mut Client, uri: &str) {
    wait_for(client, uri, &["unknown-entity"]);
}

#[test]
fn each_folder_with_a_configuration_is_a_workspace() {
    let folder = Folder::new(&[
        ("ship.yaml", SHIP),
        ("p/specql.config.yaml", "rules:\n  unknown-type: off\n"),
        ("p/ship.yaml", SHIP),
        ("q/specql.config.yml", "rules:\n  unknown-type: warning\n"),
        ("q/ship.yaml", SHIP),
    ]);
    let mut client = Client::start_in(&[&folder]);
    let mut shown = std::collections::BTreeMap::new();
    while shown.len() < 2 {
        let params = client.notification("textDocument/publishDiagnostics")["params"].take();
        shown.insert(params["uri"].as_str().unwrap_or_default().to_owned(), params);
    }
    let levels: Vec<_> =
        shown.values().map(|it| it["diagnostics"][0]["severity"].clone()).collect();
    assert_eq!(
        shown.keys().collect::<Vec<_>>(),
        [&folder.uri("q/ship.yaml"), &folder.uri("ship.yaml")]
    );
    assert_eq!(levels, [2, 1]);
    assert!(shown.values().all(|it| codes(it) == ["unknown-type"]));
}

#[test]
fn a_configuration_above_the_folder_governs_it() {
    let folder = Folder::new(&[
        ("specql.config.yaml", "rules:\n  unknown-type: {level: off, paths: [\"legacy/**\"]}\n"),
        ("user.yaml", USER),
        ("other.yaml", &POST.replace("Post", "Other").replace("User", "Nobody")),
        ("legacy/post.yaml", POST),
        ("legacy/ship.yaml", &SHIP.replace("Ship", "Boat")),
        ("legacy/bad.yaml", &POST.replace("Post", "Bad").replace("User", "Nobody")),
    ]);
    let mut client = Client::connect();
    let root = json!({ "processId": null, "rootUri": folder.uri("legacy"), "capabilities": {} });
    client.request("initialize", root);
    client.notify("initialized", json!({}));
    // Of the whole workspace the files of the folder are shown.
    let published = client.published_until(&folder.uri("legacy/bad.yaml"));
    assert_eq!(published.len(), 1, "{published:#?}");
    let pulled = client.request("workspace/diagnostic", json!({ "previousResultIds": [] }));
    assert_eq!(pulled["items"].as_array().map(Vec::len), Some(1), "{pulled:#}");
    assert_eq!(pulled["items"][0]["uri"], folder.uri("legacy/bad.yaml"));
    assert_eq!(codes(&published[0]), ["unknown-entity"]);
}

#[test]
fn a_file_outside_of_the_folder_has_its_own_workspace() {
    let folder = Folder::new(&[("a/ship.yaml", SHIP)]);
    let other = Folder::new(&[
        ("specql.config.yaml", "rules:\n  unknown-type: warning\n"),
        ("user.yaml", USER),
        ("deep/post.yaml", POST),
    ]);
    let mut client = Client::start_in(&[&folder]);
    wait_for(&mut client, &folder.uri("a/ship.yaml"), &["unknown-type"]);
    let post = other.uri("deep/post.yaml");
    client.open(&post, &POST.replace("User", "Nobody"));
    wait_for_unknown_user(&mut client, &post);
    client.change(&post, 2, json!([{ "text": POST }]));
    wait_for(&mut client, &post, &[]);
    client.change(&post, 3, json!([{ "text": POST.replace("User", "Nobody") }]));
    wait_for_unknown_user(&mut client, &post);
    client.close(&post);
    wait_for(&mut client, &post, &[]);
}

#[test]
fn a_document_that_is_not_saved_belongs_to_the_window() {
    let folder =
        Folder::new(&[("specql.config.yaml", ""), ("user.yaml", USER), ("post.yaml", POST)]);
    let mut client = Client::start_in(&[&folder]);
    client.open("untitled:Untitled-1", &POST.replace("Post", "Draft").replace("User", "Usr"));
    wait_for_unknown_user(&mut client, "untitled:Untitled-1");
    let post = POST.replace("Post", "Draft");
    client.change("untitled:Untitled-1", 2, json!([{ "text": post }]));
    wait_for(&mut client, "untitled:Untitled-1", &[]);
    let place = json!({ "textDocument": { "uri": "untitled:Untitled-1" }, "position": { "line": 2, "character": 16 } });
    let found = client.request("textDocument/definition", place);
    assert_eq!(found[0]["uri"], folder.uri("user.yaml"));
}

#[cfg(unix)]
#[test]
fn a_folder_that_is_opened_through_a_link_is_called_as_it_was_opened() {
    let folder = Folder::new(&[("real/post.yaml", POST), ("common/user.yaml", USER)]);
    let link = |path: &str, target: &str| {
        std::os::unix::fs::symlink(target, folder.path().join(path)).expect("writable");
    };
    link("way", "real");
    link("real/again.yaml", "post.yaml");
    let mut client = Client::connect();
    let root = json!({ "processId": null, "rootUri": folder.uri("way"), "capabilities": {} });
    client.request("initialize", root);
    client.notify("initialized", json!({}));
    wait_for_unknown_user(&mut client, &folder.uri("way/post.yaml"));
    link("real/user.yaml", "../common/user.yaml");
    wait_for(&mut client, &folder.uri("way/post.yaml"), &[]);
    // What the link leads to is the file that counts already.
    let other = folder.uri("way/again.yaml");
    client.open(&other, &POST.replace("User", "Nobody"));
    wait_for_unknown_user(&mut client, &other);
    client.close(&other);
    wait_for(&mut client, &other, &[]);
}

/// A client that says nothing of the disk.
fn silent(folder: &Folder) -> Client {
    Client::start_in(&[folder])
}

#[test]
fn files_that_other_programs_write_are_noticed() {
    let folder = Folder::new(&[("post.yaml", POST)]);
    let mut client = silent(&folder);
    let post = folder.uri("post.yaml");
    wait_for_unknown_user(&mut client, &post);
    folder.write("people/deep/user.yaml", USER);
    wait_for(&mut client, &post, &[]);
    folder.write("people/deep/user.yaml", "entity: Person\n");
    wait_for_unknown_user(&mut client, &post);
    folder.write("people/deep/user.yaml", USER);
    wait_for(&mut client, &post, &[]);
    fs::rename(folder.path().join("people"), folder.path().join("moved")).expect("it is there");
    folder.write("moved/deep/user.yaml", "entity: Person\n");
    wait_for_unknown_user(&mut client, &post);
    folder.write("moved/deep/user.yaml", USER);
    wait_for(&mut client, &post, &[]);
    fs::remove_dir_all(folder.path().join("moved")).expect("it is there");
    wait_for_unknown_user(&mut client, &post);
}

#[test]
fn a_configuration_that_comes_and_goes_is_noticed() {
    let folder = Folder::new(&[("w/post.yaml", POST), ("user.yaml", USER)]);
    let mut client = silent(&folder);
    let post = folder.uri("w/post.yaml");
    folder.write("w/specql.config.yaml", "");
    wait_for_unknown_user(&mut client, &post);
    folder.remove("w/specql.config.yaml");
    wait_for(&mut client, &post, &[]);
    folder.write(".gitignore", "user.yaml\n");
    wait_for_unknown_user(&mut client, &post);
}

#[test]
fn bytes_that_are_no_text_are_found_in_a_folder_too() {
    let folder = Folder::new(&[("user.yaml", USER)]);
    fs::write(folder.path().join("post.yaml"), b"entity: Post\nfields:\n  name: text # caf\xe9\n")
        .expect("writable");
    let mut client = silent(&folder);
    let post = folder.uri("post.yaml");
    wait_for(&mut client, &post, &["unreadable-file"]);
    let utf16 = POST.encode_utf16().flat_map(u16::to_le_bytes);
    let bytes: Vec<u8> = b"\xff\xfe".iter().copied().chain(utf16).collect();
    fs::write(folder.path().join("post.yaml"), bytes).expect("writable");
    wait_for(&mut client, &post, &[]);
    assert_eq!(client.entity(&post), "Post");
}

#[cfg(unix)]
#[test]
fn a_file_that_a_link_leads_to_may_lie_outside_and_change() {
    let folder = Folder::new(&[("w/post.yaml", POST), ("common/user.yaml", USER)]);
    std::os::unix::fs::symlink("../common/user.yaml", folder.path().join("w/user.yaml"))
        .expect("writable");
    let mut client = Client::connect();
    let root = json!({ "processId": null, "rootUri": folder.uri("w"), "capabilities": {} });
    client.request("initialize", root);
    client.notify("initialized", json!({}));
    let post = folder.uri("w/post.yaml");
    client.open(&post, POST);
    assert_eq!(client.entity(&post), "Post");
    folder.write("common/user.yaml", "entity: Person\n");
    wait_for_unknown_user(&mut client, &post);
    folder.write("common/user.yaml", USER);
    wait_for(&mut client, &post, &[]);
}

#[test]
fn the_folder_itself_may_be_moved_away_and_back() {
    let folder = Folder::new(&[("a/w/post.yaml", POST)]);
    let mut client = Client::connect();
    let root = json!({ "processId": null, "rootUri": folder.uri("a/w"), "capabilities": {} });
    client.request("initialize", root);
    client.notify("initialized", json!({}));
    let post = folder.uri("a/w/post.yaml");
    let (here, there) = (folder.path().join("a"), folder.path().join("b"));
    for _ in 0..3 {
        wait_for_unknown_user(&mut client, &post);
        fs::rename(&here, &there).expect("it is there");
        wait_for(&mut client, &post, &[]);
        fs::rename(&there, &here).expect("it is there");
    }
    wait_for_unknown_user(&mut client, &post);
}

/// Two branches: half of the files differ, a folder is there in one of them only.
fn branch(folder: &Folder, name: &str) {
    let at = |path: &str| folder.path().join(path);
    for number in 0..40 {
        let entity = format!("entity: E{number}\nfields:\n  to: ref({name}{number})\n");
        folder.write(&format!("e/{number}.yaml"), &entity);
    }
    let (here, gone) = if name == "Left" { ("left", "right") } else { ("right", "left") };
    if Path::exists(&at(gone)) {
        fs::remove_dir_all(at(gone)).expect("it is there");
    }
    for number in 1..40 {
        folder.write(&format!("{here}/{number}.yaml"), &format!("entity: {name}{number}\n"));
    }
}

#[test]
fn a_branch_that_is_switched_is_noticed() {
    let folder = Folder::new(&[]);
    branch(&folder, "Left");
    let mut client = silent(&folder);
    let first = folder.uri("e/0.yaml");
    wait_for_unknown_user(&mut client, &first);
    for name in ["Right", "Left", "Right"] {
        branch(&folder, name);
        let message =
            |it: &Value| it["diagnostics"][0]["message"].as_str().unwrap_or_default().to_owned();
        while !message(&client.diagnostics(&first)).contains(&format!("`{name}0`")) {}
        let last = folder.uri("e/39.yaml");
        let name = json!({ "textDocument": { "uri": last } });
        assert_eq!(client.request("textDocument/documentSymbol", name)[0]["name"], "E39");
    }
}

#[test]
fn a_question_about_a_file_that_is_not_open_is_answered_from_the_disk() {
    let folder =
        Folder::new(&[("specql.config.yaml", ""), ("user.yaml", USER), ("post.yaml", POST)]);
    let mut client = silent(&folder);
    let post = folder.uri("post.yaml");
    client.open(&post, &POST.replace("User", "Nobody"));
    wait_for_unknown_user(&mut client, &post);
    client.change(&post, 2, json!([{ "text": POST }]));
    wait_for(&mut client, &post, &[]);
    for number in 0..10 {
        folder.write("user.yaml", &format!("{}{USER}", "# moved\n".repeat(number)));
        let place =
            json!({ "textDocument": { "uri": post }, "position": { "line": 2, "character": 16 } });
        let found = client.request("textDocument/definition", place);
        assert_eq!(found[0]["range"]["start"]["line"], number, "{found}");
        folder.write("user.yaml", &format!("{}{USER}", "# again\n".repeat(number + 20)));
        let found = client.request("workspace/symbol", json!({ "query": "User" }));
        assert_eq!(found[0]["location"]["range"]["start"]["line"], number + 20, "{found}");
        folder.write("user.yaml", &format!("entity: Person{number}\n"));
        assert_eq!(client.entity(&folder.uri("user.yaml")), format!("Person{number}"));
        folder.write("user.yaml", USER);
        let new = format!("new{number}.yaml");
        folder.write(&new, "entity: Fresh\n");
        assert_eq!(client.entity(&folder.uri(&new)), "Fresh");
        folder.remove(&new);
        assert_eq!(client.entity(&folder.uri(&new)), Value::Null);
        assert_eq!(client.entity(&folder.uri("user.yaml")), "User");
    }
}
