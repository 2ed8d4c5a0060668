//! The rows of the outbox: one for each row of the primary entity, one for each row of an entity in
//! `side_effect_events`, with one correlation id and the primary event as the cause of the others.

use specql_model::{Cdc, Entity, Name, Operation};

use super::{
    cascade::cascade_is_on,
    frame::{Frame, Touched},
    result::changes,
};
use crate::{
    artifacts::outbox::outbox_table,
    catalog::{Catalog, ColumnType},
    expression::Row,
    names,
    problem::ProblemKind,
    sql::{Lines, Literal, Sql, TypeName, sql},
};

/// Topics when the configuration has no template.
const TOPIC_TEMPLATE: &str = "specql.events.{entity}";

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

    /// Whether an event carries what a deleted row of an entity was.
    pub(super) fn publishes_image(&self, entity: &Entity) -> bool {
        let Some(cdc) = self.cdc().filter(|it| it.include_payload != Some(false)) else {
            return false;
        };
        if self.is_primary(entity) && self.operation == Operation::Delete {
            return true;
        }
        let is_it = |name: &Name| {
            let found = self.env.catalog.resolve_name(self.env.entity.id, name);
            found.is_some_and(|it| it.id == entity.id)
        };
        let in_payload =
            cdc.include_side_effects.is_some_and(|it| it.0) && !self.is_primary(entity);
        in_payload || cdc.side_effect_events.iter().any(|it| is_it(&it.0))
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
        let entity = touched.entity;
        let event_type = cdc.event_type_or_default(entity.name.as_str(), self.operation);
        let topic = match &cdc.topic {
            Some(it) => it.text.to_string(),
            None => default_topic(catalog, entity, &event_type, version(cdc)),
        };
        let mut metadata = self.event_metadata(cdc);
        if cascade_is_on(catalog, self.env.action) && cdc.include_cascade != Some(false) {
            metadata
                .push(Sql::raw("'cascade', (v_cascade -> 'updated') || (v_cascade -> 'deleted')"));
        }
        let event = Event {
            entity,
            ids: ids.clone(),
            image: primary_image(touched, self.operation, cdc),
            id: Sql::raw("CASE WHEN e.position = 1 THEN v_event_id ELSE gen_random_uuid() END"),
            event_type: event_type.to_string(),
            version: version(cdc),
            payload: self.payload(cdc, touched),
            metadata: object(&metadata),
            topic,
            partition_key: self.partition_key(cdc, entity),
            causation: "app.current_causation_id()",
            reads_row: cdc.partition_key.is_some() || names_a_path(cdc),
        };
        self.insert_event(lines, &event);
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
        let image = if cdc.include_payload == Some(false) {
            Sql::raw("jsonb_build_object('id', e.id)")
        } else {
            image(&touched, &Sql::raw("e.id"))
        };
        let name = Literal::text(names::snake(touched.entity));
        let event = Event {
            entity: touched.entity,
            ids: touched.all_ids(),
            image,
            id: Sql::raw("gen_random_uuid()"),
            event_type: event_type.text.to_string(),
            version: version(cdc),
            payload: sql!("jsonb_build_object({}, i.data)", name),
            metadata: object(&self.event_metadata(cdc)),
            topic: default_topic(catalog, touched.entity, event_type.as_str(), version(cdc)),
            partition_key: Sql::raw("e.id::text"),
            causation: "v_event_id",
            reads_row: false,
        };
        self.insert_event(lines, &event);
    }

    fn insert_event(&mut self, lines: &mut Lines, event: &Event<'_>) {
        let outbox = outbox_table(self.env.catalog);
        lines.push(sql!("INSERT INTO {} (", outbox));
        lines.push(Sql::raw("    id, aggregate_type, aggregate_id, event_type, event_version, event_payload, event_metadata,"));
        lines.push(Sql::raw("    tenant_id, topic, partition_key, correlation_id, causation_id, trace_id, traceparent\n)"));
        let values = [
            event.id.clone(),
            Sql::of(&Literal::text(event.entity.name.as_str())),
            Sql::raw("e.id"),
            Sql::of(&Literal::text(event.event_type.as_str())),
            Sql::of(&Literal::number(&event.version.to_string())),
            event.payload.clone(),
            event.metadata.clone(),
            Sql::raw("v_tenant_id"),
            Sql::of(&Literal::text(event.topic.as_str())),
            event.partition_key.clone(),
            Sql::raw("v_correlation_id"),
            Sql::raw(event.causation),
            Sql::raw("split_part(v_traceparent, '-', 2)"),
            Sql::raw("v_traceparent"),
        ];
        lines.push(sql!("SELECT{}FROM app.distinct_rows({}) AS e", Sql::block(values), event.ids));
        lines.push(sql!("CROSS JOIN LATERAL (SELECT {} AS data) AS i", event.image));
        if event.reads_row {
            lines.push(sql!("LEFT JOIN {} AS t ON t.id = e.id", names::table(event.entity)));
        }
        lines.push(Sql::raw("ORDER BY e.position;"));
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
    fn payload(&mut self, cdc: &'a Cdc, primary: &Touched<'a>) -> Sql {
        let ids_only = cdc.include_payload == Some(false);
        let aggregate = match &cdc.payload {
            Some(paths) if !ids_only => self.selected(primary, paths),
            _ => Sql::raw("i.data"),
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
                    let name = Literal::text(name);
                    members.push(sql!("{}, i.data -> {}", name, name));
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

/// What one `INSERT` into the outbox is made of; `e` is a touched row, `i` its image, `t` the row.
struct Event<'a> {
    entity: &'a Entity,
    ids: Sql,
    image: Sql,
    id: Sql,
    event_type: String,
    version: u32,
    payload: Sql,
    metadata: Sql,
    topic: String,
    partition_key: Sql,
    causation: &'static str,
    reads_row: bool,
}

fn names_a_path(cdc: &Cdc) -> bool {
    cdc.payload.iter().flatten().any(|it| it.text.contains('.'))
}

/// The aggregate in the event: its read model, its last one if it is deleted, or its id alone.
fn primary_image(touched: &Touched<'_>, operation: Operation, cdc: &Cdc) -> Sql {
    let id = Sql::raw("e.id");
    if cdc.include_payload == Some(false) {
        return Sql::raw("jsonb_build_object('id', e.id)");
    }
    let rows = if operation == Operation::Delete {
        Touched { created: None, updated: None, ..touched.clone() }
    } else {
        Touched { before: None, ..touched.clone() }
    };
    image(&rows, &id)
}

fn object(members: &[Sql]) -> Sql {
    sql!("jsonb_build_object({})", Sql::block(members.iter().cloned()))
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
            "{}, (\n    SELECT coalesce(jsonb_agg({} ORDER BY s.position), '[]'::jsonb)\n    FROM app.distinct_rows({}) AS s\n)",
            Literal::text(format!("{name}s")),
            row(&Sql::raw("s.id")),
            touched.all_ids()
        );
    }
    let id = sql!("({})[1]", touched.all_ids());
    let present = sql!("CASE WHEN {} IS NOT NULL THEN {} END", id, row(&id));
    sql!("{}, {}", Literal::text(touched.through.clone().unwrap_or(name)), present)
}
