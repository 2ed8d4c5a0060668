//! The language reference: keys, steps, types and functions as the vocabulary declares them.

use super::Pages;
use specql_model::functions;
use specql_model::keys::{
    self, CONFIG, ENTITY_FILE, KeySpec, MappingSpec, STEP_KEYWORDS, STEP_ORDER, Shape, Support,
    step_spec,
};
use specql_model::{
    BasicType,
    types::{COMPOSITES, RICH_SCALARS},
};
use std::collections::VecDeque;
use std::fmt::Write as _;

/// The pages.
pub(super) fn pages() -> Pages {
    let page = |name: &str, text: String| (format!("reference/{name}.md"), text);
    let mut pages = Pages::from([
        page("entity-files", entity_files()),
        page("steps", steps()),
        page("types", types()),
        page("functions", functions()),
    ]);
    pages.extend(settings());
    pages
}

fn entity_files() -> String {
    let mut text = String::from(
        "# Keys of entity files\n\nEvery key of an entity file: what stands behind it, and what it means. \
         Steps have [a page of their own](steps.md), and so have [types](types.md).\n",
    );
    mappings(&mut text, [&ENTITY_FILE]);
    text
}

/// A page for each setting of a workspace, with what is below it. The list of them is made with the contents.
fn settings() -> Pages {
    let first = "# Settings\n\nWhat `specql.config.yaml` can say. Which folder it governs is said in \
                 [workspaces](../workspaces.md); an empty file is enough.\n";
    let mut pages = Pages::from([("settings/README.md".to_owned(), first.to_owned())]);
    for key in CONFIG.keys {
        let mut text = format!("# `{}`\n\n{}\n\n{}\n", key.name, key.documentation, facts(key));
        words_of(&mut text, key);
        mappings(&mut text, key.shapes.iter().flat_map(mappings_in));
        pages.insert(format!("settings/{}.md", key.name), linked(&text));
    }
    pages
}

/// The text of a page of another folder.
fn linked(text: &str) -> String {
    ["types", "steps"].iter().fold(text.to_owned(), |text, it| {
        text.replace(&format!("]({it}.md)"), &format!("](../reference/{it}.md)"))
    })
}

/// Mappings and those that their keys lead to, each once, in the order in which they are met.
fn mappings(text: &mut String, roots: impl IntoIterator<Item = &'static MappingSpec>) {
    let mut queue: VecDeque<&'static MappingSpec> = roots.into_iter().collect();
    let mut seen: Vec<*const MappingSpec> = Vec::new();
    let mut headings: Vec<&str> = Vec::new();
    while let Some(spec) = queue.pop_front() {
        let is_step = std::ptr::eq(spec, &raw const keys::STEP);
        if is_step || seen.contains(&std::ptr::from_ref(spec)) {
            continue;
        }
        seen.push(spec);
        // Two forms can have one name, and what is empty says nothing.
        if !headings.contains(&spec.name) {
            headings.push(spec.name);
            let _ = write!(text, "\n## {}\n", capitalized(spec.name));
        }
        mapping(text, spec);
        let shapes = spec.keys.iter().flat_map(|it| it.shapes.iter()).chain(spec.open);
        queue.extend(shapes.flat_map(mappings_in));
    }
}

fn mapping(text: &mut String, spec: &'static MappingSpec) {
    if let Some(shape) = spec.open {
        let keys = shown(spec.open_keys);
        let _ = write!(text, "\nNames of your own ({keys}), each with {}.\n", shown(shape));
    }
    for key in spec.keys {
        entry(text, key);
    }
}

fn entry(text: &mut String, key: &KeySpec) {
    let _ = write!(text, "\n### `{}`\n\n{}\n\n{}\n", key.name, facts(key), key.documentation);
    words_of(text, key);
}

/// What can stand behind a key, and who reads it, in a line.
fn facts(key: &KeySpec) -> String {
    let shapes: Vec<String> = key.shapes.iter().map(shown).collect();
    let mut facts = vec![shapes.join(" or ")];
    if key.required {
        facts.push("required".to_owned());
    }
    if !key.aliases.is_empty() {
        let names: Vec<String> = key.aliases.iter().map(|it| format!("`{it}`")).collect();
        facts.push(format!("also written {}", names.join(", ")));
    }
    facts.push(dialect(key.support).to_owned());
    format!("*{}*", facts.join("; "))
}

/// The words that a key takes.
fn words_of(text: &mut String, key: &KeySpec) {
    for (word, meaning) in key.shapes.iter().flat_map(words) {
        let _ = write!(text, "\n- `{word}`: {meaning}");
    }
    if key.shapes.iter().any(|it| !words(it).is_empty()) {
        text.push('\n');
    }
}

const fn dialect(support: Support) -> &'static str {
    match support {
        Support::Full => "read here and by its previews",
        Support::Upstream => "read by the upstream generator, without effect here",
        Support::Ignored => "seen in files, ignored by every release",
    }
}

fn words(shape: &'static Shape) -> Vec<(&'static str, &'static str)> {
    match shape {
        Shape::Word(words) => words.to_vec(),
        Shape::OneOf(shapes) => shapes.iter().flat_map(words).collect(),
        Shape::List(item) => words(item),
        _ => Vec::new(),
    }
}

fn shown(shape: &Shape) -> String {
    match shape {
        Shape::Text => "text".to_owned(),
        Shape::Bool => "`true` or `false`".to_owned(),
        Shape::Integer => "a whole number".to_owned(),
        Shape::Word(_) => "one of the words below".to_owned(),
        Shape::Entity => "an entity".to_owned(),
        Shape::Field => "a field".to_owned(),
        Shape::FieldPath => "a path of fields".to_owned(),
        Shape::FieldType => "a [type](types.md)".to_owned(),
        Shape::Expression => "an expression".to_owned(),
        Shape::Statement => "a statement".to_owned(),
        Shape::List(item) => format!("a list of: {}", shown(item)),
        Shape::Steps => "a list of [steps](steps.md)".to_owned(),
        Shape::Mapping(spec) => format!("a mapping ({})", spec.name),
        Shape::OneOf(shapes) => shapes.iter().map(shown).collect::<Vec<_>>().join(" or "),
        Shape::Any => "anything".to_owned(),
    }
}

fn mappings_in(shape: &'static Shape) -> Vec<&'static MappingSpec> {
    match shape {
        Shape::Mapping(spec) => vec![spec],
        Shape::List(item) => mappings_in(item),
        Shape::OneOf(shapes) => shapes.iter().flat_map(mappings_in).collect(),
        _ => Vec::new(),
    }
}

fn steps() -> String {
    let mut text = String::from(
        "# Steps\n\nWhat an action does, in order; all of it happens, or nothing. A step is a mapping: its \
         keyword with a statement, and keys beside it.\n",
    );
    let keywords =
        STEP_KEYWORDS.iter().chain(STEP_ORDER.iter().filter(|it| !STEP_KEYWORDS.contains(it)));
    for keyword in keywords {
        let Some(declared) = keys::STEP.key(keyword) else { continue };
        let _ = write!(
            text,
            "\n## `{keyword}`\n\n*{}*\n\n{}\n",
            dialect(declared.support),
            declared.documentation
        );
        let beside: Vec<&KeySpec> =
            step_spec(keyword).keys.iter().filter(|it| it.name != *keyword).collect();
        // The vocabulary of a step that is read elsewhere is not known here.
        if STEP_KEYWORDS.contains(keyword) {
            for key in beside {
                let name = format!("`{}`: ", key.name);
                let _ = write!(text, "\n- {name}{}", key.documentation.replace('\n', "\n  "));
            }
            text.push('\n');
        }
    }
    text
}

fn types() -> String {
    let mut text = String::from(
        "# Types\n\nA type stands behind the name of a field or of a parameter: `text`, `text!` (a value is \
         required), `integer = 0` (with a default), `enum(draft, published)`, `list(text)`, `ref(User)`, \
         `ref(crm.Company)`, `ref(A|B)`.\n\n## Basic types\n\n| type | holds | PostgreSQL | GraphQL |\n|---|---|---|---|\n",
    );
    for it in BasicType::ALL {
        let _ = writeln!(
            text,
            "| `{}` | {} | `{}` | `{}` |",
            it.name(),
            it.documentation(),
            it.sql_type(),
            it.graphql_type()
        );
    }
    text.push_str(
        "\n## Rich scalars\n\n| type | holds | PostgreSQL | GraphQL | example | values |\n|---|---|---|---|---|---|\n",
    );
    for it in RICH_SCALARS {
        let bounds = match it.bounds {
            (Some(least), Some(greatest)) => format!("from {least} to {greatest}"),
            (Some(least), None) => format!("from {least}"),
            (None, Some(greatest)) => format!("to {greatest}"),
            (None, None) => String::new(),
        };
        let pattern =
            it.pattern.map(|it| format!("`{}`", it.replace('|', "\\|"))).unwrap_or_default();
        let _ = writeln!(
            text,
            "| `{}` | {} | `{}` | `{}` | `{}` | {pattern}{bounds} |",
            it.name, it.documentation, it.sql_type, it.graphql, it.example
        );
    }
    text.push_str("\n## Composites\n\nStored as `jsonb`. Parts with `!` are required.\n\n| type | holds | parts |\n|---|---|---|\n");
    for it in COMPOSITES {
        let part = |(name, ty, required): &(&str, &str, bool)| {
            format!("`{name}: {ty}{}`", if *required { "!" } else { "" })
        };
        let parts: Vec<String> = it.parts.iter().map(part).collect();
        let _ = writeln!(text, "| `{}` | {} | {} |", it.name, it.documentation, parts.join(", "));
    }
    text
}

fn functions() -> String {
    let mut text = String::from(
        "# Functions\n\nExpressions call functions of PostgreSQL. Of these the signatures are known, and \
         arguments of other types are findings; `…` takes any number, `?` may be left out. The others of \
         PostgreSQL may be called too, with whatever arguments.\n\n| call | gives |\n|---|---|\n",
    );
    for signature in functions::signatures() {
        let Some((call, gives)) = signature.rsplit_once(") ") else { continue };
        let _ = writeln!(text, "| `{})` | `{gives}` |", call.replace("...", "…"));
    }
    text.push_str("\nWithout a signature of their own, or without parentheses: ");
    let others: Vec<String> = functions::names()
        .filter(|it| !functions::signatures().any(|line| line.starts_with(&format!("{it}("))))
        .map(|it| format!("`{it}`"))
        .collect();
    let _ = writeln!(text, "{}.", others.join(", "));
    text
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|it| it.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
