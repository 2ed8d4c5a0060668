//! A file that is meant as an entity file declares no entity, or one without a name.
//!
//! Other YAML is passed over where it is found in a folder. It is meant as an entity file when it was
//! named itself, or when its root has the keys of one and a slip where `entity` should be.

use specql_model::{OTHER_ROOTS, suggest};
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
    let Some(entity) = ctx.entity() else { return };
    if !entity.name.text.is_empty() {
        acc.extend(slip(&ctx.file.parse().yaml().root).map(|it| in_entity_file(ctx, it)));
        return;
    }
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

/// The finding in a file that has the root of none; `named` says that it was named itself.
pub(crate) fn in_other_yaml(ctx: &Context<'_>, named: bool, acc: &mut Vec<Diagnostic>) {
    let root = &ctx.file.parse().yaml().root;
    let own = OWN_KEYS.iter().filter(|it| root.get(it).is_some()).count();
    if let Some(slip) = slip(root).filter(|_| named || own > 0).or_else(|| slip_line(ctx, named)) {
        let message = format!(
            "`{}` is no key of an entity file, so the file declares no entity and nothing in it is \
             checked; write `entity: {}`",
            slip.text,
            slip.entity.unwrap_or("Name")
        );
        acc.push(mend(ctx, slip, message));
        return;
    }
    if let Some(item) = item(root) {
        let message = "the root is a list, so the file declares no entity and nothing in it is checked; take \
                       the `-` away, and give every entity a file of its own";
        acc.push(ctx.finding(&RULE, ctx.first_line(item.range), message.to_owned()));
        return;
    }
    let is_template = OTHER_ROOTS.iter().any(|it| root.get(it).is_some());
    if named || (!is_template && (own > 1 || is_of_an_entity(root))) {
        let message = "the file declares no entity, so nothing in it is checked; begin it with \
                       `entity: Name`";
        acc.push(ctx.finding(&RULE, ctx.first_line(root.range), message.to_owned()));
    }
}

/// Whether one block alone says that it is of an entity file: fields beside the schema of a table, or with a
/// type that is written as SpecQL writes it; actions with steps; steps that write.
fn is_of_an_entity(root: &Node) -> bool {
    let fields = root.get("fields").and_then(Node::as_mapping).map(|it| &it.entries);
    let is_type = |it: &Node| {
        let text = it.as_scalar().or_else(|| it.get("type")?.as_scalar()).map(|it| &*it.text);
        text.is_some_and(|it| ["ref(", "enum(", "list("].iter().any(|of| it.starts_with(of)))
    };
    let has_schema = root.get("schema").is_some_and(|it| it.as_scalar().is_some());
    let items = |key| root.get(key).and_then(Node::as_sequence).map(|it| it.items.as_slice());
    let is_step = |it: &Node| WRITES.iter().any(|key| it.get(key).is_some_and(is_text));
    let has_steps = |it: &Node| {
        it.get("name").is_some() && it.get("steps").is_some_and(|it| it.as_sequence().is_some())
    };
    fields
        .is_some_and(|it| !it.is_empty() && (has_schema || it.iter().any(|it| is_type(&it.value))))
        || items("actions").is_some_and(|it| it.iter().any(has_steps))
        || items("steps").is_some_and(|it| it.iter().any(is_step))
}

/// Steps that no pipeline of a service has.
const WRITES: &[&str] = &["insert", "update", "delete", "upsert"];

fn is_text(it: &Node) -> bool {
    it.as_scalar().is_some()
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

/// The key of a root that was meant as `entity`.
fn slip(root: &Node) -> Option<Slip<'_>> {
    let specql_model::Slip { entry, name_in_key, .. } = specql_model::slip(root)?;
    let text = entry.key.as_str();
    let entity = if name_in_key { text.split_whitespace().nth(1) } else { None };
    let mended = match entity {
        Some(name) => format!("entity: {name}"),
        None if entry.missing_colon => "entity:".to_owned(),
        None => "entity".to_owned(),
    };
    Some(Slip { text, range: entry.key.range, entity, mended })
}

/// The finding of a slip in a file that is read as what it means.
fn in_entity_file(ctx: &Context<'_>, slip: Slip<'_>) -> Diagnostic {
    let message = format!(
        "`{}` is no key of an entity file, so generators pass the file over; write `{}`",
        slip.text, slip.mended
    );
    mend(ctx, slip, message)
}

fn mend(ctx: &Context<'_>, slip: Slip<'_>, message: String) -> Diagnostic {
    let edit = TextEdit::replace(slip.range, slip.mended);
    let fix = Fix::review("Write `entity`".to_owned(), ctx.id(), vec![edit]);
    ctx.finding(&RULE, slip.range, message).fix(Some(fix))
}

/// A line at the margin that was meant as `entity: Post`, and is none for a YAML reader: `entity Post`,
/// `entity= Post`, `- entity: Post`. Where the file was not named, blocks of an entity file stand beside it.
fn slip_line<'a>(ctx: &Context<'a>, named: bool) -> Option<Slip<'a>> {
    let text = ctx.file.text();
    let own = |line: &str| {
        line.split_once(':').is_some_and(|(key, _)| OWN_KEYS.contains(&key.trim_end()))
    };
    let slip = lines(text).find_map(|(at, line)| slip_of_line(at, line))?;
    (named || lines(text).any(|(_, line)| own(line))).then_some(slip)
}

/// The lines that begin at the margin, with their offsets.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    let all = text.split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        (start, line)
    });
    all.filter(|(_, line)| !line.starts_with([' ', '\t', '\r', '\n', '#']))
}

fn slip_of_line(at: usize, line: &str) -> Option<Slip<'_>> {
    const QUOTES: [char; 2] = ['"', '\''];
    let text = line.split(" #").next()?.trim_end();
    let rest = text.strip_prefix("- ").unwrap_or(text).trim_start_matches(QUOTES);
    let word = rest.get(..rest.find(|it: char| !it.is_alphanumeric())?)?;
    let is_meant = word.eq_ignore_ascii_case("entity")
        || word == "entities"
        || suggest(word, ["entity"]).is_some();
    let name = rest.get(word.len()..)?.trim_start_matches(QUOTES);
    let name = name.trim_start_matches(|it: char| " :=->;,.".contains(it));
    let name = name.trim_end_matches(|it: char| ": ".contains(it)).trim_matches(QUOTES);
    let is_name = name.starts_with(char::is_alphabetic)
        && name.chars().all(|it| it.is_alphanumeric() || it == '_');
    let offset = |it: usize| u32::try_from(it).unwrap_or(u32::MAX);
    let range = TextRange::new(offset(at), offset(at + text.len()));
    let mended = format!("entity: {name}");
    (is_meant && is_name).then_some(Slip { text, range, entity: Some(name), mended })
}

/// The item of a list that would be an entity file without its hyphen.
fn item(root: &Node) -> Option<&Node> {
    let declares = |it: &&Node| {
        let name = it.get("entity").and_then(Node::as_scalar);
        name.is_some_and(|it| it.text.starts_with(char::is_uppercase))
            && OWN_KEYS.iter().any(|key| it.get(key).is_some())
    };
    root.as_sequence()?.items.iter().find(declares)
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
#<^^^ 💡 error[missing-entity]: `entiy` is no key of an entity file, so generators pass the file over; write `entity`
fields:
  title: text
#- /b.yaml
schema: blog
Entity: Page
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
    fn what_a_slip_declares_is_there_for_others() {
        check_diagnostics(
            r#"
#- /book.yaml
Entity: Book
#<^^^^ 💡 error[missing-entity]: `Entity` is no key of an entity file, so generators pass the file over; write `entity`
schema: lib
fields:
  title: text!
#- /loan.yaml
entity: Loan
schema: lib
fields:
  book: ref(Book)!
actions:
  - name: rename
    steps:
      - update: Book SET title = (SELECT max(b.title) FROM lib.tb_book b)
    impact:
      primary: {entity: Book, operation: UPDATE, fields: [title]}
"#,
        );
    }

    #[test]
    fn one_block_that_only_an_entity_has() {
        for (first, rest) in [
            ("schema: blog", "fields:\n  title: text\n"),
            ("fields:", "  author: ref(User)\n"),
            ("fields:", "  state: {type: 'enum(a, b)'}\n"),
            ("actions:", "  - name: x\n    steps: []\n"),
            ("steps:", "  - validate: a > 0\n  - insert: Post SET a = 1\n"),
        ] {
            let marker =
                format!("#<{} error[missing-entity]: the file", "^".repeat(first.len() - 2));
            check_diagnostics(&format!(
                "\n#- /a.yaml\n{first}\n{marker} declares no entity, so nothing in it is checked; begin it with \
                 `entity: Name`\n{rest}"
            ));
        }
    }

    #[test]
    fn slips_that_are_no_yaml_or_another_value() {
        for line in [
            "entity= Post",
            "entity = Post",
            "entityy Post",
            "entities: Post",
            "- entity: Post",
            "Entity Post",
            "entity; Post",
            "entity - Post",
            "entity -> Post",
            "enttiy:Post",
            "\"entity\" Post",
        ] {
            for before in ["", "schema: blog\n"] {
                let marker = format!(
                    "#<{} 💡 error[missing-entity]: `{line}` is no key",
                    "^".repeat(line.len() - 2)
                );
                check_diagnostics(&format!(
                    "\n#- /a.yaml\n{before}{line}\n{marker} of an entity file, so the file declares no entity and \
                     nothing in it is checked; write `entity: Post`\nfields:\n  title: text\n"
                ));
            }
        }
    }

    #[test]
    fn a_list_of_entities() {
        check_diagnostics(
            r#"
#- /a.yaml
- entity: Post
# ^^^^^^^^^^^^ error[missing-entity]: the root is a list, so the file declares no entity and nothing in it is checked; take the `-` away, and give every entity a file of its own
  fields:
    title: text
"#,
        );
    }

    #[test]
    fn files_of_other_programs_are_passed_over() {
        check_diagnostics(
            r#"
#- /pipeline.yaml
trigger: [main]
steps:
  - script: entity Post
#- /action.yaml
name: x
runs:
  using: composite
  steps: []
#- /deployment.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: entity}
#- /openapi.yaml
openapi: 3.1.0
paths: {}
components:
  schemas:
    entity: {type: object}
#- /forms.yaml
schema: {version: 1}
fields: {a: text}
#- /bot.yaml
actions: [greet, name]
#- /empty.yaml
schema: blog
fields: {}
#- /workflow.yaml
steps:
  - name: Update
    uses: actions/checkout@v4
  - update: {with: x}
#- /home.yaml
- entity: light.kitchen
  name: Kitchen
- entity: light.hall
  actions: []
#- /model.yaml
entities:
  - Post
fields: [a]
#- /list.yaml
entities: [Post]
fields: [a]
#- /notes.yaml
entity Post
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
