"""FraiseQL's own executor calls the emitted adapter of the blog and makes the answers that its clients get.

Seen: an answer is a success with the entity and the cascade as it is selected, with every member that PostgreSQL has
written; a deletion stands in `deleted`; a failure is an error with its code, and lists nothing.

usage: executor.py SPECQL_LSP, with the Python in which FraiseQL is installed.
"""

import asyncio
import json
import pathlib
import subprocess
import sys

import psycopg
from fraiseql.mutations.rust_executor import execute_mutation_rust

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BINARY = pathlib.Path(sys.argv[1]).resolve()
sys.path.insert(0, str(ROOT / "tests/streams"))

from cluster import Cluster, tool  # noqa: E402

CASCADE = {
    "updated": ["__typename", "id", "operation", "entity"],
    "deleted": ["__typename", "id", "deletedAt"],
    "invalidations": ["queryName", "strategy", "scope", "arguments"],
    "metadata": ["timestamp", "affectedCount", "depth", "transactionId", "eventId"],
}


def load(cluster):
    files = cluster.folder / "emitted"
    source = ROOT / "examples/blog"
    subprocess.run([BINARY, "emit", source, "--out", files], check=True, capture_output=True)
    adapter = subprocess.run(
        [BINARY, "preview", "Post", "--artifact", "fraiseql-adapter", "--path", source],
        check=True, capture_output=True, text=True,
    )
    (files / "99_adapter.sql").write_text(adapter.stdout)
    each = [it for file in sorted(files.rglob("*.sql")) for it in ("-f", file)]
    subprocess.run(
        [tool("psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-U", "postgres",
         "-p", str(cluster.port), *each],
        check=True, stdout=subprocess.DEVNULL,
    )


class Executor:
    def __init__(self, connection):
        self.connection = connection

    async def call(self, action, given, entity="Post"):
        """What a client gets of a mutation, and what the database has kept of its cascade."""
        words = "".join(it.capitalize() for it in action.split("_"))
        field = words[0].lower() + words[1:]
        selected = {"fields": list(CASCADE), **{name: {"fields": it} for name, it in CASCADE.items()}}
        answer = await execute_mutation_rust(
            self.connection, f"blog.{action}_v1", given, field, f"{words}Success", f"{words}Error", entity.lower(), entity,
            cascade_selections=json.dumps(selected),
        )
        document = json.loads(bytes(answer))
        assert "errors" not in document, document
        rows = await self.connection.execute(
            "SELECT cascade_data FROM app.mutation_log ORDER BY created_at DESC LIMIT 1"
        )
        return document["data"][field], (await rows.fetchone() or [None])[0]


def is_whole(answer, kept):
    """Whether a cascade has the members that are selected, of what the database has kept. Of the user it keeps no
    address, as the entity asks for; the caller gets it."""
    given = json.loads(json.dumps(answer["cascade"]))
    for it in given["updated"]:
        if it["__typename"] == "User":
            assert it["entity"].pop("email") == "ann@example.com", it
    return given == selected(kept)


def selected(cascade):
    """The members that the selection names."""
    def of(value, names):
        if isinstance(value, list):
            return [of(it, names) for it in value]
        return {name: value[name] for name in names if name in value}

    return {part: of(cascade[part], names) for part, names in CASCADE.items()}


async def followed(dsn):
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as connection:
        it = Executor(connection)
        user, kept = await it.call("register_user", {"name": "Ann", "email": "ann@example.com", "role": "author"}, "User")
        assert user["__typename"] == "RegisterUserSuccess" and is_whole(user, kept), (user, kept)
        author = user["user"]["id"]
        post, kept = await it.call("create_post", {"title": "Zoë's «first»", "slug": "first", "author": author})
        assert post["__typename"] == "CreatePostSuccess" and post["post"]["title"] == "Zoë's «first»", post
        assert is_whole(post, kept), (post, kept)
        assert [entry["operation"] for entry in post["cascade"]["updated"]] == ["CREATED", "UPDATED"], post
        assert post["cascade"]["invalidations"], post
        again, _ = await it.call("create_post", {"title": "b", "slug": "first", "author": author})
        assert again["__typename"] == "CreatePostError" and (again["code"], again["message"]) == (409, "slug is already taken"), again
        assert not again["cascade"]["updated"] and not again["cascade"]["deleted"], again
        nobody, _ = await it.call("update_post", {"id": "00000000-0000-4000-8000-000000000000", "title": "x"})
        assert nobody["__typename"] == "UpdatePostError" and nobody["code"] == 404, nobody
        gone, kept = await it.call("delete_post", {"id": post["post"]["id"]})
        assert gone["__typename"] == "DeletePostSuccess" and is_whole(gone, kept), (gone, kept)
        assert [entry["id"] for entry in gone["cascade"]["deleted"]] == [post["post"]["id"]], gone
        return "FraiseQL's executor: 3 successes with their cascades, 2 failures"


def main():
    with Cluster() as cluster:
        load(cluster)
        print(asyncio.run(followed(f"postgresql://postgres@127.0.0.1:{cluster.port}/postgres")))


main()
