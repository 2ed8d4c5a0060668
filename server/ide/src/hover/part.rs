//! The part of an artifact that a place is about, found by the source map.

use std::fmt::Write;

use specql_codegen::{Artifact, Target};
use specql_model::{ActionId, Entity, Workspace};
use specql_text::TextRange;

use crate::{PreviewTarget, Whole, describe};

/// What is said of a place.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub(super) markdown: String,
    pub(super) whole: Vec<Whole>,
}

impl From<String> for Said {
    fn from(markdown: String) -> Self {
        Self { markdown, whole: Vec::new() }
    }
}

/// The longest part inside a hover, in lines; the whole is one command away.
const MAX_LINES: usize = 40;

/// What the places of the action's file became in an artifact, in a fence; nothing when they became
/// nothing.
pub(super) fn part(
    workspace: &Workspace,
    id: ActionId,
    artifact: Artifact,
    places: &[TextRange],
    acc: &mut String,
) {
    let target = match artifact.scope() {
        specql_codegen::Scope::Project => Target::Project,
        specql_codegen::Scope::Entity => Target::Entity(id.entity),
        specql_codegen::Scope::Action => Target::Action(id),
    };
    let rendered = specql_codegen::render(workspace, artifact, target);
    let map = &rendered.source_map;
    let found = places.iter().flat_map(|it| map.from_range(id.entity.0, *it));
    let pieces = whole_lines(&rendered.text, found.collect());
    fenced(rendered.language, &shown(&pieces), acc);
}

/// As many lines as a hover shows, in a fence.
fn fenced(language: &str, lines: &[String], acc: &mut String) {
    if lines.is_empty() {
        return;
    }
    let (cut, rest) = lines.split_at(lines.len().min(MAX_LINES));
    let _ = write!(acc, "\n```{language}\n{}\n```\n", cut.join("\n"));
    if !rest.is_empty() {
        let _ = write!(acc, "\n{} more lines.\n", rest.len());
    }
}

/// The statement of a project's artifact that begins with some words, in a fence; nothing where there is
/// none.
pub(super) fn statement(workspace: &Workspace, artifact: Artifact, words: &str, acc: &mut String) {
    let rendered = specql_codegen::render(workspace, artifact, Target::Project);
    let mut lines = rendered.text.lines().skip_while(|it| !it.trim_start().starts_with(words));
    let mut found = Vec::new();
    for line in lines.by_ref() {
        found.push(line);
        if line.ends_with(';') {
            break;
        }
    }
    fenced(rendered.language, &shown(&[found]), acc);
}

/// Where the whole is.
pub(super) fn whole(workspace: &Workspace, id: ActionId, artifacts: &[Artifact]) -> Vec<Whole> {
    let (Some(entity), Some(action)) = (workspace.entity(id.entity), workspace.action(id)) else {
        return Vec::new();
    };
    let name = format!("{}.{}", describe::qualified(entity), action.name.text);
    let one = |artifact: &Artifact| Whole {
        command: command(&name, *artifact),
        title: format!("{}.{} · {}", entity.name.text, action.name.text, artifact.name()),
        target: PreviewTarget {
            file: Some(id.entity.0),
            action: Some(action.name.text.to_string()),
            artifact: *artifact,
        },
    };
    artifacts.iter().map(one).collect()
}

/// The same of an entity.
pub(super) fn whole_of_entity(entity: &Entity, artifact: Artifact) -> Whole {
    Whole {
        command: command(&describe::qualified(entity), artifact),
        title: format!("{} · {}", entity.name.text, artifact.name()),
        target: PreviewTarget { file: Some(entity.id.0), action: None, artifact },
    }
}

fn command(name: &str, artifact: Artifact) -> String {
    match artifact {
        Artifact::Action => format!("specql-lsp preview {name}"),
        it => format!("specql-lsp preview {name} --artifact {}", it.name()),
    }
}

/// The lines that ranges touch, each once, in blocks of neighbours.
fn whole_lines<'t>(text: &'t str, ranges: Vec<TextRange>) -> Vec<Vec<&'t str>> {
    let mut blocks: Vec<Vec<&'t str>> = Vec::new();
    let mut last = None;
    let mut start = 0;
    for (number, line) in text.lines().enumerate() {
        let end = start + line.len();
        let touched =
            ranges.iter().any(|it| (it.start() as usize) < end && start < it.end() as usize);
        start = end + 1;
        if !touched {
            continue;
        }
        match blocks.last_mut() {
            Some(block) if last == number.checked_sub(1) => block.push(line),
            _ => blocks.push(vec![line]),
        }
        last = Some(number);
    }
    blocks
}

/// Blocks with what lies between them left out, without the indentation that all have.
fn shown(blocks: &[Vec<&str>]) -> Vec<String> {
    let indentation = |it: &&str| it.len() - it.trim_start().len();
    let full = blocks.iter().flatten().filter(|it| !it.trim().is_empty());
    let common = full.map(indentation).min().unwrap_or_default();
    let mut res = Vec::new();
    for (index, block) in blocks.iter().enumerate() {
        if index > 0 {
            res.push("-- …".to_owned());
        }
        res.extend(block.iter().map(|it| it.get(common..).unwrap_or_default().to_owned()));
    }
    res
}
