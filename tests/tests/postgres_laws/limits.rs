//! What PostgreSQL cannot take: values too long for an index, for a notification; none of it is said in its words,
//! or breaks more than the call.

use serde_json::json;
use specql_tests::postgres::{Database, Outcome, json as query, workspace};

const TAG: &str = "
entity: Tag
schema: shelf
fields:
  name: {type: text, unique: true, nullable: false}
  remark: text
actions:
  - name: add_tag
    steps:
      - insert: Tag
      - notify: ops(email, remark)
    impact: {primary: {entity: Tag, operation: CREATE}}
  - name: measure
    steps:
      - update: Tag SET remark = (SELECT t.name FROM shelf.tb_tag AS t)
    impact: {primary: {entity: Tag, operation: UPDATE}}
  - name: drop_tag
    steps:
      - delete: Tag
        hard: true
    impact: {primary: {entity: Tag, operation: DELETE}}
";

const BOOK: &str = "
entity: ISBNCopy
schema: shelf
fields: {title: text, main_tag: ref(Tag)}
actions:
  - name: add_book
    steps: [{insert: ISBNCopy}]
    impact: {primary: {entity: ISBNCopy, operation: CREATE}}
";

fn shelf() -> Database {
    Database::of(&workspace(&[("tag.yaml", TAG), ("book.yaml", BOOK)]))
}

/// A text that no compression makes shorter.
fn noise(length: usize) -> String {
    let mut state = 7_u64;
    let letters = std::iter::repeat_with(|| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        char::from(b'!' + u8::try_from((state >> 33) % 90).unwrap_or(0))
    });
    letters.filter(|it| !"\"\\".contains(*it)).take(length).collect()
}

#[test]
fn what_an_index_cannot_hold_is_a_value_that_does_not_fit() {
    let database = shelf();
    let mut client = database.connect();
    let failed = Outcome::of(&mut client, "shelf.fn_add_tag", &json!({"name": noise(9600)}));
    assert_eq!(failed.status(), "failed:validation");
    assert_eq!(failed.text("/message"), "name has a value that does not fit");
    assert_eq!(
        failed.at("/extra_metadata/_error"),
        &json!({"code": "validation", "field": "name"})
    );
}

#[test]
fn a_query_with_too_many_rows_is_a_conflict() {
    let database = shelf();
    let mut client = database.connect();
    let first = Outcome::of(&mut client, "shelf.fn_add_tag", &json!({"name": "a"})).success();
    Outcome::of(&mut client, "shelf.fn_add_tag", &json!({"name": "b"})).success();
    let failed = Outcome::of(&mut client, "shelf.fn_measure", &json!({"id": first.id()}));
    assert_eq!(failed.status(), "failed:conflict");
    assert_eq!(failed.text("/message"), "this conflicts with other data");
}

#[test]
fn a_reference_that_would_break_names_its_entity() {
    let database = shelf();
    let mut client = database.connect();
    let tag = Outcome::of(&mut client, "shelf.fn_add_tag", &json!({"name": "a"})).success();
    let book = json!({"title": "x", "mainTag": tag.id()});
    Outcome::of(&mut client, "shelf.fn_add_book", &book).success();
    let failed = Outcome::of(&mut client, "shelf.fn_drop_tag", &json!({"id": tag.id()}));
    assert_eq!(failed.status(), "failed:conflict");
    let message = "main_tag of ISBNCopy leads to a row that is gone, or still in use";
    assert_eq!(failed.text("/message"), message);
    assert_eq!(failed.at("/extra_metadata/_error/entity"), &json!("ISBNCopy"));
}

#[test]
fn a_notification_is_cut_at_a_character() {
    let database = shelf();
    let mut client = database.connect();
    let texts = ["ä".repeat(5000), "😀".repeat(3000), "\u{1}".repeat(9000), noise(9000)];
    for (index, text) in texts.iter().enumerate() {
        let tag = json!({"name": index.to_string(), "remark": text});
        Outcome::of(&mut client, "shelf.fn_add_tag", &tag).success();
    }
    for (text, kept) in texts.iter().zip([2000, 1000, 666, 4000]) {
        let literal = text.replace('\'', "''");
        let cut = query(&mut client, &format!("SELECT to_jsonb(app.cut_text('{literal}', 4000))"));
        let expected: String = text.chars().take(kept).collect();
        assert_eq!(cut.as_str(), Some(expected.as_str()));
    }
    assert_eq!(query(&mut client, "SELECT to_jsonb(app.cut_text('', 4000))"), json!(""));
}

#[test]
fn an_object_is_no_text() {
    let database = shelf();
    let mut client = database.connect();
    for value in [json!({"a": 1}), json!(["a"]), json!([])] {
        let input = json!({"name": "a", "remark": value});
        let failed = Outcome::of(&mut client, "shelf.fn_add_tag", &input);
        assert_eq!(failed.status(), "failed:validation", "{input}");
        assert_eq!(failed.text("/message"), "remark has to be a text");
        assert_eq!(failed.at("/extra_metadata/_error/field"), &json!("remark"));
    }
}

/// Of an index over several columns the name says no single field: the input that is too long does.
#[test]
fn what_is_too_long_for_an_index_over_several_columns_is_named() {
    let pair = "
entity: Pair
schema: shelf
fields: {left_part: text!, right_part: text!}
actions:
  - name: keep_pair
    steps:
      - upsert: Pair
        conflict_target: [left_part, right_part]
    impact: {primary: {entity: Pair, operation: UPSERT}}
";
    let database = Database::of(&workspace(&[("pair.yaml", pair)]));
    let mut client = database.connect();
    let input = json!({"leftPart": noise(9000), "rightPart": "x"});
    let failed = Outcome::of(&mut client, "shelf.fn_keep_pair", &input);
    assert_eq!(failed.status(), "failed:validation");
    assert_eq!(failed.at("/extra_metadata/_error/field"), &json!("left_part"));
}
