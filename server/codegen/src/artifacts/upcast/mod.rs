//! From a version of an event to the next: what of it follows from the two payloads, decided once for both
//! languages, and gaps for what only a person knows.

mod plan;
mod sql;
mod typescript;

use specql_contract::{Object, Promises};

use crate::{artifact::Artifact, catalog::Catalog};

use plan::Plan;

/// The text of an artifact of these; `None` for any other. It is empty where no older version is recorded.
pub(crate) fn text(catalog: Catalog<'_>, artifact: Artifact) -> Option<String> {
    let write: fn(Catalog<'_>, &[Upcast]) -> String = match artifact {
        Artifact::UpcastTypeScript => typescript::upcast,
        Artifact::UpcastSql => sql::upcast,
        _ => return None,
    };
    let all = upcasts(catalog);
    Some(if all.is_empty() { String::new() } else { write(catalog, &all) })
}

/// From one version of an event type to the next that is known.
pub(super) struct Upcast {
    event: String,
    from: u32,
    to: u32,
    old: Object,
    new: Object,
    plan: Plan,
}

/// Those of all event types, in their order.
fn upcasts(catalog: Catalog<'_>) -> Vec<Upcast> {
    let Some(recorded) = specql_contract::recorded(catalog.workspace()) else { return Vec::new() };
    let known = Promises::of(catalog.workspace()).with_events_of(&recorded);
    let mut names: Vec<&str> =
        known.subjects().filter_map(specql_contract::Subject::event).collect();
    names.dedup();
    let mut res = Vec::new();
    for name in names {
        let versions: Vec<u32> = known.versions(name).collect();
        for (from, to) in versions.iter().zip(versions.iter().skip(1)) {
            let (Some(old), Some(new)) = (known.payload(name, *from), known.payload(name, *to))
            else {
                continue;
            };
            let plan = plan::plan(catalog, &old, &new);
            res.push(Upcast { event: name.to_owned(), from: *from, to: *to, old, new, plan });
        }
    }
    res
}
