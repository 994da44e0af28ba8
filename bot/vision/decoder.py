"""Decoding in worker processes, so that no codec can take the bot down.

A file may crash a codec, send it into an endless loop or make it ask for all memory. Each is the end of a worker
(:mod:`bot.vision.decode_worker`) and one PhotoError; the next photo gets a fresh worker. The worker runs with a memory
limit, without the bot's environment and so without its secrets, and is killed when a photo takes too long. What it
sends back is checked before it is believed.
"""

import logging
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from types import TracebackType
from typing import IO, Final, Self

import numpy as np

from bot.vision import child
from bot.vision.decode_worker import DECODED, PROBLEMS, READY, REPLY, REQUEST
from bot.vision.photo import MAX_BYTES, MAX_SIDE, Photo, PhotoError, PhotoProblem

TIMEOUT_S: Final = 1.4
"""``predict`` answers for every file within two seconds, a new worker's start included; 12 megapixels take .1-.6 s."""

MEMORY_BYTES: Final = 1024**3
"""Address space of a worker: about 250 MB of libraries, the rest for :data:`~bot.vision.photo.MAX_PIXELS` twice."""

PHOTOS_PER_WORKER: Final = 500
"""A worker is replaced after this many photos, so that what codecs leak does not add up."""

START_TIMEOUT_S: Final = 30.0
"""What starting Python and importing Pillow may take on a machine that is busy."""

MAX_NOISE_BYTES: Final = 64 * 1024
"""What a worker prints is logged up to here; a codec that goes on and on is read and forgotten."""

WORKER: Final = child.command("bot.vision.decode_worker")

_log = logging.getLogger(__name__)


class DecoderError(RuntimeError):
    """No worker could be started: the installation is broken, not the photo."""


class Decoder:
    """A pool of worker processes that decode photos; thread safe."""

    def __init__(
        self,
        *,
        workers: int = 1,
        timeout_s: float = TIMEOUT_S,
        memory_bytes: int = MEMORY_BYTES,
        photos_per_worker: int = PHOTOS_PER_WORKER,
        command: Sequence[str] = WORKER,
    ) -> None:
        """Start the workers without waiting for them.

        Args:
            workers: photos decoded at the same time, one process each.
            timeout_s: what one photo may take, in seconds, not counting the wait for a free worker.
            memory_bytes: address space of one worker, in bytes.
            photos_per_worker: photos after which a worker is replaced.
            command: the worker's command line, to which the memory limit and the timeout are appended.
        """
        self._workers = workers
        self._timeout_s = timeout_s
        self._photos_per_worker = photos_per_worker
        self._command = (*command, str(memory_bytes), str(timeout_s))
        self._closed = threading.Event()
        self._idle: queue.LifoQueue[_Worker | None] = queue.LifoQueue()
        for _ in range(workers):
            self._idle.put(_Worker(self._command))

    def decode(self, data: bytes) -> Photo:
        """Decode a picture in a worker; blocks until there is one, then at most for the timeout.

        Args:
            data: the whole file, as for :func:`bot.vision.photo.decode`.

        Raises:
            PhotoError: for everything that gives no photo.
            DecoderError: no worker can be started.
            ValueError: the decoder is closed.
        """
        if len(data) > MAX_BYTES:
            raise PhotoError(PhotoProblem.TOO_MANY_BYTES)
        worker = self._idle.get()
        if worker is None:
            self._idle.put(None)
            raise ValueError("this decoder is closed")
        try:
            if not worker.is_alive():
                worker = self._replace(worker)
            return worker.decode(data, self._timeout_s)
        finally:
            if not self._closed.is_set() and (not worker.is_alive() or worker.photos >= self._photos_per_worker):
                worker = self._replace(worker)  # starts up while nobody waits for it
            self._idle.put(worker)

    def _replace(self, worker: "_Worker") -> "_Worker":
        worker.end()
        try:
            return _Worker(self._command)
        except OSError:  # no memory for a process now; the dead one keeps the place until the next photo
            _log.exception("cannot start a photo decoder")
            return worker

    def close(self) -> None:
        """End the workers; photos under way are finished first.

        A worker that an exception out of nowhere (Ctrl-C) has lost is not waited for longer than a photo can take. It
        ends by itself with this process.
        """
        if self._closed.is_set():
            return
        self._closed.set()
        until = time.monotonic() + START_TIMEOUT_S + self._timeout_s
        for _ in range(self._workers):
            try:
                worker = self._idle.get(timeout=max(0.0, until - time.monotonic()))
            except queue.Empty:
                _log.warning("a photo decoder did not come back")
                break
            if worker is not None:
                worker.end()
        self._idle.put(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


class _Worker:
    """One process, for one caller at a time."""

    def __init__(self, command: Sequence[str]) -> None:
        self.photos = 0
        self._ready = False
        self._process = subprocess.Popen(  # noqa: S603 - our own module, or what a test hands in
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=child.environment(),
        )
        self._noise = threading.Thread(target=_log_noise, args=(self._pipe(self._process.stderr),), daemon=True)
        self._noise.start()

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def decode(self, data: bytes, timeout_s: float) -> Photo:
        started = time.monotonic()
        self._wait_until_ready()
        self.photos += 1
        # The start of a worker that follows a slow photo counts, so that two slow ones in a row are no slower.
        deadline = _Deadline(self._process, max(timeout_s - (time.monotonic() - started), timeout_s / 2))
        try:
            with deadline:
                self._send(data)
                return self._receive()
        except (OSError, EOFError, ValueError) as error:
            problem = PhotoProblem.TOO_SLOW if deadline.passed else self._cause_of_death()
            _log.warning("a photo of %d bytes ended its decoder: %s", len(data), problem)
            self.end()
            raise PhotoError(problem) from error
        except PhotoError as error:
            if error.problem is PhotoProblem.TOO_MUCH_MEMORY:
                self.end()  # what it holds may be a torn heap
            raise

    def _wait_until_ready(self) -> None:
        if not self._ready and self.is_alive():
            with _Deadline(self._process, START_TIMEOUT_S):
                self._ready = self._pipe(self._process.stdout).read(len(READY)) == READY
        if not self._ready:
            self.end()
            raise DecoderError("the photo decoder does not start; with LOG_LEVEL=debug the log says why")

    def _send(self, data: bytes) -> None:
        pipe = self._pipe(self._process.stdin)
        pipe.write(REQUEST.pack(len(data)))
        pipe.write(data)
        pipe.flush()

    def _receive(self) -> Photo:
        header = bytearray(REPLY.size)
        self._fill(memoryview(header))
        status, height, width = REPLY.unpack(header)
        if status != DECODED:
            if status > len(PROBLEMS):
                raise ValueError(f"unknown status {status}")
            raise PhotoError(PROBLEMS[status - 1])
        if not (0 < height <= MAX_SIDE and 0 < width <= MAX_SIDE):
            raise ValueError(f"impossible size {width}x{height}")
        pixels = np.empty((height, width, 3), np.uint8)
        self._fill(pixels.data.cast("B"))
        return Photo(pixels)

    def _fill(self, target: memoryview) -> None:
        pipe = self._pipe(self._process.stdout)
        filled = 0
        while filled < len(target):
            count = pipe.readinto(target[filled:])  # type: ignore[attr-defined]
            if not count:
                raise EOFError
            filled += count

    def _cause_of_death(self) -> PhotoProblem:
        """Say why it ended by itself: a system that kills without being asked is short of memory."""
        try:
            status = self._process.wait(timeout=1.0)
        except subprocess.TimeoutExpired:
            return PhotoProblem.DAMAGED
        if sys.platform == "win32":
            return PhotoProblem.DAMAGED
        if -status == signal.SIGKILL:
            return PhotoProblem.TOO_MUCH_MEMORY
        return PhotoProblem.TOO_SLOW if -status == signal.SIGALRM else PhotoProblem.DAMAGED

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        self._noise.join()
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            try:
                self._pipe(pipe).close()
            except OSError:  # unsent bytes of the photo that ended it
                _log.debug("a pipe of a dead decoder was not empty")

    @staticmethod
    def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
        assert pipe is not None
        return pipe


class _Deadline:
    """Kills a process unless the block ends in time."""

    def __init__(self, process: subprocess.Popen[bytes], seconds: float) -> None:
        self.passed = False
        self._process = process
        self._timer = threading.Timer(seconds, self._pass)
        self._timer.daemon = True

    def _pass(self) -> None:
        self.passed = True
        self._process.kill()

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._timer.join()


def _log_noise(pipe: IO[bytes]) -> None:
    logged = 0
    while line := pipe.readline(1024):
        if logged < MAX_NOISE_BYTES:
            logged += len(line)
            _log.debug("decoder: %s", ascii(line.decode("utf-8", "replace").rstrip()))
