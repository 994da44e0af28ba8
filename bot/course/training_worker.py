"""The process in which a student's network is trained.

``python -m bot.course.training_worker SETTINGS DATA_DIR MEMORY_BYTES``; it needs neither Telegram nor TensorFlow. On
its standard output it tells, a JSON object a line, how far it is; after the line of the finished network come its
weights. Where nobody reads any more, because the bot has died, the next line ends it.
:class:`bot.jobs.training_jobs.TrainingQueue` is the other end.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO, Final

from bot.vision.child import ignore_signals

LOW_PRIORITY: Final = 10
"""As ``nice`` counts, where the system has nothing lower: beside a photo it gets a tenth of a core. Linux has: there
it gets what nobody else wants, and a photo need not wait for the end of its turn."""
AUTOGROUP: Final = Path("/proc/self/autogroup")
"""Linux shares processors between login sessions first, and by priority only within one (sched(7), "The autogroup
feature"): of what the bot's session gets beside other sessions, a training in it would take a part."""
_TRIES: Final = 20
_TRY_EVERY_S: Final = 0.1
FETCHING_TOLD_EVERY_S: Final = 0.5
TRAINING_TOLD_EVERY_S: Final = 0.25
HOPELESS_LOSS: Final = 1e30


class Reporter:
    """Writes the lines; not more often than somebody can read them."""

    def __init__(self, pipe: BinaryIO) -> None:
        self._pipe = pipe
        self._told_at = 0.0

    def tell(self, kind: str, **values: Any) -> None:
        """Write a line now."""
        self._pipe.write(json.dumps({"kind": kind} | values).encode() + b"\n")
        self._pipe.flush()

    def fetching(self, name: str, done: int, total: int) -> None:
        """So many bytes of a file are here."""
        if self._is_due(FETCHING_TOLD_EVERY_S) or done >= total:
            self.tell("fetching", name=name, done=done, total=total)

    def training(self, share: float) -> None:
        """This share (0..1) of all epochs is done."""
        if self._is_due(TRAINING_TOLD_EVERY_S):
            self.tell("training", share=share)

    def network(self, weights: bytes) -> None:
        """The end: the weights follow the line."""
        self.tell("network", bytes=len(weights))
        self._pipe.write(weights)
        self._pipe.flush()

    def _is_due(self, every_s: float) -> bool:
        now = time.monotonic()
        if now - self._told_at < every_s:
            return False
        self._told_at = now
        return True


def work(settings: dict[str, Any], data_dir: Path, reporter: Reporter) -> None:
    """Fetch what is missing, train, and tell; imports only now, inside of the limits."""
    from bot.course.numpy_training import LabelledPixels, TrainingSettings, train
    from bot.course.own_network import packed
    from bot.datasets.fashion_mnist import load_test, load_train

    reporter.tell("begun")
    chosen = TrainingSettings(**settings)
    splits = [load(data_dir, progress=reporter.fetching) for load in (load_train, load_test)]
    training, test = (LabelledPixels(split.images, split.labels) for split in splits)
    weights = b""
    for epoch, network in train(chosen, training, test, on_progress=reporter.training):
        reporter.tell("epoch", **{name: _finite(value) for name, value in asdict(epoch).items()})
        weights = packed(network)
    reporter.network(weights)


def main(arguments: list[str]) -> int:
    """Train what the command line says; the exit status is 0 also where the last line tells of a problem."""
    settings, data_dir, memory_bytes = arguments
    ignore_signals()
    reporter = Reporter(_take_pipe())
    try:
        be_modest(int(memory_bytes))
        with _problems_told(reporter):
            work(json.loads(settings), Path(data_dir), reporter)
    except BrokenPipeError:
        os._exit(1)  # nobody listens; the interpreter's own flush would only complain
    return 0


def _finite(value: float) -> float:
    """The number itself; a loss that is none any more is a very high one."""
    return value if math.isfinite(value) else HOPELESS_LOSS


@contextlib.contextmanager
def _problems_told(reporter: Reporter) -> Iterator[None]:
    from bot.datasets.fetch import DataError

    try:
        yield
    except DataError as error:
        reporter.tell("problem", problem="no_data", detail=str(error), missing=list(error.missing))
    except MemoryError:
        reporter.tell("problem", problem="memory", detail="", missing=[])


def be_modest(memory_bytes: int) -> None:
    """Stand back behind everything else, and take no more memory than this, as far as the system knows such limits.

    Before threads are started.
    """
    leave_session()
    with contextlib.suppress(AttributeError, OSError):
        os.nice(LOW_PRIORITY)
    with contextlib.suppress(AttributeError, OSError):
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    with contextlib.suppress(OSError):  # when the machine runs out of memory, the bot is not the one to go
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    try:
        import resource
    except ImportError:
        return
    for name, value in {"RLIMIT_AS": memory_bytes, "RLIMIT_CORE": 0}.items():
        with contextlib.suppress(AttributeError, OSError, ValueError):
            resource.setrlimit(getattr(resource, name), (value, value))


def leave_session(autogroup: Path = AUTOGROUP) -> None:
    """Begin a session that gets a tenth of what the bot's gets, where sessions share processors; else stay in that.

    Args:
        autogroup: the file through which a session's niceness is set.
    """
    with contextlib.suppress(AttributeError, OSError):
        descriptor = os.open(autogroup, os.O_WRONLY)  # first: in a session that keeps its rights it would only be worse
        try:
            os.setsid()
            for _ in range(_TRIES):  # Linux allows ten changes a second, by all together
                with contextlib.suppress(BlockingIOError):
                    os.write(descriptor, str(LOW_PRIORITY).encode())
                    return
                time.sleep(_TRY_EVERY_S)
        finally:
            os.close(descriptor)


def _take_pipe() -> BinaryIO:
    """Keep the pipe to ourselves: whoever else prints, prints to the standard error."""
    pipe = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return pipe


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
