//! `cargo xtask new-rule NAME`: the two files of a rule and its two lines.
//!
//! Invariant: what is written compiles; the tests of the pages fail until its example and its check
//! say something.

use std::fs;

use camino::{Utf8Path, Utf8PathBuf};

use crate::project_root;

/// Options of the command.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// The code in kebab-case: `missing-side-effect`.
    #[arg(value_parser = code)]
    name: String,
    /// One line for the index, in lower case: what it finds.
    #[arg(long)]
    summary: String,
}

/// Writes the files and the lines of a rule.
pub(crate) fn run(options: &Options) -> Result<String, String> {
    write_rule(project_root(), &options.name, &options.summary)
}

fn write_rule(root: &Utf8Path, code: &str, summary: &str) -> Result<String, String> {
    let module = code.replace('-', "_");
    let sources = root.join("server/check/src");
    let rule = sources.join("rules").join(format!("{module}.rs"));
    let page = root.join("docs/rules").join(format!("{code}.md"));
    for path in [&rule, &page] {
        if path.exists() {
            return Err(format!("`{path}` is already there"));
        }
    }
    let modules = sources.join("rules.rs");
    let table = sources.join("table.rs");
    let modules_text = with_module(&read(&modules)?, &module);
    let table_text = with_table_entry(&read(&table)?, &module)?;
    write(&rule, &rule_text(code, &module, summary))?;
    write(&page, &page_text(code, summary))?;
    write(&modules, &modules_text)?;
    write(&table, &table_text)?;
    Ok(format!(
        "{}\n{}\nwrite the check, its tests and the page, and give the rule its place in `RULES`",
        relative(root, &rule),
        relative(root, &page)
    ))
}

/// A code is made of lower-case words with a dash between them.
fn code(name: &str) -> Result<String, String> {
    let is_word = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_lowercase());
    if name.split('-').all(is_word) {
        Ok(name.to_owned())
    } else {
        Err("a code is made of lower-case words with a `-` between them".to_owned())
    }
}

/// `rules.rs` with the module in its place in the alphabet.
fn with_module(text: &str, module: &str) -> String {
    let line = format!("pub(crate) mod {module};");
    let mut lines: Vec<&str> = text.lines().collect();
    let is_module = |it: &&str| it.starts_with("pub(crate) mod ");
    let after = lines.iter().rposition(|it| is_module(it) && *it < line.as_str());
    let first = lines.iter().position(is_module).unwrap_or(lines.len());
    lines.insert(after.map_or(first, |it| it + 1), &line);
    lines.join("\n") + "\n"
}

/// `table.rs` with the rule before the last one, which reads the findings of all others.
fn with_table_entry(text: &str, module: &str) -> Result<String, String> {
    let last = "    rules::unused_suppression::RULE,\n";
    let at = text.find(last).ok_or("`RULES` does not end with `unused_suppression`")?;
    let (before, after) = text.split_at(at);
    Ok(format!("{before}    rules::{module}::RULE,\n{after}"))
}

fn rule_text(code: &str, module: &str, summary: &str) -> String {
    format!(
        r####"//! {sentence}
//!
//! Say here what the rule is right about even when it looks wrong, and what its fix keeps.

use crate::{{Context, Diagnostic, Level, Rule}};

pub(crate) const RULE: Rule = Rule {{
    code: "{code}",
    level: Level::Warning,
    summary: "{summary}",
    run: {module},
    page: include_str!("../../../../docs/rules/{code}.md"),
}};

fn {module}(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {{
    for (_, action) in ctx.actions() {{
        let message = format!("`{{}}` is wrong, and this is why it matters", action.name.text);
        acc.push(ctx.finding(&RULE, action.name.range, message));
    }}
}}

#[cfg(test)]
mod tests {{
    use crate::test_support::check_diagnostics;

    #[test]
    fn what_it_finds() {{
        check_diagnostics(
            r#"
entity: Post
actions:
  - name: publish
    #     ^^^^^^^ warning[{code}]: `publish` is wrong, and this is why it matters
"#,
        );
    }}
}}
"####,
        sentence = sentence(summary),
    )
}

fn page_text(code: &str, summary: &str) -> String {
    format!(
        "# {code}

{sentence}

## Why

Say what goes wrong in production.

## Example

```yaml
entity: Post
actions:
  - name: publish
    #     ^^^^^^^ warning[{code}]
```

## Fixed

```yaml
entity: Post
```

## Configuration

Level: `warning`. Change it under `rules` in `specql.config.yaml`, or allow one line with
`# specql: allow({code}) reason`.
",
        sentence = sentence(summary),
    )
}

/// A summary as a sentence of a page.
fn sentence(summary: &str) -> String {
    let mut letters = summary.chars();
    let first = letters.next().map(|it| it.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

fn relative<'a>(root: &Utf8Path, path: &'a Utf8PathBuf) -> &'a Utf8Path {
    path.strip_prefix(root).unwrap_or(path)
}

fn read(path: &Utf8Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("cannot read `{path}`: {error}"))
}

fn write(path: &Utf8Path, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|error| format!("cannot write `{path}`: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_two_files_and_two_lines() {
        let folder = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(folder.path()).unwrap();
        for below in ["server/check/src/rules", "docs/rules"] {
            fs::create_dir_all(root.join(below)).unwrap();
        }
        let modules = root.join("server/check/src/rules.rs");
        let table = root.join("server/check/src/table.rs");
        fs::write(&modules, "//! Rules.\n\npub(crate) mod a;\npub(crate) mod c;\n").unwrap();
        fs::write(&table, "[\n    rules::a::RULE,\n    rules::unused_suppression::RULE,\n];\n")
            .unwrap();

        write_rule(root, "b-b", "a thing is wrong").unwrap();

        assert_eq!(
            fs::read_to_string(&modules).unwrap(),
            "//! Rules.\n\npub(crate) mod a;\npub(crate) mod b_b;\npub(crate) mod c;\n"
        );
        assert_eq!(
            fs::read_to_string(&table).unwrap(),
            "[\n    rules::a::RULE,\n    rules::b_b::RULE,\n    rules::unused_suppression::RULE,\n];\n"
        );
        let rule = fs::read_to_string(root.join("server/check/src/rules/b_b.rs")).unwrap();
        assert!(rule.starts_with("//! A thing is wrong.\n"), "{rule}");
        assert!(root.join("docs/rules/b-b.md").exists());
        assert!(write_rule(root, "b-b", "again").is_err(), "an existing rule is not overwritten");
    }

    #[test]
    fn a_code_is_kebab_case() {
        assert!(code("missing-side-effect").is_ok());
        for wrong in ["Missing", "a--b", "", "a_b", "../a"] {
            assert!(code(wrong).is_err(), "{wrong}");
        }
    }
}
