"""Trains networks for people who asked for it in the chat: one at a time, in a process of its own, in turn.

Everybody has at most one training that waits or runs, so the order of asking is a fair one. The process tells how far
it is over a pipe; it is killed when its training is cancelled, when the bot ends, and when it tells nothing for long.
"""

import asyncio
import json
import logging
import os
import signal
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from bot.course.numpy_training import BATCH, TrainingSettings
from bot.course.own_network import OwnNetwork, unpacked
from bot.course.recorded_runs import TRAIN_IMAGES, Epoch
from bot.network import USUAL_VARIABLES
from bot.vision import child

_LOGGER = logging.getLogger(__name__)

WORKER: Final = child.command("bot.course.training_worker")

MEMORY_BYTES: Final = 1024**3
"""Address space of the process: 47 MB of pixels, their packed file, numpy; three times the file while it is fetched."""

SILENT_S: Final = 300.0
"""A process that tells nothing for so long is killed; a download that falters is silent for about a minute, and one
that stands back behind many photos takes long to read the images."""

MOST_WAITING: Final = 30

_MAX_WEIGHT_BYTES: Final = 1024 * 1024
_NOISE_BYTES: Final = 64 * 1024

# What a step was measured to take on one core of a small server, and what loading the images takes.
_STEP_S: Final = 0.0001
_STEP_AND_NEURON_S: Final = 0.000003
_LOADING_S: Final = 3.0
_SHARE_THAT_TELLS: Final = 0.03


class JobState(StrEnum):
    """How far a training is; for an end without a network, the value is the name of the text that says so."""

    WAITING = "waiting"
    LOADING = "loading"
    TRAINING = "training"
    DONE = "done"
    CANCELLED = "cancelled"
    STOPPED = "stopped"
    NO_DATA = "no_data"
    MEMORY = "memory"
    FAILED = "failed"


ENDED: Final = frozenset(JobState) - {JobState.WAITING, JobState.LOADING, JobState.TRAINING}


class TrainingRefused(Exception):
    """A training that is not taken on."""


class AlreadyTraining(TrainingRefused):
    """This person has one that waits or runs."""


class QueueFull(TrainingRefused):
    """Too many wait."""


@dataclass(frozen=True, slots=True)
class Fetching:
    """A file of the training images that is on its way.

    Attributes:
        name: of the file.
        done: bytes that are here.
        total: bytes that there are.
    """

    name: str
    done: int
    total: int


@dataclass(eq=False)
class TrainingJob:
    """One training.

    Attributes:
        owner: Telegram id of whoever asked for it.
        settings: what to train.
        place: where it is told, the chat's and the message's id.
        state: how far it is.
        share: of all epochs that is done, 0..1.
        epochs: those that are done.
        fetching: while the training images are fetched.
        missing: with ``NO_DATA``: the files that could not be had.
        network: with ``DONE``.
    """

    owner: int
    settings: TrainingSettings
    place: tuple[int, int]
    state: JobState = JobState.WAITING
    share: float = 0.0
    epochs: list[Epoch] = field(default_factory=list)
    fetching: Fetching | None = None
    missing: tuple[str, ...] = ()
    network: OwnNetwork | None = None
    began: float | None = None
    cancelled: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    async def wait(self, seconds: float) -> None:
        """Wait until it has ended, but not longer."""
        try:
            async with asyncio.timeout(seconds):
                await self.ended.wait()
        except TimeoutError:
            return

    def end(self, state: JobState) -> None:
        """End it, once."""
        if not self.ended.is_set():
            self.state = state
            self.ended.set()


class Pace:
    """How long trainings take on this machine, learnt from those that it did."""

    def __init__(self) -> None:
        self._factor = 1.0

    def seconds(self, settings: TrainingSettings) -> float:
        """What a whole training will take, about."""
        steps = settings.epochs * TRAIN_IMAGES / BATCH
        return _LOADING_S + self._factor * steps * (_STEP_S + _STEP_AND_NEURON_S * settings.neurons)

    def learn(self, settings: TrainingSettings, share: float, seconds: float) -> None:
        """Take note of a training, of which a share (0..1) took so long."""
        if share >= _SHARE_THAT_TELLS:
            expected = (self.seconds(settings) - _LOADING_S) / self._factor
            self._factor = min(max(0.5 * self._factor + 0.5 * seconds / (share * expected), 0.1), 50.0)


class TrainingQueue:
    """Takes trainings on and does them, one after the other."""

    def __init__(
        self,
        data_dir: Path,
        *,
        command: Sequence[str] = WORKER,
        memory_bytes: int = MEMORY_BYTES,
        silent_s: float = SILENT_S,
        most_waiting: int = MOST_WAITING,
    ) -> None:
        """Nothing is trained before :meth:`run`.

        Args:
            data_dir: where the training images are, or are put.
            command: the process's command line, to which settings, folder and memory are appended.
            memory_bytes: address space of the process.
            silent_s: a process that tells nothing for so long is killed.
            most_waiting: more are refused.
        """
        self._data_dir = data_dir
        self._command = command
        self._memory_bytes = memory_bytes
        self._silent_s = silent_s
        self._most_waiting = most_waiting
        self._jobs: list[TrainingJob] = []  # the first one runs
        self._filled = asyncio.Event()
        self._pace = Pace()

    def __len__(self) -> int:
        """How many wait or run."""
        return len(self._jobs)

    def put(self, owner: int, settings: TrainingSettings, place: tuple[int, int]) -> TrainingJob:
        """Take a training on.

        Args:
            owner: Telegram id of whoever asks.
            settings: what to train.
            place: where it is told, the chat's and the message's id.

        Raises:
            AlreadyTraining: this person has one.
            QueueFull: too many wait.
        """
        if self.of(owner) is not None:
            raise AlreadyTraining
        if len(self._jobs) > self._most_waiting:
            raise QueueFull
        job = TrainingJob(owner, settings, place)
        self._jobs.append(job)
        self._filled.set()
        return job

    def of(self, owner: int) -> TrainingJob | None:
        """What waits or runs for a person."""
        return next((job for job in self._jobs if job.owner == owner), None)

    def at(self, place: tuple[int, int]) -> TrainingJob | None:
        """What waits or runs and is told in a message."""
        return next((job for job in self._jobs if job.place == place), None)

    def cancel(self, job: TrainingJob) -> None:
        """End a training; one that runs is killed."""
        job.cancelled.set()
        if job in self._jobs[1:] or job.state is JobState.WAITING:
            self._jobs.remove(job)
            job.end(JobState.CANCELLED)

    def ahead(self, job: TrainingJob) -> int:
        """How many come before it."""
        return self._jobs.index(job) if job in self._jobs else 0

    def left(self, job: TrainingJob) -> timedelta:
        """How long until it is done, those before it included, about."""
        before = self._jobs[: self.ahead(job) + 1] if job in self._jobs else []
        return timedelta(seconds=sum(map(self._left_alone, before)))

    def expected(self, owner: int, settings: TrainingSettings) -> tuple[int, timedelta]:
        """How many others would come before a training, and how long until it would be done, about."""
        others = [job for job in self._jobs if job.owner != owner]
        return len(others), timedelta(seconds=sum(map(self._left_alone, others)) + self._pace.seconds(settings))

    async def run(self) -> None:
        """Train what is asked for, until cancelled; then whatever waits or runs is stopped."""
        try:
            while True:
                self._filled.clear()
                if not self._jobs:
                    await self._filled.wait()
                job = self._jobs[0]
                try:
                    await self._train(job)
                except Exception:  # the next one may do better
                    _LOGGER.exception("A training failed")
                finally:
                    if job in self._jobs and not _is_being_cancelled():
                        self._jobs.remove(job)
                        job.end(JobState.FAILED)
        finally:
            for job in self._jobs:
                job.end(JobState.STOPPED)
            self._jobs.clear()

    def _left_alone(self, job: TrainingJob) -> float:
        whole = self._pace.seconds(job.settings)
        if job.began is None or job.share < _SHARE_THAT_TELLS:
            return whole
        took = asyncio.get_running_loop().time() - job.began
        return took * (1 - job.share) / job.share

    async def _train(self, job: TrainingJob) -> None:
        job.state = JobState.LOADING
        async with self._process(job) as process:
            reading = asyncio.create_task(self._listen(job, process))
            cancelling = asyncio.create_task(job.cancelled.wait())
            try:
                await asyncio.wait((reading, cancelling), return_when=asyncio.FIRST_COMPLETED)
                state = JobState.CANCELLED if job.cancelled.is_set() else await reading
            finally:
                for task in (reading, cancelling):
                    task.cancel()
                await asyncio.gather(reading, cancelling, return_exceptions=True)
        if state is None:
            state = _cause_of_death(process.returncode)
            _LOGGER.warning("A training ended before its time: %s (status %s)", state, process.returncode)
        self._jobs.remove(job)
        job.end(state)

    @asynccontextmanager
    async def _process(self, job: TrainingJob) -> AsyncIterator[asyncio.subprocess.Process]:
        """The process of a training; it is gone when the block ends."""
        settings = json.dumps(asdict(job.settings))
        process = await asyncio.create_subprocess_exec(
            *self._command,
            settings,
            str(self._data_dir),
            str(self._memory_bytes),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=child.environment() | _ways_to_others(),
        )
        noise = asyncio.create_task(_log_noise(process.stderr))
        try:
            yield process
        finally:
            if process.returncode is None:
                try:
                    async with asyncio.timeout(0.5 if job.network is not None else 0):
                        await process.wait()
                except TimeoutError:
                    process.kill()
            await asyncio.shield(process.wait())
            noise.cancel()
            await asyncio.gather(noise, return_exceptions=True)

    async def _listen(self, job: TrainingJob, process: asyncio.subprocess.Process) -> JobState | None:
        """Follow what the process tells; how it ended, None where it did so without a word."""
        assert process.stdout is not None
        loop = asyncio.get_running_loop()
        while True:
            try:
                async with asyncio.timeout(self._silent_s):
                    line = await process.stdout.readline()
                    if not line:
                        await process.wait()
                        return None
                    told = json.loads(line)
                    if told["kind"] == "network":
                        weights = await process.stdout.readexactly(min(int(told["bytes"]), _MAX_WEIGHT_BYTES))
                        network = unpacked(weights, job.settings.neurons)
                        job.network = OwnNetwork(job.settings, network, tuple(job.epochs))
                        return JobState.DONE
            except TimeoutError:
                _LOGGER.warning("A training told nothing for %.0f s", self._silent_s)
                return JobState.FAILED
            except (ValueError, KeyError, TypeError, asyncio.IncompleteReadError) as error:
                _LOGGER.warning("A training told nonsense (%s)", type(error).__name__)
                return JobState.FAILED
            if told["kind"] == "problem":
                _LOGGER.warning("A training cannot be done: %s %s", told["problem"], told["detail"])
                job.missing = tuple(told["missing"])
                return JobState(told["problem"])
            self._note(job, told, loop.time())

    def _note(self, job: TrainingJob, told: Mapping[str, Any], now: float) -> None:
        match told["kind"]:
            case "fetching":
                job.fetching = Fetching(told["name"], told["done"], told["total"])
            case "training":
                job.share = told["share"]
            case "epoch":
                job.epochs.append(Epoch(**{name: value for name, value in told.items() if name != "kind"}))
                job.share = len(job.epochs) / job.settings.epochs
            case _:
                return
        if told["kind"] == "fetching":
            return
        job.fetching, job.state = None, JobState.TRAINING
        if job.began is None:
            job.began = now
        else:
            self._pace.learn(job.settings, job.share, now - job.began)


def _is_being_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and bool(task.cancelling())


def _cause_of_death(status: int | None) -> JobState:
    """Why a process ended that said nothing: a system that kills without being asked is short of memory."""
    killed = -signal.SIGKILL if hasattr(signal, "SIGKILL") else None
    return JobState.MEMORY if status is not None and status == killed else JobState.FAILED


def _ways_to_others() -> dict[str, str]:
    """What a download needs to know of proxies and certificates."""
    names = ("PROXY_URL", *USUAL_VARIABLES, *(name.lower() for name in USUAL_VARIABLES))
    return {name: os.environ[name] for name in names if name in os.environ}


async def _log_noise(pipe: asyncio.StreamReader | None) -> None:
    logged = 0
    while pipe is not None and (chunk := await pipe.read(1024)):
        if logged < _NOISE_BYTES:
            logged += len(chunk)
            _LOGGER.debug("training: %s", ascii(chunk.decode("utf-8", "replace").rstrip()))
