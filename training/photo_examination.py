"""Asks models about the photos of people who are in no training, through the bot's own eyes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.dataset import ListedPhoto, photo_list
from bot.settings import PROJECT_ROOT
from training.errors import TrainingError
from training.evaluate import PhotoScores, accepted_classes, photo_scores
from training.measure import Classifies

SEGMENTER: Final = PROJECT_ROOT / "models" / "segmenter.tflite"


class PhotoExamination:
    """Converts the photos when it is first asked, and scores any number of models on them.

    Args:
        photos: the list, all there.
        data_dir: where they are.
        segmenter: the front end's network.
    """

    def __init__(self, photos: Sequence[ListedPhoto], data_dir: Path, segmenter: Path = SEGMENTER) -> None:
        self._photos = photos
        self._data_dir = data_dir
        self._segmenter = segmenter
        self._pixels: NDArray[np.float32] | None = None

    def __call__(self, classifier: Classifies) -> PhotoScores:
        """Scores a model.

        Raises:
            TrainingError: a photo is damaged.
        """
        if self._pixels is None:
            self._pixels = self._convert()
        return photo_scores(classifier.probabilities(self._pixels), self._photos)

    def _convert(self) -> NDArray[np.float32]:
        from bot.vision.garment import GarmentFinder
        from bot.vision.photo import PhotoError, decode
        from bot.vision.pixels import to_pixels
        from bot.vision.segmenter import TfliteSegmenter

        finder = GarmentFinder(TfliteSegmenter(self._segmenter.read_bytes(), interpreters=1))
        pixels = []
        for listed in self._photos:
            path = listed.path(self._data_dir)
            try:
                photo = decode(path.read_bytes())
            except PhotoError as error:
                raise TrainingError(
                    f"{path} cannot be used ({error}): delete it, and it will be fetched again."
                ) from error
            pixels.append(to_pixels(photo, finder.find(photo)[0]))
        return np.stack(pixels)


def photo_examination(data_dir: Path) -> PhotoExamination | None:
    """The examination on the validation photos; None where they, or the front end's network, are not at hand."""
    photos = [photo for photo in photo_list() if photo.split == "validation" and accepted_classes(photo)]
    if not SEGMENTER.is_file() or not all(photo.path(data_dir).is_file() for photo in photos):
        return None
    return PhotoExamination(photos, data_dir)
