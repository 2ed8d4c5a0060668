//! A value is made a type that there is not: `views::integr`, in steps and in queries in SQL.

use specql_model::{Type, suggest, types::Scalar};
use specql_syntax::{
    Name,
    expression::{Expression, ExpressionKind},
};
use specql_text::TextRange;

use super::RULE;
use crate::{Context, Diagnostic, sql_queries};

pub(super) fn report(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for (_, action) in ctx.actions() {
        for step in &action.steps {
            step.walk(&mut |step| {
                // `title contains 'x'` begins like a text of a type `title`.
                if !step.problems.is_empty() {
                    return;
                }
                step.expressions(&mut |it| it.walk(&mut |it| acc.extend(cast(ctx, it))));
            });
        }
    }
    sql_queries::each(ctx, &mut |query| {
        query.each_name(|it| &it.types, &mut |it| {
            if !is_known(&it.name) {
                let (advice, near) = instead(&it.name);
                let message =
                    format!("{advice}, so the query would fail{}", behind(&it.name, near));
                acc.push(query.finding(&RULE, &it.range, message, near));
            }
        });
    });
}

/// What a name that is no type of PostgreSQL's is, and the one that is nearly called so.
fn instead(base: &str) -> (String, Option<&'static str>) {
    if is_of_extension(base) {
        let what =
            "is a type of an extension, which the generated functions find by its schema only";
        return (format!("`{base}` {what}"), None);
    }
    (format!("there is no type `{base}` in PostgreSQL"), near(base))
}

/// What to do about it, as the end of a message.
fn behind(base: &str, near: Option<&str>) -> String {
    match near {
        Some(near) => format!("; did you mean `{near}`?"),
        None if is_of_extension(base) => format!("; write `public.{base}`"),
        None => "; name its schema to use one of your own".to_owned(),
    }
}

fn is_of_extension(base: &str) -> bool {
    OF_EXTENSIONS.contains(&base.to_ascii_lowercase().as_str())
}

fn cast(ctx: &Context<'_>, expression: &Expression) -> Option<Diagnostic> {
    let ExpressionKind::Cast(_, ty) = &expression.kind else { return None };
    let end = ty.text.find(['(', '[']).unwrap_or(ty.text.len());
    let base = ty.text.get(..end)?.trim();
    if base.is_empty() || base.contains(['.', '"']) {
        return None;
    }
    if is_known(base) {
        return with_parameters(ctx, ty, base);
    }
    if base.contains(' ') {
        return None;
    }
    let (what, near) = instead(base);
    let message = format!("{what}, so the action would fail{}", behind(base, near));
    let is_plain = ctx.slice(ty.range) == ty.text;
    let range = TextRange::new(ty.range.start(), ty.range.start() + u32::try_from(end).ok()?);
    let range = if is_plain && !is_of_extension(base) { range } else { ty.range };
    let fix = near.filter(|_| is_plain).map(|it| ctx.change_to(range, it));
    Some(ctx.finding(&RULE, range, message).fix(fix))
}

/// `title::text(5)`: a type with numbers in parentheses that it does not take.
fn with_parameters(ctx: &Context<'_>, ty: &Name, base: &str) -> Option<Diagnostic> {
    const TAKE: [&str; 14] = [
        "numeric",
        "decimal",
        "varchar",
        "char",
        "character",
        "bpchar",
        "bit",
        "varbit",
        "time",
        "timetz",
        "timestamp",
        "timestamptz",
        "interval",
        "float",
    ];
    let lower = base.to_ascii_lowercase();
    let takes = lower.split_whitespace().next().is_some_and(|it| TAKE.contains(&it));
    if takes || !ty.text.contains('(') || base.contains(' ') {
        return None;
    }
    let advice = match lower.as_str() {
        "text" => "write `varchar` to cut a text off",
        _ => "remove them",
    };
    let message =
        format!("`{base}` takes no numbers in parentheses, so the action would fail; {advice}");
    let is_plain = ctx.slice(ty.range).starts_with("text(");
    let end = ty.range.start() + u32::try_from(base.len()).ok()?;
    let word = TextRange::new(ty.range.start(), end);
    let fix = is_plain.then(|| ctx.change_to(word, "varchar"));
    Some(ctx.finding(&RULE, ty.range, message).fix(fix))
}

fn near(base: &str) -> Option<&'static str> {
    Type::suggest(base).or_else(|| suggest(base, OTHER_TYPES.iter().copied()))
}

fn is_known(base: &str) -> bool {
    let lower = base.to_ascii_lowercase();
    let name = Name::new(base, TextRange::default());
    Scalar::from_sql(&lower).is_some()
        || !matches!(Type::from_name(&name, &[]), Type::Unknown(_))
        || OTHER_TYPES.contains(&lower.as_str())
}

/// Types of extensions, which generated functions find by their schema only.
const OF_EXTENSIONS: [&str; 9] =
    ["citext", "ltree", "lquery", "hstore", "cube", "geometry", "geography", "vector", "halfvec"];

/// Types of PostgreSQL that no field has.
const OTHER_TYPES: &[&str] = &[
    "money",
    "bit",
    "varbit",
    "name",
    "oid",
    "regclass",
    "regcollation",
    "regconfig",
    "regdictionary",
    "regnamespace",
    "regoper",
    "regoperator",
    "regproc",
    "regprocedure",
    "regtype",
    "regrole",
    "cidr",
    "macaddr8",
    "line",
    "lseg",
    "box",
    "path",
    "polygon",
    "circle",
    "jsonpath",
    "record",
    "refcursor",
    "void",
    "bpchar",
    "pg_lsn",
    "pg_snapshot",
    "txid_snapshot",
    "cid",
    "xid",
    "xid8",
    "tid",
    "serial2",
    "serial4",
    "serial8",
    "smallserial",
    "int4multirange",
    "int8multirange",
    "nummultirange",
    "datemultirange",
    "tsmultirange",
    "tstzmultirange",
];
