//! Events of one row in several topics, where topics of state are kept: each of these has what the row was
//! at its last event in that topic alone, and a deletion leaves its mark in one of them only.

use specql_contract::Published;
use specql_model::{ActionId, Cdc, Config, Name};

use super::RULE;
use crate::{Context, Diagnostic};

/// What of a template tells events of one row apart.
const APART: &[&str] = &["{event_type}", "{version}"];

/// A template that makes several topics for one entity.
pub(super) fn in_template(
    ctx: &Context<'_>,
    config: &Config,
    template: &Name,
) -> Option<Diagnostic> {
    let apart =
        APART.iter().find(|it| config.kafka.keeps_state() && template.text.contains(**it))?;
    let message = format!(
        "`{apart}` sends events of one row to several topics, so with `compaction` each topic of state keeps \
         what later events in another have changed or deleted; take it out, or leave `compaction` out"
    );
    Some(ctx.finding(&RULE, template.range, message))
}

/// The topic of an action whose entity has events elsewhere.
pub(super) fn in_action(
    ctx: &Context<'_>,
    id: ActionId,
    cdc: &Cdc,
    topic: &Name,
) -> Option<Diagnostic> {
    if !ctx.workspace.config().kafka.keeps_state() || !cdc.is_enabled() {
        return None;
    }
    let entity = ctx.published(id)?.own_events().next()?.entity;
    let elsewhere = |it: &Published| {
        let mut events = it.own_events().filter(|it| it.entity == entity);
        events.find(|it| it.topic != topic.text).map(|it| it.topic.clone())
    };
    let mut others = ctx.publishers();
    let (other, elsewhere) =
        others.find_map(|it| Some((it.1, elsewhere(ctx.published(it.0)?)?)))?;
    let message = format!(
        "other events of its rows go to `{elsewhere}`, so with `compaction` the topics of state of both keep \
         what events in the other have changed or deleted; send all events of an entity to one topic"
    );
    let found = ctx.finding(&RULE, topic.range, message);
    Some(found.related(ctx.id(), other.name.range, "whose event goes to the other"))
}

#[cfg(test)]
mod tests {
    use crate::test_support::check_diagnostics;

    const POST: &str = "
#- /post.yaml
entity: Post
fields:
  title: text
actions:
  - name: create_post
    steps:
      - insert: Post
    impact:
      primary: {operation: CREATE}
    cdc: {enabled: true}
  - name: drop_post
    steps:
      - delete: Post
    impact:
      primary: {operation: DELETE}
    cdc:
      enabled: true
";

    #[test]
    fn state_in_several_topics() {
        check_diagnostics(&format!(
            "
#- /specql.config.yaml
kafka:
  topic: '{{entity}}.v{{version}}'
  #      ^^^^^^^^^^^^^^^^^^^^^ error[invalid-topic]: `{{version}}` sends events of one row to several topics, so with `compaction` each topic of state keeps what later events in another have changed or deleted; take it out, or leave `compaction` out
  compaction: true{POST}"
        ));
        check_diagnostics(&format!(
            "
#- /specql.config.yaml
kafka:
  topic: '{{schema}}.{{entity}}'
  compaction: true{POST}      topic: gone
      #      ^^^^ error[invalid-topic]: other events of its rows go to `public.Post`, so with `compaction` the topics of state of both keep what events in the other have changed or deleted; send all events of an entity to one topic
"
        ));
    }

    #[test]
    fn without_topics_of_state() {
        check_diagnostics(&format!(
            "
#- /specql.config.yaml
kafka:
  topic: '{{event_type}}'{POST}      topic: gone
"
        ));
    }
}
