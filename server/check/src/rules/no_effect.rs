//! Something that changes nothing where it stands: a setting that another one makes meaningless, a branch
//! or a loop without steps, a name twice in a list.

mod empty;
mod gone;
mod itself;
pub(crate) mod repeated;

use ecow::EcoString;
use rustc_hash::FxHashMap;
use specql_model::{
    Action, ActionId, Cascade, Cdc, Field, FileKind, Name, Step, StepKind, Type,
    keys::{self, Visit},
};
use specql_syntax::{
    expression::{Expression, ExpressionKind},
    yaml::{Mapping, Node},
};
use specql_text::TextRange;

use crate::{Context, Diagnostic, Fix, Level, Rule, Tag, alignment::Pair};

pub(crate) const RULE: Rule = Rule {
    code: "no-effect",
    level: Level::Warning,
    summary: "something that changes nothing where it stands",
    run: no_effect,
    page: include_str!("../../../../docs/rules/no-effect.md"),
};

/// Why a loop or a condition has no effect.
const WITHOUT_STEPS: &str = "because it has no steps";

/// Whether a finding is of a loop or a condition without steps.
pub(crate) fn is_without_steps(it: &Diagnostic) -> bool {
    it.code == RULE.code && it.message.contains(WITHOUT_STEPS)
}

fn no_effect(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    audit(ctx, acc);
    twice(ctx, acc);
    required_and_nullable(ctx, acc);
    empty::report(ctx, acc);
    if let FileKind::Config(config) = &ctx.file.kind {
        cascade(ctx, &config.cascade, acc);
    }
    for (id, action) in ctx.actions() {
        for step in &action.steps {
            step.walk(&mut |it| acc.extend(without_steps(ctx, it)));
        }
        acc.extend(of_empty_action(ctx, action));
        gone::report(ctx, &action.steps, acc);
        repeated::report(ctx, &action.steps, acc);
        ctx.each_step(id, &mut |scope, step| itself::report(ctx, scope, step, acc));
        if let Some(it) = &action.cascade {
            cascade(ctx, it, acc);
            not_changed(ctx, id, it, acc);
        }
        if let Some(it) = action.cdc.as_deref().filter(|it| it.is_enabled()) {
            cdc(ctx, action, it, acc);
        }
    }
}

fn audit(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    let Some(audit) = ctx.entity().and_then(|it| it.audit.as_ref()) else { return };
    if audit.enabled == Some(false) {
        let keys = ["track_fields", "exclude_fields", "include_cascade", "retention"];
        let block = ctx.entry_with_key(audit.key);
        for key in keys {
            let entry = block.and_then(|it| it.value.as_mapping()?.get(key));
            acc.extend(entry.map(|it| finding(ctx, it.key.range, key, "`enabled` is `false`")));
        }
    }
    let tracked = audit.track_fields.iter().flatten();
    let is_excluded = |it: &Name| audit.exclude_fields.iter().any(|other| other.text == it.text);
    // That nothing is left is `audit-excludes-all`.
    if tracked.clone().all(is_excluded) {
        return;
    }
    for name in tracked.filter(|it| audit.exclude_fields.iter().any(|other| other.text == it.text))
    {
        let message = format!(
            "`{}` is tracked and excluded, and it is left out; remove it from one of the lists",
            name.text
        );
        acc.push(ctx.finding(&RULE, name.range, message));
    }
}

fn cascade(ctx: &Context<'_>, cascade: &Cascade, acc: &mut Vec<Diagnostic>) {
    if cascade.enabled == Some(false) {
        let listed = cascade.include_entities.iter().flatten().chain(&cascade.exclude_entities);
        if let Some(first) = listed.map(|it| it.range).min() {
            let message = "the cascade is off, so this list changes nothing".to_owned();
            acc.push(ctx.finding(&RULE, first, message).tag(Tag::Unnecessary));
        }
    }
    let included = cascade.include_entities.iter().flatten();
    for name in
        included.filter(|it| cascade.exclude_entities.iter().any(|other| other.text == it.text))
    {
        let message = format!(
            "`{}` is included and excluded, and it is left out; remove it from one of the lists",
            name.text
        );
        acc.push(ctx.finding(&RULE, name.range, message));
    }
    // In the configuration its range is `invalid-config`.
    let is_config = matches!(ctx.file.kind, FileKind::Config(_));
    if cascade.max_entities == Some(0) && !is_config {
        let end = TextRange::empty(cascade.range.end());
        let entry = ctx.find_node(end, &mut |node| {
            let entry = node.as_mapping()?.get("max_entities")?;
            cascade.range.contains_range(entry.range).then_some(entry)
        });
        let message =
            "a cascade of at most 0 rows is always empty; write `enabled: false`".to_owned();
        let range = entry.map_or(cascade.range, |it| it.range);
        acc.push(ctx.finding(&RULE, ctx.first_line(range), message));
    }
}

fn cdc(ctx: &Context<'_>, action: &Action, cdc: &Cdc, acc: &mut Vec<Diagnostic>) {
    let block = ctx.entry_with_key(cdc.key).and_then(|it| it.value.as_mapping());
    let key = |name: &str| block.and_then(|it| it.get(name)).map(|it| it.key.range);
    if cdc.include_payload == Some(false)
        && let Some(range) = key("payload")
    {
        acc.push(finding(ctx, range, "payload", "`include_payload` is `false`"));
    } else if cdc.payload.as_deref().is_some_and(<[_]>::is_empty)
        && let Some(range) = key("payload")
        && block
            .and_then(|it| it.get("payload"))
            .is_some_and(|it| it.value.as_sequence().is_some_and(|it| it.items.is_empty()))
    {
        let message = "no field stands here, so the event says nothing of its row; leave `payload` out for all of \
                       it, or write `include_payload: false`";
        acc.push(ctx.finding(&RULE, range, message.to_owned()));
    }
    let is_off = action.cascade.as_deref().is_some_and(|it| it.enabled == Some(false));
    if is_off
        && cdc.include_cascade == Some(true)
        && let Some(range) = key("include_cascade")
    {
        acc.push(finding(ctx, range, "include_cascade", "`cascade` of the action is off"));
    }
}

/// `type: text!` beside `nullable: true`; `values` of no enum.
fn required_and_nullable(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for field in ctx.entity().iter().flat_map(|it| &it.fields) {
        let long = ctx.entry_of_field(field).and_then(|it| it.value.as_mapping());
        let ty = long.and_then(|it| it.get("type")?.value.name());
        if !matches!(field.ty, Type::Enum(_) | Type::Unknown(_) | Type::Missing | Type::List(_))
            && field.problems.is_empty()
            && let Some(values) = long.and_then(|it| it.get("values"))
        {
            let message = format!(
                "only an enum has values, and `{}` is none, so any other can be written; write `type: enum`",
                field.name.text
            );
            let found = ctx.finding(&RULE, values.key.range, message);
            acc.push(found.related(ctx.id(), field.type_range, "the type"));
        }
        twice_declared(ctx, field, long, acc);
        let is_required = ty.is_some_and(|it| it.text.trim_end().ends_with('!'));
        let entry = long.and_then(|it| it.get("nullable")).filter(|_| is_required);
        let Some(entry) = entry else { continue };
        if entry.value.as_bool() == Some(true) {
            let message = format!(
                "`!` says that `{}` has to have a value, so `nullable` changes nothing; remove one of \
                 the two",
                field.name.text
            );
            let found = ctx.finding(&RULE, entry.key.range, message);
            acc.push(found.related(ctx.id(), field.type_range, "the type"));
        }
    }
}

/// What the long form of a field says twice, or says of a field that is there.
fn twice_declared(
    ctx: &Context<'_>,
    field: &Field,
    long: Option<&Mapping>,
    acc: &mut Vec<Diagnostic>,
) {
    let Some(long) = long else { return };
    let name = &field.name.text;
    if let (Some(nullable), Some(required)) = (long.get("nullable"), long.get("required"))
        && let (Some(one), Some(other)) = (nullable.value.as_bool(), required.value.as_bool())
        && one == other
    {
        let message = format!(
            "`nullable` and `required` contradict each other, and `{name}` {}; remove one of the two",
            if field.nullable { "need not have a value" } else { "has to have a value" }
        );
        let found = ctx.finding(&RULE, required.key.range, message);
        acc.push(found.related(ctx.id(), nullable.key.range, "the other one"));
    }
    if let (Some(default), Some(of_type)) = (long.get("default"), long.get("type"))
        && let Some(of_type) = of_type.value.as_scalar()
        && default_of_type(&of_type.text)
        && field.problems.is_empty()
    {
        let message = format!(
            "`default` is read, and the default in the type of `{name}` changes nothing; remove one of the two"
        );
        acc.push(ctx.finding(&RULE, default.key.range, message));
    }
    let Some(was) = &field.was else { return };
    let Some(still) = ctx.entity().and_then(|it| it.field(&was.text)) else { return };
    let message = if still.name == field.name {
        format!(
            "`{name}` has this name, so nothing was renamed; write the earlier one, or leave it out"
        )
    } else {
        format!(
            "`{}` is still a field, so `{name}` is not what has become of it; leave `was` out",
            was.text
        )
    };
    acc.push(ctx.finding(&RULE, was.range, message).related(
        ctx.id(),
        still.name.range,
        "the field",
    ));
}

/// Whether a type in one line has a default behind it.
fn default_of_type(text: &str) -> bool {
    let behind = text.rsplit(')').next().unwrap_or_default();
    behind.contains('=')
}

/// An action whose list of steps is empty.
fn of_empty_action(ctx: &Context<'_>, action: &Action) -> Option<Diagnostic> {
    let entry = ctx.entry_with_key(action.steps_key?)?;
    // Behind a key alone the steps are still to be typed.
    let is_empty = entry.value.as_sequence().is_some_and(|it| it.items.is_empty());
    if !is_empty || action.pattern.is_some() || ctx.is_damaged_around(entry.range) {
        return None;
    }
    let message = "no step stands here, so the action does nothing".to_owned();
    Some(ctx.finding(&RULE, entry.key.range, message))
}

/// Entities that a cascade is limited to and that the action does not change.
fn not_changed(ctx: &Context<'_>, id: ActionId, cascade: &Cascade, acc: &mut Vec<Diagnostic>) {
    let Some(alignment) = ctx.alignment(id).filter(|it| !it.opaque) else { return };
    if cascade.enabled == Some(false) {
        return;
    }
    let effects = ctx.workspace.effects(id);
    for name in cascade.include_entities.iter().flatten().chain(&cascade.exclude_entities) {
        let Some(entity) = ctx.resolve(&name.text).found() else { continue };
        let is_declared = |it: &&Pair<'_>| it.entity == entity;
        if effects.iter().any(|it| it.entity == Some(entity))
            || alignment.undone.iter().any(|it| is_declared(&it))
        {
            continue;
        }
        let message =
            format!("the action does not change `{}`, so this entry adds nothing", name.text);
        let edits = ctx.remove_item(name.range);
        let fix = edits.map(|it| Fix::review("Remove it", ctx.id(), it));
        acc.push(ctx.finding(&RULE, name.range, message).tag(Tag::Unnecessary).fix(fix));
    }
}

/// A branch or a loop in which nothing stands.
fn without_steps(ctx: &Context<'_>, step: &Step) -> Option<Diagnostic> {
    // What it decides by is missing too, which says enough.
    let missing = |it: &Expression| it.kind == ExpressionKind::Missing;
    let is_half = match &step.kind {
        StepKind::If { condition, .. } => missing(condition),
        StepKind::ForEach { variable, .. } => variable.is_none(),
        StepKind::Switch { subject, .. } => missing(subject),
        _ => false,
    };
    if is_half {
        return None;
    }
    let (what, key) = match &step.kind {
        StepKind::If { then, otherwise, .. } if then.is_empty() && otherwise.is_empty() => {
            ("this condition", "then")
        }
        StepKind::ForEach { body, .. } if body.is_empty() => ("this loop", "do"),
        StepKind::Switch { cases, default, .. } if cases.is_empty() && default.is_empty() => {
            ("this `switch`", "cases")
        }
        _ => return None,
    };
    if !step.problems.is_empty() || ctx.is_damaged_around(step.range) {
        return None;
    }
    let message = format!("{what} decides nothing, {WITHOUT_STEPS}; write them under `{key}`");
    Some(ctx.finding(&RULE, step.keyword.range, message))
}

/// A name that a list has twice. Of the values of an enum that is `duplicate-enum-value`.
fn twice(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    let mut is_enum = false;
    ctx.walk_keys(&mut |visit| {
        if let Visit::Entry { key: Some(of), .. } = visit {
            is_enum = of.name == "values";
        }
        let Visit::Value { shapes, node, .. } = visit else { return };
        let list = node.as_sequence().filter(|_| keys::lists_names(shapes) && !is_enum);
        let mut seen: FxHashMap<EcoString, TextRange> = FxHashMap::default();
        let names = list.into_iter().flat_map(|it| &it.items).filter_map(Node::name);
        for name in names.filter(|it| !it.text.is_empty()) {
            let Some(first) = seen.get(&name.text) else {
                seen.insert(name.text, name.range);
                continue;
            };
            let message = format!("`{}` is in this list already, so it changes nothing", name.text);
            let edits = ctx.remove_item(name.range);
            let fix = edits.map(|it| Fix::review("Remove it", ctx.id(), it));
            let found = ctx.finding(&RULE, name.range, message).tag(Tag::Unnecessary).fix(fix);
            acc.push(found.related(ctx.id(), *first, "the first time"));
        }
    });
}

fn finding(ctx: &Context<'_>, key: TextRange, name: &str, why: &str) -> Diagnostic {
    let message = format!("{why}, so `{name}` changes nothing");
    let edits = ctx.entry_with_key(key).map(|it| ctx.remove_entry(it));
    ctx.finding(&RULE, key, message)
        .tag(Tag::Unnecessary)
        .fix(edits.map(|it| Fix::review(format!("Remove `{name}`"), ctx.id(), it)))
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn settings_beside_settings() {
        check_diagnostics(
            r#"
#- /tag.yaml
entity: Tag
fields:
  name: text
  note: text
audit:
  enabled: false
  track_fields: [name]
  #<^^^^^^^^^^ 💡 warning[no-effect]: `enabled` is `false`, so `track_fields` changes nothing
#- /post.yaml
entity: Post
fields:
  title: text
  body: text
audit:
  track_fields: [title, body]
  #              ^^^^^ warning[no-effect]: `title` is tracked and excluded, and it is left out; remove it from one of the lists
  exclude_fields: [title]
actions:
  - name: create_post
    steps:
      - insert: Post
    impact:
      primary: {operation: CREATE}
    cascade: {enabled: false, exclude_entities: [Tag]}
    #                                            ^^^ warning[no-effect]: the cascade is off, so this list changes nothing
    cdc:
      enabled: true
      include_payload: false
      payload: [title]
      #<^^^^^ 💡 warning[no-effect]: `include_payload` is `false`, so `payload` changes nothing
"#,
        );
    }

    #[test]
    fn branches_without_steps_and_names_twice() {
        check_diagnostics(
            r#"
#- /specql.config.yaml
cascade:
  include_entities: [Post]
  #                  ^^^^ warning[no-effect]: `Post` is included and excluded, and it is left out; remove it from one of the lists
  exclude_entities: [Post]
#- /post.yaml
entity: Post
fields:
  title: text
  tag: ref(Post)
actions:
  - name: rename_post
    steps:
      - if: title IS NULL
      # ^^ warning[no-effect]: this condition decides nothing, because it has no steps; write them under `then`
      - foreach: post in Post WHERE title = 'x'
      # ^^^^^^^ warning[no-effect]: this loop decides nothing, because it has no steps; write them under `do`
      - update: Post SET title = 'x'
      - refresh_table_view: {scope: propagate, propagate: [tag, tag]}
      #                                                         ^^^ 💡 warning[no-effect]: `tag` is in this list already, so it changes nothing
    impact:
      permissions: [editor, editor]
      #                     ^^^^^^ 💡 warning[no-effect]: `editor` is in this list already, so it changes nothing
      primary: {operation: UPDATE, fields: [title, title]}
      #                                            ^^^^^ 💡 warning[no-effect]: `title` is in this list already, so it changes nothing
"#,
        );
    }

    #[test]
    fn the_setting_goes() {
        let before = "entity: Tag\nfields:\n  name: text\naudit:\n  enabled: false  # off\n  $0retention: 7 days\n";
        check_fix(before, &before.replace("  $0retention: 7 days\n", ""));
    }

    #[test]
    fn what_a_field_says_twice() {
        check_diagnostics(
            "
entity: Post
fields:
  title: {type: text, was: headline}
  slug: {type: text, was: title}
  #                       ^^^^^ warning[no-effect]: `title` is still a field, so `slug` is not what has become of it; leave `was` out
  name: {type: text, was: name}
  #                       ^^^^ warning[no-effect]: `name` has this name, so nothing was renamed; write the earlier one, or leave it out
  words: {type: integer = 5, default: 6}
  #                          ^^^^^^^ warning[no-effect]: `default` is read, and the default in the type of `words` changes nothing; remove one of the two
  live: {type: boolean, nullable: false, required: false}
  #                                      ^^^^^^^^ warning[no-effect]: `nullable` and `required` contradict each other, and `live` has to have a value; remove one of the two
  kind: {type: text, nullable: false, required: true}
actions:
  - name: add
    steps:
      - insert: Post
    impact: {primary: {operation: CREATE}}
    cdc: {enabled: true, event_type: PostAdded, payload: []}
    #                                           ^^^^^^^ warning[no-effect]: no field stands here, so the event says nothing of its row; leave `payload` out for all of it, or write `include_payload: false`
",
        );
    }
}
