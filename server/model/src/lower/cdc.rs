//! The block `cdc`.

use specql_syntax::{
    ast::{self, AstNode, integer},
    yaml::Entry,
};

use crate::Cdc;

pub(super) fn cdc(block: &Entry) -> Cdc {
    let written = ast::Cdc::cast(&block.value);
    let side_effects = written.include_side_effects();
    let events = written.side_effect_events();
    Cdc {
        key: block.key.range,
        range: block.range,
        enabled: written.enabled(),
        event_type: written.event_type(),
        version: written.version().and_then(|it| Some((integer(it)?, it.range))),
        include_side_effects: side_effects.and_then(|it| Some((it.as_bool()?, it.range))),
        include_cascade: written.include_cascade(),
        include_payload: written.include_payload(),
        payload: written.payload().map(Into::into),
        partition_key: written.partition_key(),
        topic: written.topic(),
        side_effect_events: events
            .filter_map(|it| Some((it.key.clone(), it.value.name()?)))
            .collect(),
    }
}
