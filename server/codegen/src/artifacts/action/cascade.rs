//! The end of a function: read models, `_cascade`, and in which order its entities stand.

use specql_model::{Action, ActionId, Cascade, Entity, ImpactEntry};

use super::{
    frame::{Change, Frame, Touched},
    invalidation::invalidations,
};
use crate::{
    catalog::Catalog,
    names,
    sql::{Lines, Literal, Sql, sql},
};

/// Whether the result of an action has a `_cascade`: where there is an impact, unless it is off.
pub(crate) fn cascade_is_on(catalog: Catalog<'_>, action: &Action) -> bool {
    let own = action.cascade.as_ref().and_then(|it| it.enabled);
    own.unwrap_or_else(|| {
        action.impact.is_some() && catalog.config().cascade.enabled.unwrap_or(true)
    })
}

/// The primary entity and the declared side effects, each once.
fn declared_order<'a>(catalog: Catalog<'a>, id: ActionId) -> Vec<&'a Entity> {
    let Some((entity, action)) = catalog.action(id) else { return Vec::new() };
    let mut res: Vec<&Entity> = catalog.primary(id).into_iter().map(|it| it.0).collect();
    for it in action.impact.iter().flat_map(|it| &it.side_effects) {
        if let Some(entity) = entry_entity(catalog, entity, it)
            && res.iter().all(|it| it.id != entity.id)
        {
            res.push(entity);
        }
    }
    res
}

/// The entity that an entry of an impact names.
pub(super) fn entry_entity<'a>(
    catalog: Catalog<'a>,
    from: &'a Entity,
    entry: &ImpactEntry,
) -> Option<&'a Entity> {
    catalog.resolve_name(from.id, entry.entity.as_ref()?)
}

/// A setting of an action's `cascade` block, or of the workspace's.
fn setting<T>(frame: &Frame<'_>, read: impl Fn(&Cascade) -> Option<T>) -> Option<T> {
    let own = frame.env.action.cascade.as_ref().and_then(&read);
    own.or_else(|| read(&frame.env.catalog.config().cascade))
}

impl<'a> Frame<'a> {
    pub(super) fn is_primary(&self, entity: &Entity) -> bool {
        self.primary.id == entity.id
    }

    /// Everything after the steps.
    pub(super) fn ending(&mut self, lines: &mut Lines) {
        self.last_images(lines);
        self.refresh_read_models(lines);
        lines.blank();
        self.name_result(lines);
        if self.publishes() || self.logs_entities() {
            self.affected(lines);
        }
        if cascade_is_on(self.env.catalog, self.env.action) {
            let (file, range) = (self.env.entity.id.0, self.env.action.range);
            let range = self.env.action.impact.as_ref().map_or(range, |it| it.range);
            lines.mapped(file, range, |lines| self.cascade(lines));
            self.store_cascade(lines);
        }
        self.events(lines);
        self.result(lines);
    }

    /// What deleted rows were, before their read models go: for events and for the result.
    fn last_images(&mut self, lines: &mut Lines) {
        for touched in self.touched.clone() {
            let Some(deleted) = &touched.deleted else { continue };
            lines.blank();
            if self.publishes_image(touched.entity) {
                let wanted = format!("v_{}_before", names::snake(touched.entity));
                let initial = Some(Sql::raw("'{}'::jsonb"));
                let before = self.env.declare(&wanted, Sql::raw("jsonb"), initial);
                lines.push(sql!(
                    "SELECT coalesce(jsonb_object_agg(r.id, r.data), '{{}}'::jsonb) INTO {}\nFROM {} AS r WHERE r.id = ANY ({});",
                    before,
                    names::read_model(touched.entity),
                    deleted
                ));
                if let Some(it) = self.touched_mut(touched.entity) {
                    it.before = Some(before);
                }
            }
            if self.is_primary(touched.entity) {
                self.env.shared("v_object_data", "jsonb", None);
                let entry = entry(touched.entity, &sql!("{}[1]", deleted), "UPDATED");
                lines.push(sql!("v_object_data := {} -> 'entity';", entry));
            }
        }
    }

    fn refresh_read_models(&self, lines: &mut Lines) {
        if self.touched.is_empty() {
            return;
        }
        lines.blank();
        lines.push(Sql::raw("-- read models"));
        for touched in &self.touched {
            lines.push(sql!("PERFORM {}(k.key)", names::refresh(touched.entity)));
            lines.push(sql!(
                "FROM (SELECT DISTINCT u.key FROM unnest({}) AS u(key) ORDER BY u.key) AS k;",
                touched.keys
            ));
        }
    }

    /// The entities that the action really touched, for its log and its events.
    fn affected(&mut self, lines: &mut Lines) {
        if self.touched.is_empty() {
            return;
        }
        self.env.shared("v_affected", "text[]", None);
        let rows = self
            .in_order()
            .into_iter()
            .map(|it| sql!("({}, cardinality({}) > 0)", it.typename(), it.all_ids()));
        lines.push(sql!(
            "v_affected := ARRAY(\n    SELECT n.name\n    FROM (VALUES{}) AS n(name, present)\n    WHERE n.present\n);",
            Sql::nested(rows)
        ));
    }

    /// The touched entities: the primary, side effects as declared, then those nobody declared.
    pub(super) fn in_order(&self) -> Vec<Touched<'a>> {
        let declared = declared_order(self.env.catalog, self.id);
        let place = |it: &Touched<'a>| {
            declared.iter().position(|entity| entity.id == it.entity.id).unwrap_or(declared.len())
        };
        let mut res = self.touched.clone();
        res.sort_by_key(place);
        res
    }

    /// Whether the `cascade` block lets an entity in.
    fn is_included(&self, entity: &Entity) -> bool {
        let names = |list: &[specql_model::Name]| list.iter().any(|it| it.text == entity.name.text);
        let included = setting(self, |it| it.include_entities.as_deref().map(names));
        let excluded = setting(self, |it| {
            (!it.exclude_entities.is_empty()).then(|| names(&it.exclude_entities))
        });
        included.unwrap_or(true) && !excluded.unwrap_or(false)
    }

    fn cascade(&mut self, lines: &mut Lines) {
        self.env.shared("v_cascade", "jsonb", None);
        self.env.shared("v_cascade_entities", "jsonb[]", None);
        self.env.shared("v_cascade_deleted", "jsonb[]", None);
        let included: Vec<Touched<'a>> =
            self.in_order().into_iter().filter(|it| self.is_included(it.entity)).collect();
        lines.blank();
        lines.push(Sql::raw("-- cascade"));
        let mut updated = Vec::new();
        let mut deleted = Vec::new();
        for touched in &included {
            for (ids, operation) in [(&touched.created, "CREATED"), (&touched.updated, "UPDATED")] {
                let Some(ids) = ids else { continue };
                updated.push(self.entries(touched, &Sql::of(ids), operation));
            }
            if let Some(ids) = &touched.deleted {
                deleted.push(sql!(
                    "ARRAY(\n    SELECT app.cascade_deleted({}, e.id)\n    FROM app.distinct_rows({}) AS e\n    ORDER BY e.position\n)",
                    touched.typename(),
                    ids
                ));
            }
        }
        if setting(self, |it| it.include_deleted) == Some(false) {
            deleted.clear();
        }
        if self.calls {
            updated.push(Sql::raw("v_called_updated"));
            deleted.push(Sql::raw("v_called_deleted"));
        }
        lines.push(sql!("v_cascade_entities := {};", concatenated(updated)));
        lines.push(sql!("v_cascade_deleted := {};", concatenated(deleted)));
        let depth = self.depth(&included);
        self.build(lines, &depth);
    }

    fn build(&mut self, lines: &mut Lines, depth: &Sql) {
        let mut invalidations = invalidations(&mut self.env);
        if self.calls {
            invalidations = sql!("{} || v_called_invalidations", invalidations);
        }
        let mut metadata = Vec::new();
        if self.publishes() {
            self.event_id(lines);
            metadata.push(Sql::raw("'eventId', v_event_id"));
        }
        if self.env.catalog.has_tenants() {
            metadata.push(Sql::raw("'tenantId', v_tenant_id"));
        }
        let mut arguments = vec![
            Sql::raw("v_cascade_entities"),
            Sql::raw("v_cascade_deleted"),
            invalidations,
            depth.clone(),
            sql!("jsonb_build_object({})", Sql::join(metadata, ", ")),
        ];
        if let Some(limit) = setting(self, |it| it.max_entities) {
            arguments.push(Sql::of(&Literal::number(&limit.to_string())));
        }
        lines.push(sql!("v_cascade := app.cascade_build({});", Sql::block(arguments)));
    }

    fn entries(&self, touched: &Touched<'a>, ids: &Sql, operation: &'static str) -> Sql {
        let full = setting(self, |it| it.include_full_data) != Some(false);
        let entry = entry(touched.entity, &Sql::raw("e.id"), operation);
        let entry = if full {
            entry
        } else {
            sql!(
                "{} || jsonb_build_object('entity', jsonb_build_object('__typename', {}::text, 'id', e.id))",
                entry,
                touched.typename()
            )
        };
        sql!(
            "ARRAY(\n    SELECT {}\n    FROM app.distinct_rows({}) AS e\n    ORDER BY e.position\n)",
            entry,
            ids
        )
    }

    /// 0 when only the primary entity changed, 1 when something related did.
    fn depth(&self, included: &[Touched<'a>]) -> Sql {
        let mut others: Vec<Sql> = included
            .iter()
            .filter(|it| !self.is_primary(it.entity))
            .map(|it| sql!("cardinality({}) > 0", it.all_ids()))
            .collect();
        if self.calls {
            others.push(Sql::raw("cardinality(v_called_updated || v_called_deleted) > 0"));
        }
        if others.is_empty() {
            return Sql::raw("0");
        }
        sql!("({})::integer", Sql::join(others, " OR "))
    }

    /// The ids that one of the changes was done to.
    pub(super) fn ids_of(&self, touched: &Touched<'a>, changes: &[Change]) -> Sql {
        let ids: Vec<Sql> = changes
            .iter()
            .filter_map(|it| touched.ids(*it).as_ref())
            .map(|it| Sql::of(it))
            .collect();
        if ids.is_empty() { Sql::raw("'{}'::uuid[]") } else { Sql::join(ids, " || ") }
    }
}

/// `app.cascade_entity('Post', id, 'CREATED', 'blog', 'tv_post')`.
pub(super) fn entry(entity: &Entity, id: &Sql, operation: &'static str) -> Sql {
    let view = names::read_model(entity);
    sql!(
        "app.cascade_entity({}, {}, {}, {}, {})",
        Literal::text(entity.name.as_str()),
        id,
        Literal::text(operation),
        Literal::text(view.schema.as_str()),
        Literal::text(view.name.as_str())
    )
}

fn concatenated(arrays: Vec<Sql>) -> Sql {
    if arrays.is_empty() { Sql::raw("'{}'::jsonb[]") } else { Sql::join(arrays, " || ") }
}
