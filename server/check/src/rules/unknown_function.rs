//! An expression calls a function that PostgreSQL does not have.
//!
//! A name with a schema is a function of the author's own and is not judged.

use specql_model::{
    functions::{self, Function},
    infer::MismatchKind,
    suggest,
};

use crate::{Context, Diagnostic, Level, Rule, sql_queries};

pub(crate) const RULE: Rule = Rule {
    code: "unknown-function",
    level: Level::Error,
    summary: "an expression calls a function that PostgreSQL does not have",
    run: unknown_function,
    page: include_str!("../../../../docs/rules/unknown-function.md"),
};

/// Functions over rows that only queries have.
const OF_QUERIES: [&str; 20] = [
    "any_value",
    "bit_xor",
    "corr",
    "covar_pop",
    "covar_samp",
    "grouping",
    "json_arrayagg",
    "json_objectagg",
    "mode",
    "percentile_cont",
    "percentile_disc",
    "range_agg",
    "range_intersect_agg",
    "regr_count",
    "regr_slope",
    "stddev_pop",
    "stddev_samp",
    "var_pop",
    "var_samp",
    "xmlagg",
];

/// Names in queries that are nearly those of PostgreSQL's functions. A query finds functions of extensions
/// too, so others are left alone.
fn in_queries(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    sql_queries::each(ctx, &mut |query| {
        query.each_name(
            |it| &it.calls,
            &mut |it| {
                let name = it.name.to_ascii_lowercase();
                let is_known = functions::function(&name) != Function::Unknown
                    || OF_QUERIES.contains(&name.as_str());
                let near = suggest(&name, functions::names().chain(functions::aggregates()))
                    .filter(|_| !is_known);
                acc.extend(near.map(|near| {
                    let message = format!(
                        "there is no function `{}` in PostgreSQL, so the query would fail; did you mean `{near}`?",
                        it.name
                    );
                    query.finding(&RULE, &it.range, message, near)
                }));
            },
        );
    });
}

fn unknown_function(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    in_queries(ctx, acc);
    for found in ctx.types() {
        for it in &found.mismatches {
            match it.kind {
                MismatchKind::UnknownFunction(name) => {
                    let near = suggest(&name.text, functions::names());
                    let advice = near.map_or_else(
                        || "name its schema to call one of your own".to_owned(),
                        |it| format!("did you mean `{it}`?"),
                    );
                    let message = format!(
                        "there is no function `{}` in PostgreSQL, so the action would fail; {advice}",
                        name.text
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
      #                                  ^^^^^^^ error[unknown-function]: there is no function `slugify` in PostgreSQL, so the action would fail; name its schema to call one of your own
      - validate: count(title) > 1 AND (SELECT count(*) FROM public.tb_post) > 1
      #           ^^^^^ error[unknown-function]: `count` needs rows, and there are none here; write `(SELECT count(…) FROM …)`
      - validate: (SELECT coutn(*) FROM public.tb_post WHERE lower(title) = similarity(title, 'x')::text) > 1
      #                   ^^^^^ 💡 error[unknown-function]: there is no function `coutn` in PostgreSQL, so the query would fail; did you mean `count`?
      - update: Post SET slug = app.slugify(title), title = regexp_replace(title, 'a', 'b') || today()
      - update: Post SET slug = jsonb_insert('{}', '{a}', '1')::text || pg_backend_pid() || gen_random_uuid()
    impact:
      primary: {entity: Post, operation: UPDATE}
"#,
        );
    }

    #[test]
    fn the_near_name() {
        check_fix(
            "entity: Post\nfields:\n  title: text\nactions:\n  - name: look\n    steps:\n      - validate: $0trm(title) = 'a'  # why\n",
            "entity: Post\nfields:\n  title: text\nactions:\n  - name: look\n    steps:\n      - validate: trim(title) = 'a'  # why\n",
        );
    }
}
