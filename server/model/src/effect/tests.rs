//! Tests of what is inferred from steps.

use insta::assert_snapshot;

use super::*;
use crate::test_support::{named, shown_effects, workspace};

const USER: &str = "\
#- /user.yaml
entity: User
schema: blog
fields:
  name: text!
  post_count: integer = 0
";

const POST: &str = "\
#- /post.yaml
entity: Post
schema: blog
fields:
  title: text!
  status: enum(draft, published) = draft
  author: ref(User)!
  published_at: datetime
actions:
";

/// The effects of the first action of `Post`, whose steps these are.
fn effects(steps: &str) -> String {
    effects_in("", steps)
}

/// The same with further files and actions.
fn effects_in(more: &str, steps: &str) -> String {
    let indented: String = steps.lines().map(|it| format!("      {it}\n")).collect();
    let fixture = format!("{more}{USER}{POST}  - name: act\n    steps:\n{indented}");
    let workspace = workspace(&fixture);
    let entity = named(&workspace, "Post");
    let effects = workspace.effects(ActionId { entity, index: 0 });
    shown_effects(&workspace, effects)
}

#[test]
fn inserts() {
    assert_snapshot!(effects("- insert: Post"), @"blog.Post CREATE [+input] always new");
    assert_snapshot!(
        effects("- insert: Post(title, author)"),
        @"blog.Post CREATE [title, author] always new"
    );
    assert_snapshot!(
        effects("- insert: Post SET title = 'x', status = 'draft'"),
        @"blog.Post CREATE [title, status] always new"
    );
    assert_snapshot!(effects("- insert: Post FROM input"), @"blog.Post CREATE [+input] always new");
    assert_snapshot!(effects("- insert: Nobody"), @"?Nobody CREATE [+input] always new");
}

#[test]
fn updates_and_deletes() {
    assert_snapshot!(
        effects("- update: Post SET status = 'published', publishedAt = now()"),
        @"blog.Post UPDATE [status, published_at] always input.id"
    );
    assert_snapshot!(effects("- update: Post"), @"blog.Post UPDATE [+input] always input.id");
    assert_snapshot!(
        effects("- update: Post SET status = 'x' WHERE author = input.author"),
        @"blog.Post UPDATE [status] always filter"
    );
    assert_snapshot!(effects("- delete: Post"), @"blog.Post DELETE row always input.id");
    assert_snapshot!(
        effects("- upsert: Post(title)\n  conflict_target: [title]"),
        @"blog.Post UPSERT [title] always new"
    );
}

#[test]
fn long_forms_and_tables() {
    assert_snapshot!(
        effects("- update: Post\n  set:\n    status: published\n  where: id = input.id"),
        @"blog.Post UPDATE [status] always one by filter"
    );
    assert_snapshot!(
        effects("- update:\n    entity: User\n    fields: [name]"),
        @"blog.User UPDATE [name] always over author"
    );
    assert_snapshot!(
        effects("- update: |\n    blog.tb_post\n    SET status = 'published'\n    WHERE id = p_id"),
        @"blog.Post UPDATE [status] always one by filter"
    );
    assert_snapshot!(effects("- insert:"), @"");
}

#[test]
fn rows_of_another_entity() {
    assert_snapshot!(
        effects("- update: User SET post_count = post_count + 1"),
        @"blog.User UPDATE [post_count] always over author"
    );
    let comment = "#- /comment.yaml\nentity: Comment\nschema: blog\nfields:\n  post: ref(Post)\n";
    assert_snapshot!(
        effects_in(comment, "- delete: Comment"),
        @"blog.Comment DELETE row always back over post"
    );
    let tag = "#- /tag.yaml\nentity: Tag\nschema: blog\nfields:\n  name: text\n";
    assert_snapshot!(
        effects_in(tag, "- update: Tag SET name = 'x'"),
        @"blog.Tag UPDATE [name] always unreachable"
    );
    let link =
        "#- /l.yaml\nentity: Link\nschema: blog\nfields:\n  a: ref(Post)\n  b: ref(blog.Post)\n";
    assert_snapshot!(
        effects_in(link, "- delete: Link"),
        @"blog.Link DELETE row always ambiguous a | b"
    );
}

#[test]
fn branches() {
    assert_snapshot!(
        effects("- if: status = 'draft'\n  then:\n    - update: Post SET status = 'published'"),
        @"blog.Post UPDATE [status] sometimes input.id"
    );
    assert_snapshot!(
        effects(
            "- if: status = 'draft'
  then:
    - update: Post SET status = 'published'
  else:
    - update: Post SET title = 'x'
    - delete: User"
        ),
        @r"
    blog.Post UPDATE [status] always input.id
    blog.Post UPDATE [title] always input.id
    blog.User DELETE row sometimes over author
    "
    );
    assert_snapshot!(
        effects(
            "- switch: status
  cases:
    - when: 'draft'
      then:
        - update: Post SET status = 'published'
    - when: 'published'
      then:
        - update: Post SET status = 'draft'"
        ),
        @r"
    blog.Post UPDATE [status] sometimes input.id
    blog.Post UPDATE [status] sometimes input.id
    "
    );
    assert_snapshot!(
        effects("- foreach: u in User\n  do:\n    - update: User SET name = 'x' WHERE id = u.id"),
        @"blog.User UPDATE [name] sometimes one by filter"
    );
}

#[test]
fn a_rejecting_branch_leaves_the_other_certain() {
    assert_snapshot!(
        effects(
            "- if: status = 'draft'
  then:
    - reject: draft
  else:
    - update: Post SET status = 'draft'
- delete: User"
        ),
        @r"
    blog.Post UPDATE [status] always input.id
    blog.User DELETE row always over author
    "
    );
}

#[test]
fn nothing_is_certain_behind_a_return() {
    assert_snapshot!(
        effects("- if: status = 'draft'\n  then:\n    - return: done\n- update: Post SET title = 'x'"),
        @"blog.Post UPDATE [title] sometimes input.id"
    );
    assert_snapshot!(
        effects("- update: Post SET title = 'x'\n- return: done\n- delete: Post"),
        @r"
    blog.Post UPDATE [title] always input.id
    blog.Post DELETE row sometimes input.id
    "
    );
}

const CALLED: &str = "\
#- /called.yaml
entity: Tag
schema: blog
fields:
  name: text
actions:
  - name: rename
    steps:
      - update: Tag SET name = 'x'
      - call: touch()
  - name: touch
    steps:
      - if: name = 'x'
        then:
          - insert: Tag(name)
      - call: rename()
";

#[test]
fn calls_of_other_actions() {
    assert_snapshot!(
        effects_in(CALLED, "- insert: Post\n- call: rename()\n- delete: Post"),
        @r"
    blog.Post CREATE [+input] always new
    blog.Tag UPDATE [name] always input.id by call
    blog.Tag CREATE [name] sometimes new by call
    blog.Post DELETE row always input.id
    "
    );
    assert_snapshot!(
        effects_in(CALLED, "- if: true\n  then:\n    - call: blog.fn_rename()"),
        @r"
    blog.Tag UPDATE [name] sometimes input.id by call
    blog.Tag CREATE [name] sometimes new by call
    "
    );
    assert_snapshot!(effects_in(CALLED, "- call: nowhere()"), @"");
    assert_snapshot!(effects_in(CALLED, "- call: act()"), @"");
}

#[test]
fn a_step_reached_in_two_ways_is_there_once_for_each_call() {
    let chain: String = (0..40)
        .map(|it| {
            let next = it + 1;
            format!(
                "  - name: a{it}\n    steps:\n      - call: a{next}()\n      - call: a{next}()\n"
            )
        })
        .collect();
    let last = "  - name: a40\n    steps:\n      - insert: Tag(name)\n";
    let more = format!("#- /t.yaml\nentity: Tag\nfields:\n  name: text\nactions:\n{chain}{last}");
    assert_snapshot!(
        effects_in(&more, "- call: a0()"),
        @"public.Tag CREATE [name] always new by call"
    );
}

#[test]
fn an_action_with_a_pattern_has_unknown_effects() {
    let workspace = workspace(&format!(
        "{USER}{POST}  - name: act\n    pattern: crud/create\n    steps:\n      - insert: Post\n"
    ));
    let entity = named(&workspace, "Post");
    assert!(workspace.effects(ActionId { entity, index: 0 }).is_empty());
}

#[test]
fn effects_by_entity_and_operation() {
    let workspace = workspace(&format!(
        "{USER}{POST}  - name: act
    steps:
      - if: status = 'draft'
        then:
          - update: Post SET title = 'x'
      - update: Post SET status = 'y', title = 'z'
      - insert: Nobody
"
    ));
    let entity = named(&workspace, "Post");
    let effects = workspace.effects(ActionId { entity, index: 0 });
    let groups = grouped(effects);
    let shown: Vec<String> = groups
        .iter()
        .map(|it| {
            format!("{} {:?} {:?} {}", it.target.text, it.fields, it.certainty, it.effects.len())
        })
        .collect();
    assert_snapshot!(shown.join("\n"), @r#"
    Post Named(["title", "status"]) Always 2
    Nobody Input([]) Always 1
    "#);
}

#[test]
fn what_an_action_is_about() {
    let primary = |action: &str| {
        let workspace = workspace(&format!("{USER}{POST}{action}"));
        let entity = named(&workspace, "Post");
        let primary = workspace.effective_primary(ActionId { entity, index: 0 });
        primary.map_or("none".to_owned(), |it| {
            let entity = it.entity.and_then(|it| workspace.entity(it));
            let name = entity.map_or("?", |it| it.name.text.as_str());
            format!("{name} {} {}", it.operation.as_str(), it.declared)
        })
    };
    assert_eq!(primary("  - name: a\n"), "none");
    assert_eq!(
        primary("  - name: a\n    steps:\n      - update: User\n      - insert: Post\n"),
        "Post CREATE false"
    );
    assert_eq!(
        primary(
            "  - name: a\n    steps:\n      - update: User\n    impact:\n      primary:\n        entity: User\n"
        ),
        "User UPDATE true"
    );
    assert_eq!(
        primary("  - name: create_a\n    impact:\n      primary:\n        fields: [title]\n"),
        "Post CREATE true"
    );
    assert_eq!(
        primary(
            "  - name: a\n    impact:\n      primary:\n        entity: Nobody\n        operation: delete\n"
        ),
        "? DELETE true"
    );
}
