//! Texts in quotes: which of them PostgreSQL reads as values of a type.
//!
//! Invariant: what is refused here PostgreSQL refuses, with whatever settings. What depends on settings or on
//! a long grammar is taken for a value.

use super::Scalar;

impl Scalar {
    /// The type that a text in quotes takes in a sum or a difference with a moment or a time of day: a length of
    /// time, unless the text can be taken from the value as another one. Absent where it is neither.
    #[must_use]
    pub fn of_addend(self, text: &str, subtracts: bool) -> Option<Self> {
        let is_plain = text.trim().bytes().all(|it| it.is_ascii_digit());
        if !self.is_moment() && !self.is_time() {
            None
        } else if subtracts && self.reads(text) {
            Some(self)
        } else {
            // A number without a unit would be one of seconds.
            (Self::Interval.reads(text) && !is_plain).then_some(Self::Interval)
        }
    }

    /// Whether a text in quotes is read as a value of it.
    #[must_use]
    pub fn reads(self, text: &str) -> bool {
        let text = text.trim();
        match self {
            Self::Smallint => reads_whole(text, i16::MIN.into(), i16::MAX.into()),
            Self::Integer => reads_whole(text, i32::MIN.into(), i32::MAX.into()),
            Self::Bigint => reads_whole(text, i64::MIN, i64::MAX),
            Self::Numeric => reads_number(text).is_some(),
            Self::Real | Self::Float => {
                let is_word = text.contains(['n', 'N']);
                reads_number(text).is_some_and(|it| it.is_finite() || is_word)
            }
            Self::Boolean => reads_boolean(text),
            Self::Uuid => {
                let hex = text.chars().filter(|it| !matches!(it, '-' | '{' | '}'));
                hex.clone().count() == 32 && hex.into_iter().all(|it| it.is_ascii_hexdigit())
            }
            Self::Date | Self::Timestamp | Self::Timestamptz => reads_moment(text),
            Self::Time | Self::Timetz => {
                let is_word = ["now", "allballs"].contains(&text.to_ascii_lowercase().as_str());
                (has_clock(text) && is_hour(text)) || is_word
            }
            Self::Json => serde_json::from_str::<&serde_json::value::RawValue>(text).is_ok(),
            Self::Interval => reads_interval(text),
            Self::Inet => reads_address(text),
            Self::Macaddr => {
                let hex = text.chars().filter(|it| !matches!(it, ':' | '-' | '.'));
                hex.clone().count() == 12 && hex.into_iter().all(|it| it.is_ascii_hexdigit())
            }
            Self::Point => reads_point(text),
            _ => true,
        }
    }
}

/// A whole number between two others. Newer releases read `0x1f` and `1_000` too.
fn reads_whole(text: &str, least: i64, greatest: i64) -> bool {
    let begins = |it: &str| text.len() > 2 && text.to_ascii_lowercase().starts_with(it);
    ["0x", "0o", "0b"].into_iter().any(begins)
        || text.replace('_', "").parse().is_ok_and(|it| (least..=greatest).contains(&it))
}

fn reads_number(text: &str) -> Option<f64> {
    text.replace('_', "").parse().ok()
}

/// A day, perhaps with a time behind it.
fn reads_moment(text: &str) -> bool {
    const WORDS: [&str; 7] =
        ["now", "today", "tomorrow", "yesterday", "epoch", "infinity", "-infinity"];
    let text = text.to_ascii_lowercase();
    if WORDS.contains(&text.as_str()) {
        return true;
    }
    let mut words = text.split(|it: char| !it.is_ascii_alphabetic()).filter(|it| !it.is_empty());
    // A word may name a zone behind an hour.
    let may_have_zone = text.contains(':');
    let is_known = |it: &str| may_have_zone || is_word_of_moment(it);
    let names_day = |it: &str| is_month(it) || it == "j" || WORDS.contains(&it);
    let has_day = || words.clone().any(names_day) || has_numbers_of_day(&text);
    text.contains(|it: char| it.is_ascii_digit())
        && has_day()
        && words.all(is_known)
        && is_day(&text)
        && hour_behind(&text).is_none_or(is_hour)
}

fn is_word_of_moment(word: &str) -> bool {
    const OTHERS: [&str; 22] = [
        "am", "pm", "bc", "ad", "t", "z", "j", "at", "on", "utc", "gmt", "mon", "tue", "tues",
        "wed", "thu", "thur", "thurs", "fri", "sat", "sun", "dst",
    ];
    OTHERS.contains(&word)
        || word.ends_with("day")
        || is_month(word)
        || ["now", "today", "tomorrow", "yesterday", "epoch"].contains(&word)
}

fn is_month(word: &str) -> bool {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    word.len() >= 3 && MONTHS.iter().any(|it| it.starts_with(word))
}

/// Whether year, month and day stand there in numbers: three of them, two with the day of a year, or all in
/// one.
fn has_numbers_of_day(text: &str) -> bool {
    let end = text.find([' ', 't', ':']).unwrap_or(text.len());
    let day = text.get(..end).unwrap_or_default();
    let numbers: Vec<&str> = day
        .split(['-', '/', '.'])
        .filter(|it| it.starts_with(|it: char| it.is_ascii_digit()))
        .collect();
    match numbers.as_slice() {
        [all] => matches!(all.len(), 6 | 8..),
        [_, day] => day.len() == 3,
        _ => numbers.len() >= 3,
    }
}

/// Whether a text may say a time of day: with a colon, or with four or six digits.
fn has_clock(text: &str) -> bool {
    let digits = text.trim_start_matches(|it: char| !it.is_ascii_digit());
    let count = digits.bytes().take_while(u8::is_ascii_digit).count();
    count > 0 && (text.contains(':') || matches!(count, 4 | 6))
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

/// Numbers with units; `1:30`, `1-2` and `P1DT2H` are other notations.
fn reads_interval(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let has_number = text.contains(|it: char| it.is_ascii_digit());
    if let Some(rest) = text.strip_prefix('p') {
        let is_sign = |it: char| it.is_ascii_digit() || "ymwdths.,:-+".contains(it);
        return has_number && rest.chars().all(is_sign);
    }
    let mut words = text.split(|it: char| !it.is_ascii_alphabetic()).filter(|it| !it.is_empty());
    has_number && words.all(is_unit_of_time)
}

/// An address of four numbers or of the newer kind, perhaps with a mask. A network may leave numbers out.
fn reads_address(text: &str) -> bool {
    let (address, mask) = text.split_once('/').map_or((text, None), |it| (it.0, Some(it.1)));
    let most = if address.contains(':') { 128 } else { 32 };
    let is_mask = mask.is_none_or(|it| it.parse::<u8>().is_ok_and(|it| it <= most));
    let is_network = || {
        mask.is_some()
            && !address.is_empty()
            && address.split('.').all(|it| it.parse::<u8>().is_ok())
    };
    is_mask && (address.parse::<core::net::IpAddr>().is_ok() || is_network())
}

/// `(48.8,2.35)`, with or without the parentheses.
fn reads_point(text: &str) -> bool {
    let inner = text.strip_prefix('(').and_then(|it| it.strip_suffix(')')).unwrap_or(text);
    let numbers: Vec<&str> = inner.split(',').map(str::trim).collect();
    numbers.len() == 2 && numbers.iter().all(|it| reads_number(it).is_some())
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
    fn days_and_moments() {
        let accepted = [
            "2024-01-05",
            "2024-1-5",
            "20240105",
            "Jan 5 2024",
            "5 January 2024",
            "2024/01/05",
            "2024.01.05",
            "06/30/2024",
            "30.06.2024",
            "2024-366",
            "J2451187",
            "today",
            "now",
            "epoch",
        ];
        for it in accepted {
            assert!(Scalar::Date.reads(it) && Scalar::Timestamptz.reads(it), "{it}");
        }
        let refused = [
            "2024",
            "3",
            "soon",
            "3 days",
            "1.5",
            "2024-01",
            "1/2",
            "2024-02-30",
            "2024-13-45",
            "2024-06-31",
            "next week",
            "2024-01-05 noon",
            "10:00",
            "5 days",
        ];
        for it in refused {
            assert!(!Scalar::Date.reads(it) && !Scalar::Timestamptz.reads(it), "{it}");
        }
        for it in ["2024-01-05T10:00:00Z", "2024-01-05 10:00 pm", "2024-01-05 10:00 Europe/Paris"] {
            assert!(Scalar::Timestamptz.reads(it), "{it}");
        }
        for it in ["2024-01-05 23:60", "2024-01-05T25:00", "2024-02-30T10:00:00Z"] {
            assert!(!Scalar::Timestamptz.reads(it), "{it}");
        }
    }

    #[test]
    fn lengths_of_time_and_times_of_day() {
        for it in ["1 year 2 mons -3days ago", "P1D", "PT1H30M", "1:30", "1-2", "5", "2 centuries"]
        {
            assert!(Scalar::Interval.reads(it), "{it}");
        }
        for it in ["3 dayz", "days", "pending", "1 fortnight", "soon", "a:b"] {
            assert!(!Scalar::Interval.reads(it), "{it}");
        }
        assert!(Scalar::Time.reads("23:59") && Scalar::Time.reads("10:00 PM"));
        assert!(!Scalar::Time.reads("25:00") && !Scalar::Time.reads("noon"));
    }

    #[test]
    fn numbers_and_truth_values() {
        assert!(Scalar::Integer.reads("+5") && Scalar::Integer.reads(" -5 "));
        for it in ["5.0", "1e3", "99999999999", "many", ""] {
            assert!(!Scalar::Integer.reads(it), "{it}");
        }
        assert!(Scalar::Bigint.reads("99999999999") && !Scalar::Smallint.reads("40000"));
        assert!(Scalar::Numeric.reads("1e400") && !Scalar::Float.reads("1e400"));
        assert!(Scalar::Float.reads("Infinity") && !Scalar::Numeric.reads("12,50"));
        assert!(Scalar::Boolean.reads("t") && Scalar::Boolean.reads("Off"));
        assert!(!Scalar::Boolean.reads("maybe") && !Scalar::Boolean.reads("o"));
    }

    #[test]
    fn ids_addresses_and_points() {
        assert!(Scalar::Uuid.reads("5b1c2d3e-4f50-4a61-8b72-9c83ad94be05"));
        assert!(!Scalar::Uuid.reads("author"));
        for it in ["10.0.0.1", "10.0.0.0/8", "::1", "10.0/16"] {
            assert!(Scalar::Inet.reads(it), "{it}");
        }
        for it in ["localhost", "10.0.0", "10.0.0.1/33", "300.1.1.1"] {
            assert!(!Scalar::Inet.reads(it), "{it}");
        }
        assert!(
            Scalar::Macaddr.reads("0800.2b01.0203") && !Scalar::Macaddr.reads("08:00:2b:01:02")
        );
        assert!(Scalar::Point.reads("(1,2)") && !Scalar::Point.reads("Paris"));
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
