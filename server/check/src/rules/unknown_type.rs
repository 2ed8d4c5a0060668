//! A field's type is a name that means nothing; released generators make text of it in silence. The type of a
//! cast is one that PostgreSQL does not have.

mod casts;

use specql_model::{Field, Resolution, Type, suggest, types};
use specql_syntax::Name;

use super::invalid_type;
use crate::{Context, Diagnostic, Level, Rule, context::did_you_mean};

pub(crate) const RULE: Rule = Rule {
    code: "unknown-type",
    level: Level::Error,
    summary: "a field or a cast has a type that there is not",
    run: unknown_type,
    page: include_str!("../../../../docs/rules/unknown-type.md"),
};

fn unknown_type(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    let Some(entity) = ctx.entity() else { return };
    let of_fields = entity.fields.iter();
    let is_in_its_form =
        |it: &Field| invalid_type::form::meant(ctx, it.type_range, it.range.end()).is_none();
    let of_fields = of_fields.filter(|it| {
        it.problems.is_empty()
            && !ctx.is_damaged(it.range)
            && (unknown(&it.ty).is_none() || is_in_its_form(it))
    });
    let of_fields = of_fields.map(|it| &it.ty);
    let parameters = entity.actions.iter().flat_map(|it| &it.parameters).map(|it| &it.ty);
    for ty in of_fields.chain(parameters) {
        if let Some(name) = unknown(ty) {
            acc.push(finding(ctx, name));
        }
    }
    casts::report(ctx, acc);
}

/// The name that means nothing, in a type or in the items of a list.
fn unknown(ty: &Type) -> Option<&Name> {
    match ty {
        Type::Unknown(it) if !it.text.is_empty() => Some(it),
        Type::List(item) => unknown(item),
        _ => None,
    }
}

fn finding(ctx: &Context<'_>, name: &Name) -> Diagnostic {
    let is_entity = !matches!(ctx.resolve(&name.text), Resolution::Unknown);
    let reference = is_entity.then(|| format!("ref({})", name.text));
    let near = synonym(&name.text)
        .or_else(|| suggest(&name.text, types::names()))
        .or_else(|| Type::suggest(&name.text));
    let better = reference.as_deref().or(near);
    let message = format!(
        "`{}` is no type, so the column would become text{}",
        name.text,
        did_you_mean(better)
    );
    let fix = better.map(|it| ctx.change_to(name.range, it));
    ctx.finding(&RULE, name.range, message).fix(fix)
}

/// The type that a word of another language means.
fn synonym(name: &str) -> Option<&'static str> {
    let ty = match name.to_ascii_lowercase().as_str() {
        "string" | "str" | "varchar" | "char" | "character" => "text",
        "int" | "int4" | "int32" | "number" | "serial" => "integer",
        "long" | "int8" | "int64" | "bigserial" => "bigint",
        "bool" => "boolean",
        "double" | "real" | "float8" | "float4" => "float",
        "guid" => "uuid",
        "object" | "map" | "dict" | "hash" => "json",
        "datetimetz" | "instant" | "timestampz" => "datetime",
        "interval" => "duration",
        "address" => "SimpleAddress",
        "link" | "uri" => "url",
        "percent" => "percentage",
        "currency" => "currencyCode",
        "country" => "countryCode",
        "language" => "languageCode",
        "ip" | "inet" => "ipAddress",
        _ => return None,
    };
    Some(ty)
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn names_that_are_no_types() {
        check_diagnostics(
            r#"
#- /user.yaml
entity: User
#- /post.yaml
entity: Post
fields:
  price: mony!
  #      ^^^^ 💡 error[unknown-type]: `mony` is no type, so the column would become text; did you mean `money`?
  title: string
  #      ^^^^^^ 💡 error[unknown-type]: `string` is no type, so the column would become text; did you mean `text`?
  author: User
  #       ^^^^ 💡 error[unknown-type]: `User` is no type, so the column would become text; did you mean `ref(User)`?
  tags: list(frobnicator)
  #          ^^^^^^^^^^^ error[unknown-type]: `frobnicator` is no type, so the column would become text
  size: {type: Text}
  #            ^^^^ 💡 error[unknown-type]: `Text` is no type, so the column would become text; did you mean `text`?
"#,
        );
    }

    #[test]
    fn types_of_casts() {
        check_diagnostics(
            r#"
entity: Post
fields:
  views: integer
actions:
  - name: look
    steps:
      - validate: views::boolen
      #                  ^^^^^^ 💡 error[unknown-type]: there is no type `boolen` in PostgreSQL, so the action would fail; did you mean `boolean`?
      - validate: CAST(views AS varchr(20)) = '1'
      #                         ^^^^^^ 💡 error[unknown-type]
      - validate: views::numeric(10, 2) > 1 AND views::text[] IS NULL AND views::citext = '1' AND views::email = 'a'
      #                                                                          ^^^^^^ error[unknown-type]: `citext` is a type of an extension, which the generated functions find by its schema only, so the action would fail; write `public.citext`
      - validate: views::my_own_domain = 1 AND views::shop.kind = 1 AND views::text(5) = '1' AND views::int(3) = 1
      #                  ^^^^^^^^^^^^^ error[unknown-type]: there is no type `my_own_domain` in PostgreSQL, so the action would fail; name its schema to use one of your own
      #                                                                        ^^^^^^^ 💡 error[unknown-type]: `text` takes no numbers in parentheses, so the action would fail; write `varchar` to cut a text off
      #                                                                                                 ^^^^^^ error[unknown-type]: `int` takes no numbers in parentheses, so the action would fail; remove them
      - validate: (SELECT views::integr FROM public.tb_post LIMIT 1) = 1
      #                          ^^^^^^ 💡 error[unknown-type]: there is no type `integr` in PostgreSQL, so the query would fail; did you mean `integer`?
      - validate: (SELECT views::frobnicator = views::citext AND views::util.kind = '1' AND views::regclass IS NULL FROM public.tb_post LIMIT 1)
      #                          ^^^^^^^^^^^ error[unknown-type]: there is no type `frobnicator` in PostgreSQL, so the query would fail; name its schema to use one of your own
      #                                               ^^^^^^ error[unknown-type]: `citext` is a type of an extension, which the generated functions find by its schema only, so the query would fail; write `public.citext`
"#,
        );
    }

    #[test]
    fn every_form_of_a_type() {
        check_diagnostics(
            r#"
#- /user.yaml
entity: User
#- /post.yaml
entity: Post
fields:
  a: text(50)!
  b: enum(x, y) = x!
  c: list(ref(User))
  d: SimpleAddress
  e: {type: ref(User), nullable: false}
  f: text[]
  g: phone
  h: integer?
"#,
        );
    }

    #[test]
    fn a_reference_to_the_entity() {
        check_fix(
            r#"
#- /user.yaml
entity: User
#- /post.yaml
entity: Post
fields:
  author: $0User!  # who wrote it
"#,
            r#"
entity: Post
fields:
  author: ref(User)!  # who wrote it
"#,
        );
    }

    #[test]
    fn what_a_pattern_is_given_has_no_types() {
        check_diagnostics(
            r#"
entity: Post
fields:
  title: text
actions:
  - name: create_post
    pattern: crud/create
    parameters:
      entity: Post
      on_conflict: fail
"#,
        );
    }
}
