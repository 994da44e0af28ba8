"""Horizontal bars with names and percentages, largest first."""

from typing import Final

from bot.replies.cards.canvas import (
    AMBER,
    GREEN,
    INK,
    MUTED,
    PANEL,
    QUIET_BAR,
    RED,
    SLATE,
    TEAL,
    Canvas,
    Colour,
    text_width,
)
from bot.replies.numerals import percent_of_permille
from bot.replies.shares import named_shares, ranked_shares, shares_of
from bot.replies.texts import Language, texts
from bot.replies.words import short_name
from bot.vision.labels import CLASS_COUNT
from bot.vision.prediction import Prediction, Verdict

SHARES: Final = CLASS_COUNT + 1
"""Bars of a photo's answer: the ten classes and none of them; a test image has ten."""

_MARK: Final = 0.9
_GAP: Final = 0.5
_THICKNESS: Final = 0.62
_TEXT: Final = 0.7
_THINNEST: Final = 3


def draw_bars(
    canvas: Canvas, edges: tuple[float, float, float], prediction: Prediction, language: Language, *, row: int
) -> None:
    """Draw the eleven bars of an answer; what the answer names is bold, with a pointer before it.

    Args:
        canvas: to draw on.
        edges: left, top, right; the height is :data:`SHARES` rows.
        prediction: the answer.
        language: of the names.
        row: height of a row in pixels; everything else follows from it.
    """
    pointed = dict.fromkeys(named_shares(prediction), verdict_colour(prediction))
    _draw(canvas, edges, ranked_shares(prediction), shares_of(prediction), pointed, language, row)


def draw_test_bars(
    canvas: Canvas,
    edges: tuple[float, float, float],
    prediction: Prediction,
    actual: int,
    language: Language,
    *,
    row: int,
) -> None:
    """Draw the ten bars of a test image: green where the model is right, red where it is wrong, the truth with a check.

    Args:
        canvas: to draw on.
        edges: left, top, right; the height is ten rows.
        prediction: what the model says.
        actual: the true class.
        language: of the names.
        row: height of a row in pixels.
    """
    colours = {prediction.label: RED, actual: GREEN}
    _draw(canvas, edges, prediction.ranking, shares_of(prediction), colours, language, row, actual=actual)


def _draw(
    canvas: Canvas,
    edges: tuple[float, float, float],
    labels: tuple[int, ...],
    shares: tuple[int, ...],
    pointed: dict[int, Colour],
    language: Language,
    row: int,
    *,
    actual: int | None = None,
) -> None:
    left, top, right = edges
    size, thickness, mark = round(_TEXT * row), _THICKNESS * row, _MARK * row
    names = [name_of(label, language) for label in labels]
    names_end = left + mark + max(text_width(name, size, True) for name in names)
    bar_left = names_end + _GAP * row
    bar_right = right - text_width("100.0%", size, True) - _GAP * row
    for place, (label, name) in enumerate(zip(labels, names, strict=True)):
        middle = top + row * (place + 0.5)
        wins = label in pointed
        ink: Colour = pointed.get(label, INK if shares[label] else MUTED)
        if actual is not None and wins:
            canvas.mark((left + 0.4 * row, middle), size, ink, right=label == actual)
        elif wins:
            canvas.text((left, middle), "▶", size, ink, bold=True)
        canvas.text((left + mark, middle), name, size, ink, bold=wins)
        upper, lower = middle - thickness / 2, middle + thickness / 2
        canvas.box((bar_left, upper, bar_right, lower), PANEL, radius=6)
        if shares[label]:
            end = bar_left + max((bar_right - bar_left) * shares[label] / 1000, _THINNEST)
            canvas.box((bar_left, upper, end, lower), ink if wins else QUIET_BAR, radius=6)
        canvas.text((right, middle), percent_of_permille(shares[label]), size, ink, bold=wins, anchor="rm")


def name_of(label: int, language: Language) -> str:
    """The short name of a share: a class, 0-9, or 10 for none of the ten."""
    return short_name(label, language) if label < CLASS_COUNT else texts(language).pictures.outside


def candidate_of(label: int, language: Language) -> str:
    """The same within a sentence, where a class keeps its capital."""
    name = name_of(label, language)
    return name if label < CLASS_COUNT else name[0].lower() + name[1:]


def verdict_colour(prediction: Prediction) -> Colour:
    """Return the colour that goes with a verdict; words always say the same."""
    return {Verdict.SURE: TEAL, Verdict.UNSURE: AMBER, Verdict.NO_GARMENT: SLATE}[prediction.verdict]
