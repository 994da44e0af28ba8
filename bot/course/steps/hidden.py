"""128 neurons look at the picture at once, and ReLU keeps what is above zero."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.course.recorded_runs import CourseNetwork
from bot.course.steps.lesson import Lesson, Slide, capitalised
from bot.course.steps.page import INNER, SMALL, TOP, Chart, Page, blended, signed_map
from bot.replies.cards.canvas import AMBER, INK, LINE, MARGIN, MUTED, PANEL, TEAL, WIDTH, readable_on
from bot.replies.numerals import count, decimal

_PICTURE_SCALE: Final = 8
_MAP_SCALE: Final = 5
_MAP_SIDE: Final = 28 * _MAP_SCALE
_STRONGEST: Final = 4
_WEAKEST: Final = 2
_COLUMNS: Final = 16
_CELL_HIGH: Final = 46


def slide(lesson: Lesson) -> Slide:
    """Show what the neurons of the recorded network make of a picture."""
    words, network, pixels = lesson.words.hidden, lesson.network, lesson.subject.pixels
    sums = network.sums(pixels[None])[0]
    lit = int((sums > 0).sum())
    strongest, weakest = int(sums.argmax()), int(sums.argmin())
    text = words.text.format(
        neurons=network.neurons,
        inputs=network.hidden_kernel.shape[0],
        weights=count(network.hidden_kernel.size + network.hidden_bias.size),
        subject=lesson.subject_words,
        lit=lit,
        dark=network.neurons - lit,
        best=decimal(sums[strongest]),
        worst=decimal(sums[weakest]),
    )
    picture = words.picture.format(
        neurons=network.neurons, lit=lit, strongest=strongest + 1, best=decimal(sums[strongest])
    )
    return Slide(_draw(lesson, network, pixels, sums).jpeg(), text, picture)


def _draw(lesson: Lesson, network: CourseNetwork, pixels: NDArray[np.float32], sums: NDArray[np.float32]) -> Page:
    words = lesson.words.hidden
    rows = -(-network.neurons // _COLUMNS)
    side = 28 * _PICTURE_SCALE
    maps_top = TOP + side + 108
    grid_top = maps_top + _MAP_SIDE + 178
    page = Page(lesson, grid_top - TOP + rows * (_CELL_HIGH + 4))
    page.pixels(pixels, (MARGIN, TOP), _PICTURE_SCALE)
    page.text((MARGIN, TOP + side + 26), capitalised(lesson.subject_words), SMALL, MUTED, within=side + 60)
    _draw_relu(page, lesson, (MARGIN + side + 150, TOP + 44, WIDTH - MARGIN - 20, TOP + side - 10), sums)

    page.text((MARGIN, maps_top - 26), words.maps, 30, INK, bold=True, within=INNER)
    order = np.argsort(-sums)
    shown = [*order[:_STRONGEST], *order[-_WEAKEST:]]
    gap = (INNER - len(shown) * _MAP_SIDE) / (len(shown) - 1)
    for column, neuron in enumerate(shown):
        left = MARGIN + column * (_MAP_SIDE + gap)
        weights = signed_map(network.hidden_kernel[:, neuron].reshape(28, 28), TEAL, AMBER, (255, 255, 255))
        page.paste(weights.repeat(_MAP_SCALE, axis=0).repeat(_MAP_SCALE, axis=1), (left, maps_top))
        page.frame((left, maps_top, left + _MAP_SIDE, maps_top + _MAP_SIDE), LINE)
        value = float(sums[neuron])
        middle = left + _MAP_SIDE / 2
        page.text(
            (middle, maps_top + _MAP_SIDE + 24), words.neuron.format(number=neuron + 1), SMALL, MUTED, anchor="mm"
        )
        said = f"{decimal(value)} → 0" if value < 0 else decimal(value)
        colour = TEAL if value > 0 else AMBER
        page.text((middle, maps_top + _MAP_SIDE + 60), said, 30, colour, bold=True, anchor="mm", within=_MAP_SIDE + 26)

    lit = int((sums > 0).sum())
    said = words.grid.format(neurons=network.neurons, lit=lit, dark=network.neurons - lit)
    page.text((MARGIN, grid_top - 30), said, 30, INK, bold=True, within=INNER)
    wide = INNER / _COLUMNS
    largest = max(float(sums.max()), 1e-6)
    for neuron, value in enumerate(np.maximum(sums, 0)):
        left, top = MARGIN + neuron % _COLUMNS * wide, grid_top + neuron // _COLUMNS * (_CELL_HIGH + 4)
        colour = blended(TEAL, float(value) / largest, PANEL)
        page.box((left + 2, top, left + wide - 2, top + _CELL_HIGH), colour, radius=6)
        words_inside = f"{value:.1f}" if value > 0 else "0"
        ink = readable_on(colour) if value > 0 else MUTED
        page.text((left + wide / 2, top + _CELL_HIGH / 2), words_inside, 24, ink, anchor="mm")
    return page


def _draw_relu(page: Page, lesson: Lesson, edges: tuple[float, float, float, float], sums: NDArray[np.float32]) -> None:
    """The bend, with a dot for each neuron's sum."""
    reach = max(float(np.abs(sums).max()), 1.0) * 1.05
    chart = Chart(page, edges, (-reach, reach), (0, reach))
    chart.grid({0: "0"}, {0: "0"}, y_name=lesson.words.hidden.relu)
    for value in sums:
        chart.dots([(float(value), max(float(value), 0.0))], blended(TEAL if value > 0 else AMBER, 0.55, PANEL), 6)
    chart.line([(-reach, 0), (0, 0), (reach, reach)], INK, 4)
    left, _, right, bottom = edges
    page.text((left, bottom + 28), lesson.words.hidden.below, 26, AMBER)
    page.text((right, bottom + 28), lesson.words.hidden.above, 26, TEAL, anchor="rm")
