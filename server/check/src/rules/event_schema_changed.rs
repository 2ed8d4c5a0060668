//! An event that is not what the lock file has recorded of its version, for readers that have to go on.
//!
//! What has changed is asked of the contract, as by `specql-lsp lock --check`; this only says where.

use specql_contract::{
    Class, Compatibility, Difference, Event, EventKind, Promises, Subject, changed_event,
    graphql_member,
};
use specql_model::{ActionId, Cdc, Name, Workspace};
use specql_syntax::edit::Value;
use specql_text::TextRange;

use crate::{Context, Diagnostic, Fix, Level, Rule};

pub(crate) const RULE: Rule = Rule {
    code: "event-schema-changed",
    level: Level::Error,
    summary: "an event has changed since it was recorded, and its version has not",
    run: event_schema_changed,
    page: include_str!("../../../../docs/rules/event-schema-changed.md"),
};

/// A difference that needs another version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedSchema {
    /// The place in the action's file that the difference comes from.
    pub range: TextRange,
    /// Lowercase sentence: what has changed, whom it breaks, what to do.
    pub message: String,
    /// The version that would do; absent where none does.
    pub next: Option<u32>,
}

fn event_schema_changed(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    let Some(Ok(recorded)) = ctx.index.lock().map(|it| it.read.as_ref()) else { return };
    for (id, _, cdc) in ctx.publishers() {
        if ctx.is_damaged_action(id) {
            continue;
        }
        let Some(published) = ctx.published(id) else { continue };
        for event in published.own_events() {
            let now = promised(ctx, event);
            for it in changed_schema(ctx.workspace, recorded, &now, cdc, event) {
                let fix = it.next.and_then(|next| raise(ctx, id, cdc, event, next));
                acc.push(ctx.finding(&RULE, it.range, it.message).fix(fix));
            }
        }
    }
}

/// What all actions that publish an event promise of it together.
fn promised(ctx: &Context<'_>, event: &Event) -> Promises {
    let is_same = |it: &&Event| it.event_type == event.event_type && it.version == event.version;
    let publishers = ctx.index.actions_publishing(&event.event_type).iter();
    let events: Vec<Event> = publishers
        .filter_map(|it| ctx.published_by(*it))
        .flat_map(|it| it.own_events().filter(is_same).cloned().collect::<Vec<_>>())
        .collect();
    // Two events of one type in one action are listed once.
    Promises::of_events(ctx.workspace, &events)
}

/// The differences between what is recorded of an event and what is promised now that its version does
/// not allow.
#[must_use]
pub fn changed_schema(
    workspace: &Workspace,
    recorded: &Promises,
    now: &Promises,
    cdc: &Cdc,
    event: &Event,
) -> Vec<ChangedSchema> {
    let subject = Subject::Event(event.event_type.to_string(), event.version);
    let mode = Compatibility::of(workspace.config());
    let of = |it: &specql_contract::Changed| {
        let (name, version, with) = (&it.event, it.version, it.with);
        let what = format!("`{}` {}", it.difference.member, it.difference.kind.message);
        let next = (with == version).then(|| version.saturating_add(1));
        let message = match next {
            Some(next) => format!(
                "`{name}` has changed and is version {version} as before: {what}; raise its `version` \
                 to {next}, or take the change back"
            ),
            None => format!(
                "`{name}` version {version} does not go with version {with}, as the configuration \
                 wants it: {what}; give the event another type, or take the change back"
            ),
        };
        ChangedSchema { range: place(workspace, &it.difference, cdc, event), message, next }
    };
    changed_event(recorded, now, mode, &subject).iter().map(of).collect()
}

/// What of the block decides a member: its item in `payload`, the topic, the key; else the event.
fn place(workspace: &Workspace, it: &Difference, cdc: &Cdc, event: &Event) -> TextRange {
    if event.kind == EventKind::SideEffect {
        return event.range;
    }
    let of = |it: &Option<Name>| it.as_ref().map(|it| it.range);
    let written = match (&*it.member, it.kind.class) {
        ("topic", _) => of(&cdc.topic),
        ("key", _) => of(&cdc.partition_key),
        (member, Class::Payload) => payload_item(workspace, member, cdc),
        _ => None,
    };
    written.unwrap_or(event.range)
}

/// The item that a member comes from; of one that is gone the whole list.
fn payload_item(workspace: &Workspace, member: &str, cdc: &Cdc) -> Option<TextRange> {
    let items = cdc.payload.as_ref()?;
    let config = workspace.config();
    // `payload.post.title`: the aggregate, then the path from it.
    let (_, member) = member.strip_prefix("payload.")?.split_once('.')?;
    let path = |it: &Name| {
        let parts = it.text.split('.').map(|it| graphql_member(config, it).to_string());
        parts.collect::<Vec<_>>().join(".")
    };
    let within = |it: &&Name| {
        let path = path(it);
        member == path
            || member.strip_prefix(&*path).is_some_and(|it| it.starts_with(['.', '[', '<']))
    };
    let found = items.iter().find(within).map(|it| it.range);
    found.or_else(|| Some(TextRange::new(items.first()?.range.start(), items.last()?.range.end())))
}

/// The next version of the event of the action; side effects have the version of the block too.
fn raise(ctx: &Context<'_>, id: ActionId, cdc: &Cdc, event: &Event, next: u32) -> Option<Fix> {
    let block = ctx.action_node(id)?.get("cdc").filter(|it| it.as_mapping().is_some())?;
    let value = Value::Scalar(next.to_string());
    let edits = match cdc.version {
        Some((_, range)) => vec![specql_text::TextEdit { range, text: next.to_string() }],
        None => ctx.insert_entry(block, "event_type", "version", &value),
    };
    let title = format!("Raise the version of `{}` to {next}", event.event_type);
    Some(Fix::review(title, ctx.id(), edits))
}

/// What is wrong with the lock file itself. Whether this file is it.
pub(crate) fn in_lock_file(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) -> bool {
    let Some(lock) = ctx.index.lock().filter(|it| it.file == ctx.file.id) else { return false };
    if let Err(error) = &lock.read {
        let text = ctx.file.text();
        let before: usize =
            text.split_inclusive('\n').take(error.line.saturating_sub(1)).map(str::len).sum();
        let line = text.get(before..).and_then(|it| it.lines().next()).unwrap_or_default();
        let range = TextRange::from(before..before + line.len());
        acc.push(ctx.finding(&RULE, range, error.message.clone()));
    }
    true
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn a_payload_that_is_another() {
        check_diagnostics(
            r#"
#- /post.yaml
entity: Post
schema: blog
fields:
  title: text
  text: text
actions:
  - name: rename_post
    steps:
      - update: Post SET title = input.title
    impact:
      primary: {entity: Post, operation: UPDATE}
    cdc:
      enabled: true
      event_type: PostRenamed
      payload: [title, text]
      #                ^^^^ 💡 error[event-schema-changed]: `PostRenamed` has changed and is version 1 as before: `payload.post.text` is new and always there, and older events are without it; raise its `version` to 2, or take the change back
#- /specql.events.lock
version 1
event PostRenamed v1: aggregate: blog.Post
event PostRenamed v1: cascade: references
event PostRenamed v1: key: id
event PostRenamed v1: payload.post: object
event PostRenamed v1: payload.post.id: uuid
event PostRenamed v1: payload.post.title: text?
event PostRenamed v1: topic: specql.events.Post
"#,
        );
    }

    #[test]
    fn what_breaks_nobody_and_what_is_not_recorded() {
        check_diagnostics(
            r#"
#- /post.yaml
entity: Post
schema: blog
fields:
  title: text
actions:
  - name: rename_post
    steps:
      - update: Post SET title = input.title
    impact:
      primary: {entity: Post, operation: UPDATE}
    cdc: {enabled: true, event_type: PostRenamed, payload: [title]}
  - name: touch_post
    steps:
      - update: Post SET title = 'x'
    impact:
      primary: {entity: Post, operation: UPDATE}
    cdc: {enabled: true, event_type: PostTouched, payload: [title]}
  - name: mend_post
    steps:
      - update: Post SET title = 'x'
    impact:
      primary: {entity: Post, operation: UPDATE}
    cdc: {enabled: true, event_type: PostMended, version: 2, payload: [title]}
#- /specql.events.lock
version 1
event PostMended v1: aggregate: blog.Post
event PostMended v1: cascade: references
event PostMended v1: key: id
event PostMended v1: payload.post: object
event PostMended v1: payload.post.id: uuid
event PostMended v1: payload.post.other: integer
event PostMended v1: topic: specql.events.Post
event PostRenamed v1: aggregate: blog.Post
event PostRenamed v1: cascade: references
event PostRenamed v1: key: id
event PostRenamed v1: payload.post: object
event PostRenamed v1: payload.post.id: uuid
event PostRenamed v1: payload.post.other: text?
event PostRenamed v1: payload.post.title: text?
event PostRenamed v1: topic: specql.events.Post
"#,
        );
    }

    #[test]
    fn the_topic_and_a_configuration_that_wants_more() {
        check_diagnostics(
            r#"
#- /specql.config.yaml
events:
  compatibility: full_transitive
#- /post.yaml
entity: Post
schema: blog
fields:
  title: text
actions:
  - name: rename_post
    steps:
      - update: Post SET title = input.title
    impact:
      primary: {entity: Post, operation: UPDATE}
    cdc:
      enabled: true
      event_type: PostRenamed
      version: 2
      topic: posts
      #      ^^^^^ 💡 error[event-schema-changed]: `PostRenamed` has changed and is version 2 as before: `topic` is another, where nobody reads yet; raise its `version` to 3, or take the change back
      payload: [title]
      #         ^^^^^ error[event-schema-changed]: `PostRenamed` version 2 does not go with version 1, as the configuration wants it: `payload.post.other` is gone, and readers expect it; give the event another type, or take the change back
#- /specql.events.lock
version 1
event PostRenamed v1: aggregate: blog.Post
event PostRenamed v1: cascade: references
event PostRenamed v1: key: id
event PostRenamed v1: payload.post: object
event PostRenamed v1: payload.post.id: uuid
event PostRenamed v1: payload.post.other: text?
event PostRenamed v1: payload.post.title: text?
event PostRenamed v1: topic: specql.events.Post
event PostRenamed v2: aggregate: blog.Post
event PostRenamed v2: cascade: references
event PostRenamed v2: key: id
event PostRenamed v2: payload.post: object
event PostRenamed v2: payload.post.id: uuid
event PostRenamed v2: payload.post.title: text?
event PostRenamed v2: topic: letters
"#,
        );
    }

    #[test]
    fn a_lock_file_that_cannot_be_read() {
        check_diagnostics(
            r#"
#- /post.yaml
entity: Post
fields:
  title: text
#- /specql.events.lock
version 7
#<^^^^^^^ error[event-schema-changed]
"#,
        );
    }

    #[test]
    fn the_version_is_raised() {
        check_fix(
            r#"
#- /post.yaml
entity: Post
schema: blog
fields:
  title: text
  text: text
actions:
  - name: rename_post
    steps:
      - update: Post SET title = input.title
    impact:
      primary: {entity: Post, operation: UPDATE}
    cdc:
      enabled: true
      event_type: PostRenamed
      payload: [title, $0text]
#- /specql.events.lock
version 1
event PostRenamed v1: aggregate: blog.Post
event PostRenamed v1: cascade: references
event PostRenamed v1: key: id
event PostRenamed v1: payload.post: object
event PostRenamed v1: payload.post.id: uuid
event PostRenamed v1: payload.post.title: text?
event PostRenamed v1: topic: specql.events.Post
"#,
            r#"
entity: Post
schema: blog
fields:
  title: text
  text: text
actions:
  - name: rename_post
    steps:
      - update: Post SET title = input.title
    impact:
      primary: {entity: Post, operation: UPDATE}
    cdc:
      enabled: true
      event_type: PostRenamed
      version: 2
      payload: [title, text]
"#,
        );
    }
}
