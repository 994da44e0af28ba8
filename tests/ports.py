"""Ports that nobody listens on, for programs that must be told one beforehand."""

import os
import socket
from collections.abc import Iterator

FIRST = 20_000
"""Below those that an operating system gives to connections (from 32,768 on Linux), which could take one meanwhile."""

EACH = 1_000
"""Ports of a worker of pytest-xdist."""


def _of_this_worker() -> Iterator[int]:
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 10
    place = os.getpid()  # another run of the tests on this machine begins elsewhere
    while True:
        yield FIRST + worker * EACH + place % EACH
        place += 1


_ports = _of_this_worker()


def free_port() -> int:
    """A port of 127.0.0.1 that is free; this process gets no port twice in a row, other workers get others."""
    for port in _ports:
        with socket.socket() as tried:
            try:
                tried.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
    raise AssertionError("the ports never end")
