"""Decoding in worker processes, so that no codec can take the bot down.

A file may crash a codec, send it into an endless loop or make it ask for all memory. Each is the end of a worker
(:mod:`bot.vision.decode_worker`) and one PhotoError; the next photo gets a fresh worker. The worker runs with a memory
limit, without the bot's environment and so without its secrets, and is killed when a photo takes too long. What it
sends back is checked before it is believed.

Photos are private: a worker whose answer was not read to its end, whatever the reason, is never asked again, because
the next person would be answered with what is left in its pipe.
"""

import contextlib
import logging
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import IO, Final, Self

import numpy as np

from bot.vision import child
from bot.vision.decode_protocol import DECODED, PROBLEMS, READY, REPLY, REQUEST
from bot.vision.photo import MAX_BYTES, MAX_SIDE, Photo, PhotoError, PhotoProblem

TIMEOUT_S: Final = 15.0
"""What one photo may take, in the chat and in ``predict``.

48 megapixels of HEIC, AVIF or WebP took 2.4 to 2.9 s of a processor's time, and up to 6.8 s on two cores with a load of
7; phones' usual 12 megapixels take .1 to .6 s. So a machine half as fast and busy still answers every sound photo.
"""

MEMORY_BYTES: Final = 1024**3
"""Address space of a worker: about 250 MB of libraries, the rest for :data:`~bot.vision.decoding.MAX_PIXELS` twice."""

PHOTOS_PER_WORKER: Final = 500
"""A worker is replaced after this many photos, so that what codecs leak does not add up."""

PATIENCE_S: Final = 1.0
"""A photo waits so long for busy workers before another one is started, which takes 19 MB from then on.

A photo that Telegram has scaled takes a worker some milliseconds, a tenth of what all of it takes: two such at once
need no second one. Files of many megapixels take seconds.
"""

START_TIMEOUT_S: Final = 30.0
"""What starting Python and importing Pillow may take on a machine that is busy."""

START_PAUSES_S: Final = (0.2, 1.0)
"""Waits before a worker that could not be started is tried again: limits of processes and memory are often passing."""

MAX_NOISE_BYTES: Final = 64 * 1024
"""What a worker prints is logged up to here; a codec that goes on and on is read and forgotten."""

WORKER: Final = child.command("bot.vision.decode_worker")

_CANNOT_START: Final = (OSError, RuntimeError, MemoryError, subprocess.SubprocessError)
"""What starting a process or a thread raises when there is no more of something; threads say RuntimeError."""

_log = logging.getLogger(__name__)


class DecoderError(RuntimeError):
    """No worker could be started: the installation is broken, or the machine at its limits, not the photo."""


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
        start_timeout_s: float = START_TIMEOUT_S,
        start_pauses_s: Sequence[float] = START_PAUSES_S,
        patience_s: float = PATIENCE_S,
    ) -> None:
        """Start none yet: each is a seventh of what an idle bot takes, and the first photo waits a quarter of a second.

        Args:
            workers: photos decoded at the same time, one process each.
            timeout_s: what one photo may take, in seconds, not counting the wait for a worker.
            memory_bytes: address space of one worker, in bytes.
            photos_per_worker: photos after which a worker is replaced.
            command: the worker's command line, to which the memory limit and the timeout are appended.
            start_timeout_s: what the start of a worker may take, in seconds.
            start_pauses_s: waits before each further try to start one, in seconds.
            patience_s: how long a photo waits for busy workers before another one is started, in seconds.
        """
        self._patience_s = patience_s
        self._timeout_s = timeout_s
        self._start_timeout_s = start_timeout_s
        self._closed = threading.Event()
        self._slots = tuple(
            _Slot((*command, str(memory_bytes), str(timeout_s)), photos_per_worker, start_timeout_s, start_pauses_s)
            for _ in range(workers)
        )
        self._idle: queue.LifoQueue[_Slot | None] = queue.LifoQueue()
        self._idle.put(self._slots[0])
        self._unused: queue.SimpleQueue[_Slot] = queue.SimpleQueue()
        for slot in self._slots[1:]:
            self._unused.put(slot)

    def decode(self, data: bytes) -> Photo:
        """Decode a picture in a worker; blocks until there is one, then at most for the timeout.

        Args:
            data: the whole file, as for :func:`bot.vision.decoding.decode`.

        Raises:
            PhotoError: for everything that gives no photo.
            DecoderError: no worker can be started.
            ValueError: the decoder is closed.
        """
        if len(data) > MAX_BYTES:
            raise PhotoError(PhotoProblem.TOO_MANY_BYTES)
        slot = self._free_slot()
        if slot is None:
            self._idle.put(None)
            raise ValueError("this decoder is closed")
        try:
            worker = slot.ready_worker()
            try:
                return worker.decode(data, self._timeout_s)
            except PhotoError:
                if not worker.was_killed:
                    raise
            # Whoever killed it, for want of memory or by hand, need not have meant this photo: once more.
            return slot.ready_worker().decode(data, self._timeout_s)
        finally:
            try:
                if not self._closed.is_set():
                    slot.prepare()  # starts up while nobody waits for it
            finally:
                self._idle.put(slot)

    def _free_slot(self) -> "_Slot | None":
        """Wait for one; another one comes into use where that takes long."""
        with contextlib.suppress(queue.Empty):
            return self._idle.get(timeout=self._patience_s)
        with contextlib.suppress(queue.Empty):
            return self._unused.get_nowait()
        return self._idle.get()

    def close(self) -> None:
        """End the workers; photos under way are finished first.

        A worker that an exception out of nowhere (Ctrl-C) has lost is not waited for longer than a photo can take. It
        ends by itself with this process.
        """
        if self._closed.is_set():
            return
        self._closed.set()
        with contextlib.suppress(queue.Empty):
            while True:
                self._idle.put(self._unused.get_nowait())
        until = time.monotonic() + self._start_timeout_s + self._timeout_s
        for _ in self._slots:
            try:
                slot = self._idle.get(timeout=max(0.0, until - time.monotonic()))
            except queue.Empty:
                _log.warning("a photo decoder did not come back")
                break
            if slot is not None:
                slot.end()
        self._idle.put(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


class _Slot:
    """The place of one worker in the pool, for one caller at a time; it outlives its workers."""

    def __init__(
        self, command: Sequence[str], photos_per_worker: int, start_timeout_s: float, start_pauses_s: Sequence[float]
    ) -> None:
        self.worker: _Worker | None = None
        self._command = command
        self._photos_per_worker = photos_per_worker
        self._start_timeout_s = start_timeout_s
        self._start_pauses_s = start_pauses_s

    def prepare(self) -> None:
        """Start a worker where there is none to go on with; where that fails, the next photo tries again."""
        try:
            self._fresh()
        except _CANNOT_START:
            _log.exception("cannot start a photo decoder")

    def ready_worker(self) -> "_Worker":
        """Give a worker that waits for a photo, started as often as it takes.

        Raises:
            DecoderError: none starts.
        """
        until = time.monotonic() + self._start_timeout_s
        pauses = iter(self._start_pauses_s)
        while True:
            try:
                worker = self._fresh()
                worker.wait_until_ready(self._start_timeout_s)
            except _CANNOT_START as error:
                pause = next(pauses, None)
                if pause is None or time.monotonic() + pause > until:
                    raise error if isinstance(error, DecoderError) else DecoderError(_NO_START) from error
                time.sleep(pause)
            else:
                return worker

    def _fresh(self) -> "_Worker":
        worker = self.worker
        if worker is None or not worker.is_usable() or worker.photos >= self._photos_per_worker:
            self.end()
            self.worker = worker = _Worker(self._command)
        return worker

    def end(self) -> None:
        if self.worker is not None:
            self.worker.end()
            self.worker = None


_NO_START: Final = "the photo decoder does not start; with LOG_LEVEL=debug the log says why"


class _Worker:
    """One process, for one caller at a time."""

    def __init__(self, command: Sequence[str]) -> None:
        self.was_killed = False
        self.photos = 0
        self._ready = False
        self._in_step = True
        self._process = subprocess.Popen(  # noqa: S603 - our own module, or what a test hands in
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=child.environment(),
        )
        self._watchdog = _Watchdog(self._process)
        self._noise = threading.Thread(target=_log_noise, args=(self._pipe(self._process.stderr),), daemon=True)
        try:
            self._watchdog.start()
            self._noise.start()
        except BaseException:  # no thread to be had; the process must not stay behind
            self.end()
            raise

    def is_usable(self) -> bool:
        """Whether the next photo can be sent: it lives, will be watched, and owes no answer."""
        return self._in_step and self._watchdog.is_watching() and self._process.poll() is None

    def wait_until_ready(self, timeout_s: float) -> None:
        """Wait for the end of its start.

        Raises:
            DecoderError: it does not start.
        """
        if self._ready:
            return
        self._in_step = False
        with self._watchdog.limit(timeout_s):
            self._ready = self._pipe(self._process.stdout).read(len(READY)) == READY
        if not self._ready:
            self.end()
            raise DecoderError(_NO_START)
        self._in_step = True

    def decode(self, data: bytes, timeout_s: float) -> Photo:
        """Decode a photo.

        Raises:
            PhotoError: for everything that gives no photo.
        """
        self.photos += 1
        self._in_step = False  # until the answer is read to its end, whatever is raised meanwhile
        try:
            with self._watchdog.limit(timeout_s):
                self._send(data)
                answer = self._receive()
        except (OSError, EOFError, ValueError) as error:
            problem = PhotoProblem.TOO_SLOW if self._watchdog.has_killed else self._cause_of_death()
            self.was_killed = problem is PhotoProblem.TOO_MUCH_MEMORY
            _log.warning("a photo of %d bytes ended its decoder: %s", len(data), problem)
            self.end()
            raise PhotoError(problem) from error
        except BaseException:
            self.end()
            raise
        # After a lack of memory it stays out of step: what it holds may be a torn heap.
        self._in_step = answer is not PhotoProblem.TOO_MUCH_MEMORY
        if isinstance(answer, PhotoProblem):
            raise PhotoError(answer)
        return answer

    def _send(self, data: bytes) -> None:
        pipe = self._pipe(self._process.stdin)
        pipe.write(REQUEST.pack(self.photos, len(data)))
        pipe.write(data)
        pipe.flush()

    def _receive(self) -> Photo | PhotoProblem:
        header = bytearray(REPLY.size)
        self._fill(memoryview(header))
        request, status, height, width = REPLY.unpack(header)
        if request != self.photos:
            raise ValueError(f"an answer to request {request} instead of {self.photos}")
        if status != DECODED:
            if status > len(PROBLEMS):
                raise ValueError(f"unknown status {status}")
            problem: PhotoProblem = PROBLEMS[status - 1]
            return problem
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
        """End it at once, as often as this is called."""
        self._in_step = False
        self._process.kill()
        self._process.wait()
        self._watchdog.end()
        if self._noise.ident is not None:
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


class _Watchdog:
    """Kills a process when one of its tasks takes too long.

    One thread for the life of the process: a thread for each task could be refused when the task is half done, and
    could come too late and hit the next one.

    Attributes:
        has_killed: whether it had to.
    """

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.has_killed = False
        self._process = process
        self._changed = threading.Condition()
        self._until: float | None = None
        self._ended = False
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def is_watching(self) -> bool:
        return self._thread.is_alive() and not self.has_killed

    @contextlib.contextmanager
    def limit(self, seconds: float) -> Iterator[None]:
        """Kill the process unless the block ends in time; once it has ended, nothing is killed for it."""
        self._set(time.monotonic() + seconds)
        try:
            yield
        finally:
            self._set(None)

    def end(self) -> None:
        with self._changed:
            self._ended = True
            self._changed.notify()
        if self._thread.ident is not None:
            self._thread.join()

    def _set(self, until: float | None) -> None:
        with self._changed:
            self._until = until
            self._changed.notify()

    def _watch(self) -> None:
        with self._changed:
            while not self._ended:
                left = None if self._until is None else self._until - time.monotonic()
                if left is None or left > 0:
                    self._changed.wait(left)
                else:
                    self.has_killed = True
                    self._until = None
                    self._process.kill()


def _log_noise(pipe: IO[bytes]) -> None:
    logged = 0
    while line := pipe.readline(1024):
        if logged < MAX_NOISE_BYTES:
            logged += len(line)
            _log.debug("decoder: %s", ascii(line.decode("utf-8", "replace").rstrip()))
