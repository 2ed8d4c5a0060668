//! `was: old_name` beside what is renamed: a migration then renames the table or the column, with what is in it,
//! instead of making a new one.

use specql_check::FileEdit;
use specql_model::{Entity, Field, SourceFile, Workspace};
use specql_syntax::{
    edit::{self, Value, scalar_text},
    yaml::{Entry, NodeKind},
};
use specql_text::{TextEdit, TextRange};

use crate::{Analysis, code_action::field_parts, identity::Identity};

/// The name of before, and what says it.
#[derive(Debug, Clone)]
pub struct FormerName {
    /// `entity` or `field`.
    pub what: &'static str,
    /// The name of before.
    pub old: String,
    /// What writes it into the file.
    pub edits: Vec<FileEdit>,
    /// The entity that is renamed, or whose field is, with its schema, and the name that its file says it had.
    entity: [String; 2],
    was: Option<String>,
}

impl FormerName {
    /// Whether there was such an entity or field in an earlier state of the project, so that there can be rows.
    #[must_use]
    pub fn is_known_in(&self, then: &Analysis) -> bool {
        let then = then.workspace();
        let [schema, name] = &self.entity;
        let names = [Some(name), self.was.as_ref()].into_iter().flatten();
        let found = names.flat_map(|it| then.entities_named(it)).filter_map(|it| then.entity(it));
        let mut entities = found.filter(|it| it.schema_name() == schema);
        match self.what {
            "entity" => entities.any(|it| it.name.text == self.old),
            _ => entities.any(|it| it.field(&self.old).is_some()),
        }
    }
}

/// The former name of an entity or a field that gets another one; nothing for what has no rows, and where the
/// file cannot say it.
pub(super) fn name(
    workspace: &Workspace,
    identity: &Identity,
    old: &str,
    new: &str,
    names: &[FileEdit],
) -> Option<FormerName> {
    let (id, field) = match identity {
        Identity::Entity(id) => (*id, None),
        Identity::Field(id, name) => (*id, Some(*name)),
        _ => return None,
    };
    let file = workspace.file(id.0).filter(|_| old != new)?;
    let entity = workspace.entity(id)?;
    let (what, edits) = match field {
        None => ("entity", of_entity(file, entity, old)?),
        Some(name) => {
            let entry = fields(file)?.iter().find(|it| it.key.range == name && !it.merged)?;
            let field = entity.fields.iter().find(|it| it.name.range == name)?;
            ("field", of_field(file, entry, field, old)?)
        }
    };
    // What is renamed inside of it is not overwritten.
    let is_free = |it: &TextEdit| {
        let own = names.iter().filter(|other| other.file == id.0);
        own.into_iter().all(|other| !overlap(other.edit.range, it.range))
    };
    let edits = edits.into_iter().map(|edit| FileEdit { file: id.0, edit }).collect::<Vec<_>>();
    (!edits.is_empty() && edits.iter().all(|it| is_free(&it.edit))).then(|| FormerName {
        what,
        old: old.to_owned(),
        edits,
        entity: [entity.schema_name().to_owned(), entity.name.text.to_string()],
        was: entity.was.as_ref().map(|it| it.text.to_string()),
    })
}

/// Whether two edits cannot be made both; they can where one ends before the other.
const fn overlap(one: TextRange, other: TextRange) -> bool {
    one.start() < other.end() && other.start() < one.end()
}

/// The entries of `fields`.
fn fields(file: &SourceFile) -> Option<&[Entry]> {
    let root = file.parse().yaml().root.as_mapping()?;
    let own = root.get("fields").or_else(|| root.get("entity")?.value.as_mapping()?.get("fields"));
    Some(&own?.value.as_mapping()?.entries)
}

fn of_entity(file: &SourceFile, entity: &Entity, old: &str) -> Option<Vec<TextEdit>> {
    let parse = file.parse();
    let root = &parse.yaml().root;
    let entries = root.as_mapping()?;
    if let Some(was) = entries.get("was") {
        return Some(edit::set_scalar(parse, &was.value, old));
    }
    let head = entries.get("entity").filter(|_| entity.was.is_none())?;
    Some(edit::insert_entry_after(parse, root, head, "was", &Value::Scalar(old.to_owned())))
}

/// In the long form a key more; the short form becomes one.
fn of_field(file: &SourceFile, entry: &Entry, field: &Field, old: &str) -> Option<Vec<TextEdit>> {
    let parse = file.parse();
    match &entry.value.kind {
        NodeKind::Mapping(it) => Some(match it.get("was") {
            Some(was) => edit::set_scalar(parse, &was.value, old),
            None => edit::insert_entry(parse, &entry.value, "was", &Value::Scalar(old.to_owned())),
        }),
        NodeKind::Scalar(_) => {
            let written = entry.value.range.slice(file.text());
            if written.contains('\n') || written.starts_with(['*', '&']) {
                return None;
            }
            let mut parts = field_parts(file, entry, field)?;
            parts.push(("was", old.to_owned()));
            let parts = parts.into_iter().map(|(key, value)| {
                let is_quoted = value.starts_with(['\'', '"']);
                match (is_quoted || !value.contains(['[', ']', '{', '}', ',']), key) {
                    (true, _) => Some(format!("{key}: {value}")),
                    (false, "type") => Some(format!("{key}: {}", scalar_text(&value, true))),
                    // In quotes an expression would be a text.
                    (false, _) => None,
                }
            });
            let text = format!("{{{}}}", parts.collect::<Option<Vec<_>>>()?.join(", "));
            Some(vec![TextEdit::replace(entry.value.range, text)])
        }
        NodeKind::Missing | NodeKind::Sequence(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use specql_text::apply_edits;

    use crate::{ArtifactKind, test_support::Fixture};

    /// The cursor's file after a rename with what says the former name, and whether that leaves the SQL as it is.
    fn renamed(fixture: &str, new: &str) -> Option<String> {
        let it = Fixture::new(fixture);
        let renaming = it.analysis.rename(it.file, it.offset(), new).unwrap();
        let former = renaming.former?;
        let text = it.analysis.text(it.file).unwrap();
        let edits =
            |all: &[crate::FileEdit]| all.iter().map(|it| it.edit.clone()).collect::<Vec<_>>();
        let (names, was) = (edits(&renaming.names), edits(&former.edits));
        let (plain, full) = (apply_edits(text, &names), apply_edits(text, &[names, was].concat()));
        let sql = |text: &str| {
            let it = Fixture::new(text);
            let findings = it.analysis.diagnostics(it.file).len();
            let files = it.analysis.emit(&ArtifactKind::BESIDE).into_iter();
            (findings, files.map(|it| (it.path, it.text)).collect::<Vec<_>>())
        };
        assert_eq!(sql(&plain), sql(&full), "{full}");
        Some(full)
    }

    fn field(written: &str) -> String {
        let fixture = format!("entity: Post\nfields:\n  {written}\n");
        let text = renamed(&fixture, "heading").unwrap();
        text.trim_start_matches("entity: Post\nfields:\n").trim_end().to_owned()
    }

    #[test]
    fn a_field_says_its_former_name() {
        assert_eq!(field("ti$0tle: text"), "  heading: {type: text, was: title}");
        assert_eq!(field("ti$0tle: text!"), "  heading: {type: text, nullable: false, was: title}");
        assert_eq!(
            field("ti$0tle: enum(a, b) = a  # which"),
            "  heading: {type: 'enum(a, b)', default: a, was: title}  # which"
        );
        assert_eq!(
            field("ti$0tle: \"text = 'x'\""),
            "  heading: {type: text, default: 'x', was: title}"
        );
        assert_eq!(
            field("ti$0tle:\n    type: text\n    default: x"),
            "  heading:\n    type: text\n    default: x\n    was: title"
        );
        assert_eq!(
            field("ti$0tle: {type: text, was: name}"),
            "  heading: {type: text, was: title}"
        );
    }

    #[test]
    fn an_entity_says_its_former_name() {
        let text = renamed("entity: Po$0st\nschema: blog\nfields:\n  title: text\n", "Article");
        assert_eq!(
            text.unwrap(),
            "entity: Article\nwas: Post\nschema: blog\nfields:\n  title: text\n"
        );
        let text = renamed("entity: Po$0st\nwas: Page\nfields:\n  title: text\n", "Page");
        assert_eq!(text.unwrap(), "entity: Page\nwas: Post\nfields:\n  title: text\n");
    }

    #[test]
    fn what_has_no_rows_had_no_name() {
        let actions = "entity: Post\nfields:\n  st: enum(a, b)\nactions:\n  - name: go\n    params: {x: text}\n";
        for (place, new) in [("enum($0a", "c"), ("name: g$0o", "run"), ("{$0x", "y")] {
            let fixture = actions.replacen(&place.replace("$0", ""), place, 1);
            assert_eq!(renamed(&fixture, new), None, "{place}");
        }
    }

    #[test]
    fn an_earlier_state_knows_what_was_there() {
        let it = Fixture::new("entity: Art$0icle\nwas: Post\nfields:\n  title: text\n");
        let field = it.analysis.text(it.file).unwrap().find("title").unwrap();
        let rename =
            |offset: u32| it.analysis.rename(it.file, offset, "New").unwrap().former.unwrap();
        let known = |text: &str| {
            let then = Fixture::new(text).analysis;
            let field = rename(u32::try_from(field).unwrap());
            (rename(it.offset()).is_known_in(&then), field.is_known_in(&then))
        };
        assert_eq!(known("entity: Article\nfields:\n  title: text\n"), (true, true));
        assert_eq!(known("entity: Post\nfields:\n  title: text\n"), (false, true));
        assert_eq!(
            known("entity: Article\nschema: blog\nfields:\n  title: text\n"),
            (false, false)
        );
        assert_eq!(known("entity: Article\nfields:\n  name: text\n"), (true, false));
    }
}
