"""What is to be seen in a picture."""

import cv2
import numpy as np
from numpy.typing import NDArray

from bot.replies.cards.canvas import Colour


def has_colour(picture: NDArray[np.uint8], colour: Colour) -> bool:
    """Whether more than 500 pixels differ from a colour by less than 12 in each channel."""
    low, high = (tuple(min(max(channel + by, 0), 255) for channel in colour) for by in (-11, 11))
    return cv2.countNonZero(cv2.inRange(picture, low, high)) > 500
