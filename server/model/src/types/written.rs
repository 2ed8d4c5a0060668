//! Types as authors write them: `ref(Author)`, `enum(draft, published)`, `list(text)`.

use specql_syntax::expression::EntityReference;

use crate::{EntityId, Name, Type, Workspace, infer::ValueType};

use super::Scalar;

/// How a reference to an entity is written; absent where it cannot be.
pub type WrittenReference<'r> = &'r dyn Fn(&EntityReference) -> Option<String>;

impl Type {
    /// The type in the words of a file; absent where it has none.
    #[must_use]
    pub fn written(&self, reference: WrittenReference<'_>) -> Option<String> {
        Some(match self {
            Self::Basic(it) => it.name().to_owned(),
            Self::Rich(it) => it.name.to_owned(),
            Self::Composite(it) => it.name.to_owned(),
            Self::Enum(values) => enum_of(values),
            Self::List(item) => format!("list({})", item.written(reference)?),
            Self::Ref(targets) => {
                let names: Option<Vec<String>> = targets.iter().map(reference).collect();
                format!("ref({})", names?.join("|"))
            }
            Self::Postgres { name, .. } => name.text.to_string(),
            Self::Unknown(name) => name.text.to_string(),
            Self::Missing => return None,
        })
    }
}

impl ValueType<'_> {
    /// The type that a parameter has to have to hold such a value; absent where nothing says it. `row` names an
    /// entity.
    #[must_use]
    pub fn written(
        self,
        workspace: &Workspace,
        row: &dyn Fn(EntityId) -> Option<String>,
    ) -> Option<String> {
        Some(match self {
            Self::Scalar(it) => it.written()?.to_owned(),
            Self::Row(entity) => format!("ref({})", row(entity)?),
            Self::Rows(all) => {
                let names: Option<Vec<String>> = all.entities().map(row).collect();
                format!("ref({})", names?.join("|"))
            }
            Self::Enum(values) => enum_of(values),
            Self::List(Some(items)) => {
                format!("list({})", items.value_type(workspace).written(workspace, row)?)
            }
            Self::Literal(_) => "text".to_owned(),
            Self::List(None) | Self::Composite | Self::Null | Self::Unknown => return None,
        })
    }
}

impl Scalar {
    /// The type of a field that holds its values; none for those of which no field is.
    #[must_use]
    pub const fn written(self) -> Option<&'static str> {
        Some(match self {
            Self::Boolean => "boolean",
            Self::Smallint | Self::Integer => "integer",
            Self::Bigint => "bigint",
            Self::Numeric | Self::Real | Self::Float => "float",
            Self::Text => "text",
            Self::Date => "date",
            Self::Time | Self::Timetz => "time",
            Self::Timestamp | Self::Timestamptz => "datetime",
            Self::Interval => "duration",
            Self::Uuid => "uuid",
            Self::Json => "json",
            Self::Inet => "ipAddress",
            Self::Macaddr => "macAddress",
            Self::Point => "coordinates",
            Self::Bytea
            | Self::Xml
            | Self::Tsvector
            | Self::Tsquery
            | Self::Range
            | Self::Array => return None,
        })
    }
}

/// `enum(a, b)`.
#[must_use]
pub fn enum_of(values: &[Name]) -> String {
    let values: Vec<&str> = values.iter().map(Name::as_str).collect();
    format!("enum({})", values.join(", "))
}
