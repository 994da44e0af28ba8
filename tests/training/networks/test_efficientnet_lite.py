"""The network that ImageNet taught: how its file is read, and how its weights are folded."""

from __future__ import annotations

import io
import pickle
import sys
from collections import OrderedDict
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

pytest.importorskip("tensorflow")

import keras

from training.errors import TrainingError
from training.networks.efficientnet_lite import (
    EPSILON,
    FEATURES,
    STAGES,
    backbone,
    folded,
    head_rows,
    load_imagenet,
    read_tensors,
    read_weights,
)


class FloatStorage:
    """Stands for PyTorch's class of that name in the files that the tests write."""


class Stored:
    def __init__(self, key: str) -> None:
        self.key = key


class Tensor:
    def __init__(self, *how: Any) -> None:
        self.how = how

    def __reduce__(self) -> tuple[Any, ...]:
        return sys.modules["torch._utils"]._rebuild_tensor_v2, self.how


class Writer(pickle.Pickler):
    def __init__(self, stream: io.BytesIO, sizes: dict[str, int]) -> None:
        super().__init__(stream, protocol=2)
        self._sizes = sizes

    def persistent_id(self, obj: Any) -> Any:
        if isinstance(obj, Stored):
            return "storage", FloatStorage, obj.key, "cpu", self._sizes[obj.key], None
        return None


@pytest.fixture
def torch_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """PyTorch's names, which a file of its refers to, without PyTorch."""
    torch, utils = ModuleType("torch"), ModuleType("torch._utils")

    def _rebuild_tensor_v2(*how: Any) -> None:
        raise AssertionError("nothing of PyTorch is called")

    _rebuild_tensor_v2.__module__, _rebuild_tensor_v2.__qualname__ = "torch._utils", "_rebuild_tensor_v2"
    utils._rebuild_tensor_v2 = _rebuild_tensor_v2  # type: ignore[attr-defined]
    monkeypatch.setattr(FloatStorage, "__module__", "torch")
    torch.FloatStorage = FloatStorage  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "torch", torch)
    monkeypatch.setitem(sys.modules, "torch._utils", utils)


def file_of(tensors: OrderedDict[str, Any], storages: dict[str, np.ndarray]) -> bytes:
    stream = io.BytesIO()
    sizes = {key: len(values) for key, values in storages.items()}
    for head in (0x1950A86A20F9469CFC6C, 1001, {"little_endian": True}):
        pickle.dump(head, stream, protocol=2)
    Writer(stream, sizes).dump(tensors)
    pickle.dump(sorted(storages), stream, protocol=2)
    for key in sorted(storages):
        stream.write(np.int64(sizes[key]).tobytes() + storages[key].astype("<f4").tobytes())
    return stream.getvalue()


@pytest.mark.usefixtures("torch_names")
def test_tensors_are_read_with_their_offsets_and_strides() -> None:
    values = np.arange(12, dtype=np.float32)
    tensors = OrderedDict(
        plain=Tensor(Stored("a"), 0, (3, 4), (4, 1), False, OrderedDict()),
        turned=Tensor(Stored("a"), 0, (4, 3), (1, 4), False, OrderedDict()),
        later=Tensor(Stored("b"), 2, (2,), (1,), False, OrderedDict()),
    )

    read = read_tensors(file_of(tensors, {"a": values, "b": values[:5] * 10}))

    np.testing.assert_array_equal(read["plain"], values.reshape(3, 4))
    np.testing.assert_array_equal(read["turned"], values.reshape(3, 4).T)
    np.testing.assert_array_equal(read["later"], [20, 30])


@pytest.mark.usefixtures("torch_names")
def test_a_file_that_would_call_something_is_refused() -> None:
    with pytest.raises(TrainingError, match="no tensor"):
        read_tensors(file_of(OrderedDict(evil=print), {}))


def test_another_file_is_not_even_opened(tmp_path: Path) -> None:
    path = tmp_path / "other.pth"
    path.write_bytes(b"something else")

    with pytest.raises(TrainingError, match=r"other\.pth is not the file of"):
        read_weights(path)


def test_a_folded_convolution_computes_what_the_two_layers_did() -> None:
    rng = np.random.default_rng(0)
    kernel = rng.normal(size=(5, 3, 3, 3)).astype(np.float32)
    gain, offset, mean = (rng.normal(size=5).astype(np.float32) for _ in range(3))
    variance = rng.uniform(0.5, 2, 5).astype(np.float32)
    picture = rng.normal(size=(1, 8, 8, 3)).astype(np.float32)
    plain, normal, one = (
        keras.layers.Conv2D(5, 3, use_bias=False),
        keras.layers.BatchNormalization(epsilon=EPSILON),
        keras.layers.Conv2D(5, 3),
    )
    expected = normal(plain(picture))
    one(picture)
    plain.set_weights([kernel.transpose(2, 3, 1, 0)])
    normal.set_weights([gain, offset, mean, variance])
    expected = normal(plain(picture), training=False)

    both, bias = folded(kernel, gain, offset, mean, variance)
    one.set_weights([both.transpose(2, 3, 1, 0), bias])

    np.testing.assert_allclose(np.asarray(one(picture)), np.asarray(expected), atol=1e-4)


def imagenet_like(rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Random weights under PyTorch's names, as few as the network takes."""
    weights: dict[str, np.ndarray] = {}

    def put(convolution: str, norm: str, shape: tuple[int, ...]) -> None:
        weights[f"{convolution}.weight"] = rng.normal(0, (2 / np.prod(shape[1:])) ** 0.5, shape).astype(np.float32)
        for name, value in (("weight", 1.0), ("bias", 0.1), ("running_mean", 0.0), ("running_var", 1.0)):
            weights[f"{norm}.{name}"] = np.full(shape[0], value, np.float32)

    put("_conv_stem", "_bn0", (32, 3, 3, 3))
    channels, index = 32, 0
    for stage in STAGES:
        for _ in range(stage.blocks):
            inner, block = channels * stage.expansion, f"_blocks.{index}"
            if stage.expansion > 1:
                put(f"{block}._expand_conv", f"{block}._bn0", (inner, channels, 1, 1))
            put(f"{block}._depthwise_conv", f"{block}._bn1", (inner, 1, stage.kernel, stage.kernel))
            put(f"{block}._project_conv", f"{block}._bn2", (stage.filters, inner, 1, 1))
            channels, index = stage.filters, index + 1
    put("_conv_head", "_bn1", (FEATURES, channels, 1, 1))
    return weights


def test_every_weight_finds_its_place() -> None:
    network = backbone(32)
    before = [weight.numpy().copy() for weight in network.weights]

    load_imagenet(network, imagenet_like(np.random.default_rng(1)))

    changed = [not np.array_equal(old, new.numpy()) for old, new in zip(before, network.weights, strict=True)]
    assert all(changed)
    features = np.asarray(network(np.full((1, 32, 32, 3), 90, np.float32)))
    assert features.shape == (1, FEATURES)
    assert np.isfinite(features).all()


def test_new_outputs_start_from_the_classes_that_come_near() -> None:
    rng = np.random.default_rng(2)
    weights = {"_fc.weight": rng.normal(size=(1000, FEATURES)), "_fc.bias": rng.normal(size=1000)}

    kernel, bias = head_rows(weights, [(3,), (4, 6), ()])

    assert kernel.shape == (FEATURES, 3)
    centred = weights["_fc.weight"] - weights["_fc.weight"].mean(0)
    np.testing.assert_allclose(kernel[:, 1], (centred[4] + centred[6]) / 2)
    assert not kernel[:, 2].any()
    assert bias[2] == 0
