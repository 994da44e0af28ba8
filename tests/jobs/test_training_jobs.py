"""Trainings in a process of their own: in turn, told about, and ended cleanly whatever happens."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.course.numpy_training import TrainingSettings
from bot.jobs.training_jobs import ENDED, WORKER, AlreadyTraining, JobState, Pace, QueueFull, TrainingJob, TrainingQueue
from bot.vision import child
from tests.conftest import ROOT
from tests.jobs.fake_training import CRASH, ENDLESS, FINE, KILLED, NO_DATA, NO_MEMORY, NONSENSE, SHORT, SILENT

ANN, BEN, CAT = 1, 2, 3
PATIENCE_S = 100.0
"""On a machine that is busy with other things a process takes long to begin."""
FAKE = (sys.executable, str(ROOT / "tests" / "jobs" / "fake_training.py"))


class Bench:
    """A queue whose trainings do what their seeds say, and the processes that it has started."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.queue = TrainingQueue(folder, command=FAKE, silent_s=PATIENCE_S, most_waiting=3)
        self.running: asyncio.Task[None] | None = None

    def start(self) -> None:
        self.running = asyncio.create_task(self.queue.run())

    async def stop(self) -> None:
        if self.running is not None:
            self.running.cancel()
            await asyncio.gather(self.running, return_exceptions=True)

    def put(self, owner: int, does: int = FINE) -> TrainingJob:
        settings = TrainingSettings(neurons=8, epochs=3, seed=does)
        return self.queue.put(owner, settings, (owner, 10 * owner))

    @property
    def pids(self) -> list[int]:
        return [int(path.stem) for path in self.folder.glob("*.pid")]


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    bench = Bench(tmp_path)
    yield bench
    await bench.stop()
    assert not [pid for pid in bench.pids if is_alive(pid)]


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


async def ended(*jobs: TrainingJob) -> list[JobState]:
    async with asyncio.timeout(PATIENCE_S):
        for job in jobs:
            await job.ended.wait()
    return [job.state for job in jobs]


async def runs(job: TrainingJob) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while job.state is not JobState.TRAINING:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_a_training_gives_its_epochs_and_its_network(bench: Bench) -> None:
    job = bench.put(ANN)
    assert job.state is JobState.WAITING
    bench.start()
    assert await ended(job) == [JobState.DONE]
    assert [epoch.number for epoch in job.epochs] == [1, 2, 3]
    assert job.share == 1
    assert job.network is not None
    assert job.network.network.neurons == 8
    assert job.network.epochs == tuple(job.epochs)
    assert len(bench.queue) == 0


async def test_one_at_a_time_in_the_order_of_asking(bench: Bench) -> None:
    jobs = [bench.put(owner) for owner in (BEN, ANN, CAT)]
    assert [bench.queue.ahead(job) for job in jobs] == [0, 1, 2]
    waits = [bench.queue.left(job).total_seconds() for job in jobs]
    assert waits == sorted(waits)
    assert waits[2] == pytest.approx(3 * waits[0])
    bench.start()
    await jobs[0].ended.wait()
    assert len(bench.pids) == 1
    again = bench.put(BEN)
    assert bench.queue.ahead(again) == 2, "behind everybody who waits"
    assert await ended(*jobs, again) == [JobState.DONE] * 4
    assert len(bench.pids) == 4


async def test_everybody_has_one_and_there_is_an_end_to_the_queue(bench: Bench) -> None:
    job = bench.put(ANN)
    with pytest.raises(AlreadyTraining):
        bench.put(ANN)
    for owner in (BEN, CAT, 4):
        bench.put(owner)
    with pytest.raises(QueueFull):
        bench.put(5)
    assert bench.queue.of(ANN) is job
    assert bench.queue.at((ANN, 10 * ANN)) is job
    assert bench.queue.of(5) is None


async def test_a_running_training_is_killed_when_it_is_cancelled(bench: Bench) -> None:
    job, following = bench.put(ANN, ENDLESS), bench.put(BEN)
    bench.start()
    await runs(job)
    assert 0 < bench.queue.left(job).total_seconds() < bench.queue.left(following).total_seconds()
    bench.queue.cancel(job)
    assert await ended(job, following) == [JobState.CANCELLED, JobState.DONE]
    assert job.network is None


async def test_one_that_waits_is_cancelled_without_a_process(bench: Bench) -> None:
    first, second = bench.put(ANN, ENDLESS), bench.put(BEN)
    bench.start()
    await runs(first)
    bench.queue.cancel(second)
    assert second.state is JobState.CANCELLED
    assert len(bench.pids) == 1
    bench.put(BEN)


async def test_at_the_end_of_the_bot_everything_is_stopped(bench: Bench) -> None:
    first, second = bench.put(ANN, ENDLESS), bench.put(BEN)
    bench.start()
    await runs(first)
    await bench.stop()
    assert await ended(first, second) == [JobState.STOPPED] * 2
    assert not is_alive(bench.pids[0])
    assert len(bench.queue) == 0


@pytest.mark.parametrize(
    ("does", "state"),
    [
        (SILENT, JobState.FAILED),
        (NONSENSE, JobState.FAILED),
        (KILLED, JobState.MEMORY),
        (CRASH, JobState.FAILED),
        (SHORT, JobState.FAILED),
        (NO_MEMORY, JobState.MEMORY),
        (NO_DATA, JobState.NO_DATA),
    ],
)
async def test_whatever_ends_a_training_the_next_one_goes_on(bench: Bench, does: int, state: JobState) -> None:
    job, following = bench.put(ANN, does), bench.put(BEN)
    if does == SILENT:
        bench.queue._silent_s = 1
    bench.start()
    assert await ended(job) == [state]
    bench.queue._silent_s = PATIENCE_S
    assert await ended(following) == [JobState.DONE]
    assert job.network is None
    assert job.missing == (("train-images-idx3-ubyte.gz",) if does == NO_DATA else ())
    assert state in ENDED


async def test_a_process_that_cannot_be_started_is_told(tmp_path: Path) -> None:
    queue = TrainingQueue(tmp_path, command=(str(tmp_path / "nowhere"),))
    job = queue.put(ANN, TrainingSettings(), (1, 1))
    running = asyncio.create_task(queue.run())
    assert await ended(job) == [JobState.FAILED]
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def real(folder: Path, settings: TrainingSettings, **options: int) -> TrainingJob:
    queue = TrainingQueue(folder, **options)
    job = queue.put(ANN, settings, (1, 1))
    running = asyncio.create_task(queue.run())
    await ended(job)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    return job


async def test_the_real_process_trains_on_all_images(fashion_mnist_dir: Path) -> None:
    job = await real(fashion_mnist_dir, TrainingSettings(neurons=8, epochs=1, seed=3))
    assert job.state is JobState.DONE
    assert job.network is not None
    assert job.epochs[0].test_accuracy > 0.7


async def test_the_real_process_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")  # nobody listens there
    for name in ("NO_PROXY", "no_proxy", "PROXY_URL", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    job = await real(tmp_path, TrainingSettings(neurons=8, epochs=1))
    assert job.state is JobState.NO_DATA
    assert job.missing == ("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz")
    assert not (tmp_path / "fashion-mnist" / job.missing[0]).exists()


@pytest.mark.skipif(sys.platform != "linux", reason="no other system limits address space")
async def test_the_real_process_says_when_memory_runs_out(fashion_mnist_dir: Path) -> None:
    job = await real(fashion_mnist_dir, TrainingSettings(neurons=8, epochs=1), memory_bytes=230 * 1024**2)
    assert job.state is JobState.MEMORY


def said_by(script: str, *arguments: str) -> str:
    command = [sys.executable, "-c", script, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def test_the_process_needs_neither_telegram_nor_tensorflow() -> None:
    script = (
        "import sys, bot.course.training_worker, bot.course.own_network, bot.datasets.fashion_mnist; "
        "print([name for name in ('telegram', 'tensorflow', 'keras', 'sqlalchemy', 'cv2') if name in sys.modules])"
    )
    assert said_by(script) == "[]"
    assert WORKER[-1] == "bot.course.training_worker"


def test_the_process_stands_back() -> None:
    script = (
        "import os; from bot.course.training_worker import be_modest; be_modest(2**31); "
        "print(os.nice(0), getattr(os, 'sched_getscheduler', lambda _: None)(0))"
    )
    niceness, policy = said_by(script).split()
    assert int(niceness) >= 10
    assert sys.platform != "linux" or int(policy) == os.SCHED_IDLE


def leads_a_session(autogroup: Path) -> bool:
    """Whether the process that trains has a session of its own, where the kernel has this file to weigh it by."""
    script = (
        "import os, sys; from pathlib import Path; from bot.course import training_worker; "
        "training_worker.leave_session(Path(sys.argv[1])); print(os.getsid(0) == os.getpid())"
    )
    return said_by(script, str(autogroup)) == "True"


def test_its_session_stands_back_behind_the_bots(tmp_path: Path) -> None:
    autogroup = tmp_path / "autogroup"
    autogroup.touch()
    assert leads_a_session(autogroup)
    assert autogroup.read_text() == "10"


def test_it_stays_in_the_bots_session_where_none_is_weighed(tmp_path: Path) -> None:
    assert not leads_a_session(tmp_path / "missing"), "or it would not stand back"


async def test_a_process_that_nobody_listens_to_ends(fashion_mnist_dir: Path) -> None:
    """As when the bot was killed: nobody is left to end it."""
    settings = json.dumps({"neurons": 8, "epochs": 50})
    arguments = (*WORKER, settings, str(fashion_mnist_dir), str(1024**3))
    process = await asyncio.to_thread(subprocess.Popen, arguments, stdout=subprocess.PIPE, env=child.environment())
    assert process.stdout is not None
    assert b"begun" in await asyncio.to_thread(process.stdout.readline)
    process.stdout.close()
    try:
        assert await asyncio.to_thread(process.wait, 120) == 1
    finally:
        process.kill()


def test_the_pace_follows_what_was_seen() -> None:
    pace, settings = Pace(), TrainingSettings(neurons=128, epochs=5)
    first = pace.seconds(settings)
    assert 2 < first < 60
    for _ in range(8):
        pace.learn(settings, 0.5, 2 * first)
    assert pace.seconds(settings) == pytest.approx(4 * first, rel=0.3)
    assert pace.seconds(TrainingSettings(neurons=512, epochs=20)) > pace.seconds(settings)
    pace.learn(settings, 0.001, 1000)
    assert pace.seconds(settings) == pytest.approx(4 * first, rel=0.3), "too early to tell"
