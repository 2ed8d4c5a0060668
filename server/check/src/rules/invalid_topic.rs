//! A topic that Kafka refuses, or a placeholder that nothing fills.

mod state;

use specql_contract::{DEAD_LETTERS, STATE};
use specql_model::{ActionId, FileKind, Name, suggest};

use crate::{
    Context, Diagnostic, Level, Rule,
    context::{did_you_mean, listed},
};

pub(crate) const RULE: Rule = Rule {
    code: "invalid-topic",
    level: Level::Error,
    summary: "a topic that Kafka refuses, or a placeholder that nothing fills",
    run: invalid_topic,
    page: include_str!("../../../../docs/rules/invalid-topic.md"),
};

/// What a template may hold.
const PLACEHOLDERS: &[&str] = &["schema", "entity", "event_type", "version"];

/// The longest name of a topic.
const LONGEST: usize = 249;
/// The longest prefix of the connector's own topics.
const LONGEST_PREFIX: usize = 100;

fn invalid_topic(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    if let FileKind::Config(config) = &ctx.file.kind {
        let templates = config.topic_template.iter();
        let state = |it| state::in_template(ctx, config, it);
        acc.extend(templates.filter_map(|it| of_template(ctx, it).or_else(|| state(it))));
        acc.extend(config.debezium.topic_prefix.as_ref().and_then(|it| of_prefix(ctx, it)));
    }
    for (id, action) in ctx.actions() {
        let topics = action.cdc.iter().filter_map(|it| Some((it, it.topic.as_ref()?)));
        acc.extend(topics.filter_map(|(cdc, topic)| {
            let found = of_topic(ctx, topic).or_else(|| beside(ctx, topic));
            found.or_else(|| state::in_action(ctx, id, cdc, topic))
        }));
    }
}

fn of_topic(ctx: &Context<'_>, topic: &Name) -> Option<Diagnostic> {
    if topic.text.contains('{') {
        let message = format!(
            "`{}` has a placeholder, and the topic of one event is written out; templates stand in \
             `kafka.topic` of `specql.config.yaml`",
            topic.text
        );
        return Some(ctx.finding(&RULE, topic.range, message));
    }
    refused(ctx, topic, &topic.text)
}

fn of_template(ctx: &Context<'_>, template: &Name) -> Option<Diagnostic> {
    let mut plain = String::new();
    let mut rest = template.text.as_str();
    while let Some((before, after)) = rest.split_once('{') {
        plain.push_str(before);
        let Some((name, behind)) = after.split_once('}') else {
            let message = format!("`{}` has a `{{` that is not closed", template.text);
            return Some(ctx.finding(&RULE, template.range, message));
        };
        if !PLACEHOLDERS.contains(&name) {
            return Some(placeholder(ctx, template, name));
        }
        plain.push('x');
        rest = behind;
    }
    plain.push_str(rest);
    refused(ctx, template, &plain)
}

/// A topic that another one keeps out; what templates make never differs in such characters alone.
fn beside(ctx: &Context<'_>, topic: &Name) -> Option<Diagnostic> {
    if let Some((name, id)) = written(ctx, &topic.text).find(|it| it.0.text != topic.text) {
        return Some(with_other(ctx, topic, collision(&topic.text, &name.text), id));
    }
    let keeps_state = ctx.workspace.config().kafka.keeps_state();
    let beside = [(DEAD_LETTERS, "dead letters"), (STATE, "the state")];
    let (whole, what) = beside
        .into_iter()
        .filter(|it| it.0 != STATE || keeps_state)
        .find_map(|(suffix, what)| Some((topic.text.strip_suffix(suffix)?, what)))?;
    let (_, id) = written(ctx, whole).find(|it| it.0.text == whole)?;
    let message = format!(
        "`{}` is where {what} of `{whole}` go, so readers would take one for the other; choose another \
         name",
        topic.text
    );
    Some(with_other(ctx, topic, message, id))
}

/// The topics that a broker takes for one with this one, with their actions.
fn written<'a>(
    ctx: &Context<'a>,
    topic: &str,
) -> impl Iterator<Item = (&'a Name, ActionId)> + use<'a> {
    let workspace = ctx.workspace;
    ctx.index
        .actions_of_topic(topic)
        .iter()
        .filter_map(move |id| Some((workspace.action(*id)?.cdc.as_deref()?.topic.as_ref()?, *id)))
}

fn collision(topic: &str, other: &str) -> String {
    format!(
        "the topic `{topic}` is refused by Kafka beside `{other}`, whose figures it keeps under the same name, so the \
         events of one of them are lost; tell them apart by more than `.` and `_`"
    )
}

fn with_other(ctx: &Context<'_>, at: &Name, message: String, other: ActionId) -> Diagnostic {
    let finding = ctx.finding(&RULE, at.range, message);
    match ctx.workspace.action(other) {
        Some(it) => finding.related(other.entity.0, it.name.range, "whose event goes to the other"),
        None => finding,
    }
}

/// The connector's own topics begin with it; what cannot is not used.
fn of_prefix(ctx: &Context<'_>, prefix: &Name) -> Option<Diagnostic> {
    let wrong = prefix.text.chars().find(|it| !is_legal(*it));
    let reason = match wrong {
        Some(it) => format!("a topic has letters of ASCII, digits, `.`, `_` and `-`, not `{it}`"),
        None if prefix.text.is_empty() => "it is empty".to_owned(),
        None if prefix.text.len() > LONGEST_PREFIX => {
            format!("it has more than {LONGEST_PREFIX} characters")
        }
        None => return None,
    };
    let message = format!(
        "`{}` cannot begin the name of a topic, so the default holds: {reason}",
        prefix.text
    );
    Some(ctx.finding(&RULE, prefix.range, message))
}

const fn is_legal(it: char) -> bool {
    it.is_ascii_alphanumeric() || matches!(it, '.' | '_' | '-')
}

fn placeholder(ctx: &Context<'_>, template: &Name, name: &str) -> Diagnostic {
    let near = suggest(name, PLACEHOLDERS.iter().copied());
    let choice = match near {
        Some(_) => did_you_mean(near),
        None => format!("; there are {}", listed(PLACEHOLDERS.iter().copied())),
    };
    let message = format!("nothing fills the placeholder `{{{name}}}`{choice}");
    let fix = near.map(|it| {
        let to = template.text.replace(&format!("{{{name}}}"), &format!("{{{it}}}"));
        ctx.rename(template, &to)
    });
    ctx.finding(&RULE, template.range, message).fix(fix)
}

fn refused(ctx: &Context<'_>, name: &Name, text: &str) -> Option<Diagnostic> {
    is_refused(ctx, name, text).or_else(|| empty_level(ctx, name, text))
}

/// `blog.`, `.post`, `blog..post`: Kafka takes it, and a level of the name is empty.
fn empty_level(ctx: &Context<'_>, name: &Name, text: &str) -> Option<Diagnostic> {
    if !text.contains('.') || text.split('.').all(|it| !it.is_empty()) {
        return None;
    }
    let message = format!(
        "a part between the dots of the topic `{}` is empty, so it is no topic that somebody reads by its name; write \
         it, or leave its dot out",
        name.text
    );
    Some(ctx.finding(&RULE, name.range, message).level(Level::Warning))
}

fn is_refused(ctx: &Context<'_>, name: &Name, text: &str) -> Option<Diagnostic> {
    let wrong = text.chars().find(|it| !is_legal(*it));
    let reason = match wrong {
        _ if text.is_empty() => "it is empty".to_owned(),
        Some(it) => format!("a topic has letters of ASCII, digits, `.`, `_` and `-`, not `{it}`"),
        None if matches!(text, "." | "..") => "no topic is named by dots alone".to_owned(),
        None if text.len() > LONGEST => format!("a topic has at most {LONGEST} characters"),
        None => return None,
    };
    let to: String = text.chars().map(|it| if is_legal(it) { it } else { '.' }).collect();
    let is_better = wrong.is_some() && text == name.as_str() && !to.trim_matches('.').is_empty();
    let message =
        format!("the topic `{}` is refused by Kafka, so its events are lost: {reason}", name.text);
    let fix = is_better.then(|| ctx.rename(name, to.trim_matches('.')));
    Some(ctx.finding(&RULE, name.range, message).fix(fix))
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    const HEAD: &str = "
entity: Post
fields:
  title: text
actions:
  - name: create_post
    steps:
      - insert: Post
    impact:
      primary: {operation: CREATE}
";

    #[test]
    fn topics_and_templates() {
        check_diagnostics(&format!(
            "
#- /specql.config.yaml
kafka:
  topic: events.{{schema}}.{{entty}}
  #      ^^^^^^^^^^^^^^^^^^^^^^^ 💡 error[invalid-topic]: nothing fills the placeholder `{{entty}}`; did you mean `entity`?
debezium:
  topic_prefix: my app
  #             ^^^^^^ error[invalid-topic]: `my app` cannot begin the name of a topic, so the default holds: a topic has letters of ASCII, digits, `.`, `_` and `-`, not ` `
#- /post.yaml{HEAD}    cdc:
      enabled: true
      topic: blog post
      #      ^^^^^^^^^ 💡 error[invalid-topic]: the topic `blog post` is refused by Kafka, so its events are lost: a topic has letters of ASCII, digits, `.`, `_` and `-`, not ` `
"
        ));
    }

    #[test]
    fn topics_that_keep_each_other_out() {
        let second = HEAD.replace("Post", "Note").replace("create_post", "create_note");
        let third = HEAD.replace("Post", "Tag").replace("create_post", "create_tag");
        check_diagnostics(&format!(
            "
#- /a.yaml{HEAD}    cdc:
      enabled: true
      topic: blog.my.post
      #      ^^^^^^^^^^^^ error[invalid-topic]: the topic `blog.my.post` is refused by Kafka beside `blog.my_post`, whose figures it keeps under the same name, so the events of one of them are lost; tell them apart by more than `.` and `_`
#- /b.yaml{second}    cdc:
      enabled: true
      topic: blog.my_post
      #      ^^^^^^^^^^^^ error[invalid-topic]: the topic `blog.my_post` is refused by Kafka beside `blog.my.post`, whose figures it keeps under the same name, so the events of one of them are lost; tell them apart by more than `.` and `_`
#- /c.yaml{third}    cdc:
      enabled: true
      topic: blog.my.post.dlq
      #      ^^^^^^^^^^^^^^^^ error[invalid-topic]: `blog.my.post.dlq` is where dead letters of `blog.my.post` go, so readers would take one for the other; choose another name
"
        ));
    }

    #[test]
    fn a_topic_that_is_taken() {
        let before = format!("{HEAD}    cdc: {{enabled: true, topic: $0blog/post}}  # here\n");
        check_fix(&before, &before.replace("$0blog/post", "blog.post"));
    }
}
