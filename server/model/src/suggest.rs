//! The nearest of several names, for "did you mean".

use crate::characters;

/// Names longer than this are not compared letter by letter, so the work stays bounded.
const LONGEST: usize = 64;

/// The candidate that a name was most likely meant to be: equal but for case, `_` and `-`; else the
/// one with the fewest insertions, deletions, replacements and swaps, at most one for every three
/// letters. Of several equally near ones the first. A name that stands twice is meant once.
pub fn suggest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let twice = said_twice(name);
    let name = twice.unwrap_or(name);
    let folded = fold(name);
    if folded.is_empty() || folded.len() > LONGEST {
        return None;
    }
    let greatest = (folded.len() / 3).max(usize::from(folded.len() > 1));
    let own = Letters::of(name);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        if candidate == name && twice.is_some() {
            return Some(candidate);
        }
        // Candidates are many: what cannot be near is passed over before anything is made of it.
        if candidate == name || own.cannot_be_near(candidate, greatest) {
            continue;
        }
        let other = fold(candidate);
        // A name that looks like another one would be proposed as itself.
        if other.is_empty()
            || other.len().abs_diff(folded.len()) > greatest
            || characters::disguises(candidate).next().is_some()
        {
            continue;
        }
        let distance = distance(&folded, &other);
        // A word of two letters has too many neighbours: one letter has to stay.
        let shares = distance < folded.len().max(other.len());
        if distance <= greatest && shares && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|it| it.1)
}

/// The word that a text says twice, and nothing else: `price price`.
#[must_use]
pub fn said_twice(text: &str) -> Option<&str> {
    let mut words = text.split_whitespace();
    let (first, second) = (words.next()?, words.next()?);
    (first == second && words.next().is_none()).then_some(first)
}

/// The candidate that a name is but for one letter, which is another, too many, missing or in the place of its
/// neighbour, or but for case and the signs between words. The first letter is mostly right, and names of other
/// things begin otherwise.
pub fn one_slip_from<T: AsRef<str>>(
    name: &str,
    candidates: impl IntoIterator<Item = T>,
) -> Option<T> {
    let letters: Vec<char> = fold(name);
    if letters.len() > LONGEST {
        return None;
    }
    let own = Letters::of(name);
    candidates.into_iter().find(|it| {
        let it = it.as_ref();
        if it == name || own.cannot_be_near(it, 1) {
            return false;
        }
        let other = fold(it);
        letters.first() == other.first() && distance(&letters, &other) <= 1
    })
}

/// Which letters and digits a name has, and how many.
#[derive(Clone, Copy)]
struct Letters {
    /// A bit for each, letters without case; absent for a name beyond ASCII.
    kinds: Option<u64>,
    count: usize,
}

impl Letters {
    fn of(name: &str) -> Self {
        let bit = |it: u8| 1_u64 << (it.to_ascii_lowercase() & 63);
        let all = || name.bytes().filter(|it| !matches!(it, b'_' | b'-'));
        let kinds = name.is_ascii().then(|| all().fold(0, |kinds, it| kinds | bit(it)));
        Self { kinds, count: all().count() }
    }

    /// Whether more than so many changes lead to a candidate, as far as that is seen without making them: each
    /// adds or removes at most one letter, and brings in or takes out at most one kind of letter.
    fn cannot_be_near(self, candidate: &str, greatest: usize) -> bool {
        let other = Self::of(candidate);
        let (Some(kinds), Some(others)) = (self.kinds, other.kinds) else { return false };
        let missing = (kinds & !others).count_ones().max((others & !kinds).count_ones());
        other.count.abs_diff(self.count) > greatest || missing as usize > greatest
    }
}

/// The letters and digits, in lower case.
fn fold(name: &str) -> Vec<char> {
    let letters = name.chars().filter(|it| !matches!(it, '_' | '-'));
    if name.is_ascii() {
        return letters.map(|it| it.to_ascii_lowercase()).collect();
    }
    letters.flat_map(char::to_lowercase).collect()
}

/// Edit distance in which a swap of neighbours counts once (optimal string alignment).
fn distance(left: &[char], right: &[char]) -> usize {
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=right.len()).collect();
    let mut above: Option<char> = None;
    for (row, &from) in left.iter().enumerate() {
        let mut current = Vec::with_capacity(right.len() + 1);
        current.push(row + 1);
        let mut beside: Option<char> = None;
        for (column, &to) in right.iter().enumerate() {
            let at =
                |cells: &[usize], index: usize| cells.get(index).copied().unwrap_or(usize::MAX);
            let replaced = at(&last, column) + usize::from(from != to);
            let mut least = replaced.min(at(&last, column + 1) + 1).min(at(&current, column) + 1);
            if above == Some(to) && beside == Some(from) && column > 0 {
                least = least.min(at(&before_last, column - 1) + 1);
            }
            current.push(least);
            beside = Some(to);
        }
        before_last = std::mem::replace(&mut last, current);
        above = Some(from);
    }
    last.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_before_distance() {
        let fields = ["post_counts", "post_count", "title"];
        assert_eq!(suggest("postCount", fields), Some("post_count"));
        assert_eq!(suggest("POST-COUNT", fields), Some("post_count"));
    }

    #[test]
    fn near_names() {
        let types = ["text", "integer", "money", "email"];
        assert_eq!(suggest("mony", types), Some("money"));
        assert_eq!(suggest("emial", types), Some("email"));
        assert_eq!(suggest("intger", types), Some("integer"));
        assert_eq!(suggest("txet", types), Some("text"));
    }

    #[test]
    fn far_names_have_no_suggestion() {
        let types = ["text", "id", "money"];
        assert_eq!(suggest("boolean", types), None);
        assert_eq!(suggest("xy", types), None);
        assert_eq!(suggest("", types), None);
        assert_eq!(suggest(&"a".repeat(10_000), types), None);
    }

    #[test]
    fn a_name_is_not_its_own_suggestion() {
        assert_eq!(suggest("title", ["title"]), None);
    }

    #[test]
    fn one_slip() {
        let names = ["posts", "all_posts"];
        for (name, meant) in [
            ("postss", Some("posts")),
            ("psots", Some("posts")),
            ("allPosts", Some("all_posts")),
            ("posts", None),
            ("hosts", None),
            ("pots_", Some("posts")),
            ("postings", None),
        ] {
            assert_eq!(one_slip_from(name, names), meant, "{name}");
        }
    }

    #[test]
    fn distance_counts_edits() {
        let count = |left: &str, right: &str| distance(&fold(left), &fold(right));
        assert_eq!(count("abc", "abc"), 0);
        assert_eq!(count("abc", "acb"), 1);
        assert_eq!(count("abc", "abcd"), 1);
        assert_eq!(count("kitten", "sitting"), 3);
        assert_eq!(count("", "abc"), 3);
    }
}
