//! Several sessions at once: what a condition says stays true, and nobody waits in a circle.

use std::thread;

use postgres::Client;
use serde_json::{Value, json};
use specql_tests::postgres::{Database, Outcome, example, json as query, workspace};

const SEATS: &str = "
entity: Show
schema: hall
fields:
  title: text!
  seats: integer = 1!
actions:
  - name: make_show
    steps:
      - insert: Show
    impact: {primary: {entity: Show, operation: CREATE}}
  - name: rename_all
    steps:
      - update: Show SET title = title || 'x' WHERE seats > 0
    impact: {primary: {entity: Show, operation: UPDATE}}
  - name: swap
    params: {first: uuid!, second: uuid!}
    steps:
      - update: Show SET seats = seats + 1 WHERE id = input.first
      - update: Show SET seats = seats - 1 WHERE id = input.second
    impact: {primary: {entity: Show, operation: UPDATE}}
  - name: swap_by_calls
    params: {first: uuid!, second: uuid!}
    steps:
      - call: rename_one(id = input.first)
      - call: rename_one(id = input.second)
    impact: {primary: {entity: Show, operation: UPDATE}}
  - name: rename_one
    steps:
      - update: Show SET title = 'renamed'
    impact: {primary: {entity: Show, operation: UPDATE}}
";

const BOOKING: &str = "
entity: Booking
schema: hall
fields:
  show: ref(Show)!
  place: integer!
  label: text
actions:
  - name: book
    steps:
      - validate: show.seats > 0
        error: sold_out
      - insert: Booking
      - update: Show SET seats = seats - 1
    impact:
      primary: {entity: Booking, operation: CREATE}
      side_effects: [{entity: Show, operation: UPDATE}]
  - name: reserve
    steps:
      - validate: NOT EXISTS Booking WHERE show = input.show AND place = input.place
        error: taken
      - insert: Booking
    impact: {primary: {entity: Booking, operation: CREATE}}
  - name: label
    steps:
      - validate: NOT EXISTS Booking WHERE label = input.label
        error: taken
      - insert: Booking
    impact: {primary: {entity: Booking, operation: CREATE}}
";

fn hall() -> Database {
    Database::of(&workspace(&[("show.yaml", SEATS), ("booking.yaml", BOOKING)]))
}

fn show(client: &mut Client, title: &str) -> String {
    let input = json!({"title": title});
    Outcome::of(client, "hall.fn_make_show", &input).success().id().to_owned()
}

/// The statuses of two calls of which the second begins while the first has not committed.
pub(super) fn overlapping(
    database: &Database,
    function: &str,
    first: &Value,
    second: &Value,
) -> [String; 2] {
    let mut holder = database.connect();
    let mut transaction = holder.transaction().unwrap();
    let held = Outcome::of(&mut transaction, function, first).status().to_owned();
    let mut waiting = database.connect();
    let (name, input) = (function.to_owned(), second.clone());
    let other = thread::spawn(move || Outcome::of(&mut waiting, &name, &input).status().to_owned());
    thread::sleep(std::time::Duration::from_millis(200));
    transaction.commit().unwrap();
    [held, other.join().unwrap()]
}

#[test]
fn two_orders_of_four_from_a_stock_of_five_sell_four() {
    let database = Database::of(&example("shop"));
    let mut client = database.connect();
    let input = json!({"name": "Jane", "email": "jane@example.com"});
    let customer = Outcome::of(&mut client, "shop.fn_register_customer", &input).success();
    let input = json!({"name": "A", "sku": "A", "price": "2.50", "stock": 5});
    let product = Outcome::of(&mut client, "shop.fn_add_product", &input).success();
    let order = json!({"number": "1", "customer": customer.id(), "items": [{"productId": product.id(), "quantity": 4}]});
    let statuses = overlapping(&database, "shop.fn_place_order", &order, &order);
    assert_eq!(statuses, ["success", "failed:out_of_stock"]);
    let stock = query(&mut client, "SELECT to_jsonb(stock) FROM shop.tb_product");
    assert_eq!(stock, json!(1));
}

#[test]
fn the_last_seat_is_sold_once() {
    let database = hall();
    let mut client = database.connect();
    let show = show(&mut client, "x");
    let book = json!({"show": show, "place": 1});
    let statuses = overlapping(&database, "hall.fn_book", &book, &book);
    assert_eq!(statuses, ["success", "failed:sold_out"]);
}

/// Rows that are not there yet cannot be locked: the row that they belong to is, or else the name of
/// their table.
#[test]
fn what_does_not_exist_yet_is_made_once() {
    let database = hall();
    let mut client = database.connect();
    let show = show(&mut client, "x");
    let place = json!({"show": show, "place": 7});
    let statuses = overlapping(&database, "hall.fn_reserve", &place, &place);
    assert_eq!(statuses, ["success", "failed:taken"]);
    let label = json!({"show": show, "place": 8, "label": "mine"});
    let statuses = overlapping(&database, "hall.fn_label", &label, &label);
    assert_eq!(statuses, ["success", "failed:taken"]);
}

/// Runs each call so many times in a session of its own.
pub(super) fn together(database: &Database, times: usize, calls: &[(&str, Value)]) {
    let sessions: Vec<_> = calls
        .iter()
        .map(|(function, input)| {
            let (mut client, function, input) =
                (database.connect(), (*function).to_owned(), input.clone());
            thread::spawn(move || {
                for _ in 0..times {
                    Outcome::try_of(&mut client, &function, &input).expect("no deadlock").success();
                }
            })
        })
        .collect();
    for it in sessions {
        it.join().unwrap();
    }
}

#[test]
fn opposite_orders_of_items_never_deadlock() {
    let database = Database::of(&example("shop"));
    let mut client = database.connect();
    client.batch_execute("ALTER SYSTEM SET deadlock_timeout = '200ms'").unwrap();
    let mut customers = Vec::new();
    for name in ["a", "b"] {
        let input = json!({"name": name, "email": format!("{name}@example.com")});
        let made = Outcome::of(&mut client, "shop.fn_register_customer", &input).success();
        customers.push(made.id().to_owned());
    }
    let mut products = Vec::new();
    for sku in ["A", "B", "C"] {
        let input = json!({"name": sku, "sku": sku, "price": "1", "stock": 100_000});
        let made = Outcome::of(&mut client, "shop.fn_add_product", &input).success();
        products.push(made.id().to_owned());
    }
    let order = |customer: &str, products: &[String]| {
        let items: Vec<Value> =
            products.iter().map(|it| json!({"productId": it, "quantity": 1})).collect();
        json!({"number": "n", "customer": customer, "items": items})
    };
    let backwards: Vec<String> = products.iter().rev().cloned().collect();
    together(
        &database,
        40,
        &[
            ("shop.fn_place_order", order(&customers[0], &products)),
            ("shop.fn_place_order", order(&customers[1], &backwards)),
            ("shop.fn_restock_product", json!({"id": products[1], "quantity": 1})),
        ],
    );
    let stock =
        query(&mut client, "SELECT jsonb_agg(p.stock ORDER BY p.sku) FROM shop.tb_product AS p");
    assert_eq!(stock, json!([100_000 - 80, 100_000 - 40, 100_000 - 80]));
}

#[test]
fn opposite_rows_and_bulk_updates_never_deadlock() {
    let database = hall();
    let mut client = database.connect();
    let (one, two) = (show(&mut client, "one"), show(&mut client, "two"));
    let pair = |first: &str, second: &str| json!({"first": first, "second": second});
    together(
        &database,
        40,
        &[
            ("hall.fn_swap", pair(&one, &two)),
            ("hall.fn_swap", pair(&two, &one)),
            ("hall.fn_swap_by_calls", pair(&two, &one)),
            ("hall.fn_rename_all", json!({})),
        ],
    );
    let seats = query(&mut client, "SELECT jsonb_agg(s.seats) FROM hall.tb_show AS s");
    assert_eq!(seats, json!([1, 1]));
}

const COMPANY: &str = "
entity: Company
schema: m
fields: {name: text, total: integer = 0!}
actions:
  - name: make_company
    steps: [{insert: Company}]
    impact: {primary: {entity: Company, operation: CREATE}}
";

const ACCOUNT: &str = "
entity: Account
schema: m
fields: {company: ref(Company), total: integer = 0!}
actions:
  - name: make_account
    steps: [{insert: Account}]
    impact: {primary: {entity: Account, operation: CREATE}}
  - name: credit
    steps:
      - update: Account SET total = total + 1
      - update: Company SET total = total + 1
    impact: {primary: {entity: Account, operation: UPDATE}, side_effects: [{entity: Company, operation: UPDATE}]}
";

const ZONE: &str = "
entity: Zone
schema: m
fields: {label: text, total: integer = 0!}
actions:
  - name: make_zone
    steps: [{insert: Zone}]
    impact: {primary: {entity: Zone, operation: CREATE}}
  - name: pay
    params: {account: ref(Account)!}
    steps:
      - update: Zone SET total = total + 1
      - call: credit(id = input.account)
    impact: {primary: {entity: Zone, operation: UPDATE}, side_effects: [{entity: Account, operation: UPDATE}, {entity: Company, operation: UPDATE}]}
";

const BILL: &str = "
entity: Bill
schema: m
fields: {account: ref(Account)!, zone: ref(Zone)!}
actions:
  - name: make_bill
    steps:
      - insert: Bill
      - update: Zone SET total = total + 1
      - call: settle(id = id)
    impact: {primary: {entity: Bill, operation: CREATE}, side_effects: [{entity: Zone, operation: UPDATE}, {entity: Company, operation: UPDATE}]}
  - name: settle
    steps:
      - update: Company SET total = total + 1 WHERE id = account.company
    impact: {primary: {entity: Company, operation: UPDATE}}
  - name: make_named_bill
    steps:
      - insert: Bill
        as: bill
      - update: Zone SET total = total + 1
      - call: credit(id = bill.account)
    impact: {primary: {entity: Bill, operation: CREATE}, side_effects: [{entity: Zone, operation: UPDATE}, {entity: Account, operation: UPDATE}, {entity: Company, operation: UPDATE}]}
";

/// A called action finds the company through the bill that its caller makes: the company is locked
/// before the zone all the same, as in an action that comes from the other side.
#[test]
fn rows_behind_a_new_row_are_locked_with_the_others() {
    let files = [
        ("company.yaml", COMPANY),
        ("account.yaml", ACCOUNT),
        ("zone.yaml", ZONE),
        ("bill.yaml", BILL),
    ];
    let database = Database::of(&workspace(&files));
    let mut client = database.connect();
    let mut make = |action: &str, input: Value| {
        Outcome::of(&mut client, &format!("m.fn_make_{action}"), &input).success().id().to_owned()
    };
    let (company, zone) = (make("company", json!({})), make("zone", json!({})));
    let mut account = || make("account", json!({"company": company}));
    let (first, second, third) = (account(), account(), account());
    together(
        &database,
        40,
        &[
            ("m.fn_make_bill", json!({"account": first, "zone": zone})),
            ("m.fn_pay", json!({"id": zone, "account": second})),
            ("m.fn_make_named_bill", json!({"account": third, "zone": zone})),
        ],
    );
    let totals = query(
        &mut client,
        "SELECT jsonb_build_array((SELECT total FROM m.tb_company), (SELECT total FROM m.tb_zone))",
    );
    assert_eq!(totals, json!([120, 120]));
}

#[test]
fn an_upsert_wins_races() {
    let text = "
entity: Counter
schema: race
fields:
  name: {type: text, required: true, unique: true}
  kind: text
  hits: integer = 0!
actions:
  - name: hit
    steps:
      - upsert: Counter SET name = input.name, hits = hits + 1
        conflict_target: [name]
    impact: {primary: {entity: Counter, operation: UPSERT}}
  - name: hit_pair
    steps:
      - upsert: Counter SET name = input.name, kind = input.kind, hits = hits + 1
        conflict_target: [kind]
    impact: {primary: {entity: Counter, operation: UPSERT}}
";
    let database = Database::of(&workspace(&[("counter.yaml", text)]));
    let hit = json!({"name": "a"});
    let statuses = overlapping(&database, "race.fn_hit", &hit, &hit);
    assert_eq!(statuses, ["success", "success"]);
    let pair = json!({"name": "b", "kind": "k"});
    let statuses = overlapping(&database, "race.fn_hit_pair", &pair, &pair);
    assert_eq!(statuses, ["success", "success"]);
    let hits = query(
        &mut database.connect(),
        "SELECT jsonb_object_agg(c.name, c.hits) FROM race.tb_counter AS c",
    );
    assert_eq!(hits, json!({"a": 2, "b": 2}), "the old value is read in the same statement");
}

#[test]
fn a_thousand_rows_cost_what_a_thousand_rows_cost() {
    let text = "
entity: Item
schema: many
fields:
  name: text
actions:
  - name: touch_all
    steps:
      - update: Item SET name = name || '.' WHERE name LIKE 'x%'
    impact: {primary: {entity: Item, operation: UPDATE}}
    cdc: true
";
    let database = Database::of(&workspace(&[("item.yaml", text)]));
    let mut client = database.connect();
    client
        .batch_execute(
            "INSERT INTO many.tb_item (name) SELECT repeat('x', 200) FROM generate_series(1, 1000)",
        )
        .unwrap();
    Outcome::of(&mut client, "many.fn_touch_all", &json!({})).success();
    let written = query(
        &mut client,
        "SELECT jsonb_build_object(
            'events', count(*),
            'bytes', sum(octet_length(o.event_payload::text) + octet_length(o.event_metadata::text)),
            'cascades', count(*) FILTER (WHERE o.event_metadata ? 'cascade'),
            'led', count(DISTINCT o.event_metadata ->> 'cascadeEventId')
        ) FROM app.outbox AS o",
    );
    assert_eq!(written["events"], 1000);
    assert_eq!(written["cascades"], 1);
    assert_eq!(written["led"], 1);
    assert!(written["bytes"].as_u64().unwrap() < 4_000_000, "{written}");
}
