"""What the page shows: test images with what the live model says, and what it says of a drawing."""

import asyncio
import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bot.datasets import TEST_IMAGES, TestImages, as_pixels
from bot.jobs.executors import Executors
from bot.jobs.measuring import Measuring
from bot.jobs.test_set import TestSet
from bot.registry.store import ModelStore
from bot.replies.numerals import permille
from bot.vision.classifier import SIDE
from bot.vision.recognizer import Recognizer

SHOWN: Final = 25
DRAWING_BYTES: Final = SIDE * SIDE
WAIT_S: Final = 8.0
"""So long a request waits for the measurement that finds wrong answers; then the page asks again."""

MOST_DRAWINGS: Final = 16
"""Drawings of everybody that wait at the same time; more would only wait for longer than a pen does."""

_CHANCE: Final = secrets.SystemRandom()

Json = dict[str, Any]


class NoSuchPicture(Exception):
    """The number is beyond the test images, which are counted from 1."""


class NotAtHand(Exception):
    """There is such a test image, but not among the few that come with the bot, and the others are not there yet."""


class NotReady(Exception):
    """The model is still looking for its wrong answers."""


class Busy(Exception):
    """Too many drawings wait already."""


@dataclass(frozen=True)
class Pictures:
    """Chooses test images and asks the live model; what blocks runs beside the photos' threads.

    Attributes:
        models: which model is live.
        recognizer: asks it.
        test_set: the test images.
        measuring: knows which of them it gets wrong.
        executors: threads for what blocks.
        wait_s: how long a request waits for a measurement that is running.
    """

    models: ModelStore
    recognizer: Recognizer
    test_set: TestSet
    measuring: Measuring
    executors: Executors
    wait_s: float = WAIT_S

    async def random(self, label: int | None, *, only_wrong: bool) -> Json:
        """25 different random test images, fewer where there are not so many.

        Args:
            label: of this class only.
            only_wrong: of those that the live model gets wrong.

        Raises:
            NotReady: which are wrong is not known yet.
            DataError: the test images cannot be had.
            ModelError: there is no model, or it fails.
        """
        test = await self.test_set.images()
        if only_wrong:
            test, fits = await self._wrong()
        else:
            fits = np.ones(len(test), bool)
        if label is not None:
            fits &= test.labels == label
        found = np.flatnonzero(fits).tolist()
        chosen = _CHANCE.sample(found, min(SHOWN, len(found)))
        return await self.executors.draw(partial(self._described, test, chosen)) | {"found": len(found)}

    async def numbered(self, number: int) -> Json:
        """One test image.

        Args:
            number: counted from 1, as everywhere in the bot.

        Raises:
            NoSuchPicture: it is beyond the test images.
            NotAtHand: it is not there yet.
            DataError: the test images cannot be had.
            ModelError: there is no model, or it fails.
        """
        test = await self.test_set.images()
        if not 1 <= number <= TEST_IMAGES:
            raise NoSuchPicture
        if not test.has(number - 1):
            raise NotAtHand
        return await self.executors.draw(partial(self._described, test, [test.place(number - 1)]))

    def _described(self, test: TestImages, places: Sequence[int]) -> Json:
        """Classify the images that stand at these places; blocks."""
        pictures = [
            {
                "number": int(test.numbers[place]) + 1,
                "actual": int(test.labels[place]),
                "pixels": base64.b64encode(test.images[place].tobytes()).decode(),
                "permille": self._permille(test.images[place]),
            }
            for place in places
        ]
        return {"model": self.models.live().version, "total": len(test), "pictures": pictures}

    def _permille(self, image: NDArray[np.uint8]) -> tuple[int, ...]:
        """What the live model says of uint8 [28, 28], as the captions write it: tenths of a percent, 1000 in all."""
        return permille(self.recognizer.classify_pixels(as_pixels(image)).probabilities)

    async def _wrong(self) -> tuple[TestImages, NDArray[np.bool_]]:
        """The images that the live model was measured on, and whether it gets each wrong."""
        try:
            measurement = await asyncio.wait_for(self.measuring.known(), self.wait_s)
        except TimeoutError:
            raise NotReady from None
        return measurement.test, np.asarray(measurement.predicted != measurement.test.labels)


class Drawings:
    """Asks the live model about drawings, a few at a time."""

    def __init__(self, recognizer: Recognizer, executors: Executors) -> None:
        self._recognizer = recognizer
        self._executors = executors
        self._waiting = 0

    async def classify(self, drawing: bytes) -> Json:
        """What the live model takes a drawing for.

        Args:
            drawing: 784 bytes, row by row, 0..255, bright on black.

        Raises:
            ValueError: it has another size.
            Busy: too many wait already.
            ModelError: there is no model, or it fails.
        """
        if len(drawing) != DRAWING_BYTES:
            raise ValueError(f"a drawing has {DRAWING_BYTES} bytes")
        if self._waiting >= MOST_DRAWINGS:
            raise Busy
        pixels = as_pixels(np.frombuffer(drawing, np.uint8).reshape(SIDE, SIDE))
        self._waiting += 1
        try:
            prediction = await self._executors.draw(partial(self._recognizer.classify_pixels, pixels))
        finally:
            self._waiting -= 1
        return {"permille": permille(prediction.probabilities)}
