//! `insert`, `update`, `upsert`, `delete`: each collects the rows it touched.

use specql_model::{Entity, Step, Write};

use super::{
    failure::{raise, raise_if},
    frame::{Change, Frame},
    rows::Rows,
    sources::Source,
};
use crate::{
    expression::{Binding, BindingKind, Row},
    names,
    problem::ProblemKind,
    sql::{Ident, Lines, Sql, sql},
    taken::has_table,
};

impl<'a> Frame<'a> {
    pub(super) fn insert(&mut self, lines: &mut Lines, step: &Step, write: &Write) -> Option<()> {
        let entity = self.written_entity(step, write)?;
        let mut sources = self.sources(entity, write, None);
        self.linked_to_own(entity, &mut sources);
        self.check_sources(lines, &sources, false);
        let row = self.new_row(entity, write);
        self.insert_row(lines, entity, &sources, &row);
        if entity.id == self.env.entity.id {
            self.env.creates_own_row = false;
        }
        Some(())
    }

    fn insert_row(
        &mut self,
        lines: &mut Lines,
        entity: &'a Entity,
        sources: &[Source<'a>],
        row: &Ident,
    ) {
        let mut columns: Vec<Sql> = Vec::new();
        let mut values: Vec<Sql> = Vec::new();
        let mut add = |column: Sql, value: Sql| {
            if !columns.contains(&column) {
                columns.push(column);
                values.push(value);
            }
        };
        for source in sources {
            add(Sql::of(&source.column.name), self.inserted(source));
        }
        if self.env.catalog.has_tenants() {
            add(Sql::raw("tenant_id"), Sql::raw("v_tenant_id"));
        }
        add(Sql::raw("created_by"), Sql::raw("v_user_id"));
        add(Sql::raw("updated_by"), Sql::raw("v_user_id"));
        lines.push(sql!("INSERT INTO {} AS t ({})", names::table(entity), Sql::block(columns)));
        lines.push(sql!("VALUES ({})", Sql::block(values)));
        lines.push(sql!("RETURNING t.* INTO {};", row));
        let (id, key) = row_keys(entity, row);
        self.collect(lines, entity, Change::Created, &id, &key);
        self.note_fields(lines, entity, sources);
    }

    /// The variable for a new row: the own one for the first row of the own entity.
    fn new_row(&mut self, entity: &'a Entity, write: &Write) -> Ident {
        let row = if entity.id == self.env.entity.id && self.env.creates_own_row {
            self.env.own_row_is_used = true;
            self.env.own_row.clone()
        } else {
            let wanted = format!("v_new_{}", names::snake(entity));
            self.env.declare(&wanted, Sql::of(&names::table(entity)), None)
        };
        self.bind_row(entity, write, &row);
        row
    }

    fn bind_row(&mut self, entity: &'a Entity, write: &Write, row: &Ident) {
        if let Some(bind) = &write.bind {
            self.env.bindings.push(Binding {
                name: bind.text.to_string(),
                variable: row.clone(),
                kind: BindingKind::Row(entity),
            });
        }
    }

    pub(super) fn update(&mut self, lines: &mut Lines, step: &Step, write: &Write) -> Option<()> {
        let entity = self.written_entity(step, write)?;
        let rows = self.rows(entity, write.filter.as_ref(), step.value_range)?;
        let target = Row { alias: Sql::raw("t"), entity };
        let sources = self.sources(entity, write, Some(&target));
        self.check_sources(lines, &sources, true);
        let statement = self.update_statement(entity, &sources);
        self.run(lines, entity, write, rows, Change::Updated, &statement);
        self.note_fields(lines, entity, &sources);
        Some(())
    }

    fn update_statement(&self, entity: &Entity, sources: &[Source<'a>]) -> Sql {
        let mut assignments: Vec<(Sql, Sql)> = Vec::new();
        for source in sources {
            assignments.push((Sql::of(&source.column.name), self.updated(source)));
        }
        for (column, value) in [("updated_at", "now()"), ("updated_by", "v_user_id")] {
            let column = Sql::raw(column);
            if !assignments.iter().any(|it| it.0 == column) {
                assignments.push((column, Sql::raw(value)));
            }
        }
        let set = assignments.into_iter().map(|(column, value)| sql!("{} = {}", column, value));
        sql!("UPDATE {} AS t SET\n    {}", names::table(entity), Sql::join(set, ",\n    "))
    }

    pub(super) fn delete(
        &mut self,
        lines: &mut Lines,
        step: &Step,
        write: &Write,
        hard: bool,
    ) -> Option<()> {
        let entity = self.written_entity(step, write)?;
        let rows = self.rows(entity, write.filter.as_ref(), step.value_range)?;
        let statement = if hard {
            sql!("DELETE FROM {} AS t", names::table(entity))
        } else {
            sql!(
                "UPDATE {} AS t SET\n    deleted_at = now(),\n    deleted_by = v_user_id,\n    updated_at = now(),\n    updated_by = v_user_id",
                names::table(entity)
            )
        };
        self.run(lines, entity, write, rows, Change::Deleted, &statement);
        Some(())
    }

    pub(super) fn upsert(&mut self, lines: &mut Lines, step: &Step, write: &Write) -> Option<()> {
        let entity = self.written_entity(step, write)?;
        let sources = self.sources(entity, write, Some(&Row { alias: Sql::raw("t"), entity }));
        let targets: Vec<&Source<'a>> = sources
            .iter()
            .filter(|source| {
                write.conflict_target.iter().any(|it| {
                    let column = self.env.catalog.named_column(entity, it.as_str());
                    column.is_some_and(|it| it.name == source.column.name)
                })
            })
            .collect();
        if targets.is_empty() {
            let message = "an upsert finds its row by `conflict_target`, which names a field that the step writes";
            self.env.problem(ProblemKind::UntranslatedStep, step.value_range, message);
            return None;
        }
        let conditions =
            targets.iter().map(|it| sql!("t.{} = {}", it.column.name, self.inserted(it)));
        let condition = Sql::join(conditions, " AND ");
        self.check_sources(lines, &sources, false);
        let key = self.env.declare("v_existing", Sql::raw("integer"), None);
        let row = self.new_row(entity, write);
        lines.push(sql!(
            "SELECT t.{} INTO {} FROM {} AS t",
            names::primary_key(entity),
            key,
            names::table(entity)
        ));
        lines.push(sql!("WHERE {} AND {}\nFOR UPDATE;", condition, self.env.live(&Sql::raw("t"))));
        lines.push(Sql::raw("IF FOUND THEN"));
        let statement = self.update_statement(entity, &sources);
        let (id, row_key) = row_keys(entity, &row);
        lines.indented(|lines| {
            lines.push(sql!(
                "{}\nWHERE t.{} = {}\nRETURNING t.* INTO {};",
                statement,
                names::primary_key(entity),
                key,
                row
            ));
            self.collect(lines, entity, Change::Updated, &id, &row_key);
            self.note_fields(lines, entity, &sources);
        });
        lines.push(Sql::raw("ELSE"));
        lines.indented(|lines| self.insert_row(lines, entity, &sources, &row));
        lines.push(Sql::raw("END IF;"));
        if entity.id == self.env.entity.id {
            self.env.creates_own_row = false;
        }
        Some(())
    }

    /// Runs an `UPDATE` or `DELETE` of `t` on its rows and collects them.
    fn run(
        &mut self,
        lines: &mut Lines,
        entity: &'a Entity,
        write: &Write,
        rows: Rows,
        change: Change,
        statement: &Sql,
    ) {
        match rows {
            Rows::Own => {
                let row = self.env.own_row.clone();
                let key = names::primary_key(entity);
                lines.push(sql!(
                    "{}\nWHERE t.{} = {}.{} AND {}",
                    statement,
                    key,
                    row,
                    key,
                    self.env.live(&Sql::raw("t"))
                ));
                lines.push(sql!("RETURNING t.* INTO {};", row));
                let message = format!("{} not found", entity.name.text);
                raise_if(lines, &Sql::raw("NOT FOUND"), raise("not_found", &message, None));
                let (id, key) = row_keys(entity, &row);
                self.collect(lines, entity, change, &id, &key);
                self.bind_row(entity, write, &row);
            }
            Rows::Where { condition, promised, through, many } => {
                self.run_many(lines, entity, &condition, statement);
                if let Some(promised) = promised {
                    let message = format!("{} not found", entity.name.text);
                    let condition = if promised.as_str() == "true" {
                        Sql::raw("cardinality(v_ids) = 0")
                    } else {
                        sql!("cardinality(v_ids) = 0 AND {}", promised)
                    };
                    raise_if(lines, &condition, raise("not_found", &message, through.as_deref()));
                }
                self.collect(lines, entity, change, &Sql::raw("v_ids"), &Sql::raw("v_keys"));
                if let Some(touched) = self.touched_mut(entity) {
                    touched.many |= many;
                    touched.through = touched.through.take().or(through);
                }
                self.after_filter(lines, entity, write);
            }
        }
    }

    fn run_many(&mut self, lines: &mut Lines, entity: &Entity, condition: &Sql, statement: &Sql) {
        self.env.shared("v_ids", "uuid[]", None);
        self.env.shared("v_keys", "integer[]", None);
        let key = names::primary_key(entity);
        lines.push(Sql::raw("WITH changed AS ("));
        lines.indented(|lines| {
            lines.push(sql!(
                "{}\nWHERE {} AND {}",
                statement,
                condition,
                self.env.live(&Sql::raw("t"))
            ));
            lines.push(sql!("RETURNING t.id, t.{} AS key", key));
        });
        lines.push(Sql::raw(")"));
        lines.push(Sql::raw("SELECT coalesce(array_agg(c.id ORDER BY c.key), '{}'), coalesce(array_agg(c.key ORDER BY c.key), '{}')"));
        lines.push(Sql::raw("INTO v_ids, v_keys FROM changed AS c;"));
    }

    /// A write by a condition may have changed the own row, and may have to be bound.
    fn after_filter(&mut self, lines: &mut Lines, entity: &'a Entity, write: &Write) {
        let key = names::primary_key(entity);
        if entity.id == self.env.entity.id && self.env.own_row_is_used {
            let row = self.env.own_row.clone();
            lines.push(sql!(
                "SELECT t.* INTO {} FROM {} AS t WHERE t.{} = {}.{};",
                row,
                names::table(entity),
                key,
                row,
                key
            ));
        }
        if write.bind.is_some() {
            let wanted = format!("v_found_{}", names::snake(entity));
            let row = self.env.declare(&wanted, Sql::of(&names::table(entity)), None);
            lines.push(sql!(
                "SELECT t.* INTO {} FROM {} AS t WHERE t.{} = v_keys[1];",
                row,
                names::table(entity),
                key
            ));
            self.bind_row(entity, write, &row);
        }
    }

    /// The entity of a step; `None`, with a problem, when it leads nowhere.
    pub(super) fn written_entity(&mut self, step: &Step, write: &Write) -> Option<&'a Entity> {
        let Some(reference) = &write.entity else {
            self.env.problem(
                ProblemKind::UntranslatedStep,
                step.value_range,
                "the step names no entity",
            );
            return None;
        };
        let found = self.env.catalog.resolve(self.env.entity.id, reference);
        let message = match found {
            Some(it) if has_table(self.env.catalog, it) => return found,
            Some(_) => format!("`{}` has no table of its own", reference.name.text),
            None => format!("`{}` is no entity of the workspace", reference.name.text),
        };
        self.env.problem(ProblemKind::UnresolvedName, reference.range(), &message);
        None
    }
}

fn row_keys(entity: &Entity, row: &Ident) -> (Sql, Sql) {
    (sql!("{}.id", row), sql!("{}.{}", row, names::primary_key(entity)))
}
