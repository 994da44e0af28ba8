"""Photos under a spoiler, among videos, in another chat, forwarded: each gets its one answer."""

import asyncio
from typing import Any

import pytest

from bot.replies.texts import Language, texts
from telegram_playground import Chat, Message, Playground
from telegram_playground.state import CHANNEL_BOT

pytestmark = pytest.mark.asyncio(loop_scope="session")

CHINESE = texts(Language.ZH_HANT)


def is_covered(message: Message) -> bool:
    return message.is_photo and message.body.get("has_media_spoiler") is True


async def only_answer(playground: Playground, chat: Chat, *, after: Message) -> Message:
    """The one message that the bot has sent, and no other."""
    await playground.next_from_bot(after)
    await asyncio.sleep(2)
    (answer,) = playground.from_bot(chat, after=after)
    return answer


async def test_the_answer_to_a_covered_photo_is_covered_and_so_is_all_that_follows(
    playground: Playground, ann: Chat, photo: bytes, garment_photos: dict[str, bytes]
):
    answer = await playground.answer_to(await playground.send_photo(ann, photo, covered=True))
    assert is_covered(answer)
    await playground.tap(answer, CHINESE.buttons.why)
    assert is_covered(await playground.answer_to(answer))
    await playground.tap(answer, CHINESE.buttons.correct)
    await playground.wait_for(lambda: len(answer.buttons) > 10)
    assert is_covered(answer)
    uncovered = await playground.answer_to(await playground.send_photo(ann, photo))
    assert not is_covered(uncovered)


async def test_another_garment_of_a_covered_photo_is_covered(playground: Playground, ann: Chat, dressed: bytes):
    answer = await playground.answer_to(await playground.send_photo(ann, dressed, covered=True))
    before = answer.text
    await playground.tap(answer, answer.buttons[-1]["text"])
    await playground.wait_for(lambda: answer.text != before)
    assert is_covered(answer)


async def test_one_covered_photo_covers_the_album(playground: Playground, ann: Chat, photo: bytes):
    first = await playground.send_photo(ann, photo, album="801")
    await playground.send_photo(ann, photo, album="801", covered=True)
    answer = await playground.answer_to(first)
    assert is_covered(answer)
    before = answer.text
    await playground.tap(answer, "2")
    await playground.wait_for(lambda: answer.text != before)
    assert is_covered(answer)


async def test_a_step_of_the_course_about_a_covered_photo_is_covered(playground: Playground, ann: Chat, photo: bytes):
    sent = await playground.send_photo(ann, photo, covered=True)
    await playground.answer_to(sent)
    await playground.send_text(ann, "/learn", reply_to=sent)
    step = (await playground.wait_for(lambda: playground.answers_to(sent)[1:]))[0]
    for name in ("data", "pixels"):
        assert not is_covered(step), "no step before shows the photo"
        following = f"v1:learn:{name}"
        await playground.tap(step, following)
        await playground.wait_for(
            lambda followed=following: all(button["callback_data"] != followed for button in step.buttons)
        )
    assert is_covered(step)


@pytest.mark.parametrize("order", ["vpp", "pvp", "ppv", "vvp", "pv"])
async def test_an_album_with_videos_gets_one_answer_that_says_so(
    playground: Playground, ann: Chat, photo: bytes, order: str
):
    before = await playground.send_text(ann, "/help")
    before = await playground.next_from_bot(before)
    sent = []
    for part in order:
        if part == "v":
            sent.append(await playground.send_other(ann, "video", album=f"{order}1"))
        else:
            sent.append(await playground.send_photo(ann, photo, album=f"{order}1"))
    answer = await only_answer(playground, ann, after=before)
    assert answer.is_photo
    assert answer.reply_to is sent[order.index("p")]
    videos = CHINESE.units.videos.of(order.count("v"))
    assert CHINESE.album.videos_left_out.format(videos=videos) in answer.text.replace("\u2009", "")
    assert [button["text"] for button in answer.buttons] == [str(n + 1) for n in range(order.count("p"))]


async def test_an_album_of_videos_gets_one_helpful_line(playground: Playground, ann: Chat):
    first = await playground.send_other(ann, "video", album="802")
    await playground.send_other(ann, "video", album="802")
    answer = await only_answer(playground, ann, after=first)
    assert answer.text == CHINESE.basics.video


async def test_the_caption_of_a_video_asks_about_its_album_in_a_group(
    playground: Playground, ann: Chat, bea: Chat, photo: bytes
):
    group = playground.supergroup("Wardrobe", [ann.owner, bea.owner])
    first = await playground.send_other(group, "video", album="803", caption="/classify")
    await playground.send_photo(group, photo, album="803")
    answer = await only_answer(playground, group, after=first)
    assert answer.is_photo
    unasked = await playground.send_other(group, "video", album="804")
    await playground.send_photo(group, photo, album="804")
    await asyncio.sleep(3)
    assert playground.from_bot(group, after=unasked) == []


async def test_photos_and_files_in_one_album(playground: Playground, ann: Chat, photo: bytes):
    first = await playground.send_photo(ann, photo, album="805")
    await playground.send_document(ann, photo, album="805")
    answer = await playground.answer_to(first)
    assert [button["text"] for button in answer.buttons] == ["1", "2"]


@pytest.mark.parametrize("where", ["group", "private"])
@pytest.mark.parametrize("as_file", [False, True])
async def test_a_reply_to_a_photo_in_another_chat_is_answered(
    playground: Playground, ann: Chat, bea: Chat, photo: bytes, where: str, as_file: bool
):
    elsewhere = playground.supergroup("Shop", [bea.owner, ann.owner])
    if as_file:
        shown = await playground.send_document(elsewhere, photo)
    else:
        shown = await playground.send_photo(elsewhere, photo, covered=True)
    chat = ann if where == "private" else playground.supergroup("Wardrobe", [ann.owner, bea.owner])
    asked = await playground.send_text(chat, "/classify", sender=ann.owner, reply_elsewhere=shown)
    answer = await playground.answer_to(asked)
    assert answer.is_photo
    assert is_covered(answer) is not as_file
    await playground.tap(answer, CHINESE.buttons.why, sender=ann.owner)
    assert (await playground.answer_to(answer)).is_photo
    if where == "group":  # Bea sent the photo, and Ann only asked
        toast = await playground.answer_of(await playground.tap(answer, CHINESE.buttons.correct, sender=ann.owner))
        assert toast["text"] == CHINESE.toasts.not_yours
        before = answer.buttons
        await playground.tap(answer, CHINESE.buttons.correct, sender=bea.owner)
        await playground.wait_for(lambda: answer.buttons != before)


STORY: dict[str, Any] = {"story": {"chat": {"id": 5, "type": "private", "first_name": "Cy"}, "id": 3}}
PAID: dict[str, Any] = {"paid_media": {"star_count": 5, "paid_media": [{"type": "preview", "width": 9, "height": 9}]}}


@pytest.mark.parametrize(("content", "line"), [(STORY, "story"), (PAID, "paid_media")])
async def test_stories_and_paid_media_get_a_helpful_line(
    playground: Playground, ann: Chat, content: dict[str, Any], line: str
):
    expected = getattr(CHINESE.basics, line)
    sent = await playground.send_service(ann, content)
    assert (await playground.next_from_bot(sent)).text == expected
    asked = await playground.send_text(ann, "/classify", reply_to=sent)
    assert (await playground.next_from_bot(asked)).text == expected
    group = playground.supergroup("Wardrobe", [ann.owner])
    origin = {"type": "hidden_user", "date": 1, "sender_user_name": "Cy"}
    asked = await playground.send_service(
        group,
        {
            "text": "/classify",
            "entities": [{"type": "bot_command", "offset": 0, "length": 9}],
            "external_reply": {"origin": origin, **content},
        },
    )
    assert (await playground.answer_to(asked)).text == expected


@pytest.mark.parametrize(
    "extra",
    [
        {"forward_origin": {"type": "hidden_user", "date": 1, "sender_user_name": "Cy"}},
        {"via_bot": CHANNEL_BOT.api()},
        {"show_caption_above_media": True},
        {"quote": {"text": "nice", "position": 0}},
    ],
    ids=lambda extra: next(iter(extra)),
)
async def test_however_a_photo_came_it_is_answered(
    playground: Playground, ann: Chat, photo: bytes, extra: dict[str, Any]
):
    like = await playground.send_photo(ann, photo)
    await playground.answer_to(like)
    sent = await playground.send_service(ann, {"photo": like.body["photo"], **extra})
    assert (await playground.answer_to(sent)).is_photo
