import contextlib
import sqlite3
from pathlib import Path

import pytest

from bot.replies.callback_data.answer import TAG_LENGTH
from bot.replies.cards.canvas import GARMENTS
from bot.replies.texts import Language, texts
from bot.vision.decoding import decode
from bot.vision.outline import outlined
from telegram_playground import Chat, Message, Playground
from tests.e2e.forgetting import forget
from tests.e2e.running import BotProcess
from tests.replies.colours import has_colour

pytestmark = pytest.mark.asyncio(loop_scope="session")

ENGLISH = texts(Language.EN)
BUTTONS = ENGLISH.buttons


def kept(var: Path) -> int:
    with contextlib.closing(sqlite3.connect(var / "bot.sqlite3")) as store:
        return int(store.execute("select count(*) from corrections").fetchone()[0])


def outlines(var: Path) -> list[bytes | None]:
    with contextlib.closing(sqlite3.connect(var / "bot.sqlite3")) as store:
        return [outline for (outline,) in store.execute("select outline from corrections order by id")]


async def answered(playground: Playground, chat: Chat, photo: bytes):
    return await playground.answer_to(await playground.send_photo(chat, photo))


async def corrected(playground: Playground, chat: Chat, photo: bytes, name: str) -> tuple[Message, str]:
    """An answer that was corrected to the class with this name, and the toast."""
    answer = await answered(playground, chat, photo)
    await playground.answer_of(await playground.tap(answer, BUTTONS.correct))
    await playground.wait_for(lambda: name in [button["text"] for button in answer.buttons])
    tap = await playground.tap(answer, name)
    return answer, (await playground.answer_of(tap))["text"]


async def agree(playground: Playground, question: Message) -> None:
    """Say yes to the question whether the photo may be kept, and wait until it is."""
    await playground.answer_of(await playground.tap(question, BUTTONS.consent_yes))
    await playground.wait_for(lambda: "saved" in question.text)


async def test_right_is_counted_without_a_photo(playground: Playground, bea: Chat, photo: bytes, bot: BotProcess):
    before = kept(bot.var)
    answer = await answered(playground, bea, photo)
    tap = await playground.tap(answer, BUTTONS.right)
    assert (await playground.answer_of(tap))["text"] == ENGLISH.toasts.thanks
    await playground.wait_for(lambda: BUTTONS.right not in [button["text"] for button in answer.buttons])
    assert answer.text.startswith(ENGLISH.photo.confirmed)
    assert kept(bot.var) == before


async def test_a_correction_is_kept_with_consent_undone_and_forgotten(
    playground: Playground, bea: Chat, photo: bytes, bot: BotProcess
):
    before = kept(bot.var)
    answer, _ = await corrected(playground, bea, photo, "Coat")
    question = await playground.next_from_bot(answer)
    assert "May I keep this photo" in question.text
    assert question.reply_to is answer.reply_to
    assert kept(bot.var) == before
    await agree(playground, question)
    assert kept(bot.var) == before + 1
    privacy = await playground.next_from_bot(await playground.send_text(bea, "/privacy"))
    assert "1 photo kept" in privacy.text
    assert question.buttons == []
    assert answer.text.startswith("✏️ Your correction: Coat")
    tap = await playground.tap(answer, BUTTONS.undo)
    assert (await playground.answer_of(tap))["text"] == ENGLISH.toasts.undone
    assert (await playground.next_from_bot(privacy)).text == ENGLISH.corrections.undone
    await playground.wait_for(lambda: BUTTONS.right in [button["text"] for button in answer.buttons])
    assert not answer.text.startswith("✏️")
    assert kept(bot.var) == before

    second, _ = await corrected(playground, bea, photo, "Dress")
    thanks = await playground.next_from_bot(second)
    assert "saved" in thanks.text  # consent is asked for once
    assert kept(bot.var) == before + 1
    assert outlined(decode(photo), outlines(bot.var)[-1]) is not None
    question = await playground.next_from_bot(await playground.send_text(bea, "/forget"))
    assert "1 photo" in question.text
    assert ENGLISH.corrections.forget_what in question.text
    await playground.answer_of(await playground.tap(question, BUTTONS.forget_no))
    await playground.wait_for(lambda: question.text == ENGLISH.corrections.not_forgotten)
    assert question.buttons == []
    assert kept(bot.var) == before + 1
    forgotten = await forget(playground, bea)
    assert "1 photo" in forgotten.text
    assert kept(bot.var) == before
    nothing = await playground.next_from_bot(await playground.send_text(bea, "/forget"))
    assert nothing.text == ENGLISH.corrections.nothing_to_forget


async def test_without_consent_only_a_count_is_kept_and_nobody_is_asked_twice(
    playground: Playground, bea: Chat, photo: bytes, bot: BotProcess
):
    before = kept(bot.var)
    answer, _ = await corrected(playground, bea, photo, "Bag")
    question = await playground.next_from_bot(answer)
    await playground.answer_of(await playground.tap(question, BUTTONS.consent_no))
    await playground.wait_for(lambda: question.text == ENGLISH.corrections.refused)
    assert kept(bot.var) == before

    second, toast = await corrected(playground, bea, photo, "Bag")
    assert toast == ENGLISH.corrections.counted
    await playground.wait_for(lambda: [button["text"] for button in second.buttons] == [BUTTONS.why, BUTTONS.share])
    assert second.text.startswith("✏️ Your correction: Bag\n")

    privacy = await playground.next_from_bot(await playground.send_text(bea, "/privacy"))
    assert playground.from_bot(bea, after=second) == [privacy], "no second question"
    assert "you said no" in privacy.text
    tap = await playground.tap(privacy, BUTTONS.ask_again)
    assert (await playground.answer_of(tap))["text"] == ENGLISH.toasts.will_ask
    await playground.wait_for(lambda: "not agreed" in privacy.text and privacy.buttons == [])
    third, _ = await corrected(playground, bea, photo, "Bag")
    assert "May I keep this photo" in (await playground.next_from_bot(third)).text
    assert kept(bot.var) == before


async def test_after_a_yes_what_is_right_is_kept_too_but_nothing_found_is_not(
    playground: Playground, bea: Chat, photo: bytes, bot: BotProcess
):
    first, _ = await corrected(playground, bea, photo, "Bag")
    question = await playground.next_from_bot(first)
    await agree(playground, question)
    await playground.answer_of(await playground.tap(first, BUTTONS.undo))
    assert (await playground.next_from_bot(question)).text == ENGLISH.corrections.undone
    before = kept(bot.var)

    answer = await answered(playground, bea, photo)
    data = answer.button(BUTTONS.right)["callback_data"]
    verdict = len("v1:ok:") + TAG_LENGTH
    nothing = await playground.tap(answer, f"{data[:verdict]}n{data[verdict + 1 :]}", forged=True)
    assert (await playground.answer_of(nothing))["text"] == ENGLISH.toasts.thanks
    assert kept(bot.var) == before
    tap = await playground.tap(answer, data, forged=True)
    assert (await playground.answer_of(tap))["text"] == ENGLISH.toasts.kept
    assert kept(bot.var) == before + 1
    await playground.wait_for(lambda: BUTTONS.undo in [button["text"] for button in answer.buttons])
    await playground.answer_of(await playground.tap(answer, BUTTONS.undo))
    assert (await playground.next_from_bot(answer)).text == ENGLISH.corrections.undone
    await playground.wait_for(lambda: BUTTONS.right in [button["text"] for button in answer.buttons])
    assert not answer.text.startswith(("✅", "✏️"))
    assert kept(bot.var) == before
    await forget(playground, bea)
    assert kept(bot.var) == before


async def test_without_its_answer_a_correction_is_undone_from_the_thanks(
    playground: Playground, bea: Chat, photo: bytes, bot: BotProcess
):
    before = kept(bot.var)
    answer, _ = await corrected(playground, bea, photo, "Bag")
    question = await playground.next_from_bot(answer)
    await playground.delete(answer)
    await agree(playground, question)
    assert kept(bot.var) == before + 1
    await playground.answer_of(await playground.tap(question, BUTTONS.undo))
    await playground.wait_for(lambda: question.text == ENGLISH.corrections.undone)
    assert kept(bot.var) == before
    await forget(playground, bea)


async def test_what_was_said_of_a_photo_without_clothing_is_undone(
    playground: Playground, bea: Chat, nothing: bytes, bot: BotProcess
):
    before = kept(bot.var)
    answer, _ = await corrected(playground, bea, nothing, "Bag")
    question = await playground.next_from_bot(answer)
    await playground.answer_of(await playground.tap(question, BUTTONS.consent_yes))
    await playground.wait_for(lambda: BUTTONS.undo in [button["text"] for button in answer.buttons])
    assert kept(bot.var) == before + 1
    await playground.answer_of(await playground.tap(answer, BUTTONS.undo))
    assert (await playground.next_from_bot(question)).text == ENGLISH.corrections.undone
    assert not answer.text.startswith("✏️")
    assert [button["text"] for button in answer.buttons] == [BUTTONS.correct]
    assert kept(bot.var) == before
    await forget(playground, bea)


@pytest.mark.parametrize(("name", "label"), [("Other clothing", 10), ("No clothing", 11), ("Wrong outline", 12)])
async def test_what_is_right_may_be_none_of_the_ten(
    playground: Playground, bea: Chat, photo: bytes, bot: BotProcess, name: str, label: int
):
    answer, _ = await corrected(playground, bea, photo, name)
    question = await playground.next_from_bot(answer)
    assert name in question.text
    await agree(playground, question)
    with contextlib.closing(sqlite3.connect(bot.var / "bot.sqlite3")) as store:
        newest = store.execute("select right_label, box from corrections order by id desc").fetchone()
    assert newest[0] == label
    assert newest[1] is not None
    await forget(playground, bea)


async def test_the_wrong_thing_is_outlined(playground: Playground, bea: Chat, dressed: bytes):
    answer, toast = await corrected(playground, bea, dressed, "Wrong outline")
    assert toast == ENGLISH.corrections.which
    await playground.wait_for(lambda: BUTTONS.none_of_them in [button["text"] for button in answer.buttons])
    await playground.answer_of(await playground.tap(answer, answer.buttons[0]["text"]))
    await playground.wait_for(lambda: "▶ 2. " in answer.text)


async def test_back_from_the_ten_classes(playground: Playground, bea: Chat, photo: bytes):
    answer = await answered(playground, bea, photo)
    before = answer.buttons
    await playground.answer_of(await playground.tap(answer, BUTTONS.correct))
    await playground.wait_for(lambda: answer.buttons != before)
    await playground.answer_of(await playground.tap(answer, BUTTONS.back))
    await playground.wait_for(lambda: answer.buttons == before)


async def test_admins_accept_and_reject(playground: Playground, bea: Chat, photo: bytes, admin, bot: BotProcess):
    answer, _ = await corrected(playground, bea, photo, "Sandal")
    question = await playground.next_from_bot(answer)
    await agree(playground, question)
    inbox = playground.private(admin)
    page = await playground.next_from_bot(await playground.send_text(inbox, "/corrections"))
    shown = decode(playground.picture(page)).pixels
    assert has_colour(shown, GARMENTS[0]), "what was judged is outlined"
    chinese = texts(Language.ZH_HANT)
    tap = await playground.tap(page, chinese.buttons.accept)
    assert (await playground.answer_of(tap))["text"] == chinese.admin.accepted
    done = await playground.next_from_bot(page)
    assert done.text == chinese.admin.corrections_none
    await playground.wait_for(lambda: page.buttons == [] and page.text == chinese.admin.accepted)
    status = await playground.next_from_bot(await playground.send_text(inbox, "/status"))
    assert "SQLite，1 筆更正" in status.text
    reload = await playground.next_from_bot(await playground.send_text(inbox, "/reload"))
    assert reload.text.startswith(chinese.admin.reload_same.partition("{")[0])
    stranger = playground.private(playground.person("Eve"))
    unknown = await playground.next_from_bot(await playground.send_text(stranger, "/start"))
    tap = await playground.tap(unknown, "v1:review:r:1", forged=True)
    assert (await playground.answer_of(tap))["text"] == chinese.toasts.outdated
