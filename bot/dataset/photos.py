"""Real phone photos of single garments: the CC0 data set ``alexeygrigorev/clothing-dataset`` on GitHub.

Training uses only the photos that the committed list names: the senders that it leaves out stay unseen.
"""

import csv
import hashlib
import io
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Final

import httpx
from PIL import Image, ImageOps

from bot.dataset.fetch import DataError, FetchError, Progress, fetch, new_client, prepare_folder, put

REVISION: Final = "7ed86a9cc56763b6acb35e41cb35184e43a5d218"
SOURCES: Final[tuple[str, ...]] = (
    f"https://raw.githubusercontent.com/alexeygrigorev/clothing-dataset/{REVISION}/images/",
)
"""Base addresses; ``<id>.jpg`` follows."""

FOLDER: Final = "clothing-photos"
MAX_SIDE: Final = 320
"""Pixels; a fetched photo is scaled down to it, so that every copy of the data set looks alike."""

JPEG_QUALITY: Final = 85
MAX_BYTES: Final = 4 * 1024 * 1024
"""The public photos have 400 pixels a side, some 30 kB each."""

PARALLEL: Final = 8
MAX_FAILURES: Final = 8
"""After so many photos that could not be had, the rest is not asked for."""


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

    def matches(self, content: bytes) -> bool:
        """Whether these are the bytes of the public file."""
        digest = hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False)
        return digest.hexdigest() == self.git_blob_sha1


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
    return (resources.files("bot") / "data" / "labels.csv").read_text(encoding="utf-8")


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
    wanted = tuple(photo_list() if photos is None else photos)
    missing = [photo for photo in wanted if not photo.path(data_dir).is_file()]
    if not missing:
        return
    folder = data_dir / FOLDER
    try:
        prepare_folder(folder / "images")
        put(folder / "labels.csv", _list_text().encode())
        failures = _bring_all(missing, data_dir, progress, sources, parallel, len(wanted))
    except OSError as error:
        raise DataError(f"cannot write {folder}: {error.strerror or error}") from error
    if failures:
        there = sum(photo.path(data_dir).is_file() for photo in wanted)
        raise DataError(
            f"{there} of {len(wanted)} photos are there, the others cannot be fetched ({failures[0]}); run it again to"
            f" go on, or put images/<id>.jpg of {SOURCES[0]} into {folder / 'images'}, at most {MAX_SIDE} pixels a side"
        )


def _bring_all(
    missing: Sequence[ListedPhoto],
    data_dir: Path,
    progress: Progress | None,
    sources: Sequence[str],
    parallel: int,
    total: int,
) -> list[FetchError]:
    """Fetches a few photos at a time and returns what went wrong."""
    failures: list[FetchError] = []
    with new_client() as client, ThreadPoolExecutor(parallel, "photos") as pool:
        jobs = [pool.submit(_bring, client, photo, data_dir, sources) for photo in missing]
        try:
            for done, job in enumerate(as_completed(jobs), start=total - len(missing) + 1):
                try:
                    job.result()
                except FetchError as error:
                    failures.append(error)
                    if len(failures) == MAX_FAILURES:
                        break
                if progress is not None:
                    progress("photos", done - len(failures), total)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
    return failures


def _bring(client: httpx.Client, photo: ListedPhoto, data_dir: Path, sources: Sequence[str]) -> None:
    urls = [f"{source}{photo.image}.jpg" for source in sources]
    content = fetch(client, urls, max_bytes=MAX_BYTES, is_right=photo.matches)
    put(photo.path(data_dir), scaled_down(content))


def scaled_down(content: bytes) -> bytes:
    """A JPEG file of at most :data:`MAX_SIDE` pixels a side, upright, without metadata."""
    with Image.open(io.BytesIO(content)) as opened:
        image = ImageOps.exif_transpose(opened).convert("RGB")
    image.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=JPEG_QUALITY)
    return out.getvalue()
