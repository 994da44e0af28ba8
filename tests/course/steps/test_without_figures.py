import re

import pytest

from bot.course.steps import STEPS, Materials, Step
from bot.course.steps.lesson import Lesson
from bot.course.steps.without_figures import without_figures
from bot.replies.texts import Language
from bot.replies.texts.learn import learn_texts


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_every_step_explains_itself_without_figures(step: Step, language: Language) -> None:
    words = step.words(learn_texts(language))
    text = without_figures(step.name, words.text, Lesson(words.title, 1, len(STEPS), language, Materials()))
    assert len(text) > (60 if language is Language.ZH_HANT else 150)
    assert "{" not in text
    assert "\n\n\n" not in text
    assert not re.search("[：:]($|\n\n)", text), "announces what is left out"
    for tag in ("b", "code"):
        assert text.count(f"<{tag}>") == text.count(f"</{tag}>")


def test_what_stands_before_the_first_unknown_figure_is_said() -> None:
    lesson = Lesson("", 1, 1, Language.EN, Materials())
    text = "A grid of {side}×{side}. It gets {accuracy} right. So there.\n\nIn short:\n• {accuracy}\n\nThe end."
    assert without_figures("pixels", text, lesson) == "A grid of 28×28.\n\nThe end."
