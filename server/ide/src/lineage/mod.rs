//! Lineage: of a field, which steps read and write it, in which role, and which cascades, events and
//! audit trails carry its value.
//!
//! Invariant: the places of its uses are those of its references; what carries it is read from the
//! contracts of actions. One hop: actions that change the row themselves or select the field.

mod flows;
mod roles;

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use specql_model::{
    ActionId, Effect, EffectFields, EntityId, FileId, SourceFile, Workspace, entity::BUILT_INS,
};
use specql_text::TextRange;

use crate::{
    Analysis, describe,
    identity::Identity,
    mention::{self, Subject},
    references,
};

pub use flows::{LineageFlow, LineageFlowKind};
pub use roles::LineageRole;
pub(crate) use roles::use_at;

/// The most actions whose contracts are read for one field.
pub const LINEAGE_LIMIT: usize = 100;

/// The version of a lineage as JSON. It goes up when a member changes its meaning or goes.
pub const LINEAGE_VERSION: u32 = 1;

/// Where a field is used, and what carries it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lineage {
    /// `Post.title`.
    pub name: String,
    /// The places that name the field, and the steps that write it from the input without naming it,
    /// in the order of files and places.
    pub uses: Vec<LineageUse>,
    /// What carries the value, in the order of files and actions.
    pub flows: Vec<LineageFlow>,
    /// More than [`LINEAGE_LIMIT`] actions change the row: the rest was not asked what carries it.
    pub is_incomplete: bool,
}

/// A use of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineageUse {
    /// What is done with it.
    pub role: LineageRole,
    /// `Post.create_post`; absent outside of actions.
    pub action: Option<String>,
    /// The file.
    pub file: FileId,
    /// The name; the entity of a step that does not name the field.
    pub range: TextRange,
}

impl Analysis {
    /// The lineage of the field under a cursor.
    #[must_use]
    pub fn lineage(&self, file: FileId, offset: u32) -> Option<Lineage> {
        let workspace = self.workspace();
        let it = mention::at(workspace, workspace.file(file)?, offset)?;
        match it.subject {
            Subject::Field(owner, field) => Some(lineage(workspace, owner, field)),
            _ => None,
        }
    }

    /// The same by name: `Post.title`, `blog.Post.title`.
    ///
    /// # Errors
    /// A message for the user, with a near name, when a name means nothing or several things.
    pub fn lineage_by_name(&self, name: &str) -> Result<Lineage, String> {
        let workspace = self.workspace();
        let (owner, field) = name
            .rsplit_once('.')
            .ok_or_else(|| format!("`{name}` names no field: write `Entity.field`"))?;
        let id = entity_named(workspace, owner)?;
        let entity = workspace.entity(id).ok_or_else(|| format!("there is no entity `{owner}`"))?;
        let names = || entity.fields.iter().map(|it| it.name.text.as_str());
        entity.field(field).map(|it| lineage(workspace, id, it)).ok_or_else(|| {
            if BUILT_INS.iter().any(|it| it.name == field) {
                return format!(
                    "`{field}` is a column that every table has: no file declares it, so name a field of `{owner}`"
                );
            }
            match specql_model::suggest(field, names()) {
                Some(near) => {
                    format!("`{owner}` has no field `{field}`; did you mean `{owner}.{near}`?")
                }
                None => format!("`{owner}` has no field `{field}`"),
            }
        })
    }
}

fn entity_named(workspace: &Workspace, name: &str) -> Result<EntityId, String> {
    let (schema, short) = match name.rsplit_once('.') {
        Some((schema, short)) => (Some(schema), short),
        None => (None, name),
    };
    let mut found = workspace.entities_named(short);
    found.retain(|it| {
        let entity = workspace.entity(*it);
        schema.is_none_or(|schema| entity.is_some_and(|it| it.schema_name() == schema))
    });
    match found.as_slice() {
        [it] => Ok(*it),
        [] => Err(match workspace.suggest_entity(short) {
            Some(near) => format!("there is no entity `{name}`; did you mean `{near}`?"),
            None => format!("there is no entity `{name}`"),
        }),
        several => {
            let names = several.iter().filter_map(|it| workspace.entity(*it));
            let names: Vec<String> =
                names.map(|it| format!("`{}`", describe::qualified(it))).collect();
            Err(format!("`{name}` means several entities: {}", names.join(", ")))
        }
    }
}

/// The lineage of a field.
pub(crate) fn lineage(
    workspace: &Workspace,
    owner: EntityId,
    field: &specql_model::Field,
) -> Lineage {
    let name = &field.name.text;
    let writes: Vec<(ActionId, &Effect)> = own_writes(workspace, owner).collect();
    let mut uses = named_uses(workspace, owner, field);
    let mut written: FxHashMap<FileId, Vec<TextRange>> = FxHashMap::default();
    for it in uses.iter().filter(|it| it.role == LineageRole::Written) {
        written.entry(it.file).or_default().push(it.range);
    }
    let unnamed = writes.iter().filter(|(_, it)| writes_field(it, name));
    let unnamed: Vec<LineageUse> =
        unnamed.filter_map(|(id, it)| from_input(workspace, *id, it, &written)).collect();
    uses.extend(unnamed);
    let path = |it: &LineageUse| workspace.file(it.file).map(|it| &*it.path);
    uses.sort_by_key(|it| (path(it), it.range.start()));
    let mut carriers: Vec<(ActionId, bool)> = Vec::new();
    for (id, effect) in &writes {
        let changes = writes_field(effect, name);
        // Those of one action stand together.
        match carriers.last_mut().filter(|it| it.0 == *id) {
            Some(it) => it.1 |= changes,
            None => carriers.push((*id, changes)),
        }
    }
    carriers.extend(selecting(workspace, &uses, &carriers));
    let is_incomplete = carriers.len() > LINEAGE_LIMIT;
    carriers.truncate(LINEAGE_LIMIT);
    let carried = |it: (ActionId, bool)| flows::of_action(workspace, it.0, it.1, owner, name);
    let flows: Vec<Vec<LineageFlow>> = carriers.into_par_iter().map(carried).collect();
    let entity = workspace.entity(owner).map(|it| it.name.text.as_str()).unwrap_or_default();
    Lineage { name: format!("{entity}.{name}"), flows: flows.concat(), uses, is_incomplete }
}

/// The steps that write an entity, each in the action that has it, in the order of files and actions.
pub(crate) fn own_writes(
    workspace: &Workspace,
    entity: EntityId,
) -> impl Iterator<Item = (ActionId, &Effect)> {
    let files = workspace.files_naming(entity).into_iter();
    let actions = files.filter_map(|it| workspace.entity(EntityId(it)));
    actions.flat_map(|it| it.action_ids()).flat_map(move |(id, _)| {
        let own = workspace.effects(id).iter().filter(move |it| it.action == id);
        own.filter(move |it| it.entity == Some(entity)).map(move |it| (id, it))
    })
}

/// Whether a write can give a field another value.
pub(crate) fn writes_field(it: &Effect, field: &str) -> bool {
    match &it.fields {
        EffectFields::Named(fields) => fields.iter().any(|it| it == field),
        EffectFields::Input(_) => true,
        EffectFields::Row => false,
    }
}

fn named_uses(
    workspace: &Workspace,
    owner: EntityId,
    field: &specql_model::Field,
) -> Vec<LineageUse> {
    let Some(file) = workspace.file(owner.0) else { return Vec::new() };
    let identity = Identity::Field(owner, field.name.range);
    let found = references::of(workspace, file, &identity);
    found.into_iter().filter_map(|it| use_at(workspace.file(it.file)?, &it)).collect()
}

/// A step that writes the field and does not name it.
fn from_input(
    workspace: &Workspace,
    id: ActionId,
    it: &Effect,
    written: &FxHashMap<FileId, Vec<TextRange>>,
) -> Option<LineageUse> {
    let named = written.get(&id.entity.0);
    if named.into_iter().flatten().any(|place| it.step.contains_range(*place)) {
        return None;
    }
    let action = action_name(workspace.file(id.entity.0)?, id.index as usize);
    let (file, range) = (id.entity.0, it.target.range);
    Some(LineageUse { role: LineageRole::FromInput, action, file, range })
}

/// The actions whose events select the field, without those that are known.
fn selecting(
    workspace: &Workspace,
    uses: &[LineageUse],
    known: &[(ActionId, bool)],
) -> Vec<(ActionId, bool)> {
    let mut res: Vec<(ActionId, bool)> = Vec::new();
    for it in uses.iter().filter(|it| it.role == LineageRole::Payload) {
        let entity = workspace.entity(EntityId(it.file));
        let mut actions = entity.into_iter().flat_map(|it| it.action_ids());
        let Some((id, _)) = actions.find(|(_, action)| action.range.contains_range(it.range))
        else {
            continue;
        };
        if !known.iter().chain(&res).any(|it| it.0 == id) {
            res.push((id, false));
        }
    }
    res
}

/// The action that has a place: `Post.create_post`.
pub(crate) fn action_around(file: &SourceFile, range: TextRange) -> Option<String> {
    let mut actions = file.entity()?.actions.iter();
    action_name(file, actions.position(|it| it.range.contains_range(range))?)
}

/// `Post.create_post`.
fn action_name(file: &SourceFile, index: usize) -> Option<String> {
    let entity = file.entity()?;
    let action = entity.actions.get(index)?;
    Some(format!("{}.{}", entity.name.text, action.name.text))
}

#[cfg(test)]
mod tests;
