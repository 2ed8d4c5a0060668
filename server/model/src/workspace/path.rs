//! Paths of fields: `author.company.name`, through refs, composites and built-in columns.

use smallvec::SmallVec;
use specql_syntax::Name;
use specql_text::TextRange;

use super::Workspace;
use crate::{BuiltIn, Composite, Entity, EntityId, Field, Type};

/// A path as far as it leads somewhere.
#[derive(Debug, Clone, PartialEq)]
pub struct ResolvedPath<'a> {
    /// What each segment names; `author_id` is two steps, `author` and `id`.
    pub steps: PathSteps<'a>,
    /// Why it ends there.
    pub end: PathEnd,
}

/// Nearly always one.
pub type PathSteps<'a> = SmallVec<[PathStep<'a>; 1]>;

/// A column on the way.
#[derive(Debug, Clone, PartialEq)]
pub struct PathStep<'a> {
    /// The entity that has the column.
    pub entity: EntityId,
    /// The column.
    pub column: Column<'a>,
    /// The entity that a `ref` leads to.
    pub target: Option<EntityId>,
    /// The segment that names the column.
    pub segment: usize,
}

/// A column of an entity, or a part of one.
#[derive(Debug, Clone, PartialEq)]
pub enum Column<'a> {
    /// A declared field.
    Field(&'a Field),
    /// A built-in column.
    BuiltIn(&'static BuiltIn),
    /// A part of a composite.
    Part {
        /// The composite.
        composite: &'static Composite,
        /// The part's name.
        name: &'static str,
        /// The part's type.
        ty: Type,
    },
}

/// Where a path ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathEnd {
    /// Every segment is known.
    Whole,
    /// A segment names nothing; the entity that should have it, or none where the column before it has
    /// no parts.
    Unknown {
        /// The segment.
        segment: usize,
        /// The entity without such a column.
        entity: Option<EntityId>,
    },
    /// From this segment on the path leads into JSON, or over a `ref` that itself does not resolve.
    Opaque {
        /// The segment.
        segment: usize,
    },
}

impl Column<'_> {
    /// The type of a column in PostgreSQL.
    #[must_use]
    pub fn sql_type(&self) -> ecow::EcoString {
        match self {
            Self::Field(it) => it.ty.sql_type(),
            Self::BuiltIn(it) => it.sql_type.into(),
            Self::Part { ty, .. } => ty.sql_type(),
        }
    }

    /// The name as declared.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Field(it) => &it.name.text,
            Self::BuiltIn(it) => it.name,
            Self::Part { name, .. } => name,
        }
    }
}

impl<'a> ResolvedPath<'a> {
    /// The last step, when every segment is known.
    #[must_use]
    pub fn last(&self) -> Option<&PathStep<'a>> {
        self.steps.last().filter(|_| self.end == PathEnd::Whole)
    }
}

impl Entity {
    /// A field or built-in column with a name, in either spelling.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<Column<'_>> {
        let field = self.field(name).map(Column::Field);
        field.or_else(|| Self::built_in(name).map(Column::BuiltIn))
    }

    /// The `ref` field whose row's id a name is: `author_id` or `authorId` of `author`.
    #[must_use]
    pub fn reference_id(&self, name: &str) -> Option<&Field> {
        let stem = name.strip_suffix("_id").or_else(|| name.strip_suffix("Id"))?;
        self.field(stem).filter(|it| matches!(it.ty, Type::Ref(_)))
    }

    /// The names of all columns, declared ones first, for suggestions.
    pub fn column_names(&self) -> impl Iterator<Item = &str> {
        let declared = self.fields.iter().map(|it| it.name.text.as_str());
        declared.chain(crate::entity::BUILT_INS.iter().map(|it| it.name))
    }
}

impl Workspace {
    /// Follows a path from an entity's columns as far as it leads.
    #[must_use]
    pub fn find_path(&self, entity: EntityId, segments: &[Name]) -> ResolvedPath<'_> {
        let mut steps = SmallVec::new();
        let end = self.follow(entity, segments, &mut steps);
        ResolvedPath { steps, end }
    }

    /// The same for a path as text (`author.name`).
    #[must_use]
    pub fn find_dotted(&self, entity: EntityId, path: &Name) -> ResolvedPath<'_> {
        self.find_path(entity, &segments(path))
    }

    fn follow<'a>(
        &'a self,
        entity: EntityId,
        segments: &[Name],
        steps: &mut PathSteps<'a>,
    ) -> PathEnd {
        let mut place = Place::Entity(entity);
        for (segment, name) in segments.iter().enumerate() {
            place = match place {
                Place::Entity(entity) => match self.step(entity, segment, &name.text, steps) {
                    Some(next) => next,
                    None => return PathEnd::Unknown { segment, entity: Some(entity) },
                },
                Place::Composite(entity, composite) => {
                    let part = composite.parts.iter().find(|it| it.0 == name.text);
                    let typed = part.and_then(|it| Some((it.0, composite.part(it.0)?)));
                    let Some((name, ty)) = typed else {
                        return PathEnd::Unknown { segment, entity: None };
                    };
                    let next = self.after(entity, &ty, None);
                    let column = Column::Part { composite, name, ty };
                    steps.push(PathStep { entity, column, target: None, segment });
                    next
                }
                Place::Opaque => return PathEnd::Opaque { segment },
                Place::Leaf => return PathEnd::Unknown { segment, entity: None },
            };
        }
        PathEnd::Whole
    }

    /// One segment from an entity.
    fn step<'a>(
        &'a self,
        entity: EntityId,
        segment: usize,
        name: &str,
        steps: &mut PathSteps<'a>,
    ) -> Option<Place> {
        let declared = self.entity(entity)?;
        if let Some(column) = declared.column(name) {
            let (target, next) = match &column {
                Column::Field(it) => {
                    let target = self.target(entity, &it.ty);
                    (target, self.after(entity, &it.ty, target))
                }
                Column::BuiltIn(_) | Column::Part { .. } => (None, Place::Leaf),
            };
            steps.push(PathStep { entity, column, target, segment });
            return Some(next);
        }
        let field = declared.reference_id(name)?;
        let target = self.target(entity, &field.ty);
        steps.push(PathStep { entity, column: Column::Field(field), target, segment });
        if let Some(target) = target {
            let column = Column::BuiltIn(Entity::built_in("id")?);
            steps.push(PathStep { entity: target, column, target: None, segment });
        }
        Some(Place::Leaf)
    }

    /// What the parts of a column are.
    fn after(&self, entity: EntityId, ty: &Type, target: Option<EntityId>) -> Place {
        match ty {
            // An id of one of several entities: no table is known where a column could be looked up.
            Type::Ref(targets) if targets.len() > 1 => Place::Leaf,
            Type::Ref(_) => target.map_or(Place::Opaque, Place::Entity),
            Type::Composite(it) => Place::Composite(entity, it),
            Type::List(_) | Type::Unknown(_) | Type::Missing => Place::Opaque,
            other if other.is_json() => Place::Opaque,
            _ => Place::Leaf,
        }
    }
}

/// What the next segment of a path belongs to.
#[derive(Clone, Copy)]
enum Place {
    Entity(EntityId),
    /// A composite in a column of an entity.
    Composite(EntityId, &'static Composite),
    Opaque,
    Leaf,
}

/// The segments of a path that is written as one text, each at its place where the text stands in the
/// file as it is, between quotes or without.
#[must_use]
pub fn segments(path: &Name) -> Vec<Name> {
    let around = (path.range.len() as usize).checked_sub(path.text.len());
    let quote = match around {
        Some(0) => Some(0),
        Some(2) => Some(1),
        _ => None,
    };
    let plain = quote.is_some();
    let mut offset = path.range.start() + quote.unwrap_or_default();
    let parts = path.text.split('.').map(|it| {
        let len = u32::try_from(it.len()).unwrap_or_default();
        let range = if plain { TextRange::new(offset, offset + len) } else { path.range };
        offset = offset.saturating_add(len + 1);
        Name::new(it, range)
    });
    parts.collect()
}
