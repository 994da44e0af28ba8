"""Everything that is said, by topic, and which of it is sent as HTML."""

import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from bot.replies.texts import Language, texts
from bot.replies.texts.learn import learn_texts
from bot.replies.texts.quiz import quiz_texts
from bot.replies.texts.train import train_texts
from bot.replies.texts.web_app import web_app_texts

PLAIN = (
    "menu.",
    "buttons.",
    "toasts.",
    "pictures.",
    "units.",
    "class_names.",
    "short_names.",
    "beyond_names.",
    "outside_name",
    "language_name",
)
PLAIN_OF_TRAIN = (
    "pictures.",
    "buttons.",
    "toasts.",
    "neurons.",
    "epochs.",
    "waiting_people.",
    "title",
    "list_separator",
)
HTML_OF_LEARN = ("text", "picture", "heading")
INTO_HTML_OF_LEARN = (
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


def is_html_of_learn(path: str) -> bool:
    return path.split(".")[-1] in HTML_OF_LEARN or path.startswith(INTO_HTML_OF_LEARN)


@dataclass(frozen=True)
class Catalogue:
    """The texts of a topic by language, and whether the one at a path may hold HTML."""

    of: Callable[[Language], Any]
    may_hold_html: Callable[[str], bool]


CATALOGUES = {
    "bot": Catalogue(texts, lambda path: not path.startswith(PLAIN)),
    "learn": Catalogue(learn_texts, is_html_of_learn),
    "train": Catalogue(train_texts, lambda path: not path.startswith(PLAIN_OF_TRAIN)),
    "quiz": Catalogue(quiz_texts, lambda path: not path.startswith(("pictures.", "buttons."))),
    "page": Catalogue(web_app_texts, lambda path: False),
}


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
