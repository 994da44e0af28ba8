"""What becomes of updates when the database goes away, and when the replica that handles one is killed.

All engines go through it at the same time, on one server, since most of it is waiting.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

from benchmarks.live.postgres import PostgresServer
from benchmarks.queue_engines.engines import GONE_AFTER_S
from benchmarks.queue_engines.processes import Journal, Replica

BEFORE, DURING, KILLED = 1, 2, 3
"""The updates: begun when the database goes, delivered while it is away, and begun when its replica is killed."""

WORK_S: Final = 2.0
SETTLE_S: Final = GONE_AFTER_S + 2.0
"""After an outage a lease that has ended says nothing about its owner; so long nobody is taken for dead."""

BOUND_S: Final = 40.0
"""What has not been done by then is counted as not done."""


@dataclass
class Failures:
    """Of one engine; a time that is None stands for never.

    Attributes:
        outage_s: from the return of the database until the update that came while it was away was handled.
        outage_answers: how often each of the two updates of the outage was answered.
        endings: how often a worker stopped in the outage and had to be run again.
        kill_s: from the kill until another replica began the update.
        restart_s: the same, when only a new process of the killed one's name began it.
        kill_answers: how often it was answered.
    """

    outage_s: float | None = None
    outage_answers: tuple[int, int] = (0, 0)
    endings: int = 0
    kill_s: float | None = None
    restart_s: float | None = None
    kill_answers: int = 0


@dataclass
class Trial:
    """One engine's replicas, and how to start one again."""

    replicas: list[Replica]
    journal: Journal
    start: Callable[[str], Awaitable[Replica]]
    found: Failures = field(default_factory=Failures)


async def measure(trials: list[Trial], server: PostgresServer, away_s: float) -> None:
    """Let the database go away for so long, and then kill a replica of each."""
    await asyncio.gather(*(_begin(trial, BEFORE) for trial in trials))
    await asyncio.to_thread(server.stop)
    putting = [asyncio.create_task(trial.replicas[1].put_until_taken(DURING)) for trial in trials]
    await asyncio.sleep(away_s)
    await asyncio.to_thread(server.start)
    back_at = time.monotonic()
    await asyncio.gather(*(_after_outage(trial, back_at) for trial in trials))
    for task in putting:
        task.cancel()
    await asyncio.sleep(max(0.0, back_at + SETTLE_S - time.monotonic()))
    await asyncio.gather(*(_kill(trial) for trial in trials))
    for trial in trials:
        done = trial.journal.done
        trial.found.outage_answers = len(done[BEFORE]), len(done[DURING])
        trial.found.kill_answers = len(done[KILLED])


async def _begin(trial: Trial, update: int) -> str:
    """Deliver an update; which replica has begun it."""
    await trial.replicas[0].put_until_taken(update, WORK_S)
    await trial.journal.until(lambda: update in trial.journal.begun, BOUND_S)
    return trial.journal.begun[update][0][0]


async def _after_outage(trial: Trial, back_at: float) -> None:
    if await trial.journal.until(lambda: DURING in trial.journal.done, BOUND_S):
        trial.found.outage_s = max(0.0, trial.journal.done[DURING][0][1] - back_at)
    trial.found.endings = len(trial.journal.endings)


async def _kill(trial: Trial) -> None:
    name = await _begin(trial, KILLED)
    await asyncio.sleep(WORK_S / 4)
    killed_at = time.monotonic()
    await next(replica for replica in trial.replicas if replica.name == name).kill()
    begun = trial.journal.begun[KILLED]
    if await trial.journal.until(lambda: len(begun) > 1, BOUND_S):
        trial.found.kill_s = begun[1][1] - killed_at
    else:
        started_at = time.monotonic()
        trial.replicas.append(await trial.start(name))
        if await trial.journal.until(lambda: len(begun) > 1, BOUND_S):
            trial.found.restart_s = begun[1][1] - started_at
    await trial.journal.until(lambda: KILLED in trial.journal.done, BOUND_S)
    await asyncio.sleep(WORK_S)
