//! The rules and their pages, for the command line and for links of findings.

use specql_check::Level;

/// The page of a rule, in Markdown.
#[must_use]
pub fn explain(code: &str) -> Option<&'static str> {
    specql_check::rule(code).map(|it| it.page)
}

/// Code, level and summary of every rule, in the order of the index.
pub fn rules() -> impl Iterator<Item = (&'static str, Level, &'static str)> {
    specql_check::RULES.iter().map(|it| (it.code, it.level, it.summary))
}

/// The same among the codes of rules and of changes.
#[must_use]
pub fn near_code(word: &str) -> Option<&'static str> {
    let changes = crate::change_codes().map(|it| it.0);
    specql_model::suggest(word, rules().map(|it| it.0).chain(changes))
}

/// Where the project is on the web.
pub const HOME: &str = env!("CARGO_PKG_REPOSITORY");

/// Where the page of a rule is on the web.
#[must_use]
pub fn rule_url(code: &str) -> String {
    format!("{HOME}/blob/main/docs/rules/{code}.md")
}

/// The code of a rule that is written like a word which is none.
#[must_use]
pub fn near_rule(word: &str) -> Option<&'static str> {
    let word = word.to_ascii_lowercase().replace(['_', ' '], "-");
    specql_model::suggest(&word, rules().map(|it| it.0))
}
