"""What a run was made from: the state of the program and of the data, so that two runs can be compared, or not."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.datasets import no_clothing_list, photo_list, shop_photo_list, street_photo_list
from bot.settings import PROJECT_ROOT

if TYPE_CHECKING:
    from bot.datasets import Split
    from training.data.fashion_mnist import FashionMnist

_GIT_SECONDS: Final = 10.0


def git_commit(root: Path = PROJECT_ROOT) -> str | None:
    """The commit that the program is of, 40 hex digits, with ``-dirty`` where files were changed since.

    None where the program is no checkout, or there is no git.
    """
    git = shutil.which("git")
    if git is None or not (root / ".git").exists():  # or it would be the commit of a folder around this one
        return None
    command = [git, "-C", str(root), "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
    try:
        told = subprocess.run(command, capture_output=True, check=True, timeout=_GIT_SECONDS)  # noqa: S603 - no input
    except (OSError, subprocess.SubprocessError):
        return None
    return told.stdout.decode("ascii", "replace").strip() or None


def data_fingerprint(fashion_mnist: FashionMnist) -> dict[str, str]:
    """SHA-256 of what can be learnt from and measured on, by name; the same bytes and labels, the same fingerprint.

    Photos' are of their lists, which name the checksum of each.
    """
    listed = [
        f"{each.git_blob_sha1} {each.label} {sorted(each.accepted)} {each.split}".encode() for each in photo_list()
    ]
    return {
        "train": _of_split(fashion_mnist.train),
        "test": _of_split(fashion_mnist.test),
        "held_out": _sha256([fashion_mnist.held_out.astype("<i8").tobytes(), _of_split(fashion_mnist.train).encode()]),
        "photos": _sha256([b"\n".join(listed)]),
        "street": _sha256(repr(each).encode() for each in street_photo_list()),
        "shop": _sha256(repr(each).encode() for each in shop_photo_list()),
        "no_clothing": _sha256(repr(each).encode() for each in no_clothing_list()),
    }


def _of_split(split: Split) -> str:
    return _sha256([split.images.tobytes(), split.labels.tobytes()])


def _sha256(parts: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()
