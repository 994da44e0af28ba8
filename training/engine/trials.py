"""How one trial of a hyperparameter search is trained and scored; the test set is not looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.datasets import Split, as_pixels
from bot.registry.layout import SEGMENTER_FILE
from bot.registry.networks import network_file
from bot.vision.labels import CLASS_COUNT
from training.data.fashion_mnist import FashionMnist
from training.engine import lesson
from training.engine.tune import Judge
from training.plan import LessonPlan, PhotoPlan, Plan
from training.presets import changes_of
from training.runs.folders import CACHE, EpochRecord, ProgressListener, Run

FOLDER = "trials"
_BATCH = 500


def judge_for(run: Run, fashion_mnist: FashionMnist, data_dir: Path, models_dir: Path) -> Judge:
    """The judge of a search's recipe.

    Args:
        run: the search; each trial keeps its checkpoint in its folder, so that an interrupted one goes on.
        fashion_mnist: Fashion-MNIST.
        data_dir: where the photos are.
        models_dir: has the networks that find garments.
    """
    if isinstance(run.plan, LessonPlan):
        return _lesson_judge(run, run.plan, fashion_mnist)
    return _photo_judge(run, run.plan, fashion_mnist, data_dir, network_file(models_dir, SEGMENTER_FILE))


def _lesson_judge(search: Run, plan: LessonPlan, fashion_mnist: FashionMnist) -> Judge:
    rest, held_out = fashion_mnist.rest(), fashion_mnist.held_out_split()

    def judge(settings: Mapping[str, Any], name: str) -> float:
        tried: LessonPlan = replace(plan, trials=0, **settings)
        network = lesson.train(tried, _trial_run(search, tried, name), rest, held_out)
        return _accuracy(network, held_out)

    return judge


def _photo_judge(search: Run, plan: PhotoPlan, fashion_mnist: FashionMnist, data_dir: Path, segmenter: Path) -> Judge:
    """The mean of the accuracy on held-out pictures and on photos of people who are not learnt from."""
    from training.data.gather import WHOLE, gather
    from training.engine.fit import fitted

    held_out = fashion_mnist.held_out_split()
    cache = search.folder.parent / CACHE
    training_set, strangers = gather(fashion_mnist, data_dir, segmenter, cache, search.log, WHOLE, search.stage)
    classes = [frozenset(each) & frozenset(range(CLASS_COUNT)) for each in strangers.outcomes]
    pixels = _as_the_bot_sees(strangers.paths, segmenter)

    def judge(settings: Mapping[str, Any], name: str) -> float:
        tried: PhotoPlan = replace(plan, trials=0, **settings)
        network = fitted(tried, _trial_run(search, tried, name), training_set, held_out)
        answers = np.asarray(network(pixels, training=False)).argmax(axis=1)
        right = [answer in may_be for answer, may_be in zip(answers, classes, strict=True) if may_be]
        return (_accuracy(network, held_out) + float(np.mean(right))) / 2

    return judge


def _trial_run(search: Run, plan: Plan, name: str) -> Run:
    folder = search.folder / FOLDER / name
    folder.mkdir(parents=True, exist_ok=True)
    search.listener.say(f"trial {name} of {search.plan.trials}: " + ", ".join(changes_of(plan)))
    return Run(folder, plan, listener=_Progress(search.listener), events=False, interruption=search.interruption)


class _Progress(ProgressListener):
    """Shows a trial's bar, and no line for each of its epochs."""

    def __init__(self, shown: ProgressListener) -> None:
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
    from bot.vision.pixels import to_pixels
    from bot.vision.segmenter import TfliteSegmenter
    from training.data.photos import garments_in, read_photo

    served = TfliteSegmenter(segmenter.read_bytes(), interpreters=1)
    photos = map(read_photo, paths)
    return np.stack([to_pixels(photo, garments_in(photo, served)[0]) for photo in photos])


def _accuracy(network: Any, pictures: Split) -> float:
    pixels = as_pixels(pictures.images)
    answers: list[NDArray[np.integer]] = [
        np.asarray(network(pixels[at : at + _BATCH], training=False)).argmax(axis=1)
        for at in range(0, len(pixels), _BATCH)
    ]
    return float((np.concatenate(answers) == pictures.labels).mean())
