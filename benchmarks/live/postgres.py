"""A PostgreSQL server of our own: started from Debian's package, on loopback, gone at the end."""

import asyncio
import glob
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import psycopg

from benchmarks.live.errors import LiveError

PASSWORD: Final = "geheim@:/%" + secrets.token_hex(4)
"""Full of what an address must escape, and found nowhere in what the bot prints."""

_DEADLINE_S: Final = 30.0


def programs() -> Path | None:
    """The folder with ``postgres`` and ``initdb``; None where they are not installed."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/postgres"))
    server = found[-1] if found else shutil.which("postgres")
    return Path(server).parent if server else None


class PostgresServer:
    """A server in a temporary folder that can be stopped and started again.

    Raises, from making and starting it:
        LiveError: the programs say why in it.
    """

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
        try:
            self._make_cluster()
        except BaseException:
            self.remove()
            raise

    def _make_cluster(self) -> None:
        password_file = self._folder / "password"
        password_file.write_text(PASSWORD)
        password_file.chmod(0o644)
        command = ["initdb", "-D", str(self._folder / "data"), "-U", "bot", "--auth=scram-sha-256", "--no-sync"]
        command += [f"--pwfile={password_file}", "--encoding=UTF8", "--no-locale"]
        command[0] = str(self._programs / command[0])
        done = subprocess.run([*self._as_user, *command], capture_output=True, text=True, cwd=self._folder, check=False)
        if done.returncode:
            raise LiveError(f"initdb failed: {done.stderr}")

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
            self._process = subprocess.Popen(
                [*self._as_user, *command], stdout=log, stderr=log, cwd=self._folder, start_new_session=True
            )
        deadline = time.monotonic() + _DEADLINE_S
        while True:
            try:
                self._connect().close()
            except psycopg.OperationalError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise LiveError(f"PostgreSQL does not start: {(self._folder / 'log').read_text()}") from None
                time.sleep(0.05)
            else:
                return

    @property
    def pid(self) -> int:
        """The process id of a running server."""
        assert self._process is not None
        return self._process.pid

    def stop(self) -> None:
        """Stop at once; whoever is connected is cut off."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(_DEADLINE_S)
        except subprocess.TimeoutExpired:
            self._process.send_signal(signal.SIGQUIT)
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


@asynccontextmanager
async def running_database() -> AsyncIterator[PostgresServer]:
    """A server that runs; it is gone after the block.

    Raises:
        LiveError: it is not installed, or does not start.
    """
    found = programs()
    if found is None:
        raise LiveError("PostgreSQL is needed: apt-get install postgresql")
    server = await asyncio.to_thread(PostgresServer, found)
    try:
        await asyncio.to_thread(server.start)
        yield server
    finally:
        server.remove()
