//! Queries in SQL: what the checker says of their syntax, and what PostgreSQL does.

use specql_model::{FileId, SourceFile, StepKind, statement::LineProblemKind};
use specql_tests::postgres::{Database, workspace};

/// Queries of every kind, right and wrong. Their tables need not exist: only a syntax error counts.
const QUERIES: &[&str] = &[
    "SELECT 1",
    "SELECT count(*) FROM crm.tb_contact c WHERE c.fk_company = p_id AND c.deleted_at IS NULL",
    "SELECT * FROM a, b c JOIN d USING (id) LEFT JOIN e ON e.x = c.x CROSS JOIN f NATURAL JOIN g",
    "SELECT t.*, (t).a, a AS b, a b FROM ONLY t",
    "SELECT DISTINCT ON (a) a FROM t ORDER BY a DESC NULLS LAST, b USING < LIMIT 1 OFFSET 2",
    "SELECT a FROM t FETCH FIRST 2 ROWS ONLY",
    "SELECT a, sum(b) FROM t GROUP BY a HAVING sum(b) > 1",
    "SELECT a FROM t GROUP BY GROUPING SETS ((a), ())",
    "SELECT a FROM t GROUP BY ROLLUP (a, b)",
    "SELECT 1 UNION ALL SELECT 2 INTERSECT SELECT 3 EXCEPT SELECT 4",
    "WITH RECURSIVE x(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM x WHERE n < 5) SELECT max(n) FROM x",
    "WITH x AS MATERIALIZED (SELECT 1) SELECT * FROM x",
    "SELECT a FROM t FOR NO KEY UPDATE OF t SKIP LOCKED",
    "SELECT row_number() OVER (PARTITION BY a ORDER BY b ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM t",
    "SELECT sum(a) OVER w FROM t WINDOW w AS (PARTITION BY b)",
    "SELECT count(*) FILTER (WHERE a), string_agg(DISTINCT a, ',' ORDER BY a) FROM t",
    "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY a) FROM t",
    "SELECT x.a FROM unnest(ARRAY[1]) WITH ORDINALITY AS x(a, n)",
    "SELECT x.a FROM jsonb_to_recordset(p_items) AS x(a integer, b text)",
    "SELECT a FROM t JOIN LATERAL f(t.a) AS g ON true, LATERAL (SELECT b FROM u WHERE u.id = t.id) v",
    "SELECT a FROM t TABLESAMPLE BERNOULLI (10)",
    "SELECT data ->> 'a', data #>> '{a,b}', data -> 0, data ->> -1 FROM t WHERE data @> '{}' AND data ? 'a'",
    "SELECT a FROM t WHERE data ?| ARRAY['x'] OR data ?& ARRAY['x'] OR data @@ '$.a == 1' OR data @? '$.a'",
    "SELECT a FROM t WHERE tags && ARRAY['x'] AND tags <@ b AND r -|- s",
    "SELECT a <-> b, a << 1, a >> 1, a & b, a | b, a # b, ~ a, |/ 25, @ a FROM t",
    "SELECT a ^ 2, a % 2, - a, + a, a || b FROM t",
    "SELECT a ~ 'x', a ~* 'x', a !~ 'x', a !~* 'x', a LIKE 'x' ESCAPE '!', a ILIKE 'x', a SIMILAR TO 'x' FROM t",
    "SELECT a IS DISTINCT FROM b, a IS NOT DISTINCT FROM b, a IS UNKNOWN, a ISNULL, a NOTNULL FROM t",
    "SELECT a BETWEEN 1 AND 2, a NOT BETWEEN 1 AND 2, a BETWEEN SYMMETRIC 2 AND 1 FROM t",
    "SELECT a = ANY (ARRAY[1]), a = ALL (SELECT 1), a IN (1, 2), a NOT IN (SELECT 1), a LIKE ANY (ARRAY['x']) FROM t",
    "SELECT (a, b) = (1, 2), (a, b) IN ((1, 2)), ROW(a, b) < ROW(1, 2) FROM t",
    "SELECT (a, b) OVERLAPS (c, d) FROM t",
    "SELECT a[1], a[1:2], a[:2], (f(a))[1] FROM t",
    "SELECT CASE WHEN a THEN 1 ELSE 2 END, CASE a WHEN 1 THEN 2 END FROM t",
    "SELECT CAST(a AS numeric(10, 2)), a::timestamp(3) with time zone, a::double precision, a::text[] FROM t",
    "SELECT a AT TIME ZONE 'UTC', INTERVAL '1 day', INTERVAL '1' DAY, DATE '2026-01-31', TIMESTAMP '2026-01-31'",
    "SELECT EXTRACT(year FROM a), substring(a FROM 1 FOR 2), position('a' IN b), trim(BOTH ' ' FROM a) FROM t",
    "SELECT overlay(a PLACING 'x' FROM 1 FOR 2), trim(LEADING FROM a), trim(a), substring(a FOR 2) FROM t",
    "SELECT coalesce(a, b), nullif(a, b), greatest(a, b), CURRENT_DATE, CURRENT_TIMESTAMP, current_user, LOCALTIME",
    "SELECT f(a => 1, b := 2), f(VARIADIC ARRAY[1]), s.f(), f(*)",
    "SELECT ARRAY[1, 2], ARRAY[[1], [2]], ARRAY(SELECT 1), '{1}'::int[]",
    "SELECT E'\\'', $$it's$$, $x$a$x$, 'a''b', U&'\\0061', B'101', X'1F', 'a' /* c */ -- d\n",
    "SELECT \"Große Tabelle\".\"a\"\"b\", é FROM \"Große Tabelle\"",
    "SELECT a COLLATE \"C\" FROM t ORDER BY a COLLATE \"de_DE\"",
    "SELECT EXISTS (SELECT 1), NOT EXISTS (SELECT 1), (SELECT 1) + 1",
    "SELECT a OPERATOR(pg_catalog.+) b FROM t",
    "SELECT 1e3, .5, 2.5E-3, 1.",
    "SELECT * FROM (VALUES (1, 'a'), (2, 'b')) AS v(n, t)",
    "SELECT * FROM (SELECT 1 AS a) s",
    "SELECT true, false, null, NOT true AND false OR true",
    "SELECT grouping(a) FROM t GROUP BY CUBE (a)",
    "SELECT timestamptz '2026-01-31', 'x'::interval, time '12:00', jsonb '{}'",
    "SELECT FROM t",
    "SELECT a FROM t WHERE true ORDER BY 1 FOR SHARE NOWAIT",
    "SELECT json_build_object('a', 1), jsonb_agg(a ORDER BY b) FROM t",
    "SELECT nextval('s'), currval('s'), pg_catalog.now()",
    // Wrong.
    "SELECT",
    "SELECT a, FROM t",
    "SELECT a FROM",
    "SELECT a FROM t WHERE",
    "SELECT a FROM t WHERE a =",
    "SELECT a FROM t WHERE a = = b",
    "SELECT a FROM t ORDER a",
    "SELECT a FROM t GROUP a",
    "SELECT a FROM t LIMIT 1 WHERE b",
    "SELECT a FROM t WHERE a IN ()",
    "SELECT a FROM t WHERE a IN (1, )",
    "SELECT CASE WHEN a THEN 1 FROM t",
    "SELECT count( FROM t",
    "SELECT a b c FROM t",
    "SELECT a FROM t JOIN u",
    "SELECT a FROM t JOIN u WHERE true",
    "SELECT a FROM t WHERE a BETWEEN 1",
    "SELECT CAST(a numeric) FROM t",
    "SELECT a FORM t WHERE b",
    "SELECT a FROM t WHERE a LIKE",
    "SELECT a FROM t UNION",
    "SELECT 1; SELECT 2",
    "SELECT a FROM t WHERE a IS",
    "SELECT a FROM t WHERE id = ?",
    "SELECT a FROM t WHERE a == 1",
    "WITH x AS SELECT 1 SELECT 2",
    "WITH x AS (SELECT 1)",
    "SELECT a FROM t WHERE NOT",
];

/// What the checker lets pass although PostgreSQL does not: a join without its condition, and `NOT` as a
/// name. What PostgreSQL reads is never refused.
const LET_PASS: &[&str] =
    &["SELECT a FROM t JOIN u", "SELECT a FROM t JOIN u WHERE true", "SELECT a FROM t WHERE NOT"];

/// What the checker says of a query's syntax.
fn checked(query: &str) -> Option<String> {
    let indented = query.replace('\n', "\n          ");
    let text = format!(
        "entity: A\nactions:\n  - name: a\n    steps:\n      - validate: |\n          EXISTS ({indented})\n"
    );
    let file = SourceFile::new(FileId(0), "a.yaml".to_owned(), text.as_str());
    let entity = file.entity().expect("it has one");
    let step = entity.actions.first().and_then(|it| it.steps.first()).expect("it has one");
    assert!(matches!(step.kind, StepKind::Validate { .. }));
    let [problem] = step.problems.as_slice() else {
        assert_eq!(step.problems, [], "{query}");
        return None;
    };
    match &problem.kind {
        LineProblemKind::Sql(message) => Some(message.clone()),
        other => Some(format!("{other:?}")),
    }
}

#[test]
fn the_checker_refuses_what_postgres_refuses() {
    let database =
        Database::of(&workspace(&[("a.yaml", "entity: A\nschema: a\nfields: {b: text}\n")]));
    let mut client = database.connect();
    let mut different = Vec::new();
    for query in QUERIES {
        let error = client.prepare(&format!("SELECT EXISTS ({query})")).err();
        let code = error.as_ref().and_then(|it| it.code()).map(|it| it.code().to_owned());
        let is_refused = code.as_deref() == Some("42601");
        let found = checked(query);
        if is_refused != found.is_some() {
            different.push((*query, found.unwrap_or_else(|| "nothing".to_owned())));
        }
    }
    let expected: Vec<_> = LET_PASS.iter().map(|it| (*it, "nothing".to_owned())).collect();
    assert_eq!(different, expected);
}
