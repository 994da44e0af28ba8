"""Photos to measure with: flat ones of the validation senders, in the sizes in which Telegram hands them out."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path

from PIL import Image

from bot.datasets import ensure_photos, photo_list


def flat_photos(data_dir: Path, count: int) -> list[bytes]:
    """So many photos, evenly spread over the list.

    Raises:
        DataError: the data is missing and cannot be had.
    """
    listed = [photo for photo in photo_list() if photo.split == "validation"]
    listed = listed[:: max(1, len(listed) // count)][:count]
    ensure_photos(data_dir, listed)
    return [photo.path(data_dir).read_bytes() for photo in listed]


def scaled(photos: Sequence[bytes], side: int) -> Iterator[bytes]:
    """The same as JPEG with this many pixels on the longest side."""
    for data in photos:
        image = Image.open(BytesIO(data)).convert("RGB")
        scale = side / max(image.size)
        size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
        file = BytesIO()
        image.resize(size, Image.Resampling.BICUBIC).save(file, "JPEG", quality=87)
        yield file.getvalue()
