"""Reads one update at a time: one that cannot be read must not stand in the way of the others.

python-telegram-bot knows the fields that Telegram documented when it was released, and raises when one of them is
missing or of another form. It checks hardly any type, so what the handlers rely on is checked here: an update is
either sound where we look, or unreadable as a whole.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from types import NoneType
from typing import Final

from telegram import (
    Bot,
    CallbackQuery,
    Chat,
    Document,
    ExternalReplyInfo,
    InaccessibleMessage,
    Message,
    MessageEntity,
    PhotoSize,
    PollAnswer,
    TelegramObject,
    Update,
    User,
)

MAX_UPDATE_ID: Final = 2**31 - 1
"""``getUpdates`` takes its offset as a signed number of 32 bits."""

Form = tuple[type, ...]

_NUMBER: Final[Form] = (int,)
_TEXT: Final[Form] = (str,)
_NO_NUMBER: Final[Form] = (int, NoneType)
_NO_TEXT: Final[Form] = (str, NoneType)
_FILE: Final[Mapping[str, Form]] = {"file_id": _TEXT, "file_unique_id": _TEXT, "file_size": _NO_NUMBER}

_FORMS: Final[Mapping[type[TelegramObject], Mapping[str, Form]]] = {
    Update: {
        "message": (Message, NoneType),
        "callback_query": (CallbackQuery, NoneType),
        "poll_answer": (PollAnswer, NoneType),
    },
    Message: {
        "message_id": _NUMBER,
        "date": (datetime,),
        "chat": (Chat,),
        "from_user": (User, NoneType),
        "sender_chat": (Chat, NoneType),
        "message_thread_id": _NO_NUMBER,
        "media_group_id": _NO_TEXT,
        "text": _NO_TEXT,
        "caption": _NO_TEXT,
        "entities": (tuple,),
        "caption_entities": (tuple,),
        "photo": (tuple,),
        "document": (Document, NoneType),
        "reply_to_message": (Message, NoneType),
        "external_reply": (ExternalReplyInfo, NoneType),
        "migrate_to_chat_id": _NO_NUMBER,
    },
    ExternalReplyInfo: {"photo": (tuple,), "document": (Document, NoneType)},
    CallbackQuery: {
        "id": _TEXT,
        "from_user": (User,),
        "data": _NO_TEXT,
        "message": (Message, InaccessibleMessage, NoneType),
    },
    InaccessibleMessage: {"message_id": _NUMBER, "chat": (Chat,)},
    PollAnswer: {"poll_id": _TEXT, "option_ids": (tuple,), "user": (User, NoneType), "voter_chat": (Chat, NoneType)},
    Chat: {"id": _NUMBER, "type": _TEXT, "title": _NO_TEXT},
    User: {"id": _NUMBER, "first_name": _TEXT, "language_code": _NO_TEXT},
    MessageEntity: {"type": _TEXT, "offset": _NUMBER, "length": _NUMBER},
    PhotoSize: {**_FILE, "width": _NUMBER, "height": _NUMBER},
    Document: {**_FILE, "file_name": _NO_TEXT, "mime_type": _NO_TEXT},
}
"""What the handlers look at, and of which form it has to be."""


class UnreadableUpdate(ValueError):
    """An update that cannot be read; its message holds nothing of what somebody sent.

    Attributes:
        update_id: its number, None when that cannot be read either.
    """

    def __init__(self, update_id: int | None, reason: str) -> None:
        number = "without a number" if update_id is None else str(update_id)
        super().__init__(f"update {number} cannot be read ({reason})")
        self.update_id = update_id


def read_update(payload: bytes | str, bot: Bot | None) -> Update:
    """Read an update as a webhook delivers it and as the store keeps it.

    Args:
        payload: JSON.
        bot: for the shortcuts of the update's objects.

    Raises:
        UnreadableUpdate: it is none, or one that the library cannot read.
    """
    try:
        content = json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise UnreadableUpdate(None, type(error).__name__) from None
    return parse_update(content, bot)


def parse_update(content: object, bot: Bot | None) -> Update:
    """As :func:`read_update`, for JSON that is parsed already.

    Raises:
        UnreadableUpdate: it is no update, or one that the library cannot read.
    """
    if not isinstance(content, dict):
        raise UnreadableUpdate(None, f"it is a {type(content).__name__}")
    update_id = content.get("update_id")
    if not isinstance(update_id, int) or isinstance(update_id, bool) or not 0 <= update_id <= MAX_UPDATE_ID:
        raise UnreadableUpdate(None, "no update_id")
    try:
        update = Update.de_json(content, bot)
        _check(update)
        update.to_json()  # what was read must bear being written down
    except MemoryError:
        raise
    except Exception as error:  # the library raises whatever its constructors and conversions raise
        raise UnreadableUpdate(update_id, type(error).__name__) from None
    return update


def _check(thing: TelegramObject) -> None:
    """Look through what the handlers look at.

    Raises:
        TypeError: something is of another form.
    """
    for name, form in _FORMS.get(type(thing), {}).items():
        value = getattr(thing, name)
        if not _is_of(value, form):
            raise TypeError(name)
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, TelegramObject):
                _check(part)


def _is_of(value: object, form: Form) -> bool:
    return isinstance(value, form) and not isinstance(value, bool)
