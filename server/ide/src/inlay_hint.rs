//! Inlay hints: what follows from a file and is not written in it. The operation of an `impact`, the
//! rows that a step finds without a `WHERE`, the fields that come from the input, the type and topic of
//! an event, the entity of a variable.
//!
//! Invariant: a hint stands behind what it is about, and says nothing that its line says.

use specql_contract::{Contract, Event, EventKind};
use specql_model::{
    Action, ActionId, Effect, EffectFields, ImpactEntry, RowSource, SourceFile, Step, StepKind,
    Workspace,
};
use specql_text::TextRange;

use crate::{Analysis, FileId, describe};

/// A note between the characters of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InlayHint {
    /// Where it is shown.
    pub offset: u32,
    /// The note, without blanks around it.
    pub label: String,
    /// It is the type of a variable.
    pub is_type: bool,
}

impl Analysis {
    /// The hints within a range, in order.
    #[must_use]
    pub fn inlay_hints(&self, file: FileId, within: TextRange) -> Vec<InlayHint> {
        let workspace = self.workspace();
        let Some(file) = workspace.file(file) else { return Vec::new() };
        hints(workspace, file, within)
    }
}

fn hints(workspace: &Workspace, file: &SourceFile, within: TextRange) -> Vec<InlayHint> {
    let Some(entity) = file.entity() else { return Vec::new() };
    let mut acc = Vec::new();
    for (id, action) in entity.action_ids().filter(|it| it.1.range.intersects(within)) {
        steps(workspace, id, action, &mut acc);
        impact(workspace, id, action, &mut acc);
        events(workspace, id, action, &mut acc);
    }
    acc.retain(|it| within.touches(it.offset));
    acc.sort_by_key(|it| it.offset);
    acc
}

fn hint(offset: u32, label: String) -> InlayHint {
    InlayHint { offset, label, is_type: false }
}

fn steps(workspace: &Workspace, id: ActionId, action: &Action, acc: &mut Vec<InlayHint>) {
    let own = workspace.effects(id).iter().filter(|it| it.action == id && it.via.is_none());
    let own: Vec<&Effect> = own.collect();
    for step in &action.steps {
        step.walk(&mut |it| {
            if let Some(effect) = own.iter().find(|effect| effect.step == it.range) {
                acc.extend(written(it, effect));
            }
            acc.extend(variable(workspace, id, it));
        });
    }
}

/// What a step that writes leaves unsaid: which rows, and which fields.
fn written(step: &Step, effect: &Effect) -> Option<InlayHint> {
    let rows = match &effect.rows {
        RowSource::New | RowSource::Filter { .. } => None,
        it => Some(describe::rows(it)),
    };
    let fields = match &effect.fields {
        EffectFields::Input(known) if known.is_empty() => {
            Some("the fields in the input".to_owned())
        }
        EffectFields::Input(_) => Some("and the fields in the input".to_owned()),
        EffectFields::Named(_) | EffectFields::Row => None,
    };
    let parts: Vec<String> = [fields, rows].into_iter().flatten().collect();
    // Behind the first line of the step.
    (!parts.is_empty()).then(|| hint(step.value_range.end(), parts.join(" · ").replace('`', "")))
}

/// The entity of a stored result whose step says it on another line.
fn variable(workspace: &Workspace, id: ActionId, step: &Step) -> Option<InlayHint> {
    let write = match &step.kind {
        StepKind::Find { write, .. } => write,
        _ => step.write()?,
    };
    let (name, target) = (write.bind.as_deref()?, write.entity.as_ref()?);
    let entity = workspace.resolve(id.entity, target).found()?;
    let label = format!(": {}", workspace.entity(entity)?.name.text);
    Some(InlayHint { offset: name.range.end(), label, is_type: true })
}

fn impact(workspace: &Workspace, id: ActionId, action: &Action, acc: &mut Vec<InlayHint>) {
    let Some(impact) = &action.impact else { return };
    if let Some(entry) = &impact.primary
        && let Some(found) = workspace.effective_primary(id)
        && entry.operation.is_none()
        && let Some(name) = &entry.entity
    {
        acc.push(hint(name.range.end(), found.operation.as_str().to_owned()));
    }
    for entry in impact.primary.iter().chain(&impact.side_effects) {
        acc.extend(fields(workspace, id, entry));
    }
}

/// The fields of an entry that lists none.
fn fields(workspace: &Workspace, id: ActionId, entry: &ImpactEntry) -> Option<InlayHint> {
    let operation = entry.operation.as_ref().filter(|_| entry.fields.is_none())?;
    let entity = match &entry.entity {
        Some(name) => workspace.resolve_name(id.entity, &name.text).found()?,
        None => id.entity,
    };
    let effects = workspace.effects(id).iter();
    let mut effects =
        effects.filter(|it| it.entity == Some(entity) && Some(it.operation) == operation.value);
    let first = effects.next().filter(|it| !matches!(it.fields, EffectFields::Row))?;
    // Several steps have several lists.
    if effects.next().is_some() {
        return None;
    }
    let label = describe::effect_fields(&first.fields).replace('`', "");
    (label != "none").then(|| hint(operation.name.range.end(), label))
}

fn events(workspace: &Workspace, id: ActionId, action: &Action, acc: &mut Vec<InlayHint>) {
    let Some(cdc) = &action.cdc else { return };
    let Some(contract) = Contract::of(workspace, id) else { return };
    for event in contract.own_events() {
        let label = match (event.kind, &cdc.event_type, &cdc.topic) {
            (EventKind::Primary, None, Some(_)) => event.event_type.to_string(),
            (EventKind::Primary, None, None) => format!("{} → {}", event.event_type, event.topic),
            (EventKind::Primary, Some(_), None) => topic(event),
            (EventKind::Primary, Some(_), Some(_)) => continue,
            (EventKind::SideEffect, ..) => topic(event),
        };
        let is_key = event.range == cdc.key;
        // Behind the colon of the key.
        let offset = event.range.end() + u32::from(is_key);
        acc.push(hint(offset, label));
    }
}

fn topic(it: &Event) -> String {
    format!("→ {}", it.topic)
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::test_support::Fixture;

    /// The file with its hints in `‹›`.
    fn shown(fixture: &str) -> String {
        let it = Fixture::new(fixture);
        let text = it.analysis.text(it.file).unwrap();
        let mut res = text.to_string();
        let whole = (0..text.len()).into();
        for hint in it.analysis.inlay_hints(it.file, whole).into_iter().rev() {
            res.insert_str(hint.offset as usize, &format!("‹{}›", hint.label));
        }
        res
    }

    const WORKSPACE: &str = "
#- /user.yaml
entity: User
fields:
  name: text
#- /post.yaml
entity: Post$0
fields:
  title: text
  author: ref(User)
actions:
  - name: publish
    steps:
      - find: User WHERE name = 'x'
        as: someone
      - update: Post
      - update: User SET name = title
      - update: User SET name = 'y' WHERE name = 'z'
    impact:
      primary:
        entity: Post
      side_effects:
        - entity: User
          operation: UPDATE
    cdc:
      enabled: true
      side_effect_events:
        User: UserNamed
  - name: create
    steps:
      - insert: Post(title)
    impact:
      primary:
        entity: Post
        operation: CREATE
    cdc:
      enabled: true
      event_type: PostMade
";

    #[test]
    fn what_follows_is_shown() {
        assert_snapshot!(shown(WORKSPACE), @"
        entity: Post
        fields:
          title: text
          author: ref(User)
        actions:
          - name: publish
            steps:
              - find: User WHERE name = 'x'
                as: someone‹: User›
              - update: Post‹the fields in the input · the row input.id›
              - update: User SET name = title‹the row that author leads to›
              - update: User SET name = 'y' WHERE name = 'z'
            impact:
              primary:
                entity: Post‹UPDATE›
              side_effects:
                - entity: User
                  operation: UPDATE
            cdc:‹PostUpdated → specql.events.Post›
              enabled: true
              side_effect_events:
                User: UserNamed‹→ specql.events.User›
          - name: create
            steps:
              - insert: Post(title)
            impact:
              primary:
                entity: Post
                operation: CREATE‹title›
            cdc:
              enabled: true
              event_type: PostMade‹→ specql.events.Post›
        ");
    }

    #[test]
    fn only_within_the_range() {
        let it = Fixture::new(WORKSPACE);
        let text = it.analysis.text(it.file).unwrap();
        let from = text.find("name: create").unwrap();
        let found = it.analysis.inlay_hints(it.file, (from..text.len()).into());
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(it.analysis.inlay_hints(it.file, (0..5).into()).is_empty());
    }
}
