"""Starting and ending: signals, restarts, wrong tokens, servers that are away."""

import asyncio
import shutil
import signal
import time
from pathlib import Path

import pytest

from bot.handlers import model_watch
from bot.replies.texts import Language, texts
from telegram_playground import Chat, Message, Playground
from telegram_playground.playground import PATIENCE_S
from tests.e2e.running import BRISK_BOT, environment_for, running, start, until
from tests.ports import free_port

CHINESE = texts(Language.ZH_HANT)

IDLE_END_S = 25
"""It takes two; waiting for the long poll, which it must not, takes thirty."""
BUSY_END_S = 30
"""Then platforms kill; what was begun may take twenty."""


@pytest.fixture
def places(live_models: Path, few_test_images: Path) -> dict[str, str]:
    return {"MODELS_DIR": str(live_models), "DATA_DIR": str(few_test_images)}


def answered(server: Playground, sent: list[Message]) -> list[int]:
    return [len(server.answers_to(message)) for message in sent]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_an_idle_bot_does_not_wait_for_its_long_poll(server: Playground, tmp_path: Path, places, number: int):
    async with running(server, tmp_path, **places) as bot:
        chat = server.private(server.person("Ann"))
        await server.next_from_bot(await server.send_text(chat, "/help"))
        await server.wait_for(lambda: len(server.requests.of("setMyCommands")) == 4)
        await asyncio.sleep(0.5)
        began = time.monotonic()
        assert await bot.stop(number) == 0
        assert time.monotonic() - began < IDLE_END_S
        assert server.state.updates.pending() == []


async def test_a_busy_bot_finishes_what_it_began_and_leaves_the_rest(
    server: Playground, tmp_path: Path, places, photo: bytes
):
    ann, bea = (server.private(server.person(name)) for name in ("Ann", "Bea"))
    async with running(server, tmp_path, **places) as bot:
        sent = [await server.send_photo(ann, photo, as_it_is=True) for _ in range(40)]
        sent += [await server.send_photo(bea, photo, as_it_is=True) for _ in range(2)]
        await server.wait_for(lambda: sum(answered(server, sent)) >= 4)
        began = time.monotonic()
        assert await bot.stop() == 0
        assert time.monotonic() - began < BUSY_END_S
    first = answered(server, sent)
    assert 0 < sum(first) < len(sent)
    assert server.state.updates.pending()
    async with running(server, tmp_path, **places):
        await server.wait_for(lambda: all(answered(server, sent)))
        await asyncio.sleep(1)
    assert answered(server, sent) == [1] * len(sent)
    assert server.state.updates.pending() == []


async def test_a_killed_bot_loses_no_photo(server: Playground, tmp_path: Path, places, photo: bytes):
    chat = server.private(server.person("Ann"))
    sent: list[Message] = []
    bot = await start([], environment_for(server, tmp_path, **places), tmp_path)
    sent += [await server.send_photo(chat, photo, as_it_is=True) for _ in range(12)]
    await server.wait_for(lambda: sum(answered(server, sent)) >= 2)
    await bot.stop(signal.SIGKILL)
    async with running(server, tmp_path, **places):
        await server.wait_for(lambda: all(answered(server, sent)))


async def test_answers_that_wait_for_hours_come_from_the_next_process(
    server: Playground, tmp_path: Path, places, photo: bytes
):
    ann, bea = (server.private(server.person(name)) for name in ("Ann", "Bea"))
    server.faults.flood("sendPhoto", retry_after=7200, chat_id=ann.id, times=None)
    async with running(server, tmp_path, module=BRISK_BOT, **places) as bot:
        sent = [await server.send_photo(ann, photo) for _ in range(12)]
        while not any(request.status == 429 for request in server.requests.of("sendPhoto")):  # noqa: ASYNC110
            await asyncio.sleep(0.05)  # a refusal is no event of the chat page
        await server.answer_to(await server.send_photo(bea, photo))
        assert await bot.stop() == 0
    assert answered(server, sent) == [0] * 12
    server.faults.clear()
    async with running(server, tmp_path, **places):
        await server.wait_for(lambda: all(answered(server, sent)))
    assert answered(server, sent) == [1] * 12
    assert len(server.from_bot(bea)) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
async def test_more_photos_than_telegram_shows_at_once_are_all_answered(
    server: Playground, tmp_path: Path, places, photo: bytes, number: int
):
    """Telegram shows a hundred updates, so the older half is confirmed unanswered: the next process must know them."""
    people = [server.private(server.person(name)) for name in ("Ann", "Bea", "Cem")]
    bot = await start([], environment_for(server, tmp_path, **places), tmp_path)
    sent = [await server.send_photo(person, photo, as_it_is=True) for _ in range(36) for person in people]
    await server.wait_for(lambda: len(server.state.updates.pending()) < 70)
    assert sum(answered(server, sent)) < len(sent)
    await bot.stop(number)
    async with running(server, tmp_path, **places):
        await server.wait_for(lambda: all(answered(server, sent)), timeout=180)


async def test_buttons_outlive_a_restart(server: Playground, tmp_path: Path, places, photo: bytes):
    chat = server.private(server.person("Ann", language_code="en"))
    async with running(server, tmp_path, **places):
        sheet = await server.next_from_bot(await server.send_text(chat, "/gallery"))
        card = await server.answer_to(await server.send_photo(chat, photo))
    async with running(server, tmp_path, **places):
        before = server.picture(sheet)
        await server.answer_of(await server.tap(sheet, "13"))
        await server.wait_for(lambda: server.picture(sheet) != before)
        await server.answer_of(await server.tap(card, "Right"))


async def test_a_wrong_token_is_one_clear_line(server: Playground, tmp_path: Path, places):
    wrong = "123456789:AAwrongwrongwrongwrongwrongwrongwro"
    bot = await start([], environment_for(server, tmp_path, **places, BOT_TOKEN=wrong, LOG_LEVEL="WARNING"), tmp_path)
    assert await bot.wait() == 2
    (line,) = bot.text.splitlines()
    assert line.startswith("python -m bot: Telegram does not accept BOT_TOKEN")
    assert wrong not in bot.text


async def test_a_server_that_is_away_at_first(tmp_path: Path, places, unused_port: int):
    server = Playground(port=unused_port)
    chat: Chat = server.private(server.person("Ann"))
    bot = await start([], environment_for(server, tmp_path, **places), tmp_path)
    await until(lambda: "again in" in bot.text, bot)
    async with server:
        await server.next_from_bot(await server.send_text(chat, "/help"))
        assert await bot.stop() == 0
    assert server.token not in bot.text


async def test_a_server_that_is_away_all_the_time_does_not_hold_up_the_end(tmp_path: Path, places, unused_port: int):
    server = Playground(port=unused_port)
    bot = await start([], environment_for(server, tmp_path, **places), tmp_path)
    await until(lambda: "again in" in bot.text, bot)
    began = time.monotonic()
    assert await bot.stop() == 0
    assert time.monotonic() - began < IDLE_END_S


async def test_menus_that_cannot_be_set_stop_nothing(server: Playground, tmp_path: Path, places):
    for method in ("setMyCommands", "setMyDescription", "setMyShortDescription", "getMyDescription"):
        server.faults.error(400, method, times=None)
    async with running(server, tmp_path, **places):
        chat = server.private(server.person("Ann"))
        await server.next_from_bot(await server.send_text(chat, "/help"))


async def test_a_model_may_come_later(server: Playground, tmp_path: Path, places, live_models: Path, photo: bytes):
    models = tmp_path / "models"
    models.mkdir()
    chat = server.private(server.person("Ann"))
    async with running(server, tmp_path, **places | {"MODELS_DIR": str(models)}):
        for command in ("/sample", "/gallery", "/accuracy"):
            answer = await server.next_from_bot(await server.send_text(chat, command))
            assert answer.text == CHINESE.faults.no_model
        answer = await server.answer_to(await server.send_photo(chat, photo))
        assert answer.text == CHINESE.faults.no_model
        shutil.copy(live_models / "classifier.tflite", models / "draft")
        (models / "draft").replace(models / "classifier.tflite")
        async with asyncio.timeout(PATIENCE_S):
            while not answer.is_photo:  # it looks for a model every few seconds
                assert answer.text == CHINESE.faults.no_model
                await asyncio.sleep(model_watch.EVERY_S)
                answer = await server.answer_to(await server.send_photo(chat, photo))
        answer = await server.next_from_bot(await server.send_text(chat, "/accuracy"))
        assert answer.text == CHINESE.faults.no_card


async def test_what_comes_with_the_bot_serves_offline(server: Playground, tmp_path: Path, places, photo: bytes):
    shipped = CHINESE.test_images.only_some.format(images=CHINESE.units.images.of(300))
    chat = server.private(server.person("Ann"))
    async with running(server, tmp_path, **places):
        for command in ("/sample", "/gallery"):
            answer = await server.next_from_bot(await server.send_text(chat, command))
            assert answer.is_photo
            assert shipped in answer.text
        await server.answer_of(await server.tap(answer, "7"))
        await server.wait_for(lambda: CHINESE.test_images.right in answer.text or "答錯" in answer.text)
        assert shipped in answer.text
        step = await server.next_from_bot(await server.send_text(chat, "/learn"))
        assert "300 張圖" in step.text, "the step says on how many images its rules were tried"
        assert (await server.answer_to(await server.send_photo(chat, photo))).is_photo


async def test_the_playground_answers_without_a_token(tmp_path: Path, places, unused_port: int):
    server = Playground(port=unused_port)
    settings = places | {"BOT_TOKEN": "", "BOT_API_URL": "", "PLAYGROUND_PORT": str(unused_port)}
    bot = await start(["run", "--playground"], environment_for(server, tmp_path, **settings), tmp_path)
    await until(lambda: "The bot is live" in bot.text, bot)
    assert f"open {server.url} in a browser" in bot.text
    assert await bot.stop() == 0


@pytest.fixture
def unused_port() -> int:
    return free_port()
