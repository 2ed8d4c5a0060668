//! Shapes: a small closed type of JSON, whose members know the field of the file that they come from.

use smol_str::SmolStr;
use specql_model::{EntityId, FileId, RichScalar};
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
    Enum(Vec<SmolStr>),
    /// Always this text.
    Constant(SmolStr),
    /// Always this number.
    Number(u32),
    /// `{"__typename", "id"}` of a row of one of these entities, by name; none where the reference leads
    /// nowhere.
    Reference(Vec<SmolStr>),
    /// One of these objects.
    OneOf(Vec<Object>),
    /// Any JSON: nothing says more.
    Any,
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
    pub name: SmolStr,
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
        field: SmolStr,
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

    /// The object of a reference.
    #[must_use]
    pub fn reference(targets: &[SmolStr]) -> Object {
        let mut res = Object::default();
        let typename = match targets {
            [one] => Self::Constant(one.clone()),
            several => Self::Enum(several.to_vec()),
        };
        res.framework("__typename", typename);
        res.framework("id", Self::Text(Format::Uuid));
        res
    }
}

impl From<Object> for Shape {
    fn from(object: Object) -> Self {
        Self::Object(object)
    }
}

impl Object {
    /// The member with a name.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&Member> {
        self.members.iter().find(|it| it.name == name)
    }

    /// Adds a member; one of that name that is there already stays.
    pub fn add(&mut self, name: impl Into<SmolStr>, shape: Shape, required: bool, origin: Origin) {
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
