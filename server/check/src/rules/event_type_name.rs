//! An event type that the outbox refuses, or that does not say what has happened.
//!
//! The tense is judged by a list of verbs: a name whose last or first word is one of them in the
//! present. Any other name is left alone.

use specql_model::{Action, Name};
use specql_syntax::yaml::{Node, Resolved};

use crate::{
    Context, Diagnostic, Level, Rule,
    events::{
        in_past_tense, is_event_type, pascal_case, thing_of_action, with_right_word, written_types,
    },
};

pub(crate) const RULE: Rule = Rule {
    code: "event-type-name",
    level: Level::Error,
    summary: "an event type is not in PascalCase and in the past tense",
    run: event_type_name,
    page: include_str!("../../../../docs/rules/event-type-name.md"),
};

fn event_type_name(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for (_, action) in ctx.actions() {
        for name in action.cdc.iter().flat_map(|it| written_types(it)) {
            // What YAML reads as a truth value is `yaml-1-1-trap`.
            let scalar = ctx.node_at(name.range).and_then(Node::as_scalar);
            let begins_with_digit = name.text.starts_with(|it: char| it.is_ascii_digit());
            if begins_with_digit || scalar.is_none_or(|it| it.resolved == Resolved::Str) {
                let is_own =
                    action.cdc.as_ref().is_some_and(|it| it.event_type.as_ref() == Some(name));
                let found = finding(ctx, name, is_own.then_some(action));
                acc.extend(found.or_else(|| misspelt(ctx, name, action)));
            }
        }
    }
}

/// What is wrong with a name, that of the event of an action or of one of its side effects.
fn finding(ctx: &Context<'_>, name: &Name, action: Option<&Action>) -> Option<Diagnostic> {
    let (message, level, better) = if is_event_type(&name.text) {
        let of_action = || thing_of_action(&name.text, &action?.name.text);
        let better = in_past_tense(&name.text).or_else(of_action)?;
        // The same words in another order.
        let is_turned = better.len() == name.text.len() && of_action().is_none();
        let message = format!(
            "`{}` {}; an event says what has happened, like `{better}`",
            name.text,
            if is_turned { "reads like a thing" } else { "is not in the past tense" }
        );
        (message, Level::Warning, Some(better))
    } else {
        let better = pascal_case(&name.text);
        let message = format!(
            "the outbox refuses the event type `{}`; write letters and digits in PascalCase",
            name.text
        );
        (message, RULE.level, better)
    };
    let fix = better.map(|it| ctx.rename(name, &it));
    Some(ctx.finding(&RULE, name.range, message).level(level).fix(fix))
}

/// A name with a word that is nearly one of the action or of the entities.
fn misspelt(ctx: &Context<'_>, name: &Name, action: &Action) -> Option<Diagnostic> {
    let events = action.cdc.iter().flat_map(|it| &it.side_effect_events);
    let own = events.filter(|it| it.1 == *name && ctx.resolve(&it.0.text).found().is_some());
    let of_others = own.map(|it| it.0.as_str());
    let entities: Vec<&str> =
        ctx.entity().into_iter().map(|it| it.name.as_str()).chain(of_others).collect();
    let better = with_right_word(&name.text, &action.name.text, &entities)?;
    let message = format!(
        "`{}` has a word that is nearly one of the action or the entity, and consumers know an event by its name; did \
         you mean `{better}`?",
        name.text
    );
    let found = ctx.finding(&RULE, name.range, message).level(Level::Warning);
    Some(found.fix(ctx.rename(name, &better)))
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn names_that_are_refused_or_misleading() {
        check_diagnostics(
            r#"
entity: Post
fields:
  title: text
actions:
  - name: create_post
    steps:
      - insert: Post
    impact:
      primary: {entity: Post, operation: CREATE}
    cdc:
      enabled: true
      event_type: post_created
      #           ^^^^^^^^^^^^ 💡 error[event-type-name]: the outbox refuses the event type `post_created`; write letters and digits in PascalCase
  - name: add_post
    steps:
      - insert: Post
    impact:
      primary: {entity: Post, operation: CREATE}
    cdc:
      enabled: true
      event_type: CreatePost
      #           ^^^^^^^^^^ 💡 warning[event-type-name]: `CreatePost` is not in the past tense; an event says what has happened, like `PostCreated`
  - name: win_post
    steps:
      - insert: Post
    impact:
      primary: {entity: Post, operation: CREATE}
    cdc:
      enabled: true
      event_type: PostWon
"#,
        );
    }

    #[test]
    fn pascal_case() {
        check_fix(
            r#"
entity: Post
fields:
  title: text
actions:
  - name: create_post
    steps:
      - insert: Post
    impact:
      primary: {entity: Post, operation: CREATE}
    cdc: {enabled: true, event_type: $0post.created}
"#,
            r#"
entity: Post
fields:
  title: text
actions:
  - name: create_post
    steps:
      - insert: Post
    impact:
      primary: {entity: Post, operation: CREATE}
    cdc: {enabled: true, event_type: PostCreated}
"#,
        );
    }

    #[test]
    fn numbers_are_no_names() {
        check_diagnostics(
            "
entity: Post
fields: {title: text}
actions:
  - name: add_post
    steps:
      - insert: Post
    impact: {primary: {operation: CREATE}}
    cdc: {enabled: true, event_type: 5}
    #                                ^ error[event-type-name]: the outbox refuses the event type `5`; write letters and digits in PascalCase
",
        );
    }
}
