//! The editor and the command line say the same about the same files, before and after edits.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a report of another shape fails the test, which says its seed"
)]

use fastrand::Rng;
use serde_json::{Value, json};
use specql_tests::binary;
use specql_tests::lsp_client::{Client, Folder};
use std::collections::{BTreeMap, BTreeSet};
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

/// What an editor shows: what `check` says, and of the files that are open also advice.
fn of_command_line(folder: &Folder, open: &[&str]) -> Findings {
    let mut res = reported(folder, &["check", "--format", "json", "."]);
    let mut advised = reported(folder, &["check", "--hints", "--format", "json", "."]);
    for uri in open.iter().map(|it| folder.uri(it)) {
        if let Some(found) = advised.remove(&uri) {
            res.insert(uri, found);
        }
    }
    res
}

fn reported(folder: &Folder, arguments: &[&str]) -> Findings {
    let output = binary::run(folder.path(), arguments);
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
    let (mut shown, expected) = (Findings::new(), of_command_line(&folder, &[]));
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
    let after_edit = of_command_line(&folder, &[path]);
    assert_ne!(after_edit, expected);
    wait_for(&mut client, &mut shown, &after_edit);

    folder.write(path, original);
    client.change(&uri, 3, json!([{ "text": original }]));
    let opened = of_command_line(&folder, &[path]);
    wait_for(&mut client, &mut shown, &opened);
}

/// Advice comes with a file that is opened, and goes when it is closed as it was.
#[test]
fn advice_is_for_the_files_that_are_open() {
    let post = "entity: Post\nfields:\n  title: text\n  author: txt\nactions:\n  - name: rename_post\n    steps:\n      - update: Post SET title = input.title\n    impact:\n      primary: {entity: Post, operation: UPDATE, fields: [title]}\n    cdc:\n      enabled: true\n      event_type: PostRenamed\n      payload: [title]\n";
    let folder = Folder::new(&[("post.yaml", post)]);
    let capabilities = json!({ "general": { "positionEncodings": ["utf-32"] } });
    let mut client = Client::start_with(&capabilities, &[&folder]);
    let mut shown = Findings::new();
    let (closed, open) = (of_command_line(&folder, &[]), of_command_line(&folder, &["post.yaml"]));
    let uri = folder.uri("post.yaml");
    let codes = |it: &Findings| it[&uri].iter().map(|it| it.0.clone()).collect::<Vec<_>>();
    assert_eq!(codes(&closed), ["unknown-type"]);
    assert_eq!(codes(&open), ["event-repeats-cascade", "unknown-type"]);
    wait_for(&mut client, &mut shown, &closed);
    client.open(&uri, post);
    wait_for(&mut client, &mut shown, &open);
    client.close(&uri);
    wait_for(&mut client, &mut shown, &closed);
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
    // Without compaction, and without a lock file.
    let missing = ["debezium-state", "upcast", "upcast-sql"];
    assert!(artifacts.iter().all(|it| !missing.contains(&it.0.as_str())), "{artifacts:?}");
    let edits = [
        ("post.yaml", "title = 'x'", "title = 'y'"),
        ("user.yaml", "posts: integer = 0", "posts: bigint = 0"),
        ("post.yaml", "title: text!", "title: text(40)!"),
        ("user.yaml", "schema: crm", "schema: people"),
        ("post.yaml", "event_type: PostPublished", "event_type: PostShown"),
    ];
    let text_of = text;
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
            assert!(!printed.trim().is_empty(), "{artifact} after {new}");
            assert_eq!(
                text_of(&shown["text"]).trim_end(),
                printed.trim_end(),
                "{artifact} after {new}"
            );
        }
    }
}

/// Three workspaces in one window, whose names meet.
const PATHS: [&str; 7] = [
    "a.yaml",
    "b.yaml",
    "shop/a.yaml",
    "shop/b.yaml",
    "shop/deep/c.yaml",
    "crm/a.yaml",
    "crm/b.yaml",
];

const CONFIGURATIONS: [(&str, [&str; 3]); 3] = [
    (
        "specql.config.yaml",
        ["", "rules:\n  missing-impact: error\n", "rules:\n  unknown-entity: off\n"],
    ),
    (
        "shop/specql.config.yaml",
        ["tenancy: none\n", "rules:\n  missing-impact: off\n", "rulez: 1\n"],
    ),
    (
        "crm/specql.config.yml",
        ["compat: off\n", "compat: \"0.5\"\n", "rules: {field-not-written: error}\n"],
    ),
];

const FIELDS: [&str; 8] = [
    "  title: text!\n",
    "  count: integer = 0\n",
    "  author: ref(User)\n",
    "  post: ref(Post)\n",
    "  status: enum(draft, sent)\n",
    "  \"broken: [\n",
    "  größe: text  # 😀\n",
    "# specql: allow(unknown-field)\n",
];

const STEPS: [&str; 7] = [
    "      - update: User SET count = count + 1\n",
    "      - update: Post SET title = 'x' WHERE id = author\n",
    "      - validate: author.post.status = 'sent'\n",
    "      - insert: Post(title, author)\n",
    "      - call: one\n",
    "      - delete: User\n",
    "      - update: Usr SET count = 1\n",
];

const ENDS: [&str; 4] = [
    "",
    "    impact:\n      primary:\n        entity: User\n        operation: UPDATE\n        fields: [count]\n",
    "    impact:\n      primary:\n        entity: Post\n        operation: CREATE\n    cdc:\n      enabled: true\n      event_type: PostCreated\n",
    "    cdc:\n      enabled: true\n      event_type: UserUpdated\n",
];

/// What is typed into a file.
const TYPED: [&str; 9] = [
    "",
    "x",
    "\n",
    "  ",
    ": ",
    "'",
    "title",
    "  count: integer\n",
    "      - update: User SET titel = 1\n",
];

fn any<'a>(rng: &mut Rng, of: &[&'a str]) -> &'a str {
    of[rng.usize(0..of.len())]
}

fn random_entity(rng: &mut Rng) -> String {
    let name = any(rng, &["User", "Post", "Pots", "Comment", ""]);
    let mut res = format!("entity: {name}\n{}fields:\n", any(rng, &["", "schema: crm\n"]));
    (0..rng.usize(0..4)).for_each(|_| res.push_str(any(rng, &FIELDS)));
    res.push_str("actions:\n");
    for _ in 0..rng.usize(0..3) {
        res.push_str(&format!("  - name: {}\n    steps:\n", any(rng, &["one", "two", "fn_one"])));
        (0..rng.usize(0..3)).for_each(|_| res.push_str(any(rng, &STEPS)));
        res.push_str(any(rng, &ENDS));
    }
    res
}

/// A window with three workspaces in which somebody types, saves, deletes, and configures.
struct Session {
    rng: Rng,
    folder: Folder,
    client: Client,
    /// Version and text of the open documents.
    open: BTreeMap<&'static str, (i64, String)>,
    shown: Findings,
}

impl Session {
    fn new(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let texts: Vec<_> = PATHS.map(|it| (it, random_entity(&mut rng))).into();
        let configurations = CONFIGURATIONS.map(|(path, texts)| (path, texts[0].to_owned()));
        let files: Vec<_> = texts.into_iter().chain(configurations).collect();
        let files: Vec<_> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
        let folder = Folder::new(&files);
        let capabilities = json!({ "general": { "positionEncodings": ["utf-32"] } });
        let client = Client::start_with(&capabilities, &[&folder]);
        Self { rng, folder, client, open: BTreeMap::new(), shown: Findings::new() }
    }

    fn step(&mut self) {
        let path = PATHS[self.rng.usize(0..PATHS.len())];
        match (self.rng.u8(0..100), self.open.contains_key(path)) {
            (0..3, true) => self.save_and_close(path),
            (3..5, true) => self.client_closes(path),
            (_, true) => self.edit(path),
            (0..40, false) => self.open(path),
            (40..44, false) => self.configure(),
            (44..48, false) => drop(std::fs::remove_file(self.folder.path().join(path))),
            (_, false) => {
                let text = random_entity(&mut self.rng);
                self.folder.write(path, &text);
            }
        }
        // Some clients tell of what other programs write.
        if self.rng.u8(0..10) == 0 {
            self.client.watched(&[self.folder.uri(path)]);
        }
    }

    fn open(&mut self, path: &'static str) {
        let on_disk = std::fs::read_to_string(self.folder.path().join(path));
        let text = on_disk.unwrap_or_else(|_| random_entity(&mut self.rng));
        self.client.open(&self.folder.uri(path), &text);
        self.open.insert(path, (1, text));
    }

    fn save_and_close(&mut self, path: &str) {
        self.folder.write(path, &self.open[path].1);
        self.client_closes(path);
    }

    fn client_closes(&mut self, path: &str) {
        self.open.remove(path);
        self.client.close(&self.folder.uri(path));
    }

    fn configure(&mut self) {
        let (path, texts) = CONFIGURATIONS[self.rng.usize(0..CONFIGURATIONS.len())];
        match self.rng.u8(0..4) {
            0 => drop(std::fs::remove_file(self.folder.path().join(path))),
            _ => self.folder.write(path, any(&mut self.rng, &texts)),
        }
    }

    fn edit(&mut self, path: &str) {
        let (version, text) = self.open.get_mut(path).unwrap();
        *version += 1;
        // Half-typed text does not pile up.
        if text.len() > 900 || self.rng.u8(0..20) == 0 {
            *text = random_entity(&mut self.rng);
            let change = json!([{ "text": text }]);
            return self.client.change(&self.folder.uri(path), *version, change);
        }
        let letters: Vec<char> = text.chars().collect();
        let start = self.rng.usize(0..=letters.len());
        let end = letters.len().min(start + self.rng.usize(0..4));
        let typed = any(&mut self.rng, &TYPED);
        let place = |at: usize| {
            let before = &letters[..at];
            let line = before.iter().filter(|it| **it == '\n').count();
            let character = before.iter().rev().take_while(|it| **it != '\n').count();
            json!({ "line": line, "character": character })
        };
        let change =
            json!([{ "range": { "start": place(start), "end": place(end) }, "text": typed }]);
        *text = letters[..start]
            .iter()
            .copied()
            .chain(typed.chars())
            .chain(letters[end..].iter().copied())
            .collect();
        self.client.change(&self.folder.uri(path), *version, change);
    }

    /// Saves everything and compares with what the command line says.
    fn compare(&mut self) {
        for (path, (_, text)) in &self.open {
            self.folder.write(path, text);
        }
        let open: Vec<&str> = self.open.keys().copied().collect();
        let expected = of_command_line(&self.folder, &open);
        let waits = || wait_for(&mut self.client, &mut self.shown, &expected);
        if let Err(failure) = std::panic::catch_unwind(std::panic::AssertUnwindSafe(waits)) {
            for uri in expected.keys().chain(self.shown.keys()).collect::<BTreeSet<_>>() {
                let (shown, expected) = (self.shown.get(uri), expected.get(uri));
                if shown != expected {
                    eprintln!("{uri}\n  editor: {shown:?}\n  command line: {expected:?}");
                }
            }
            std::panic::resume_unwind(failure);
        }
    }
}

/// While somebody types, saves, deletes and configures in three workspaces at once, the editor shows what the
/// command line says of the same files. `SPECQL_SESSION_STEPS` makes the session longer, `SPECQL_SEED` another one.
#[test]
fn a_long_session_over_several_workspaces_ends_as_a_new_one_begins() {
    let setting = |name: &str, usual: u64| {
        std::env::var(name).ok().and_then(|it| it.parse().ok()).unwrap_or(usual)
    };
    let (seed, steps) = (setting("SPECQL_SEED", 1), setting("SPECQL_SESSION_STEPS", 5_000));
    eprintln!("seed {seed}");
    let mut session = Session::new(seed);
    for number in 1..=steps {
        session.step();
        if number % 250 == 0 || number == steps {
            session.compare();
        }
    }
}
