//! Values: lists of live rows and of types, numbers that survive JavaScript, words of a `switch`.

use serde_json::{Value, json};
use specql_codegen::{EmitOptions, ProblemKind, problems};
use specql_tests::postgres::{Database, Outcome, json as query, workspace};

const OWNER: &str = "
entity: Owner
schema: v
fields: {name: text!}
actions:
  - name: make_owner
    steps: [{insert: Owner}]
    impact: {primary: {entity: Owner, operation: CREATE}}
";

const ITEM: &str = "
entity: Item
schema: v
fields:
  sku: text!
  owners: list(ref(Owner))
  sizes: list(integer)
  words: list(text)
  big: bigint
  price: decimal(20,6)
  note: text
actions:
  - name: make_item
    steps: [{insert: Item}]
    impact: {primary: {entity: Item, operation: CREATE}}
    cdc: true
  - name: pick
    params: {mode: text!}
    steps:
      - switch: input.mode
        cases:
          - when: fast
            then: [{update: \"Item SET note = 'f'\"}]
          - when: 'slow'
            then: [{update: \"Item SET note = 's'\"}]
        default: [{reject: unknown_mode}]
    impact: {primary: {entity: Item, operation: UPDATE}}
";

fn database(config: &str) -> Database {
    let files = [("item.yaml", ITEM), ("owner.yaml", OWNER), ("specql.config.yaml", config)];
    Database::of(&workspace(&files))
}

#[test]
fn lists_hold_what_their_types_say() {
    let database = database("");
    let mut client = database.connect();
    let owner = Outcome::of(&mut client, "v.fn_make_owner", &json!({"name": "o"})).success();
    let nobody = "11111111-1111-4111-8111-111111111111";
    let cases: [(&str, Value, &str); 9] = [
        ("owners", json!(["nope", 5, null]), "failed:validation"),
        ("owners", json!("x"), "failed:validation"),
        ("owners", json!([owner.id(), nobody]), "failed:not_found"),
        ("sizes", json!("x"), "failed:validation"),
        ("sizes", json!(["a"]), "failed:validation"),
        ("sizes", json!([1, null]), "failed:validation"),
        ("words", json!([1]), "failed:validation"),
        ("price", json!("NaN"), "failed:validation"),
        ("big", json!("many"), "failed:validation"),
    ];
    for (field, value, status) in cases {
        let mut input = json!({"sku": "a"});
        input[field] = value;
        let outcome = Outcome::of(&mut client, "v.fn_make_item", &input);
        assert_eq!(outcome.status(), status, "{input}");
        assert_eq!(outcome.text("/extra_metadata/_error/field"), field, "{input}");
    }
    let input = json!({"sku": "a", "owners": [owner.id()], "sizes": [1, 2], "words": ["x"]});
    let made = Outcome::of(&mut client, "v.fn_make_item", &input).success();
    let reference = json!([{"__typename": "Owner", "id": owner.id()}]);
    assert_eq!(made.at("/object_data/owners"), &reference);
    client.batch_execute("SELECT v.refresh_tv_item()").unwrap();
    let read = query(&mut client, "SELECT data -> 'owners' FROM v.tv_item");
    assert_eq!(read, reference, "the read model says the same, however it is made");
}

#[test]
fn numbers_survive_javascript() {
    let input =
        json!({"sku": "a", "big": 9_007_199_254_740_993_i64, "price": "12345678901234.1234"});
    let text = database("");
    let mut client = text.connect();
    let made = Outcome::of(&mut client, "v.fn_make_item", &input).success();
    assert_eq!(made.at("/object_data/big"), &json!("9007199254740993"));
    assert_eq!(made.at("/object_data/price"), &json!("12345678901234.123400"));
    let event = query(&mut client, "SELECT event_payload -> 'item' -> 'big' FROM app.outbox");
    assert_eq!(event, json!("9007199254740993"));
    let number = database("graphql:\n  big_numbers: number\n");
    let made = Outcome::of(&mut number.connect(), "v.fn_make_item", &input).success();
    assert_eq!(made.at("/object_data/big"), &json!(9_007_199_254_740_993_i64));
}

#[test]
fn a_switch_over_a_parameter_knows_words() {
    let database = database("");
    let mut client = database.connect();
    let item = Outcome::of(&mut client, "v.fn_make_item", &json!({"sku": "a"})).success();
    let mut pick = |mode: &str| {
        let input = json!({"id": item.id(), "mode": mode});
        Outcome::of(&mut client, "v.fn_pick", &input)
    };
    assert_eq!(pick("fast").success().text("/object_data/note"), "f");
    assert_eq!(pick("slow").success().text("/object_data/note"), "s");
    assert_eq!(pick("other").status(), "failed:unknown_mode");
}

#[test]
fn a_topic_that_kafka_cannot_have_is_said_when_it_is_written() {
    let text = "
entity: Item
schema: v
fields: {sku: text!}
actions:
  - name: make_item
    steps: [{insert: Item}]
    impact: {primary: {entity: Item, operation: CREATE}}
    cdc: {enabled: true, topic: 'no topic/at all'}
";
    let workspace = workspace(&[("item.yaml", text)]);
    let found = problems(&workspace, EmitOptions { tables: true, samples: false });
    let kinds: Vec<ProblemKind> = found.iter().map(|it| it.kind).collect();
    assert_eq!(kinds, [ProblemKind::Setting], "{found:#?}");
}

const ROOM_AND_GUEST: [(&str, &str); 2] = [
    (
        "room.yaml",
        "
entity: Room
schema: m
fields:
  label: text
actions:
  - name: open_room
    steps: [{insert: Room}]
    impact: {primary: {entity: Room, operation: CREATE}}
  - name: close_room
    steps: [{delete: Room}]
    impact: {primary: {entity: Room, operation: DELETE}}
",
    ),
    (
        "guest.yaml",
        "
entity: Guest
schema: m
fields:
  name: text
  room: ref(Room)
actions:
  - name: add_guest
    steps: [{insert: Guest}]
    impact: {primary: {entity: Guest, operation: CREATE}}
  - name: rename_guest
    steps: [{update: Guest SET name = 'x'}]
    impact: {primary: {entity: Guest, operation: UPDATE, include_relations: [room]}}
    cdc: {enabled: true, event_type: GuestRenamed}
",
    ),
];

#[test]
fn a_related_row_that_is_gone_was_not_deleted_by_who_shows_it() {
    let database = Database::of(&workspace(&ROOM_AND_GUEST));
    let mut client = database.connect();
    let room = Outcome::of(&mut client, "m.fn_open_room", &json!({"label": "one"})).success();
    let guest = json!({"name": "Ada", "roomId": room.id()});
    let guest = Outcome::of(&mut client, "m.fn_add_guest", &guest).success();
    Outcome::of(&mut client, "m.fn_close_room", &json!({"id": room.id()})).success();
    let renamed =
        Outcome::of(&mut client, "m.fn_rename_guest", &json!({"id": guest.id()})).success();
    assert_eq!(renamed.cascade()["deleted"], json!([]));
    assert_eq!(renamed.updated(), [("Guest".to_owned(), "UPDATED".to_owned())]);
}
