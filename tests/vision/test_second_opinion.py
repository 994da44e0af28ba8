"""What the second opinion looks at, and how its answers are read."""

from __future__ import annotations

import numpy as np
import pytest

from bot.vision.eyes import ADVISER_FILE, CLOTHING_FILE, SHIPPED_MODELS
from bot.vision.interpreter import ModelError
from bot.vision.labels import CLASS_COUNT
from bot.vision.second_opinion import GROUND, MARGIN, SIDE, TfliteAdviser, framing, view

RED, BLUE = (200, 30, 30), (30, 30, 200)


def red_square(side: int, box: tuple[int, int, int, int]) -> tuple[np.ndarray, np.ndarray]:
    """A red garment on a blue ground, and its mask."""
    left, top, right, bottom = box
    pixels = np.full((side, side, 3), BLUE, np.uint8)
    pixels[top:bottom, left:right] = RED
    mask = np.zeros((side, side), np.float32)
    mask[top:bottom, left:right] = 1
    return pixels, mask


@pytest.mark.parametrize("side", [100, 640])
def test_the_garment_stands_in_the_middle_in_its_own_colours(side: int) -> None:
    box = (side // 10, side // 5, side // 2, side * 7 // 10)
    seen = view(*red_square(side, box), framing(box))

    assert seen.shape == (SIDE, SIDE, 3)
    assert seen[SIDE // 2, SIDE // 2] == pytest.approx(RED, abs=3)
    red = seen[..., 0].astype(int) > 160
    rows, columns = np.flatnonzero(red.any(1)), np.flatnonzero(red.any(0))
    assert len(rows) == pytest.approx(SIDE / MARGIN, abs=3)
    assert rows.mean() == pytest.approx((SIDE - 1) / 2, abs=1.5)
    assert columns.mean() == pytest.approx((SIDE - 1) / 2, abs=1.5)
    assert len(columns) / len(rows) == pytest.approx(0.8, abs=0.03)


def test_surroundings_are_paled_and_what_is_outside_the_photo_is_gray() -> None:
    box = (0, 40, 60, 60)
    seen = view(*red_square(100, box), framing(box)).astype(float)

    beside = seen[SIDE // 2 - 60, SIDE // 2]
    assert beside == pytest.approx((GROUND + np.array(BLUE)) / 2, abs=4)
    assert seen[SIDE // 2, 1] == pytest.approx([GROUND] * 3, abs=2)


@pytest.mark.parametrize(("height", "width"), [(1, 1), (640, 1), (1, 640), (2, 300)])
def test_the_thinnest_photos_can_be_looked_at(height: int, width: int) -> None:
    pixels, mask = np.full((height, width, 3), RED, np.uint8), np.ones((height, width), np.float32)

    seen = view(pixels, mask, framing((0, 0, width, height)))

    assert seen.shape == (SIDE, SIDE, 3)
    assert seen.min() >= 30


def test_the_shipped_networks_give_an_opinion_on_ten_classes() -> None:
    adviser = shipped(ADVISER_FILE, CLOTHING_FILE)
    box = (40, 20, 90, 110)
    seen = view(*red_square(128, box), framing(box))

    opinion = adviser.opinion(seen)

    assert opinion.classes.shape == (CLASS_COUNT,)
    assert opinion.classes.dtype == np.float32
    assert float(opinion.classes.sum()) == pytest.approx(1, abs=1e-5)
    assert 0 <= opinion.other_clothing <= 1
    assert 0 <= opinion.nothing <= 1
    again, bag = adviser.again(seen, opinion.classes, opinion.bag)
    np.testing.assert_array_equal(again, opinion.classes)
    assert bag == opinion.bag


def test_what_one_network_calls_a_bag_is_no_other_clothing_and_no_nothing() -> None:
    names = np.array([0.5] + [0] * 9 + [0.3, 0, 0, 0.2], np.float32)
    adviser = shipped(ADVISER_FILE, CLOTHING_FILE)
    adviser._names, adviser._clothing = Says(names), Says(np.array([1, 0.75], np.float32))  # type: ignore[assignment]
    seen = np.zeros((SIDE, SIDE, 3), np.uint8)

    opinion = adviser.opinion(seen)

    assert opinion.classes == pytest.approx([1] + [0] * 9)
    assert opinion.other_clothing == pytest.approx(0.3 * 0.25)
    assert opinion.nothing == pytest.approx(0.2 * 0.25)
    assert opinion.bag == 0.75


@pytest.mark.parametrize(
    ("before", "expected"),
    [(0.75, ([1] + [0] * 9, 0.4)), (0.25, ([0.5] + [0] * 2 + [0.5] + [0] * 6, 0.25))],
)
def test_of_a_changed_view_only_the_network_is_asked_that_the_opinion_hangs_on(
    before: float, expected: tuple[list[float], float]
) -> None:
    adviser = shipped(ADVISER_FILE, CLOTHING_FILE)
    opinion = np.array([1] + [0] * 9, np.float32)
    changed = np.array([0.4, 0, 0, 0.4] + [0] * 6 + [0.2, 0, 0, 0], np.float32)
    adviser._names, adviser._clothing = Says(changed), Says(np.array([1, 0.4], np.float32))  # type: ignore[assignment]

    classes, bag = adviser.again(np.zeros((SIDE, SIDE, 3), np.uint8), opinion, before)

    assert classes == pytest.approx(expected[0])
    assert bag == pytest.approx(expected[1])


class Says:
    """A network that gives every view the same answer."""

    def __init__(self, answer: np.ndarray) -> None:
        self._answer = answer

    def run(self, values: np.ndarray) -> tuple[np.ndarray, ...]:
        return (self._answer,)


def test_no_clothing_is_told_from_noise_and_plain_walls() -> None:
    adviser = shipped(ADVISER_FILE, CLOTHING_FILE)
    noise = np.random.default_rng(0).integers(0, 255, (SIDE, SIDE, 3), np.uint8)

    assert adviser.opinion(noise).nothing > 0.5
    assert adviser.opinion(np.full((SIDE, SIDE, 3), 200, np.uint8)).nothing > 0.5


@pytest.mark.parametrize("files", [(CLOTHING_FILE, ADVISER_FILE), ("classifier.tflite", CLOTHING_FILE)])
def test_other_networks_files_are_refused(files: tuple[str, str]) -> None:
    with pytest.raises(ModelError, match="a model with other"):
        shipped(*files)


def shipped(*files: str) -> TfliteAdviser:
    opinion, clothing = ((SHIPPED_MODELS / file).read_bytes() for file in files)
    return TfliteAdviser(opinion, clothing, interpreters=1)
