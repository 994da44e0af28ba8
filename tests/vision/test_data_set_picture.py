"""Pictures of the data set are known in every size that people send, and no photo is taken for one."""

import csv
import gzip
import time
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from bot.registry.networks import open_networks
from bot.vision.data_set_picture import data_set_pixels
from bot.vision.decoding import decode
from bot.vision.garment import find
from bot.vision.photo import MAX_SIDE, Photo
from tests.conftest import needs

METHODS = {
    "nearest": cv2.INTER_NEAREST,
    "bilinear": cv2.INTER_LINEAR,
    "bicubic": cv2.INTER_CUBIC,
    "Lanczos": cv2.INTER_LANCZOS4,
}
EACH = 4
"""Pictures tried of each kind."""


def large(*sizes: Any) -> list[Any]:
    """Sizes at which a test takes its time."""
    return [pytest.param(*each, marks=pytest.mark.slow) for each in sizes]


Gray = NDArray[np.uint8]


@pytest.fixture(scope="module")
def pictures(fashion_mnist_dir: Path) -> list[Gray]:
    with gzip.open(fashion_mnist_dir / "fashion-mnist" / "t10k-images-idx3-ubyte.gz") as file:
        images = np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 28, 28)
    return list(images[np.random.default_rng(0).permutation(len(images))[:40]])


def photo(gray: Gray) -> Photo:
    return Photo(np.ascontiguousarray(np.repeat(gray[..., None], 3, axis=2)))


def sent(gray: Gray, quality: int | None = None) -> Photo:
    """The photo that the bot gets: by JPEG, or PNG without a quality, never larger than the bot keeps photos."""
    _, data = cv2.imencode(".png", gray) if quality is None else cv2.imencode(".jpg", gray, [1, quality])
    return decode(data.tobytes())


def enlarged(picture: Gray, times: float, method: str) -> Gray:
    side = round(28 * times)
    return np.asarray(cv2.resize(picture, (side, side), interpolation=METHODS[method]), np.uint8)


def framed(gray: Gray, share: float, value: int) -> Gray:
    width = max(1, round(share * len(gray)))
    return np.asarray(cv2.copyMakeBorder(gray, width, width, width, width, cv2.BORDER_CONSTANT, value=value), np.uint8)


def off(found: NDArray[np.float32] | None, picture: Gray) -> float:
    """Mean difference of found pixels from the picture's own, 0..1."""
    assert found is not None
    assert found.shape == (28, 28)
    assert found.dtype == np.float32
    assert 0 <= found.min() <= found.max() <= 1
    return float(np.abs(found - picture / 255).mean())


def test_its_own_size_is_taken_as_it_is(pictures: list[Gray]) -> None:
    for picture in pictures:
        assert off(data_set_pixels(photo(picture)), picture) < 0.002
        assert off(data_set_pixels(sent(picture, 90)), picture) < 0.03


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("times", [2, 3, 5, 7.3, 10, *large((16,), (20,), (28,))])
def test_enlarged(pictures: list[Gray], method: str, times: float) -> None:
    for picture in pictures[:EACH]:
        for quality in (None, 60, 75, 90):
            assert off(data_set_pixels(sent(enlarged(picture, times, method), quality)), picture) < 0.08


@pytest.mark.parametrize("times", [2, 3, 5, 10])
def test_blocks_are_read_exactly(pictures: list[Gray], times: int) -> None:
    for picture in pictures[:EACH]:
        assert off(data_set_pixels(photo(enlarged(picture, times, "nearest"))), picture) < 0.002


@pytest.mark.parametrize("value", [0, 255])
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("times", "share"), [(5, 0.01), (10, 0.01), (10, 0.03), *large((20, 0.02))])
def test_a_thin_border_is_cut_off(pictures: list[Gray], method: str, times: int, share: float, value: int) -> None:
    for picture in pictures[:EACH]:
        for quality in (None, 75):
            shown = framed(enlarged(picture, times, method), share, value)
            assert off(data_set_pixels(sent(shown, quality)), picture) < 0.1


def test_garments_of_the_data_set_turned_to_colour_or_to_white_are_photos(pictures: list[Gray]) -> None:
    for picture in pictures[:EACH]:
        large = enlarged(picture, 10, "nearest")
        assert data_set_pixels(photo(255 - large)) is None
        tinted = photo(large).pixels.copy()
        tinted[..., 2] //= 2
        assert data_set_pixels(Photo(tinted)) is None


@pytest.mark.parametrize("size", [(200, 280), (27, 27), (1, 1), (1, MAX_SIDE), (28, 31)])
def test_other_shapes_are_photos(pictures: list[Gray], size: tuple[int, int]) -> None:
    assert data_set_pixels(photo(np.asarray(cv2.resize(pictures[0], size), np.uint8))) is None


@pytest.mark.parametrize("side", [28, 60, 280, MAX_SIDE])
def test_black_gray_noise_and_a_disc_are_photos(side: int) -> None:
    noise = np.random.default_rng(3).integers(0, 255, (side, side), dtype=np.uint8)
    for gray in (np.zeros_like(noise), np.full_like(noise, 128), noise):
        assert data_set_pixels(photo(gray)) is None
    if side > 100:
        disc = np.zeros_like(noise)
        cv2.circle(disc, (side // 2, side // 2), side // 3, 180, -1)
        assert data_set_pixels(photo(disc)) is None


@pytest.fixture(scope="module")
def real(photos_dir: Path) -> list[Photo]:
    folder = photos_dir / "clothing-photos"
    with (folder / "labels.csv").open(encoding="utf-8") as file:
        names = [row["image"] for row in csv.DictReader(file)]
    paths = (folder / "images" / name for name in names)
    found = [path for each in paths for path in (each, each.with_name(each.name + ".jpg")) if path.is_file()]
    needs(len(found) > 30, "fetch the photos: python -m bot.datasets --photos clothing-photos")
    return [decode(path.read_bytes()) for path in found[:30]]


@pytest.mark.slow
def test_no_photo_is_one_not_even_gray_or_cut_out_on_black(real: list[Photo]) -> None:
    networks = open_networks()
    for each in real:
        gray = cv2.cvtColor(each.pixels, cv2.COLOR_RGB2GRAY)
        side = min(gray.shape)
        square = np.ascontiguousarray(gray[:side, :side])
        assert data_set_pixels(each) is None
        assert data_set_pixels(photo(square)) is None
        assert data_set_pixels(photo(255 - square)) is None
        for garment in find(each, networks)[:1]:
            for shown in (gray * garment.mask, (255 - gray) * garment.mask):
                side = max(gray.shape)
                ground = np.zeros((side, side), np.uint8)
                top, left = (side - gray.shape[0]) // 2, (side - gray.shape[1]) // 2
                ground[top : top + gray.shape[0], left : left + gray.shape[1]] = shown
                assert data_set_pixels(photo(ground)) is None


def test_a_large_picture_does_not_take_much_longer_than_a_photo(pictures: list[Gray]) -> None:
    large = sent(enlarged(pictures[0], 28, "bicubic"))
    assert large.width == MAX_SIDE
    data_set_pixels(large)

    started = time.process_time()
    for _ in range(5):
        data_set_pixels(large)

    assert (time.process_time() - started) / 5 < 1.5, "ten times what it takes, however busy the machine is"
