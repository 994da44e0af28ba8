import re

import pytest

from bot.replies.texts import Language, language_for, texts
from bot.replies.texts.catalogue import Counted
from bot.replies.words import spaced
from bot.vision.photo import PhotoProblem
from tests.replies.catalogues import CATALOGUES, Catalogue, placeholders, strings

TEXT, TOAST = 4096, 200
COMMAND_DESCRIPTION, DESCRIPTION, SHORT_DESCRIPTION, BOT_NAME = 256, 512, 120, 64
BUTTON = 40


@pytest.fixture(params=CATALOGUES.values(), ids=CATALOGUES)
def catalogue(request: pytest.FixtureRequest) -> Catalogue:
    return request.param


def test_both_languages_have_the_same_keys_and_blanks(catalogue: Catalogue) -> None:
    chinese, english = (dict(strings(catalogue.of(language))) for language in Language)
    assert chinese.keys() == english.keys()
    different = {key for key in chinese if placeholders(chinese[key]) != placeholders(english[key])}
    assert not different


def test_nothing_is_empty(catalogue: Catalogue, language: Language) -> None:
    empty = {path for path, text in strings(catalogue.of(language)) if not text.strip()}
    assert empty <= {"frame.sentence_gap"}


def test_lengths_stay_within_telegrams_limits(language: Language) -> None:
    said = texts(language)
    for path, text in strings(said):
        assert len(text) <= TEXT, path
    for path, text in strings(said.toasts):
        assert len(text) <= TOAST - 10, path
    for path, text in strings(said.buttons):
        assert len(text) <= BUTTON, path
    menu = dict(strings(said.menu))
    assert len(menu.pop("description")) <= DESCRIPTION
    assert len(menu.pop("short_description")) <= SHORT_DESCRIPTION
    assert len(menu.pop("name")) <= BOT_NAME
    for command, text in menu.items():
        assert 3 <= len(text) <= COMMAND_DESCRIPTION, command
        assert re.fullmatch(r"[a-z]{1,32}", command)


def test_only_what_is_sent_as_html_holds_it_and_it_is_balanced(catalogue: Catalogue, language: Language) -> None:
    for path, text in strings(catalogue.of(language)):
        tags = re.findall(r"<(/?)(\w+)>", text)
        leftover = re.sub(r"</?(b|i|code)>", "", text)
        if catalogue is CATALOGUES["learn"]:
            leftover = leftover.replace("< 0.001", "")  # drawn, or in words that no parser reads
        assert not re.search(r"[<>]", leftover), path
        if not catalogue.may_hold_html(path):
            assert not tags, path
        opened: list[str] = []
        for closing, name in tags:
            if not closing:
                opened.append(name)
            else:
                assert opened, path
                assert opened.pop() == name, path
        assert not opened, path


def test_chinese_uses_full_width_punctuation(catalogue: Catalogue) -> None:
    han = "[\u4e00-\u9fff]"
    for path, text in strings(catalogue.of(Language.ZH_HANT)):
        bare = re.sub("<[^>]*>|{[^}]*}", "", text)
        for shown in (text, bare):
            assert not re.search(rf"{han}[,;:!?]|[,;:!?]{han}", shown), path
            assert not re.search(rf"(?<!\d)[.](?={han})|{han}[.](?!\d)", shown), path
            assert not re.search(r"\d %", shown), path


def test_english_holds_no_chinese_but_the_way_back(catalogue: Catalogue) -> None:
    for path, text in strings(catalogue.of(Language.EN)):
        if path not in ("menu.language", "other_language"):
            assert not re.search("[\u3000-\u9fff\uff00-\uffef]", text), path


def test_every_photo_problem_has_its_own_words(language: Language) -> None:
    problems = texts(language).problems
    said = {getattr(problems, problem.value) for problem in PhotoProblem}
    assert len(said) == len(PhotoProblem)


def test_the_class_names_are_the_courses() -> None:
    assert "・".join(texts(Language.ZH_HANT).class_names) == (
        "T恤/上衣・褲子・毛衣・連衣裙・外套・涼鞋・襯衫・運動鞋・包包・ankle boot(踝靴)"
    )


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (None, Language.ZH_HANT),
        ("", Language.ZH_HANT),
        ("zh-hant", Language.ZH_HANT),
        ("zh-hans", Language.ZH_HANT),
        ("zh", Language.ZH_HANT),
        ("ZH_TW", Language.ZH_HANT),
        ("yue", Language.ZH_HANT),
        ("en", Language.EN),
        ("de-AT", Language.EN),
        ("zha", Language.EN),
    ],
)
def test_language_follows_the_telegram_client(code: str | None, expected: Language) -> None:
    assert language_for(code) is expected


def test_nouns_agree_with_their_number() -> None:
    photos = texts(Language.EN).units.photos
    assert [photos.of(number) for number in (0, 1, 2, 1234)] == ["0 photos", "1 photo", "2 photos", "1,234 photos"]
    assert Counted("{count} 張", "{count} 張").of(10_000) == "10,000 張"


def test_chinese_keeps_its_distance_from_latin_words(catalogue: Catalogue) -> None:
    """``T恤`` alone is one word; a name that is filled in gets its space from ``spaced``."""
    for path, text in strings(catalogue.of(Language.ZH_HANT)):
        plain = re.sub("<[^>]*>|T恤", "", text)
        assert not re.search(r"[\u4e00-\u9fff][A-Za-z0-9]|[A-Za-z0-9%][\u4e00-\u9fff]", plain), path


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("這是<b>T恤/上衣</b>，", "這是 <b>T恤/上衣</b>，"),
        ("也可能是ankle boot(踝靴)（7.0%）", "也可能是 ankle boot(踝靴)（7.0%）"),
        ("「T恤/上衣」、T恤/上衣", "「T恤/上衣」、T恤/上衣"),
        ("這是<b>外套</b>", "這是<b>外套</b>"),
        ("for <b>Coat</b>", "for <b>Coat</b>"),
    ],
)
def test_a_latin_name_gets_its_space(text: str, expected: str) -> None:
    assert spaced(text) == expected
