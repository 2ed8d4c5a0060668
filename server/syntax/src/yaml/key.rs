//! When two keys of a mapping are one to the upstream loader: its `dict` takes `1`, `0x1`, `1.0` and
//! `true` for the same, and `1` and `"1"` for two.

use ecow::{EcoString, eco_format};

use super::{
    Entry, Resolved,
    timestamp::{Timestamp, timestamp},
};

/// What a key is compared by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum KeyIdentity {
    Null,
    Text(EcoString),
    /// A whole number in decimal digits, also one of floating point; a boolean is 0 or 1.
    Whole(EcoString),
    /// The bits of any other number.
    Float(u64),
    Timestamp(Timestamp),
}

impl KeyIdentity {
    /// What the key of an entry is compared by.
    pub(super) fn of(entry: &Entry) -> Self {
        let text = &entry.key.text;
        match &entry.key_resolved {
            Resolved::Null => Self::Null,
            Resolved::Bool(it) => Self::Whole(eco_format!("{}", u8::from(*it))),
            Resolved::Int(it) => Self::Whole(it.clone()),
            Resolved::Float(it) => of_float(it),
            Resolved::Timestamp => {
                timestamp(text).map_or_else(|| Self::Text(text.clone()), Self::Timestamp)
            }
            Resolved::Str => Self::Text(text.clone()),
        }
    }
}

fn of_float(text: &str) -> KeyIdentity {
    let value = float(text);
    if value.is_finite() && value.fract() == 0.0 {
        // Adding nothing turns the negative zero into the other one.
        return KeyIdentity::Whole(format!("{:.0}", value + 0.0).into());
    }
    KeyIdentity::Float(value.to_bits())
}

/// The value of a floating point number as YAML 1.1 writes it, sexagesimal ones included.
fn float(text: &str) -> f64 {
    let digits = text.trim_start_matches(['-', '+']);
    let value = match digits {
        ".inf" | ".Inf" | ".INF" => f64::INFINITY,
        ".nan" | ".NaN" | ".NAN" => f64::NAN,
        _ => {
            let parts = digits.rsplit(':').map(|it| it.parse::<f64>().unwrap_or(f64::NAN));
            parts.fold((0.0, 1.0), |(sum, base), it| (sum + it * base, base * 60.0)).0
        }
    };
    if text.starts_with('-') { -value } else { value }
}
