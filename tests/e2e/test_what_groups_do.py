"""What happens to groups: they become supergroups, forbid photos or everything, and people speak in their name."""

import asyncio

import pytest
import pytest_asyncio

from bot.replies.texts import Language, texts
from telegram_playground import Chat, Person, Playground
from tests import waiting
from tests.e2e.running import BotProcess

pytestmark = pytest.mark.asyncio(loop_scope="session")

CHINESE, ENGLISH = texts(Language.ZH_HANT), texts(Language.EN)


@pytest.fixture(autouse=True)
def everything_works_again(playground: Playground):
    yield
    playground.faults.clear()


@pytest_asyncio.fixture(loop_scope="session")
async def quiet_admin(playground: Playground, admin: Person, bot: BotProcess):
    """The admin, who must not be alarmed by the test."""
    inbox = playground.private(admin)
    before = await playground.next_from_bot(await playground.send_text(inbox, "/help"))
    yield
    assert playground.from_bot(inbox, after=before) == []
    assert "Traceback" not in bot.text


@pytest.fixture
def group(playground: Playground, ann: Chat, bea: Chat, quiet_admin: None) -> Chat:
    return playground.group("Wardrobe", [ann.owner, bea.owner])


async def until(playground: Playground, status: int, *methods: str) -> None:
    """Wait until the bot has been answered with this status on each of these methods."""
    for method in methods:  # a refusal is no event of the chat page
        await waiting.until(lambda method=method: any(each.status == status for each in playground.requests.of(method)))


async def become_a_supergroup_before_the_answer(playground: Playground, group: Chat) -> Chat:
    await until(playground, 429, "sendPhoto")
    return await playground.upgrade(group)


@pytest.mark.parametrize("photos", [1, 3])
async def test_the_answer_follows_a_group_that_becomes_a_supergroup(
    playground: Playground, group: Chat, photo: bytes, photos: int
):
    playground.faults.flood("sendPhoto", retry_after=2, chat_id=group.id)
    if photos == 1:
        await playground.send_photo(group, photo, caption="/classify")
    else:
        await playground.send_album(group, [photo] * photos, caption="/classify")
    supergroup = await become_a_supergroup_before_the_answer(playground, group)
    (answer,) = await playground.wait_for(lambda: playground.from_bot(supergroup))
    assert answer.is_photo
    assert answer.reply_to is None, "another message has that number there"
    assert playground.from_bot(group) == []
    await asyncio.sleep(1)
    assert len(playground.from_bot(supergroup)) == 1


async def test_after_that_the_supergroup_is_answered_as_any_other(playground: Playground, group: Chat, photo: bytes):
    playground.faults.flood("sendPhoto", retry_after=1, chat_id=group.id)
    await playground.send_photo(group, photo, caption="/classify")
    supergroup = await become_a_supergroup_before_the_answer(playground, group)
    await playground.wait_for(lambda: playground.from_bot(supergroup))
    answer = await playground.answer_to(await playground.send_photo(supergroup, photo, caption="/classify"))
    await playground.tap(answer, CHINESE.buttons.why)
    assert (await playground.answer_to(answer)).is_photo


async def test_buttons_below_a_message_that_stayed_in_the_group(
    playground: Playground, group: Chat, photo: bytes, garment_photos: dict[str, bytes]
):
    answer = await playground.answer_to(await playground.send_photo(group, photo, caption="/classify"))
    sent = await playground.send_album(group, [photo, garment_photos["dress"]], caption="/classify")
    album = await playground.answer_to(sent[0])
    supergroup = await playground.upgrade(group)
    await playground.tap(answer, CHINESE.buttons.correct)
    (told,) = await playground.wait_for(lambda: playground.from_bot(supergroup))
    assert told.text == CHINESE.toasts.outdated
    await playground.tap(answer, CHINESE.buttons.why)
    (why,) = await playground.wait_for(lambda: playground.from_bot(supergroup, after=told))
    assert why.is_photo
    await playground.tap(album, "2")
    item = (await playground.wait_for(lambda: playground.from_bot(supergroup, after=why)))[0]
    assert item.text.count("%") >= 10


async def test_where_photos_are_forbidden_the_caption_comes_as_text(
    playground: Playground, group: Chat, photo: bytes, garment_photos: dict[str, bytes]
):
    playground.forbid(group, "photos")
    answer = await playground.answer_to(await playground.send_photo(group, photo, caption="/classify"))
    assert not answer.is_photo
    assert CHINESE.photo.shares in answer.text
    before = answer.buttons
    await playground.tap(answer, CHINESE.buttons.why)
    why = await playground.answer_to(answer)
    assert not why.is_photo
    await playground.answer_of(await playground.tap(answer, CHINESE.buttons.correct))
    await playground.wait_for(lambda: answer.buttons != before)
    album = await playground.send_album(group, [photo, garment_photos["dress"]], caption="/classify")
    overview = await playground.answer_to(album[0])
    said = overview.text
    assert not overview.is_photo
    await playground.tap(overview, "2")
    await playground.wait_for(lambda: overview.text != said)
    await playground.tap(overview, CHINESE.buttons.overview)
    await playground.wait_for(lambda: overview.text == said)


@pytest.mark.parametrize(
    "words",
    [
        "CHAT_SEND_PHOTOS_FORBIDDEN",
        "CHAT_SEND_MEDIA_FORBIDDEN",
        "CHAT_RESTRICTED",
        "not enough rights to send photos to the chat",
    ],
)
@pytest.mark.parametrize("status", [400, 403])
async def test_telegram_has_many_words_for_that(
    playground: Playground, group: Chat, photo: bytes, words: str, status: int
):
    kind = "Bad Request" if status == 400 else "Forbidden"
    playground.faults.error(status, "sendPhoto", description=f"{kind}: {words}")
    answer = await playground.answer_to(await playground.send_photo(group, photo, caption="/classify"))
    assert not answer.is_photo
    assert CHINESE.photo.shares in answer.text


async def test_where_nothing_is_allowed_it_is_silent_and_alarms_nobody(
    playground: Playground, ann: Chat, group: Chat, photo: bytes
):
    playground.forbid(group, "photos", "text messages")
    sent = await playground.send_photo(group, photo, caption="/classify")
    await playground.send_text(group, "/help")
    await until(playground, 400, "sendPhoto", "sendMessage")
    await playground.answer_to(await playground.send_photo(ann, photo))
    assert playground.from_bot(group, after=sent) == []


@pytest.mark.parametrize("in_the_name_of", ["group", "channel"])
async def test_nobody_corrects_or_consents_in_the_place_of_a_chat(
    playground: Playground, ann: Chat, bea: Chat, quiet_admin: None, photo: bytes, in_the_name_of: str
):
    group = playground.supergroup("Wardrobe", [ann.owner, bea.owner])
    speaker = group if in_the_name_of == "group" else playground.channel("Fashion", ann.owner)
    sent = await playground.send_photo(group, photo, caption="/classify", as_chat=speaker)
    answer = await playground.answer_to(sent)
    assert answer.is_photo
    before = answer.buttons
    for button in (CHINESE.buttons.right, CHINESE.buttons.correct):
        toast = await playground.answer_of(await playground.tap(answer, button, sender=ann.owner))
        assert toast["text"] == CHINESE.toasts.nobodys
        assert toast["show_alert"]
    assert answer.buttons == before
    await playground.tap(answer, CHINESE.buttons.why, sender=bea.owner)
    assert (await playground.answer_to(answer)).is_photo


async def test_an_anonymous_admin_may_ask_about_a_photo_that_its_sender_corrects(
    playground: Playground, ann: Chat, bea: Chat, quiet_admin: None, photo: bytes
):
    group = playground.supergroup("Wardrobe", [ann.owner, bea.owner])
    sent = await playground.send_photo(group, photo, sender=bea.owner)
    await playground.send_text(group, "/classify", reply_to=sent, as_chat=group)
    answer = await playground.answer_to(sent)
    before = answer.buttons
    await playground.tap(answer, answer.buttons[0]["text"], sender=bea.owner)
    await playground.wait_for(lambda: answer.buttons != before)
