//! The workspace as a tree: schemas, their entities, the actions of these and the events that they publish.
//!
//! Invariant: siblings are in the order of their names but for actions and events, which keep that of
//! their file.

use std::collections::BTreeMap;

use ecow::EcoString;
use specql_model::{Action, ActionId, Entity, FileId, Workspace};
use specql_text::TextRange;

use crate::{SymbolKind, describe};

/// A schema, an entity, an action or an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutlineNode {
    /// The name.
    pub name: String,
    /// The whole name, by which `event-flow` calls it too; of an event with its version.
    pub label: String,
    /// What it is; nothing for a schema.
    pub kind: Option<SymbolKind>,
    /// Where it is declared; a schema is in no file alone.
    pub place: Option<(FileId, TextRange)>,
    /// What it has.
    pub children: Vec<OutlineNode>,
}

/// The schemas of a workspace.
pub(crate) fn outline(workspace: &Workspace) -> Vec<OutlineNode> {
    let mut schemas: BTreeMap<&str, Vec<&Entity>> = BTreeMap::new();
    for entity in workspace.entities().filter(|it| !it.name.text.is_empty()) {
        schemas.entry(entity.schema_name()).or_default().push(entity);
    }
    let schema = |(name, mut entities): (&str, Vec<&Entity>)| {
        entities.sort_by(|a, b| a.name.text.cmp(&b.name.text));
        OutlineNode {
            name: name.to_owned(),
            label: name.to_owned(),
            kind: None,
            place: None,
            children: entities.into_iter().map(|it| entity(workspace, it)).collect(),
        }
    };
    schemas.into_iter().map(schema).collect()
}

fn entity(workspace: &Workspace, it: &Entity) -> OutlineNode {
    let named = it.action_ids().filter(|(_, it)| !it.name.text.is_empty());
    OutlineNode {
        name: it.name.text.to_string(),
        label: describe::qualified(it),
        kind: Some(SymbolKind::Entity),
        place: Some((it.id.0, it.name.range)),
        children: named.map(|(id, action)| self::action(workspace, it, id, action)).collect(),
    }
}

fn action(workspace: &Workspace, entity: &Entity, id: ActionId, it: &Action) -> OutlineNode {
    let version = it.cdc.as_deref().and_then(|it| it.version).map_or(1, |it| it.0);
    let event = |(name, range): (EcoString, TextRange)| OutlineNode {
        label: format!("{name} v{version}"),
        name: name.to_string(),
        kind: Some(SymbolKind::Event),
        place: Some((entity.id.0, range)),
        children: Vec::new(),
    };
    OutlineNode {
        name: it.name.text.to_string(),
        label: format!("{}.{}", describe::qualified(entity), it.name.text),
        kind: Some(SymbolKind::Action),
        place: Some((entity.id.0, it.name.range)),
        children: workspace.named_events(id).into_iter().map(event).collect(),
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::OutlineNode;
    use crate::test_support::Fixture;

    fn shown(nodes: &[OutlineNode], depth: usize, into: &mut String) {
        for it in nodes {
            into.push_str(&format!("{}{} = {}\n", "  ".repeat(depth), it.name, it.label));
            shown(&it.children, depth + 1, into);
        }
    }

    #[test]
    fn schemas_entities_actions_events() {
        let it = Fixture::new(
            "#- /post.yaml\nentity: Post\nschema: blog\nactions:\n  - name: write_post\n    steps:\n      \
             - insert: Post\n    impact:\n      primary:\n        entity: Post\n        operation: CREATE\n    \
             cdc:\n      enabled: true\n      version: 2\n  - name: a_quiet_one\n    steps:\n      - update: Post\n\
             #- /user.yaml\nentity: User\nschema: crm\n#- /note.yaml\nentity: Note\nschema: blog\n",
        );
        let mut text = String::new();
        shown(&it.analysis.outline(), 0, &mut text);
        assert_snapshot!(text, @"
        blog = blog
          Note = blog.Note
          Post = blog.Post
            write_post = blog.Post.write_post
              PostCreated = PostCreated v2
            a_quiet_one = blog.Post.a_quiet_one
        crm = crm
          User = crm.User
        ");
    }
}
