"""The segmenter as it is made and as it is served."""

import numpy as np
import pytest

tf = pytest.importorskip("tensorflow")

import keras  # noqa: E402

from bot.vision.segmenter import TfliteSegmenter  # noqa: E402
from training.scenes import NOTHING, SIDE, Cut, SceneMaker  # noqa: E402
from training.segment import BATCH, agreement, batches, to_tflite, train  # noqa: E402
from training.segmenter import segmenter  # noqa: E402


def square(label: str = "t-shirt") -> Cut:
    pixels = np.full((64, 64, 3), 230, np.uint8)
    mask = np.zeros((64, 64), np.uint8)
    mask[16:48, 16:48] = 1
    pixels[mask > 0] = (150, 20, 30)
    return Cut(pixels, mask, label)


def test_the_file_answers_as_the_network_does() -> None:
    keras.utils.set_random_seed(3)
    network = segmenter()
    photo = np.random.default_rng(1).integers(0, 255, (SIDE, SIDE, 3), np.uint8)

    served = TfliteSegmenter(to_tflite(network), interpreters=1).segment(photo)

    seen = network(photo[None].astype(np.float32), training=False)
    np.testing.assert_allclose(served.scene, np.asarray(seen["scene"])[0], atol=0.05)
    assert np.abs(served.groups - np.asarray(seen["groups"])[0]).mean() < 0.02


def test_two_steps_of_training() -> None:
    keras.utils.set_random_seed(3)
    network = segmenter()
    small = np.random.default_rng(0).integers(0, 255, (3, 28, 28), np.uint8)
    cuts = [square(), square("trouser"), square("sneaker")]
    maker = SceneMaker(cuts, small, small, [], np.random.default_rng(2))
    before = network.get_weights()[0].copy()

    ((step, losses),) = train(network, batches(maker, cuts, 1), 2)

    assert step == 2
    assert all(np.isfinite([losses.pixels, losses.dice, losses.scenes]))
    assert np.abs(network.get_weights()[0] - before).max() > 0
    assert 0 <= agreement(network, cuts[:1]) <= 1


def test_batches_are_what_the_network_takes() -> None:
    small = np.random.default_rng(0).integers(0, 255, (3, 28, 28), np.uint8)
    cuts = [square(), square("trouser"), square("sneaker")]
    photos, groups, kinds = next(batches(SceneMaker(cuts, small, small, [], np.random.default_rng(2)), cuts, 1))

    assert photos.shape == (BATCH, SIDE, SIDE, 3)
    assert photos.dtype == np.float32
    assert groups.shape == (BATCH, SIDE, SIDE)
    assert set(kinds.tolist()) <= {0, 1, NOTHING}
