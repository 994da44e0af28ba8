import pytest

from bot.replies.messages import help_text, start_text
from bot.replies.texts import Language, texts
from telegram_playground import Chat, Person, Playground
from tests.e2e.running import BotProcess
from tests.telegram_html import as_shown

pytestmark = pytest.mark.asyncio(loop_scope="session")

CHINESE, ENGLISH = texts(Language.ZH_HANT), texts(Language.EN)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/start", start_text(Language.ZH_HANT)),
        ("/help", help_text(Language.ZH_HANT)),
        ("/language", CHINESE.language.choose),
        ("/nonsense", CHINESE.basics.unknown_command),
        ("/classify", CHINESE.basics.classify_usage),
        ("/status", CHINESE.basics.unknown_command),
        ("/reload", CHINESE.basics.unknown_command),
        ("/corrections", CHINESE.basics.unknown_command),
        ("hello", CHINESE.basics.unknown_text),
        ("<b>&amp;", CHINESE.basics.unknown_text),
    ],
)
async def test_words_get_one_answer(playground: Playground, ann: Chat, text: str, expected: str):
    answer = await playground.next_from_bot(await playground.send_text(ann, text))
    assert answer.text == as_shown(expected)
    assert len(playground.from_bot(ann)) == 1


async def test_a_name_is_no_markup(playground: Playground, admin: Person, bot: BotProcess, photo: bytes):
    eve = playground.private(playground.person("</b><a href='x'>Eve</a> & \u202e{name}", username="eve_{0}"))
    for command in ("/start", "/privacy", "/forget"):
        await playground.next_from_bot(await playground.send_text(eve, command))
    assert (await playground.answer_to(await playground.send_photo(eve, photo))).is_photo
    assert "Eve" not in bot.text


async def test_the_language_of_telegram_is_the_language_of_the_answer(playground: Playground, bea: Chat):
    answer = await playground.next_from_bot(await playground.send_text(bea, "/help"))
    assert answer.text == as_shown(help_text(Language.EN))


async def test_privacy_says_what_is_kept(playground: Playground, bea: Chat):
    answer = await playground.next_from_bot(await playground.send_text(bea, "/privacy"))
    assert "not agreed" in answer.text
    assert "/forget" in answer.text


@pytest.mark.parametrize("kind", ["sticker", "voice", "video", "animation", "location", "contact"])
async def test_what_is_no_photo_gets_one_helpful_line(playground: Playground, ann: Chat, kind: str):
    sent = await playground.send_other(ann, kind)
    answer = await playground.next_from_bot(sent)
    assert "照片" in answer.text
    assert len(playground.from_bot(ann)) == 1


async def test_a_chosen_language_stays(playground: Playground, ann: Chat):
    question = await playground.next_from_bot(await playground.send_text(ann, "/language"))
    tap = await playground.tap(question, "English")
    assert (await playground.answer_of(tap))["text"] == ENGLISH.toasts.language
    await playground.wait_for(lambda: question.text == ENGLISH.language.chosen)
    answer = await playground.next_from_bot(await playground.send_text(ann, "hello"))
    assert answer.text == ENGLISH.basics.unknown_text
    menus = playground.requests.of("setMyCommands")
    assert any(menu.params.get("scope", {}).get("chat_id") == ann.id for menu in menus)


async def test_edits_and_channel_posts_are_ignored(playground: Playground, ann: Chat):
    sent = await playground.send_text(ann, "hello")
    await playground.next_from_bot(sent)
    await playground.edit(sent, "/help")
    playground.push_update("channel_post", {**sent.api(), "chat": {"id": -100123, "type": "channel", "title": "News"}})
    await playground.next_from_bot(await playground.send_text(ann, "/help"))
    assert len(playground.from_bot(ann)) == 2


async def test_a_pinned_message_is_no_question(playground: Playground, ann: Chat):
    answer = await playground.next_from_bot(await playground.send_text(ann, "hello"))
    await playground.send_service(ann, {"pinned_message": answer.api(with_reply=False)})
    await playground.next_from_bot(await playground.send_text(ann, "/help"))
    assert len(playground.from_bot(ann)) == 2


@pytest.mark.parametrize("data", ["v1:gi:nonsense", "v0:sample", "v1:why:" + "A" * 40, "v1:class:99:x"])
async def test_forged_buttons_are_answered(playground: Playground, ann: Chat, data: str):
    answer = await playground.next_from_bot(await playground.send_text(ann, "/start"))
    tap = await playground.tap(answer, data, forged=True)
    assert (await playground.answer_of(tap))["text"] == CHINESE.toasts.outdated
