//! A first configuration: every setting, what it does and its default, as comments.
//!
//! Invariant: made from the vocabulary, so it lists what is read. With the `#` in front of its settings
//! taken away it has no finding.

use specql_model::keys::{CONFIG, KeySpec, MappingSpec, Shape, Support};

const HEAD: &str = "\
# Settings of this workspace: of the folder of this file and everything below it.
# All of them have a default, so each is a comment here, with its default or an example.
# Take away the `#` in front of a line, and of the line it belongs to, to say otherwise.
# Mistakes are reported.
";

/// Columns that comments are wrapped to.
const WIDTH: usize = 98;

/// Values of keys that have no default and whose documentation shows none.
const EXAMPLES: &[(&str, &str)] =
    &[("hostname", "localhost"), ("name", "app"), ("user", "connector"), ("max_entities", "1000")];

/// The text of the file.
#[must_use]
pub fn config_template() -> String {
    let mut res = HEAD.to_owned();
    for it in CONFIG.keys.iter().filter(|it| it.support == Support::Full) {
        res.push('\n');
        comment(it, 0, &mut res);
        setting(it, 0, &mut res);
    }
    res
}

/// What a key is for, wrapped.
fn comment(key: &KeySpec, depth: usize, into: &mut String) {
    let prose = key.documentation.split("```").next().unwrap_or_default();
    let indent = "  ".repeat(depth);
    let begin = if depth == 0 { "#".to_owned() } else { format!("#{indent}#") };
    let mut line = begin.clone();
    for word in prose.split_whitespace() {
        if line.chars().count() + word.chars().count() >= WIDTH {
            into.push_str(&line);
            into.push('\n');
            line.clone_from(&begin);
        }
        line.push(' ');
        line.push_str(word);
    }
    into.push_str(&line);
    into.push('\n');
}

/// The key with its default, the keys inside of it, or an example.
fn setting(key: &KeySpec, depth: usize, into: &mut String) {
    let indent = "  ".repeat(depth);
    if let Some(example) = fenced(key.documentation) {
        for line in example.lines() {
            into.push_str(&format!("#{indent}{line}\n"));
        }
        return;
    }
    let value = match (default(key.documentation), inside(key)) {
        (Some(it), _) => format!(" {it}"),
        (None, Some(inside)) => {
            into.push_str(&format!("#{indent}{}:\n", key.name));
            for it in inside.keys.iter().filter(|it| it.support == Support::Full) {
                comment(it, depth + 1, into);
                setting(it, depth + 1, into);
            }
            return;
        }
        (None, None) => format!(" {}", example(key)),
    };
    into.push_str(&format!("#{indent}{}:{value}\n", key.name));
}

fn fenced(documentation: &'static str) -> Option<&'static str> {
    let (_, rest) = documentation.split_once("```yaml\n")?;
    rest.split("```").next()
}

/// The value behind `Default:`, where it is one.
fn default(documentation: &'static str) -> Option<&'static str> {
    let (_, rest) = documentation.split_once("Default: `")?;
    rest.split('`').next()
}

fn inside(key: &KeySpec) -> Option<&'static MappingSpec> {
    key.shapes.iter().find_map(|it| match it {
        Shape::Mapping(it) => Some(*it),
        _ => None,
    })
}

fn example(key: &KeySpec) -> &'static str {
    let known = EXAMPLES.iter().find(|it| it.0 == key.name).map(|it| it.1);
    let is_list = key.shapes.iter().any(|it| matches!(it, Shape::List(_)));
    // The last word in backticks of the description is an example: `90 days`, `events.{schema}`.
    let quoted = || key.documentation.split('`').skip(1).step_by(2).last();
    known.or_else(|| is_list.then_some("[]")).or_else(quoted).unwrap_or("true")
}

#[cfg(test)]
mod tests {
    use super::config_template;
    use crate::AnalysisHost;

    /// The settings without the `#` in front of them.
    fn with_settings() -> String {
        let text = config_template();
        let mut head = true;
        let lines = text.lines().map(|it| {
            let rest = it.strip_prefix('#').unwrap_or(it);
            let word = rest.trim_start().trim_start_matches("- ");
            let key = word.split_once(':').map_or("", |it| it.0);
            let is_key = !key.is_empty()
                && key.chars().all(|it| it.is_ascii_lowercase() || "_-".contains(it));
            head &= !it.is_empty();
            if !head && (is_key || rest.trim_start().starts_with('#')) { rest } else { it }
        });
        lines.map(|it| format!("{it}\n")).collect()
    }

    #[test]
    fn it_has_no_finding_and_neither_has_it_with_every_setting() {
        for text in [config_template(), with_settings()] {
            let mut host = AnalysisHost::new();
            let file = host.set_file("specql.config.yaml", text.as_str());
            host.set_file("a.yaml", "entity: Post\nfields:\n  title: text\n");
            // The example of a path that has a level of its own.
            host.set_file("legacy/b.yaml", "entity: User\nfields:\n  name: text\n");
            let found = host.analysis().diagnostics(file);
            let found: Vec<_> = found.iter().map(|it| (it.code, &it.message)).collect();
            assert!(found.is_empty(), "{found:#?}\n{text}");
        }
        let uncommented = with_settings();
        for key in
            ["\ncascade:\n", "\n  enabled: true\n", "\n  hostname", "\n    hostname: localhost\n"]
        {
            let is_nested_wrong = key == "\n  hostname";
            assert_eq!(uncommented.contains(key), !is_nested_wrong, "{key:?}\n{uncommented}");
        }
    }

    #[test]
    fn no_line_is_wider_than_a_screen() {
        assert!(config_template().lines().all(|it| it.chars().count() <= 100));
    }
}
