"""Telegram's rules for what a bot sends, one small function each. All raise ApiError with Telegram's words."""

import json
import re
from typing import Any, Final
from urllib.parse import urlsplit

from telegram_playground.chats import Chat
from telegram_playground.entities import FormattedText, parse_text
from telegram_playground.errors import bad_request
from telegram_playground.params import Params

MAX_TEXT: Final = 4096
MAX_CAPTION: Final = 1024
MAX_CALLBACK_DATA_BYTES: Final = 64
MAX_TOAST: Final = 200
MAX_BUTTONS: Final = 100
MAX_BUTTONS_IN_ROW: Final = 8
MAX_MARKUP_BYTES: Final = 10_240
MAX_COMMANDS: Final = 100

LANGUAGES: Final = frozenset(
    (
        "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz "
        "ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik "
        "io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml "
        "mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd "
        "se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi "
        "vo wa wo xh yi yo za zh zu"
    ).split()
)
"""ISO 639-1."""

REACTIONS: Final = frozenset(
    (
        "👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 "
        "🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 "
        "🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ "
        "💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡"
    ).split()
)
"""The emoji that a bot may react with (Bot API, ReactionTypeEmoji), without variation selectors."""

ACTIONS: Final = frozenset(
    (
        "typing upload_photo record_video upload_video record_voice upload_voice upload_document choose_sticker "
        "find_location record_video_note upload_video_note"
    ).split()
)
_BUTTON_ACTIONS: Final = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)


def message_text(params: Params) -> FormattedText:
    """The text of a message: not empty, not too long, well formed."""
    source = params.string("text")
    if not source:
        raise bad_request("message text is empty")
    formatted = parse_text(source, params.string("parse_mode"), params.structure("entities"))
    if not formatted.text:
        raise bad_request("message text is empty")
    if len(formatted.text) > MAX_TEXT:
        raise bad_request("message is too long")
    return formatted


def caption(source: str, parse_mode: str, entities: list[dict[str, Any]] | None) -> FormattedText:
    """The caption of a picture or file: perhaps empty, not too long, well formed."""
    formatted = parse_text(source, parse_mode, entities)
    if len(formatted.text) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    return formatted


def inline_keyboard(params: Params, *, chat: Chat) -> dict[str, Any] | None:
    """The inline keyboard of an edited message, where no other markup is possible."""
    markup = reply_markup(params, chat=chat)
    if markup is not None and "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    return markup


def reply_markup(params: Params, *, chat: Chat) -> dict[str, Any] | None:
    """Buttons below a message or instead of the keyboard."""
    markup = params.structure("reply_markup")
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in markup:
        return _inline_markup(markup, chat)
    if "keyboard" in markup:
        _rows(markup["keyboard"])
    elif not (markup.get("remove_keyboard") is True or markup.get("force_reply") is True):
        raise bad_request("object expected as reply markup")
    return markup


def _rows(rows: Any) -> list[list[Any]]:
    if not isinstance(rows, list):
        raise bad_request("field must be of type Array")
    for row in rows:
        if not isinstance(row, list):
            raise bad_request("can't parse keyboard: expected an Array of rows")
    return rows


def _inline_markup(markup: dict[str, Any], chat: Chat) -> dict[str, Any]:
    rows = [row for row in _rows(markup["inline_keyboard"]) if row]
    for row in rows:
        if len(row) > MAX_BUTTONS_IN_ROW:
            raise bad_request("BUTTONS_IN_ROW_TOO_MANY")
        for button in row:
            _inline_button(button, chat)
    size = len(json.dumps(rows, ensure_ascii=False).encode())
    if sum(map(len, rows)) > MAX_BUTTONS or size > MAX_MARKUP_BYTES:
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": rows}


def _inline_button(button: Any, chat: Chat) -> None:
    prefix = "can't parse inline keyboard button:"
    if not isinstance(button, dict):
        raise bad_request(f"{prefix} InlineKeyboardButton must be an Object")
    text = button.get("text")
    if text is None:
        raise bad_request(f'{prefix} Can\'t find field "text"')
    if not isinstance(text, str) or not text.strip():
        raise bad_request(f'{prefix} Field "text" must be a non-empty String')
    actions = [action for action in _BUTTON_ACTIONS if button.get(action) is not None]
    if not actions:
        raise bad_request(f"{prefix} Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad_request(f"{prefix} Exactly one of the optional fields must be used, not {' and '.join(actions)}")
    if "callback_data" in actions:
        data = button["callback_data"]
        if not isinstance(data, str) or not 1 <= len(data.encode()) <= MAX_CALLBACK_DATA_BYTES:
            raise bad_request("BUTTON_DATA_INVALID")
    if "url" in actions and urlsplit(str(button["url"])).scheme not in {"http", "https", "tg", "ton", "tonsite"}:
        raise bad_request(f"inline keyboard button URL '{button['url']}' is invalid: Unsupported URL protocol")
    if "web_app" in actions:
        _web_app(button["web_app"], chat)
    if "copy_text" in actions:
        copied = button["copy_text"]
        if not isinstance(copied, dict) or not 1 <= len(str(copied.get("text", ""))) <= 256:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")


def _web_app(value: Any, chat: Chat) -> None:
    """A page inside Telegram: HTTPS, or this machine; in private chats only."""
    if chat.type != "private":
        raise bad_request("BUTTON_TYPE_INVALID")
    url = str(value.get("url", "")) if isinstance(value, dict) else ""
    parts = urlsplit(url)
    if parts.scheme != "https" and (parts.scheme != "http" or parts.hostname not in {"127.0.0.1", "localhost"}):
        raise bad_request(f"inline keyboard button Web App URL '{url}' is invalid: Only HTTPS links are allowed")


def toast(params: Params) -> str:
    """The text of an answer to a button tap."""
    text = params.string("text")
    if len(text) > MAX_TOAST:
        raise bad_request("MESSAGE_TOO_LONG")
    return text


def language_code(params: Params) -> str:
    """Two letters of ISO 639-1, or nothing."""
    code = params.string("language_code")
    if code and code not in LANGUAGES:
        raise bad_request("invalid language code specified")
    return code


def commands(params: Params) -> list[dict[str, str]]:
    """A command menu."""
    value = params.structure("commands")
    if not isinstance(value, list):
        raise bad_request("can't parse BotCommand: expected an Array of BotCommand")
    if len(value) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    result = []
    for item in value:
        if not isinstance(item, dict) or not isinstance(item.get("command"), str):
            raise bad_request("can't parse BotCommand: expected an Object")
        name = item["command"].removeprefix("/")
        description = str(item.get("description", "")).strip()
        if not re.fullmatch(r"[a-z0-9_]{1,32}", name):
            raise bad_request("BOT_COMMAND_INVALID")
        if not description:
            raise bad_request("command description must be non-empty")
        if len(description) > 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
        result.append({"command": name, "description": description})
    return result


def limited(params: Params, name: str, limit: int) -> str:
    """A text of the bot's profile."""
    text = params.string(name).strip()
    if len(text) > limit:
        raise bad_request(f"{name.replace('_', ' ')} is too long")
    return text


def chat_action(params: Params) -> str:
    """What the bot is seen doing."""
    action = params.string("action")
    if action not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    return action


def reaction(params: Params) -> list[str]:
    """The emoji that a bot reacts with: one of Telegram's, or none."""
    value = params.structure("reaction")
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise bad_request("can't parse reaction types JSON object")
    if len(value) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    for item in value:
        if item.get("type") != "emoji" or str(item.get("emoji")).replace("\ufe0f", "") not in REACTIONS:
            raise bad_request("REACTION_INVALID")
    return [str(item["emoji"]) for item in value]


def webhook_url(url: str) -> str:
    """Where updates shall be posted to: HTTPS on a port that Telegram serves, or this machine."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise bad_request("bad webhook: URL is invalid") from None
    if parts.hostname in {"127.0.0.1", "localhost"}:
        return url
    if parts.scheme != "https":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if (port or 443) not in {80, 88, 443, 8443}:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    return url


def webhook_secret(params: Params) -> str:
    """The secret that is sent along with each update."""
    secret = params.string("secret_token")
    if secret and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
        raise bad_request("secret token contains unallowed characters")
    return secret
