//! The files that can name something, so that a search looks at these alone.
//!
//! Invariant: every file that names it is among them. Entities and actions have an index. A field, its
//! values and what an action is given are named only where their entity is dealt with, and at the end of
//! a path that leads there, in queries of its table, in what is invalidated and in what views take in; the
//! name then stands in the text, or hides behind an escape of YAML.

use std::{collections::BTreeSet, sync::Arc};

use ecow::EcoString;
use memchr::memmem::Finder;
use rayon::prelude::*;
use rustc_hash::FxHashSet;
use specql_check::queries_of;
use specql_model::{
    Entity, EntityId, FileId, Name, SourceFile, Type, Workspace, entity::graphql_name,
};
use specql_text::TextRange;

use crate::identity::Identity;

/// Begins of escapes that can hide letters of a name, in double quotes.
const ESCAPES: [&str; 5] = ["\\x", "\\u", "\\U", "\\\n", "\\\r"];

/// Under such a key stand queries of clients.
const INVALIDATIONS: &str = "nvalidations";

/// The files that can name something, in the order of their paths.
pub(crate) fn files<'a>(workspace: &'a Workspace, wanted: &Identity) -> Vec<&'a Arc<SourceFile>> {
    let mut ids = match wanted {
        Identity::Entity(id) => {
            let naming = workspace.files_naming(*id).into_iter();
            let querying = querying(workspace, *id);
            workspace.in_order(naming.chain(querying).chain(workspace.config_files()))
        }
        Identity::Action(id) => {
            let own = std::iter::once(id.entity.0);
            workspace.in_order(workspace.files_calling(*id).into_iter().chain(own))
        }
        Identity::Field(owner, range) => {
            return naming_field(workspace, *owner, &field(workspace, *owner, *range), None);
        }
        Identity::EnumValue(owner, range) => {
            let (field, value) = enum_value(workspace, *owner, *range);
            return naming_field(workspace, *owner, &field, Some(&value));
        }
        Identity::Parameter(owner, _) | Identity::Choice(owner, _) => {
            let actions = workspace.entity(*owner).into_iter().flat_map(|it| it.action_ids());
            let calling = actions.flat_map(|it| workspace.files_calling(it.0));
            let files: BTreeSet<FileId> = calling.chain([owner.0]).collect();
            workspace.in_order(files)
        }
        Identity::Event(name) => return with_text(workspace, &Spelling::new(name)),
        Identity::Variable(_) => return workspace.files().collect(),
    };
    ids.dedup();
    ids.into_iter().filter_map(|it| workspace.file(it)).collect()
}

/// The files that can name a field, and a value of it.
fn naming_field<'a>(
    workspace: &'a Workspace,
    owner: EntityId,
    field: &str,
    value: Option<&str>,
) -> Vec<&'a Arc<SourceFile>> {
    let handling: FxHashSet<FileId> = workspace.files_handling(owner).into_iter().collect();
    let (name, value) = (Spelling::new(field), value.map(Spelling::new));
    let asked = workspace.entity(owner).map(|it| Asked::of(it));
    let is_named = |it: &SourceFile| match name.stands_in(it.text()) {
        Stands::Nowhere => false,
        Stands::BehindDot => true,
        Stands::Alone => {
            handling.contains(&it.id)
                || takes_in_rows(it)
                || asked.as_ref().is_some_and(|asked| asked.is_asked_by(it))
        }
    };
    let may_name = |it: &&Arc<SourceFile>| {
        let text = it.text();
        is_named(it) && value.as_ref().is_none_or(|it| it.lies_in(text)) || has_escapes(text)
    };
    let files: Vec<_> = workspace.files().collect();
    files.into_par_iter().with_min_len(256).filter(may_name).collect()
}

/// Whether a file has a view, which can name fields of any entity.
fn takes_in_rows(file: &SourceFile) -> bool {
    file.entity().is_some_and(|it| it.views.is_some())
}

/// How rows of an entity are asked for without its name.
struct Asked {
    table: Finder<'static>,
    queries: [String; 3],
}

impl Asked {
    fn of(entity: &Entity) -> Self {
        let table = Finder::new(&entity.table_name()).into_owned();
        Self { table, queries: queries_of(&entity.snake_name()) }
    }

    fn is_asked_by(&self, file: &SourceFile) -> bool {
        let is_it = |query: &Name| self.queries.contains(&graphql_name(&query.text));
        let actions = file.entity().into_iter().flat_map(|it| &it.actions);
        let impacts = actions.filter_map(|it| it.impact.as_deref());
        let mut queries =
            impacts.flat_map(|it| &it.cache_invalidations).filter_map(|it| it.query.as_ref());
        self.table.find(file.text().as_bytes()).is_some() || queries.any(is_it)
    }
}

/// The files with the table of an entity, or a query of clients about it, in their texts.
fn querying(workspace: &Workspace, id: EntityId) -> Vec<FileId> {
    let Some(entity) = workspace.entity(id) else { return Vec::new() };
    let snake = entity.snake_name();
    // However a query is spelled, and whatever its number.
    let stem = snake.strip_suffix('y').unwrap_or(&snake);
    let camel = graphql_name(stem);
    let (table, stems) = (entity.table_name(), [stem, &camel].map(Finder::new));
    let (table, marks) = (Finder::new(&table), [INVALIDATIONS, "impacts"].map(Finder::new));
    let files: Vec<_> = workspace.files().collect();
    let names = |it: &&Arc<SourceFile>| {
        let text = it.text().as_bytes();
        let has = |words: &[Finder<'_>]| words.iter().any(|it| it.find(text).is_some());
        table.find(text).is_some() || has(&marks) && has(&stems)
    };
    files.into_par_iter().with_min_len(256).filter(names).map(|it| it.id).collect()
}

/// How a field, or a value of an enum, stands in a text without escapes wherever it is named.
pub(crate) fn spelling(workspace: &Workspace, wanted: &Identity) -> Option<Spelling> {
    match wanted {
        Identity::Field(owner, range) => Some(Spelling::new(&field(workspace, *owner, *range))),
        Identity::EnumValue(owner, range) => {
            Some(Spelling::new(&enum_value(workspace, *owner, *range).1))
        }
        _ => None,
    }
}

fn field(workspace: &Workspace, owner: EntityId, range: TextRange) -> EcoString {
    let mut fields = workspace.entity(owner).into_iter().flat_map(|it| &it.fields);
    fields.find(|it| it.name.range == range).map(|it| it.name.text.clone()).unwrap_or_default()
}

/// The field that has a value, and the value.
fn enum_value(workspace: &Workspace, owner: EntityId, range: TextRange) -> (EcoString, EcoString) {
    let fields = workspace.entity(owner).into_iter().flat_map(|it| &it.fields);
    let values = fields.filter_map(|it| match &it.ty {
        Type::Enum(values) => Some((it, values)),
        _ => None,
    });
    let mut all = values.flat_map(|(it, values)| values.iter().map(move |value| (it, value)));
    let found = all.find(|it| it.1.range == range);
    found.map(|it| (it.0.name.text.clone(), it.1.text.clone())).unwrap_or_default()
}

/// The files with a name in their texts.
fn with_text<'a>(workspace: &'a Workspace, name: &Spelling) -> Vec<&'a Arc<SourceFile>> {
    let files: Vec<_> = workspace.files().collect();
    let may_name = |it: &&Arc<SourceFile>| name.lies_in(it.text()) || has_escapes(it.text());
    files.into_par_iter().with_min_len(256).filter(may_name).collect()
}

pub(crate) fn has_escapes(text: &str) -> bool {
    memchr::memchr(b'\\', text.as_bytes()).is_some_and(|at| {
        let rest = text.get(at..).unwrap_or_default();
        ESCAPES.iter().any(|it| rest.contains(it))
    })
}

/// How a name can stand in a text: as it is declared, or as in GraphQL. One with other characters than
/// letters can be written in many ways, so every text may have it.
pub(crate) struct Spelling(Option<[Finder<'static>; 2]>);

/// Where a name stands in a text.
enum Stands {
    Nowhere,
    /// Somewhere, but nowhere at the end of a path.
    Alone,
    /// Behind a dot, perhaps in quotes.
    BehindDot,
}

impl Spelling {
    pub(crate) fn new(name: &str) -> Self {
        let is_plain = |it: char| it.is_alphanumeric() || it == '_';
        if name.is_empty() || !name.chars().all(is_plain) {
            return Self(None);
        }
        let spellings = [name.to_owned(), graphql_name(name)];
        Self(Some(spellings.map(|it| Finder::new(it.as_bytes()).into_owned())))
    }

    /// The different spellings.
    fn finders(&self) -> Option<&[Finder<'static>]> {
        self.0.as_ref().map(|all| match all {
            [declared, graphql] if declared.needle() == graphql.needle() => {
                std::slice::from_ref(declared)
            }
            all => all,
        })
    }

    pub(crate) fn lies_in(&self, text: &str) -> bool {
        self.finders().is_none_or(|it| it.iter().any(|it| it.find(text.as_bytes()).is_some()))
    }

    fn stands_in(&self, text: &str) -> Stands {
        let Some(finders) = self.finders() else { return Stands::BehindDot };
        let mut found = Stands::Nowhere;
        for at in finders.iter().flat_map(|it| it.find_iter(text.as_bytes())) {
            let before = text.get(..at).unwrap_or_default();
            let is_sign = |it: char| it.is_whitespace() || "\"\\'".contains(it);
            if before.trim_end_matches(is_sign).ends_with('.') {
                return Stands::BehindDot;
            }
            found = Stands::Alone;
        }
        found
    }
}
