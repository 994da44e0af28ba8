import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from bot.registry.card import ModelCard
from bot.registry.history import Entry, Event, Figures
from bot.replies import captions, words
from bot.replies.callback_data.actions import AlbumItem, GalleryItem
from bot.replies.callback_data.answer import Answer, version_tag
from bot.replies.callback_data.gallery import Gallery, GalleryChoice
from bot.replies.confusion import ConfusedPair, confused_pairs
from bot.replies.keyboards import photo_keyboard
from bot.replies.texts import Language, texts
from bot.replies.words import short_name
from bot.vision.explain import HeatMap
from bot.vision.labels import OTHER_CLOTHING
from bot.vision.prediction import Prediction, Verdict
from telegram_playground.entities import utf16_length
from tests.telegram_html import as_shown

ZH, EN = Language.ZH_HANT, Language.EN
LIMIT = 1024
MakePrediction = Callable[..., Prediction]
MakeRecognition = Callable[..., Any]


def percentages(caption: str) -> list[float]:
    """The figures at line starts."""
    return [float(figure) for figure in re.findall(r"^\u2007*(\d+\.\d)%  ", caption, re.MULTILINE)]


def check(caption: str) -> None:
    """Within Telegram's limit, which counts what is left without tags, well-formed HTML, no blank left unfilled."""
    assert 0 < utf16_length(as_shown(caption)) <= LIMIT
    assert not re.search(r"[{}]", caption)


CASES = {
    "sure": (Verdict.SURE, False, False),
    "likely": (Verdict.UNSURE, False, True),
    "unsure": (Verdict.UNSURE, False, False),
    "other": (Verdict.NO_GARMENT, True, False),
}


@pytest.fixture(params=CASES.values(), ids=CASES)
def found(request: pytest.FixtureRequest, prediction: MakePrediction) -> Prediction:
    """What may be said of a garment that was found."""
    verdict, other, likely = request.param
    return prediction(9, 5, 0.482, verdict, other_clothing=other, likely=likely)


def folded(caption: str) -> tuple[str, str]:
    """What is seen at once, and the quotation that a tap opens."""
    first, opened = caption.split("<blockquote expandable>")
    return first, opened.removesuffix("</blockquote>")


def test_the_eleven_shares_are_in_the_quotation_highest_first(
    recognition: MakeRecognition, prediction: MakePrediction, language: Language, found: Prediction
) -> None:
    shown = recognition(found, quality=0.1, others=[found, prediction(4), found, prediction(1), found], chosen=2)
    caption = captions.photo_caption(shown, language, model_changed=True)
    check(caption)
    first, quotation = folded(caption)
    assert not percentages(first)
    figures = percentages(quotation)
    assert len(figures) == 11
    assert figures == sorted(figures, reverse=True)
    assert sum(figures) == pytest.approx(100)
    assert all(name in quotation for name in (*texts(language).class_names, texts(language).outside_name))


def test_a_garment_is_one_line_with_its_share_and_a_word_for_how_sure(prediction: MakePrediction) -> None:
    def line(*arguments: Any, **more: bool) -> str:
        return captions.photo_line(prediction(*arguments, **more), ZH)

    assert line(4, 2, 0.873) == "<b>外套</b>，很有把握（87.3%）"
    assert line(9, 2, 0.7, Verdict.UNSURE, likely=True) == "應該是 <b>ankle boot(踝靴)</b>（70.0%）"
    assert line(2, 4, 0.482, Verdict.UNSURE) == "不確定：<b>毛衣</b>（48.2%）或<b>外套</b>（23.3%）"
    assert line(2, 4, 0.482, Verdict.NO_GARMENT, other_clothing=True) == "<b>其他衣物</b>（十類以外 60.0%）"
    assert captions.photo_line(prediction(4, 2, 0.873), EN) == "<b>Coat</b>, very sure (87.3%)"


def test_words_and_shares_agree(recognition: MakeRecognition, found: Prediction, language: Language) -> None:
    """What the first line names has the largest share below, and is bold there."""
    first, quotation = folded(captions.photo_caption(recognition(found), language))
    shares = [line for line in quotation.split("\n") if "%" in line]
    names = re.findall("<b>(.*?)</b>", first)
    if found.other_clothing:
        assert texts(language).outside_name in shares[0]
    else:
        assert [re.findall("<b>(.*?)</b>", line) for line in shares[: len(names)]] == [[name] for name in names]
    assert not any("<b>" in line for line in shares[len(names) :])
    assert shares[0].split("%")[0].strip() in first


def test_every_garment_has_its_line_and_the_judged_one_is_marked(
    recognition: MakeRecognition, prediction: MakePrediction
) -> None:
    others = [
        prediction(1, 4, 0.7, Verdict.UNSURE, likely=True),
        prediction(verdict=Verdict.NO_GARMENT, other_clothing=True),
    ]
    first, quotation = folded(captions.photo_caption(recognition(others=others, chosen=1), ZH))
    assert first.strip().split("\n") == [
        "1. <b>外套</b>，很有把握（87.3%）",
        "▶ 2. 應該是<b>褲子</b>（70.0%）",
        "3. <b>其他衣物</b>（十類以外 60.0%）",
    ]
    assert quotation.startswith("▶ 第 2 件")
    assert "70.0%  <b>褲子</b>" in quotation


def test_nothing_found_has_no_percentages_and_says_what_helps(
    recognition: MakeRecognition, prediction: MakePrediction, language: Language
) -> None:
    caption = captions.photo_caption(recognition(prediction(8, 0, 0.9, Verdict.NO_GARMENT)), language)
    check(caption)
    assert caption == texts(language).photo.nothing
    assert "%" not in caption


def test_a_picture_of_the_data_set_is_called_one(recognition: MakeRecognition, language: Language) -> None:
    words = texts(language).photo.data_set
    assert words in folded(captions.photo_caption(recognition(from_data_set=True), language))[0]
    assert words not in captions.photo_caption(recognition(), language)


def test_a_doubtful_outline_is_said(recognition: MakeRecognition) -> None:
    hint = texts(ZH).photo.low_quality
    assert hint in captions.photo_caption(recognition(quality=0.2), ZH)
    assert hint not in captions.photo_caption(recognition(quality=0.9), ZH)


def test_a_remark_stands_above_and_gives_way_to_another(recognition: MakeRecognition, language: Language) -> None:
    caption = captions.photo_caption(recognition(), language)
    right = captions.remarked(caption, captions.confirmed_remark(language))
    check(right)
    assert right == f"{texts(language).photo.confirmed}\n{caption}"
    wrong = captions.remarked(right, captions.corrected_remark(OTHER_CLOTHING, language))
    assert texts(language).beyond_names[0] in wrong.split("\n")[0]
    assert texts(language).photo.confirmed not in wrong
    assert captions.remarked(wrong, "") == caption


def test_names_are_escaped(monkeypatch: pytest.MonkeyPatch, prediction: MakePrediction) -> None:
    monkeypatch.setattr(words, "class_name", lambda label, language: "<b>&")
    assert "&lt;b&gt;&amp;" in captions.photo_line(prediction(), ZH)


def test_an_album_names_the_first_garment_of_each_photo(prediction: MakePrediction, language: Language) -> None:
    several = Answer.of(prediction(9, 7, 0.6), "v", kinds=(9, 1, 8))
    unsure = Answer.of(prediction(9, 7, 0.45, Verdict.UNSURE), "v")
    nothing = Answer.of(prediction(verdict=Verdict.NO_GARMENT), "v")
    other = Answer.of(prediction(verdict=Verdict.NO_GARMENT, other_clothing=True), "v", kinds=(10,))
    answers = [several, unsure, nothing, other, *[unsure] * 5, None]
    caption = captions.album_caption(answers, language, left_out=12, limit=30, videos=9)
    assert ("30 張照片" if language is ZH else "30 photos") in caption
    check(caption)
    lines = [line for line in caption.split("\n") if re.match(r"\d+\. ", line)]
    assert [int(line.split(".")[0]) for line in lines] == list(range(1, 11))
    said = texts(language)
    assert said.class_names[9] in lines[0]
    assert "60.0%" in lines[0]
    assert lines[0].endswith("另有 2 件" if language is ZH else "2 more")
    assert said.class_names[7] in lines[1]
    assert "%" not in lines[2]
    assert said.beyond_names[0] in lines[3]


def test_an_albums_photo_shows_its_shares_and_its_other_garments(
    prediction: MakePrediction, language: Language
) -> None:
    item = AlbumItem(2, 4, Answer.of(prediction(9, 7, 0.6), "v", kinds=(9, 1, OTHER_CLOTHING)))
    caption = captions.album_item_caption(item, language)
    check(caption)
    first, quotation = folded(caption)
    assert len(percentages(quotation)) == 11
    assert "3" in first.split("\n")[0]
    assert texts(language).class_names[1] in first
    assert texts(language).beyond_names[0] in first
    nothing = AlbumItem(0, 1, Answer.of(prediction(verdict=Verdict.NO_GARMENT), "v"))
    assert "%" not in captions.album_item_caption(nothing, language)


def test_a_sample_says_predicted_actual_and_whether_it_is_right(prediction: MakePrediction) -> None:
    right = captions.sample_caption(prediction(9, 7, 0.6), 9, 0, ZH)
    wrong = captions.sample_caption(prediction(9, 7, 0.6), 7, 9_999, ZH)
    for caption in (right, wrong):
        check(caption)
        assert len(percentages(folded(caption)[1])) == 10
    assert right.startswith("<b>✓ 答對了</b>")
    assert "預測：<b>ankle boot(踝靴)</b>（60.0%）" in wrong
    assert "實際：<b>運動鞋</b>" in wrong
    assert wrong.startswith("<b>✗ 答錯了</b>")
    assert "第 10,000 張" in wrong


def test_gallery_captions(prediction: MakePrediction, language: Language) -> None:
    sheet = Gallery(tuple(range(25)), version_tag("v"))
    check(captions.gallery_caption(sheet, language))
    for choice in (GalleryChoice(True), GalleryChoice(False, 8), GalleryChoice(True, 8), GalleryChoice(True, 8, 0)):
        some = captions.gallery_caption(Gallery((1, 2), version_tag("v"), choice), language, found=412)
        check(some)
        assert "412" in some
        names = [texts(language).class_names[label] for label in (choice.actual, choice.predicted) if label is not None]
        assert all(name in some for name in names)
        every = captions.gallery_caption(Gallery((1, 2), version_tag("v"), choice), language, found=2)
        check(every)
        assert {ZH: "隨機", EN: "random"}[language] in some
        assert {ZH: "隨機", EN: "random"}[language] not in every, "nothing is left to choose from"
    item = captions.gallery_item_caption(prediction(), 4, GalleryItem(sheet, 12), language, model_changed=True)
    check(item)
    assert "13" in item
    assert texts(language).photo.model_changed in item


def card(**changes: Any) -> dict[str, Any]:
    names = texts(ZH).class_names
    return {
        "version": "standard-2026<01>",
        "created": datetime(2026, 1, 14, tzinfo=UTC).isoformat(),
        "bytes": 412_345,
        "test": {"images": 10_000, "accuracy": 0.9513, "recall": [0.91] * 10, "confusion": [[1] * 10] * 10},
        "train": {"accuracy": 0.9721},
        "photos": {
            "images": 544,
            "senders": 38,
            "balanced_accuracy": 0.912,
            "interval": [0.881, 0.937],
            "recall": {name: None if name == "包包" else 0.9 for name in names},
        },
        "calibration": {"temperature": 1.3, "ece": 0.031},
    } | changes


def live(raw: dict[str, Any] | None, *, matches: bool = True) -> Any:
    card = None if raw is None else ModelCard.parse(json.dumps(raw).encode())
    return SimpleNamespace(card=card, card_matches=matches, version="abc<123>")


def went_live(version: str, time: datetime, test: float | None, photos: float | None) -> Entry:
    figures = Figures(test_accuracy=test, balanced_accuracy=photos)
    return Entry(Event.PUBLISHED, version, time=time.isoformat(), figures=figures)


def test_accuracy_lists_the_models_that_were_live(language: Language) -> None:
    past = [
        went_live("c", datetime(2026, 3, 1, tzinfo=UTC), 0.951, 0.912),
        went_live("b", datetime(2026, 2, 1, tzinfo=UTC), None, None),
        went_live("a", datetime(2026, 1, 1, tzinfo=UTC), 0.874, None),
    ]
    title = texts(language).accuracy.history

    caption = captions.accuracy_caption(live(card()), language, past)

    check(caption)
    newer, older = caption.split(title)[1].strip().splitlines()[:2]
    assert "95.1%" in newer
    assert "91%" in newer
    assert "87.4%" in older
    assert "/" not in older
    assert title not in captions.accuracy_caption(live(card()), language, past[:2])


@pytest.mark.parametrize("matches", [True, False])
def test_the_longest_caption_of_accuracy_fits(language: Language, matches: bool) -> None:
    long = "2026-09-27-standard-0123abcd"
    past = [went_live(long, datetime(2026, 9, day, tzinfo=UTC), 0.951, 0.912) for day in (30, 29, 28)]
    full = card(version=long, created="2026-09-27T09:00:00+00:00", thresholds={"sure": 0.9, "color_weight": 1.25})
    shown = live(full, matches=matches)
    shown.version = long
    check(captions.accuracy_caption(shown, language, past))


def test_accuracy_says_how_right_and_on_what(language: Language) -> None:
    caption = captions.accuracy_caption(live(card()), language)
    check(caption)
    for figure in ("95.1%", "97.2%", "2.1", "91.2%", "88.1%", "93.7%", "544", "38", "412 kB", "91% / –"):
        assert figure in caption
    assert "standard-2026&lt;01&gt;" in caption


def test_accuracy_says_when_photos_are_judged_by_colours_too(language: Language) -> None:
    said = texts(language).accuracy.photos_in_colour
    assert said not in captions.accuracy_caption(live(card()), language)
    both = captions.accuracy_caption(live(card(thresholds={"sure": 0.9, "color_weight": 1.25})), language)
    check(both)
    assert said in both


def test_accuracy_is_honest_about_what_is_missing(language: Language) -> None:
    said = texts(language)
    other_file = captions.accuracy_caption(live(card(), matches=False), language)
    check(other_file)
    assert said.accuracy.other_file.format(version="abc&lt;123&gt;") in other_file
    assert said.accuracy.photos_missing in captions.accuracy_caption(live(card(photos=None)), language)
    assert captions.accuracy_caption(live(None), language) == said.faults.no_card
    check(captions.accuracy_caption(live(card(train={}, calibration=None)), language))


@pytest.mark.parametrize("part", ["version", "created", "bytes", "train", "photos", "calibration"])
def test_an_incomplete_card_is_shown_as_far_as_it_goes(language: Language, part: str) -> None:
    check(captions.accuracy_caption(live(card(**{part: None})), language))


def test_a_card_without_its_main_figure_is_no_card(language: Language) -> None:
    assert captions.accuracy_caption(live(card(test={})), language) == texts(language).faults.no_card


def test_the_gap_is_that_of_the_figures_shown(language: Language) -> None:
    close = card(train={"accuracy": 0.96755}, test={**card()["test"], "accuracy": 0.9464})
    caption = captions.accuracy_caption(live(close), language)
    assert all(figure in caption for figure in ("96.8%", "94.6%", "2.2"))


def test_a_lower_training_accuracy_shows_a_minus(language: Language) -> None:
    assert "−1.1" in captions.accuracy_caption(live(card(train={"accuracy": 0.94})), language)


def test_a_measurement_is_compared_with_the_card(language: Language) -> None:
    confusion = [
        [90 if row == column else (10 if column == (row + 1) % 10 else 0) for column in range(10)] for row in range(10)
    ]
    caption = captions.measured_caption(confusion, timedelta(seconds=3), language, on_card=0.9)
    check(caption)
    assert "90.00%" in caption
    assert texts(language).accuracy.measured_same in caption
    degraded = captions.measured_caption(confusion, timedelta(seconds=3), language, on_card=0.95)
    assert "95.00%" in degraded


def test_the_most_confused_pairs_come_first(language: Language) -> None:
    confusion = [[0] * 10 for _ in range(10)]
    confusion[6][0], confusion[2][4], confusion[3][3] = 126, 87, 999
    pairs = confused_pairs(confusion)
    assert pairs == (ConfusedPair(6, 0, 126), ConfusedPair(2, 4, 87))
    caption = captions.pairs_caption(pairs, language)
    check(caption)
    assert caption.index("126") < caption.index("87")
    assert captions.pairs_caption((), language) == texts(language).accuracy.no_pairs


def heat_map(label: int, *told: Any) -> HeatMap:
    """One whose pictures nobody asks for."""
    nothing = np.zeros((28, 28), np.float32)
    return HeatMap(label, nothing, nothing, *told)


def test_why_says_which_parts_and_what_the_second_would_have_needed(
    prediction: MakePrediction, language: Language
) -> None:
    heat = heat_map(4, (1, 4, 7), 0.8734, 0.412, 2, (6,), 0.0572, 0.31)
    said = prediction(4, 2)
    caption = captions.why_caption(said, heat, language, in_colour=True, model_changed=True)
    check(caption)
    places, neckline = texts(language).why.places, texts(language).why.neckline
    for word in (neckline, places[4], places[6], "87.3%", "41.2%", "31.0%", *(texts(language).class_names[2:5:2])):
        assert word in caption
    figures = captions.share_lines(said, language)
    assert all(figure in figures for figure in re.findall(r"[0-9.]+%", caption) if figure not in ("41.2%", "31.0%"))
    assert texts(language).why.colours in caption
    spread = heat_map(4, (1,), 0.873, 0.87, 2, (6,), 0.06, 0.07)
    without = captions.why_caption(prediction(4, 2), spread, language, in_colour=False)
    assert texts(language).why.spread in without
    assert texts(language).why.colours not in without


@pytest.mark.parametrize(("label", "has_one"), [(0, True), (3, True), (1, False), (7, False), (8, False)])
def test_only_what_has_a_neckline_has_one_in_words(
    prediction: MakePrediction, language: Language, label: int, has_one: bool
) -> None:
    heat = heat_map(label, (1,), 0.8, 0.4, 2 if label != 2 else 4, (7,), 0.1, 0.4)
    caption = captions.why_caption(prediction(label, heat.second), heat, language, in_colour=False)
    why = texts(language).why
    assert (why.neckline in caption) == has_one
    assert (why.places[1] in caption) != has_one
    assert why.places[7] in caption


def test_why_of_other_clothing_is_about_what_was_said(prediction: MakePrediction, language: Language) -> None:
    heat = heat_map(10, (4,), 0.6, 0.3, 4, (6,), 0.26, 0.5)
    said = prediction(verdict=Verdict.NO_GARMENT, other_clothing=True)
    caption = captions.why_caption(said, heat, language, in_colour=True)
    check(caption)
    assert texts(language).outside_name in caption.split("\n")[0]
    assert "60.0%" in caption


def test_why_of_an_unsure_answer_is_about_both_candidates(prediction: MakePrediction, language: Language) -> None:
    said = prediction(9, 7, 0.45, Verdict.UNSURE)
    first = heat_map(9, (1,), 0.45, 0.2, 7, (6,), 0.24, 0.3)
    second = heat_map(7, (8,), 0.24, 0.23, 9, (1,), 0.45, 0.5)
    caption = captions.why_two_caption(said, (first, second), language, in_colour=True, model_changed=True)
    check(caption)
    names, why = texts(language).class_names, texts(language).why
    lines = caption.split("\n")
    assert names[9] in lines[0]
    assert names[7] in lines[0]
    assert why.places[1] in lines[1]
    assert "45.0%" in lines[1]
    assert why.places[8] not in lines[2], "no part decides"


def test_what_has_most_beside_the_winner_is_the_other_candidate_everywhere(language: Language) -> None:
    shares = (0.445, 0.074, *[0.0185] * 8)
    said = Prediction(shares, Verdict.UNSURE, False, 0.333, False)
    outside = texts(language).outside_name
    line = captions.photo_line(said, language)
    assert outside.lower() in line.lower()
    assert "33.3%" in line
    assert texts(language).class_names[1] not in line
    bold = re.findall("<b>(.*?)</b>", captions.share_lines(said, language))
    assert bold == [texts(language).class_names[0], outside]
    either = photo_keyboard(Answer.of(said, "v"), language).inline_keyboard[0]
    assert [button.text for button in either] == [f"✅ {short_name(label, language)}" for label in (0, OTHER_CLOTHING)]
