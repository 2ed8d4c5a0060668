//! The compatibility modes, as registries of schemas define them.

use specql_model::Config;

use super::Breakage;

/// Which readers have to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Compatibility {
    /// New readers read what is there.
    pub backward: bool,
    /// Readers that are out read what comes.
    pub forward: bool,
    /// With every version, not with the same one alone.
    pub transitive: bool,
}

impl Compatibility {
    /// The mode that a configuration names; `backward` where it names none, or one that there is not.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        let written = config.events.compatibility.as_ref().map(|it| it.text.to_ascii_lowercase());
        let mode = |backward, forward, transitive| Self { backward, forward, transitive };
        match written.as_deref() {
            Some("none") => mode(false, false, false),
            Some("backward_transitive") => mode(true, false, true),
            Some("forward") => mode(false, true, false),
            Some("forward_transitive") => mode(false, true, true),
            Some("full") => mode(true, true, false),
            Some("full_transitive") => mode(true, true, true),
            _ => mode(true, false, false),
        }
    }

    /// What registries call the mode.
    #[must_use]
    pub const fn registry_name(self) -> &'static str {
        match (self.backward, self.forward, self.transitive) {
            (false, false, _) => "NONE",
            (true, false, false) => "BACKWARD",
            (true, false, true) => "BACKWARD_TRANSITIVE",
            (false, true, false) => "FORWARD",
            (false, true, true) => "FORWARD_TRANSITIVE",
            (true, true, false) => "FULL",
            (true, true, true) => "FULL_TRANSITIVE",
        }
    }

    /// Whether a difference breaks a reader that has to go on.
    #[must_use]
    pub const fn is_broken_by(self, it: &Breakage) -> bool {
        (self.backward && it.backward) || (self.forward && it.forward)
    }
}
