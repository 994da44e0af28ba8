"""One neuron learns Y = 2X + 1 while the picture is drawn: gradient descent from a random guess."""

from dataclasses import dataclass
from random import Random
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.course.steps.lesson import Lesson, Slide
from bot.course.steps.page import TOP, Chart, Page, blended
from bot.replies.cards.canvas import INK, MARGIN, MUTED, PANEL, QUIET_BAR, RED, TEAL, WIDTH
from bot.replies.numerals import decimal

SLOPE: Final = 2.0
START: Final = 1.0
"""The rule that the neuron is to find: y = 2x + 1."""

XS: Final = (-1.0, 0.0, 1.0, 2.0, 3.0, 4.0)
RATE: Final = 0.05
STEPS: Final = 100
ASKED: Final = 10.0
"""An x that it never saw, where nobody asks about another one."""

_SHOWN: Final = (0, 1, 2, 5, 20, STEPS)
_CHART: Final = (MARGIN + 64, TOP + 50, 600, TOP + 720)
_ROW: Final = 66


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """How the neuron learnt.

    Attributes:
        weights: float64 [STEPS + 1], the factor before each step and after the last.
        biases: the same for the constant.
        losses: the same for the mean squared error.
    """

    weights: NDArray[np.float64]
    biases: NDArray[np.float64]
    losses: NDArray[np.float64]

    def answer(self, x: float) -> float:
        """What the neuron says to ``x`` in the end."""
        return float(self.weights[-1] * x + self.biases[-1])


def slide(lesson: Lesson) -> Slide:
    """Fit a neuron now and show the way it took."""
    words, made, x = lesson.words.neuron, fit(lesson.materials.chance), _asked(lesson)
    first, last = (_line(made.weights[step], made.biases[step]) for step in (0, -1))
    text = words.text.format(
        points=lesson.words.frame.list_separator.join(
            f"({x:g},\N{NO-BREAK SPACE}{SLOPE * x + START:g})" for x in XS[:3]
        ).replace("-", "−"),
        first=first,
        first_loss=decimal(made.losses[0], 2),
        steps=STEPS,
        last=last,
        last_loss=f"{made.losses[-1]:.4f}",
        asked=_exact(x),
        known=words.seen if x in XS else words.unseen,
        answer=decimal(made.answer(x), 3),
        truth=_exact(SLOPE * x + START),
    )
    picture = words.picture.format(points=len(XS), first=first, last=last)
    return Slide(_draw(lesson, made).jpeg(), text, picture)


def fit(chance: Random) -> Fit:
    """Run gradient descent on the mean squared error of six points, from a random start."""
    xs = np.array(XS)
    ys = SLOPE * xs + START
    weight, bias = chance.uniform(-3, 0.5), chance.uniform(3, 6)
    weights, biases, losses = [], [], []
    for _ in range(STEPS + 1):
        errors = weight * xs + bias - ys
        weights.append(weight)
        biases.append(bias)
        losses.append((errors**2).mean())
        weight -= RATE * 2 * (errors * xs).mean()
        bias -= RATE * 2 * errors.mean()
    return Fit(np.array(weights), np.array(biases), np.array(losses))


def _asked(lesson: Lesson) -> float:
    return ASKED if lesson.materials.asked is None else lesson.materials.asked


def _draw(lesson: Lesson, made: Fit) -> Page:
    words = lesson.words.neuron
    page = Page(lesson, 860)
    chart = Chart(page, _CHART, (-2, 5), (-6, 12))
    chart.grid(
        {x: decimal(x, 0) for x in range(-2, 6)}, {y: decimal(y, 0) for y in range(-6, 13, 3)}, x_name="X", y_name="Y"
    )
    for place, step in enumerate(_SHOWN):
        colour = TEAL if step == STEPS else blended(RED, 1 - 0.12 * place, PANEL) if step == 0 else QUIET_BAR
        chart.straight(float(made.weights[step]), float(made.biases[step]), colour, 7 if step in (0, STEPS) else 3)
    chart.dots([(x, SLOPE * x + START) for x in XS], INK, 12)

    left, right = 660, WIDTH - MARGIN
    columns = left, left + 160, left + 262, right
    top = TOP + 30
    heads = zip(columns, (words.step, "w", "b", words.loss), strict=True)
    for place, name in heads:
        page.text((place, top), name, 28, MUTED, anchor="lm" if place == left else "rm")
    for place, step in enumerate(_SHOWN):
        middle = top + (place + 1) * _ROW
        last = step == STEPS
        colour = TEAL if last else RED if step == 0 else INK
        figures = (
            str(step),
            *(decimal(float(array[step]), 2) for array in (made.weights, made.biases)),
            _short(made.losses[step]),
        )
        for at, figure in zip(columns, figures, strict=True):
            page.text((at, middle), figure, 29, colour, bold=last or step == 0, anchor="lm" if at == left else "rm")
    x, within = _asked(lesson), right - left - 20
    below = top + 7 * _ROW
    page.box((left - 14, below - 26, right + 4, below + 224), PANEL, radius=16)
    page.text((left + 10, below + 10), words.asked.format(x=_exact(x)), 30, MUTED, within=within)
    page.text((left + 10, below + 70), decimal(made.answer(x), 3), 54, TEAL, bold=True, within=within)
    said = words.truth.format(truth=_exact(SLOPE * x + START))
    page.paragraph((left + 10, below + 116), said, 28, within, INK)
    _draw_legend(page, lesson)
    return page


def _draw_legend(page: Page, lesson: Lesson) -> None:
    words = lesson.words.neuron
    middle = TOP + 836
    left = float(MARGIN)
    for colour, name in ((RED, words.guess), (QUIET_BAR, words.underway), (TEAL, words.learnt)):
        page.box((left, middle - 5, left + 50, middle + 5), colour, radius=5)
        left += 62 + page.text((left + 62, middle), name, 28, INK) + 36


def _line(weight: float, bias: float) -> str:
    sign = "−" if bias < 0 else "+"
    return f"Y = {decimal(weight, 2)}X {sign} {abs(bias):.2f}"


def _exact(value: float) -> str:
    """A number as somebody wrote it: at most ten digits, and none that say nothing."""
    return f"{value:.10g}".replace("-", "−")


def _short(value: float) -> str:
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 0.1 else f"{value:.4f}"
