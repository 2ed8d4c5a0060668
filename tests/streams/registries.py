"""The calls that bring schemas to a registry: the emitted script against a server that notes them.

Each is one that the description of the registry's interface has, of which `registries.json` is an excerpt; the
script makes those that stand in the data, and ends when one is refused.
"""

import http.server
import json
import pathlib
import re
import subprocess
import threading
import urllib.parse

import jsonschema

FACTS = json.loads((pathlib.Path(__file__).parent / "registries.json").read_text())


class Registry:
    """Answers as a registry does: a rule is not found until it is made; `refused` is a path that gets a 409."""

    def __init__(self, refused=None):
        self.calls, self.rules, registry = [], set(), self

        class Handler(http.server.BaseHTTPRequestHandler):
            def answer(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                registry.calls.append((self.command, self.path, self.headers["Content-Type"], body))
                status = registry.status(self.command, self.path, refused)
                self.send_response(status)
                self.end_headers()
                self.wfile.write(b'{"message": "it was refused"}' if status == 409 else b"{}")

            do_POST = do_PUT = answer

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def status(self, method, path, refused):
        if path == refused:
            return 409
        rule = re.fullmatch(r"(.*/rules)(/COMPATIBILITY)?", path)
        if rule and method == "PUT":
            return 200 if rule[1] in self.rules else 404
        if rule:
            self.rules.add(rule[1])
        return 200

    def run(self, files, kind):
        """The calls of one run of the script, and what became of it."""
        self.calls.clear()
        url = f"http://127.0.0.1:{self.server.server_port}/"
        done = subprocess.run(
            ["sh", files / "schema-registry.sh", kind, url], stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
        return list(self.calls), done


def described(kind, call):
    """A call that the description has."""
    method, path, content_type, body = call
    facts = FACTS[kind]
    path, _, query = path.partition("?")
    assert content_type in facts["types"], call
    assert all(it in facts["query"] for it in query.split("&") if it), call
    for template, schema in facts["calls"].items():
        pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template))
        if re.fullmatch(pattern, f"{method} {path}"):
            jsonschema.Draft202012Validator(schema).validate(body)
            return
    raise AssertionError(f"{kind} has no call {method} {path}")


def told(it):
    return it["method"], it["path"], it["contentType"], it["body"]


def check(files, schemas):
    data = json.loads((files / "schema-registry.json").read_text())
    assert set(data) == set(FACTS)
    for kind, requests in data.items():
        registry = Registry()
        calls, done = registry.run(files, kind)
        assert done.returncode == 0, done
        first = [told(it) for request in requests for it in (request, request.get("whenNotFound")) if it]
        assert calls == first, (calls, first)
        for call in calls:
            described(kind, call)
        # The second time nothing has to be made.
        calls, done = registry.run(files, kind)
        assert done.returncode == 0 and calls == [told(it) for it in requests], done
        registered(kind, requests, schemas)
        refused = next(it["path"] for it in requests if it["method"] == "POST")
        calls, done = Registry(refused).run(files, kind)
        assert done.returncode == 1 and "409" in done.stderr and "it was refused" in done.stderr, done
        assert calls[-1][1] == refused
    done = subprocess.run(["sh", files / "schema-registry.sh", "other"], capture_output=True, text=True)
    assert done.returncode == 2 and done.stderr.startswith("usage:"), done


def registered(kind, requests, schemas):
    """What is registered are the schemas of the events, under the topic, the type and the version."""
    seen = {}
    for it in requests:
        body = it["body"]
        if kind == "confluent" and "schema" in body:
            seen[urllib.parse.unquote(it["path"].split("/")[2])] = body["schema"]
        elif kind == "apicurio" and "firstVersion" in body:
            seen[body["artifactId"]] = body["firstVersion"]["content"]["content"]
    names = {name.rsplit("-", 1)[1]: json.loads(schema) for name, schema in seen.items()}
    assert names == schemas, (names, schemas)
