"""Our own way of moving updates between replicas, against three libraries: ``python -m benchmarks.queue_engines``.

Two replicas of each on a PostgreSQL server of our own. First each engine alone: the time from an update's delivery
until it is handled, at 20 updates a second and with 500 at once, memory, and updates that are delivered twice. Then
all at the same time: the database goes away, and the replica that handles an update is killed. The libraries are set
to the bot's own 20 seconds until a process counts as dead; pip fetches them into ``.venv-queue-engines`` at the first
run.

It needs PostgreSQL's programs, talks to this machine only, and takes a few minutes, mostly waiting.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks.live.errors import LiveError
from benchmarks.live.postgres import PostgresServer, running_database
from benchmarks.queue_engines import failures
from benchmarks.queue_engines.engines import NAMES
from benchmarks.queue_engines.failures import Trial
from benchmarks.queue_engines.libraries import installed, megabytes_more
from benchmarks.queue_engines.performance import Performance, best, measure
from benchmarks.queue_engines.processes import Journal, Replica
from benchmarks.queue_engines.report import failures_table, performance_table
from benchmarks.soak import memory

STEADY_S: Final = 6.0
AWAY_S: Final = 6.0


async def compare(engines: Sequence[str], rounds: int, steady_s: float, away_s: float, logs: Path) -> None:
    """Measure each engine, and print what was found.

    Raises:
        LiveError: one cannot be fetched or does not start, or the database does not.
    """
    async with running_database() as server:
        found: dict[str, list[Performance]] = {name: [] for name in engines}
        for name in list(engines) * rounds:  # in turn, so that what else the machine does meets all of them
            _say(f"{name}: latency, memory, duplicates")
            trial = await _trial(name, server, logs)
            try:
                found[name].append(await measure(trial.replicas, server.pid, trial.journal, steady_s))
            finally:
                await _end([trial])
        performances = {name: best(measured) for name, measured in found.items()}
        megabytes = {name: megabytes_more(installed(name)) for name in engines}
        print(performance_table(performances, megabytes), end="\n\n", flush=True)
        _say("all: the database goes away, a replica is killed")
        trials: dict[str, Trial] = {}
        try:
            for name in engines:
                trials[name] = await _trial(name, server, logs)
            await failures.measure(list(trials.values()), server, away_s)
        finally:
            await _end(list(trials.values()))
        print(failures_table({name: trial.found for name, trial in trials.items()}))


async def _trial(engine: str, server: PostgresServer, logs: Path) -> Trial:
    journal, database_url, packages = Journal(), server.new_database(), installed(engine)

    async def start(name: str) -> Replica:
        return await Replica.start(engine, name, database_url, packages, logs, journal)

    return Trial([await start("a"), await start("b")], journal, start)  # the first makes the tables


async def _end(trials: Sequence[Trial]) -> None:
    for trial in trials:
        for replica in trial.replicas:
            await replica.kill()


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print the tables; 2 when nothing could be measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.queue_engines", description=__doc__.splitlines()[0])
    parser.add_argument("--engine", choices=NAMES, action="append", help="only this one; may be given several times")
    parser.add_argument("--rounds", type=int, default=1, metavar="N", help="of the first part; the best counts (1)")
    parser.add_argument("--steady", type=float, default=STEADY_S, metavar="S", help="seconds at 20 a second (6)")
    parser.add_argument("--away", type=float, default=AWAY_S, metavar="S", help="seconds without database (6)")
    parser.add_argument("--logs", type=Path, metavar="DIR", help="keep what the replicas say of errors there")
    options = parser.parse_args(arguments)
    try:
        if not memory.can_be_measured():
            raise LiveError("memory can be measured on Linux only")
        for name in options.engine or NAMES:
            installed(name)  # before the clock of anything runs
        with tempfile.TemporaryDirectory(prefix="queue-engines-") as folder:
            logs = options.logs or Path(folder)
            logs.mkdir(parents=True, exist_ok=True)
            asyncio.run(compare(options.engine or NAMES, options.rounds, options.steady, options.away, logs))
    except LiveError as error:
        print(f"queue_engines: {error}", file=sys.stderr)
        return 2
    return 0


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
