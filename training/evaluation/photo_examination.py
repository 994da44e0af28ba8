"""Asks models about the photos of people who are in no training, through the networks that serve."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from bot.datasets import ListedPhoto, photo_list
from bot.registry.layout import COLOR_CLASSIFIER_FILE, SEGMENTER_FILE
from bot.registry.networks import network_file, open_networks
from bot.vision.interpreter import ModelError
from bot.vision.segmenter import TfliteSegmenter
from training.data.looks import Looks, look_at
from training.errors import TrainingError
from training.evaluation.kept_findings import found_once
from training.evaluation.measure import Classifies
from training.evaluation.metrics import PhotoScores, accepted_classes, photo_scores, verdict_scores
from training.evaluation.network_set import WithColor

if TYPE_CHECKING:
    from bot.vision.recognizer import VisionNetworks

NETWORKS: Final = (SEGMENTER_FILE, COLOR_CLASSIFIER_FILE)
"""The networks that decide what is found in a photo."""


class PhotoExamination:
    """Converts the photos when it is first asked, and scores any number of models on them.

    Args:
        photos: the list, all there.
        data_dir: where they are.
        models_dir: has the networks that find garments.
        cache: where what was found is kept; nowhere where None.
        progress: told how many photos of how many are looked at.
        color: the file of the network in colour, where it is another than the folder's.
    """

    def __init__(
        self,
        photos: Sequence[ListedPhoto],
        data_dir: Path,
        models_dir: Path,
        cache: Path | None = None,
        progress: Callable[[int, int], None] = lambda done, total: None,
        color: bytes | None = None,
    ) -> None:
        self._photos = photos
        self._data_dir = data_dir
        self._models_dir = models_dir
        self._cache = cache
        self._progress = progress
        self._color = color

    def __call__(self, classifier: Classifies, thresholds: Mapping[str, float]) -> PhotoScores:
        """Scores a model's answers as people get them: of both networks, with a verdict.

        Args:
            classifier: the model.
            thresholds: of its card.

        Raises:
            TrainingError: a photo is damaged.
        """
        answers = self._looks.answers(classifier.probabilities(self._looks.pixels), thresholds)
        told = np.array([answer.probabilities for answer in answers])
        verdicts = verdict_scores(told, [answer.verdict for answer in answers], self._photos)
        return replace(photo_scores(told, self._photos), verdicts=verdicts)

    @cached_property
    def _looks(self) -> Looks:
        photos = [listed.path(self._data_dir) for listed in self._photos]

        def look() -> Looks:
            networks: VisionNetworks = open_networks(self._models_dir)
            if self._color is not None:
                networks = WithColor(networks, self._color)
            return look_at(photos, networks, self._progress)

        if self._cache is None or self._color is not None:  # a candidate is asked once
            return look()
        return found_once(photos, [network_file(self._models_dir, name) for name in NETWORKS], self._cache, look)


def check_segmenter(models_dir: Path) -> None:
    """Makes sure, before the work starts, that garments can be found.

    Raises:
        TrainingError: the network that finds them is missing, broken or foreign.
    """
    path = network_file(models_dir, SEGMENTER_FILE)
    try:
        TfliteSegmenter(path.read_bytes(), interpreters=1)
    except FileNotFoundError as error:
        raise TrainingError(f"There is no {path}: it comes with the project; put it back.") from error
    except ModelError as error:
        raise TrainingError(f"{path} cannot be used ({error}): put the right file back.") from error


def photo_examination(
    data_dir: Path,
    models_dir: Path,
    cache: Path | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
    color: bytes | None = None,
) -> PhotoExamination | None:
    """The examination on the validation photos; None where they, or the front end's network, are not at hand."""
    photos = [photo for photo in photo_list() if photo.split == "validation" and accepted_classes(photo)]
    if not network_file(models_dir, SEGMENTER_FILE).is_file() or not all(
        photo.path(data_dir).is_file() for photo in photos
    ):
        return None
    return PhotoExamination(photos, data_dir, models_dir, cache, progress, color)
