//! Two actions publish one event type in one version, with another aggregate or another payload.
//!
//! Consumers choose how to read an event by its type and version, so the two would be read alike.
//! Actions whose events are alike may share a type.

use specql_model::{Action, ActionId, Name};

use crate::{Context, Diagnostic, Level, Rule, index::event_of};

pub(crate) const RULE: Rule = Rule {
    code: "duplicate-event-type",
    level: Level::Error,
    summary: "one event type and version for two different events",
    run: duplicate_event_type,
    page: include_str!("../../../../docs/rules/duplicate-event-type.md"),
};

fn duplicate_event_type(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for (id, action) in ctx.actions() {
        acc.extend(of_side_effect(ctx, id, action));
        acc.extend(of_two_side_effects(ctx, action));
        let (Some(key), Some(cdc)) = (event_of(ctx.workspace, id, action), &action.cdc) else {
            continue;
        };
        let all = ctx.index.publishers(&key);
        let (event, version) = key;
        let before = all.iter().take_while(|it| **it != id);
        let Some((other, difference)) =
            before.copied().find_map(|it| Some((it, difference(ctx, id, it)?)))
        else {
            continue;
        };
        let Some(first) = ctx.workspace.action(other) else { continue };
        if is_copy(ctx, id, other) {
            continue;
        }
        let range = cdc.event_type.as_ref().map_or(cdc.key, |it| it.range);
        let message = format!(
            "`{}` publishes `{event}` version {version} with another {difference}, so consumers cannot \
             tell the two apart",
            first.name.text
        );
        let place = first
            .cdc
            .as_ref()
            .map_or(first.name.range, |it| it.event_type.as_ref().map_or(it.key, |it| it.range));
        acc.push(
            ctx.finding(&RULE, range, message)
                .help("give the event a type of its own, or raise its `version`")
                .related(other.entity.0, place, "the other event"),
        );
    }
}

/// A side effect that is published under the type of the action's own event.
fn of_side_effect(ctx: &Context<'_>, id: ActionId, action: &Action) -> Option<Diagnostic> {
    let cdc = action.cdc.as_ref()?;
    let (event, _) = event_of(ctx.workspace, id, action)?;
    let (entity, name) = cdc.side_effect_events.iter().find(|it| it.1.text == event)?;
    let message = format!(
        "`{event}` is the event of `{}` itself, so consumers cannot tell it from that of `{}`; give it a type of \
         its own",
        action.name.text, entity.text
    );
    let place = cdc.event_type.as_ref().map_or(cdc.key, |it| it.range);
    Some(ctx.finding(&RULE, name.range, message).related(ctx.id(), place, "the other event"))
}

/// Side effects of two entities that are published under one type.
fn of_two_side_effects(ctx: &Context<'_>, action: &Action) -> Option<Diagnostic> {
    let all = &action.cdc.as_ref()?.side_effect_events;
    let (first, second) = all.iter().enumerate().find_map(|(at, second)| {
        let mut before = all.iter().take(at);
        let is_same = |it: &&(Name, Name)| it.1.text == second.1.text && it.0.text != second.0.text;
        Some((before.find(is_same)?, second))
    })?;
    let message = format!(
        "`{}` is the event of `{}` already, so consumers cannot tell it from that of `{}`; give it a type of its own",
        second.1.text, first.0.text, second.0.text
    );
    let found = ctx.finding(&RULE, second.1.range, message);
    Some(found.related(ctx.id(), first.1.range, "the other event"))
}

/// Whether two actions are of one entity that two files declare, which is `duplicate-entity`.
fn is_copy(ctx: &Context<'_>, id: ActionId, other: ActionId) -> bool {
    let (Some(one), Some(two)) =
        (ctx.workspace.entity(id.entity), ctx.workspace.entity(other.entity))
    else {
        return false;
    };
    one.id != two.id && one.name.text == two.name.text && one.schema_name() == two.schema_name()
}

/// What differs between the events of two actions, as their contracts have them.
fn difference(ctx: &Context<'_>, id: ActionId, other: ActionId) -> Option<&'static str> {
    let one = ctx.published(id)?.own_events().next()?;
    let other = ctx.published_by(other)?;
    let two = other.own_events().next()?;
    if one.entity != two.entity {
        return Some("aggregate");
    }
    (!one.payload_shape().means_same(&two.payload_shape())).then_some("payload")
}

#[cfg(test)]
mod tests {
    use crate::test_support::check_diagnostics;

    #[test]
    fn one_type_for_two_events() {
        check_diagnostics(
            r#"
#- /comment.yaml
entity: Comment
fields:
  text: text
actions:
  - name: create_comment
    steps:
      - insert: Comment
    impact:
      primary: {entity: Comment, operation: CREATE}
    cdc: {enabled: true, event_type: ContentCreated}
#- /post.yaml
entity: Post
fields:
  title: text
actions:
  - name: create_post
    steps:
      - insert: Post
    impact:
      primary: {entity: Post, operation: CREATE}
    cdc: {enabled: true, event_type: ContentCreated}
    #                                ^^^^^^^^^^^^^^ error[duplicate-event-type]: `create_comment` publishes `ContentCreated` version 1 with another aggregate, so consumers cannot tell the two apart
  - name: rename_post
    steps:
      - update: Post SET title = input.title
    impact:
      primary: {entity: Post, operation: UPDATE}
    cdc: {enabled: true, payload: [title]}
  - name: touch_post
    steps:
      - update: Post
    impact:
      primary: {entity: Post, operation: UPDATE}
    cdc: {enabled: true}
    #<^ error[duplicate-event-type]: `rename_post` publishes `PostUpdated` version 1 with another payload, so consumers cannot tell the two apart
"#,
        );
    }

    #[test]
    fn one_type_for_two_side_effects() {
        check_diagnostics(
            "
#- /tag.yaml
entity: Tag
fields: {name: text, post: ref(Post)}
#- /post.yaml
entity: Post
fields: {title: text}
actions:
  - name: tag_post
    steps:
      - update: Post SET title = 'x'
      - insert: Tag SET name = 'x', post = input.id
      - insert: Note SET text = 'x', post = input.id
    impact:
      primary: {operation: UPDATE, fields: [title]}
      side_effects:
        - {entity: Tag, operation: CREATE, fields: [name, post]}
        - {entity: Note, operation: CREATE, fields: [text, post]}
    cdc:
      enabled: true
      event_type: PostTagged
      include_side_effects: true
      side_effect_events: {Tag: TagAdded, Note: TagAdded}
      #                                         ^^^^^^^^ error[duplicate-event-type]: `TagAdded` is the event of `Tag` already, so consumers cannot tell it from that of `Note`; give it a type of its own
#- /note.yaml
entity: Note
fields: {text: text, post: ref(Post)}
",
        );
    }

    #[test]
    fn alike_or_of_another_version_or_not_published() {
        check_diagnostics(
            r#"
entity: Post
fields:
  title: text
  text: text
actions:
  - name: rename_post
    steps:
      - update: Post SET title = input.title
    impact:
      primary: {entity: Post, operation: UPDATE}
    cdc: {enabled: true, payload: [title, text]}
  - name: touch_post
    steps:
      - update: Post
    impact:
      primary: {entity: Post, operation: UPDATE}
    cdc: {enabled: true, payload: [text, title]}
  - name: edit_post
    steps:
      - update: Post
    impact:
      primary: {entity: Post, operation: UPDATE}
    cdc: {enabled: true, version: 2}
  - name: change_post
    steps:
      - update: Post
    impact:
      primary: {entity: Post, operation: UPDATE}
    cdc: {enabled: false}
"#,
        );
    }

    #[test]
    fn a_copy_of_a_file_is_one_finding() {
        let file = "
entity: Post
fields: {title: text}
actions:
  - name: add_post
    steps:
      - insert: Post
    impact: {primary: {operation: CREATE}}
    cdc: {enabled: true, event_type: PostAdded}
";
        let second =
            file.replace("entity: Post\n", "entity: Post\n#       ^^^^ error[duplicate-entity]\n");
        check_diagnostics(&format!("\n#- /a/post.yaml{file}#- /b/post.yaml{second}"));
    }

    #[test]
    fn the_event_of_a_side_effect() {
        check_diagnostics(
            "
#- /user.yaml
entity: User
fields: {post_count: integer}
#- /post.yaml
entity: Post
fields: {title: text, author: ref(User)}
actions:
  - name: add_post
    steps:
      - insert: Post
      - update: User SET post_count = post_count + 1 WHERE id = author
    impact:
      primary: {operation: CREATE}
      side_effects: [{entity: User, operation: UPDATE, fields: [post_count]}]
    cdc:
      enabled: true
      event_type: PostAdded
      side_effect_events:
        User: PostAdded
        #     ^^^^^^^^^ error[duplicate-event-type]: `PostAdded` is the event of `add_post` itself, so consumers cannot tell it from that of `User`; give it a type of its own
",
        );
    }
}
