"""The masks that teach the segmenter."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from training.data.pseudo_masks import INPUT_SIDE, SalientObjects


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


def test_the_finest_output_says_what_stands_out_in_the_squashed_photo(darkness: SalientObjects) -> None:
    pixels, mask = drawn_shirt()

    soft = darkness.soft_mask(pixels)

    assert soft.shape == (INPUT_SIDE, INPUT_SIDE)
    found, shirt = soft > 0.5, cv2.resize(mask, (INPUT_SIDE, INPUT_SIDE)) > 0
    assert (found & shirt).sum() > 0.9 * (found | shirt).sum()
