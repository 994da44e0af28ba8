"""``make soak``: can it be left running?

    python -m benchmarks.soak [--webhook] [--photos 500] [--minutes 60] [--plot FILE]

The real bot polls a local Bot API server, or two of its web processes share a PostgreSQL database behind a load
balancer. It answers the photos of the data set, eight people waiting at a time, while
requests fail, connections break, files come short and updates come twice. Answers are counted at the server, by the
message that each replies to. The exit status is 0 when every photo got exactly one answer and the memory stayed flat,
1 when not, 2 when nothing could be measured. It talks to this machine only, and ends by itself.
"""

import argparse
import asyncio
import logging
import secrets
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Final

from benchmarks.live.balancer import Balancer
from benchmarks.live.bot_process import BotProcess, environment_for, free_port, running_bot
from benchmarks.live.errors import LiveError
from benchmarks.live.postgres import running_database
from benchmarks.soak import memory
from benchmarks.soak.fault_profile import AGAIN, LATE, TWICE, fault_profile
from benchmarks.soak.report import passed, plot, report
from benchmarks.soak.traffic import Record, Traffic
from bot.datasets import DataError, ensure_photos, photo_list
from bot.settings import PROJECT_ROOT, settings_or_exit
from telegram_playground import Playground

PHOTOS: Final = 10_000
MINUTES: Final = 120.0
WEB_PROCESSES: Final = 2
PICTURE: Final = PROJECT_ROOT / "benchmarks" / "soak.png"


async def soak(
    photos: Sequence[Path], models_dir: Path, count: int, longest_s: float, say: Callable[[str], None], *, webhook: bool
) -> Record:
    """Send ``count`` photos to a bot.

    Args:
        photos: the files, taken in turn.
        models_dir: has the model.
        count: how many are sent.
        longest_s: after so long no more are sent.
        say: told how far it is.
        webhook: two web processes with PostgreSQL, instead of one that polls with SQLite.

    Raises:
        LiveError: the bot did not start, or ended.
    """
    bot = web_processes if webhook else polling_process
    with tempfile.TemporaryDirectory(prefix="soak-") as name:
        async with (
            Playground(port=0, faults=fault_profile()) as playground,
            bot(playground, Path(name), models_dir) as bots,
        ):
            traffic = asyncio.create_task(
                Traffic(playground, photos, count, longest_s, say).run([each.pid for each in bots])
            )
            ending = [asyncio.create_task(each.fail_when_it_ends()) for each in bots]
            try:
                done, _ = await asyncio.wait((traffic, *ending), return_when=asyncio.FIRST_COMPLETED)
                await done.pop()
                record = traffic.result()
                record.warnings, record.errors = (
                    sum(each.logged(level) for each in bots) for level in ("warning", "error")
                )
                return record
            finally:
                for task in (traffic, *ending):
                    task.cancel()
                await asyncio.gather(traffic, *ending, return_exceptions=True)


@asynccontextmanager
async def polling_process(
    playground: Playground, folder: Path, models_dir: Path
) -> AsyncIterator[Sequence[BotProcess]]:
    """``python -m bot run --polling`` with a store of its own; it ends with the block."""
    environment = environment_for(playground, models_dir, DATABASE_URL=f"sqlite:///{folder / 'bot.sqlite3'}")
    async with running_bot(("run", "--polling"), environment, folder / "bot.log") as bot:
        yield [bot]


@asynccontextmanager
async def web_processes(playground: Playground, folder: Path, models_dir: Path) -> AsyncIterator[Sequence[BotProcess]]:
    """``python -m bot run --webhook``, some times, with one PostgreSQL database; they end with the block."""
    ports = [free_port() for _ in range(WEB_PROCESSES)]
    targets = [f"http://127.0.0.1:{port}" for port in ports]
    async with running_database() as database, Balancer(targets, twice=TWICE, again=AGAIN, late=LATE) as balancer:
        settings = {
            "WEBHOOK_URL": balancer.url,
            "WEBHOOK_SECRET": secrets.token_hex(16),
            "DATABASE_URL": await asyncio.to_thread(database.new_database),
            "DATA_KEY": secrets.token_hex(16),
        }
        async with AsyncExitStack() as stack:
            starting = []
            for port in ports:
                environment = environment_for(playground, models_dir, **settings, PORT=str(port))
                starting.append(running_bot(("run", "--webhook"), environment, folder / f"bot-{port}.log"))
            yield [await stack.enter_async_context(each) for each in starting]


def files(data_dir: Path, count: int) -> list[Path]:
    """At most ``count`` photos of the list, evenly spread over it.

    Raises:
        DataError: some are missing and cannot be had.
    """
    listed = photo_list()
    listed = listed[:: max(1, len(listed) // count)][:count]
    ensure_photos(data_dir, listed)
    return [photo.path(data_dir) for photo in listed]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__.splitlines()[0])
    parser.add_argument("--webhook", action="store_true", help="by webhook, two processes with PostgreSQL")
    parser.add_argument("--photos", type=int, default=PHOTOS, metavar="N", help=f"how many ({PHOTOS})")
    parser.add_argument("--minutes", type=float, default=MINUTES, help=f"send no longer than this ({MINUTES:.0f})")
    parser.add_argument("--plot", type=Path, default=PICTURE, metavar="FILE", help="where the picture goes")
    options = parser.parse_args(arguments)
    logging.getLogger("uvicorn").setLevel(logging.CRITICAL)  # the server would tell of every connection that it cuts
    settings = settings_or_exit("soak")
    try:
        if not memory.can_be_measured():
            raise LiveError("the memory of processes can be measured on Linux only")
        record = asyncio.run(
            soak(
                files(settings.data_dir, options.photos),
                settings.models_dir,
                options.photos,
                60 * options.minutes,
                lambda line: print(line, file=sys.stderr, flush=True),
                webhook=options.webhook,
            )
        )
    except (DataError, LiveError) as error:
        print(f"soak: {error}", file=sys.stderr)
        return 2
    print(report(record, options.photos))
    plot(record, options.plot)
    return int(not passed(record, options.photos))


if __name__ == "__main__":
    sys.exit(main())
