"""What sending and editing share: where a message goes, and what it shows."""

import asyncio
from typing import Any

from telegram_playground import checks
from telegram_playground.chats import Chat, Message
from telegram_playground.entities import FormattedText
from telegram_playground.errors import bad_request
from telegram_playground.images import encode_bot_photo
from telegram_playground.multipart import Upload
from telegram_playground.params import Params
from telegram_playground.state import ServerState


def replied_message(params: Params, chat: Chat) -> Message | None:
    """The message that is replied to, by reply_parameters or the older reply_to_message_id.

    Raises:
        ApiError: It is gone, and the bot does not want to send without it.
    """
    wanted = params.structure("reply_parameters")
    if wanted is None:
        message_id = params.integer("reply_to_message_id")
        optional = params.boolean("allow_sending_without_reply")
    elif isinstance(wanted, dict):
        message_id = int(wanted.get("message_id") or 0)
        optional = bool(wanted.get("allow_sending_without_reply"))
    else:
        raise bad_request("object expected as reply parameters")
    if not message_id:
        return None
    message = chat.messages.get(message_id)
    if message is None and not optional:
        raise bad_request("message to be replied not found")
    return message


def topic(params: Params, chat: Chat) -> int | None:
    """The forum topic that a message goes to."""
    thread_id = params.integer("message_thread_id")
    if thread_id and thread_id not in chat.topics:
        raise bad_request("message thread not found")
    return thread_id or None


def text_body(formatted: FormattedText) -> dict[str, Any]:
    """The fields of a text message."""
    body: dict[str, Any] = {"text": formatted.text}
    if formatted.entities:
        body["entities"] = list(formatted.entities)
    return body


def spoiler(covered: bool) -> dict[str, Any]:
    """The fields of a picture that is covered until somebody taps on it."""
    return {"has_media_spoiler": True} if covered else {}


def caption_body(params: Params) -> dict[str, Any]:
    """The fields of a caption, none when it is empty."""
    formatted = checks.caption(
        params.string("caption"), params.string("parse_mode"), params.structure("caption_entities")
    )
    return caption_fields(formatted, above=params.boolean("show_caption_above_media"))


def caption_fields(formatted: FormattedText, *, above: bool = False) -> dict[str, Any]:
    """The fields of a caption, none when it is empty."""
    if not formatted.text:
        return {}
    body: dict[str, Any] = {"caption": formatted.text}
    if formatted.entities:
        body["caption_entities"] = list(formatted.entities)
    if above:
        body["show_caption_above_media"] = True
    return body


async def photo_body(state: ServerState, source: str | Upload) -> dict[str, Any]:
    """The fields of a photo, uploaded or known by its file id."""
    if isinstance(source, Upload):
        return {"photo": state.files.add_photo(await asyncio.to_thread(encode_bot_photo, source.data))}
    return {"photo": state.files.photo(source)}


async def file_body(state: ServerState, kind: str, source: str | Upload) -> dict[str, Any]:
    """The fields of a document, animation, audio, video or voice message."""
    if isinstance(source, Upload):
        if not source.data:
            raise bad_request("file must be non-empty")
        stored = state.files.add(source.data, folder=f"{kind}s", name=source.filename)
    else:
        stored = state.files.get(source)
    described: dict[str, Any] = {**stored.api(), "file_name": stored.name, "mime_type": stored.mime}
    if kind in {"animation", "video"}:
        described |= {"width": 320, "height": 240, "duration": 1}
    elif kind in {"audio", "voice"}:
        described["duration"] = 1
    return {kind: described}


def attached(params: Params, name: str) -> str | Upload:
    """A file parameter: a part of this request, a file id, but no URL (this machine fetches nothing)."""
    if name in params.files:
        return params.files[name]
    return resolve(params, params.string(name), name)


def resolve(params: Params, value: str, name: str) -> str | Upload:
    """What a file reference stands for, ``attach://`` included."""
    if value.startswith("attach://"):
        upload = params.files.get(value.removeprefix("attach://"))
        if upload is None:
            raise bad_request(f'can\'t find uploaded file "{value.removeprefix("attach://")}"')
        return upload
    if not value:
        raise bad_request(f"there is no {name} in the request")
    if value.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")
    return value
