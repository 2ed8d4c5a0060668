//! The types of PostgreSQL that values have, and which of them takes the place of which.
//!
//! Invariant: what is said here of two types is what PostgreSQL does with a column of each.

/// A type of PostgreSQL, without its parameters. Types that are read alike are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scalar {
    /// `boolean`.
    Boolean,
    /// `smallint`.
    Smallint,
    /// `integer`.
    Integer,
    /// `bigint`.
    Bigint,
    /// `numeric`.
    Numeric,
    /// `real`.
    Real,
    /// `double precision`.
    Float,
    /// `text`, `varchar`, `char`.
    Text,
    /// `date`.
    Date,
    /// `time`.
    Time,
    /// `timetz`.
    Timetz,
    /// `timestamp`.
    Timestamp,
    /// `timestamptz`.
    Timestamptz,
    /// `interval`.
    Interval,
    /// `uuid`.
    Uuid,
    /// `jsonb`, `json`.
    Json,
    /// `bytea`.
    Bytea,
    /// `inet`, `cidr`.
    Inet,
    /// `macaddr`.
    Macaddr,
    /// `point`.
    Point,
    /// `xml`.
    Xml,
    /// `tsvector`.
    Tsvector,
    /// `tsquery`.
    Tsquery,
    /// Any range.
    Range,
    /// An array of anything.
    Array,
}

impl Scalar {
    /// The type with a name of PostgreSQL, with or without parameters.
    #[must_use]
    pub fn from_sql(name: &str) -> Option<Self> {
        if name.ends_with(']') {
            return Some(Self::Array);
        }
        let base = name.split('(').next().unwrap_or_default().trim();
        Some(match base {
            "boolean" | "bool" => Self::Boolean,
            "smallint" | "int2" => Self::Smallint,
            "integer" | "int" | "int4" | "serial" => Self::Integer,
            "bigint" | "int8" | "bigserial" => Self::Bigint,
            "numeric" | "decimal" => Self::Numeric,
            "real" | "float4" => Self::Real,
            "double precision" | "float8" | "float" => Self::Float,
            "text" | "varchar" | "char" | "character varying" | "character" => Self::Text,
            "date" => Self::Date,
            "time" | "time without time zone" => Self::Time,
            "timetz" | "time with time zone" => Self::Timetz,
            "timestamp" | "timestamp without time zone" => Self::Timestamp,
            "timestamptz" | "timestamp with time zone" => Self::Timestamptz,
            "interval" => Self::Interval,
            "uuid" => Self::Uuid,
            "jsonb" | "json" => Self::Json,
            "bytea" => Self::Bytea,
            "inet" | "cidr" => Self::Inet,
            "macaddr" => Self::Macaddr,
            "point" => Self::Point,
            "xml" => Self::Xml,
            "tsvector" => Self::Tsvector,
            "tsquery" => Self::Tsquery,
            "int4range" | "int8range" | "numrange" | "daterange" | "tsrange" | "tstzrange"
            | "anyrange" | "anymultirange" => Self::Range,
            _ => return None,
        })
    }

    /// The type's name in PostgreSQL; none for those that stand for several.
    #[must_use]
    pub const fn sql_name(self) -> Option<&'static str> {
        Some(match self {
            Self::Boolean => "boolean",
            Self::Smallint => "smallint",
            Self::Integer => "integer",
            Self::Bigint => "bigint",
            Self::Numeric => "numeric",
            Self::Real => "real",
            Self::Float => "double precision",
            Self::Text => "text",
            Self::Date => "date",
            Self::Time => "time",
            Self::Timetz => "timetz",
            Self::Timestamp => "timestamp",
            Self::Timestamptz => "timestamptz",
            Self::Interval => "interval",
            Self::Uuid => "uuid",
            Self::Json => "jsonb",
            Self::Bytea => "bytea",
            Self::Inet => "inet",
            Self::Macaddr => "macaddr",
            Self::Point => "point",
            Self::Xml => "xml",
            Self::Tsvector => "tsvector",
            Self::Tsquery => "tsquery",
            Self::Range | Self::Array => return None,
        })
    }

    /// The width among numbers, of which a narrower one takes the place of a wider one by itself.
    const fn width(self) -> Option<u8> {
        match self {
            Self::Smallint => Some(0),
            Self::Integer => Some(1),
            Self::Bigint => Some(2),
            Self::Numeric => Some(3),
            Self::Real => Some(4),
            Self::Float => Some(5),
            _ => None,
        }
    }

    /// Whether it holds numbers.
    #[must_use]
    pub const fn is_number(self) -> bool {
        self.width().is_some()
    }

    /// Whether it holds whole numbers.
    #[must_use]
    pub const fn is_whole(self) -> bool {
        matches!(self, Self::Smallint | Self::Integer | Self::Bigint)
    }

    /// Whether it holds a day, or a moment of one.
    #[must_use]
    pub const fn is_moment(self) -> bool {
        matches!(self, Self::Date | Self::Timestamp | Self::Timestamptz)
    }

    /// Whether it holds times of a day.
    #[must_use]
    pub const fn is_time(self) -> bool {
        matches!(self, Self::Time | Self::Timetz)
    }

    /// The wider one of two numbers.
    #[must_use]
    pub fn wider(self, other: Self) -> Self {
        if self.width() >= other.width() { self } else { other }
    }

    /// Whether a value of it can be given where a function wants the other type.
    #[must_use]
    pub fn converts_to(self, other: Self) -> bool {
        match (self.width(), other.width()) {
            (Some(from), Some(to)) => from <= to,
            _ => {
                self == other
                    || matches!(
                        (self, other),
                        (Self::Date, Self::Timestamp | Self::Timestamptz)
                            | (Self::Timestamp, Self::Timestamptz)
                            | (Self::Time, Self::Timetz | Self::Interval)
                    )
            }
        }
    }

    /// Whether there is an operator that compares values of the two.
    #[must_use]
    pub fn compares_with(self, other: Self) -> bool {
        self == other
            || (self.is_number() && other.is_number())
            || (self.is_moment() && other.is_moment())
            || self.converts_to(other)
            || other.converts_to(self)
    }

    /// Whether it holds numbers with a part behind the point.
    #[must_use]
    pub const fn is_fraction(self) -> bool {
        matches!(self, Self::Numeric | Self::Real | Self::Float)
    }

    /// Whether a cast to the other type may work. Only casts between types that every release has none for
    /// are refused.
    #[must_use]
    pub fn casts_to(self, other: Self) -> bool {
        const PLAIN: [Scalar; 7] = [
            Scalar::Boolean,
            Scalar::Date,
            Scalar::Timestamp,
            Scalar::Timestamptz,
            Scalar::Interval,
            Scalar::Uuid,
            Scalar::Time,
        ];
        let is_plain = |it: Self| PLAIN.contains(&it) || it.is_number();
        !(is_plain(self) && is_plain(other))
            || self.assigns_to(other)
            || matches!(
                (self, other),
                (Self::Integer, Self::Boolean)
                    | (Self::Boolean, Self::Integer)
                    | (Self::Time, Self::Interval)
                    | (Self::Interval, Self::Time)
            )
    }

    /// Whether a column of the other type can be set to a value of this one.
    #[must_use]
    pub fn assigns_to(self, other: Self) -> bool {
        self.compares_with(other)
            || matches!(
                (self, other),
                (_, Self::Text)
                    | (Self::Timestamp | Self::Timestamptz | Self::Interval, Self::Time)
                    | (Self::Timestamptz, Self::Timetz)
            )
    }
}

/// The items of a list in JSON, each with its text and whether it is a text itself; nothing for what is
/// no list.
#[must_use]
pub fn items_of_json(text: &str) -> Option<Vec<(String, bool)>> {
    let items: Vec<serde_json::Value> = serde_json::from_str(text).ok()?;
    let item = |it: serde_json::Value| match it {
        serde_json::Value::String(it) => (it, true),
        other => (other.to_string(), false),
    };
    Some(items.into_iter().map(item).collect())
}

#[cfg(test)]
mod tests {
    use super::Scalar;

    #[test]
    fn a_number_takes_the_place_of_a_wider_one() {
        assert!(Scalar::Integer.converts_to(Scalar::Numeric));
        assert!(!Scalar::Float.converts_to(Scalar::Numeric), "round(float, 2) does not exist");
        assert!(Scalar::Float.assigns_to(Scalar::Integer));
        assert!(!Scalar::Boolean.assigns_to(Scalar::Integer));
        assert!(!Scalar::Text.compares_with(Scalar::Integer));
    }
}
