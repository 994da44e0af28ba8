"""How long an update takes from its delivery until it is handled, how much memory that takes, and what comes twice."""

import asyncio
import contextlib
import os
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from benchmarks.live.errors import LiveError
from benchmarks.queue_engines.processes import Journal, Replica
from benchmarks.soak import memory

RATE: Final = 20
BURST: Final = 500
CONNECTIONS: Final = 40
"""So many deliveries Telegram has under way at once, unless a bot asks for another number."""

WARM_UP: Final = 20
PATIENCE_S: Final = 120.0

TWICE_EACH: Final = 20
TWICE_WORK_S: Final = 0.5
TWICE_QUIET_S: Final = 2.0


@dataclass(frozen=True)
class Performance:
    """Of two replicas of one engine.

    Attributes:
        steady: seconds from delivery until handled, of updates that came evenly.
        burst: seconds until handled, of updates that were all sent at one moment.
        processor_s: processor time an update that came evenly, of both replicas and the database.
        megabytes: proportional set size of a replica after that.
        twice: of :data:`TWICE_EACH` updates that were delivered twice, how many were handled twice, by when it was.
    """

    steady: Sequence[float]
    burst: Sequence[float]
    processor_s: float
    megabytes: float
    twice: dict[str, int] = field(default_factory=dict)


def best(rounds: Sequence[Performance]) -> Performance:
    """The least of each figure, since other work on the machine only adds; but the most that was handled twice."""
    return Performance(
        steady=min((each.steady for each in rounds), key=statistics.median),
        burst=min((each.burst for each in rounds), key=statistics.median),
        processor_s=min(each.processor_s for each in rounds),
        megabytes=min(each.megabytes for each in rounds),
        twice={when: max(each.twice[when] for each in rounds) for when in rounds[0].twice},
    )


async def measure(replicas: Sequence[Replica], server_pid: int, journal: Journal, steady_s: float) -> Performance:
    """Deliver to each in turn, and look at what becomes of it.

    Raises:
        LiveError: an update was not handled in time.
    """
    await _evenly(replicas, journal, range(WARM_UP))
    pids = [*(replica.pid for replica in replicas), server_pid]
    used_s, even = _processor_s(pids), range(WARM_UP, WARM_UP + int(RATE * steady_s))
    steady = await _evenly(replicas, journal, even)
    processor_s = (_processor_s(pids) - used_s) / len(even)
    at_once = range(even.stop, even.stop + BURST)
    burst = await _at_once(replicas, journal, at_once)
    megabytes = memory.of_trees(replica.pid for replica in replicas).whole / 1e6 / len(replicas)
    return Performance(steady, burst, processor_s, megabytes, await _twice(replicas, journal, at_once.stop))


async def _evenly(replicas: Sequence[Replica], journal: Journal, updates: range) -> list[float]:
    """Deliver :data:`RATE` a second; how long each took from its delivery."""
    clock, delivered, delivering = asyncio.get_running_loop().time, {}, []
    next_at = clock()
    for update in updates:
        delivered[update] = time.monotonic()
        delivering.append(asyncio.create_task(replicas[update % len(replicas)].put_until_taken(update)))
        next_at += 1 / RATE
        await asyncio.sleep(max(0.0, next_at - clock()))
    await _until_done(journal, updates)
    await asyncio.gather(*delivering)
    return [journal.done[update][0][1] - at for update, at in delivered.items()]


async def _at_once(replicas: Sequence[Replica], journal: Journal, updates: range) -> list[float]:
    """Deliver all that people sent at one moment; how long each took from that moment."""
    connections, sent_at = asyncio.Semaphore(CONNECTIONS), time.monotonic()

    async def deliver(update: int) -> None:
        async with connections:
            await replicas[update % len(replicas)].put_until_taken(update)

    delivering = [asyncio.create_task(deliver(update)) for update in updates]
    await _until_done(journal, updates)
    await asyncio.gather(*delivering)
    return [journal.done[update][0][1] - sent_at for update in updates]


async def _until_done(journal: Journal, updates: range) -> None:
    if not await journal.until(lambda: all(update in journal.done for update in updates), PATIENCE_S):
        missing = sum(update not in journal.done for update in updates)
        raise LiveError(f"{missing} of {len(updates)} updates were not handled within {PATIENCE_S:.0f} s")


def _processor_s(roots: Sequence[int]) -> float:
    """Processor time that processes, their descendants, and the children that they waited for have used."""
    ticks = 0
    for number in {number for root in roots for number in memory.tree(root)}:
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(int(field) for field in fields[11:15])  # utime, stime, cutime, cstime: proc(5)
    return ticks / os.sysconf("SC_CLK_TCK")


async def _twice(replicas: Sequence[Replica], journal: Journal, first: int) -> dict[str, int]:
    """Deliver updates twice, to two replicas: at once, while the first is handled, and after it was."""
    one, other = replicas[0], replicas[1]
    at_once = range(first, first + TWICE_EACH)
    meanwhile = range(at_once.stop, at_once.stop + TWICE_EACH)
    afterwards = range(meanwhile.stop, meanwhile.stop + TWICE_EACH)

    async def again(update: int, when: dict[int, list[tuple[str, float]]]) -> None:
        await one.put_until_taken(update, TWICE_WORK_S)
        if not await journal.until(lambda: update in when, PATIENCE_S):
            raise LiveError(f"update {update} was not handled within {PATIENCE_S:.0f} s")
        if when is journal.done:
            await asyncio.sleep(TWICE_QUIET_S / 2)  # until that it is done has been noted
        await other.put_until_taken(update, TWICE_WORK_S)

    await asyncio.gather(
        *(replica.put_until_taken(update, TWICE_WORK_S) for update in at_once for replica in (one, other)),
        *(again(update, journal.begun) for update in meanwhile),
        *(again(update, journal.done) for update in afterwards),
    )
    await asyncio.sleep(TWICE_WORK_S + TWICE_QUIET_S)
    named = {"at once": at_once, "meanwhile": meanwhile, "afterwards": afterwards}
    return {name: journal.begun_twice(updates) for name, updates in named.items()}
