"""From the start to the end of serving, with a real Bot API server and no handlers."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from telegram import Message
from telegram.ext import Application

from bot.jobs.background_tasks import BackgroundTaskFailed
from bot.jobs.detached_tasks import DetachedTasks
from bot.jobs.photo_queue import PhotoQueue
from bot.lifecycle.polling import serve_by_polling
from bot.lifecycle.runtime import AnyApplication, Runtime, StartError
from bot.storage.storage import open_storage
from bot.updates.bot_api import BotApiRequest, UpdatesBot
from bot.updates.tracker import UpdateTracker
from telegram_playground import Playground


class NothingAnswered:
    async def among(self, _: object) -> frozenset[int]:
        return frozenset()

    async def note(self, _: object) -> None:
        pass


class Serving:
    """A bot that serves until it is told to stop."""

    def __init__(self, server: Playground, folder: Path, **background: Any) -> None:
        self.reported: list[Exception] = []
        self.stop = asyncio.Event()
        tracker, detached_tasks = UpdateTracker(), DetachedTasks()
        self.runtime = Runtime(
            tracker=tracker,
            photo_queue=PhotoQueue(tracker, detached_tasks),
            detached_tasks=detached_tasks,
            answered=NothingAnswered(),  # type: ignore[arg-type]
            background=background,
            report=self.reported.append,
            give_up=self._give_up,
            publish_bot_profile=self._greet,
            storage=open_storage(None, "key", root=folder),
        )
        self.application = application_for(server)
        self.task = asyncio.create_task(serve_by_polling(self.application, self.runtime, self.stop))

    async def end(self) -> None:
        self.stop.set()
        await self.task
        self.runtime.storage.close()

    async def _greet(self) -> None:
        pass

    async def _give_up(self, message: Message, error: Exception) -> None:
        self.reported.append(error)


def application_for(server: Playground) -> AnyApplication:
    requests = [BotApiRequest(httpx_kwargs={"trust_env": False}) for _ in range(2)]
    bot = UpdatesBot(
        server.token, base_url=f"{server.api_url}/bot", request=requests[0], get_updates_request=requests[1]
    )
    return Application.builder().bot(bot).updater(None).job_queue(None).build()


@pytest.fixture
async def server() -> AsyncIterator[Playground]:
    async with Playground(port=0) as server:
        yield server


async def test_a_background_task_that_raises_is_told_of_and_started_again(
    server: Playground, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    starts = asyncio.Semaphore(0)

    async def shaky() -> None:
        starts.release()
        raise RuntimeError("expected trouble")

    serving = Serving(server, tmp_path, shaky=shaky)
    async with asyncio.timeout(20):
        for _ in range(2):
            await starts.acquire()
    await serving.end()
    assert BackgroundTaskFailed in {type(error) for error in serving.reported}
    assert "The background task 'shaky' ended (RuntimeError)" in caplog.text


async def test_the_token_is_refused_for_good(server: Playground, tmp_path: Path) -> None:
    server.faults.error(401, "getMe")
    with pytest.raises(StartError, match="does not accept BOT_TOKEN"):
        await Serving(server, tmp_path).task


async def test_the_end_cancels_what_runs_in_the_background(server: Playground, tmp_path: Path) -> None:
    began, ended = asyncio.Event(), asyncio.Event()

    async def steady() -> None:
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    serving = Serving(server, tmp_path, steady=steady)
    await asyncio.wait_for(began.wait(), 20)
    await serving.end()
    assert ended.is_set()
    assert serving.reported == []
