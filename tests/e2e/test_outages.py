"""What is away for a while and comes back: Telegram, the disk, the only poller. Photos are answered all the same."""

import asyncio
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.replies.texts import Language, texts
from telegram_playground import Chat, Message, Playground
from tests.e2e.running import BotProcess, environment_for, running, start
from tests.waiting import until

ENGLISH, CHINESE = texts(Language.EN), texts(Language.ZH_HANT)


def answers(server: Playground, sent: list[Message]) -> list[int]:
    return [len(server.answers_to(message)) for message in sent]


def notices(server: Playground, inbox: Chat, kind: str) -> list[Message]:
    return [message for message in server.from_bot(inbox) if kind in message.text]


async def test_a_server_that_goes_away_and_comes_back(server: Playground, tmp_path: Path, places, photo: bytes):
    people = [server.private(server.person(name)) for name in ("Ann", "Bea", "Cem")]
    async with running(server, tmp_path, **places) as bot:
        sent = [await server.send_photo(chat, photo) for chat in people for _ in range(4)]
        await server.wait_for(lambda: sum(answers(server, sent)) >= 2)
        await server.stop()
        sent += [await server.send_photo(chat, photo) for chat in people]
        await asyncio.sleep(4)
        await until(lambda: "ConnectError" in bot.text)
        await server.start()
        await server.wait_for(lambda: all(answers(server, sent)))
        await asyncio.sleep(1)
    assert answers(server, sent) == [1] * len(sent)


async def test_a_second_poller_is_told_of_and_leaves_nobody_without_an_answer(
    server: Playground, inbox: Chat, tmp_path: Path, places, photo: bytes
):
    chat = server.private(server.person("Ann"))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    async with running(server, tmp_path, **places) as bot:
        await server.next_from_bot(await server.send_text(inbox, "/start"))
        second = await start([], environment_for(server, elsewhere, **places), elsewhere)
        both = (bot, second)
        sent = await server.send_photo(chat, photo)
        await server.wait_for(lambda: server.answers_to(sent))
        await until(lambda: any("(409 Conflict)" in each.text for each in both))
        await server.wait_for(lambda: notices(server, inbox, "Conflict"))
        assert await second.stop() == 0
        alone = await server.send_photo(chat, photo)
        await server.wait_for(lambda: server.answers_to(alone))
        await asyncio.sleep(1)
        bot.output = bytearray(bot.output.replace(b"Traceback", b"(expected) trace"))
    assert answers(server, [alone]) == [1]
    assert len(notices(server, inbox, "Conflict")) <= 2  # at most one from each process


async def test_photos_are_answered_while_the_disk_is_full(
    server: Playground, inbox: Chat, tmp_path: Path, places, photo: bytes
):
    bea = server.private(server.person("Bea", language_code="en"))
    async with running(server, tmp_path, **places) as bot:
        await server.next_from_bot(await server.send_text(inbox, "/start"))
        with full_disk(bot):
            answer = await server.answer_to(await server.send_photo(bea, photo))
            assert answer.is_photo
            question = await asked_for_consent(server, answer)
            told = await server.answer_of(await server.tap(question, ENGLISH.buttons.consent_yes))
            assert (told["text"], told["show_alert"]) == (ENGLISH.faults.store_away, True)
            await server.wait_for(lambda: notices(server, inbox, "StoreUnavailable"))
        await server.answer_of(await server.tap(question, ENGLISH.buttons.consent_yes))
        await server.wait_for(lambda: "saved" in question.text)
        bot.output = bytearray(bot.output.replace(b"Traceback", b"(expected) trace"))
    assert len(notices(server, inbox, "StoreUnavailable")) == 1


async def asked_for_consent(server: Playground, answer: Message) -> Message:
    await server.answer_of(await server.tap(answer, ENGLISH.buttons.correct))
    await server.wait_for(lambda: "Coat" in [button["text"] for button in answer.buttons])
    await server.answer_of(await server.tap(answer, "Coat"))
    return await server.next_from_bot(answer)


@contextmanager
def full_disk(bot: BotProcess) -> Iterator[None]:
    """Let no file of the bot grow, as on a full disk."""
    before = resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE, before)
