//! The part of an artifact that a place is about, found by the source map, and where the whole is.

use std::fmt::Write;

use specql_codegen::{Artifact, Rendered, Scope, Target};
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
    lines_of(workspace, id, artifact, places, |_| true, acc);
}

/// The same, of the lines that are asked for.
pub(super) fn lines_of(
    workspace: &Workspace,
    id: ActionId,
    artifact: Artifact,
    places: &[TextRange],
    is_asked: impl Fn(&str) -> bool,
    acc: &mut String,
) {
    let rendered = render(workspace, id, artifact);
    let is_here = |it: TextRange| places.iter().any(|place| place.contains_range(it));
    let mappings = rendered.source_map.mappings().iter();
    let inside = mappings.filter(|it| it.origin.file == id.entity.0 && is_here(it.origin.range));
    let found: Vec<TextRange> = inside.map(|it| it.sql).collect();
    let pieces = whole_lines(&rendered.text, &found, is_asked);
    fenced(rendered.language, &shown(&pieces), acc);
}

/// The lines of the action's function in which some of its variables stand.
pub(super) fn lines_with(workspace: &Workspace, id: ActionId, names: &[String], acc: &mut String) {
    let rendered = render(workspace, id, Artifact::Action);
    let is_part = |it: char| it.is_alphanumeric() || matches!(it, '_' | '$');
    let has = |line: &str| {
        let mut words = line.split(|it: char| !is_part(it));
        words.any(|it| names.iter().any(|name| name == it))
    };
    let whole = TextRange::new(0, u32::try_from(rendered.text.len()).unwrap_or(u32::MAX));
    let pieces = whole_lines(&rendered.text, &[whole], has);
    fenced(rendered.language, &shown(&pieces), acc);
}

fn render(workspace: &Workspace, id: ActionId, artifact: Artifact) -> Rendered {
    specql_codegen::render(workspace, artifact, target(id, artifact))
}

const fn target(id: ActionId, artifact: Artifact) -> Target {
    match artifact.scope() {
        Scope::Project => Target::Project,
        Scope::Entity => Target::Entity(id.entity),
        Scope::Action => Target::Action(id),
    }
}

/// As many lines as a hover shows, in a fence.
pub(super) fn fenced(language: &str, lines: &[String], acc: &mut String) {
    if lines.is_empty() {
        return;
    }
    let (cut, rest) = lines.split_at(lines.len().min(MAX_LINES));
    let _ = write!(acc, "\n```{language}\n{}\n```\n", cut.join("\n"));
    if !rest.is_empty() {
        let _ = write!(acc, "\n{} more lines.\n", rest.len());
    }
}

/// The statement of some SQL that begins with some words, in a fence; nothing where there is none.
pub(super) fn statement(sql: &str, words: &str, acc: &mut String) {
    let mut lines = sql.lines().skip_while(|it| !it.trim_start().starts_with(words));
    let mut found = Vec::new();
    for line in lines.by_ref() {
        found.push(line);
        if line.ends_with(';') {
            break;
        }
    }
    fenced("sql", &shown(&[found]), acc);
}

/// Where the whole is: those of some artifacts that the action has.
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
    // Its function and its effects are there whatever it does, and to write them takes longer than this.
    let is_there = |it: &&Artifact| {
        matches!(it, Artifact::Action | Artifact::Effects)
            || specql_codegen::is_there(workspace, **it, target(id, **it))
    };
    if entity.name.text.is_empty() || action.name.text.is_empty() {
        return Vec::new();
    }
    artifacts.iter().filter(is_there).map(one).collect()
}

/// The function of an action, and the first of its samples: what a client sees, what a consumer, what an
/// auditor.
pub(super) fn whole_with_sample(workspace: &Workspace, id: ActionId) -> Vec<Whole> {
    let mut res = whole(workspace, id, &[Artifact::Action]);
    let samples = [Artifact::CascadeSample, Artifact::EventSample, Artifact::AuditSample];
    res.extend(samples.iter().find_map(|it| whole(workspace, id, &[*it]).pop()));
    res
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
fn whole_lines<'t>(
    text: &'t str,
    ranges: &[TextRange],
    is_asked: impl Fn(&str) -> bool,
) -> Vec<Vec<&'t str>> {
    let mut blocks: Vec<Vec<&'t str>> = Vec::new();
    let mut last = None;
    let mut start = 0;
    for (number, line) in text.lines().enumerate() {
        let end = start + line.len();
        let touched =
            ranges.iter().any(|it| (it.start() as usize) < end && start < it.end() as usize);
        start = end + 1;
        if !touched || !is_asked(line) {
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
