"""The figures that the course's text prints, quoted as such; nothing else of the course is typed in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class PrintedRun:
    """What the course's text says of a training of its program, 784-128-10.

    Attributes:
        epochs: how long it was.
        train: accuracy on the training images, 0..1.
        test: accuracy on the test images, 0..1.
    """

    epochs: int
    train: float
    test: float


SHORT: Final = PrintedRun(5, train=0.8902, test=0.8711)
LONG: Final = PrintedRun(50, train=0.9631, test=0.8788)

SOFTMAX_OF: Final = (1.0, 2.0, 3.0, 4.0, 1.0, 2.0, 3.0)
"""The vector on which the course checks softmax with numpy."""

OUTPUTS: Final[Mapping[str, str]] = {
    "softmax": (
        "[0.02364054 0.06426166 0.1746813\n 0.474833   0.02364054 0.06426166\n 0.1746813 ]\n0.9999999999999999"
    ),
    "training": "Epoch 5/5\n1875/1875 - accuracy: 0.8902 - loss: 0.2929",
    "gap": "313/313 - accuracy: 0.8721 - loss: 0.3483\n[0.35128265619277954, 0.8711000084877014]",
    "result": (
        "(10000, 28, 28) (10000, 10) (10000,)\n"
        "[5.1890393e-06 2.0632758e-08\n 1.0070431e-06 2.8914906e-07\n 3.1369641e-06 4.4183522e-03\n"
        " 5.3762105e-05 1.0946561e-01\n 4.0424326e-05 8.8601214e-01]\n"
        "9 9"
    ),
    "overfitting": (
        "Epoch 49/50\n1875/1875 - accuracy: 0.9624 - loss: 0.0974\n"
        "Epoch 50/50\n1875/1875 - accuracy: 0.9631 - loss: 0.0995\n"
        "313/313 - accuracy: 0.8788 - loss: 0.5360"
    ),
    "callback": "1848/1875 - accuracy: 0.9515 - loss: 0.1295\n到達95%準確度,停止訓練!\n目前訓練至第33趟",
}
"""What the course's text shows below the lines of a step, by the step's name; the bars of progress are left out."""
