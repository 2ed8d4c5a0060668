//! The events of an action: the primary one, those of `side_effect_events`, and those of the actions that
//! it calls.

use ecow::EcoString;
use specql_model::{ActionId, Cdc, Certainty, Entity, EntityId, Name, Operation, Workspace};
use specql_text::TextRange;

use crate::{
    Place, called,
    cascade::{Cascade, CascadeEntry, EntryDetail, cascade_is_on},
    changes::{Change, Outcome, together, writes_event},
    payload::{PayloadMember, primary_payload, shape_of_payload, side_effect_payload},
    rows::Rows,
    shape::{Format, Object, Origin, Shape},
};

/// Topics when the configuration has no template.
const TOPIC_TEMPLATE: &str = "specql.events.{entity}";

/// The rows of the outbox of one event type: one for each row that `outcomes` happened to.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// The action whose `cdc` asks for it: the action itself or one that it calls.
    pub action: ActionId,
    /// The `call` in the own action through which it comes.
    pub via: Option<TextRange>,
    /// Of the primary entity, or of a side effect.
    pub kind: EventKind,
    /// The aggregate.
    pub entity: EntityId,
    /// `aggregate_type`.
    pub aggregate: EcoString,
    /// What has to happen to a row for its event.
    pub outcomes: Vec<Outcome>,
    /// `event_type`.
    pub event_type: EcoString,
    /// `event_version`.
    pub version: u32,
    /// `topic`.
    pub topic: EcoString,
    /// `partition_key`.
    pub key: PartitionKey,
    /// In every run that succeeds, or in some.
    pub certainty: Certainty,
    /// Every run that succeeds writes it. A step that always runs may find no row where it looks for many.
    pub is_sure: bool,
    /// How many events a run can write.
    pub rows: Rows,
    /// How many of them are written at once: what stands beside the aggregate is in the first of those.
    pub rows_at_once: Rows,
    /// The members of `event_payload`.
    pub payload: Vec<PayloadMember>,
    /// `event_metadata.cascade`.
    pub cascade: EventCascade,
    /// The entries of `event_metadata.cascade`, of the first event of the mutation.
    pub cascade_entries: Vec<CascadeEntry>,
    /// It can be the first of a run: the one with the cascade, and the cause of the others.
    pub may_lead: bool,
    /// It can follow one with the cascade, whose id it has as `cascadeEventId`.
    pub may_follow: bool,
    /// Where the file of `action` asks for it.
    pub range: TextRange,
    /// The action that runs: the caller's name where it is called.
    pub mutation: EcoString,
    /// The entities that `affectedEntities` can name, in its order.
    pub affected: Vec<EcoString>,
}

/// Which event of an action it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventKind {
    /// Of the primary entity; the first of them is the cause of the others.
    Primary,
    /// Of `side_effect_events`.
    SideEffect,
}

/// What of the cascade an event carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventCascade {
    /// Nothing: there is none, or `include_cascade: false`.
    Nothing,
    /// The entries of `updated` and `deleted` in the first event of a run; the others have its id as
    /// `cascadeEventId`.
    Entries,
    /// The same without `entity`, because the payload is bounded.
    References,
}

/// What orders events.
#[derive(Debug, Clone, PartialEq)]
pub struct PartitionKey {
    /// A path from the aggregate; absent for its id, which also stands in for a null.
    pub path: Option<Vec<EcoString>>,
    /// Where it is written.
    pub range: Option<TextRange>,
}

/// The topic of an event that names none: from the template of the configuration.
#[must_use]
pub fn default_topic(
    workspace: &Workspace,
    entity: &Entity,
    event_type: &str,
    version: u32,
) -> EcoString {
    let config = workspace.config();
    let template = config.topic_template.as_ref().map_or(TOPIC_TEMPLATE, Name::as_str);
    // Where the schema tells two entities apart, their names need not.
    let has_schema = template.contains("{schema}");
    let name = if has_schema { entity.name.text.clone() } else { workspace.type_name(entity) };
    template
        .replace("{schema}", entity.schema_name())
        .replace("{entity}", &name)
        .replace("{event_type}", event_type)
        .replace("{version}", &version.to_string())
        .into()
}

/// Type and version of the event of the primary entity; absent where nothing is published.
#[must_use]
pub fn primary_event(workspace: &Workspace, id: ActionId) -> Option<(EcoString, u32)> {
    let cdc = workspace.action(id)?.cdc.as_deref().filter(|it| it.is_enabled())?;
    let event_type = match &cdc.event_type {
        Some(it) => it.text.clone(),
        None => event_type(&Place::new(workspace, id)?, cdc),
    };
    Some((event_type, version(cdc)))
}

fn event_type(place: &Place<'_>, cdc: &Cdc) -> EcoString {
    cdc.event_type_or_default(place.primary.name.as_str(), place.operation)
}

fn version(cdc: &Cdc) -> u32 {
    cdc.version.map_or(1, |it| it.0)
}

/// Own events and those of called actions. `listed` is what a run lists of its rows.
pub(crate) fn events(
    place: &Place<'_>,
    changes: &[Change],
    listed: Option<&Cascade>,
) -> Vec<Event> {
    let mut groups = vec![own_events(place, changes, listed)];
    groups.extend(called::events(place, changes, listed));
    lead(&mut groups);
    let mut res: Vec<Event> = groups.into_iter().flatten().collect();
    let affected = affected(place, changes);
    for event in &mut res {
        event.mutation = place.action.name.text.clone();
        event.affected.clone_from(&affected);
    }
    res
}

/// The events that the action's own `cdc` asks for.
pub(crate) fn own_events(
    place: &Place<'_>,
    changes: &[Change],
    listed: Option<&Cascade>,
) -> Vec<Event> {
    let Some(cdc) = place.action.cdc.as_deref().filter(|_| writes_event(place, changes)) else {
        return Vec::new();
    };
    let base = Base { place, changes, cdc, listed };
    let mut res = vec![base.primary()];
    res.extend(cdc.side_effect_events.iter().filter_map(|it| base.side_effect(&it.0, &it.1)));
    res
}

/// Says which events can be the first of a run. The events of an action come together: one of its primary
/// entity first, if there is one.
fn lead(groups: &mut [Vec<Event>]) {
    let (mut settled, mut carried) = (false, false);
    for group in groups {
        let may_lead = !settled;
        carried |= may_lead && group.iter().any(|it| it.cascade != EventCascade::Nothing);
        let primary = group.iter().any(|it| it.kind == EventKind::Primary && it.is_sure);
        settled |= group.iter().any(|it| it.is_sure);
        for event in group {
            event.may_lead = may_lead && (event.kind == EventKind::Primary || !primary);
            event.may_follow = carried;
            if !may_lead {
                event.cascade = EventCascade::Nothing;
                event.cascade_entries.clear();
            }
        }
    }
}

/// The entities that `affectedEntities` can name, in their order.
fn affected(place: &Place<'_>, changes: &[Change]) -> Vec<EcoString> {
    let mut res: Vec<EcoString> = Vec::new();
    for change in changes {
        let entity = place.workspace.type_name_of(change.entity);
        if !entity.is_empty() && !res.contains(&entity) {
            res.push(entity);
        }
    }
    res
}

/// What the events of an action share.
struct Base<'b, 'a> {
    place: &'b Place<'a>,
    changes: &'b [Change],
    cdc: &'b Cdc,
    listed: Option<&'b Cascade>,
}

impl Base<'_, '_> {
    fn primary(&self) -> Event {
        let Self { place, changes, cdc, .. } = self;
        let entity = place.primary;
        let event_type = event_type(place, cdc);
        let topic = cdc.topic.as_ref().map(|it| it.text.clone());
        let key = PartitionKey {
            path: cdc.partition_key.as_ref().map(|it| it.text.split('.').map(Into::into).collect()),
            range: cdc.partition_key.as_ref().map(|it| it.range),
        };
        let range = cdc.event_type.as_ref().map_or(cdc.key, |it| it.range);
        let payload = primary_payload(place, changes, cdc);
        let mut outcomes = Outcome::of(place.operation).to_vec();
        let mut keeps = changes.iter().filter(|it| it.entity == entity.id).map(|it| it.keeps);
        if place.operation == Operation::Upsert && keeps.next() == Some(true) && keeps.all(|it| it)
        {
            outcomes.retain(|it| *it == Outcome::Created);
        }
        self.event(EventKind::Primary, entity, event_type, topic, key, payload, outcomes, range)
    }

    fn side_effect(&self, name: &Name, event_type: &Name) -> Option<Event> {
        let entity = self.place.named(name)?;
        if self.changes.iter().all(|it| it.entity != entity.id) {
            return None;
        }
        let payload = side_effect_payload(self.place, self.cdc, entity);
        let outcomes = vec![Outcome::Created, Outcome::Updated, Outcome::Deleted];
        let key = PartitionKey { path: None, range: None };
        let kind = EventKind::SideEffect;
        let event_type = (event_type.text.clone(), event_type.range);
        Some(self.event(kind, entity, event_type.0, None, key, payload, outcomes, event_type.1))
    }

    #[allow(clippy::too_many_arguments, reason = "the parts in which the two kinds differ")]
    fn event(
        &self,
        kind: EventKind,
        entity: &Entity,
        event_type: EcoString,
        topic: Option<EcoString>,
        key: PartitionKey,
        payload: Vec<PayloadMember>,
        outcomes: Vec<Outcome>,
        range: TextRange,
    ) -> Event {
        let version = version(self.cdc);
        let default = || default_topic(self.place.workspace, entity, &event_type, version);
        let of_it: Vec<&Change> = self
            .changes
            .iter()
            .filter(|it| it.entity == entity.id && shares(it.operation, &outcomes))
            .collect();
        let gone = may_be_gone(self.changes, entity.id, &outcomes);
        let sure = !gone && of_it.iter().any(|it| it.certainty == Certainty::Always);
        let is_sure = sure && of_it.iter().any(|it| it.surely_finds_one_row());
        let cascade = self.cascade_part();
        let rows = together(of_it.into_iter()).unwrap_or(Rows::One);
        Event {
            action: self.place.id,
            via: None,
            kind,
            entity: entity.id,
            aggregate: self.place.workspace.type_name(entity),
            topic: topic.unwrap_or_else(default),
            certainty: if sure { Certainty::Always } else { Certainty::Sometimes },
            is_sure,
            rows,
            rows_at_once: rows,
            outcomes,
            event_type,
            version,
            key,
            payload,
            cascade_entries: self.cascade_entries(cascade),
            cascade,
            may_lead: true,
            may_follow: false,
            range,
            mutation: EcoString::new(),
            affected: Vec::new(),
        }
    }

    fn cascade_part(&self) -> EventCascade {
        let is_on = cascade_is_on(self.place.workspace.config(), self.place.action);
        if !is_on || self.cdc.include_cascade == Some(false) {
            EventCascade::Nothing
        } else if self.cdc.payload.is_some() || self.cdc.include_payload == Some(false) {
            EventCascade::References
        } else {
            EventCascade::Entries
        }
    }

    fn cascade_entries(&self, part: EventCascade) -> Vec<CascadeEntry> {
        let entries = self.listed.iter().flat_map(|it| it.entries.iter().cloned());
        match part {
            EventCascade::Nothing => Vec::new(),
            EventCascade::Entries => entries.collect(),
            EventCascade::References => {
                entries.map(|it| CascadeEntry { detail: EntryDetail::Nothing, ..it }).collect()
            }
        }
    }
}

/// Whether the row of an event can be deleted in the same run, after which there is nothing to tell.
pub(crate) fn may_be_gone(changes: &[Change], entity: EntityId, outcomes: &[Outcome]) -> bool {
    let deletes = |it: &Change| it.entity == entity && it.outcomes().contains(&Outcome::Deleted);
    !outcomes.contains(&Outcome::Deleted) && changes.iter().any(deletes)
}

/// Whether an operation can come to one of the outcomes.
fn shares(operation: Operation, outcomes: &[Outcome]) -> bool {
    Outcome::of(operation).iter().any(|it| outcomes.contains(it))
}

impl Event {
    /// `event_payload`. What stands beside the aggregate is in the first of several events only.
    #[must_use]
    pub fn payload_shape(&self) -> Object {
        shape_of_payload(&self.payload, self.rows_at_once)
    }

    /// `event_metadata`.
    #[must_use]
    pub fn metadata_shape(&self, workspace: &Workspace) -> Object {
        let mut res = Object::default();
        res.framework("mutation", Shape::Constant(self.mutation.clone()));
        res.framework("mutationId", Shape::Text(Format::Uuid));
        res.framework("affectedEntities", Shape::Enum(self.affected.clone()).list());
        res.framework("version", Shape::Number(self.version));
        // One of the two: the first event of a run has the entries, the others have its id.
        if self.may_lead && self.cascade != EventCascade::Nothing {
            let entries = self.cascade_entries.iter().map(|it| it.shape(workspace)).collect();
            res.add("cascade", Shape::OneOf(entries).list(), false, Origin::Framework);
        }
        if self.may_follow {
            res.add("cascadeEventId", Shape::Text(Format::Uuid), false, Origin::Framework);
        }
        // Ids of the session's context that are no uuid, as they were given.
        res.add("context", Shape::Any, false, Origin::Framework);
        res.add("replayOf", Shape::Text(Format::Uuid), false, Origin::Framework);
        res.add("replayFor", Shape::Text(Format::Plain), false, Origin::Framework);
        res
    }
}
