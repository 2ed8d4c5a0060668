//! Types of expressions: what the checker says of every pair of types, and what PostgreSQL does.

use std::collections::BTreeSet;

use specql_check::check_workspace;
use specql_model::functions;
use specql_tests::postgres::{Database, workspace};

/// A field of each type, with its type in SpecQL and in PostgreSQL.
const COLUMNS: &[(&str, &str, &str)] = &[
    ("a_text", "text", "text"),
    ("a_slug", "slug", "text"),
    ("an_integer", "integer", "integer"),
    ("a_bigint", "bigint", "bigint"),
    ("a_money", "money", "numeric(19,4)"),
    ("a_float", "float", "double precision"),
    ("a_boolean", "boolean", "boolean"),
    ("a_date", "date", "date"),
    ("a_datetime", "datetime", "timestamptz"),
    ("a_timestamp", "timestamp", "timestamp"),
    ("a_time", "time", "time"),
    ("a_duration", "duration", "interval"),
    ("a_uuid", "uuid", "uuid"),
];

const OPERATORS: [&str; 10] = ["=", "<>", "<", ">=", "+", "-", "*", "/", "%", "||"];

/// Functions and how many arguments they are called with.
const FUNCTIONS: &[(&str, usize)] = &[
    ("length", 1),
    ("lower", 1),
    ("abs", 1),
    ("round", 1),
    ("ceil", 1),
    ("sqrt", 1),
    ("sign", 1),
    ("md5", 1),
    ("to_jsonb", 1),
    ("age", 1),
    ("isfinite", 1),
    ("concat", 2),
    ("round", 2),
    ("power", 2),
    ("mod", 2),
    ("left", 2),
    ("repeat", 2),
    ("strpos", 2),
    ("starts_with", 2),
    ("coalesce", 2),
    ("greatest", 2),
    ("nullif", 2),
    ("to_char", 2),
    ("date_trunc", 2),
];

/// Every expression, in the spelling of both.
fn expressions() -> Vec<String> {
    let mut all = Vec::new();
    for (left, ..) in COLUMNS {
        for (right, ..) in COLUMNS {
            let operators = OPERATORS.iter().map(|it| format!("({left} {it} {right}) IS NOT NULL"));
            all.extend(operators);
            let two = FUNCTIONS.iter().filter(|it| it.1 == 2);
            all.extend(two.map(|it| format!("{}({left}, {right}) IS NOT NULL", it.0)));
            all.push(format!("CASE WHEN true THEN {left} ELSE {right} END IS NOT NULL"));
            all.push(format!("{left} IN ({right})"));
            all.push(format!("{left} BETWEEN {right} AND {right}"));
        }
        let one = FUNCTIONS.iter().filter(|it| it.1 == 1);
        all.extend(one.map(|it| format!("{}({left}) IS NOT NULL", it.0)));
        for text in ["5", "1.5", "true", "2026-01-01", "no number"] {
            all.push(format!("{left} = '{text}'"));
        }
        all.push(format!("{left} = 5"));
        all.push(format!("{left} LIKE 'x%'"));
        all.push(format!("{left} ~ 'x'"));
        all.push(format!("NOT {left}"));
        all.push(format!("{left} AND true"));
        all.push(format!("{left} IS TRUE"));
        all.push(format!("(- {left}) IS NOT NULL"));
        all.push((*left).to_owned());
    }
    all
}

#[test]
fn what_is_refused_is_what_postgres_refuses() {
    let expressions = expressions();
    let fields: String = COLUMNS.iter().map(|(name, ty, _)| format!("  {name}: {ty}\n")).collect();
    let steps: String = expressions.iter().map(|it| format!("      - validate: {it}\n")).collect();
    let head = format!("entity: Thing\nfields:\n{fields}actions:\n  - name: look\n    steps:\n");
    let text = format!("{head}{steps}");
    let workspace = workspace(&[("thing.yaml", &text)]);
    let first = head.lines().count();
    let reported: BTreeSet<usize> = check_workspace(&workspace)
        .iter()
        .filter(|it| it.code == "type-mismatch")
        .map(|it| text[..it.range.to_usize().start].matches('\n').count() - first)
        .collect();

    let database = Database::empty();
    let mut client = database.connect();
    let columns: Vec<String> = COLUMNS.iter().map(|(name, _, ty)| format!("{name} {ty}")).collect();
    client.batch_execute(&format!("CREATE TABLE thing ({})", columns.join(", "))).expect("a table");
    let mut wrong = Vec::new();
    for (number, expression) in expressions.iter().enumerate() {
        let refused = client.prepare(&format!("SELECT FROM thing WHERE {expression}")).err();
        // A text in quotes is refused for its form, which is known in part only.
        let may_be_silent = expression.contains(" = '");
        let is_silent = refused.is_some() && !reported.contains(&number);
        if refused.is_some() != reported.contains(&number) && !(is_silent && may_be_silent) {
            let why = refused.map_or("fine".to_owned(), |it| it.to_string());
            wrong.push(format!("{expression}: PostgreSQL says {why}"));
        }
    }
    assert!(reported.len() > 1_000, "only {} are refused", reported.len());
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_signature_is_one_of_postgres() {
    let database = Database::empty();
    let mut client = database.connect();
    for line in functions::signatures() {
        let (name, rest) = line.split_once('(').expect("a signature has parentheses");
        let parameters = rest.split_once(')').expect("they are closed").0;
        let parameters =
            parameters.replace("...", "").replace('?', "").replace("float", "double precision");
        let of_last = |it: &str| if it == "any" { "\"any\"".to_owned() } else { it.to_owned() };
        let parameters: Vec<String> =
            parameters.split(", ").filter(|it| !it.is_empty()).map(of_last).collect();
        let signature = format!("pg_catalog.{}({})", quoted(name), parameters.join(", "));
        let found: bool = client
            .query_one("SELECT to_regprocedure($1) IS NOT NULL", &[&signature])
            .expect("the query runs")
            .get(0);
        let is_there = found
            || exists_variadic(&mut client, name)
            || exists_with_more(&mut client, name, parameters.len());
        assert!(is_there, "{signature} is no function of PostgreSQL");
    }
}

/// A variadic function is known by the array that it takes.
fn exists_variadic(client: &mut postgres::Client, name: &str) -> bool {
    client
        .query_one(
            "SELECT EXISTS (SELECT FROM pg_proc WHERE proname = $1 AND provariadic <> 0)",
            &[&name],
        )
        .expect("the query runs")
        .get(0)
}

/// A later release may have added parameters with defaults.
fn exists_with_more(client: &mut postgres::Client, name: &str, given: usize) -> bool {
    client
        .query_one(
            "SELECT EXISTS (SELECT FROM pg_proc
                WHERE proname = $1 AND pronargs > $2 AND pronargs - pronargdefaults <= $2)",
            &[&name, &i16::try_from(given).unwrap_or(i16::MAX)],
        )
        .expect("the query runs")
        .get(0)
}

fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}
