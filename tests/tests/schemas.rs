//! The JSON Schemas of entity files and of the configuration: as committed, valid for every file without
//! findings about its structure, and for no other.
//!
//! `SPECQL_UPDATE=1` writes them anew, `SPECQL_FUZZ` and `SPECQL_SEED` choose the damaged files.

#![expect(clippy::indexing_slicing, reason = "a member that is missing fails the test")]

use std::{fs, sync::Arc};

use fastrand::Rng;
use jsonschema::Validator;
use serde_json::{Map, Value, json};
use specql_check::{Diagnostic, Level, check_file};
use specql_ide::{SchemaOf, json_schema};
use specql_model::{FileId, FileKind, SourceFile, Workspace};
use specql_syntax::yaml::{Node, NodeKind, Resolved};
use specql_tests::{
    binary::project_root,
    fidelity::documents::{Document, corpus, own_files},
};

const SCHEMAS: [(SchemaOf, &str); 2] = [(SchemaOf::Entity, "entity"), (SchemaOf::Config, "config")];

fn validator(of: SchemaOf) -> Validator {
    let schema: Value = serde_json::from_str(&json_schema(of)).expect("it is JSON");
    jsonschema::draft202012::new(&schema).expect("it is a schema")
}

#[test]
fn they_are_committed() {
    for (of, name) in SCHEMAS {
        let path = project_root().join(format!("docs/schemas/{name}.schema.json"));
        let text = json_schema(of);
        if std::env::var_os("SPECQL_UPDATE").is_some() {
            fs::write(&path, &text).expect("the folder is there");
        }
        let committed = fs::read_to_string(&path).unwrap_or_default();
        assert!(committed == text, "run with SPECQL_UPDATE=1: {}", path.display());
        validator(of);
    }
}

/// The value as PyYAML's users have it in JSON.
fn json_of(node: &Node) -> Value {
    match &node.kind {
        NodeKind::Missing => Value::Null,
        NodeKind::Sequence(it) => it.items.iter().map(json_of).collect(),
        NodeKind::Mapping(it) => {
            let keys = it.entries.iter().map(|it| it.key.text.as_str());
            let value = |key: &str| it.get(key).map_or(Value::Null, |it| json_of(&it.value));
            Value::Object(keys.map(|key| (key.to_owned(), value(key))).collect::<Map<_, _>>())
        }
        NodeKind::Scalar(it) => match &it.resolved {
            Resolved::Null => Value::Null,
            Resolved::Bool(it) => json!(it),
            Resolved::Int(it) => it.parse::<i64>().map_or_else(|_| json!(0), |it| json!(it)),
            Resolved::Float(it) => it.parse::<f64>().map_or_else(|_| json!(0.5), |it| json!(it)),
            Resolved::Timestamp | Resolved::Str => json!(it.text.as_str()),
        },
    }
}

/// Findings about the structure; `invalid-config` is all of them in the configuration.
const STRUCTURAL: [&str; 4] = ["unknown-key", "wrong-shape", "missing-key", "unknown-step"];

/// Findings after which the structure is not known.
const OF_YAML: [&str; 6] = [
    "invalid-yaml",
    "yaml-1-1-trap",
    "duplicate-key",
    "unsupported-yaml",
    "multiple-documents",
    "invisible-character",
];

/// Whether the checker finds the structure of a file right; nothing where that is not known.
fn is_well_formed(file: &SourceFile, workspace: &Workspace) -> Option<bool> {
    let found = check_file(workspace, file.id);
    let is_unknown = |code: &str| OF_YAML.contains(&code) || code == "missing-entity";
    // The schema leaves the older shapes of an impact open.
    let is_older = |it: &str| it.contains("of an older impact");
    if found
        .iter()
        .any(|it| it.level == Level::Error && (is_unknown(it.code) || is_older(&it.message)))
    {
        return None;
    }
    // What an impact lacks beside steps, or beside none, no schema sees; a key of another block is a name of the
    // author's to it, where such names stand.
    let is_seen_here_only = |it: &str| {
        it.starts_with("`steps` is missing, so")
            || it.starts_with("`operation` is missing, so")
            || it.contains("; it belongs beside `")
    };
    let is_structural =
        |it: &Diagnostic| STRUCTURAL.contains(&it.code) && !is_seen_here_only(&it.message);
    Some(!found.iter().any(is_structural))
}

/// What a schema and the checker say of the entity files among documents: how many both accept and
/// refuse, and where they differ.
fn compare(documents: impl IntoIterator<Item = Document>) -> (usize, usize, Vec<String>) {
    let schema = validator(SchemaOf::Entity);
    let (mut accepted, mut refused, mut differ) = (0, 0, Vec::new());
    for document in documents {
        let file = Arc::new(SourceFile::new(FileId(0), "entity.yaml", document.text.as_str()));
        if !matches!(file.kind, FileKind::Entity(_)) {
            continue;
        }
        let workspace = Workspace::new([Arc::clone(&file)]);
        let Some(is_well_formed) = is_well_formed(&file, &workspace) else { continue };
        let value = json_of(&file.folded().parse().yaml().root);
        match (is_well_formed, schema.is_valid(&value)) {
            (true, true) => accepted += 1,
            (false, false) => refused += 1,
            (true, false) => {
                let why = schema.iter_errors(&value).next();
                let why = why.map(|it| format!("{} at {}", it, it.instance_path));
                differ.push(format!("{}: refused: {why:?}\n{}", document.name, document.text));
            }
            (false, true) => {
                let found = check_file(&workspace, FileId(0));
                let why = found.iter().find(|it| STRUCTURAL.contains(&it.code));
                let why = why.map(|it| it.message.clone());
                differ.push(format!("{}: accepted: {why:?}\n{}", document.name, document.text));
            }
        }
    }
    (accepted, refused, differ)
}

#[test]
fn real_files_fit_where_the_checker_finds_their_structure_right() {
    let (accepted, refused, differ) = compare(corpus().into_iter().chain(own_files()));
    eprintln!("{accepted} accepted, {refused} refused");
    assert!(accepted > 50, "{accepted}");
    assert!(differ.is_empty(), "{} differ: {}", differ.len(), differ[0]);
}

/// A key with two letters in each other's place, a value of another shape, a line that is lost.
fn damaged(rng: &mut Rng, text: &str) -> Option<String> {
    const OTHERS: &[&str] = &["[a, b]", "{a: b}", "word", "5", "true", "~"];
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let at = rng.usize(0..lines.len());
    let line = lines.get(at)?.clone();
    let (key, value) = line.split_once(':')?;
    let start = key.len() - key.trim_start_matches([' ', '-']).len();
    let name: Vec<char> = key.get(start..)?.chars().collect();
    match rng.u8(0..3) {
        0 if name.len() > 3 => {
            let mut name = name;
            name.swap(1, 2);
            let name: String = name.into_iter().collect();
            lines[at] = format!("{}{name}:{value}", key.get(..start)?);
        }
        1 if !value.trim().is_empty() => lines[at] = format!("{key}: {}", rng.choice(OTHERS)?),
        _ => drop(lines.remove(at)),
    }
    Some(lines.join("\n") + "\n")
}

#[test]
fn damaged_files_fit_where_the_checker_finds_their_structure_right() {
    let number = |name: &str| std::env::var(name).ok().and_then(|it| it.parse::<u64>().ok());
    let seed = number("SPECQL_SEED").unwrap_or(0x5eed);
    eprintln!("seed {seed}");
    let mut rng = Rng::with_seed(seed);
    let files: Vec<Document> = corpus().into_iter().chain(own_files()).collect();
    let count = 600 * number("SPECQL_FUZZ").unwrap_or(1);
    let documents = (0..count).filter_map(|_| {
        let file = rng.choice(&files)?;
        let text = damaged(&mut rng, &file.text)?;
        Some(Document { name: file.name.clone(), text })
    });
    let documents: Vec<Document> = documents.collect();
    let (accepted, refused, differ) = compare(documents);
    eprintln!("{accepted} accepted, {refused} refused");
    assert!(accepted > 50 && refused > 50, "{accepted}, {refused}");
    assert!(differ.is_empty(), "{} differ: {}", differ.len(), differ[0]);
}

#[test]
fn the_configuration_has_one_too() {
    let schema = validator(SchemaOf::Config);
    let value = |text: &str| {
        let file = SourceFile::new(FileId(0), "specql.config.yaml", text);
        json_of(&file.folded().parse().yaml().root)
    };
    for folder in ["blog", "shop", "saas"] {
        let path = project_root().join(format!("examples/{folder}/specql.config.yaml"));
        assert!(schema.is_valid(&value(&fs::read_to_string(path).expect("it is there"))));
    }
    for (text, is_valid) in [
        ("rules: {naming: off, unknown-type: {level: error, paths: [a/**]}}\n", true),
        ("tenancy: required\nkafka: {partitions: 3}\n", true),
        ("tenancy: {}\n", false),
        ("kafka: [a]\n", false),
        ("kafka: {partition: 3}\n", false),
        ("audits: true\n", false),
        ("rules: {unknown-type: {paths: [a]}}\n", false),
    ] {
        assert_eq!(schema.is_valid(&value(text)), is_valid, "{text}");
    }
}
