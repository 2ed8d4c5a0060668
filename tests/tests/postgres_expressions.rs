//! Expressions in all their forms, each the condition of an action that PostgreSQL runs.

use serde_json::json;
use specql_codegen::{EmitOptions, problems};
use specql_tests::postgres::{Database, Outcome, json as query, workspace};

/// The row that the conditions are about.
const SAMPLE: &str = r#"
entity: Sample
schema: lab
fields:
  name: text
  amount: integer
  price: decimal(10,2)
  active: boolean
  born: date
  at: datetime
  data: json
  tags: list(text)
  größe: float
  status: enum(draft, done)
  owner: ref(Person)
actions:
  - name: add
    steps:
      - insert: Sample
    impact: {primary: {entity: Sample, operation: CREATE}}
  - name: change
    steps:
      - update: |
          Sample SET name = overlay(trim(BOTH 'x' FROM name) PLACING 'O' FROM 1 FOR 1), -- a comment
            amount = EXTRACT(day FROM born) + position('d' IN name), price = price ^ 2,
            born = (at AT TIME ZONE 'UTC')::date, tags = ARRAY['new', name] || tags,
            data = data || '{"c": 1}', active = amount = ANY(ARRAY[10, 11]), größe = data['a']['n']
          WHERE (id, active) = (input.id, true) AND name SIMILAR TO 'A%' AND data->'a' ? 'b'
      - notify: owner(email, 'changed')
        data: {number: amount + 1, names: "ARRAY[name]", by: owner, at: now()}
    impact: {primary: {entity: Sample, operation: UPDATE}}
"#;

const PERSON: &str = "
entity: Person
schema: lab
fields:
  name: text
  score: integer
actions:
  - name: add_person
    steps:
      - insert: Person
    impact: {primary: {entity: Person, operation: CREATE}}
";

/// Expressions, and whether they hold for the row.
const CONDITIONS: &[(&str, bool)] = &[
    // Precedence.
    ("amount + 2 * 3 ^ 2 - 1 = 27", true),
    ("name || amount + 1 = 'Ada L.11'", true),
    ("NOT amount IN (1, 2)", true),
    ("amount < 5 OR active AND NOT name = 'x'", true),
    ("- amount < - 9 AND amount % 3 = 1 AND amount / 3 = 3", true),
    ("price > 1e1 AND größe > .25 AND price < 2.5E1", true),
    // Tests.
    ("active IS TRUE AND active IS NOT FALSE AND active IS NOT UNKNOWN", true),
    ("active IS FALSE OR data.missing IS TRUE", false),
    ("name IS DISTINCT FROM NULL AND amount IS NOT DISTINCT FROM 10", true),
    ("amount BETWEEN SYMMETRIC 20 AND 1", true),
    ("amount BETWEEN 20 AND 1", false),
    ("name LIKE 'Ada%' AND name NOT ILIKE 'ada' AND 'a_b' LIKE 'a!_b' ESCAPE '!'", true),
    ("name SIMILAR TO '(Ada|Bob)%' AND name NOT SIMILAR TO 'x%' ESCAPE '#'", true),
    ("name ~ '^Ada' AND name ~* '^ADA' AND name !~ 'ada' AND name !~* 'bob'", true),
    // Collections.
    ("amount = ANY(ARRAY[1, 10]) AND amount <> ALL (ARRAY[2, 3])", true),
    ("amount = SOME (SELECT generate_series(9, 11))", true),
    ("'red' = ANY(tags) AND NOT 'green' = ANY(tags)", true),
    ("'red' IN tags AND name NOT IN tags", true),
    ("status = ANY(ARRAY[draft, 'done'])", true),
    ("name LIKE ANY(ARRAY['x%', 'A%'])", true),
    ("amount = ANY(input.amounts)", true),
    ("(amount, name) = (10, 'Ada L.')", true),
    ("(amount, name) IN ((1, 'x'), (10, 'Ada L.'))", true),
    ("ROW(amount, active) <> (10, false)", true),
    ("ARRAY[amount, 2] || ARRAY[3] = ARRAY[10, 2, 3]", true),
    ("(ARRAY[7, 8])[2] = 8 AND cardinality(ARRAY[]::text[]) = 0", true),
    ("ARRAY(SELECT generate_series(1, 2)) = ARRAY[1, 2]", true),
    // JSON.
    ("data->'a'->>'b' = 'it''s' AND data['a']['b'] = 'it''s' AND data.a.b = 'it''s'", true),
    ("data #>> '{a,n}' = '3' AND data #> '{a,n}' = 3 AND data->'a'->'n' > 2", true),
    ("data ? 'a' AND data ?| ARRAY['x', 'a'] AND NOT data ?& ARRAY['x', 'a']", true),
    ("data @> '{\"a\": {\"n\": 3}}' AND tags @> ARRAY['red'] AND ARRAY['red'] <@ tags", true),
    ("tags && ARRAY['green', 'blue'] AND tags[0] = 'red'", true),
    ("data->>'flag' IS NULL AND tags::text[] = ARRAY['red', 'blue']", true),
    ("tags = ARRAY['red', 'blue'] AND tags || ARRAY['x'] <> tags", true),
    // Time.
    ("at AT TIME ZONE 'UTC' = TIMESTAMP '2026-01-31 12:00'", true),
    ("(at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' = at", true),
    ("EXTRACT(year FROM born) = 2000 AND extract('month' FROM at) = 1", true),
    ("born < DATE '2000-02-01' AND born + INTERVAL '1 day' > born AND born < CURRENT_DATE", true),
    ("CURRENT_TIME IS NOT NULL AND LOCALTIMESTAMP > at AND session_user IS NOT NULL", true),
    // Texts.
    ("trim(BOTH 'x' FROM 'xax') = 'a' AND trim(LEADING FROM '  a ') = 'a '", true),
    ("trim(TRAILING 'x' FROM 'xax') = 'xa' AND trim('x' FROM 'xa') = 'a'", true),
    ("substring(name FROM 1 FOR 3) = 'Ada' AND substring(name FOR 2) = 'Ad'", true),
    ("substring(name FROM '^[A-Z]') = 'A' AND substring(name, 5) = 'L.'", true),
    ("position('da' IN name) = 2 AND position('x' IN name || 'x') = 7", true),
    ("overlay(name PLACING 'Eve' FROM 1 FOR 3) = 'Eve L.'", true),
    (r"E'it\'s\u00e9' = 'it''s' || 'é' AND $$it's$$ = 'it''s' AND $x$a$$b$x$ = 'a$$b'", true),
    // Types.
    ("price::numeric(10, 1) = 12.3 AND CAST(amount AS character varying(1)) = '1'", true),
    ("größe::double precision = 0.5 AND at::timestamp(0) with time zone = at", true),
    ("(data->'a'->>'n')::integer + 1 = 4 AND '{1,2}'::int[] = ARRAY[1, 2]", true),
    ("owner::text = owner.id::text AND owner.score & 1 | 4 = 5 AND 1 << 3 >> 1 = 4", true),
    ("price::money = 12.34 AND at::datetime = at AND name::email = name", true),
    ("'{\"a\": 1}'::json -> 'a' = 1 AND amount::text::languageCode = '10'", true),
    // Queries.
    ("EXISTS (SELECT 1 FROM lab.tb_person) AND NOT EXISTS (SELECT 1 WHERE false)", true),
    ("(WITH x AS (SELECT 2 AS a) SELECT a FROM x) = 2", true),
    ("(SELECT count(*) FROM lab.tb_person WHERE name = ')') = 0 /* ) */", true),
    ("EXISTS (Person WHERE score >= 3 AND name IS NOT NULL)", true),
    // Parameters.
    ("name = ? AND data ? 'a'", true),
];

fn sample() -> String {
    let mut text = SAMPLE.to_owned();
    for (number, (condition, _)) in CONDITIONS.iter().enumerate() {
        let quoted = condition.replace('\'', "''");
        text += &format!("  - name: check_{number}\n    steps:\n      - validate: '{quoted}'\n");
    }
    text
}

#[test]
fn every_form_runs_and_means_what_postgres_means() {
    let workspace = workspace(&[("sample.yaml", &sample()), ("person.yaml", PERSON)]);
    let found = problems(&workspace, EmitOptions { tables: true, samples: false });
    let at = |it: &specql_codegen::Problem| it.range.slice(&sample()).to_owned();
    let found: Vec<_> = found.iter().map(|it| (at(it), it.message.clone())).collect();
    assert_eq!(found, []);
    let database = Database::of(&workspace);
    let mut client = database.connect();
    let person = Outcome::of(&mut client, "lab.fn_add_person", &json!({"name": "Bob", "score": 3}));
    let person = person.success().id().to_owned();
    let row = json!({
        "name": "Ada L.", "amount": 10, "price": "12.34", "active": true, "born": "2000-01-31",
        "at": "2026-01-31T12:00:00Z", "data": {"a": {"b": "it's", "n": 3}}, "tags": ["red", "blue"],
        "größe": 0.5, "status": "done", "ownerId": person,
    });
    let id = Outcome::of(&mut client, "lab.fn_add", &row).success().id().to_owned();
    let input = json!({"id": id, "name": "Ada L.", "amounts": "{1,10}"});
    let mut wrong = Vec::new();
    for (number, (condition, holds)) in CONDITIONS.iter().enumerate() {
        let function = format!("lab.fn_check_{number}");
        match Outcome::try_of(&mut client, &function, &input) {
            Ok(outcome) if (outcome.status() == "success") == *holds => {}
            Ok(outcome) => wrong.push(format!("{condition}: {}", outcome.status())),
            Err(error) => wrong.push(format!("{condition}: {error:?}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let changed = Outcome::of(&mut client, "lab.fn_change", &input).success();
    for (path, value) in [
        ("name", json!("Oda L.")),
        ("amount", json!(33)),
        ("price", json!("152.28")),
        ("born", json!("2026-01-31")),
        ("tags", json!(["new", "Ada L.", "red", "blue"])),
        ("data", json!({"a": {"b": "it's", "n": 3}, "c": 1})),
        ("active", json!(true)),
        ("größe", json!(3)),
    ] {
        assert_eq!(changed.at(&format!("/object_data/{path}")), &value, "{path}");
    }
    assert_eq!(query(&mut client, "SELECT to_jsonb(count(*)) FROM lab.tb_sample"), json!(1));
}

/// Chains of operators without parentheses, of which PostgreSQL can run those whose types fit. `NULL` is
/// not among them, because `a = NULL` means `a IS NULL` here.
fn any_chain(random: &mut Random) -> String {
    const OPERANDS: &[&str] = &[
        "1", "2", "3", "7", "10", "- 2", "true", "false", "'3'", "'ab'", "'a%'", "2::text", "(4)",
    ];
    const OPERATORS: &[&str] = &[
        "+",
        "-",
        "*",
        "/",
        "%",
        "^",
        "||",
        "&",
        "|",
        "<<",
        ">>",
        "=",
        "<>",
        "<",
        "<=",
        ">",
        ">=",
        "AND",
        "OR",
        "AND NOT",
        "OR NOT",
        "LIKE",
        "NOT ILIKE",
        "~",
        "!~",
        "IS DISTINCT FROM",
        "IS NOT DISTINCT FROM",
        "BETWEEN 1 AND",
        "NOT BETWEEN SYMMETRIC 3 AND",
        "IN (1, 2) =",
        "IS NULL =",
        "IS NOT TRUE OR",
        "SIMILAR TO",
        "= ANY(ARRAY[1, 2]) AND",
    ];
    let mut text = (*random.pick(&["", "", "NOT ", "- "])).to_owned();
    text += random.pick(OPERANDS);
    for _ in 0..2 + random.below(4) {
        text += &format!(" {} {}", random.pick(OPERATORS), random.pick(OPERANDS));
    }
    text
}

/// The next number of a sequence that is the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        let at = self.below(from.len());
        from.get(at).copied().unwrap_or_default()
    }
}

#[test]
fn operators_bind_as_they_do_in_postgres() {
    let plain = Database::of(&workspace(&[("person.yaml", PERSON)]));
    let mut client = plain.connect();
    let (mut random, mut known) = (Random(7), Vec::new());
    while known.len() < 120 {
        let chain = any_chain(&mut random);
        let value = client.query_one(&format!("SELECT coalesce(({chain})::text, '-')"), &[]);
        if let Ok(row) = value {
            known.push((chain, row.get::<_, String>(0)));
        }
    }
    let mut text = "entity: Chain\nschema: lab\nfields: {a: text}\nactions:\n".to_owned();
    text += "  - name: add\n    steps: [{insert: Chain}]\n    impact: {primary: {entity: Chain, operation: CREATE}}\n";
    for (number, (chain, value)) in known.iter().enumerate() {
        let condition = format!("coalesce(({chain})::text, '-') = '{value}'").replace('\'', "''");
        text += &format!("  - name: check_{number}\n    steps:\n      - validate: '{condition}'\n");
    }
    let database = Database::of(&workspace(&[("chain.yaml", &text)]));
    let mut client = database.connect();
    let id = Outcome::of(&mut client, "lab.fn_add", &json!({})).success().id().to_owned();
    let mut wrong = Vec::new();
    for (number, (chain, value)) in known.iter().enumerate() {
        let function = format!("lab.fn_check_{number}");
        match Outcome::try_of(&mut client, &function, &json!({"id": id})) {
            Ok(outcome) if outcome.status() == "success" => {}
            Ok(_) => wrong.push(format!("{chain} is {value}")),
            Err(error) => wrong.push(format!("{chain}: {error}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
