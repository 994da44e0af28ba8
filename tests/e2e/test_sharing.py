"""What the share button offers in another chat, to whom, and for how long it is kept."""

from pathlib import Path

import pytest

from bot.replies.texts import Language, texts
from bot.replies.words import class_name
from telegram_playground import Chat, Message, Playground
from telegram_playground.inline import InlineQuery, InlineResult
from tests.e2e.forgetting import forget
from tests.e2e.running import running

pytestmark = pytest.mark.asyncio(loop_scope="session")

ENGLISH = texts(Language.EN)
SHARE = ENGLISH.buttons.share


@pytest.fixture
def group(playground: Playground, bea: Chat) -> Chat:
    """A group that the bot is not asked in."""
    return playground.supergroup("Friends", [bea.owner])


async def offered(playground: Playground, chat: Chat, asked: str) -> tuple[InlineQuery, dict[str, InlineResult]]:
    query = playground.ask_inline(chat, asked)
    await playground.wait_for(lambda: query.results is not None)
    assert query.results is not None
    return query, query.results


async def answered(playground: Playground, chat: Chat, photo: bytes) -> Message:
    return await playground.answer_to(await playground.send_photo(chat, photo))


async def kept(playground: Playground, group: Chat) -> dict[str, InlineResult]:
    """What is offered once the answer has been kept, which happens beside sending it."""
    for _ in range(40):
        _, results = await offered(playground, group, "")
        if "answer" in results:
            return results
    raise AssertionError("the answer is not offered")


async def test_the_last_answer_is_shared_as_it_was(playground: Playground, bea: Chat, group: Chat, photo: bytes):
    card = await answered(playground, bea, photo)
    assert card.button(SHARE)["switch_inline_query"] == ""
    results = await kept(playground, group)
    assert results["answer"].title == ENGLISH.sharing.last_answer
    assert results["answer"].description == card.text.partition("\n")[0]
    query, _ = await offered(playground, group, "")
    shared = await playground.send_inline(query, "answer")
    assert (shared.text, playground.picture(shared)) == (card.text, playground.picture(card))
    assert [button["url"] for button in shared.buttons] == ["https://t.me/garment_playground_bot?start=photo"]
    answer = playground.requests.of("answerInlineQuery")[-1].params
    assert str(answer["is_personal"]).lower() == "true"
    assert str(answer["cache_time"]) == "0"


async def test_nobody_else_is_offered_it_and_forgetting_takes_it(
    playground: Playground, ann: Chat, bea: Chat, group: Chat, photo: bytes
):
    await answered(playground, bea, photo)
    await kept(playground, group)
    other = playground.supergroup("Others", [ann.owner])
    assert list(await offered_ids(playground, other)) != []
    assert "answer" not in await offered_ids(playground, other)
    privacy = await playground.next_from_bot(await playground.send_text(bea, "/privacy"))
    assert "last answer" in privacy.text
    await forget(playground, bea)
    assert "answer" not in await offered_ids(playground, group)


async def offered_ids(playground: Playground, chat: Chat) -> list[str]:
    return list((await offered(playground, chat, ""))[1])


async def test_another_garment_is_the_last_answer_then(playground: Playground, bea: Chat, group: Chat, dressed: bytes):
    card = await answered(playground, bea, dressed)
    await kept(playground, group)
    before = card.text
    await playground.answer_of(await playground.tap(card, "2 "))
    await playground.wait_for(lambda: card.text != before)
    assert card.button(SHARE)
    query, _ = await offered(playground, group, "")
    shared = await playground.send_inline(query, "answer")
    assert shared.text in (before, card.text)


async def test_a_test_image_that_was_shown_goes_as_a_picture(playground: Playground, bea: Chat, group: Chat):
    sample = await playground.next_from_bot(await playground.send_text(bea, "/sample 77"))
    assert sample.button(SHARE)["switch_inline_query"] == "77"
    query, results = await offered(playground, group, "77")
    assert list(results) == ["image-76"]
    shared = await playground.send_inline(query, "image-76")
    assert (shared.text, playground.picture(shared)) == (sample.text, playground.picture(sample))
    assert [button["url"] for button in shared.buttons] == ["https://t.me/garment_playground_bot?start=sample_77"]


async def test_a_random_one_is_one_that_was_shown(playground: Playground, bea: Chat, group: Chat):
    await playground.next_from_bot(await playground.send_text(bea, "/sample 77"))
    _, results = await offered(playground, group, "anything")
    (result,) = results.values()
    assert result.photo is not None


async def test_one_that_was_not_goes_as_words(playground: Playground, bea: Chat, group: Chat):
    query, results = await offered(playground, group, "78")
    assert results["image-77"].photo is None
    shared = await playground.send_inline(query, "image-77")
    assert shared.text.startswith("Test image 78")
    assert "Actual: " in shared.text


@pytest.mark.parametrize("asked", ["bag", "包包", "8 "])
async def test_one_of_a_class(playground: Playground, group: Chat, asked: str):
    _, results = await offered(playground, group, asked)
    (result,) = results.values()
    if asked.strip() == "8":
        assert result.title.endswith(" 8"), "a number is an image's"
    else:
        assert result.description.endswith(class_name(8, Language.EN))


@pytest.mark.parametrize("asked", ["10001", "hat", "<b>&", "9" * 256])
async def test_whatever_is_asked_something_is_offered(playground: Playground, group: Chat, asked: str):
    query, results = await offered(playground, group, asked)
    assert len(results) == 1
    assert query.button is not None
    assert query.button["text"] == ENGLISH.sharing.send_photo


async def test_a_shared_card_is_no_photo_of_clothes(playground: Playground, bea: Chat, photo: bytes):
    await playground.next_from_bot(await playground.send_text(bea, "/sample 77"))
    query, _ = await offered(playground, bea, "77")
    answer = await playground.next_from_bot(await playground.send_inline(query, "image-76"))
    assert answer.text == ENGLISH.basics.other


async def test_what_is_covered_or_in_a_group_has_no_button(playground: Playground, bea: Chat, photo: bytes):
    covered = await playground.answer_to(await playground.send_photo(bea, photo, covered=True))
    group = playground.supergroup("Wardrobe", [bea.owner])
    public = await playground.answer_to(await playground.send_photo(group, photo, caption="/classify"))
    for answer in (covered, public):
        assert SHARE not in [button["text"] for button in answer.buttons]


async def test_where_the_mode_is_off_there_is_no_button_and_nothing_is_kept(tmp_path: Path, photo: bytes):
    async with Playground(port=0) as playground:
        playground.state.inline_mode = False
        bea = playground.private(playground.person("Bea", language_code="en"))
        async with running(playground, tmp_path):
            for answer in (
                await answered(playground, bea, photo),
                await playground.next_from_bot(await playground.send_text(bea, "/sample")),
            ):
                assert answer.is_photo
                assert SHARE not in [button["text"] for button in answer.buttons]
            nothing = await playground.next_from_bot(await playground.send_text(bea, "/forget"))
            assert nothing.text == ENGLISH.corrections.nothing_to_forget
