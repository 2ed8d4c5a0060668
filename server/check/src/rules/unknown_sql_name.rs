//! A query in SQL names a table or a column that the generated tables do not have.
//!
//! Tables of others, functions in the place of tables and columns of `WITH` are not judged.

mod table;

use specql_model::{
    ActionId, Entity, EntityId, Step, StepKind, Type, query_row::table_entity, scope::Scope,
    suggest,
};
use specql_syntax::{
    QueryColumn, QueryNames, QueryTable, RefusalKind,
    expression::{Expression, ExpressionKind},
    query_names, refusals,
};
use specql_text::TextRange;

use crate::{Context, Diagnostic, Fix, Level, Rule, context::did_you_mean};

pub(crate) const RULE: Rule = Rule {
    code: "unknown-sql-name",
    level: Level::Error,
    summary: "a query in SQL names a table or a column that does not exist",
    run: unknown_sql_name,
    page: include_str!("../../../../docs/rules/unknown-sql-name.md"),
};

fn unknown_sql_name(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    for (id, action) in ctx.actions() {
        for step in &action.steps {
            step.walk(&mut |step| in_step(ctx, id, step, acc));
        }
    }
}

fn in_step(ctx: &Context<'_>, id: ActionId, step: &Step, acc: &mut Vec<Diagnostic>) {
    step.expressions(&mut |it| {
        it.walk(&mut |it| {
            let ExpressionKind::RawSql(text) = &it.kind else { return };
            let query = Query { ctx, id, step, expression: it, text };
            let refused = refusals(text).into_iter().filter(|it| it.kind == RefusalKind::Variable);
            acc.extend(refused.map(|it| query.outside(&it.range)));
            if let Some(names) = query_names(text) {
                let mut outer = Vec::new();
                let written = QueryTable::unnamed();
                // The rows of a statement can be named in its queries.
                if let Some(entity) = query.written() {
                    outer.push((vec![(&written, Some(entity))], false));
                }
                query.judge(&names, &mut Vec::new(), &mut outer, acc);
            }
        });
    });
}

struct Query<'c, 'a> {
    ctx: &'c Context<'a>,
    id: ActionId,
    step: &'c Step,
    expression: &'c Expression,
    text: &'c str,
}

/// A table of a query and its entity, when it is one's.
type Known<'n, 'a> = (&'n QueryTable, Option<&'a Entity>);

impl<'a> Query<'_, 'a> {
    /// Judges a query inside of others, whose tables can be named too.
    fn judge<'n>(
        &self,
        names: &'n QueryNames,
        given: &mut Vec<&'n str>,
        outer: &mut Vec<(Vec<Known<'n, 'a>>, bool)>,
        acc: &mut Vec<Diagnostic>,
    ) {
        let before = given.len();
        given.extend(names.given.iter().map(String::as_str));
        let mut tables = Vec::new();
        for table in &names.tables {
            let is_given = |it: &&str| it.eq_ignore_ascii_case(&table.name);
            if table.schema.is_none() && given.iter().any(is_given) {
                tables.push((table, None));
                continue;
            }
            let found = self.entity(table);
            acc.extend(match found.filter(|it| is_table_of(table, it)) {
                Some(entity) => self.bare_table(table, entity),
                None => self.unknown_table(table),
            });
            tables.push((table, found));
        }
        outer.push((tables, names.is_open));
        for column in &names.columns {
            acc.extend(self.unknown_column(column, outer));
        }
        for window in &names.windows {
            let message = format!(
                "no window of this query is called `{}`, so the query would fail; write `WINDOW {} AS (…)` at its end",
                window.name, window.name
            );
            acc.push(self.ctx.finding(&RULE, self.place(&window.range), message));
        }
        for inner in &names.inner {
            self.judge(inner, given, outer, acc);
        }
        outer.pop();
        given.truncate(before);
    }

    /// The entity whose rows the step looks for or changes; a new row has no columns yet.
    fn written(&self) -> Option<&'a Entity> {
        let write = match &self.step.kind {
            StepKind::Update(it) => it,
            StepKind::Delete { write, .. } | StepKind::Find { write, .. } => write,
            _ => return None,
        };
        self.ctx.written(write).map(AsRef::as_ref)
    }

    fn entity(&self, table: &QueryTable) -> Option<&'a Entity> {
        table_entity(
            self.ctx.workspace,
            EntityId(self.ctx.id()),
            table.schema.as_deref(),
            &table.name,
        )
    }

    fn unknown_column(
        &self,
        column: &QueryColumn,
        scopes: &[(Vec<Known<'_, 'a>>, bool)],
    ) -> Option<Diagnostic> {
        let all = || scopes.iter().rev().flat_map(|it| &it.0);
        let entity = match &column.table {
            Some(table) => {
                let found = all().find(|it| it.0.alias.eq_ignore_ascii_case(table));
                match found {
                    Some(it) if it.0.columns.is_some() => return self.of_inner(it.0, column),
                    Some(it) => it.1?,
                    None => return self.unknown_alias(table, column, scopes),
                }
            }
            None => {
                if scopes.iter().any(|it| it.1) {
                    return None;
                }
                let mut entities = Vec::new();
                for it in all() {
                    if let Some(columns) = &it.0.columns {
                        if columns.contains(&folded(column)) {
                            return None;
                        }
                        continue;
                    }
                    entities.push(it.1.filter(|it| self.ctx.knows_fields(it))?);
                }
                if entities.iter().any(|it| has_column(it, column)) {
                    return None;
                }
                if self.is_of_steps(&column.name) {
                    return Some(self.outside(&column.range));
                }
                *entities.first()?
            }
        };
        if !self.ctx.knows_fields(entity) || has_column(entity, column) {
            return None;
        }
        let near = right_column(entity, &column.name);
        let near = near.filter(|it| !self.is_compared_with(column, it));
        let message = format!(
            "the table of `{}` has no column `{}`, so the query would fail{}",
            entity.name.text,
            column.name,
            did_you_mean(near.as_deref())
        );
        let place = self.place(&column.range);
        let found = self.ctx.finding(&RULE, place, message);
        let found = found.related(entity.id.0, entity.name.range, "the entity");
        Some(found.fix(self.renamed(column, place, near.as_deref())))
    }

    /// The fix that writes another column, where the name stands in the file as the query has it.
    fn renamed(&self, column: &QueryColumn, place: TextRange, near: Option<&str>) -> Option<Fix> {
        let near = near.filter(|_| self.ctx.slice(place) == column.name)?;
        Some(self.ctx.change_to(place, near))
    }

    /// Whether the other side of a comparison is this column already: then it is not what is meant.
    fn is_compared_with(&self, column: &QueryColumn, near: &str) -> bool {
        let is_part = |it: char| it.is_alphanumeric() || "_.\"".contains(it);
        let before = self.text.get(..column.range.start).unwrap_or_default();
        let after = self.text.get(column.range.end..).unwrap_or_default();
        let before = before.trim_end_matches(is_part).trim_end().strip_suffix('=');
        let left = before.map(str::trim_end).and_then(|it| it.rsplit(|it| !is_part(it)).next());
        let right = after.trim_start().strip_prefix('=').map(str::trim_start);
        let right = right.and_then(|it| it.split(|it| !is_part(it)).next());
        [left, right].into_iter().flatten().any(|it| {
            let (table, name) = it.rsplit_once('.').map_or((None, it), |it| (Some(it.0), it.1));
            let is_one = table.is_none() || column.table.is_none();
            let same = is_one || table == column.table.as_deref();
            same && name.eq_ignore_ascii_case(near)
        })
    }

    /// A column that a query inside of the query does not give.
    fn of_inner(&self, table: &QueryTable, column: &QueryColumn) -> Option<Diagnostic> {
        let columns = table.columns.as_ref()?;
        let name = folded(column);
        if columns.contains(&name) {
            return None;
        }
        let near = suggest(&name, columns.iter().map(String::as_str));
        let message = format!(
            "`{}` gives no column `{}`, so the query would fail{}",
            table.alias,
            column.name,
            did_you_mean(near)
        );
        let place = self.place(&column.range);
        let found = self.ctx.finding(&RULE, place, message);
        Some(found.fix(self.renamed(column, place, near)))
    }

    /// Whether a name means something in steps: a parameter, a variable, a name of the upstream
    /// generator for one.
    fn is_of_steps(&self, name: &str) -> bool {
        let scope = Scope::at(self.ctx.workspace, self.id, self.step);
        is_variable(name)
            || name == "input"
            || scope.parameters().iter().any(|it| it.name.text == name)
            || scope.variables().iter().any(|it| it.is_called(name))
    }

    /// A name that means something in steps, and nothing in a query.
    fn outside(&self, part: &std::ops::Range<usize>) -> Diagnostic {
        let message = format!(
            "a query in SQL is passed on as it is, and `{}` means something in steps alone, so the query \
             would fail; compare with it outside of the query, or write `EXISTS Entity WHERE …`",
            self.text.get(part.clone()).unwrap_or_default()
        );
        self.ctx.finding(&RULE, self.place(part), message)
    }

    /// A name before a dot that no table of the query has.
    fn unknown_alias(
        &self,
        name: &str,
        column: &QueryColumn,
        scopes: &[(Vec<Known<'_, 'a>>, bool)],
    ) -> Option<Diagnostic> {
        let is_open = scopes.iter().any(|it| it.1);
        if self.is_of_steps(name) {
            let start = column.range.start.saturating_sub(name.len() + 1);
            return Some(self.outside(&(start..column.range.end)));
        }
        if is_open {
            return None;
        }
        let aliases: Vec<&str> =
            scopes.iter().flat_map(|it| &it.0).map(|it| it.0.alias.as_str()).collect();
        let aliases: Vec<&str> = aliases.into_iter().filter(|it| !it.is_empty()).collect();
        let near = suggest(name, aliases.iter().copied()).or(match aliases.as_slice() {
            [only] => Some(only),
            _ => None,
        });
        let message = format!(
            "no table of the query is called `{name}`, so the query would fail{}",
            did_you_mean(near)
        );
        let dotted = column.range.start.checked_sub(name.len() + 1);
        let place = dotted.filter(|it| self.text.get(*it..).is_some_and(|it| it.starts_with(name)));
        let range = place.map_or(column.range.clone(), |it| it..it + name.len());
        Some(self.ctx.finding(&RULE, self.place(&range), message))
    }

    fn place(&self, part: &std::ops::Range<usize>) -> TextRange {
        self.ctx.in_query(self.expression.range, self.text, part)
    }
}

/// Whether a table has exactly the name of an entity's; authors spell it in other ways too.
fn is_table_of(table: &QueryTable, entity: &Entity) -> bool {
    table.name.eq_ignore_ascii_case(&entity.table_name())
}

/// The name of a column as PostgreSQL reads it.
fn folded(column: &QueryColumn) -> String {
    if column.quoted { column.name.clone() } else { column.name.to_ascii_lowercase() }
}

fn has_column(entity: &Entity, column: &QueryColumn) -> bool {
    const OF_EVERY_TABLE: [&str; 6] = ["ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"];
    let folded = folded(column);
    OF_EVERY_TABLE.contains(&folded.as_str())
        || entity.table_columns().any(|it| it == folded)
        || is_perhaps_key(entity, &folded)
}

/// Whether a name would be the column of a field if that were a reference, which a type that is not
/// known may be.
fn is_perhaps_key(entity: &Entity, name: &str) -> bool {
    let field = name.strip_prefix("fk_").or_else(|| name.strip_suffix("_id"));
    let field = field.and_then(|it| entity.fields.iter().find(|field| field.name.text == it));
    field.is_some_and(|it| matches!(it.ty, Type::Unknown(_) | Type::Missing))
}

/// The column that was meant: that of the field with this name, else one with a near name.
fn right_column(entity: &Entity, name: &str) -> Option<String> {
    let target = name.strip_suffix("_id").or_else(|| name.strip_suffix("Id"));
    let of_field = [Some(name), name.strip_prefix("fk_"), target]
        .into_iter()
        .flatten()
        .find_map(|it| entity.field(it));
    let of_built_in = || Entity::built_in(name).map(|it| it.name.to_owned());
    of_field.map(specql_model::Field::table_column).or_else(of_built_in).or_else(|| {
        let columns: Vec<String> = entity.table_columns().collect();
        suggest(name, columns.iter().map(String::as_str)).map(str::to_owned)
    })
}

/// Names that generated SQL and the upstream generator give to variables.
fn is_variable(name: &str) -> bool {
    name.starts_with("p_") || name.starts_with("v_")
}

#[cfg(test)]
mod tests {
    use crate::test_support::check_diagnostics;

    #[test]
    fn tables_and_columns_of_queries() {
        check_diagnostics(
            r#"
#- /user.yaml
entity: User
schema: crm
fields:
  name: text
#- /post.yaml
entity: Post
schema: crm
fields:
  title: text
  author: ref(User)
actions:
  - name: look
    steps:
      - validate: (SELECT count(*) FROM crm.tb_usr) > 1
      #                                     ^^^^^^ 💡 error[unknown-sql-name]: there is no entity with the table `tb_usr`, so the query would fail; did you mean `tb_user`?
      - validate: (SELECT count(*) FROM crmm.tb_user) > 1
      #                                      ^^^^^^^ 💡 error[unknown-sql-name]: there is no schema `crmm` in this workspace, so the query would fail; did you mean `crm.tb_user`?
      - validate: (SELECT u.nmae FROM crm.tb_user u JOIN crm.tb_post p ON p.fk_author = u.pk_user) = 'x'
      #                     ^^^^ 💡 error[unknown-sql-name]: the table of `User` has no column `nmae`, so the query would fail; did you mean `name`?
      - validate: EXISTS (SELECT 1 FROM crm.tb_user WHERE nme = 'x' AND id = p_id AND deleted_at IS NULL)
      #                                                   ^^^ 💡 error[unknown-sql-name]
      #                                                                      ^^^^ error[unknown-sql-name]: a query in SQL is passed on as it is, and `p_id` means something in steps alone, so the query would fail; compare with it outside of the query, or write `EXISTS Entity WHERE …`
      - validate: (WITH a AS (SELECT p.titel FROM crm.tb_post p) SELECT count(*) FROM a) > 1
      #                                ^^^^^ 💡 error[unknown-sql-name]
      - validate: (SELECT row_number() OVER (PARTITION BY p.fk_author ORDER BY p.titel) FROM crm.tb_post p LIMIT 1) = 1
      #                                                                          ^^^^^ 💡 error[unknown-sql-name]
      - validate: (SELECT count(*) FILTER (WHERE p.titel IS NULL) AS n FROM crm.tb_post p GROUP BY p.fk_author ORDER BY n) = 1
      #                                            ^^^^^ 💡 error[unknown-sql-name]
      - validate: (SELECT x.name FROM crm.tb_user u) = 'x'
      #                   ^ error[unknown-sql-name]: no table of the query is called `x`, so the query would fail; did you mean `u`?
      - validate: (SELECT usr.name FROM crm.tb_user user, crm.tb_post p WHERE p.fk_author = USER.pk_user) = 'x'
      #                   ^^^ error[unknown-sql-name]: no table of the query is called `usr`, so the query would fail; did you mean `user`?
      - find: User WHERE name = 'x'
        as: found
      - validate: EXISTS (SELECT 1 FROM crm.tb_post p WHERE p.fk_author = found.id AND input.x = v_row.y)
      #                                                                   ^^^^^^^^ error[unknown-sql-name]: a query in SQL is passed on as it is, and `found.id` means something in steps alone, so the query would fail; compare with it outside of the query, or write `EXISTS Entity WHERE …`
      #                                                                                ^^^^^^^ error[unknown-sql-name]
      #                                                                                          ^^^^^^^ error[unknown-sql-name]
      - validate: (SELECT count(*) FROM tb_user) + (SELECT count(*) FROM users) + (SELECT count(*) FROM things) > 1
      #                                 ^^^^^^^ 💡 error[unknown-sql-name]: a generated function finds tables behind their schema only, so the query would fail; write `crm.tb_user`
      #                                                                  ^^^^^ 💡 error[unknown-sql-name]: the table of `User` is `crm.tb_user`, so the query would fail; write its name
      #                                                                                                 ^^^^^^ error[unknown-sql-name]: a generated function finds tables behind their schema only, and `things` is none of an entity, so the query would fail; write the schema before `things`
      - validate: EXISTS (SELECT 1 FROM crm.tb_po_st)
      #                                     ^^^^^^^^ 💡 error[unknown-sql-name]: the table of `Post` is `crm.tb_post`, so the query would fail; write its name
      - validate: EXISTS (SELECT 1 FROM crm.Post, crm.posts, crm.tb_posts, public.tb_post, crm.tv_postt, crm.tv_post, crm.other, public.posts, pg_class)
      #                                     ^^^^ 💡 error[unknown-sql-name]: the table of `Post` is `crm.tb_post`, so the query would fail; write its name
      #                                               ^^^^^ 💡 error[unknown-sql-name]
      #                                                          ^^^^^^^^ 💡 error[unknown-sql-name]: there is no entity with the table `tb_posts`, so the query would fail; did you mean `tb_post`?
      #                                                                           ^^^^^^^ 💡 warning[unknown-sql-name]: no entity has the table `public.tb_post`, so the query fails where nobody else makes it; that of `Post` is `crm.tb_post`
      #                                                                                        ^^^^^^^^ 💡 error[unknown-sql-name]
      - validate: (SELECT author FROM crm.tb_post LIMIT 1) = 1 AND (SELECT p.updatedAt FROM crm.tb_post p) < now()
      #                   ^^^^^^ 💡 error[unknown-sql-name]: the table of `Post` has no column `author`, so the query would fail; did you mean `fk_author`?
      #                                                                      ^^^^^^^^^ 💡 error[unknown-sql-name]
      - validate: "EXISTS (SELECT 1 FROM crm.tb_user WHERE name = $who)"
      #                                                           ^^^^ error[unknown-sql-name]: a query in SQL is passed on as it is, and `$who` means something in steps alone, so the query would fail; compare with it outside of the query, or write `EXISTS Entity WHERE …`
      - validate: (WITH posts AS (SELECT 1 AS n) SELECT count(*) FROM posts WHERE n IN (SELECT n FROM posts)) > 0
      - validate: (SELECT other.x FROM stats.tb_counter other, f(1) g WHERE g.y = z) = 1
      - validate: (WITH u AS (SELECT 1 AS n) SELECT n FROM u) = 1
      - validate: (SELECT s.n FROM (SELECT count(*) AS n FROM crm.tb_user) s WHERE n > 1) = 1
"#,
        );
    }

    #[test]
    fn a_table_has_the_words_of_its_entity() {
        check_diagnostics(
            r#"
#- /route.yaml
entity: HTTPRoute
schema: crm
actions:
  - name: look
    steps:
      - validate: EXISTS (SELECT 2 FROM crm.tb_http_route)
      - validate: EXISTS (SELECT 1 FROM crm.tb_httproute)
      #                                     ^^^^^^^^^^^^ 💡 error[unknown-sql-name]: the table of `HTTPRoute` is `crm.tb_http_route`, so the query would fail; write its name
"#,
        );
    }
}
