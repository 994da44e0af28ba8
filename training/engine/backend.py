"""The two things that Keras leaves to its backends: compiling a step, and gradients. TensorFlow, or JAX on a GPU."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import keras

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Tensor = Any

JAX: Final = "jax"


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function of tensors (and tuples of tensors) that changes nothing outside itself."""
    if keras.backend.backend() == JAX:
        import jax

        return jax.jit(function)
    import tensorflow as tf

    return tf.function(function, autograph=False)


def value_and_gradients(
    loss: Callable[[tuple[Tensor, ...]], tuple[Tensor, Any]], weights: tuple[Tensor, ...]
) -> tuple[Tensor, Any, Sequence[Tensor]]:
    """Call a function and differentiate it.

    Args:
        loss: from weights to a number, and anything else that is passed through.
        weights: where.

    Returns:
        The number, what else there was, and a gradient for each weight.
    """
    if keras.backend.backend() == JAX:
        import jax

        (value, rest), gradients = jax.value_and_grad(loss, has_aux=True)(weights)
        return value, rest, gradients
    import tensorflow as tf

    with tf.GradientTape() as tape:
        tape.watch(weights)
        value, rest = loss(weights)
    return value, rest, tape.gradient(value, weights)


def device_name() -> str:
    """What JAX computes on, as its maker calls it; empty on TensorFlow."""
    if keras.backend.backend() != JAX:
        return ""
    import jax

    return str(jax.devices()[0].device_kind)


def training_policy() -> str:
    """``mixed_bfloat16`` where the processor multiplies matrices of it, else ``float32``.

    With AMX it is 2.2 times as fast; with AVX-512's bfloat16 alone it was 1.5 times as slow (benchmarks/README.md).
    """
    if keras.backend.backend() == JAX:
        import jax

        return "mixed_bfloat16" if jax.default_backend() == "gpu" else "float32"
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return "float32"
    return "mixed_bfloat16" if "amx_bf16" in flags else "float32"
