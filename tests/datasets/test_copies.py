import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, JpegImagePlugin
from scipy.io import savemat

from bot.datasets import no_clothing_list, photo_list, shop_photo_list, street_photo_list
from bot.datasets.copies import label_picture, proportioned, scaled_down
from bot.datasets.shop_photos import FASHION_PRODUCTS, MAGENTO
from tests.datasets.pictures import jpeg
from tests.pictures import saved


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def mat(**variables: np.ndarray) -> bytes:
    out = io.BytesIO()
    savemat(out, variables, do_compression=True)
    return out.getvalue()


@pytest.mark.parametrize(("size", "scaled"), [((400, 300), (320, 240)), ((300, 400), (240, 320)), ((90, 60), (90, 60))])
def test_only_larger_photos_are_scaled(size: tuple[int, int], scaled: tuple[int, int]) -> None:
    assert opened(scaled_down(jpeg(1, size), 320, 85)).size == scaled


def test_a_photo_is_stored_upright() -> None:
    with opened(scaled_down(jpeg(1, (400, 300), orientation=6), 320, 85)) as image:
        assert image.size == (240, 320)
        assert not image.getexif()


def test_a_squashed_picture_gets_its_proportions_back() -> None:
    square = Image.new("RGB", (224, 224), "white")
    square.paste("black", (56, 56, 168, 168))
    with opened(proportioned(saved(square, quality=95))) as image:
        assert image.size == (168, 224)
        dark = np.asarray(image.convert("L")) < 128
    assert dark.any(0).nonzero()[0][[0, -1]].tolist() == [42, 125]
    assert dark.any(1).nonzero()[0][[0, -1]].tolist() == [56, 167]


def test_copies_are_written_as_those_that_the_project_was_given(
    photos_dir: Path, street_photos_dir: Path, shop_photos_dir: Path, no_clothing_dir: Path
) -> None:
    fashion = next(photo for photo in shop_photo_list() if photo.source == FASHION_PRODUCTS)
    magento = next(photo for photo in shop_photo_list() if photo.source == MAGENTO)
    public = jpeg(1, (400, 500))
    for path, copy in (
        (photo_list()[0].path(photos_dir), scaled_down(public, 320, 85)),
        (street_photo_list()[0].path(street_photos_dir), scaled_down(public, 448, 84)),
        (fashion.path(shop_photos_dir), proportioned(public)),
        (magento.path(shop_photos_dir), scaled_down(public, 448, 84)),
        (no_clothing_list()[0].path(no_clothing_dir), scaled_down(public, 320, 84)),
    ):
        with Image.open(path) as kept, opened(copy) as made:
            assert kept.quantization == made.quantization
            assert JpegImagePlugin.get_sampling(kept) == JpegImagePlugin.get_sampling(made)
            assert max(kept.size) == max(made.size)


def test_labels_are_scaled_with_nearest_neighbour() -> None:
    labels = np.zeros((8, 4), np.uint8)
    labels[:4] = 58
    with opened(label_picture(mat(groundtruth=labels), "groundtruth", 59, (2, 4))) as image:
        assert (image.format, image.mode, image.size) == ("PNG", "L", (2, 4))
        assert np.asarray(image).tolist() == [[58, 58], [58, 58], [0, 0], [0, 0]]


@pytest.mark.parametrize("kind", [np.uint8, np.float64, np.int32])
def test_labels_may_be_stored_as_any_number(kind: type) -> None:
    labels = np.arange(12).reshape(3, 4)
    with opened(label_picture(mat(groundtruth=labels.astype(kind)), "groundtruth", 59, (4, 3))) as image:
        assert np.asarray(image).tolist() == labels.tolist()


@pytest.mark.parametrize(
    "labels",
    [
        np.full((3, 3), 59, np.uint8),
        np.full((3, 3), 0.5),
        np.full((3, 3), -1, np.int16),
        np.full((3, 3), np.nan),
        np.zeros((3, 3, 3), np.uint8),
        np.zeros((0, 3), np.uint8),
    ],
)
def test_what_is_no_label_is_refused(labels: np.ndarray) -> None:
    with pytest.raises(ValueError, match="groundtruth"):
        label_picture(mat(groundtruth=labels), "groundtruth", 59, (3, 3))
