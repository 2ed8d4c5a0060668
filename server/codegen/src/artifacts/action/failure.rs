//! How a step fails: `app.fail` with a code of its own.

use crate::sql::{Lines, Literal, Sql, sql};

/// Ends the action with `failed:<code>`; `field` is the input or field that it is about.
pub(super) fn fail(code: &str, message: &str, field: Option<&str>) -> Sql {
    let field = field.map(|it| sql!(", {}", Literal::text(it))).unwrap_or_default();
    sql!("PERFORM app.fail({}, {}{});", Literal::text(code), Literal::text(message), field)
}

/// `IF condition THEN fail END IF`.
pub(super) fn fail_if(lines: &mut Lines, condition: &Sql, fail: &Sql) {
    lines.push(sql!("IF {} THEN {} END IF;", condition, fail));
}

/// The code and the message that an author's `error` and `message` mean: a word such as
/// `not_a_draft` is the code, anything else the message.
pub(super) fn code_and_message(
    error: Option<&str>,
    message: Option<&str>,
    default_code: &'static str,
    default_message: &str,
) -> (String, String) {
    let is_code = |it: &str| {
        it.starts_with(|it: char| it.is_ascii_alphabetic())
            && it.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_')
    };
    match (error, message) {
        (Some(error), message) if is_code(error) => {
            let fallback = error.replace('_', " ").to_lowercase();
            (error.to_ascii_lowercase(), message.map_or(fallback, str::to_owned))
        }
        (Some(error), None) => (default_code.to_owned(), error.to_owned()),
        (_, Some(message)) => (default_code.to_owned(), message.to_owned()),
        (None, None) => (default_code.to_owned(), default_message.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::code_and_message;

    #[test]
    fn a_word_is_the_code_and_a_sentence_the_message() {
        let read =
            |error, message| code_and_message(error, message, "validation", "x > 0 does not hold");
        assert_eq!(read(Some("not_a_draft"), None), ("not_a_draft".into(), "not a draft".into()));
        assert_eq!(read(Some("Only drafts"), None), ("validation".into(), "Only drafts".into()));
        assert_eq!(read(Some("taken"), Some("It's taken")), ("taken".into(), "It's taken".into()));
        assert_eq!(read(None, None), ("validation".into(), "x > 0 does not hold".into()));
    }
}
