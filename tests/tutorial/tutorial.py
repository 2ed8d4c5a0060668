"""Follows the pages of the tutorial: writes their files, makes their calls in one shell a page, and compares what
they say with what stands below them. From the SpecQL files to a cache of Apollo, the audit trail, Debezium's
engine, a broker and the emitted consumer.

Every page has a PostgreSQL, a worker and a broker of its own. usage: tutorial.py SPECQL_LSP [PAGE…]
"""

import concurrent.futures
import difflib
import os
import pathlib
import queue
import re
import signal
import subprocess
import sys
import threading
import time

from worker import Worker

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent
PAGES = ROOT / "docs" / "tutorial"
BINARY = pathlib.Path(sys.argv[1]).resolve()
sys.path.insert(0, str(HERE.parent / "streams"))

from cluster import Cluster, tool  # noqa: E402

END = "\x01end\x01"
# A call that has not ended then does not end; a busy machine takes its time for the engine.
SECONDS = 300


class Shell:
    """One shell for the calls of a page, so that what a call sets is there for the next."""

    def __init__(self, folder, environment):
        self.process = subprocess.Popen(
            ["bash", "--noprofile", "--norc"], cwd=folder, env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.lines = queue.Queue()
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            self.lines.put(line)
        self.lines.put(None)

    def call(self, text):
        self.process.stdin.write(f"{{ {text}\n}} </dev/null\nprintf '{END}%s\\n' \"$?\"\n")
        self.process.stdin.flush()
        said, until = [], time.monotonic() + SECONDS
        while True:
            try:
                line = self.lines.get(timeout=max(0.1, until - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"this does not end: {text}\n{''.join(said)}") from None
            assert line is not None, f"the shell ended in: {text}"
            before, mark, status = line.partition(END)
            if mark:
                said.append(before)
                assert status.strip() == "0", f"{text}\nfailed ({status.strip()}):\n{''.join(said)}"
                return "".join(said)
            said.append(line)

    def close(self):
        # With what it has started and still runs.
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)


class Settled:
    """Ids and times as they stand on the pages: others, in the order in which they are first met."""

    ID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")
    TIME = re.compile(r"\b20\d\d-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d(:\d\d)?)?")

    def __init__(self, page):
        # What the page itself says stays.
        self.known = {it: it for it in self.ID.findall(page)}

    def __call__(self, text):
        def settled(found):
            return self.known.setdefault(found[0], f"00000000-0000-4000-8000-{len(self.known) + 1:012}")

        return self.TIME.sub("2025-01-15T10:30:00Z", self.ID.sub(settled, text))


def blocks(page):
    """The lines of a page, and where a block begins its mark, its language and its lines."""
    lines = iter(page.splitlines())
    mark = None
    for line in lines:
        yield line, None
        found = re.fullmatch(r"<!-- file: (\S+) -->", line)
        if found:
            mark = found[1]
        if line.startswith("```"):
            inside = []
            for it in lines:
                if it == "```":
                    break
                inside.append(it)
            yield "```", (mark, line[3:], inside)
            mark = None


def shared(folder):
    """The files that the first page has for all others."""
    for _, block in blocks((PAGES / "README.md").read_text()):
        if block and block[0]:
            (folder / block[0]).write_text("\n".join(block[2]) + "\n")


def follow(page, folder, shell):
    """The page with what its calls say now."""
    res, calls = [], 0
    settled = Settled("\n".join(it for it in page.splitlines() if it.startswith("$ ")))
    for line, block in blocks(page):
        if block is None:
            res.append(line)
            continue
        mark, language, inside = block
        if language == "console":
            for call in (it for it in inside if it.startswith("$ ")):
                calls += 1
                res += [call, *settled(shell.call(call[2:])).splitlines()]
        else:
            if mark:
                (folder / mark).write_text("\n".join(inside) + "\n")
            res += inside
        res.append("```")
    return "\n".join(res) + "\n", calls


def run(path):
    start = time.monotonic()
    page = path.read_text()
    with Cluster() as cluster, Worker(cluster) as worker:
        folder = cluster.folder / "page"
        folder.mkdir()
        (folder / "node_modules").symlink_to(os.environ["SPECQL_TUTORIAL_MODULES"])
        (folder / "package.json").write_text('{"type": "module"}')
        shared(folder)
        environment = {
            **os.environ, "PATH": ":".join(
                [str(BINARY.parent), str(pathlib.Path(sys.executable).parent), os.environ["PATH"], str(pathlib.Path(tool("psql")).parent)]
            ),
            "PGHOST": "127.0.0.1", "PGPORT": str(cluster.port), "PGUSER": "postgres",
            "PGOPTIONS": "--client-min-messages=warning", "CONNECT": worker.address, "KAFKA": worker.kafka,
            "NO_COLOR": "1", "LANG": "C.UTF-8", "NODE_NO_WARNINGS": "1",
        }
        shell = Shell(folder, environment)
        try:
            now, calls = follow(page, folder, shell)
        except AssertionError as error:
            raise AssertionError(f"{error}\nthe engine: {worker.said()}") from None
        finally:
            shell.close()
    assert calls > 10, f"{path.name} has {calls} calls"
    if os.environ.get("SPECQL_UPDATE"):
        path.write_text(now)
    elif now != page:
        lines = difflib.unified_diff(page.splitlines(), now.splitlines(), "the page", "what is said", "", "", 1, "")
        raise AssertionError("\n".join(["it is stale; SPECQL_UPDATE=1 writes it anew", *lines]))
    return f"{path.stem}: {calls} calls in {time.monotonic() - start:.0f} s"


def main():
    chosen = sys.argv[2:] or sorted(it.stem for it in PAGES.glob("*.md") if it.stem != "README")
    assert chosen
    failed = False
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for name, done in [(it, pool.submit(run, PAGES / f"{it}.md")) for it in chosen]:
            try:
                print(done.result())
            except Exception as error:
                failed = True
                print(f"{name} FAILED: {error}"[:6000])
                if os.environ.get("TRACE"):
                    raise
    sys.exit(failed)


main()
