"""A private PostgreSQL with logical decoding on 127.0.0.1, gone when the block ends."""

import os
import pathlib
import shutil
import socket
import subprocess
import tempfile

import psycopg

SETTINGS = """
listen_addresses = '127.0.0.1'
wal_level = logical
max_connections = 50
fsync = off
full_page_writes = off
"""


def tool(name):
    installed = sorted(pathlib.Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    found = shutil.which(name) or (installed and str(installed[-1]))
    if not found:
        raise SystemExit(f"`{name}` of PostgreSQL is not installed: run scripts/setup.sh")
    return found


def free_port():
    with socket.socket() as it:
        it.bind(("127.0.0.1", 0))
        return it.getsockname()[1]


class Cluster:
    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="specql-streams-"))
        self.folder.chmod(0o755)
        self.port = free_port()
        if os.getuid() == 0:
            shutil.chown(self.folder, "postgres")
        self.run(
            "initdb", "-D", self.data, "-U", "postgres", "--auth=trust", "--no-sync", "--encoding=UTF8",
            "--locale=C.UTF-8",
        )
        settings = self.data / "postgresql.conf"
        own = f"port = {self.port}\nunix_socket_directories = '{self.folder}'\n"
        settings.write_text(settings.read_text() + SETTINGS + own)
        self.start()
        return self

    def __exit__(self, *_):
        self.run("pg_ctl", "-D", self.data, "-m", "immediate", "-s", "stop")
        shutil.rmtree(self.folder)

    @property
    def data(self):
        return self.folder / "data"

    def start(self):
        self.run("pg_ctl", "-D", self.data, "-l", self.folder / "log", "-w", "-s", "start")

    def crash(self):
        """Ends every process of the server at once, and starts it again."""
        self.run("pg_ctl", "-D", self.data, "-m", "immediate", "-s", "stop")
        self.start()

    def run(self, name, *arguments):
        # The server refuses to run as root.
        user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        log = self.folder / "commands.log"
        with log.open("ab") as output:
            done = subprocess.run(
                [*user, tool(name), *map(str, arguments)],
                stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd="/",
            )
        if done.returncode:
            raise SystemExit(f"{name} failed: {log.read_text()}")

    def connect(self, database="postgres"):
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user="postgres", dbname=database, autocommit=True
        )
