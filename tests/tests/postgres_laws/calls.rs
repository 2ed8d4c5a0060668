//! A call is a part of its caller: one mutation, one image of each row, the events of both.

use postgres::Client;
use serde_json::{Value, json};
use specql_tests::{
    cascade::faults,
    postgres::{Database, Outcome, json as query, workspace},
};

const ITEM: &str = "
entity: Item
schema: m
fields:
  sku: text!
  hits: integer = 0!
  note: text
actions:
  - name: create_item
    steps: [{insert: Item}]
    impact: {primary: {entity: Item, operation: CREATE}}
  - name: bump
    params: {by: integer!}
    steps:
      - update: Item SET hits = hits + input.by
      - update: Stock SET counted = counted + 1 WHERE item = input.id
    impact:
      primary: {entity: Item, operation: UPDATE}
      side_effects: [{entity: Stock, operation: UPDATE, collection: bumped}]
    cascade: false
    cdc: {enabled: true, event_type: Bumped}
  - name: quiet
    steps:
      - update: Item SET note = 'quiet'
  - name: only_calls
    steps:
      - call: bump(id = input.id, by = 2)
      - call: bump(id = input.id, by = 3)
    impact:
      primary: {entity: Item, operation: UPDATE}
      side_effects: [{entity: Stock, operation: UPDATE, collection: counted}]
    cdc: {enabled: true, event_type: OnlyCalled, side_effect_events: {Stock: StockCounted}}
  - name: around
    steps:
      - update: Item SET note = 'before'
      - call: bump(id = id, by = 10)
        store: done
      - call: quiet(id = id)
      - update: Item SET hits = hits * 2
      - update: Item SET note = note || ' ' || done.sku
    impact: {primary: {entity: Item, operation: UPDATE}}
    cdc: {enabled: true, event_type: Arounded, include_side_effects: true}
  - name: add_with_movements
    steps:
      - update: Item SET hits = hits + 1
      - insert: Movement SET item = id, amount = 1
      - insert: Movement SET item = id, amount = 2
    impact:
      primary: {entity: Item, operation: UPDATE}
      side_effects: [{entity: Movement, operation: CREATE}]
    cdc: {enabled: true, event_type: Added, include_side_effects: true}
  - name: hand_on
    steps:
      - call: add_with_movements(id = input.id)
  - name: hand_on_and_tell
    steps:
      - call: add_with_movements(id = input.id)
      - call: add_with_movements(id = input.id)
    impact: {primary: {entity: Item, operation: UPDATE}}
    cascade: {exclude_entities: [Movement]}
    cdc: {enabled: true, event_type: HandedOn}
  - name: fail_late
    steps:
      - call: bump(id = input.id, by = 1)
      - reject: too_late
  - name: move
    steps:
      - update: Item SET hits = hits + 1
      - insert: Movement SET item = id, amount = 1
      - insert: Movement SET item = id, amount = 2
    impact:
      primary: {entity: Item, operation: UPDATE}
      side_effects: [{entity: Movement, operation: CREATE, collection: movements}]
    cdc: {enabled: true, event_type: Moved, include_side_effects: true}
  - name: replace_one
    steps:
      - update: Item SET note = 'survivor' WHERE sku = 'other'
      - delete: Item
        hard: true
    impact: {primary: {entity: Item, operation: DELETE}}
    cdc: true
";

const STOCK: &str = "
entity: Stock
schema: m
fields:
  item: ref(Item)!
  counted: integer = 0!
actions:
  - name: make_stock
    steps: [{insert: Stock}]
    impact: {primary: {entity: Stock, operation: CREATE}}
";

const MOVEMENT: &str = "
entity: Movement
schema: m
fields:
  item: ref(Item)!
  amount: integer!
";

struct Store {
    _database: Database,
    client: Client,
    item: String,
}

impl Store {
    fn new() -> Self {
        let files = [("item.yaml", ITEM), ("stock.yaml", STOCK), ("movement.yaml", MOVEMENT)];
        let database = Database::of(&workspace(&files));
        let mut client = database.connect();
        let item = Outcome::of(&mut client, "m.fn_create_item", &json!({"sku": "one"})).success();
        let item = item.id().to_owned();
        Outcome::of(&mut client, "m.fn_make_stock", &json!({"item": item})).success();
        Self { _database: database, client, item }
    }

    fn call(&mut self, action: &str) -> Outcome {
        Outcome::of(&mut self.client, &format!("m.fn_{action}"), &json!({"id": self.item}))
    }

    fn events(&mut self) -> Value {
        query(
            &mut self.client,
            "SELECT jsonb_agg(o.event_type ORDER BY o.sequence) FROM app.outbox AS o",
        )
    }
}

#[test]
fn an_action_of_calls_only_has_an_id_an_event_and_all_that_was_called() {
    let mut store = Store::new();
    let outcome = store.call("only_calls").success();
    assert_eq!(outcome.id(), store.item);
    assert_eq!(faults(outcome.cascade()), Vec::<String>::new());
    assert_eq!(outcome.at("/object_data/hits"), &json!(5));
    let pair = |name: &str| (name.to_owned(), "UPDATED".to_owned());
    assert_eq!(outcome.updated(), [pair("Item"), pair("Stock")]);
    assert_eq!(outcome.cascade()["updated"][1]["entity"]["counted"], 2);
    assert_eq!(outcome.at("/extra_metadata/counted/0/counted"), &json!(2));
    assert_eq!(outcome.text("/extra_metadata/_meta/actual_side_effects/0/entity_type"), "Stock");
    assert_eq!(store.events(), json!(["OnlyCalled", "StockCounted", "Bumped", "Bumped"]));
    let led = query(
        &mut store.client,
        "SELECT jsonb_agg(DISTINCT o.event_metadata -> 'cascadeEventId') FROM app.outbox AS o WHERE o.event_type <> 'OnlyCalled'",
    );
    assert_eq!(led, json!([outcome.cascade()["metadata"]["eventId"]]));
    let mutations = query(
        &mut store.client,
        "SELECT to_jsonb(count(DISTINCT a.mutation_id)) FROM app.audit_item AS a WHERE a.operation_type = 'UPDATE'",
    );
    assert_eq!(mutations, json!(1));
}

#[test]
fn images_are_of_the_rows_as_they_stand_at_the_end() {
    let mut store = Store::new();
    let outcome = store.call("around").success();
    assert_eq!(outcome.updated().len(), 2, "each row once");
    let entity = &outcome.cascade()["updated"][0]["entity"];
    assert_eq!((&entity["hits"], &entity["note"]), (&json!(20), &json!("quiet one")));
    let read = query(&mut store.client, "SELECT data FROM m.tv_item");
    assert_eq!((&read["hits"], &read["note"]), (&json!(20), &json!("quiet one")));
    let hits = query(
        &mut store.client,
        "SELECT jsonb_object_agg(o.event_type, o.event_payload -> 'item' -> 'hits') FROM app.outbox AS o",
    );
    assert_eq!(hits, json!({"Arounded": 20, "Bumped": 20}));
}

#[test]
fn a_failure_after_a_call_undoes_the_call() {
    let mut store = Store::new();
    assert_eq!(store.call("fail_late").status(), "failed:too_late");
    assert_eq!(store.events(), Value::Null);
    assert_eq!(query(&mut store.client, "SELECT to_jsonb(hits) FROM m.tb_item"), json!(0));
}

#[test]
fn a_callee_without_cascade_shows_none_outside() {
    let mut store = Store::new();
    let input = json!({"id": store.item, "by": 1});
    let outcome = Outcome::of(&mut store.client, "m.fn_bump", &input).success();
    assert!(outcome.at("/extra_metadata").get("_cascade").is_none());
}

#[test]
fn two_inserts_are_two_rows_of_the_event() {
    let mut store = Store::new();
    let outcome = store.call("move").success();
    assert_eq!(outcome.at("/extra_metadata/movements").as_array().unwrap().len(), 2);
    let payload = query(
        &mut store.client,
        "SELECT jsonb_path_query_array(o.event_payload, '$.movements[*].amount') FROM app.outbox AS o",
    );
    assert_eq!(payload, json!([1, 2]));
}

#[test]
fn a_deletion_answers_with_the_deleted_row() {
    let mut store = Store::new();
    let other = json!({"sku": "other"});
    Outcome::of(&mut store.client, "m.fn_create_item", &other).success();
    store.client.batch_execute("DELETE FROM m.tb_stock").unwrap();
    let outcome = store.call("replace_one").success();
    assert_eq!(outcome.id(), store.item);
    assert_eq!(outcome.text("/object_data/sku"), "one");
    assert_eq!(outcome.cascade()["deleted"][0]["id"], store.item);
    assert_eq!(outcome.cascade()["updated"][0]["entity"]["note"], "survivor");
    let event = query(
        &mut store.client,
        "SELECT jsonb_agg(o.event_payload -> 'item' ->> 'sku') FROM app.outbox AS o",
    );
    assert_eq!(event, json!(["one"]));
}

#[test]
fn an_event_of_a_call_has_its_side_effects_and_the_cascade_where_nothing_leads_it() {
    let mut store = Store::new();
    let outcome = store.call("hand_on").success();
    assert_eq!((outcome.id(), outcome.at("/object_data/hits")), (&*store.item, &json!(1)));
    assert_eq!(outcome.at("/updated_fields"), &json!(["hits"]));
    assert!(outcome.cascade().is_null(), "it has no impact");
    let written = "SELECT jsonb_agg(jsonb_build_object(
            'type', o.event_type,
            'amounts', (SELECT jsonb_agg(m.item -> 'amount') FROM jsonb_array_elements(o.event_payload -> 'movements') AS m (item)),
            'cascade', (SELECT jsonb_agg(c.entry -> '__typename') FROM jsonb_array_elements(o.event_metadata -> 'cascade') AS c (entry)),
            'mutation', o.event_metadata -> 'mutation',
            'caused', o.causation_id IS NOT NULL
        ) ORDER BY o.sequence) FROM app.outbox AS o";
    assert_eq!(
        query(&mut store.client, written),
        json!([{
            "type": "Added", "amounts": [1, 2], "cascade": ["Item", "Movement", "Movement"],
            "mutation": "hand_on", "caused": false,
        }])
    );
    store.client.batch_execute("TRUNCATE app.outbox").unwrap();
    let outcome = store.call("hand_on_and_tell").success();
    assert_eq!(outcome.at("/object_data/hits"), &json!(3));
    let added = json!({
        "type": "Added", "amounts": [1, 2], "cascade": null, "mutation": "hand_on_and_tell", "caused": true,
    });
    assert_eq!(
        query(&mut store.client, written),
        json!([
            {
                "type": "HandedOn", "amounts": null, "cascade": ["Item"],
                "mutation": "hand_on_and_tell", "caused": false,
            },
            added,
            added,
        ])
    );
}
