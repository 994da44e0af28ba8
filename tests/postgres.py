"""A PostgreSQL server of the tests' own: started from Debian's package, on loopback, gone at the end."""

import glob
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.conftest import needs

PASSWORD = "geheim@:/%" + secrets.token_hex(4)
"""Full of what an address must escape, and found nowhere in what the bot prints."""

_DEADLINE_S = 30.0


class PostgresServer:
    """A server in a temporary folder that can be stopped and started again."""

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        self._folder = Path(tempfile.mkdtemp(prefix="pg-"))
        self._process: subprocess.Popen[bytes] | None = None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._as_user: tuple[str, ...] = ()
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            self._as_user = ("setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--pdeathsig=INT")
            shutil.chown(self._folder, "postgres", "postgres")
        self._make_cluster()

    def _make_cluster(self) -> None:
        password_file = self._folder / "password"
        password_file.write_text(PASSWORD)
        password_file.chmod(0o644)
        command = ["initdb", "-D", str(self._folder / "data"), "-U", "bot", "--auth=scram-sha-256", "--no-sync"]
        command += [f"--pwfile={password_file}", "--encoding=UTF8", "--no-locale"]
        command[0] = str(self._programs / command[0])
        done = subprocess.run([*self._as_user, *command], capture_output=True, text=True, cwd=self._folder)
        assert done.returncode == 0, done.stderr

    def start(self) -> None:
        """Start, and wait until it answers."""
        options = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "fsync": "off",
            "max_connections": "60",
            "shared_buffers": "16MB",
        }
        command = [str(self._programs / "postgres"), "-D", str(self._folder / "data")]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen([*self._as_user, *command], stdout=log, stderr=log, cwd=self._folder)
        deadline = time.monotonic() + _DEADLINE_S
        while True:
            try:
                self._connect().close()
            except psycopg.OperationalError:
                assert self._process.poll() is None, (self._folder / "log").read_text()
                assert time.monotonic() < deadline, (self._folder / "log").read_text()
                time.sleep(0.05)
            else:
                return

    def stop(self) -> None:
        """Stop at once; whoever is connected is cut off."""
        if self._process is not None:
            self._process.send_signal(2)
            self._process.wait(_DEADLINE_S)
            self._process = None

    def remove(self) -> None:
        """Stop and delete the folder."""
        self.stop()
        shutil.rmtree(self._folder)

    def new_database(self) -> str:
        """Make an empty database; returns its address as platforms write it, with the password."""
        name = f"bot_{secrets.token_hex(6)}"
        with self._connect() as connection:
            connection.execute(f"create database {name}")
        return self.url(name)

    def url(self, name: str, *, password: str = PASSWORD) -> str:
        """The address of a database."""
        escaped = "".join(f"%{byte:02X}" for byte in password.encode())
        return f"postgres://bot:{escaped}@127.0.0.1:{self.port}/{name}"

    def _connect(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user="bot", password=PASSWORD, dbname="postgres", autocommit=True
        )


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A running server."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/postgres"))
    local = shutil.which("postgres")
    needs(found or local, "install PostgreSQL: apt-get install postgresql")
    server = PostgresServer(Path(found[-1] if found else str(local)).parent)
    try:
        server.start()
        yield server
    finally:
        server.remove()
