"""From the outbox to the records of Kafka: what `specql-lsp emit` writes for each example, read by Debezium's
engine with the emitted connector, of which the host and the credentials alone are others.

Seen: one record for each event that was committed and none that was not, those of one key in the order of
their commits, with the topic, key, headers and payload of its row; nothing lost over a stop, a kill and a
crash of PostgreSQL, and no warning of the engine.

usage: run.py SPECQL_LSP [EXAMPLE…]
"""

import concurrent.futures
import datetime
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

import jsonschema

import registries
import scenarios
from cluster import Cluster, tool

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent
BINARY = pathlib.Path(sys.argv[1]).resolve()

HEADERS = {
    "id": "id", "eventType": "event_type", "eventVersion": "event_version", "aggregateType": "aggregate_type",
    "aggregateId": "aggregate_id", "eventMetadata": "event_metadata", "tenantId": "tenant_id",
    "correlationId": "correlation_id", "causationId": "causation_id", "traceId": "trace_id",
    "traceparent": "traceparent", "sequence": "sequence",
}


class Engine:
    """Debezium's engine in a process of its own, with everything that it has said."""

    def __init__(self, folder, config):
        folder.mkdir(exist_ok=True)
        settings = folder / "settings.json"
        settings.write_text(json.dumps(config))
        self.errors = (folder / f"errors-{time.monotonic_ns()}.log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, HERE / "engine.py", settings],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors, text=True,
        )
        self.lines = queue.Queue()
        threading.Thread(target=self.read, daemon=True).start()
        self.records = []

    def read(self):
        for line in self.process.stdout:
            if line.startswith("{"):
                self.lines.put(json.loads(line))
        self.lines.put({"end": "the process ended"})

    def wait_for(self, ids, seconds=60):
        """Reads on until every one of these events has come."""
        missing = set(ids) - {it["headers"].get("id") for it in self.records}
        until = time.monotonic() + seconds
        while missing:
            try:
                line = self.lines.get(timeout=max(0, until - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"these events did not come: {missing}") from None
            if "topic" not in line:
                raise AssertionError(f"the engine ended: {line}, {self.said()}")
            self.records.append(line)
            missing.discard(line["headers"].get("id"))

    def said(self):
        return pathlib.Path(self.errors.name).read_text()[-3000:]

    def warned(self):
        """What it has complained of so far. Once it is asked to stop it may: it interrupts its own threads, which
        read and flush positions at that moment, and goes on from the last that was kept."""
        said = pathlib.Path(self.errors.name).read_text()
        return [it for it in said.splitlines() if it.startswith(("WARN", "ERROR"))]

    def stop(self):
        self.warnings = self.warned()
        self.process.stdin.close()
        self.process.wait(40)
        while not self.lines.empty():
            line = self.lines.get()
            if "topic" in line:
                self.records.append(line)
        return self.records

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        return self.records


def emitted(example, folder, more="", settings=""):
    """What is emitted for an example, with more lines below `kafka` in its configuration, and more settings."""
    source = folder / "entities"
    shutil.copytree(ROOT / "examples" / example, source)
    config = source / "specql.config.yaml"
    text = config.read_text()
    if more and "kafka:\n" not in text:
        text += "kafka:\n"
    config.write_text(text.replace("kafka:\n", "kafka:\n" + more) + settings)
    subprocess.run([BINARY, "emit", source, "--out", folder / "emitted"], check=True, capture_output=True)
    return folder / "emitted"


def load(cluster, database, files):
    with cluster.connect() as db:
        db.execute(f"CREATE DATABASE {database}")
    each = [it for file in sorted(files.rglob("*.sql")) for it in ("-f", file)]
    subprocess.run(
        [tool("psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-U", "postgres",
         "-p", str(cluster.port), "-d", database, *each],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )
    with cluster.connect(database) as db:
        # What the roles file grants to the connector's role is all that it has.
        db.execute("CREATE ROLE connector LOGIN REPLICATION IN ROLE specql_cdc")


def settings(files, name, cluster, database, folder):
    document = json.loads((files / name).read_text())
    config = document["config"]
    for key in ("hostname", "user", "password", "dbname"):
        assert config[f"database.{key}"].startswith("${env:PG"), key
    return {
        **config,
        "name": document["name"],
        "database.hostname": "127.0.0.1", "database.port": str(cluster.port), "database.user": "connector",
        "database.password": "x", "database.dbname": database,
        # Where the engine keeps its place; a worker of Kafka Connect has a topic for it.
        "offset.storage": "org.apache.kafka.connect.storage.FileOffsetBackingStore",
        "offset.storage.file.filename": str(folder / "offsets"), "offset.flush.interval.ms": "0",
    }


def rows(db):
    columns = sorted({*HEADERS.values(), "topic", "partition_key", "event_payload"})
    query = ", ".join(f"o.{it}::text" for it in columns)
    found = db.execute(f"SELECT {query}, o.created_at FROM app.outbox AS o ORDER BY o.sequence").fetchall()
    return [dict(zip([*columns, "created_at"], it)) for it in found]


def ids(db):
    return [it["id"] for it in rows(db)]


def compare(record, row, key="partition_key", suffix=""):
    headers = record["headers"]
    assert record["topic"] == row["topic"] + suffix, record
    assert record["key"] == row[key], (record, row)
    assert record["value"] == row["event_payload"], (record["value"], row["event_payload"])
    for header, column in HEADERS.items():
        assert headers[header] == row[column], (header, headers[header], row[column])
    assert datetime.datetime.fromisoformat(headers["occurredAt"]) == row["created_at"], headers
    own = {it for it in headers if not it.startswith("__debezium")}
    assert own == {*HEADERS, "occurredAt"}, own


def events(records):
    return [it for it in records if not it["topic"].startswith("__debezium-heartbeat")]


def schemas(files):
    res = {}
    for file in files.glob("event-schema/*.json"):
        res.update(json.loads(file.read_text()))
    assert res
    return {name: jsonschema.Draft202012Validator(it, format_checker=jsonschema.FormatChecker()) for name, it in res.items()}


def check(example, records, wanted, files, graceful):
    """Everything that must hold of what came; `graceful` says how many came before anything was killed."""
    got = [it["headers"]["id"] for it in records]
    by_id = {it["id"]: it for it in wanted}
    assert set(got) == set(by_id), (set(got) ^ set(by_id))
    assert len(set(got[:graceful])) == graceful, "an event came twice without a crash"
    order = {}
    for id in dict.fromkeys(got):
        row = by_id[id]
        order.setdefault((row["topic"], row["partition_key"]), []).append(int(row["sequence"]))
    for key, sequence in order.items():
        assert sequence == sorted(sequence), f"the events of {key} are not in the order of their commits"
    assert any(len(it) > 1 for it in order.values()), order
    known = schemas(files)
    topics = {it["name"]: it for it in json.loads((files / "kafka-topics.json").read_text())["topics"]}
    types = set()
    for record in records:
        row = by_id[record["headers"]["id"]]
        compare(record, row)
        name = f"{record['headers']['eventType']}.v{record['headers']['eventVersion']}"
        known[name].validate(json.loads(record["value"]))
        event = {"type": row["event_type"], "version": int(row["event_version"])}
        assert event in topics[record["topic"]]["events"], (event, record["topic"])
        types.add(name)
    return f"{example}: {len(wanted)} events of {len(types)} types, {len(got) - len(by_id)} duplicates"


def stream(example):
    with Cluster() as cluster:
        folder = cluster.folder / "streams"
        folder.mkdir()
        files = emitted(example, folder)
        load(cluster, example, files)
        db = cluster.connect(example)
        phases = scenarios.ALL[example](db)
        config = settings(files, "debezium.json", cluster, example, folder)
        run = folder / "engine"

        assert next(phases) == "before"
        engine = Engine(run, config)
        engine.wait_for(ids(db))
        assert next(phases) == "live"
        engine.wait_for(ids(db))
        records = engine.stop()
        warned = engine.warnings
        assert next(phases) == "down"
        seen = {it["headers"].get("id") for it in records}
        engine = Engine(run, config)
        engine.wait_for(set(ids(db)) - seen)
        graceful = len(events(records + engine.records))
        assert next(phases) == "again"
        if example == "blog":
            # The engine dies, then the server, while events stand that nobody has read.
            records += engine.kill()
            db.close()
            cluster.crash()
            db = cluster.connect(example)
            seen = {it["headers"].get("id") for it in records}
            engine = Engine(run, config)
        engine.wait_for(set(ids(db)) - seen)
        records += engine.stop()
        # An engine that comes after a killed one, to a server that was gone, may complain.
        warned += [] if example == "blog" else engine.warnings
        return check(example, events(records), rows(db), files, graceful), warned


def find(db, slug):
    query = "SELECT aggregate_id::text FROM app.outbox WHERE event_payload #>> '{post,slug}' = %s LIMIT 1"
    return db.execute(query, [slug]).fetchone()[0]


def of_state(row, wanted):
    """What a topic of state has for an event: its payload, nothing once the row is gone; for one that is published
    again what the newest before it says."""
    if "replayOf" in row["event_metadata"]:
        before = [it for it in wanted if "replayOf" not in it["event_metadata"]
                  and it["aggregate_id"] == row["aggregate_id"] and int(it["sequence"]) < int(row["sequence"])]
        row = before[-1]
    return None if row["event_type"] in scenarios.DELETIONS else row["event_payload"]


def check_state(records, wanted, files):
    """Each record of a topic of state is what its event made of the row, and what is left of each row once the broker
    has compacted the topic is the newest."""
    by_id = {it["id"]: it for it in wanted}
    assert {it["headers"]["id"] for it in records} == set(by_id)
    topics = {it["name"]: it for it in json.loads((files / "kafka-topics.json").read_text())["topics"]}
    left = {}
    for record in records:
        row = by_id[record["headers"]["id"]]
        assert record["value"] == of_state(row, wanted), (record, row)
        compare({**record, "value": row["event_payload"]}, row, "aggregate_id", ".state")
        assert topics[record["topic"]]["config"]["cleanup.policy"] == "compact"
        left[(record["topic"], record["key"])] = record["value"]
    newest = {(f"{it['topic']}.state", it["aggregate_id"]): of_state(it, wanted) for it in wanted}
    assert left == newest
    gone = sum(it is None for it in left.values())
    return f"{len(records)} records of state, {len(left)} rows, {gone} of them gone"


def state():
    """The connector of the topics of state, over events that stand already."""
    with Cluster() as cluster:
        folder = cluster.folder / "streams"
        folder.mkdir()
        files = emitted("blog", folder, "  compaction: true\n")
        load(cluster, "blog", files)
        db = cluster.connect("blog")
        for _ in scenarios.blog(db):
            pass
        [deleted] = [it["aggregate_id"] for it in rows(db) if it["event_type"] == "PostDeleted"]
        # Events from before there were topics of state have none; what the snapshot reads says it.
        db.execute("UPDATE app.outbox SET state = NULL")
        engine = Engine(folder / "engine", settings(files, "debezium-state.json", cluster, "blog", folder))
        engine.wait_for(ids(db))
        # A replay begins with old events, and brings back nothing.
        db.execute("SELECT app.replay_outbox('Post')")
        scenarios.call(db, "blog.fn_delete_post", {"id": find(db, "second")})
        engine.wait_for(ids(db))
        records = events(engine.stop())
        wanted = rows(db)
        assert len(records) == len(wanted)
        last = {it["key"]: it for it in records}
        assert last[deleted]["value"] is None and last[find(db, "second")]["value"] is None
        return f"state: {check_state(records, wanted, files)}", []


def settings_and_topics():
    """What the classes of Debezium and Kafka say of the settings, and what the scripts ask of Kafka's tools and of
    registries."""
    with Cluster() as cluster:
        folders = []
        for example in scenarios.ALL:
            folder = cluster.folder / example
            folder.mkdir()
            more = "  compaction: true\n" if example == "blog" else ""
            files = emitted(example, folder, more)
            folders.append(files)
            script(files)
            properties(files)
            registries.check(files, {name: it.schema for name, it in schemas(files).items()})
        documents(folders)
        done = subprocess.run(
            [sys.executable, HERE / "validators.py", *folders],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd=cluster.folder,
        )
        faults = [it for it in done.stdout.splitlines() if it.startswith("FAULT")]
        assert not faults and "validated" in done.stdout, (faults, done.stderr[-2000:])
        return "settings, topics, schemas and documents: nothing refused", []


def documents(folders):
    """The readers of AsyncAPI, Mermaid and DOT take what is emitted."""
    modules = os.environ["SPECQL_STREAMS_MODULES"]
    done = subprocess.run(
        ["node", HERE / "documents.mjs", modules, *folders], stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    faults = [it for it in done.stdout.splitlines() if it.startswith("FAULT")]
    assert not faults and done.stdout.endswith("read\n"), (faults, done.stderr[-2000:])


def script(files):
    """Runs the script with tools that write down what they are asked."""
    tools = files / "tools"
    tools.mkdir()
    for name in ("kafka-topics.sh", "kafka-configs.sh"):
        (tools / name).write_text('#!/bin/sh\nprintf "%s\\n" "$*" >>"$(dirname "$0")/asked"\n')
        (tools / name).chmod(0o755)
    environment = {**os.environ, "PATH": f"{tools}:{os.environ['PATH']}"}
    subprocess.run(["sh", files / "kafka-topics.sh", "kafka:9092"], check=True, env=environment)
    asked = (tools / "asked").read_text().splitlines()
    wanted = []
    for it in json.loads((files / "kafka-topics.json").read_text())["topics"]:
        server = "--bootstrap-server kafka:9092 --command-config /dev/null"
        wanted.append(
            f"{server} --create --if-not-exists --topic {it['name']} --partitions {it['partitions']}"
            f" --replication-factor {it['replicationFactor']}"
        )
        wanted += [
            f"{server} --alter --entity-type topics --entity-name {it['name']} --add-config {key}={value}"
            for key, value in it["config"].items()
        ]
    assert asked == wanted, (asked, wanted)


def properties(files):
    """The properties file says what the JSON says."""
    document = json.loads((files / "debezium.json").read_text())
    lines = (files / "debezium.properties").read_text().splitlines()
    read = dict(it.split("=", 1) for it in lines if it and not it.startswith("#"))
    assert read == {"name": document["name"], **document["config"]}, read


def main():
    chosen = sys.argv[2:] or [*scenarios.ALL, "state", "settings"]
    other = {"state": state, "settings": settings_and_topics}
    failed = False
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        runs = {it: pool.submit(other.get(it) or (lambda it=it: stream(it))) for it in chosen}
        for name, run in runs.items():
            try:
                result, warned = run.result()
                print(result)
                failed |= bool(warned)
                print(*(f"  {it}" for it in warned), sep="\n", end="\n" if warned else "")
            except Exception as error:
                failed = True
                print(f"{name} FAILED: {error!r}"[:4000])
                if os.environ.get("TRACE"):
                    raise
    sys.exit(failed)


if __name__ == "__main__":
    main()
