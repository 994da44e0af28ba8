import asyncio
import logging

import pytest

from bot.jobs.background_tasks import BackgroundTaskFailed, BackgroundTasks
from bot.updates.backoff import Backoff
from tests.waiting import until


class Work:
    """Ends in each of these ways, one a start; then it goes on for ever."""

    def __init__(self, *ends: BaseException | None) -> None:
        self.ends = list(ends)
        self.starts = 0
        self.running = False

    async def run(self) -> None:
        self.starts += 1
        if self.ends:
            await asyncio.sleep(0)
            end = self.ends.pop(0)
            if end is not None:
                raise end
            return
        self.running = True
        try:
            await asyncio.Event().wait()
        finally:
            self.running = False


async def kept(work: Work, seconds: float) -> tuple[BackgroundTasks, list[Exception]]:
    reported: list[Exception] = []
    tasks = BackgroundTasks(reported.append, backoff=Backoff(first_s=0.01, longest_s=0.05))
    tasks.keep("the work", work.run)
    await asyncio.sleep(seconds)
    return tasks, reported


@pytest.mark.parametrize("end", [RuntimeError("expected trouble"), None, asyncio.CancelledError()])
async def test_a_task_that_ends_is_logged_told_of_and_started_again(
    end: BaseException | None, caplog: pytest.LogCaptureFixture
) -> None:
    work = Work(end)
    tasks, reported = await kept(work, 0)
    await until(lambda: work.running)
    assert (work.starts, work.running) == (2, True)
    assert [type(error) for error in reported] == [BackgroundTaskFailed]
    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert "'the work' ended" in record.message
    assert (record.exc_info is None) == (end is None)
    await tasks.close()
    assert not work.running


async def test_a_task_that_ends_again_and_again_is_started_ever_more_seldom() -> None:
    work = Work(*[RuntimeError("expected trouble") for _ in range(1000)])
    tasks, _ = await kept(work, 0.5)
    await tasks.close()
    assert 4 <= work.starts <= 13
    starts = work.starts
    await asyncio.sleep(0.1)
    assert work.starts == starts


async def test_one_that_ends_takes_no_other_along() -> None:
    steady, shaky = Work(), Work(RuntimeError("expected trouble"))
    tasks, _ = await kept(shaky, 0)
    tasks.keep("steady", steady.run)
    await until(lambda: steady.running and shaky.running)
    assert steady.starts == 1
    await tasks.close()
