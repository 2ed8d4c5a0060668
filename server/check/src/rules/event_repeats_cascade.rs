//! An event tells nothing that the caller does not have already, from the cascade in the answer.
//!
//! An event that the lock file records has readers, so nothing is said of it.

use specql_contract::{
    CascadeEntry, Content, Event, Outcome, PayloadMember, Promises, Published, Selection,
    SelectionNode, Subject,
};

use crate::{Context, Diagnostic, Level, Rule, context::listed};

pub(crate) const RULE: Rule = Rule {
    code: "event-repeats-cascade",
    level: Level::Hint,
    summary: "an event carries nothing beyond the cascade of its action",
    run: event_repeats_cascade,
    page: include_str!("../../../../docs/rules/event-repeats-cascade.md"),
};

fn event_repeats_cascade(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    let recorded = ctx.index.lock().and_then(|it| it.read.as_ref().ok());
    for (id, action, cdc) in ctx.publishers() {
        if ctx.is_damaged_action(id) {
            continue;
        }
        let Some(published) = ctx.published(id) else { continue };
        let events: Vec<&Event> = published.own_events().collect();
        let is_advised = |it: &&Event| !has_readers(recorded, it) && repeats(published, it);
        if events.is_empty() || !events.iter().all(is_advised) {
            continue;
        }
        let (verb, names) =
            (if events.len() == 1 { "carries" } else { "carry" }, listed(names(&events)));
        let message = format!(
            "{names} {verb} nothing that the cascade in the answer of `{}` does not give to its caller; \
             leave `cdc` out as long as no other service reads it, or record it with `specql-lsp lock` \
             once one does",
            action.name.text
        );
        acc.push(ctx.finding(&RULE, cdc.key, message));
    }
}

fn names<'a>(events: &'a [&Event]) -> impl Iterator<Item = &'a str> {
    events.iter().map(|it| it.event_type.as_str())
}

fn has_readers(recorded: Option<&Promises>, event: &Event) -> bool {
    let subject = Subject::Event(event.event_type.to_string(), event.version);
    recorded.is_some_and(|it| it.members(&subject).is_some())
}

/// Whether the answer has all that the payload has.
fn repeats(published: &Published, event: &Event) -> bool {
    let Some(cascade) = &published.cascade else { return false };
    event.payload.iter().all(|it| {
        let entries: Vec<&CascadeEntry> =
            cascade.entries.iter().filter(|entry| entry.entity == it.entity).collect();
        // Of a row that is gone the answer has the id alone.
        let whole = cascade.full_data && entries.iter().all(|it| it.outcome != Outcome::Deleted);
        !entries.is_empty() && is_within(it, whole)
    })
}

fn is_within(member: &PayloadMember, whole: bool) -> bool {
    match &member.content {
        Content::Id => true,
        Content::Image => whole,
        Content::Fields(selected) => whole && selected.iter().all(is_own),
    }
}

/// A value of the row itself; what lies behind a reference is not in the cascade.
fn is_own(selected: &Selection) -> bool {
    matches!(selected.node, SelectionNode::Value { own: true, .. })
}

#[cfg(test)]
mod tests {
    use crate::test_support::check_diagnostics;

    #[test]
    fn an_event_that_adds_nothing() {
        check_diagnostics(
            r#"
entity: Post
fields:
  title: text
actions:
  - name: rename_post
    steps:
      - update: Post SET title = input.title
    impact:
      primary: {entity: Post, operation: UPDATE, fields: [title]}
    cdc:
    #<^ hint[event-repeats-cascade]: `PostRenamed` carries nothing that the cascade in the answer of `rename_post` does not give to its caller; leave `cdc` out as long as no other service reads it, or record it with `specql-lsp lock` once one does
      enabled: true
      event_type: PostRenamed
      payload: [title]
"#,
        );
    }

    #[test]
    fn what_an_event_adds() {
        let nothing_said = |more: &str, payload: &str| {
            let text = format!(
                r#"
#- /user.yaml
entity: User
fields:
  name: text
#- /post.yaml
entity: Post
fields:
  title: text
  author: ref(User)
actions:
  - name: rename_post
    steps:
      - update: Post SET title = input.title
    impact:
      primary: {{entity: Post, operation: UPDATE, fields: [title]}}
    {more}
    cdc:
      enabled: true
      event_type: PostRenamed
      payload: [{payload}]
  - name: rename_again
    steps:
      - update: Post SET title = input.title
    impact:
      primary: {{entity: Post, operation: UPDATE, fields: [title]}}
    cdc:
    #<^ hint[event-repeats-cascade]
      enabled: true
      event_type: PostRenamedAgain
"#
            );
            check_diagnostics(&text);
        };
        // A value behind a reference, and an action whose answer has no cascade, or ids alone.
        nothing_said("", "title, author.name");
        nothing_said("cascade: false", "title");
        nothing_said("cascade: {include_full_data: false}", "title");
    }

    #[test]
    fn the_last_values_of_a_row_that_is_gone() {
        check_diagnostics(
            r#"
entity: Post
fields:
  title: text
actions:
  - name: drop_post
    steps:
      - delete: Post
    impact:
      primary: {entity: Post, operation: DELETE}
    cdc:
      enabled: true
      event_type: PostDropped
  - name: drop_by_id
    steps:
      - delete: Post
    impact:
      primary: {entity: Post, operation: DELETE}
    cdc:
    #<^ hint[event-repeats-cascade]
      enabled: true
      event_type: PostDroppedById
      include_payload: false
"#,
        );
    }
}
