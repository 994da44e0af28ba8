import re

import pytest
from fontTools.ttLib import TTFont

from bot.course.steps import STEPS
from bot.replies.texts import Language, texts
from bot.replies.texts.learn import learn_texts
from bot.replies.texts.train import train_texts
from tests.replies.test_fonts import FONTS
from tests.replies.test_texts import placeholders, strings

SAID = ("text", "picture", "heading")
"""Fields that are sent as HTML; with those that are put into them."""

INTO_TEXTS = (
    "rules.taught",
    "rules.rule_line",
    "result.right",
    "result.wrong",
    "result.no_label",
    "result.images",
    "callback.stopped",
    "callback.never",
    "clicking.right",
    "clicking.wrong",
    "photos.course_measured",
    "photos.bot_measured",
    "photos.yours",
    "photos.pretended",
    "tflite.smaller",
    "tflite.course",
    "softmax.photo_note",
    "frame.",
)


def is_sent(path: str) -> bool:
    return path.split(".")[-1] in SAID or path.startswith(INTO_TEXTS)


def test_both_languages_have_the_same_keys_and_blanks() -> None:
    chinese, english = (dict(strings(learn_texts(language))) for language in Language)
    assert chinese.keys() == english.keys()
    different = {key for key in chinese if placeholders(chinese[key]) != placeholders(english[key])}
    assert not different


def test_html_is_balanced_and_only_in_what_is_sent(language: Language) -> None:
    for path, text in strings(learn_texts(language)):
        assert not re.search("[<>]", re.sub("</?(b|i|code)>", "", text).replace("< 0.001", "")), path
        if not is_sent(path):
            assert "<" not in text, path
        for tag in ("b", "i", "code"):
            assert text.count(f"<{tag}>") == text.count(f"</{tag}>"), path


def test_chinese_uses_full_width_punctuation() -> None:
    han = "[\u4e00-\u9fff]"
    for path, text in strings(learn_texts(Language.ZH_HANT)):
        bare = re.sub("<[^>]*>|{[^}]*}", "", text)
        assert not re.search(rf"{han}[,;:!?]|[,;:!?]{han}", bare), path
        assert not re.search(r"\d %", bare), path


def test_english_holds_no_chinese() -> None:
    for path, text in strings(learn_texts(Language.EN)):
        assert not re.search("[\u3000-\u9fff\uff00-\uffef]", text), path


def test_what_is_drawn_has_glyphs_of_the_right_width(language: Language) -> None:
    with TTFont(FONTS / "NotoSansTC-Regular.otf") as font:
        known = {chr(code) for code in font.getBestCmap()}
    for path, text in strings(learn_texts(language)):
        if not is_sent(path):
            assert not set(text) - known, path
            assert not set(text) & set("“”‘’"), f"{path}: as wide as Chinese characters in this font"


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_titles_and_texts_hold_no_figures_that_could_be_wrong(step, language: Language) -> None:
    words = step.words(learn_texts(language))
    assert not placeholders(words.title), "a title stands before the figures are known"
    typed = re.sub("{[^}]*}|<code>.*?</code>|28×28|95%|2X \\+ 1|0–255", "", words.text)
    figures = set(re.findall(r"\d[\d.,]*", typed))
    allowed = {"0", "1", "2", "3", "4", "5", "8", "10", "32", "100", "255"}
    assert {figure.rstrip(".,") for figure in figures} <= allowed


def test_the_course_leads_to_a_training_in_the_chat(language: Language) -> None:
    callback, buttons = learn_texts(language).callback.text, train_texts(language).buttons
    label, _, answer = re.split("([：:] ?)", buttons.stop)
    assert "/train" in callback.splitlines()[-1]
    assert label in callback, "the button is named as it is labelled"
    assert answer in callback.splitlines()[-1]
    assert "/train" in texts(language).learn.finished
