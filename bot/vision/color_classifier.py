"""What a garment is by its colour photo: models/color_classifier.tflite.

28x28 gray pixels hold no knit, no collar and no zip. This network looks at the found garment in colour, its
surroundings paled, and says which of the ten classes it is, or clothing outside the ten, or no clothing.
:mod:`bot.vision.fusion` joins that with what the model says of the 28x28 pixels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

import cv2
import numpy as np

from bot.vision.interpreter import InterpreterPool, TfliteRuntime
from bot.vision.labels import CLASS_COUNT
from bot.vision.trial import check_probabilities, trial_picture

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bot.vision.garment import Garment
    from bot.vision.photo import Photo

SIDE: Final = 160
"""Side of the square view, pixels."""

OUTPUTS: Final = CLASS_COUNT + 2
"""The ten classes, then :data:`~bot.vision.labels.OTHER_CLOTHING` and :data:`~bot.vision.labels.NO_CLOTHING`."""

MARGIN: Final = 1.15
"""The view's side over the longer side of the garment's box."""

PALED: Final = 0.5
"""How much of the surroundings is left: they tell a sleeve from a shadow, and yet the garment stands out."""

GROUND: Final = 127.0
"""The gray toward which surroundings are paled."""


class ColorClassifier(Protocol):
    """What names views; :class:`TfliteColorClassifier` is one."""

    def classify(self, view: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Look at a view, uint8 [160, 160, 3] RGB: float32 [12], probabilities of the outputs."""


class TfliteColorClassifier:
    """Names views; thread safe."""

    def __init__(
        self,
        model: bytes,
        *,
        runtime: TfliteRuntime = TfliteRuntime.AUTO,
        interpreters: int = 2,
        tried: bool = False,
    ) -> None:
        """Read the network and try it.

        Args:
            model: a TFLite file: float32 [1, 160, 160, 3], 0..255, to float32 [1, 12].
            runtime: the interpreter to use.
            interpreters: views looked at at the same time.
            tried: it is known to run, so that its weights need not be unpacked before they are used.

        Raises:
            ModelError: no interpreter, a broken file, a foreign model, or answers that are no probabilities.
        """
        self._pool = InterpreterPool(
            model,
            input_shape=(1, SIDE, SIDE, 3),
            output_shapes=((1, OUTPUTS),),
            runtime=runtime,
            interpreters=interpreters,
        )
        if not tried:
            check_probabilities(self.classify(trial_picture(SIDE)))

    def classify(self, view: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Look at a view.

        Args:
            view: uint8 [160, 160, 3] RGB.

        Returns:
            float32 [12], probabilities of the ten classes, of other clothing and of no clothing.

        Raises:
            ModelError: the interpreter fails.
        """
        (shares,) = self._pool.run(view.astype(np.float32))
        return shares


class HiddenViews:
    """Views of one garment with parts of it grayed out, for asking what an answer hangs on."""

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
    kept = cv2.merge((paled + (1 - paled) * own,) * 3)  # to multiply plane by plane takes three times as long
    return np.asarray(GROUND + (seen - np.float32(GROUND)) * kept + 0.5).astype(np.uint8)


def view_of(photo: Photo, garment: Garment) -> NDArray[np.uint8]:
    """The view of a garment that is served: uint8 [160, 160, 3] RGB."""
    return view(photo.pixels, garment.mask, framing(garment.box))
