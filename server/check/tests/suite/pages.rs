//! `docs/rules/`: one page for each rule, whose examples are run.

use std::collections::BTreeSet;
use std::fs;

use specql_check::test_support::{Fixture, check_diagnostics};
use specql_check::{Level, RULES, Rule, check_workspace};

use crate::support::root;

/// The fenced block below a heading.
fn example<'a>(rule: &Rule, page: &'a str, heading: &str) -> &'a str {
    let (_, rest) = page
        .split_once(&format!("\n## {heading}\n"))
        .unwrap_or_else(|| panic!("`{}` has no section `{heading}`", rule.code));
    let section = rest.split("\n## ").next().unwrap_or_default();
    let (_, block) = section.split_once("```yaml\n").expect("a section has an example");
    block.split_once("```").expect("a fence has an end").0
}

#[test]
fn every_rule_has_a_page_and_every_page_a_rule() {
    let entries = fs::read_dir(root().join("docs/rules")).unwrap().map(|it| it.unwrap().path());
    let pages: BTreeSet<String> =
        entries.map(|it| it.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    let rules: BTreeSet<String> = RULES.iter().map(|it| it.code.to_owned()).collect();
    assert_eq!(pages, rules);
}

#[test]
fn a_page_says_what_the_table_says() {
    for rule in RULES {
        let page = fs::read_to_string(root().join(format!("docs/rules/{}.md", rule.code))).unwrap();
        assert_eq!(page, rule.page, "`{}` includes another page", rule.code);
        let mut letters = rule.summary.chars();
        let first = letters.next().unwrap().to_uppercase();
        let head = format!("# {}\n\n{first}{}.\n\n## Why\n\n", rule.code, letters.as_str());
        assert!(page.starts_with(&head), "the page begins with\n{head}");
        let configuration = format!(
            "\n## Configuration\n\nLevel: `{}`. Change it under `rules` in `specql.config.yaml`, or \
             allow one line with\n`# specql: allow({}) reason`.\n",
            rule.level.as_str(),
            rule.code
        );
        assert!(page.ends_with(&configuration), "the page ends with\n{configuration}");
    }
}

#[test]
fn failing_examples_fail_as_they_say() {
    for rule in RULES {
        let text = example(rule, rule.page, "Example");
        check_diagnostics(text);
        let expected = Fixture::parse(text);
        let shown =
            expected.expected().any(|(_, it)| it.text.contains(&format!("[{}]", rule.code)));
        assert!(shown, "the example of `{}` does not show its own finding", rule.code);
    }
}

#[test]
fn fixed_examples_are_clean() {
    for rule in RULES {
        let text = example(rule, rule.page, "Fixed");
        assert!(!text.contains('^'), "the fixed example of `{}` has markers", rule.code);
        check_diagnostics(text);
    }
}

/// `SPECQL_UPDATE=1` writes the table into the page.
#[test]
fn the_page_of_compat_has_the_table_of_forms() {
    let path = root().join("docs/rules/compat.md");
    let page = fs::read_to_string(&path).unwrap();
    let (head, rest) = page.split_once("<!-- forms -->\n").unwrap();
    let (_, tail) = rest.split_once("<!-- /forms -->").unwrap();
    let table = specql_check::released_forms();
    let expected = format!("{head}<!-- forms -->\n{table}<!-- /forms -->{tail}");
    if std::env::var_os("SPECQL_UPDATE").is_some() {
        fs::write(&path, &expected).unwrap();
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), expected, "run with SPECQL_UPDATE=1");
}

#[test]
fn codes_are_kebab_case_and_unique() {
    let codes: BTreeSet<&str> = RULES.iter().map(|it| it.code).collect();
    assert_eq!(codes.len(), RULES.len());
    for rule in RULES {
        let word = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_alphanumeric());
        assert!(rule.code.split('-').all(word), "{}", rule.code);
        assert_ne!(rule.level, Level::Off, "{}", rule.code);
    }
}

#[test]
fn a_level_of_the_configuration_holds() {
    for level in Level::ALL {
        let config = format!("rules: {{reserved-field: \"{}\"}}\n", level.as_str());
        let files = [
            ("specql.config.yaml".to_owned(), config),
            ("post.yaml".to_owned(), "entity: Post\nfields:\n  path: text\n".to_owned()),
        ];
        let found = check_workspace(&crate::support::workspace(files));
        let levels: Vec<Level> = found.iter().map(|it| it.level).collect();
        let expected = if level == Level::Off { vec![] } else { vec![level] };
        assert_eq!(levels, expected);
    }
}
