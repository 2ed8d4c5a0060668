//! Directives before a document, judged as the upstream loader does: it reads `%YAML 1.x` and `%TAG`,
//! passes over every other name, and refuses a file for one that is not well formed or stands twice.

use specql_text::TextRange;

use super::super::cook::line_break;

/// The directives of one document.
#[derive(Default)]
pub(super) struct Directives<'t> {
    /// The last one, for a document that does not begin.
    pub(super) last: Option<TextRange>,
    has_version: bool,
    handles: Vec<&'t str>,
}

impl<'t> Directives<'t> {
    /// Takes a directive, from its `%` to the end of its line. Whether the loader accepts it.
    pub(super) fn accept(&mut self, text: &'t str, range: TextRange) -> bool {
        self.last = Some(range);
        let mut rest = Rest(text.get(1..).unwrap_or_default());
        let name = rest.take_while(is_word);
        if name.is_empty() || !rest.at_blank_or_end() {
            return false;
        }
        match name {
            "YAML" => {
                let is_second = std::mem::replace(&mut self.has_version, true);
                version(&mut rest) && rest.ends() && !is_second
            }
            "TAG" => handle(&mut rest).is_some_and(|handle| {
                let is_second = self.handles.contains(&handle);
                self.handles.push(handle);
                rest.ends() && !is_second
            }),
            _ => true,
        }
    }
}

/// `1.` and any digits.
fn version(rest: &mut Rest<'_>) -> bool {
    rest.spaces();
    let major = rest.take_while(|it| it.is_ascii_digit());
    let is_known = major.trim_start_matches('0') == "1";
    is_known && rest.literal('.') && !rest.take_while(|it| it.is_ascii_digit()).is_empty()
}

/// The handle of `!handle! prefix`.
fn handle<'t>(rest: &mut Rest<'t>) -> Option<&'t str> {
    rest.spaces();
    let start = rest.0;
    if !rest.literal('!') {
        return None;
    }
    if !rest.0.starts_with(' ') {
        rest.take_while(is_word);
        if !rest.literal('!') {
            return None;
        }
    }
    let handle = start.get(..start.len() - rest.0.len())?;
    if !rest.0.starts_with(' ') {
        return None;
    }
    rest.spaces();
    let prefix = rest.take_while(is_uri);
    (!prefix.is_empty() && are_escapes_whole(prefix)).then_some(handle)
}

fn is_word(it: char) -> bool {
    it.is_ascii_alphanumeric() || matches!(it, '-' | '_')
}

fn is_uri(it: char) -> bool {
    it.is_ascii_alphanumeric() || "-;/?:@&=+$,_.!~*'()[]%".contains(it)
}

/// Whether two hexadecimal digits follow each `%`, and the bytes they stand for are UTF-8.
fn are_escapes_whole(prefix: &str) -> bool {
    let mut bytes = Vec::new();
    let mut parts = prefix.split('%');
    bytes.extend_from_slice(parts.next().unwrap_or_default().as_bytes());
    for part in parts {
        let code = part.get(..2).filter(|it| it.bytes().all(|it| it.is_ascii_hexdigit()));
        let Some(byte) = code.and_then(|it| u8::from_str_radix(it, 16).ok()) else { return false };
        bytes.push(byte);
        bytes.extend_from_slice(part.get(2..).unwrap_or_default().as_bytes());
    }
    String::from_utf8(bytes).is_ok()
}

/// What is left of a directive.
struct Rest<'t>(&'t str);

impl<'t> Rest<'t> {
    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'t str {
        let end = self.0.find(|it| !wanted(it)).unwrap_or(self.0.len());
        let (taken, rest) = self.0.split_at(end);
        self.0 = rest;
        taken
    }

    fn literal(&mut self, wanted: char) -> bool {
        self.0.strip_prefix(wanted).map(|it| self.0 = it).is_some()
    }

    fn spaces(&mut self) {
        self.take_while(|it| it == ' ');
    }

    fn at_blank_or_end(&self) -> bool {
        self.0.is_empty() || self.0.starts_with(' ') || line_break(self.0, 0) > 0
    }

    /// Whether only blanks follow; a comment is none of the directive's text.
    fn ends(&mut self) -> bool {
        let stands_apart = self.at_blank_or_end();
        self.spaces();
        stands_apart && self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(text: &str) -> bool {
        Directives::default().accept(text, TextRange::empty(0))
    }

    #[test]
    fn well_formed_directives_are_accepted() {
        let good = [
            "%YAML 1.1",
            "%YAML  1.2",
            "%TAG ! x",
            "%TAG !! tag:a,b:",
            "%TAG !e! x%41",
            "%OTHER  a!",
        ];
        assert!(good.into_iter().all(accepts));
    }

    #[test]
    fn others_are_not() {
        for text in [
            "%",
            "%YAML",
            "%YAML 1",
            "%YAML 2.0",
            "%YAML 1.1x",
            "%YAML 1.1 x",
            "%TAG x y",
            "%TAG !a y",
            "%TAG !!",
            "%TAG ! %4",
            "%a!",
        ] {
            assert!(!accepts(text), "{text}");
        }
        let mut twice = Directives::default();
        assert!(twice.accept("%YAML 1.1", TextRange::empty(0)));
        assert!(!twice.accept("%YAML 1.1", TextRange::empty(0)));
    }
}
