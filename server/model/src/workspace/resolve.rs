//! Names of entities and actions to what they mean.

use ecow::EcoString;
use smallvec::SmallVec;
use specql_syntax::expression::EntityReference;

use super::{Read, Workspace, note};
use crate::{ActionId, Entity, EntityId, Type};

/// What a reference to an entity leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolution {
    /// One entity.
    Found(EntityId),
    /// Several, in the order of their paths.
    Ambiguous(Vec<EntityId>),
    /// None.
    Unknown,
}

impl Resolution {
    /// The entity, when there is exactly one.
    #[must_use]
    pub fn found(&self) -> Option<EntityId> {
        match self {
            Self::Found(it) => Some(*it),
            Self::Ambiguous(_) | Self::Unknown => None,
        }
    }
}

impl Workspace {
    /// The entity that a reference in a file leads to: the file's own, else one of its schema, else
    /// the only one in the workspace. With a schema it is one of that schema and no other.
    #[must_use]
    pub fn resolve(&self, from: EntityId, reference: &EntityReference) -> Resolution {
        let schema = reference.schema.as_ref().map(|it| it.text.as_str());
        self.resolve_parts(from, schema, &reference.name.text)
    }

    /// The same for a name as text, with or without a schema before a dot.
    #[must_use]
    pub fn resolve_name(&self, from: EntityId, name: &str) -> Resolution {
        match name.split_once('.') {
            Some((schema, name)) => self.resolve_parts(from, Some(schema), name),
            None => self.resolve_parts(from, None, name),
        }
    }

    /// The same for a schema and a name.
    pub(crate) fn resolve_parts(
        &self,
        from: EntityId,
        schema: Option<&str>,
        name: &str,
    ) -> Resolution {
        if schema.is_none() && self.is_own(from, name) {
            return Resolution::Found(from);
        }
        if let Some(only) = schema.is_none().then(|| self.only_named(name)).flatten() {
            return Resolution::Found(only);
        }
        let all = self.candidates(name);
        if let Some(schema) = schema {
            return one_of(all.iter().filter(|it| it.schema_name() == schema));
        }
        if all.iter().any(|it| it.id == from) {
            return Resolution::Found(from);
        }
        if all.len() > 1
            && let Some(near) = self.entity(from).map(|it| it.schema_name())
        {
            let found = one_of(all.iter().filter(|it| it.schema_name() == near));
            if found != Resolution::Unknown {
                return found;
            }
        }
        one_of(all.iter())
    }

    /// Whether a file's own entity has exactly this name: then it is meant, whatever else there is.
    fn is_own(&self, from: EntityId, name: &str) -> bool {
        let own = self.files.get(from.0).and_then(|it| it.entity());
        !name.is_empty() && own.is_some_and(|it| it.name.text == name)
    }

    /// The entity with a name, where no other's is spelled alike: so it is for nearly every name.
    fn only_named(&self, name: &str) -> Option<EntityId> {
        let folded = fold(name);
        let [only] = self.by_name.get(&folded)?.as_slice() else { return None };
        let entity = self.files.get(only.0)?.entity()?;
        if name.is_empty() || entity.name.text != name {
            return None;
        }
        note(|| Read::Entities(folded));
        Some(*only)
    }

    /// The entities that a name can mean: those with exactly this name, else, of a table's name, those
    /// whose table it is.
    fn candidates<'a>(&'a self, name: &'a str) -> Candidates<'a> {
        let exact: Candidates<'a> = self.exactly(name).collect();
        if !exact.is_empty() {
            return exact;
        }
        table_of(name).map(|it| self.folded(fold(it)).collect()).unwrap_or_default()
    }

    /// The entities with a folded name. Whoever asks reads their names and schemas, whose changes change
    /// what the name means, and nothing else of them.
    pub(super) fn folded(&self, name: EcoString) -> impl Iterator<Item = &Entity> {
        let ids = self.by_name.get(&name).into_iter().flatten();
        note(|| Read::Entities(name));
        ids.filter_map(|it| Some(self.files.get(it.0)?.entity()?.as_ref()))
    }

    fn exactly<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Entity> {
        let all = (!name.is_empty()).then(|| self.folded(fold(name)));
        all.into_iter().flatten().filter(move |it| it.name.text == name)
    }

    /// The entities with a name, of whatever schema, in the order of their paths.
    #[must_use]
    pub fn entities_named(&self, name: &str) -> Vec<EntityId> {
        self.exactly(name).map(|it| it.id).collect()
    }

    /// The entities whose names are one but for case and what separates words, in the order of their paths.
    pub fn entities_spelled(&self, name: &str) -> impl Iterator<Item = &Entity> {
        let folded = fold(name);
        let ids = self.by_name.get(&folded).into_iter().flatten();
        note(|| Read::Entities(folded));
        ids.filter_map(|it| Some(self.entity(*it)?.as_ref()))
    }

    /// Name and schema of every entity, in the order of their paths.
    pub fn entity_names(&self) -> impl Iterator<Item = (EntityId, &str, &str)> {
        note(|| Read::Names);
        let all = self.entities.iter().filter_map(|it| self.files.get(it.0)?.entity());
        all.map(|it| (it.id, it.name.as_str(), it.schema_name()))
    }

    /// The name of every action and its entity's schema, in the order of files and of their
    /// declarations.
    pub fn action_names(&self) -> impl Iterator<Item = (&str, &str)> {
        note(|| Read::ActionNames);
        let all = self.entities.iter().filter_map(|it| self.files.get(it.0)?.entity());
        all.flat_map(|it| it.actions.iter().map(|one| (one.name.as_str(), it.schema_name())))
    }

    /// The name of an entity nearest to one that is none.
    #[must_use]
    pub fn suggest_entity(&self, name: &str) -> Option<&str> {
        crate::suggest(name, self.entity_names().map(|it| it.1))
    }

    /// Whether a file does not name its entity yet.
    #[must_use]
    pub fn has_unnamed_entity(&self) -> bool {
        self.folded(EcoString::default()).any(|it| it.name.text.is_empty())
    }

    /// The actions with a name, in the order of files and of their declarations.
    #[must_use]
    pub fn actions_named(&self, name: &str) -> &[ActionId] {
        note(|| Read::Actions(name.into()));
        self.by_action.get(name).map_or(&[], |it| it.as_slice())
    }

    /// Whether a file that cannot be read to its end may declare an action with a name.
    #[must_use]
    pub fn is_lost_action(&self, name: &str) -> bool {
        note(|| Read::Actions(name.into()));
        self.lost_actions.get(name).is_some()
    }

    /// The action that a `call` in a file leads to, if it is one: of the file itself, else of the
    /// schema before the dot or of the file's schema, else the only one of that name. `fn_` before the
    /// name of an action is passed over.
    #[must_use]
    pub fn called(&self, from: EntityId, schema: Option<&str>, name: &str) -> Option<ActionId> {
        let named = match (self.actions_named(name), name.strip_prefix("fn_")) {
            ([], Some(rest)) => self.actions_named(rest),
            (named, _) => named,
        };
        let own = named.iter().find(|it| it.entity == from);
        let schema_of = |it: &ActionId| Some(self.entity(it.entity)?.schema_name());
        let is_of = |it: &&ActionId, schema: &str| schema_of(it) == Some(schema);
        match schema {
            // Wrappers of all actions stand in `app`.
            Some(schema) if schema != "app" => {
                let own = own.filter(|it| is_of(it, schema));
                own.or_else(|| only(named.iter().filter(|it| is_of(it, schema)))).copied()
            }
            _ => {
                let near = self.entity(from)?.schema_name();
                let in_schema = || only(named.iter().filter(|it| is_of(it, near)));
                own.or_else(in_schema).or_else(|| only(named.iter())).copied()
            }
        }
    }

    /// The entity that a `ref` leads to from a file, when it leads to exactly one; the first of
    /// several alternatives that does.
    #[must_use]
    pub fn target(&self, from: EntityId, ty: &Type) -> Option<EntityId> {
        ty.targets().iter().find_map(|it| self.resolve(from, it).found())
    }

    /// The entities that a reference leads to. Depends on what the names mean, not on what the entities
    /// declare.
    pub fn targets(&self, from: EntityId, ty: &Type) -> impl Iterator<Item = EntityId> {
        ty.targets().iter().filter_map(move |it| self.resolve(from, it).found())
    }
}

/// Nearly always one.
type Candidates<'a> = SmallVec<[&'a Entity; 2]>;

fn one_of<'a>(mut found: impl Iterator<Item = &'a &'a Entity>) -> Resolution {
    match (found.next(), found.next()) {
        (None, _) => Resolution::Unknown,
        (Some(it), None) => Resolution::Found(it.id),
        (Some(first), Some(second)) => {
            let ids = [first, second].into_iter().chain(found).map(|it| it.id);
            Resolution::Ambiguous(ids.collect())
        }
    }
}

fn only<T>(mut items: impl Iterator<Item = T>) -> Option<T> {
    let first = items.next()?;
    items.next().is_none().then_some(first)
}

/// The entity's part of a table's name.
fn table_of(name: &str) -> Option<&str> {
    ["tb_", "tv_"].iter().find_map(|it| name.strip_prefix(it)).filter(|it| !it.is_empty())
}

/// Names that are longer are rare.
const INLINE: usize = 32;

/// What a character of ASCII is in a folded name; 0 where it separates words. A table, because names are
/// folded a hundred times a file.
const FOLDED: [u8; 128] = {
    let mut all = [0; 128];
    let (mut rest, mut byte): (&mut [u8], u8) = (&mut all, 0);
    while let Some((to, more)) = rest.split_first_mut() {
        if byte.is_ascii_alphanumeric() {
            *to = byte.to_ascii_lowercase();
        }
        rest = more;
        byte += 1;
    }
    all
};

/// A name without case and what separates words: `BlogPost`, `blog_post` and `blog-post` are one, as
/// their tables are.
pub(super) fn fold(name: &str) -> EcoString {
    if name.len() > INLINE || !name.is_ascii() {
        return name
            .chars()
            .filter(|it| it.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect();
    }
    let (mut bytes, mut length) = ([0; INLINE], 0);
    for byte in name.bytes() {
        let folded = FOLDED.get(usize::from(byte)).copied().unwrap_or_default();
        if let Some(to) = bytes.get_mut(length) {
            *to = folded;
            length += usize::from(folded != 0);
        }
    }
    let folded = bytes.get(..length).and_then(|it| str::from_utf8(it).ok());
    folded.unwrap_or_default().into()
}

/// Whether a reference names nothing but an entity, so that its folded name is that of the whole.
pub(super) fn is_plain_reference(name: &str) -> bool {
    !name.contains('.') && table_of(name).is_none()
}

/// The folded name of the entity that a reference means, without what marks a table, and without a
/// schema.
pub(super) fn fold_reference(name: &str) -> EcoString {
    let name = name.rsplit('.').next().unwrap_or(name);
    fold(table_of(name).unwrap_or(name))
}
