//! An expression calls a function that PostgreSQL does not have.
//!
//! A name with a schema is a function of the author's own and is not judged, unless what stands before the dot
//! is a value.

use specql_model::{
    ActionId, Name,
    functions::{self, Function},
    infer::MismatchKind,
    scope::{Row, Scope},
    suggest,
};
use specql_syntax::expression::{Expression, ExpressionKind};
use specql_text::{TextEdit, TextRange};

use crate::{Context, Diagnostic, Fix, Level, Rule, names::is_column, sql_queries};

pub(crate) const RULE: Rule = Rule {
    code: "unknown-function",
    level: Level::Error,
    summary: "an expression calls a function that PostgreSQL does not have",
    run: unknown_function,
    page: include_str!("../../../../docs/rules/unknown-function.md"),
};

/// Functions that only queries have: over rows, with a grammar of their own, or of PostgreSQL's enums.
const OF_QUERIES: [&str; 38] = [
    "any_value",
    "bit_xor",
    "corr",
    "covar_pop",
    "covar_samp",
    "cube",
    "enum_first",
    "enum_last",
    "enum_range",
    "grouping",
    "json_array",
    "json_arrayagg",
    "json_objectagg",
    "json_scalar",
    "json_serialize",
    "json_table",
    "lgamma",
    "localtime",
    "localtimestamp",
    "mode",
    "percentile_cont",
    "percentile_disc",
    "range_agg",
    "range_intersect_agg",
    "rollup",
    "stddev_pop",
    "stddev_samp",
    "var_pop",
    "var_samp",
    "xmlagg",
    "xmlattributes",
    "xmlconcat",
    "xmlelement",
    "xmlexists",
    "xmlforest",
    "xmlparse",
    "xmlpi",
    "xmlserialize",
];

/// Functions of queries that PostgreSQL does not have. A generated function looks for names without a schema
/// nowhere else, so it does not find those of extensions either.
fn in_queries(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    sql_queries::each(ctx, &mut |query| {
        query.each_name(|it| &it.calls, &mut |it| {
            let name = it.name.to_ascii_lowercase();
            if functions::function(&name) != Function::Unknown
                || OF_QUERIES.contains(&name.as_str())
                || name.starts_with("regr_")
            {
                return;
            }
            let near = meant(&name);
            let message = format!(
                "there is no function `{}` in PostgreSQL, so the query would fail; {}",
                it.name,
                advice(near)
            );
            acc.push(query.finding(&RULE, &it.range, message, near));
        });
    });
}

/// What functions of other databases and languages are called in PostgreSQL.
const ELSEWHERE: &[(&str, &str)] = &[
    ("charindex", "strpos"),
    ("datalength", "octet_length"),
    ("dateadd", "age"),
    ("datediff", "age"),
    ("getdate", "now"),
    ("ifnull", "coalesce"),
    ("isnull", "coalesce"),
    ("lcase", "lower"),
    ("len", "length"),
    ("newid", "gen_random_uuid"),
    ("nvl", "coalesce"),
    ("rand", "random"),
    ("size", "cardinality"),
    ("substr_count", "regexp_count"),
    ("sysdate", "now"),
    ("ucase", "upper"),
    ("uuid", "gen_random_uuid"),
    ("uuidv4", "gen_random_uuid"),
];

/// The function of PostgreSQL that a name was meant to be.
fn meant(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    let known = ELSEWHERE.iter().find(|it| it.0 == name).map(|it| it.1);
    known.or_else(|| suggest(&name, functions::names().chain(functions::aggregates())))
}

/// Whether a function can have arguments where the one that is called has some.
fn fits(ctx: &Context<'_>, called: &Name, meant: &str) -> bool {
    let behind = ctx.file.text().get(called.range.to_usize().end..).unwrap_or_default();
    let inside = behind.strip_prefix('(').map(str::trim_start);
    let has_some = inside.is_some_and(|it| !it.starts_with(')'));
    match functions::function(meant) {
        Function::Known(found) => !has_some || found.iter().any(|it| it.parameter(0).is_some()),
        _ => true,
    }
}

/// What to do about a name that PostgreSQL does not have.
fn advice(near: Option<&str>) -> String {
    near.map_or_else(
        || "name its schema to call one of your own or of an extension".to_owned(),
        |it| format!("did you mean `{it}`?"),
    )
}

/// `title.length()`: a value before a dot, where a schema is meant.
fn behind_values(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for (id, _) in ctx.actions() {
        ctx.each_step(id, &mut |scope, step| {
            step.expressions(&mut |it| {
                it.walk(&mut |it| {
                    if let ExpressionKind::Call { function, .. } = &it.kind {
                        acc.extend(of_action(ctx, id, function));
                        acc.extend(behind_value(ctx, scope, it));
                    }
                });
            });
        });
    }
}

/// `crm.greet(…)` where `greet` is an action: its function takes an input as a whole.
fn of_action(ctx: &Context<'_>, id: ActionId, function: &Name) -> Option<Diagnostic> {
    let (schema, name) = function.text.rsplit_once('.')?;
    let called = ctx.workspace.called(id.entity, Some(schema), name)?;
    let action = ctx.workspace.action(called)?;
    let message = format!(
        "`{name}` is an action, and no function with these arguments, so the action would fail; write a step \
         `call: {name}(…)`"
    );
    let found = ctx.finding(&RULE, function.range, message);
    Some(found.related(called.entity.0, action.name.range, "the action"))
}

fn behind_value(ctx: &Context<'_>, scope: &Scope<'_>, at: &Expression) -> Option<Diagnostic> {
    let ExpressionKind::Call { function, arguments, .. } = &at.kind else { return None };
    let (value, method) = function.text.rsplit_once('.')?;
    let first = value.split('.').next().unwrap_or_default().trim_start_matches('$');
    let is_schema = ctx.workspace.entity_names().any(|it| it.2 == value);
    if is_schema || !names_value(ctx, scope, first) {
        return None;
    }
    let known = match method.to_ascii_lowercase().as_str() {
        "size" | "len" | "count" => Some("length"),
        "tolowercase" | "lowercase" | "downcase" => Some("lower"),
        "touppercase" | "uppercase" | "upcase" => Some("upper"),
        "strip" => Some("trim"),
        _ => functions::listed_name(method),
    };
    let written = known.unwrap_or(method);
    let better = if arguments.is_empty() {
        format!("{written}({value})")
    } else {
        format!("{written}({value}, …)")
    };
    let message = format!(
        "`{value}` is a value and no schema, so the action would fail; a function takes it as its argument: \
         `{better}`"
    );
    let end = function.range.end();
    let is_plain = ctx.slice(function.range) == function.text
        && ctx.file.text().get(end as usize..).is_some_and(|it| it.starts_with('('));
    let comma = if arguments.is_empty() { "" } else { ", " };
    let fix = known.filter(|_| is_plain).map(|known| {
        let range = TextRange::new(function.range.start(), end + 1);
        let edit = TextEdit::replace(range, format!("{known}({value}{comma}"));
        Fix::review(format!("Write `{better}`"), ctx.id(), vec![edit])
    });
    Some(ctx.finding(&RULE, function.range, message).fix(fix))
}

/// Whether a name is that of a column, a variable, a parameter or the input.
fn names_value(ctx: &Context<'_>, scope: &Scope<'_>, name: &str) -> bool {
    let mut rows = scope.rows().into_iter().filter_map(Row::known);
    matches!(name, "input" | "old" | "new")
        || scope.parameters().iter().any(|it| it.is_called(name))
        || scope.variables().iter().any(|it| it.is_called(name))
        || rows.any(|it| {
            ctx.workspace.entity(it).is_some_and(|it| is_column(it, name) || it.is_qualifier(name))
        })
}

fn unknown_function(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    in_queries(ctx, acc);
    behind_values(ctx, acc);
    for found in ctx.types() {
        for it in &found.mismatches {
            match it.kind {
                MismatchKind::UnknownFunction(name) => {
                    let near = meant(&name.text).filter(|it| fits(ctx, name, it));
                    let message = format!(
                        "there is no function `{}` in PostgreSQL, so the action would fail; {}",
                        name.text,
                        advice(near)
                    );
                    let fix = near.map(|it| ctx.rename(name, it));
                    acc.push(ctx.finding(&RULE, name.range, message).fix(fix));
                }
                MismatchKind::Aggregate(name) => {
                    let message = format!(
                        "`{}` needs rows, and there are none here; write `(SELECT {}(…) FROM …)`",
                        name.text, name.text
                    );
                    acc.push(ctx.finding(&RULE, name.range, message));
                }
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn functions_of_postgres_and_others() {
        check_diagnostics(
            r#"
entity: Post
fields:
  title: text
  slug: text
actions:
  - name: look
    steps:
      - validate: lowre(title) = 'x' AND slugify(title) = slug AND UPPER(title) = 'X'
      #           ^^^^^ 💡 error[unknown-function]: there is no function `lowre` in PostgreSQL, so the action would fail; did you mean `lower`?
      #                                  ^^^^^^^ error[unknown-function]: there is no function `slugify` in PostgreSQL, so the action would fail; name its schema to call one of your own or of an extension
      - validate: count(title) > 1 AND (SELECT count(*) FROM public.tb_post) > 1
      #           ^^^^^ error[unknown-function]: `count` needs rows, and there are none here; write `(SELECT count(…) FROM …)`
      - validate: (SELECT coutn(*) FROM public.tb_post WHERE lower(title) = public.similarity(title, 'x')::text) > 1
      #                   ^^^^^ 💡 error[unknown-function]: there is no function `coutn` in PostgreSQL, so the query would fail; did you mean `count`?
      - update: Post SET slug = app.slugify(title), title = regexp_replace(title, 'a', 'b') || today()
      - update: Post SET slug = jsonb_insert('{}', '{a}', '1')::text || pg_backend_pid() || gen_random_uuid()
    impact:
      primary: {entity: Post, operation: UPDATE}
"#,
        );
    }

    #[test]
    fn functions_of_queries_and_of_values() {
        check_diagnostics(
            r#"
entity: Post
schema: blog
fields:
  title: text
actions:
  - name: look
    steps:
      - validate: (SELECT frobnicate(title) = similarity(title, 'x') AND ext.similarity(title, 'x') > 1 FROM blog.tb_post)
      #                   ^^^^^^^^^^ error[unknown-function]: there is no function `frobnicate` in PostgreSQL, so the query would fail; name its schema to call one of your own or of an extension
      #                                       ^^^^^^^^^^ error[unknown-function]
      - validate: (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY title) IS NULL AND regr_count(1, 2) > 1 AND row_number() OVER () > 1 FROM blog.tb_post)
      - validate: title.length() > 5 AND Post.size() > 1 AND input.title.upper() = 'X'
      #           ^^^^^^^^^^^^ 💡 error[unknown-function]: `title` is a value and no schema, so the action would fail; a function takes it as its argument: `length(title)`
      #                                  ^^^^^^^^^ 💡 error[unknown-function]
      #                                                      ^^^^^^^^^^^^^^^^^ 💡 error[unknown-function]
      - validate: title.replace('a', 'b') = 'x' AND blog.slug(title) = 'x' AND util.slug(title) = 'x'
      #           ^^^^^^^^^^^^^ 💡 error[unknown-function]: `title` is a value and no schema, so the action would fail; a function takes it as its argument: `replace(title, …)`
"#,
        );
        check_fix(
            "entity: Post\nfields:\n  title: text\nactions:\n  - name: look\n    steps:\n      - validate: ti$0tle.toLowerCase() = 'a'  # why\n",
            "entity: Post\nfields:\n  title: text\nactions:\n  - name: look\n    steps:\n      - validate: lower(title) = 'a'  # why\n",
        );
        check_fix(
            "entity: Post\nfields:\n  title: text\nactions:\n  - name: look\n    steps:\n      - validate: ti$0tle.replace('a', 'b') = 'a'\n",
            "entity: Post\nfields:\n  title: text\nactions:\n  - name: look\n    steps:\n      - validate: replace(title, 'a', 'b') = 'a'\n",
        );
    }

    #[test]
    fn the_near_name() {
        check_fix(
            "entity: Post\nfields:\n  title: text\nactions:\n  - name: look\n    steps:\n      - validate: $0trm(title) = 'a'  # why\n",
            "entity: Post\nfields:\n  title: text\nactions:\n  - name: look\n    steps:\n      - validate: trim(title) = 'a'  # why\n",
        );
    }

    #[test]
    fn functions_of_others_and_actions() {
        check_diagnostics(
            "
entity: Post
schema: crm
fields: {title: text}
actions:
  - name: look
    steps:
      - validate: len(title) > 3 AND ifnull(title, 'x') = 'x' AND crm.rename(title)
      #           ^^^ 💡 error[unknown-function]: there is no function `len` in PostgreSQL, so the action would fail; did you mean `length`?
      #                              ^^^^^^ 💡 error[unknown-function]: there is no function `ifnull` in PostgreSQL, so the action would fail; did you mean `coalesce`?
      #                                                           ^^^^^^^^^^ error[unknown-function]: `rename` is an action, and no function with these arguments, so the action would fail; write a step `call: rename(…)`
      - validate: (SELECT getdate()) > now()
      #                   ^^^^^^^ 💡 error[unknown-function]: there is no function `getdate` in PostgreSQL, so the query would fail; did you mean `now`?
  - name: rename
    steps:
      - update: Post(title)
    impact: {primary: {operation: UPDATE}}
",
        );
    }
}
