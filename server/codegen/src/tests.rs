//! What a reader of the generated text sees: input and output together.

use std::sync::Arc;

use specql_model::{FileId, SourceFile, Workspace};

use crate::{Artifact, EmitOptions, Rendered, Target, emit, problems, render};

mod half_typed;
mod settings;
mod source_map;
mod statements;
mod tables;

pub(crate) fn workspace(texts: &[&str]) -> Workspace {
    let files = (0..).zip(texts).map(|(number, text)| {
        Arc::new(SourceFile::new(FileId(number), format!("{number}.yaml"), *text))
    });
    Workspace::new(files)
}

/// The artifact for the first action of the first file.
fn rendered(texts: &[&str], artifact: Artifact) -> Rendered {
    let workspace = workspace(texts);
    let (id, _) = workspace.actions().next().expect("there is an action");
    render(&workspace, artifact, Target::Action(id))
}

/// What the steps of the first action become, without what stands before and behind them.
fn steps(texts: &[&str]) -> String {
    let rendered = rendered(texts, Artifact::Action);
    let steps = texts.first().and_then(|it| it.find("steps:")).unwrap_or_default();
    let mappings = rendered.source_map.mappings().iter();
    let of_steps = mappings.filter(|it| it.origin.range.to_usize().start > steps);
    let texts = of_steps.map(|it| it.sql.slice(&rendered.text)).collect::<Vec<_>>().join("\n");
    texts.lines().map(|it| it.strip_prefix("    ").unwrap_or(it)).collect::<Vec<_>>().join("\n")
}

#[test]
fn nothing_gives_a_foundation_and_no_problem() {
    let options = EmitOptions { tables: true, samples: true };
    let empty = workspace(&[]);
    let paths: Vec<String> = emit(&empty, options).into_iter().map(|it| it.path).collect();
    assert_eq!(paths, ["00_foundation.sql"]);
    assert_eq!(problems(&empty, options), []);
}

/// `emit` asks for both, and the JSON of a large workspace is most of the work.
#[test]
fn what_cannot_be_generated_is_told_without_samples() {
    let text = "entity: Post\nfields: {name: text}\nactions:\n  - name: act\n    steps: [{insert: Post}, {validate: nope = 1}]\n    impact: {primary: {entity: Post, operation: CREATE}}\n";
    let (workspace, options) = (workspace(&[text]), EmitOptions { tables: true, samples: true });
    let found = problems(&workspace, options);
    assert_eq!(emit::samples_made(), 0);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(!emit(&workspace, options).is_empty());
    assert!(emit::samples_made() > 0);
}

#[test]
fn a_wider_target_gives_all_that_is_in_it() {
    let text = "entity: Post\nactions:\n  - name: a\n    steps: [{insert: Post}]\n  - name: b\n    steps: [{update: Post}]\n";
    let workspace = workspace(&[text]);
    let whole = render(&workspace, Artifact::Action, Target::Project).text;
    assert!(whole.contains("fn_a(input") && whole.contains("fn_b(input"));
    let table = rendered(&[text], Artifact::Table).text;
    assert!(table.contains("tb_post") && table.contains("tv_post"));
}
