//! What the audit keeps of an action: a row for each changed row, and the cascade of the mutation.

use ecow::EcoString;
use specql_model::{
    Config, Entity, EntityId, Name, Operation, Type, Workspace, config::CascadeStorage,
};

use crate::{
    Place,
    cascade::{Cascade, EntryDetail},
    changes::{Change, Outcome, by_entity},
    fields::{kept_fields, primary_key},
    names::graphql_member,
    shape::{Format, Object, Origin, Shape},
    value::{of_sql_type, shape_of_type},
};

/// What is kept of one run.
#[derive(Debug, Clone, PartialEq)]
pub struct Audit {
    /// The audited entities that change, in the order of the changes.
    pub trails: Vec<Trail>,
    /// Where the cascade is kept; absent where it is not.
    pub storage: Option<CascadeStorage>,
    /// The kept cascade, without what `exclude_fields` and `track_fields` keep out.
    pub cascade: Option<Object>,
}

/// The rows of `app.audit_{entity}`.
#[derive(Debug, Clone, PartialEq)]
pub struct Trail {
    /// The entity.
    pub entity: EntityId,
    /// `operation_type`: a soft deletion is an update of the row.
    pub outcomes: Vec<Outcome>,
    /// Every deletion removes its row, `hard: true`; else it marks it.
    pub removes: bool,
    /// `old_values` and `new_values`: the columns that are kept.
    pub image: Object,
    /// The members of the entity in a cascade that the audit does not keep.
    pub hidden: Vec<EcoString>,
    /// The cascade is kept beside its rows.
    pub keeps_cascade: bool,
}

/// Whether changes of an entity are recorded.
#[must_use]
pub fn is_audited(config: &Config, entity: &Entity) -> bool {
    let own = entity.audit.as_ref().and_then(|it| it.enabled);
    own.or(config.audit_enabled).unwrap_or(true)
}

pub(crate) fn audit(place: &Place<'_>, changes: &[Change], cascade: Option<&Cascade>) -> Audit {
    let config = place.workspace.config();
    let mut trails = Vec::new();
    for (id, changes) in by_entity(changes) {
        let Some(entity) = place.entity_of(id).filter(|it| is_audited(config, it)) else {
            continue;
        };
        let mut outcomes: Vec<Outcome> =
            changes.iter().flat_map(|it| it.outcomes()).copied().collect();
        outcomes.sort_unstable();
        outcomes.dedup();
        let own = entity.audit.as_ref().and_then(|it| it.include_cascade);
        let keeps = own.or(config.audit_include_cascade).unwrap_or(true);
        trails.push(Trail {
            entity: id,
            outcomes,
            removes: removes(place, &changes),
            image: audit_image(place.workspace, entity),
            hidden: hidden(place, entity),
            keeps_cascade: keeps && cascade.is_some(),
        });
    }
    let kept = trails.iter().any(|it| it.keeps_cascade);
    let storage = kept.then_some(config.cascade_storage);
    let cascade = cascade.filter(|_| kept).map(|it| redacted(it, place));
    Audit { trails, storage, cascade }
}

/// Whether every step that deletes removes its rows.
fn removes(place: &Place<'_>, changes: &[&Change]) -> bool {
    let deleting = changes.iter().filter(|it| it.operation == Operation::Delete);
    let mut steps = deleting.flat_map(|it| &it.steps).peekable();
    steps.peek().is_some() && steps.all(|it| it.removes(place))
}

/// Whether the audit may keep a value of a field: nothing of an entity that it does not record but which row
/// it is.
pub(crate) fn keeps_value(config: &Config, entity: &Entity, name: &str) -> bool {
    name == "id" || (is_audited(config, entity) && keeps(entity, name))
}

/// Whether `track_fields` and `exclude_fields` keep a field.
fn keeps(entity: &Entity, name: &str) -> bool {
    let Some(audit) = &entity.audit else { return true };
    let named = |list: &[Name]| {
        list.iter().any(|it| entity.column(&it.text).is_some_and(|it| it.name() == name))
    };
    let tracked = audit.track_fields.as_deref().is_none_or(named);
    tracked && !named(&audit.exclude_fields)
}

/// The columns of a row that the audit of an entity keeps, as the table has them: references are keys.
#[must_use]
pub fn audit_image(workspace: &Workspace, entity: &Entity) -> Object {
    let mut all = Object::default();
    let tracks_all = entity.audit.as_ref().is_none_or(|it| it.track_fields.is_none());
    let built_in = |name| Origin::BuiltIn { entity: entity.id, column: name };
    if tracks_all {
        all.framework(&primary_key(entity), Shape::Integer);
    }
    let mut columns = specql_model::entity::BUILT_INS.iter();
    let add_built_in = |all: &mut Object, it: &specql_model::BuiltIn| {
        let nullable = !matches!(it.name, "id" | "tenant_id" | "created_at" | "updated_at");
        let shape = of_sql_type(it.sql_type, Format::Plain).or_null(nullable);
        let always = !tracks_all && matches!(it.name, "id" | "deleted_at");
        let excluded = !keeps(entity, it.name) && !always;
        if !excluded {
            all.add(it.name, shape, true, built_in(it.name));
        }
    };
    columns.by_ref().take(3).for_each(|it| add_built_in(&mut all, it));
    for field in kept_fields(entity).into_iter().filter(|it| keeps(entity, &it.name.text)) {
        let shape = kept_shape(workspace, entity, &field.ty);
        let origin =
            Origin::Field { entity: entity.id, field: field.name.text.clone(), range: field.range };
        all.add(field.table_column(), shape.or_null(field.nullable), true, origin);
    }
    columns.for_each(|it| add_built_in(&mut all, it));
    all
}

/// A value as PostgreSQL writes it: a number is a number, however long, and a reference a key or an id.
fn kept_shape(workspace: &Workspace, entity: &Entity, ty: &Type) -> Shape {
    match ty {
        Type::Ref(targets) if targets.len() > 1 => Shape::Text(Format::Uuid),
        Type::Ref(_) => Shape::Integer,
        Type::List(item) if matches!(**item, Type::Ref(_)) => Shape::Text(Format::Uuid).list(),
        _ => match shape_of_type(workspace, entity.id, ty) {
            Shape::Decimal => Shape::Float,
            other => other,
        },
    }
}

/// The members of a cascade entry's `entity` that the audit does not keep.
fn hidden(place: &Place<'_>, entity: &Entity) -> Vec<EcoString> {
    let fields = kept_fields(entity).into_iter().map(|it| it.name.as_str());
    let built_ins = ["identifier", "created_at", "created_by", "updated_at", "updated_by"];
    let all = fields.chain(built_ins).filter(|it| !keeps(entity, it));
    all.map(|it| graphql_member(place.workspace.config(), it)).collect()
}

/// A cascade without what the audit of each entity does not keep. Of one that has none it says only which
/// rows are touched, and how.
fn redacted(cascade: &Cascade, place: &Place<'_>) -> Object {
    let mut kept = cascade.clone();
    for it in &mut kept.invalidations {
        let private = std::mem::take(&mut it.private);
        it.arguments.retain(|it| !private.contains(&it.0));
    }
    for entry in &mut kept.entries {
        let Some(entity) = place.entity_of(entry.entity) else { continue };
        if !is_audited(place.workspace.config(), entity) {
            entry.detail = EntryDetail::Nothing;
        } else if let EntryDetail::Row(left_out) = &mut entry.detail {
            left_out.extend(hidden(place, entity));
        }
    }
    kept.shape(place.workspace)
}

impl Trail {
    /// A row of the table, without what `cascade_storage` adds.
    #[must_use]
    pub fn row(&self) -> Object {
        let uuid = || Shape::Text(Format::Uuid);
        let text = || Shape::Text(Format::Plain);
        let mut operations = Vec::new();
        if self.outcomes.contains(&Outcome::Created) {
            operations.push("INSERT".into());
        }
        let marks = self.outcomes.contains(&Outcome::Deleted) && !self.removes;
        if self.outcomes.contains(&Outcome::Updated) || marks {
            operations.push("UPDATE".into());
        }
        if self.outcomes.contains(&Outcome::Deleted) {
            operations.push("DELETE".into());
        }
        let mut res = Object::default();
        res.framework("audit_id", uuid());
        res.framework("entity_id", uuid());
        res.framework("tenant_id", uuid());
        res.framework("operation_type", Shape::Enum(operations));
        res.framework("changed_by", uuid().or_null(true));
        res.framework("changed_at", Shape::Text(Format::DateTime));
        res.framework("old_values", Shape::from(self.image.clone()).or_null(true));
        res.framework("new_values", Shape::from(self.image.clone()).or_null(true));
        res.framework("change_reason", text().or_null(true));
        res.framework("transaction_id", Shape::Integer);
        res.framework("application_name", text().or_null(true));
        res.framework("mutation_id", uuid().or_null(true));
        res.framework("session_user_name", text());
        res.framework("sequence", Shape::Integer);
        res
    }
}
