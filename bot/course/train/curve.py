"""The curve of a training that grows, over the course's own recorded one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.course.recorded_runs import Epoch, RecordedRun
from bot.course.steps.page import INNER, Chart, Sheet, blended, ticks
from bot.course.train.words import loss
from bot.replies.cards.canvas import AMBER, INK, MARGIN, MUTED, PAPER, TEAL, WIDTH, Colour
from bot.replies.numerals import percent
from bot.replies.texts import Language
from bot.replies.texts.train import train_texts

_TITLE_ROW: Final = 116
_ACCURACY_HIGH: Final = 400
_LOSS_HIGH: Final = 300
_BETWEEN: Final = 170
_BELOW: Final = 90
_LEFT: Final = MARGIN + 96
_RIGHT: Final = 190
_HIGHEST_LOSS: Final = 20.0
_FAINT: Final = 0.45
_DOTS_UP_TO: Final = 20


@dataclass(frozen=True, slots=True)
class _Curve:
    name: str
    colour: Colour
    train: bool

    def accuracy(self, epoch: Epoch) -> float:
        return epoch.accuracy if self.train else epoch.test_accuracy

    def loss(self, epoch: Epoch) -> float:
        return min(epoch.loss if self.train else epoch.test_loss, _HIGHEST_LOSS)


def training_curve(
    neurons: int, planned: int, epochs: Sequence[Epoch], course: RecordedRun | None, language: Language
) -> bytes:
    """Draw accuracy and loss of a training, as far as it has come.

    Args:
        neurons: width of the hidden layer.
        planned: epochs in all.
        epochs: those that are done.
        course: the recorded run to draw beside it, dashed.
        language: of the words.

    Returns:
        JPEG, 1080 pixels wide.
    """
    said = train_texts(language)
    words = said.pictures
    sheet = Sheet(_TITLE_ROW + 70 + _ACCURACY_HIGH + _BETWEEN + _LOSS_HIGH + _BELOW)
    title = words.title.format(neurons=said.neurons.of(neurons), epochs=said.epochs.of(planned))
    sheet.text((MARGIN, 58), title, 46, bold=True, within=INNER)
    curves = _Curve(words.test, AMBER, False), _Curve(words.train, TEAL, True)
    shown = () if course is None else course.epochs[:planned]

    top = _TITLE_ROW + 70
    marks = [curve.accuracy(epoch) for epoch in (*epochs, *shown) for curve in curves]
    low, high = (max(0.0, min(marks) - 0.01), min(1.0, max(marks) + 0.01)) if marks else (0.0, 1.0)
    chart = _chart(sheet, (top, top + _ACCURACY_HIGH), planned, (low, high))
    sheet.text((MARGIN, top - 48), words.accuracy, 34, INK, bold=True)
    if shown:
        sheet.text((WIDTH - MARGIN, top - 48), words.course, 26, MUTED, anchor="rm", within=INNER - 260)
    chart.grid(_across(planned), {y: percent(y, 0) for y in ticks(low, high)})
    _draw(chart, curves, shown, epochs, losses=False)
    if not epochs:
        place = (_LEFT + WIDTH - MARGIN - _RIGHT) / 2, top + _ACCURACY_HIGH - 44
        sheet.text(place, words.not_yet, 28, MUTED, anchor="mm", within=WIDTH - _LEFT - _RIGHT - 2 * MARGIN)

    top += _ACCURACY_HIGH + _BETWEEN
    losses = [curve.loss(epoch) for epoch in (*epochs, *shown) for curve in curves]
    high = 1.05 * max(losses, default=1.0)
    chart = _chart(sheet, (top, top + _LOSS_HIGH), planned, (0.0, high))
    sheet.text((MARGIN, top - 48), words.loss, 34, INK, bold=True)
    chart.grid(_across(planned), {y: f"{y:g}" for y in ticks(0.0, high, 5)}, x_name=words.epoch)
    _draw(chart, curves, shown, epochs, losses=True)
    return sheet.jpeg(85)


def _chart(sheet: Sheet, rows: tuple[float, float], planned: int, ys: tuple[float, float]) -> Chart:
    return Chart(sheet, (_LEFT, rows[0], WIDTH - MARGIN - _RIGHT, rows[1]), (1, max(planned, 2)), ys)


def _across(planned: int) -> dict[float, str]:
    whole = [number for number in ticks(0, planned, 10) if number >= 1 and number == int(number)]
    return {1.0: "1"} | {number: f"{number:.0f}" for number in whole}


def _draw(
    chart: Chart, curves: Sequence[_Curve], course: Sequence[Epoch], epochs: Sequence[Epoch], *, losses: bool
) -> None:
    """Both curves of the course, faint and dashed, and over them those of the training, named where they end."""
    ends = []
    for curve in curves:
        value = curve.loss if losses else curve.accuracy
        reference = [(float(epoch.number), value(epoch)) for epoch in course]
        if len(reference) > 1:
            chart.line(reference, blended(curve.colour, _FAINT, PAPER), 4, dashed=True)
        points = [(float(epoch.number), value(epoch)) for epoch in epochs]
        if len(points) > 1:
            chart.line(points, curve.colour, 6)
        if points and len(points) <= _DOTS_UP_TO:
            chart.dots(points, curve.colour, 9)
        if epochs:
            last = epochs[-1]
            figure = loss(last.loss if curve.train else last.test_loss) if losses else percent(curve.accuracy(last))
            ends.append((value(last), curve.colour, curve.name, figure))
    chart.name_ends(ends)
