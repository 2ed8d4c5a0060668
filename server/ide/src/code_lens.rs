//! Code lenses: above an action what it writes and publishes, on `cdc` the event, on the entity its
//! table and audit trail, whose click opens the preview; on entities and actions their uses.
//!
//! Invariant: no place is looked for in other files here. Uses are counted when a lens comes into sight; of
//! other files it is asked at most whether one may ask for events.

use specql_codegen::Artifact;
use specql_contract::{Contract, is_audited};
use specql_model::{Action, ActionId, Certainty, Entity, SourceFile, Workspace};
use specql_text::TextRange;

use crate::{CodeLens, LensKind, PreviewTarget, UsesOf, describe, uses};

/// The lenses of a file, in the order of the text.
pub(crate) fn code_lenses(workspace: &Workspace, file: &SourceFile) -> Vec<CodeLens> {
    let Some(entity) = file.entity() else { return Vec::new() };
    let mut acc = Vec::new();
    on_entity(workspace, entity, &mut acc);
    for (id, action) in entity.action_ids().filter(|(_, it)| !it.name.text.is_empty()) {
        on_action(workspace, id, action, &mut acc);
    }
    acc.sort_by_key(|it| it.range.start());
    acc
}

fn on_entity(workspace: &Workspace, entity: &Entity, acc: &mut Vec<CodeLens>) {
    if entity.name.text.is_empty() {
        return;
    }
    let lens = |title: &str, artifact| CodeLens {
        range: entity.name.range,
        kind: LensKind::Preview(
            title.to_owned(),
            PreviewTarget { file: Some(entity.id.0), action: None, artifact },
        ),
    };
    acc.push(lens("table", Artifact::Table));
    let is_audited = is_audited(workspace.config(), entity);
    acc.push(lens(if is_audited { "audit trail" } else { "no audit trail" }, Artifact::Audit));
    acc.push(of_uses(entity.name.range, UsesOf::References));
    if uses::may_have_events(workspace, entity) {
        acc.push(of_uses(entity.name.range, UsesOf::Events));
    }
}

fn of_uses(range: TextRange, of: UsesOf) -> CodeLens {
    CodeLens { range, kind: LensKind::Uses(of) }
}

fn on_action(workspace: &Workspace, id: ActionId, action: &Action, acc: &mut Vec<CodeLens>) {
    let lens = |range: TextRange, title: String, artifact| CodeLens {
        range,
        kind: LensKind::Preview(
            title,
            PreviewTarget {
                file: Some(id.entity.0),
                action: Some(action.name.text.to_string()),
                artifact,
            },
        ),
    };
    let contract = Contract::of(workspace, id);
    let events = contract.as_ref().map(describe::events).unwrap_or_default();
    acc.push(lens(action.name.range, summary(workspace, id, &events), Artifact::Action));
    acc.push(of_uses(action.name.range, UsesOf::References));
    if let Some(impact) = &action.impact
        && contract.is_some_and(|it| it.cascade.is_some())
    {
        acc.push(lens(impact.key, "sample `_cascade`".to_owned(), Artifact::CascadeSample));
    }
    if let Some(cdc) = &action.cdc
        && !events.is_empty()
    {
        acc.push(lens(cdc.key, format!("sample {}", events.join(", ")), Artifact::EventSample));
    }
}

/// `SQL · writes Post, User? · publishes PostCreated`; a question mark for what happens only in some
/// runs.
fn summary(workspace: &Workspace, id: ActionId, events: &[String]) -> String {
    let mut written: Vec<(String, Certainty)> = Vec::new();
    for it in workspace.effects(id) {
        let name = describe::effect_entity(workspace, it);
        match written.iter_mut().find(|(other, _)| *other == name) {
            Some((_, certainty)) if it.certainty == Certainty::Always => *certainty = it.certainty,
            Some(_) => {}
            None => written.push((name, it.certainty)),
        }
    }
    let written: Vec<String> = written
        .into_iter()
        .map(|(name, it)| if it == Certainty::Always { name } else { format!("{name}?") })
        .collect();
    let mut res = String::from("SQL");
    if !written.is_empty() {
        res.push_str(" · writes ");
        res.push_str(&written.join(", "));
    }
    if !events.is_empty() {
        res.push_str(" · publishes ");
        res.push_str(&events.join(", "));
    }
    res
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::{LensKind, test_support::Fixture};

    fn lenses(fixture: &str) -> String {
        let it = Fixture::new(fixture);
        let text = it.analysis.text(it.file).unwrap();
        let lenses = it.analysis.code_lenses(it.file);
        let lines: Vec<String> = lenses
            .iter()
            .map(|lens| match &lens.kind {
                LensKind::Preview(title, target) => {
                    format!("{}: {title} → {}", lens.range.slice(text), target.artifact.name())
                }
                LensKind::Uses(of) => {
                    let uses = it.analysis.uses(it.file, lens.range.start(), *of);
                    format!("{}: {}", lens.range.slice(text), crate::uses_title(*of, &uses))
                }
            })
            .collect();
        lines.join("\n")
    }

    #[test]
    fn actions_say_what_they_write_and_publish() {
        assert_snapshot!(lenses("
#- /post.yaml
entity: Post
fields:
  title: text
  author: ref(User)
actions:
  - name: create_post
    steps:
      - insert: Post
      - if: title IS NULL
        then:
          - update: User SET post_count = 1 WHERE id = author.id
    impact:
      primary:
        entity: Post
        operation: CREATE
      side_effects:
        - entity: User
          operation: UPDATE
    cdc:
      enabled: true
      side_effect_events:
        User: UserCounted
  - name: look
    steps:
      - validate: title IS NULL
    cdc:
      event_type: Looked
  - name:
#- /user.yaml
entity: User
fields:
  post_count: integer
"), @"
Post: table → table
Post: audit trail → audit
Post: 2 references: 1 written, 1 read
Post: 1 event
create_post: SQL · writes Post, User? · publishes PostCreated, UserCounted → action
create_post: 0 references
impact: sample `_cascade` → cascade-sample
cdc: sample PostCreated, UserCounted → event-sample
look: SQL → action
look: 0 references
");
    }

    #[test]
    fn an_entity_without_audit_says_so() {
        assert_snapshot!(lenses("entity: Post\naudit: false\n"), @"
Post: table → table
Post: no audit trail → audit
Post: 0 references
");
    }

    #[test]
    fn other_files_have_none() {
        assert_snapshot!(lenses("services: 1"), @"");
        assert_snapshot!(lenses("entity:"), @"");
    }
}
