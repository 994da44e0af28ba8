"""The networks that look at a photo, as files of a models folder: segmenter, second opinion, clothing or not."""

from __future__ import annotations

import logging
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from bot.vision.garment import GarmentFinder, Segmentation
from bot.vision.interpreter import ModelError, Runtime
from bot.vision.model_store import NoModelError
from bot.vision.second_opinion import Opinion, TfliteAdviser
from bot.vision.segmenter import TfliteSegmenter

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

SEGMENTER_FILE: Final = "segmenter.tflite"
ADVISER_FILE: Final = "second_opinion.tflite"
CLOTHING_FILE: Final = "clothing.tflite"

SHIPPED_MODELS: Final = Path(__file__).resolve().parents[2] / "models"
"""Where the eyes are when another models folder holds only classifiers."""

_Network = TypeVar("_Network", TfliteSegmenter, TfliteAdviser)

_log = logging.getLogger(__name__)


def open_finder(
    models_dir: Path = SHIPPED_MODELS, *, runtime: Runtime = Runtime.AUTO, interpreters: int = 1
) -> GarmentFinder:
    """Make the bot's garment finder, with second opinions.

    Args:
        models_dir: has the networks; those that it lacks are the shipped ones.
        runtime: the interpreter to use.
        interpreters: photos looked at at the same time.
    """
    eyes = LazyEyes(models_dir, runtime=runtime, interpreters=interpreters)
    return GarmentFinder(eyes, eyes)


class LazyEyes:
    """All of them, loaded when they are first needed, so that a bot without them can say so; thread safe."""

    def __init__(self, models_dir: Path, *, runtime: Runtime = Runtime.AUTO, interpreters: int = 1) -> None:
        """Keep where to look; nothing is loaded yet."""
        self._folders = (models_dir, SHIPPED_MODELS)
        self._runtime = runtime
        self._interpreters = interpreters
        self._lock = threading.Lock()
        self._loaded: tuple[TfliteSegmenter, TfliteAdviser] | None = None

    def segment(self, pixels: NDArray[np.uint8]) -> Segmentation:
        """Segment ``pixels``, uint8 [128, 128, 3] RGB.

        Raises:
            NoModelError: a network is missing.
            ModelError: the interpreter fails.
        """
        return self.load()[0].segment(pixels)

    def opinion(self, pixels: NDArray[np.uint8]) -> Opinion:
        """Give a second opinion on a view, uint8 [160, 160, 3] RGB.

        Raises:
            NoModelError: a network is missing.
            ModelError: the interpreter fails.
        """
        return self.load()[1].opinion(pixels)

    def again(
        self, pixels: NDArray[np.uint8], classes: NDArray[np.float32], bag: float
    ) -> tuple[NDArray[np.float32], float]:
        """Look at a changed view: float32 [10] of the ten classes, and the probability of a bag.

        Raises:
            NoModelError: a network is missing.
            ModelError: the interpreter fails.
        """
        return self.load()[1].again(pixels, classes, bag)

    def load(self) -> tuple[TfliteSegmenter, TfliteAdviser]:
        """Load them, unless they are.

        Raises:
            NoModelError: one of them cannot be loaded.
        """
        with self._lock:
            if self._loaded is None:
                segmenter = self._from(self._segmenter, SEGMENTER_FILE)
                adviser = self._from(self._adviser, ADVISER_FILE, CLOTHING_FILE)
                self._loaded = segmenter, adviser
            return self._loaded

    def _segmenter(self, file: bytes) -> TfliteSegmenter:
        return TfliteSegmenter(file, runtime=self._runtime, interpreters=self._interpreters)

    def _adviser(self, opinion: bytes, clothing: bytes) -> TfliteAdviser:
        return TfliteAdviser(opinion, clothing, runtime=self._runtime, interpreters=self._interpreters)

    def _from(self, load: Callable[..., _Network], *files: str) -> _Network:
        """Load from the first folder that has the files, all of them usable."""
        problem = ""
        for folder in self._folders:
            try:
                return load(*((folder / file).read_bytes() for file in files))
            except FileNotFoundError as error:
                problem = problem or f"no {Path(error.filename).name}: it comes with the project"
            except (OSError, ModelError) as error:
                problem = f"{' or '.join(files)}: {getattr(error, 'strerror', None) or error}"
                _log.error("a network was refused: %s", problem)
        raise NoModelError(problem)
