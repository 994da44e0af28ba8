"""What /train says fits where it is shown."""

import pytest
from fontTools.ttLib import TTFont

from bot.jobs.training_jobs import ENDED, JobState
from bot.replies.texts import Language
from bot.replies.texts.train import train_texts
from tests.replies.catalogues import strings
from tests.replies.test_fonts import FONTS
from tests.replies.test_texts import BUTTON, TOAST


def test_lengths_stay_within_telegrams_limits(language: Language) -> None:
    said = train_texts(language)
    assert all(len(text) <= TOAST for _, text in strings(said.toasts))
    assert all(len(text) <= BUTTON for _, text in strings(said.buttons))


def test_what_is_drawn_has_glyphs(language: Language) -> None:
    with TTFont(FONTS / "NotoSansTC-Regular.otf") as font:
        known = {chr(code) for code in font.getBestCmap()}
    said = train_texts(language)
    for path, text in strings((said.pictures, said.neurons, said.epochs)):
        assert not set(text) - known, path


@pytest.mark.parametrize("state", sorted(ENDED - {JobState.DONE}))
def test_every_end_without_a_network_has_words(state: JobState, language: Language) -> None:
    assert getattr(train_texts(language).ends, state.value)
