import io

import numpy as np
import pytest
from PIL import Image

from bot.storage.photos import KEPT_SIDE, encode_for_keeping
from bot.storage.retention import MAX_PICTURE_BYTES
from bot.vision.decoding import decode
from bot.vision.photo import Photo
from tests.pictures import saved


def colourful(width: int, height: int) -> Image.Image:
    across, down = np.meshgrid(np.linspace(0, 255, width), np.linspace(0, 255, height))
    return Image.fromarray(np.stack([across, down, 255 - across], axis=-1).astype(np.uint8))


@pytest.mark.parametrize(("width", "height"), [(1, 1), (640, 480), (480, 640), (640, 1)])
def test_a_kept_photo_is_small_and_looks_the_same(width: int, height: int) -> None:
    photo = Photo(np.asarray(colourful(width, height)))
    kept = Image.open(io.BytesIO(encode_for_keeping(photo)))
    assert kept.format == "JPEG"
    assert max(kept.size) <= KEPT_SIDE
    small = Image.fromarray(photo.pixels).resize(kept.size)
    difference = np.asarray(small, np.int16) - np.asarray(kept.convert("RGB"), np.int16)
    assert np.abs(difference).mean() < 4


def test_an_ordinary_photo_is_kept_at_the_best_quality() -> None:
    original = colourful(640, 480)
    best = io.BytesIO(saved(original, quality=90))

    kept = Image.open(io.BytesIO(encode_for_keeping(Photo(np.asarray(original)))))

    assert kept.quantization == Image.open(best).quantization


def test_nothing_that_a_camera_wrote_is_kept() -> None:
    exif = Image.Exif()
    exif[0x010F] = "SECRET CAMERA"
    exif[0x0110] = "SECRET MODEL"
    exif.get_ifd(0x8825)[1] = "N"
    profile = b"SECRET PROFILE" * 20
    sent = saved(colourful(300, 200), exif=exif, comment=b"SECRET COMMENT", icc_profile=profile)
    assert b"SECRET" in sent
    kept = encode_for_keeping(decode(sent))
    assert b"SECRET" not in kept
    opened = Image.open(io.BytesIO(kept))
    assert not opened.getexif()
    assert set(opened.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_pure_noise_fits_too() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (640, 640, 3), np.uint8)
    kept = encode_for_keeping(Photo(noise))
    assert len(kept) <= MAX_PICTURE_BYTES


def test_the_same_photo_gives_the_same_bytes() -> None:
    photo = Photo(np.asarray(colourful(100, 80)))
    assert encode_for_keeping(photo) == encode_for_keeping(photo)


def test_a_kept_photo_stays_small_when_decoded_ones_grow() -> None:
    larger = Photo(np.asarray(colourful(200, 100)))
    assert Image.open(io.BytesIO(encode_for_keeping(larger, side=64))).size == (64, 32)
