//! Every setting of the connector and of the topics changes what is emitted.

use std::sync::Arc;

use specql_model::{
    FileId, SourceFile, Workspace,
    keys::{CONFIG, KeySpec, MappingSpec, Shape, mapping_of},
};

use crate::{EmitOptions, EmittedFile, emit};

const POST: &str = "entity: Post\nfields: {name: text}\nactions:\n  - name: create_post\n    steps: [{insert: Post}]\n    impact: {primary: {entity: Post, operation: CREATE}}\n    cdc: true\n";

fn emitted(config: &str) -> Vec<EmittedFile> {
    let files = [("post.yaml", POST), ("specql.config.yaml", config)];
    let files = (0..)
        .zip(files)
        .map(|(number, (path, text))| Arc::new(SourceFile::new(FileId(number), path, text)));
    emit(&Workspace::new(files), EmitOptions { tables: true, samples: true })
}

/// The settings below a key, each written out alone with a value that is no default.
fn settings(key: &KeySpec) -> Vec<String> {
    let inner = |it: &'static MappingSpec| {
        let of_all = it.keys.iter().flat_map(settings);
        of_all.map(|it| format!("{{{it}}}")).collect::<Vec<_>>()
    };
    let values = match (mapping_of(key.shapes), key.shapes.first()) {
        (Some(it), _) => inner(it),
        (None, Some(Shape::Bool)) => vec!["true".to_owned()],
        (None, Some(Shape::Integer)) => vec!["17".to_owned()],
        _ if key.name == "retention" => vec!["11 days".to_owned()],
        _ => vec!["other".to_owned()],
    };
    values.into_iter().map(|it| format!("{}: {it}", key.name)).collect()
}

#[test]
fn every_setting_has_an_effect() {
    let default = emitted("");
    let mut seen = 0;
    for name in ["debezium", "kafka", "outbox"] {
        for setting in settings(CONFIG.key(name).expect("it is a key")) {
            // The role of the connector is granted where it is there.
            assert_ne!(emitted(&setting), default, "{setting}");
            seen += 1;
        }
    }
    assert_eq!(seen, 16);
}
