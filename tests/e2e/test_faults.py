"""What goes wrong between the bot and Telegram: answers come late rather than never, and only once."""

import asyncio
import time

import pytest

from bot.handlers.images import MAX_BYTES
from bot.lifecycle.telegram_client import READ_TIMEOUT_S
from bot.replies.texts import Language, texts
from telegram_playground import Chat, Playground
from telegram_playground.faults import DOWNLOAD
from tests.e2e.running import BotProcess, until

pytestmark = pytest.mark.asyncio(loop_scope="session")

CHINESE = texts(Language.ZH_HANT)


@pytest.fixture(autouse=True)
def everything_works_again(playground: Playground):
    yield
    playground.faults.clear()
    playground.state.files.local_folder = ""


async def test_only_the_chat_that_must_wait_waits(playground: Playground, ann: Chat, bea: Chat, photo: bytes):
    playground.faults.flood("sendPhoto", retry_after=4, chat_id=ann.id)
    began = time.monotonic()
    slow = await playground.send_photo(ann, photo)
    await playground.wait_for(lambda: any(r.status == 429 for r in playground.requests.of("sendPhoto")))
    await playground.answer_to(await playground.send_photo(bea, photo))
    assert not playground.answers_to(slow) or time.monotonic() - began >= 4
    await playground.answer_to(slow)
    assert time.monotonic() - began >= 4
    assert len(playground.answers_to(slow)) == 1


@pytest.mark.parametrize("status", [500, 502])
@pytest.mark.parametrize("method", ["sendPhoto", "getFile"])
async def test_server_errors_pass(playground: Playground, ann: Chat, photo: bytes, method: str, status: int):
    playground.faults.error(status, method, times=2)
    answer = await playground.answer_to(await playground.send_photo(ann, photo))
    assert answer.is_photo
    assert len(playground.from_bot(ann)) == 1


@pytest.mark.parametrize("method", ["sendPhoto", "getFile", "download"])
async def test_cut_connections_pass(playground: Playground, ann: Chat, photo: bytes, method: str):
    playground.faults.cut(method, times=2)
    answer = await playground.answer_to(await playground.send_photo(ann, photo))
    assert answer.is_photo


@pytest.mark.parametrize("honest", [True, False])
async def test_half_a_file_is_fetched_again(playground: Playground, ann: Chat, photo: bytes, honest: bool):
    playground.faults.truncate_files(honest=honest, times=2)
    answer = await playground.answer_to(await playground.send_photo(ann, photo))
    assert answer.is_photo


@pytest.mark.slow
async def test_what_takes_too_long_is_asked_for_again(playground: Playground, ann: Chat, bea: Chat, photo: bytes):
    playground.faults.delay(READ_TIMEOUT_S + 2, "getFile")
    playground.faults.delay(READ_TIMEOUT_S + 2, DOWNLOAD)
    sent = [await playground.send_photo(chat, photo) for chat in (ann, bea)]
    for message in sent:
        assert (await playground.answer_to(message)).is_photo


@pytest.mark.slow
async def test_an_answer_whose_response_comes_late_is_not_sent_again(
    playground: Playground, ann: Chat, bea: Chat, photo: bytes
):
    playground.faults.delay(READ_TIMEOUT_S + 5, "sendPhoto")
    playground.faults.delay(READ_TIMEOUT_S + 5, "sendMessage")
    sent = await playground.send_photo(ann, photo)
    asked = await playground.send_text(bea, "/help")
    await playground.answer_to(sent)
    await playground.next_from_bot(asked)
    await asyncio.sleep(3)
    assert len(playground.from_bot(ann)) == 1
    assert len(playground.from_bot(bea)) == 1


async def test_a_tap_in_a_chat_that_must_wait_long_is_told_so(
    playground: Playground, ann: Chat, photo: bytes, bot: BotProcess
):
    answer = await playground.answer_to(await playground.send_photo(ann, photo))
    playground.faults.flood("sendPhoto", retry_after=9000, chat_id=ann.id)
    printed = len(bot.text)
    waits = await playground.send_photo(ann, photo)
    await until(lambda: "sendPhoto has to wait for 9000" in bot.text[printed:], bot)
    for button in (CHINESE.buttons.why, CHINESE.buttons.correct):
        toast = await playground.answer_of(await playground.tap(answer, button))
        assert toast["show_alert"]
        assert "3 小時" in toast["text"]
    assert playground.answers_to(waits) == []


async def test_a_file_that_is_away_for_a_while_is_waited_for(playground: Playground, ann: Chat, photo: bytes):
    playground.faults.error(500, "getFile", times=7)
    answer = await playground.answer_to(await playground.send_photo(ann, photo))
    assert answer.is_photo


async def test_a_chat_that_blocked_the_bot_costs_nothing(
    playground: Playground, ann: Chat, bea: Chat, photo: bytes, bot: BotProcess
):
    playground.block(ann)
    await playground.send_photo(ann, photo)
    await playground.send_text(ann, "/help")
    await playground.answer_to(await playground.send_photo(bea, photo))
    assert playground.from_bot(ann) == []


async def test_an_expired_tap_is_no_error(playground: Playground, ann: Chat, photo: bytes):
    answer = await playground.answer_to(await playground.send_photo(ann, photo))
    before = answer.buttons
    await playground.tap(answer, CHINESE.buttons.correct, expired=True)
    await playground.wait_for(lambda: answer.buttons != before)
    assert len(playground.from_bot(ann)) == 1


async def test_a_message_deleted_under_the_finger(playground: Playground, ann: Chat, photo: bytes):
    answer = await playground.answer_to(await playground.send_photo(ann, photo))
    tap = await playground.tap(answer, CHINESE.buttons.correct)
    await playground.delete(answer)
    await playground.answer_of(tap)


async def test_menus_that_cannot_be_set_stop_nothing(playground: Playground, ann: Chat):
    playground.faults.error(400, "setMyCommands", times=None)
    question = await playground.next_from_bot(await playground.send_text(ann, "/language"))
    await playground.answer_of(await playground.tap(question, "English"))
    await playground.next_from_bot(await playground.send_text(ann, "/help"))


async def test_a_failure_is_told_with_a_code_and_the_admin_once(
    playground: Playground, ann: Chat, photo: bytes, admin, bot: BotProcess
):
    inbox = playground.private(admin)
    before = await playground.send_text(inbox, "/help")
    await playground.next_from_bot(before)
    playground.faults.error(400, "sendPhoto", description="Bad Request: PHOTO_INVALID_DIMENSIONS", times=2)
    for _ in range(2):
        answer = await playground.answer_to(await playground.send_photo(ann, photo))
        code = answer.body["entities"][0]
        error_id = answer.text[code["offset"] : code["offset"] + code["length"]]
        assert f"Error {error_id}" in bot.text
    notices = [message for message in playground.from_bot(inbox, after=before) if "BadRequest" in message.text]
    assert len(notices) == 1
    bot.output = bytearray(bot.output.replace(b"Traceback", b"(expected) trace"))


async def test_a_file_that_grew_too_big_is_explained(playground: Playground, ann: Chat):
    sent = await playground.send_document(ann, b"\0" * (MAX_BYTES + 1), size=1000)
    answer = await playground.answer_to(sent)
    assert answer.text == CHINESE.problems.too_many_bytes


TEMPORARILY = "Bad Request: wrong file_id or the file is temporarily unavailable"


@pytest.mark.parametrize("fault", ["temporarily unavailable", "not found", "without a path", "moved", "empty"])
async def test_a_file_that_cannot_be_had_just_now_is_tried_again(
    playground: Playground, ann: Chat, photo: bytes, fault: str
):
    match fault:
        case "temporarily unavailable":
            playground.faults.error(400, "getFile", description=TEMPORARILY, times=4)
        case "not found":
            playground.faults.error(404, "getFile", description="Not Found", times=4)
        case "without a path":
            playground.faults.leave_out_paths(times=4)
        case "moved":
            playground.faults.error(404, DOWNLOAD, description="Not Found", times=4)
        case "empty":
            playground.faults.truncate_files(keep=0.0, honest=False, times=4)
    answer = await playground.answer_to(await playground.send_photo(ann, photo))
    assert answer.is_photo, answer.text
    assert len(playground.from_bot(ann)) == 1


async def test_a_tap_waits_for_a_file_that_cannot_be_had_just_now(playground: Playground, ann: Chat, photo: bytes):
    answer = await playground.answer_to(await playground.send_photo(ann, photo))
    playground.faults.error(400, "getFile", description=TEMPORARILY, times=4)
    await playground.tap(answer, CHINESE.buttons.why)
    assert (await playground.answer_to(answer)).is_photo


async def test_a_file_that_telegram_no_longer_knows_is_said_to_be_gone(playground: Playground, ann: Chat, photo: bytes):
    playground.faults.error(400, "getFile", description="Bad Request: invalid file_id")
    answer = await playground.answer_to(await playground.send_photo(ann, photo))
    assert answer.text == CHINESE.faults.photo_gone


@pytest.mark.parametrize("folder", ["/var/lib/telegram-bot-api", "C:\\telegram-bot-api"])
async def test_a_server_whose_files_cannot_be_read_here_is_named_to_the_admin(
    playground: Playground, ann: Chat, photo: bytes, admin, bot: BotProcess, folder: str
):
    inbox = playground.private(admin)
    before = await playground.next_from_bot(await playground.send_text(inbox, "/help"))
    playground.state.files.local_folder = folder
    sent = await playground.send_photo(ann, photo)
    album = await playground.send_album(ann, [photo, photo])
    for message in (sent, album[0]):
        assert (await playground.answer_to(message)).text == CHINESE.faults.files_unreadable
    told = [message.text for message in playground.from_bot(inbox, after=before)]
    if folder.startswith("/"):  # the second case is no news any more
        assert len(told) == 1
        assert folder in told[0]
        assert playground.token not in told[0]
    assert "InvalidToken" not in "".join(told)
    playground.state.files.local_folder = ""
    assert (await playground.answer_to(await playground.send_photo(ann, photo))).is_photo
