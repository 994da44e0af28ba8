"""Twenty-five test images in a square, numbered."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.replies.cards.canvas import INK, MARGIN, WHITE, WIDTH, Canvas, enlarged
from bot.replies.texts import Language, texts

_COLUMNS: Final = 5
_SCALE: Final = 7
_SIDE: Final = 28 * _SCALE
_GAP: Final = (WIDTH - 2 * MARGIN - _COLUMNS * _SIDE) // (_COLUMNS - 1)
_TITLE_ROW: Final = 72
_BADGE: Final = 52


def gallery_sheet(images: Sequence[NDArray[np.uint8]], language: Language, *, only_wrong: bool = False) -> bytes:
    """Draw up to 25 test images with their numbers.

    Args:
        images: uint8 [28, 28] each, in the order of the numbers.
        language: of the title.
        only_wrong: whether they are images that the model gets wrong.

    Returns:
        JPEG, 1080 pixels wide.
    """
    words = texts(language).pictures
    rows = -(-len(images) // _COLUMNS)
    canvas = Canvas(MARGIN + _TITLE_ROW + rows * _SIDE + (rows - 1) * _GAP + MARGIN)
    title = words.gallery_wrong if only_wrong else words.gallery
    canvas.text((MARGIN, MARGIN + 24), title, 40, bold=True, within=WIDTH - 2 * MARGIN)
    for position, image in enumerate(images):
        row, column = divmod(position, _COLUMNS)
        left, top = MARGIN + column * (_SIDE + _GAP), MARGIN + _TITLE_ROW + row * (_SIDE + _GAP)
        canvas.paste(enlarged(image, _SCALE), (left, top))
        canvas.box((left, top, left + _BADGE, top + _BADGE - 8), WHITE)
        canvas.text((left + _BADGE / 2, top + _BADGE / 2 - 5), str(position + 1), 32, INK, bold=True, anchor="mm")
    return canvas.jpeg(90)
