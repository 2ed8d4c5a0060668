"""The whole way of an event: what `specql-lsp emit` writes for each example, in a PostgreSQL; the emitted connector,
as it is, in a worker of Kafka Connect; a broker that speaks Kafka's protocol, with the topics that the emitted script
makes; applications in TypeScript and in Python around the emitted consumers, each with a client of Kafka of its own.

Two examples keep topics of state, which a second connector fills in the same worker.

Seen: the broker's topics are the emitted ones; each event arrives once, with the topic, key, headers and value of
its row, those of one key in the order of their commits and in one partition; nothing is lost over a stop of the
worker, nor when the worker and the applications are killed in the middle. What comes again, after a kill or because
a group reads all topics anew, is applied once. The topics of state have, of each row, what its newest event says, and a tombstone of
what is gone. What is poison is parked, with those behind it of its key, also in
the topic of dead letters, and stops nothing else; it comes back by `resolve`, to whoever gave it up. A replay comes to
all.

usage: chain.py SPECQL_LSP [EXAMPLE…]
"""

import json
import os
import pathlib
import queue
import shutil
import signal
import subprocess
import sys
import threading
import time
import uuid

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "streams"))

import run as streams  # noqa: E402
import scenarios  # noqa: E402
from broker import PATIENCE, Broker, Reader  # noqa: E402
from cluster import Cluster  # noqa: E402

CONSUMERS = ("typescript", "python")
# The events of shop go to topics by their types, so no topic could have the state of a row.
KEEP_STATE = ("blog", "saas")

WORKER = """
bootstrap.servers={servers}
key.converter=org.apache.kafka.connect.storage.StringConverter
value.converter=org.apache.kafka.connect.storage.StringConverter
offset.storage.file.filename={folder}/offsets
offset.flush.interval.ms=1000
plugin.discovery=service_load
config.providers=env
config.providers.env.class=org.apache.kafka.common.config.provider.EnvVarConfigProvider
"""

EFFECTS = """
CREATE TABLE effects (
    n bigint GENERATED ALWAYS AS IDENTITY, consumer text NOT NULL, event_id uuid NOT NULL, event_type text NOT NULL,
    payload text NOT NULL, traceparent text, replay_of uuid
);
CREATE TABLE cure (cured boolean NOT NULL);
INSERT INTO cure VALUES (false);
GRANT SELECT, INSERT ON effects TO specql_consumer;
GRANT SELECT ON cure TO specql_consumer;
CREATE ROLE reader LOGIN IN ROLE specql_consumer, specql_application;
"""


class Process:
    """A process that says lines of JSON, and ends when its input does."""

    def __init__(self, log, *command, **options):
        self.log = log
        with log.open("ab") as errors:
            self.process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True, **options
            )
        self.lines = queue.Queue()
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            if line.startswith("{"):
                self.lines.put(json.loads(line))
        self.lines.put(None)

    def next(self, seconds=PATIENCE):
        try:
            line = self.lines.get(timeout=seconds)
        except queue.Empty:
            line = None
        assert line is not None, f"{self.process.args[1]} says no more: {self.log.read_text()[-3000:]}"
        return line

    def rest(self):
        """The lines that it has said until it ended."""
        return list(iter(self.lines.get, None))

    def stop(self):
        self.process.stdin.close()
        assert self.process.wait(PATIENCE) == 0, self.log.read_text()[-3000:]

    def kill(self):
        self.process.kill()
        self.process.wait()


class Chain:
    """Everything between the outbox and the effects, for one example."""

    def __init__(self, example, cluster, broker, folder):
        self.example, self.cluster, self.broker, self.folder = example, cluster, broker, folder
        database = f"debezium:\n  database:\n    port: {cluster.port}\n"
        more = "  compaction: true\n" if example in KEEP_STATE else ""
        self.files = streams.emitted(example, folder, more, database)
        streams.load(cluster, example, self.files)
        self.db = cluster.connect(example)
        self.db.execute(EFFECTS)
        self.topics = json.loads((self.files / "kafka-topics.json").read_text())["topics"]
        self.events = self.with_role("events")
        self.connectors = [it for it in ("debezium", "debezium-state") if (self.files / f"{it}.json").exists()]
        assert (len(self.connectors) == 2) == (example in KEEP_STATE) == bool(self.with_role("state"))
        self.code = folder / "code"
        self.code.mkdir()
        for name in ("consumer.ts", "consumer.py"):
            shutil.copy(self.files / name, self.code)
        shutil.copy(HERE / "application.mts", self.code)
        (self.code / "package.json").write_text('{"type": "module"}')
        (self.code / "node_modules").symlink_to(pathlib.Path(os.environ["SPECQL_CHAIN_MODULES"]) / "node_modules")
        self.worker = self.reader = self.states = None
        self.applications = {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for it in [self.worker, *self.applications.values()]:
            if it is not None:
                it.kill()
        self.db.close()

    def with_role(self, role):
        return [it["name"] for it in self.topics if it["role"] == role]

    def start_worker(self):
        """The emitted connectors in a worker, which has the host and the credentials in its environment."""
        settings = self.folder / "worker.properties"
        settings.write_text(WORKER.format(servers=self.broker.servers, folder=self.folder))
        environment = {
            **os.environ, "PGHOST": "127.0.0.1", "PGUSER": "connector", "PGPASSWORD": "x", "PGDATABASE": self.example,
        }
        self.worker = Process(
            self.folder / "worker.log", sys.executable, HERE / "worker.py", settings,
            *(self.files / f"{it}.json" for it in self.connectors), env=environment,
        )
        running = set()
        while len(running) < len(self.connectors):
            state = self.worker.next()
            assert state.get("task") in ("UNASSIGNED", "RUNNING"), state
            if state["task"] == "RUNNING":
                running.add(state["connector"])

    def application(self, name, group):
        dsn = f"postgresql://reader@127.0.0.1:{self.cluster.port}/{self.example}"
        arguments = [name, dsn, self.broker.servers, group]
        if name == "typescript":
            return Process(self.folder / f"{group}.log", "node", self.code / "application.mts", *arguments)
        return Process(self.folder / f"{group}.log", sys.executable, HERE / "application.py", self.code, *arguments)

    def start_applications(self):
        for name in CONSUMERS:
            self.applications[name] = self.application(name, name)

    def kill_all(self):
        for it in [self.worker, *self.applications.values()]:
            it.kill()

    def caught_up(self, *groups):
        """Waits until groups have committed all that their topics have."""
        until = time.monotonic() + PATIENCE
        for group in groups:
            while (ends := self.reader.ends(self.events)) != (committed := self.broker.committed(group, ends)):
                for it in self.applications.values():
                    assert it.process.poll() is None, it.log.read_text()[-3000:]
                assert time.monotonic() < until, (group, committed, ends)

    def arrived(self, **options):
        """Waits until every event of the outbox stands in its topic, and in that of the state of its row."""
        for it in filter(None, (self.reader, self.states)):
            it.wait_for(streams.ids(self.db), **options)

    def effects(self, consumer):
        query = """SELECT event_id::text, event_type, payload, traceparent, replay_of::text
            FROM effects WHERE consumer = %s ORDER BY n"""
        return self.db.execute(query, [consumer]).fetchall()


def made(chain):
    """The topics are those that are emitted, also after the script has run twice."""
    for _ in range(2):
        chain.broker.script(chain.files)
        assert chain.broker.partitions() == {it["name"]: list(range(it["partitions"])) for it in chain.topics}
        for it in chain.topics:
            settings = chain.broker.settings(it["name"])
            assert settings == it["config"], (it["name"], settings)


def applied(chain, rows):
    """Each consumer has made the effect of each event once, in the order of its key."""
    by_id = {it["id"]: it for it in rows}
    for name in CONSUMERS:
        effects = chain.effects(name)
        seen = [it[0] for it in effects]
        assert sorted(seen) == sorted(by_id), (name, len(seen), len(by_id), set(seen) ^ set(by_id))
        order = {}
        for id, event_type, payload, traceparent, _ in effects:
            row = by_id[id]
            assert (event_type, payload, traceparent) == (row["event_type"], row["event_payload"], row["traceparent"])
            order.setdefault((row["topic"], row["partition_key"]), []).append(int(row["sequence"]))
        assert all(it == sorted(it) for it in order.values()), (name, order)


def kept_together(records):
    """The records of a key are in one partition, and those of many keys in more than one."""
    partitions = {}
    for it in records:
        partitions.setdefault((it["topic"], it["key"]), set()).add(it["partition"])
    assert all(len(it) == 1 for it in partitions.values()), partitions
    assert len(partitions) < 10 or len(set.union(*partitions.values())) > 1, partitions


def state_kept(chain):
    """The topics of state are what the outbox says of the rows, over stops and kills."""
    records = chain.states.rest(chain.with_role("state"))
    kept_together(records)
    return streams.check_state(records, streams.rows(chain.db), chain.files)


def killed(chain):
    """The worker and the applications die while posts change, and are started again while they still do."""
    user = scenarios.call(chain.db, "blog.fn_register_user", {"name": "K", "email": "k@example.com", "role": "author"})
    posts = [
        scenarios.call(chain.db, "blog.fn_create_post", {"title": it, "slug": it, "author": user}) for it in ("x", "y", "z")
    ]
    chain.arrived()

    def write():
        with chain.cluster.connect("blog") as db:
            for number in range(200):
                for it in posts:
                    scenarios.call(db, "blog.fn_update_post", {"id": it, "title": f"title {number}"})

    writer = threading.Thread(target=write)
    writer.start()
    while len(streams.ids(chain.db)) < 100:
        time.sleep(0.05)
    chain.reader.wait_for(streams.ids(chain.db), enough=50)
    chain.kill_all()
    assert writer.is_alive(), "all was written before anything was killed"
    chain.start_worker()
    chain.start_applications()
    writer.join()
    chain.arrived()


def poisoned(chain):
    """Poison is parked, also in the topic of dead letters, and stops its own key only."""
    db, call = chain.db, scenarios.call
    user = call(db, "blog.fn_register_user", {"name": "P", "email": "p@example.com", "role": "author"})
    posts = {}
    for title in ("fine", "poison", "hopeless"):
        posts[title] = call(db, "blog.fn_create_post", {"title": title, "slug": f"a-{title}", "author": user})
    for number in (1, 2):
        for title in ("fine", "poison"):
            call(db, "blog.fn_update_post", {"id": posts[title], "title": f"{title} {number}"})
    chain.broker.send("blog.Post", "garbage", "no { JSON")
    chain.broker.send("blog.Post", "garbage", "{}", [("id", str(uuid.uuid4()).encode())])
    chain.arrived()
    chain.caught_up(*CONSUMERS)
    behind = ("an earlier event of its key is parked", 0)
    wanted = {
        posts["poison"]: [("it is poison", 3), behind, behind],
        posts["hopeless"]: [("no attempt can help", 1)],
        "garbage": [("the header `id` is no id of an event", 1), behind],
    }
    letters = chain.reader.rest(["blog.Post.dlq"])
    for name in CONSUMERS:
        query = "SELECT partition_key, error, attempts FROM app.parked_event WHERE consumer = %s ORDER BY place"
        found = {}
        for key, *letter in db.execute(query, [name]).fetchall():
            found.setdefault(key, []).append(tuple(letter))
        assert found == wanted, (name, found)
        sent = {}
        for it in letters:
            headers = it["headers"]
            if headers["dlq.consumer"] == name:
                assert headers["dlq.topic"] == "blog.Post", headers
                sent.setdefault(it["key"], []).append((headers["dlq.error"], int(headers["dlq.attempts"])))
        assert sent == wanted, (name, sent)
        titles = [json.loads(it[2])["post"]["title"] for it in chain.effects(name) if it[1] in ("PostCreated", "PostUpdated")]
        assert [it for it in titles if it.startswith("fine")] == ["fine", "fine 1", "fine 2"], titles
        assert not [it for it in titles if it in ("poison", "hopeless")], titles
    return posts


def resolved(chain, posts):
    """Letters come back in their order, to the consumer that gave them up, although the outbox has forgotten them."""
    chain.db.execute("DELETE FROM app.outbox WHERE partition_key = %s", [posts["poison"]])
    chain.db.execute("UPDATE cure SET cured = true")
    for number, name in enumerate(CONSUMERS, 1):
        count = chain.db.execute("SELECT app.resolve_parked_events(%s, %s)", [name, posts["poison"]]).fetchone()[0]
        assert count == 3, count
        chain.arrived()
        chain.caught_up(*CONSUMERS)
        for it in CONSUMERS[:number]:
            back = [json.loads(effect[2])["post"]["title"] for effect in chain.effects(it) if effect[4]]
            assert back == ["poison", "poison 1", "poison 2"], (it, back)
        for it in CONSUMERS[number:]:
            assert not [effect for effect in chain.effects(it) if effect[4]], it
    left = "SELECT DISTINCT partition_key FROM app.parked_event WHERE resolved_at IS NULL"
    assert {it[0] for it in chain.db.execute(left)} == {posts["hopeless"], "garbage"}


def replayed(chain, post):
    """A replay comes to every consumer, as new events that name the old ones."""
    before = {it: len(chain.effects(it)) for it in CONSUMERS}
    assert chain.db.execute("SELECT app.replay_outbox('Post', %s)", [post]).fetchone()[0] == 3
    chain.arrived()
    chain.caught_up(*CONSUMERS)
    for name in CONSUMERS:
        new = chain.effects(name)[before[name]:]
        old = [it for it in chain.effects(name)[:before[name]] if it[0] in {its[4] for its in new}]
        assert [(it[4], it[2]) for it in new] == [(it[0], it[2]) for it in old] and len(new) == 3, (name, new, old)
    # The replay began with what the post was first; its state is the last one, before, during and after it.
    states = [json.loads(it["value"])["post"]["title"] for it in chain.states.rest(chain.with_role("state")) if it["key"] == post]
    assert states == ["fine", "fine 1", "fine 2"] + 3 * ["fine 2"], states


def anew(chain):
    """Groups that begin at the beginning of the topics make no effect again."""
    total = len(chain.reader.rest(chain.events))
    for name in CONSUMERS:
        before = chain.effects(name)
        chain.applications[name].stop()
        again = chain.applications[name] = chain.application(name, f"{name}-anew")
        chain.caught_up(f"{name}-anew")
        chain.applications.pop(name).stop()
        outcomes = [it["outcome"] for it in again.rest()]
        assert len(outcomes) == total and set(outcomes) <= {"duplicate", "ignored"}, (name, len(outcomes), total, set(outcomes))
        assert chain.effects(name) == before, name
    return total


def run(example):
    with Cluster() as cluster, Broker(cluster.folder) as broker:
        folder = cluster.folder / "chain"
        folder.mkdir()
        with Chain(example, cluster, broker, folder) as chain:
            made(chain)
            chain.reader = Reader(broker, [it["name"] for it in chain.topics if it["role"] != "state"])
            if example in KEEP_STATE:
                chain.states = Reader(broker, chain.with_role("state"))
            phases = scenarios.ALL[example](chain.db)
            assert next(phases) == "before"
            chain.start_worker()
            chain.start_applications()
            chain.arrived()
            assert next(phases) == "live"
            chain.arrived()
            chain.worker.stop()
            assert next(phases) == "down"
            chain.start_worker()
            chain.arrived()
            assert next(phases) == "again"
            chain.arrived()
            graceful = len(chain.reader.records)
            if example == "blog":
                killed(chain)
            rows = streams.rows(chain.db)
            chain.caught_up(*CONSUMERS)
            records = chain.reader.rest(chain.events + chain.with_role("dead letters"))
            said = streams.check(example, records, rows, chain.files, graceful)
            kept_together(records)
            applied(chain, rows)
            if chain.states:
                said += f", {state_kept(chain)}"
            heartbeats = set(broker.partitions()) - {it["name"] for it in chain.topics}
            assert heartbeats <= {"__debezium-heartbeat.specql", "__debezium-heartbeat.specql-state"}, heartbeats
            if example == "blog":
                posts = poisoned(chain)
                resolved(chain, posts)
                replayed(chain, posts["fine"])
                said += f", {anew(chain)} records read anew"
            return f"{said}, {len(chain.topics)} topics, {len(CONSUMERS)} consumers"


def main():
    # Who stops it stops all that it has started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    failed = False
    for example in sys.argv[2:] or scenarios.ALL:
        start = time.monotonic()
        try:
            print(f"{run(example)}, {time.monotonic() - start:.0f} s", flush=True)
        except Exception as error:
            failed = True
            print(f"{example} FAILED: {error!r}"[:4000], flush=True)
            if os.environ.get("TRACE"):
                raise
    sys.exit(failed)


main()
