"""Runs what is compared one after the other on the same bytes, and prints one table.

A cell is the wall time of the whole process, the lowest of several runs, then its processor time and its
memory. A run of more than `LONG` seconds is not repeated. Ruff reads whole files of Python's own library, again
and again under other names, until they have the bytes.
"""

import argparse
import os
import pathlib
import resource
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
LONG = 20
# Bytes beyond which a parser in pure Python would take longer than anybody waits.
PURE_PYTHON = 40_000_000

LOADER = """
import sys, yaml
loader = getattr(yaml, sys.argv[1])
for name in sys.stdin.read().splitlines():
    with open(name, "rb") as file:
        try:
            yaml.load(file.read(), loader)
        except yaml.YAMLError:
            pass
"""


def files_below(folder):
    return sorted(it for it in folder.rglob("*") if it.suffix in (".yaml", ".yml") and it.is_file())


def frames(files):
    """What tests/released/oracle.py reads."""
    parts = []
    for file in files:
        text = file.read_bytes()
        parts.append(b"%d\n%s" % (len(text), text))
    return b"".join(parts)


def python_files(folder, wanted):
    """Files of Python's library with as many bytes as are wanted."""
    library = pathlib.Path(sysconfig.get_path("stdlib"))
    sources = sorted(it for it in library.rglob("*.py") if "test" not in it.parts and "site-packages" not in it.parts)
    written = count = 0
    while True:
        for source in sources:
            text = source.read_bytes()
            if not text or written + len(text) > wanted + wanted // 10 + 500:
                continue
            place = folder / f"d{count // 100}" / f"m{count}.py"
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(text)
            written += len(text)
            count += 1
            if written >= wanted:
                return count


def once(command, stdin):
    """Wall time, processor time, memory in MB."""
    with tempfile.TemporaryFile() as given:
        given.write(stdin)
        given.seek(0)
        start = time.perf_counter()
        process = subprocess.Popen(command, stdin=given, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit(f"{command[:3]} ended with {os.waitstatus_to_exitcode(status)}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024


def lowest(command, stdin=b"", runs=5):
    results = []
    while len(results) < runs and not (results and results[-1][0] > LONG):
        results.append(once(command, stdin))
    return tuple(min(column) for column in zip(*results))


def cell(result):
    if result is None:
        return "–"
    wall, processor, memory = result
    # A process is said to have had at least what the one that started it had.
    least = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024 + 1
    memory = f"{memory} MB" if memory > least else f"≤ {least} MB"
    show = lambda it: f"{it * 1000:.0f} ms" if it < 1 else f"{it:.2f} s"
    return f"{show(wall)} ({show(processor)}, {memory})"


def row(name, folder, options, scratch):
    files = files_below(folder)
    size = sum(it.stat().st_size for it in files)
    names = "\n".join(map(str, files)).encode()
    ruffs = scratch / "python"
    shutil.rmtree(ruffs, ignore_errors=True)
    modules = python_files(ruffs, size)
    pure = size <= PURE_PYTHON
    oracle = [sys.executable, str(ROOT / "tests/released/oracle.py"), options.released]
    results = [
        lowest([options.binary, "check", "--exit-zero", "--format", "concise", str(folder)]),
        lowest(oracle, frames(files)) if pure else None,
        lowest([sys.executable, "-c", LOADER, "SafeLoader"], names) if pure else None,
        lowest([sys.executable, "-c", LOADER, "CSafeLoader"], names),
        lowest([options.ruff, "check", "--isolated", "--no-cache", "--exit-zero", "--quiet", str(ruffs)]),
    ]
    cells = " | ".join(map(cell, results))
    print(f"| {name}: {len(files):,} files, {size / 1e3:,.0f} kB | {cells} of {modules:,} files |", flush=True)


def main():
    parser = argparse.ArgumentParser()
    for name in ("--binary", "--ruff", "--released", "--entities"):
        parser.add_argument(name, required=True)
    parser.add_argument("--sizes", default="1,400,1000,10000")
    options = parser.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")
    print("| files | specql-lsp check | specql-generator 0.5.0 | PyYAML | PyYAML with libyaml | ruff on Python |")
    print("|---|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        row("the corpus", ROOT / "tests/corpus/files", options, scratch)
        for size in map(int, options.sizes.split(",")):
            folder = scratch / "entities"
            shutil.rmtree(folder, ignore_errors=True)
            subprocess.run([options.entities, str(size), str(folder)], check=True)
            row("generated", folder, options, scratch)
    print(f"\nload {os.getloadavg()[0]:.1f} at the end")


if __name__ == "__main__":
    main()
