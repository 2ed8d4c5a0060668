//! An event carries a value that should not leave the database: an address, a key, an account.
//!
//! Judged by the type of the field, and for text by words of its name (`password`).

use specql_model::{ActionId, BasicType, Cdc, Column, Entity, Field, Name, Type};
use specql_syntax::edit::Value;

use crate::{Context, Diagnostic, Fix, Level, Rule, context::listed};

pub(crate) const RULE: Rule = Rule {
    code: "sensitive-payload",
    level: Level::Warning,
    summary: "an event carries a value that should not leave the database",
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
    for (id, _, cdc) in ctx.publishers() {
        if cdc.include_payload == Some(false) {
            continue;
        }
        let primary = ctx.workspace.effective_primary(id);
        let aggregate = primary.map_or(Some(id.entity), |it| it.entity);
        let Some(entity) = aggregate.and_then(|it| ctx.workspace.entity(it)) else { continue };
        match &cdc.payload {
            Some(paths) => acc.extend(paths.iter().filter_map(|it| of_path(ctx, entity, it))),
            None => acc.extend(of_row(ctx, id, cdc, entity)),
        }
    }
}

fn of_path(ctx: &Context<'_>, entity: &Entity, path: &Name) -> Option<Diagnostic> {
    let resolved = ctx.workspace.find_dotted(entity.id, path);
    let step = resolved.last()?;
    let Column::Field(field) = step.column else { return None };
    let what = what(field)?;
    let message = format!(
        "`{}` is {what} and leaves the database with the event, for everybody who reads the topic",
        path.text
    );
    let edits = ctx.remove_item(path.range);
    Some(
        ctx.finding(&RULE, path.range, message)
            .related(step.entity.0, field.name.range, "the field")
            .fix(edits.map(|it| Fix::review("Remove it from the payload", ctx.id(), it))),
    )
}

/// The whole row, when the block lists no fields.
fn of_row(ctx: &Context<'_>, id: ActionId, cdc: &Cdc, entity: &Entity) -> Option<Diagnostic> {
    let sensitive: Vec<&Field> = entity.fields.iter().filter(|it| what(it).is_some()).collect();
    let first = sensitive.first()?;
    let names = listed(sensitive.iter().map(|it| it.name.as_str()));
    let verb = if sensitive.len() == 1 { "leaves" } else { "leave" };
    let message = format!(
        "without `payload` the event carries the whole row, so {names} {verb} the database for everybody \
         who reads the topic"
    );
    let others = entity.fields.iter().filter(|it| what(it).is_none());
    let others: Vec<String> = others.map(|it| it.name.text.to_string()).collect();
    let block = ctx.action_node(id).and_then(|it| it.get("cdc"));
    let block = block.filter(|it| it.as_mapping().is_some() && !others.is_empty());
    let fix = block.map(|it| {
        let edits = ctx.insert_entry(it, "event_type", "payload", &Value::FlowList(others));
        Fix::review("List the other fields in `payload`", ctx.id(), edits)
    });
    Some(
        ctx.finding(&RULE, cdc.key, message)
            .related(entity.id.0, first.name.range, "the field")
            .fix(fix),
    )
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
    fn the_other_fields() {
        let before = format!(
            "{HEAD}    $0cdc:\n      enabled: true\n      event_type: UserCreated  # new\n"
        );
        check_fix(&before, &format!("{}      payload: [name]\n", before.replace("$0", "")));
    }
}
