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

    /// Whether a text in quotes is read as a value of it. What depends on settings or on a long
    /// grammar is taken for one.
    #[must_use]
    pub fn reads(self, text: &str) -> bool {
        let text = text.trim();
        match self {
            Self::Smallint | Self::Integer | Self::Bigint => {
                let is_hexadecimal = text.len() > 2 && text.starts_with("0x");
                is_hexadecimal || text.parse::<f64>().is_ok_and(|it| it.fract() == 0.0)
            }
            Self::Numeric | Self::Real | Self::Float => {
                text.parse::<f64>().is_ok() && !text.is_empty()
            }
            Self::Boolean => reads_boolean(text),
            Self::Uuid => {
                let hex = text.chars().filter(|it| !matches!(it, '-' | '{' | '}'));
                hex.clone().count() == 32 && hex.into_iter().all(|it| it.is_ascii_hexdigit())
            }
            Self::Date | Self::Timestamp | Self::Timestamptz => {
                const WORDS: [&str; 8] = [
                    "now",
                    "today",
                    "tomorrow",
                    "yesterday",
                    "epoch",
                    "infinity",
                    "-infinity",
                    "allballs",
                ];
                (text.contains(|it: char| it.is_ascii_digit())
                    && is_day(text)
                    && hour_behind(text).is_none_or(is_hour))
                    || WORDS.contains(&text.to_ascii_lowercase().as_str())
            }
            Self::Time | Self::Timetz => {
                (text.contains(|it: char| it.is_ascii_digit()) && is_hour(text))
                    || ["now", "allballs"].contains(&text.to_ascii_lowercase().as_str())
            }
            Self::Json => serde_json::from_str::<&serde_json::value::RawValue>(text).is_ok(),
            Self::Interval => reads_interval(text),
            _ => true,
        }
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

/// Whether a text may begin with a time of day. Only `23:59` is judged.
fn is_hour(text: &str) -> bool {
    let mut parts = text.splitn(3, ':');
    let (Some(hour), Some(minute)) = (parts.next(), parts.next()) else { return true };
    let minute = minute.get(..2).unwrap_or(minute);
    match (hour.parse::<u32>(), minute.parse::<u32>()) {
        (Ok(hour), Ok(minute)) => hour < 24 && minute < 60 || (hour == 24 && minute == 0),
        _ => true,
    }
}

/// What stands behind a day: `10:00` in `2026-01-31T10:00`.
fn hour_behind(text: &str) -> Option<&str> {
    let is_date = text.as_bytes().get(4) == Some(&b'-') && text.as_bytes().get(7) == Some(&b'-');
    let rest = text.get(10..).filter(|_| is_date)?;
    rest.strip_prefix(['T', 't', ' ']).map(str::trim_start)
}

/// Whether a text may begin with a day. Only `2026-01-31` is judged; others depend on settings.
fn is_day(text: &str) -> bool {
    let date = text.get(..10).unwrap_or_default();
    let mut parts = date.split('-').map(|it| it.parse::<u32>().ok());
    let (Some(Some(year)), Some(Some(month)), Some(Some(day)), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return true;
    };
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 => 28 + u32::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    // `01-02-2026` has another order.
    date.as_bytes().get(4).is_none_or(|it| *it != b'-')
        || ((1..=12).contains(&month) && (1..=days).contains(&day))
}

/// The units of a length of time; each may have an `s` behind it.
const UNITS: [&str; 34] = [
    "microsecond",
    "us",
    "usec",
    "millisecond",
    "ms",
    "msec",
    "second",
    "sec",
    "s",
    "minute",
    "min",
    "m",
    "hour",
    "hr",
    "h",
    "day",
    "d",
    "week",
    "w",
    "month",
    "mon",
    "year",
    "yr",
    "y",
    "decade",
    "dec",
    "century",
    "centurie",
    "cent",
    "c",
    "millennium",
    "millennia",
    "mil",
    "ago",
];

/// Whether a word is a unit of time, in any of its spellings.
pub(crate) fn is_unit_of_time(word: &str) -> bool {
    UNITS.contains(&word) || word.strip_suffix('s').is_some_and(|it| UNITS.contains(&it))
}

/// Numbers with units. What has another notation (`1:30`, `P1D`) is taken for one.
fn reads_interval(text: &str) -> bool {
    if text.contains(':') || text.starts_with(['P', 'p']) {
        return true;
    }
    let text = text.to_ascii_lowercase();
    let mut words = text.split(|it: char| !it.is_ascii_alphabetic()).filter(|it| !it.is_empty());
    text.contains(|it: char| it.is_ascii_digit()) && words.all(is_unit_of_time)
}

/// The words that PostgreSQL reads as a truth value: these, and what they begin with.
fn reads_boolean(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let is_begin = |word: &str| !text.is_empty() && word.starts_with(&text);
    matches!(text.as_str(), "1" | "0" | "on" | "of" | "off")
        || ["true", "false", "yes", "no"].into_iter().any(is_begin)
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

    #[test]
    fn texts_that_are_read() {
        assert!(Scalar::Boolean.reads("t") && Scalar::Boolean.reads("Off"));
        assert!(!Scalar::Boolean.reads("maybe") && !Scalar::Boolean.reads("o"));
        assert!(Scalar::Date.reads("2026-01-01") && !Scalar::Date.reads("soon"));
        assert!(
            Scalar::Interval.reads("1 year 2 mons -3days ago") && Scalar::Interval.reads("P1D")
        );
        assert!(Scalar::Interval.reads("1:30") && Scalar::Interval.reads("2 centuries"));
        assert!(!Scalar::Interval.reads("3 dayz") && !Scalar::Interval.reads("days"));
        assert!(!Scalar::Timestamptz.reads("2026-13-45") && !Scalar::Date.reads("2026-02-29"));
        assert!(
            !Scalar::Timestamptz.reads("2026-01-31T25:00")
                && !Scalar::Date.reads("2026-01-31 10:60")
        );
        assert!(
            Scalar::Timestamptz.reads("2026-01-31 23:59:59+02")
                && Scalar::Timestamp.reads("2026-01-31")
        );
        assert!(Scalar::Date.reads("2024-02-29") && Scalar::Date.reads("31-12-2026"));
        assert!(Scalar::Uuid.reads("5b1c2d3e-4f50-4a61-8b72-9c83ad94be05"));
        assert!(!Scalar::Uuid.reads("author") && !Scalar::Integer.reads("many"));
    }
    #[test]
    fn what_is_json_and_what_is_not() {
        for it in
            ["{}", " [] ", "null", "-1.5e3", r#"{"a": [1, {"b": "}\""}], "c": true}"#, "\"x\""]
        {
            assert!(Scalar::Json.reads(it), "{it}");
        }
        for it in ["", "{", "{a: 1}", "[1,]", "{\"a\" 1}", "'x'", "x", "[1] 2", "\"x", "{\"a\":}"] {
            assert!(!Scalar::Json.reads(it), "{it}");
        }
        assert!(
            Scalar::Json.reads(&format!("{}{}", "[".repeat(10_000), "]".repeat(10_000))),
            "deep"
        );
    }
}
