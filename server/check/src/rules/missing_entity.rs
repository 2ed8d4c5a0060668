//! A file that is meant as an entity file declares no entity, or one without a name.
//!
//! Other YAML is passed over where it is found in a folder. It is meant as an entity file when it was
//! named itself, or when its root has the keys of one and a slip where `entity` should be.

use specql_model::suggest;
use specql_syntax::yaml::{Node, ProblemKind};
use specql_text::{TextEdit, TextRange};

use crate::{Context, Diagnostic, Fix, Level, Rule};

pub(crate) const RULE: Rule = Rule {
    code: "missing-entity",
    level: Level::Error,
    summary: "an entity file that declares no entity",
    run: missing_entity,
    page: include_str!("../../../../docs/rules/missing-entity.md"),
};

fn missing_entity(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    let Some(entity) = ctx.entity().filter(|it| it.name.text.is_empty()) else { return };
    let yaml = ctx.file.parse().yaml();
    // Of several documents another may declare it, and that there are several is the mistake.
    if yaml.problems.iter().any(|it| it.kind == ProblemKind::SecondDocument) {
        return;
    }
    let root = &yaml.root;
    let is_shaped = root.get("entity").is_none_or(Node::is_null);
    if ctx.is_damaged(root.range) || !is_shaped {
        return;
    }
    let at = if entity.name.range.is_empty() { root.range } else { entity.name.range };
    let message = "the file does not name its entity, so nothing in it is generated; begin it with \
                   `entity: Name`";
    acc.push(ctx.finding(&RULE, ctx.first_line(at), message.to_owned()));
}

/// Keys that stand in the root of entity files and hardly together in that of any other file.
const OWN_KEYS: &[&str] = &["fields", "actions", "steps"];
/// Keys of files that have the same blocks and declare no entity: templates.
const OTHER_ROOTS: &[&str] = &["pattern", "patterns", "template", "domain", "import"];

/// The finding in a file that has the root of none; `named` says that it was named itself.
pub(crate) fn in_other_yaml(ctx: &Context<'_>, named: bool, acc: &mut Vec<Diagnostic>) {
    let root = &ctx.file.parse().yaml().root;
    let own = OWN_KEYS.iter().filter(|it| root.get(it).is_some()).count();
    if let Some(slip) = slip(root).or_else(|| lost_line(ctx)).filter(|_| named || own > 0) {
        let message = format!(
            "`{}` is no key of an entity file, so the file declares no entity and nothing in it is \
             checked; write `entity: {}`",
            slip.text,
            slip.entity.unwrap_or("Name")
        );
        let edit = TextEdit::replace(slip.range, slip.mended);
        let fix = Fix::review("Write `entity`".to_owned(), ctx.id(), vec![edit]);
        acc.push(ctx.finding(&RULE, slip.range, message).fix(Some(fix)));
        return;
    }
    let is_template = OTHER_ROOTS.iter().any(|it| root.get(it).is_some());
    if named || (own > 1 && !is_template) {
        let message = "the file declares no entity, so nothing in it is checked; begin it with \
                       `entity: Name`";
        acc.push(ctx.finding(&RULE, ctx.first_line(root.range), message.to_owned()));
    }
}

/// What stands where `entity: Name` should.
struct Slip<'a> {
    text: &'a str,
    range: TextRange,
    /// The name that is meant.
    entity: Option<&'a str>,
    /// What to write in its place.
    mended: String,
}

/// The key of a root that was meant as `entity`: `entiy: Post`, `Entity: Post`, `entity Post`.
fn slip(root: &Node) -> Option<Slip<'_>> {
    root.as_mapping()?.entries.iter().find_map(|entry| {
        let text = entry.key.as_str();
        let mut words = text.split_whitespace();
        let (first, second, more) = (words.next()?, words.next(), words.next());
        let is_meant = first == "entity" || suggest(first, ["entity"]).is_some();
        if !is_meant || more.is_some() {
            return None;
        }
        let mended = match second {
            Some(name) => format!("entity: {name}"),
            None if entry.missing_colon => "entity:".to_owned(),
            None => "entity".to_owned(),
        };
        Some(Slip { text, range: entry.key.range, entity: second, mended })
    })
}

/// A line `entity Post` or `entity:Post` that is no YAML: the colon is missing, or the blank behind it.
fn lost_line<'a>(ctx: &Context<'a>) -> Option<Slip<'a>> {
    let mut problems = ctx.file.parse().yaml().problems.iter();
    let range = problems.find(|it| it.kind == ProblemKind::Invalid)?.range;
    let text = ctx.slice(range).trim_end();
    let name = text.strip_prefix("entity").filter(|it| it.starts_with([' ', ':']))?;
    let name = name.trim_start_matches(':').trim();
    let is_name = !name.is_empty() && name.chars().all(char::is_alphanumeric);
    is_name.then(|| Slip { text, range, entity: Some(name), mended: format!("entity: {name}") })
}

#[cfg(test)]
mod tests {
    use crate::test_support::check_diagnostics;

    #[test]
    fn a_slip_where_the_entity_should_be() {
        check_diagnostics(
            r#"
#- /a.yaml
entiy: Post
#<^^^ 💡 error[missing-entity]: `entiy` is no key of an entity file, so the file declares no entity and nothing in it is checked; write `entity: Name`
fields:
  title: text
#- /b.yaml
schema: blog
Entity: Post
#<^^^^ 💡 error[missing-entity]
actions: []
#- /c.yaml
entity Post
#<^^^^^^^^^ 💡 error[missing-entity]: `entity Post` is no key of an entity file, so the file declares no entity and nothing in it is checked; write `entity: Post`
fields:
  title: text
#- /c2.yaml
entity:Post
#<^^^^^^^^^ 💡 error[missing-entity]: `entity:Post` is no key of an entity file, so the file declares no entity and nothing in it is checked; write `entity: Post`
fields:
  title: text
#- /d.yaml
schema: blog
#<^^^^^^^^^^ error[missing-entity]: the file declares no entity, so nothing in it is checked; begin it with `entity: Name`
fields:
  title: text
actions: []
"#,
        );
    }

    #[test]
    fn templates_and_other_files_with_such_keys_are_passed_over() {
        check_diagnostics(
            r#"
#- /pattern.yaml
pattern: counter
fields:
  title: text
actions: []
#- /form.yaml
fields:
  title: text
#- /registry.yaml
entities: [Post]
"#,
        );
    }

    #[test]
    fn a_name_that_is_not_typed_yet() {
        check_diagnostics(
            r#"
entity:
#<^^^^ error[missing-entity]: the file does not name its entity, so nothing in it is generated; begin it with `entity: Name`
fields:
  title: text
"#,
        );
    }

    #[test]
    fn a_file_named_as_an_entity_file() {
        check_diagnostics(
            r#"
#- /post.specql.yaml
schema: blog
#<^^^^^^^^^^ error[missing-entity]
fields:
  title: text
"#,
        );
    }

    #[test]
    fn other_yaml_is_passed_over() {
        check_diagnostics(
            r#"
#- /compose.yaml
services:
  database: {image: postgres}
"#,
        );
    }
}
