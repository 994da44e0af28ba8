"""The soak: a short one for real, and what it makes of figures."""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.soak import memory
from benchmarks.soak.report import memory_of, passed, report
from benchmarks.soak.traffic import MemorySample, Record
from tests.conftest import ROOT, needs

PHOTOS = 40


@pytest.mark.slow
def test_a_short_soak_loses_nothing(photos_dir: Path, published_model: Path, tmp_path: Path) -> None:
    needs(memory.can_be_measured(), "run this test on Linux: elsewhere nothing tells the memory of processes")
    picture = tmp_path / "soak.png"
    ended = subprocess.run(
        [sys.executable, "-m", "benchmarks.soak", "--photos", str(PHOTOS), "--plot", picture],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    figures = dict(line.split(maxsplit=1) for line in ended.stdout.splitlines())
    assert figures["photos"].startswith(f"{PHOTOS} of {PHOTOS} ")
    assert (figures["losses"], figures["duplicates"]) == ("0", "0")
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_losses_and_duplicates_fail() -> None:
    assert passed(Record(answers=[1, 1, 1]), 3)
    assert not passed(Record(answers=[1, 1]), 3)
    assert not passed(Record(answers=[1, 0, 1]), 3)
    lost_and_double = Record(answers=[1, 0, 3])
    assert not passed(lost_and_double, 3)
    assert "losses      1\nduplicates  2" in report(lost_and_double, 3)


def sample(answered: int, megabytes: float) -> MemorySample:
    return MemorySample(answered, memory.Usage(own=round((megabytes - 20) * 1e6), files=20_000_000))


def grown_to(megabytes: float) -> Record:
    start = [sample(number, 50) for number in range(0, 500, 10)]  # before the caches are full
    samples = [sample(number, 100) for number in range(500, 1500, 10)]
    end = [sample(number, megabytes) for number in range(1500, 2000, 10)]
    return Record(answers=[1] * 2000, memory=[*start, *samples, *end])


def test_memory_may_grow_by_five_percent_after_the_warm_up() -> None:
    assert passed(grown_to(104.9), 2000)
    assert not passed(grown_to(105.1), 2000)
    assert passed(grown_to(80), 2000)
    assert "100 MB at the start, 106 MB at the end (+6.0%" in report(grown_to(106), 2000)


def test_few_photos_say_nothing_about_memory() -> None:
    record = Record(answers=[1] * 10, memory=[sample(0, 1), sample(10, 100)])
    assert memory_of(record.memory) is None
    assert passed(record, 10)


def test_memory_is_that_of_the_whole_tree() -> None:
    needs(memory.can_be_measured(), "run this test on Linux: elsewhere nothing tells the memory of processes")
    held = "held = bytearray(60 << 20); print(1, flush=True); input()"
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {held!r}])"
    with subprocess.Popen([sys.executable, "-c", child], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"1\n"
        assert len(list(memory.tree(parent.pid))) == 2
        usage = memory.of_trees([parent.pid])
        assert 60 << 20 < usage.own < 120 << 20
        assert 0 < usage.files < 60 << 20
        parent.communicate(b"\n")
    assert memory.of_trees([parent.pid]) == memory.Usage(0, 0)
