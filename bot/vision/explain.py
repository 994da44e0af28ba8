"""Which parts of a garment speak for an answer, found by hiding them: the TFLite files are all it takes.

A fifth of the garment is grayed out, in another random shape each time, and the model is asked again; a place is hot
when the class is less likely with it hidden than on average (RISE, Petsiuk et al. 2018, arXiv 1806.07421, with the
garment's mean gray in place of black). Hiding shapes of the size that is judged in the end finds parts that count
together, which hiding one small patch after another does not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from bot.vision.classifier import SIDE
from bot.vision.garment import Garment

HIDDEN_SHARE: Final = 0.2
"""The part of the garment that is hidden each time."""

MASKS: Final = 200
"""Times that a model is asked: a tenth of a second at .5 ms each, and enough for a steady map."""

MASKS_IN_COLOUR: Final = 20
"""The same where the network in colour is asked, too: under half a second even at 20 ms each (benchmarks/README.md)."""

CELLS: Final = 9
"""Random shapes come from a grid of this many cells a side, coarse enough for a sleeve or a collar at once."""

INSIDE: Final = 0.05
"""Pixels brighter than this are garment."""

PLACES_ASIDE: Final = 3
"""Places are told on a grid of 3x3 over the garment."""

SECOND_PLACE_SHARE: Final = 0.6
"""A second place is told when it holds at least this part of what the first holds."""

_SEED: Final = 2018
_MOST_CERTAIN: Final = 1e-6
_Floats = NDArray[np.float32]


class Classifies(Protocol):
    """What gives probabilities for pixels; :class:`~bot.vision.classifier.Classifier` is one."""

    def probabilities(self, pixels: _Floats) -> _Floats:
        """From float32 [n, 28, 28], 0..1, to float32 [n, 10]."""


class Answers(Protocol):
    """What answers for one garment with parts of it hidden."""

    def hiding(self, parts: NDArray[np.bool_]) -> _Floats:
        """Answer for each part, bool [n, 28, 28] in the places of the 28x28 picture.

        Returns:
            float32 [n, 10], or [n, 11] where none of the ten has a share, the last.
        """


class PixelAnswers:
    """Answers by the 28x28 pixels alone."""

    def __init__(self, classifier: Classifies, pixels: _Floats) -> None:
        """Keep what is asked, and about what: float32 [28, 28], 0..1."""
        self._classifier = classifier
        self._pixels = pixels

    def hiding(self, parts: NDArray[np.bool_]) -> _Floats:
        """Answer for each part, bool [n, 28, 28]: float32 [n, 10]."""
        inside = self._pixels > INSIDE
        return self._classifier.probabilities(np.stack([hide(self._pixels, inside, part) for part in parts]))


@dataclass(frozen=True, slots=True, eq=False)
class HeatMap:
    """Which parts of a garment speak for a class.

    Attributes:
        label: the class that is explained.
        pixels: float32 [28, 28]: by how much hiding a place lowers the log-odds of the class, compared with hiding
            any place; below 0 where hiding it speaks for the class, 0 outside the garment.
        photo: float32 [h, w], the same laid over the photo.
        places: cells 0-8 of a 3x3 grid over the garment, row by row, that hold the hottest fifth; the hottest first,
            at most two.
        before: the class's probability with nothing hidden.
        after: its probability with the hottest fifth of the garment grayed out.
        second: the most probable other class.
        second_places: the cells whose hiding raises the second class most, as ``places``.
        second_before: the second class's probability with nothing hidden.
        second_after: its probability with the fifth grayed out that speaks most against it.
    """

    label: int
    pixels: _Floats
    photo: _Floats
    places: tuple[int, ...]
    before: float
    after: float
    second: int
    second_places: tuple[int, ...]
    second_before: float
    second_after: float


def occlusion(
    answers: Answers, pixels: _Floats, garment: Garment, labels: Sequence[int], masks: int = MASKS
) -> tuple[HeatMap, ...]:
    """Explain an answer: what speaks for each of some classes, found with the same looks.

    Args:
        answers: what gave it.
        pixels: float32 [28, 28], 0..1, what the model saw.
        garment: the garment in the photo that they were drawn from.
        labels: the classes to explain, 0-9, or 10 for none of the ten where ``answers`` knows that.
        masks: times that ``answers`` is asked, and three or so more.

    Raises:
        ModelError: the interpreter fails.
    """
    inside = pixels > INSIDE
    shapes = _shapes(inside, masks)
    asked = answers.hiding(np.concatenate([np.zeros((1, *inside.shape), bool), shapes]))
    looks = _Looks(answers, inside, shapes, asked[1:], asked[0].astype(np.float64))
    return tuple(_heat_map(looks, garment, label) for label in labels)


@dataclass(frozen=True, slots=True, eq=False)
class _Looks:
    """What was asked about a garment, and what came out.

    Attributes:
        answers: what was asked.
        inside: bool [28, 28], where the garment is.
        shapes: bool [n, 28, 28], what was hidden.
        asked: float32 [n, k], the answers to that.
        untouched: float64 [k], the answer with nothing hidden.
    """

    answers: Answers
    inside: NDArray[np.bool_]
    shapes: NDArray[np.bool_]
    asked: _Floats
    untouched: NDArray[np.float64]


def _heat_map(looks: _Looks, garment: Garment, label: int) -> HeatMap:
    inside, shapes, asked, untouched = looks.inside, looks.shapes, looks.asked, looks.untouched
    second = next(int(other) for other in np.argsort(-untouched, kind="stable") if other != label)
    lowers = _contributions(shapes, -_log_odds(asked[:, label]), inside)
    raises = _contributions(shapes, _log_odds(asked[:, second]), inside)
    hidden = looks.answers.hiding(np.stack([hottest_part(lowers, inside), hottest_part(raises, inside)]))
    if asked[:, label].min() < hidden[0, label]:
        best = int(asked[:, label].argmin())
        lowers, hidden[0] = _led_by(lowers, shapes[best]), asked[best]
    if asked[:, second].max() > hidden[1, second]:
        best = int(asked[:, second].argmax())
        raises, hidden[1] = _led_by(raises, shapes[best]), asked[best]
    hottest, coldest = hottest_part(lowers, inside), hottest_part(raises, inside)
    frame = frame_of(garment)
    return HeatMap(
        label=label,
        pixels=lowers,
        photo=_over_photo(lowers, garment, frame),
        places=_places(hottest, lowers, frame),
        before=float(untouched[label]),
        after=float(hidden[0, label]),
        second=second,
        second_places=_places(coldest, raises, frame),
        second_before=float(untouched[second]),
        second_after=float(hidden[1, second]),
    )


def hide(pixels: _Floats, inside: NDArray[np.bool_], part: NDArray[np.bool_]) -> _Floats:
    """Gray out a part of the garment: it keeps its outline and loses what is in it.

    Args:
        pixels: float32 [28, 28], 0..1.
        inside: bool [28, 28], where the garment is.
        part: bool [28, 28], what to hide of it.
    """
    gray = pixels[inside].mean() if inside.any() else np.float32(0)
    return np.where(part & inside, gray, pixels).astype(np.float32)


def hottest_part(
    heat: NDArray[np.floating], inside: NDArray[np.bool_], share: float = HIDDEN_SHARE
) -> NDArray[np.bool_]:
    """The hottest ``share`` of the garment's pixels, bool [28, 28]."""
    places = np.flatnonzero(inside)
    order = places[np.argsort(-heat.ravel()[places], kind="stable")]
    part = np.zeros(heat.size, bool)
    part[order[: round(share * places.size)]] = True
    return part.reshape(heat.shape)


def _shapes(inside: NDArray[np.bool_], masks: int) -> NDArray[np.bool_]:
    """Random blobs, bool [masks, 28, 28], each a fifth of the garment; the same ones every time."""
    random = np.random.default_rng(_SEED)
    zoom = SIDE // (CELLS - 2)
    shapes = np.zeros((masks, *inside.shape), bool)
    for shape in shapes:
        hills = cv2.resize(
            random.random((CELLS, CELLS), np.float32), None, fx=zoom, fy=zoom, interpolation=cv2.INTER_CUBIC
        )
        top, left = random.integers(0, hills.shape[0] - SIDE + 1, 2)
        shape[:] = hottest_part(np.asarray(hills[top : top + SIDE, left : left + SIDE]), inside)
    return shapes


def _log_odds(probabilities: _Floats) -> NDArray[np.float64]:
    """Log-odds: unlike probabilities they still move when the model is all but certain."""
    clipped = np.clip(probabilities.astype(np.float64), _MOST_CERTAIN, 1 - _MOST_CERTAIN)
    return np.asarray(np.log(clipped / (1 - clipped)))


def _contributions(shapes: NDArray[np.bool_], effects: NDArray[np.float64], inside: NDArray[np.bool_]) -> _Floats:
    """The mean effect of the shapes that hide a place, above the mean of all; 0 outside the garment."""
    times = shapes.sum(axis=0)
    sums = np.tensordot(effects - effects.mean(), shapes, axes=1)
    return np.asarray(np.where(inside, sums / np.maximum(times, 1), 0.0), np.float32)


def _led_by(heat: _Floats, shape: NDArray[np.bool_]) -> _Floats:
    """Make one shape the hottest part: hiding it did more than hiding what the means had named."""
    return np.asarray(np.where(shape, heat + np.ptp(heat), heat), np.float32)


def frame_of(garment: Garment) -> tuple[int, int, int, int]:
    """Where the garment's box is in the 28x28 picture, as :func:`~bot.vision.pixels.to_pixels` puts it there.

    Returns:
        Left, top, right, bottom.
    """
    left, top, right, bottom = garment.box
    scale = SIDE / max(right - left, bottom - top)
    width, height = max(1, round((right - left) * scale)), max(1, round((bottom - top) * scale))
    x, y = (SIDE - width + 1) // 2, (SIDE - height + 1) // 2
    return x, y, x + width, y + height


def _over_photo(heat: _Floats, garment: Garment, frame: tuple[int, int, int, int]) -> _Floats:
    x, y, x_end, y_end = frame
    left, top, right, bottom = garment.box
    laid = np.zeros(garment.mask.shape, np.float32)
    size = (right - left, bottom - top)
    laid[top:bottom, left:right] = cv2.resize(heat[y:y_end, x:x_end], size, interpolation=cv2.INTER_LINEAR)
    return np.asarray(laid * (garment.mask > INSIDE), np.float32)


def _places(part: NDArray[np.bool_], heat: _Floats, frame: tuple[int, int, int, int]) -> tuple[int, ...]:
    """The cells of a 3x3 grid over the garment that hold most of a part's heat."""
    x, y, x_end, y_end = frame
    rows, columns = np.nonzero(part)
    if not rows.size:
        return ()
    row = np.clip((rows - y) * PLACES_ASIDE // max(1, y_end - y), 0, PLACES_ASIDE - 1)
    column = np.clip((columns - x) * PLACES_ASIDE // max(1, x_end - x), 0, PLACES_ASIDE - 1)
    weights = np.maximum(heat[rows, columns], 0) + 1e-9
    held = np.bincount(row * PLACES_ASIDE + column, weights, PLACES_ASIDE**2)
    first, second = (int(cell) for cell in np.argsort(-held, kind="stable")[:2])
    return (first, second) if held[second] >= SECOND_PLACE_SHARE * held[first] else (first,)
