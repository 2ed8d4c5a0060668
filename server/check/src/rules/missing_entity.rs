//! A file that is meant as an entity file declares no entity, or one without a name.
//!
//! Other YAML is passed over where it is found in a folder. It is meant as an entity file when it was
//! named itself, or when its root has the keys of one and a slip where `entity` should be.

use specql_model::{Declared, Nameless, OWN_KEYS};
use specql_syntax::yaml::{Entry, Node, ProblemKind};
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
    let yaml = ctx.file.parse().yaml();
    let root = &yaml.root;
    let is_named = !entity.name.text.is_empty() && entity.declared != Declared::ByFileName;
    if is_named {
        acc.extend(slip(root).map(|it| in_entity_file(ctx, it)));
        return;
    }
    // Of several documents another may declare it, and that there are several is the mistake.
    if yaml.problems.iter().any(|it| it.kind == ProblemKind::SecondDocument) {
        return;
    }
    let is_shaped = root.get("entity").is_none_or(Node::is_null);
    if ctx.is_damaged(root.range) || !is_shaped {
        return;
    }
    let meant = || meant_as_entity(ctx).map(|it| said_by(it, &entity.name.text));
    if let Some(it) = slip(root).or_else(meant) {
        acc.push(in_entity_file(ctx, it));
        return;
    }
    let name = Some(entity.name.as_str()).filter(|it| !it.is_empty());
    let at = if entity.name.range.is_empty() { root.range } else { entity.name.range };
    let message = format!(
        "the file does not name its entity, so nothing in it is generated; begin it with `entity: {}`",
        name.unwrap_or("Name")
    );
    let found = ctx.finding(&RULE, ctx.first_line(at), message);
    acc.push(found.fix(name.and_then(|it| begin(ctx, root, it))));
}

/// The entry of an entity file that was meant as `entity`.
pub(super) fn meant_as_entity<'a>(ctx: &Context<'a>) -> Option<&'a Entry> {
    let root = &ctx.file.parse().yaml().root;
    ctx.entity()?;
    let slip = || specql_model::slip(root).map(|it| it.entry);
    slip().or_else(|| specql_model::nameless(root, &ctx.file.path)?.entry)
}

/// The finding in a file that has the root of none; `named` says that it was named itself.
pub(crate) fn in_other_yaml(ctx: &Context<'_>, named: bool, acc: &mut Vec<Diagnostic>) {
    let root = &ctx.file.parse().yaml().root;
    let own = OWN_KEYS.iter().filter(|it| root.get(it).is_some()).count();
    if let Some(item) = specql_model::listed_entity(root) {
        let message = "the root is a list, so the file declares no entity and nothing in it is checked; take \
                       the `-` away, and give every entity a file of its own";
        acc.push(ctx.finding(&RULE, ctx.first_line(item.range), message.to_owned()));
        return;
    }
    if let Some(slip) = slip(root).filter(|_| named || own > 0).or_else(|| line(ctx, named)) {
        let message = format!(
            "`{}` is no key of an entity file, so the file declares no entity and nothing in it is \
             checked; write `entity: {}`",
            slip.text,
            slip.entity.unwrap_or("Name")
        );
        acc.push(mend(ctx, slip, message));
        return;
    }
    match specql_model::nameless(root, &ctx.file.path) {
        Some(Nameless { name, entry: Some(entry) }) => {
            let message = format!(
                "`{}` is no key of an entity file, so the file declares no entity and nothing in it is \
                 checked; write `entity: {name}`",
                entry.key.text
            );
            acc.push(mend(ctx, said_by(entry, &name), message));
        }
        Some(Nameless { name, entry: None }) => {
            acc.push(absent(ctx, root, &name).fix(begin(ctx, root, &name)));
        }
        None if named || specql_model::is_of_entity_file(root) => {
            acc.push(absent(ctx, root, "Name"));
        }
        None => {}
    }
}

/// The finding in a file that names no entity.
fn absent(ctx: &Context<'_>, root: &Node, name: &str) -> Diagnostic {
    let message = format!(
        "the file declares no entity, so nothing in it is checked; begin it with `entity: {name}`"
    );
    ctx.finding(&RULE, ctx.first_line(root.range), message)
}

/// Writes the line that is missing: where one has lost its key, or before the first one of the root.
fn begin(ctx: &Context<'_>, root: &Node, name: &str) -> Option<Fix> {
    let start = root.range.start();
    let before = ctx.file.text().get(..start as usize)?;
    let is_block = before.is_empty() || before.ends_with('\n');
    let edit = match line_without_key(before, name) {
        Some(range) => TextEdit::replace(range, format!("entity: {name}")),
        None => TextEdit::insert(start, format!("entity: {name}\n")),
    };
    let is_brackets = ctx.slice(root.range).starts_with('{');
    (is_block && !is_brackets)
        .then(|| Fix::review(format!("Write `entity: {name}`"), ctx.id(), vec![edit]))
}

/// A line that has nothing but the colon behind its key, or the name behind that, with its indentation.
fn line_without_key(text: &str, name: &str) -> Option<TextRange> {
    let mut at = 0;
    text.split_inclusive('\n').find_map(|line| {
        let start = at;
        at += line.len();
        let value = line.trim_start().strip_prefix(':')?.trim();
        let is_rest = value.is_empty() || value == name;
        is_rest.then(|| TextRange::from(start..start + line.trim_end().len()))
    })
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

/// The entry that says the name behind another key.
fn said_by<'a>(entry: &'a Entry, name: &'a str) -> Slip<'a> {
    let mended = "entity".to_owned();
    Slip { text: entry.key.as_str(), range: entry.key.range, entity: Some(name), mended }
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

/// A line that was meant as `entity: Post`, and is none for a YAML reader.
fn line<'a>(ctx: &Context<'a>, named: bool) -> Option<Slip<'a>> {
    let slip_line = specql_model::slip_line(ctx.file.text(), named)?;
    let mended = format!("entity: {}", slip_line.name);
    let entity = Some(slip_line.name);
    Some(Slip { text: slip_line.text, range: slip_line.range, entity, mended })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use specql_model::{FileId, SourceFile, Workspace};

    use crate::{
        check_file,
        test_support::{check_diagnostics, check_fix},
    };

    #[test]
    fn a_file_that_says_nothing() {
        for text in ["", "\n", "# only words\n", "---\n"] {
            let file = SourceFile::new(FileId(0), "empty.specql.yaml", text);
            let found = check_file(&Workspace::new([Arc::new(file)]), FileId(0));
            let codes: Vec<&str> = found.iter().map(|it| it.code).collect();
            assert_eq!(codes, ["missing-entity"], "{text:?}");
        }
    }

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
#<^^^^^^^^^^ 💡 error[missing-entity]: the file declares no entity, so nothing in it is checked; begin it with `entity: D`
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
    fn what_a_slip_of_a_line_declares_is_there_for_others() {
        for line in [
            "entity= Book",
            "- entity: Book",
            "entity:Book",
            "entity Book",
            "entity\tBook",
            ": Book",
            ":Book",
            "  : Book",
            "  entity Book",
        ] {
            for blocks in ["", "schema: lib\n", "schema: lib\nfields:\n  title: text!\n"] {
                let title = if blocks.contains("title") { " WHERE title = 'x'" } else { "" };
                let step = format!("- find: Book{title}");
                let written = line.trim_start();
                let marker = if written == line {
                    format!("#<{}", "^".repeat(line.len() - 2))
                } else {
                    format!("# {}", "^".repeat(written.len()))
                };
                check_diagnostics(&format!(
                    "
#- /book.yaml
{line}
{marker} 💡 error[missing-entity]
{blocks}#- /loan.yaml
entity: Loan
schema: lib
fields:
  book: ref(Book)!
actions:
  - name: look
    steps:
      {step}
"
                ));
            }
        }
    }

    #[test]
    fn the_file_says_which_entity_it_is() {
        check_diagnostics(
            "
#- /lib/blog_post.yaml
schema: lib
#<^^^^^^^^^ 💡 error[missing-entity]: the file declares no entity, so nothing in it is checked; begin it with `entity: BlogPost`
fields:
  title: text!
#- /lib/person.yaml
schema: lib
nmae: Author
#<^^ 💡 error[missing-entity]: `nmae` is no key of an entity file, so the file declares no entity and nothing in it is checked; write `entity: Author`
fields:
  name: text!
#- /loan.yaml
entity: Loan
schema: lib
fields:
  post: ref(BlogPost)!
  author: ref(Author)!
actions:
  - name: look
    steps:
      - find: BlogPost WHERE title = 'x'
",
        );
        check_fix(
            "#- /lib/blog_post.yaml\n# ours\n$0schema: lib  # here\nfields:\n  title: text\n",
            "# ours\nentity: BlogPost\nschema: lib  # here\nfields:\n  title: text\n",
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
                format!("#<{} 💡 error[missing-entity]: the file", "^".repeat(first.len() - 2));
            check_diagnostics(&format!(
                "\n#- /a.yaml\n{first}\n{marker} declares no entity, so nothing in it is checked; begin it with \
                 `entity: A`\n{rest}"
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
            ": Post",
            ":Post",
            ": 'Post'",
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
    fn a_line_that_has_lost_its_key_is_mended_where_it_stands() {
        for (file, line) in
            [("post.yaml", "$0: Post"), ("x.yaml", "$0:Post"), ("post.yaml", ":\n$0")]
        {
            let end = if line.ends_with("$0") { "" } else { "\n" };
            check_fix(
                &format!("#- /{file}\n# ours\n{line}{end}schema: blog\nfields:\n  title: text\n"),
                "# ours\nentity: Post\nschema: blog\nfields:\n  title: text\n",
            );
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
#- /b.yaml
entity: Note
fields:
  post: ref(Post)
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
entity Post has a title
#- /other.yaml
entity Post
kind: note
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
#<^^^^^^^^^^ 💡 error[missing-entity]: the file does not name its entity, so nothing in it is generated; begin it with `entity: Post`
fields:
  title: text
#- /note.specql.yaml
schema: blog
nmae: Note
#<^^ 💡 error[missing-entity]: `nmae` is no key of an entity file, so generators pass the file over; write `entity`
fields:
  post: ref(Post)
  text: txt
  #     ^^^ 💡 error[unknown-type]
#- /page.specql.yaml
entiy: page
#<^^^ 💡 error[missing-entity]: `entiy` is no key of an entity file, so generators pass the file over; write `entity`
fields:
  note: ref(Note)
#- /.specql.yaml
fields:
#<^^^^^ error[missing-entity]: the file does not name its entity, so nothing in it is generated; begin it with `entity: Name`
  title: text
"#,
        );
        check_fix(
            "#- /post.specql.yaml\n# ours\n$0fields:\n  title: text\n",
            "# ours\nentity: Post\nfields:\n  title: text\n",
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
