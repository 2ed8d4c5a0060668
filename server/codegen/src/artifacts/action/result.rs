//! The six members of `app.mutation_result`.

use specql_model::{ImpactEntry, Operation, config::FieldCase, entity::graphql_name};

use super::{
    cascade::{cascade_is_on, entry, entry_entity},
    frame::{Change, Frame},
    invalidation::{arguments, strategy},
};
use crate::{
    catalog::ColumnType,
    names,
    sql::{Lines, Literal, Sql, sql},
};

/// The changes that an operation of an impact means.
pub(super) const fn changes(operation: Operation) -> &'static [Change] {
    match operation {
        Operation::Create => &[Change::Created],
        Operation::Update => &[Change::Updated],
        Operation::Delete => &[Change::Deleted],
        Operation::Upsert => &[Change::Created, Change::Updated],
    }
}

impl<'a> Frame<'a> {
    /// `v_result.id`: the first row of the primary entity that was touched.
    pub(super) fn name_result(&mut self, lines: &mut Lines) {
        let primary = self.primary;
        let mut ids = Vec::new();
        if let Some(touched) = self.touched(primary) {
            let all = [&touched.created, &touched.updated, &touched.deleted];
            ids.extend(all.into_iter().flatten().map(|it| sql!("{}[1]", it)));
        }
        if primary.id == self.env.entity.id && self.env.own_row_is_used {
            ids.push(sql!("{}.id", self.env.own_row));
        }
        match ids.as_slice() {
            [] => {}
            [one] => lines.push(sql!("v_result.id := {};", one)),
            _ => lines.push(sql!("v_result.id := coalesce({});", Sql::join(ids, ", "))),
        }
    }

    pub(super) fn result(&mut self, lines: &mut Lines) {
        let primary = self.primary;
        lines.blank();
        lines.push(Sql::raw("-- result"));
        self.metadata(lines);
        let has_fields = self.touched(primary).is_some_and(|it| !it.fields.is_empty());
        lines.push(Sql::raw(if has_fields {
            "v_result.updated_fields := v_updated_fields;"
        } else {
            "v_result.updated_fields := '{}';"
        }));
        lines.push(Sql::raw("v_result.status := 'success';"));
        let operation = self.operation;
        let message = if self.changes_anything() {
            format!("{} {}", primary.name.text, operation.participle().to_lowercase())
        } else {
            format!("{} done", self.env.action.name.text)
        };
        lines.push(sql!("v_result.message := {};", Literal::text(message)));
        lines.push(sql!("v_result.object_data := {};", self.object_data()));
        let mut extra = Vec::new();
        if cascade_is_on(self.env.catalog, self.env.action) {
            extra.push(Sql::raw("'_cascade', v_cascade"));
        }
        extra.push(Sql::raw("'_meta', to_jsonb(v_meta)"));
        extra.extend(self.collections());
        lines.push(sql!("v_result.extra_metadata := jsonb_build_object({});", Sql::block(extra)));
    }

    /// The primary entity after the mutation, or as it was before it was deleted.
    fn object_data(&self) -> Sql {
        let primary = self.primary;
        let live = sql!("{} -> 'entity'", entry(primary, &Sql::raw("v_result.id"), "UPDATED"));
        let deleted = self.touched(primary).is_some_and(|it| it.deleted.is_some());
        let reference = sql!(
            "jsonb_build_object('__typename', {}::text, 'id', v_result.id)",
            Literal::text(primary.name.as_str())
        );
        let data = if deleted {
            sql!("coalesce({}, v_object_data, {})", live, reference)
        } else {
            sql!("{}", live)
        };
        let relations = self.relations();
        if relations.is_empty() {
            data
        } else {
            sql!("({}) || {}", data, Sql::join(relations, " || "))
        }
    }

    /// `include_relations`: the related entities whole.
    fn relations(&self) -> Vec<Sql> {
        let catalog = self.env.catalog;
        let primary = self.primary;
        let entry_of = self.env.action.impact.as_ref().and_then(|it| it.primary.as_ref());
        let mut res = Vec::new();
        for name in entry_of.iter().flat_map(|it| &it.relations) {
            let Some(column) = catalog.named_column(primary, name.as_str()) else { continue };
            let ColumnType::Reference(Some(target)) = column.ty else { continue };
            let key = match catalog.config().field_case {
                FieldCase::Camel => graphql_name(&column.field),
                FieldCase::Snake => column.field.clone(),
            };
            res.push(sql!(
                "jsonb_build_object({}, (\n    SELECT {} -> 'entity'\n    FROM {} AS t JOIN {} AS f ON f.{} = t.{}\n    WHERE t.id = v_result.id\n))",
                Literal::text(key),
                entry(target, &Sql::raw("f.id"), "UPDATED"),
                names::table(primary),
                names::table(target),
                names::primary_key(target),
                column.name
            ));
        }
        res
    }

    /// The rows of each side effect that has a `collection`.
    fn collections(&self) -> Vec<Sql> {
        let catalog = self.env.catalog;
        let mut res = Vec::new();
        for it in self.env.action.impact.iter().flat_map(|it| &it.side_effects) {
            let (Some(collection), Some(entity)) =
                (&it.collection, entry_entity(catalog, self.env.entity, it))
            else {
                continue;
            };
            let operation =
                it.operation.as_ref().and_then(|it| it.value).unwrap_or(Operation::Update);
            let rows = match self.touched(entity) {
                None => Sql::raw("'[]'::jsonb"),
                Some(touched) => {
                    let row = if operation == Operation::Delete {
                        sql!(
                            "jsonb_build_object('__typename', {}::text, 'id', e.id)",
                            touched.typename()
                        )
                    } else {
                        sql!("{} -> 'entity'", entry(entity, &Sql::raw("e.id"), "UPDATED"))
                    };
                    sql!(
                        "(\n    SELECT coalesce(jsonb_agg({} ORDER BY e.position), '[]'::jsonb)\n    FROM app.distinct_rows({}) AS e\n)",
                        row,
                        self.ids_of(touched, changes(operation))
                    )
                }
            };
            res.push(sql!("{}, {}", Literal::text(collection.as_str()), rows));
        }
        res
    }

    /// Whether the action writes rows, or declares that it does.
    fn changes_anything(&self) -> bool {
        !self.touched.is_empty() || self.calls || self.env.action.impact.is_some()
    }

    /// `_meta`: what the impact declares and what of it happened.
    fn metadata(&mut self, lines: &mut Lines) {
        self.env.shared("v_meta", "mutation_metadata.mutation_impact_metadata", None);
        let primary = self.primary;
        let operation = self.operation;
        let has_fields = self.touched(primary).is_some_and(|it| !it.fields.is_empty());
        if !self.changes_anything() {
            return;
        }
        lines.push(sql!(
            "v_meta.primary_entity := ROW({}, {}, {})::mutation_metadata.entity_impact;",
            Literal::text(primary.name.as_str()),
            Literal::text(operation.as_str()),
            Sql::raw(if has_fields { "v_updated_fields" } else { "'{}'::text[]" })
        ));
        let action = self.env.action;
        let effects: Vec<Sql> = action
            .impact
            .iter()
            .flat_map(|it| &it.side_effects)
            .filter_map(|it| self.side_effect(it))
            .collect();
        lines.push(sql!(
            "v_meta.actual_side_effects := {};",
            if effects.is_empty() { Sql::raw("'{}'") } else { Sql::join(effects, " || ") }
        ));
        let mut invalidations = Vec::new();
        for it in action.impact.iter().flat_map(|it| &it.cache_invalidations) {
            let Some(query) = &it.query else { continue };
            let reason = it.reason.as_ref().map_or(Literal::Null, |it| Literal::text(it.as_str()));
            invalidations.push(sql!(
                "ROW({}, {}, {}, {})::mutation_metadata.cache_invalidation",
                Literal::text(query.as_str()),
                arguments(&mut self.env, it),
                Literal::text(strategy(it).as_str()),
                reason
            ));
        }
        lines.push(if invalidations.is_empty() {
            Sql::raw("v_meta.cache_invalidations := '{}';")
        } else {
            sql!("v_meta.cache_invalidations := ARRAY[{}];", Sql::block(invalidations))
        });
    }

    /// A declared side effect, if it happened.
    fn side_effect(&self, it: &ImpactEntry) -> Option<Sql> {
        let entity = entry_entity(self.env.catalog, self.env.entity, it)?;
        let touched = self.touched(entity)?;
        let operation = it.operation.as_ref().and_then(|it| it.value).unwrap_or(Operation::Update);
        let fields = match &it.fields {
            Some(fields) => Literal::texts(fields.iter().map(specql_model::Name::as_str)),
            None => Literal::texts(&touched.fields),
        };
        Some(sql!(
            "ARRAY(\n    SELECT ROW({}, {}, {})::mutation_metadata.entity_impact\n    WHERE cardinality({}) > 0\n)",
            Literal::text(entity.name.as_str()),
            Literal::text(operation.as_str()),
            fields,
            self.ids_of(touched, changes(operation))
        ))
    }
}
