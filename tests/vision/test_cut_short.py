"""A file that ends too early is answered while four fifths of the picture are there, in every format that allows it."""

import struct
from collections.abc import Callable

import cv2
import numpy as np
import pytest
from PIL import Image

from bot.vision.cut_short import GRAY
from bot.vision.decoding import decode
from bot.vision.photo import Photo, PhotoError, PhotoProblem
from tests.pictures import saved

WIDTH, HEIGHT = 400, 520
ORIENTATION_TAG = 0x0112


@pytest.fixture(scope="module")
def picture() -> Image.Image:
    """Soft noise of even detail, so that a part of the file is that part of the picture."""
    noise = np.random.default_rng(1).integers(0, 255, (HEIGHT, WIDTH, 3), dtype=np.uint8)
    return Image.fromarray(cv2.normalize(cv2.GaussianBlur(noise, (0, 0), 2), None, 0, 255, cv2.NORM_MINMAX))


def with_alpha(picture: Image.Image) -> Image.Image:
    both = picture.copy()
    both.putalpha(Image.linear_gradient("L").resize(picture.size))
    return both


FORMATS: dict[str, Callable[[Image.Image], bytes]] = {
    "jpeg": lambda picture: saved(picture, "JPEG", quality=90),
    "gray jpeg": lambda picture: saved(picture.convert("L"), "JPEG", quality=90),
    "png": lambda picture: saved(picture, "PNG"),
    "palette png": lambda picture: saved(picture.quantize(64), "PNG"),
    "png with alpha": lambda picture: saved(with_alpha(picture), "PNG"),
    "webp": lambda picture: saved(picture, "WEBP", quality=85),
    "webp with alpha": lambda picture: saved(with_alpha(picture), "WEBP", quality=85),
    "lossless webp": lambda picture: saved(picture, "WEBP", lossless=True),
    "heic": lambda picture: saved(picture, "HEIF", quality=80),
    "avif": lambda picture: saved(picture, "AVIF", quality=80, speed=10),
    "gif": lambda picture: saved(picture, "GIF", interlace=0),
    "tiff": lambda picture: saved(picture, "TIFF"),
    "bmp": lambda picture: saved(picture, "BMP"),
    "ppm": lambda picture: saved(picture, "PPM"),
}


@pytest.fixture(scope="module", params=FORMATS)
def kind(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def data(picture: Image.Image, kind: str) -> bytes:
    """The picture as a file of this format."""
    return FORMATS[kind](picture)


@pytest.fixture(scope="module")
def whole(data: bytes) -> Photo:
    return decode(data)


DECODED_BY_BLOCKS = {"jpeg", "gray jpeg", "webp", "webp with alpha", "lossless webp", "heic", "avif"}


def cut(data: bytes, lost: float) -> bytes:
    return data[: round(len(data) * (1 - lost))]


def kept_rows(photo: Photo, whole: Photo) -> float:
    """The part of the rows that are as in the whole picture."""
    near = np.abs(photo.pixels.astype(int) - whole.pixels).max(axis=(1, 2)) <= 2
    return float(near.mean())


@pytest.mark.parametrize("lost", [0.005, 0.03, 0.08])
def test_what_is_there_is_shown(data: bytes, whole: Photo, kind: str, lost: float) -> None:
    photo = decode(cut(data, lost))
    assert photo.pixels.shape == whole.pixels.shape
    block = 64 / HEIGHT if kind in DECODED_BY_BLOCKS else 1 / HEIGHT
    assert 1 - kept_rows(photo, whole) <= lost + block + 0.03


def test_what_is_lost_is_gray(data: bytes, kind: str) -> None:
    """Not made up, and not the decoder's garbage."""
    photo = decode(cut(data, 0.1))
    end = photo.pixels[0] if kind == "bmp" else photo.pixels[-1]  # which begins with the lowest row
    assert np.abs(end.astype(int) - GRAY).max() <= 1


@pytest.mark.parametrize("lost", [0.25, 0.5, 0.9])
def test_what_lost_more_than_a_fifth_is_damaged(data: bytes, lost: float) -> None:
    with pytest.raises(PhotoError) as caught:
        decode(cut(data, lost))
    assert caught.value.problem is PhotoProblem.DAMAGED


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "P", "1"])
@pytest.mark.parametrize("colour", ["black", "white", "gray"])
def test_a_plain_end_is_not_taken_for_a_lost_one(mode: str, colour: str) -> None:
    """Half of it is of one colour, as a floor or a wall; a hundredth of the file is lost."""
    image = Image.new("RGB", (300, 400), colour)
    image.paste(Image.effect_noise((300, 200), 90).convert("RGB"), (0, 0))
    for kind in ("BMP", "TIFF") if mode != "RGBA" else ("TIFF",):
        data = saved(image.convert(mode), kind)
        assert decode(cut(data, 0.01)).pixels.shape == (400, 300, 3)


@pytest.mark.parametrize("saved_as", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIF"])
def test_what_is_cut_short_is_upright_as_well(picture: Image.Image, saved_as: str) -> None:
    exif = Image.Exif()
    exif[ORIENTATION_TAG] = 6
    data = saved(picture, saved_as, exif=exif.tobytes() if saved_as == "HEIF" else exif)
    if saved_as == "WEBP":  # whose EXIF block stands behind the pixels, and is the first to be lost
        assert decode(cut(data, 0.05)).pixels.shape == (HEIGHT, WIDTH, 3)
    else:
        whole, photo = decode(data), decode(cut(data, 0.05))
        assert photo.pixels.shape == whole.pixels.shape == (WIDTH, HEIGHT, 3)
        assert np.abs(photo.pixels[:, -300:].astype(int) - whole.pixels[:, -300:]).max() <= 2


def test_half_of_a_progressive_jpeg_is_all_of_it_only_coarser(picture: Image.Image) -> None:
    data = saved(picture, "JPEG", progressive=True)
    whole, photo = decode(data), decode(cut(data, 0.5))
    assert np.abs(photo.pixels.astype(int) - whole.pixels).mean() < 20


def test_a_png_that_is_broken_in_its_middle_counts_as_far_as_it_is_sound(picture: Image.Image) -> None:
    data = bytearray(saved(picture, "PNG"))
    place = round(len(data) * 0.9)
    data[place : place + 40] = bytes(40)
    photo = decode(bytes(data))
    assert kept_rows(photo, decode(saved(picture, "PNG"))) > 0.8
    assert (photo.pixels[-1] == GRAY).all()


def test_of_an_animation_only_the_first_picture_must_be_there(picture: Image.Image) -> None:
    part = picture.crop((0, 0, WIDTH // 2, HEIGHT // 2))
    others = [part.rotate(90 * turn) for turn in range(1, 4)]
    for kind in ("GIF", "WEBP", "PNG"):
        data = saved(part, kind, save_all=True, append_images=others)
        first = decode(data)
        assert kept_rows(decode(cut(data, 0.4)), first) == 1, kind


def test_a_cut_file_that_lies_about_its_size_is_refused_before_it_is_decoded() -> None:
    header = struct.pack("<IHHIIiiHHIIiiII", 54, 0, 0, 54, 40, 30_000, 30_000, 1, 24, *[0] * 6)
    with pytest.raises(PhotoError) as caught:
        decode(b"BM" + header)
    assert caught.value.problem is PhotoProblem.TOO_MANY_PIXELS
