import os
import threading
from pathlib import Path

import numpy as np
import pytest

from bot.datasets import DataError, ensure_test, load_test, load_train
from bot.datasets.fashion_mnist import TEST
from tests.datasets.source_server import Source, corrupt, cut_after

IMAGES, LABELS = (archive.name for archive in TEST)


@pytest.fixture
def official(fashion_mnist_dir: Path, source: Source) -> Source:
    """A source that has the official test files."""
    for archive in TEST:
        source.files[archive.name] = (fashion_mnist_dir / "fashion-mnist" / archive.name).read_bytes()
    return source


def files_in(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file()}


def test_reads_the_official_files(fashion_mnist_dir: Path) -> None:
    test, train = load_test(fashion_mnist_dir), load_train(fashion_mnist_dir)
    assert (len(test), len(train)) == (10_000, 60_000)
    assert test.images.shape == (10_000, 28, 28)
    assert (np.bincount(test.labels) == 1_000).all()
    assert (np.bincount(train.labels) == 6_000).all()
    assert test.labels[:5].tolist() == [9, 2, 1, 1, 6]


def test_fetches_what_is_missing_once(official: Source, tmp_path: Path) -> None:
    steps: list[tuple[str, int, int]] = []
    official.script[IMAGES] = [cut_after(1_000_000)]
    split = load_test(tmp_path, sources=[official.url], progress=lambda *step: steps.append(step))
    assert len(split) == 10_000
    assert official.requests == [(IMAGES, None), (IMAGES, "bytes=1000000-"), (LABELS, None)]
    assert steps[-1] == (LABELS, TEST[1].size, TEST[1].size)
    assert files_in(tmp_path) == {IMAGES, LABELS}
    ensure_test(tmp_path, sources=[official.url])
    assert len(official.requests) == 3


def test_a_damaged_file_is_fetched_again(official: Source, tmp_path: Path) -> None:
    ensure_test(tmp_path, sources=[official.url])
    damaged = tmp_path / "fashion-mnist" / LABELS
    damaged.write_bytes(damaged.read_bytes()[:-1])
    ensure_test(tmp_path, sources=[official.url])
    assert official.names == [IMAGES, LABELS, LABELS]
    assert damaged.stat().st_size == TEST[1].size


def test_wrong_bytes_are_refused_and_never_put_in_place(source: Source, tmp_path: Path) -> None:
    source.files.update({IMAGES: b"<html>please log in</html>", LABELS: b"x" * TEST[1].size})
    with pytest.raises(DataError, match="wrong checksum"):
        ensure_test(tmp_path, sources=[source.url])
    assert files_in(tmp_path) == set()


def test_when_nothing_answers_one_line_says_what_to_put_where(tmp_path: Path) -> None:
    with pytest.raises(DataError) as raised:
        load_test(tmp_path, sources=["http://127.0.0.1:9/", "http://127.0.0.1:9/mirror/"])
    line = str(raised.value)
    assert "\n" not in line
    for part in (
        IMAGES,
        LABELS,
        str(tmp_path / "fashion-mnist"),
        "DATA_DIR",
        "zalandoresearch/fashion-mnist",
        "tf-keras",
    ):
        assert part in line


def test_half_a_set_is_not_put_in_place_when_the_other_half_is_refused(official: Source, tmp_path: Path) -> None:
    official.script[LABELS] = [corrupt] * 10
    with pytest.raises(DataError, match=LABELS):
        ensure_test(tmp_path, sources=[official.url])
    assert files_in(tmp_path) == set()


def test_two_that_fetch_at_once_both_get_it(official: Source, tmp_path: Path) -> None:
    sizes: list[int] = []
    threads = [
        threading.Thread(target=lambda: sizes.append(len(load_test(tmp_path, sources=[official.url]))))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sizes == [10_000] * 4
    assert files_in(tmp_path) == {IMAGES, LABELS}


def test_a_complete_folder_is_only_read(official: Source, tmp_path: Path) -> None:
    ensure_test(tmp_path, sources=[official.url])
    before = {path: os.stat(path).st_mtime_ns for path in (tmp_path, *tmp_path.rglob("*"))}
    (tmp_path / "fashion-mnist").chmod(0o555)
    try:
        assert len(load_test(tmp_path, sources=["http://127.0.0.1:9/"])) == 10_000
    finally:
        (tmp_path / "fashion-mnist").chmod(0o755)
    assert {path: os.stat(path).st_mtime_ns for path in (tmp_path, *tmp_path.rglob("*"))} == before


def test_a_folder_that_cannot_be_written_is_one_clear_line(source: Source, tmp_path: Path) -> None:
    (tmp_path / "fashion-mnist").write_text("in the way")
    with pytest.raises(DataError, match=r"cannot write .*fashion-mnist: .*; put t10k"):
        ensure_test(tmp_path, sources=[source.url])
    assert source.requests == []
