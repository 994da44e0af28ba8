"""``make bench``: what the bot costs, beside what a user would run instead.

    python -m benchmarks [--quick]

Everything is measured on this machine, what is compared with in the same run, in virtual environments of its own that
are made first. Figures go to the terminal and to ``benchmarks/results.json``, plots beside it. ``--quick`` makes no
environment and measures with few photos: it shows that everything runs, its figures are rough and kept nowhere.
The exit status is 0 when every aim is reached, else 1, and 2 when nothing could be measured.
"""

import argparse
import asyncio
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import Final

from benchmarks import environments, growth
from benchmarks.environments import EnvironmentUnavailable
from benchmarks.figures import Figure, Growth, growth_table, save, table
from benchmarks.live.errors import LiveError
from benchmarks.plots import plot_growth
from benchmarks.serving.figures import Plan, serving_figures, small_machine_figures, start_figures
from benchmarks.work.answers import answer_figures
from benchmarks.work.inference import inference_figures
from benchmarks.work.photos import flat_photos
from bot.datasets import DataError, TestImages, load_test
from bot.recognition import open_recognizer
from bot.replies.cards.photo import photo_card
from bot.replies.texts import Language
from bot.settings import PROJECT_ROOT, Settings, settings_or_exit

RESULTS: Final = PROJECT_ROOT / "benchmarks" / "results.json"
PICTURE: Final = PROJECT_ROOT / "benchmarks" / "growth.svg"
COMPARED: Final = PROJECT_ROOT / "benchmarks" / "compared"

_LESSON: Final = re.compile(r"lesson is ([\d.]+) times as fast")


class Bench:
    """One run of everything.

    Args:
        settings: where data and models are.
        quick: few photos, no environments.
    """

    def __init__(self, settings: Settings, *, quick: bool) -> None:
        self._settings = settings
        self._quick = quick
        self._began = time.monotonic()

    def say(self, line: str) -> None:
        """Tell how far it is."""
        print(f"{time.monotonic() - self._began:6.0f} s  {line}", file=sys.stderr, flush=True)

    def environment(self, name: str, packages: Sequence[str]) -> Path | None:
        """The interpreter of an environment; this one with ``--quick``, None where it cannot be made."""
        if self._quick:
            return Path(sys.executable)
        try:
            return environments.made(name, packages, self.say)
        except EnvironmentUnavailable as error:
            self.say(f"not compared: {error}")
            return None

    def compared(self, script: str, *arguments: str) -> float | None:
        """The first figure that a script of :mod:`benchmarks.compared` prints; None where it cannot run."""
        told = self._told(script, *arguments)
        return None if told is None else told[0]

    def _told(self, script: str, *arguments: str) -> list[float] | None:
        older = "tflite-runtime" in arguments
        name, packages = ("older", environments.OLDER_RUNTIME) if older else ("course", environments.COURSE)
        python = self.environment(name, packages)
        if python is None:
            return None
        command = [str(python), str(COMPARED / script), *arguments]
        ended = subprocess.run(command, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False)
        if ended.returncode:
            self.say(f"not compared: {script} {' '.join(arguments)}: {(ended.stderr.strip().splitlines() or [''])[-1]}")
            return None
        return [float(word) for word in ended.stdout.split()[-2:] if word]

    async def figures(self) -> AsyncIterator[Figure]:
        """Everything of the table.

        Raises:
            DataError: the data is missing and cannot be had.
            LiveError: a bot does not start, or does not answer.
        """
        settings, few = self._settings, self._quick
        test = TestImages.all_of(load_test(settings.data_dir))
        if few:
            test = TestImages(test.images[:500], test.labels[:500], test.numbers[:500])
        self.say("photos, cards and networks")
        count = 8 if few else 60
        for figure in answer_figures(settings.models_dir, settings.data_dir, count, test, self.compared):
            yield figure
        for figure in inference_figures(settings.models_dir, self.compared):
            yield figure
        with tempfile.TemporaryDirectory(prefix="bench-") as name:
            plan = self.plan(Path(name))
            self.say("starts")
            async for figure in start_figures(plan, lambda: self.compared("importing.py", "tensorflow")):
                yield figure
            self.say("photos over HTTP, in turn with a bot that does nothing")
            async for figure in serving_figures(plan):
                yield figure
            self.say("one core, 512 MB")
            async for figure in small_machine_figures(plan):
                yield figure
        for figure in self._elsewhere():
            yield figure

    def plan(self, folder: Path) -> Plan:
        """How serving is measured."""
        photos = flat_photos(self._settings.data_dir, 200)
        with open_recognizer(self._settings.models_dir) as recognizer:
            card = photo_card(recognizer.recognize(photos[0]), Language.ZH_HANT)
        picture = folder / "card.jpg"
        picture.write_bytes(card)
        python = self.environment("serving", environments.SERVING) or Path(sys.executable)
        rounds, count, starts = (2, 16, 1) if self._quick else (10, 500, 5)
        return Plan(python, self._settings.models_dir, photos, picture, rounds, count, starts, self.say)

    def _elsewhere(self) -> Iterator[Figure]:
        """Memory of what a user would run, what is installed, and the lesson."""
        page = self._told("importing.py", "tensorflow", "matplotlib.pyplot", *([] if self._quick else ["streamlit"]))
        if page is not None:
            yield Figure("the course's page, its imports alone (PSS)", page[-1], "MB")
        if self._quick:
            return
        serving, course = (environments.python_of(name) for name in ("serving", "course"))
        beside = f"TensorFlow and Streamlit: {environments.megabytes(course):.0f} MB" if course.exists() else ""
        if serving.exists():
            yield Figure("what serving installs", environments.megabytes(serving), "MB", 350.0, beside=beside)
        self.say("the lesson, in turn with the course's own program")
        command = [sys.executable, "-m", "benchmarks.lesson_speed", "--rounds", "1"]
        told = subprocess.run(command, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False).stdout
        if found := _LESSON.search(told):
            yield Figure("lesson, faster than the course's program", float(found[1]), "x", 6.0, at_least=True)

    async def growths(self) -> AsyncIterator[Growth]:
        """How costs grow."""
        few = self._quick
        models, photo = self._settings.models_dir, flat_photos(self._settings.data_dir, 1)[0]
        self.say("how costs grow")
        with tempfile.TemporaryDirectory(prefix="bench-") as name:
            yield await growth.by_photos_at_once(self.plan(Path(name)), (1, 4) if few else growth.AT_ONCE)
        yield growth.by_size(models, photo, (90, 1280) if few else growth.SIDES)
        yield growth.by_people((10, 1000) if few else growth.PEOPLE)
        yield growth.by_garments(models, photo, (1, 6) if few else growth.GARMENTS)


async def run(bench: Bench, *, keep: bool) -> int:
    """Measure everything, print it, and keep it."""
    figures = []
    async for figure in bench.figures():
        figures.append(figure)
        bench.say(f"  {figure.what}: {figure.value:.3g} {figure.unit}")
    print(table(figures), flush=True)
    growths = []
    async for each in bench.growths():
        growths.append(each)
        print("\n" + growth_table(each), flush=True)
    if keep:
        save(RESULTS, figures, growths)
        plot_growth(growths, PICTURE)
    return int(any(figure.reached is False for figure in figures))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="few photos and no environments: does everything run?")
    options = parser.parse_args(arguments)
    bench = Bench(settings_or_exit("benchmarks"), quick=options.quick)
    try:
        return asyncio.run(run(bench, keep=not options.quick))
    except (DataError, LiveError) as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("benchmarks: stopped", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
