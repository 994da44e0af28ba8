"""What is found beside a photo's subject and yet is no garment of its own: a fold, a sleeve, a shadow.

The segmenter takes parts of clothes for bags above all; of 47 bags that the networks which name garments called
something else, 5 were there (270 people of the training split, models/tried.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.vision.garment import Group
from bot.vision.labels import BAG

if TYPE_CHECKING:
    from bot.vision.garment import Garment
    from bot.vision.prediction import Prediction

LEAST_QUALITY: Final = 0.6
"""Below this the segmenter does not know where it ends: of 27 such, 4 were garments."""


def is_fragment(garment: Garment, prediction: Prediction) -> bool:
    """Whether what was found beside another garment is left out of the answer.

    Args:
        garment: what was found.
        prediction: what it was called.
    """
    is_bag_by_shape_alone = garment.group is Group.BAG and prediction.said != BAG
    return is_bag_by_shape_alone or garment.quality < LEAST_QUALITY
