"""The comparison's own parts: it sees what comes twice, what is refused, and what is installed beside the bot."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from benchmarks.queue_engines.failures import Failures
from benchmarks.queue_engines.libraries import megabytes_more
from benchmarks.queue_engines.performance import Performance, best
from benchmarks.queue_engines.processes import Journal, Replica
from benchmarks.queue_engines.report import failures_table, performance_table
from tests.postgres import PostgresServer


async def test_the_journal_counts_what_was_begun_twice() -> None:
    journal = Journal()
    for replica, update in (("a", 1), ("b", 2), ("b", 1)):
        await journal.note(replica, {"event": "begun", "at": 1.0, "update": update})
    assert journal.begun_twice([1, 2, 3]) == 1


async def test_the_journal_tells_what_was_refused_and_what_ended() -> None:
    journal = Journal()
    await journal.note("a", {"event": "refused", "at": 1.0, "delivery": 7, "reason": "NotNow"})
    await journal.note("a", {"event": "taken", "at": 1.0, "delivery": 8})
    await journal.note("a", {"event": "ended", "at": 1.0, "reason": "OperationalError"})
    assert (journal.replies, journal.endings) == ({7: False, 8: True}, ["OperationalError"])


def test_only_what_serving_lacks_counts_as_installed(tmp_path: Path) -> None:
    for name, size in (("psycopg", 3_000_000), ("some_queue", 2_000_000)):
        (tmp_path / f"{name}.py").write_bytes(b" " * size)
        info = tmp_path / f"{name}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (info / "RECORD").write_text(f"{name}.py,,\n")
    assert megabytes_more(tmp_path) == 2.0
    assert megabytes_more(None) == 0.0


def test_of_several_rounds_the_best_times_count_and_the_most_doubles() -> None:
    disturbed = Performance([0.2, 0.2, 0.2], [4.0, 4.0], 0.006, 70.0, {"at once": 1})
    quiet = Performance([0.1, 0.1, 0.9], [5.0, 5.0], 0.004, 71.0, {"at once": 0})
    assert best([disturbed, quiet]) == Performance([0.1, 0.1, 0.9], [4.0, 4.0], 0.004, 70.0, {"at once": 1})


def rows_of(shown: str) -> dict[str, list[str]]:
    return {row[0]: row[1:] for row in (line.strip("| ").split(" | ") for line in shown.splitlines())}


def test_the_table_tells_a_rare_delay_from_a_usual_one() -> None:
    twice = {"at once": 0, "meanwhile": 20, "afterwards": 1}
    found = Performance([0.01] * 98 + [0.5] * 2, [1.0, 3.0], 0.004, 70.4, twice)
    rows = rows_of(performance_table({"one": found, "other": found}, {"one": 12.34, "other": 0.0}))
    assert rows["20 updates a second, delivered until handled: p50, p99"] == ["10, 500 ms"] * 2
    assert rows["processor time an update, replicas and database"] == ["4.0 ms"] * 2
    assert rows["of 20 delivered twice, again while the first is handled: handled twice"] == ["20"] * 2
    assert rows["installed beyond what serving has"] == ["12.3 MB", "0.0 MB"]


def test_the_table_tells_never_from_late() -> None:
    lost = Failures(outage_s=1.25, outage_answers=(2, 1), endings=3, restart_s=0.5, kill_answers=0)
    taken_over = Failures(outage_s=None, kill_s=21.04, kill_answers=1)
    rows = rows_of(failures_table({"one": lost, "other": taken_over}))
    assert rows["killed while it handles an update: another begins it after"] == ["not in 40 s", "21.0 s"]
    assert rows["its return: what came meanwhile is handled after"] == ["1.2 s", "not in 40 s"]
    assert rows["answers to what was begun before"] == ["2", "0"]


@pytest.fixture
async def replicas(postgres_server: PostgresServer, tmp_path: Path) -> AsyncIterator[tuple[Replica, Replica, Journal]]:
    """Two of the bot's own."""
    journal, url = Journal(), postgres_server.new_database()
    started = [await Replica.start("own", name, url, None, tmp_path, journal) for name in ("a", "b")]
    try:
        yield started[0], started[1], journal
    finally:
        for replica in started:
            await replica.kill()


@pytest.mark.slow
async def test_two_replicas_handle_an_update_once(replicas: tuple[Replica, Replica, Journal]) -> None:
    one, other, journal = replicas
    for replica in (one, other, one):
        await replica.put_until_taken(5)
    await other.put_until_taken(6)
    assert await journal.until(lambda: 5 in journal.done and 6 in journal.done, 60.0)
    assert [name for name, _ in journal.begun[5] + journal.begun[6]] == ["a", "b"]
