//! A row of the outbox, as a consumer and the connector see it.

use specql_model::{Workspace, config::Tenancy};

use crate::{
    events::Event,
    shape::{Format, Object, Shape},
};

/// The columns of the outbox row of an event.
#[must_use]
pub fn outbox_row(workspace: &Workspace, event: &Event) -> Object {
    let uuid = || Shape::Text(Format::Uuid);
    let text = || Shape::Text(Format::Plain);
    let constant = |it: &str| Shape::Constant(it.into());
    let mut res = Object::default();
    res.framework("id", uuid());
    res.framework("aggregate_type", constant(&event.aggregate));
    res.framework("aggregate_id", uuid());
    res.framework("event_type", constant(&event.event_type));
    res.framework("event_version", Shape::Number(event.version));
    res.framework("event_payload", event.payload_shape().into());
    res.framework("event_metadata", event.metadata_shape(workspace).into());
    res.framework("created_at", Shape::Text(Format::DateTime));
    res.framework("processed_at", Shape::Text(Format::DateTime).or_null(true));
    res.framework("trace_id", text());
    res.framework("correlation_id", uuid());
    res.framework(
        "tenant_id",
        match workspace.config().tenancy {
            Tenancy::Required => uuid(),
            Tenancy::Single => constant("00000000-0000-0000-0000-000000000000"),
        },
    );
    res.framework("topic", constant(&event.topic));
    res.framework("partition_key", if event.key.path.is_some() { text() } else { uuid() });
    // The first event has a cause when the caller names one.
    res.framework("causation_id", uuid().or_null(event.may_lead));
    res.framework("traceparent", text());
    res
}
