import re
import string
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import pytest

from bot.replies.texts import Language, language_for, texts
from bot.replies.texts.catalogue import Counted
from bot.replies.texts.learn import learn_texts
from bot.replies.words import spaced
from bot.vision.photo import PhotoProblem

TEXT, TOAST = 4096, 200
COMMAND_DESCRIPTION, DESCRIPTION, SHORT_DESCRIPTION, BOT_NAME = 256, 512, 120, 64
BUTTON = 40
PLAIN = (
    "menu",
    "buttons",
    "toasts",
    "pictures",
    "units",
    "class_names",
    "short_names",
    "beyond_names",
    "outside_name",
    "language_name",
)


def strings(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every string with the path that leads to it."""
    if isinstance(value, str):
        yield path, value
    elif is_dataclass(value):
        for field in fields(value):
            yield from strings(getattr(value, field.name), f"{path}.{field.name}".strip("."))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from strings(item, f"{path}.{index}")


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_both_languages_have_the_same_keys_and_blanks() -> None:
    chinese, english = (dict(strings(texts(language))) for language in Language)
    assert chinese.keys() == english.keys()
    different = {key for key in chinese if placeholders(chinese[key]) != placeholders(english[key])}
    assert not different


def test_nothing_is_empty(language: Language) -> None:
    assert not [path for path, text in strings(texts(language)) if not text.strip()]


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


def test_only_messages_hold_html_and_it_is_balanced(language: Language) -> None:
    for path, text in strings(texts(language)):
        tags = re.findall(r"<(/?)(\w+)>", text)
        leftover = re.sub(r"</?(b|i|code)>", "", text)
        assert not re.search(r"[<>]", leftover), path
        if path.split(".")[0] in PLAIN:
            assert not tags, path
        opened: list[str] = []
        for closing, name in tags:
            if not closing:
                opened.append(name)
            else:
                assert opened, path
                assert opened.pop() == name, path
        assert not opened, path


def test_chinese_uses_full_width_punctuation() -> None:
    han = "[\u4e00-\u9fff]"
    for path, text in strings(texts(Language.ZH_HANT)):
        assert not re.search(rf"{han}[,;:!?]|[,;:!?]{han}", text), path
        assert not re.search(rf"(?<!\d)[.](?={han})|{han}[.](?!\d)", text), path
        assert not re.search(r"\d %", text), path


def test_english_holds_no_chinese_but_the_way_back() -> None:
    for path, text in strings(texts(Language.EN)):
        if path != "menu.language":
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


def test_chinese_keeps_its_distance_from_latin_words() -> None:
    """``T恤`` alone is one word; a name that is filled in gets its space from ``spaced``."""
    for path, text in strings((texts(Language.ZH_HANT), learn_texts(Language.ZH_HANT))):
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
