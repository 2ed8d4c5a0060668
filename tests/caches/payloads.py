"""Emits clients, and writes what actions of the emitted schemas answer on PostgreSQL.

FOLDER gets `emitted/NAME/client*.ts` for the examples and for every other workspace of the tests,
`payloads.json` with what the caches are to apply, and `answers.ts`, in which each answer stands as a value of
its type: what the database says fits what is emitted for it.

usage: payloads.py SPECQL_LSP FOLDER
"""

import json
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE.parent / "streams"))

import scenarios
from cluster import Cluster, tool

BINARY, WORK = (pathlib.Path(it).resolve() for it in sys.argv[1:])


def emit(name, source):
    folder = WORK / "emitted" / name
    subprocess.run(
        [BINARY, "emit", source, "--out", folder, "--allow-errors"], check=True, capture_output=True
    )
    return folder


def load(cluster, database, files):
    with cluster.connect() as db:
        db.execute(f"CREATE DATABASE {database}")
    scripts = [it for file in sorted(files.rglob("*.sql")) for it in ("-f", file)]
    subprocess.run(
        [tool("psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-U", "postgres",
         "-p", str(cluster.port), "-d", database, *scripts],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )
    return cluster.connect(database)


class Recorder:
    """Calls actions as the scenarios do, and keeps what they answer."""

    def __init__(self):
        self.answers = []

    def __call__(self, db, function, given, wanted="success"):
        row = db.execute(
            f"SELECT row_to_json(answer) FROM {function}(%s::jsonb) AS answer", [json.dumps(given)]
        ).fetchone()[0]
        assert row["status"] == wanted, (function, given, row)
        self.answers.append((function.replace(".fn_", "."), row))
        return row["id"]

    def cascade(self):
        return self.answers[-1][1]["extra_metadata"]["_cascade"]


def music(db, call):
    """Every form of a field and of an invalidation; named cascades, in the order in which they happened."""
    cascades = {}

    def step(name, function, given):
        id = call(db, f"music.fn_{function}", given)
        cascades[name] = call.cascade()
        return id

    labels = [step(it, "create_label", {"name": it}) for it in ("Blue", "Red")]
    artists = [step(it, "create_artist", {"name": it}) for it in "ABC"]
    home = {"street": "1 Main St", "city": "Ghent", "state": "VOV", "zipCode": "9000"}
    one = step("created", "create_album", {
        "title": "Zoë's «one»", "label": labels[0], "artists": artists[:2], "home": home, "price": "12.50",
        "mood": "calm", "extras": {"mixed": [1, "a", None, {}]},
    })
    step("other", "create_album", {"title": "two", "price": "0.10", "plays": "9007199254740993"})
    step("updated", "update_album", {
        "id": one, "title": "one more", "label": labels[1], "artists": [artists[2]],
        "home": {**home, "city": "Bruges"}, "extras": [1],
    })
    step("cleared", "update_album", {"id": one, "label": None, "artists": [], "home": None})
    step("third", "create_album", {"title": "three", "price": "1", "label": labels[0]})
    step("bare", "count_play", {"id": one})
    step("all", "reprice_albums", {})
    step("truncated", "rename_artists", {"name": "Z"})
    step("deleted", "delete_album", {"id": one})
    return cascades


def blog(db, call):
    """The origin's first case: a post counts for its author."""
    cascades = {}
    author = call(
        db, "blog.fn_register_user", {"name": "O'Neill", "email": "oneill@example.com", "role": "author"}
    )
    cascades["user"] = call.cascade()
    post = call(db, "blog.fn_create_post", {"title": "Hello", "slug": "hello", "author": author})
    cascades["created"] = call.cascade()
    call(db, "blog.fn_publish_post", {"id": post})
    cascades["published"] = call.cascade()
    call(db, "blog.fn_add_comment", {"body": "nice", "post": post, "author": author})
    cascades["commented"] = call.cascade()
    call(db, "blog.fn_delete_post", {"id": post})
    cascades["deleted"] = call.cascade()
    return cascades


def typed(answers):
    """A module in which each answer is a constant of the type that is emitted for it."""
    lines = []
    for name, calls in answers.items():
        lines.append(f'import type {{ Actions as {name} }} from "./emitted/{name}/client.ts";')
        lines += [
            f'export const {name}{index}: {name}["{action}"] = {json.dumps(answer)};'
            for index, (action, answer) in enumerate(calls)
        ]
    return "\n".join(lines) + "\n"


def main():
    emitted = {it.name: emit(it.name, it) for it in sorted((ROOT / "examples").iterdir())}
    for it in sorted((ROOT / "tests" / "workspaces").iterdir()):
        emit(it.name, it)
    emit("names", HERE / "names")
    emitted["music"] = emit("music", HERE / "workspace")
    payloads, answers = {}, {}
    with Cluster() as cluster:
        for name, files in emitted.items():
            db = load(cluster, name, files)
            call = scenarios.call = Recorder()
            if name == "music":
                payloads[name] = music(db, call)
            else:
                if name == "blog":
                    payloads[name] = blog(db, call)
                for _ in scenarios.ALL[name](db):
                    pass
            answers[name] = call.answers
            db.close()
    (WORK / "payloads.json").write_text(json.dumps(payloads))
    (WORK / "answers.ts").write_text(typed(answers))
    print(f"{sum(map(len, answers.values()))} answers of {len(answers)} workspaces")


main()
