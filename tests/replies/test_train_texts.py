"""What /train says: same keys, sound HTML, as somebody from Taiwan writes."""

import re

import pytest
from fontTools.ttLib import TTFont

from bot.jobs.training_jobs import ENDED, JobState
from bot.replies.texts import Language
from bot.replies.texts.train import train_texts
from tests.replies.test_fonts import FONTS
from tests.replies.test_texts import BUTTON, TOAST, placeholders, strings

PLAIN = ("pictures.", "buttons.", "toasts.", "neurons.", "epochs.", "waiting_people.", "title", "list_separator")


def test_both_languages_have_the_same_keys_and_blanks() -> None:
    chinese, english = (dict(strings(train_texts(language))) for language in Language)
    assert chinese.keys() == english.keys()
    different = {key for key in chinese if placeholders(chinese[key]) != placeholders(english[key])}
    assert not different
    assert all(text.strip() for text in (*chinese.values(), *english.values()))


def test_html_is_balanced_and_only_in_what_is_sent(language: Language) -> None:
    for path, text in strings(train_texts(language)):
        assert not re.search("[<>]", re.sub("</?(b|i|code)>", "", text)), path
        if path.startswith(PLAIN):
            assert "<" not in text, path
        for tag in ("b", "i", "code"):
            assert text.count(f"<{tag}>") == text.count(f"</{tag}>"), path


def test_lengths_stay_within_telegrams_limits(language: Language) -> None:
    said = train_texts(language)
    assert all(len(text) <= TOAST for _, text in strings(said.toasts))
    assert all(len(text) <= BUTTON for _, text in strings(said.buttons))


def test_chinese_is_written_as_in_taiwan() -> None:
    han = "[\u4e00-\u9fff]"
    for path, text in strings(train_texts(Language.ZH_HANT)):
        bare = re.sub("<[^>]*>|T恤", "", text)
        assert not re.search(rf"{han}[,;:!?]|[,;:!?]{han}", bare), path
        assert not re.search(r"\d %", bare), path
        assert not re.search(rf"{han}[A-Za-z0-9]|[A-Za-z0-9%]{han}", bare), path


def test_english_holds_no_chinese() -> None:
    for path, text in strings(train_texts(Language.EN)):
        assert not re.search("[\u3000-\u9fff\uff00-\uffef]", text), path


def test_what_is_drawn_has_glyphs(language: Language) -> None:
    with TTFont(FONTS / "NotoSansTC-Regular.otf") as font:
        known = {chr(code) for code in font.getBestCmap()}
    said = train_texts(language)
    for path, text in strings((said.pictures, said.neurons, said.epochs)):
        assert not set(text) - known, path


@pytest.mark.parametrize("state", sorted(ENDED - {JobState.DONE}))
def test_every_end_without_a_network_has_words(state: JobState, language: Language) -> None:
    assert getattr(train_texts(language).ends, state.value)
