//! What the locks of an action hold on to: rows that are read, that new rows refer to, that an upsert may
//! find; and that they are found by an index.

use std::{thread, time::Duration};

use postgres::Client;
use serde_json::{Value, json};
use specql_tests::postgres::{Database, Outcome, json as query, workspace};

use super::load::{overlapping, together};

const TAG: &str = "
entity: Tag
schema: m
fields: {name: {type: text, unique: true, nullable: false}, grp: text, uses: integer = 0!, price: money = 1!}
actions:
  - name: make_tag
    steps: [{insert: Tag}]
    impact: {primary: {entity: Tag, operation: CREATE}}
  - name: price_tag
    params: {price: money!}
    steps: [{update: Tag SET price = input.price}]
    impact: {primary: {entity: Tag, operation: UPDATE}}
  - name: use_tag
    params: {name: text!}
    steps: [{update: Tag SET uses = uses + 1 WHERE name = input.name}]
    impact: {primary: {entity: Tag, operation: UPDATE}}
  - name: group_tag
    params: {name: text!, grp: text!}
    steps:
      - upsert: Tag SET grp = input.grp, name = input.name, uses = uses + 1
        conflict_target: [grp]
    impact: {primary: {entity: Tag, operation: UPSERT}}
  - name: drop_tag
    steps:
      - validate: NOT EXISTS Item WHERE tag = input.id
        error: in_use
      - delete: Tag
    impact: {primary: {entity: Tag, operation: DELETE}}
  - name: purge_group
    params: {grp: text!}
    steps:
      - delete: Tag WHERE grp = input.grp
        hard: true
    impact: {primary: {entity: Tag, operation: DELETE}}
  - name: count_tags
    params: {names: list(text)!}
    steps:
      - foreach: n in input.names
        do:
          - upsert: Tag SET name = n, uses = uses + 1
            conflict_target: [name]
    impact: {primary: {entity: Tag, operation: UPSERT}}
";

const ITEM: &str = "
entity: Item
schema: m
fields: {tag: ref(Tag)!, label: text, amount: money}
actions:
  - name: add_item
    steps: [{insert: Item}]
    impact: {primary: {entity: Item, operation: CREATE}}
  - name: add_priced
    steps:
      - insert: Item SET tag = input.tag, amount = tag.price
      - update: Item SET amount = amount + tag.price
    impact: {primary: {entity: Item, operation: CREATE}}
  - name: add_items
    params: {tags: list(uuid)!}
    steps:
      - foreach: t in input.tags
        do:
          - insert: Item SET tag = t
    impact: {primary: {entity: Item, operation: CREATE}}
";

const STOCK: &str = "
entity: Stock
schema: m
fields: {tag: ref(Tag)!, place: text!, qty: integer = 0!}
actions:
  - name: ship
    params: {sku: text!, place: text!, qty: integer!}
    steps:
      - find: Tag WHERE name = input.sku
        as: t
      - validate: EXISTS Stock WHERE tag = t.id AND place = input.place AND qty >= input.qty
        error: too_few
      - update: Stock SET qty = qty - input.qty WHERE tag = t.id AND place = input.place
    impact: {primary: {entity: Stock, operation: UPDATE, fields: [qty]}}
  - name: ship_many
    params: {place: text!, skus: list(text)!}
    steps:
      - foreach: s in input.skus
        do:
          - call: ship(sku = s, place = input.place, qty = 1)
    impact: {primary: {entity: Stock, operation: UPDATE, fields: [qty]}}
";

/// Bins sort before the lines through which they are found, wares behind them.
const LINE: &str = "
entity: Line
schema: m
fields: {parcel: ref(Parcel)!, ware: ref(Ware)!, bin: ref(Bin)!, qty: integer!}
actions:
  - name: add_line
    steps: [{insert: Line}]
    impact: {primary: {entity: Line, operation: CREATE}}
  - name: move_line
    params: {bin: uuid!}
    steps: [{update: Line SET bin = input.bin}]
    impact: {primary: {entity: Line, operation: UPDATE}}
";

const PARCEL: &str = "
entity: Parcel
schema: m
fields: {is_back: boolean = false!}
actions:
  - name: take_back
    steps:
      - foreach: line in Line WHERE parcel = input.id
        do:
          - update: Ware SET stock = stock + line.qty WHERE id = line.ware
      - update: Parcel SET is_back = true
    impact: {primary: {entity: Parcel, operation: UPDATE}}
  - name: empty_bins
    steps:
      - foreach: line in Line WHERE parcel = input.id
        do:
          - update: Bin SET used = used - line.qty WHERE id = line.bin
      - update: Parcel SET is_back = true
    impact: {primary: {entity: Parcel, operation: UPDATE}}
";

fn store() -> Database {
    let counted = |name: &str, field: &str| {
        format!("entity: {name}\nschema: m\nfields: {{{field}: integer = 0!}}\n")
    };
    let (ware, bin) = (counted("Ware", "stock"), counted("Bin", "used"));
    Database::of(&workspace(&[
        ("tag.yaml", TAG),
        ("item.yaml", ITEM),
        ("stock.yaml", STOCK),
        ("line.yaml", LINE),
        ("parcel.yaml", PARCEL),
        ("ware.yaml", &ware),
        ("bin.yaml", &bin),
    ]))
}

/// A parcel with a line of the first of two wares, in the first of two bins, and the ids of all.
fn parcel(client: &mut Client) -> Value {
    client
        .batch_execute(
            "INSERT INTO m.tb_ware DEFAULT VALUES; INSERT INTO m.tb_ware DEFAULT VALUES;
            INSERT INTO m.tb_bin DEFAULT VALUES; INSERT INTO m.tb_bin DEFAULT VALUES;
            INSERT INTO m.tb_parcel DEFAULT VALUES;
            INSERT INTO m.tb_line (fk_parcel, fk_ware, fk_bin, qty) VALUES (1, 1, 1, 2)",
        )
        .unwrap();
    query(
        client,
        "SELECT jsonb_build_object(
            'parcel', (SELECT p.id FROM m.tb_parcel AS p), 'line', (SELECT l.id FROM m.tb_line AS l),
            'wares', (SELECT jsonb_agg(w.id ORDER BY w.pk_ware) FROM m.tb_ware AS w),
            'bins', (SELECT jsonb_agg(b.id ORDER BY b.pk_bin) FROM m.tb_bin AS b)
        )",
    )
}

/// What becomes of a call that has to wait for rows, when something happens meanwhile.
fn meanwhile(
    database: &Database,
    rows: &str,
    call: (&str, &Value),
    happens: impl FnOnce(&mut Client),
) -> Result<Outcome, postgres::Error> {
    let hold = |client: &mut Client| {
        client.batch_execute(&format!("SELECT FROM {rows} FOR UPDATE")).unwrap();
    };
    while_held(database, hold, call, happens)
}

/// The same while the transaction of another session holds what it has done.
fn while_held(
    database: &Database,
    hold: impl FnOnce(&mut Client),
    call: (&str, &Value),
    happens: impl FnOnce(&mut Client),
) -> Result<Outcome, postgres::Error> {
    let (mut holder, mut client) = (database.connect(), database.connect());
    holder.batch_execute("BEGIN").unwrap();
    hold(&mut holder);
    thread::scope(|scope| {
        let caller = scope.spawn(move || Outcome::try_of(&mut database.connect(), call.0, call.1));
        let waiting =
            "SELECT to_jsonb(count(*)) FROM pg_locks AS l JOIN pg_stat_activity AS a USING (pid)
            WHERE NOT l.granted AND a.datname = current_database()";
        while query(&mut client, waiting) == json!(0) {
            assert!(!caller.is_finished(), "{} does not wait", call.0);
            thread::sleep(Duration::from_millis(5));
        }
        happens(&mut client);
        holder.batch_execute("COMMIT").unwrap();
        caller.join().expect("it does not panic")
    })
}

fn tag(client: &mut Client, name: &str) -> String {
    let input = json!({"name": name, "grp": "g"});
    Outcome::of(client, "m.fn_make_tag", &input).success().id().to_owned()
}

/// Calls in an open transaction, and then in another session, which has to wait.
fn waits(database: &Database, first: (&str, Value), second: (&str, Value)) {
    let (mut one, mut two) = (database.connect(), database.connect());
    one.batch_execute("BEGIN").unwrap();
    Outcome::of(&mut one, first.0, &first.1).success();
    two.batch_execute("SET lock_timeout = '300ms'").unwrap();
    let waited = Outcome::try_of(&mut two, second.0, &second.1);
    let code = waited.err().and_then(|it| it.code().map(|it| it.code().to_owned()));
    assert_eq!(code.as_deref(), Some("55P03"), "{} waits for {}", second.0, first.0);
    one.batch_execute("ROLLBACK").unwrap();
}

#[test]
fn nothing_new_refers_to_a_row_that_is_being_deleted() {
    let database = store();
    let mut client = database.connect();
    let id = tag(&mut client, "a");
    let (drop_it, add) = (json!({"id": id}), json!({"tag": id}));
    waits(&database, ("m.fn_drop_tag", drop_it.clone()), ("m.fn_add_item", add.clone()));
    waits(&database, ("m.fn_add_item", add.clone()), ("m.fn_drop_tag", drop_it.clone()));
    // New rows of one parent do not wait for each other, nor for a change of it.
    let mut other = database.connect();
    other.batch_execute("BEGIN").unwrap();
    Outcome::of(&mut other, "m.fn_price_tag", &json!({"id": id, "price": "2"})).success();
    client.batch_execute("SET lock_timeout = '300ms'").unwrap();
    Outcome::of(&mut client, "m.fn_add_item", &add).success();
    other.batch_execute("ROLLBACK").unwrap();
    assert_eq!(Outcome::of(&mut client, "m.fn_drop_tag", &drop_it).status(), "failed:in_use");
}

#[test]
fn a_value_that_is_read_twice_is_the_same_twice() {
    let database = store();
    let mut client = database.connect();
    let id = tag(&mut client, "a");
    let price = json!({"id": id, "price": "5"});
    waits(&database, ("m.fn_add_priced", json!({"tag": id})), ("m.fn_price_tag", price));
}

#[test]
fn rows_that_are_found_stay_as_they_were_read() {
    let database = store();
    let mut client = database.connect();
    let id = tag(&mut client, "a");
    client.batch_execute("INSERT INTO m.tb_stock (fk_tag, place, qty) VALUES (1, 'x', 5)").unwrap();
    let ship = json!({"sku": "a", "place": "x", "qty": 1});
    waits(&database, ("m.fn_ship", ship), ("m.fn_price_tag", json!({"id": id, "price": "5"})));
    let ids = parcel(&mut client);
    let moved = json!({"id": ids["line"], "bin": ids["bins"][1]});
    waits(&database, ("m.fn_take_back", json!({"id": ids["parcel"]})), ("m.fn_move_line", moved));
}

/// A loop takes the rows that fitted when the locks were taken: those that come later lead to rows that are
/// not locked.
#[test]
fn a_loop_leads_to_locked_rows_alone() {
    let database = store();
    let mut client = database.connect();
    let ids = parcel(&mut client);
    let call = json!({"id": ids["parcel"]});
    let line =
        json!({"parcel": ids["parcel"], "ware": ids["wares"][1], "bin": ids["bins"][1], "qty": 7});
    let done =
        meanwhile(&database, "m.tb_ware WHERE pk_ware = 1", ("m.fn_take_back", &call), |client| {
            Outcome::of(client, "m.fn_add_line", &line).success();
        });
    done.expect("it gets the row").success();
    let stocks =
        query(&mut client, "SELECT jsonb_agg(w.stock ORDER BY w.pk_ware) FROM m.tb_ware AS w");
    assert_eq!(stocks, json!([2, 0]));

    // The line is locked behind its bin, and leads to another one by then.
    client.batch_execute("DELETE FROM m.tb_line WHERE pk_line = 2").unwrap();
    let done =
        meanwhile(&database, "m.tb_bin WHERE pk_bin = 1", ("m.fn_empty_bins", &call), |client| {
            client.batch_execute("UPDATE m.tb_line SET fk_bin = 2 WHERE pk_line = 1").unwrap();
        });
    let code = done.err().and_then(|it| it.code().map(|it| it.code().to_owned()));
    assert_eq!(code.as_deref(), Some("40001"));
}

const SHELF: &str = "
entity: Shelf
schema: m
fields: {name: text!}
actions:
  - name: clear_shelf
    steps:
      - update: Article SET is_out = true WHERE shelf = input.id
      - delete: Shelf
    impact: {primary: {entity: Shelf, operation: DELETE}}
";

const ARTICLE: &str = "
entity: Article
schema: m
fields: {shelf: ref(Shelf)!, is_out: boolean = false!}
actions:
  - name: add_article
    steps: [{insert: Article}]
    impact: {primary: {entity: Article, operation: CREATE}}
";

/// Rows are locked before that to which they refer. One that comes to it meanwhile belongs to the next call, unless
/// there is none, because the action deletes what it refers to.
#[test]
fn no_row_is_left_behind_at_one_that_is_deleted() {
    let database = Database::of(&workspace(&[("shelf.yaml", SHELF), ("article.yaml", ARTICLE)]));
    let mut client = database.connect();
    let id = query(
        &mut client,
        "WITH s AS (INSERT INTO m.tb_shelf (name) VALUES ('a') RETURNING id, pk_shelf),
         a AS (INSERT INTO m.tb_article (fk_shelf) SELECT s.pk_shelf FROM s RETURNING id)
         SELECT to_jsonb(s.id) FROM s, a",
    );
    let (call, add) = (json!({"id": id}), json!({"shelf": id}));
    let another = |client: &mut Client| {
        Outcome::of(client, "m.fn_add_article", &add).success();
    };
    let done = while_held(&database, another, ("m.fn_clear_shelf", &call), |_| ());
    let code = done.err().and_then(|it| it.code().map(|it| it.code().to_owned()));
    assert_eq!(code.as_deref(), Some("40001"));
    Outcome::of(&mut client, "m.fn_clear_shelf", &call).success();
    let left = "SELECT to_jsonb(count(*)) FROM m.tb_article AS a WHERE NOT a.is_out";
    assert_eq!(query(&mut client, left), json!(0));
}

#[test]
fn upserts_and_deletions_in_opposite_orders_never_deadlock() {
    let database = store();
    let mut client = database.connect();
    client.batch_execute("ALTER SYSTEM SET deadlock_timeout = '200ms'").unwrap();
    let tags: Vec<String> = ["t1", "t2", "t3"].iter().map(|it| tag(&mut client, it)).collect();
    let backwards: Vec<&String> = tags.iter().rev().collect();
    let names = |names: [&str; 3]| json!({ "names": names });
    together(
        &database,
        40,
        &[
            ("m.fn_count_tags", names(["t1", "t2", "t3"])),
            ("m.fn_count_tags", names(["t3", "t2", "t1"])),
            ("m.fn_add_items", json!({"tags": tags})),
            ("m.fn_add_items", json!({ "tags": backwards })),
        ],
    );
    let uses = query(&mut client, "SELECT jsonb_agg(t.uses ORDER BY t.name) FROM m.tb_tag AS t");
    assert_eq!(uses, json!([80, 80, 80]));
    client.batch_execute("DELETE FROM m.tb_item").unwrap();
    waits(
        &database,
        ("m.fn_purge_group", json!({"grp": "g"})),
        ("m.fn_add_items", json!({ "tags": backwards })),
    );
}

#[test]
fn rows_that_depend_on_found_ones_are_found_without_a_look_at_each_row() {
    let database = store();
    let mut client = database.connect();
    client
        .batch_execute(
            "INSERT INTO m.tb_tag (name) SELECT 's' || n FROM generate_series(1, 3000) AS n;
            INSERT INTO m.tb_stock (fk_tag, place, qty)
            SELECT t.pk_tag, p.place, 10 FROM m.tb_tag AS t CROSS JOIN unnest(ARRAY['x', 'y', 'z']) AS p (place);
            ANALYZE m.tb_tag, m.tb_stock",
        )
        .unwrap();
    // A list may be as long as the planner takes it to be, so that a table is read as a whole: so many
    // times, and not for each of its rows.
    let calls = [
        ("m.fn_use_tag", json!({"name": "s77"}), 0),
        ("m.fn_group_tag", json!({"name": "new", "grp": "g"}), 0),
        ("m.fn_ship", json!({"sku": "s77", "place": "y", "qty": 4}), 0),
        ("m.fn_ship_many", json!({"skus": ["s1", "s2"], "place": "z"}), 20 * 3000),
    ];
    for (function, input, most) in calls {
        // What a session has counted stays with it for a while.
        let mut client = database.connect();
        client.batch_execute("BEGIN").unwrap();
        Outcome::of(&mut client, function, &input).success();
        let read = query(
            &mut client,
            "SELECT to_jsonb(sum(s.seq_tup_read)::bigint) FROM pg_stat_xact_user_tables AS s WHERE s.relname IN ('tb_tag', 'tb_stock')",
        );
        assert!(read.as_i64().unwrap() <= most, "{function} reads {read} rows");
        client.batch_execute("ROLLBACK").unwrap();
    }
}

const TASK: &str = "
entity: Task
schema: queue
fields:
  name: text!
  state: enum(open, taken) = open!
  rank: integer = 0!
actions:
  - name: take
    steps:
      - find: Task WHERE state = 'open'
        as: t
        error: nothing_open
      - update: Task SET state = 'taken' WHERE id = t.id
    impact: {primary: {entity: Task, operation: UPDATE}}
  - name: take_two
    steps:
      - find: Task WHERE state = 'open'
        as: a
      - update: Task SET state = 'taken' WHERE id = a.id
      - find: Task WHERE state = 'open'
        as: b
      - update: Task SET state = 'taken', rank = 2 WHERE id = b.id
    impact: {primary: {entity: Task, operation: UPDATE}}
  - name: take_times
    params: {times: list(integer)!}
    steps:
      - foreach: n in $times
        do:
          - find: Task WHERE state = 'open'
            as: t
          - update: Task SET state = 'taken', rank = n WHERE id = t.id
    impact: {primary: {entity: Task, operation: UPDATE}}
";

/// Who takes one row of many holds that one; who waits for it takes the next one.
#[test]
fn a_find_locks_the_row_that_it_takes() {
    let database = Database::of(&workspace(&[("task.yaml", TASK)]));
    let mut client = database.connect();
    client
        .batch_execute(
            "INSERT INTO queue.tb_task (name) SELECT 't' || i FROM generate_series(1, 8) AS i",
        )
        .unwrap();
    let mut other = database.connect();
    let mut open = client.transaction().unwrap();
    Outcome::of(&mut open, "queue.fn_take", &json!({})).success();
    other
        .batch_execute(
            "SET lock_timeout = '2s'; UPDATE queue.tb_task SET rank = 1 WHERE name <> 't1'",
        )
        .expect("nobody holds the others");
    other.batch_execute("SET lock_timeout = 0").unwrap();
    let waiting = thread::spawn(move || Outcome::of(&mut other, "queue.fn_take", &json!({})));
    thread::sleep(Duration::from_millis(300));
    open.commit().unwrap();
    let next = waiting.join().expect("no panic").success();
    assert_eq!(next.text("/object_data/name"), "t2");
    Outcome::of(&mut client, "queue.fn_take_two", &json!({})).success();
    Outcome::of(&mut client, "queue.fn_take_times", &json!({"times": [5, 6]})).success();
    let ranks = "SELECT jsonb_agg(t.rank ORDER BY t.pk_task) FROM queue.tb_task AS t WHERE t.state = 'taken'";
    assert_eq!(query(&mut client, ranks), json!([0, 1, 1, 2, 5, 6]));
}

/// Whoever names a row of another tenant waits for nobody there, and nobody there waits for it, also where no
/// policy keeps the rows apart.
#[test]
fn a_row_of_another_tenant_is_never_locked() {
    let place = "
entity: Place
schema: m
fields: {name: text!, near: list(ref(Place)), seats: integer = 0!}
actions:
  - name: rename_place
    params: {name: text!}
    steps: [{update: Place SET name = $name}]
    impact: {primary: {entity: Place, operation: UPDATE}}
  - name: fill_place
    params: {place: uuid!}
    steps: [{update: Place SET seats = seats + 1 WHERE id = $place}]
    impact: {primary: {entity: Place, operation: UPDATE}}
  - name: take_place
    params: {place: uuid!}
    steps:
      - find: Place WHERE id = $place
        as: p
      - update: Place SET seats = seats + 1 WHERE id = p.id
    impact: {primary: {entity: Place, operation: UPDATE}}
  - name: put_near
    params: {near: list(uuid)!}
    steps: [{insert: 'Place SET name = ''x'', near = $near'}]
    impact: {primary: {entity: Place, operation: CREATE}}
";
    let seat = "
entity: Seat
schema: m
fields: {place: ref(Place)!}
actions:
  - name: add_seat
    steps:
      - insert: Seat
      - update: Place SET seats = seats + 1
    impact: {primary: {entity: Seat, operation: CREATE}}
  - name: move_seat
    params: {place: uuid!}
    steps: [{update: Seat SET place = $place}]
    impact: {primary: {entity: Seat, operation: UPDATE}}
";
    let keep = "
entity: Keep
schema: m
fields: {kept: ref(Place|Seat)}
actions:
  - name: keep_at
    params: {kept: uuid!}
    steps: [{insert: Keep SET kept = $kept}]
    impact: {primary: {entity: Keep, operation: CREATE}}
";
    let files = [
        ("keep.yaml", keep),
        ("place.yaml", place),
        ("seat.yaml", seat),
        ("specql.config.yaml", "tenancy: required\n"),
    ];
    let database = Database::of(&workspace(&files));
    let session = |tenant: &str| {
        let mut client = database.connect();
        client
            .batch_execute(&format!(
                "SET app.tenant_id = '00000000-0000-4000-8000-00000000000{tenant}'; SET lock_timeout = '1s'"
            ))
            .unwrap();
        client
    };
    let (mut one, mut other) = (session("a"), session("b"));
    let made = "INSERT INTO m.tb_place (name) VALUES ('x') RETURNING to_jsonb(id)";
    let (own, theirs) = (query(&mut one, made), query(&mut other, made));
    let seat = "INSERT INTO m.tb_seat (fk_place) VALUES (1) RETURNING to_jsonb(id)";
    let seat = query(&mut one, seat);
    other
        .batch_execute("BEGIN; SELECT FROM m.tb_place AS p WHERE p.pk_place = 2 FOR UPDATE")
        .unwrap();
    for (function, input) in [
        ("m.fn_rename_place", json!({"id": theirs, "name": "y"})),
        ("m.fn_fill_place", json!({"place": theirs})),
        ("m.fn_take_place", json!({"place": theirs})),
        ("m.fn_put_near", json!({"near": [own, theirs]})),
        ("m.fn_keep_at", json!({"kept": theirs})),
        ("m.fn_add_seat", json!({"place": theirs})),
        ("m.fn_move_seat", json!({"id": seat, "place": theirs})),
    ] {
        let answer = Outcome::try_of(&mut one, function, &input).expect("nobody is waited for");
        assert!(answer.status().starts_with("failed:"), "{function}: {}", answer.status());
    }
    other.batch_execute("ROLLBACK").unwrap();
}

/// `old` is the row that the action is about, also in what is asked of other rows of its entity.
#[test]
fn old_is_the_own_row_where_others_are_asked_for() {
    let booking = "
entity: Booking
schema: m
fields: {room: ref(Room)!, starts_at: integer!, ends_at: integer!}
actions:
  - name: move_booking
    params: {starts_at: integer!, ends_at: integer!}
    steps:
      - validate: NOT EXISTS Booking WHERE room = old.room AND id <> input.id AND starts_at < input.ends_at AND ends_at > input.starts_at
        error: taken
      - update: Booking SET starts_at = $starts_at, ends_at = $ends_at
    impact: {primary: {entity: Booking, operation: UPDATE}}
";
    let room = "entity: Room\nschema: m\nfields: {name: text!}\n";
    let database = Database::of(&workspace(&[("booking.yaml", booking), ("room.yaml", room)]));
    let mut client = database.connect();
    let ids = query(
        &mut client,
        "WITH r AS (INSERT INTO m.tb_room (name) VALUES ('a'), ('b') RETURNING pk_room),
         b AS (
            INSERT INTO m.tb_booking (fk_room, starts_at, ends_at)
            SELECT n % 2 + 1, n * 10, n * 10 + 5 FROM generate_series(1, 3) AS n
            RETURNING pk_booking, id
         )
         SELECT jsonb_agg(b.id ORDER BY b.pk_booking) FROM b, (SELECT count(*) FROM r) AS c",
    );
    let at = |starts: i32| json!({"id": ids[0], "starts_at": starts, "ends_at": starts + 5});
    Outcome::of(&mut client, "m.fn_move_booking", &at(20)).success();
    let moved = Outcome::of(&mut client, "m.fn_move_booking", &at(32));
    assert_eq!(moved.status(), "failed:taken");
    // Two that move in one room wait for each other, and for nobody who moves in another one.
    let (one, two) = (at(50), json!({"id": ids[2], "starts_at": 52, "ends_at": 54}));
    waits(&database, ("m.fn_move_booking", one.clone()), ("m.fn_move_booking", two.clone()));
    // Who waited for the other one is told why it cannot be, and not that rows have changed.
    let statuses = overlapping(&database, "m.fn_move_booking", &one, &two);
    assert_eq!(statuses, ["success", "failed:taken"]);
    let mut other = database.connect();
    other.batch_execute("BEGIN").unwrap();
    Outcome::of(&mut other, "m.fn_move_booking", &at(60)).success();
    client.batch_execute("SET lock_timeout = '1s'").unwrap();
    let elsewhere = json!({"id": ids[1], "starts_at": 60, "ends_at": 65});
    Outcome::of(&mut client, "m.fn_move_booking", &elsewhere).success();
}
