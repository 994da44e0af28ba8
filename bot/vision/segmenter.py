"""The garment segmenter as a TFLite file: models/segmenter.tflite."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from bot.vision.garment import SIDE, Group, Segmentation
from bot.vision.interpreter import InterpreterPool, Runtime

if TYPE_CHECKING:
    from numpy.typing import NDArray

SCENE_KINDS: Final = 3
"""One of the ten classes, other clothing, no clothing."""


class TfliteSegmenter:
    """Segments squashed photos; thread safe."""

    def __init__(self, model: bytes, *, runtime: Runtime = Runtime.AUTO, interpreters: int = 2) -> None:
        """Load the network.

        Args:
            model: the TFLite file: float32 [1, 128, 128, 3], 0..255, to [1, 128, 128, 6] and [1, 3].
            runtime: the interpreter to use.
            interpreters: photos segmented at the same time.

        Raises:
            ModelError: no interpreter, a broken file, or a foreign model.
        """
        self._pool = InterpreterPool(
            model,
            input_shape=(1, SIDE, SIDE, 3),
            output_shapes=((1, SIDE, SIDE, len(Group)), (1, SCENE_KINDS)),
            runtime=runtime,
            interpreters=interpreters,
        )

    def segment(self, pixels: NDArray[np.uint8]) -> Segmentation:
        """Segment one squashed photo.

        Args:
            pixels: uint8 [128, 128, 3] RGB.

        Raises:
            ModelError: the interpreter fails.
        """
        groups, scene = self._pool.run(pixels.astype(np.float32))
        ten, other, nothing = (float(share) for share in scene)
        return Segmentation(groups=groups, scene=(ten, other, nothing))
