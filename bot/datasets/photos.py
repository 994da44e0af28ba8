"""Real phone photos of single garments: the CC0 data set ``alexeygrigorev/clothing-dataset`` on GitHub.

Training uses only the photos that the committed list names: the senders that it leaves out stay unseen.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import ClassVar, Final

from bot.datasets.copies import scaled_down
from bot.datasets.fetch import Progress
from bot.datasets.listed_files import SOURCES, PublicPhoto, Repository, ensure_files, list_rows, list_text

REVISION: Final = "7ed86a9cc56763b6acb35e41cb35184e43a5d218"
REPOSITORY: Final = Repository("alexeygrigorev/clothing-dataset", REVISION)

FOLDER: Final = "clothing-photos"
MAX_SIDE: Final = 320
"""Pixels; a fetched photo is scaled down to it, so that every copy of the data set looks alike."""

JPEG_QUALITY: Final = 85

_LIST: Final = "labels.csv"
_COPY: Final = partial(scaled_down, max_side=MAX_SIDE, quality=JPEG_QUALITY)


@dataclass(frozen=True, slots=True)
class ListedPhoto(PublicPhoto):
    r"""One line of the list.

    Attributes:
        image: the photo's id, its file name without ``.jpg``.
        git_blob_sha1: SHA-1 of ``blob <size>\0<bytes>`` of the public file.
        sender_id: who took it; nobody is in both splits.
        label: one of the ten class names, ``footwear`` (a shoe, 5, 7 or 9), ``hat``, ``shorts`` or ``skirt``.
        split: ``train`` or ``validation``.
        accepted: the classes that a careful second look accepts; empty where there was none, or none fits.
    """

    folder: ClassVar[str] = FOLDER
    image: str
    git_blob_sha1: str
    sender_id: str
    label: str
    split: str
    accepted: frozenset[int]


def photo_list() -> tuple[ListedPhoto, ...]:
    """The photos that training may use, in the order of the list."""
    return tuple(
        ListedPhoto(
            image=row["image"],
            git_blob_sha1=row["git_blob_sha1"],
            sender_id=row["sender_id"],
            label=row["label"],
            split=row["split"],
            accepted=frozenset(int(number) for number in row["accepted"].split("|") if number.isdigit()),
        )
        for row in list_rows(_LIST)
    )


def ensure_photos(
    data_dir: Path,
    photos: Iterable[ListedPhoto] | None = None,
    *,
    progress: Progress | None = None,
    sources: Sequence[str] = SOURCES,
) -> None:
    """Sees to it that the photos are in ``data_dir``; a folder that has them is only looked at.

    Those that are missing are fetched a few at a time, verified, scaled down and put in place one by one: after a
    failure the next call goes on from there.

    Args:
        data_dir: the data folder.
        photos: which ones; all of the list by default.
        progress: called with ``"photos"``, or another set's name, how many are in place, how many there shall be.
        sources: base addresses.

    Raises:
        DataError: some are missing and cannot be had.
    """
    folder = data_dir / FOLDER
    ensure_files(
        [
            photo.file(data_dir, REPOSITORY.address(f"images/{photo.image}.jpg"), _COPY)
            for photo in (photo_list() if photos is None else photos)
        ],
        folder,
        name="photos",
        lists={_LIST: list_text(_LIST)},
        by_hand=f"put images/<id>.jpg of {REPOSITORY.page} into {folder / 'images'}, at most {MAX_SIDE} pixels a side",
        progress=progress,
        sources=sources,
    )
