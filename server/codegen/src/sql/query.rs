//! Sub-queries that authors write in SQL.

use specql_model::passed_on;

use super::fragment::Sql;

/// A parenthesised `SELECT`, perhaps behind a `WITH`, as it may stand inside an expression; `None` for
/// anything that is [not passed on](passed_on), so that no text can leave the parentheses it stands in.
pub(crate) fn raw_query(text: &str) -> Option<Sql> {
    passed_on(text).ok().map(Sql::checked)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(query: &str) -> Option<String> {
        raw_query(query).map(Sql::into_text)
    }

    #[test]
    fn a_query_keeps_its_words() {
        let query = "(SELECT count(*)\n  FROM blog.tb_post WHERE title = 'a; ''b')";
        assert_eq!(
            text(query).as_deref(),
            Some("(SELECT count(*) FROM blog.tb_post WHERE title = 'a; ''b')")
        );
    }

    #[test]
    fn nothing_leaves_the_parentheses() {
        for it in [
            "(SELECT 1); DROP TABLE x",
            "(SELECT 1)) OR (SELECT 2)",
            "(SELECT 1 -- )",
            "(SELECT 1 /* )",
            "(SELECT 'a)",
            "(SELECT $x$)$x$)",
            "(SELECT 1",
            "(DELETE FROM x)",
            "(SELECT 1)(SELECT 2)",
            "SELECT 1",
        ] {
            assert_eq!(text(it), None, "{it}");
        }
    }
}
