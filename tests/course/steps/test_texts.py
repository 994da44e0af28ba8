import re

import pytest
from fontTools.ttLib import TTFont

from bot.course.steps import STEPS
from bot.replies.texts import Language, texts
from bot.replies.texts.learn import learn_texts
from bot.replies.texts.train import train_texts
from tests.replies.catalogues import is_html_of_learn, placeholders, strings
from tests.replies.test_fonts import FONTS


def test_what_is_drawn_has_glyphs_of_the_right_width(language: Language) -> None:
    with TTFont(FONTS / "NotoSansTC-Regular.otf") as font:
        known = {chr(code) for code in font.getBestCmap()}
    for path, text in strings(learn_texts(language)):
        if not is_html_of_learn(path):
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
