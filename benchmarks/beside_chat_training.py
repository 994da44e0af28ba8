"""How long people wait for an answer while a student's network trains in the chat.

    python -m benchmarks.beside_chat_training --data-dir data [--models-dir models] [--rounds N] [--photos N]

The real bot polls a local Bot API server. Somebody starts the longest training that ``/train`` offers, by its buttons.
In each round photos of the validation senders are sent while it runs, and the same ones while its process is halted by
a signal; the order changes from round to round, so what else the machine does meets both alike. When a training is
done the next one is started. The clock runs from the moment when a photo is there for the bot until its answer arrives.
"""

import contextlib
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.beside_training import (
    BenchmarkError,
    load_average,
    parser_of,
    photos_for,
    quantile,
    run,
    running_bot,
    table,
    tell,
    waits,
)
from bot.course.choice import TrainingChoice, most_epochs
from bot.jobs.training_jobs import WORKER
from bot.replies.texts import Language, texts
from bot.replies.texts.train import train_texts
from telegram_playground import Chat, Message, Playground

MOST_MEDIAN: Final = 1.1
"""A photo's median wait beside a training may be this many times the one without (issue 17)."""

MOST_P95: Final = 1.2
"""The same of the p95."""

WIDTHS: Final = (128, 512)
"""Neurons of the trainings, in turn: the course's network and the largest one."""

WARM_UP: Final = 20
"""Photos that are not counted: the first ones find nothing in memory."""

UNDER_WAY_S: Final = 600.0
"""A training has begun within this time."""

MEASURED_S: Final = 600.0
"""The bot has asked its model about all test images within this time."""

RESAMPLES: Final = 2_000
CONFIDENCE: Final = 0.95

_WORDS: Final = train_texts(Language.ZH_HANT)
_UNDER_WAY: Final = "訓練中"


@dataclass(frozen=True, slots=True)
class Rounds:
    """How long answers took.

    Attributes:
        alone: seconds by round, without a training.
        beside: the same photos in the same rounds, while one ran.
        processor: seconds of a processor that the training had meanwhile, by round.
        load: the machine's load average before anything was started; None where the system has none.
    """

    alone: list[list[float]] = field(default_factory=list)
    beside: list[list[float]] = field(default_factory=list)
    load: float | None = None
    processor: list[float] = field(default_factory=list)

    def ratio(self, share: float) -> float:
        """How many times a quantile is beside a training what it is without."""
        return _ratio(np.asarray(self.beside), np.asarray(self.alone), share)

    def interval(self, share: float) -> tuple[float, float]:
        """Where that ratio lies in 95 of 100 draws of as many rounds."""
        rng = np.random.default_rng(0)
        alone, beside = np.asarray(self.alone), np.asarray(self.beside)
        drawn = rng.integers(0, len(alone), (RESAMPLES, len(alone)))
        ratios = [_ratio(beside[rounds], alone[rounds], share) for rounds in drawn]
        low, high = np.quantile(ratios, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
        return float(low), float(high)


def _ratio(beside: NDArray[np.float64], alone: NDArray[np.float64], share: float) -> float:
    return float(np.quantile(beside, share) / np.quantile(alone, share))


async def measure(
    data_dir: Path, models_dir: Path, rounds: int, count: int, say: Callable[[str], None] = print
) -> Rounds:
    """Let the bot answer photos with and without a training in the chat, in turn.

    Args:
        data_dir: has the photos and Fashion-MNIST, or gets them.
        models_dir: has the model.
        rounds: of photos beside a training, and of the same ones without it.
        count: photos a round.
        say: told how far it is.

    Raises:
        DataError: the data is missing and cannot be had.
        BenchmarkError: the bot or a training ended.
    """
    photos = photos_for(data_dir, rounds * count)
    found = Rounds(load=load_average())
    with tempfile.TemporaryDirectory(prefix="beside-chat-training-") as name:
        async with (
            Playground(port=0) as playground,
            running_bot(playground, Path(name), data_dir, models_dir, own_session=False),
        ):
            await measured(playground)
            await waits(playground, photos[:WARM_UP])
            student = Student(playground)
            for number in range(rounds):
                # Photos are fewer than asked for where the senders have fewer; then they come again.
                chosen = [photos[(number * count + place) % len(photos)] for place in range(count)]
                for trains in (True, False) if number % 2 else (False, True):
                    if trains:
                        async with student.training():
                            before = processor_time()
                            found.beside.append(await waits(playground, chosen))
                            found.processor.append(processor_time() - before)
                    else:
                        async with student.halted():
                            found.alone.append(await waits(playground, chosen))
                said = (1000 * quantile(each[-1], 0.5) for each in (found.alone, found.beside))
                say("round {}: median {:.0f} ms alone, {:.0f} ms beside".format(number + 1, *said))
            await student.cancel()
    return found


async def measured(playground: Playground) -> None:
    """Wait until the bot has measured its model, which it does at its start in the background."""
    chat = playground.private(playground.person("Teacher"))
    card = await playground.next_from_bot(await playground.send_text(chat, "/accuracy"), timeout=UNDER_WAY_S)
    await playground.tap(card, texts(Language.ZH_HANT).buttons.measure_again)
    await playground.wait_for(
        lambda: any(message.is_photo for message in playground.from_bot(chat, after=card)), timeout=MEASURED_S
    )


class Student:
    """Somebody who trains in the chat for as long as they are asked to."""

    def __init__(self, playground: Playground) -> None:
        self._playground = playground
        self._message: Message | None = None
        self._trained = 0

    @asynccontextmanager
    async def training(self) -> AsyncIterator[None]:
        """While a training runs.

        Raises:
            BenchmarkError: it does not begin, or ended meanwhile.
        """
        await self._begin()
        yield
        assert self._message is not None
        require_training(self._message)

    @asynccontextmanager
    async def halted(self) -> AsyncIterator[None]:
        """While none does: its process is halted, if there is one."""
        workers = worker_processes()
        for worker in workers:
            os.kill(worker, signal.SIGSTOP)
        try:
            yield
        finally:
            for worker in workers:
                os.kill(worker, signal.SIGCONT)

    async def cancel(self) -> None:
        """End the training."""
        if self._message is not None and trains(self._message):
            await tapped(self._playground, self._message, _WORDS.buttons.cancel)

    async def _begin(self) -> None:
        if self._message is not None and trains(self._message):
            return
        width, self._trained = WIDTHS[self._trained % len(WIDTHS)], self._trained + 1
        chat = self._playground.private(self._playground.person("Student"))
        self._message = await started(self._playground, chat, width)


def worker_processes() -> list[int]:
    """The processes in which our bot trains networks of the chat."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if WORKER[-1].encode() in (folder / "cmdline").read_bytes() and os.getpid() in ancestors(int(folder.name)):
                found.append(int(folder.name))
    return found


def processor_time() -> float:
    """Seconds of a processor that our bot's training has had, user and system."""
    ticks = 0
    for process in worker_processes():
        ticks += sum(map(int, fields_of(process)[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


def fields_of(process: int) -> list[str]:
    """What /proc/PID/stat says behind the name, https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html."""
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()


def ancestors(process: int) -> Iterator[int]:
    """The process that started this one, and those before it."""
    while process > 1:
        process = int(fields_of(process)[1])
        yield process


async def started(playground: Playground, chat: Chat, neurons: int) -> Message:
    """Choose the longest training of a width, start it, and wait until its first images have been learnt from.

    Raises:
        BenchmarkError: it does not begin.
    """
    message = await playground.next_from_bot(await playground.send_text(chat, "/train"), timeout=UNDER_WAY_S)
    try:
        if neurons != TrainingChoice().neurons:
            await tapped(playground, message, _WORDS.buttons.neurons.format(count=neurons))
        await tapped(playground, message, _WORDS.buttons.epochs.format(count=most_epochs(neurons)))
        await tapped(playground, message, _WORDS.buttons.start)
        await playground.wait_for(lambda: _UNDER_WAY in message.text or not trains(message), timeout=UNDER_WAY_S)
    except TimeoutError:
        raise BenchmarkError(f"the training does not begin: {message.text}") from None
    require_training(message)
    return message


async def tapped(playground: Playground, message: Message, button: str) -> None:
    """Tap a button and wait until the message is another."""
    before = message.text, message.buttons
    await playground.tap(message, button)
    await playground.wait_for(lambda: (message.text, message.buttons) != before, timeout=UNDER_WAY_S)


def trains(message: Message) -> bool:
    """Whether a training waits or runs in a message."""
    return [button["text"] for button in message.buttons] == [_WORDS.buttons.cancel]


def require_training(message: Message) -> None:
    """Check that a training has neither failed nor ended.

    Raises:
        BenchmarkError: it has.
    """
    if not trains(message):
        raise BenchmarkError(f"the training ended too early: {message.text}")


def report(found: Rounds) -> str:
    """The figures as lines for a terminal."""
    load = "" if found.load is None else f"; load average before: {found.load:.1f}"
    lines = table(np.ravel(found.alone).tolist(), np.ravel(found.beside).tolist())
    for name, share, most in (("median", 0.5, MOST_MEDIAN), ("p95", 0.95, MOST_P95)):
        low, high = found.interval(share)
        lines.append(f"{name}: {found.ratio(share):.2f} times ({low:.2f} to {high:.2f}), at most {most:.1f}")
    share = sum(found.processor) / float(np.sum(found.beside))
    lines.append(f"while photos waited, the training had {100 * share:.0f} % of a processor")
    return "\n".join([*lines, f"{len(found.alone)} rounds{load}"])


def missed(found: Rounds) -> bool:
    """Whether photos waited longer beside a training than they may."""
    return found.ratio(0.5) > MOST_MEDIAN or found.ratio(0.95) > MOST_P95


def main(arguments: Sequence[str] | None = None) -> int:
    parser = parser_of("beside_chat_training", __doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=20, metavar="N", help="with and without a training each")
    parser.add_argument("--photos", type=int, default=10, metavar="N", help="in a round, with and without each")
    options = parser.parse_args(arguments)
    folders = options.data_dir.resolve(), options.models_dir.resolve()
    measuring = measure(*folders, options.rounds, options.photos, tell)
    return run("beside_chat_training", measuring, report, missed)


if __name__ == "__main__":
    sys.exit(main())
