"""Ten horizontal bars with names and percentages, most probable first."""

from typing import Final

from bot.replies.cards.canvas import AMBER, INK, MUTED, PANEL, QUIET_BAR, SLATE, TEAL, Canvas, Colour, text_width
from bot.replies.numerals import percent_of_permille, permille
from bot.replies.texts import Language
from bot.replies.words import class_name
from bot.vision.labels import CLASS_COUNT
from bot.vision.prediction import Prediction, Verdict

ROW: Final = 54
HEIGHT: Final = ROW * CLASS_COUNT

_SIZE: Final = 32
_MARK: Final = 40
_GAP: Final = 20
_THICKNESS: Final = 30
_THINNEST: Final = 3


def draw_bars(
    canvas: Canvas,
    edges: tuple[float, float, float],
    prediction: Prediction,
    language: Language,
    *,
    actual: int | None = None,
) -> None:
    """Draw the ten bars.

    The winner (or the two candidates) is bold with a pointer before its name; the actual class, where it is known,
    has a check mark. Neither needs colour to be seen.

    Args:
        canvas: to draw on.
        edges: left, top, right; the height is :data:`HEIGHT`.
        prediction: the ten probabilities and the verdict.
        language: of the names.
        actual: the true class of a test image.
    """
    left, top, right = edges
    shares = permille(prediction.probabilities)
    names = [class_name(label, language) for label in range(CLASS_COUNT)]
    names_end = left + _MARK + max(text_width(name, _SIZE, True) for name in names)
    bar_left = names_end + _GAP
    bar_right = right - text_width("100.0%", _SIZE, True) - _GAP
    winners = (
        1 if actual is not None else {Verdict.SURE: 1, Verdict.UNSURE: 2, Verdict.NO_GARMENT: 0}[prediction.verdict]
    )
    colour = TEAL if actual is not None else verdict_colour(prediction)
    for place, label in enumerate(prediction.ranking):
        middle = top + ROW * (place + 0.5)
        wins = place < winners
        ink: Colour = colour if wins else INK if shares[label] else MUTED
        if wins or label == actual:
            canvas.text((left, middle), "✓" if label == actual else "▶", 28, ink, bold=True)
        canvas.text((left + _MARK, middle), names[label], _SIZE, ink, bold=wins)
        upper, lower = middle - _THICKNESS / 2, middle + _THICKNESS / 2
        canvas.box((bar_left, upper, bar_right, lower), PANEL, radius=6)
        length = (bar_right - bar_left) * shares[label] / 1000
        if shares[label]:
            end = bar_left + max(length, _THINNEST)
            canvas.box((bar_left, upper, end, lower), colour if wins else QUIET_BAR, radius=6)
        canvas.text((right, middle), percent_of_permille(shares[label]), _SIZE, ink, bold=wins, anchor="rm")


def verdict_colour(prediction: Prediction) -> Colour:
    """Return the colour that goes with a verdict; words always say the same."""
    return {Verdict.SURE: TEAL, Verdict.UNSURE: AMBER, Verdict.NO_GARMENT: SLATE}[prediction.verdict]
