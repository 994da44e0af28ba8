"""Views of garments for the colour network, varied without end: from another distance, turned, in another light."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from bot.vision.color_classifier import GROUND, PALED, SIDE, framing, view
from training.data.photos import recoloured

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bot.vision.garment import Box

LOOSE: Final = 0.15
"""Share of the views that show more than the found garment, or a part of it: the segmenter misses sleeves and finds
people in their clothes."""


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """A garment in a photo and what it may be.

    Attributes:
        pixels: uint8 [h, w, 3] RGB.
        mask: uint8 [h, w], 0..255: in bytes, as thousands of them are kept.
        box: left, top, right, bottom.
        answer: float32 [12], 1 for each output that its label allows, else 0.
        label: its word.
    """

    pixels: NDArray[np.uint8]
    mask: NDArray[np.uint8]
    box: Box
    answer: NDArray[np.float32]
    label: str

    @property
    def soft_mask(self) -> NDArray[np.float32]:
        """The mask as the bot has it: float32 [h, w], 0..1."""
        return np.asarray(self.mask / np.float32(255), np.float32)


def plain_view(example: Example) -> NDArray[np.uint8]:
    """The view that is served: uint8 [160, 160, 3]."""
    return view(example.pixels, example.soft_mask, framing(example.box))


def varied_view(example: Example, rng: np.random.Generator) -> NDArray[np.uint8]:
    """The same garment from another distance, turned, in another light, its box a little off or much."""
    loose = rng.random() < LOOSE
    box, most = (loose_box(example, rng), 1.0) if loose else (example.box, PALED + 0.3)
    angle = rng.normal(0, 10) if rng.random() < 0.9 else rng.uniform(-180, 180)
    size, stretch = float(np.exp(rng.normal(0, 0.15))), float(np.exp(rng.normal(0, 0.07)))
    mirror = -1 if rng.random() < 0.5 else 1
    cos, sin = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    linear = np.array([[cos, -sin], [sin, cos]]) @ np.diag([size * stretch * mirror, size / stretch])
    frame = linear @ framing(box)
    middle = np.full(2, (SIDE - 1) / 2)
    frame[:, 2] += middle - linear @ middle + rng.normal(0, 0.05 * SIDE, 2)
    pixels = view(example.pixels, example.soft_mask, frame, float(rng.uniform(PALED - 0.3, most)))
    return worn_down(pixels, rng)


def loose_box(example: Example, rng: np.random.Generator) -> Box:
    """A box between the garment's and the whole photo, or around a part of the garment."""
    box = np.array(example.box, float)
    if rng.random() < 0.6:
        height, width = example.pixels.shape[:2]
        box += (np.array([0, 0, width, height]) - box) * rng.choice([rng.random(), 1.0])
    else:
        size = box[2:] - box[:2]
        part = size * rng.uniform(0.55, 1, 2)
        start = box[:2] + (size - part) * rng.random(2)
        box = np.concatenate([start, start + part])
    left, top, right, bottom = np.rint(box).astype(int).tolist()
    return left, top, max(right, left + 1), max(bottom, top + 1)


def worn_down(pixels: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Recolour a view; sometimes blur it as an enlarged picture is, or hide a part."""
    if rng.random() < 0.15:
        side = int(rng.integers(28, 80))
        small = cv2.resize(pixels, (side, side), interpolation=cv2.INTER_AREA)
        pixels = np.asarray(cv2.resize(small, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC), np.uint8)
    pixels = recoloured(pixels, rng)
    if rng.random() < 0.3:
        height, width = rng.integers(SIDE // 8, SIDE // 2, 2)
        top, left = rng.integers(0, SIDE - height), rng.integers(0, SIDE - width)
        pixels[top : top + height, left : left + width] = GROUND
    return pixels
