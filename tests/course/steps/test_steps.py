import re
import time
from collections.abc import Callable
from io import BytesIO
from random import Random
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from bot.course.recorded_runs import CourseNetwork, Epoch, Lessons, PhotoTest, RecordedRun
from bot.course.steps import (
    STEPS,
    Card,
    Materials,
    Step,
    card,
    heading,
    prompt,
    step_headed,
    step_named,
    takes_photo_from,
)
from bot.course.steps.flatten import busiest
from bot.course.steps.loss import descend
from bot.course.steps.neuron import fit
from bot.course.steps.page import ticks, wrapped
from bot.course.steps.photos import pretended_photo
from bot.course.steps.pixels import liveliest
from bot.course.steps.rules import tried
from bot.datasets import Split, TestImages
from bot.replies.callback_data import encode
from bot.replies.callback_data.actions import LearnStep, LearnTry
from bot.replies.cards.canvas import GREEN, RED
from bot.replies.texts import Language
from bot.replies.texts.learn import learn_texts
from bot.replies.words import class_name
from bot.vision.prediction import Prediction, Verdict
from tests.replies.colours import has_colour
from tests.telegram_html import as_shown

MOST_BYTES = 250_000
MOST_SECONDS = 2.0
"""Twenty times what it takes: drawn pixel by pixel it would take longer on any machine, however busy."""

LONGEST_CAPTION = 1024
ZH, EN = Language.ZH_HANT, Language.EN
MakeRecognition = Callable[..., Any]


class FakeClassifier:
    def probabilities(self, pixels: np.ndarray) -> np.ndarray:
        shares = np.full(10, 0.01, np.float32)
        shares[9] = 0.91
        return shares


def run(neurons: int = 128, epochs: int = 5, *, normalised: bool = True) -> RecordedRun:
    """A run whose training marks climb and whose test marks stay behind."""
    rows = tuple(
        Epoch(number, 0.5 / number, 1 - 0.2 / number**0.4, 0.4 + 0.001 * number, 0.86 + 0.0004 * number)
        for number in range(1, epochs + 1)
    )
    return RecordedRun(neurons, normalised, 32, rows, 12.0, 104_016)


def network(neurons: int = 128) -> CourseNetwork:
    chance = np.random.default_rng(0)
    shapes = (784, neurons), (neurons,), (neurons, 10), (10,)
    return CourseNetwork(*(chance.normal(0, 0.1, shape).astype(np.float32) for shape in shapes))


@pytest.fixture(scope="module")
def test_images() -> Any:
    """A thousand noisy rectangles in all ten classes."""
    chance = np.random.default_rng(1)
    images = np.zeros((1000, 28, 28), np.uint8)
    for image in images:
        top, left = chance.integers(0, 14, 2)
        high, wide = chance.integers(4, 15, 2)
        image[top : top + high, left : left + wide] = chance.integers(50, 256, (high, wide))
    labels = np.arange(1000).astype(np.uint8)[::-1] % 10
    return TestImages.all_of(Split(images, labels))


@pytest.fixture(scope="module")
def lessons() -> Lessons:
    runs = {
        "5-epochs": run(),
        "50-epochs": run(epochs=50),
        "no-normalise": run(normalised=False),
        "neurons-8": run(8),
        "neurons-1024": run(1024),
    }
    return Lessons(runs, network(), PhotoTest(544, 0.019, 8, 0.917, 0.965))


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("live")
    photos = SimpleNamespace(images=544, senders=60, balanced_accuracy=0.861, interval=(0.801, 0.902))
    test = SimpleNamespace(accuracy=0.9471)
    (folder / "classifier.keras").write_bytes(bytes(2_100_000))
    return SimpleNamespace(
        classifier=FakeClassifier(),
        card=SimpleNamespace(test=test, photos=photos),
        card_matches=True,
        path=folder / "classifier.tflite",
        bytes=507_000,
    )


@pytest.fixture
def materials(lessons: Lessons, live: Any, test_images: Any, recognition: MakeRecognition) -> Materials:
    return Materials(lessons, test_images, live, recognize=lambda data: recognition(size=(480, 480)), chance=Random(3))


@pytest.fixture(scope="module")
def shown() -> dict[tuple[str, Language], Card]:
    """The cards of these materials that were drawn."""
    return {}


@pytest.fixture
def card_of(materials: Materials, shown: dict[tuple[str, Language], Card]) -> Callable[[Step, Language], Card]:
    """A step's card, drawn once for all tests."""

    def draw(step: Step, language: Language) -> Card:
        if (step.name, language) not in shown:
            shown[step.name, language] = card(step, materials, language)
        return shown[step.name, language]

    return draw


def check(image: bytes, caption: str) -> str:
    """A picture and a caption that Telegram takes; the caption's words."""
    with Image.open(BytesIO(image)) as opened:
        assert opened.format == "JPEG"
        assert opened.width == 1080
        assert 300 < opened.height < 1600
        sheet = np.asarray(opened.convert("RGB"))
    assert len(image) < MOST_BYTES
    edges = [sheet[:, :8], sheet[:, -8:], sheet[:8], sheet[-8:]]
    assert all(np.ptp(edge.astype(int)) < 12 for edge in edges), "something runs into the edge"
    assert set(re.findall("</?([a-z]+)>", caption)) <= {"b", "i", "code"}
    for tag in ("b", "i", "code"):
        assert caption.count(f"<{tag}>") == caption.count(f"</{tag}>")
    words = as_shown(caption)
    assert len(words) <= LONGEST_CAPTION, len(words)
    assert "{" not in words
    assert "  " not in words
    assert "\n\n\n" not in words
    assert not re.search("nan|inf[^oe]|None", words)
    return words


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_every_step_has_a_picture_and_words(step: Step, language: Language, materials: Materials) -> None:
    began = time.process_time()
    made = card(step, materials, language)
    took = time.process_time() - began
    words = check(made.image, made.caption)
    assert words.startswith(as_shown(heading(step, language)))
    picture = learn_texts(language).frame.picture.partition("{")[0].removeprefix("<i>")
    assert picture in words, "what the picture shows is said in words"
    assert took < MOST_SECONDS


@pytest.mark.parametrize("step", [step for step in STEPS if step.takes_photo], ids=lambda step: step.name)
@pytest.mark.parametrize("verdict", list(Verdict))
def test_a_step_about_ones_own_photo(
    step: Step,
    verdict: Verdict,
    language: Language,
    materials: Materials,
    card_of: Callable[[Step, Language], Card],
    recognition: MakeRecognition,
    prediction: Callable[..., Prediction],
) -> None:
    found = recognition(prediction(9, 4, 0.5, verdict), size=(400, 640))
    own = Materials(materials.lessons, materials.test, materials.live, found, materials.recognize)
    made = card(step, own, language)
    words = check(made.image, made.caption)
    assert made.image != card_of(step, language).image
    assert learn_texts(language).frame.your_photo in words.lower()


@pytest.mark.slow
def test_a_clicked_image_is_green_where_it_is_right_and_red_where_it_is_wrong(
    materials: Materials, language: Language
) -> None:
    step = step_named("page")
    assert step is not None
    verdicts = set()
    for seed in range(4):
        given = Materials(materials.lessons, materials.test, materials.live, chance=Random(seed))
        made = card(step, given, language)
        right, wrong = "✓" in made.caption, "✗" in made.caption
        assert right != wrong
        sheet = np.asarray(Image.open(BytesIO(made.image)).convert("RGB"))
        assert has_colour(sheet, GREEN), "the truth"
        assert has_colour(sheet, RED) == wrong
        verdicts.add(right)
    assert verdicts == {True, False}


def test_the_28x28_pixels_own_answer_is_told_from_the_bots(
    materials: Materials, recognition: MakeRecognition, prediction: Callable[..., Prediction], language: Language
) -> None:
    found = recognition(prediction(4, 2, 0.873))
    own = Materials(materials.lessons, materials.test, materials.live, found, materials.recognize)
    step = step_named("result")
    assert step is not None
    words = card(step, own, language).caption
    assert "91.0%" in words
    assert f"<b>{class_name(4, language)}{'，' if language is Language.ZH_HANT else ', '}87.3%</b>" in words


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
@pytest.mark.parametrize("missing", ["lessons", "test", "live", "all"])
def test_what_is_missing_is_said(step: Step, missing: str, language: Language, materials: Materials) -> None:
    left = Materials(
        lessons=Lessons() if missing in ("lessons", "all") else materials.lessons,
        test=None if missing in ("test", "all") else materials.test,
        live=None if missing in ("live", "all") else materials.live,
        recognize=None if missing in ("live", "all") else materials.recognize,
    )
    made = card(step, left, language)
    words = check(made.image, made.caption)
    frame = learn_texts(language).frame
    lines = (frame.no_records, frame.no_test_images, frame.no_model)
    if missing == "all" and step.name != "neuron":
        assert any(line in words for line in lines)


def test_the_captions_hold_the_recorded_figures(
    materials: Materials, card_of: Callable[[Step, Language], Card]
) -> None:
    def words(name: str) -> str:
        step = step_named(name)
        assert step is not None
        return card_of(step, EN).caption

    short, long = materials.lessons.short, materials.lessons.long
    assert short is not None
    assert long is not None
    assert f"{100 * short.last.accuracy:.1f}%" in words("training")
    assert f"{100 * short.last.test_accuracy:.1f}%" in words("training")
    assert f"{100 * long.last.accuracy:.1f}%" in words("overfitting")
    stop = long.first_above(0.95)
    assert stop is not None
    assert f"epoch <b>{stop.number}</b>" in words("callback")
    assert "507 kB" in words("tflite")
    assert "1.9%" in words("photos")
    assert "86.1%" in words("photos")
    assert "94.7%" in words("start")
    assert "argmax</code> finds it: <b>9</b>" in words("result")


def test_a_run_that_never_reaches_the_target(materials: Materials, language: Language) -> None:
    runs = dict(materials.lessons.runs) | {"50-epochs": run(epochs=6)}
    step = step_named("callback")
    assert step is not None
    made = card(step, Materials(Lessons(runs)), language)
    check(made.image, made.caption)


def test_the_neuron_learns_from_any_start() -> None:
    fits = [fit(Random(seed)) for seed in range(20)]
    assert len({made.weights[0] for made in fits}) == len(fits), "it starts elsewhere each time"
    for made in fits:
        assert abs(made.weights[-1] - 2) < 0.05
        assert abs(made.biases[-1] - 1) < 0.1
        assert made.losses[-1] < made.losses[0] / 100
        assert made.answer(10) != 21
        assert abs(made.answer(10) - 21) < 0.2


def test_steps_downhill_go_down(materials: Materials) -> None:
    assert materials.lessons.network is not None
    assert materials.test is not None
    way = descend(materials.lessons.network, materials.test)
    assert way.said != way.label
    assert len(way.losses) > 2
    assert all(later < earlier for earlier, later in zip(way.losses, way.losses[1:], strict=False))


def test_the_rules_name_every_image_once(test_images: Any) -> None:
    rules = tried(test_images)
    named = np.concatenate([np.concatenate([rule.right, rule.wrong]) for rule in rules])
    assert sorted(named.tolist()) == list(range(1000))
    for rule in rules:
        assert (test_images.labels[rule.right] == rule.says).all()


def test_what_is_shown_of_a_picture_is_where_something_is() -> None:
    levels = np.zeros((28, 28), np.uint8)
    levels[12:18, 9:15] = np.random.default_rng(0).integers(60, 255, (6, 6))
    row, column = liveliest(levels)
    assert 8 <= row <= 14
    assert 6 <= column <= 12
    assert 10 <= busiest(levels) <= 16


def test_the_made_up_photo_looks_like_none_of_the_data_set(test_images: Any) -> None:
    photo = pretended_photo(test_images.images[0])
    assert photo.dtype == np.uint8
    assert photo.shape == (480, 480, 3)
    assert photo[:20].mean() > 150, "a light floor, not black"


def test_names_fit_into_buttons_and_the_first_is_starts() -> None:
    assert STEPS[0].name == "start"
    assert len({step.name for step in STEPS}) == len(STEPS)
    for step in STEPS:
        encode(LearnStep(step.name))
        encode(LearnTry(step.name))
        assert step_named(step.name) is step
    assert step_named("nowhere") is None


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_an_answer_to_a_step_tells_its_step(
    step: Step, language: Language, card_of: Callable[[Step, Language], Card]
) -> None:
    assert step_headed(as_shown(card_of(step, language).caption)) is step
    assert step_headed(as_shown(prompt(step, language))) is step
    assert takes_photo_from(step).takes_photo


@pytest.mark.parametrize("text", ["", "hello", "\n", "電腦眼中的圖片"])
def test_other_messages_are_no_step(text: str) -> None:
    assert step_headed(text) is None


def test_ticks_are_round_and_few() -> None:
    assert ticks(0.71, 0.89) == [0.75, 0.8, 0.85]
    assert ticks(0, 50, 10) == [0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50]
    for low, high in ((0, 0.001), (0.1, 0.13), (0, 7000)):
        assert 2 <= len(ticks(low, high)) <= 8


def test_lines_break_between_words_and_before_no_punctuation() -> None:
    assert wrapped("one two three", 30, 130) == ["one two", "three"]
    lines = wrapped("這一行很長，需要換行。", 30, 160)
    assert len(lines) > 1
    assert not any(line[0] in "，。" for line in lines)
    assert "".join(lines) == "這一行很長，需要換行。"
