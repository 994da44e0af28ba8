"""From networks to files."""

import numpy as np
import pytest

tf = pytest.importorskip("tensorflow")

import keras  # noqa: E402
from ai_edge_litert import schema_py_generated as schema  # noqa: E402
from keras import layers  # noqa: E402

from bot.vision.interpreter import InterpreterPool  # noqa: E402
from training.networks.convert import convert, convert_mixed  # noqa: E402
from training.networks.operators import unsupported  # noqa: E402


@pytest.fixture
def network() -> keras.Model:
    keras.utils.set_random_seed(5)
    photo = keras.Input((16, 16, 3))
    x = layers.ReLU()(layers.Conv2D(64, 3)(photo))
    x = layers.ReLU()(layers.DepthwiseConv2D(3)(x))
    x = layers.GlobalAveragePooling2D()(layers.Conv2D(256, 1)(x))
    return keras.Model(photo, layers.Dense(40, activation="softmax")(layers.Dense(256)(x)))


def test_packed_weights_are_small_quiet_and_nearer_to_the_network(
    network: keras.Model, capfd: pytest.CaptureFixture[str]
) -> None:
    spec = tf.TensorSpec((1, 16, 16, 3), tf.float32)
    packed, quantised = (each(lambda photo: network(photo, training=False), spec) for each in (convert_mixed, convert))

    assert "Quantiz" not in "".join(capfd.readouterr())
    assert len(packed) < 0.4 * 4 * network.count_params()
    photos = np.random.default_rng(1).random((8, 16, 16, 3), np.float32)
    exact = np.asarray(network(photos, training=False))
    errors = []
    for file in (packed, quantised):
        pool = InterpreterPool(file, input_shape=(1, 16, 16, 3), output_shapes=((1, 40),))
        errors.append(np.abs([pool.run(photo)[0] for photo in photos] - exact).max())
    assert errors[0] < 0.002
    assert errors[0] < errors[1]


def test_only_large_convolutions_get_their_weights_in_8_bits_without_unpacking(network: keras.Model) -> None:
    file = convert_mixed(lambda photo: network(photo, training=False), tf.TensorSpec((1, 16, 16, 3), tf.float32))
    root = schema.ModelT.InitFromObj(schema.Model.GetRootAs(bytearray(file), 0))
    tensors = root.subgraphs[0].tensors
    conv = schema.BuiltinOperator.CONV_2D
    weights = {
        tuple(tensors[step.inputs[1]].shape): tensors[step.inputs[1]].type
        for step in root.subgraphs[0].operators
        if root.operatorCodes[step.opcodeIndex].builtinCode == conv
    }
    assert weights == {(64, 3, 3, 3): schema.TensorType.FLOAT32, (256, 1, 1, 64): schema.TensorType.INT8}
    assert not unsupported(file)
