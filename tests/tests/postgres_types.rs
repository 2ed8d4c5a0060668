//! What a type demands is demanded by the table, whoever writes, and told by the action.

use postgres::Client;
use serde_json::{Value, json};
use specql_tests::postgres::{Database, Outcome, json as query, workspace};

const ITEM: &str = "
entity: Item
schema: shop
fields:
  sku: text(5)
  stars: integer(1, 5)
  amount:
    type: decimal(10,2)
    min: 0.5
    max: 100
  born:
    type: date
    min: 2020-02-29
  rate: float
  pause: interval
  names: list(text)
  sizes:
    type: list(integer)
    max: 2
  colors: list(enum(red, \"it's blue\"))
  mails: list(email)
  big: list(bigint)
  grid: list(list(integer))
  any: list(json)
  address: SimpleAddress
  hours: BusinessHours
  owners: list(ref(Owner))
  subject: ref(Owner|Shop)
actions:
  - name: create_item
    steps:
      - insert: Item
    impact:
      primary: {entity: Item, operation: CREATE}
  - name: update_item
    steps:
      - update: Item
    impact:
      primary: {entity: Item, operation: UPDATE}
";

const OTHERS: [(&str, &str); 2] = [
    ("owner.yaml", "entity: Owner\nschema: shop\nfields:\n  name: text\n"),
    ("shop.yaml", "entity: Shop\nschema: shop\nfields:\n  name: text\n"),
];

fn database() -> (Database, Client) {
    let database = Database::of(&workspace(&[("item.yaml", ITEM), OTHERS[0], OTHERS[1]]));
    let client = database.connect();
    (database, client)
}

/// A new row of a table with a name only.
fn row(client: &mut Client, table: &str) -> String {
    let insert = format!("INSERT INTO shop.{table} (name) VALUES ('x') RETURNING to_jsonb(id)");
    query(client, &insert).as_str().expect("an id").to_owned()
}

/// What has a value that fits, and values that do not.
fn cases() -> Vec<(&'static str, Value, Vec<Value>)> {
    let address = json!({"street": "s", "city": "c", "state": "x", "zipCode": "1"});
    let with = |key: &str, value: Value| {
        let mut res = address.clone();
        if let Some(parts) = res.as_object_mut() {
            parts.insert(key.to_owned(), value);
        }
        res
    };
    vec![
        ("sku", json!("abcde"), vec![json!("abcdef")]),
        ("stars", json!("5"), vec![json!(0), json!(6), json!("0x5"), json!("0_5"), json!("0b1")]),
        (
            "amount",
            json!("0.50"),
            vec![json!("0.49"), json!("100.01"), json!("NaN"), json!("1_0"), json!("0xA")],
        ),
        ("born", json!("2020-02-29"), vec![json!("2020-02-28")]),
        ("pause", json!("P1DT2H"), vec![json!("infinity"), json!("-Infinity"), json!("soon")]),
        ("rate", json!(1.5), vec![json!("NaN"), json!("Infinity"), json!("-Infinity")]),
        (
            "names",
            json!(["a", ""]),
            vec![json!("a"), json!([1]), json!([null]), json!([["a"]]), json!({})],
        ),
        (
            "sizes",
            json!([1, -2]),
            vec![json!([1, 2, 3]), json!([1.5]), json!(["1"]), json!([3_000_000_000_i64])],
        ),
        ("colors", json!(["red", "it's blue"]), vec![json!(["green"]), json!([1])]),
        ("mails", json!(["a@b.co"]), vec![json!(["a"]), json!([5])]),
        ("big", json!(["9007199254740993", 4]), vec![json!(["x"]), json!([1.5]), json!(["1.5"])]),
        ("grid", json!([[1], []]), vec![json!([1]), json!([["a"]])]),
        ("any", json!([1, "a", null]), vec![json!({"a": 1})]),
        (
            "address",
            with("country", json!(null)),
            vec![
                json!({"street": "s"}),
                json!([address.clone()]),
                with("zipCode", json!(5)),
                with("country", json!(["x"])),
                with("planet", json!("Mars")),
                json!("street"),
            ],
        ),
        (
            "hours",
            json!({"monday": {"start": "08:00", "end": "12:00"}}),
            vec![json!({"monday": {"start": "08:00"}}), json!({"monday": "closed"})],
        ),
    ]
}

#[test]
fn a_value_fits_its_type_or_is_refused_with_its_field() {
    let (_database, mut client) = database();
    for (field, fits, others) in cases() {
        let outcome = Outcome::of(&mut client, "shop.fn_create_item", &json!({field: fits}));
        assert_eq!(outcome.status(), "success", "{field} {fits}: {:#}", outcome.0);
        for other in others {
            let outcome = Outcome::of(&mut client, "shop.fn_create_item", &json!({field: other}));
            assert_eq!(outcome.status(), "failed:validation", "{field} {other}");
            assert_eq!(outcome.text("/extra_metadata/_error/field"), field, "{other}");
        }
    }
}

#[test]
fn the_table_refuses_it_from_anybody() {
    let (_database, mut client) = database();
    for (field, fits, others) in cases() {
        let mut insert = |value: &Value| {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let literal = text.replace('\'', "''");
            client.batch_execute(&format!(
                "INSERT INTO shop.tb_item (\"{field}\") VALUES ('{literal}')"
            ))
        };
        insert(&fits).unwrap_or_else(|error| panic!("{field} {fits}: {error:?}"));
        for other in others.iter().filter(|it| !it.is_string()) {
            let error = insert(other).expect_err(field);
            let code = error.code().unwrap().code();
            assert!(["23514", "22P02", "22003"].contains(&code), "{field} {other}: {code}");
        }
    }
}

#[test]
fn a_list_of_references_holds_ids_of_live_rows() {
    let (_database, mut client) = database();
    let (first, second) = (row(&mut client, "tb_owner"), row(&mut client, "tb_owner"));
    let elsewhere = row(&mut client, "tb_shop");
    let item = Outcome::of(
        &mut client,
        "shop.fn_create_item",
        &json!({"sku": "a", "owners": [second, first]}),
    )
    .success();
    let owner = |id: &str| json!({"__typename": "Owner", "id": id});
    assert_eq!(item.at("/object_data/owners"), &json!([owner(&second), owner(&first)]));
    for (owners, status) in [
        (json!(["nope", 5, null]), "failed:validation"),
        (json!("x"), "failed:validation"),
        (json!([elsewhere]), "failed:not_found"),
    ] {
        let input = json!({"sku": "a", "owners": owners});
        let outcome = Outcome::of(&mut client, "shop.fn_create_item", &input);
        assert_eq!(outcome.status(), status, "{owners}");
        assert_eq!(outcome.text("/extra_metadata/_error/field"), "owners", "{owners}");
    }
    let removed = client.batch_execute(&format!("DELETE FROM shop.tb_owner WHERE id = '{first}'"));
    assert_eq!(removed.unwrap_err().code().unwrap().code(), "23503");
    client.batch_execute("UPDATE shop.tb_owner SET deleted_at = now()").unwrap();
    let input = json!({"id": item.id(), "sku": "b"});
    Outcome::of(&mut client, "shop.fn_update_item", &input).success();
    let outcome = Outcome::of(&mut client, "shop.fn_create_item", &json!({"owners": [first]}));
    assert_eq!(outcome.status(), "failed:not_found");
}

#[test]
fn a_reference_to_one_of_several_takes_each_of_them() {
    let (_database, mut client) = database();
    let (owner, shop) = (row(&mut client, "tb_owner"), row(&mut client, "tb_shop"));
    for (key, id, entity) in
        [("subject", &owner, "Owner"), ("subjectId", &shop, "Shop"), ("subject_id", &shop, "Shop")]
    {
        let item = Outcome::of(&mut client, "shop.fn_create_item", &json!({key: id})).success();
        assert_eq!(item.at("/object_data/subject"), &json!({"__typename": entity, "id": id}));
    }
    let unknown = json!({"subject": "11111111-2222-4333-8444-555555555555"});
    let outcome = Outcome::of(&mut client, "shop.fn_create_item", &unknown);
    assert_eq!(outcome.status(), "failed:not_found");
    assert_eq!(outcome.text("/extra_metadata/_error/field"), "subject");
    for table in ["tb_owner", "tb_shop"] {
        let error = client.batch_execute(&format!("DELETE FROM shop.{table}")).unwrap_err();
        assert_eq!(error.code().unwrap().code(), "23503");
    }
}
