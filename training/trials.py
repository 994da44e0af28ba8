"""How one trial of a hyperparameter search is trained and scored; the test set is not looked at."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.dataset import Split
from training import lesson
from training.measure import as_pixels
from training.pictures import Pictures
from training.presets import Plan
from training.runs import EpochRecord, Run, Watcher
from training.tune import Judge

FOLDER = "trials"
_BATCH = 500


def judge_for(run: Run, pictures: Pictures, data_dir: Path) -> Judge:
    """The judge of a search's recipe.

    Args:
        run: the search; each trial keeps its checkpoint in its folder, so that an interrupted one goes on.
        pictures: Fashion-MNIST.
        data_dir: where the photos are.
    """
    return _lesson_judge(run, pictures) if run.plan.preset == "lesson" else _photo_judge(run, pictures, data_dir)


def _lesson_judge(search: Run, pictures: Pictures) -> Judge:
    rest, held_out = pictures.rest(), pictures.held_out_split()

    def judge(plan: Plan, name: str) -> float:
        network = lesson.train(plan, _trial_run(search, plan, name), rest, held_out)
        return _accuracy(network, held_out)

    return judge


def _photo_judge(search: Run, pictures: Pictures, data_dir: Path) -> Judge:
    """The mean of the accuracy on held-out pictures and on photos of people who are not learnt from."""
    from training.both_worlds import CACHE
    from training.fit import fitted, recipe_for
    from training.gather import gather
    from training.photo_examination import SEGMENTER

    held_out = pictures.held_out_split()
    world, strangers = gather(pictures, data_dir, SEGMENTER, search.folder.parent / CACHE, search.log)
    pixels = _as_the_bot_sees(strangers.paths, SEGMENTER)

    def judge(plan: Plan, name: str) -> float:
        network = fitted(plan, _trial_run(search, plan, name), world, held_out, recipe_for(plan))
        answers = np.asarray(network(pixels, training=False)).argmax(axis=1)
        right = [answer in classes for answer, classes in zip(answers, strangers.classes, strict=True) if classes]
        return (_accuracy(network, held_out) + float(np.mean(right))) / 2

    return judge


def _trial_run(search: Run, plan: Plan, name: str) -> Run:
    folder = search.folder / FOLDER / name
    folder.mkdir(parents=True, exist_ok=True)
    search.watcher.say(f"trial {name} of {search.plan.trials}: " + ", ".join(plan.changes()))
    return Run(folder, plan, watcher=_Progress(search.watcher), events=False)


class _Progress(Watcher):
    """Shows a trial's bar, and no line for each of its epochs."""

    def __init__(self, shown: Watcher) -> None:
        self._shown = shown
        self._ended = 0

    def begin(self, epochs: int, done: int) -> None:
        self._shown.begin(epochs, done)

    def part(self, fraction: float, loss: float | None = None, accuracy: float | None = None) -> None:
        self._shown.part(self._ended + fraction, loss, accuracy)

    def epoch(self, record: EpochRecord) -> None:
        self._ended += 1
        self._shown.part(self._ended, record.loss, record.accuracy)

    def end(self) -> None:
        self._shown.end()


def _as_the_bot_sees(paths: Sequence[Path], segmenter: Path) -> NDArray[np.float32]:
    """Photos through the front end: float32 [n, 28, 28], 0..1."""
    from bot.vision.garment import GarmentFinder
    from bot.vision.pixels import to_pixels
    from bot.vision.segmenter import TfliteSegmenter
    from training.photos import read_photo

    finder = GarmentFinder(TfliteSegmenter(segmenter.read_bytes(), interpreters=1))
    photos = map(read_photo, paths)
    return np.stack([to_pixels(photo, finder.find(photo)[0]) for photo in photos])


def _accuracy(network: Any, pictures: Split) -> float:
    pixels = as_pixels(pictures.images)
    answers: list[NDArray[np.integer]] = [
        np.asarray(network(pixels[at : at + _BATCH], training=False)).argmax(axis=1)
        for at in range(0, len(pixels), _BATCH)
    ]
    return float((np.concatenate(answers) == pictures.labels).mean())
