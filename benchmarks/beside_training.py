"""How long people wait for an answer while a model trains on the same machine.

    python -m benchmarks.beside_training --data-dir data [--models-dir models] [--photos N]

The real bot polls a local Bot API server and answers photos of the validation senders, one after another: alone, beside
``python -m training``, and alone again. The clock runs from the moment when the photo is there for the bot until its
answer arrives. Training is interrupted in the end and publishes nothing.
"""

import argparse
import asyncio
import os
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np

from benchmarks.work.photos import flat_photos
from bot.datasets import DataError
from bot.settings import PROJECT_ROOT, Settings
from telegram_playground import Playground
from training.runs.folders import RUNS_DIR

Found = TypeVar("Found")

MOST: Final = 2.0
"""The p95 beside a training may be this many times the p95 without one (issue 4)."""

WARM_UP: Final = 5
PAUSE_S: Final = 0.1
"""Between an answer and the next photo; people do not send without a break."""

ANSWER_S: Final = 60.0
"""The bot's start is over, and any photo answered, within this time."""

FIRST_EPOCH_S: Final = 1800.0
"""So long may finding the garments of the training photos and the first epoch take."""

EPOCHS: Final = 500
"""More than can be trained meanwhile."""


class BenchmarkError(Exception):
    """Nothing can be measured; ``str()`` says why in one line."""


@dataclass(frozen=True, slots=True)
class Waits:
    """How long answers took.

    Attributes:
        alone: seconds, without a training, before and after it.
        beside: seconds, while one ran.
        load: the machine's load average before anything was started; None where the system has none.
    """

    alone: Sequence[float]
    beside: Sequence[float]
    load: float | None

    @property
    def ratio(self) -> float:
        """How many times the p95 was with a training what it is without."""
        return quantile(self.beside, 0.95) / quantile(self.alone, 0.95)


def quantile(seconds: Sequence[float], share: float) -> float:
    """The time within which ``share`` of the answers came, seconds."""
    return float(np.quantile(seconds, share))


async def measure(
    data_dir: Path, models_dir: Path, preset: str, count: int, say: Callable[[str], None] = print
) -> Waits:
    """Let the bot answer alone, beside a training, and alone again.

    Args:
        data_dir: has the photos and Fashion-MNIST, or gets them.
        models_dir: has the model.
        preset: what is trained.
        count: photos alone, half of them before and half after, and as many beside the training.
        say: told how far it is.

    Raises:
        DataError: the data is missing and cannot be had.
        BenchmarkError: the bot or the training ended.
    """
    photos = photos_for(data_dir, count)
    load = load_average()
    with tempfile.TemporaryDirectory(prefix="beside-training-") as name:
        folder = Path(name)
        async with Playground(port=0) as playground, running_bot(playground, folder, data_dir, models_dir):
            await waits(playground, photos[:WARM_UP])
            say(f"{count} photos without a training ...")
            alone = await waits(playground, photos[: count // 2])
            async with training(folder, data_dir, models_dir, preset) as run:
                say(f"waiting for the first epoch of {preset} ...")
                await first_epoch(run)
                say(f"{count} photos beside the training ...")
                beside = await waits(playground, photos)
                if run.process.returncode is not None:
                    raise BenchmarkError("the training ended too early")
            say("the others without it ...")
            alone += await waits(playground, photos[count // 2 :])
    return Waits(alone, beside, load)


def load_average() -> float | None:
    """The machine's load of the last minute; None where the system has no such figure."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else None


def photos_for(data_dir: Path, count: int) -> list[bytes]:
    """So many validation photos as files, evenly spread over the list, the small and the large ones mixed."""
    files = flat_photos(data_dir, count)
    return [files[index] for index in np.random.default_rng(0).permutation(len(files))]


async def waits(playground: Playground, photos: Sequence[bytes]) -> list[float]:
    """Send photos one after another, each from somebody new; how long each waited for its answer, seconds."""
    seconds = []
    for photo in photos:
        sent = await playground.send_photo(playground.private(playground.person()), photo)
        started = time.perf_counter()
        try:
            answer = await playground.answer_to(sent, timeout=ANSWER_S)
        except TimeoutError:
            raise BenchmarkError(f"the bot did not answer within {ANSWER_S:.0f} s") from None
        seconds.append(time.perf_counter() - started)
        if not answer.is_photo:
            raise BenchmarkError(f"the bot answered without a card: {answer.text}")
        await asyncio.sleep(PAUSE_S)
    return seconds


@asynccontextmanager
async def running_bot(
    playground: Playground, folder: Path, data_dir: Path, models_dir: Path, *, own_session: bool = True
) -> AsyncIterator[None]:
    """``python -m bot``, polling, with a store of its own, and in a login session of its own unless told otherwise."""
    settings = {
        "BOT_TOKEN": playground.token,
        "BOT_API_URL": playground.api_url,
        "DATABASE_URL": f"sqlite:///{folder / 'bot.sqlite3'}",
        "DATA_DIR": str(data_dir),
        "MODELS_DIR": str(models_dir),
    }
    log = folder / "bot.log"
    async with started("bot", ["run", "--polling"], settings, log, own_session=own_session) as process:
        try:
            yield
        except BenchmarkError as error:
            if process.returncode is None:
                raise
            raise BenchmarkError(f"the bot ended: {last_line(log)}") from error


@dataclass(frozen=True, slots=True)
class TrainingRun:
    """A training in a process of its own, and where it keeps its runs and what it prints."""

    process: asyncio.subprocess.Process
    runs_dir: Path
    log: Path

    @property
    def has_an_epoch(self) -> bool:
        """Whether the first epoch is over."""
        return any(self.runs_dir.glob("*/metrics.csv"))


@asynccontextmanager
async def training(folder: Path, data_dir: Path, models_dir: Path, preset: str) -> AsyncIterator[TrainingRun]:
    """``python -m training --preset`` as an admin would start it; the cache of converted photos is shared."""
    runs_dir, log = folder / "runs", folder / "training.log"
    cache = RUNS_DIR / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    runs_dir.mkdir()
    (runs_dir / "cache").symlink_to(cache, target_is_directory=True)
    arguments = ["--preset", preset, "--epochs", str(EPOCHS), "--no-publish", "--runs-dir", str(runs_dir)]
    arguments += ["--data-dir", str(data_dir), "--models-dir", str(models_dir)]
    async with started("training", arguments, {}, log) as process:
        yield TrainingRun(process, runs_dir, log)


async def first_epoch(run: TrainingRun) -> None:
    """Wait until a training is well under way."""
    deadline = time.monotonic() + FIRST_EPOCH_S
    while not run.has_an_epoch:
        if run.process.returncode is not None:
            raise BenchmarkError(f"the training ended: {last_line(run.log)}")
        if time.monotonic() > deadline:
            raise BenchmarkError("the training does not get on")
        await asyncio.sleep(0.2)


@asynccontextmanager
async def started(
    module: str, arguments: Sequence[str], settings: Mapping[str, str], log: Path, *, own_session: bool = True
) -> AsyncIterator[asyncio.subprocess.Process]:
    """``python -m module`` with these settings and no others, printing into a file; it is ended in the end.

    With a login session of its own, as a service and an admin's terminal have: Linux shares processors between those.
    """
    unset = {name.upper(): "" for name in Settings.model_fields}
    with log.open("wb") as file:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            module,
            *arguments,
            cwd=PROJECT_ROOT,
            env={**os.environ, **unset, **settings},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            start_new_session=own_session,
        )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        try:
            async with asyncio.timeout(ANSWER_S):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()


def last_line(path: Path) -> str:
    """The last line that a process printed."""
    lines = path.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return lines[-1] if lines else "it said nothing"


def report(found: Waits) -> str:
    """The figures as lines for a terminal."""
    load = "" if found.load is None else f"; load average before: {found.load:.1f}"
    ratio = f"p95 beside a training: {found.ratio:.2f} times the idle one, at most {MOST:.0f}{load}"
    return "\n".join([*table(found.alone, found.beside), ratio])


def table(alone: Sequence[float], beside: Sequence[float]) -> list[str]:
    """How long answers took, seconds, as lines of milliseconds for a terminal."""
    lines = [f"{'':<18}{'p50':>10}{'p95':>10}{'photos':>8}"]
    for name, each in (("alone", alone), ("beside a training", beside)):
        lines.append(
            f"{name:<18}{1000 * quantile(each, 0.5):>7.0f} ms{1000 * quantile(each, 0.95):>7.0f} ms{len(each):>8}"
        )
    return lines


def parser_of(program: str, description: str) -> argparse.ArgumentParser:
    """What both programs that measure the bot beside a training are asked with."""
    parser = argparse.ArgumentParser(prog=f"python -m benchmarks.{program}", description=description)
    parser.add_argument("--data-dir", type=Path, default=Path("data"))
    parser.add_argument("--models-dir", type=Path, default=Path("models"))
    return parser


def run(
    program: str, measuring: Coroutine[Any, Any, Found], report: Callable[[Found], str], missed: Callable[[Found], bool]
) -> int:
    """Measure and print the report.

    Returns:
        The exit status: 0, 1 where the aim is missed, 2 where nothing could be measured, 130 where somebody stopped it.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # the bot and the training end with it
    try:
        found = asyncio.run(measuring)
    except (DataError, BenchmarkError) as error:
        print(f"{program}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"{program}: stopped", file=sys.stderr)
        return 130
    print(report(found))
    return int(missed(found))


def tell(line: str) -> None:
    """Say how far a program is, apart from its report."""
    print(line, file=sys.stderr, flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = parser_of("beside_training", __doc__.splitlines()[0])
    parser.add_argument("--photos", type=int, default=200, metavar="N", help="with and without a training each")
    parser.add_argument("--preset", default="standard", help="what is trained meanwhile")
    options = parser.parse_args(arguments)
    folders = options.data_dir.resolve(), options.models_dir.resolve()
    measuring = measure(*folders, options.preset, options.photos, tell)
    return run("beside_training", measuring, report, lambda found: found.ratio > MOST)


if __name__ == "__main__":
    sys.exit(main())
