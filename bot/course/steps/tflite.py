"""TFLite: the same model, small and quick; sizes of the files that are there, time measured now."""

import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from bot.course.steps.lesson import Lesson, Slide
from bot.course.steps.page import INNER, TOP, Page
from bot.registry.layout import KERAS_FILE
from bot.replies.cards.canvas import AMBER, INK, MARGIN, MUTED, PANEL, TEAL, WIDTH
from bot.replies.numerals import count
from bot.replies.words import size

if TYPE_CHECKING:
    from bot.registry.store import LiveModel

Block = tuple[str, list[tuple[str, str, float, bool]]]

FLOAT_BYTES: Final = 4
"""Of a weight while training."""

TIMES: Final = 30
"""Pictures classified for the median."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A model file, looked at now.

    Attributes:
        tflite_bytes: of the file that answers.
        keras_bytes: of what training saved; None where it is not there.
        milliseconds: for one picture, the median of several.
        slowest: the slowest of them.
    """

    tflite_bytes: int
    keras_bytes: int | None
    milliseconds: float
    slowest: float


def slide(lesson: Lesson) -> Slide:
    """Measure the live model."""
    words = lesson.words.tflite
    seen = measure(lesson.live, lesson.subject.pixels)
    run = lesson.materials.lessons.short
    course = (
        ""
        if run is None or run.file_bytes is None
        else words.course.format(
            weights=count(run.weights), float_size=size(FLOAT_BYTES * run.weights), byte_size=size(run.file_bytes)
        )
    )
    smaller = (
        ""
        if seen.keras_bytes is None
        else words.smaller.format(
            keras=size(seen.keras_bytes),
            tflite=size(seen.tflite_bytes),
            share=f"{seen.keras_bytes / seen.tflite_bytes:.1f}",
        )
    )
    text = words.text.format(
        size=size(seen.tflite_bytes),
        smaller=smaller,
        course=course,
        time=_milliseconds(seen.milliseconds),
        times=TIMES,
        a_second=count(_about(1000 / max(seen.milliseconds, 1e-3))),
    )
    picture = words.picture.format(size=size(seen.tflite_bytes), time=_milliseconds(seen.milliseconds))
    return Slide(_draw(lesson, seen).jpeg(), text, picture)


def measure(live: "LiveModel", pixels: NDArray[np.float32]) -> Measured:
    """Weigh the files and time the classifier."""
    spans = []
    for _ in range(TIMES):
        began = time.perf_counter()
        live.classifier.probabilities(pixels)
        spans.append(1000 * (time.perf_counter() - began))
    keras = live.path.with_name(KERAS_FILE)
    keras_bytes = keras.stat().st_size if keras.is_file() else None
    return Measured(live.bytes, keras_bytes, statistics.median(spans), max(spans))


def _about(value: float) -> int:
    """Two digits are enough for what differs each time."""
    return int(float(f"{value:.2g}"))


def _milliseconds(value: float) -> str:
    return f"{value:.2f} ms" if value < 10 else f"{value:.0f} ms"


def _block(title: str, before: int | None, after: int, names: tuple[str, str]) -> Block:
    """Two sizes to compare: a title, and name, figure, share of the larger one, and whether it is the small one."""
    most = max(before or 0, after)
    rows = [(names[1], size(after), after / most, True)]
    if before is not None:
        rows.insert(0, (names[0], size(before), before / most, False))
    return title, rows


def _draw(lesson: Lesson, seen: Measured) -> Page:
    words = lesson.words.tflite
    blocks = [_block(words.files, seen.keras_bytes, seen.tflite_bytes, (words.keras, words.tflite))]
    run = lesson.materials.lessons.short
    if run is not None and run.file_bytes is not None:
        title = words.weights.format(weights=count(run.weights))
        blocks.append(_block(title, FLOAT_BYTES * run.weights, run.file_bytes, (words.floats, words.bytes)))
    height = sum(86 + 78 * len(rows) for _, rows in blocks)
    page = Page(lesson, height + 280)
    top = TOP
    for title, rows in blocks:
        page.text((MARGIN, top + 22), title, 34, INK, bold=True, within=INNER)
        for place, (name, figure, share, ours) in enumerate(rows):
            middle = top + 88 + 78 * place
            page.text((MARGIN, middle), name, 30, TEAL if ours else INK, bold=ours, within=300)
            page.bar(
                (MARGIN + 320, middle - 24, WIDTH - MARGIN - 160, middle + 24), share, TEAL if ours else AMBER, PANEL
            )
            page.text((WIDTH - MARGIN, middle), figure, 34, TEAL if ours else INK, bold=True, anchor="rm")
        top += 86 + 78 * len(rows)
    top += 20
    page.box((MARGIN, top, WIDTH - MARGIN, top + 244), PANEL, radius=20)
    page.text((MARGIN + 34, top + 48), words.time_title, 32, INK, bold=True, within=INNER - 68)
    page.text((MARGIN + 34, top + 128), _milliseconds(seen.milliseconds), 80, TEAL, bold=True)
    page.text(
        (MARGIN + 34, top + 206),
        words.time_note.format(times=TIMES, slowest=_milliseconds(seen.slowest)),
        28,
        MUTED,
        within=INNER - 68,
    )
    return page
