//! A default, a comparison or an assignment names a value that its enum does not list.

pub(crate) mod declaration;
mod parameters;

use specql_model::{Default, FileId, Name, Type, infer::QueryMismatchKind, suggest};
use specql_syntax::expression::ExpressionKind;
use specql_text::TextRange;

use crate::{
    Context, Diagnostic, Fix, Level, Rule,
    context::{did_you_mean, listed},
    enums::{EnumValue, has_like, lists, unquoted, visit_values},
};

pub(crate) const RULE: Rule = Rule {
    code: "unknown-enum-value",
    level: Level::Error,
    summary: "a value that its enum does not list",
    run: unknown_enum_value,
    page: include_str!("../../../../docs/rules/unknown-enum-value.md"),
};

/// More values than these are not listed in a message.
const MOST_LISTED: usize = 8;

fn unknown_enum_value(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for field in ctx.entity().iter().flat_map(|it| &it.fields) {
        if field.problems.is_empty() {
            let outcome = "so every insert without a value fails";
            let default = field.default.as_deref();
            acc.extend(of_default(ctx, &field.name, &field.ty, default, outcome));
        }
    }
    for parameter in ctx.actions().flat_map(|(_, it)| &it.parameters) {
        let default = parameter.default.as_deref();
        let outcome = "so every call without a value gets one that fits nowhere";
        acc.extend(of_default(ctx, &parameter.name, &parameter.ty, default, outcome));
    }
    for (expression, text, it) in ctx.types().iter().flat_map(|it| &it.queries) {
        if let QueryMismatchKind::EnumValue { text: value, entity, field } = &it.kind
            && let Type::Enum(values) = &field.ty
        {
            let range = ctx.in_query(expression.range, text, &it.range);
            let found = finding(ctx, values, &field.name.text, value, range, "so no row has it");
            acc.push(listed_in(entity.0, values, found));
        }
    }
    for (id, action) in ctx.actions() {
        parameters::report(ctx, id, action, acc);
        visit_values(ctx, id, action, &mut |it| {
            if let (Some(kind), Some(pattern)) = (it.like, literal(it)) {
                if has_like(it.values, pattern, kind) == Some(false) {
                    acc.push(unlike(ctx, it, pattern));
                }
            } else if let Some(text) = literal(it)
                && !lists(it.values, text)
                && !acc.iter().any(|one| one.code == RULE.code && one.range == it.value.range)
            {
                let found = finding(ctx, it.values, it.column, text, it.value.range, it.outcome);
                acc.push(listed_in(it.home, it.values, found));
            }
        });
    }
    declaration::report(ctx, acc);
}

/// A pattern that no value fits.
fn unlike(ctx: &Context<'_>, it: &EnumValue<'_, '_>, pattern: &str) -> Diagnostic {
    let choice = if it.values.len() <= MOST_LISTED {
        format!("; it has {}", listed(it.values.iter().map(unquoted)))
    } else {
        String::new()
    };
    let message =
        format!("no value of `{}` is like `{pattern}`, {}{choice}", it.column, it.outcome);
    listed_in(it.home, it.values, ctx.finding(&RULE, it.value.range, message))
}

/// The text of a value that is one: in quotes, or a bare word as a case of `switch`.
fn literal<'a>(it: &EnumValue<'_, 'a>) -> Option<&'a str> {
    match &it.value.kind {
        ExpressionKind::String(text) => Some(text),
        ExpressionKind::Path(path) if it.is_case && !path.dollar => {
            match path.segments.as_slice() {
                [name] => Some(&name.text),
                _ => None,
            }
        }
        _ => None,
    }
}

fn of_default(
    ctx: &Context<'_>,
    name: &Name,
    ty: &Type,
    default: Option<&Default>,
    outcome: &str,
) -> Option<Diagnostic> {
    let Type::Enum(values) = ty else { return None };
    let default = &default?.text;
    let text = unquoted(default);
    let is_null = text.is_empty() || text.eq_ignore_ascii_case("null");
    if is_null || values.is_empty() || lists(values, text) {
        return None;
    }
    let found = finding(ctx, values, &name.text, text, default.range, outcome);
    Some(listed_in(ctx.id(), values, found))
}

/// Points at the values that there are.
fn listed_in(home: FileId, values: &[Name], found: Diagnostic) -> Diagnostic {
    match (values.first(), values.last()) {
        (Some(first), Some(last)) if first.range.start() <= last.range.end() => {
            found.related(home, first.range.cover(last.range), "the values of the enum")
        }
        _ => found,
    }
}

fn finding(
    ctx: &Context<'_>,
    values: &[Name],
    column: &str,
    text: &str,
    range: TextRange,
    outcome: &str,
) -> Diagnostic {
    let near = suggest(text, values.iter().map(unquoted));
    let choice = match near {
        Some(_) => did_you_mean(near),
        None if values.len() <= MOST_LISTED => {
            format!("; it has {}", listed(values.iter().map(unquoted)))
        }
        None => String::new(),
    };
    let message = format!("`{text}` is no value of `{column}`, {outcome}{choice}");
    let fix = near.map(|it| {
        // In the place of the text the quotes stay as they are.
        let written = ctx.slice(range);
        let edits = match written.find(text) {
            Some(at) => {
                let start = range.to_usize().start + at;
                ctx.write_part(TextRange::from(start..start + text.len()), it)
            }
            None => ctx.write_part(range, &format!("'{it}'")),
        };
        Fix::review(format!("Change to `{it}`"), ctx.id(), edits)
    });
    ctx.finding(&RULE, range, message).fix(fix)
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn patterns() {
        check_diagnostics(
            "
entity: Post
fields:
  title: text
  status: enum(draft, live)
actions:
  - name: look
    steps:
      - find: Post WHERE status LIKE 'dra%' AND status ILIKE 'LI_E' AND title LIKE 'flo%'
      - find: Post WHERE status LIKE 'flo%'
      #                              ^^^^^^ error[unknown-enum-value]: no value of `status` is like `flo%`, so no row has it; it has `draft` and `live`
      - find: Post WHERE status NOT ILIKE '%x' OR lower(status) LIKE 'D%'
      #                                   ^^^^ error[unknown-enum-value]: no value of `status` is like `%x`, so it always holds; it has `draft` and `live`
      #                                                              ^^^^ error[unknown-enum-value]
      - find: Post WHERE status LIKE '%' AND status LIKE '_____' AND status LIKE 'l\\\\%' AND status SIMILAR TO 'x'
",
        );
    }

    #[test]
    fn wherever_a_value_stands() {
        check_diagnostics(
            r#"
#- /user.yaml
entity: User
fields:
  role: enum(reader, editor)
#- /post.yaml
entity: Post
fields:
  status: enum(draft, published) = drfat
  #                                ^^^^^ 💡 error[unknown-enum-value]: `drfat` is no value of `status`, so every insert without a value fails; did you mean `draft`?
  kind: {type: "enum(a, b)", default: z}
  #                                   ^ error[unknown-enum-value]: `z` is no value of `kind`, so every insert without a value fails; it has `a` and `b`
  author: ref(User)
actions:
  - name: publish
    steps:
      - validate: status = 'publishd' OR status IN ('draft', 'dead')
      #                    ^^^^^^^^^^ 💡 error[unknown-enum-value]
      #                                                      ^^^^^^ error[unknown-enum-value]
      - validate: author.role <> 'writer'
      #                          ^^^^^^^^ error[unknown-enum-value]: `writer` is no value of `author.role`, so it always holds; it has `reader` and `editor`
      - update: Post SET status = 'publishd'
      #                           ^^^^^^^^^^ 💡 error[unknown-enum-value]: `publishd` is no value of `status`, so the write fails; did you mean `published`?
      - update: Post SET status = CASE WHEN kind = 'a' THEN 'published' ELSE 'gone' END
      #                                                                      ^^^^^^ error[unknown-enum-value]
    impact:
      primary: {entity: Post, operation: UPDATE}
"#,
        );
    }

    #[test]
    fn values_behind_casts_functions_and_calls() {
        check_diagnostics(
            r#"
entity: Post
fields:
  status: enum(draft, sent)
actions:
  - name: look
    params:
      kind: enum(short, long) = tall
      #                         ^^^^ error[unknown-enum-value]: `tall` is no value of `kind`, so every call without a value gets one that fits nowhere; it has `short` and `long`
    steps:
      - validate: status::text = 'gone' OR coalesce(status, 'away') = 'lost' OR $kind = 'wide'
      #                          ^^^^^^ error[unknown-enum-value]
      #                                                     ^^^^^^ error[unknown-enum-value]
      #                                                               ^^^^^^ error[unknown-enum-value]
      #                                                                                 ^^^^^^ error[unknown-enum-value]
      - call: look(kind = CASE WHEN status = 'sent' THEN 'shrt' ELSE 'long' END)
      #       ^^^^ error[recursive-call]
      #                                                  ^^^^^^ 💡 error[unknown-enum-value]
      - validate: coalesce(status, 'draft')::text IN ('draft', 'sent'::text) AND nullif(status, 'sent') IS NULL
"#,
        );
    }

    #[test]
    fn behind_functions_that_change_the_case() {
        check_diagnostics(
            r#"
entity: Post
fields:
  status: enum('Draft', 'published') = 'Draft'
  mark: enum(café, bar)
actions:
  - name: publish
    steps:
      - validate: lower(status) = 'draft' AND upper(status::text) IN ('DRAFT', 'LOTS') AND lower(mark) = 'tea'
      #                                                                        ^^^^^^ error[unknown-enum-value]: `LOTS` is no value of `upper(status)`, so no row has it; it has `DRAFT` and `PUBLISHED`
      - validate: lower(status) = 'Draft'
      #                           ^^^^^^^ 💡 error[unknown-enum-value]: `Draft` is no value of `lower(status)`, so it never holds; did you mean `draft`?
      - validate: lower(status) = lower('Lots') OR lower(status) = input.status
      - switch: trim(status)
        cases:
          - when: 'drafts'
            #     ^^^^^^^^ 💡 error[unknown-enum-value]
            then:
              - reject: never
"#,
        );
    }

    #[test]
    fn values_that_are_listed_or_computed() {
        check_diagnostics(
            r#"
entity: Post
fields:
  status: enum('draft', 'published') = 'draft'
  kind: enum(a, b) = null
  title: text = anything
actions:
  - name: publish
    steps:
      - validate: status = 'draft' AND title = 'draught' AND lower(status) = 'draft'
      - update: Post SET status = input.status, kind = NULL
      - update: Post SET status = ?
    impact:
      primary: {entity: Post, operation: UPDATE}
"#,
        );
    }

    #[test]
    fn the_near_value() {
        check_fix(
            "entity: Post\nfields:\n  status: enum(draft, sent)\nactions:\n  - name: look\n    steps:\n      - validate: status = $0'drfat'  # why\n",
            "entity: Post\nfields:\n  status: enum(draft, sent)\nactions:\n  - name: look\n    steps:\n      - validate: status = 'draft'  # why\n",
        );
    }

    #[test]
    fn values_inside_of_queries_and_in_order() {
        check_diagnostics(
            r#"
#- /user.yaml
entity: User
schema: crm
fields: {role: "enum(reader, editor)", name: text}
#- /post.yaml
entity: Post
schema: crm
fields:
  status: enum(draft, sent)
actions:
  - name: look
    steps:
      - validate: EXISTS (SELECT 1 FROM crm.tb_user WHERE role = 'writer' OR role IN ('reader', 'edtor') OR role = ANY(ARRAY['x']))
      #                                                          ^^^^^^^^ error[unknown-enum-value]: `writer` is no value of `role`, so no row has it; it has `reader` and `editor`
      #                                                                                         ^^^^^^^ 💡 error[unknown-enum-value]: `edtor` is no value of `role`, so no row has it; did you mean `editor`?
      #                                                                                                                      ^^^ error[unknown-enum-value]: `x` is no value of `role`, so no row has it; it has `reader` and `editor`
      - validate: EXISTS (SELECT 1 FROM crm.tb_user u WHERE CASE u.role WHEN 'none' THEN true END OR u.name = 'none')
      #                                                                      ^^^^^^ error[unknown-enum-value]: `none` is no value of `role`, so no row has it; it has `reader` and `editor`
      - validate: status > 'snet' OR status BETWEEN 'a' AND 'sent' OR greatest(status, 'gone') = 'sent'
      #                    ^^^^^^ 💡 error[unknown-enum-value]: `snet` is no value of `status`, so no row has it; did you mean `sent`?
      #                                             ^^^ error[unknown-enum-value]: `a` is no value of `status`, so no row has it; it has `draft` and `sent`
      #                                                                                ^^^^^^ error[unknown-enum-value]: `gone` is no value of `status`, so no row has it; it has `draft` and `sent`
"#,
        );
    }
}
