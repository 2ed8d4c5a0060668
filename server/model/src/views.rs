//! The read model that the upstream generator makes of an entity, as `table_views` asks for it.
//!
//! The previews pass it over; what it names is known, so that it can be found and renamed.

use specql_syntax::Name;
use thin_vec::ThinVec;

use crate::{Entity, EntityId, Field, Resolution, Workspace};

/// The block `table_views` of an entity.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TableViews {
    /// `include_relations`.
    pub relations: ThinVec<ViewRelation>,
    /// `extra_filter_columns`.
    pub columns: ThinVec<FilterColumn>,
}

/// Rows that are taken into the read model.
#[derive(Debug, Clone, PartialEq)]
pub struct ViewRelation {
    /// A reference of the entity, or an entity.
    pub name: Name,
    /// The fields that are taken in, `*` for all.
    pub fields: ThinVec<Name>,
    /// The relations of these rows.
    pub relations: ThinVec<Self>,
}

/// A further column of the read model.
#[derive(Debug, Clone, PartialEq)]
pub struct FilterColumn {
    /// Its name: a field of the entity, unless there is a source.
    pub name: Name,
    /// The path of its value.
    pub source: Option<Name>,
}

/// What a relation of a read model names.
#[derive(Debug, Clone)]
pub enum Related<'a> {
    /// A field, and the entity that it leads to if that is one.
    Field(&'a Field, Option<EntityId>),
    /// An entity.
    Entity(EntityId),
    /// Several entities that have the name.
    Ambiguous(Vec<EntityId>),
    /// Nothing that there is.
    Unknown,
}

impl Related<'_> {
    /// The entity whose rows are taken in.
    #[must_use]
    pub const fn entity(&self) -> Option<EntityId> {
        match self {
            Self::Field(_, entity) => *entity,
            Self::Entity(it) => Some(*it),
            Self::Ambiguous(_) | Self::Unknown => None,
        }
    }
}

impl Workspace {
    /// What a relation in the read model of an entity means: the generator looks for a field of the name
    /// first, then for an entity.
    #[must_use]
    pub fn related<'a>(&self, of: &'a Entity, relation: &str) -> Related<'a> {
        if let Some(field) = of.field(relation) {
            let target = field.ty.leads_to_one_row().then(|| self.target(of.id, &field.ty));
            return Related::Field(field, target.flatten());
        }
        match self.resolve_name(of.id, relation) {
            Resolution::Found(it) => Related::Entity(it),
            Resolution::Ambiguous(all) => Related::Ambiguous(all),
            Resolution::Unknown => Related::Unknown,
        }
    }
}
