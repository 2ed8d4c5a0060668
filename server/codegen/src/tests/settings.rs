//! Every setting changes what is emitted. Rules, the released generator of `compat`, and the name of the
//! lock file are seen in findings: the checker and the command line have their tests.

use std::sync::Arc;

use specql_model::{
    FileId, SourceFile, Workspace,
    keys::{CONFIG, KeySpec, MappingSpec, Shape, mapping_of},
};

use crate::{EmitOptions, EmittedFile, emit};

const POST: &str = "entity: Post
fields: {post_name: text, views: bigint, author: ref(User)!}
actions:
  - name: create_post
    steps:
      - insert: Post
      - update: User SET posts = posts + 1
    impact:
      primary: {entity: Post, operation: CREATE}
      side_effects: [{entity: User, operation: UPDATE, fields: [posts]}]
    cdc: true
  - name: delete_post
    steps: [{delete: Post}]
    impact: {primary: {entity: Post, operation: DELETE}}
";

const USER: &str = "entity: User\nfields: {posts: integer = 0}\n";

fn emitted(config: &str) -> Vec<EmittedFile> {
    let files = [("post.yaml", POST), ("user.yaml", USER), ("specql.config.yaml", config)];
    let files = (0..)
        .zip(files)
        .map(|(number, (path, text))| Arc::new(SourceFile::new(FileId(number), path, text)));
    emit(&Workspace::new(files), EmitOptions { tables: true, samples: true })
}

/// A setting as one line of the configuration, with each value that may differ from the default.
struct Setting {
    path: String,
    lines: Vec<String>,
}

/// The settings below a key.
fn settings(key: &KeySpec) -> Vec<Setting> {
    let inside = |it: Setting| Setting {
        path: format!("{}.{}", key.name, it.path),
        lines: it.lines.iter().map(|it| format!("{}: {{{it}}}", key.name)).collect(),
    };
    if let Some(it) = mapping_of(key.shapes) {
        let of_all = |it: &'static MappingSpec| it.keys.iter().flat_map(settings);
        return of_all(it).map(inside).collect();
    }
    let values = key.shapes.iter().flat_map(|it| values(key.name, it));
    let lines = values.map(|it| format!("{}: {it}", key.name)).collect();
    vec![Setting { path: key.name.to_owned(), lines }]
}

fn values(name: &str, shape: &Shape) -> Vec<String> {
    let words = |all: &[&str]| all.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
    match shape {
        Shape::Bool => words(&["true", "false"]),
        // One row is fewer than the actions change.
        Shape::Integer => words(&["17", "1"]),
        Shape::Word(all) => all.iter().map(|it| it.0.to_owned()).collect(),
        Shape::OneOf(all) => all.iter().flat_map(|it| values(name, it)).collect(),
        Shape::List(Shape::Entity) => words(&["[User]"]),
        Shape::Text if name == "retention" => words(&["11 days"]),
        _ => words(&["other"]),
    }
}

/// Seen in findings, not in what is emitted.
const FINDINGS: [&str; 3] = ["rules", "compat", "events.lock_file"];

#[test]
fn every_setting_has_an_effect() {
    let default = emitted("");
    let mut seen = Vec::new();
    for setting in CONFIG.keys.iter().flat_map(settings) {
        if FINDINGS
            .iter()
            .any(|it| setting.path == *it || setting.path.starts_with(&format!("{it}.")))
        {
            continue;
        }
        let changes = setting.lines.iter().any(|it| emitted(it) != default);
        assert!(changes, "{}: none of {:?} changes anything", setting.path, setting.lines);
        seen.push(setting.path);
    }
    assert!(seen.len() >= 30, "{seen:?}");
    assert!(FINDINGS.iter().all(|it| CONFIG.keys.iter().any(|key| it.starts_with(key.name))));
}
