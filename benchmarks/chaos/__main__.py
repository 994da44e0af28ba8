"""``make chaos``: does it lose a photo, answer one twice, or mix two up?

    python -m benchmarks.chaos [--minutes 5] [--people 50] [--seed 1] [--scenario webhook] [--logs DIR]

Two scenarios, one after the other, each with its own token and PostgreSQL database: two web processes behind a load
balancer, and a process that polls. People send photos and albums to a local Bot API server while updates come twice
and reordered, processes are killed and started again, decoders are killed, the database and the Bot API server go away
for longer than a lease, and updates come that cannot be read. In the end, after a bounded time of quiet, every
photo must have been answered, once, by a picture that shows this photo.

The exit status is 0 when that is so, 1 when not, 2 when nothing could be tried. It talks to this machine only, needs
PostgreSQL's programs, and ends by itself; a seed brings the same events and photos again, not the same timing.
"""

import argparse
import asyncio
import logging
import signal
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from benchmarks.chaos.report import remarks, table
from benchmarks.chaos.scenario import Mode, Outcome, Scenario, Size
from benchmarks.live.errors import LiveError
from benchmarks.live.postgres import running_database
from benchmarks.soak import memory
from bot.settings import settings_or_exit

MINUTES: Final = 5.0
QUIET_S: Final = 120.0
PEOPLE: Final = 50
RATE: Final = 1.5


async def chaos(
    modes: Sequence[Mode], size: Size, models_dir: Path, logs: Path, say: Callable[[str], None]
) -> list[Outcome]:
    """Let the scenarios happen, one after the other.

    Raises:
        LiveError: the bot or the database does not start.
    """
    outcomes = []
    if (this := asyncio.current_task()) is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, this.cancel)  # as Ctrl-C: all is cleaned up
    async with running_database() as database:
        for mode in modes:
            outcomes.append(await Scenario(mode, size, database, models_dir, logs, say).run())
    return outcomes


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.chaos", description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=MINUTES, help=f"of each scenario ({MINUTES:.0f})")
    parser.add_argument("--quiet", type=float, default=QUIET_S, metavar="S", help=f"seconds after it ({QUIET_S:.0f})")
    parser.add_argument("--people", type=int, default=PEOPLE, metavar="N", help=f"how many send ({PEOPLE})")
    parser.add_argument("--rate", type=float, default=RATE, help=f"photos a second, of all together ({RATE})")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="of all that is drawn by lot (1)")
    parser.add_argument("--scenario", type=Mode, choices=list(Mode), help="only this one")
    parser.add_argument("--logs", type=Path, metavar="DIR", help="keep the logs of the processes there")
    options = parser.parse_args(arguments)
    logging.getLogger("uvicorn").setLevel(logging.CRITICAL)  # the server would tell of every connection that it cuts
    size = Size(60 * options.minutes, options.quiet, options.people, options.rate, options.seed)
    modes = [options.scenario] if options.scenario else list(Mode)
    outcomes, trouble = [], ""
    try:
        if not memory.can_be_measured():
            raise LiveError("processes can be told apart on Linux only")
        with tempfile.TemporaryDirectory(prefix="chaos-") as name:
            logs = options.logs or Path(name)
            logs.mkdir(parents=True, exist_ok=True)
            outcomes = asyncio.run(chaos(modes, size, settings_or_exit("chaos").models_dir, logs, _say))
    except* LiveError as group:
        trouble = f"chaos: {_first(group)}"
    except* (KeyboardInterrupt, asyncio.CancelledError):
        trouble = "chaos: interrupted"
    if trouble:
        print(trouble, file=sys.stderr)
        return 2
    for outcome in outcomes:
        for line in remarks(outcome):
            print(f"{outcome.mode}: {line}", file=sys.stderr)
    print(table(outcomes))
    return int(not all(outcome.good for outcome in outcomes))


def _first(group: BaseExceptionGroup[LiveError]) -> BaseException:
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
