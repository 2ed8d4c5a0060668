//! What accessors find, in every style, and what they leave out.

use insta::assert_snapshot;

use super::*;
use crate::{Name, Parse, parse};

fn text(name: Option<Name>) -> String {
    name.map_or_else(|| "-".to_owned(), |it| it.text.to_string())
}

/// The name, the entity's parts and the actions of a file, as far as they are there.
fn shown(parse: &Parse) -> String {
    let file = EntityFile::cast(&parse.yaml().root);
    let fields: Vec<_> = file.fields().map(|it| it.name().text.to_string()).collect();
    let mut lines = vec![format!("{} {} {fields:?}", text(file.name()), text(file.schema()))];
    for action in file.actions() {
        let body = action.body();
        let keywords: Vec<_> = body.steps().into_iter().map(|it| text(it.first_word())).collect();
        lines.push(format!("{} {keywords:?}", text(action.name())));
        let Some(impact) = body.impact_entry().map(|it| Impact::cast(&it.value)) else { continue };
        for effect in impact.primary().into_iter().chain(impact.side_effects()) {
            let fields = effect.fields().unwrap_or_default();
            let fields: Vec<_> = fields.iter().map(Name::as_str).collect();
            lines.push(format!(
                "  {} {} {fields:?}",
                text(effect.entity()),
                text(effect.operation())
            ));
        }
        for query in impact.cache_invalidations() {
            lines.push(format!("  {} {}", text(query.query()), text(query.strategy())));
        }
        if let Some(cdc) = body.cdc_entry().map(|it| Cdc::cast(&it.value)) {
            let events = cdc.side_effect_events().map(|it| it.key.text.to_string());
            let events: Vec<_> = events.collect();
            lines.push(format!("  {:?} {} {events:?}", cdc.enabled(), text(cdc.event_type())));
        }
    }
    lines.join("\n")
}

const BLOCK: &str = "\
entity: Post
schema: blog
fields:
  title: text!
  author:
    type: ref(User)
actions:
  - name: publish
    steps:
      - validate: title IS NOT NULL
        error: no_title
      - update: Post SET status = 'live'
    impact:
      primary:
        entity: Post
        operation: UPDATE
        fields:
          - status
      side_effects:
        - User
      cache_invalidations:
        - query: posts
          strategy: REFETCH
    cdc:
      enabled: true
      event_type: PostPublished
      side_effect_events:
        User: UserChanged
";

const FLOW: &str = "\
{entity: {name: Post, fields: {title: text!}}, schema: 'blog', fields: {author: {type: ref(User)}},
 actions: {publish: {steps: [{validate: title IS NOT NULL, error: no_title},
   {update: \"Post SET status = 'live'\"}],
  impact: {primary: {entity: Post, operation: UPDATE, fields: status}, sideEffects: User,
    cacheInvalidations: {queryName: posts, strategy: REFETCH}},
  cdc: {enabled: yes, event_type: PostPublished, side_effect_events: [{User: UserChanged}]}}}}
";

#[test]
fn block_and_flow_style_and_older_spellings_are_one() {
    let block = shown(&parse(BLOCK.into()));
    assert_snapshot!(block, @r#"
    Post blog ["title", "author"]
    publish ["validate", "update"]
      Post UPDATE ["status"]
      User - []
      posts REFETCH
      Some(true) PostPublished ["User"]
    "#);
    assert_eq!(shown(&parse(FLOW.into())), block);
}

#[test]
fn what_has_another_shape_is_absent() {
    let text = "entity: [a]\nfields: text\nactions:\n  - publish\n  - impact: none\n    steps: insert\n    cdc: [x]\n";
    assert_snapshot!(shown(&parse(text.into())), @r#"
    - - []
    publish []
    - ["insert"]
      None - []
    "#);
    assert_snapshot!(shown(&parse("- a\n".into())), @"- - []");
    assert_snapshot!(shown(&parse("".into())), @"- - []");
}

#[test]
fn what_is_half_typed_leaves_the_rest() {
    let typed = BLOCK.replace("        operation: UPDATE\n", "        op\n");
    assert!(shown(&parse(typed.into())).contains("Post - [\"status\"]"));
}
