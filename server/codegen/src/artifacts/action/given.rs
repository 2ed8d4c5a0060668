//! Parts of events that lie behind references of the aggregate: a function of the rows as they stand.

use specql_contract::{Content, Contract, Event, Selection, SelectionNode};
use specql_model::Entity;

use super::frame::Frame;
use crate::{
    artifacts::SAME_TEXTS,
    catalog::ColumnType,
    expression::{Kind, Row},
    names,
    problem::ProblemKind,
    sql::{Lines, Literal, Script, Sql, TypeName, sql},
};

/// Whether an event has parts that its read model does not have.
fn needs_more(frame: &Frame<'_>, event: &Event) -> bool {
    nested(event).next().is_some() || (event.key.path.is_some() && frame.plain_key(event).is_none())
}

/// The selected members that are not the aggregate's own.
fn nested(event: &Event) -> impl Iterator<Item = &Selection> {
    let content = event.payload.first().map(|it| &it.content);
    let selected = match content {
        Some(Content::Fields(it)) => it.as_slice(),
        _ => &[],
    };
    selected.iter().filter(|it| !matches!(it.node, SelectionNode::Value { own: true, .. }))
}

impl<'a> Frame<'a> {
    /// Whether the action has such a function.
    pub(super) fn has_given(&self, contract: &Contract) -> bool {
        contract.own_events().any(|it| needs_more(self, it))
    }

    /// Writes the function, where one is needed.
    pub(super) fn given_parts(&mut self, script: &mut Script, contract: &Contract) {
        if !self.has_given(contract) {
            return;
        }
        let function = names::given_function(self.env.entity, self.env.action);
        let mut queries = Vec::new();
        for event in contract.own_events() {
            if needs_more(self, event)
                && let Some(entity) = self.env.catalog.entity(event.entity)
            {
                queries.push(self.query(event, entity));
            }
        }
        // The tenant stands in the context.
        let has_tenants = self.env.catalog.has_tenants();
        let mut head = Lines::new();
        head.push(Sql::raw("-- What the events carry of rows that their aggregates refer to."));
        head.push(sql!(
            "CREATE OR REPLACE FUNCTION {}(images$ app.image[]{}) RETURNS jsonb",
            function,
            Sql::raw(if has_tenants { ", ctx$ app.context" } else { "" })
        ));
        head.push(Sql::raw("LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp"));
        head.push(Sql::raw(SAME_TEXTS));
        let mut body = Lines::new();
        body.push(Sql::raw("BEGIN"));
        let (file, range) =
            (self.env.entity.id.0, self.env.action.cdc.as_deref().map(|it| it.range));
        body.indented(|body| {
            let text = sql!("RETURN {};", Sql::join(queries, "\n    || "));
            match range {
                Some(range) => body.mapped(file, range, |body| body.push(text)),
                None => body.push(text),
            }
        });
        body.push(Sql::raw("END"));
        script.with_body(head, body);
        script.line(sql!(
            "REVOKE ALL ON FUNCTION {}(app.image[]{}) FROM PUBLIC;",
            function,
            Sql::raw(if has_tenants { ", app.context" } else { "" })
        ));
    }

    fn query(&mut self, event: &Event, entity: &'a Entity) -> Sql {
        let row = Row { alias: Sql::raw("t$"), entity };
        let mut parts = Vec::new();
        let members: Vec<Sql> = nested(event)
            .filter_map(|it| {
                Some(sql!("{}, {}", Literal::text(it.name.as_str()), self.node(&row, &it.node)?))
            })
            .collect();
        if !members.is_empty() {
            parts.push(sql!("'payload', jsonb_build_object({})", Sql::join(members, ", ")));
        }
        if let (Some(path), None) = (&event.key.path, self.plain_key(event)) {
            let path: Vec<&str> = path.iter().map(AsRef::as_ref).collect();
            let range = event.key.range.unwrap_or(event.range);
            match self.env.column_value(&row, &path, range) {
                Some(value) => {
                    let value = match value.kind {
                        Kind::Key(_) => {
                            self.env.coerce(value, &ColumnType::Scalar(TypeName::new("uuid")))
                        }
                        _ => value.into_sql(),
                    };
                    parts.push(sql!("'key', ({})::text", value));
                }
                None => {
                    let message = format!(
                        "`{}` is no field of `{}`, so the aggregate's id orders its events",
                        path.join("."),
                        entity.name.text
                    );
                    self.env.problem(ProblemKind::UnresolvedName, range, &message);
                }
            }
        }
        sql!(
            "coalesce((\n    SELECT jsonb_object_agg({} || t$.id, jsonb_build_object({}))\n    FROM unnest(images$) AS i$\n    JOIN {} AS t$ ON t$.id = i$.id\n    WHERE i$.entity = {}\n), '{{}}'::jsonb)",
            Literal::text(format!("{}:", event.event_type)),
            Sql::join(parts, ", "),
            names::table(entity),
            Literal::text(self.env.catalog.type_name(entity))
        )
    }

    fn node(&mut self, row: &Row<'a>, node: &SelectionNode) -> Option<Sql> {
        match node {
            SelectionNode::Object(inner) => {
                let members: Vec<Sql> = inner
                    .iter()
                    .filter_map(|it| {
                        Some(sql!(
                            "{}, {}",
                            Literal::text(it.name.as_str()),
                            self.node(row, &it.node)?
                        ))
                    })
                    .collect();
                Some(sql!("jsonb_build_object({})", Sql::join(members, ", ")))
            }
            SelectionNode::Value { path, range, .. } => {
                let path: Vec<&str> = path.iter().map(AsRef::as_ref).collect();
                let value = self.env.column_value(row, &path, *range)?;
                Some(match &value.kind {
                    Kind::Key(target) => {
                        let target = *target;
                        let uuid = ColumnType::Scalar(TypeName::new("uuid"));
                        sql!(
                            "jsonb_build_object('__typename', {}::text, 'id', {})",
                            Literal::text(self.env.catalog.type_name(target)),
                            self.env.coerce(value, &uuid)
                        )
                    }
                    Kind::Scalar(ty) if self.env.catalog.is_big_number(ty) => {
                        sql!("to_jsonb(({})::text)", value.sql)
                    }
                    _ => sql!("to_jsonb({})", value.sql),
                })
            }
        }
    }
}
