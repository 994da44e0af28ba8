"""Brings the files of a list: fetched a few at a time, verified, copied as the set wants them, put in place one by one.

The lists name files of public GitHub repositories at one commit; Git's own checksum verifies them.
"""

import csv
import hashlib
import io
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import ClassVar, Final
from urllib.parse import quote

import httpx

from bot.datasets.fetch import DataError, FetchError, Progress, fetch, new_client, prepare_folder, put

SOURCES: Final[tuple[str, ...]] = ("https://raw.githubusercontent.com/",)
"""Base addresses; ``<owner>/<repository>/<commit>/<path>`` follows."""

MAX_BYTES: Final = 8 * 1024 * 1024
"""The public files have some 30 to 300 kB each."""

PARALLEL: Final = 8
"""Files that are fetched at a time."""

MAX_FAILURES: Final = 8
"""After so many files that could not be had, the rest is not asked for."""

_ELSEWHERE: Final = "point DATA_DIR at a folder that has them"


@dataclass(frozen=True, slots=True)
class Repository:
    """A public GitHub repository at one commit."""

    name: str
    commit: str

    def address(self, path: str) -> str:
        """Where a file is, below a base address."""
        return quote(f"{self.name}/{self.commit}/{path}")

    @property
    def page(self) -> str:
        """Where a person finds it."""
        return f"https://github.com/{self.name}/tree/{self.commit}"


@dataclass(frozen=True, slots=True)
class ListedFile:
    r"""One public file, and the copy of it that is kept.

    Attributes:
        address: where it is, below a base address.
        git_blob_sha1: SHA-1 of ``blob <size>\0<bytes>`` of the public file.
        path: where the copy is, or will be.
        copy: makes the copy of the public file; it raises OSError or ValueError for one that it cannot read.
    """

    address: str
    git_blob_sha1: str
    path: Path
    copy: Callable[[bytes], bytes]

    def matches(self, content: bytes) -> bool:
        """Whether these are the bytes of the public file."""
        digest = hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False)
        return digest.hexdigest() == self.git_blob_sha1


class PublicPhoto:
    """A public photo that a committed list names; the module of each set says what else the list tells of it.

    Attributes:
        folder: the set's folder in the data folder.
        image: the photo's id, its file name without ``.jpg``.
        git_blob_sha1: of the public file, as :class:`ListedFile` has it.
    """

    __slots__ = ()

    folder: ClassVar[str]
    image: str
    git_blob_sha1: str

    def path(self, data_dir: Path) -> Path:
        """Where the photo is, or will be."""
        return data_dir / self.folder / "images" / f"{self.image}.jpg"

    def file(self, data_dir: Path, address: str, copy: Callable[[bytes], bytes]) -> ListedFile:
        """The photo as a file to bring."""
        return ListedFile(address, self.git_blob_sha1, self.path(data_dir), copy)


def list_text(name: str) -> str:
    """A committed list as it lies in the package, e.g. ``shop_photos.csv``."""
    return (resources.files("bot.datasets") / name).read_text(encoding="utf-8")


def list_rows(name: str) -> list[dict[str, str]]:
    """The lines of a committed list, by the names of their columns."""
    return list(csv.DictReader(io.StringIO(list_text(name))))


def ensure_files(
    files: Sequence[ListedFile],
    folder: Path,
    *,
    name: str,
    lists: Mapping[str, str],
    by_hand: str,
    progress: Progress | None = None,
    sources: Sequence[str] = SOURCES,
) -> None:
    """Sees to it that the copies are there; a folder that has them is only looked at.

    After a failure the next call goes on where this one stopped.

    Args:
        files: which ones; all of them somewhere in ``folder``.
        folder: the set's folder.
        name: what they are, for progress and messages.
        lists: texts that lie in the folder beside the copies, by file name.
        by_hand: what to put where when they cannot be fetched, for the message.
        progress: called with ``name``, how many are in place, how many there shall be.
        sources: base addresses.

    Raises:
        DataError: some are missing and cannot be had.
    """
    missing = [file for file in files if not file.path.is_file()]
    if not missing:
        return
    try:
        for place in (folder, *dict.fromkeys(file.path.parent for file in missing)):
            prepare_folder(place)
        for list_name, text in lists.items():
            put(folder / list_name, text.encode())
        failures = _bring_all(missing, len(files), name, progress, sources)
    except OSError as error:
        raise DataError(f"cannot write {folder}: {error.strerror or error}; {by_hand}, or {_ELSEWHERE}") from error
    if failures:
        there = sum(file.path.is_file() for file in files)
        raise DataError(
            f"{there} of {len(files)} {name} are there, the others cannot be fetched ({failures[0]}); run it again to"
            f" go on, or {by_hand}, or {_ELSEWHERE}"
        )


def _bring_all(
    missing: Sequence[ListedFile],
    total: int,
    name: str,
    progress: Progress | None,
    sources: Sequence[str],
) -> list[FetchError]:
    """Fetches a few files at a time and returns what went wrong."""
    failures: list[FetchError] = []
    with new_client() as client, ThreadPoolExecutor(PARALLEL, "listed_files") as pool:
        jobs = [pool.submit(_bring, client, file, sources) for file in missing]
        try:
            for done, job in enumerate(as_completed(jobs), start=total - len(missing) + 1):
                try:
                    job.result()
                except FetchError as error:
                    failures.append(error)
                    if len(failures) == MAX_FAILURES:
                        break
                if progress is not None:
                    progress(name, done - len(failures), total)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
    return failures


def _bring(client: httpx.Client, file: ListedFile, sources: Sequence[str]) -> None:
    urls = [source + file.address for source in sources]
    content = fetch(client, urls, max_bytes=MAX_BYTES, is_right=file.matches)
    try:
        copy = file.copy(content)
    except (OSError, ValueError) as error:
        raise FetchError(f"{file.address} cannot be read: {error}") from error
    put(file.path, copy)
