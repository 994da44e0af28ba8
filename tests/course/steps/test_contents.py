import pytest

from bot.course.steps import STEPS
from bot.course.steps.contents import contents_text, no_such_step_text, step_asked
from bot.replies.texts import Language
from bot.replies.texts.learn import learn_texts

LONGEST_CAPTION = 1024


def test_contents_name_every_step_and_mark_the_one_shown(language: Language) -> None:
    text = contents_text(STEPS[3], language)
    titles = [step.words(learn_texts(language)).title for step in STEPS]
    for number, title in enumerate(titles, start=1):
        assert f"{number}. {title}" in text
    assert f"<b>4. {titles[3]}</b>" in text
    assert len(text) <= LONGEST_CAPTION, "it stands below a picture"


@pytest.mark.parametrize(
    ("asked", "place"), [("1", 1), ("9", 9), ("９", 9), (" 18 ", 18), ("softmax", 9), ("Softmax", 9), ("start", 1)]
)
def test_a_step_by_number_or_name(asked: str, place: int) -> None:
    assert step_asked(asked) is STEPS[place - 1]


@pytest.mark.parametrize("asked", ["0", "19", "-1", "1.5", "九", "9" * 5000, "<b>", "nowhere"])
def test_a_step_that_does_not_exist(asked: str, language: Language) -> None:
    assert step_asked(asked) is None
    text = no_such_step_text(asked, language)
    assert "18" in text
    assert len(text) < LONGEST_CAPTION
    assert "<b><" not in text
