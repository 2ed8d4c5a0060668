//! Time zones by the names of places, as PostgreSQL has them: `Europe/Paris`.

use std::sync::OnceLock;

use rustc_hash::FxHashSet;
use specql_syntax::expression::{Expression, ExpressionKind};

use super::{Inference, MismatchKind};
use crate::suggest::one_slip_from;

/// Their names, one a line.
const NAMES: &str = include_str!("zones.txt");

impl<'a> Inference<'_, 'a> {
    /// Reports a zone in quotes that there is not.
    pub(super) fn zone(&mut self, zone: &'a Expression) {
        if let ExpressionKind::String(name) = &zone.kind
            && let Some(meant) = meant(name)
        {
            self.report(zone.range, MismatchKind::UnknownZone(name, meant));
        }
    }
}

/// The zone that is meant by a name that is a zone's but for one slip; nothing for a zone, for an abbreviation or an
/// offset, and for what is like no zone: the server may know more of them.
fn meant(name: &str) -> Option<&'static str> {
    static KNOWN: OnceLock<FxHashSet<String>> = OnceLock::new();
    let known = || NAMES.lines().map(str::to_ascii_lowercase).collect();
    let is_place = name.contains('/') && name.starts_with(|it: char| it.is_ascii_alphabetic());
    // PostgreSQL compares them without regard to case.
    if !is_place || KNOWN.get_or_init(known).contains(&name.to_ascii_lowercase()) {
        return None;
    }
    one_slip_from(name, NAMES.lines())
}

#[cfg(test)]
mod tests {
    use super::meant;

    #[test]
    fn one_slip_from_a_place() {
        for (name, zone) in [
            ("Europe/Pariss", Some("Europe/Paris")),
            ("Europ/Paris", Some("Europe/Paris")),
            ("Europe/Prais", Some("Europe/Paris")),
            ("America/New York", Some("America/New_York")),
            ("America/NewYork", Some("America/New_York")),
            ("europe/paris", None),
            ("Europe/Atlantis", None),
            ("Etc/GMT+3", None),
            ("UTC", None),
            ("+02:00", None),
            ("", None),
        ] {
            assert_eq!(meant(name), zone, "{name}");
        }
    }
}
