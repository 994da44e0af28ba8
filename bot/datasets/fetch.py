"""Brings one public file into memory, whole and verified, and puts it in place in one step.

The files are small (27 MB at most), so a download is held in memory until it is verified: whatever is cut, killed
or wrong leaves nothing behind, and two processes that fetch the same file only put the same bytes there twice.
"""

import contextlib
import errno
import os
import secrets
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import httpx

from bot import network

Progress = Callable[[str, int, int], None]
"""Called with a name, how much is done and how much there is (bytes of a file, or files of a set)."""

ATTEMPTS: Final = 4
"""Tries of one source that bring nothing more before the next one is asked."""

CONNECT_ATTEMPTS: Final = 2
"""The same when nobody answers at all: without a network the answer should come soon."""

PAUSE_S: Final = 0.5
"""Wait before the second attempt, in seconds; doubled before each further one."""

_RETRY_STATUS: Final = frozenset({408, 425, 429, 500, 502, 503, 504})


class DataError(Exception):
    """Data is missing or wrong; the text is one line that says what to put where.

    Attributes:
        missing: the names of the files that cannot be had, where it is about files.
    """

    def __init__(self, message: str, missing: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.missing = tuple(missing)


class FetchError(Exception):
    """No source gave the file; the text says what each answered."""


class _Gone(Exception):
    """This source will not give the file, however often it is asked."""


class _Again(Exception):
    """This attempt failed; another may do better."""


def new_client(*, timeout_s: float = 20.0) -> httpx.Client:
    """A client with the time limits that a download needs; close it, or use it as a context manager.

    Args:
        timeout_s: how long a source may stay silent, in seconds.

    Raises:
        DataError: a proxy or a file of certificates is set that cannot be used.
    """
    limits = httpx.Timeout(timeout_s, connect=min(timeout_s, 5.0))
    try:
        # identity: a compressed transfer could not be resumed at a byte of the file.
        return network.new_client(limits, {"Accept-Encoding": "identity"}, os.environ.get("PROXY_URL") or None)
    except network.NetworkError as error:
        raise DataError(str(error)) from None


def fetch(
    client: httpx.Client,
    urls: Sequence[str],
    *,
    max_bytes: int,
    is_right: Callable[[bytes], bool],
    progress: Callable[[int], None] | None = None,
    deadline_s: float = 900.0,
) -> bytes:
    """Downloads a file from the first source that gives the right bytes.

    A transfer that is cut goes on where it stopped (HTTP Range); one whose bytes turn out wrong starts anew.

    Args:
        client: from :func:`new_client`.
        urls: where the file is, the preferred place first.
        max_bytes: a longer answer is refused.
        is_right: whether the whole file is the expected one.
        progress: called with the number of bytes there are so far.
        deadline_s: the time allowed to each source, in seconds.

    Raises:
        FetchError: no source gave it.
    """
    failures = []
    for url in urls:
        try:
            return _from_source(client, url, max_bytes, is_right, progress, time.monotonic() + deadline_s)
        except _Gone as error:
            failures.append(f"{urlsplit(url).netloc}: {error}")
    raise FetchError("; ".join(dict.fromkeys(failures)))


def _from_source(
    client: httpx.Client,
    url: str,
    max_bytes: int,
    is_right: Callable[[bytes], bool],
    progress: Callable[[int], None] | None,
    deadline: float,
) -> bytes:
    received = bytearray()
    attempt = 0
    while True:
        attempt += 1
        attempts, before = ATTEMPTS, len(received)
        try:
            _receive(client, url, received, max_bytes, progress, deadline)
            if is_right(bytes(received)):
                return bytes(received)
            received.clear()
            reason = "wrong checksum"
        except (httpx.ConnectError, httpx.ConnectTimeout):
            attempts, reason = CONNECT_ATTEMPTS, "no connection"
        except httpx.TimeoutException:
            reason = "no answer in time"
        except httpx.TransportError:
            reason = "connection lost"
        except _Again as error:
            reason = str(error)
        except httpx.HTTPError as error:
            raise _Gone(type(error).__name__) from error
        if len(received) > before:
            attempt = 1
        pause = PAUSE_S * 2 ** (attempt - 1)
        if attempt >= attempts or time.monotonic() + pause > deadline:
            raise _Gone(reason)
        time.sleep(pause)


def _receive(
    client: httpx.Client,
    url: str,
    received: bytearray,
    max_bytes: int,
    progress: Callable[[int], None] | None,
    deadline: float,
) -> None:
    """Adds to ``received`` what is missing of the file, or what came until the transfer broke."""
    headers = {"Range": f"bytes={len(received)}-"} if received else {}
    with client.stream("GET", url, headers=headers) as response:
        if response.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
            received.clear()
            raise _Again("range refused")
        if response.status_code in _RETRY_STATUS:
            raise _Again(f"HTTP {response.status_code}")
        if not response.is_success:
            raise _Gone(f"HTTP {response.status_code}")
        if not _continues(response, len(received)):
            received.clear()
        for chunk in response.iter_bytes():
            received += chunk
            if len(received) > max_bytes:
                raise _Gone("longer than the file should be")
            if time.monotonic() > deadline:
                raise _Gone("too slow")
            if progress is not None:
                progress(len(received))


def _continues(response: httpx.Response, start: int) -> bool:
    ranged = response.status_code == httpx.codes.PARTIAL_CONTENT
    return ranged and response.headers.get("Content-Range", "").startswith(f"bytes {start}-")


def prepare_folder(folder: Path) -> None:
    """Makes the folder, and tells before a long download that nothing could be kept in it.

    Raises:
        OSError: it cannot be made or written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))


def put(path: Path, content: bytes) -> None:
    """Writes a whole file in one step: whoever looks sees the old one, or none, or all of the new one.

    Raises:
        OSError: the folder cannot be written, or the disk is full; nothing is left behind.
    """
    part = path.with_name(f".{path.name}.{secrets.token_hex(6)}.part")
    try:
        with part.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise
