"""TFLite files of a few kilobytes, made without TensorFlow: one dense layer and a softmax."""

from collections.abc import Sequence
from functools import cache

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema
from numpy.typing import NDArray

from bot.vision.classifier import SIDE
from bot.vision.color_classifier import OUTPUTS
from bot.vision.color_classifier import SIDE as VIEW_SIDE
from bot.vision.garment import SIDE as SEGMENTER_SIDE
from bot.vision.garment import Group
from bot.vision.labels import CLASS_COUNT


def tiny_model(
    weights: NDArray[np.float32] | None = None,
    bias: NDArray[np.float32] | None = None,
    *,
    side: int = SIDE,
    classes: int = CLASS_COUNT,
    softmax: bool = True,
) -> bytes:
    """A classifier: reshape, dense layer, softmax.

    Args:
        weights: float32 [classes, side * side]; by default small and random.
        bias: float32 [classes]; by default zeros.
        side: width and height of the input [1, side, side].
        classes: outputs [1, classes].
        softmax: whether the outputs are probabilities.
    """
    if weights is None:
        weights = np.random.default_rng(0).normal(0, 0.05, (classes, side * side)).astype(np.float32)
    if bias is None:
        bias = np.zeros(classes, np.float32)
    buffers = [b"", np.array([1, side * side], np.int32).tobytes(), weights.tobytes(), bias.tobytes()]
    tensors = [
        _tensor("pixels", (1, side, side)),
        _tensor("shape", (2,), buffer=1, kind=schema.TensorType.INT32),
        _tensor("flat", (1, side * side)),
        _tensor("weights", weights.shape, buffer=2),
        _tensor("bias", bias.shape, buffer=3),
        _tensor("logits", (1, classes)),
        _tensor("probabilities", (1, classes)),
    ]
    steps = [
        (schema.BuiltinOperator.RESHAPE, [0, 1], [2], schema.BuiltinOptions.ReshapeOptions, schema.ReshapeOptionsT()),
        (
            schema.BuiltinOperator.FULLY_CONNECTED,
            [2, 3, 4],
            [5],
            schema.BuiltinOptions.FullyConnectedOptions,
            schema.FullyConnectedOptionsT(),
        ),
    ]
    if softmax:
        options = schema.SoftmaxOptionsT()
        options.beta = 1.0
        steps.append((schema.BuiltinOperator.SOFTMAX, [5], [6], schema.BuiltinOptions.SoftmaxOptions, options))
    return _pack(tensors, steps, buffers, inputs=[0], outputs=[6 if softmax else 5])


@cache
def always(label: int) -> bytes:
    """A classifier that answers ``label`` with .9 to everything: a degraded model that is easily told."""
    bias = np.full(CLASS_COUNT, np.log(0.1 / (CLASS_COUNT - 1)), np.float32)
    bias[label] = np.log(0.9)
    return tiny_model(np.zeros((CLASS_COUNT, SIDE * SIDE), np.float32), bias)


@cache
def always_color(output: int) -> bytes:
    """A classifier in colour that answers ``output`` of its twelve with .9 to everything."""
    bias = np.full(OUTPUTS, np.log(0.1 / (OUTPUTS - 1)), np.float32)
    bias[output] = np.log(0.9)
    tensors = [
        _tensor("view", (1, VIEW_SIDE, VIEW_SIDE, 3)),
        _tensor("axes", (2,), buffer=1, kind=schema.TensorType.INT32),
        _tensor("mean", (1, 3)),
        _tensor("weights", (OUTPUTS, 3), buffer=2),
        _tensor("bias", bias.shape, buffer=3),
        _tensor("logits", (1, OUTPUTS)),
        _tensor("shares", (1, OUTPUTS)),
    ]
    softmax = schema.SoftmaxOptionsT()
    softmax.beta = 1.0
    options, code = schema.BuiltinOptions, schema.BuiltinOperator
    steps = [
        (code.MEAN, [0, 1], [2], options.ReducerOptions, schema.ReducerOptionsT()),
        (code.FULLY_CONNECTED, [2, 3, 4], [5], options.FullyConnectedOptions, schema.FullyConnectedOptionsT()),
        (code.SOFTMAX, [5], [6], options.SoftmaxOptions, softmax),
    ]
    buffers = [b"", np.array([1, 2], np.int32).tobytes(), bytes(4 * OUTPUTS * 3), bias.tobytes()]
    return _pack(tensors, steps, buffers, inputs=[0], outputs=[6])


@cache
def always_group(group: Group) -> bytes:
    """A segmenter that sees one group everywhere, with .9."""
    bias = np.full(len(Group), np.log(0.1 / (len(Group) - 1)), np.float32)
    bias[group] = np.log(0.9)
    tensors = [
        _tensor("photo", (1, SEGMENTER_SIDE, SEGMENTER_SIDE, 3)),
        _tensor("weights", (len(Group), 1, 1, 3), buffer=1),
        _tensor("bias", bias.shape, buffer=2),
        _tensor("logits", (1, SEGMENTER_SIDE, SEGMENTER_SIDE, len(Group))),
        _tensor("groups", (1, SEGMENTER_SIDE, SEGMENTER_SIDE, len(Group))),
    ]
    convolution, softmax = schema.Conv2DOptionsT(), schema.SoftmaxOptionsT()
    convolution.padding, convolution.strideW, convolution.strideH = schema.Padding.VALID, 1, 1
    convolution.dilationWFactor = convolution.dilationHFactor = 1
    softmax.beta = 1.0
    options, code = schema.BuiltinOptions, schema.BuiltinOperator
    steps = [
        (code.CONV_2D, [0, 1, 2], [3], options.Conv2DOptions, convolution),
        (code.SOFTMAX, [3], [4], options.SoftmaxOptions, softmax),
    ]
    return _pack(tensors, steps, [b"", bytes(4 * len(Group) * 3), bias.tobytes()], inputs=[0], outputs=[4])


def _tensor(
    name: str, shape: Sequence[int], buffer: int = 0, kind: int = schema.TensorType.FLOAT32
) -> "schema.TensorT":
    tensor = schema.TensorT()
    tensor.name, tensor.shape, tensor.buffer, tensor.type = name, list(shape), buffer, kind
    return tensor


def _pack(tensors: list, steps: list, buffers: list[bytes], *, inputs: list[int], outputs: list[int]) -> bytes:
    graph = schema.SubGraphT()
    graph.name, graph.tensors, graph.inputs, graph.outputs, graph.operators = "main", tensors, inputs, outputs, []
    model = schema.ModelT()
    model.version, model.description, model.subgraphs, model.operatorCodes = 3, "tiny", [graph], []
    for code, sources, targets, options_type, options in steps:
        operator_code = schema.OperatorCodeT()
        operator_code.deprecatedBuiltinCode = operator_code.builtinCode = code
        operator_code.version = 1
        operator = schema.OperatorT()
        operator.opcodeIndex = len(model.operatorCodes)
        operator.inputs, operator.outputs = sources, targets
        operator.builtinOptionsType, operator.builtinOptions = options_type, options
        model.operatorCodes.append(operator_code)
        graph.operators.append(operator)
    model.buffers = []
    for data in buffers:
        buffer = schema.BufferT()
        buffer.data = np.frombuffer(data, np.uint8) if data else None
        model.buffers.append(buffer)
    builder = flatbuffers.Builder(1024)
    builder.Finish(model.Pack(builder), file_identifier=b"TFL3")
    return bytes(builder.Output())
