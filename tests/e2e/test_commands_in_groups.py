"""What a group may ask beside /classify, and what belongs into the private chat."""

import re

import pytest

from bot.replies.texts import Language, texts
from bot.replies.texts.learn import learn_texts
from telegram_playground import Chat, Message, Playground

pytestmark = pytest.mark.asyncio(loop_scope="session")

CHINESE = texts(Language.ZH_HANT)
LEARN = learn_texts(Language.ZH_HANT)


@pytest.fixture
def group(playground: Playground, ann: Chat, bea: Chat) -> Chat:
    return playground.supergroup("Wardrobe", [ann.owner, bea.owner], topics=["Shirts"])


def links(message: Message) -> list[str]:
    return [entity["url"] for entity in message.body.get("entities", ()) if entity["type"] == "text_link"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("/sample 42", "第 42 張"),
        ("/sample@garment_playground_bot", "預測"),
        ("/gallery 包包", "包包的測試圖片"),
        ("/accuracy", "這個模型有多準"),
        ("/learn 9", LEARN.softmax.title),
    ],
)
async def test_a_group_gets_the_same_reply(playground: Playground, group: Chat, asked: str, said: str):
    topic = next(iter(group.topics))
    answer = await playground.answer_to(await playground.send_text(group, asked, topic=topic))
    assert answer.is_photo
    assert said in answer.text
    assert answer.thread_id == topic


async def test_what_hangs_below_works_for_everybody(playground: Playground, group: Chat):
    step = await playground.answer_to(await playground.send_text(group, "/learn 9"))
    before = step.text
    await playground.answer_of(await playground.tap(step, CHINESE.buttons.learn_next, sender=group.members[1]))
    await playground.wait_for(lambda: step.text != before)
    sheet = await playground.answer_to(await playground.send_text(group, "/gallery 8"))
    await playground.answer_of(await playground.tap(sheet, "3", sender=group.members[1]))
    await playground.wait_for(lambda: "Actual: Bag" in sheet.text)


async def test_the_course_takes_a_photo_and_a_number_there(playground: Playground, group: Chat, photo: bytes):
    step = await playground.answer_to(await playground.send_text(group, "/learn flatten"))
    answer = await playground.answer_to(await playground.send_photo(group, photo, reply_to=step))
    assert answer.text.startswith(LEARN.flatten.title)
    neuron = await playground.answer_to(await playground.send_text(group, "/learn neuron"))
    answer = await playground.answer_to(await playground.send_text(group, "7", reply_to=neuron))
    assert answer.is_photo


@pytest.mark.parametrize("command", ["start", "language", "privacy", "forget"])
async def test_what_is_private_says_so_with_a_link_that_asks_there(
    playground: Playground, ann: Chat, group: Chat, command: str
):
    answer = await playground.answer_to(await playground.send_text(group, f"/{command}@garment_playground_bot"))
    assert answer.text == CHINESE.basics.only_in_private.format(command=command, link=CHINESE.basics.open_private)
    (link,) = links(answer)
    assert link == f"https://t.me/garment_playground_bot?start={command}"
    opened = await playground.next_from_bot(await playground.send_text(ann, f"/start {command}"))
    asked = await playground.next_from_bot(await playground.send_text(ann, f"/{command}"))
    assert opened.text == asked.text


async def test_only_admins_hear_of_their_commands(playground: Playground, ann: Chat, admin, bot):
    group = playground.supergroup("Admins", [admin, ann.owner])
    await playground.send_text(group, "/status", sender=ann.owner)
    answer = await playground.answer_to(await playground.send_text(group, "/status", sender=admin))
    assert "/status" in answer.text
    assert links(answer)
    assert len(playground.from_bot(group)) == 1


@pytest.mark.parametrize("words", ["@garment_playground_bot", "what do you say, @Garment_Playground_Bot?"])
async def test_a_mention_without_a_photo_is_answered(playground: Playground, group: Chat, words: str):
    answer = await playground.answer_to(await playground.send_text(group, words))
    assert answer.text == CHINESE.basics.classify_usage


@pytest.mark.parametrize("album", [False, True])
async def test_a_photo_in_reply_to_the_bot_is_answered(playground: Playground, group: Chat, photo: bytes, album: bool):
    said = await playground.answer_to(await playground.send_text(group, "/help"))
    sent = await playground.send_photo(group, photo, reply_to=said, album="4711" if album else None)
    if album:
        await playground.send_photo(group, photo, reply_to=said, album="4711")
    answer = await playground.answer_to(sent)
    assert answer.is_photo
    assert [message for message in playground.from_bot(group) if message.is_photo] == [answer]


async def test_the_bots_own_card_is_no_photo_to_ask_about(playground: Playground, group: Chat, photo: bytes):
    card = await playground.answer_to(await playground.send_photo(group, photo, caption="/classify"))
    answer = await playground.answer_to(await playground.send_text(group, "/classify", reply_to=card))
    assert answer.text == CHINESE.basics.classify_usage


@pytest.mark.parametrize("words", ["again please", "再看一次"])
async def test_a_reply_in_private_to_ones_own_photo_means_that_photo(
    playground: Playground, ann: Chat, photo: bytes, words: str
):
    sent = await playground.send_photo(ann, photo)
    first = await playground.answer_to(sent)
    await playground.send_text(ann, words, reply_to=sent)
    (again,) = await playground.wait_for(
        lambda: [message for message in playground.answers_to(sent) if message is not first]
    )
    assert again.text == first.text
    answer = await playground.next_from_bot(await playground.send_text(ann, words, reply_to=again))
    assert answer.text == CHINESE.basics.unknown_text, "the bot's own picture is not meant"


async def test_a_reply_in_private_to_a_photo_elsewhere_means_that_photo(
    playground: Playground, ann: Chat, photo: bytes
):
    shop = playground.supergroup("Shop", [ann.owner])
    shown = await playground.send_photo(shop, photo)
    asked = await playground.send_text(ann, "and this?", reply_elsewhere=shown)
    assert (await playground.answer_to(asked)).is_photo


LIVE = {"file_id": "movie", "file_unique_id": "movie", "width": 640, "height": 480, "duration": 3}


@pytest.mark.parametrize("how", ["alone", "album", "elsewhere", "group"])
async def test_a_live_photo_is_answered_like_a_photo(
    playground: Playground, ann: Chat, group: Chat, photo: bytes, how: str
):
    still = (await playground.send_photo(playground.supergroup("Shop", [ann.owner]), photo)).body["photo"]
    live = {"live_photo": {**LIVE, "photo": still}}
    if how == "alone":
        sent = await playground.send_service(ann, live)
    elif how == "album":
        sent = await playground.send_photo(ann, photo, album="4712")
        await playground.send_service(ann, live | {"media_group_id": "4712"})
    elif how == "group":
        command = {"type": "bot_command", "offset": 0, "length": 9}
        sent = await playground.send_service(group, live | {"caption": "/classify", "caption_entities": [command]})
    else:
        shown = await playground.send_service(playground.supergroup("Shop", [ann.owner]), live)
        sent = await playground.send_text(ann, "/classify", reply_elsewhere=shown)
    answer = await playground.answer_to(sent)
    assert answer.is_photo
    if how == "album":
        assert re.findall(r"^\d\.", answer.text, re.MULTILINE) == ["1.", "2."]


async def test_a_link_that_nobody_knows_is_start(playground: Playground, ann: Chat):
    hello = await playground.next_from_bot(await playground.send_text(ann, "/start"))
    for payload in ("nonsense", "a" * 64, "status", "learn 9", "-", "學"):
        answer = await playground.next_from_bot(await playground.send_text(ann, f"/start {payload}"))
        assert answer.text == hello.text, payload
