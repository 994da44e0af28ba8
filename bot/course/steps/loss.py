"""How wrong is wrong: the loss, and steps downhill, computed now on a picture that the network gets wrong."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from bot.course.recorded_runs import CourseNetwork, RecordedRun, softmax
from bot.course.steps.lesson import LabelledImages, Lesson, Missing, Need, Slide, recorded
from bot.course.steps.page import SMALL, TOP, Chart, Page, blended, ticks
from bot.datasets import as_pixels
from bot.replies.cards.canvas import AMBER, GREEN, INK, MARGIN, MUTED, PANEL, RED, TEAL, WIDTH
from bot.replies.numerals import count, percent

SEARCHED: Final = 200
"""Among so many test images the first wrong one is taken."""

STEPS: Final = 5
RATE: Final = 0.01
_SCALE: Final = 8


@dataclass(frozen=True, slots=True, eq=False)
class Descent:
    """A few steps downhill on one picture.

    Attributes:
        index: of the test image among those at hand.
        said: the class that the network gives it at first.
        label: its true class.
        probabilities: of the true class, before each step and after the last.
    """

    index: int
    said: int
    label: int
    probabilities: tuple[float, ...]

    @property
    def losses(self) -> tuple[float, ...]:
        """Cross-entropy at the same moments."""
        return tuple(float(-np.log(max(share, 1e-12))) for share in self.probabilities)


def slide(lesson: Lesson) -> Slide:
    """Take a picture that the network gets wrong and go downhill."""
    words, run = lesson.words.loss, recorded(lesson.materials.lessons.short)
    way = descend(lesson.network, lesson.test)
    text = words.text.format(
        number=count(int(lesson.test.numbers[way.index]) + 1),
        actual=lesson.name_of(way.label),
        said=lesson.name_of(way.said),
        share=percent(way.probabilities[0]),
        loss=f"{way.losses[0]:.2f}",
        steps=STEPS,
        share_after=percent(way.probabilities[-1]),
        loss_after=f"{way.losses[-1]:.2f}",
        first_loss=f"{run.epochs[0].loss:.3f}",
        last_loss=f"{run.last.loss:.3f}",
        epochs=lesson.words.epochs.of(run.last.number),
    )
    losses = " → ".join(f"{loss:.2f}" for loss in way.losses)
    return Slide(_draw(lesson, way, run).jpeg(), text, words.picture.format(losses=losses))


def descend(network: CourseNetwork, test: LabelledImages) -> Descent:
    """Gradient descent on the loss of one picture: the first of the test images that the network gets wrong.

    Only the last layer moves, which is enough to see the loss fall.

    Raises:
        Missing: it gets none of the first images wrong.
    """
    pixels = as_pixels(test.images[:SEARCHED])
    hidden = np.maximum(network.sums(pixels), 0)
    kernel, bias = network.output_kernel.copy(), network.output_bias.copy()
    labels = np.asarray(test.labels[:SEARCHED], np.intp)
    wrong = np.flatnonzero((hidden @ kernel + bias).argmax(axis=1) != labels)
    if not len(wrong):
        raise Missing(Need.RECORDS)
    index = int(wrong[0])
    seen, label = hidden[index], int(labels[index])
    target = np.eye(len(bias), dtype=np.float32)[label]
    said = int((seen @ kernel + bias).argmax())
    probabilities = []
    for _ in range(STEPS + 1):
        shares = softmax(seen @ kernel + bias)
        probabilities.append(float(shares[label]))
        slope = shares - target
        kernel -= RATE * np.outer(seen, slope)
        bias -= RATE * slope
    return Descent(index, said, label, tuple(probabilities))


def _draw(lesson: Lesson, way: Descent, run: RecordedRun) -> Page:
    words = lesson.words.loss
    page = Page(lesson, 1044)
    side = page.pixels(lesson.test.images[way.index], (MARGIN, TOP), _SCALE)
    beside = MARGIN + side + 36
    lines = (
        (words.says.format(name=lesson.name_of(way.said)), 32, RED),
        (words.actual.format(name=lesson.name_of(way.label)), 32, GREEN),
        (words.share.format(percent=percent(way.probabilities[0])), 30, INK),
        (words.first_loss.format(loss=f"{way.losses[0]:.2f}"), 30, INK),
    )
    for place, (said, size, colour) in enumerate(lines):
        page.text((beside, TOP + 26 + 56 * place), said, size, colour, bold=place < 2, within=WIDTH - MARGIN - beside)

    top = TOP + side + 92
    edges = MARGIN + 70, top, 620, top + 330
    most = max(4.0, way.losses[0] * 1.1)
    chart = Chart(page, edges, (0, 1), (0, most))
    chart.grid(
        {share / 4: percent(share / 4, 0) for share in range(5)},
        {value: f"{value:g}" for value in ticks(0, most, 4)},
        x_name=words.x_name,
        y_name=words.curve,
    )
    shares = np.linspace(np.exp(-most), 1, 160)
    chart.line(zip(shares.tolist(), (-np.log(shares)).tolist(), strict=True), MUTED, 4)
    for place, point in enumerate(zip(way.probabilities, way.losses, strict=True)):
        chart.dots([point], blended(TEAL, place / STEPS, RED), 12)
    _draw_steps(page, lesson, way, 690, top - 30)
    _draw_run(page, lesson, run, top + 330 + 150)
    return page


def _draw_steps(page: Page, lesson: Lesson, way: Descent, left: float, top: float) -> None:
    words = lesson.words.loss
    right = WIDTH - MARGIN
    for place, anchor, name in (
        (left, "lm", words.step),
        (left + 212, "rm", words.share_short),
        (right, "rm", words.loss),
    ):
        page.text((place, top), name, SMALL, MUTED, anchor=anchor)
    for step, (share, loss) in enumerate(zip(way.probabilities, way.losses, strict=True)):
        middle = top + 58 + 56 * step
        colour = blended(TEAL, step / STEPS, RED)
        page.dot((left + 10, middle), colour, 10)
        page.text((left + 36, middle), str(step), 30, INK)
        page.text((left + 212, middle), percent(share), 30, INK, anchor="rm")
        page.text((right, middle), f"{loss:.2f}", 30, INK, bold=True, anchor="rm")


def _draw_run(page: Page, lesson: Lesson, run: RecordedRun, top: float) -> None:
    """The loss of the recorded run, a bar for each epoch."""
    words = lesson.words.loss
    page.text((MARGIN, top), words.run, 30, INK, bold=True, within=WIDTH - 2 * MARGIN)
    largest = max(epoch.loss for epoch in run.epochs)
    for place, epoch in enumerate(run.epochs[:5]):
        middle = top + 48 + 44 * place
        page.text((MARGIN, middle), lesson.words.frame.epoch_number.format(number=epoch.number), SMALL, MUTED)
        page.bar((MARGIN + 170, middle - 16, WIDTH - MARGIN - 110, middle + 16), epoch.loss / largest, AMBER, PANEL)
        page.text((WIDTH - MARGIN, middle), f"{epoch.loss:.3f}", 28, INK, anchor="rm")
