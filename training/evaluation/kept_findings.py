"""What the networks found in photos, kept as long as neither the photos, nor the networks, nor the code changes.

Most of a lesson's two minutes went into finding the garments of the same validation photos again.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Final

import numpy as np

import bot.vision
from bot.registry.files import replace_durably
from training.data.looks import Looks

KEPT: Final = 4
"""So many findings are kept; older ones are of networks or photos that are no more."""

_PREFIX: Final = "found-"


def found_once(photos: Sequence[Path], networks: Iterable[Path], cache: Path, look: Callable[[], Looks]) -> Looks:
    """What was found in photos, from the cache where it was found before.

    Args:
        photos: image files.
        networks: files of the networks that look at them.
        cache: folder; made when it is not there.
        look: looks at all of them.
    """
    path = cache / f"{_PREFIX}{_key(photos, networks)}.npz"
    if (kept := _read(path)) is not None:
        return kept
    found = look()
    cache.mkdir(parents=True, exist_ok=True)
    replace_durably(path, _bytes(found))
    for old in sorted(cache.glob(f"{_PREFIX}*.npz"), key=lambda each: each.stat().st_mtime)[:-KEPT]:
        old.unlink(missing_ok=True)
    return found


def _key(photos: Sequence[Path], networks: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for photo in photos:
        status = photo.stat()
        digest.update(f"{photo.name} {status.st_size} {status.st_mtime_ns}\n".encode())
    sources = sorted(Path(bot.vision.__file__).parent.rglob("*.py"))
    for file in (*networks, *sources):
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _bytes(found: Looks) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, **{field.name: getattr(found, field.name) for field in fields(Looks)})
    return buffer.getvalue()


def _read(path: Path) -> Looks | None:
    """What was kept; None without it, and when it is damaged."""
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as file:
            return Looks(**{field.name: file[field.name] for field in fields(Looks)})
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile):
        return None
