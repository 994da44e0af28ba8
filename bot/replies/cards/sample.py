"""A test image enlarged, with what the model says and what is true."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.replies.cards import bars
from bot.replies.cards.canvas import BLACK, GREEN, MARGIN, MUTED, RED, WIDTH, Canvas, enlarged, fitted
from bot.replies.numerals import count, percent_of_permille
from bot.replies.shares import shares_of
from bot.replies.texts import Language, texts
from bot.replies.words import class_name
from bot.vision.labels import CLASS_COUNT
from bot.vision.prediction import Prediction

_SCALE: Final = 16
_SIDE: Final = 28 * _SCALE
_GAP: Final = 36
_LABEL_ROW: Final = 44
_SMALL: Final = 36
_NAME: Final = 56
_ROW: Final = 46
_MARK: Final = 56


SAMPLE_WIDTH: Final = WIDTH
SAMPLE_HEIGHT: Final = MARGIN + _SIDE + _LABEL_ROW + 12 + CLASS_COUNT * _ROW + MARGIN
"""Of the card, in pixels."""


def sample_card(image: NDArray[np.uint8], prediction: Prediction, actual: int, index: int, language: Language) -> bytes:
    """Draw one test image.

    Args:
        image: uint8 [28, 28].
        prediction: what the live model says.
        actual: the true class, 0-9.
        index: of the image among the test images, from 0.
        language: of the words.

    Returns:
        JPEG, 1080 pixels wide.
    """
    words = texts(language).pictures
    canvas = Canvas(SAMPLE_HEIGHT)
    top = MARGIN
    canvas.box((MARGIN, top, MARGIN + _SIDE, top + _SIDE), BLACK)
    canvas.paste(enlarged(image, _SCALE), (MARGIN, top))
    number = words.test_image.format(number=count(index + 1))
    canvas.text((MARGIN, top + _SIDE + _LABEL_ROW / 2 + 2), number, _SMALL, MUTED, within=_SIDE)

    left = MARGIN + _SIDE + _GAP
    within = WIDTH - MARGIN - left
    right = prediction.label == actual
    colour = GREEN if right else RED
    canvas.mark((left + _MARK / 2, top + 34), _MARK, colour, right=right)
    verdict = words.right if right else words.wrong
    canvas.text((left + _MARK + 14, top + 34), verdict, _NAME, colour, bold=True, within=within - _MARK - 14)
    share = percent_of_permille(shares_of(prediction)[prediction.label])
    predicted = f"{class_name(prediction.label, language)}　{share}"
    middle = top + 132
    truth = class_name(actual, language)
    size = min(fitted(line, _NAME, True, within) for line in (predicted, truth))
    for words_above, line, ink in ((words.predicted, predicted, colour), (words.actual, truth, GREEN)):
        canvas.text((left, middle), words_above, _SMALL, MUTED)
        canvas.text((left, middle + 56), line, size, ink, bold=True)
        middle += 160
    edges = MARGIN, top + _SIDE + _LABEL_ROW + 12, WIDTH - MARGIN
    bars.draw_test_bars(canvas, edges, prediction, actual, language, row=_ROW)
    return canvas.jpeg(90)
