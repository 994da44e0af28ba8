"""The bot over HTTP beside a bot that does nothing: speed, processor time, waits, memory, start."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.figures import Figure
from benchmarks.live.costs import processor_seconds
from benchmarks.serving.bots import BOT, PLAIN_BOT, WATCHED_BOT, RunningBot, one_core, running
from benchmarks.serving.load import Load, chats_of, send, together
from benchmarks.soak import memory

CHATS: Final = 16
WARM_UP: Final = 500
"""Photos after which memory counts as that of the start: every cache and thread has been used."""

SETTLE_S: Final = 3.0
SMALL_BYTES: Final = 512 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Plan:
    """What is measured, and with what.

    Attributes:
        python: the interpreter that serves.
        models_dir: has the networks.
        photos: files to send, in turn.
        picture: what the bot that does nothing sends back.
        rounds: loads of each bot, which take turns.
        count: photos of a load; the bot that does nothing gets as many.
        starts: how often the bot is started.
        say: told how far it is.
    """

    python: Path
    models_dir: Path
    photos: Sequence[bytes]
    picture: Path
    rounds: int
    count: int
    starts: int
    say: Callable[[str], None]


async def serving_figures(plan: Plan) -> AsyncIterator[Figure]:
    """Let both answer in turn.

    Raises:
        LiveError: a bot does not start, or does not answer.
    """
    with tempfile.TemporaryDirectory(prefix="serving-") as name:
        own, other = _two_folders(Path(name))
        delays = own / "delays"
        async with AsyncExitStack() as stack:
            settings = {"LOOP_DELAYS": str(delays)}
            bot = await stack.enter_async_context(
                running(plan.python, WATCHED_BOT, own, plan.models_dir, settings=settings)
            )
            settings = {"PICTURE": str(plan.picture)}
            plain = await stack.enter_async_context(
                running(plan.python, PLAIN_BOT, other, plan.models_dir, settings=settings)
            )
            yield await _idle("memory of all processes, idle (PSS)", bot)
            loads, plain_loads, sizes, late = await _in_turn(plan, bot, plain, delays)
        async with running(plan.python, BOT, own, plan.models_dir) as again:
            yield await _idle("memory of a later start, its model measured before, idle (PSS)", again)
        for figure in _load_figures(together(loads), together(plain_loads)):
            yield figure
        yield Figure(
            "event loop late, p99", float(np.quantile(late, 0.99)), "ms", 15.0, beside=f"at most {max(late):.0f}"
        )
        answered = plan.rounds * plan.count
        beside = f"after {answered:,} photos" if answered >= 2 * WARM_UP else "too few photos to judge"
        yield Figure("memory after the load (PSS)", sizes[-1], "MB", 200.0, beside=beside)
        warm = sizes[min(len(sizes) - 1, max(0, WARM_UP // plan.count - 1))]
        yield Figure("memory's growth since the first 500", 100 * (sizes[-1] / warm - 1), "%", 3.0, beside=beside)


async def _idle(name: str, bot: RunningBot) -> Figure:
    await asyncio.sleep(SETTLE_S)
    return Figure(name, memory.of_trees([bot.pid]).whole / 1e6, "MB", 120.0)


async def _in_turn(
    plan: Plan, bot: RunningBot, plain: RunningBot, delays: Path
) -> tuple[list[Load], list[Load], list[float], Sequence[float]]:
    chats, others = chats_of(bot, CHATS), chats_of(plain, CHATS)
    for each, talking in ((bot, chats), (plain, others)):
        await send(each, talking, plan.photos, 2 * CHATS)
    started = _looks(delays)
    loads, plain_loads, sizes = [], [], []
    for number in range(1, plan.rounds + 1):
        loads.append(await send(bot, chats, plan.photos, plan.count))
        plain_loads.append(await send(plain, others, plan.photos, plan.count))
        sizes.append(memory.of_trees([bot.pid]).whole / 1e6)
        plan.say(f"  round {number} of {plan.rounds}: {loads[-1].processor_ms:.0f} ms a photo, {sizes[-1]:.0f} MB")
    return loads, plain_loads, sizes, _looks(delays)[len(started) :]


def _two_folders(folder: Path) -> tuple[Path, Path]:
    own, other = folder / "own", folder / "other"
    own.mkdir()
    other.mkdir()
    return own, other


def _looks(delays: Path) -> list[float]:
    """By how many milliseconds the event loop came late each time; the last line may be half written."""
    return [float(line) for line in delays.read_text(encoding="ascii").splitlines()[:-1]]


def _load_figures(load: Load, plain: Load) -> Sequence[Figure]:
    ratio = load.per_second / plain.per_second
    rates = f"{load.per_second:.1f} a second against {plain.per_second:.1f}"
    p50, p99 = load.wait_ms(0.5), load.wait_ms(0.99)
    return (
        Figure("photos a second, 16 chats, beside a bot that does nothing", ratio, "", 0.5, True, rates),
        Figure(
            "processor time a photo", load.processor_ms, "ms", 45.0, beside=f"that bot: {plain.processor_ms:.1f} ms"
        ),
        Figure("p99 over p50 under that load", p99 / p50, "x", 2.0, beside=f"{p50:.0f} and {p99:.0f} ms"),
    )


async def start_figures(plan: Plan, tensorflow: Callable[[], float | None]) -> AsyncIterator[Figure]:
    """From the command to the first getUpdates, with a store that is there already.

    Args:
        plan: what is measured.
        tensorflow: seconds that importing TensorFlow takes here; None where it cannot be had.
    """
    waits, costs, others = [], [], []
    with tempfile.TemporaryDirectory(prefix="start-") as name:
        for number in range(plan.starts + 1):
            async with running(plan.python, BOT, Path(name), plan.models_dir) as bot:
                cost = processor_seconds(bot.pid)
            if number:  # the first one makes the tables
                waits.append(bot.start_s)
                costs.append(cost)
            others.append(await asyncio.to_thread(tensorflow))
    theirs = [other for other in others if other is not None]
    beside = f"processor time {np.median(costs):.2f} s"
    if theirs:
        beside += f"; with TensorFlow imported {np.median(waits) + np.median(theirs):.1f} s"
    yield Figure("command to first getUpdates", float(np.median(waits)), "s", 0.8, beside=beside)


async def small_machine_figures(plan: Plan) -> AsyncIterator[Figure]:
    """One core, and 512 MB that it may write to: ``taskset`` and ``prlimit --data``, for a process and its children."""
    if shutil.which("prlimit") is None or shutil.which("taskset") is None:
        return
    limits = (*one_core(), "prlimit", f"--data={SMALL_BYTES}")
    with tempfile.TemporaryDirectory(prefix="small-") as name:
        async with running(plan.python, BOT, Path(name), plan.models_dir, before=limits) as bot:
            load = await send(bot, chats_of(bot, CHATS), plan.photos, plan.count)
            size = memory.of_trees([bot.pid]).whole / 1e6
    beside = f"{plan.count} photos answered, p99 {load.wait_ms(0.99):.0f} ms, {size:.0f} MB"
    yield Figure("one core, 512 MB: photos a second", load.per_second, "", beside=beside)
