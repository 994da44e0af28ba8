"""Takes the weights out of a published ``.tflite`` file, so that training can go on from what is served.

A file of :func:`training.networks.convert.convert_mixed` keeps most weights in 8 bits; unpacked here, they are the
very numbers that served. Nothing else has to be published for a refresh, and weights that did not change are packed
into the same bytes again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from training.errors import TrainingError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import keras
    from numpy.typing import NDArray

    Array = NDArray[np.float32]

_UNPACKS: Final = "DEQUANTIZE"
_TO_KERAS: Final = {"CONV_2D": (1, 2, 3, 0), "DEPTHWISE_CONV_2D": (1, 2, 3, 0), "FULLY_CONNECTED": (1, 0)}
"""Where each axis of a kernel goes: TFLite has the outputs first, Keras last."""

_ANOTHER: Final = "The published network is of another kind than this version of the program makes."
_BATCH: Final = 16


class Lifted(NamedTuple):
    """The weights of one layer, in the order of Keras."""

    kernel: Array
    bias: Array


def lifted_weights(model: bytes) -> list[Lifted]:
    """The weights of all convolutions and dense layers, in the order in which they are computed.

    Args:
        model: a ``.tflite`` file with weights in 8 or 32 bits.

    Raises:
        TrainingError: it is no such file, or its weights are packed in another way.
    """
    from ai_edge_litert import schema_py_generated as schema

    try:
        root = schema.ModelT.InitFromObj(schema.Model.GetRootAs(bytearray(model), 0))
        return _of_graph(_Constants(model, root), root)
    except Exception as error:  # the flatbuffers library raises struct.error, TypeError, KeyError and more
        raise TrainingError(f"The weights of the live network cannot be read: {error}") from error


def put_into(network: keras.Model, weights: list[Lifted]) -> None:
    """Give a Keras network, which lists its layers in the order of computing, the weights of a file of it.

    Batch normalisation is folded into the convolution before it when a file is written; here it adds that one's bias,
    and does nothing else until :func:`normalise_by`.

    Raises:
        TrainingError: they are of another network.
    """
    layers = [layer for layer in network.layers if layer.weights]
    remaining = iter(weights)
    try:
        given = list(_shared_out(layers, remaining))
    except (StopIteration, RuntimeError, ValueError) as error:
        raise TrainingError(_ANOTHER) from error
    if next(remaining, None) is not None:
        raise TrainingError(_ANOTHER)
    for layer, values in zip(layers, given, strict=True):
        layer.set_weights(values)


def normalise_by(network: keras.Model, photos: NDArray[np.uint8]) -> None:
    """Give batch normalisation the statistics of some photos, without changing what the network answers.

    Args:
        network: one that :func:`put_into` has filled.
        photos: uint8 [n, height, width, 3].
    """
    import keras

    normalising = [layer for layer in network.layers if isinstance(layer, keras.layers.BatchNormalization)]
    before = keras.Model(network.input, [layer.input for layer in normalising])
    batches = [
        before(photos[at : at + _BATCH].astype(np.float32), training=False) for at in range(0, len(photos), _BATCH)
    ]
    for layer, features in zip(normalising, zip(*batches, strict=True), strict=True):
        values = np.concatenate([np.asarray(each).reshape(-1, each.shape[-1]) for each in features])
        mean, variance = values.mean(0), values.var(0)
        bias = layer.get_weights()[1]
        layer.set_weights([np.sqrt(variance + layer.epsilon), bias + mean, mean, variance])


def _shared_out(layers: list[keras.Layer], weights: Iterator[Lifted]) -> Iterator[list[Array]]:
    """What each layer is given, checked by its shapes."""
    import keras

    bias = np.zeros(0, np.float32)
    for layer in layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            scale = np.full(bias.shape, np.sqrt(1 + layer.epsilon), np.float32)
            given = [scale, bias, np.zeros_like(bias), np.ones_like(bias)]
        elif isinstance(layer, keras.layers.SeparableConv2D):
            each_channel, (mixing, bias) = next(weights), next(weights)
            given = [each_channel.kernel, mixing]
        else:
            kernel, bias = next(weights)
            given = [kernel, bias] if layer.use_bias else [kernel]
        shapes = [tuple(each.shape) for each in layer.weights]
        if [np.prod(each.shape) for each in given] != [np.prod(shape) for shape in shapes]:
            raise ValueError(f"{layer.name} takes {shapes}, not {[each.shape for each in given]}")
        yield [each.reshape(shape) for each, shape in zip(given, shapes, strict=True)]


class _Constants:
    """The constant tensors of a file as float32."""

    def __init__(self, model: bytes, root: Any) -> None:
        self._model = model
        self._root = root
        self._tensors = root.subgraphs[0].tensors

    def of(self, number: int) -> Array:
        """A tensor by its number, unpacked."""
        from ai_edge_litert import schema_py_generated as schema

        tensor = self._tensors[number]
        buffer = self._root.buffers[tensor.buffer]
        stored = buffer.data
        if stored is None:  # weights may lie behind the file's tables
            stored = np.frombuffer(self._model, np.uint8, buffer.size, buffer.offset)
        dtype = {schema.TensorType.FLOAT32: "<f4", schema.TensorType.INT8: "i1"}[tensor.type]
        values = np.asarray(stored, np.uint8).view(dtype).reshape(tensor.shape).astype(np.float32)
        if tensor.type == schema.TensorType.FLOAT32:
            return values
        packing = tensor.quantization
        shape = [1] * values.ndim
        if len(packing.scale) > 1:
            shape[packing.quantizedDimension] = -1
        zero = np.asarray(packing.zeroPoint, np.float32).reshape(shape)
        return np.asarray((values - zero) * np.asarray(packing.scale, np.float32).reshape(shape), np.float32)


def _of_graph(constants: _Constants, root: Any) -> list[Lifted]:
    from ai_edge_litert import schema_py_generated as schema

    names = {code: name for name, code in vars(schema.BuiltinOperator).items() if not name.startswith("_")}
    unpacked_from: dict[int, int] = {}
    layers = []
    for step in root.subgraphs[0].operators:
        code = root.operatorCodes[step.opcodeIndex]
        name = names[max(code.builtinCode, code.deprecatedBuiltinCode)]
        if name == _UNPACKS:
            unpacked_from[step.outputs[0]] = step.inputs[0]
        elif name in _TO_KERAS:
            _, kernel, bias = (unpacked_from.get(each, each) for each in step.inputs)
            weights = constants.of(kernel).transpose(_TO_KERAS[name])
            none = np.zeros(weights.shape[-1], np.float32)  # a bias of zeros is left out of the file
            layers.append(Lifted(np.ascontiguousarray(weights), none if bias < 0 else constants.of(bias)))
    return layers
