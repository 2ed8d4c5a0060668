//! The events that have changed, and whose version has not.

use super::{Class, Compatibility, Difference, Promises, Subject, compare::members};

/// A difference that a version has to be raised for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// The event type.
    pub event: String,
    /// Its version now.
    pub version: u32,
    /// The recorded version that it does not go with.
    pub with: u32,
    /// What breaks.
    pub difference: Difference,
}

/// The differences between what is recorded and what is promised now that the mode does not allow.
#[must_use]
pub fn changed(recorded: &Promises, now: &Promises, mode: Compatibility) -> Vec<Changed> {
    now.subjects().flat_map(|it| changed_event(recorded, now, mode, it)).collect()
}

/// Those of one event: with the same version, and in a transitive mode with all older ones. The payload
/// alone binds versions to one another: another topic is a reason for another version.
#[must_use]
pub fn changed_event(
    recorded: &Promises,
    now: &Promises,
    mode: Compatibility,
    subject: &Subject,
) -> Vec<Changed> {
    let mut res = Vec::new();
    let Subject::Event(name, version) = subject else { return res };
    let Some(new) = now.members(subject) else { return res };
    for with in recorded.versions(name).filter(|it| it <= version) {
        let is_same = with == *version;
        if !is_same && !mode.transitive {
            continue;
        }
        let old = recorded.members(&Subject::Event(name.clone(), with));
        let found = old.map(|old| members(subject, old, new)).unwrap_or_default();
        let broken = found.into_iter().filter(|it| {
            mode.is_broken_by(it.kind) && (is_same || it.kind.class == Class::Payload)
        });
        res.extend(broken.map(|difference| Changed {
            event: name.clone(),
            version: *version,
            with,
            difference,
        }));
    }
    res
}
