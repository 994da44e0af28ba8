"""A test image enlarged, with what the model says and what is true."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.replies.cards import bars
from bot.replies.cards.canvas import BLACK, INK, MARGIN, MUTED, RED, TEAL, WIDTH, Canvas, enlarged, fitted, pill_height
from bot.replies.numerals import count, percent_of_permille, permille
from bot.replies.texts import Language, texts
from bot.replies.words import class_name
from bot.vision.prediction import Prediction

_SCALE: Final = 19
_SIDE: Final = 28 * _SCALE
_GAP: Final = 36
_LABEL_ROW: Final = 44
_SMALL: Final = 28
_NAME: Final = 56
_PILL: Final = 34


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
    canvas = Canvas(MARGIN + _SIDE + _LABEL_ROW + 24 + bars.HEIGHT + MARGIN)
    top = MARGIN
    canvas.box((MARGIN, top, MARGIN + _SIDE, top + _SIDE), BLACK)
    canvas.paste(enlarged(image, _SCALE), (MARGIN, top))
    number = words.test_image.format(number=count(index + 1))
    canvas.text((MARGIN, top + _SIDE + _LABEL_ROW / 2 + 2), number, _SMALL, MUTED, within=_SIDE)

    left = MARGIN + _SIDE + _GAP
    within = WIDTH - MARGIN - left
    right = prediction.label == actual
    verdict = f"✓ {words.right}" if right else f"× {words.wrong}"
    canvas.pill((left, top), verdict, _PILL, TEAL if right else RED, within=within)
    share = percent_of_permille(permille(prediction.probabilities)[prediction.label])
    predicted_name, actual_name = class_name(prediction.label, language), class_name(actual, language)
    size = min(fitted(name, _NAME, True, within) for name in (predicted_name, actual_name))
    middle = top + pill_height(_PILL) + 70
    for words_above, name, below in ((words.predicted, predicted_name, share), (words.actual, actual_name, "")):
        canvas.text((left, middle), words_above, _SMALL, MUTED)
        canvas.text((left, middle + 62), name, size, INK, bold=True)
        canvas.text((left, middle + 130), below, size, INK, bold=True)
        middle += 228
    edges = MARGIN, top + _SIDE + _LABEL_ROW + 24, WIDTH - MARGIN
    bars.draw_bars(canvas, edges, prediction, language, actual=actual)
    return canvas.jpeg(90)
