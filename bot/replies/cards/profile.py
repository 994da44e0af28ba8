"""The bot's own profile picture: a T-shirt as the model sees one, in 28x28 pixels."""

from typing import Final

import numpy as np
from PIL import Image, ImageDraw

from bot.replies.cards.canvas import INK, TEAL, Canvas, Pixels, enlarged

SIDE: Final = 640
_SCALE: Final = 14
_FINE: Final = 8
_LEFT_HALF: Final = ((10, 4), (7, 5), (2, 11), (5, 15), (8, 12), (8, 24))
_FOLDS: Final = ((11.5, 14, 0.82), (16.5, 10, 0.88), (14, 20, 0.9))


def profile_picture() -> bytes:
    """Draw it: JPEG, square, and whole inside the circle that Telegram cuts out."""
    canvas = Canvas(SIDE, SIDE)
    canvas.box((0, 0, SIDE, SIDE), TEAL)
    shirt = enlarged(_shirt(), _SCALE)
    corner = (SIDE - len(shirt)) // 2
    edge = (corner - 10, corner - 10, SIDE - corner + 10, SIDE - corner + 10)
    canvas.box(edge, INK, radius=28)
    canvas.paste(shirt, (corner, corner))
    return canvas.jpeg(92)


def _shirt() -> Pixels:
    """A T-shirt, uint8 [28, 28], bright on black, its fabric a little uneven."""
    large = Image.new("L", (28 * _FINE, 28 * _FINE))
    outline = [*_LEFT_HALF, *((28 - x, y) for x, y in reversed(_LEFT_HALF))]
    draw = ImageDraw.Draw(large)
    draw.polygon([(x * _FINE, y * _FINE) for x, y in outline], fill=225)
    draw.ellipse((10.6 * _FINE, 2 * _FINE, 17.4 * _FINE, 6.6 * _FINE), fill=0)
    shirt = np.asarray(large.resize((28, 28), Image.Resampling.BOX), np.float32)
    rows, columns = np.mgrid[:28, :28]
    for column, row, depth in _FOLDS:
        near = np.exp(-((columns - column) ** 2) / 3 - (rows - row) ** 2 / 30)
        shirt = shirt * (1 - (1 - depth) * near)
    return np.asarray(np.rint(shirt), np.uint8)
