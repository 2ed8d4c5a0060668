//! Characters of names that cannot be seen, or look like letters that they are not.
//!
//! Invariant: a letter is a look-alike only in a word whose other letters are Latin or look-alikes too,
//! so a word of another script is not taken for one.

/// A character that makes a name another one than it looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Disguise {
    /// The character.
    pub character: char,
    /// Its Unicode name in lower case.
    pub name: &'static str,
    /// What it looks like: a letter, a space, or nothing.
    pub looks_like: &'static str,
}

/// Characters without ink: those that look like nothing, then those that look like a space.
const INVISIBLE: &[(char, &str, &str)] = &[
    ('\u{00ad}', "soft hyphen", ""),
    ('\u{034f}', "combining grapheme joiner", ""),
    ('\u{061c}', "arabic letter mark", ""),
    ('\u{180e}', "mongolian vowel separator", ""),
    ('\u{200b}', "zero width space", ""),
    ('\u{200c}', "zero width non-joiner", ""),
    ('\u{200d}', "zero width joiner", ""),
    ('\u{200e}', "left-to-right mark", ""),
    ('\u{200f}', "right-to-left mark", ""),
    ('\u{202a}', "left-to-right embedding", ""),
    ('\u{202b}', "right-to-left embedding", ""),
    ('\u{202c}', "pop directional formatting", ""),
    ('\u{202d}', "left-to-right override", ""),
    ('\u{202e}', "right-to-left override", ""),
    ('\u{2060}', "word joiner", ""),
    ('\u{2066}', "left-to-right isolate", ""),
    ('\u{2067}', "right-to-left isolate", ""),
    ('\u{2068}', "first strong isolate", ""),
    ('\u{2069}', "pop directional isolate", ""),
    ('\u{fe0e}', "variation selector-15", ""),
    ('\u{fe0f}', "variation selector-16", ""),
    ('\u{feff}', "zero width no-break space", ""),
    ('\u{00a0}', "no-break space", " "),
    ('\u{1680}', "ogham space mark", " "),
    ('\u{2000}', "en quad", " "),
    ('\u{2001}', "em quad", " "),
    ('\u{2002}', "en space", " "),
    ('\u{2003}', "em space", " "),
    ('\u{2004}', "three-per-em space", " "),
    ('\u{2005}', "four-per-em space", " "),
    ('\u{2006}', "six-per-em space", " "),
    ('\u{2007}', "figure space", " "),
    ('\u{2008}', "punctuation space", " "),
    ('\u{2009}', "thin space", " "),
    ('\u{200a}', "hair space", " "),
    ('\u{202f}', "narrow no-break space", " "),
    ('\u{205f}', "medium mathematical space", " "),
    ('\u{3000}', "ideographic space", " "),
];

/// Letters of other scripts that look like Latin ones.
const LOOK_ALIKES: &[(char, &str, &str)] = &[
    ('\u{0391}', "greek capital letter alpha", "A"),
    ('\u{0392}', "greek capital letter beta", "B"),
    ('\u{0395}', "greek capital letter epsilon", "E"),
    ('\u{0396}', "greek capital letter zeta", "Z"),
    ('\u{0397}', "greek capital letter eta", "H"),
    ('\u{0399}', "greek capital letter iota", "I"),
    ('\u{039a}', "greek capital letter kappa", "K"),
    ('\u{039c}', "greek capital letter mu", "M"),
    ('\u{039d}', "greek capital letter nu", "N"),
    ('\u{039f}', "greek capital letter omicron", "O"),
    ('\u{03a1}', "greek capital letter rho", "P"),
    ('\u{03a4}', "greek capital letter tau", "T"),
    ('\u{03a5}', "greek capital letter upsilon", "Y"),
    ('\u{03a7}', "greek capital letter chi", "X"),
    ('\u{03b1}', "greek small letter alpha", "a"),
    ('\u{03b9}', "greek small letter iota", "i"),
    ('\u{03ba}', "greek small letter kappa", "k"),
    ('\u{03bd}', "greek small letter nu", "v"),
    ('\u{03bf}', "greek small letter omicron", "o"),
    ('\u{03c1}', "greek small letter rho", "p"),
    ('\u{03c5}', "greek small letter upsilon", "u"),
    ('\u{0405}', "cyrillic capital letter dze", "S"),
    ('\u{0406}', "cyrillic capital letter byelorussian-ukrainian i", "I"),
    ('\u{0408}', "cyrillic capital letter je", "J"),
    ('\u{0410}', "cyrillic capital letter a", "A"),
    ('\u{0412}', "cyrillic capital letter ve", "B"),
    ('\u{0415}', "cyrillic capital letter ie", "E"),
    ('\u{041a}', "cyrillic capital letter ka", "K"),
    ('\u{041c}', "cyrillic capital letter em", "M"),
    ('\u{041d}', "cyrillic capital letter en", "H"),
    ('\u{041e}', "cyrillic capital letter o", "O"),
    ('\u{0420}', "cyrillic capital letter er", "P"),
    ('\u{0421}', "cyrillic capital letter es", "C"),
    ('\u{0422}', "cyrillic capital letter te", "T"),
    ('\u{0423}', "cyrillic capital letter u", "Y"),
    ('\u{0425}', "cyrillic capital letter ha", "X"),
    ('\u{0430}', "cyrillic small letter a", "a"),
    ('\u{0435}', "cyrillic small letter ie", "e"),
    ('\u{043e}', "cyrillic small letter o", "o"),
    ('\u{0440}', "cyrillic small letter er", "p"),
    ('\u{0441}', "cyrillic small letter es", "c"),
    ('\u{0443}', "cyrillic small letter u", "y"),
    ('\u{0445}', "cyrillic small letter ha", "x"),
    ('\u{0455}', "cyrillic small letter dze", "s"),
    ('\u{0456}', "cyrillic small letter byelorussian-ukrainian i", "i"),
    ('\u{0458}', "cyrillic small letter je", "j"),
    ('\u{04bb}', "cyrillic small letter shha", "h"),
    ('\u{04cf}', "cyrillic small letter palochka", "l"),
    ('\u{0501}', "cyrillic small letter komi de", "d"),
    ('\u{051b}', "cyrillic small letter qa", "q"),
    ('\u{051d}', "cyrillic small letter we", "w"),
    ('\u{0131}', "latin small letter dotless i", "i"),
    ('\u{212a}', "kelvin sign", "K"),
];

/// The characters of a text that are not what they look like, each with its offset.
pub fn disguises(text: &str) -> impl Iterator<Item = (usize, Disguise)> {
    let all = if text.is_ascii() { "" } else { text };
    let found = all.char_indices().filter_map(move |(at, it)| Some((at, disguise(it, at, text)?)));
    found.collect::<Vec<_>>().into_iter()
}

/// The text as it looks: without what cannot be seen, and with the letters that are seen.
#[must_use]
pub fn as_it_looks(text: &str) -> String {
    let found: Vec<(usize, Disguise)> = disguises(text).collect();
    let shown = |(at, it): (usize, char)| {
        let disguise = found.iter().find(|(place, _)| *place == at);
        disguise.map_or_else(|| it.to_string(), |(_, it)| it.looks_like.to_owned())
    };
    text.char_indices().map(shown).collect()
}

fn disguise(character: char, at: usize, text: &str) -> Option<Disguise> {
    if character.is_ascii() {
        return None;
    }
    let of = |table: &[(char, &'static str, &'static str)]| {
        let found = table.iter().find(|it| it.0 == character)?;
        Some(Disguise { character, name: found.1, looks_like: found.2 })
    };
    of(INVISIBLE).or_else(|| of(LOOK_ALIKES).filter(|_| is_latin(word_around(text, at))))
}

/// Whether every letter of a word is Latin or looks so.
fn is_latin(word: &str) -> bool {
    let looks_latin = |it: char| it.is_ascii() || LOOK_ALIKES.iter().any(|found| found.0 == it);
    word.chars().filter(|it| it.is_alphabetic()).all(looks_latin)
}

fn word_around(text: &str, at: usize) -> &str {
    let is_part = |it: char| it.is_alphanumeric() || it == '_';
    let (before, after) = text.split_at_checked(at).unwrap_or((text, ""));
    let start = before.trim_end_matches(is_part).len();
    let end = text.len() - after.trim_start_matches(is_part).len();
    text.get(start..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<&'static str> {
        disguises(text).map(|it| it.1.name).collect()
    }

    #[test]
    fn what_cannot_be_seen_has_a_name() {
        assert_eq!(names("User\u{200b}"), ["zero width space"]);
        assert_eq!(names("\u{a0} a"), ["no-break space"]);
        assert_eq!(names("t\u{456}tle"), ["cyrillic small letter byelorussian-ukrainian i"]);
        assert_eq!(as_it_looks("t\u{456}t\u{200b}le"), "title");
    }

    #[test]
    fn words_of_other_scripts_are_what_they_look_like() {
        assert_eq!(names("größe"), Vec::<&str>::new());
        assert_eq!(names("\u{438}\u{43c}\u{44f}"), Vec::<&str>::new());
        assert_eq!(names("post_count"), Vec::<&str>::new());
    }
}
