//! Durations in settings: `90 days`.

use crate::Name;

/// The units with the words and letters that mean them, and their days.
const UNITS: &[(&str, &[&str], u64)] = &[
    ("days", &["d", "day", "days"], 1),
    ("weeks", &["w", "week", "weeks"], 7),
    ("months", &["m", "month", "months"], 30),
    ("years", &["y", "year", "years"], 365),
];

/// `90 days`, `7 years` and the short `90d`, as PostgreSQL reads them; absent for anything else, and for
/// nothing at all (`0 days`).
#[must_use]
pub fn interval(name: &Name) -> Option<String> {
    read(name).map(|(number, unit, _)| format!("{number} {unit}"))
}

/// The same in milliseconds, with months of 30 and years of 365 days.
#[must_use]
pub fn interval_millis(name: &Name) -> Option<u64> {
    let (number, _, days) = read(name)?;
    u64::from(number).checked_mul(days)?.checked_mul(24 * 60 * 60 * 1000)
}

fn read(name: &Name) -> Option<(u32, &'static str, u64)> {
    let text = name.text.trim();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let number: u32 = number.parse().ok().filter(|it| *it > 0)?;
    let unit = unit.trim().to_ascii_lowercase();
    let (unit, _, days) = UNITS.iter().find(|it| it.1.contains(&unit.as_str()))?;
    Some((number, unit, *days))
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
        assert_eq!(
            interval_millis(&Name::new("2 weeks", TextRange::empty(0))),
            Some(1_209_600_000)
        );
        assert_eq!(read("soon"), None);
        assert_eq!(read("0 days"), None);
        assert_eq!(read("5 days'; DROP TABLE x"), None);
    }
}
