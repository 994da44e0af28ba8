"""Dressed people in streets with pixel labels: Clothing Co-Parsing (Yang, Luo and Lin, CVPR 2014; Apache 2.0).

Training uses only the photos that the committed list names: those that it leaves out stay unseen.
"""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bot.datasets.copies import label_picture, scaled_down
from bot.datasets.fetch import DataError, Progress
from bot.datasets.listed_files import SOURCES, ListedFile, PublicPhoto, Repository, ensure_files, list_rows, list_text

REPOSITORY: Final = Repository("bearpaw/clothing-co-parsing", "fe34fb77721a9973fbae92c05f7f12b664d10110")

FOLDER: Final = "street-photos"
MAX_SIDE: Final = 448
"""Pixels; the public photos have about 550 x 820."""

JPEG_QUALITY: Final = 84

_LIST: Final = "street_photos.csv"
_NAMES: Final = "street_names.csv"
_VARIABLE: Final = "groundtruth"
_COPY: Final = partial(scaled_down, max_side=MAX_SIDE, quality=JPEG_QUALITY)


@dataclass(frozen=True, slots=True)
class StreetPhoto(PublicPhoto):
    r"""One line of the list.

    Attributes:
        image: the photo's id, its file name without ``.jpg``.
        split: ``train`` or ``validation``; each photo shows another person.
        tags: names of what is on the photo, of :func:`street_names`; not every tagged kind has pixels.
        git_blob_sha1: SHA-1 of ``blob <size>\0<bytes>`` of the public photo.
        labels_git_blob_sha1: the same of its public pixel labels; None for a photo that has only tags.
    """

    folder: ClassVar[str] = FOLDER
    image: str
    split: str
    tags: tuple[str, ...]
    git_blob_sha1: str
    labels_git_blob_sha1: str | None

    @property
    def has_labels(self) -> bool:
        """Whether there are pixel labels of it."""
        return self.labels_git_blob_sha1 is not None

    def labels_path(self, data_dir: Path) -> Path:
        """Where its pixel labels are, or will be, if it :attr:`has_labels`."""
        return data_dir / FOLDER / "labels" / f"{self.image}.png"

    def load_labels(self, data_dir: Path) -> NDArray[np.uint8]:
        """Its pixel labels: uint8 [h, w] of the photo's size, positions in :func:`street_names`.

        Raises:
            DataError: they are missing or damaged.
        """
        path = self.labels_path(data_dir)
        try:
            with Image.open(path) as image:
                labels = np.asarray(image)
        except (OSError, SyntaxError) as error:
            raise DataError(f"cannot read the labels {path}: {error}") from error
        if labels.dtype != np.uint8 or labels.ndim != 2 or labels.max(initial=0) >= len(street_names()):
            raise DataError(f"{path} holds no pixel labels")
        return labels


def street_photo_list() -> tuple[StreetPhoto, ...]:
    """The photos that training may use, in the order of the list."""
    return tuple(
        StreetPhoto(
            image=row["image"],
            split=row["split"],
            tags=tuple(row["tags"].split("|")) if row["tags"] else (),
            git_blob_sha1=row["git_blob_sha1"],
            labels_git_blob_sha1=row["labels_git_blob_sha1"] or None,
        )
        for row in list_rows(_LIST)
    )


@cache
def street_names() -> tuple[str, ...]:
    """The 59 kinds in the order of their numbers: ``background`` first, ``skin`` and ``hair`` among them."""
    return tuple(row["name"] for row in list_rows(_NAMES))


def ensure_street_photos(
    data_dir: Path,
    photos: Iterable[StreetPhoto] | None = None,
    *,
    progress: Progress | None = None,
    sources: Sequence[str] = SOURCES,
) -> None:
    """Sees to it that photos and pixel labels are in ``data_dir``, as :func:`~bot.datasets.photos.ensure_photos` does.

    ``progress`` is called with ``"street photos"`` first, then with ``"street labels"``.
    """
    wanted = tuple(street_photo_list() if photos is None else photos)
    folder = data_dir / FOLDER
    lists = {"photos.csv": list_text(_LIST), "names.csv": list_text(_NAMES)}
    ensure_files(
        [photo.file(data_dir, REPOSITORY.address(f"photos/{photo.image}.jpg"), _COPY) for photo in wanted],
        folder,
        name="street photos",
        lists=lists,
        by_hand=f"put photos/<id>.jpg of {REPOSITORY.page} into {folder / 'images'}, at most {MAX_SIDE} pixels a side",
        progress=progress,
        sources=sources,
    )
    ensure_files(
        [
            ListedFile(
                address=REPOSITORY.address(f"annotations/pixel-level/{photo.image}.mat"),
                git_blob_sha1=photo.labels_git_blob_sha1,
                path=photo.labels_path(data_dir),
                copy=partial(_labels_like, photo=photo.path(data_dir)),
            )
            for photo in wanted
            if photo.labels_git_blob_sha1 is not None
        ],
        folder,
        name="street labels",
        lists=lists,
        by_hand=f"put the {_VARIABLE} of annotations/pixel-level/<id>.mat of {REPOSITORY.page} into {folder / 'labels'}"
        " as <id>.png, 8 bits, scaled with nearest neighbour to the photo's size",
        progress=progress,
        sources=sources,
    )


def _labels_like(content: bytes, photo: Path) -> bytes:
    """Labels of the size that the photo's copy has."""
    with Image.open(io.BytesIO(photo.read_bytes())) as image:
        size = image.size
    return label_picture(content, _VARIABLE, len(street_names()), size)
