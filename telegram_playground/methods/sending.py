"""Sending: text, photos, files, albums, chat actions; and getFile."""

import secrets
import time
from collections.abc import Mapping
from typing import Any, Final

from telegram_playground import checks
from telegram_playground.chats import Message
from telegram_playground.errors import bad_request
from telegram_playground.faults import Kind
from telegram_playground.files import MAX_DOWNLOAD_BYTES
from telegram_playground.methods.handler import Handler
from telegram_playground.methods.outgoing import (
    attached,
    caption_body,
    caption_fields,
    file_body,
    photo_body,
    replied_message,
    resolve,
    spoiler,
    text_body,
    topic,
)
from telegram_playground.params import Params
from telegram_playground.state import TYPING_S, ServerState


async def send_message(state: ServerState, params: Params) -> dict[str, Any]:
    """SendMessage."""
    chat = state.chat(params.string("chat_id"))
    state.may_send(chat, "text messages")
    return put_message(state, params, text_body(checks.message_text(params)), chat_id=str(chat.id)).api()


async def send_photo(state: ServerState, params: Params) -> dict[str, Any]:
    """SendPhoto."""
    chat = state.chat(params.string("chat_id"))
    caption = caption_body(params)
    checks.reply_markup(params, chat=chat)
    replied_message(params, chat)
    state.may_send(chat, "photos")
    covered = spoiler(params.boolean("has_spoiler"))
    photo = await photo_body(state, attached(params, "photo"))
    return put_message(state, params, photo | covered | caption, chat_id=str(chat.id)).api()


def _file_sender(kind: str) -> Handler:
    async def send_file(state: ServerState, params: Params) -> dict[str, Any]:
        chat = state.chat(params.string("chat_id"))
        body = await file_body(state, kind, attached(params, kind)) | caption_body(params)
        return put_message(state, params, body, chat_id=str(chat.id)).api()

    return send_file


async def send_media_group(state: ServerState, params: Params) -> list[dict[str, Any]]:
    """SendMediaGroup: an album of two to ten."""
    chat = state.chat(params.string("chat_id"))
    media = params.structure("media")
    if not isinstance(media, list) or not all(isinstance(item, dict) for item in media):
        raise bad_request("can't parse media JSON object")
    if not 2 <= len(media) <= 10:
        raise bad_request("group send failed: media must include 2-10 items")
    reply_to, thread_id = replied_message(params, chat), topic(params, chat)
    bodies = [await media_body(state, params, item) for item in media]
    if len({next(iter(body)) in {"photo", "video"} for body in bodies}) > 1:
        raise bad_request("document can't be mixed with other media types")
    group = str(secrets.randbelow(10**17) + 10**16)
    return [
        state.add_message(chat, state.bot, body, reply_to=reply_to, thread_id=thread_id, media_group_id=group).api()
        for body in bodies
    ]


async def media_body(state: ServerState, params: Params, item: dict[str, Any]) -> dict[str, Any]:
    """The fields of one InputMedia object."""
    kind = str(item.get("type"))
    source = resolve(params, str(item.get("media") or ""), "media")
    caption = caption_fields(
        checks.caption(str(item.get("caption") or ""), str(item.get("parse_mode") or ""), item.get("caption_entities"))
    )
    if kind == "photo":
        return await photo_body(state, source) | spoiler(item.get("has_spoiler") is True) | caption
    if kind in {"document", "video", "animation", "audio"}:
        return await file_body(state, kind, source) | caption
    raise bad_request("unsupported media type")


async def send_chat_action(state: ServerState, params: Params) -> bool:
    """SendChatAction: shown for five seconds, or until the bot's next message."""
    chat = state.chat(params.string("chat_id"))
    topic(params, chat)
    chat.typing = (checks.chat_action(params), time.time() + TYPING_S)
    state.events.publish("typing", {"chat": chat.id, "action": chat.typing[0]})
    return True


async def get_file(state: ServerState, params: Params) -> dict[str, Any]:
    """GetFile: where a file can be fetched, up to 20 MB."""
    stored = state.files.get(params.string("file_id"))
    if len(stored.data) > MAX_DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    if state.faults.take(Kind.NO_PATH, "getFile"):
        return stored.api()
    folder = state.files.local_folder
    return {**stored.api(), "file_path": f"{folder}/{state.token}/{stored.path}" if folder else stored.path}


def put_message(state: ServerState, params: Params, body: dict[str, Any], *, chat_id: str) -> Message:
    """Write a message of the bot into a chat, as the call's other parameters say."""
    # Looked up again: while a photo was being encoded, the chat may have blocked the bot or lost the message.
    chat = state.chat(chat_id)
    return state.add_message(
        chat,
        state.bot,
        body,
        reply_to=replied_message(params, chat),
        thread_id=topic(params, chat),
        reply_markup=checks.reply_markup(params, chat=chat),
    )


METHODS: Final[Mapping[str, Handler]] = {
    "sendMessage": send_message,
    "sendPhoto": send_photo,
    "sendDocument": _file_sender("document"),
    "sendAnimation": _file_sender("animation"),
    "sendVideo": _file_sender("video"),
    "sendAudio": _file_sender("audio"),
    "sendVoice": _file_sender("voice"),
    "sendMediaGroup": send_media_group,
    "sendChatAction": send_chat_action,
    "getFile": get_file,
}
