import asyncio
import contextlib
import io
import re
import sqlite3
from pathlib import Path

import pytest
from PIL import Image

from bot.handlers.images import MAX_BYTES
from bot.replies.texts import Language, texts
from bot.vision.labels import CLASS_NAMES
from telegram_playground import Chat, Message, Playground
from tests.e2e.forgetting import forget
from tests.e2e.running import BotProcess
from tests.pictures import saved

pytestmark = pytest.mark.asyncio(loop_scope="session")

CHINESE, ENGLISH = texts(Language.ZH_HANT), texts(Language.EN)


async def silence(playground: Playground, asked: Chat, group: Chat, *, after: Message) -> None:
    """Once somebody who asked later has been answered, nothing has come into the group."""
    await playground.next_from_bot(await playground.send_text(asked, "/help"))
    await asyncio.sleep(1.5)
    assert playground.from_bot(group, after=after) == []


@pytest.fixture
def group(playground: Playground, ann: Chat, bea: Chat) -> Chat:
    return playground.supergroup("Wardrobe", [ann.owner, bea.owner], topics=["Shirts"])


async def test_a_group_hears_nothing_unasked(playground: Playground, ann: Chat, group: Chat, photo: bytes):
    first = await playground.send_photo(group, photo)
    await playground.send_text(group, "nice")
    await playground.send_document(group, photo)
    await playground.send_other(group, "sticker")
    await playground.send_album(group, [photo, photo])
    await playground.send_text(group, "/start@other_bot")
    await playground.send_text(group, "/nonsense")
    await silence(playground, ann, group, after=first)
    assert all(not message.reactions for message in playground.messages(group))


@pytest.mark.parametrize("words", ["/classify", "/classify@garment_playground_bot", "look, @garment_playground_bot"])
async def test_a_reply_asks_about_a_photo(playground: Playground, group: Chat, photo: bytes, words: str):
    topic = next(iter(group.topics))
    sent = await playground.send_photo(group, photo, topic=topic)
    await playground.send_text(group, words, sender=group.members[1], reply_to=sent, topic=topic)
    answer = await playground.answer_to(sent)
    assert answer.is_photo
    assert answer.thread_id == topic


async def test_a_caption_asks_about_its_photo(playground: Playground, group: Chat, photo: bytes):
    answer = await playground.answer_to(await playground.send_photo(group, photo, caption="/classify please"))
    assert answer.is_photo


async def test_a_caption_asks_about_its_album(playground: Playground, group: Chat, photo: bytes):
    sent = await playground.send_album(group, [photo, photo], caption="@garment_playground_bot")
    answer = await playground.answer_to(sent[0])
    assert answer.is_photo
    assert len(playground.from_bot(group)) == 1


async def test_a_command_without_a_photo_is_explained(playground: Playground, group: Chat):
    answer = await playground.answer_to(await playground.send_text(group, "/classify"))
    assert answer.text == CHINESE.basics.classify_usage


async def test_another_bots_command_is_not_ours(playground: Playground, ann: Chat, group: Chat, photo: bytes):
    sent = await playground.send_photo(group, photo, caption="/classify@other_bot")
    await silence(playground, ann, group, after=sent)


async def test_only_the_sender_of_a_photo_may_correct(playground: Playground, group: Chat, photo: bytes):
    owner, other = group.members
    sent = await playground.send_photo(group, photo, sender=owner)
    await playground.send_text(group, "/classify", sender=other, reply_to=sent)
    answer = await playground.answer_to(sent)
    before = answer.buttons
    for button in (CHINESE.buttons.right, CHINESE.buttons.correct):
        toast = await playground.answer_of(await playground.tap(answer, button, sender=other))
        assert toast["text"] == ENGLISH.toasts.not_yours
        assert toast["show_alert"]
    assert answer.buttons == before
    await playground.answer_of(await playground.tap(answer, CHINESE.buttons.correct, sender=owner))
    await playground.wait_for(lambda: answer.buttons != before)
    await playground.answer_of(await playground.tap(answer, CLASS_NAMES[6], sender=owner))
    question = await playground.next_from_bot(answer)
    assert CHINESE.corrections.in_private in question.text
    toast = await playground.answer_of(await playground.tap(question, CHINESE.buttons.consent_yes, sender=other))
    assert toast["text"] == ENGLISH.toasts.not_yours
    await playground.answer_of(await playground.tap(question, CHINESE.buttons.consent_no, sender=owner))
    await playground.wait_for(lambda: CHINESE.corrections.refused in question.text)
    assert CHINESE.corrections.in_private in question.text


async def test_an_album_gets_one_contact_sheet(playground: Playground, bea: Chat, kinds_of_photos: dict[str, bytes]):
    photos = [kinds_of_photos[kind] for kind in ("several", "one", "unsure")]
    sent = await playground.send_album(bea, photos)
    answer = await playground.answer_to(sent[0])
    assert answer.is_photo
    assert [button["text"] for button in answer.buttons] == ["1", "2", "3"]
    overview = answer.text
    await playground.answer_of(await playground.tap(answer, "2"))
    await playground.wait_for(lambda: answer.text != overview)
    assert "Photo 2" in answer.text
    assert answer.text.count("%") >= 10
    await playground.answer_of(await playground.tap(answer, ENGLISH.buttons.overview))
    await playground.wait_for(lambda: answer.text == overview)
    assert len(playground.from_bot(bea)) == 1


def kept(var: Path) -> list[tuple[int, str]]:
    with contextlib.closing(sqlite3.connect(var / "bot.sqlite3")) as store:
        return store.execute("select right_label, photo_digest from corrections").fetchall()


async def test_an_albums_photo_is_explained_and_corrected_from_its_own_buttons(
    playground: Playground, bea: Chat, kinds_of_photos: dict[str, bytes], bot: BotProcess
):
    sent = await playground.send_album(bea, [kinds_of_photos["nothing"], kinds_of_photos["one"]])
    sheet = await playground.answer_to(sent[0])
    await playground.answer_of(await playground.tap(sheet, "2"))
    await playground.wait_for(lambda: ENGLISH.buttons.why in [button["text"] for button in sheet.buttons])

    await playground.answer_of(await playground.tap(sheet, ENGLISH.buttons.why))
    (reason,) = await playground.wait_for(lambda: pictures_below(playground, sent[1]))
    assert "Why" in reason.text

    await playground.answer_of(await playground.tap(sheet, ENGLISH.buttons.correct))
    _, card = await playground.wait_for(lambda: two(pictures_below(playground, sent[1])))
    assert ENGLISH.album.opening not in [message.text for message in playground.messages(bea)]
    await playground.answer_of(await playground.tap(card, "Dress"))
    await playground.wait_for(lambda: card.text.startswith("✏️ Your correction: Dress"))
    question = await playground.next_from_bot(card)
    assert question.reply_to is sent[1]
    before = kept(bot.var)
    await playground.answer_of(await playground.tap(question, ENGLISH.buttons.consent_yes))
    await playground.wait_for(lambda: len(kept(bot.var)) == len(before) + 1)
    await forget(playground, bea)


async def test_an_albums_photo_that_was_deleted_is_told_so(playground: Playground, bea: Chat, photo: bytes):
    sent = await playground.send_album(bea, [photo, photo])
    sheet = await playground.answer_to(sent[0])
    await playground.answer_of(await playground.tap(sheet, "2"))
    await playground.wait_for(lambda: ENGLISH.buttons.why in [button["text"] for button in sheet.buttons])
    await playground.delete(sent[1])
    await playground.answer_of(await playground.tap(sheet, ENGLISH.buttons.why))
    await playground.wait_for(
        lambda: ENGLISH.faults.photo_gone in [message.text for message in playground.from_bot(bea)]
    )


def pictures_below(playground: Playground, photo: Message) -> list[Message]:
    return [message for message in playground.answers_to(photo) if message.is_photo]


def two(messages: list[Message]) -> list[Message]:
    return messages if len(messages) == 2 else []


async def test_an_album_with_a_broken_photo(playground: Playground, bea: Chat, photo: bytes):
    sent = await playground.send_album(bea, [photo, b"broken", photo], as_it_is=True)
    answer = await playground.answer_to(sent[0])
    assert [button["text"] for button in answer.buttons] == ["1", "3"]
    assert "2. I cannot read" in answer.text


async def test_ten_files_at_once(playground: Playground, bea: Chat, photo: bytes):
    sent = [await playground.send_document(bea, photo, name=f"{n}.jpg", album="77") for n in range(10)]
    answer = await playground.answer_to(sent[0])
    assert len(answer.buttons) == 10
    assert len(playground.from_bot(bea)) == 1


async def test_ten_large_files_at_once(playground: Playground, bea: Chat, photo: bytes):
    data = await asyncio.to_thread(as_large_as_a_camera_makes_it, photo)
    assert 4e6 < len(data) < MAX_BYTES
    sent = [await playground.send_document(bea, data, name=f"{n}.jpg", album="78") for n in range(10)]
    answer = await playground.answer_to(sent[0])
    assert len(answer.buttons) == 10
    assert len(playground.from_bot(bea)) == 1


def as_large_as_a_camera_makes_it(photo: bytes) -> bytes:
    """The same in twelve megapixels, with noise."""
    image = Image.open(io.BytesIO(photo)).resize((3000, 4000))
    noise = Image.effect_noise(image.size, 60).convert("RGB")
    return saved(Image.blend(image, noise, 0.2), quality=95)


async def test_sixty_photos_are_answered_and_the_rest_is_told(playground: Playground, bea: Chat, photo: bytes):
    sent = [await playground.send_photo(bea, photo) for _ in range(63)]
    await playground.wait_for(lambda: all(playground.answers_to(each) for each in sent[:60]), timeout=240)

    def left_out() -> int:
        """Of several messages where a busy machine takes seconds between two photos."""
        told = [message.text for message in playground.from_bot(bea) if "I left out" in message.text]
        return sum(int(re.search(r"I left out (\d+) photo", text)[1]) for text in told)

    await playground.wait_for(lambda: left_out() >= 3)
    assert left_out() == 3
