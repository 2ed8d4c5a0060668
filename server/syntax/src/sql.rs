//! Queries that authors write in SQL: `(SELECT …)`. They are passed on as they are, so all that is
//! checked is whether PostgreSQL could read them.

mod grouping;
mod names;
mod passed;
mod result;

use std::ops::Range;

use sqlparser::{
    dialect::PostgreSqlDialect,
    parser::{Parser, ParserError},
    tokenizer::{Token, TokenWithSpan, Tokenizer},
};

pub use grouping::AGGREGATES;
pub use names::{
    QueryColumn, QueryComparison, QueryName, QueryNames, QuerySide, QueryTable, QueryText,
    query_names,
};
pub use passed::{Refusal, RefusalKind, passed_on, refusals};
pub use result::{QueryResult, SqlColumn, SqlValue, query_result};

/// Parentheses and queries inside each other.
const MAX_DEPTH: usize = 100;

/// Words, signs and texts of a query: a chain of operators makes a tree as deep as it is long.
const MAX_TOKENS: usize = 4_000;

/// Why a query cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SqlProblem {
    /// Bytes of the query.
    pub(crate) range: Range<usize>,
    /// A sentence in small letters.
    pub(crate) message: String,
}

/// What is wrong with a query that stands in parentheses, if anything.
pub(crate) fn check(query: &str) -> Option<SqlProblem> {
    let tokens = match Tokenizer::new(&PostgreSqlDialect {}, query).tokenize_with_location() {
        Ok(tokens) => tokens,
        Err(error) => {
            let start = offset_of(query, error.location.line, error.location.column);
            return Some(SqlProblem { range: start..query.len(), message: worded(&error.message) });
        }
    };
    if tokens.len() > MAX_TOKENS {
        let message = "this query is too long to be checked".to_owned();
        return Some(SqlProblem { range: 0..query.len(), message });
    }
    let tokens = without_unknown_words(tokens);
    let parser = Parser::new(&PostgreSqlDialect {}).with_recursion_limit(MAX_DEPTH);
    let mut parser = parser.with_tokens_with_locations(tokens.clone());
    match parser.parse_query() {
        Ok(_) => {
            let next = parser.peek_token();
            let message = format!("`{}` fits nothing in this query", next.token);
            let range = range_of(query, &next);
            (next.token != Token::EOF).then_some(SqlProblem { range, message })
        }
        Err(error) => Some(problem_of(query, &tokens, error)),
    }
}

/// The tokens without words of PostgreSQL that the parser does not know, where they change nothing of
/// what may follow: `BETWEEN SYMMETRIC`, `f(VARIADIC x)`, `FOR NO KEY UPDATE`, `FOR KEY SHARE`.
fn without_unknown_words(mut tokens: Vec<TokenWithSpan>) -> Vec<TokenWithSpan> {
    let mut before = Before::Other;
    tokens.retain(|it| {
        let word = match &it.token {
            Token::Whitespace(_) => return true,
            Token::Word(word) if word.quote_style.is_none() => word.value.to_ascii_uppercase(),
            Token::LParen | Token::Comma => "(".to_owned(),
            _ => String::new(),
        };
        let is_unknown = match before {
            Before::Between => matches!(word.as_str(), "SYMMETRIC" | "ASYMMETRIC"),
            Before::Argument => word == "VARIADIC",
            Before::For => matches!(word.as_str(), "NO" | "KEY"),
            Before::Other => false,
        };
        if !is_unknown {
            before = match word.as_str() {
                "BETWEEN" => Before::Between,
                "FOR" => Before::For,
                "(" => Before::Argument,
                _ => Before::Other,
            };
        }
        !is_unknown
    });
    tokens
}

/// What stands before a word.
#[derive(Clone, Copy)]
enum Before {
    Between,
    For,
    Argument,
    Other,
}

/// The parser tells a place in its words only: `Expected: …, found: … at Line: 1, Column: 9`.
fn problem_of(query: &str, tokens: &[TokenWithSpan], error: ParserError) -> SqlProblem {
    let text = match error {
        ParserError::TokenizerError(it) | ParserError::ParserError(it) => it,
        ParserError::RecursionLimitExceeded => "this query is nested too deep".to_owned(),
    };
    let (words, place) = match text.rsplit_once(" at Line: ") {
        Some((words, place)) => (words, place.split_once(", Column: ")),
        None => (text.as_str(), None),
    };
    let place = place.and_then(|(line, column)| Some((line.parse().ok()?, column.parse().ok()?)));
    let range = match place {
        Some((line, column)) => tokens
            .iter()
            .find(|it| (it.span.start.line, it.span.start.column) == (line, column))
            .map_or(offset_of(query, line, column)..query.len(), |it| range_of(query, it)),
        None if words.ends_with("found: EOF") => query.len()..query.len(),
        None => 0..query.len(),
    };
    SqlProblem { range, message: worded(words) }
}

fn range_of(query: &str, token: &TokenWithSpan) -> Range<usize> {
    let (start, end) = (token.span.start, token.span.end);
    if token.token == Token::EOF {
        return query.len()..query.len();
    }
    let start = offset_of(query, start.line, start.column);
    start..offset_of(query, end.line, end.column).max(start)
}

/// The byte at a line and column, which count from one, the column in characters.
fn offset_of(query: &str, line: u64, column: u64) -> usize {
    let before = |it: u64| usize::try_from(it).unwrap_or(usize::MAX).saturating_sub(1);
    let start: usize = query.split_inclusive('\n').take(before(line)).map(str::len).sum();
    let rest = query.get(start..).unwrap_or_default();
    start + rest.char_indices().nth(before(column)).map_or(rest.len(), |it| it.0)
}

/// Signs and words of SQL in backticks; what the parser describes as it is.
fn quoted(expected: &str) -> String {
    let is_described = expected.contains(|it: char| it.is_ascii_lowercase());
    if is_described { expected.to_owned() } else { format!("`{expected}`") }
}

/// The parser's words as a sentence of ours.
fn worded(words: &str) -> String {
    let expectation = words.strip_prefix("Expected: ").and_then(|it| it.rsplit_once(", found: "));
    match expectation {
        Some((expected, "EOF")) => {
            format!("{} is expected before the end of this query", quoted(expected))
        }
        Some((expected, found)) => {
            format!("{} is expected in this query, not `{found}`", quoted(expected))
        }
        None => {
            let mut characters = words.trim_end_matches('.').chars();
            let first = characters.next().map(|it| it.to_lowercase().to_string());
            format!("{}{}", first.unwrap_or_default(), characters.as_str())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn queries_that_postgres_reads_are_fine() {
        for query in [
            "(SELECT 1)",
            "(SELECT count(*) FROM crm.tb_contact c WHERE c.fk_company = p_id AND c.deleted_at IS NULL)",
            "(WITH x AS (SELECT 1 AS a) SELECT a FROM x ORDER BY a DESC NULLS LAST LIMIT 1)",
            "(SELECT DISTINCT ON (a) a, b::numeric(10, 2) FROM t LEFT JOIN u USING (id))",
            "(SELECT data ->> 'x', data #>> '{a,b}', tags @> ARRAY['x'] FROM t FOR UPDATE)",
            "(SELECT string_agg(DISTINCT a, ',' ORDER BY a) FILTER (WHERE a IS NOT NULL) FROM t)",
            "(SELECT row_number() OVER (PARTITION BY a ORDER BY b) FROM t)",
            "(SELECT 1 UNION ALL SELECT 2)",
            "(SELECT x FROM generate_series(1, 3) AS x WHERE x = ANY(ARRAY[1, 2]))",
            "(SELECT EXTRACT(year FROM now()) + position('a' IN 'ba'))",
            "(SELECT a FROM t, LATERAL (SELECT b FROM u WHERE u.id = t.id) v)",
            "(SELECT now() - INTERVAL '1 day' AT TIME ZONE 'UTC')",
            "(SELECT E'\\'' || $$it's$$ || U&'x' /* c */ -- d\n)",
            "(SELECT é FROM \"Tabelle\")",
            "(SELECT f(a, VARIADIC b) FROM t WHERE a BETWEEN SYMMETRIC 2 AND 1 FOR NO KEY UPDATE)",
        ] {
            assert_eq!(check(query), None, "{query}");
        }
    }

    #[test]
    fn a_problem_has_its_place() {
        for (query, at) in [
            ("(SELECT FROM WHERE)", "WHERE"),
            ("(SELECT é\n  FROM t WHERE a = )", ")"),
            ("(SELECT a FROM t GROUP a)", "GROUP"),
            ("(SELECT a FROM t ORDER)", "ORDER"),
            ("(SELECT 'a)", "'a)"),
            ("(SELECT (1)", ""),
        ] {
            let problem = check(query).unwrap();
            assert_eq!(&query[problem.range.clone()], at, "{query}: {problem:?}");
        }
    }

    #[test]
    fn depth_and_length_have_limits() {
        let deep = format!("(SELECT {}1{})", "(".repeat(1_000), ")".repeat(1_000));
        assert!(check(&deep).is_some());
        let nested = format!("{}1{}", "(SELECT ".repeat(500), ")".repeat(500));
        assert!(check(&nested).is_some());
        let long = format!("(SELECT 1{})", " + 1".repeat(250_000));
        assert!(check(&long).is_some());
        let chain = format!("(SELECT 1{})", "+1".repeat(1_900));
        assert_eq!(check(&chain), None);
    }
}
