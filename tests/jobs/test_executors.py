"""Blocking work has its threads from the start, whatever the system gives later."""

import asyncio
import threading

import pytest

from bot.jobs.executors import DRAWING_THREADS, Executors


def refuse(_: threading.Thread) -> None:
    raise RuntimeError("can't start new thread")


async def test_a_system_out_of_threads_refuses_no_work(monkeypatch: pytest.MonkeyPatch) -> None:
    executors = Executors(3)
    monkeypatch.setattr(threading.Thread, "start", refuse)
    assert [await executors.look(lambda number=number: number) for number in range(5)] == list(range(5))
    assert await executors.draw(lambda: "drawn") == "drawn"
    assert await executors.wait_for(lambda: "fetched") == "fetched"
    executors.close()


async def test_work_is_done_side_by_side() -> None:
    executors = Executors(3)
    together = threading.Barrier(3 + DRAWING_THREADS, timeout=30)
    meetings = [executors.look(together.wait) for _ in range(3)]
    meetings += [executors.draw(together.wait) for _ in range(DRAWING_THREADS)]
    assert sorted(await asyncio.gather(*meetings)) == list(range(3 + DRAWING_THREADS))
    executors.close()


def test_a_start_without_threads_is_an_error_and_leaves_none(monkeypatch: pytest.MonkeyPatch) -> None:
    before = threading.active_count()
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", refuse)
        with pytest.raises(RuntimeError, match="thread"):
            Executors()
    assert threading.active_count() == before
