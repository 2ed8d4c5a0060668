//! Dates and times in the input: what JSON Schema calls one, in UTC where no zone is written, whatever the session
//! is set to.

use serde_json::{Value, json};
use specql_tests::postgres::{Database, Outcome, json as query, workspace};

const VISIT: &str = "
entity: Visit
schema: ward
fields:
  starts: datetime
  day: date
  hour: time
  reminders: list(datetime)
actions:
  - name: book
    steps: [{insert: Visit}]
    impact:
      primary: {entity: Visit, operation: CREATE}
      cache_invalidations:
        - {query: visits, filter: {at: input.starts}, strategy: REFETCH}
  - name: book_all
    params: {rows: list(json)!}
    steps:
      - foreach: r in input.rows
        do:
          - insert: Visit SET starts = r.at
    impact: {primary: {entity: Visit, operation: CREATE}}
";

fn ward() -> Database {
    Database::of(&workspace(&[("visit.yaml", VISIT)]))
}

#[test]
fn words_of_postgresql_are_refused() {
    let database = ward();
    let mut client = database.connect();
    let words =
        ["infinity", "-infinity", "now", "yesterday", "epoch", "2026-01-31 BC", "31/01/2026"];
    for word in words {
        for (name, value) in [
            ("starts", json!(word)),
            ("day", json!(word)),
            ("reminders", json!(["2026-01-31T10:00:00Z", word])),
        ] {
            let input = Value::Object([(name.to_owned(), value)].into_iter().collect());
            let failed = Outcome::of(&mut client, "ward.fn_book", &input);
            assert_eq!(failed.status(), "failed:validation", "{input}");
            assert_eq!(failed.at("/extra_metadata/_error/field"), &json!(name), "{input}");
        }
        let rows = json!({"rows": [{"at": word}]});
        let failed = Outcome::of(&mut client, "ward.fn_book_all", &rows);
        assert_eq!(failed.status(), "failed:validation", "{word}");
        assert_eq!(failed.at("/extra_metadata/_error/field"), &json!("rows"), "{word}");
    }
    let failed = Outcome::of(&mut client, "ward.fn_book", &json!({"hour": "now"}));
    assert_eq!(failed.at("/extra_metadata/_error/field"), &json!("hour"));
}

#[test]
fn a_moment_means_the_same_in_every_session() {
    let database = ward();
    let mut client = database.connect();
    let expected = json!("2026-01-31T10:30:00+00:00");
    for zone in ["UTC", "America/New_York", "Asia/Kolkata"] {
        client.batch_execute(&format!("SET TimeZone = '{zone}'")).unwrap();
        for written in ["2026-01-31T10:30:00", "2026-01-31 10:30", "2026-01-31T05:30:00-05:00"] {
            let input = json!({"starts": written, "day": "2026-01-31", "hour": "08:15"});
            let booked = Outcome::of(&mut client, "ward.fn_book", &input).success();
            assert_eq!(booked.at("/object_data/starts"), &expected, "{zone}: {written}");
            let argument = booked.at("/extra_metadata/_cascade/invalidations/0/arguments/at");
            assert_eq!(argument, &expected, "{zone}: {written}");
        }
        let rows = json!({"rows": [{"at": "2026-01-31T10:30:00"}]});
        let booked = Outcome::of(&mut client, "ward.fn_book_all", &rows).success();
        assert_eq!(booked.at("/object_data/starts"), &expected, "{zone}");
        let now = query(&mut client, "SELECT to_jsonb(current_setting('TimeZone'))");
        assert_eq!(now, json!(zone), "the session is as it was");
    }
}

const READING: &str = "
entity: Reading
schema: lab
fields:
  day: date
  at: timestamptz
  rate: double
  raw: bytea
  gap: interval
  label: text
actions:
  - name: read
    steps:
      - insert: Reading(day, at, rate, raw, gap)
      - update: Reading SET label = concat(day, ' ', at, ' ', rate, ' ', raw, ' ', gap, ' ') || day::text
    impact: {primary: {entity: Reading, operation: CREATE}}
    cdc: true
";

/// How values become text is the session's choice; rows, answers, events and the trail do not follow it.
#[test]
fn texts_of_values_are_the_same_in_every_session() {
    let database = Database::of(&workspace(&[("reading.yaml", READING)]));
    let mut client = database.connect();
    let input = json!({
        "day": "2026-01-31", "at": "2026-01-31T10:30:00Z", "rate": 0.300_000_000_000_000_04,
        "raw": "\\x00ff", "gap": "P1DT2H"
    });
    let label = "2026-01-31 2026-01-31 10:30:00+00 0.30000000000000004 \\x00ff P1DT2H 2026-01-31";
    for setting in [
        "datestyle = 'German'",
        "extra_float_digits = -5",
        "bytea_output = 'escape'",
        "intervalstyle = 'postgres_verbose'",
    ] {
        client.batch_execute(&format!("RESET ALL; SET {setting}")).unwrap();
        let read = Outcome::of(&mut client, "lab.fn_read", &input).success();
        let seen = ["label", "rate", "raw", "gap"].map(|it| read.at("/object_data")[it].clone());
        let expected =
            [json!(label), json!(0.300_000_000_000_000_04), json!("\\x00ff"), json!("P1DT2H")];
        assert_eq!(seen, expected, "{setting}");
        let kept = query(
            &mut client,
            "SELECT jsonb_agg(DISTINCT v ORDER BY v) FROM (
                SELECT jsonb_build_array(o.event_payload #> '{reading,rate}', o.event_payload #> '{reading,raw}') FROM app.outbox AS o
                UNION ALL
                SELECT jsonb_build_array(a.new_values -> 'rate', a.new_values -> 'raw') FROM app.audit_reading AS a
                UNION ALL
                SELECT jsonb_build_array(t.data -> 'rate', t.data -> 'raw') FROM lab.tv_reading AS t
            ) AS s(v)",
        );
        assert_eq!(kept, json!([[0.300_000_000_000_000_04, "\\x00ff"]]), "{setting}");
    }
}
