"""uvicorn, started and stopped by the bot."""

import asyncio
import contextlib
import errno
import socket
from collections.abc import Iterator
from typing import Final

import uvicorn
from starlette.applications import Starlette

from bot.lifecycle.runtime import StartError

_BACKLOG: Final = 256


_SHUTDOWN_S: Final = 2
"""How long open connections get to read their answers in the end."""


_NO_IPV6: Final = frozenset({errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL, errno.EPROTONOSUPPORT, errno.ENODEV})
"""What systems say whose kernel knows IPv6, and which have none."""


class WebServer:
    """uvicorn, started and stopped by us: it leaves signals alone and never ends the process by itself."""

    def __init__(self, app: Starlette, listener: socket.socket) -> None:
        self._app = app
        self._listener = listener
        self._port: int = listener.getsockname()[1]
        self._server: _Uvicorn | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._port

    async def start(self) -> None:
        """Start, and return when requests are answered."""
        self._server = _uvicorn(self._app)
        self._task = asyncio.create_task(self._server.serve(sockets=[self._listener]), name="uvicorn")
        while not self._server.started:
            if self._task.done():
                await self._task
                raise StartError("the web server did not start")
            await asyncio.sleep(0.01)

    async def stay(self) -> None:
        """Return, or raise what ended it, when it ends by itself; called again, it starts anew."""
        if self._task is None or self._task.done():
            self._listener.close()
            self._listener = listen(self._port)
            await self.start()
        if self._task is not None:
            await asyncio.shield(self._task)

    async def stop(self) -> None:
        """Stop listening, and let open connections finish."""
        if self._server is not None and self._task is not None:
            self._server.should_exit = True
            await asyncio.gather(self._task, return_exceptions=True)
        self._listener.close()


class _Uvicorn(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _uvicorn(app: Starlette) -> _Uvicorn:
    return _Uvicorn(
        uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            lifespan="off",
            ws="none",
            timeout_keep_alive=75,
            timeout_graceful_shutdown=_SHUTDOWN_S,
        )
    )


def listen(port: int) -> socket.socket:
    """Take a port on every address of this machine, of IPv6 and of IPv4.

    Args:
        port: 0 takes a free one.

    Raises:
        StartError: it cannot be had.
    """
    try:
        return _listen_everywhere(port)
    except OSError as error:
        raise StartError(f"port {port} cannot be used ({error.strerror}): set PORT to a free one") from error


def _listen_everywhere(port: int) -> socket.socket:
    if socket.has_dualstack_ipv6():
        try:
            return socket.create_server(("", port), family=socket.AF_INET6, backlog=_BACKLOG, dualstack_ipv6=True)
        except OSError as error:
            if error.errno not in _NO_IPV6:
                raise
    return socket.create_server(("", port), backlog=_BACKLOG)
