"""Stands for a worker of Kafka Connect and its broker: what is posted to `/connectors` is run by Debezium's engine
as it is, placeholders of the environment filled in, and each of its records goes to the broker that librdkafka has
for tests.
"""

import http.server
import json
import pathlib
import re
import subprocess
import sys
import threading

import confluent_kafka

ENGINE = pathlib.Path(__file__).parent.parent / "streams" / "engine.py"


class Worker:
    def __init__(self, cluster):
        self.cluster = cluster
        self.process = None
        self.environment = {"PGHOST": "127.0.0.1", "PGUSER": "debezium", "PGPASSWORD": "x"}

    def __enter__(self):
        self.producer = confluent_kafka.Producer({"test.mock.num.brokers": 1, "bootstrap.servers": "mock"})
        brokers = self.producer.list_topics(timeout=20).brokers.values()
        self.kafka = ",".join(f"{it.host}:{it.port}" for it in brokers)
        worker = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                answer = worker.start(json.loads(body)) if self.path == "/connectors" else 404
                self.send_response(answer)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
        if self.process:
            self.process.kill()
            self.process.wait()

    def start(self, document):
        """201, as Kafka Connect answers, once the engine has been told; it reads on by itself."""
        folder = self.cluster.folder / "engine"
        folder.mkdir()
        # `PGDATABASE` of the worker is the only database that there is.
        with self.cluster.connect() as db:
            [(database,)] = db.execute(
                "SELECT datname FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres'"
            ).fetchall()
        filled = {**self.environment, "PGDATABASE": database}
        config = {
            key: re.sub(r"\$\{env:(\w+)\}", lambda it: filled[it[1]], value)
            for key, value in document["config"].items()
        }
        config |= {
            "name": document["name"], "database.port": str(self.cluster.port),
            # Where the engine keeps its place; a worker has a topic for it.
            "offset.storage": "org.apache.kafka.connect.storage.FileOffsetBackingStore",
            "offset.storage.file.filename": str(folder / "offsets"), "offset.flush.interval.ms": "0",
        }
        (folder / "settings.json").write_text(json.dumps(config))
        self.process = subprocess.Popen(
            [sys.executable, ENGINE, folder / "settings.json"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=(folder / "errors.log").open("wb"), text=True,
        )
        threading.Thread(target=self.carry, daemon=True).start()
        return 201

    def said(self):
        errors = self.cluster.folder / "engine" / "errors.log"
        return errors.read_text()[-2000:] if errors.exists() else "it was not started"

    def carry(self):
        for line in self.process.stdout:
            record = json.loads(line) if line.startswith("{") else {}
            if "topic" in record:
                headers = [(name, value and value.encode()) for name, value in record["headers"].items()]
                self.producer.produce(record["topic"], record["value"], record["key"], headers=headers)
                self.producer.flush(20)
