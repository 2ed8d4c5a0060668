//! What a rule is: its code, its level, its check and its page.

use crate::{Context, Diagnostic, Level};

/// A rule.
#[derive(Debug)]
pub struct Rule {
    /// Kebab-case code.
    pub code: &'static str,
    /// The level unless the configuration says otherwise.
    pub level: Level,
    /// One line for the index: what it finds.
    pub summary: &'static str,
    /// Reports everything it sees in one file.
    pub run: fn(&Context<'_>, &mut Vec<Diagnostic>),
    /// The page: what, why, a failing and a fixed example.
    pub page: &'static str,
}
