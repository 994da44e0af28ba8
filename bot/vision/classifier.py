"""Ten probabilities for a 28x28 picture, by a TFLite file."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.vision.interpreter import InterpreterPool, ModelError, TfliteRuntime, runtime_name
from bot.vision.labels import CLASS_COUNT

__all__ = ["SIDE", "Classifier", "ModelError", "TfliteRuntime", "runtime_name"]

SIDE: Final = 28
"""Width and height of the model's input, pixels."""

SUM_TOLERANCE: Final = 1e-3
"""How far ten float32 probabilities may be from a sum of 1; quantized files round more than float ones."""

_PROBE_SEED: Final = 28


class Classifier:
    """A garment classifier; thread safe.

    The file must have a float32 input [1, 28, 28], 0..1, garment bright on black, and a float32 output [1, 10] of
    probabilities.
    """

    def __init__(
        self,
        model: bytes,
        *,
        runtime: TfliteRuntime = TfliteRuntime.AUTO,
        interpreters: int = 2,
        tried: bool = False,
    ) -> None:
        """Read the model and try it.

        Args:
            model: the TFLite file.
            runtime: the interpreter to use.
            interpreters: pictures classified at the same time.
            tried: it is known to run, so that its weights need not be unpacked before they are used.

        Raises:
            ModelError: no interpreter, a broken file, a foreign model, or answers that are no probabilities.
        """
        self._pool = InterpreterPool(
            model,
            input_shape=(1, SIDE, SIDE),
            output_shapes=((1, CLASS_COUNT),),
            runtime=runtime,
            interpreters=interpreters,
        )
        if not tried:
            self._try()

    def probabilities(self, pixels: NDArray[np.float32]) -> NDArray[np.float32]:
        """Classify one picture or several.

        Args:
            pixels: float32 [28, 28] or [n, 28, 28], 0..1, garment bright on black.

        Returns:
            float32 [10] or [n, 10], probabilities in class order.

        Raises:
            ModelError: the interpreter fails.
            ValueError: the pixels have another shape.
        """
        if pixels.ndim == 2:
            return self._pool.run(pixels)[0]
        results = [self._pool.run(picture)[0] for picture in pixels]
        return np.stack(results) if results else np.zeros((0, CLASS_COUNT), np.float32)

    def _try(self) -> None:
        noise = np.random.default_rng(_PROBE_SEED).random((SIDE, SIDE), np.float32)
        answers = self.probabilities(np.stack([np.zeros_like(noise), np.ones_like(noise), noise]))
        if not np.isfinite(answers).all() or (answers < 0).any():
            raise ModelError("the model's answers are no probabilities")
        if np.abs(answers.sum(axis=1) - 1).max() > SUM_TOLERANCE:
            raise ModelError("the model's ten answers do not sum to 1")
