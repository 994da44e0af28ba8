"""What the page shows, as plain JSON: no markup, so that nothing a message says can become part of the page."""

import time
from collections.abc import Mapping, Sequence
from typing import Any, Final

from telegram_playground.chats import Chat, Message, Person
from telegram_playground.entities import runs
from telegram_playground.inline import InlineQuery, InlineResult
from telegram_playground.profile import short_code
from telegram_playground.state import ServerState

SHOWN_IMAGES: Final = frozenset(
    {"image/jpeg", "image/png", "image/webp", "image/gif", "image/bmp", "image/avif"},
)
"""What a browser may show; everything else is offered for download."""
_OTHER_KINDS: Final = ("sticker", "voice", "video", "animation", "live_photo", "audio", "location", "contact", "poll")
_EXCERPT: Final = 120


def message_view(message: Message, votes: Mapping[int, Sequence[int]] | None = None) -> dict[str, Any]:
    """One message; ``votes`` is who has chosen what of its poll."""
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
        "reply": _reply(message.reply_to) or _reply_elsewhere(body.get("external_reply")),
        "via": body["via_bot"]["username"] if "via_bot" in body else "",
        "keyboard": _keyboard(message),
        "asks_reply": bool((message.reply_markup or {}).get("force_reply")),
        "reactions": [emoji for emojis in message.reactions.values() for emoji in emojis],
    }
    if "photo" in body:
        view["photo"] = _photo(body["photo"]) | {"covered": bool(body.get("has_media_spoiler"))}
    elif "live_photo" in body:
        view["photo"] = _photo(body["live_photo"]["photo"]) | {"covered": False, "live": True}
    elif "sticker" in body:
        view["sticker"] = file_address(body["sticker"]["file_id"])
    elif "document" in body and "animation" not in body:
        view["document"] = _document(body["document"])
    elif "poll" in body:
        view["poll"] = _poll(body["poll"]) | {"votes": votes or {}}
    else:
        view["other"] = next((kind for kind in _OTHER_KINDS if kind in body), None)
    return view


def profile_view(state: ServerState, person: Person, chats: list[Chat]) -> dict[str, Any]:
    """The bot as this person sees it: name, descriptions, and the command menu of each chat."""
    profile = state.profile
    return {
        "name": profile.localised(profile.names, person) or state.bot.first_name,
        "username": state.bot.username,
        "description": profile.localised(profile.descriptions, person),
        "about": profile.localised(profile.short_descriptions, person),
        "language": short_code(person.language_code),
        "commands": {str(chat.id): profile.commands_for(chat, person) for chat in chats},
        "photo": _photo(profile.photo)["thumb"] if profile.photo else "",
    }


def inline_view(query: InlineQuery) -> dict[str, Any]:
    """What the bot offers to somebody who wrote its name."""
    results = [_offered(name, result) for name, result in (query.results or {}).items()]
    button = query.button or {}
    return {
        "query": query.id,
        "results": results,
        "button": {"text": str(button["text"]), "start": str(button.get("start_parameter", ""))} if button else None,
    }


def _offered(name: str, result: InlineResult) -> dict[str, Any]:
    return {
        "id": name,
        "title": result.title or str(result.body.get("caption", result.body.get("text", "")))[:_EXCERPT],
        "description": result.description,
        "thumb": _photo(result.photo)["thumb"] if result.photo else "",
    }


def chat_view(state: ServerState, chat: Chat) -> dict[str, Any]:
    """A chat with its messages, oldest first."""
    action, until = chat.typing
    return {
        "id": chat.id,
        "type": chat.type,
        "title": chat.title,
        "read": chat.read_id,
        "typing": action if until > time.time() else "",
        "members": [_author(person) for person in chat.members],
        "messages": [message_view(message, state.votes(message)) for message in chat.messages.values()],
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


def _poll(poll: dict[str, Any]) -> dict[str, Any]:
    """A poll; the page shows what is right once the visitor has chosen."""
    media, explanation = poll.get("media"), poll.get("explanation_media")
    return {
        "question": poll["question"],
        "options": [{"text": option["text"], "count": option["voter_count"]} for option in poll["options"]],
        "total": poll["total_voter_count"],
        "kind": poll["type"],
        "correct": poll.get("correct_option_ids", []),
        "explanation": poll.get("explanation", ""),
        "photo": _photo(media["photo"]) if media else None,
        "explanation_photo": _photo(explanation["photo"]) if explanation else None,
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


def _reply_elsewhere(reply: dict[str, Any] | None) -> dict[str, Any] | None:
    """What is replied to in another chat, of which a message tells only the picture and who had sent it."""
    if reply is None:
        return None
    sender = reply["origin"]["sender_user"]
    return {
        "id": 0,
        "author": {"id": sender["id"], "name": sender["first_name"], "bot": sender["is_bot"]},
        "text": "",
        "kind": next((kind for kind in ("photo", "document", *_OTHER_KINDS) if kind in reply), "text"),
        "thumb": file_address(reply["photo"][0]["file_id"]) if "photo" in reply else None,
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
    elif "web_app" in button:
        view |= {"action": "web_app", "data": str(button["web_app"]["url"])}
    elif "switch_inline_query_current_chat" in button:
        view |= {"action": "inline_here", "data": str(button["switch_inline_query_current_chat"])}
    elif "switch_inline_query" in button:
        view |= {"action": "inline", "data": str(button["switch_inline_query"])}
    elif "switch_inline_query_chosen_chat" in button:
        view |= {"action": "inline", "data": str(button["switch_inline_query_chosen_chat"].get("query", ""))}
    elif "copy_text" in button:
        view |= {"action": "copy", "data": str(button["copy_text"]["text"])}
    return view
