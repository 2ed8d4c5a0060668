//! Steps beyond those of the examples, and names that SQL would rather not have.

use serde_json::{Value, json};
use specql_codegen::{EmitOptions, ProblemKind, problems};
use specql_tests::{
    cascade::faults,
    postgres::{Database, Outcome, json as query, workspace},
};

const ODD: &str = r#"
entity: Order
schema: Odd Schema
description: "It's \"odd\"; DROP TABLE x; --"
fields:
  user: text!
  select: enum(it's, "a\"b", c\d)! = it's
  Camel Case: integer = 1
  table: ref(Group)
  when: datetime
actions:
  - name: place
    description: "a'b\nSELECT 1"
    steps:
      - validate: user <> 'it''s' AND select IN ("it's", 'a"b')
        error: "it's wrong; -- \\"
      - insert: Order(user, select, table)
      - update: Group SET primary = user
    impact:
      primary: {entity: Order, operation: CREATE, fields: [user]}
      side_effects:
        - entity: Group
          operation: UPDATE
          fields: [primary]
          collection: "it's"
      cache_invalidations:
        - query: "it's"
          filter: {user: "o'neill"}
          reason: "it's \"quoted\""
    cdc:
      enabled: true
      event_type: OrderPlaced
      side_effect_events: {Group: GroupChanged}
"#;

const GROUP: &str = "
entity: Group
schema: Odd Schema
fields:
  primary: text
";

#[test]
fn odd_names_are_quoted_everywhere() {
    let database = Database::of(&workspace(&[("order.yaml", ODD), ("group.yaml", GROUP)]));
    let mut client = database.connect();
    client
        .batch_execute("INSERT INTO \"Odd Schema\".tb_group (id) VALUES ('33333333-3333-4333-8333-333333333333')")
        .unwrap();
    let mut place = |input: &Value| Outcome::of(&mut client, "\"Odd Schema\".fn_place", input);
    let group = "33333333-3333-4333-8333-333333333333";
    let outcome = place(&json!({"user": "'; --", "tableId": group})).success();
    assert_eq!(faults(outcome.cascade()), Vec::<String>::new());
    assert_eq!(outcome.text("/object_data/user"), "'; --");
    assert_eq!(outcome.text("/object_data/select"), "it's");
    assert_eq!(outcome.at("/extra_metadata/it's/0/primary"), &json!("'; --"));
    assert_eq!(
        outcome.at("/extra_metadata/_cascade/invalidations/0/arguments/user"),
        &json!("o'neill")
    );
    let wrong = place(&json!({"user": "it's"}));
    assert_eq!(
        (wrong.status(), wrong.text("/message")),
        ("failed:validation", "it's wrong; -- \\")
    );
    let other = place(&json!({"user": "x", "select": "c\\d"}));
    assert_eq!(other.status(), "failed:validation");
}

const ACCOUNT: &str = "
entity: Account
schema: bank
fields:
  number:
    type: text
    required: true
    unique: true
  owner: text
  balance: decimal(12,2)! = 0
  opened: date
  parent: ref(Account)
actions:
  - name: open_account
    steps:
      - validate: number is unique
        error: number_taken
      - insert: Account
    impact:
      primary: {entity: Account, operation: CREATE}
    cdc: true
  - name: keep_account
    steps:
      - upsert: Account(number, owner)
        conflict_target: [number]
    impact:
      primary: {entity: Account, operation: UPSERT}
    cdc: true
  - name: book
    params:
      amount: decimal(12,2)!
    steps:
      - update: Account SET balance = balance + input.amount
      - if: balance < 0
        then:
          - reject: overdrawn
    impact:
      primary: {entity: Account, operation: UPDATE}
  - name: transfer
    params:
      from: uuid!
      to: uuid!
      amount: decimal(12,2)!
    steps:
      - validate: input.from <> input.to
      - call: book(id = input.to, amount = input.amount)
      - call: book(id = input.from, amount = 0 - input.amount)
      - insert: Transfer SET amount = input.amount, note = 'It''s done'
    impact:
      primary: {entity: Transfer, operation: CREATE}
  - name: close_all
    steps:
      - delete: Account WHERE owner = input.owner AND balance BETWEEN 0 AND 0 AND opened IS NULL
    impact:
      primary: {entity: Account, operation: DELETE}
    cdc: true
  - name: label
    steps:
      - find: Account WHERE number = input.number
        as: found
        error: no_such_account
      - switch: found.balance
        cases:
          - when: 0
            then:
              - update: Account SET owner = concat(found.number, ' is empty') WHERE id = found.id
        default:
          - update: Account SET owner = upper(coalesce(found.parent.owner, 'nobody')) WHERE id = found.id
    impact:
      primary: {entity: Account, operation: UPDATE}
";

const TRANSFER: &str = "
entity: Transfer
schema: bank
fields:
  amount: decimal(12,2)!
  note: text
";

fn bank() -> Database {
    Database::of(&workspace(&[("account.yaml", ACCOUNT), ("transfer.yaml", TRANSFER)]))
}

#[test]
fn a_called_action_is_part_of_the_caller() {
    let database = bank();
    let mut client = database.connect();
    let mut call =
        |action: &str, input: &Value| Outcome::of(&mut client, &format!("bank.fn_{action}"), input);
    let first = call("open_account", &json!({"number": "1"})).success().id().to_owned();
    let second =
        call("open_account", &json!({"number": "2", "parentId": first})).success().id().to_owned();
    call("book", &json!({"id": first, "amount": "10.50"})).success();
    let moved = call("transfer", &json!({"from": first, "to": second, "amount": 4})).success();
    assert_eq!(faults(moved.cascade()), Vec::<String>::new());
    let names: Vec<String> = moved.updated().into_iter().map(|it| it.0).collect();
    assert_eq!(names, ["Transfer", "Account", "Account"]);
    assert_eq!(moved.cascade()["metadata"]["depth"], 1);
    let failed = call("transfer", &json!({"from": second, "to": first, "amount": 100}));
    assert_eq!(failed.status(), "failed:overdrawn");
    let balances = query(
        &mut client,
        "SELECT jsonb_agg(a.balance ORDER BY a.number) FROM bank.tb_account AS a",
    );
    assert_eq!(balances, json!([6.50, 4.00]));
    let mutations = query(
        &mut client,
        "SELECT to_jsonb(count(DISTINCT a.mutation_id)) FROM app.audit_account AS a",
    );
    assert_eq!(
        mutations,
        json!(4),
        "two openings, a booking, and the transfer with both of its own"
    );
    let transfers = query(
        &mut client,
        "SELECT jsonb_agg(m.action ORDER BY m.created_at) FROM app.mutation_log AS m WHERE m.action = 'transfer'",
    );
    assert_eq!(transfers, json!(["transfer"]));
}

#[test]
fn an_upsert_says_which_of_both_it_did() {
    let database = bank();
    let mut client = database.connect();
    let mut call = |owner: &str| {
        Outcome::of(&mut client, "bank.fn_keep_account", &json!({"number": "1", "owner": owner}))
            .success()
    };
    let (made, kept) = (call("a"), call("it's b"));
    assert_eq!(made.updated()[0].1, "CREATED");
    assert_eq!(kept.updated()[0].1, "UPDATED");
    assert_eq!(made.id(), kept.id());
    assert_eq!(kept.text("/object_data/owner"), "it's b");
    let events = query(&mut client, "SELECT jsonb_agg(o.event_type) FROM app.outbox AS o");
    assert_eq!(events, json!(["AccountUpserted", "AccountUpserted"]));
}

#[test]
fn each_deleted_row_has_an_event() {
    let database = bank();
    let mut client = database.connect();
    let mut call =
        |action: &str, input: &Value| Outcome::of(&mut client, &format!("bank.fn_{action}"), input);
    for number in ["1", "2", "3"] {
        call("open_account", &json!({"number": number, "owner": "o"})).success();
    }
    assert_eq!(call("open_account", &json!({"number": "3"})).status(), "failed:number_taken");
    let closed = call("close_all", &json!({"owner": "o"})).success();
    assert_eq!(closed.cascade()["deleted"].as_array().unwrap().len(), 3);
    let events = query(
        &mut client,
        "SELECT to_jsonb(count(DISTINCT o.aggregate_id)) FROM app.outbox AS o WHERE o.event_type = 'AccountDeleted'",
    );
    assert_eq!(events, json!(3));
    let none = Outcome::of(&mut client, "bank.fn_close_all", &json!({"owner": "o"})).success();
    assert_eq!(none.cascade()["metadata"]["affectedCount"], 0);
}

#[test]
fn a_found_row_has_fields_and_references() {
    let database = bank();
    let mut client = database.connect();
    let mut call =
        |action: &str, input: &Value| Outcome::of(&mut client, &format!("bank.fn_{action}"), input);
    let first =
        call("open_account", &json!({"number": "1", "owner": "jo"})).success().id().to_owned();
    call("open_account", &json!({"number": "2", "parent": first, "balance": 5})).success();
    assert_eq!(call("label", &json!({"number": "2"})).success().text("/object_data/owner"), "JO");
    assert_eq!(
        call("label", &json!({"number": "1"})).success().text("/object_data/owner"),
        "1 is empty"
    );
    assert_eq!(call("label", &json!({"number": "9"})).status(), "failed:no_such_account");
}

/// `id = boss` compares each row with itself, which the head of each company satisfies.
#[test]
fn a_condition_on_its_own_row_holds_for_any_number_of_rows() {
    let person = "entity: Person\nschema: m\nfields: {name: text!, boss: ref(Person), n: integer = 0!}\nactions:
  - name: add
    steps: [{insert: Person}]
    impact: {primary: {entity: Person, operation: CREATE}}
  - name: raise_heads
    steps: [{update: Person SET n = n + 1 WHERE id = boss}]
    impact: {primary: {entity: Person, operation: UPDATE}}
";
    let database = Database::of(&workspace(&[("person.yaml", person)]));
    let mut client = database.connect();
    for name in ["a", "b", "c"] {
        Outcome::of(&mut client, "m.fn_add", &json!({"name": name})).success();
    }
    let heads = "UPDATE m.tb_person SET fk_boss = pk_person WHERE name <> 'c'";
    client.batch_execute(heads).unwrap();
    let raised = Outcome::of(&mut client, "m.fn_raise_heads", &json!({})).success();
    let updated = ("Person".to_owned(), "UPDATED".to_owned());
    assert_eq!(raised.updated(), [updated.clone(), updated]);
}

#[test]
fn a_parameter_is_meant_without_input_before_it() {
    let bill = "entity: Bill\nschema: shop\nfields:\n  title: text(50)\n  n: integer = 0\nactions:
  - name: note
    params: {hint: text!, quantity: integer!}
    steps:
      - validate: quantity > 0
        error: too_few
      - update: Bill SET title = concat(hint, '!'), n = n + quantity WHERE id = input.id
    impact:
      primary: {entity: Bill, operation: UPDATE, fields: [title, n]}
";
    let database = Database::of(&workspace(&[("bill.yaml", bill)]));
    let mut client = database.connect();
    client
        .batch_execute(
            "INSERT INTO shop.tb_bill (id, n) VALUES ('11111111-1111-4111-8111-111111111111', 4)",
        )
        .unwrap();
    let id = "11111111-1111-4111-8111-111111111111";
    let mut note = |quantity: i32| {
        let input = json!({"id": id, "hint": "ok", "quantity": quantity});
        Outcome::of(&mut client, "shop.fn_note", &input)
    };
    assert_eq!(note(0).status(), "failed:too_few");
    let outcome = note(3).success();
    assert_eq!(outcome.text("/object_data/title"), "ok!");
    assert_eq!(outcome.at("/object_data/n"), &json!(7));
}

#[test]
fn a_step_without_translation_fails_when_it_is_reached() {
    let text = "
entity: Thing
schema: things
fields:
  name: text
actions:
  - name: make
    steps:
      - insert: Thing(name)
      - raw_sql: DROP TABLE things.tb_thing
";
    let workspace = workspace(&[("thing.yaml", text)]);
    let problems = problems(&workspace, EmitOptions { tables: true, samples: false });
    let kinds: Vec<ProblemKind> = problems.iter().map(|it| it.kind).collect();
    assert_eq!(kinds, [ProblemKind::UntranslatedStep]);
    let database = Database::with_problems(&workspace);
    let mut client = database.connect();
    let error = Outcome::try_of(&mut client, "things.fn_make", &json!({"name": "x"})).unwrap_err();
    assert_eq!(error.code().unwrap().code(), "0A000");
    assert_eq!(query(&mut client, "SELECT to_jsonb(count(*)) FROM things.tb_thing"), json!(0));
}

#[test]
fn names_that_are_too_long_are_refused_and_one_name_in_two_schemas_is_not() {
    let user = |schema: &str| {
        format!(
            "entity: User\nschema: {schema}\nfields: {{name: text}}\nactions:\n  - name: {}\n    steps: [{{insert: User}}]\n",
            "x".repeat(70)
        )
    };
    let (first, second) = (user("a"), user("b"));
    let workspace = workspace(&[("a.yaml", &first), ("b.yaml", &second)]);
    let problems = problems(&workspace, EmitOptions { tables: true, samples: false });
    let messages: Vec<&str> = problems.iter().map(|it| it.message.as_str()).collect();
    assert!(problems.iter().all(|it| it.kind == ProblemKind::NameCollision), "{problems:#?}");
    assert_eq!(messages.len(), 2, "{messages:#?}");
    assert!(messages.iter().all(|it| it.contains("PostgreSQL keeps 63")), "{messages:#?}");
    let database = Database::with_problems(&workspace);
    let tables = query(
        &mut database.connect(),
        "SELECT jsonb_agg(schemaname ORDER BY schemaname) FROM pg_tables WHERE tablename = 'tb_user'",
    );
    assert_eq!(tables, json!(["a", "b"]));
    let trails = query(
        &mut database.connect(),
        "SELECT jsonb_agg(tablename ORDER BY tablename) FROM pg_tables \
         WHERE schemaname = 'app' AND tablename LIKE 'audit\\_%user'",
    );
    assert_eq!(trails, json!(["audit_b_user", "audit_user"]));
}

#[test]
fn a_cascade_beyond_its_limit_says_so() {
    let text = "
entity: Item
schema: many
fields:
  name: text
actions:
  - name: rename_all
    steps:
      - update: Item SET name = input.name WHERE name = 'old'
    impact:
      primary: {entity: Item, operation: UPDATE}
    cascade:
      max_entities: 3
";
    let database = Database::of(&workspace(&[("item.yaml", text)]));
    let mut client = database.connect();
    client
        .batch_execute("INSERT INTO many.tb_item (name) SELECT 'old' FROM generate_series(1, 10)")
        .unwrap();
    let outcome = Outcome::of(&mut client, "many.fn_rename_all", &json!({"name": "new"})).success();
    assert_eq!(faults(outcome.cascade()), Vec::<String>::new());
    assert_eq!(outcome.updated().len(), 3);
    assert_eq!(outcome.cascade()["metadata"]["truncated"], true);
    assert_eq!(outcome.cascade()["metadata"]["originalCount"], 10);
}

#[test]
fn clients_that_map_names_themselves_get_them_as_they_are() {
    let text = "
entity: Item
schema: snakes
fields:
  full_name: text
actions:
  - name: make
    steps:
      - insert: Item
    impact:
      primary: {entity: Item, operation: CREATE}
";
    let config = "graphql:\n  field_case: snake\noutbox:\n  schema: messages\n  table: event\n";
    let database = Database::of(&workspace(&[("item.yaml", text), ("specql.config.yaml", config)]));
    let mut client = database.connect();
    let outcome = Outcome::of(&mut client, "snakes.fn_make", &json!({"fullName": "x"})).success();
    assert_eq!(outcome.text("/object_data/full_name"), "x");
}

const SUBJECT: &str = "entity: Note
schema: blog
fields:
  subject: ref(Post|Topic)!
  stars: integer = 0
actions:
  - name: make_note
    steps:
      - insert: Note(subject)
  - name: star
    steps:
      - update: Note SET stars = stars + 1
      - update: Post SET score = score + 1
";

const SCORED: &str = "entity: Post
schema: blog
fields:
  score: integer = 0
actions:
  - name: make_post
    steps:
      - insert: Post
      - insert: Note(subject)
      - insert: Reply(post, body)
  - name: note_on
    steps:
      - insert: Note SET stars = 3
  - name: reply_to
    steps:
      - insert: Reply(post, body)
  - name: forget
    steps:
      - delete: Note
  - name: check_reply
    steps:
      - find: Reply
      - find: Post
        as: own
      - validate: reply.body = input.body AND own.id = input.id
        error: other
";

const REPLY: &str = "entity: Reply\nschema: blog\nfields:\n  post: ref(Post)!\n  body: text!\n";

/// A link is the own row's where the step leaves it open, the caller's where it names it, and that of
/// the new row where there is one. A `ref` to several entities is a link like any other.
#[test]
fn links_between_new_rows_and_own_rows() {
    let topic = "entity: Topic\nschema: blog\nfields:\n  name: text\nactions:\n  - name: make_topic\n    steps:\n      - insert: Topic\n";
    let files = [
        ("note.yaml", SUBJECT),
        ("post.yaml", SCORED),
        ("reply.yaml", REPLY),
        ("topic.yaml", topic),
    ];
    let database = Database::of(&workspace(&files));
    let mut client = database.connect();
    let mut call = |name: &str, input: Value| {
        Outcome::of(&mut client, &format!("blog.fn_{name}"), &input).success()
    };
    let post = call("make_post", json!({"body": "first"})).text("/id").to_owned();
    let topic = call("make_topic", json!({})).text("/id").to_owned();
    call("reply_to", json!({"postId": post, "body": "second"}));
    call("note_on", json!({"id": post}));
    let about_topic = call("make_note", json!({"subjectId": topic})).text("/id").to_owned();
    call("star", json!({"id": about_topic}));
    let about_post = call("make_note", json!({"subjectId": post})).text("/id").to_owned();
    call("star", json!({"id": about_post}));
    call("forget", json!({"id": post}));
    let other = call("make_post", json!({"body": "third"})).text("/id").to_owned();
    call("check_reply", json!({"id": other, "body": "third"}));
    call("check_reply", json!({"id": post, "body": "first"}));
    let rows = "SELECT jsonb_build_array(
            (SELECT sum(score) FROM blog.tb_post), (SELECT count(*) FROM blog.tb_reply),
            (SELECT count(*) FROM blog.tb_note WHERE deleted_at IS NULL)
        )";
    assert_eq!(query(&mut client, rows), json!([1, 3, 2]));
}
