"""The garment segmenter as a TFLite file: models/segmenter.tflite."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bot.vision.garment import SIDE, Group
from bot.vision.interpreter import InterpreterPool, TfliteRuntime
from bot.vision.trial import check_probabilities, trial_picture

if TYPE_CHECKING:
    from numpy.typing import NDArray


class TfliteSegmenter:
    """Segments squashed photos; thread safe."""

    def __init__(
        self,
        model: bytes,
        *,
        runtime: TfliteRuntime = TfliteRuntime.AUTO,
        interpreters: int = 2,
        tried: bool = False,
    ) -> None:
        """Read the network and try it.

        Args:
            model: the TFLite file: float32 [1, 192, 192, 3], 0..255, to [1, 192, 192, 9].
            runtime: the interpreter to use.
            interpreters: photos segmented at the same time.
            tried: it is known to run, so that its weights need not be unpacked before they are used.

        Raises:
            ModelError: no interpreter, a broken file, a foreign model, or answers that are no probabilities.
        """
        self._pool = InterpreterPool(
            model,
            input_shape=(1, SIDE, SIDE, 3),
            output_shapes=((1, SIDE, SIDE, len(Group)),),
            runtime=runtime,
            interpreters=interpreters,
        )
        if not tried:
            check_probabilities(self.segment(trial_picture(SIDE)))

    def segment(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Segment one squashed photo.

        Args:
            pixels: uint8 [192, 192, 3] RGB.

        Returns:
            float32 [192, 192, 9], probabilities of :class:`~bot.vision.garment.Group`.

        Raises:
            ModelError: the interpreter fails.
        """
        (groups,) = self._pool.run(pixels.astype(np.float32))
        return groups
