"""Which changes of an event need a version, as `specql-lsp lock --check` says and as an independent tool says
of the emitted schemas.

usage: verdicts.py SPECQL_LSP
"""

import json
import pathlib
import subprocess
import sys
import tempfile

import jsoncompat

BINARY = pathlib.Path(sys.argv[1]).resolve()

# Each is tried in both directions, in each mode.
CHANGES = {
    "null": ("title: text!", "title: text"),
    "enum value": ("enum(a, b)!", "enum(a, b, c)!"),
    "enum values": ("enum(a, b)!", "enum(b, c)!"),
    "enum or text": ("enum(a, b)!", "text!"),
    "number": ("count: integer!", "count: float!"),
    "digits": ("count: integer!", "count: bigint!"),
    "other type": ("count: integer!", "count: boolean!"),
    "list": ("count: integer!", "count: list(integer)!"),
    "items": ("tags: list(text)!", "tags: list(enum(a, b))!"),
    "member": ("payload: [title, kind", "payload: [kind"),
    "nothing": ("publish_post", "show_post"),
}
# The role of the tool in which it judges what a mode is about.
MODES = {"backward": "deserializer", "forward": "serializer", "full": "both"}

POST = """entity: Post
schema: blog
fields:
  title: text!
  kind: enum(a, b)!
  count: integer!
  tags: list(text)!
  author: ref(User)!
actions:
  - name: publish_post
    steps:
      - update: Post SET title = 'x'
    impact:
      primary: {entity: Post, operation: UPDATE, fields: [title]}
    cdc:
      enabled: true
      event_type: PostPublished
      payload: [title, kind, count, tags, author]
"""
USER = "entity: User\nschema: blog\nfields:\n  name: text!\n"


def run(*arguments):
    return subprocess.run([BINARY, *arguments], capture_output=True, text=True)


def schemas(root, out):
    # A change without a version is an error, and which ones are is what is asked here.
    done = run("emit", root, "--out", out, "--allow-errors")
    assert done.returncode == 0, done.stdout + done.stderr
    res = {}
    for file in out.rglob("event-schema/*.json"):
        schema = json.loads(file.read_text())["PostPublished.v1"]
        # The tool reads references only, and takes an id for one.
        del schema["$id"]
        res[file.relative_to(out).parts[0]] = json.dumps(schema)
    return res


def main():
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder) / "cases"
        cases = {}
        for number, (name, (left, right)) in enumerate(CHANGES.items()):
            assert left in POST, left
            for mode in MODES:
                for way, (old, new) in {"there": (POST, POST.replace(left, right)), "back": (POST.replace(left, right), POST)}.items():
                    cases[f"{number}_{way}_{mode}"] = (f"{name}, {way}", mode, old, new)
        for key, (_, mode, old, _) in cases.items():
            (root / key).mkdir(parents=True)
            (root / key / "specql.config.yaml").write_text(f"events: {{compatibility: {mode}}}\n")
            (root / key / "user.yaml").write_text(USER)
            (root / key / "post.yaml").write_text(old)
        locked = run("lock", root)
        assert locked.returncode == 0, locked.stdout + locked.stderr
        before = schemas(root, pathlib.Path(folder) / "before")
        for key, (_, _, _, new) in cases.items():
            (root / key / "post.yaml").write_text(new)
        after = schemas(root, pathlib.Path(folder) / "after")
        said = run("lock", "--check", root).stderr
        wrong = []
        broken = 0
        for key, (name, mode, _, _) in cases.items():
            ours = any(f"{key}/post.yaml" in it and "event-schema-changed" in it for it in said.splitlines())
            theirs = not jsoncompat.check_compat(before[key], after[key], MODES[mode])
            broken += ours
            if ours != theirs:
                wrong.append(f"{name}, {mode}: a version is {'' if ours else 'not '}needed, says specql-lsp, and jsoncompat the contrary")
        print(f"verdicts: {len(cases)} changes, {broken} need a version, {len(wrong)} judged in another way")
        print(*wrong, sep="\n", end="\n" if wrong else "")
        sys.exit(bool(wrong))


main()
