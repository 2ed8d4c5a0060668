//! Every form of the language, once: what `design/2-language.md` and the released dialects name, and
//! what PostgreSQL writes in their places.

use std::fmt::Write as _;

use super::{super::*, shown::shown};

/// Values and conditions: of `validate`, `if`, `switch`, of what is assigned, and behind `WHERE`.
pub(super) const EXPRESSIONS: &[&str] = &[
    // Constants.
    "'text'",
    "'it''s'",
    "\"it's\"",
    "E'a\\n\\'b\\u00e9'",
    "$$it's$$",
    "$tag$a $$ b$tag$",
    "1",
    "2.5",
    ".5",
    "1e3",
    "2.5E-3",
    "true",
    "FALSE",
    "null",
    // Names.
    "title",
    "größe",
    "author.company.name",
    "input.title",
    "$amount",
    "$row.total",
    "old.status <> new.status",
    "visit.patient.name",
    "auth_user_id",
    "CURRENT_DATE",
    "current_timestamp",
    "status = ?",
    // Arithmetic and text.
    "- a",
    "+ a",
    "a + b - c * d / e % f ^ g",
    "a || ' ' || b",
    "a || b + 1",
    // Comparisons.
    "a = b",
    "a == b",
    "a != b",
    "a <> b",
    "a < b",
    "a <= b",
    "a > b",
    "a >= b",
    "a ~ 'x'",
    "a ~* 'x'",
    "a !~ 'x'",
    "a !~* 'x'",
    // Logic; PostgreSQL's precedence.
    "NOT a AND b OR c",
    "a OR b AND NOT c = d",
    "NOT (a OR b)",
    "NOT a IN (1, 2)",
    "a = b IS NULL",
    "a < b AND c < d",
    "((a))",
    // Tests.
    "a IS NULL",
    "a is not null",
    "a IS TRUE",
    "a IS NOT TRUE",
    "a IS FALSE",
    "a IS UNKNOWN",
    "a IS NOT UNKNOWN",
    "a IS DISTINCT FROM b",
    "a IS NOT DISTINCT FROM NULL",
    "email is valid",
    "code IS NOT VALID",
    "code IS UNIQUE",
    "email MATCHES email",
    "email NOT MATCHES email_pattern",
    "code MATCHES '^[A-Z]+$'",
    "a IN ('x', 'y')",
    "a NOT IN (1, ?, input.b)",
    "a IN (SELECT id FROM crm.tb_company)",
    "a IN input.items",
    "(a, b) IN ((1, 2), (3, 4))",
    "a LIKE '%x'",
    "a NOT LIKE b || '%'",
    "a ILIKE 'x%' ESCAPE '!'",
    "a NOT ILIKE 'x'",
    "a SIMILAR TO '(x|y)%'",
    "a NOT SIMILAR TO 'x' ESCAPE '#'",
    "a BETWEEN 1 AND 10 AND b",
    "a NOT BETWEEN low AND high + 1",
    "a BETWEEN SYMMETRIC b AND c",
    "a = ANY(b)",
    "a <> ALL (ARRAY['x', 'y'])",
    "a = SOME (SELECT b FROM t)",
    // Conditions and casts.
    "CASE WHEN a > 1 THEN 'x' WHEN b THEN 'y' ELSE 'z' END",
    "CASE status WHEN 'a' THEN 1 END",
    "price::integer",
    "price::numeric(10, 2)",
    "tags::text[]",
    "a::double precision + b::timestamp(3) with time zone",
    "a::character varying(20)",
    "CAST(a AS app.money)",
    "CAST(a + b AS time without time zone)",
    "DATE '2026-01-31'",
    "now() - INTERVAL '1 day'",
    "a AT TIME ZONE 'UTC' < now()",
    // Calls.
    "now()",
    "length(trim(title)) > 0",
    "COALESCE(a, b, '')",
    "app.score(a, 1)",
    "count(*)",
    "COUNT(DISTINCT a)",
    "EXTRACT(year FROM created_at)",
    "extract('dow' from a + b)",
    "substring(a FROM 2 FOR 3)",
    "substring(a FOR 3)",
    "substring(a, 2)",
    "substring(a FROM '^[0-9]+')",
    "position('@' IN email || '@')",
    "overlay(a PLACING 'x' FROM 2 FOR 1)",
    "trim(BOTH ' ' FROM a)",
    "trim(LEADING FROM a)",
    "trim('x' FROM a)",
    "trim(TRAILING a)",
    "trim(a, 'x')",
    // Rows, arrays, JSON.
    "(a, b) = (1, 2)",
    "ROW(a, b)",
    "ARRAY[1, 2] || c",
    "ARRAY[]::text[]",
    "ARRAY(SELECT id FROM t)",
    "tags[1] = 'x'",
    "data['a']['b']",
    "data->'a'->>'b' = 'c'",
    "data #> '{a,b}' IS NOT NULL",
    "data #>> '{a,b}' = ?",
    "data @> '{\"a\": 1}'",
    "tags <@ b AND tags && c",
    "data ? 'a' AND data ?| ARRAY['b'] AND data ?& c",
    "a & 1 | b << 2 >> 1",
    // Rows that exist.
    "EXISTS Loan WHERE book = input.book AND state = 'open'",
    "NOT EXISTS (crm.Company WHERE name = ?)",
    "EXISTS (SELECT 1 FROM crm.tb_company WHERE id = p_id)",
    "(SELECT count(*) FROM t WHERE a = ')') > 3",
    "(WITH x AS (SELECT 1 AS a) SELECT a FROM x) = 1",
    // Comments.
    "a = 1 /* one /* two */ */ AND b",
    "a = 1 -- one\n  AND b",
];

/// Values of `insert`, `update`, `upsert`, `delete`, `find`.
pub(super) const WRITES: &[&str] = &[
    "Post",
    "crm.Contact",
    "crm.tb_contact",
    "Beiträge",
    "Post(title, content)",
    "Post(title = 'x', content)",
    "Post SET title = 'x', content = input.content",
    "Post VALUES (title = 'x', likes = 0)",
    "Post(title, likes) VALUES ('x', 0)",
    "Post FROM input",
    "User SET post_count = post_count + 1",
    "User SET post_count = post_count + 1, größe = NULL WHERE id = input.author",
    "User set a = 1 where b = 2",
    "User SET address.city = 'x'",
    "Post WHERE author = ? AND status IN ('a', 'b')",
    "Setting(key, value)",
];

pub(super) const LOOPS: &[&str] = &[
    "item in input.items",
    "visit in Visit WHERE patient = input.id",
    "row in (SELECT id FROM t WHERE a = 1)",
    "x IN related_items",
    "x in crm.Company WHERE name = 'x'",
];

pub(super) const CALLS: &[&str] = &[
    "recalculate(order = input.id, force = a OR b)",
    "app.audit.log('x', 1)",
    "send_email",
    "notify_all()",
];

pub(super) const NOTIFICATIONS: &[&str] = &[
    "librarian(email, \"the book is back\")",
    "author.owner('sms', 'text')",
    "post_published",
    "'someone@example.org'",
];

/// All forms by keyword.
pub(super) fn all() -> impl Iterator<Item = (StatementKeyword, &'static str)> {
    [
        (StatementKeyword::Condition, EXPRESSIONS),
        (StatementKeyword::Write, WRITES),
        (StatementKeyword::ForEach, LOOPS),
        (StatementKeyword::Call, CALLS),
        (StatementKeyword::Notify, NOTIFICATIONS),
    ]
    .into_iter()
    .flat_map(|(keyword, lines)| lines.iter().map(move |it| (keyword, *it)))
}

#[test]
fn every_form_has_its_meaning() {
    let mut out = String::new();
    for (keyword, line) in all() {
        let shown = shown(keyword, &[line]);
        assert!(!shown.contains("∅"), "{shown}");
        write!(out, "{shown}").unwrap();
    }
    insta::assert_snapshot!(out);
}
