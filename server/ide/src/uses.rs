//! The uses of what is declared: each place with what is done there, for lenses, lists and hovers.
//!
//! Invariant: the places are those of references; of an entity, those that steps write are told apart.

use specql_model::{Entity, EntityId, FileId, SourceFile, Workspace};
use specql_text::TextRange;

use crate::{
    Access, Analysis, LineageRole, UsesOf,
    identity::{Identity, identity},
    lineage::{self, action_around},
    mention::{self, Subject},
    references,
};

/// Of an entity that more files name, nobody looks whether one of them asks for its events: it is taken
/// to have some.
const FILES: usize = 200;

/// A place, and what is done there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// The file.
    pub file: FileId,
    /// The name; of an event, where the file asks for it.
    pub range: TextRange,
    /// What is done there.
    pub access: Access,
    /// The same more closely, of a field.
    pub role: Option<LineageRole>,
    /// `Post.create_post`; absent outside of actions.
    pub action: Option<String>,
    /// The type of an event.
    pub event: Option<String>,
}

impl Analysis {
    /// The uses of what is under a cursor, in the order of files and places: its declaration among the
    /// references; the events only of an entity.
    #[must_use]
    pub fn uses(&self, file: FileId, offset: u32, of: UsesOf) -> Vec<Use> {
        let workspace = self.workspace();
        let Some(file) = workspace.file(file) else { return Vec::new() };
        match of {
            UsesOf::References => named(workspace, file, offset),
            UsesOf::Events => match mention::at(workspace, file, offset).map(|it| it.subject) {
                Some(Subject::Entity(id)) => events(workspace, id),
                _ => Vec::new(),
            },
        }
    }
}

/// What a lens says of uses: `5 references: 2 written, 3 read`, `1 event`.
#[must_use]
pub fn uses_title(of: UsesOf, uses: &[Use]) -> String {
    let counted =
        |number: usize, one: &str| format!("{number} {one}{}", if number == 1 { "" } else { "s" });
    if of == UsesOf::Events {
        return counted(uses.len(), "event");
    }
    let number = |access| uses.iter().filter(|it| it.access == access).count();
    let (written, read) = (number(Access::Write), number(Access::Read));
    let all = counted(written + read, "reference");
    if written == 0 { all } else { format!("{all}: {written} written, {read} read") }
}

fn named(workspace: &Workspace, file: &SourceFile, offset: u32) -> Vec<Use> {
    let Some(it) = mention::at(workspace, file, offset) else { return Vec::new() };
    let Some(wanted) = identity(&it, file) else { return Vec::new() };
    let written: Vec<(FileId, TextRange)> = match wanted {
        Identity::Entity(id) => lineage::own_writes(workspace, id)
            .map(|it| (it.0.entity.0, it.1.target.range))
            .collect(),
        _ => Vec::new(),
    };
    let is_field = matches!(wanted, Identity::Field(..));
    let found = references::of(workspace, file, &wanted);
    let one = |mut it: crate::Reference| {
        let file = workspace.file(it.file)?;
        if it.access == Access::Read && written.contains(&(it.file, it.range)) {
            it.access = Access::Write;
        }
        Some(Use {
            file: it.file,
            range: it.range,
            access: it.access,
            role: if is_field { lineage::use_at(file, &it).map(|it| it.role) } else { None },
            action: action_around(file, it.range),
            event: None,
        })
    };
    found.into_iter().filter_map(one).collect()
}

/// The places that ask for an event about an entity.
fn events(workspace: &Workspace, wanted: EntityId) -> Vec<Use> {
    let mut acc = Vec::new();
    let files = workspace.files_naming(wanted).into_iter().chain([wanted.0]);
    let mut files = workspace.in_order(files);
    files.dedup();
    for file in files {
        let (Some(source), Some(entity)) = (workspace.file(file), workspace.entity(EntityId(file)))
        else {
            continue;
        };
        for (id, action) in entity.action_ids() {
            let Some(cdc) = action.cdc.as_deref().filter(|it| it.is_enabled()) else { continue };
            let primary = workspace.effective_primary(id).and_then(|it| it.entity);
            let named = workspace.named_events(id).into_iter().filter(|(_, range)| {
                let mut others = cdc.side_effect_events.iter();
                match others.find(|it| it.1.range == *range) {
                    Some((about, _)) => {
                        workspace.resolve_name(entity.id, &about.text).found() == Some(wanted)
                    }
                    None => primary == Some(wanted),
                }
            });
            acc.extend(named.map(|(name, range)| Use {
                file,
                range,
                access: Access::Read,
                role: None,
                action: action_around(source, range),
                event: Some(name.to_string()),
            }));
        }
    }
    acc
}

/// Whether an action may publish an event about an entity.
pub(crate) fn may_have_events(workspace: &Workspace, entity: &Entity) -> bool {
    let publishes = |it: &Entity| it.actions.iter().any(|it| it.cdc.is_some());
    if publishes(entity) || workspace.naming_count(entity.id) > FILES {
        return true;
    }
    let files = workspace.files_naming(entity.id).into_iter();
    let mut others = files.filter_map(|it| workspace.entity(EntityId(it)));
    let about_others = |it: &Entity| {
        let mut blocks = it.actions.iter().filter_map(|it| it.cdc.as_deref());
        blocks.any(|it| !it.side_effect_events.is_empty())
    };
    others.any(|it| about_others(it))
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::{UsesOf, test_support::Fixture, uses_title};

    const WORKSPACE: &str = "
#- /user.yaml
entity: Us$0er
fields:
  post_count: integer
#- /post.yaml
entity: Post
fields:
  title: text
  author: ref(User)
actions:
  - name: create_post
    steps:
      - insert: Post
      - update: User SET post_count = post_count + 1 WHERE id = author.id
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
";

    fn shown(of: UsesOf, text: &str) -> String {
        let it = Fixture::new(text);
        let uses = it.analysis.uses(it.file, it.offset(), of);
        let mut res = uses_title(of, &uses);
        for it in &uses {
            let word = it.role.map(crate::LineageRole::as_str);
            let word = word.map_or_else(|| format!("{:?}", it.access), str::to_owned);
            let action = it.action.as_deref().unwrap_or("-");
            res.push_str(&format!("\n{word} {action} {}", it.event.as_deref().unwrap_or("-")));
        }
        res
    }

    #[test]
    fn of_an_entity_those_that_steps_write_are_told_apart() {
        assert_snapshot!(shown(UsesOf::References, WORKSPACE), @"
        4 references: 1 written, 3 read
        Read - -
        Write Post.create_post -
        Read Post.create_post -
        Read Post.create_post -
        Declaration - -
        ");
    }

    #[test]
    fn of_a_field_with_their_roles() {
        let text =
            WORKSPACE.replace("Us$0er", "User").replace("  post_count: int", "  po$0st_count: int");
        assert_snapshot!(shown(UsesOf::References, &text), @"
        2 references: 1 written, 1 read
        written Post.create_post -
        value Post.create_post -
        declared - -
        ");
    }

    #[test]
    fn events_are_those_about_the_entity() {
        assert_snapshot!(shown(UsesOf::Events, WORKSPACE), @"
        1 event
        Read Post.create_post UserCounted
        ");
        let of_post = WORKSPACE
            .replace("Us$0er", "User")
            .replace("entity: Post\nfields", "entity: Po$0st\nfields");
        assert_snapshot!(shown(UsesOf::Events, &of_post), @"
        1 event
        Read Post.create_post PostCreated
        ");
        let of_action = WORKSPACE.replace("Us$0er", "User").replace("create_post", "create_$0post");
        assert_snapshot!(shown(UsesOf::Events, &of_action), @"0 events");
    }
}
