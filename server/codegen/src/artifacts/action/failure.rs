//! How an action fails: `RAISE` with a code of its own, and the handler that turns it into a result.

use super::{cascade::cascade_is_on, frame::Frame};
use crate::sql::{Lines, Literal, Sql, sql};

/// Raises `failed:<code>`; `field` is the input or field that it is about.
pub(super) fn raise(code: &str, message: &str, field: Option<&str>) -> Sql {
    let column = field.map(|it| sql!(", COLUMN = {}", Literal::text(it))).unwrap_or_default();
    sql!(
        "RAISE EXCEPTION USING ERRCODE = 'SPQ01', DETAIL = {}, MESSAGE = {}{};",
        Literal::text(code),
        Literal::text(message),
        column
    )
}

/// `IF condition THEN raise END IF`.
pub(super) fn raise_if(lines: &mut Lines, condition: &Sql, raise: Sql) {
    lines.push(sql!("IF {} THEN", condition));
    lines.indented(|it| it.push(raise));
    lines.push(Sql::raw("END IF;"));
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

impl Frame<'_> {
    /// `EXCEPTION WHEN …`: the errors a caller can mend. Deadlocks, serialization failures, missing
    /// objects and the like end the transaction as anywhere else.
    pub(super) fn handler(&self) -> Lines {
        let mut lines = Lines::new();
        lines.push(Sql::raw("EXCEPTION"));
        lines.push(Sql::raw(
            "WHEN SQLSTATE 'SPQ01' OR data_exception OR integrity_constraint_violation\n    OR insufficient_privilege OR plpgsql_error THEN",
        ));
        lines.indented(|lines| {
            lines.push(Sql::raw("GET STACKED DIAGNOSTICS"));
            lines.push(Sql::raw("    v_code = PG_EXCEPTION_DETAIL, v_column = COLUMN_NAME, v_constraint = CONSTRAINT_NAME,\n    v_table = TABLE_NAME;"));
            let tenant = if self.env.catalog.has_tenants() {
                Sql::raw("jsonb_build_object('tenantId', v_tenant_id)")
            } else {
                Sql::raw("'{}'::jsonb")
            };
            lines.push(sql!(
                "v_result := app.mutation_failed(\n    SQLSTATE, SQLERRM, v_code, coalesce(nullif(v_column, ''), v_field), v_constraint, v_table,\n    {}, {}\n);",
                tenant,
                Literal::Bool(cascade_is_on(self.env.catalog, self.env.action))
            ));
        });
        lines
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
