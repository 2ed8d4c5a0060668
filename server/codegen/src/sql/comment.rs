//! Line comments.

use super::fragment::ToSql;

/// `-- text`, on one line whatever the text holds.
#[derive(Debug, Clone)]
pub(crate) struct Comment(String);

impl Comment {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl ToSql for Comment {
    fn write(&self, out: &mut String) {
        out.push_str("--");
        for word in self.0.split(|it: char| it.is_whitespace() || it.is_control()) {
            if !word.is_empty() {
                out.push(' ');
                out.push_str(word);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::Sql;

    #[test]
    fn a_line_break_does_not_end_the_comment() {
        assert_eq!(
            Sql::of(&Comment::new("a\nDROP TABLE x;\u{b}b")).into_text(),
            "-- a DROP TABLE x; b"
        );
    }
}
