"""From a Keras model to the file that serves, and back from the file that a refresh starts from."""

from __future__ import annotations

import contextlib
import io
import json
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from training.errors import TrainingError, UnfitModelError
from training.networks.operators import INPUT

LARGE_CONVOLUTION: Final = 16_384
"""Weights from which a convolution computes in 8 bits: of smaller ones the pixels cost more than the weights."""


def to_tflite(model: Any) -> bytes:
    """Converts a model for serving: ``Optimize.DEFAULT``, one picture at a time.

    Args:
        model: keras.Model from float32 [n, 28, 28], 0..1, to probabilities [n, 10].

    Returns:
        A ``.tflite`` file that LiteRT and tflite-runtime 2.14 load.

    Raises:
        UnfitModelError: the converter refuses the model.
    """
    import tensorflow as tf

    name, shape = INPUT
    return convert(lambda pixels: model(pixels, training=False), tf.TensorSpec(shape, tf.float32, name=name))


def convert(function: Callable[[Any], Any], spec: Any) -> bytes:
    """Converts a function of one tensor, weights and all: ``Optimize.DEFAULT``.

    The weights are kept in 8 bits, and products are of 8 bits, too.

    Args:
        function: from a tensor to a tensor or several.
        spec: tf.TensorSpec of its input.

    Raises:
        UnfitModelError: the converter refuses it.
    """
    return _converted(function, spec, in_8_bits=True)


def convert_mixed(function: Callable[[Any], Any], spec: Any) -> bytes:
    """Converts a function of one tensor, its weights kept in 8 bits; only large convolutions have products of 8 bits.

    As small as :func:`convert`. What computes in 32 bits has its weights unpacked when the file is loaded, twice, which
    takes eight times their room; but rounding many pixels for a few weights takes longer than it saves, and depthwise
    convolutions have no fast kernels for products of 8 bits. So only convolutions of at least
    :data:`LARGE_CONVOLUTION` weights round what they are given (benchmarks/README.md).

    Args:
        function: from a tensor to a tensor or several.
        spec: tf.TensorSpec of its input.

    Raises:
        UnfitModelError: the converter refuses it.
    """
    from ai_edge_quantizer import qtyping, quantizer, recipe

    packer = quantizer.Quantizer(bytearray(_converted(function, spec, in_8_bits=False)))
    (everything,) = recipe.weight_only_wi8_afp32()
    (rounded,) = recipe.dynamic_wi8_afp32()
    options = everything["op_config"]
    one_scale = {**options["weight_tensor_config"], "granularity": qtyping.QuantGranularity.TENSORWISE}
    dense = {**everything, "operation": qtyping.TFLOperationName.FULLY_CONNECTED}
    large = {**rounded["op_config"], "min_weight_elements": LARGE_CONVOLUTION}
    packer.load_quantization_recipe(
        [
            everything,
            # a scale for each of a thousand outputs would cost more than it brings
            {**dense, "op_config": {**options, "weight_tensor_config": one_scale}},
            # smaller ones stay as they are
            {**rounded, "operation": qtyping.TFLOperationName.CONV_2D, "op_config": large},
        ]
    )
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):  # it tells its progress
        packed = packer.quantize().quantized_model
    if packed is None:
        raise UnfitModelError("The model's weights cannot be kept in 8 bits.")
    return bytes(packed)


def _converted(function: Callable[[Any], Any], spec: Any, *, in_8_bits: bool) -> bytes:
    import tensorflow as tf
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    frozen = convert_variables_to_constants_v2(tf.function(function, input_signature=[spec]).get_concrete_function())
    converter = tf.lite.TFLiteConverter.from_concrete_functions([frozen])
    converter.optimizations = [tf.lite.Optimize.DEFAULT] if in_8_bits else []
    # Per-channel dense layers need FULLY_CONNECTED version 12; tflite-runtime 2.14 ends at 10.
    converter._experimental_disable_per_channel_quantization_for_dense_layers = True
    try:
        return bytes(converter.convert())
    except Exception as error:  # the converter raises its own and builtin kinds
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise UnfitModelError(f"The model cannot be converted: {reason}") from error


def to_keras_file(model: Any) -> bytes:
    """The model as a ``.keras`` file, without its optimizer."""
    import keras

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "classifier.keras"
        keras.saving.save_model(model, path, include_optimizer=False)
        return path.read_bytes()


def from_keras_file(path: Path) -> Any:
    """Loads the model that a refresh starts from.

    Raises:
        TrainingError: it is missing, damaged, or of a newer Keras than this one.
    """
    import keras

    made_by = keras_version_of(path)
    try:
        return keras.saving.load_model(path, compile=False)
    except Exception as error:  # Keras raises TypeError, ValueError, KeyError and more for a foreign file
        if _numbers(made_by) > _numbers(keras.__version__):
            raise TrainingError(
                f"{path} was made by Keras {made_by}, newer than the installed {keras.__version__}:"
                " pip install --upgrade keras tensorflow."
            ) from error
        raise TrainingError(
            f"{path} (Keras {made_by}) cannot be loaded by Keras {keras.__version__};"
            " train from scratch with --preset standard."
        ) from error


def keras_version_of(path: Path) -> str:
    """The version of Keras that wrote a file.

    Raises:
        TrainingError: it is missing or no ``.keras`` file.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return str(json.loads(archive.read("metadata.json"))["keras_version"])
    except FileNotFoundError:
        raise TrainingError(f"There is no {path} to start from; train from scratch with --preset standard.") from None
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError) as error:
        raise TrainingError(f"{path} is damaged; train from scratch with --preset standard.") from error


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
