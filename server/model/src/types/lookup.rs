//! From written types to [`Type`], and from there to PostgreSQL and GraphQL.

use ecow::{EcoString, eco_format};
use specql_syntax::{
    Name,
    expression::EntityReference,
    type_expression::{TypeExpression, TypeKind},
};

use super::{
    BasicType, COMPOSITES, Composite, RICH_ALIASES, RICH_SCALARS, RichScalar, Type, postgres,
};

/// Every name of a type, without those of plain PostgreSQL: basic types, the forms with parentheses,
/// rich scalars, composites.
pub fn names() -> impl Iterator<Item = &'static str> {
    let basic = BasicType::ALL.iter().map(|it| it.name());
    let forms = ["enum", "list", "ref"].into_iter();
    let rich = RICH_SCALARS.iter().map(|it| it.name);
    basic.chain(forms).chain(rich).chain(COMPOSITES.iter().map(|it| it.name))
}

/// Whether a text begins with the name of a type: `money!`, `enum(a, b) = a`.
#[must_use]
pub fn begins_with_name(text: &str) -> bool {
    let word = text.split(|it: char| !it.is_alphanumeric() && it != '_').next().unwrap_or_default();
    !word.is_empty() && names().any(|it| it == word)
}

impl Type {
    /// The type with a name; parameters matter to plain PostgreSQL types alone.
    #[must_use]
    pub fn from_name(name: &Name, parameters: &[Name]) -> Self {
        let text = name.as_str();
        if let Some(it) = BasicType::from_name(text) {
            Self::Basic(it)
        } else if let Some(it) = RichScalar::from_name(text) {
            Self::Rich(it)
        } else if let Some(it) = Composite::from_name(text) {
            Self::Composite(it)
        } else if let Some(sql_type) = postgres::canonical(text, parameters) {
            Self::Postgres { name: Box::new(name.clone()), sql_type }
        } else {
            Self::Unknown(name.clone())
        }
    }

    /// The type that an expression writes.
    #[must_use]
    pub fn from_expression(it: &TypeExpression) -> Self {
        match &it.kind {
            TypeKind::Named { name, parameters } => Self::from_name(name, parameters),
            TypeKind::Enum(values) => Self::Enum(values.clone()),
            TypeKind::List(item) => Self::List(Box::new(Self::from_expression(item))),
            TypeKind::Ref(targets) => Self::Ref(targets.clone()),
            TypeKind::Missing => Self::Missing,
        }
    }

    /// The known type nearest to a name that is none.
    #[must_use]
    pub fn suggest(name: &str) -> Option<&'static str> {
        crate::suggest(name, names().chain(postgres::names()))
    }

    /// The type of the column in PostgreSQL. A `ref` is the integer key of its row; what is not known
    /// is text, as the upstream generator has it.
    #[must_use]
    pub fn sql_type(&self) -> EcoString {
        match self {
            Self::Basic(it) => it.sql_type().into(),
            Self::Rich(it) => it.sql_type.into(),
            Self::Composite(_) | Self::List(_) => "jsonb".into(),
            Self::Ref(_) => "integer".into(),
            Self::Postgres { sql_type, .. } => sql_type.clone(),
            Self::Enum(_) | Self::Unknown(_) | Self::Missing => "text".into(),
        }
    }

    /// Whether the column is of `jsonb`.
    #[must_use]
    pub fn is_json(&self) -> bool {
        match self {
            Self::Composite(_) | Self::List(_) => true,
            Self::Rich(it) => it.sql_type == "jsonb",
            Self::Postgres { sql_type, .. } => sql_type == "jsonb",
            Self::Basic(_) | Self::Ref(_) | Self::Enum(_) | Self::Unknown(_) | Self::Missing => {
                false
            }
        }
    }

    /// The type in GraphQL, without `!`. A `ref` is the type of its entity, the first of several.
    #[must_use]
    pub fn graphql_type(&self) -> EcoString {
        match self {
            Self::Basic(it) => it.graphql_type().into(),
            Self::Rich(it) => it.graphql.into(),
            Self::Composite(it) => it.name.into(),
            Self::List(item) => eco_format!("[{}]", item.graphql_type()),
            Self::Ref(targets) => targets.first().map_or("ID".into(), |it| it.name.text.clone()),
            Self::Postgres { sql_type, .. } => graphql_of_postgres(sql_type).into(),
            Self::Enum(_) | Self::Unknown(_) | Self::Missing => "String".into(),
        }
    }

    /// The values of an enum.
    #[must_use]
    pub fn enum_values(&self) -> Option<&[Name]> {
        match self {
            Self::Enum(values) => Some(values),
            _ => None,
        }
    }

    /// The entities that a `ref` leads to, as written.
    #[must_use]
    pub fn targets(&self) -> &[EntityReference] {
        match self {
            Self::Ref(targets) => targets,
            _ => &[],
        }
    }

    /// Whether it is a reference to one row of one entity, whose row can be sent along.
    #[must_use]
    pub fn leads_to_one_row(&self) -> bool {
        self.targets().len() == 1
    }

    /// Whether two types are written the same, wherever they stand.
    #[must_use]
    pub fn means_same(&self, other: &Self) -> bool {
        let name = |it: &Name| it.text.clone();
        match (self, other) {
            (Self::Enum(left), Self::Enum(right)) => {
                left.iter().map(name).eq(right.iter().map(name))
            }
            (Self::List(left), Self::List(right)) => left.means_same(right),
            (Self::Ref(left), Self::Ref(right)) => {
                let target = |it: &EntityReference| (it.schema.as_ref().map(name), name(&it.name));
                left.iter().map(target).eq(right.iter().map(target))
            }
            (Self::Postgres { .. }, Self::Postgres { .. }) => self.sql_type() == other.sql_type(),
            (Self::Unknown(left), Self::Unknown(right)) => left.text == right.text,
            _ => self == other,
        }
    }

    /// Whether the type holds numbers.
    #[must_use]
    pub fn is_numeric(&self) -> bool {
        const NUMBERS: [&str; 6] =
            ["smallint", "integer", "bigint", "real", "double precision", "numeric"];
        match self {
            Self::Ref(_) => false,
            _ => {
                let sql_type = self.sql_type();
                let name = sql_type.split('(').next().unwrap_or_default();
                NUMBERS.contains(&name)
            }
        }
    }
}

fn graphql_of_postgres(sql_type: &str) -> &'static str {
    match sql_type.split('(').next().unwrap_or_default() {
        "smallint" | "integer" => "Int",
        "bigint" => "BigInt",
        "real" | "double precision" => "Float",
        "numeric" => "Decimal",
        "boolean" => "Boolean",
        "timestamp" | "timestamptz" => "DateTime",
        "timetz" => "Time",
        "interval" => "Duration",
        "jsonb" => "JSON",
        "inet" | "cidr" => "IpAddress",
        "macaddr" => "MacAddress",
        "point" => "Coordinates",
        _ => "String",
    }
}

impl BasicType {
    /// All, in the order of documentation.
    pub const ALL: [Self; 5] =
        [Self::Text, Self::Integer, Self::Bigint, Self::Float, Self::Boolean];

    /// The type with a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    /// The name in SpecQL.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Integer => "integer",
            Self::Bigint => "bigint",
            Self::Float => "float",
            Self::Boolean => "boolean",
        }
    }

    /// The type in PostgreSQL.
    #[must_use]
    pub const fn sql_type(self) -> &'static str {
        match self {
            Self::Float => "double precision",
            _ => self.name(),
        }
    }

    /// The scalar in GraphQL.
    #[must_use]
    pub const fn graphql_type(self) -> &'static str {
        match self {
            Self::Text => "String",
            Self::Integer => "Int",
            Self::Bigint => "BigInt",
            Self::Float => "Float",
            Self::Boolean => "Boolean",
        }
    }

    /// What it holds, for hovers.
    #[must_use]
    pub const fn documentation(self) -> &'static str {
        match self {
            Self::Text => "text of any length",
            Self::Integer => "whole number of 32 bits",
            Self::Bigint => "whole number of 64 bits",
            Self::Float => "floating point number of 64 bits",
            Self::Boolean => "true or false",
        }
    }
}

impl RichScalar {
    /// The scalar with a name or an older name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<&'static Self> {
        let name = RICH_ALIASES.iter().find(|it| it.0 == name).map_or(name, |it| it.1);
        RICH_SCALARS.iter().find(|it| it.name == name)
    }

    /// The scalar whose pattern `MATCHES` means by a name, or by the older `email_pattern`.
    #[must_use]
    pub fn of_pattern(name: &str) -> Option<&'static Self> {
        Self::from_name(name.strip_suffix("_pattern").unwrap_or(name))
            .filter(|it| it.pattern.is_some())
    }
}

impl Composite {
    /// The composite with a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<&'static Self> {
        COMPOSITES.iter().find(|it| it.name == name)
    }

    /// The type of a part.
    #[must_use]
    pub fn part(&self, name: &str) -> Option<Type> {
        let ty = self.parts.iter().find(|it| it.0 == name)?.1;
        Some(Type::from_name(&Name::new(ty, specql_text::TextRange::default()), &[]))
    }
}
