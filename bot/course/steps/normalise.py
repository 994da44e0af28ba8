"""Numbers from 0 to 1, and what was measured without."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.course.recorded_runs import RecordedRun
from bot.course.steps.lesson import Lesson, Slide, recorded
from bot.course.steps.page import INNER, TEXT, TOP, Chart, Page, ticks
from bot.replies.cards.canvas import AMBER, INK, MARGIN, TEAL, WIDTH, readable_on
from bot.replies.numerals import percent, points_between

PIXEL_MAX: Final = 255
SHOWN: Final = 6
"""Pixels whose numbers are shown before and after."""

_CELL_HIGH: Final = 84
_CHART_HIGH: Final = 420


def slide(lesson: Lesson) -> Slide:
    """Show some pixels before and after, and the recorded runs with and without."""
    words, levels = lesson.words.normalise, pick(lesson.subject.levels)
    lessons = lesson.materials.lessons
    without, with_it = recorded(lessons.not_normalised), recorded(lessons.short)
    epochs = min(without.last.number, with_it.last.number)
    ends = [run.epochs[epochs - 1].test_accuracy for run in (without, with_it)]
    text = words.text.format(
        subject=lesson.subject_words,
        before=int(levels[SHOWN // 2]),
        after=f"{levels[SHOWN // 2] / PIXEL_MAX:.3f}",
        epochs=lesson.words.epochs.of(epochs),
        without=percent(ends[0]),
        with_it=percent(ends[1]),
        points=points_between(ends[1], ends[0]),
    )
    pairs = lesson.words.frame.list_separator.join(f"{level} → {level / PIXEL_MAX:.2f}" for level in levels)
    return Slide(_draw(lesson, levels, without, with_it, epochs).jpeg(), text, words.picture.format(pairs=pairs))


def pick(levels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Some different levels of a picture, from dark to bright."""
    found = np.unique(levels)
    places = np.linspace(0, len(found) - 1, SHOWN).round().astype(int)
    return np.asarray(found[places], np.uint8)


def _draw(lesson: Lesson, levels: NDArray[np.uint8], without: RecordedRun, with_it: RecordedRun, epochs: int) -> Page:
    words = lesson.words.normalise
    cells_high = 2 * _CELL_HIGH + 76
    page = Page(lesson, cells_high + 130 + _CHART_HIGH + 90)
    wide = INNER / SHOWN
    for column, level in enumerate(levels):
        value = int(level)
        gray = (value, value, value)
        left = MARGIN + column * wide
        for top, number in ((TOP, str(value)), (TOP + _CELL_HIGH + 76, f"{value / PIXEL_MAX:.2f}")):
            page.box((left + 4, top, left + wide - 4, top + _CELL_HIGH), gray, radius=8)
            if value > 240:
                page.frame((left + 4, top, left + wide - 4, top + _CELL_HIGH))
            page.text((left + wide / 2, top + _CELL_HIGH / 2), number, 38, readable_on(gray), bold=True, anchor="mm")
        page.arrow((left + 40, TOP + _CELL_HIGH + 10), (left + 40, TOP + _CELL_HIGH + 64), width=4)
        page.text((left + 62, TOP + _CELL_HIGH + 37), "÷ 255", TEXT, INK)

    top = TOP + cells_high + 50
    page.text((MARGIN, top), words.chart, 32, INK, bold=True, within=INNER)
    values = [epoch.test_accuracy for run in (without, with_it) for epoch in run.epochs[:epochs]]
    low, high = min(values) - 0.02, min(1.0, max(values) + 0.02)
    edges = MARGIN + 90, top + 60, WIDTH - MARGIN - 210, top + 60 + _CHART_HIGH
    chart = Chart(page, edges, (1, max(epochs, 2)), (low, high))
    up = {value: percent(value, 0) for value in ticks(low, high)}
    chart.grid({number: str(number) for number in range(1, epochs + 1)}, up, x_name=lesson.words.frame.epoch)
    ends = []
    for run, colour, name in ((without, AMBER, words.without), (with_it, TEAL, words.with_it)):
        points = [(float(epoch.number), epoch.test_accuracy) for epoch in run.epochs[:epochs]]
        chart.line(points, colour, 6)
        chart.dots(points, colour, 10)
        ends.append((points[-1][1], colour, name, percent(points[-1][1])))
    chart.name_ends(ends)
    return page
