import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from telegram import Chat, Message, PhotoSize, User

from bot.course.recorded_runs import Lessons
from bot.course.steps import STEPS, Step, heading, prompt
from bot.datasets import DataError, Split, TestImages
from bot.handlers import course
from bot.handlers.course_pictures import RECORDED, CoursePictures
from bot.replies.callback_data import parse
from bot.replies.callback_data.actions import LearnCode, LearnContents, LearnStep, LearnTry
from bot.replies.texts import Language
from bot.replies.texts.learn import learn_texts
from bot.vision.interpreter import ModelError, NoModelError
from tests.handlers.given import given

BOT, ANN = User(1, "Bot", True), User(2, "Ann", False)
PHOTO = (PhotoSize("file", "unique", 640, 480),)


def message(*, sender: User = ANN, **fields: Any) -> Message:
    made = Message(5, datetime.datetime.now(datetime.UTC), Chat(2, Chat.PRIVATE), from_user=sender, **fields)
    bot = SimpleNamespace(id=BOT.id)
    made.set_bot(bot)  # type: ignore[arg-type]
    if made.reply_to_message is not None:
        made.reply_to_message.set_bot(bot)  # type: ignore[arg-type]
    return made


def plain(text: str) -> str:
    return text.replace("<b>", "").replace("</b>", "")


class Models:
    """A models folder without a model."""

    def live(self) -> Any:
        raise NoModelError("no model")


def without_model(**services: Any) -> CoursePictures:
    return given(CoursePictures, models=Models(), recognizer=SimpleNamespace(recognize=None), **services)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
@pytest.mark.parametrize("language", list(Language))
def test_a_photo_that_answers_a_step_tries_it(step: Step, language: Language) -> None:
    for ours in (
        message(sender=BOT, photo=PHOTO, caption=plain(heading(step, language)) + "\n\n…"),
        message(sender=BOT, text=plain(prompt(step, language))),
        message(sender=BOT, photo=PHOTO, caption=plain(heading(step, language)).replace("\n", " (") + ")\n\n…"),
    ):
        tried = course.step_answered(message(photo=PHOTO, reply_to_message=ours))
        assert tried is not None
        assert tried.takes_photo
        assert STEPS.index(tried) >= STEPS.index(step)
        assert course.TRIES_A_STEP.filter(message(photo=PHOTO, reply_to_message=ours))
        assert not course.TRIES_A_STEP.filter(message(text="hello", reply_to_message=ours))
        album = message(photo=PHOTO, reply_to_message=ours, media_group_id="7")
        assert not course.TRIES_A_STEP.filter(album), "an album is answered as an album"


def test_other_photos_try_nothing() -> None:
    title = plain(heading(STEPS[2], Language.EN))
    assert course.step_answered(message(photo=PHOTO)) is None
    assert course.step_answered(message(photo=PHOTO, reply_to_message=message(text=title))) is None, "not the bot's"
    other = message(sender=BOT, photo=PHOTO, caption="Coat 87.3%")
    assert course.step_answered(message(photo=PHOTO, reply_to_message=other)) is None


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_nothing_at_hand_is_a_clear_line(step: Step, language: Language, tmp_path: Path) -> None:
    picture = without_model(recorded=tmp_path).drawn(step, None, None, language)
    frame = learn_texts(language).frame
    lines = (frame.no_test_images, frame.no_records, frame.no_model)
    assert picture.image.startswith(b"\xff\xd8")
    if step.name == "neuron":
        return
    assert any(line in picture.caption for line in lines)
    explained = picture.caption.split("\n\n")[1:-1]
    assert len("".join(explained)) > 60, "the step still says its text"
    assert "{" not in picture.caption


@pytest.mark.parametrize("language", list(Language))
def test_a_model_that_fails_is_a_clear_line(language: Language) -> None:
    def recognize(_: bytes) -> Any:
        raise ModelError("the interpreter fails")

    test = TestImages.all_of(Split(np.zeros((1, 28, 28), np.uint8), np.zeros(1, np.uint8)))
    live = SimpleNamespace(live=lambda: SimpleNamespace(card=None, card_matches=False))
    at_hand = given(CoursePictures, models=live, recognizer=SimpleNamespace(recognize=recognize))
    picture = at_hand.drawn(STEPS[-1], test, None, language)
    assert learn_texts(language).frame.no_model in picture.caption


@pytest.mark.parametrize("place", range(len(STEPS)))
def test_buttons_lead_back_and_on(place: int, tmp_path: Path) -> None:
    step = STEPS[place]
    picture = without_model(recorded=tmp_path).drawn(step, None, None, Language.EN)
    assert picture.keyboard is not None
    actions = [parse(str(button.callback_data)) for row in picture.keyboard.inline_keyboard for button in row]
    assert (LearnTry(step.name) in actions) == step.takes_photo
    assert LearnCode(step.name) in actions
    assert LearnContents(step.name) in actions
    if place > 0:
        assert LearnStep(STEPS[place - 1].name) in actions
    if place + 1 < len(STEPS):
        assert LearnStep(STEPS[place + 1].name) in actions
    else:
        assert LearnStep("start") in actions


async def test_the_course_goes_on_without_test_images() -> None:
    class TestSet:
        async def images(self) -> Any:
            raise DataError("the test images are missing")

    class Executors:
        async def draw(self, work: Any) -> Any:
            return work()

    at_hand = without_model(test_set=TestSet(), executors=Executors())
    picture = await at_hand.step_picture(STEPS[1], None, Language.EN)
    assert learn_texts(Language.EN).frame.no_test_images in picture.caption


def test_the_records_come_with_the_project() -> None:
    assert RECORDED.name == "lesson"
    lessons = Lessons.read(RECORDED)
    assert lessons.short is not None
    assert lessons.network is not None


@pytest.mark.parametrize(
    ("text", "x"),
    [("7", 7), (" -7.5 ", -7.5), ("\u22127.5", -7.5), ("+.5", 0.5), ("1,000", 1000), ("3.", 3)],
)
def test_a_number_is_read(text: str, x: float) -> None:
    assert course.number_in(text) == x


@pytest.mark.parametrize("text", ["", "seven", "1e5", "nan", "inf", "1 2", "0x10", "1000001", "٣", "9" * 4000])
def test_what_is_no_number(text: str) -> None:
    assert course.number_in(text) is None


@pytest.mark.parametrize("language", list(Language))
def test_a_text_in_reply_to_the_neuron_is_for_it(language: Language) -> None:
    neuron, other = (message(sender=BOT, photo=PHOTO, caption=plain(heading(step, language))) for step in STEPS[4:6])
    assert course.ASKS_THE_NEURON.filter(message(text="hello", reply_to_message=neuron))
    assert not course.ASKS_THE_NEURON.filter(message(text="3", reply_to_message=other))
    assert not course.ASKS_THE_NEURON.filter(message(photo=PHOTO, reply_to_message=neuron))
    assert not course.ASKS_THE_NEURON.filter(message(text="3"))
