"""Asks models about the photos of people who are in no training, through the bot's own eyes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.dataset import ListedPhoto, photo_list
from bot.settings import PROJECT_ROOT
from bot.vision.garment import Garment
from bot.vision.verdicts import Thresholds, judge
from training.evaluate import PhotoScores, accepted_classes, photo_scores, verdict_scores
from training.measure import Classifies
from training.photos import looked_at

SEGMENTER: Final = PROJECT_ROOT / "models" / "segmenter.tflite"


class PhotoExamination:
    """Converts the photos when it is first asked, and scores any number of models on them.

    Args:
        photos: the list, all there.
        data_dir: where they are.
    """

    def __init__(self, photos: Sequence[ListedPhoto], data_dir: Path) -> None:
        self._photos = photos
        self._data_dir = data_dir

    def __call__(self, classifier: Classifies, thresholds: Mapping[str, float]) -> PhotoScores:
        """Scores a model's answers as people get them: weighed with the second opinion, with a verdict.

        Args:
            classifier: the model.
            thresholds: of its card.

        Raises:
            TrainingError: a photo is damaged.
        """
        pixels, garments = self._found
        limits = Thresholds.from_card(thresholds)
        probabilities = classifier.probabilities(pixels)
        answers = [judge(each, garment, limits) for each, garment in zip(probabilities, garments, strict=True)]
        told = np.array([answer.probabilities for answer in answers])
        verdicts = verdict_scores(told, [answer.verdict for answer in answers], self._photos)
        return replace(photo_scores(told, self._photos), verdicts=verdicts)

    @cached_property
    def _found(self) -> tuple[NDArray[np.float32], list[Garment]]:
        """What the models see, float32 [n, 28, 28], and the garments."""
        return looked_at(listed.path(self._data_dir) for listed in self._photos)


def photo_examination(data_dir: Path) -> PhotoExamination | None:
    """The examination on the validation photos; None where they, or the front end's network, are not at hand."""
    photos = [photo for photo in photo_list() if photo.split == "validation" and accepted_classes(photo)]
    if not SEGMENTER.is_file() or not all(photo.path(data_dir).is_file() for photo in photos):
        return None
    return PhotoExamination(photos, data_dir)
