//! What tests share: workspaces from one text, and short forms to read.

use std::sync::Arc;

use crate::{
    Certainty, Effect, EffectFields, Entity, EntityId, FileId, RowSource, SourceFile, Workspace,
};

/// Files of one text; `#- /path` begins each but a first without a name.
pub(crate) fn files(fixture: &str) -> Vec<Arc<SourceFile>> {
    let mut parts: Vec<(String, String)> = Vec::new();
    for line in fixture.split_inclusive('\n') {
        match (line.strip_prefix("#- "), parts.last_mut()) {
            (Some(path), _) => parts.push((path.trim().to_owned(), String::new())),
            (None, Some((_, text))) => text.push_str(line),
            (None, None) if line.trim().is_empty() => {}
            (None, None) => parts.push(("/a.yaml".to_owned(), line.to_owned())),
        }
    }
    let numbered = (0..).zip(parts);
    numbered.map(|(id, (path, text))| Arc::new(SourceFile::new(FileId(id), path, text))).collect()
}

pub(crate) fn workspace(fixture: &str) -> Workspace {
    Workspace::new(files(fixture))
}

/// The entity of a text.
pub(crate) fn entity(text: &str) -> Arc<Entity> {
    let file = SourceFile::new(FileId(0), "/a.specql.yaml", text);
    file.entity().cloned().expect("the name says that it is an entity file")
}

/// The only entity with a name.
pub(crate) fn named(workspace: &Workspace, name: &str) -> EntityId {
    match workspace.entities_named(name).as_slice() {
        [it] => *it,
        other => panic!("{} entities named {name}", other.len()),
    }
}

/// Effects, one in a line: entity, operation, fields, certainty, rows.
pub(crate) fn shown_effects(workspace: &Workspace, effects: &[Effect]) -> String {
    let lines = effects.iter().map(|it| {
        let entity = match it.entity.and_then(|it| workspace.entity(it)) {
            Some(entity) => format!("{}.{}", entity.schema_name(), entity.name.text),
            None => format!("?{}", it.target.text),
        };
        let fields = match &it.fields {
            EffectFields::Named(names) => format!("[{}]", names.join(", ")),
            EffectFields::Input(names) => format!("[{}+input]", names.join(", ")),
            EffectFields::Row => "row".to_owned(),
        };
        let certainty = match it.certainty {
            Certainty::Always => "always",
            Certainty::Sometimes => "sometimes",
        };
        let rows = match &it.rows {
            RowSource::New => "new".to_owned(),
            RowSource::InputId => "input.id".to_owned(),
            RowSource::Filter { one: true } => "one by filter".to_owned(),
            RowSource::Filter { one: false } => "filter".to_owned(),
            RowSource::Reference { field, forward: true, .. } => format!("over {field}"),
            RowSource::Reference { field, forward: false, .. } => format!("back over {field}"),
            RowSource::Unreachable => "unreachable".to_owned(),
            RowSource::Ambiguous(fields) => format!("ambiguous {}", fields.join(" | ")),
        };
        let via = if it.via.is_some() { " by call" } else { "" };
        format!("{entity} {} {fields} {certainty} {rows}{via}", it.operation.as_str())
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The corpus: name and text.
pub(crate) fn corpus() -> Vec<(String, String)> {
    specql_corpus::files().into_iter().map(|it| (it.name, it.text)).collect()
}
