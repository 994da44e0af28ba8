"""Pictures of every kind become the same upright RGB picture, or one clear error."""

import pickle
import struct
import zlib
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageCms, ImageFile

from bot.vision.decoding import MAX_PIXELS, decode
from bot.vision.photo import MAX_BYTES, MAX_SIDE, Photo, PhotoError, PhotoProblem
from tests.pictures import saved

QUADRANTS = {"red": (220, 40, 40), "green": (40, 200, 40), "blue": (40, 40, 220), "yellow": (220, 220, 40)}
ORIENTATION_TAG = 0x0112


def picture(width: int = 96, height: int = 64) -> Image.Image:
    """Red top left, green top right, blue bottom left, yellow bottom right."""
    image = Image.new("RGB", (width, height), QUADRANTS["red"])
    image.paste(QUADRANTS["green"], (width // 2, 0, width, height // 2))
    image.paste(QUADRANTS["blue"], (0, height // 2, width // 2, height))
    image.paste(QUADRANTS["yellow"], (width // 2, height // 2, width, height))
    return image


def colour_names(photo: Photo) -> list[str]:
    """The colours of the four quadrants: top left, top right, bottom left, bottom right."""
    height, width = photo.pixels.shape[:2]
    names = []
    for y in (height // 4, 3 * height // 4):
        for x in (width // 4, 3 * width // 4):
            pixel = photo.pixels[y, x].astype(int)
            names.append(min(QUADRANTS, key=lambda name: np.abs(pixel - QUADRANTS[name]).sum()))
    return names


def problem(data: bytes) -> PhotoProblem:
    with pytest.raises(PhotoError) as caught:
        decode(data)
    message = str(caught.value)
    assert message
    assert "\n" not in message
    return caught.value.problem


FORMATS: dict[str, Callable[[Image.Image], bytes]] = {
    "jpeg": lambda image: saved(image, "JPEG", quality=92),
    "progressive jpeg": lambda image: saved(image, "JPEG", quality=92, progressive=True),
    "cmyk jpeg": lambda image: saved(image.convert("CMYK"), "JPEG", quality=92),
    "mpo": lambda image: saved(image, "MPO", save_all=True, append_images=[image.rotate(180)]),
    "png": lambda image: saved(image, "PNG"),
    "palette png": lambda image: saved(image.quantize(8), "PNG"),
    "webp": lambda image: saved(image, "WEBP", quality=90),
    "lossless webp": lambda image: saved(image, "WEBP", lossless=True),
    "heic": lambda image: saved(image, "HEIF", quality=90),
    "avif": lambda image: saved(image, "AVIF", quality=90),
    "bmp": lambda image: saved(image, "BMP"),
    "gif": lambda image: saved(image, "GIF"),
    "tiff": lambda image: saved(image, "TIFF"),
    "lzw tiff": lambda image: saved(image, "TIFF", compression="tiff_lzw"),
    "jpeg tiff": lambda image: saved(image, "TIFF", compression="jpeg"),
    "cmyk tiff": lambda image: saved(image.convert("CMYK"), "TIFF"),
    "lab tiff": lambda image: saved(to_lab(image), "TIFF"),
    "ycbcr tiff": lambda image: saved(image.convert("YCbCr"), "TIFF"),
    "jpeg 2000": lambda image: saved(image, "JPEG2000"),
    "ppm": lambda image: saved(image, "PPM"),
    "tga": lambda image: saved(image, "TGA"),
    "pcx": lambda image: saved(image, "PCX"),
    "sgi": lambda image: saved(image, "SGI"),
    "dds": lambda image: saved(image, "DDS"),
    "qoi": lambda image: saved(image, "QOI"),
}


def to_lab(image: Image.Image) -> Image.Image:
    transform = ImageCms.buildTransform(ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB")
    return ImageCms.applyTransform(image, transform)


@pytest.mark.parametrize("kind", FORMATS)
def test_reads_the_format(kind: str) -> None:
    photo = decode(FORMATS[kind](picture()))
    assert photo.pixels.shape == (64, 96, 3)
    assert photo.pixels.dtype == np.uint8
    assert colour_names(photo) == ["red", "green", "blue", "yellow"]


def test_reads_icons() -> None:
    image = picture(64, 64)
    for kind in ("ICO", "ICNS"):
        assert colour_names(decode(saved(image, kind))) == ["red", "green", "blue", "yellow"]


def test_reads_photoshop_files() -> None:
    planes = np.asarray(picture()).transpose(2, 0, 1).tobytes()
    header = struct.pack(">4sH6xHIIHH", b"8BPS", 1, 3, 64, 96, 8, 3)
    assert colour_names(decode(header + bytes(12) + bytes(2) + planes)) == ["red", "green", "blue", "yellow"]


def held(upright: Image.Image, orientation: int) -> Image.Image:
    """What a camera that was held this way has in its memory."""
    store = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    return upright.transpose(store[orientation]) if orientation in store else upright


def oriented(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[ORIENTATION_TAG] = orientation
    return exif


TURNED: dict[str, Callable[[Image.Image, int], bytes]] = {
    "jpeg": lambda image, orientation: saved(image, "JPEG", exif=oriented(orientation)),
    "png": lambda image, orientation: saved(image, "PNG", exif=oriented(orientation)),
    "webp": lambda image, orientation: saved(image, "WEBP", exif=oriented(orientation)),
    "tiff": lambda image, orientation: saved(image, "TIFF", exif=oriented(orientation)),
    "lzw tiff": lambda image, orientation: saved(image, "TIFF", exif=oriented(orientation), compression="tiff_lzw"),
    "heic": lambda image, orientation: saved(image, "HEIF", quality=90, exif=oriented(orientation).tobytes()),
    "heic by exif alone": lambda image, orientation: heic_by_exif_alone(image, orientation),
    "avif": lambda image, orientation: saved(image, "AVIF", exif=oriented(orientation)),
    "avif by exif alone": lambda image, orientation: avif_by_exif_alone(image, orientation),
}


def heic_by_exif_alone(image: Image.Image, orientation: int) -> bytes:
    """A HEIC file without the turn of its container, as some phones write them."""
    data = saved(image, "HEIF", quality=90, exif=oriented(orientation).tobytes())
    return data.replace(b"irot", b"free").replace(b"imir", b"free")


def avif_by_exif_alone(image: Image.Image, orientation: int) -> bytes:
    """Pillow writes no orientation into the EXIF block of an AVIF file: it is written as another tag, then renamed."""
    exif = Image.Exif()
    exif[ORIENTATION_TAG + 1] = orientation
    data = saved(image, "AVIF", exif=exif)
    placeholder = struct.pack(">HHI", ORIENTATION_TAG + 1, 3, 1)
    assert data.count(placeholder) == 1
    return data.replace(placeholder, struct.pack(">HHI", ORIENTATION_TAG, 3, 1))


@pytest.mark.parametrize("kind", TURNED)
@pytest.mark.parametrize("orientation", range(1, 9))
def test_turns_upright(kind: str, orientation: int) -> None:
    photo = decode(TURNED[kind](held(picture(96, 64), orientation), orientation))
    assert photo.pixels.shape == (64, 96, 3)
    assert colour_names(photo) == ["red", "green", "blue", "yellow"]


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
@pytest.mark.parametrize("size", [64, 2000])
def test_lays_transparent_parts_on_white(mode: str, size: int) -> None:
    image = Image.new(mode, (size, size), (0,) * len(mode))
    image.paste((0,) * (len(mode) - 1) + (255,), (0, 0, size // 2, size))
    image.paste((0,) * (len(mode) - 1) + (128,), (0, 0, size // 4, size))
    pixels = decode(saved(image, "PNG")).pixels
    side = pixels.shape[0]
    assert pixels[side // 2, side // 8, 0] == pytest.approx(127, abs=2)
    assert pixels[side // 2, 3 * side // 8].tolist() == [0, 0, 0]
    assert pixels[side // 2, 3 * side // 4].tolist() == [255, 255, 255]


def test_lays_a_transparent_palette_colour_on_white() -> None:
    image = Image.new("P", (32, 32), 1)
    image.putpalette([200, 0, 0, 0, 0, 200])
    image.paste(0, (0, 0, 16, 32))
    for kind in ("PNG", "GIF"):
        pixels = decode(saved(image, kind, transparency=1)).pixels
        assert pixels[16, 8].tolist() == [200, 0, 0]
        assert pixels[16, 24].tolist() == [255, 255, 255]


@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_lays_a_png_colour_key_on_white(mode: str) -> None:
    key = (10, 10, 10) if mode == "RGB" else 10
    image = Image.new(mode, (16, 16), key)
    image.paste((90, 90, 90) if mode == "RGB" else 90, (0, 0, 8, 16))
    pixels = decode(saved(image, "PNG", transparency=key)).pixels
    assert pixels[8, 4].tolist() == [90, 90, 90]
    assert pixels[8, 12].tolist() == [255, 255, 255]


def test_reads_one_bit_pictures() -> None:
    image = Image.new("1", (64, 64), 0)
    image.paste(1, (32, 0, 64, 64))
    for kind, options in (("PNG", {}), ("TIFF", {"compression": "group4"}), ("BMP", {}), ("PPM", {})):
        pixels = decode(saved(image, kind, **options)).pixels
        assert pixels[32, 8].tolist() == [0, 0, 0]
        assert pixels[32, 56].tolist() == [255, 255, 255]


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_scales_16_bit_gray(kind: str) -> None:
    ramp = np.linspace(0, 65535, 256, dtype=np.uint16)[None, :].repeat(4, axis=0)
    pixels = decode(saved(Image.fromarray(ramp), kind)).pixels
    np.testing.assert_allclose(pixels[0, :, 0], np.arange(256), atol=1)


def test_scales_48_bit_colour() -> None:
    rows = np.zeros((2, 256, 3), ">u2")
    rows[..., 0] = np.arange(256) * 257
    rows[..., 2] = 65535
    pixels = decode(png(256, 2, 16, 2, rows.tobytes())).pixels
    np.testing.assert_array_equal(pixels[0, :, 0], np.arange(256))
    assert (pixels[..., 1] == 0).all()
    assert (pixels[..., 2] == 255).all()


@pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (0.0, 255.0), (0.0, 65535.0), (-3.0, 1e6)])
def test_scales_floating_point_gray(low: float, high: float) -> None:
    ramp = np.linspace(low, high, 256, dtype=np.float32)[None, :].repeat(4, axis=0)
    pixels = decode(saved(Image.fromarray(ramp), "TIFF")).pixels
    np.testing.assert_allclose(pixels[0, :, 0], np.arange(256), atol=1)


def test_reads_floating_point_gray_with_holes() -> None:
    values = np.full((8, 8), np.nan, np.float32)
    values[0, 0] = np.inf
    values[1] = 1.0
    assert decode(saved(Image.fromarray(values), "TIFF")).pixels[1, 3].tolist() == [255, 255, 255]


def test_reads_the_first_frame() -> None:
    frames = [Image.new("RGB", (32, 32), colour) for colour in ("red", "blue", "green")]
    for kind in ("GIF", "WEBP", "PNG", "TIFF"):
        data = saved(frames[0], kind, save_all=True, append_images=frames[1:])
        red, _, blue = decode(data).pixels[16, 16]
        assert red > 200
        assert blue < 60


def test_keeps_the_pixels_of_a_data_set_picture() -> None:
    gray = np.arange(28 * 28, dtype=np.uint32).reshape(28, 28).astype(np.uint8)
    photo = decode(saved(Image.fromarray(gray), "PNG"))
    np.testing.assert_array_equal(photo.pixels, gray[..., None].repeat(3, axis=2))


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize(
    ("size", "expected"),
    [((1600, 1200), (640, 480)), ((1200, 1600), (480, 640)), ((641, 641), (640, 640)), ((640, 10), (640, 10))],
)
def test_scales_down_to_the_longest_side(kind: str, size: tuple[int, int], expected: tuple[int, int]) -> None:
    photo = decode(saved(picture(*size), kind))
    assert (photo.width, photo.height) == expected
    assert colour_names(photo) == ["red", "green", "blue", "yellow"]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "BMP", "GIF"])
@pytest.mark.parametrize(
    ("size", "expected"), [((1, 1), (1, 1)), ((30000, 1), (640, 1)), ((1, 30000), (1, 640)), ((2, 5000), (1, 640))]
)
def test_reads_extreme_sizes(kind: str, size: tuple[int, int], expected: tuple[int, int]) -> None:
    photo = decode(saved(Image.new("RGB", size, (200, 30, 30)), kind))
    assert (photo.width, photo.height) == expected
    assert photo.pixels[0, 0, 0] > 180


def test_averages_when_scaling_down() -> None:
    checkers = np.indices((2560, 2560)).sum(axis=0) % 2 * np.uint8(255)
    photo = decode(saved(Image.fromarray(checkers.astype(np.uint8)), "PNG"))
    assert photo.pixels[100:500, 100:500].std() < 2
    assert photo.pixels.mean() == pytest.approx(127.5, abs=2)


def test_ignores_a_broken_colour_profile() -> None:
    for kind in ("JPEG", "PNG", "WEBP", "TIFF"):
        photo = decode(saved(picture(), kind, icc_profile=b"no profile at all" * 20))
        assert colour_names(photo) == ["red", "green", "blue", "yellow"]


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@pytest.mark.parametrize(
    "exif",
    [
        b"Exif\0\0",
        b"Exif\0\0II*\0\xff\xff\xff\xff",
        b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\xff" * 40,
        b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x02\0\xff\xff\xff\x7f\0\0\0\0",
        b"Exif\0\0" + b"\0" * 64,
    ],
)
def test_ignores_broken_exif(exif: bytes) -> None:
    for kind in ("JPEG", "WEBP"):
        photo = decode(saved(picture(), kind, exif=exif))
        assert colour_names(photo) == ["red", "green", "blue", "yellow"]


@pytest.mark.parametrize("kind", [kind for kind in TURNED if kind != "lzw tiff"])  # libtiff does not write them
@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_ignores_an_impossible_orientation(kind: str, orientation: int) -> None:
    assert colour_names(decode(TURNED[kind](picture(), orientation))) == ["red", "green", "blue", "yellow"]


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, depth: int, colours: int, rows: bytes) -> bytes:
    """A PNG made by hand, ``rows`` being raw samples."""
    stride = len(rows) // height if rows else 0
    lines = b"".join(b"\0" + rows[y * stride : (y + 1) * stride] for y in range(height if rows else 0))
    header = struct.pack(">IIBBBBB", width, height, depth, colours, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def bomb_bmp() -> bytes:
    return b"BM" + struct.pack("<IHHIIiiHHIIiiII", 54, 0, 0, 54, 40, 60000, 60000, 1, 24, 0, 0, 0, 0, 0, 0)


def bomb_tiff() -> bytes:
    tags = ((256, 100_000), (257, 100_000), (258, 8), (259, 1), (262, 1), (273, 8), (277, 1), (278, 100_000), (279, 4))
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(4)


def bomb_jpeg() -> bytes:
    data = bytearray(saved(picture(), "JPEG"))
    frame = data.index(b"\xff\xc0")
    data[frame + 5 : frame + 9] = struct.pack(">HH", 65500, 65500)
    return bytes(data)


BOMBS: dict[str, Callable[[], bytes]] = {
    "png": lambda: png(100_000, 100_000, 1, 0, b""),
    "png just too large": lambda: png(8001, 8000, 8, 2, b""),
    "gif": lambda: b"GIF89a" + struct.pack("<HHBBB", 65535, 65535, 0x80, 0, 0) + bytes(6) + b"\x2c" + bytes(10),
    "bmp": bomb_bmp,
    "tiff": bomb_tiff,
    "jpeg": bomb_jpeg,
    "ppm": lambda: b"P6 99999 99999 255\n",
}


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("kind", BOMBS)
def test_refuses_bombs_before_decoding(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def decoded(_: object) -> None:
        pytest.fail("pixels were decoded")

    monkeypatch.setattr(ImageFile.ImageFile, "load", decoded)
    assert problem(BOMBS[kind]()) is PhotoProblem.TOO_MANY_PIXELS


def test_bombs_are_bombs() -> None:
    assert 8001 * 8000 > MAX_PIXELS >= 50_000_000, "50-megapixel phones must pass"


def test_refuses_too_many_bytes() -> None:
    assert problem(bytes(MAX_BYTES + 1)) is PhotoProblem.TOO_MANY_BYTES


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0",
        b"hello",
        bytes(5000),
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
        b"\xc5\xd0\xd3\xc6" + bytes(40),
        b"\xd7\xcd\xc6\x9a" + bytes(40),
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"PK\x03\x04" + bytes(40),
        b"\x1f\x8b" + bytes(40),
        b"\x7fELF" + bytes(40),
        b"\0\0\0\x18ftypmp42" + bytes(40),
        b"RIFF\0\0\0\0AVI LIST",
        b"\x89HDF\r\n\x1a\n" + bytes(40),
        b"SIMPLE  =                    T" + bytes(80),
    ],
)
def test_refuses_what_is_not_a_picture(data: bytes) -> None:
    assert problem(data) is PhotoProblem.NOT_AN_IMAGE


def test_never_runs_another_program() -> None:
    assert problem(saved(picture(), "EPS")) is PhotoProblem.NOT_AN_IMAGE


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "heic", "avif", "gif", "bmp", "tiff", "jpeg 2000"])
@pytest.mark.parametrize("part", [0.02, 0.3, 0.7])
def test_says_that_half_a_file_is_damaged(kind: str, part: float) -> None:
    noise = np.random.default_rng(3).integers(0, 255, (160, 160, 3), dtype=np.uint8)
    data = FORMATS[kind](Image.fromarray(noise))
    assert problem(data[: max(20, round(len(data) * part))]) is PhotoProblem.DAMAGED


def test_accepts_a_jpeg_that_lost_its_tail() -> None:
    noise = np.random.default_rng(3).integers(0, 255, (640, 480, 3), dtype=np.uint8)
    whole = saved(Image.fromarray(noise), "JPEG", quality=90)
    np.testing.assert_array_equal(decode(whole[:-2]).pixels, decode(whole).pixels)
    nearly = decode(whole[: round(len(whole) * 0.96)]).pixels
    np.testing.assert_array_equal(nearly[:560], decode(whole).pixels[:560])
    assert problem(whole[: round(len(whole) * 0.8)]) is PhotoProblem.DAMAGED


def test_accepts_what_follows_the_picture() -> None:
    for kind in ("jpeg", "png", "gif"):
        data = FORMATS[kind](picture()) + b"PK\x03\x04 a zip behind the picture" * 10
        assert colour_names(decode(data)) == ["red", "green", "blue", "yellow"]


def test_errors_survive_pickling() -> None:
    error = pickle.loads(pickle.dumps(PhotoError(PhotoProblem.TOO_SLOW)))
    assert error.problem is PhotoProblem.TOO_SLOW


@pytest.mark.parametrize("shape", [(0, 5, 3), (5, 5), (5, 5, 4), (MAX_SIDE + 1, 5, 3)])
def test_a_photo_has_a_sane_shape(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="expected"):
        Photo(np.zeros(shape, np.uint8))
