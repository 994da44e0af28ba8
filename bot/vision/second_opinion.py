"""A second opinion on a garment, from its colour photo: models/second_opinion.tflite and models/clothing.tflite.

28x28 gray pixels hold no knit, no collar and no zip. The first network, made by ``python -m training.second_opinion``,
looks at the found garment in colour, its surroundings paled, and says which of the ten classes it may be; the second,
made by ``python -m training.clothing``, says whether it is clothing at all, and whether it is a bag: it has seen photos
of bags, the first has not. :mod:`bot.vision.verdicts` joins all this with what the model says of the 28x28 pixels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

import cv2
import numpy as np

from bot.vision.interpreter import InterpreterPool, Runtime
from bot.vision.labels import CLASS_COUNT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bot.vision.garment import Garment
    from bot.vision.photo import Photo

SIDE: Final = 160
"""Side of the square view, pixels."""

OTHER_CLOTHING: Final = ("hat", "shorts", "skirt")
"""What the outputs after the ten classes stand for; the last output is no clothing."""

OUTPUTS: Final = CLASS_COUNT + len(OTHER_CLOTHING) + 1

MARGIN: Final = 1.15
"""The view's side over the longer side of the garment's box."""

PALED: Final = 0.5
"""How much of the surroundings is left: they tell a sleeve from a shadow, and yet the garment stands out."""

GROUND: Final = 127.0
"""The gray toward which surroundings are paled."""

MOSTLY: Final = 0.5
"""From this share on, an opinion hangs on whether it is a bag."""


@dataclass(frozen=True, slots=True, eq=False)
class Opinion:
    """What the colour photo says of a garment.

    Attributes:
        classes: float32 [10], the first network's probabilities of the ten classes, given that it is one of them.
        other_clothing: 0..1, probability of clothing outside the ten.
        nothing: 0..1, probability of no clothing.
        bag: 0..1, probability of a bag, as the second network sees it.
    """

    classes: NDArray[np.float32]
    other_clothing: float
    nothing: float
    bag: float = 0.0


def between(one: Opinion, other: Opinion) -> Opinion:
    """The mean of two opinions on the same garment."""
    return Opinion(
        classes=np.asarray((one.classes + other.classes) / 2, np.float32),
        other_clothing=(one.other_clothing + other.other_clothing) / 2,
        nothing=(one.nothing + other.nothing) / 2,
        bag=(one.bag + other.bag) / 2,
    )


class Adviser(Protocol):
    """What gives second opinions; :class:`TfliteAdviser` is one."""

    def opinion(self, pixels: NDArray[np.uint8]) -> Opinion:
        """Look at a view, uint8 [SIDE, SIDE, 3] RGB."""

    def again(
        self, pixels: NDArray[np.uint8], classes: NDArray[np.float32], bag: float
    ) -> tuple[NDArray[np.float32], float]:
        """Look at a changed view: :attr:`Opinion.classes` and :attr:`Opinion.bag`."""


class TfliteAdviser:
    """Gives second opinions; thread safe."""

    def __init__(
        self, opinion: bytes, clothing: bytes, *, runtime: Runtime = Runtime.AUTO, interpreters: int = 2
    ) -> None:
        """Load the networks.

        Args:
            opinion: a TFLite file: float32 [1, 160, 160, 3], 0..255, to float32 [1, 14].
            clothing: another, from the same to float32 [1, 2], 0..1: is it clothing, is it a bag.
            runtime: the interpreter to use.
            interpreters: views looked at at the same time.

        Raises:
            ModelError: no interpreter, a broken file, or a foreign model.
        """
        self._names, self._clothing = (
            InterpreterPool(
                model,
                input_shape=(1, SIDE, SIDE, 3),
                output_shapes=((1, outputs),),
                runtime=runtime,
                interpreters=interpreters,
            )
            for model, outputs in ((opinion, OUTPUTS), (clothing, 2))
        )

    def opinion(self, pixels: NDArray[np.uint8]) -> Opinion:
        """Look at a view.

        Args:
            pixels: uint8 [SIDE, SIDE, 3] RGB.

        Raises:
            ModelError: the interpreter fails.
        """
        values = pixels.astype(np.float32)
        (shares,), (clothing,) = self._names.run(values), self._clothing.run(values)
        likely, bag = float(clothing[0]), float(clothing[1])
        return Opinion(
            classes=_of_the_ten(shares),
            other_clothing=float(shares[CLASS_COUNT:-1].sum()) * likely * (1.0 - bag),
            nothing=1.0 - likely * (1.0 - float(shares[-1]) * (1.0 - bag)),
            bag=bag,
        )

    def again(
        self, pixels: NDArray[np.uint8], classes: NDArray[np.float32], bag: float
    ) -> tuple[NDArray[np.float32], float]:
        """Look at a changed view, in half the time.

        Only the network that the opinion hangs on is asked, what the other said is kept.

        Args:
            pixels: the changed view, uint8 [SIDE, SIDE, 3] RGB.
            classes: :attr:`Opinion.classes` of the unchanged view.
            bag: its :attr:`Opinion.bag`.

        Returns:
            Both of the changed view.

        Raises:
            ModelError: the interpreter fails.
        """
        values = pixels.astype(np.float32)
        if bag < MOSTLY:
            (shares,) = self._names.run(values)
            return _of_the_ten(shares), bag
        (clothing,) = self._clothing.run(values)
        return classes, float(clothing[1])


def _of_the_ten(shares: NDArray[np.float32]) -> NDArray[np.float32]:
    """What it is, if it is one of the ten."""
    return np.asarray(shares[:CLASS_COUNT] / max(float(shares[:CLASS_COUNT].sum()), 1e-9), np.float32)


class HiddenViews:
    """Views of one garment with parts of it grayed out, for asking what the opinion hangs on."""

    def __init__(self, photo: Photo, garment: Garment, frame: tuple[int, int, int, int]) -> None:
        """Draw the view once.

        Args:
            photo: the photo.
            garment: the garment in it.
            frame: left, top, right, bottom of the garment's box in the 28x28 picture.
        """
        to_view = framing(garment.box)
        self._view = view(photo.pixels, garment.mask, to_view)
        self._own = cv2.warpAffine(garment.mask, to_view, (SIDE, SIDE), flags=cv2.INTER_LINEAR) > 0.5
        left, top, right, bottom = garment.box
        x, y, x_end, y_end = frame
        scale = np.array([(right - left) / (x_end - x), (bottom - top) / (y_end - y)])
        shift = np.array([left, top]) + scale * (0.5 - np.array([x, y])) - 0.5
        self._from_picture = np.column_stack([to_view[:, :2] * scale, to_view[:, :2] @ shift + to_view[:, 2]])
        self._gray = self._view[self._own].mean(0) if self._own.any() else np.full(3, GROUND)

    def hiding(self, part: NDArray[np.bool_]) -> NDArray[np.uint8]:
        """Gray out a part, bool [28, 28] in the places of the 28x28 picture: it keeps its outline and mean colour."""
        laid = cv2.warpAffine(part.astype(np.uint8), self._from_picture, (SIDE, SIDE), flags=cv2.INTER_NEAREST) > 0
        hidden = self._view.copy()
        hidden[laid & self._own] = self._gray
        return hidden


def framing(box: tuple[int, int, int, int]) -> NDArray[np.float64]:
    """The map from photo to view that shows a box in its middle.

    Args:
        box: left, top, right, bottom in photo pixels.

    Returns:
        float64 [2, 3], an affine map without turning.
    """
    left, top, right, bottom = box
    scale = SIDE / (MARGIN * max(right - left, bottom - top, 1))
    middle = np.array([left + right - 1, top + bottom - 1]) / 2
    return np.column_stack([np.eye(2) * scale, (SIDE - 1) / 2 - middle * scale])


def view(
    pixels: NDArray[np.uint8], mask: NDArray[np.float32], frame: NDArray[np.float64], paled: float = PALED
) -> NDArray[np.uint8]:
    """Draw a garment in colour, its surroundings paled.

    Args:
        pixels: the photo, uint8 [h, w, 3] RGB.
        mask: float32 [h, w], 0..1, how much of each pixel is garment.
        frame: float64 [2, 3], from photo to view.
        paled: 0..1, how much of the surroundings is left.

    Returns:
        uint8 [SIDE, SIDE, 3] RGB.
    """
    scale = float(np.sqrt(abs(np.linalg.det(frame[:, :2]))))
    if scale < 0.5:  # linear interpolation would skip pixels
        size = np.array(pixels.shape[1::-1])
        smaller = np.maximum(1, np.rint(size * scale)).astype(int)
        pixels = np.asarray(cv2.resize(pixels, smaller.tolist(), interpolation=cv2.INTER_AREA), np.uint8)
        mask = np.asarray(cv2.resize(mask, smaller.tolist(), interpolation=cv2.INTER_AREA), np.float32)
        ratio = size / smaller
        frame = np.column_stack([frame[:, :2] * ratio, frame[:, 2] + frame[:, :2] @ (ratio / 2 - 0.5)])
    gray = (GROUND,) * 3
    seen = cv2.warpAffine(pixels, frame, (SIDE, SIDE), flags=cv2.INTER_LINEAR, borderValue=gray)
    own = cv2.warpAffine(mask, frame, (SIDE, SIDE), flags=cv2.INTER_LINEAR)
    kept = (paled + (1 - paled) * own)[..., None]
    return np.asarray(GROUND + (seen - np.float32(GROUND)) * kept + 0.5).astype(np.uint8)


def whole_view(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Draw a whole photo, uint8 [h, w, 3] RGB, with nothing paled: uint8 [SIDE, SIDE, 3] RGB."""
    height, width = pixels.shape[:2]
    return view(pixels, np.ones((height, width), np.float32), framing((0, 0, width, height)))
