//! A query in SQL names a table or a column that the generated tables do not have.
//!
//! Tables of others, functions in the place of tables, columns of `WITH`, and names that may be variables
//! are not judged.

use specql_model::{ActionId, Entity, Name, Step, StepKind, scope::Scope, suggest};
use specql_syntax::{
    QueryColumn, QueryNames, QueryTable,
    expression::{EntityReference, Expression, ExpressionKind},
    query_names,
};
use specql_text::TextRange;

use crate::{
    Context, Diagnostic, Level, Rule,
    context::did_you_mean,
    names::{is_column, snake_case},
};

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
            if let ExpressionKind::RawSql(text) = &it.kind
                && let Some(names) = query_names(text)
            {
                let query = Query { ctx, id, step, expression: it, text };
                let mut outer = Vec::new();
                let written = QueryTable {
                    schema: None,
                    name: String::new(),
                    alias: String::new(),
                    range: 0..0,
                };
                // The rows of a statement can be named in its queries.
                if let Some(entity) = query.written() {
                    outer.push((vec![(&written, Some(entity))], false));
                }
                query.judge(&names, &mut outer, acc);
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
        outer: &mut Vec<(Vec<Known<'n, 'a>>, bool)>,
        acc: &mut Vec<Diagnostic>,
    ) {
        let mut tables = Vec::new();
        for table in &names.tables {
            let found = self.entity(table);
            if found.is_none() {
                acc.extend(self.unknown_table(table));
            }
            tables.push((table, found));
        }
        outer.push((tables, names.is_open));
        for column in &names.columns {
            acc.extend(self.unknown_column(column, outer));
        }
        for inner in &names.inner {
            self.judge(inner, outer, acc);
        }
        outer.pop();
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
        let name = |text: &str| Name::new(text, self.expression.range);
        let reference =
            EntityReference { schema: table.schema.as_deref().map(name), name: name(&table.name) };
        let is_table = table.name.starts_with("tb_");
        let found = self.ctx.resolve_reference(&reference).found().filter(|_| is_table)?;
        self.ctx.workspace.entity(found).map(AsRef::as_ref)
    }

    /// A table that is named like an entity's, in a schema of the workspace.
    fn unknown_table(&self, table: &QueryTable) -> Option<Diagnostic> {
        let Some(stem) = table.name.strip_prefix("tb_").filter(|it| !it.is_empty()) else {
            return self.named_like_entity(table);
        };
        let workspace = self.ctx.workspace;
        let is_of = |schema: &str| table.schema.as_deref().is_none_or(|it| it == schema);
        if workspace.has_unnamed_entity() {
            return None;
        }
        if !workspace.entity_names().any(|it| is_of(it.2)) {
            return self.unknown_schema(table, stem);
        }
        // A name in another schema is the entity's too, but not its table's.
        if workspace.entities_spelled(stem).next().is_some() {
            return None;
        }
        let tables: Vec<String> = workspace.entity_names().map(|it| snake_case(it.1)).collect();
        let near = suggest(stem, tables.iter().map(String::as_str)).map(|it| format!("tb_{it}"));
        let message = format!(
            "there is no entity with the table `{}`, so the query would fail{}",
            table.name,
            did_you_mean(near.as_deref())
        );
        Some(self.ctx.finding(&RULE, self.place(&table.range), message))
    }

    /// A table in the schema of an entity whose name it has, without what the table has before it.
    fn named_like_entity(&self, table: &QueryTable) -> Option<Diagnostic> {
        let schema = table.schema.as_deref()?;
        let name = table.name.to_ascii_lowercase();
        let mut spelled = self.ctx.workspace.entities_spelled(&name);
        let entity = spelled.find(|it| it.schema_name() == schema)?;
        let message = format!(
            "the table of `{}` is `{schema}.tb_{}`, so the query would fail; write its name",
            entity.name.text,
            snake_case(&entity.name.text)
        );
        let found = self.ctx.finding(&RULE, self.place(&table.range), message);
        Some(found.related(entity.id.0, entity.name.range, "the entity"))
    }

    /// The table of an entity in a schema whose name is nearly the entity's.
    fn unknown_schema(&self, table: &QueryTable, stem: &str) -> Option<Diagnostic> {
        let schema = table.schema.as_deref()?;
        let of_table = self.ctx.workspace.entity_names().filter(|it| snake_case(it.1) == stem);
        let near = suggest(schema, of_table.map(|it| it.2))?;
        let message = format!(
            "there is no schema `{schema}` in this workspace, so the query would fail; did you mean \
             `{near}.{}`?",
            table.name
        );
        Some(self.ctx.finding(&RULE, self.place(&table.range), message))
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
                    Some(it) => it.1?,
                    None => return self.unknown_alias(table, column, scopes),
                }
            }
            None => {
                if scopes.iter().any(|it| it.1) || is_variable(&column.name) {
                    return None;
                }
                let mut entities = Vec::new();
                for it in all() {
                    entities.push(it.1.filter(|it| self.ctx.knows_fields(it))?);
                }
                if entities.iter().any(|it| has_column(it, &column.name)) {
                    return None;
                }
                *entities.first()?
            }
        };
        if !self.ctx.knows_fields(entity) || has_column(entity, &column.name) {
            return None;
        }
        let near = suggest(&column.name, entity.column_names());
        let message = format!(
            "the table of `{}` has no column `{}`, so the query would fail{}",
            entity.name.text,
            column.name,
            did_you_mean(near)
        );
        let found = self.ctx.finding(&RULE, self.place(&column.range), message);
        Some(found.related(entity.id.0, entity.name.range, "the entity"))
    }

    /// A name that means something in steps, and nothing in a query.
    fn outside(&self, name: &str, column: &QueryColumn) -> Diagnostic {
        let message = format!(
            "a query in SQL is passed on as it is, and `{name}.{}` means something in steps alone, so the query \
             would fail; compare with it outside of the query, or write `EXISTS Entity WHERE …`",
            column.name
        );
        let start = column.range.start.saturating_sub(name.len() + 1);
        self.ctx.finding(&RULE, self.place(&(start..column.range.end)), message)
    }

    /// A name before a dot that no table of the query has.
    fn unknown_alias(
        &self,
        name: &str,
        column: &QueryColumn,
        scopes: &[(Vec<Known<'_, 'a>>, bool)],
    ) -> Option<Diagnostic> {
        let is_open = scopes.iter().any(|it| it.1);
        let scope = Scope::at(self.ctx.workspace, self.id, self.step);
        let is_given = scope.variables().iter().any(|it| it.name.text == name);
        if is_given || name == "input" {
            return Some(self.outside(name, column));
        }
        if is_open || is_variable(name) {
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

    /// The place in the file; the query as a whole where its text is folded or escaped.
    fn place(&self, part: &std::ops::Range<usize>) -> TextRange {
        let whole = self.expression.range;
        if self.ctx.slice(whole) != self.text {
            return self.ctx.first_line(whole);
        }
        let start = whole.to_usize().start;
        TextRange::from(start + part.start..start + part.end)
    }
}

fn has_column(entity: &Entity, name: &str) -> bool {
    is_column(entity, name) || name.eq_ignore_ascii_case("ctid")
}

/// Names that generated SQL and the upstream generator give to variables.
fn is_variable(name: &str) -> bool {
    name.starts_with("p_") || name.starts_with("v_") || name.starts_with('$')
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
      #                                     ^^^^^^ error[unknown-sql-name]: there is no entity with the table `tb_usr`, so the query would fail; did you mean `tb_user`?
      - validate: (SELECT count(*) FROM crmm.tb_user) > 1
      #                                      ^^^^^^^ error[unknown-sql-name]: there is no schema `crmm` in this workspace, so the query would fail; did you mean `crm.tb_user`?
      - validate: (SELECT u.nmae FROM crm.tb_user u JOIN crm.tb_post p ON p.fk_author = u.pk_user) = 'x'
      #                     ^^^^ error[unknown-sql-name]: the table of `User` has no column `nmae`, so the query would fail; did you mean `name`?
      - validate: EXISTS (SELECT 1 FROM crm.tb_user WHERE nme = 'x' AND id = p_id AND deleted_at IS NULL)
      #                                                   ^^^ error[unknown-sql-name]
      - validate: (WITH a AS (SELECT p.titel FROM crm.tb_post p) SELECT count(*) FROM a) > 1
      #                                ^^^^^ error[unknown-sql-name]
      - validate: (SELECT row_number() OVER (PARTITION BY p.fk_author ORDER BY p.titel) FROM crm.tb_post p LIMIT 1) = 1
      #                                                                          ^^^^^ error[unknown-sql-name]
      - validate: (SELECT count(*) FILTER (WHERE p.titel IS NULL) AS n FROM crm.tb_post p GROUP BY p.fk_author ORDER BY n) = 1
      #                                            ^^^^^ error[unknown-sql-name]
      - validate: (SELECT x.name FROM crm.tb_user u) = 'x'
      #                   ^ error[unknown-sql-name]: no table of the query is called `x`, so the query would fail; did you mean `u`?
      - validate: (SELECT usr.name FROM crm.tb_user user, crm.tb_post p WHERE p.fk_author = USER.pk_user) = 'x'
      #                   ^^^ error[unknown-sql-name]: no table of the query is called `usr`, so the query would fail; did you mean `user`?
      - find: User WHERE name = 'x'
        as: found
      - validate: EXISTS (SELECT 1 FROM crm.tb_post p WHERE p.fk_author = found.id AND input.x = v_row.y)
      #                                                                   ^^^^^^^^ error[unknown-sql-name]: a query in SQL is passed on as it is, and `found.id` means something in steps alone, so the query would fail; compare with it outside of the query, or write `EXISTS Entity WHERE …`
      #                                                                                ^^^^^^^ error[unknown-sql-name]
      - validate: (SELECT other.x FROM stats.tb_counter other, f(1) g WHERE g.y = z) = 1
      - validate: (WITH u AS (SELECT 1 AS n) SELECT n FROM u) = 1
      - validate: (SELECT s.n FROM (SELECT count(*) AS n FROM crm.tb_user) s WHERE n > 1) = 1
"#,
        );
    }
}
