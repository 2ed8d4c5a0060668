//! Durations in settings.

use specql_model::Name;

/// `90 days`, `7 years` and the short `90d`, as PostgreSQL reads them.
pub(crate) fn interval(name: &Name) -> Option<String> {
    let text = name.text.trim();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let number: u32 = number.parse().ok()?;
    let unit = match unit.trim().to_ascii_lowercase().as_str() {
        "d" | "day" | "days" => "days",
        "w" | "week" | "weeks" => "weeks",
        "m" | "month" | "months" => "months",
        "y" | "year" | "years" => "years",
        _ => return None,
    };
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
        assert_eq!(read("5 days'; DROP TABLE x"), None);
    }
}
