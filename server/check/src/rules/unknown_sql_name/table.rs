//! The tables of a query: generated functions find one behind its schema alone, under the name that it
//! is made with.

use specql_model::{Entity, names::snake_case, suggest};
use specql_syntax::QueryTable;
use specql_text::TextRange;

use super::{Query, RULE};
use crate::{Diagnostic, Level, context::did_you_mean};

impl<'a> Query<'_, 'a> {
    /// What is wrong with a table that is the table of no entity under this name.
    pub(super) fn unknown_table(&self, table: &QueryTable) -> Option<Diagnostic> {
        let is_system = table.name.to_ascii_lowercase().starts_with("pg_");
        if table.name.is_empty() || is_system || self.ctx.workspace.has_unnamed_entity() {
            return None;
        }
        match &table.schema {
            None => Some(self.without_schema(table)),
            Some(schema) if self.is_schema(schema) => self.in_schema(table, schema),
            Some(schema) => self.in_other_schema(table, schema),
        }
    }

    /// The table of an entity without its schema.
    pub(super) fn bare_table(&self, table: &QueryTable, entity: &Entity) -> Option<Diagnostic> {
        if table.schema.is_some() {
            return None;
        }
        let right = format!("{}.{}", entity.schema_name(), table.name.to_ascii_lowercase());
        let message = format!(
            "a generated function finds tables behind their schema only, so the query would fail; write `{right}`"
        );
        Some(self.named(table, message, Some(entity), &right))
    }

    fn without_schema(&self, table: &QueryTable) -> Diagnostic {
        if let Some(entity) = self.meant(&table.name, None) {
            let right = right_name(&table.name, entity);
            return self.named(table, self.is_called(entity, &right), Some(entity), &right);
        }
        let near = self.near(&table.name, None);
        let advice = match &near {
            Some(near) => format!("; did you mean `{near}`?"),
            None => format!("; write the schema before `{}`", table.name),
        };
        let message = format!(
            "a generated function finds tables behind their schema only, and `{}` is none of an entity, so the \
             query would fail{advice}",
            table.name
        );
        self.named(table, message, None, near.as_deref().unwrap_or_default())
    }

    /// A name in a schema that has tables of entities; a table of others may stand beside them.
    fn in_schema(&self, table: &QueryTable, schema: &str) -> Option<Diagnostic> {
        if let Some(entity) = self.meant(&table.name, Some(schema)) {
            let right = right_name(&table.name, entity);
            let is_right = right.eq_ignore_ascii_case(&format!("{schema}.{}", table.name));
            let message = self.is_called(entity, &right);
            return (!is_right).then(|| self.named(table, message, Some(entity), &right));
        }
        prefix(&table.name)?;
        let near = self.near(&table.name, Some(schema));
        let elsewhere = self.meant(&table.name, None);
        let right = elsewhere.map(|it| right_name(&table.name, it)).or(near);
        let shown = right.as_deref().map(|it| it.strip_prefix(&format!("{schema}.")).unwrap_or(it));
        let message = format!(
            "there is no entity with the table `{}`, so the query would fail{}",
            if elsewhere.is_some() {
                format!("{schema}.{}", table.name)
            } else {
                table.name.clone()
            },
            did_you_mean(shown)
        );
        Some(self.named(table, message, elsewhere, right.as_deref().unwrap_or_default()))
    }

    /// The table of an entity in a schema that is none of the workspace.
    fn in_other_schema(&self, table: &QueryTable, schema: &str) -> Option<Diagnostic> {
        prefix(&table.name)?;
        let entity = self.meant(&table.name, None)?;
        let right = right_name(&table.name, entity);
        if suggest(schema, [entity.schema_name()]).is_some() {
            let message = format!(
                "there is no schema `{schema}` in this workspace, so the query would fail; did you mean `{right}`?"
            );
            return Some(self.named(table, message, Some(entity), &right));
        }
        let message = format!(
            "no entity has the table `{schema}.{}`, so the query fails where nobody else makes it; that of `{}` is \
             `{right}`",
            table.name, entity.name.text
        );
        Some(self.named(table, message, Some(entity), &right).level(Level::Warning))
    }

    fn is_called(&self, entity: &Entity, right: &str) -> String {
        let what = if right.contains(".tv_") { "read model" } else { "table" };
        format!(
            "the {what} of `{}` is `{right}`, so the query would fail; write its name",
            entity.name.text
        )
    }

    fn is_schema(&self, name: &str) -> bool {
        self.ctx.workspace.entity_names().any(|it| it.2 == name)
    }

    /// The entity that a table is called like: `tb_post`, `tv_post`, `Post`, `posts`; the file's own
    /// schema comes first.
    fn meant(&self, name: &str, schema: Option<&str>) -> Option<&'a Entity> {
        let stem = prefix(name).map_or(name, |it| it.1);
        let snake = snake_case(stem);
        let mut names = vec![snake.clone()];
        if prefix(name).is_none() {
            names
                .extend(["es", "s"].iter().filter_map(|it| snake.strip_suffix(it)).map(Into::into));
            names.extend(snake.strip_suffix("ies").map(|it| format!("{it}y")));
        }
        let own = self.ctx.entity().map(Entity::schema_name);
        let found: Vec<&'a Entity> =
            names.iter().flat_map(|it| self.ctx.workspace.entities_spelled(it)).collect();
        let of = |wanted: Option<&str>| {
            found.iter().find(|it| wanted.is_none_or(|wanted| it.schema_name() == wanted)).copied()
        };
        if schema.is_some() { of(schema) } else { of(own).or_else(|| of(None)) }
    }

    /// A table whose name is near.
    fn near(&self, name: &str, schema: Option<&str>) -> Option<String> {
        let (kind, stem) = prefix(name).unwrap_or(("tb_", name));
        let all = self.ctx.workspace.entity_names();
        let of_schema = all.filter(|it| schema.is_none_or(|wanted| wanted == it.2));
        let tables: Vec<(String, &str)> = of_schema.map(|it| (snake_case(it.1), it.2)).collect();
        let near = suggest(&snake_case(stem), tables.iter().map(|it| it.0.as_str()))?;
        let schema = tables.iter().find(|it| it.0 == near)?.1;
        Some(format!("{schema}.{kind}{near}"))
    }

    /// A finding at the name of a table, with the right name as a fix.
    fn named(
        &self,
        table: &QueryTable,
        message: String,
        entity: Option<&Entity>,
        right: &str,
    ) -> Diagnostic {
        let place = self.place(&table.range);
        let mut found = self.ctx.finding(&RULE, place, message);
        if let Some(it) = entity {
            found = found.related(it.id.0, it.name.range, "the entity");
        }
        let whole = self.with_schema(table, place).filter(|_| !right.is_empty());
        found.fix(whole.map(|range| self.ctx.change_to(range, right)))
    }

    /// The place of a table's name with its schema, where the file has both as they are.
    fn with_schema(&self, table: &QueryTable, name: TextRange) -> Option<TextRange> {
        if self.ctx.slice(name) != table.name {
            return None;
        }
        let Some(schema) = &table.schema else { return Some(name) };
        let length = u32::try_from(schema.len() + 1).ok()?;
        let whole = TextRange::new(name.start().checked_sub(length)?, name.end());
        (self.ctx.slice(whole) == format!("{schema}.{}", table.name)).then_some(whole)
    }
}

/// What tables and read models begin with, and the rest.
fn prefix(name: &str) -> Option<(&'static str, &str)> {
    let lower = name.get(..3)?.to_ascii_lowercase();
    let known = ["tb_", "tv_"].into_iter().find(|it| *it == lower)?;
    let rest = name.get(3..).filter(|it| !it.is_empty())?;
    Some((known, rest))
}

/// The name that the table of an entity has, or its read model where that was named.
fn right_name(written: &str, entity: &Entity) -> String {
    let kind = prefix(written).map_or("tb_", |it| it.0);
    format!("{}.{kind}{}", entity.schema_name(), entity.snake_name())
}
