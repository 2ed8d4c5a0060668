//! Which findings of a run count: rules chosen on the command line.

use std::collections::HashMap;

use specql_ide::{Diagnostic, Level};

use crate::{
    Error,
    args::{Choice, FailingLevel},
};

/// The chosen rules, and levels that win over those of configurations.
#[derive(Debug)]
pub(crate) struct Chosen {
    selected: Vec<&'static str>,
    ignored: Vec<&'static str>,
    levels: HashMap<&'static str, Level>,
    /// Hints of every rule.
    hints: bool,
}

impl Chosen {
    /// Reads the codes.
    ///
    /// # Errors
    /// When a code or a level is none.
    pub(crate) fn new(arguments: &Choice, failing: FailingLevel) -> Result<Self, Error> {
        let codes = |names: &[String]| names.iter().map(|it| code(it)).collect::<Result<_, _>>();
        Ok(Self {
            selected: codes(&arguments.select)?,
            ignored: codes(&arguments.ignore)?,
            levels: arguments.level.iter().map(|it| level(it)).collect::<Result<_, Error>>()?,
            // What fails a run is told.
            hints: arguments.hints || failing == FailingLevel::Hint,
        })
    }

    /// Drops what does not count and sets levels.
    pub(crate) fn apply(&self, findings: &mut Vec<Diagnostic>) {
        findings.retain_mut(|it| {
            it.level = self.level(it);
            self.counts(it)
        });
    }

    /// Whether a finding counts.
    pub(crate) fn counts(&self, it: &Diagnostic) -> bool {
        let is_told = match self.level(it) {
            Level::Off => false,
            Level::Hint => self.hints || self.is_named(it.code),
            Level::Info | Level::Warning | Level::Error => true,
        };
        is_told && self.considers(it.code)
    }

    /// Whether some advice may count. A rule that the call names may be one that advises.
    pub(crate) fn wants_advice(&self) -> bool {
        self.hints || !self.selected.is_empty() || !self.levels.is_empty()
    }

    /// Whether the call names a rule, so that its hints are asked for.
    fn is_named(&self, code: &str) -> bool {
        self.selected.contains(&code) || self.levels.contains_key(code)
    }

    /// Whether findings of a rule are looked for.
    pub(crate) fn considers(&self, code: &str) -> bool {
        let selected = self.selected.is_empty() || self.selected.contains(&code);
        let is_off = self.levels.get(code) == Some(&Level::Off);
        selected && !self.ignored.contains(&code) && !is_off
    }

    fn level(&self, it: &Diagnostic) -> Level {
        self.levels.get(it.code).copied().unwrap_or(it.level)
    }
}

/// The code of a rule, however its letters are written.
pub(crate) fn code(name: &str) -> Result<&'static str, Error> {
    let name = name.trim();
    let found = specql_ide::rules().map(|it| it.0).find(|it| it.eq_ignore_ascii_case(name));
    found.ok_or_else(|| {
        let near = specql_ide::near_rule(name);
        let hint = near.map_or_else(
            || "`specql-lsp explain` lists all".to_owned(),
            |it| format!("did you mean `{it}`?"),
        );
        Error::Usage(format!("there is no rule `{name}`; {hint}"))
    })
}

fn level(text: &str) -> Result<(&'static str, Level), Error> {
    let (name, word) = text.split_once('=').ok_or_else(|| {
        Error::Usage(format!("`--level {text}` has no level: write `CODE=LEVEL`"))
    })?;
    let level = Level::parse(word.trim()).ok_or_else(|| {
        Error::Usage(format!(
            "`{word}` is no level; there are `error`, `warning`, `info`, `hint`, `off`"
        ))
    })?;
    Ok((code(name)?, level))
}
