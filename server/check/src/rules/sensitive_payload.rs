//! An event or a notification carries a value that should not leave the database: an address, a key, an account.
//!
//! What an event carries is its contract's: the selected fields or the row, the rows of side effects, and
//! those in the cascade. Each entity is told of once, at the first of these. A value is judged by the type
//! of its field, and text by words of its name (`password`).

use specql_contract::{
    Content, Event, EventCascade, EventKind, Origin, Outcome, Published, Selection, SelectionNode,
};
use specql_model::{
    Action, ActionId, BasicType, Cdc, Column, Entity, EntityId, Field, Name, PathResolution, Scope,
    Step, StepKind, Type, Workspace,
};
use specql_syntax::edit::Value;
use specql_text::TextRange;

use crate::{Context, Diagnostic, Fix, Level, Rule, context::listed};

pub(crate) const RULE: Rule = Rule {
    code: "sensitive-payload",
    level: Level::Warning,
    summary: "an event or a notification carries a value that should not leave the database",
    run: sensitive_payload,
    page: include_str!("../../../../docs/rules/sensitive-payload.md"),
};

/// Rich scalars that name a person, or give access.
const TYPES: &[&str] =
    &["email", "phoneNumber", "apiKey", "iban", "ipAddress", "macAddress", "hashSHA256"];

/// Words of names of text that gives access.
const WORDS: &[&str] =
    &["password", "passwd", "secret", "token", "ssn", "passphrase", "pin", "cvv", "salt"];

fn sensitive_payload(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for (id, action) in ctx.actions() {
        if action.steps.iter().any(may_notify) {
            of_notifications(ctx, id, acc);
        }
    }
    for (id, action, cdc) in ctx.publishers() {
        if !may_carry(ctx, id, action, cdc) {
            continue;
        }
        let Some(published) = ctx.published(id) else { continue };
        let mut told = Vec::new();
        for event in published.own_events() {
            for (index, member) in event.payload.iter().enumerate() {
                match &member.content {
                    Content::Id => {}
                    Content::Fields(selected) => of_selection(ctx, selected, acc),
                    Content::Image => {
                        let (carrier, range) = match (event.kind, index) {
                            (EventKind::Primary, 0) => (Carrier::Row, cdc.key),
                            (EventKind::Primary, _) => (Carrier::Included, included(cdc)),
                            (EventKind::SideEffect, _) => (Carrier::SideEffect, event.range),
                        };
                        acc.extend(of_rows(ctx, id, carrier, member.entity, range, &mut told));
                    }
                }
            }
        }
        for event in published.own_events().filter(|it| it.key.range == cdc_key(cdc)) {
            acc.extend(of_key(ctx, event));
        }
        if published.own_events().next().is_some_and(carries_rows) {
            for entity in in_cascade(published) {
                acc.extend(of_rows(ctx, id, Carrier::Cascade, entity, cdc.key, &mut told));
            }
        }
    }
    by_calls(ctx, acc);
}

/// Rows of a caller in the cascade that goes with the event of an action that it calls. Those that the called
/// action writes itself are told of where it asks for the event.
fn by_calls(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for (id, _) in ctx.actions() {
        if ctx.workspace.calls(id).is_empty() || !writes_some(ctx, id) {
            continue;
        }
        let Some(published) = ctx.published(id) else { continue };
        let mut told = Vec::new();
        for event in published.events.iter().filter(|it| carries_rows(it)) {
            let Some(call) = event.via else { continue };
            let theirs = ctx.workspace.effects(event.action);
            for entity in in_cascade(published) {
                if theirs.iter().all(|it| it.entity != Some(entity)) {
                    acc.extend(of_rows(ctx, id, Carrier::Called(event), entity, call, &mut told));
                }
            }
        }
    }
}

/// Whether an action writes rows with such a field, itself or by calls.
fn writes_some(ctx: &Context<'_>, id: ActionId) -> bool {
    let written = ctx.workspace.effects(id).iter().filter_map(|it| it.entity);
    written.into_iter().any(|it| has_some(ctx.workspace, it))
}

fn has_some(workspace: &Workspace, entity: EntityId) -> bool {
    workspace.entity(entity).is_some_and(|it| it.fields.iter().any(|it| what(it).is_some()))
}

/// Whether an entity that the event can carry has such a field. Less is asked than a contract costs, and
/// nothing that a contract can name is left out.
fn may_carry(ctx: &Context<'_>, id: ActionId, action: &Action, cdc: &Cdc) -> bool {
    let declared = action.impact.iter().flat_map(|it| ctx.entries(it)).map(|it| it.1.id);
    let written = ctx.workspace.effects(id).iter().filter_map(|it| it.entity);
    let mut entities = [id.entity].into_iter().chain(declared).chain(written);
    let leads_elsewhere = |it: &Name| it.text.contains('.');
    cdc.payload.iter().flatten().chain(&cdc.partition_key).any(leads_elsewhere)
        || entities.any(|it| has_some(ctx.workspace, it))
}

fn cdc_key(cdc: &Cdc) -> Option<TextRange> {
    cdc.partition_key.as_ref().map(|it| it.range)
}

/// The key of an event is in plain sight, whatever `payload` leaves out.
fn of_key(ctx: &Context<'_>, event: &Event) -> Option<Diagnostic> {
    let (path, range) = (event.key.path.as_ref()?.join("."), event.key.range?);
    let found = ctx.workspace.find_dotted(event.entity, &Name::new(path.as_str(), range));
    let step = found.last()?;
    let Column::Field(field) = step.column else { return None };
    let what = what(field)?;
    let message = format!(
        "`{path}` is {what} and leaves the database as the key of the event, whatever `payload` lists; order the events by something else"
    );
    Some(ctx.finding(&RULE, range, message).related(step.entity.0, field.name.range, "the field"))
}

fn may_notify(step: &Step) -> bool {
    let mut found = false;
    step.walk(&mut |it| found |= matches!(it.kind, StepKind::Notify { .. }));
    found
}

/// What the message and the data of a `notify` tell every session that listens. Whom it goes to is another matter.
fn of_notifications(ctx: &Context<'_>, id: ActionId, acc: &mut Vec<Diagnostic>) {
    Scope::each_step(ctx.workspace, id, &mut |scope, step| {
        let StepKind::Notify { message, data, .. } = &step.kind else { return };
        for it in message.iter().chain(data.iter().map(|it| &it.1)) {
            scope.visit_paths(it, &mut |scope, path, it| {
                acc.extend(of_notified(ctx, &scope.resolve(path), it.range));
            });
        }
    });
}

fn of_notified(
    ctx: &Context<'_>,
    resolved: &PathResolution<'_>,
    range: TextRange,
) -> Option<Diagnostic> {
    let (entity, field) = resolved.field()?;
    let owner = ctx.workspace.entity(entity)?;
    let named = |it: &Name| owner.field(&it.text).is_some_and(|it| it.name == field.name);
    let excluded = owner.audit.iter().flat_map(|it| &it.exclude_fields).any(named);
    let what = what(field).or(excluded.then_some("kept out of the audit"))?;
    let message = format!(
        "`{}` is {what} and leaves its table with the notification, for every session that listens",
        ctx.slice(range)
    );
    Some(ctx.finding(&RULE, range, message).related(entity.0, field.name.range, "the field"))
}

fn included(cdc: &Cdc) -> TextRange {
    cdc.include_side_effects.map_or(cdc.key, |it| it.1)
}

fn carries_rows(event: &Event) -> bool {
    event.cascade == EventCascade::Entries
}

/// The entities whose whole rows stand in the cascade that the first event of a run carries.
fn in_cascade(published: &Published) -> Vec<EntityId> {
    let listed = published.cascade.as_ref().or(published.event_cascade.as_ref());
    let cascade = listed.filter(|it| it.full_data);
    let entries = cascade.into_iter().flat_map(|it| &it.entries);
    entries.filter(|it| it.outcome != Outcome::Deleted).map(|it| it.entity).collect()
}

/// What `payload` selects.
fn of_selection(ctx: &Context<'_>, selected: &[Selection], acc: &mut Vec<Diagnostic>) {
    for it in selected {
        match &it.node {
            SelectionNode::Object(inner) => of_selection(ctx, inner, acc),
            SelectionNode::Value { path, origin, range, .. } => {
                acc.extend(of_value(ctx, &path.join("."), origin, *range));
            }
        }
    }
}

fn of_value(
    ctx: &Context<'_>,
    path: &str,
    origin: &Origin,
    range: TextRange,
) -> Option<Diagnostic> {
    let Origin::Field { entity, field, range: declared } = origin else { return None };
    let what = what(ctx.workspace.entity(*entity)?.field(field)?)?;
    let message = format!(
        "`{path}` is {what} and leaves the database with the event, for everybody who reads the topic"
    );
    let edits = ctx.remove_item(range);
    Some(
        ctx.finding(&RULE, range, message)
            .related(entity.0, *declared, "the field")
            .fix(edits.map(|it| Fix::review("Remove it from the payload", ctx.id(), it))),
    )
}

/// How whole rows come into an event.
#[derive(Clone, Copy)]
enum Carrier<'a> {
    /// The row of the action itself, for want of a list.
    Row,
    /// `include_side_effects`.
    Included,
    /// An event of `side_effect_events`.
    SideEffect,
    /// The cascade in the metadata.
    Cascade,
    /// The cascade in the metadata of the event of a called action.
    Called(&'a Event),
}

/// Whole rows of an entity, unless they were told of.
fn of_rows(
    ctx: &Context<'_>,
    id: ActionId,
    carrier: Carrier<'_>,
    entity: EntityId,
    range: TextRange,
    told: &mut Vec<EntityId>,
) -> Option<Diagnostic> {
    let entity = ctx.workspace.entity(entity).filter(|it| !told.contains(&it.id))?;
    let sensitive: Vec<&Field> = entity.fields.iter().filter(|it| what(it).is_some()).collect();
    let first = sensitive.first()?;
    told.push(entity.id);
    let names = listed(sensitive.iter().map(|it| it.name.as_str()));
    let (verb, name) = (if sensitive.len() == 1 { "leaves" } else { "leave" }, &entity.name.text);
    let reason = match carrier {
        Carrier::Row => "without `payload` the event carries the whole row".to_owned(),
        Carrier::Included => {
            format!("with `include_side_effects` the event carries whole rows of `{name}`")
        }
        Carrier::SideEffect => format!("this event carries the whole row of `{name}`"),
        Carrier::Cascade => {
            format!("without `payload` the cascade in the event carries whole rows of `{name}`")
        }
        Carrier::Called(event) => format!(
            "`{}`, which this call publishes, carries the cascade of the whole run with whole rows of \
             `{name}`",
            event.event_type
        ),
    };
    let message =
        format!("{reason}, so {names} {verb} the database for everybody who reads the topic");
    // Rows of other entities are asked for, or come along: what is in them is told of, not held against.
    let level = if matches!(carrier, Carrier::Row) { RULE.level } else { Level::Info };
    Some(
        ctx.finding(&RULE, range, message)
            .level(level)
            .related(entity.id.0, first.name.range, "the field")
            .fix(fix(ctx, id, carrier, entity)),
    )
}

fn fix(ctx: &Context<'_>, id: ActionId, carrier: Carrier<'_>, entity: &Entity) -> Option<Fix> {
    let block = ctx.action_node(id)?.get("cdc").filter(|it| it.as_mapping().is_some())?;
    let no = || Value::Scalar("false".to_owned());
    let (title, key, value) = match carrier {
        Carrier::Row => {
            let others = entity.fields.iter().filter(|it| what(it).is_none());
            let others: Vec<String> = others.map(|it| it.name.text.to_string()).collect();
            let listed = (!others.is_empty()).then_some(Value::FlowList(others))?;
            ("List the other fields in `payload`", "payload", listed)
        }
        Carrier::Cascade => ("Leave the cascade out of the event", "include_cascade", no()),
        Carrier::Included | Carrier::SideEffect | Carrier::Called(_) => return None,
    };
    let edits =
        block.get(key).is_none().then(|| ctx.insert_entry(block, "event_type", key, &value))?;
    Some(Fix::review(title, ctx.id(), edits))
}

/// What a new `cdc` block says so that nothing sensitive leaves with its event: the other fields of the row that
/// it is about, and no cascade with rows that hold some.
#[must_use]
pub fn guarded_event(
    workspace: &Workspace,
    id: ActionId,
    primary: EntityId,
) -> Vec<(String, Value)> {
    let mut entries = Vec::new();
    if let Some(it) = workspace.entity(primary).filter(|it| has_some(workspace, it.id)) {
        let others = it.fields.iter().filter(|it| what(it).is_none());
        let others: Vec<String> = others.map(|it| it.name.text.to_string()).collect();
        if !others.is_empty() {
            entries.push(("payload".to_owned(), Value::FlowList(others)));
        }
    }
    let written = workspace.effects(id).iter().filter_map(|it| it.entity);
    if written.into_iter().any(|it| it != primary && has_some(workspace, it)) {
        entries.push(("include_cascade".to_owned(), Value::Scalar("false".to_owned())));
    }
    entries
}

/// Whether a field holds what should stay in the database.
#[must_use]
pub fn is_sensitive(field: &Field) -> bool {
    what(field).is_some()
}

/// What a field holds, when that should stay in the database.
fn what(field: &Field) -> Option<&'static str> {
    match &field.ty {
        Type::Rich(it) if TYPES.contains(&it.name) => Some(article(it.name)),
        Type::Basic(BasicType::Text) => {
            let mut words = field.name.text.split('_');
            words.any(|it| WORDS.contains(&it)).then_some("a secret by its name")
        }
        _ => None,
    }
}

/// A type as a part of a sentence.
fn article(name: &str) -> &'static str {
    match name {
        "email" => "an email address",
        "phoneNumber" => "a telephone number",
        "apiKey" => "a key that grants access",
        "iban" => "a bank account",
        "ipAddress" => "an IP address",
        "macAddress" => "a hardware address",
        _ => "a digest of a secret",
    }
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    const HEAD: &str = "
entity: User
fields:
  name: text
  mail: email
  api_token: text
actions:
  - name: create_user
    steps:
      - insert: User
    impact:
      primary: {operation: CREATE}
";

    #[test]
    fn in_the_list_and_in_the_row() {
        check_diagnostics(&format!(
            "{HEAD}    cdc:
    #<^ 💡 warning[sensitive-payload]: without `payload` the event carries the whole row, so `mail` and `api_token` leave the database for everybody who reads the topic
      enabled: true
  - name: rename_user
    steps:
      - update: User SET name = input.name
    impact:
      primary: {{operation: UPDATE}}
    cdc:
      enabled: true
      payload: [name, mail]
      #               ^^^^ 💡 warning[sensitive-payload]: `mail` is an email address and leaves the database with the event, for everybody who reads the topic
  - name: ping_user
    steps:
      - update: User SET name = 'x'
    impact:
      primary: {{operation: UPDATE}}
    cdc: {{enabled: true, event_type: UserPinged, include_payload: false}}
"
        ));
    }

    #[test]
    fn in_the_key() {
        check_diagnostics(&format!(
            "{HEAD}    cdc:
      enabled: true
      payload: [name]
      partition_key: mail
      #              ^^^^ warning[sensitive-payload]: `mail` is an email address and leaves the database as the key of the event, whatever `payload` lists; order the events by something else
      #              ^^^^ 💡 warning[unstable-partition-key]: `mail` can be null, so events of one row can change their order; a key that stays is `id`
"
        ));
    }

    #[test]
    fn in_a_notification() {
        check_diagnostics(
            "
entity: Message
fields:
  body: text
  remark: text
  api_token: text
audit:
  exclude_fields: [remark]
actions:
  - name: send_message
    steps:
      - insert: Message
      - notify: ops(email, body)
      - notify: ops(email, remark)
      #                    ^^^^^^ warning[sensitive-payload]: `remark` is kept out of the audit and leaves its table with the notification, for every session that listens
      - notify: ops(email, api_token)
      #                    ^^^^^^^^^ warning[sensitive-payload]: `api_token` is a secret by its name and leaves its table with the notification, for every session that listens
    impact:
      primary: {operation: CREATE}
",
        );
    }

    #[test]
    fn rows_of_side_effects() {
        let head = "
#- /user.yaml
entity: User
fields:
  name: text
  mail: email
#- /post.yaml
entity: Post
fields:
  title: text
  author: ref(User)
actions:
  - name: create_post
    steps:
      - insert: Post
      - update: User SET name = 'x' WHERE id = author
    impact:
      primary: {operation: CREATE}
      side_effects: [{entity: User, operation: UPDATE}]
";
        check_diagnostics(&format!(
            "{head}    cdc:
    #<^ 💡 info[sensitive-payload]: without `payload` the cascade in the event carries whole rows of `User`, so `mail` leaves the database for everybody who reads the topic
      enabled: true
"
        ));
        check_diagnostics(&format!(
            "{head}    cdc:
      enabled: true
      payload: [title]
      include_side_effects: true
      #                     ^^^^ info[sensitive-payload]: with `include_side_effects` the event carries whole rows of `User`, so `mail` leaves the database for everybody who reads the topic
"
        ));
        check_diagnostics(&format!(
            "{head}    cdc:
      enabled: true
      include_cascade: false
      side_effect_events:
        User: UserRenamed
        #     ^^^^^^^^^^^ info[sensitive-payload]: this event carries the whole row of `User`, so `mail` leaves the database for everybody who reads the topic
"
        ));
        check_diagnostics(&format!("{head}    cdc: {{enabled: true, payload: [title]}}\n"));
    }

    #[test]
    fn rows_of_a_caller_in_the_event_of_a_call() {
        check_diagnostics(
            "
#- /user.yaml
entity: User
fields:
  name: text
  mail: email
actions:
  - name: rename_user
    params: {post: ref(Post)!}
    steps:
      - update: User SET name = 'x'
      - call: count(id = input.post)
      # ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ info[sensitive-payload]: `PostCounted`, which this call publishes, carries the cascade of the whole run with whole rows of `User`, so `mail` leaves the database for everybody who reads the topic
    impact:
      primary: {entity: User, operation: UPDATE}
      side_effects: [{entity: Post, operation: UPDATE}]
#- /post.yaml
entity: Post
fields:
  likes: integer
actions:
  - name: count
    steps:
      - update: Post SET likes = likes + 1
    impact:
      primary: {operation: UPDATE}
    cdc: {enabled: true, event_type: PostCounted}
",
        );
    }

    #[test]
    fn the_other_fields() {
        let before = format!(
            "{HEAD}    $0cdc:\n      enabled: true\n      event_type: UserCreated  # new\n"
        );
        check_fix(&before, &format!("{}      payload: [name]\n", before.replace("$0", "")));
    }
}
