"""Checks requests to the Bot API against aiogram's models, which were written by others from the published API.

They miss a few things that Telegram refuses, so those are checked here by hand: foreign parameters, buttons without
text or with too much data, language codes that have not two letters, texts that are too long or empty.
"""

import re
from collections.abc import Iterator
from typing import Any

import aiogram.methods
from aiogram.methods.base import TelegramMethod
from aiogram.types import BufferedInputFile, InlineKeyboardButton, InlineKeyboardMarkup
from pydantic import BaseModel

from telegram_playground.entities import utf16_length
from telegram_playground.requests import Request
from tests.telegram_html import as_shown

MAX_CALLBACK_DATA_BYTES = 64
MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_TOAST = 200
ALLOWED_TAGS = {"b", "i", "code", "blockquote", "pre", "u", "s", "a"}


def check(request: Request) -> None:
    """Fail with a clear message when a request is not what the Bot API defines."""
    name = request.method
    model: type[TelegramMethod[Any]] | None = getattr(aiogram.methods, name[:1].upper() + name[1:], None)
    assert model is not None, f"there is no Bot API method {name}"
    params = dict(request.params)
    attached = set(re.findall(r"attach://([\w.-]+)", repr(params)))
    for part, upload in request.files.items():
        assert upload.filename, f"{name}: the upload {part} has no file name"
        if part not in attached:
            params[part] = BufferedInputFile(b"", filename=upload.filename)
    parsed = model.model_validate(params)
    for extra in _extras(parsed):
        raise AssertionError(f"{name}: unknown parameter {extra}")
    _check_by_hand(name, parsed)


def _extras(value: Any, path: str = "") -> Iterator[str]:
    if isinstance(value, BaseModel):
        yield from (f"{path}{key}" for key in (value.model_extra or {}))
        for field in type(value).model_fields:
            yield from _extras(getattr(value, field), f"{path}{field}.")
    elif isinstance(value, list):
        for each in value:
            yield from _extras(each, path)


def _check_by_hand(name: str, parsed: TelegramMethod[Any]) -> None:
    code = getattr(parsed, "language_code", None)
    assert not code or re.fullmatch("[a-z]{2}", code), f"{name}: language_code {code!r} has not two letters"
    for field, longest in (
        ("text", MAX_TOAST if name == "answerCallbackQuery" else MAX_TEXT),
        ("caption", MAX_CAPTION),
    ):
        _check_text(name, getattr(parsed, field, None), longest)
    media = getattr(parsed, "media", None)
    if media is not None and not isinstance(media, list):
        _check_text(name, media.caption, MAX_CAPTION)
    markup = getattr(parsed, "reply_markup", None)
    if isinstance(markup, InlineKeyboardMarkup):
        for button in (button for row in markup.inline_keyboard for button in row):
            _check_button(name, button)
    reply = getattr(parsed, "reply_parameters", None)
    assert reply is None or reply.allow_sending_without_reply, f"{name}: fails when the message is deleted meanwhile"


def _check_text(name: str, text: str | None, longest: int) -> None:
    if text is None:
        return
    tags = {tag.lower() for tag in re.findall(r"</?([a-zA-Z]+)", text)}
    assert tags <= ALLOWED_TAGS, f"{name}: tags {tags - ALLOWED_TAGS}"
    plain = as_shown(text)
    assert plain.strip(), f"{name}: an empty text"
    assert utf16_length(plain) <= longest, f"{name}: a text of {len(plain)} characters"
    assert "{" not in plain, f"{name}: a template was not filled in: {plain!r}"


def _check_button(name: str, button: InlineKeyboardButton) -> None:
    assert button.text.strip(), f"{name}: a button without text"
    data = button.callback_data
    assert data is None or 1 <= len(data.encode()) <= MAX_CALLBACK_DATA_BYTES, f"{name}: callback data {data!r}"
