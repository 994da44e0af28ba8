import re

import pytest

from bot.course.steps import STEPS
from bot.replies.texts import Language, texts
from bot.replies.texts.code import code_texts
from bot.replies.texts.learn import learn_texts
from telegram_playground import Chat, Message, Playground
from tests.e2e.forgetting import forget

pytestmark = pytest.mark.asyncio(loop_scope="session")

ENGLISH, CHINESE = texts(Language.EN), texts(Language.ZH_HANT)
CODE_EN = code_texts(Language.EN)
LEARN_EN, LEARN_ZH = learn_texts(Language.EN), learn_texts(Language.ZH_HANT)


async def tapped(playground: Playground, message: Message, button: str) -> Message:
    """Tap a button and wait until the message has changed."""
    before = message.text
    await playground.answer_of(await playground.tap(message, button))
    await playground.wait_for(lambda: message.text != before)
    return message


async def test_starts_button_opens_the_course(playground: Playground, ann: Chat):
    hello = await playground.next_from_bot(await playground.send_text(ann, "/start"))
    await playground.answer_of(await playground.tap(hello, CHINESE.buttons.learn))
    step = await playground.next_from_bot(hello)
    assert step.is_photo
    assert step.text.startswith(LEARN_ZH.rules.title)


async def test_the_whole_course_in_one_message(playground: Playground, bea: Chat):
    step = await playground.next_from_bot(await playground.send_text(bea, "/learn"))
    pictures = set()
    for number, expected in enumerate(STEPS, start=1):
        pictures.add(playground.picture(step))
        assert step.text.startswith(f"{expected.words(LEARN_EN).title}\nStep {number} of {len(STEPS)}\n")
        assert "In the picture:" in step.text
        labels = [button["text"] for button in step.buttons]
        assert (ENGLISH.buttons.learn_try in labels) == expected.takes_photo
        assert (ENGLISH.buttons.learn_back in labels) == (number > 1)
        if number < len(STEPS):
            await tapped(playground, step, ENGLISH.buttons.learn_next)
    assert len(pictures) == len(STEPS)
    await tapped(playground, step, ENGLISH.buttons.learn_back)
    assert step.text.startswith(LEARN_EN.clicking.title)
    await tapped(playground, step, ENGLISH.buttons.learn_next)
    await tapped(playground, step, ENGLISH.buttons.learn_again)
    assert step.text.startswith(LEARN_EN.rules.title)
    assert len(playground.from_bot(bea)) == 1


async def test_try_asks_for_a_photo_and_goes_on_with_it(playground: Playground, bea: Chat, photo: bytes):
    first = await playground.next_from_bot(await playground.send_text(bea, "/learn"))
    await tapped(playground, first, ENGLISH.buttons.learn_next)
    await tapped(playground, first, ENGLISH.buttons.learn_next)
    await playground.answer_of(await playground.tap(first, ENGLISH.buttons.learn_try))
    asked = await playground.next_from_bot(first)
    assert asked.reply_to is first
    assert asked.reply_markup == {"force_reply": True, "selective": True}
    step = await playground.answer_to(await playground.send_photo(bea, photo, reply_to=asked))
    assert step.text.startswith(LEARN_EN.pixels.title)
    assert "your photo" in step.text
    labels = [button["text"] for button in step.buttons]
    assert ENGLISH.buttons.learn_try not in labels
    assert ENGLISH.buttons.learn_other in labels
    await tapped(playground, step, ENGLISH.buttons.learn_next)
    assert step.text.startswith(LEARN_EN.normalise.title)
    assert "your photo" in step.text, "the photo stays"
    await tapped(playground, step, ENGLISH.buttons.learn_next)
    assert "your photo" not in step.text, "a step that is not about pictures"


async def test_a_photo_in_reply_to_a_step_needs_no_question(playground: Playground, ann: Chat, photo: bytes):
    first = await playground.next_from_bot(await playground.send_text(ann, "/learn"))
    step = await playground.answer_to(await playground.send_photo(ann, photo, reply_to=first))
    assert step.text.startswith(LEARN_ZH.pixels.title), "the first step that can be about a photo"
    assert "你的照片" in step.text


async def test_learn_in_reply_to_a_photo_is_about_it(playground: Playground, bea: Chat, photo: bytes):
    mine = await playground.send_photo(bea, photo)
    answer = await playground.answer_to(mine)
    await playground.send_text(bea, "/learn", reply_to=mine)
    await playground.wait_for(lambda: len(playground.answers_to(mine)) == 2)
    step = next(each for each in playground.answers_to(mine) if each is not answer)
    await tapped(playground, step, ENGLISH.buttons.learn_next)
    await tapped(playground, step, ENGLISH.buttons.learn_next)
    assert "your photo" in step.text


async def test_a_photo_in_reply_to_something_else_is_recognised(playground: Playground, bea: Chat, photo: bytes):
    hello = await playground.next_from_bot(await playground.send_text(bea, "/start"))
    answer = await playground.answer_to(await playground.send_photo(bea, photo, reply_to=hello))
    assert ENGLISH.buttons.right in [button["text"] for button in answer.buttons]


async def test_a_file_that_is_no_image_is_explained(playground: Playground, bea: Chat):
    first = await playground.next_from_bot(await playground.send_text(bea, "/learn"))
    mine = await playground.send_document(bea, b"no image at all", name="notes.txt", reply_to=first)
    answer = await playground.answer_to(mine)
    assert answer.text == ENGLISH.problems.not_an_image


@pytest.mark.parametrize("data", ["v1:learn:nowhere", "v1:try:nowhere"])
async def test_a_step_that_is_no_more(playground: Playground, bea: Chat, data: str):
    first = await playground.next_from_bot(await playground.send_text(bea, "/learn"))
    answer = await playground.answer_of(await playground.tap(first, data, forged=True))
    assert answer["text"] == ENGLISH.toasts.outdated
    assert answer["show_alert"]


async def test_every_figure_of_the_result_step_is_the_live_models(playground: Playground, bea: Chat):
    first = await playground.next_from_bot(await playground.send_text(bea, "/learn"))
    await playground.answer_of(await playground.tap(first, "v1:learn:result", forged=True))
    await playground.wait_for(lambda: first.text.startswith(LEARN_EN.result.title))
    shares = [float(share) for share in re.findall(r"\d: ([\d.]+)%", first.text)]
    assert len(shares) == 10
    assert sum(shares) == pytest.approx(100, abs=0.01)
    assert "argmax finds it: 9, which is Ankle boot" in first.text


async def test_a_step_by_number_name_and_link(playground: Playground, bea: Chat):
    for asked in ("/learn 9", "/learn softmax", "/start learn_9", "/start learn_softmax"):
        step = await playground.next_from_bot(await playground.send_text(bea, asked))
        assert step.text.startswith(LEARN_EN.softmax.title), asked
    again = await playground.next_from_bot(await playground.send_text(bea, "/learn"))
    assert again.text.startswith(LEARN_EN.softmax.title), "it goes on where one was"
    linked = await playground.next_from_bot(await playground.send_text(bea, "/start learn"))
    assert linked.text.startswith(LEARN_EN.softmax.title)


async def test_a_step_that_there_is_not(playground: Playground, bea: Chat):
    answer = await playground.next_from_bot(await playground.send_text(bea, "/learn 99"))
    assert "no step “99”" in answer.text
    assert f"18. {LEARN_EN.photos.title}" in answer.text
    await playground.answer_of(await playground.tap(answer, "3"))
    step = await playground.next_from_bot(answer)
    assert step.text.startswith(LEARN_EN.pixels.title)


async def test_contents_lead_to_every_step_and_back(playground: Playground, bea: Chat):
    step = await playground.next_from_bot(await playground.send_text(bea, "/learn 4"))
    await tapped(playground, step, ENGLISH.buttons.learn_contents)
    assert step.is_photo, "the picture stays"
    assert f"1. {LEARN_EN.rules.title}" in step.text
    await tapped(playground, step, ENGLISH.buttons.learn_to_step.format(number=4))
    assert step.text.startswith(LEARN_EN.normalise.title)
    await tapped(playground, step, ENGLISH.buttons.learn_contents)
    await tapped(playground, step, "17")
    assert step.text.startswith(LEARN_EN.clicking.title)


async def test_code_and_files(playground: Playground, bea: Chat):
    step = await playground.next_from_bot(await playground.send_text(bea, "/learn tflite"))
    await playground.answer_of(await playground.tap(step, ENGLISH.buttons.learn_code))
    code = await playground.next_from_bot(step)
    assert code.reply_to is step
    assert "interpreter.get_input_details()" in code.text
    assert "[ 1 28 28] <class 'numpy.float32'>" in code.text
    await playground.answer_of(await playground.tap(code, ENGLISH.buttons.learn_notebook))
    notebook = await playground.next_from_bot(code)
    assert notebook.text == CODE_EN.notebook_sent
    await playground.answer_of(await playground.tap(code, ENGLISH.buttons.learn_tflite))
    network = await playground.next_from_bot(notebook)
    assert "87.6%" in network.text


async def test_the_photo_just_sent_is_taken_and_can_be_changed(playground: Playground, bea: Chat, photo: bytes):
    mine = await playground.send_photo(bea, photo)
    answer = await playground.answer_to(mine)
    await playground.send_text(bea, "/learn 3")
    await playground.wait_for(lambda: len(playground.answers_to(mine)) == 2)
    step = next(each for each in playground.answers_to(mine) if each is not answer)
    assert step.text.startswith(LEARN_EN.pixels.title)
    assert "your photo" in step.text
    await playground.answer_of(await playground.tap(step, ENGLISH.buttons.learn_other))
    asked = await playground.next_from_bot(step)
    other = await playground.send_photo(bea, photo, reply_to=asked)
    changed = await playground.answer_to(other)
    assert changed.text.startswith(LEARN_EN.pixels.title)
    assert changed.reply_to is other


async def test_the_neuron_is_asked_about_ones_own_x(playground: Playground, bea: Chat):
    step = await playground.next_from_bot(await playground.send_text(bea, "/learn neuron"))
    answer = await playground.answer_to(await playground.send_text(bea, "-7.5", reply_to=step))
    assert "Asked for X = −7.5, which it never saw" in answer.text
    assert "the truth is −14." in answer.text
    known = await playground.answer_to(await playground.send_text(bea, "3", reply_to=step))
    assert "X = 3, which it has seen" in known.text
    for bad in ("seven", "1e99", "nan", "12 000 000"):
        refused = await playground.answer_to(await playground.send_text(bea, bad, reply_to=step))
        assert refused.text == ENGLISH.learn.no_number


async def test_forgetting_begins_the_course_again(playground: Playground, bea: Chat):
    await playground.next_from_bot(await playground.send_text(bea, "/learn 9"))
    await forget(playground, bea)
    step = await playground.next_from_bot(await playground.send_text(bea, "/learn"))
    assert step.text.startswith(LEARN_EN.rules.title)
