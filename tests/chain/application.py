"""An application in Python: the emitted consumer, fed by a client of Kafka as its page says.

usage: application.py FOLDER NAME DSN SERVERS GROUP, and it ends when its input does. A line of JSON says what
became of each record, once its offset is committed.
"""

import json
import os
import sys
import threading

import confluent_kafka
import psycopg

folder, name, dsn, servers, group = sys.argv[1:]
sys.path.insert(0, folder)

from consumer import TOPICS, VERSIONS, Consumer, Record, Unprocessable  # noqa: E402

producer = confluent_kafka.Producer({"bootstrap.servers": servers, "message.max.bytes": 8388608})


def note(event, connection):
    connection.execute(
        "INSERT INTO effects (consumer, event_id, event_type, payload, traceparent, replay_of)"
        " VALUES (%s, %s, %s, %s, %s, %s)",
        [name, event.id, event.type, event.record.value.decode(), event.traceparent, event.replay_of],
    )
    text = json.dumps(event.payload)
    if "poison" in text and not connection.execute("SELECT cured FROM cure").fetchone()[0]:
        raise ValueError("it is poison")
    if "hopeless" in text:
        raise Unprocessable("no attempt can help")


def send(letter):
    it = letter.dead_letter
    failed = []
    headers = [(name, value and value.encode()) for name, value in it.headers.items()]
    producer.produce(it.topic, it.value, it.key, headers=headers, on_delivery=lambda error, _: error and failed.append(error))
    if producer.flush(20) or failed:
        raise RuntimeError(f"the dead letter was not sent: {failed}")


def main():
    consumer = Consumer(
        name, psycopg.connect(dsn), dict.fromkeys(VERSIONS, note), attempts=3, backoff=lambda attempt: 0.005,
        on_parked=send,
    )
    client = confluent_kafka.Consumer(
        {
            "bootstrap.servers": servers, "group.id": group, "auto.offset.reset": "earliest", "enable.auto.commit": False,
            "session.timeout.ms": 10000,
        }
    )
    client.subscribe(list(TOPICS))
    done = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), done.set()), daemon=True).start()
    while not done.is_set():
        m = client.poll(0.1)
        if m is None:
            continue
        if m.error():
            raise SystemExit(f"{m.error()}")
        outcome = consumer.consume(Record(m.topic(), m.key(), m.value(), m.headers(), m.partition(), m.offset()))
        client.commit(m, asynchronous=False)
        line = {"topic": m.topic(), "partition": m.partition(), "offset": m.offset(), "outcome": outcome}
        os.write(1, (json.dumps(line) + "\n").encode())
    client.close()


main()
