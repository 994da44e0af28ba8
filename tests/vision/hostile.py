"""Files that are meant to hurt: bombs, liars, half files, noise with a good header. Made here, none is stored."""

import random
import struct
import zlib
from collections.abc import Iterator

import numpy as np
from PIL import Image

from tests.pictures import saved

KINDS = (
    ("JPEG", {"quality": 90}),
    ("JPEG", {"quality": 90, "progressive": True}),
    ("PNG", {}),
    ("WEBP", {"quality": 80}),
    ("WEBP", {"lossless": True}),
    ("AVIF", {"speed": 10}),
    ("GIF", {}),
    ("BMP", {}),
    ("TIFF", {}),
    ("TIFF", {"compression": "tiff_lzw"}),
    ("TIFF", {"compression": "tiff_adobe_deflate"}),
    ("TIFF", {"compression": "jpeg"}),
    ("JPEG2000", {}),
    ("ICO", {}),
    ("ICNS", {}),
    ("PPM", {}),
    ("TGA", {"compression": "tga_rle"}),
    ("PCX", {}),
    ("SGI", {}),
    ("DDS", {}),
    ("QOI", {}),
    ("HEIF", {"quality": 80}),
)


def picture(width: int = 64, height: int = 48) -> Image.Image:
    """Noise, so that files are long enough to be damaged in many places."""
    noise = np.random.default_rng(7).integers(0, 255, (height, width, 3), dtype=np.uint8)
    return Image.fromarray(noise)


def seeds() -> list[tuple[str, bytes]]:
    """One small good file of each kind."""
    return [
        (f"{kind} {' '.join(map(str, options.values()))}".strip(), saved(picture(), kind, **options))
        for kind, options in KINDS
    ]


def mutated(data: bytes, rng: random.Random) -> bytes:
    """The file with a few bytes changed, most of them near its start, where headers are; sometimes cut or repeated."""
    changed = bytearray(data)
    for _ in range(rng.choice((1, 2, 4, 16))):
        place = rng.randrange(min(len(changed), rng.choice((32, 256, len(changed)))))
        changed[place] = rng.choice((0, 1, 0x7F, 0x80, 0xFF, rng.randrange(256)))
    action = rng.randrange(6)
    if action == 0:
        del changed[rng.randrange(1, len(changed)) :]
    elif action == 1:
        start = rng.randrange(len(changed))
        changed[start:start] = changed[start : start + rng.randrange(1, 64)] * rng.randrange(1, 50)
    return bytes(changed)


def corpus() -> Iterator[tuple[str, bytes]]:
    """Named hostile files."""
    rng = random.Random(42)
    for name, data in seeds():
        yield from ((f"{name}, {part:.0%} of it", data[: round(len(data) * part)]) for part in (0.05, 0.5, 0.9, 0.99))
        yield from ((f"{name}, mutation {number}", mutated(data, rng)) for number in range(12))
        yield f"{name}, noise behind its header", data[:40] + rng.randbytes(4000)
        yield f"{name}, zeros behind its header", data[:40] + bytes(4000)
    yield from bombs()
    yield from polyglots()


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, depth: int, colours: int, body: bytes, before: bytes = b"") -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colours, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + before + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def zeros(count: int) -> bytes:
    """That many zero bytes, deflated."""
    deflate = zlib.compressobj(1)
    pieces = [deflate.compress(bytes(min(1 << 20, count - start))) for start in range(0, count, 1 << 20)]
    return b"".join(pieces) + deflate.flush()


def with_frame_size(data: bytes, width: int, height: int) -> bytes:
    """A JPEG whose header lies about its size."""
    changed = bytearray(data)
    marker = next(data.index(mark) for mark in (b"\xff\xc0", b"\xff\xc2") if mark in data)
    changed[marker + 5 : marker + 9] = struct.pack(">HH", height, width)
    return bytes(changed)


def many_scans() -> bytes:
    """A progressive JPEG of 4 megapixels whose last scan comes a thousand times."""
    data = saved(Image.new("RGB", (2000, 2000), (9, 90, 200)), progressive=True, quality=20)
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * 1000 + b"\xff\xd9"


def bombs() -> Iterator[tuple[str, bytes]]:
    yield "png of ten gigapixels", png(100_000, 100_000, 1, 0, zeros(1000))
    yield "png just below the limit", png(8000, 8000, 1, 0, zeros(8000 * 1001))
    yield "png with alpha just below the limit", png(8000, 7990, 8, 6, zeros(7990 * 32001))
    yield "png with 16-bit alpha just below the limit", png(8000, 7990, 16, 6, zeros(7990 * 64001))
    yield "png with a text bomb", png(8, 8, 8, 0, zeros(72), chunk(b"zTXt", b"a\0\0" + zeros(200_000_000)))
    yield "png with a profile bomb", png(8, 8, 8, 0, zeros(72), chunk(b"iCCP", b"a\0\0" + zeros(200_000_000)))
    yield "png with ten thousand texts", png(8, 8, 8, 0, zeros(72), chunk(b"tEXt", b"a\0b") * 10_000)
    yield "png without pixels", png(0, 5, 8, 0, b"")
    yield "png of one row", png(60_000_000, 1, 1, 0, zeros(7_500_001))
    yield "png that says too little", png(3000, 3000, 8, 2, zeros(100))
    baseline, progressive = (saved(picture(), progressive=flag) for flag in (False, True))
    for name, data in (("baseline", baseline), ("progressive", progressive)):
        yield f"{name} jpeg that says 65500x65500", with_frame_size(data, 65500, 65500)
        yield f"{name} jpeg that says 16000x16000", with_frame_size(data, 16000, 16000)
        yield f"{name} jpeg that says 65500x3900", with_frame_size(data, 65500, 3900)
        yield f"{name} jpeg that says 0x0", with_frame_size(data, 0, 0)
    yield "jpeg with a thousand scans", many_scans()
    yield "jpeg of 20 MB of comments", baseline[:2] + (b"\xff\xfe\xff\xff" + bytes(65533)) * 300 + baseline[2:]
    yield (
        "gif of 4 gigapixels",
        b"GIF89a" + struct.pack("<HHBBB", 65535, 65535, 0x80, 0, 0) + bytes(6) + b"\x2c" + bytes(12),
    )
    yield (
        "gif with a frame far outside",
        b"GIF89a"
        + struct.pack("<HHBBB", 5, 5, 0x80, 0, 0)
        + bytes(6)
        + (b"\x2c" + struct.pack("<HHHHB", 60000, 60000, 60000, 60000, 0) + b"\x02\x02\x44\x01\0;"),
    )
    yield (
        "webp canvas of 256 megapixels",
        b"RIFF"
        + struct.pack("<I", 40)
        + b"WEBPVP8X"
        + struct.pack("<I", 10)
        + (b"\x02\0\0\0" + (16382).to_bytes(3, "little") * 2 + bytes(30)),
    )
    tags = ((256, 60_000), (257, 1_000), (258, 8), (259, 1), (262, 1), (273, 8), (277, 1), (278, 1000), (279, 2**31))
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    for name, following in (("that ends", 0), ("that goes in circles", 8)):
        yield (
            f"tiff with huge strips {name}",
            b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + struct.pack("<I", following),
        )
    yield "tiff with 65535 tags", b"II*\0" + struct.pack("<IH", 8, 65535) + entries * 7000
    yield (
        "bmp that says 30000x30000",
        b"BM" + struct.pack("<IHHIIiiHHIIiiII", 54, 0, 0, 54, 40, 30000, -30000, 1, 24, *[0] * 6),
    )
    yield "ppm of text", b"P3 3000 3000 255\n" + b"1 " * 8_000_000
    yield "20 MB of zeros", bytes(20 * 1024**2)
    yield "20 MB of qoi", b"qoif" + struct.pack(">IIBB", 7900, 8000, 3, 0) + b"\xc0" * (20 * 1024**2 - 100)
    yield "ico with 65535 entries", b"\0\0\1\0\xff\xff" + bytes(16) * 65535
    yield "psd with many channels", struct.pack(">4sH6xHIIHH", b"8BPS", 1, 56, 8000, 7900, 8, 3) + bytes(5000)
    yield "heic of boxes in boxes", b"\0\0\0\x18ftypheic\0\0\0\0heicmif1" + b"\0\0\x10\0meta" * 500


def polyglots() -> Iterator[tuple[str, bytes]]:
    jpeg, gif = saved(picture()), saved(picture(), "GIF")
    yield "jpeg and zip", jpeg + b"PK\x03\x04" + bytes(30) + b"PK\x05\x06" + bytes(18)
    yield "gif and script", gif[:6] + b"/*" + gif[8:] + b"*/=1;alert(1)"
    yield "pdf around a jpeg", b"%PDF-1.4\n1 0 obj<</Filter/DCTDecode>>stream\n" + jpeg + b"\nendstream"
    yield "jpeg inside a jpeg", jpeg[:2] + b"\xff\xe1" + struct.pack(">H", 2000) + jpeg[:1998] + jpeg[2:]
    yield "script with a jpeg's first bytes", b"\xff\xd8\xff<?php system($_GET['c']); ?>"
    yield "svg that laughs", b"<!DOCTYPE svg [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'>]><svg>&b;</svg>"
    yield "postscript", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) (r) file\n"
