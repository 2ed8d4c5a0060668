//! Durations in settings: `90 days`.

use crate::Name;

/// The units, with the words and letters that mean them.
const UNITS: &[(&str, &[&str])] = &[
    ("days", &["d", "day", "days"]),
    ("weeks", &["w", "week", "weeks"]),
    ("months", &["m", "month", "months"]),
    ("years", &["y", "year", "years"]),
];

/// `90 days`, `7 years` and the short `90d`, as PostgreSQL reads them; absent for anything else, and for
/// nothing at all (`0 days`).
#[must_use]
pub fn interval(name: &Name) -> Option<String> {
    let text = name.text.trim();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let number: u32 = number.parse().ok().filter(|it| *it > 0)?;
    let unit = unit.trim().to_ascii_lowercase();
    let (unit, _) = UNITS.iter().find(|it| it.1.contains(&unit.as_str()))?;
    Some(format!("{number} {unit}"))
}

#[cfg(test)]
mod tests {
    use specql_text::TextRange;

    use super::*;

    #[test]
    fn durations_are_read_in_the_usual_units() {
        let read = |it: &str| interval(&Name::new(it, TextRange::empty(0)));
        assert_eq!(read("90 days").as_deref(), Some("90 days"));
        assert_eq!(read("7y").as_deref(), Some("7 years"));
        assert_eq!(read("soon"), None);
        assert_eq!(read("0 days"), None);
        assert_eq!(read("5 days'; DROP TABLE x"), None);
    }
}
