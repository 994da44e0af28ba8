import math
import re

import numpy as np
import pytest

from bot.course.printed import OUTPUTS, SOFTMAX_OF
from bot.course.program import EPOCHS
from bot.course.program import STEPS as PROGRAM
from bot.course.recorded_runs import TEST_IMAGES, TRAIN_IMAGES, Lessons
from bot.course.steps import STEPS, Materials, Step, step_headed
from bot.course.steps.code import code_text, lines, note, tflite_text
from bot.course.steps.keyboards import code_keyboard, contents_keyboard, step_keyboard
from bot.course.steps.without_figures import BATCH, LONG_EPOCHS, NEURONS
from bot.course.steps.without_figures import EPOCHS as SHORT_EPOCHS
from bot.datasets import TestImages, shipped_test_images
from bot.handlers.course_pictures import RECORDED
from bot.replies.texts import Language, texts
from bot.replies.texts.code import code_texts
from bot.vision.interpreter import input_and_output
from tests.replies.catalogues import placeholders
from tests.telegram_html import as_shown

LONGEST_MESSAGE = 4096
ZH, EN = Language.ZH_HANT, Language.EN


@pytest.fixture(scope="module")
def recorded() -> Lessons:
    return Lessons.read(RECORDED)


@pytest.fixture(scope="module")
def shipped() -> TestImages:
    return shipped_test_images()


@pytest.fixture
def materials(recorded: Lessons, shipped: TestImages) -> Materials:
    return Materials(recorded, shipped)


def step_of(name: str) -> Step:
    return next(step for step in STEPS if step.name == name)


def test_every_step_has_code_in_the_order_of_the_steps() -> None:
    assert tuple(step.name for step in STEPS) == PROGRAM
    for language in Language:
        assert code_texts(language).notes.keys() == set(PROGRAM)


def test_both_languages_have_the_same_blanks() -> None:
    for step in PROGRAM:
        assert placeholders(code_texts(ZH).notes[step]) == placeholders(code_texts(EN).notes[step]), step
    assert lines("loss", ZH) == lines("loss", EN), "the program is the same"


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_a_message_holds_note_lines_and_output(step: Step, language: Language, materials: Materials) -> None:
    text = code_text(step, materials, language)
    words = as_shown(text)
    assert len(words) <= LONGEST_MESSAGE
    assert "{" not in note(step.name, language)
    assert lines(step.name, language) in words
    assert step_headed(words) is step, "a photo in reply to it tries the step"
    assert set(re.findall("</?([a-z]+)", text)) <= {"b", "i", "code", "pre"}
    for tag in ("b", "i", "code", "pre"):
        assert len(re.findall(f"<{tag}[ >]", text)) == text.count(f"</{tag}>")
    if language is EN:
        assert not re.search("[\u3000-\u9fff]", as_shown(note(step.name, EN)))


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_nothing_at_hand_leaves_note_and_lines(step: Step, language: Language) -> None:
    words = as_shown(code_text(step, Materials(), language))
    assert lines(step.name, language) in words


def test_the_steps_of_an_epoch_are_explained(materials: Materials) -> None:
    assert "60,000 ÷ 32 = 1,875" in as_shown(code_text(step_of("training"), materials, ZH))
    assert math.ceil(TRAIN_IMAGES / BATCH) == 1875
    assert "313" in as_shown(note("gap", EN))
    assert math.ceil(TEST_IMAGES / BATCH) == 313


def test_softmax_is_computed_beside_what_the_course_prints(materials: Materials) -> None:
    words = as_shown(code_text(step_of("softmax"), materials, ZH))
    powers = np.exp(np.array(SOFTMAX_OF))
    for share in powers / powers.sum():
        assert f"{share:.8f}".rstrip("0") in words
    assert OUTPUTS["softmax"] in words


def test_the_raw_vector_is_the_recorded_networks(materials: Materials, recorded: Lessons, shipped: TestImages) -> None:
    words = as_shown(code_text(step_of("result"), materials, ZH))
    network = recorded.network
    assert network is not None
    (probabilities,) = network.probabilities(shipped.images[:1].astype(np.float32) / 255)
    assert shipped.numbers[0] == 0
    vector = re.search(r"\(10000, 28, 28\) \(10000, 10\) \(10000,\)\n\[(.*?)\]\n9 9", words, re.DOTALL)
    assert vector is not None
    assert [float(value) for value in vector[1].split()] == pytest.approx(probabilities.tolist(), rel=1e-5)
    assert OUTPUTS["result"] in words


def test_recorded_figures_are_the_records(materials: Materials, recorded: Lessons) -> None:
    run = recorded.short
    assert run is not None
    words = as_shown(code_text(step_of("gap"), materials, EN))
    assert f"[{run.last.test_loss}, {run.last.test_accuracy}]" in words
    assert code_texts(EN).recorded in words


def test_the_interpreter_tells_its_input_and_output(materials: Materials, recorded: Lessons) -> None:
    assert recorded.tflite is not None
    entry, leaving = input_and_output(recorded.tflite)
    assert entry.shape.tolist() == [1, 28, 28]
    assert leaving.shape.tolist() == [1, 10]
    words = as_shown(code_text(step_of("tflite"), materials, EN))
    assert f"{entry.index} [ 1 28 28] <class 'numpy.float32'>" in words
    assert f"{leaving.index} [ 1 10] <class 'numpy.float32'>" in words


def test_the_recorded_network_is_described(recorded: Lessons, language: Language) -> None:
    text = tflite_text(recorded, language)
    assert text is not None
    assert "87.6%" in text
    assert tflite_text(Lessons(), language) is None


def test_constants_are_those_of_the_recorded_program(recorded: Lessons) -> None:
    short, long = recorded.short, recorded.long
    assert short is not None
    assert long is not None
    assert (short.neurons, short.batch, short.last.number, long.last.number) == (
        NEURONS, BATCH, SHORT_EPOCHS, LONG_EPOCHS,
    )  # fmt: skip
    assert SHORT_EPOCHS == EPOCHS


def test_buttons(language: Language) -> None:
    labels = texts(language).buttons
    shown = [button.text for row in code_keyboard(step_of("tflite"), language).inline_keyboard for button in row]
    assert shown == [labels.learn_tflite, labels.learn_notebook]
    contents = contents_keyboard(STEPS[2], language)
    numbers = [button.text for row in contents.inline_keyboard for button in row]
    assert numbers[:-1] == [str(number) for number in range(1, len(STEPS) + 1)]
    with_photo = step_keyboard(step_of("pixels"), language, has_photo=True)
    assert with_photo.inline_keyboard[0][0].text == labels.learn_other
