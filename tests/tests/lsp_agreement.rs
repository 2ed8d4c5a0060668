//! The editor and the command line say the same about the same files, before and after edits.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a report of another shape fails the test"
)]

use serde_json::{Value, json};
use specql_tests::binary;
use specql_tests::lsp_client::{Client, Folder};
use std::collections::BTreeMap;
use std::path::Path;

/// File → its findings: code, line and column from 1, message.
type Findings = BTreeMap<String, Vec<(String, u64, u64, String)>>;

/// Every file below a folder of this crate.
fn files(folder: &Path, below: &str, acc: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let name = format!("{below}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            files(&entry.path(), &format!("{name}/"), acc);
        } else if let Ok(text) = std::fs::read_to_string(entry.path()) {
            acc.push((name, text));
        }
    }
}

fn workspaces() -> Vec<(String, String)> {
    let mut res = Vec::new();
    files(&binary::project_root().join("tests/workspaces"), "", &mut res);
    res.sort();
    res
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn of_command_line(folder: &Folder) -> Findings {
    let output = binary::run(folder.path(), &["check", "--format", "json", "."]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut res = Findings::new();
    for it in report["findings"].as_array().unwrap() {
        let start = &it["range"]["start"];
        // Where a finding has no advice of its own, the report names its fix; an editor offers that.
        let fix = it["fixes"][0]["title"].as_str();
        let message = match it["help"].as_str().filter(|help| Some(*help) != fix) {
            Some(help) => format!("{}\n{help}", text(&it["message"])),
            None => text(&it["message"]),
        };
        let finding =
            (text(&it["code"]), number(&start["line"]), number(&start["column"]), message);
        res.entry(folder.uri(&text(&it["file"]))).or_default().push(finding);
    }
    res.values_mut().for_each(|it| it.sort());
    res
}

fn published(diagnostics: &Value) -> Vec<(String, u64, u64, String)> {
    let one = |it: &Value| {
        let start = &it["range"]["start"];
        let (line, column) = (number(&start["line"]) + 1, number(&start["character"]) + 1);
        (text(&it["code"]), line, column, text(&it["message"]))
    };
    let mut res: Vec<_> = diagnostics["diagnostics"].as_array().unwrap().iter().map(one).collect();
    res.sort();
    res
}

/// Takes publications until the editor shows what is expected.
fn wait_for(client: &mut Client, shown: &mut Findings, expected: &Findings) {
    while shown != expected {
        let params = client.notification("textDocument/publishDiagnostics")["params"].take();
        let findings = published(&params);
        if findings.is_empty() {
            shown.remove(&text(&params["uri"]));
        } else {
            shown.insert(text(&params["uri"]), findings);
        }
    }
}

#[test]
fn a_folder_is_judged_alike_before_and_after_edits() {
    let sources = workspaces();
    let borrowed: Vec<_> = sources.iter().map(|(path, text)| (&**path, &**text)).collect();
    let folder = Folder::new(&borrowed);
    // Characters, as the command line counts.
    let capabilities = json!({ "general": { "positionEncodings": ["utf-32"] } });
    let mut client = Client::start_with(&capabilities, &[&folder]);
    let (mut shown, expected) = (Findings::new(), of_command_line(&folder));
    assert!(!expected.is_empty());
    wait_for(&mut client, &mut shown, &expected);

    let (path, original) = sources.iter().find(|(_, text)| text.contains("\nentity: ")).unwrap();
    let uri = folder.uri(path);
    client.open(&uri, original);
    let line = original.lines().position(|it| it.starts_with("entity: ")).unwrap();
    let place = json!({ "line": line, "character": 8 });
    let typed = json!([{ "range": { "start": place, "end": place }, "text": "😀 Renamed" }]);
    client.change(&uri, 2, typed);
    folder.write(path, &original.replace("\nentity: ", "\nentity: 😀 Renamed"));
    let after_edit = of_command_line(&folder);
    assert_ne!(after_edit, expected);
    wait_for(&mut client, &mut shown, &after_edit);

    folder.write(path, original);
    client.change(&uri, 3, json!([{ "text": original }]));
    wait_for(&mut client, &mut shown, &expected);
}

/// The text of a preview after an edit is what the command line prints for the same text.
#[test]
fn a_preview_is_what_the_command_line_prints_after_every_edit() {
    let user = "entity: User\nschema: crm\nfields:\n  name: text\n  posts: integer = 0\n";
    let post = "entity: Post\nschema: blog\nfields:\n  title: text!\n  author: ref(User)\nactions:\n  - name: publish_post\n    steps:\n      - validate: title IS NOT NULL\n      - update: Post SET title = 'x'\n      - update: User SET posts = posts + 1 WHERE id = author.id\n    impact:\n      primary:\n        entity: Post\n        operation: UPDATE\n        fields: [title]\n    cdc:\n      enabled: true\n      event_type: PostPublished\n";
    let folder = Folder::new(&[("user.yaml", user), ("post.yaml", post)]);
    let mut client = Client::start_in(&[&folder]);
    let (user_uri, post_uri) = (folder.uri("user.yaml"), folder.uri("post.yaml"));
    client.open(&user_uri, user);
    client.open(&post_uri, post);
    let line = post.lines().position(|it| it.contains("cdc:")).unwrap();
    let place = json!({ "uri": post_uri, "position": { "line": line, "character": 6 } });
    let choices = client.request("specql/artifacts", place);
    let choices = choices.as_array().unwrap().iter();
    let artifacts: Vec<_> = choices.map(|it| (text(&it["artifact"]), text(&it["scope"]))).collect();
    assert!(artifacts.len() >= 20, "{artifacts:?}");
    let edits = [
        ("post.yaml", "title = 'x'", "title = 'y'"),
        ("user.yaml", "posts: integer = 0", "posts: bigint = 0"),
        ("post.yaml", "title: text!", "title: text(40)!"),
        ("user.yaml", "schema: crm", "schema: people"),
        ("post.yaml", "event_type: PostPublished", "event_type: PostShown"),
    ];
    let (mut empty, text_of) = (std::collections::BTreeSet::new(), text);
    let mut texts = std::collections::HashMap::from([
        ("user.yaml", user.to_owned()),
        ("post.yaml", post.to_owned()),
    ]);
    for (version, (file, old, new)) in (2..).zip(edits) {
        let text = texts[file].replace(old, new);
        assert_ne!(text, texts[file], "{old}");
        texts.insert(file, text.clone());
        client.change(&folder.uri(file), version, json!([{ "text": text }]));
        folder.write(file, &text);
        // Every artifact after some edit, and those that an edit changes most after each.
        let every = ["action", "table", "event-sample", "event-flow"];
        let turn = usize::try_from(version).unwrap() % edits.len();
        let in_turn = artifacts.iter().skip(turn).step_by(edits.len());
        for (artifact, scope) in
            in_turn.chain(artifacts.iter().filter(|it| every.contains(&it.0.as_str())))
        {
            let action = (scope == "action").then_some("publish_post");
            let name = action.unwrap_or("Post");
            let params = json!({ "uri": post_uri, "action": action, "artifact": artifact });
            let shown = client.request("specql/preview", params);
            let printed = binary::run(folder.path(), &["preview", name, "--artifact", artifact]);
            let printed = String::from_utf8(printed.stdout).unwrap();
            // Some have nothing to say of this workspace, to either.
            empty.extend(printed.trim().is_empty().then(|| artifact.clone()));
            assert_eq!(
                text_of(&shown["text"]).trim_end(),
                printed.trim_end(),
                "{artifact} after {new}"
            );
        }
    }
    // Without compaction, and without a lock file.
    let silent = ["debezium-state", "upcast", "upcast-sql"];
    assert_eq!(empty, silent.map(str::to_owned).into());
}
