//! Dates and times, as `PyYAML` recognises and makes them: what looks like one need not exist.

/// What a timestamp says, as numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Timestamp {
    /// A day, counted from a fixed one.
    Date(i64),
    /// Microseconds from a fixed day, without a zone.
    Local(i64),
    /// Microseconds from a fixed day, in UTC.
    Instant(i64),
}

/// Whether a text looks like a date (`2024-01-31`), or like a date of looser form with a time and
/// perhaps a zone.
pub(super) fn is_timestamp(text: &str) -> bool {
    read(text).is_some()
}

/// The date or time that a text with the look of one stands for; `None` when there is none such.
pub(super) fn timestamp(text: &str) -> Option<Timestamp> {
    let parts = read(text)?;
    let day = day_number(parts.year, parts.month, parts.day)?;
    let Some(time) = parts.time else { return Some(Timestamp::Date(day)) };
    if time.hour > 23 || time.minute > 59 || time.second > 59 {
        return None;
    }
    let seconds = day * 86_400 + time.hour * 3_600 + time.minute * 60 + time.second;
    let local = seconds * 1_000_000 + time.microsecond;
    match time.zone {
        None => Some(Timestamp::Local(local)),
        Some(minutes) if minutes.abs() < 24 * 60 => {
            Some(Timestamp::Instant(local - minutes * 60_000_000))
        }
        Some(_) => None,
    }
}

/// The number of a day in the calendar of the loader, which begins with the year 1.
fn day_number(year: i64, month: i64, day: i64) -> Option<i64> {
    const BEFORE: [i64; 13] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let at = usize::try_from(month).ok()?;
    let (before, end) = (*BEFORE.get(at.checked_sub(1)?)?, *BEFORE.get(at)?);
    let length = end - before + i64::from(is_leap && month == 2);
    let past = year - 1;
    let exists = year >= 1 && (1..=length).contains(&day);
    let leap_day = i64::from(is_leap && month > 2);
    exists.then(|| past * 365 + past / 4 - past / 100 + past / 400 + before + leap_day + day)
}

/// The numbers of a timestamp as they are written.
struct Parts {
    year: i64,
    month: i64,
    day: i64,
    time: Option<Time>,
}

struct Time {
    hour: i64,
    minute: i64,
    second: i64,
    microsecond: i64,
    /// Minutes east of Greenwich.
    zone: Option<i64>,
}

fn read(text: &str) -> Option<Parts> {
    let mut rest = Digits(text);
    let year = rest.take(4, 4)?;
    rest.literal('-')?;
    date(rest, year).or_else(|| date_and_time(rest, year))
}

fn date(mut rest: Digits<'_>, year: i64) -> Option<Parts> {
    let month = rest.take(2, 2)?;
    rest.literal('-')?;
    let day = rest.take(2, 2)?;
    rest.0.is_empty().then_some(Parts { year, month, day, time: None })
}

fn date_and_time(mut rest: Digits<'_>, year: i64) -> Option<Parts> {
    let month = rest.take(1, 2)?;
    rest.literal('-')?;
    let day = rest.take(1, 2)?;
    if rest.literal('T').or_else(|| rest.literal('t')).is_none() && !rest.blanks() {
        return None;
    }
    let hour = rest.take(1, 2)?;
    rest.literal(':')?;
    let minute = rest.take(2, 2)?;
    rest.literal(':')?;
    let second = rest.take(2, 2)?;
    let microsecond = if rest.literal('.').is_some() { rest.fraction() } else { 0 };
    let zone = zone(rest)?;
    Some(Parts { year, month, day, time: Some(Time { hour, minute, second, microsecond, zone }) })
}

/// The zone behind a time: `Some(None)` when there is none, `None` when something else stands there.
fn zone(mut rest: Digits<'_>) -> Option<Option<i64>> {
    if rest.0.is_empty() {
        return Some(None);
    }
    rest.blanks();
    if rest.literal('Z').is_some() {
        return rest.0.is_empty().then_some(Some(0));
    }
    let sign = if rest.literal('-').is_some() { -1 } else { rest.literal('+').map(|()| 1)? };
    let hours = rest.take(1, 2)?;
    let minutes = if rest.literal(':').is_some() { rest.take(2, 2)? } else { 0 };
    rest.0.is_empty().then_some(Some(sign * (hours * 60 + minutes)))
}

/// A text that is read from its start.
#[derive(Clone, Copy)]
struct Digits<'a>(&'a str);

impl Digits<'_> {
    /// The number of as many digits as there are, at most `most`; `None` when they are fewer than `least`.
    fn take(&mut self, least: usize, most: usize) -> Option<i64> {
        let count = self.0.bytes().take(most).take_while(u8::is_ascii_digit).count();
        let (digits, rest) = self.0.split_at(count);
        self.0 = rest;
        if count >= least { digits.parse().ok() } else { None }
    }

    /// The digits behind a decimal point in millionths; those behind the sixth count nothing.
    fn fraction(&mut self) -> i64 {
        let count = self.0.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, rest) = self.0.split_at(count);
        self.0 = rest;
        let padded = digits.bytes().chain(std::iter::repeat(b'0')).take(6);
        padded.fold(0, |sum, it| sum * 10 + i64::from(it - b'0'))
    }

    fn literal(&mut self, wanted: char) -> Option<()> {
        self.0.strip_prefix(wanted).map(|it| self.0 = it)
    }

    fn blanks(&mut self) -> bool {
        let before = self.0.len();
        self.0 = self.0.trim_start_matches([' ', '\t']);
        self.0.len() < before
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_exist_is_none() {
        for text in [
            "2024-13-45",
            "2024-02-30",
            "2023-02-29",
            "0000-01-01",
            "2024-01-01 24:00:00",
            "2024-01-01 10:60:00",
            "2024-01-01 10:00:60",
            "2024-01-01 10:00:00 +24:00",
            "2024-01-01 10:00:00 -23:60",
        ] {
            assert!(is_timestamp(text), "{text}");
            assert_eq!(timestamp(text), None, "{text}");
        }
    }

    #[test]
    fn one_instant_has_many_spellings() {
        let same =
            ["2024-02-29T10:00:00Z", "2024-2-29 12:00:00.0 +02:00", "2024-02-29t09:30:00-0:30"];
        for text in same {
            assert_eq!(timestamp(text), timestamp(same[0]), "{text}");
        }
        assert_ne!(timestamp("2024-02-29 10:00:00"), timestamp(same[0]));
        assert_ne!(timestamp("2024-03-01"), timestamp("2024-02-29"));
        assert_eq!(timestamp("0001-01-01"), Some(Timestamp::Date(1)));
    }
}
