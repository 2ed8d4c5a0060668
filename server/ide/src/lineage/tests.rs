//! Lineage of a field over two files.

use insta::assert_snapshot;

use super::Lineage;
use crate::test_support::Fixture;

const WORKSPACE: &str = "
#- /user.yaml
entity: User
fields:
  name: text
  post_count: integer
audit:
  track_fields: [name]
#- /post.yaml
entity: Post
fields:
  title: text!
  author: ref(User)!
actions:
  - name: create_post
    steps:
      - insert: Post
      - validate: author.name IS NOT NULL
      - find: User WHERE name = title
        as: twin
      - update: User SET name = twin.name, post_count = post_count + 1 WHERE id = author.id
    impact:
      primary:
        entity: Post
        operation: CREATE
      side_effects:
        - entity: User
          operation: UPDATE
          fields: [name, postCount]
      cache_invalidations:
        - query: users
    cdc:
      enabled: true
      event_type: PostCreated
      payload: [title, author.name]
      partition_key: title
  - name: touch
    steps:
      - update: User SET post_count = 0 WHERE id = author.id
    impact:
      primary:
        entity: User
        operation: UPDATE
    cdc:
      enabled: true
      event_type: UserTouched
";

fn shown(it: &Fixture, lineage: &Lineage) -> String {
    let line = |file, range: specql_text::TextRange| {
        let text = it.analysis.text(file).unwrap();
        let number = text[..range.start() as usize].matches('\n').count() + 1;
        format!("{}:{number} {}", it.analysis.path(file).unwrap(), range.slice(text))
    };
    let mut res = vec![lineage.name.clone()];
    res.extend(lineage.uses.iter().map(|it| {
        let action = it.action.as_deref().unwrap_or("-");
        format!("  {} in {action}: {}", it.role.as_str(), line(it.file, it.range))
    }));
    res.extend(lineage.flows.iter().map(|it| {
        let changes = if it.changes { "changed" } else { "carried" };
        let first = line(it.file, it.range);
        let first = first.lines().next().unwrap_or_default();
        format!(
            "  {} {} {} {} by {} ({first})",
            changes,
            it.kind.as_str(),
            it.name,
            it.path,
            it.action
        )
    }));
    res.join("\n")
}

fn by_name(name: &str) -> String {
    let it = Fixture::new(WORKSPACE);
    match it.analysis.lineage_by_name(name) {
        Ok(lineage) => shown(&it, &lineage),
        Err(message) => message,
    }
}

#[test]
fn of_a_field_that_is_written_and_decides() {
    assert_snapshot!(by_name("User.name"), @"
    User.name
      condition in Post.create_post: /post.yaml:9 name
      condition in Post.create_post: /post.yaml:10 name
      written in Post.create_post: /post.yaml:12 name
      value in Post.create_post: /post.yaml:12 name
      impact in Post.create_post: /post.yaml:20 name
      payload in Post.create_post: /post.yaml:26 name
      declared in -: /user.yaml:3 name
      audit in -: /user.yaml:6 name
      changed cascade  updated[].entity.name by Post.create_post (/post.yaml:18 entity: User)
      changed invalidation users  by Post.create_post (/post.yaml:22 query: users)
      changed event PostCreated post.author.name by Post.create_post (/post.yaml:25 PostCreated)
      changed audit audit trail new_values.name by Post.create_post (/post.yaml:6 create_post)
      carried cascade  updated[].entity.name by Post.touch (/post.yaml:33 entity: User)
      carried event UserTouched user.name by Post.touch (/post.yaml:37 UserTouched)
      carried audit audit trail new_values.name by Post.touch (/post.yaml:28 touch)
    ");
}

#[test]
fn of_a_field_that_comes_from_the_input() {
    assert_snapshot!(by_name("Post.title"), @"
    Post.title
      declared in -: /post.yaml:3 title
      written-from-input in Post.create_post: /post.yaml:8 Post
      condition in Post.create_post: /post.yaml:10 title
      payload in Post.create_post: /post.yaml:26 title
      partition-key in Post.create_post: /post.yaml:27 title
      changed cascade  updated[].entity.title by Post.create_post (/post.yaml:15 entity: Post)
      changed invalidation users  by Post.create_post (/post.yaml:22 query: users)
      changed event PostCreated post.title by Post.create_post (/post.yaml:25 PostCreated)
      changed audit audit trail new_values.title by Post.create_post (/post.yaml:6 create_post)
    ");
}

#[test]
fn at_a_cursor_it_is_the_same() {
    let text = WORKSPACE.replacen("author.name IS", "author.na$0me IS", 1);
    let it = Fixture::new(&text);
    let lineage = it.analysis.lineage(it.file, it.offset()).unwrap();
    assert_eq!(shown(&it, &lineage), by_name("User.name"));
    let it = Fixture::new(&WORKSPACE.replacen("entity: Us", "entity: U$0s", 1));
    assert_eq!(it.analysis.lineage(it.file, it.offset()), None);
}

#[test]
fn names_that_mean_nothing() {
    assert_snapshot!(by_name("User.nam"), @"`User` has no field `nam`; did you mean `User.name`?");
    assert_snapshot!(by_name("Usr.name"), @"there is no entity `Usr`; did you mean `User`?");
    assert_snapshot!(by_name("name"), @"`name` names no field: write `Entity.field`");
    assert_snapshot!(by_name("User.created_at"), @"`created_at` is a column that every table has: no file declares it, so name a field of `User`");
    assert_snapshot!(by_name("x.User.name"), @"there is no entity `x.User`");
}
