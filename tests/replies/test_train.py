"""Captions, pictures and buttons of /train, with figures from runs."""

import re
import time
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from bot.course.choice import EPOCHS, NEURONS, TrainingChoice
from bot.course.diagnosis import Finding, finding
from bot.course.numpy_training import TrainingSettings
from bot.course.recorded_runs import Epoch, Lessons, PhotoTest, RecordedRun
from bot.course.train import keyboards, words
from bot.course.train.curve import training_curve
from bot.course.train.duel import own_photo_card, own_sample_card
from bot.course.train.words import ClassRow
from bot.replies.callback_data import parse
from bot.replies.callback_data.actions import OwnGalleryItem, TrainPanel, TrainStart
from bot.replies.callback_data.answer import version_tag
from bot.replies.callback_data.gallery import Gallery, GalleryChoice
from bot.replies.keyboards import actions_of
from bot.replies.texts import Language
from bot.replies.texts.train import train_texts
from bot.storage.class_tables import Reached
from bot.vision.prediction import Prediction, Verdict
from tests.conftest import ROOT
from tests.telegram_html import as_shown

ZH, EN = Language.ZH_HANT, Language.EN
LONGEST_CAPTION, LONGEST_TEXT = 1024, 4096
MOST_BYTES = 200_000
MOST_SECONDS = 4.0
"""Ten times what it takes, however busy the machine is."""

WEEK = timedelta(days=7)
OWN = (0.01, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.99, 0.0)
PHOTOS = PhotoTest(544, 0.02, 8, 0.92, 0.97)
MakePrediction = Callable[..., Prediction]


def run(*epochs: tuple[float, float, float, float], neurons: int = 128, normalised: bool = True) -> RecordedRun:
    """Epochs as loss, accuracy, test loss, test accuracy."""
    return RecordedRun(
        neurons, normalised, 32, tuple(Epoch(number, *values) for number, values in enumerate(epochs, start=1))
    )


GOOD = run((0.5, 0.82, 0.42, 0.85), (0.29, 0.893, 0.348, 0.876))
SHALLOW = run((0.6, 0.8, 0.55, 0.81), (0.46, 0.839, 0.49, 0.827), neurons=8)
ABOVE = run((0.5, 0.82, 0.42, 0.85), (0.35, 0.872, 0.34, 0.878))
BY_HEART = run((0.5, 0.82, 0.42, 0.85), (0.2, 0.93, 0.33, 0.885), (0.1, 0.96, 0.57, 0.88))
NOTHING = run((2.4, 0.1, 2.3, 0.1), (2.3, 0.1, 2.3, 0.1), normalised=False)
RAW = run((3.2, 0.68, 0.9, 0.7), (0.6, 0.786, 0.61, 0.785), normalised=False)


def plain(text: str) -> str:
    """As Telegram counts and shows it."""
    assert not re.search(r"[{}]", text)
    return as_shown(text)


@pytest.mark.parametrize(
    ("trained", "found"),
    [
        (GOOD, Finding.GOOD),
        (ABOVE, Finding.GOOD_ON_BOTH),
        (SHALLOW, Finding.UNDERFITTING),
        (BY_HEART, Finding.OVERFITTING),
        (NOTHING, Finding.NOTHING),
        (RAW, Finding.UNDERFITTING),
    ],
)
def test_a_training_is_judged_by_its_figures(trained: RecordedRun, found: Finding) -> None:
    assert finding(trained) is found
    said = train_texts(EN).result
    caption = plain(words.result_caption(trained, TrainingChoice(), EN, kept=WEEK))
    begins = {each: plain(getattr(said, each.value).split("{")[0]).rstrip() for each in Finding}
    assert [each for each, begin in begins.items() if begin in caption] == [found]


def test_the_recorded_runs_are_judged_as_the_course_does() -> None:
    lessons = Lessons.read(ROOT / "models" / "lesson")
    assert lessons.short is not None
    assert lessons.long is not None
    assert finding(lessons.short) is Finding.GOOD
    assert finding(lessons.long) is Finding.OVERFITTING
    assert finding(lessons.runs["neurons-8"]) is Finding.UNDERFITTING


def test_the_result_holds_every_figure(language: Language) -> None:
    caption = plain(words.result_caption(BY_HEART, TrainingChoice(), language, kept=WEEK))
    for figure in ("96.0%", "88.0%", "0.100", "0.570", "8.0", "0.330", "89%", "87%", "96%", "88%"):
        assert figure in caption
    assert len(caption) <= LONGEST_CAPTION


def test_it_is_compared_with_the_courses_nearest_training() -> None:
    assert "和課程的 5 趟差不多" in words.result_caption(GOOD, TrainingChoice(), ZH, kept=WEEK)
    assert "比課程的 5 趟低 4.4 個百分點" in words.result_caption(SHALLOW, TrainingChoice(), ZH, kept=WEEK)
    long = run(*[(0.2, 0.95, 0.3, 0.895)] * 40)
    assert "比課程的 50 趟高 1.6 個百分點" in words.result_caption(long, TrainingChoice(), ZH, kept=WEEK)


def test_the_callback_counts_epochs_from_one(language: Language) -> None:
    choice = TrainingChoice(epochs=50, stop_early=True)
    stopped = plain(words.result_caption(BY_HEART, choice, language, kept=WEEK))
    number = {ZH: "目前訓練至第 3 趟（從 1 數起）", EN: "epoch 3 (counted from 1)"}[language]
    assert number in stopped
    never = plain(words.result_caption(GOOD, choice, language, kept=WEEK))
    assert number not in never
    assert {ZH: "沒有喊停", EN: "did not stop it"}[language] in never
    assert "callback" not in plain(words.result_caption(GOOD, TrainingChoice(), EN, kept=WEEK))


def test_without_normalising_it_says_so(language: Language) -> None:
    said = train_texts(language).result.not_normalised
    assert said in words.result_caption(RAW, TrainingChoice(), language, kept=WEEK)
    assert said not in words.result_caption(SHALLOW, TrainingChoice(), language, kept=WEEK)


def test_what_could_not_be_kept_is_said(language: Language) -> None:
    said = train_texts(language).result.not_kept
    assert said in words.result_caption(GOOD, TrainingChoice(), language, kept=None)


def test_every_message_about_a_training_is_known_again(language: Language) -> None:
    spoken = [
        words.panel_caption(TrainingChoice(), language, ahead=0, time=WEEK, course=GOOD),
        words.panel_caption(TrainingChoice(512, 20, 0.0001, False, True), language, ahead=3, time=WEEK, course=None),
        words.waiting_caption(1, timedelta(seconds=80), language),
        words.loading_caption(language),
        words.fetching_caption("train-images-idx3-ubyte.gz", 13_000_000, 26_421_880, language),
        words.training_caption(5, 0.0, timedelta(seconds=8), None, language),
        words.training_caption(5, 0.5, timedelta(seconds=8), GOOD.last, language),
        words.result_caption(GOOD, TrainingChoice(), language, kept=WEEK),
        words.end_caption("no_data", language, ["train-images-idx3-ubyte.gz"], has_earlier=True),
        words.ask_photo_text(language),
    ]
    for text in spoken:
        assert len(plain(text)) <= LONGEST_CAPTION
        assert words.is_about_own_network(plain(text))
    assert not words.is_about_own_network("Hello\nTrain your own network")


def test_an_answer_to_a_photo_leads_to_another_photo(prediction: MakePrediction, language: Language) -> None:
    answer = plain(words.own_photo_caption(OWN, prediction(), PHOTOS, language))
    assert words.is_own_photo_answer(answer)
    assert words.is_about_own_network(answer), "a photo in reply to it is for one's own network, too"
    assert not words.is_own_photo_answer(plain(words.ask_photo_text(language)))
    (row,) = keyboards.own_photo_keyboard(language).inline_keyboard
    (button,) = row
    assert button.text == train_texts(language).buttons.another_photo


def test_progress_is_told_in_numbers(language: Language) -> None:
    fetching = plain(words.fetching_caption("train-images-idx3-ubyte.gz", 13_210_940, 26_421_880, language))
    assert "50%" in fetching
    assert "13.2 MB / 26.4 MB" in fetching
    training = plain(words.training_caption(5, 0.46, timedelta(seconds=8), GOOD.last, language))
    assert "46%" in training
    assert "87.6%" in training
    assert {ZH: "第 3 趟", EN: "epoch 3 of 5"}[language] in training
    over = plain(words.training_caption(2, 1.0, timedelta(0), GOOD.last, language))
    assert {ZH: "第 2 趟", EN: "epoch 2 of 2"}[language] in over


def test_missing_files_are_named(language: Language) -> None:
    text = words.end_caption("no_data", language, ["train-images-idx3-ubyte.gz", "<x>"])
    assert "train-images-idx3-ubyte.gz" in text
    assert "&lt;x&gt;" in text
    assert train_texts(language).ends.earlier not in text


def test_a_loss_beyond_all_bounds_is_no_long_number() -> None:
    assert [words.loss(value) for value in (0.12345, 250.4, 1e30)] == ["0.123", "250", "> 1,000,000"]


def test_both_answers_to_a_test_image_are_said(prediction: MakePrediction, language: Language) -> None:
    caption = plain(words.own_sample_caption(OWN, prediction(4, 2, 0.873), 4, 41, language))
    for part in ("42", "99.0%", "87.3%"):
        assert part in caption
    said = train_texts(language).own
    assert caption.index(said.wrong) < caption.index(said.right)
    assert len([line for line in caption.splitlines() if line.count("%") == 2]) == 10
    assert len(caption) <= LONGEST_CAPTION


@pytest.mark.parametrize("verdict", list(Verdict))
def test_a_photo_is_explained(prediction: MakePrediction, verdict: Verdict, language: Language) -> None:
    caption = plain(words.own_photo_caption(OWN, prediction(4, 2, 0.6, verdict), PHOTOS, language))
    bag = {ZH: "包包", EN: "bag"}[language]
    assert {ZH: f"為什麼它幾乎每張照片都說{bag}", EN: f"Why does it say {bag} to nearly every photo"}[
        language
    ] in caption
    for figure in ("544", "92%", "97%", "99.0%"):
        assert figure in caption
    assert ("60.0%" in caption) == (verdict is not Verdict.NO_GARMENT)
    assert len(caption) <= LONGEST_CAPTION
    assert "544" not in words.own_photo_caption(OWN, prediction(), None, language)


def test_a_class_is_listed_best_first_and_names_are_harmless(language: Language) -> None:
    rows = [
        ClassRow("<b>Bo", Reached(128, 5, True, 0.89, 0.872)),
        ClassRow("Al\nex", Reached(8, 20, False, 0.8, 0.79)),
        ClassRow("Cy" * 40, None),
    ]
    text = words.class_table_text(rows, WEEK, language)
    assert "&lt;b&gt;Bo" in text
    lines = plain(text).splitlines()
    first, second = (next(line for line in lines if line.startswith(f"{place}. ")) for place in (1, 2))
    assert "87.2%" in first
    assert "Al ex" in second
    assert plain(train_texts(language).class_table.row_raw) in second
    assert any("CyCy" in line and "…" in line for line in lines)
    assert {ZH: "7 天", EN: "7 days"}[language] in text


def test_a_large_class_fits_into_a_message(language: Language) -> None:
    rows = [ClassRow("名" * 64, Reached(512, 20, False, 0.9, 0.88)) for _ in range(300)]
    text = plain(words.class_table_text([*rows, *[ClassRow("名" * 64, None)] * 300], WEEK, language))
    assert len(text) <= LONGEST_TEXT
    assert "270" in text
    assert train_texts(language).class_table.empty in words.class_table_text([], WEEK, language)


@pytest.mark.parametrize("done", [0, 1, 2, 3])
def test_the_curve_grows(done: int, language: Language) -> None:
    began = time.process_time()
    data = training_curve(128, 50, BY_HEART.epochs[:done], GOOD, language)
    assert time.process_time() - began < MOST_SECONDS
    with Image.open(BytesIO(data)) as image:
        assert image.width == 1080
    assert len(data) < MOST_BYTES
    if done:
        assert data != training_curve(128, 50, BY_HEART.epochs[: done - 1], GOOD, language)


@pytest.mark.parametrize("trained", [NOTHING, run((1e30, 0.1, 1e30, 0.1)), GOOD])
def test_every_curve_can_be_drawn(trained: RecordedRun) -> None:
    assert training_curve(8, 5, trained.epochs, None, ZH)
    assert training_curve(8, 5, (), None, EN)


def test_the_two_are_drawn_beside_each_other(prediction: MakePrediction, language: Language) -> None:
    image = np.zeros((28, 28), np.uint8)
    image[4:24, 8:20] = 200
    right = own_sample_card(image, OWN, prediction(8, 2), 8, language)
    assert right != own_sample_card(image, OWN, prediction(8, 2), 4, language)
    photo = np.full((640, 480, 3), 150, np.uint8)
    pixels = image.astype(np.float32) / 255
    for verdict in Verdict:
        card = own_photo_card(photo, pixels, pixels, OWN, prediction(4, 2, 0.5, verdict), language)
        assert len(card) < MOST_BYTES


def test_the_panel_offers_everything_and_marks_what_is_chosen(language: Language) -> None:
    choice = TrainingChoice(neurons=32, epochs=20)
    markup = keyboards.panel_keyboard(choice, language)
    actions = list(actions_of(markup))
    assert TrainStart(choice) in actions
    panels = [action.choice for action in actions if isinstance(action, TrainPanel)]
    assert {each.neurons for each in panels} == set(NEURONS)
    assert {each.epochs for each in panels if each.neurons == 32} == set(EPOCHS)
    assert {each.normalise for each in panels} == {each.stop_early for each in panels} == {True, False}
    labels = [button.text for row in markup.inline_keyboard for button in row]
    assert len([label for label in labels if label.startswith("✓")]) == 2


def test_a_wide_network_is_not_trained_for_long() -> None:
    long = TrainingChoice(epochs=50)
    assert long.with_neurons(512) == TrainingChoice(neurons=512, epochs=20)
    offered = [
        action.choice for action in actions_of(keyboards.panel_keyboard(long, ZH)) if isinstance(action, TrainPanel)
    ]
    assert TrainingChoice(neurons=512, epochs=20) in offered
    wide = keyboards.panel_keyboard(TrainingChoice(neurons=512), ZH)
    epochs = [action.choice.epochs for action in actions_of(wide) if isinstance(action, TrainPanel)]
    assert 50 not in epochs
    with pytest.raises(ValueError, match="too long"):
        TrainingChoice(neurons=512, epochs=50)


def test_the_learning_rates_come_round() -> None:
    choice, seen = TrainingChoice(), []
    for _ in range(3):
        choice = choice.with_next_rate()
        seen.append(choice.learning_rate)
    assert sorted(seen) == [0.0001, 0.001, 0.01]
    assert choice == TrainingChoice()


def test_a_choice_comes_back_from_its_settings() -> None:
    choice = TrainingChoice(512, 20, 0.01, False, True)
    assert TrainingChoice.of(choice.settings(7)) == choice
    assert choice.settings(7).target_accuracy == 0.95
    assert TrainingChoice.of(TrainingSettings(neurons=9)) == TrainingChoice()


def test_buttons_below_a_sheet_lead_to_its_images(language: Language) -> None:
    gallery = Gallery((3, 7, 9999), version_tag("v"), GalleryChoice(True))
    sheet = keyboards.own_gallery_keyboard(gallery, language)
    data = [button.callback_data for row in sheet.inline_keyboard for button in row]
    assert [parse(each) for each in data[:3]] == [OwnGalleryItem(gallery, place) for place in range(3)]
    item = keyboards.own_gallery_item_keyboard(OwnGalleryItem(gallery, 0), language)
    assert [button.text for button in item.inline_keyboard[0]] == ["← 3", "2 →"]
    alone = Gallery((5,), version_tag("v"))
    assert len(keyboards.own_gallery_item_keyboard(OwnGalleryItem(alone, 0), language).inline_keyboard) == 1
