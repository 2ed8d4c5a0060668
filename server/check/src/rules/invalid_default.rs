//! A default that is no value of its field's or parameter's type.
//!
//! Values of enums are `unknown-enum-value`. Calls and words of PostgreSQL (`now()`, `today`) are left
//! alone.

use specql_model::{
    BasicType, EntityId, Field, Parameter, Type,
    functions::{self, Function},
    infer::{Scalar, ValueType},
    suggest,
};

use crate::{
    Context, Diagnostic, Level, Rule,
    context::did_you_mean,
    limits::{misfit, refusal, wrong_item},
};

pub(crate) const RULE: Rule = Rule {
    code: "invalid-default",
    level: Level::Error,
    summary: "a default that is no value of its field's type",
    run: invalid_default,
    page: include_str!("../../../../docs/rules/invalid-default.md"),
};

fn invalid_default(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for field in ctx.entity().iter().flat_map(|it| &it.fields) {
        if field.problems.is_empty() {
            acc.extend(of_field(ctx, field));
        }
    }
    for parameter in ctx.actions().flat_map(|it| &it.1.parameters) {
        acc.extend(of_parameter(ctx, parameter));
    }
}

fn of_parameter(ctx: &Context<'_>, parameter: &Parameter) -> Option<Diagnostic> {
    let default = parameter.default.as_ref()?;
    let text = default.text.text.trim();
    let is_open =
        is_left_alone(&default.text.text, default.quoted) && !is_judged(ctx, &parameter.ty, text);
    if is_open || text.eq_ignore_ascii_case("null") {
        return None;
    }
    let wrong = match (wanted(ctx, &parameter.ty, text), &parameter.ty) {
        (Some(wanted), _) => format!("`{text}` is no {wanted}"),
        (None, Type::List(item)) => wrong_item(ctx, item, text)?,
        (None, Type::Rich(it)) if !it.matches(text) => misfit(it, text),
        (None, _) => {
            let refused = refusal(ctx, &parameter.as_field(), text)?;
            let message = format!("{}, so every call without a value fails", refused.reason);
            let found = ctx.finding(&RULE, default.text.range, message);
            let bound = refused.bound.unwrap_or(parameter.type_range);
            return Some(found.related(ctx.id(), bound, "the bound"));
        }
    };
    let message = format!("{wrong}, so every call without a value fails");
    let found = ctx.finding(&RULE, default.text.range, message);
    Some(found.related(ctx.id(), parameter.type_range, "the type"))
}

/// Calls, and numbers in other notations, which are what YAML makes of them.
fn is_left_alone(text: &str, quoted: bool) -> bool {
    let text = text.trim();
    let is_notation = text.starts_with('0')
        && !text.contains(' ')
        && text.contains(|it: char| it.is_ascii_alphabetic());
    (text.is_empty() && !quoted) || text.contains(['(', '_', ':']) || is_notation
}

fn of_field(ctx: &Context<'_>, field: &Field) -> Option<Diagnostic> {
    let default = field.default.as_ref()?;
    let text = default.text.text.trim();
    if let Some(found) = of_call(ctx, field).or_else(|| of_settings(ctx, field)) {
        return Some(found);
    }
    if is_left_alone(&default.text.text, default.quoted) && !is_judged(ctx, &field.ty, text) {
        return None;
    }
    if text.eq_ignore_ascii_case("null") && !default.quoted {
        let message = format!(
            "`{}` has to have a value, and its default is none, so every insert without one fails",
            field.name.text
        );
        return (!field.nullable).then(|| ctx.finding(&RULE, default.text.range, message));
    }
    if matches!(field.ty, Type::Ref(_)) {
        let message = format!("a reference has no default, so `{text}` is left out");
        return Some(ctx.finding(&RULE, default.text.range, message));
    }
    let Some(wanted) = wanted(ctx, &field.ty, text) else {
        let refused = refusal(ctx, field, text)?;
        let message = format!("{}, so every insert without a value fails", refused.reason);
        let found = ctx.finding(&RULE, default.text.range, message);
        return Some(match refused.bound {
            Some(bound) => found.related(ctx.id(), bound, "the bound"),
            None => found.related(ctx.id(), field.type_range, "the type"),
        });
    };
    let message = format!(
        "`{text}` is no {wanted}, so the table of `{}` cannot be created",
        ctx.entity()?.name.text
    );
    Some(ctx.finding(&RULE, default.text.range, message).related(
        ctx.id(),
        field.type_range,
        "the type",
    ))
}

/// `datetime = nwo()`: a call of a function that PostgreSQL does not have.
fn of_call(ctx: &Context<'_>, field: &Field) -> Option<Diagnostic> {
    let default = field.default.as_ref().filter(|it| !it.quoted)?;
    let ty = ValueType::of_type(ctx.workspace, EntityId(ctx.id()), &field.ty);
    let ValueType::Scalar(ty) = ty else { return None };
    let (name, rest) = default.text.text.trim().split_once('(')?;
    let is_name = !name.is_empty()
        && name.chars().all(|it| it.is_ascii_alphanumeric() || it == '_')
        && !name.starts_with(|it: char| it.is_ascii_digit());
    if !is_name || !rest.ends_with(')') || matches!(ty, Scalar::Text | Scalar::Json) {
        return None;
    }
    let is_known = functions::function(&name.to_ascii_lowercase()) != Function::Unknown;
    let near = suggest(name, functions::names());
    let message = format!(
        "there is no function `{name}` in PostgreSQL, so the table of `{}` cannot be created{}",
        ctx.entity()?.name.text,
        did_you_mean(near)
    );
    let written = default.text.text.trim();
    let fix = near.map(|it| ctx.rename(&default.text, &written.replacen(name, it, 1)));
    (!is_known).then(|| ctx.finding(&RULE, default.text.range, message).fix(fix))
}

/// `date = 31.12.2020`: a day whose parts are read in the order that a database is set to.
fn of_settings(ctx: &Context<'_>, field: &Field) -> Option<Diagnostic> {
    let default = field.default.as_ref()?;
    let ty = ValueType::of_type(ctx.workspace, EntityId(ctx.id()), &field.ty);
    if !matches!(ty, ValueType::Scalar(it) if it.is_moment()) {
        return None;
    }
    let text = default.text.text.trim();
    let (day, _) = text.split_once(' ').unwrap_or((text, ""));
    let mut parts = day.split(['.', '/', '-']).map(|it| (it.len(), it.parse::<u32>().ok()));
    let (Some((1..=2, Some(first))), Some((1..=2, Some(second))), Some((4, Some(year))), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return None;
    };
    let (day, month) =
        if first > 12 || day.contains('.') { (first, second) } else { (second, first) };
    let better = format!("{year:04}-{month:02}-{day:02}");
    let message = format!(
        "`{text}` is read by the settings of the database, which may refuse it or take the day for the month; write \
         `{better}`"
    );
    let fix = ctx.rename(&default.text, &better);
    let found = ctx.finding(&RULE, default.text.range, message).level(Level::Warning);
    Some(found.fix(Scalar::Date.reads(&better).then_some(fix)))
}

/// Whether a text with signs of calls and casts is a value all the same: JSON, a time of day, any text.
fn is_judged(ctx: &Context<'_>, ty: &Type, text: &str) -> bool {
    use specql_model::infer::Scalar::{
        Boolean, Date, Inet, Json, Macaddr, Point, Text, Time, Timestamp, Timestamptz, Timetz,
    };
    if matches!(ty, Type::List(_) | Type::Composite(_)) {
        return text.starts_with(['{', '[']) && !text.contains("::");
    }
    match ValueType::of_type(ctx.workspace, EntityId(ctx.id()), ty) {
        ValueType::Scalar(Json) => text.starts_with(['{', '[', '"']) && !text.contains("::"),
        ValueType::Scalar(Time | Timetz | Date | Timestamp | Timestamptz) => {
            text.starts_with(|it: char| it.is_ascii_digit()) && !text.contains(['(', '_'])
        }
        ValueType::Scalar(Text) => !text.contains('('),
        ValueType::Scalar(Inet | Macaddr) => !text.contains(['(', '_']),
        ValueType::Scalar(Point) => text.starts_with('('),
        // A word that is no call: `not_yet`.
        ValueType::Scalar(it) if it.is_number() || it == Boolean => {
            text.starts_with(|it: char| it.is_ascii_alphabetic())
                && text.chars().all(|it| it.is_ascii_alphanumeric() || it == '_')
        }
        _ => false,
    }
}

/// What the default should be, when it is not.
fn wanted(ctx: &Context<'_>, ty: &Type, text: &str) -> Option<&'static str> {
    let is_integer = text.parse::<i128>().is_ok();
    let is_number = is_integer || text.parse::<f64>().is_ok_and(f64::is_finite);
    let fits = |least: i128, greatest: i128| {
        text.parse::<i128>().is_ok_and(|it| (least..=greatest).contains(&it))
    };
    match ty {
        Type::Basic(BasicType::Integer) if !fits(i32::MIN.into(), i32::MAX.into()) => {
            Some("whole number of 32 bits")
        }
        Type::Basic(BasicType::Bigint) if !fits(i64::MIN.into(), i64::MAX.into()) => {
            Some("whole number of 64 bits")
        }
        Type::Postgres { sql_type, .. }
            if sql_type == "smallint" && !fits(i16::MIN.into(), i16::MAX.into()) =>
        {
            Some("whole number of 16 bits")
        }
        Type::Basic(BasicType::Float) if !is_number => Some("number"),
        Type::Postgres { sql_type, .. } if is_decimal(sql_type) && !is_number => Some("number"),
        Type::Basic(BasicType::Boolean) if !is_boolean(text) => Some("boolean"),
        Type::Rich(it) if it.sql_type.starts_with("numeric") && !is_number => Some("number"),
        Type::Rich(it) if it.sql_type == "uuid" && !is_uuid(text) => Some("UUID"),
        Type::List(_) | Type::Composite(_) if !Scalar::Json.reads(text) => {
            Some("list or mapping in JSON")
        }
        _ => wanted_other(ctx, ty, text),
    }
}

/// The same for moments and lengths of time, addresses and points; `current_date` is a word of SQL.
fn wanted_other(ctx: &Context<'_>, ty: &Type, text: &str) -> Option<&'static str> {
    use specql_model::infer::Scalar::{
        Date, Inet, Interval, Json, Macaddr, Point, Time, Timestamp, Timestamptz, Timetz,
    };
    let ValueType::Scalar(scalar) = ValueType::of_type(ctx.workspace, EntityId(ctx.id()), ty)
    else {
        return None;
    };
    let wanted = match scalar {
        Date => "date",
        Timestamp | Timestamptz => "moment in time",
        Interval => "length of time",
        Time | Timetz => "time of day",
        Json => "JSON",
        Inet => "IP address",
        Macaddr => "hardware address",
        Point => "point like `(48.85,2.35)`",
        _ => return None,
    };
    let words =
        ["current_date", "current_timestamp", "localtimestamp", "current_time", "localtime"];
    let is_word = words.contains(&text.to_ascii_lowercase().as_str());
    (!is_word && !scalar.reads(text)).then_some(wanted)
}

fn is_decimal(sql_type: &str) -> bool {
    ["numeric", "double", "real"].iter().any(|it| sql_type.starts_with(it))
}

fn is_boolean(text: &str) -> bool {
    let words = ["true", "false", "yes", "no", "on", "off", "t", "f", "y", "n", "1", "0"];
    words.contains(&text.to_ascii_lowercase().as_str())
}

fn is_uuid(text: &str) -> bool {
    text.bytes().filter(u8::is_ascii_hexdigit).count() == 32
}

#[cfg(test)]
mod tests {
    use crate::test_support::check_diagnostics;

    #[test]
    fn values_of_other_types() {
        check_diagnostics(
            r#"
#- /user.yaml
entity: User
fields:
  name: text
#- /post.yaml
entity: Post
fields:
  views: integer = many
  #                ^^^^ error[invalid-default]: `many` is no whole number of 32 bits, so the table of `Post` cannot be created
  likes: bigint = 10
  big: integer = 3000000000
  #              ^^^^^^^^^^ error[invalid-default]: `3000000000` is no whole number of 32 bits, so the table of `Post` cannot be created
  pinned: boolean = maybe
  #                 ^^^^^ error[invalid-default]: `maybe` is no boolean, so the table of `Post` cannot be created
  shown: boolean = false
  held: boolean = not_yet
  #               ^^^^^^^ error[invalid-default]: `not_yet` is no boolean, so the table of `Post` cannot be created
  fee: money = "0 EUR"
  #            ^^^^^^^ error[invalid-default]: `0 EUR` is no number, so the table of `Post` cannot be created
  price: money = cheap
  #              ^^^^^ error[invalid-default]: `cheap` is no number, so the table of `Post` cannot be created
  when: datetime = '2024-13-01 10:00'
  #                ^^^^^^^^^^^^^^^^^^ error[invalid-default]: `2024-13-01 10:00` is no moment in time, so the table of `Post` cannot be created
  late: datetime = '2024-12-01T25:00'
  #                ^^^^^^^^^^^^^^^^^^ error[invalid-default]
  moment: datetime = '2024-12-01T23:00'
  tags: {type: list(text), default: [a, b]}
  #                                 ^^^^^^ error[invalid-default]: `[a, b]` is no list or mapping in JSON, so the table of `Post` cannot be created
  words: {type: list(text), default: ["a", "b"]}
  counts: {type: list(integer), default: [1, "x"]}
  #                                      ^^^^^^^^ error[invalid-default]: `"x"` in this list cannot be read as a whole number, so every insert without a value fails
  days: list(date) = ["2024-02-30"]
  #                  ^^^^^^^^^^^^^^ error[invalid-default]: `"2024-02-30"` in this list cannot be read as a date, so every insert without a value fails
  states: list(enum(a, b)) = ["a", "c"]
  #                          ^^^^^^^^^^ error[invalid-default]
  code: text(3) = 'abcd'
  #               ^^^^^^ error[invalid-default]: `abcd` has 4 characters, and `code` takes 3, so every insert without a value fails
  part: decimal(4,2) = 123.5
  #     ^^^^^^^ info[postgres-type]
  #                    ^^^^^ error[invalid-default]: `123.5` has more digits before the point than the 2 of this type, so every insert without a value fails
  whole: decimal(4,2) = 99.5
  #      ^^^^^^^ info[postgres-type]
  mail: email = nope
  #             ^^^^ error[invalid-default]: `nope` is no `email`, which looks like `ada@example.org`, so every insert without a value fails
  none: email = ''
  #             ^^ error[invalid-default]
  phone: phoneNumber = 0123
  #                    ^^^^ error[invalid-default]
  site: url = my_site
  #           ^^^^^^^ error[invalid-default]
  way: {type: slug, default: "Not A Slug"}
  #                          ^^^^^^^^^^^^ error[invalid-default]
  begin: {type: date, default: "2024-02-30"}
  #                            ^^^^^^^^^^^^ error[invalid-default]: `2024-02-30` is no date, so the table of `Post` cannot be created
  share: percentage = 150
  #                   ^^^ error[invalid-default]: `150` is beyond the bound `100.0` of `share`, so every insert without a value fails
  stars: {type: integer, min: 1, max: 5, default: 9}
  #                                               ^ error[invalid-default]: `9` is beyond the bound `5` of `stars`, so every insert without a value fails
  short: {type: text, min: 3, default: ab}
  #                                    ^^ error[invalid-default]: `ab` has 2 characters, and `short` takes from 3, so every insert without a value fails
  since: {type: date, min: "2020-01-01", default: "2019-12-31"}
  #                                               ^^^^^^^^^^^^ error[invalid-default]: `2019-12-31` is beyond the bound `2020-01-01` of `since`, so every insert without a value fails
  host: ipAddress = localhost
  #                 ^^^^^^^^^ error[invalid-default]: `localhost` is no IP address, so the table of `Post` cannot be created
  place: coordinates = (148.85,2.35)
  #                    ^^^^^^^^^^^^^ error[invalid-default]: `(148.85,2.35)` has no such latitude, which ends at 90, so every insert without a value fails
  mails: list(email) = ["ada@example.org", "nope"]
  #                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[invalid-default]: `"nope"` in this list is no `email`, which looks like `ada@example.org`, so every insert without a value fails
  right: email = Ada@Example.ORG
  lang: {type: languageCode, default: de}
  spot: coordinates = (48.85,2.35)
  v6: ipAddress = "::1"
  author: ref(User) = admin
  #                   ^^^^^ error[invalid-default]: a reference has no default, so `admin` is left out
  at: datetime = now()
  day: date = today
  note: text = anything
"#,
        );
    }

    #[test]
    fn calls_and_days_of_settings() {
        check_diagnostics(
            "
entity: Post
fields:
  sent_at: datetime = nwo()
  #                   ^^^^^ 💡 error[invalid-default]: there is no function `nwo` in PostgreSQL, so the table of `Post` cannot be created; did you mean `now`?
  due: date = 31.12.2020
  #           ^^^^^^^^^^ 💡 warning[invalid-default]: `31.12.2020` is read by the settings of the database, which may refuse it or take the day for the month; write `2020-12-31`
  from_day: date = 12/31/2020
  #                ^^^^^^^^^^ 💡 warning[invalid-default]: `12/31/2020` is read by the settings of the database, which may refuse it or take the day for the month; write `2020-12-31`
  key: uuid = gen_random_uuid()
  title: text = slugify(x)
  at: datetime = now()
",
        );
    }
}
