//! Shapes: a small closed type of JSON, whose members know the field of the file that they come from.

use ecow::EcoString;
use specql_model::{Entity, EntityId, FileId, RichScalar, Workspace};
use specql_text::TextRange;

/// What a JSON value can be.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// An object.
    Object(Object),
    /// A list of any length.
    List(Box<Shape>),
    /// The shape, or `null`.
    Nullable(Box<Shape>),
    /// A text.
    Text(Format),
    /// A whole number that JavaScript reads exactly.
    Integer,
    /// A number of limited precision.
    Float,
    /// A number of which no digit may be lost; see [`specql_model::Config`] for how it is written.
    Decimal,
    /// `true` or `false`.
    Boolean,
    /// One of these texts.
    Enum(Vec<EcoString>),
    /// Always this text.
    Constant(EcoString),
    /// Always this number.
    Number(u32),
    /// `{"__typename", "id"}` of a row of one of these entities; none where the reference leads nowhere.
    Reference(Vec<Target>),
    /// One of these objects.
    OneOf(Vec<Object>),
    /// Any JSON: nothing says more.
    Any,
}

/// An entity that a reference can lead to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The entity.
    pub entity: EntityId,
    /// Its GraphQL type.
    pub typename: EcoString,
}

/// The members of an object. Others do not occur.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Object {
    /// The members in the order of documentation; their names are unique.
    pub members: Vec<Member>,
}

/// A member of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// The name.
    pub name: EcoString,
    /// The value.
    pub shape: Shape,
    /// The object always has it.
    pub required: bool,
    /// Where it comes from.
    pub origin: Origin,
}

/// Where a member comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A declared field.
    Field {
        /// The entity that declares it.
        entity: EntityId,
        /// The field, as declared.
        field: EcoString,
        /// Where it is declared, in the file of the entity.
        range: TextRange,
    },
    /// A column that every entity has.
    BuiltIn {
        /// The entity.
        entity: EntityId,
        /// The column.
        column: &'static str,
    },
    /// A key or value of a block.
    Key {
        /// The file.
        file: FileId,
        /// The place.
        range: TextRange,
    },
    /// The framework: no file says anything of it.
    Framework,
}

/// What a text says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Format {
    /// Anything.
    Plain,
    /// A uuid in lower case.
    Uuid,
    /// An instant: RFC 3339 with an offset.
    DateTime,
    /// A date and a time without a zone.
    LocalDateTime,
    /// A date.
    Date,
    /// A time of day.
    Time,
    /// A duration in ISO 8601.
    Duration,
    /// A rich scalar, with its pattern and its example.
    Rich(&'static RichScalar),
    /// A value of a PostgreSQL type, as that writes it.
    Postgres,
}

impl Shape {
    /// The shape, or `null` if `nullable`.
    #[must_use]
    pub fn or_null(self, nullable: bool) -> Self {
        match self {
            Self::Nullable(_) | Self::Any => self,
            other if nullable => Self::Nullable(Box::new(other)),
            other => other,
        }
    }

    /// The shape without `null`.
    #[must_use]
    pub fn not_null(&self) -> &Self {
        match self {
            Self::Nullable(it) => it.not_null(),
            other => other,
        }
    }

    /// A list of it.
    #[must_use]
    pub fn list(self) -> Self {
        Self::List(Box::new(self))
    }

    /// One of these texts, or always the one.
    pub(crate) fn one_of_texts(texts: Vec<EcoString>) -> Self {
        match texts.as_slice() {
            [one] => Self::Constant(one.clone()),
            _ => Self::Enum(texts),
        }
    }

    /// The object of a reference.
    #[must_use]
    pub fn reference(targets: &[Target]) -> Object {
        let mut res = Object::default();
        let typename = Self::one_of_texts(targets.iter().map(|it| it.typename.clone()).collect());
        let origin = targets
            .first()
            .map_or(Origin::Framework, |it| Origin::BuiltIn { entity: it.entity, column: "id" });
        res.framework("__typename", typename);
        res.add("id", Self::Text(Format::Uuid), true, origin);
        res
    }
}

impl Format {
    /// Whether any text has it.
    #[must_use]
    pub const fn takes_all(self) -> bool {
        matches!(self, Self::Plain)
    }
}

impl Target {
    /// An entity as a target.
    #[must_use]
    pub fn of(workspace: &Workspace, entity: &Entity) -> Self {
        Self { entity: entity.id, typename: workspace.type_name(entity) }
    }
}

impl From<Object> for Shape {
    fn from(object: Object) -> Self {
        Self::Object(object)
    }
}

impl Shape {
    /// Whether two shapes hold the same values, wherever their members come from.
    #[must_use]
    pub fn means_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Object(left), Self::Object(right)) => left.means_same(right),
            (Self::List(left), Self::List(right))
            | (Self::Nullable(left), Self::Nullable(right)) => left.means_same(right),
            (Self::OneOf(left), Self::OneOf(right)) => {
                left.len() == right.len()
                    && left.iter().zip(right).all(|(left, right)| left.means_same(right))
            }
            _ => self == other,
        }
    }
}

impl Object {
    /// Whether two objects have the same members, in whatever order and from wherever.
    #[must_use]
    pub fn means_same(&self, other: &Self) -> bool {
        self.members.len() == other.members.len()
            && self.members.iter().all(|it| {
                other.member(&it.name).is_some_and(|other| {
                    it.required == other.required && it.shape.means_same(&other.shape)
                })
            })
    }

    /// The member with a name.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&Member> {
        self.members.iter().find(|it| it.name == name)
    }

    /// Adds a member; one of that name that is there already stays.
    pub fn add(
        &mut self,
        name: impl Into<EcoString>,
        shape: Shape,
        required: bool,
        origin: Origin,
    ) {
        let name = name.into();
        if self.member(&name).is_none() {
            self.members.push(Member { name, shape, required, origin });
        }
    }

    /// Adds a member that is always there and that no file says anything of.
    pub fn framework(&mut self, name: &str, shape: Shape) {
        self.add(name, shape, true, Origin::Framework);
    }
}
