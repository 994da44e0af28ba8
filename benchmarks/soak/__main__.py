"""``make soak``: can it be left running?

    python -m benchmarks.soak [--photos 500] [--minutes 60] [--plot FILE]

The real bot polls a local Bot API server and answers the photos of the data set, eight people waiting at a time, while
requests fail, connections break, files come short and updates come twice. Answers are counted at the server, by the
message that each replies to. The exit status is 0 when every photo got exactly one answer and the memory stayed flat,
1 when not, 2 when nothing could be measured. It talks to this machine only, and ends by itself.
"""

import argparse
import asyncio
import logging
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from benchmarks.soak import memory
from benchmarks.soak.bot_process import running_bot
from benchmarks.soak.errors import SoakError
from benchmarks.soak.report import passed, plot, report
from benchmarks.soak.traffic import Record, Traffic
from benchmarks.soak.weather import bad_weather
from bot.dataset import DataError, ensure_photos, photo_list
from bot.playground import Playground
from bot.settings import PROJECT_ROOT, load_settings

PHOTOS: Final = 10_000
MINUTES: Final = 120.0
PICTURE: Final = PROJECT_ROOT / "benchmarks" / "soak.png"


async def soak(
    photos: Sequence[Path], models_dir: Path, count: int, longest_s: float, say: Callable[[str], None]
) -> Record:
    """Send ``count`` photos to a bot.

    Args:
        photos: the files, taken in turn.
        models_dir: has the model.
        count: how many are sent.
        longest_s: after so long no more are sent.
        say: told how far it is.

    Raises:
        SoakError: the bot did not start, or ended.
    """
    with tempfile.TemporaryDirectory(prefix="soak-") as name:
        async with (
            Playground(port=0, faults=bad_weather()) as playground,
            running_bot(playground, Path(name), models_dir) as bot,
        ):
            traffic = asyncio.create_task(Traffic(playground, photos, count, longest_s, say).run(bot.pid))
            ending = asyncio.create_task(bot.fail_when_it_ends())
            try:
                done, _ = await asyncio.wait((traffic, ending), return_when=asyncio.FIRST_COMPLETED)
                await done.pop()
                record = traffic.result()
                record.warnings, record.errors = bot.logged("warning"), bot.logged("error")
                return record
            finally:
                for task in (traffic, ending):
                    task.cancel()
                await asyncio.gather(traffic, ending, return_exceptions=True)


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
    parser.add_argument("--photos", type=int, default=PHOTOS, metavar="N", help=f"how many ({PHOTOS})")
    parser.add_argument("--minutes", type=float, default=MINUTES, help=f"send no longer than this ({MINUTES:.0f})")
    parser.add_argument("--plot", type=Path, default=PICTURE, metavar="FILE", help="where the picture goes")
    options = parser.parse_args(arguments)
    logging.getLogger("uvicorn").setLevel(logging.CRITICAL)  # the server would tell of every connection that it cuts
    settings = load_settings()
    try:
        if not memory.can_be_measured():
            raise SoakError("the memory of processes can be measured on Linux only")
        record = asyncio.run(
            soak(
                files(settings.data_dir, options.photos),
                settings.models_dir,
                options.photos,
                60 * options.minutes,
                lambda line: print(line, file=sys.stderr, flush=True),
            )
        )
    except (DataError, SoakError) as error:
        print(f"soak: {error}", file=sys.stderr)
        return 2
    print(report(record, options.photos))
    plot(record, options.plot)
    return int(not passed(record, options.photos))


if __name__ == "__main__":
    sys.exit(main())
