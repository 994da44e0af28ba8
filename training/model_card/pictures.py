"""The pictures of the model card; every one is drawn from measurements, and small enough for a README."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bot.registry.files import replace_durably
from bot.vision.garment import Garment
from training.evaluation.metrics import Interval

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MAX_BYTES: Final = 400_000
"""A README with several pictures should open on a phone."""

_DPI: Final = 100
_BLUE: Final = "#1f6fb4"
_ORANGE: Final = "#d9622b"
_GREEN: Final = "#1b7f3b"
_RED: Final = "#b3261e"
_OUTLINE: Final = (0, 230, 118)
_PHOTO_SIDE: Final = 240
"""Longest side of a shown photo, pixels."""


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """A picture with its answer.

    Attributes:
        pixels: float32 [28, 28], 0..1, what the model saw.
        actual: the right class or label.
        answer: the class that the bot named.
        confidence: 0..1.
        right: whether the answer is.
    """

    pixels: NDArray[np.floating]
    actual: str
    answer: str
    confidence: float
    right: bool


@dataclass(frozen=True, slots=True, eq=False)
class Find:
    """A photo in which a garment was found.

    Attributes:
        photo: uint8 [h, w, 3] RGB.
        garment: what was found.
        example: what the model saw, and its answer.
        said: the bot's answer in words.
    """

    photo: NDArray[np.uint8]
    garment: Garment
    example: Example
    said: str


@dataclass(frozen=True, slots=True)
class Recall:
    """One class's recall.

    Attributes:
        name: the class.
        test: on the test images, with its interval; None without images.
        photos: on photos, with its interval; None without photos.
    """

    name: str
    test: tuple[float, Interval] | None
    photos: tuple[float, Interval] | None


def draw_recalls(recalls: Sequence[Recall], path: Path) -> None:
    """Recall of each class on the test images and on photos, with 95 % intervals."""
    figure = _figure(8.4, 0.9 + 0.46 * len(recalls))
    axes = figure.subplots()
    places = np.arange(len(recalls), dtype=float)[::-1]
    for offset, colour, name, series in (
        (0.14, _BLUE, "test images", [each.test for each in recalls]),
        (-0.14, _ORANGE, "photos", [each.photos for each in recalls]),
    ):
        known = [(place + offset, *each) for place, each in zip(places, series, strict=True) if each is not None]
        if not known:
            continue
        values = np.array([value for _, value, _ in known])
        low = values - np.array([interval.low for *_, interval in known])
        high = np.array([interval.high for *_, interval in known]) - values
        axes.errorbar(
            values,
            [place for place, _, _ in known],
            xerr=np.maximum([low, high], 0),
            fmt="o",
            color=colour,
            capsize=3,
            markersize=5,
            label=name,
        )
    axes.set_yticks(places, [each.name for each in recalls])
    axes.set_xlim(0, 1.02)
    axes.set_xlabel("recall, with its 95 % interval")
    axes.grid(axis="x", alpha=0.25)
    axes.legend(frameon=False, loc="lower left")
    _save(figure, path)


def draw_examples(right: Sequence[Example], wrong: Sequence[Example], path: Path, columns: int = 8) -> None:
    """Right answers above, wrong ones below, each picture with what it is and what it was called."""
    rows = [-(-len(group) // columns) for group in (right, wrong)]
    figure = _figure(1.25 * columns, 0.4 + 1.72 * sum(rows))
    parts = figure.subfigures(2, 1, height_ratios=[max(row, 0.2) for row in rows], squeeze=False)[:, 0]
    for part, group, count, title in zip(parts, (right, wrong), rows, ("right", "wrong"), strict=True):
        part.suptitle(f"{title} answers", fontsize=11, color=_GREEN if title == "right" else _RED, x=0.01, ha="left")
        cells = part.subplots(max(count, 1), columns, squeeze=False).ravel()
        for cell, example in zip(cells, [*group, *[None] * (len(cells) - len(group))], strict=True):
            cell.set_axis_off()
            if example is not None:
                _draw_example(cell, example)
    _save(figure, path)


def draw_finds(finds: Sequence[Find], path: Path, columns: int = 6) -> None:
    """Photos with the outline of the found garment, beneath each the 28x28 picture that the model saw."""
    blocks = -(-len(finds) // columns)
    figure = _figure(1.75 * columns, 4.2 * blocks)
    cells = figure.subplots(2 * blocks, columns, squeeze=False, height_ratios=[1.5, 1] * blocks)
    for cell in cells.ravel():
        cell.set_axis_off()
    for number, find in enumerate(finds):
        row, column = 2 * (number // columns), number % columns
        cells[row, column].imshow(outlined(find.photo, find.garment))
        cells[row, column].set_title(find.example.actual, fontsize=9)
        below = cells[row + 1, column]
        below.imshow(find.example.pixels, cmap="gray", vmin=0, vmax=1)
        below.text(
            0.5, -0.06, find.said, transform=below.transAxes, ha="center", va="top", fontsize=8,
            color=_GREEN if find.example.right else _RED,
        )  # fmt: skip
    _save(figure, path)


def outlined(photo: NDArray[np.uint8], garment: Garment) -> NDArray[np.uint8]:
    """A photo with the garment's outline, uint8 [h, w, 3], longest side :data:`_PHOTO_SIDE`."""
    scale = _PHOTO_SIDE / max(photo.shape[:2])
    shown = cv2.resize(photo, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    mask = cv2.resize(garment.mask, (shown.shape[1], shown.shape[0]), interpolation=cv2.INTER_LINEAR)
    outlines, _ = cv2.findContours((mask > 0.5).astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    drawn = cv2.drawContours(np.ascontiguousarray(shown), outlines, -1, (0, 0, 0), 4, cv2.LINE_AA)
    return np.asarray(cv2.drawContours(drawn, outlines, -1, _OUTLINE, 2, cv2.LINE_AA), np.uint8)


def _draw_example(cell: Axes, example: Example) -> None:
    cell.imshow(example.pixels, cmap="gray", vmin=0, vmax=1)
    colour = _GREEN if example.right else _RED
    cell.set_title(example.actual, fontsize=8, pad=3)
    said = f"{example.answer} {example.confidence:.0%}"
    cell.text(0.5, -0.06, said, transform=cell.transAxes, ha="center", va="top", fontsize=8, color=colour)


def _figure(width: float, height: float) -> Figure:
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), dpi=_DPI, layout="constrained")


def _save(figure: Figure, path: Path) -> None:
    """Write a PNG; one with photos in it gets a palette, which halves it again and again until it is small enough."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    image = Image.fromarray(np.asarray(canvas.buffer_rgba())[..., :3])
    content = _png(image)
    for colours in (256, 128, 64):
        if len(content) <= MAX_BYTES:
            break
        content = _png(image.quantize(colours, dither=Image.Dither.NONE))
    replace_durably(path, content)


def _png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
