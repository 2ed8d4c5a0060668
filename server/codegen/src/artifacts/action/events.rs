//! The rows of the outbox: one for each row of the primary entity, one for each row of an entity in
//! `side_effect_events`, with one correlation id and the primary event as the cause of the others.

use specql_model::{Action, Cdc, Entity, Name, Operation};

use super::{
    cascade::cascade_is_on,
    frame::{Frame, Touched},
    result::changes,
};
use crate::{
    catalog::{Catalog, ColumnType},
    expression::Row,
    names,
    problem::ProblemKind,
    sql::{Lines, Literal, Sql, TypeName, sql},
};

/// Topics when the configuration has no template.
const TOPIC_TEMPLATE: &str = "specql.events.{entity}";

/// Whether a successful run of an action writes an event.
pub(crate) fn writes_event(action: &Action) -> bool {
    action.cdc.as_ref().is_some_and(Cdc::is_enabled)
}

/// The topic of an event that names none: from the template of the configuration.
pub(crate) fn default_topic(
    catalog: Catalog<'_>,
    entity: &Entity,
    event_type: &str,
    version: u32,
) -> String {
    let template = catalog.config().topic_template.as_ref().map_or(TOPIC_TEMPLATE, Name::as_str);
    template
        .replace("{schema}", entity.schema_name())
        .replace("{entity}", entity.name.as_str())
        .replace("{event_type}", event_type)
        .replace("{version}", &version.to_string())
}

fn version(cdc: &Cdc) -> u32 {
    cdc.version.map_or(1, |it| it.0)
}

impl<'a> Frame<'a> {
    /// Whether the action writes an event of rows that it touches.
    pub(super) fn publishes(&self) -> bool {
        self.cdc().is_some() && self.primary_rows().is_some()
    }

    fn cdc(&self) -> Option<&'a Cdc> {
        self.env.action.cdc.as_ref().filter(|it| it.is_enabled())
    }

    /// The rows of the primary entity, and the ids that its operation was done to.
    fn primary_rows(&self) -> Option<(Touched<'a>, Sql)> {
        let touched = self.touched(self.primary)?;
        let ids = self.ids_of(touched, changes(self.operation));
        Some((touched.clone(), ids))
    }

    /// The id of the primary event, known before the cascade that names it.
    pub(super) fn event_id(&mut self, lines: &mut Lines) {
        let Some((_, ids)) = self.primary_rows() else { return };
        self.env.shared("v_event_id", "uuid", None);
        lines.push(sql!(
            "v_event_id := CASE WHEN cardinality({}) > 0 THEN gen_random_uuid() END;",
            ids
        ));
    }

    pub(super) fn events(&mut self, lines: &mut Lines) {
        let Some(cdc) = self.cdc() else { return };
        let Some((touched, ids)) = self.primary_rows() else {
            let message = "no step touches the primary entity, so there is no event to write";
            self.env.problem(ProblemKind::UntranslatedStep, cdc.range, message);
            return;
        };
        let file = self.env.entity.id.0;
        lines.mapped(file, cdc.range, |lines| {
            lines.blank();
            lines.push(Sql::raw("-- events"));
            if !cascade_is_on(self.env.catalog, self.env.action) {
                self.event_id(lines);
            }
            self.env.shared("v_correlation_id", "uuid", None);
            self.env.shared("v_traceparent", "text", None);
            lines.push(Sql::raw(
                "v_correlation_id := coalesce(app.current_correlation_id(), gen_random_uuid());",
            ));
            lines.push(Sql::raw(
                "v_traceparent := coalesce(app.current_traceparent(), app.new_traceparent());",
            ));
            self.primary_event(lines, cdc, &touched, &ids);
            for (entity, event_type) in &cdc.side_effect_events {
                self.side_effect_event(lines, cdc, entity, event_type);
            }
        });
    }

    fn primary_event(&mut self, lines: &mut Lines, cdc: &'a Cdc, touched: &Touched<'a>, ids: &Sql) {
        let catalog = self.env.catalog;
        let operation = self.operation;
        let event_type = cdc.event_type_or_default(touched.entity.name.as_str(), operation);
        let topic = match &cdc.topic {
            Some(it) => it.text.to_string(),
            None => default_topic(catalog, touched.entity, &event_type, version(cdc)),
        };
        let payload = self.payload(cdc, touched, operation);
        let key = self.partition_key(cdc, touched.entity);
        let mut metadata = self.event_metadata(cdc);
        if cascade_is_on(catalog, self.env.action) && cdc.include_cascade != Some(false) {
            metadata
                .push(Sql::raw("'cascade', (v_cascade -> 'updated') || (v_cascade -> 'deleted')"));
        }
        let row = [
            Sql::raw("CASE WHEN e.position = 1 THEN v_event_id ELSE gen_random_uuid() END"),
            Sql::of(&touched.typename()),
            Sql::raw("e.id"),
            Sql::of(&Literal::text(event_type.as_str())),
            Sql::of(&Literal::number(&version(cdc).to_string())),
            payload,
            object(&metadata),
            Sql::raw("v_tenant_id"),
            Sql::of(&Literal::text(topic)),
            key,
            Sql::raw("v_correlation_id"),
            Sql::raw("app.current_causation_id()"),
            Sql::raw("split_part(v_traceparent, '-', 2)"),
            Sql::raw("v_traceparent"),
        ];
        insert(lines, row, touched.entity, ids);
    }

    fn side_effect_event(
        &mut self,
        lines: &mut Lines,
        cdc: &'a Cdc,
        entity: &Name,
        event_type: &Name,
    ) {
        let catalog = self.env.catalog;
        let found = catalog.resolve_name(self.env.entity.id, entity);
        let Some(touched) = found.and_then(|it| self.touched(it)).cloned() else {
            let message = format!(
                "no step writes `{}`, so `{}` is never published",
                entity.text, event_type.text
            );
            self.env.problem(ProblemKind::NotEnforced, entity.range, &message);
            return;
        };
        let topic = default_topic(catalog, touched.entity, event_type.as_str(), version(cdc));
        let payload = if cdc.include_payload == Some(false) {
            Sql::raw("jsonb_build_object('id', e.id)")
        } else {
            image(&touched, &Sql::raw("e.id"))
        };
        let row = [
            Sql::raw("gen_random_uuid()"),
            Sql::of(&touched.typename()),
            Sql::raw("e.id"),
            Sql::of(&Literal::text(event_type.as_str())),
            Sql::of(&Literal::number(&version(cdc).to_string())),
            sql!(
                "jsonb_build_object({}, {})",
                Literal::text(names::snake(touched.entity)),
                payload
            ),
            object(&self.event_metadata(cdc)),
            Sql::raw("v_tenant_id"),
            Sql::of(&Literal::text(topic)),
            Sql::raw("e.id::text"),
            Sql::raw("v_correlation_id"),
            Sql::raw("v_event_id"),
            Sql::raw("split_part(v_traceparent, '-', 2)"),
            Sql::raw("v_traceparent"),
        ];
        insert(lines, row, touched.entity, &touched.all_ids());
    }

    fn event_metadata(&self, cdc: &Cdc) -> Vec<Sql> {
        vec![
            sql!("'mutation', {}::text", Literal::text(self.env.action.name.as_str())),
            Sql::raw("'mutationId', v_mutation_id"),
            Sql::raw("'affectedEntities', to_jsonb(v_affected)"),
            sql!("'version', {}", Literal::number(&version(cdc).to_string())),
        ]
    }

    /// The payload: the aggregate under its name, and what else the block asks for.
    fn payload(&mut self, cdc: &'a Cdc, primary: &Touched<'a>, operation: Operation) -> Sql {
        let ids_only = cdc.include_payload == Some(false);
        let aggregate = if ids_only {
            Sql::raw("jsonb_build_object('id', e.id)")
        } else if let Some(paths) = &cdc.payload {
            self.selected(primary, paths)
        } else if operation == Operation::Delete {
            image(&Touched { created: None, updated: None, ..primary.clone() }, &Sql::raw("e.id"))
        } else {
            image(&Touched { deleted: None, ..primary.clone() }, &Sql::raw("e.id"))
        };
        let mut members =
            vec![sql!("{}, {}", Literal::text(names::snake(primary.entity)), aggregate)];
        if cdc.include_side_effects.is_some_and(|it| it.0) {
            for touched in self.in_order() {
                if touched.entity.id != primary.entity.id {
                    members.push(side_effect_member(&touched, ids_only));
                }
            }
        }
        object(&members)
    }

    /// The members that `payload` names: of the read model, or through references of the row `t`.
    fn selected(&mut self, touched: &Touched<'a>, paths: &'a [Name]) -> Sql {
        let mut members = vec![Sql::raw("'id', e.id")];
        let mut nested: Vec<(String, Vec<Sql>)> = Vec::new();
        for path in paths {
            let segments: Vec<&str> = path.text.split('.').collect();
            let row = Row { alias: Sql::raw("t"), entity: touched.entity };
            let Some(value) = self.env.column_value(&row, &segments, path.range) else {
                let message =
                    format!("`{}` is no field of `{}`", path.text, touched.entity.name.text);
                self.env.problem(ProblemKind::UnresolvedName, path.range, &message);
                continue;
            };
            match segments.as_slice() {
                [one] => {
                    let name = self
                        .env
                        .catalog
                        .named_column(touched.entity, one)
                        .map_or_else(|| (*one).to_owned(), |it| it.field);
                    let image = image(touched, &Sql::raw("e.id"));
                    members.push(sql!(
                        "{}, ({}) -> {}",
                        Literal::text(name.as_str()),
                        image,
                        Literal::text(name.as_str())
                    ));
                }
                [first, .., last] => {
                    let member = sql!("{}, to_jsonb({})", Literal::text(*last), value.sql);
                    match nested.iter_mut().find(|it| it.0 == *first) {
                        Some((_, members)) => members.push(member),
                        None => nested.push(((*first).to_owned(), vec![member])),
                    }
                }
                [] => {}
            }
        }
        members.extend(
            nested
                .into_iter()
                .map(|(name, members)| sql!("{}, {}", Literal::text(name), object(&members))),
        );
        object(&members)
    }

    /// The text that orders events: the aggregate's id, or what a path from the row `t` leads to.
    fn partition_key(&mut self, cdc: &Cdc, entity: &'a Entity) -> Sql {
        let Some(path) = &cdc.partition_key else { return Sql::raw("e.id::text") };
        let segments: Vec<&str> = path.text.split('.').collect();
        let row = Row { alias: Sql::raw("t"), entity };
        let Some(value) = self.env.column_value(&row, &segments, path.range) else {
            let message = format!(
                "`{}` is no field of `{}`, so the aggregate's id orders its events",
                path.text, entity.name.text
            );
            self.env.problem(ProblemKind::UnresolvedName, path.range, &message);
            return Sql::raw("e.id::text");
        };
        let value = match value.kind {
            crate::expression::Kind::Key(_) => {
                self.env.coerce(value, &ColumnType::Scalar(TypeName::new("uuid")))
            }
            _ => value.into_sql(),
        };
        sql!("coalesce(({})::text, e.id::text)", value)
    }
}

fn insert(lines: &mut Lines, row: [Sql; 14], entity: &Entity, ids: &Sql) {
    lines.push(Sql::raw("INSERT INTO app.outbox ("));
    lines.push(Sql::raw("    id, aggregate_type, aggregate_id, event_type, event_version, event_payload, event_metadata,"));
    lines.push(Sql::raw("    tenant_id, topic, partition_key, correlation_id, causation_id, trace_id, traceparent\n)"));
    let needs_row = row.iter().any(|it| it.as_str().contains("t."));
    lines.push(sql!("SELECT\n    {}", Sql::join(row, ",\n    ")));
    lines.push(sql!("FROM unnest({}) WITH ORDINALITY AS e(id, position)", ids));
    if needs_row {
        lines.push(sql!("LEFT JOIN {} AS t ON t.id = e.id", names::table(entity)));
    }
    lines.push(Sql::raw("ORDER BY e.position;"));
}

fn object(members: &[Sql]) -> Sql {
    sql!(
        "jsonb_build_object(\n        {}\n    )",
        Sql::join(members.iter().cloned(), ",\n        ")
    )
}

/// The read model of a row; of a deleted one the last it had.
fn image(touched: &Touched<'_>, id: &Sql) -> Sql {
    let mut images = Vec::new();
    if touched.created.is_some() || touched.updated.is_some() {
        images.push(sql!(
            "(SELECT r.data FROM {} AS r WHERE r.id = {})",
            names::read_model(touched.entity),
            id
        ));
    }
    if let Some(before) = &touched.before {
        images.push(sql!("{} -> {}::text", before, id));
    }
    images.push(sql!("jsonb_build_object('id', {})", id));
    sql!("coalesce({})", Sql::join(images, ", "))
}

/// A side effect in a payload: one row under the `ref` that leads to it or its entity's name, several
/// as a list under the plural.
fn side_effect_member(touched: &Touched<'_>, ids_only: bool) -> Sql {
    let row = |id: &Sql| {
        if ids_only { sql!("jsonb_build_object('id', {})", id) } else { image(touched, id) }
    };
    let name = names::snake(touched.entity);
    if touched.many {
        return sql!(
            "{}, (\n            SELECT coalesce(jsonb_agg({} ORDER BY s.position), '[]'::jsonb)\n            FROM unnest({}) WITH ORDINALITY AS s(id, position)\n        )",
            Literal::text(format!("{name}s")),
            row(&Sql::raw("s.id")),
            touched.all_ids()
        );
    }
    let id = sql!("({})[1]", touched.all_ids());
    let present = sql!("CASE WHEN {} IS NOT NULL THEN {} END", id, row(&id));
    sql!("{}, {}", Literal::text(touched.through.clone().unwrap_or(name)), present)
}
