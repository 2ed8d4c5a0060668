//! Type hierarchy: an entity stands above those whose rows refer to it.
//!
//! Entities do not inherit. What one asks of a hierarchy is what a row stands on and what stands on it: above
//! an entity are those that its fields refer to, below it those that refer to it, in lists too.
//! Invariant: what is above an entity has it below.

use specql_model::{Entity, EntityId, FileId, MentionKind, Type, Workspace};
use specql_text::TextRange;

use crate::{
    Analysis, describe,
    mention::{self, Subject},
};

/// An entity of the hierarchy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeItem {
    /// The name.
    pub name: String,
    /// The schema; behind it, the fields that make the edge.
    pub detail: String,
    /// The file, which declares this one entity.
    pub file: FileId,
    /// The name in it.
    pub name_range: TextRange,
}

impl Analysis {
    /// What a hierarchy begins with: the entity named under the cursor, else the one of the file.
    #[must_use]
    pub fn type_item(&self, file: FileId, offset: u32) -> Option<TypeItem> {
        let workspace = self.workspace();
        let named = mention::at(workspace, workspace.file(file)?, offset);
        let id = match named.map(|it| it.subject) {
            Some(Subject::Entity(id) | Subject::Variable { entity: Some(id), .. }) => id,
            _ => EntityId(file),
        };
        item(workspace, id, &[])
    }

    /// The entities that the fields of a file's entity refer to, in the order of the fields.
    #[must_use]
    pub fn supertypes(&self, file: FileId) -> Vec<TypeItem> {
        let workspace = self.workspace();
        let Some(entity) = workspace.entity(EntityId(file)) else { return Vec::new() };
        let mut found: Vec<(EntityId, Vec<&str>)> = Vec::new();
        for field in &entity.fields {
            for target in workspace.targets(entity.id, innermost(&field.ty)) {
                add(&mut found, target, &field.name.text);
            }
        }
        items(workspace, &found)
    }

    /// The entities with fields that refer to a file's entity, in the order of files.
    #[must_use]
    pub fn subtypes(&self, file: FileId) -> Vec<TypeItem> {
        let workspace = self.workspace();
        let mut found: Vec<(EntityId, Vec<&str>)> = Vec::new();
        for it in workspace.referrers(EntityId(file)) {
            if it.kind != MentionKind::Field {
                continue;
            }
            let Some(from) = workspace.entity(EntityId(it.file)) else { continue };
            if let Some(field) = field_around(from, it.range) {
                add(&mut found, from.id, field);
            }
        }
        items(workspace, &found)
    }
}

/// The field whose type names something at a place; a parameter is none.
fn field_around(entity: &Entity, place: TextRange) -> Option<&str> {
    let mut fields = entity.fields.iter();
    fields.find(|it| it.range.touches(place.start())).map(|it| it.name.text.as_str())
}

/// What a list is of.
fn innermost(ty: &Type) -> &Type {
    match ty {
        Type::List(item) => innermost(item),
        other => other,
    }
}

fn add<'a>(found: &mut Vec<(EntityId, Vec<&'a str>)>, id: EntityId, field: &'a str) {
    match found.iter_mut().find(|it| it.0 == id) {
        Some((_, fields)) if fields.contains(&field) => {}
        Some((_, fields)) => fields.push(field),
        None => found.push((id, vec![field])),
    }
}

fn items(workspace: &Workspace, found: &[(EntityId, Vec<&str>)]) -> Vec<TypeItem> {
    found.iter().filter_map(|(id, fields)| item(workspace, *id, fields)).collect()
}

fn item(workspace: &Workspace, id: EntityId, fields: &[&str]) -> Option<TypeItem> {
    let entity = workspace.entity(id).filter(|it| !it.name.text.is_empty())?;
    let qualified = describe::qualified(entity);
    let detail = match fields {
        [] => qualified,
        fields => format!("{qualified} · by {}", fields.join(", ")),
    };
    Some(TypeItem {
        name: entity.name.text.to_string(),
        detail,
        file: id.0,
        name_range: entity.name.range,
    })
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::TypeItem;
    use crate::test_support::Fixture;

    const WORKSPACE: &str = "
#- /post.yaml
entity: Post
schema: blog
fields:
  author: ref(User)
  reviewer: ref(User)!
  tags: list(ref(Tag))
  parent: ref(Post)
  about: ref(Tag|User)
actions:
  - name: tag_post
    parameters:
      tag: ref(Tag)
    steps:
      - insert: Tag
#- /tag.yaml
entity: Tag
schema: blog
fields:
  owner: ref(User)
#- /user.yaml
entity: User
schema: crm
fields:
  name: text
";

    fn at(cursor: &str) -> (Fixture, TypeItem) {
        let text = WORKSPACE.replacen(&cursor.replace("$0", ""), cursor, 1);
        assert_ne!(text, WORKSPACE, "no such place");
        let it = Fixture::new(&text);
        let item = it.analysis.type_item(it.file, it.offset()).expect("an entity");
        (it, item)
    }

    fn list(items: &[TypeItem]) -> String {
        let line = |it: &TypeItem| format!("{} ({})", it.name, it.detail);
        items.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    fn above(cursor: &str) -> String {
        let (it, item) = at(cursor);
        list(&it.analysis.supertypes(item.file))
    }

    fn below(cursor: &str) -> String {
        let (it, item) = at(cursor);
        list(&it.analysis.subtypes(item.file))
    }

    #[test]
    fn a_hierarchy_begins_with_what_is_named_or_with_the_file() {
        assert_snapshot!(list(&[at("author: ref(Us$0er)").1]), @"User (crm.User)");
        assert_snapshot!(list(&[at("insert: Ta$0g").1]), @"Tag (blog.Tag)");
        assert_snapshot!(list(&[at("auth$0or: ref(User)").1]), @"Post (blog.Post)");
    }

    #[test]
    fn above_is_what_an_entity_refers_to() {
        assert_snapshot!(above("entity: Po$0st"), @"
        User (crm.User · by author, reviewer, about)
        Tag (blog.Tag · by tags, about)
        Post (blog.Post · by parent)
        ");
        assert_snapshot!(above("entity: Us$0er"), @"");
    }

    #[test]
    fn below_is_what_refers_to_it_and_no_step_or_parameter() {
        assert_snapshot!(below("entity: Us$0er"), @"
        Post (blog.Post · by author, reviewer, about)
        Tag (blog.Tag · by owner)
        ");
        assert_snapshot!(below("entity: Ta$0g"), @"Post (blog.Post · by tags, about)");
    }

    #[test]
    fn what_is_above_has_it_below() {
        let (it, _) = at("entity: Po$0st");
        for file in it.analysis.files() {
            for above in it.analysis.supertypes(file) {
                let below = it.analysis.subtypes(above.file);
                assert!(below.iter().any(|it| it.file == file), "{above:?} has {below:?}");
            }
        }
    }
}
