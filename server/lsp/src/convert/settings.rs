//! What a person sets in the editor, for themselves alone. What decides about findings and generated files
//! is in `specql.config.yaml`, which everybody of a project shares.
//!
//! Invariant: a setting is declared in [`SETTINGS`] and nowhere else; a value of another type counts as
//! none.

use serde_json::Value;

/// The section of a client's configuration.
pub(crate) const SECTION: &str = "specql";

/// A setting that is on or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// Its name below `specql`.
    pub name: &'static str,
    /// What it is when nobody sets it.
    pub default: bool,
    /// What it does.
    pub documentation: &'static str,
}

const CODE_LENS: Setting = Setting {
    name: "codeLens.enabled",
    default: true,
    documentation: "Show lenses: what is generated, and how often something is used.",
};

const INLAY_HINTS: Setting = Setting {
    name: "inlayHints.enabled",
    default: true,
    documentation: "Show hints: the rows of a step, the name of an event, the types of variables.",
};

/// All settings.
pub const SETTINGS: &[Setting] = &[CODE_LENS, INLAY_HINTS];

/// What is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Settings {
    pub(crate) code_lens: bool,
    pub(crate) inlay_hints: bool,
}

impl Settings {
    /// Reads the section of a client. What it does not set is as it was `before`.
    pub(crate) fn read(section: &Value, before: Self) -> Self {
        let set = |it: Setting| {
            let value = it.name.split('.').try_fold(section, |value, key| value.get(key));
            value.and_then(Value::as_bool)
        };
        Self {
            code_lens: set(CODE_LENS).unwrap_or(before.code_lens),
            inlay_hints: set(INLAY_HINTS).unwrap_or(before.inlay_hints),
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self { code_lens: CODE_LENS.default, inlay_hints: INLAY_HINTS.default }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_not_set_is_as_it_was() {
        let (on, off) = (Settings::default(), Settings { code_lens: false, inlay_hints: true });
        assert_eq!(Settings::read(&json!({ "codeLens": { "enabled": false } }), on), off);
        for odd in
            [json!(null), json!(7), json!({ "codeLens": "x", "inlayHints": { "enabled": 1 } })]
        {
            assert_eq!(Settings::read(&odd, off), off);
        }
    }
}
