"""What the page shows, as plain JSON: no markup, so that nothing a message says can become part of the page."""

import time
from typing import Any, Final

from bot.playground.chats import Chat, Message, Person
from bot.playground.entities import runs
from bot.playground.profile import short_code
from bot.playground.world import World

SHOWN_IMAGES: Final = frozenset(
    {"image/jpeg", "image/png", "image/webp", "image/gif", "image/bmp", "image/avif"},
)
"""What a browser may show; everything else is offered for download."""
_OTHER_KINDS: Final = ("sticker", "voice", "video", "animation", "audio", "location", "contact")
_EXCERPT: Final = 120


def message_view(message: Message) -> dict[str, Any]:
    """One message."""
    body = message.body
    text_key, entities_key = ("text", "entities") if "text" in body else ("caption", "caption_entities")
    view: dict[str, Any] = {
        "id": message.id,
        "chat": message.chat.id,
        "author": _author(message.sender),
        "date": message.date,
        "edited": message.edit_date is not None,
        "runs": runs(str(body.get(text_key, "")), body.get(entities_key, [])),
        "album": message.media_group_id,
        "nonce": message.nonce,
        "reply": _reply(message.reply_to),
        "keyboard": _keyboard(message),
        "asks_reply": bool((message.reply_markup or {}).get("force_reply")),
        "reactions": [emoji for emojis in message.reactions.values() for emoji in emojis],
    }
    if "photo" in body:
        view["photo"] = _photo(body["photo"])
    elif "document" in body and "animation" not in body:
        view["document"] = _document(body["document"])
    else:
        view["other"] = next((kind for kind in _OTHER_KINDS if kind in body), None)
    return view


def profile_view(world: World, person: Person, chats: list[Chat]) -> dict[str, Any]:
    """The bot as this person sees it: name, descriptions, and the command menu of each chat."""
    profile = world.profile
    return {
        "name": profile.localised(profile.names, person) or world.bot.first_name,
        "username": world.bot.username,
        "description": profile.localised(profile.descriptions, person),
        "about": profile.localised(profile.short_descriptions, person),
        "language": short_code(person.language_code),
        "commands": {str(chat.id): profile.commands_for(chat, person) for chat in chats},
    }


def chat_view(chat: Chat) -> dict[str, Any]:
    """A chat with its messages, oldest first."""
    action, until = chat.typing
    return {
        "id": chat.id,
        "type": chat.type,
        "title": chat.title,
        "read": chat.read_id,
        "typing": action if until > time.time() else "",
        "members": [_author(person) for person in chat.members],
        "messages": [message_view(message) for message in chat.messages.values()],
    }


def file_address(file_id: str) -> str:
    """Where the page fetches a file."""
    return f"/chat/files/{file_id}"


def _author(person: Person) -> dict[str, Any]:
    return {"id": person.id, "name": person.first_name, "bot": person.is_bot}


def _photo(sizes: list[dict[str, Any]]) -> dict[str, Any]:
    largest = sizes[-1]
    small = next((size for size in sizes if max(size["width"], size["height"]) >= 320), largest)
    return {
        "src": file_address(largest["file_id"]),
        "thumb": file_address(small["file_id"]),
        "width": largest["width"],
        "height": largest["height"],
    }


def _document(document: dict[str, Any]) -> dict[str, Any]:
    return {
        "src": file_address(document["file_id"]),
        "name": document.get("file_name", "file"),
        "size": document.get("file_size", 0),
        "image": document.get("mime_type") in SHOWN_IMAGES,
    }


def _reply(message: Message | None) -> dict[str, Any] | None:
    if message is None:
        return None
    thumb = file_address(message.body["photo"][0]["file_id"]) if message.is_photo else None
    kind = "photo" if message.is_photo else next((k for k in ("document", *_OTHER_KINDS) if k in message.body), "text")
    return {
        "id": message.id,
        "author": _author(message.sender),
        "text": " ".join(message.text.split())[:_EXCERPT],
        "kind": kind,
        "thumb": thumb,
    }


def _keyboard(message: Message) -> list[list[dict[str, Any]]]:
    rows = (message.reply_markup or {}).get("inline_keyboard", [])
    return [[_button(button) for button in row] for row in rows]


def _button(button: dict[str, Any]) -> dict[str, Any]:
    view: dict[str, Any] = {"text": button["text"], "action": "none"}
    if "callback_data" in button:
        view |= {"action": "tap", "data": button["callback_data"]}
    elif str(button.get("url", "")).startswith(("http://", "https://")):
        view |= {"action": "open", "data": button["url"]}
    elif "copy_text" in button:
        view |= {"action": "copy", "data": str(button["copy_text"]["text"])}
    return view
