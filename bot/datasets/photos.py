"""Real phone photos of single garments: the CC0 data set ``alexeygrigorev/clothing-dataset`` on GitHub.

Training uses only the photos that the committed list names: the senders that it leaves out stay unseen.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Final

from bot.datasets.copies import scaled_down
from bot.datasets.fetch import Progress
from bot.datasets.listed_files import PARALLEL, SOURCES, ListedFile, Repository, ensure_files

REVISION: Final = "7ed86a9cc56763b6acb35e41cb35184e43a5d218"
REPOSITORY: Final = Repository("alexeygrigorev/clothing-dataset", REVISION)

FOLDER: Final = "clothing-photos"
MAX_SIDE: Final = 320
"""Pixels; a fetched photo is scaled down to it, so that every copy of the data set looks alike."""

JPEG_QUALITY: Final = 85


@dataclass(frozen=True, slots=True)
class ListedPhoto:
    r"""One line of the list.

    Attributes:
        image: the photo's id, its file name without ``.jpg``.
        git_blob_sha1: SHA-1 of ``blob <size>\0<bytes>`` of the public file.
        sender_id: who took it; nobody is in both splits.
        label: one of the ten class names, ``footwear`` (a shoe, 5, 7 or 9), ``hat``, ``shorts`` or ``skirt``.
        split: ``train`` or ``validation``.
        accepted: the classes that a careful second look accepts; empty where there was none, or none fits.
    """

    image: str
    git_blob_sha1: str
    sender_id: str
    label: str
    split: str
    accepted: frozenset[int]

    def path(self, data_dir: Path) -> Path:
        """Where the photo is, or will be."""
        return data_dir / FOLDER / "images" / f"{self.image}.jpg"


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
        for row in csv.DictReader(io.StringIO(_list_text()))
    )


def _list_text() -> str:
    return (resources.files("bot.datasets") / "labels.csv").read_text(encoding="utf-8")


def ensure_photos(
    data_dir: Path,
    photos: Iterable[ListedPhoto] | None = None,
    *,
    progress: Progress | None = None,
    sources: Sequence[str] = SOURCES,
    parallel: int = PARALLEL,
) -> None:
    """Sees to it that the photos are in ``data_dir``; a folder that has them is only looked at.

    Those that are missing are fetched a few at a time, verified, scaled down and put in place one by one: after a
    failure the next call goes on from there.

    Args:
        data_dir: the data folder.
        photos: which ones; all of the list by default.
        progress: called with ``"photos"``, how many are in place, how many there shall be.
        sources: base addresses.
        parallel: how many are fetched at a time.

    Raises:
        DataError: some are missing and cannot be had.
    """
    folder = data_dir / FOLDER
    ensure_files(
        [
            ListedFile(
                address=REPOSITORY.address(f"images/{photo.image}.jpg"),
                git_blob_sha1=photo.git_blob_sha1,
                path=photo.path(data_dir),
                copy=partial(scaled_down, max_side=MAX_SIDE, quality=JPEG_QUALITY),
            )
            for photo in (photo_list() if photos is None else photos)
        ],
        folder,
        name="photos",
        lists={"labels.csv": _list_text()},
        by_hand=f"put images/<id>.jpg of {REPOSITORY.page} into {folder / 'images'}, at most {MAX_SIDE} pixels a side",
        progress=progress,
        sources=sources,
        parallel=parallel,
    )
