//! `upsert`: one `INSERT … ON CONFLICT`, which wins races; a key that no index keeps unique is guarded
//! by a lock of its own.

use specql_model::{Entity, Scope, Step, Write};

use super::{
    frame::{Change, Frame, Touched},
    sources::{Noted, Source, Value, field_names},
};
use crate::{
    artifacts::table::{Index, lookup},
    catalog::{Column, ColumnType},
    expression::Row,
    names,
    problem::ProblemKind,
    sql::{Lines, Literal, Sql, sql},
};

impl<'a> Frame<'a> {
    pub(super) fn upsert(&mut self, lines: &mut Lines, step: &Step, write: &Write) -> Option<()> {
        let entity = self.written_entity(step, write)?;
        let made =
            self.sources(step, entity, write, Some(&Row { alias: Sql::raw("default$"), entity }));
        let changed =
            self.sources(step, entity, write, Some(&Row { alias: Sql::raw("t$"), entity }));
        let is_target = |source: &Source<'a>| {
            write.conflict_target.iter().any(|it| {
                let column = self.env.catalog.named_column(entity, it.as_str());
                column.is_some_and(|it| it.name == source.column.name)
            })
        };
        let (targets, set): (Vec<_>, Vec<_>) = changed.into_iter().partition(is_target);
        if targets.is_empty() {
            let message = "an upsert finds its row by `conflict_target`, which names a field that the step writes";
            self.env.problem(ProblemKind::UntranslatedStep, step.value_range, message);
            return None;
        }
        self.key_is_known(step, entity, write)?;
        self.check_sources(lines, &made, false);
        let keeps = write.keeps_existing();
        let row = self.new_row(entity, write);
        let upsert = Upsert { entity, made, targets, set, row, keeps };
        if upsert.index().is_some() {
            self.on_conflict(lines, &upsert);
        } else {
            self.guarded(lines, &upsert);
        }
        self.note_fields(lines, entity, &upsert.made, Noted::Upserted);
        if entity.id == self.env.entity.id {
            self.read_own_row_again(lines);
        }
        self.own_row_is_there(entity);
        Some(())
    }

    /// The row is looked for by values that are there without it; `None`, with a problem, when one is not.
    fn key_is_known(&mut self, step: &Step, entity: &Entity, write: &Write) -> Option<()> {
        let scope = Scope::at(self.env.catalog.workspace(), self.id, step);
        let read = scope.targets_read_from_row(write, entity.id);
        let Some((target, _)) = read.first() else { return Some(()) };
        let message = format!(
            "an upsert finds its row by `{}`, and this value is read from that row",
            target.field.text
        );
        self.env.problem(ProblemKind::UntranslatedStep, target.value.range, &message);
        None
    }

    /// `INSERT … ON CONFLICT`; the id tells afterwards which of both it did.
    fn on_conflict(&mut self, lines: &mut Lines, it: &Upsert<'a>) {
        let id = self.env.shared("id$", "uuid", None);
        lines.push(sql!("{} := gen_random_uuid();", id));
        let (mut columns, mut values) = self.new_values(&it.made);
        columns.insert(0, Sql::raw("id"));
        values.insert(0, Sql::of(&id));
        let table = names::table(it.entity);
        lines.push(sql!("INSERT INTO {} AS t$ ({})", table, Sql::wrapped(columns)));
        lines.push(sql!("VALUES ({})", Sql::wrapped(values)));
        let index = it.index().unwrap_or_default();
        if it.keeps {
            lines.push(sql!("ON CONFLICT {} DO NOTHING", index));
        } else {
            let set = self.updated_values(&it.set);
            lines.push(sql!("ON CONFLICT {} DO UPDATE SET{}", index, Sql::listed(set)));
        }
        lines.push(sql!("RETURNING t$.* INTO {};", it.row));
        if it.keeps {
            lines.push(Sql::raw("IF FOUND THEN"));
            lines.indented(|lines| self.collect_upserted(lines, it, Change::Created));
            lines.push(Sql::raw("ELSE"));
            lines.indented(|lines| self.find_existing(lines, it));
            lines.push(Sql::raw("END IF;"));
            return;
        }
        self.touch(it.entity, Change::Created, &field_names(&it.made));
        self.touch(it.entity, Change::Updated, &field_names(&it.set));
        self.list(it.entity.id);
        lines.push(sql!(
            "touched$ := touched$ || ROW({}, CASE WHEN {}.id = {} THEN 'C' ELSE 'U' END, {}.id)::app.touch;",
            Literal::text(self.env.catalog.type_name(it.entity)),
            it.row,
            id,
            it.row
        ));
        self.name_primary(lines, it.entity, Change::Updated, &sql!("{}.id", it.row));
        self.name_primary(lines, it.entity, Change::Created, &sql!("{}.id", it.row));
    }

    /// A look-up and a write behind a lock on the key, which every upsert of it takes.
    fn guarded(&mut self, lines: &mut Lines, it: &Upsert<'a>) {
        let values: Vec<(Column<'a>, Sql)> =
            it.targets.iter().map(|it| (it.column.clone(), self.inserted(it))).collect();
        let lock = self.target_lock(it.entity, &values);
        self.lock_target(lines, &lock, &values);
        self.index_target(it);
        self.find_existing(lines, it);
        lines.push(Sql::raw("IF FOUND THEN"));
        lines.indented(|lines| {
            if it.keeps {
                lines.push(Sql::raw("NULL;"));
                return;
            }
            let set = self.updated_values(&it.set);
            lines.push(sql!(
                "UPDATE {} AS t$ SET{}\nWHERE t$.id = {}.id",
                names::table(it.entity),
                Sql::listed(set),
                it.row
            ));
            lines.push(sql!("RETURNING t$.* INTO {};", it.row));
            self.collect_upserted(lines, it, Change::Updated);
        });
        lines.push(Sql::raw("ELSE"));
        lines.indented(|lines| {
            let (columns, values) = self.new_values(&it.made);
            let table = names::table(it.entity);
            lines.push(sql!("INSERT INTO {} AS t$ ({})", table, Sql::wrapped(columns)));
            lines.push(sql!("VALUES ({})", Sql::wrapped(values)));
            lines.push(sql!("RETURNING t$.* INTO {};", it.row));
            self.collect_upserted(lines, it, Change::Created);
        });
        lines.push(Sql::raw("END IF;"));
    }

    /// The lock on the key. That of a row which is made here nobody else can name, though several keys share a
    /// lock: whoever has it is not waited for, because it was not known before the first step.
    fn lock_target(&self, lines: &mut Lines, lock: &Sql, values: &[(Column<'a>, Sql)]) {
        let made = values.iter().filter_map(|(column, value)| match column.ty {
            ColumnType::Reference(Some(to)) if self.makes(to) => Some((to, value)),
            _ => None,
        });
        let is_new = made.map(|(to, value)| {
            sql!(
                "NOT EXISTS (\n    SELECT FROM unnest(touched$) AS w$ JOIN {} AS r$ ON r$.id = w$.id\n    WHERE w$.op = 'C' AND r$.{} = {}\n)",
                names::table(to),
                names::primary_key(to),
                value
            )
        });
        let conditions: Vec<Sql> = is_new.collect();
        if conditions.is_empty() {
            lines.push(sql!("PERFORM pg_advisory_xact_lock({});", lock));
            return;
        }
        lines.push(sql!("IF NOT pg_try_advisory_xact_lock({}) THEN", lock));
        lines.indented(|lines| {
            let condition = Sql::join(conditions, " AND ");
            lines.push(sql!("PERFORM pg_advisory_xact_lock({})\nWHERE {};", lock, condition));
        });
        lines.push(Sql::raw("END IF;"));
    }

    /// Whether a step before may have made a row of an entity.
    fn makes(&self, entity: &Entity) -> bool {
        let made = |it: &Touched<'_>| it.changes.iter().any(|it| it.0 == Change::Created);
        self.touched.iter().any(|it| it.entity.id == entity.id && made(it))
    }

    /// An index by which the row is found.
    fn index_target(&mut self, it: &Upsert<'a>) {
        let columns: Vec<&str> = it.targets.iter().map(|it| it.column.name.as_str()).collect();
        let name = names::index(it.entity, &columns);
        let columns = it.targets.iter().map(|it| Sql::of(&it.column.name));
        let definition = lookup(self.env.catalog, columns);
        let table = names::table(it.entity);
        if self.indexes.iter().all(|(on, it)| *on != table || it.name != name) {
            let index = Index { name, is_unique: false, definition, range: None };
            self.indexes.push((table, index));
        }
    }

    fn collect_upserted(&mut self, lines: &mut Lines, it: &Upsert<'a>, change: Change) {
        let fields = field_names(if change == Change::Created { &it.made } else { &it.set });
        self.collect(lines, it.entity, change, &sql!("{}.id", it.row), &fields);
    }

    fn find_existing(&self, lines: &mut Lines, it: &Upsert<'a>) {
        lines.push(sql!(
            "SELECT t$.* INTO {} FROM {} AS t$\nWHERE {} AND {} FOR NO KEY UPDATE;",
            it.row,
            names::table(it.entity),
            self.same_key(&it.targets),
            self.env.live(&Sql::raw("t$"))
        ));
    }

    /// The condition that a row `t$` has the key that is written.
    pub(super) fn same_key(&self, targets: &[Source<'a>]) -> Sql {
        let value = |it: &Source<'a>| it.key.clone().unwrap_or_else(|| self.inserted(it));
        let conditions = targets.iter().map(|it| sql!("t$.{} = {}", it.column.name, value(it)));
        Sql::join(conditions, " AND ")
    }
}

/// What an upsert is made of.
struct Upsert<'a> {
    entity: &'a Entity,
    /// The columns of a new row.
    made: Vec<Source<'a>>,
    /// The columns of the key.
    targets: Vec<Source<'a>>,
    /// The columns that change in a row that is there.
    set: Vec<Source<'a>>,
    row: Sql,
    /// A row that is there stays as it is.
    keeps: bool,
}

impl Upsert<'_> {
    /// The unique index that keeps the key, if one does.
    fn index(&self) -> Option<Sql> {
        let [one] = self.targets.as_slice() else { return None };
        if matches!(one.value, Value::Expression(_)) && one.field.is_none() {
            return (one.column.name.as_str() == "id").then(|| Sql::raw("(id)"));
        }
        one.field.filter(|it| it.unique)?;
        Some(sql!("({}, tenant_id) WHERE deleted_at IS NULL", one.column.name))
    }
}
