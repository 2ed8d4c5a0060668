"""Writes and reads what says where packages come from: `provenance.py write FOLDER VERSION PROFILE` and
`provenance.py verify FOLDER`.

`provenance.intoto.json` is an in-toto statement with SLSA's provenance: each package with its SHA-256, the
commit, every crate of Cargo.lock with its checksum, the compiler. It is not signed: who publishes, signs.
"""

import hashlib
import json
import os
import pathlib
import subprocess
import sys
import tomllib
from datetime import datetime, timezone

NAME = "provenance.intoto.json"
REPOSITORY = "https://github.com/specql/specql-lsp"
BUILD = f"{REPOSITORY}/blob/main/scripts/release/build.sh"


def said(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def packages(folder):
    return sorted(it for it in folder.iterdir() if it.name not in (NAME, "SHA256SUMS"))


def source():
    commit = said("git", "rev-parse", "HEAD")
    res = {"uri": f"git+{REPOSITORY}@{commit}", "digest": {"gitCommit": commit}}
    if said("git", "status", "--porcelain"):
        res["annotations"] = {"changed": "the tree had changes that are not committed"}
    return res


def crates():
    lock = tomllib.loads(pathlib.Path("Cargo.lock").read_text())
    return [
        {"uri": f"pkg:cargo/{it['name']}@{it['version']}", "digest": {"sha256": it["checksum"]}}
        for it in lock["package"]
        if "checksum" in it
    ]


def statement(folder, version, profile):
    return {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": it.name, "digest": {"sha256": sha256(it)}} for it in packages(folder)],
        "predicateType": "https://slsa.dev/provenance/v1",
        "predicate": {
            "buildDefinition": {
                "buildType": BUILD,
                "externalParameters": {"version": version, "profile": profile},
                "internalParameters": {
                    "rustc": said("rustc", "-vV").splitlines(),
                    "cargo": said("cargo", "--version"),
                },
                "resolvedDependencies": [source(), *crates()],
            },
            "runDetails": {
                "builder": {"id": os.environ.get("BUILDER_ID", BUILD)},
                "metadata": {"finishedOn": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")},
            },
        },
    }


def verify(folder):
    """As somebody does who has the files alone, with readers that are not ours."""
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator
    from google.protobuf import json_format
    from in_toto_attestation.v1 import statement_pb2
    from in_toto_attestation.v1.statement import Statement

    text = (folder / NAME).read_text()
    read = json_format.Parse(text, statement_pb2.Statement())
    Statement.copy_from_pb(read).validate()
    subjects = {it.name: it.digest["sha256"] for it in read.subject}
    assert subjects == {it.name: sha256(it) for it in packages(folder)}, "the provenance is of other files"
    (bill,) = folder.glob("*.cyclonedx.json")
    version = json.loads(bill.read_text())["specVersion"]
    problem = JsonStrictValidator(SchemaVersion.from_version(version)).validate_str(bill.read_text())
    assert problem is None, f"{bill.name}: {problem}"
    names = {it["name"] for it in json.loads(bill.read_text())["components"]}
    assert {"tree-sitter", "tower-lsp-server"} <= names, f"{bill.name} lacks crates"
    print(f"{len(subjects)} files as the provenance says, {len(names)} components in the bill of materials")


def main():
    match sys.argv[1:]:
        case ["write", folder, version, profile]:
            folder = pathlib.Path(folder)
            (folder / NAME).write_text(json.dumps(statement(folder, version, profile), indent=2) + "\n")
        case ["verify", folder]:
            verify(pathlib.Path(folder))
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
