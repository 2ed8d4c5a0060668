//! The shop: loops, look-ups, branches, and that an order is placed whole or not at all.

use postgres::Client;
use serde_json::{Value, json};
use specql_tests::{
    cascade::faults,
    postgres::{Database, Outcome, example, json as query},
};

struct Shop {
    _database: Database,
    client: Client,
    customer: String,
    products: Vec<String>,
}

impl Shop {
    fn new() -> Self {
        let database = Database::of(&example("shop"));
        let mut client = database.connect();
        let input = json!({"name": "Jane", "email": "jane@example.com", "address": {"street": "1 O'Connell St", "city": "Dublin", "state": "D", "zipCode": "1"}});
        let customer = Outcome::of(&mut client, "shop.fn_register_customer", &input).success();
        let mut products = Vec::new();
        for (sku, stock) in [("A", 5), ("B", 1)] {
            let input = json!({"name": sku, "sku": sku, "price": "2.50", "stock": stock});
            let product = Outcome::of(&mut client, "shop.fn_add_product", &input).success();
            products.push(product.id().to_owned());
        }
        let customer = customer.id().to_owned();
        Self { _database: database, client, customer, products }
    }

    fn call(&mut self, action: &str, input: &Value) -> Outcome {
        Outcome::of(&mut self.client, &format!("shop.fn_{action}"), input)
    }

    fn place(&mut self, items: &Value) -> Outcome {
        let input = json!({"number": "1", "customer": self.customer, "items": items});
        self.call("place_order", &input)
    }

    fn stock(&mut self) -> Value {
        query(
            &mut self.client,
            "SELECT jsonb_agg(p.stock ORDER BY p.sku) FROM shop.tb_product AS p",
        )
    }
}

#[test]
fn an_order_takes_from_the_shelf_and_adds_up() {
    let mut shop = Shop::new();
    let items = json!([
        {"productId": shop.products[0], "quantity": 2},
        {"product_id": shop.products[1], "quantity": 1},
        {"productId": shop.products[0], "quantity": 1},
    ]);
    let order = shop.place(&items).success();
    assert_eq!(faults(order.cascade()), Vec::<String>::new());
    let names: Vec<String> =
        order.updated().into_iter().map(|it| format!("{} {}", it.0, it.1)).collect();
    assert_eq!(
        names,
        [
            "Order CREATED",
            "OrderLine CREATED",
            "OrderLine CREATED",
            "OrderLine CREATED",
            "Product UPDATED",
            "Product UPDATED",
            "Customer UPDATED",
        ]
    );
    assert_eq!(order.at("/object_data/total"), &json!("10.0000"));
    assert_eq!(order.text("/object_data/customer/name"), "Jane");
    assert_eq!(order.at("/extra_metadata/createdLines").as_array().unwrap().len(), 3);
    assert_eq!(order.at("/extra_metadata/updatedProducts").as_array().unwrap().len(), 2);
    assert_eq!(shop.stock(), json!([2, 0]));
    let events = query(
        &mut shop.client,
        "SELECT jsonb_agg(o.event_type ORDER BY o.sequence) FROM app.outbox AS o WHERE o.correlation_id = (SELECT p.correlation_id FROM app.outbox AS p WHERE p.event_type = 'OrderPlaced')",
    );
    assert_eq!(
        events,
        json!([
            "OrderPlaced",
            "ProductInventoryUpdated",
            "ProductInventoryUpdated",
            "CustomerOrderCounted"
        ])
    );
    let payload = query(
        &mut shop.client,
        "SELECT o.event_payload FROM app.outbox AS o WHERE o.event_type = 'OrderPlaced'",
    );
    assert_eq!(payload["order_lines"].as_array().unwrap().len(), 3);
    assert_eq!(payload["products"].as_array().unwrap().len(), 2);
    assert_eq!(payload["customer"]["order_count"], 1);
}

#[test]
fn an_order_that_cannot_be_filled_is_not_placed() {
    let mut shop = Shop::new();
    let count = "SELECT jsonb_build_array((SELECT count(*) FROM shop.tb_order), (SELECT count(*) FROM shop.tb_order_line), (SELECT count(*) FROM app.outbox), (SELECT count(*) FROM app.audit_order))";
    let before = query(&mut shop.client, count);
    let first = json!({"productId": shop.products[0], "quantity": 2});
    let cases = [
        (json!([first, {"productId": shop.products[1], "quantity": 2}]), "out_of_stock"),
        (
            json!([first, {"productId": "33333333-3333-4333-8333-333333333333", "quantity": 1}]),
            "unknown_product",
        ),
        (json!([first, {"productId": shop.products[1], "quantity": "many"}]), "validation"),
        (json!({"no": "list"}), "validation"),
        (Value::Null, "validation"),
    ];
    for (items, code) in cases {
        let outcome = shop.place(&items);
        assert_eq!(outcome.status(), format!("failed:{code}"), "{:#}", outcome.0);
        assert_eq!(query(&mut shop.client, count), before);
        assert_eq!(shop.stock(), json!([5, 1]));
    }
}

#[test]
fn a_cancelled_order_gives_back() {
    let mut shop = Shop::new();
    let items = json!([{"productId": shop.products[0], "quantity": 2}, {"productId": shop.products[1], "quantity": 1}]);
    let order = shop.place(&items).success().id().to_owned();
    let cancelled = shop.call("cancel_order", &json!({"id": order})).success();
    assert_eq!(shop.stock(), json!([5, 1]));
    assert_eq!(cancelled.updated().len(), 4);
    let event = query(
        &mut shop.client,
        "SELECT to_jsonb(o.partition_key) FROM app.outbox AS o WHERE o.event_type = 'OrderCancelled'",
    );
    assert_eq!(event, json!(shop.customer));
    assert_eq!(shop.call("cancel_order", &json!({"id": order})).status(), "failed:not_cancellable");
}

#[test]
fn a_payment_counts_once() {
    let mut shop = Shop::new();
    let items = json!([{"productId": shop.products[0], "quantity": 2}]);
    let order = shop.place(&items).success().id().to_owned();
    let paid = shop.call("pay_order", &json!({"id": order})).success();
    assert_eq!(paid.text("/object_data/status"), "paid");
    let again = shop.call("pay_order", &json!({"id": order})).success();
    assert_eq!(again.updated(), [], "it returned before it wrote");
    assert_eq!(again.text("/object_data/status"), "paid");
    assert_eq!(again.cascade()["metadata"].get("eventId"), None);
    let spent =
        query(&mut shop.client, "SELECT to_jsonb(c.total_spent) FROM shop.tb_customer AS c");
    assert_eq!(spent, json!(5.0));
    let events = query(
        &mut shop.client,
        "SELECT to_jsonb(count(*)) FROM app.outbox AS o WHERE o.event_type = 'OrderPaid'",
    );
    assert_eq!(events, json!(1));
    shop.call("cancel_order", &json!({"id": order})).success();
    assert_eq!(shop.call("pay_order", &json!({"id": order})).status(), "failed:not_payable");
}

#[test]
fn a_branch_runs_when_its_condition_holds() {
    let mut shop = Shop::new();
    let product = shop.products[0].clone();
    let restocked = shop.call("restock_product", &json!({"id": product, "quantity": 3})).success();
    assert_eq!(restocked.at("/updated_fields"), &json!(["stock"]));
    shop.client.execute("UPDATE shop.tb_product SET status = 'discontinued'", &[]).unwrap();
    let revived = shop.call("restock_product", &json!({"id": product, "quantity": 1})).success();
    assert_eq!(revived.at("/updated_fields"), &json!(["stock", "status"]));
    assert_eq!(revived.at("/object_data/stock"), &json!(9));
    assert_eq!(revived.text("/object_data/status"), "active");
    for (quantity, code) in [
        (json!(0), "quantity_not_positive"),
        (json!("x"), "validation"),
        (Value::Null, "validation"),
    ] {
        let outcome = shop.call("restock_product", &json!({"id": product, "quantity": quantity}));
        assert_eq!(outcome.status(), format!("failed:{code}"));
    }
}

#[test]
fn a_notification_event_has_ids_only() {
    let mut shop = Shop::new();
    let payload = query(
        &mut shop.client,
        "SELECT o.event_payload FROM app.outbox AS o WHERE o.event_type = 'CustomerRegistered'",
    );
    assert_eq!(payload, json!({"customer": {"id": shop.customer}}));
    let topic = query(
        &mut shop.client,
        "SELECT to_jsonb(o.topic) FROM app.outbox AS o WHERE o.event_type = 'CustomerRegistered'",
    );
    assert_eq!(topic, json!("shop.CustomerRegistered.v1"));
}
