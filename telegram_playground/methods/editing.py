"""Editing and deleting messages, and reacting to them."""

import time
from collections.abc import Mapping
from typing import Any, Final

from telegram_playground import checks
from telegram_playground.chats import Chat, Message
from telegram_playground.errors import bad_request
from telegram_playground.methods.handler import Handler
from telegram_playground.methods.outgoing import caption_body, text_body
from telegram_playground.methods.sending import media_body
from telegram_playground.params import Params
from telegram_playground.state import ServerState

_NOT_MODIFIED: Final = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content "
    "and reply markup of the message"
)
_MEDIA: Final = ("photo", "document", "animation", "video", "audio")
_KEPT_WITH_MEDIA: Final = (*_MEDIA, "has_media_spoiler")


async def edit_message_text(state: ServerState, params: Params) -> dict[str, Any]:
    """EditMessageText."""
    message = _own_message(state, params)
    formatted = checks.message_text(params)
    if "text" not in message.body:
        raise bad_request("there is no text in the message to edit")
    return _apply(state, params, message, text_body(formatted))


async def edit_message_caption(state: ServerState, params: Params) -> dict[str, Any]:
    """EditMessageCaption."""
    message = _own_message(state, params)
    caption = caption_body(params)
    media = _media_of(message)
    if not media:
        raise bad_request("there is no caption in the message to edit")
    return _apply(state, params, message, media | caption)


async def edit_message_media(state: ServerState, params: Params) -> dict[str, Any]:
    """EditMessageMedia: another picture or file in the place of the old one."""
    message = _own_message(state, params)
    item = params.structure("media")
    if not isinstance(item, dict):
        raise bad_request("can't parse media JSON object")
    checks.inline_keyboard(params, chat=message.chat)
    state.may_send(message.chat, "photos")
    return _apply(state, params, message, await media_body(state, params, item))


async def edit_message_reply_markup(state: ServerState, params: Params) -> dict[str, Any]:
    """EditMessageReplyMarkup: other buttons, or none."""
    message = _own_message(state, params)
    return _apply(state, params, message, message.body)


async def delete_message(state: ServerState, params: Params) -> bool:
    """DeleteMessage."""
    chat = state.chat(params.string("chat_id"))
    message = chat.messages.get(params.integer("message_id"))
    if message is None:
        raise bad_request("message to delete not found")
    if message.sender is not state.bot and chat.type != "private":
        raise bad_request("message can't be deleted")
    state.delete(message)
    return True


async def delete_messages(state: ServerState, params: Params) -> bool:
    """DeleteMessages: those that are not there are passed over."""
    chat = state.chat(params.string("chat_id"))
    ids = params.structure("message_ids")
    if not isinstance(ids, list) or not 1 <= len(ids) <= 100:
        raise bad_request("message identifiers are not specified")
    for message_id in ids:
        message = chat.messages.get(message_id)
        if message is not None:
            state.delete(message)
    return True


async def set_message_reaction(state: ServerState, params: Params) -> bool:
    """SetMessageReaction: one emoji, or none."""
    chat = state.chat(params.string("chat_id"))
    emoji = checks.reaction(params)
    message = chat.messages.get(params.integer("message_id"))
    if message is None:
        raise bad_request("message to react not found")
    if emoji:
        message.reactions[state.bot.id] = emoji
    else:
        message.reactions.pop(state.bot.id, None)
    state.changed(message)
    return True


def _own_message(state: ServerState, params: Params) -> Message:
    if params.string("inline_message_id"):
        raise bad_request("MESSAGE_ID_INVALID")
    chat: Chat = state.chat(params.string("chat_id"))
    message_id = params.integer("message_id")
    if not message_id:
        raise bad_request("message identifier is not specified")
    message = chat.messages.get(message_id)
    if message is None:
        raise bad_request("message to edit not found")
    if message.sender is not state.bot:
        raise bad_request("message can't be edited")
    return message


def _media_of(message: Message) -> dict[str, Any]:
    return {name: value for name, value in message.body.items() if name in _KEPT_WITH_MEDIA}


def _apply(state: ServerState, params: Params, message: Message, body: dict[str, Any]) -> dict[str, Any]:
    markup = checks.inline_keyboard(params, chat=message.chat)
    if message.deleted:
        raise bad_request("message to edit not found")
    if body == message.body and (markup or None) == (message.reply_markup or None):
        raise bad_request(_NOT_MODIFIED)
    message.body, message.reply_markup = body, markup
    message.edit_date = int(time.time())
    state.changed(message)
    return message.api()


METHODS: Final[Mapping[str, Handler]] = {
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageMedia": edit_message_media,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
    "setMessageReaction": set_message_reaction,
}
