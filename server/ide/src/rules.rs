//! The rules and their pages, for the command line and for links of findings.

use specql_check::Level;

/// Pages that are about no single code: name, summary, page in Markdown.
const TOPICS: &[(&str, &str, &str)] = &[(
    "patterns",
    "what cascade, audit trail and events are for, and what they cost",
    include_str!("../../../docs/patterns.md"),
)];

/// The page of a rule or a topic, in Markdown.
#[must_use]
pub fn explain(name: &str) -> Option<&'static str> {
    let topic = || TOPICS.iter().find(|it| it.0 == name).map(|it| it.2);
    specql_check::rule(name).map(|it| it.page).or_else(topic)
}

/// Name and summary of every topic that is no code.
pub fn topics() -> impl Iterator<Item = (&'static str, &'static str)> {
    TOPICS.iter().map(|it| (it.0, it.1))
}

/// Code, level and summary of every rule, in the order of the index.
pub fn rules() -> impl Iterator<Item = (&'static str, Level, &'static str)> {
    specql_check::RULES.iter().map(|it| (it.code, it.level, it.summary))
}

/// The code of a rule or of a change, or the topic, that is written like a word which is none.
#[must_use]
pub fn near_code(word: &str) -> Option<&'static str> {
    let others = crate::change_codes().map(|it| it.0).chain(topics().map(|it| it.0));
    specql_model::suggest(word, rules().map(|it| it.0).chain(others))
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
