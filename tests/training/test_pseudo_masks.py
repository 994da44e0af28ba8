"""The masks that teach the segmenter."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from training.pseudo_masks import INPUT_SIDE, SalientObjects, iou, pseudo_mask


def drawn_shirt() -> tuple[np.ndarray, np.ndarray]:
    """A plain T-shirt with folds on a speckled floor, and its mask."""
    rng = np.random.default_rng(1)
    mask = np.zeros((240, 200), np.uint8)
    outline = [
        [20, 60],
        [75, 40],
        [125, 40],
        [180, 60],
        [172, 104],
        [142, 96],
        [142, 205],
        [58, 205],
        [58, 96],
        [28, 104],
    ]
    cv2.fillPoly(mask, [np.array(outline)], 1)
    pixels = np.full((240, 200, 3), (196, 188, 176), float) + rng.normal(0, 6, (240, 200, 1))
    shirt = np.array([40, 70, 130]) + 14 * np.sin(np.arange(200) / 9)[None, :, None]
    pixels = np.where(mask[..., None] > 0, shirt + rng.normal(0, 4, (240, 200, 1)), pixels)
    return np.clip(pixels, 0, 255).astype(np.uint8), mask


@pytest.fixture
def darkness() -> SalientObjects:
    """A network of one pixel's view that takes what is dark for what stands out, and ends in two outputs."""
    return SalientObjects(Path(__file__).with_name("darkness.onnx").read_bytes())


def test_the_finest_output_becomes_a_mask(darkness: SalientObjects) -> None:
    pixels, mask = drawn_shirt()

    soft = darkness.soft_mask(pixels)
    found = pseudo_mask(soft, *mask.shape)

    assert soft.shape == (INPUT_SIDE, INPUT_SIDE)
    assert found.usable
    assert iou(found.mask, mask) > 0.9


@pytest.mark.parametrize("level", [0, 0.4, 0.6, 1])
def test_what_does_not_stand_out_teaches_nothing(level: float) -> None:
    assert not pseudo_mask(np.full((INPUT_SIDE, INPUT_SIDE), level, np.float32), 96, 128).usable


def test_a_soft_edge_is_decided_and_clutter_dropped() -> None:
    soft = np.zeros((INPUT_SIDE, INPUT_SIDE), np.float32)
    soft[80:240, 100:220] = 1
    soft[10:30, 10:30] = 1
    blurred = cv2.GaussianBlur(soft, (0, 0), 3)

    found = pseudo_mask(np.asarray(blurred, np.float32), 160, 160)

    assert found.usable
    assert found.mask[:20].sum() == 0
    assert abs(int(found.mask.sum()) - 80 * 60) < 100
