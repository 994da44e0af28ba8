import io

import pytest
from PIL import Image

from bot.replies.texts import Language, texts
from telegram_playground import Chat, Playground

pytestmark = pytest.mark.asyncio(loop_scope="session")

ENGLISH = texts(Language.EN)


async def test_why_shows_a_heat_map_and_says_it_in_words(playground: Playground, bea: Chat, photo: bytes):
    sent = await playground.send_photo(bea, photo)
    answer = await playground.answer_to(sent)
    await playground.answer_of(await playground.tap(answer, ENGLISH.buttons.why))
    reason = await playground.next_from_bot(answer)
    assert reason.reply_to is answer
    assert "%" in reason.text
    assert min(Image.open(io.BytesIO(playground.picture(reason))).size) > 400
    assert len(playground.answers_to(sent)) == 1


async def test_why_of_a_button_from_an_earlier_model_says_so(playground: Playground, bea: Chat, photo: bytes):
    answer = await playground.answer_to(await playground.send_photo(bea, photo))
    data = answer.button(ENGLISH.buttons.why)["callback_data"]
    earlier = data[: len("v1:why:")] + "AAAAAA" + data[len("v1:why:AAAAAA") :]
    tap = await playground.tap(answer, earlier, forged=True)
    assert (await playground.answer_of(tap))["text"] == ENGLISH.toasts.model_changed
    reason = await playground.next_from_bot(answer)
    assert ENGLISH.photo.model_changed in reason.text


async def test_why_of_an_unsure_answer_is_about_both_candidates(
    playground: Playground, bea: Chat, kinds_of_photos: dict[str, bytes]
):
    answer = await playground.answer_to(await playground.send_photo(bea, kinds_of_photos["unsure"]))
    names = [button["text"].removeprefix("✅ ") for button in answer.buttons[:2]]
    await playground.answer_of(await playground.tap(answer, ENGLISH.buttons.why))
    reason = await playground.next_from_bot(answer)
    assert reason.text.split("\n")[0] == f"{names[0]} or {names[1]}?"
