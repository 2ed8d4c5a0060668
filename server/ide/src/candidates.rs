//! The files that can name something, so that a search looks at these alone.
//!
//! Invariant: every file that names it is among them. Entities and actions have an index; other names
//! stand in a file's text as they are declared or as in GraphQL, or behind an escape of YAML.

use std::sync::Arc;

use memchr::memmem::Finder;
use rayon::prelude::*;
use smol_str::SmolStr;
use specql_model::{EntityId, FileKind, SourceFile, Type, Workspace, entity::graphql_name};
use specql_text::TextRange;

use crate::references::Identity;

/// Begins of escapes that can hide letters of a name, in double quotes.
const ESCAPES: [&str; 5] = ["\\x", "\\u", "\\U", "\\\n", "\\\r"];

/// The files that can name something, in the order of their paths.
pub(crate) fn files<'a>(workspace: &'a Workspace, wanted: &Identity) -> Vec<&'a Arc<SourceFile>> {
    let mut ids = match wanted {
        Identity::Entity(id) => {
            let configs = workspace.files().filter(|it| matches!(it.kind, FileKind::Config(_)));
            let configs = configs.map(|it| it.id);
            workspace.in_order(workspace.files_naming(*id).into_iter().chain(configs))
        }
        Identity::Action(id) => {
            let own = std::iter::once(id.entity.0);
            workspace.in_order(workspace.files_calling(*id).into_iter().chain(own))
        }
        Identity::Field(owner, range) => {
            return with_text(workspace, &field(workspace, *owner, *range));
        }
        Identity::EnumValue(owner, range) => {
            return with_text(workspace, &enum_value(workspace, *owner, *range));
        }
        Identity::Parameter(owner, range) => {
            return with_text(workspace, &parameter(workspace, *owner, *range));
        }
        Identity::Event(name) => return with_text(workspace, name),
        Identity::Variable(_) => return workspace.files().collect(),
    };
    ids.dedup();
    ids.into_iter().filter_map(|it| workspace.file(it)).collect()
}

fn field(workspace: &Workspace, owner: EntityId, range: TextRange) -> SmolStr {
    let fields = workspace.entity(owner).into_iter().flat_map(|it| &it.fields);
    named(fields.map(|it| &it.name), range)
}

fn parameter(workspace: &Workspace, owner: EntityId, range: TextRange) -> SmolStr {
    let actions = workspace.entity(owner).into_iter().flat_map(|it| &it.actions);
    named(actions.flat_map(|it| &it.parameters).map(|it| &it.name), range)
}

fn enum_value(workspace: &Workspace, owner: EntityId, range: TextRange) -> SmolStr {
    let fields = workspace.entity(owner).into_iter().flat_map(|it| &it.fields);
    let values = fields.filter_map(|it| match &it.ty {
        Type::Enum(values) => Some(values),
        _ => None,
    });
    named(values.flatten(), range)
}

fn named<'a>(names: impl Iterator<Item = &'a specql_model::Name>, range: TextRange) -> SmolStr {
    names.filter(|it| it.range == range).map(|it| it.text.clone()).next().unwrap_or_default()
}

/// The files with a name in their texts. A name with other characters than letters can be written in
/// many ways, so all files may have it.
fn with_text<'a>(workspace: &'a Workspace, name: &str) -> Vec<&'a Arc<SourceFile>> {
    let files: Vec<_> = workspace.files().collect();
    let is_plain = |it: char| it.is_alphanumeric() || it == '_';
    if name.is_empty() || !name.chars().all(is_plain) {
        return files;
    }
    let graphql = graphql_name(name);
    let spellings = [name, &graphql].map(Finder::new);
    let backslash = Finder::new("\\");
    let may_name = |it: &&Arc<SourceFile>| {
        let text = it.text().as_bytes();
        let escapes = || ESCAPES.iter().any(|escape| it.text().contains(escape));
        spellings.iter().any(|it| it.find(text).is_some())
            || (backslash.find(text).is_some() && escapes())
    };
    files.into_par_iter().with_min_len(256).filter(may_name).collect()
}
