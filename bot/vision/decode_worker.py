"""The process in which photos are decoded: ``python -m bot.vision.decode_worker MEMORY_BYTES TIMEOUT_S``.

It reads a number, a length and a file on its standard input and answers with that number, a size and RGB pixels, or
the number of a problem, until the input ends, which is also what happens when the bot dies. What a codec prints goes
to the standard error, so that it cannot get between the pixels. :class:`bot.vision.decoder.Decoder` is the other end.
"""

import contextlib
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Final

import pillow_heif.options
from PIL import AvifImagePlugin, Image

from bot.vision.child import ignore_signals
from bot.vision.decode_protocol import DECODED, PROBLEMS, READY, REPLY, REQUEST
from bot.vision.decoding import decode_image
from bot.vision.photo import PhotoError, PhotoProblem

CODEC_THREADS: Final = 2
"""Threads of the AVIF and HEIC decoders; each takes 8 MB of the memory limit for its stack."""

ORPHAN_FACTOR: Final = 2
"""The bot ends a slow worker after its timeout; after this many timeouts the worker ends by itself: it is alone."""


def serve(decode: Callable[[bytes], Image.Image], memory_bytes: int, timeout_s: float) -> None:
    """Answer requests until the standard input ends.

    Args:
        decode: gives RGB; raises PhotoError, or MemoryError where the limit was hit.
        memory_bytes: address space of this process, in bytes, where the system knows such a limit.
        timeout_s: what a photo may take, in seconds.
    """
    requests, replies = _take_pipes()
    _be_modest(memory_bytes)
    replies.write(READY)
    replies.flush()
    while len(header := requests.read(REQUEST.size)) == REQUEST.size:
        request, length = REQUEST.unpack(header)
        data = requests.read(length)
        if len(data) < length:
            return
        with _alarm(timeout_s * ORPHAN_FACTOR):
            status, height, width, pixels = _answer(decode, data)
        replies.write(REPLY.pack(request, status, height, width))
        replies.write(pixels)
        replies.flush()


def _answer(decode: Callable[[bytes], Image.Image], data: bytes) -> tuple[int, int, int, bytes]:
    """Status, height, width and pixels of the reply."""
    try:
        image = decode(data)
        return DECODED, image.height, image.width, image.tobytes()
    except PhotoError as error:
        problem = error.problem
    except MemoryError:
        problem = PhotoProblem.TOO_MUCH_MEMORY
    return 1 + PROBLEMS.index(problem), 0, 0, b""


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Keep the two pipes to ourselves: whoever else prints, prints to the standard error."""
    requests = os.fdopen(os.dup(sys.stdin.fileno()), "rb")
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    with Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), sys.stdin.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return requests, replies


def _be_modest(memory_bytes: int) -> None:
    """Set limits, each as far as the system knows it: Windows has none of them, macOS some."""
    AvifImagePlugin.DEFAULT_MAX_THREADS = CODEC_THREADS
    pillow_heif.options.DECODE_THREADS = CODEC_THREADS
    pillow_heif.options.THUMBNAILS = pillow_heif.options.DEPTH_IMAGES = pillow_heif.options.AUX_IMAGES = False
    with contextlib.suppress(OSError):  # when the machine runs out of memory, the bot is not the one to go
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    try:
        import resource
    except ImportError:
        return
    limits = {"RLIMIT_AS": memory_bytes, "RLIMIT_DATA": memory_bytes, "RLIMIT_FSIZE": 0, "RLIMIT_CORE": 0}
    for name, value in limits.items():
        with contextlib.suppress(AttributeError, OSError, ValueError):
            resource.setrlimit(getattr(resource, name), (value, value))


@contextlib.contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """End this process after a time, even inside a codec: nothing handles SIGALRM, so the system kills."""
    if not hasattr(signal, "setitimer"):
        yield
        return
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def main() -> None:
    """Serve :func:`bot.vision.decoding.decode_image` with the limits of the command line."""
    ignore_signals()
    memory_bytes, timeout_s = sys.argv[1:]
    serve(decode_image, int(memory_bytes), float(timeout_s))


if __name__ == "__main__":
    main()
