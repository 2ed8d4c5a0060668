"""From the outbox to the effects of consumers: the emitted connector in Debezium's engine, a broker, and both
emitted consumers on a PostgreSQL, under the strictest settings of their type checkers.

Seen: a duplicate is applied once; what is poison is parked, with those behind it of its key, and stops nothing
else; a letter comes back by `resolve` after the outbox has forgotten its event, and reaches nobody else; a
replay comes to all, or to the consumer that is named; one trace goes from a request to the handler and on.

The broker is the one that librdkafka has for tests. usage: consumers.py SPECQL_LSP
"""

import importlib.util
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time
import uuid

import confluent_kafka
import psycopg
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "streams"))

import run as streams  # noqa: E402
import scenarios  # noqa: E402
from cluster import Cluster  # noqa: E402

MODULES = pathlib.Path(os.environ["SPECQL_CONSUMERS_MODULES"])

EFFECTS = """
CREATE TABLE effects (
    n bigint GENERATED ALWAYS AS IDENTITY, consumer text NOT NULL, event_id uuid NOT NULL, event_type text NOT NULL,
    row_id uuid NOT NULL, title text NOT NULL, replay_of uuid, traceparent text
);
CREATE TABLE cure (cured boolean NOT NULL);
INSERT INTO cure VALUES (false);
GRANT SELECT, INSERT ON effects TO specql_consumer;
GRANT SELECT ON cure TO specql_consumer;
CREATE ROLE reader LOGIN IN ROLE specql_consumer, specql_application;
"""


def checked(folder, examples):
    """The type checkers take what is emitted for every example."""
    types = folder / "types"
    types.mkdir()
    (types / "node_modules").symlink_to(MODULES / "node_modules")
    (types / "package.json").write_text('{"type": "module"}')
    for example, files in examples.items():
        (types / example).mkdir()
        for name in ("consumer.ts", "consumer.py"):
            shutil.copy(files / name, types / example / name)
    for name in ("consume.mts", "digits.mts"):
        shutil.copy(HERE / name, types / "blog")
    shutil.copy(examples["versions"] / "upcast.ts", types / "versions")
    (types / "versions" / "steps.mts").write_text(STEPS)
    shutil.copy(HERE / "tsconfig.json", types)
    tsc = subprocess.Popen(
        ["node", MODULES / "node_modules/typescript/bin/tsc", "-p", types], stdout=subprocess.PIPE, text=True
    )
    python = [types / it / "consumer.py" for it in examples]
    for file in python:
        # Modules of one name are checked one by one; what they import is read once.
        done = subprocess.run(
            [sys.executable, "-m", "mypy", "--strict", "--cache-dir", folder / "mypy", file],
            capture_output=True, text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
    said = tsc.communicate()[0]
    assert tsc.returncode == 0, said
    subprocess.run(["node", types / "blog" / "digits.mts"], check=True)
    return types


POST = """entity: Post
schema: blog
fields:
  title: text!
  kind: enum(a, b)!
  count: integer!
  tags: list(text)!
  dropped: text
actions:
  - name: publish
    steps:
      - update: Post SET title = 'x'
    impact:
      primary: {entity: Post, operation: UPDATE, fields: [title]}
    cdc:
      enabled: true
      event_type: PostPublished
      version: 1
      payload: [title, kind, count, tags, dropped]
  - name: publish_again
    steps:
      - update: Post SET title = 'y'
    impact:
      primary: {entity: Post, operation: UPDATE, fields: [title]}
    cdc:
      enabled: true
      # Of this name and the other one, only one type can have the first choice.
      event_type: post.published
      include_payload: false
"""
NEWER = [
    POST.replace("enum(a, b)!", "enum(a, b, c)!").replace("version: 1", "version: 2")
    .replace("tags, dropped", "tags, note").replace("  dropped: text", "  note: text"),
    POST.replace("enum(a, b)!", "text!").replace("count: integer!", "count: text!").replace("version: 1", "version: 3")
    .replace("tags, dropped", "tags, note, rank").replace("  dropped: text", "  note: text\n  rank: integer!"),
]
OLD = {"post": {"id": "11111111-2222-4333-8444-555555555555", "title": "it's", "kind": "b", "count": 7, "tags": ["x"], "dropped": None}}
WANTED = {"post": {"id": OLD["post"]["id"], "title": "it's", "kind": "b", "count": "7", "tags": ["x"], "note": None, "rank": 3}}
STEPS = """
import { upcastPostPublishedV1, upcastPostPublishedV2 } from './upcast.ts';
import type { PostPublishedEvent } from './consumer.ts';
const old = JSON.parse(process.argv[2] ?? '');
const rank = (older: { post: { count: number } }): number => older.post.count - 4;
console.log(JSON.stringify(upcastPostPublishedV2(upcastPostPublishedV1(old), { 'post.rank': rank })));
// The consumer knows all three, too.
export const versions = (event: PostPublishedEvent): 1 | 2 | 3 => event.version;
"""


def versions(folder):
    """Three versions of an event, each recorded before the next is written."""
    source = folder / "versions"
    source.mkdir()
    # The name with a dot is a finding, and still gets a consumer.
    for text in [POST, *NEWER]:
        (source / "post.yaml").write_text(text)
        subprocess.run([streams.BINARY, "lock", source, "--allow-errors"], check=True, capture_output=True)
    command = [streams.BINARY, "emit", source, "--out", folder / "upcasts", "--allow-errors"]
    subprocess.run(command, check=True, capture_output=True)
    return folder / "upcasts"


def upcast(db, types, files):
    """Both languages make the same of an old payload, and it is one of the newest version."""
    done = subprocess.run(["node", types / "steps.mts", json.dumps(OLD)], capture_output=True, text=True)
    assert done.returncode == 0 and json.loads(done.stdout) == WANTED, done
    db.execute((files / "upcast.sql").read_text())
    call = "SELECT app.upcast_event('PostPublished', %s, %s::jsonb)"
    try:
        db.execute(call, [1, json.dumps(OLD)])
        raise AssertionError("a gap was filled by nobody")
    except psycopg.errors.InvalidParameterValue as error:
        assert "`post.rank`" in str(error), error
    db.execute("""CREATE OR REPLACE FUNCTION app.upcast_gap(
            p_event_type text, p_version integer, p_member text, p_old jsonb, p_inside jsonb
        ) RETURNS jsonb LANGUAGE sql RETURN to_jsonb((p_inside -> 'count')::integer - 4)""")
    # Running it again leaves alone what was filled.
    db.execute((files / "upcast.sql").read_text())
    assert db.execute(call, [1, json.dumps(OLD)]).fetchone()[0] == WANTED
    assert db.execute(call, [3, json.dumps(WANTED)]).fetchone()[0] == WANTED
    streams.schemas(files)["PostPublished.v3"].validate(WANTED)


class Broker:
    """Records by way of a broker: what the engine has read goes in, and comes out in the order of its partition."""

    def __init__(self):
        self.producer = confluent_kafka.Producer({"test.mock.num.brokers": 1, "bootstrap.servers": "mock"})
        brokers = self.producer.list_topics(timeout=10).brokers.values()
        self.servers = ",".join(f"{it.host}:{it.port}" for it in brokers)
        self.consumer = None

    def through(self, records):
        for it in records:
            headers = [(name, value and value.encode()) for name, value in it["headers"].items()]
            self.producer.produce(it["topic"], it["value"], it["key"], headers=headers)
        assert self.producer.flush(20) == 0
        if self.consumer is None:
            self.consumer = confluent_kafka.Consumer(
                {"bootstrap.servers": self.servers, "group.id": "test", "auto.offset.reset": "earliest"}
            )
            self.consumer.subscribe(sorted({it["topic"] for it in records}))
        res = []
        until = time.monotonic() + 30
        while len(res) < len(records):
            assert time.monotonic() < until, f"{len(res)} of {len(records)} records came through the broker"
            message = self.consumer.poll(0.2)
            if message is not None and not message.error():
                res.append(message)
        return res


class TypeScript:
    name = "typescript"

    def __init__(self, folder, dsn):
        self.process = subprocess.Popen(
            ["node", folder / "consume.mts", self.name, dsn], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def feed(self, messages):
        for at, it in enumerate(messages):
            headers = {name: value and value.decode() for name, value in it.headers() or ()}
            record = {
                "at": at, "topic": it.topic(), "partition": it.partition(), "offset": it.offset(),
                "key": it.key().decode(), "value": it.value() and it.value().decode(), "headers": headers,
            }
            self.process.stdin.write(json.dumps(record) + "\n")
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        outcomes = {}
        for line in self.process.stdout:
            said = json.loads(line)
            if "letters" in said:
                letters = [(it["topic"], it["headers"]["dlq.error"], it["headers"]["dlq.attempts"]) for it in said["letters"]]
                return [outcomes[it] for it in range(len(messages))], letters
            outcomes[said["at"]] = said["outcome"]
        raise AssertionError("the consumer in TypeScript ended")

    def close(self):
        self.process.stdin.close()
        assert self.process.wait(20) == 0


class Python:
    name = "python"

    def __init__(self, folder, dsn, tracer):
        spec = importlib.util.spec_from_file_location("consumer", folder / "consumer.py")
        self.module = importlib.util.module_from_spec(spec)
        sys.modules["consumer"] = self.module
        spec.loader.exec_module(self.module)
        self.tracer = tracer
        self.letters = []
        self.consumer = self.module.Consumer(
            self.name, psycopg.connect(dsn), {"PostCreated": self.note, "PostUpdated": self.note},
            attempts=3, backoff=lambda attempt: 0.005, on_parked=self.letters.append,
        )

    def note(self, event, connection):
        post = event.payload["post"]
        title = post["title"]
        connection.execute(
            "INSERT INTO effects (consumer, event_id, event_type, row_id, title, replay_of, traceparent)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s)",
            [self.name, event.id, event.type, post["id"], title, event.replay_of, event.traceparent],
        )
        if title == "poison" and not connection.execute("SELECT cured FROM cure").fetchone()[0]:
            raise ValueError(f"«{title}» is poison")
        if title == "hopeless":
            raise self.module.Unprocessable("no attempt can help")
        if title == "swallowed":
            try:
                connection.execute("SELECT 1 / 0")
            except psycopg.Error:
                pass
        if title == "traced" and event.replay_of is None:
            parent = TraceContextTextMapPropagator().extract({"traceparent": event.traceparent})
            with self.tracer.start_as_current_span("consumer", context=parent):
                carrier = {}
                TraceContextTextMapPropagator().inject(carrier)
                connection.execute("SELECT set_config('app.traceparent', %s, true)", [carrier["traceparent"]])
                given = {"name": "follows", "email": "follows@example.com", "role": "author"}
                scenarios.call(connection, "blog.fn_register_user", given)

    def feed(self, messages):
        outcomes = [
            self.consumer.consume(self.module.Record(it.topic(), it.key(), it.value(), it.headers(), it.partition(), it.offset()))
            for it in messages
        ]
        letters = [
            (it.dead_letter.topic, it.dead_letter.headers["dlq.error"], it.dead_letter.headers["dlq.attempts"])
            for it in self.letters
        ]
        self.letters.clear()
        return outcomes, letters

    def close(self):
        self.consumer._connection.close()


def titles(db, consumer, row):
    query = "SELECT title FROM effects WHERE consumer = %s AND row_id = %s ORDER BY n"
    return [it[0] for it in db.execute(query, [consumer, row]).fetchall()]


def write(db, tracer):
    """What happens in the database: one post that is poison, and others."""
    call = scenarios.call
    user = call(db, "blog.fn_register_user", {"name": "O'Neill", "email": "a@example.com", "role": "author"})
    posts = {}
    for title in ("first", "poison", "second", "hopeless", "swallowed"):
        posts[title] = call(db, "blog.fn_create_post", {"title": title, "slug": title, "author": user})
    for title in ("first", "poison"):
        for number in (1, 2):
            call(db, "blog.fn_update_post", {"id": posts[title], "title": f"{title} {number}"})
    with tracer.start_as_current_span("request"):
        carrier = {}
        TraceContextTextMapPropagator().inject(carrier)
        db.execute("SELECT set_config('app.traceparent', %s, false)", [carrier["traceparent"]])
        posts["traced"] = call(db, "blog.fn_create_post", {"title": "traced", "slug": "traced", "author": user})
        db.execute("SELECT set_config('app.traceparent', '', false)")
    return posts


def garbage(value, **headers):
    return {"topic": "blog.Post", "key": "garbage", "value": value, "headers": headers}


def first_time(db, consumer, messages, posts, traceparent):
    """Everything once, and again: nothing is applied twice, what is poison stops its own key only."""
    outcomes, letters = consumer.feed(messages)
    by_type = {}
    for message, outcome in zip(messages, outcomes):
        headers = dict(message.headers() or ())
        by_type.setdefault((headers.get("eventType") or b"").decode(), []).append(outcome)
    assert by_type["UserRegistered"] == ["ignored"], by_type
    assert sorted(by_type["PostCreated"]) == ["handled"] * 3 + ["parked"] * 3, by_type
    assert sorted(by_type["PostUpdated"]) == ["handled"] * 2 + ["parked"] * 2, by_type
    assert by_type[""] == ["parked", "parked"], by_type
    assert titles(db, consumer.name, posts["first"]) == ["first", "first 1", "first 2"]
    assert titles(db, consumer.name, posts["second"]) == ["second"]
    for title in ("poison", "hopeless", "swallowed"):
        assert titles(db, consumer.name, posts[title]) == [], "what a failed handler did is undone"
    parked = db.execute(
        "SELECT partition_key, error, attempts FROM app.parked_event WHERE consumer = %s ORDER BY place",
        [consumer.name],
    ).fetchall()
    found = {key: [(error, attempts) for it, error, attempts in parked if it == key] for key, _, _ in parked}
    behind = ("an earlier event of its key is parked", 0)
    assert found[posts["poison"]] == [("«poison» is poison", 3), behind, behind], found
    assert found[posts["hopeless"]] == [("no attempt can help", 1)], found
    [(error, attempts)] = found[posts["swallowed"]]
    assert "aborted" in error and attempts == 3, found
    assert found["garbage"] == [("the header `id` is no id of an event", 1), behind], found
    assert ("blog.Post.dlq", "«poison» is poison", "3") in letters and len(letters) == 7, letters
    seen = db.execute("SELECT traceparent FROM effects WHERE consumer = %s AND title = 'traced'", [consumer.name]).fetchone()
    assert seen[0] == traceparent, (seen, traceparent)

    again, letters = consumer.feed(messages)
    assert set(again) == {"duplicate", "ignored"} and letters == [], again
    total = db.execute("SELECT count(*), count(DISTINCT event_id) FROM effects WHERE consumer = %s", [consumer.name])
    assert total.fetchone() == (5, 5)


def published(db, known):
    return [it for it in streams.ids(db) if it not in known]


def resolved(db, engine, broker, consumer, other, posts):
    """The letters of the poison come back in their order, to the consumer that gave them up alone."""
    known = set(streams.ids(db))
    db.execute("UPDATE cure SET cured = true")
    query = """SELECT event_payload #>> '{post,title}' FROM app.parked_event
        WHERE consumer = %s AND partition_key = %s AND resolved_at IS NULL ORDER BY place"""
    key = [consumer.name, posts["poison"]]
    wanted = [it[0] for it in db.execute(query, key).fetchall()]
    assert wanted[:3] == ["poison", "poison 1", "poison 2"], wanted
    count = db.execute("SELECT app.resolve_parked_events(%s, %s)", key).fetchone()[0]
    assert count == len(wanted), count
    unreadable = db.execute("SELECT app.resolve_parked_events(%s, 'garbage')", [consumer.name]).fetchone()[0]
    assert unreadable == 0, "what is no event cannot be published"
    new = published(db, known)
    # An event that is written before the letters have come back waits behind them.
    scenarios.call(db, "blog.fn_update_post", {"id": posts["poison"], "title": f"late for {consumer.name}"})
    late = published(db, known | set(new))
    engine.wait_for([*new, *late])
    by_id = {it["headers"].get("id"): it for it in engine.records}
    # It is read before them here, as where they are resolved while it is on its way.
    [early, *rest] = broker.through([by_id[it] for it in [*late, *new]])
    assert consumer.feed([early])[0] == ["parked"]
    assert consumer.feed(rest)[0] == ["handled"] * len(wanted)
    assert set(other.feed(rest)[0]) == {"ignored"}
    assert titles(db, consumer.name, posts["poison"]) == wanted
    known = set(streams.ids(db))
    assert db.execute("SELECT app.resolve_parked_events(%s, %s)", key).fetchone()[0] == 1
    new = published(db, known)
    engine.wait_for(new)
    messages = broker.through([it for it in engine.records if it["headers"].get("id") in new])
    assert consumer.feed(messages)[0] == ["handled"]
    assert titles(db, consumer.name, posts["poison"]) == [*wanted, f"late for {consumer.name}"]
    # The other one waits for its own letters.
    other.feed([early])
    handled = "SELECT count(replay_of) FROM effects WHERE consumer = %s AND row_id = %s"
    assert db.execute(handled, key).fetchone()[0] == len(wanted) + 1


def replayed(db, engine, broker, consumers, post):
    """A replay in pages comes to every consumer as new events that name the old ones, or to one of them."""
    known = set(streams.ids(db))
    total = db.execute("CALL app.replay_outbox_in_pages('Post', %s, p_page => 2, p_per_second => 100)", [post])
    assert total.fetchone()[0] == 3
    some = db.execute("SELECT app.replay_outbox('Post', %s, p_consumer => 'python')", [post]).fetchone()[0]
    assert some == 3
    new = published(db, known)
    engine.wait_for(new)
    messages = broker.through([it for it in engine.records if it["headers"].get("id") in new])
    for it in consumers:
        before = titles(db, it.name, post)
        outcomes = it.feed(messages)[0]
        wanted = ["handled"] * 6 if it.name == "python" else ["handled"] * 3 + ["ignored"] * 3
        assert sorted(outcomes) == wanted, (it.name, outcomes)
        assert titles(db, it.name, post)[len(before):] == ["first", "first 1", "first 2"] * (wanted.count("handled") // 3)
    return len(new)


def one_trace(db, spans):
    """The request, the handler, and the event of the action that the handler calls are of one trace."""
    request, handler = (next(it for it in spans if it.name == name) for name in ("request", "consumer"))
    assert handler.context.trace_id == request.context.trace_id
    assert handler.parent.span_id == request.context.span_id
    first, follows = db.execute(
        """SELECT to_jsonb(f), to_jsonb(o) FROM app.outbox AS o JOIN app.outbox AS f ON f.id = o.causation_id
        WHERE o.event_type = 'UserRegistered' AND o.event_payload #>> '{user,name}' = 'follows'"""
    ).fetchone()
    assert first["event_type"] == "PostCreated" and follows["correlation_id"] == first["correlation_id"]
    # Then come the flags, which are OpenTelemetry's.
    wanted = f"00-{request.context.trace_id:032x}-{handler.context.span_id:016x}-"
    assert follows["traceparent"].startswith(wanted), (follows["traceparent"], wanted)
    assert first["trace_id"] == follows["trace_id"] == f"{request.context.trace_id:032x}"


def main():
    spans = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    tracer = provider.get_tracer("specql")
    with Cluster() as cluster:
        examples = {}
        for example in scenarios.ALL:
            (cluster.folder / example).mkdir()
            examples[example] = streams.emitted(example, cluster.folder / example)
        examples["versions"] = versions(cluster.folder)
        types = checked(cluster.folder, examples)
        streams.load(cluster, "blog", examples["blog"])
        db = cluster.connect("blog")
        db.execute(EFFECTS)
        upcast(db, types / "versions", examples["versions"])
        posts = write(db, tracer)
        config = streams.settings(examples["blog"], "debezium.json", cluster, "blog", cluster.folder)
        engine = streams.Engine(cluster.folder / "engine", config)
        engine.wait_for(streams.ids(db))
        records = streams.events(engine.records)
        [(traced,)] = db.execute("SELECT traceparent FROM app.outbox WHERE event_type = 'PostCreated' AND aggregate_id = %s", [posts["traced"]])
        # The outbox forgets the poison before anybody gives it up.
        db.execute("DELETE FROM app.outbox WHERE partition_key = %s", [posts["poison"]])
        broker = Broker()
        odd = [garbage("no { JSON"), garbage("{}", id=str(uuid.uuid4()))]
        messages = broker.through([*records[:4], *odd, *records[4:]])
        dsn = f"postgresql://reader@127.0.0.1:{cluster.port}/blog"
        consumers = [Python(types / "blog", dsn, tracer), TypeScript(types / "blog", dsn)]
        for it in consumers:
            first_time(db, it, messages, posts, traced)
        one_trace(db, spans.get_finished_spans())
        for it, other in zip(consumers, reversed(consumers)):
            db.execute("UPDATE cure SET cured = false")
            resolved(db, engine, broker, it, other, posts)
        count = replayed(db, engine, broker, consumers, posts["first"])
        for it in consumers:
            it.close()
        engine.stop()
        print(f"consumers: {len(messages)} records twice to {len(consumers)} consumers, {count} replayed, one trace")


main()
