import errno
import os
import socket
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.datasets.fetch import ATTEMPTS, CONNECT_ATTEMPTS, FetchError, fetch, new_client, prepare_folder, put
from tests.datasets.source_server import (
    Answer,
    Source,
    corrupt,
    corrupt_rest,
    cut_after,
    endless,
    no_ranges,
    stall,
    status,
)

CONTENT = bytes(range(256)) * 2000


def fetch_all(*urls: str, timeout_s: float = 5.0, **options: object) -> bytes:
    with new_client(timeout_s=timeout_s) as client:
        return fetch(client, urls, max_bytes=len(CONTENT), is_right=CONTENT.__eq__, **options)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def file(source: Source, second_source: Source) -> None:
    source.files["file"] = second_source.files["file"] = CONTENT


def test_fetches_a_file_and_tells_how_far_it_is(source: Source) -> None:
    steps: list[int] = []
    assert fetch_all(source.url + "file", progress=steps.append) == CONTENT
    assert steps == sorted(steps)
    assert steps[-1] == len(CONTENT)


def test_goes_on_where_a_transfer_was_cut(source: Source) -> None:
    source.script["file"] = [cut_after(100_000), cut_after(50_000)]
    assert fetch_all(source.url + "file") == CONTENT
    assert source.ranges == [None, "bytes=100000-", "bytes=150000-"]


def test_many_cuts_are_no_reason_to_give_up_while_more_comes_each_time(source: Source) -> None:
    source.script["file"] = [cut_after(40_000)] * (2 * ATTEMPTS)
    assert fetch_all(source.url + "file") == CONTENT


def test_a_source_that_brings_nothing_more_is_given_up(source: Source) -> None:
    source.script["file"] = [cut_after(0)] * (2 * ATTEMPTS)
    with pytest.raises(FetchError, match="connection lost"):
        fetch_all(source.url + "file")
    assert len(source.requests) == ATTEMPTS


def test_starts_anew_where_ranges_are_not_served(source: Source) -> None:
    source.script["file"] = [cut_after(100_000), no_ranges]
    assert fetch_all(source.url + "file") == CONTENT


@pytest.mark.parametrize("script", [[corrupt], [cut_after(100_000), corrupt_rest], [cut_after(100_000), status(416)]])
def test_starts_anew_when_the_bytes_are_wrong(source: Source, script: list[Answer]) -> None:
    source.script["file"] = list(script)
    assert fetch_all(source.url + "file") == CONTENT
    assert source.ranges[-1] is None


@pytest.mark.parametrize("code", [429, 500, 503])
def test_asks_again_after_an_error_that_may_pass(source: Source, code: int) -> None:
    source.script["file"] = [status(code)]
    assert fetch_all(source.url + "file") == CONTENT


def test_a_stalled_transfer_is_given_up_and_resumed(source: Source) -> None:
    source.script["file"] = [stall]
    started = time.monotonic()
    assert fetch_all(source.url + "file", timeout_s=0.3) == CONTENT
    assert time.monotonic() - started < 25, "the server holds it for thirty"
    assert source.ranges == [None, f"bytes={len(CONTENT) // 2}-"]


@pytest.mark.parametrize(("script", "requests"), [([status(404)], 1), ([endless], 1), ([corrupt] * ATTEMPTS, ATTEMPTS)])
def test_falls_back_to_the_second_source(
    source: Source, second_source: Source, script: Sequence[Answer], requests: int
) -> None:
    source.script["file"] = list(script)
    assert fetch_all(source.url + "file", second_source.url + "file") == CONTENT
    assert len(source.requests) == requests
    assert second_source.ranges == [None]


def test_tells_what_each_source_answered(source: Source, second_source: Source) -> None:
    source.script["file"] = [status(404)]
    second_source.script["file"] = [corrupt] * ATTEMPTS
    with pytest.raises(FetchError, match=r"127\.0\.0\.1:\d+: HTTP 404; 127\.0\.0\.1:\d+: wrong checksum"):
        fetch_all(source.url + "file", second_source.url + "file")


def test_without_a_network_the_answer_comes_soon() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/file"
        with pytest.raises(FetchError, match="no connection"):
            fetch_all(url)
    assert CONNECT_ATTEMPTS < ATTEMPTS


def test_a_source_that_takes_too_long_is_left(source: Source) -> None:
    with pytest.raises(FetchError, match="too slow"):
        fetch_all(source.url + "file", deadline_s=0.0)


def test_put_replaces_a_file_in_one_step(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    with path.open("rb") as reader:
        put(path, b"new")
        assert reader.read() == b"old"
    assert path.read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["file"]


def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("bot.datasets.fetch.os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        put(path, b"new")
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["file"]


def test_a_folder_that_cannot_be_made_is_told_before_the_download(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match=r"Not a directory|exists"):
        prepare_folder(tmp_path / "file" / "folder")
