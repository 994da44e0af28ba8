"""What the walker has on their phone."""

import csv
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from bot.datasets.test_images import shipped_test_images
from tests.e2e.photos_by_kind import photos_by_kind
from tests.pictures import saved


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictures:
    """Image files, as bytes.

    Attributes:
        one: of one garment.
        unsure: of one garment between two candidates.
        several: of somebody who wears several.
        nothing: of no clothing.
        album: photos of one garment each.
        small: a picture of the data set as it is, 28x28.
        enlarged: the same, 28 times as large.
    """

    one: bytes
    unsure: bytes
    several: bytes
    nothing: bytes
    album: tuple[bytes, ...]
    small: bytes
    enlarged: bytes


def read_pictures(data_dir: Path, models_dir: Path) -> Pictures:
    """Choose them from the data sets, as the networks of a models folder see them."""
    folder = data_dir / "clothing-photos"
    with (folder / "labels.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == "validation"]
    by_label = {row["label"]: folder / "images" / f"{row['image']}.jpg" for row in reversed(rows)}
    image = Image.fromarray(shipped_test_images().images[0])
    return Pictures(
        **photos_by_kind(data_dir, models_dir),
        album=tuple(
            by_label[label].read_bytes() for label in ("t-shirt", "dress", "coat", "trouser") if label in by_label
        ),
        small=saved(image, "PNG"),
        enlarged=saved(image.resize((784, 784), Image.Resampling.NEAREST), "PNG"),
    )
