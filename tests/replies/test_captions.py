import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

import pytest

from bot.replies import captions
from bot.replies.callback_data import AlbumItem, Answer, Gallery, version_tag
from bot.replies.captions import WhyFacts
from bot.replies.confusion import ConfusedPair, confused_pairs
from bot.replies.texts import Language, texts
from bot.vision.model_card import ModelCard
from bot.vision.model_history import PastModel
from bot.vision.prediction import Prediction, Verdict

ZH, EN = Language.ZH_HANT, Language.EN
LIMIT = 1024
MakePrediction = Callable[..., Prediction]
MakeRecognition = Callable[..., Any]
VERDICTS = [(verdict, False) for verdict in Verdict] + [(Verdict.NO_GARMENT, True)]


def percentages(caption: str) -> list[float]:
    """The ten figures at line starts."""
    return [float(figure) for figure in re.findall(r"^\u2007*(\d+\.\d)%  ", caption, re.MULTILINE)]


class Balance(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def check(caption: str) -> None:
    """Within Telegram's limit, balanced HTML, no blank left unfilled."""
    assert 0 < len(caption) <= LIMIT
    assert not re.search(r"[{}]", caption)
    parser = Balance()
    parser.feed(caption)
    assert not parser.open


@pytest.mark.parametrize(("verdict", "other"), VERDICTS)
def test_a_photo_gets_ten_percentages_highest_first(
    recognition: MakeRecognition, prediction: MakePrediction, language: Language, verdict: Verdict, other: bool
) -> None:
    said = prediction(9, 5, 0.482, verdict, other_clothing=other)
    found = recognition(said, quality=0.1, garments=3, chosen=1, in_colour=True)
    caption = captions.photo_caption(found, language, model_changed=True)
    check(caption)
    figures = percentages(caption)
    assert len(figures) == 10
    assert figures == sorted(figures, reverse=True)
    assert sum(figures) == pytest.approx(100)
    assert all(name in caption for name in texts(language).class_names)


def test_sure_names_class_and_confidence(recognition: MakeRecognition, prediction: MakePrediction) -> None:
    assert captions.photo_caption(recognition(prediction(4, 2, 0.873)), ZH).startswith("這是<b>外套</b>，信心 87.3%。")
    assert captions.photo_caption(recognition(prediction(4, 2, 0.873)), EN).startswith(
        "My answer: <b>Coat</b>, confidence 87.3%."
    )


def test_unsure_names_both_candidates(recognition: MakeRecognition, prediction: MakePrediction) -> None:
    said = prediction(2, 4, 0.482, Verdict.UNSURE)
    first_line = captions.photo_caption(recognition(said), ZH).split("\n")[0]
    assert first_line == "我不太確定：可能是<b>毛衣</b>（信心 48.2%），也可能是<b>外套</b>（25.9%）。"


def test_without_a_garment_nothing_wins(recognition: MakeRecognition, prediction: MakePrediction) -> None:
    nothing = captions.photo_caption(recognition(prediction(8, 0, 0.9, Verdict.NO_GARMENT)), ZH)
    other = captions.photo_caption(recognition(prediction(1, 0, 0.9, Verdict.NO_GARMENT, other_clothing=True)), ZH)
    assert "<b>" not in nothing + other
    assert "看不出單獨一件衣物" in nothing
    assert "不屬於我認得的十類" in other


def test_a_doubtful_outline_is_said(recognition: MakeRecognition) -> None:
    hint = texts(ZH).photo.low_quality
    assert hint in captions.photo_caption(recognition(quality=0.2), ZH)
    assert hint not in captions.photo_caption(recognition(quality=0.9), ZH)


def test_an_answer_by_colours_says_so(recognition: MakeRecognition, language: Language) -> None:
    said = texts(language).photo.colours
    assert said in captions.photo_caption(recognition(in_colour=True), language)
    assert said not in captions.photo_caption(recognition(), language)


def test_which_of_several_garments_is_said(recognition: MakeRecognition, prediction: MakePrediction) -> None:
    assert "（2/3）" in captions.photo_caption(recognition(garments=3, chosen=1), ZH)
    lost = recognition(prediction(0, 1, 0.4, Verdict.NO_GARMENT), garments=3, chosen=1)
    assert "第 2 個範圍，一共 3 個" in captions.photo_caption(lost, ZH)
    assert "（1/1）" not in captions.photo_caption(recognition(), ZH)


def test_names_are_escaped(monkeypatch: pytest.MonkeyPatch, prediction: MakePrediction) -> None:
    monkeypatch.setattr(captions, "class_name", lambda label, language: "<b>&")
    assert "&lt;b&gt;&amp;" in captions.verdict_sentence(prediction(), ZH)


def test_an_album_names_two_candidates_a_photo(prediction: MakePrediction, language: Language) -> None:
    kinds = [prediction(9, 7, 0.6, verdict, other_clothing=other) for verdict, other in VERDICTS]
    answers = [*(Answer.of(kinds[index % 4], "v") for index in range(9)), None]
    caption = captions.album_caption(answers, language, left_out=12)
    check(caption)
    lines = [line for line in caption.split("\n") if re.match(r"\d+\. ", line)]
    assert [int(line.split(".")[0]) for line in lines] == list(range(1, 11))
    names = texts(language).class_names
    assert all(names[9] in line and names[7] in line for line in lines[:9])
    assert "60.0%" in lines[0]


def test_an_albums_photo_shows_its_ten(prediction: MakePrediction, language: Language) -> None:
    item = AlbumItem(2, 4, Answer.of(prediction(9, 7, 0.6), "v"))
    caption = captions.album_item_caption(item, language)
    check(caption)
    assert len(percentages(caption)) == 10
    assert "3" in caption.split("\n")[0]


def test_a_sample_says_predicted_actual_and_whether_it_is_right(prediction: MakePrediction) -> None:
    right = captions.sample_caption(prediction(9, 7, 0.6), 9, 0, ZH)
    wrong = captions.sample_caption(prediction(9, 7, 0.6), 7, 9_999, ZH)
    for caption in (right, wrong):
        check(caption)
        assert len(percentages(caption)) == 10
    assert "結果：<b>答對了</b>" in right
    assert "預測：<b>ankle boot(踝靴)</b>" in wrong
    assert "正確答案：<b>運動鞋</b>" in wrong
    assert "結果：<b>答錯了</b>" in wrong
    assert "第 10,000 張" in wrong


def test_gallery_captions(prediction: MakePrediction, language: Language) -> None:
    sheet = Gallery(tuple(range(25)), version_tag("v"))
    check(captions.gallery_caption(sheet, language))
    wrong = captions.gallery_caption(Gallery((1, 2), version_tag("v"), True), language, wrong_in_all=412)
    check(wrong)
    assert "412" in wrong
    item = captions.gallery_item_caption(prediction(), 4, 12, language, model_changed=True)
    check(item)
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


def test_accuracy_lists_the_models_that_were_live(language: Language) -> None:
    past = [
        PastModel("c", datetime(2026, 3, 1, tzinfo=UTC), 0.951, 0.912),
        PastModel("b", datetime(2026, 2, 1, tzinfo=UTC), None, None),
        PastModel("a", datetime(2026, 1, 1, tzinfo=UTC), 0.874, None),
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
    past = [PastModel(long, datetime(2026, 9, day, tzinfo=UTC), 0.951, 0.912) for day in (30, 29, 28)]
    full = card(version=long, created="2026-09-27T09:00:00+00:00", thresholds={"opinion_weight": 1.25})
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
    both = captions.accuracy_caption(live(card(thresholds={"sure": 0.9, "opinion_weight": 1.25})), language)
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


def test_why_says_which_parts_and_what_the_second_would_have_needed(
    prediction: MakePrediction, language: Language
) -> None:
    facts = WhyFacts((1, 4, 7), 0.8734, 0.412, 2, (6,), 0.0635, 0.31, in_colour=True)
    said = prediction(4, 2)
    caption = captions.why_caption(said, facts, language, model_changed=True)
    check(caption)
    places = texts(language).why.places
    for word in (places[1], places[4], places[6], "87.3%", "41.2%", "31.0%", *(texts(language).class_names[2:5:2])):
        assert word in caption
    figures = captions.ten_lines(said, language)
    assert all(figure in figures for figure in re.findall(r"[0-9.]+%", caption) if figure not in ("41.2%", "31.0%"))
    assert texts(language).why.colours in caption
    spread = WhyFacts((1,), 0.873, 0.87, 2, (6,), 0.06, 0.07, in_colour=False)
    without = captions.why_caption(prediction(4, 2), spread, language)
    assert texts(language).why.spread in without
    assert texts(language).why.colours not in without
    check(captions.why_caption(prediction(4, 2, 0.5, Verdict.NO_GARMENT), spread, language))
