//! `_cascade`: its entries, invalidations and limits, before the values are known.

use ecow::EcoString;
use specql_model::{
    Action, Cascade as Settings, Certainty, Config, Entity, EntityId, Name, Workspace,
};

use crate::{
    Place, called,
    changes::{Change, Outcome, by_entity, together},
    image::graphql_image,
    invalidation::{Invalidation, invalidations},
    rows::{Handle, Rows},
    shape::{Format, Object, Origin, Shape, Target},
};

/// How many invalidations are listed.
pub const MAX_INVALIDATIONS: u32 = 50;
/// How many created and updated entities are listed where nothing else is set.
const MAX_UPDATED: u32 = 500;
/// How many deleted entities are listed.
const MAX_DELETED: u32 = 100;

/// What the object `_cascade` of a successful run can hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Cascade {
    /// The entries of `updated` and `deleted`: the primary entity first, then as declared.
    pub entries: Vec<CascadeEntry>,
    /// `invalidations`, as declared, then those of the actions that it calls.
    pub invalidations: Vec<Invalidation>,
    /// Entities that `include_entities` and `exclude_entities` keep out, among those that change.
    pub excluded: Vec<EntityId>,
    /// `entity` of an entry is the whole row; otherwise `__typename` and `id`.
    pub full_data: bool,
    /// The greatest length of `updated`.
    pub max_updated: u32,
    /// The greatest length of `deleted`.
    pub max_deleted: u32,
    /// `metadata.depth`: 0 when only the primary entity can be listed, else up to 1.
    pub depth: u32,
    /// `metadata.eventId` is there when a run writes an event.
    pub has_event: bool,
    /// `metadata.tenantId` is there.
    pub has_tenant: bool,
}

/// What is listed of the rows of one entity with one outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct CascadeEntry {
    /// The entity.
    pub entity: EntityId,
    /// Its GraphQL type.
    pub typename: EcoString,
    /// `CREATED` and `UPDATED` stand in `updated`, `DELETED` in `deleted`.
    pub outcome: Outcome,
    /// In every run that succeeds, or in some.
    pub certainty: Certainty,
    /// How many.
    pub rows: Rows,
    /// What it says of a row beside which one it is; of one that is gone only when.
    pub detail: EntryDetail,
}

/// What an entry has of a row that is there.
#[derive(Debug, Clone, PartialEq)]
pub enum EntryDetail {
    /// `entity` is what clients see of it, without these members.
    Row(Vec<EcoString>),
    /// `entity` is `__typename` and `id`.
    Reference,
    /// There is no `entity`.
    Nothing,
}

/// Whether the result of an action has a `_cascade`: where there is an impact, unless it is off.
#[must_use]
pub fn cascade_is_on(config: &Config, action: &Action) -> bool {
    let own = action.cascade.as_deref().and_then(|it| it.enabled);
    own.unwrap_or_else(|| action.impact.is_some() && config.cascade.enabled.unwrap_or(true))
}

/// What a run lists of its rows, in its answer or in events: those of actions that it calls have it where
/// the answer has none.
pub(crate) fn listed(place: &Place<'_>, changes: &[Change]) -> Option<Cascade> {
    let config = place.workspace.config();
    if !cascade_is_on(config, place.action) && !called::publishes_cascade(place) {
        return None;
    }
    let full_data = setting(place, |it| it.include_full_data) != Some(false);
    let without_deleted = setting(place, |it| it.include_deleted) == Some(false);
    let mut entries = Vec::new();
    let mut excluded = Vec::new();
    for (entity, changes) in by_entity(changes) {
        let Some(entity) = place.entity_of(entity) else { continue };
        if !is_included(place, entity) {
            excluded.push(entity.id);
            continue;
        }
        let outcomes = outcomes(&changes);
        let kept = outcomes.into_iter().filter(|it| !(without_deleted && it.0 == Outcome::Deleted));
        let typename = place.workspace.type_name(entity);
        entries.extend(kept.map(|(outcome, certainty, rows)| CascadeEntry {
            entity: entity.id,
            typename: typename.clone(),
            outcome,
            certainty,
            rows,
            detail: if full_data { EntryDetail::Row(Vec::new()) } else { EntryDetail::Reference },
        }));
    }
    let others = entries.iter().any(|it| it.entity != place.primary.id);
    Some(Cascade {
        depth: others.into(),
        entries,
        invalidations: called::invalidations(place, invalidations(place)),
        excluded,
        full_data,
        max_updated: setting(place, |it| it.max_entities).unwrap_or(MAX_UPDATED),
        max_deleted: MAX_DELETED,
        // Its events are not known yet.
        has_event: false,
        has_tenant: config.tenancy == specql_model::config::Tenancy::Required,
    })
}

/// A setting of the action's `cascade` block, or of the workspace's.
fn setting<T>(place: &Place<'_>, read: impl Fn(&Settings) -> Option<T>) -> Option<T> {
    let own = place.action.cascade.as_deref().and_then(&read);
    own.or_else(|| read(&place.workspace.config().cascade))
}

/// Whether the `cascade` block lets an entity in.
fn is_included(place: &Place<'_>, entity: &Entity) -> bool {
    let is_it = |it: &Name| match it.text.split_once('.') {
        Some((schema, name)) => schema == entity.schema_name() && name == entity.name.text,
        None => it.text == entity.name.text,
    };
    let names = |list: &[Name]| list.iter().any(is_it);
    let included = setting(place, |it| it.include_entities.as_deref().map(names));
    let excluded =
        setting(place, |it| (!it.exclude_entities.is_empty()).then(|| names(&it.exclude_entities)));
    included.unwrap_or(true) && !excluded.unwrap_or(false)
}

/// What a client can see of the rows of one entity. A row that surely is new is not updated as well,
/// and one that surely is gone is neither.
fn outcomes(changes: &[&Change]) -> Vec<(Outcome, Certainty, Rows)> {
    let sure = |handle: &Handle, outcome: Outcome| {
        changes.iter().filter(|it| it.is_only(outcome)).any(|it| {
            it.steps.iter().any(|it| {
                it.handle == *handle && it.rows == Rows::One && it.certainty == Certainty::Always
            })
        })
    };
    let hidden = |change: &Change, outcome: Outcome| {
        let steps = change.steps.iter();
        let mut visible = steps.filter(|it| {
            let gone = outcome != Outcome::Deleted && sure(&it.handle, Outcome::Deleted);
            let new = outcome == Outcome::Updated && sure(&it.handle, Outcome::Created);
            !gone && !new
        });
        !change.steps.is_empty() && visible.next().is_none()
    };
    let mut res = Vec::new();
    for outcome in [Outcome::Created, Outcome::Updated, Outcome::Deleted] {
        let of_it: Vec<&&Change> = changes
            .iter()
            .filter(|it| it.outcomes().contains(&outcome) && !hidden(it, outcome))
            .collect();
        if of_it.is_empty() {
            continue;
        }
        let surely =
            of_it.iter().any(|it| it.certainty == Certainty::Always && it.is_only(outcome));
        let certainty = if surely { Certainty::Always } else { Certainty::Sometimes };
        let rows = together(of_it.into_iter().copied()).unwrap_or(Rows::One);
        res.push((outcome, certainty, rows));
    }
    res
}

impl CascadeEntry {
    /// The object.
    #[must_use]
    pub fn shape(&self, workspace: &Workspace) -> Object {
        let target = [Target { entity: self.entity, typename: self.typename.clone() }];
        let mut res = Shape::reference(&target);
        if self.outcome == Outcome::Deleted {
            res.framework("deletedAt", Shape::Text(Format::DateTime));
            return res;
        }
        res.framework("operation", Shape::Constant(self.outcome.as_str().into()));
        let entity = match &self.detail {
            EntryDetail::Row(left_out) => workspace.entity(self.entity).map(|it| {
                let mut image = graphql_image(workspace, it);
                image.members.retain(|it| !left_out.contains(&it.name));
                image
            }),
            EntryDetail::Reference => Some(Shape::reference(&target)),
            EntryDetail::Nothing => None,
        };
        if let Some(entity) = entity {
            res.framework("entity", entity.into());
        }
        res
    }
}

impl Cascade {
    /// The object `_cascade`.
    #[must_use]
    pub fn shape(&self, workspace: &Workspace) -> Object {
        let mut res = Object::default();
        let listed = |deleted: bool| {
            let entries =
                self.entries.iter().filter(|it| (it.outcome == Outcome::Deleted) == deleted);
            Shape::OneOf(entries.map(|it| it.shape(workspace)).collect()).list()
        };
        res.framework("updated", listed(false));
        res.framework("deleted", listed(true));
        let invalidations = self.invalidations.iter().map(Invalidation::shape).collect();
        res.framework("invalidations", Shape::OneOf(invalidations).list());
        res.framework("metadata", self.metadata().into());
        res
    }

    /// `metadata`.
    #[must_use]
    pub fn metadata(&self) -> Object {
        let mut res = Object::default();
        res.framework("timestamp", Shape::Text(Format::DateTime));
        res.framework("transactionId", Shape::Text(Format::Plain).or_null(true));
        res.framework("depth", Shape::Integer);
        res.framework("affectedCount", Shape::Integer);
        if self.has_event {
            res.add("eventId", Shape::Text(Format::Uuid), false, Origin::Framework);
        }
        if self.has_tenant {
            res.framework("tenantId", Shape::Text(Format::Uuid));
        }
        res.add("truncated", Shape::Boolean, false, Origin::Framework);
        res.add("originalCount", Shape::Integer, false, Origin::Framework);
        res
    }
}
