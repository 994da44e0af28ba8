"""The bot's own profile: commands, name, descriptions, menu button."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from telegram_playground import checks
from telegram_playground.errors import bad_request
from telegram_playground.methods.handler import Handler
from telegram_playground.params import Params
from telegram_playground.profile import DEFAULT_SCOPE, BotProfile, CommandScope
from telegram_playground.state import ADMIN_ID, ServerState

_PLAIN_SCOPES: Final = frozenset(
    {"default", "all_private_chats", "all_group_chats", "all_chat_administrators"},
)
_CHAT_SCOPES: Final = frozenset({"chat", "chat_administrators", "chat_member"})


async def set_my_commands(state: ServerState, params: Params) -> bool:
    """SetMyCommands."""
    key = (_scope(state, params), checks.language_code(params))
    state.profile.commands[key] = checks.commands(params)
    state.events.publish("profile")
    return True


async def get_my_commands(state: ServerState, params: Params) -> list[dict[str, str]]:
    """GetMyCommands: exactly those of this scope and language."""
    return state.profile.commands.get((_scope(state, params), checks.language_code(params)), [])


async def delete_my_commands(state: ServerState, params: Params) -> bool:
    """DeleteMyCommands."""
    state.profile.commands.pop((_scope(state, params), checks.language_code(params)), None)
    state.events.publish("profile")
    return True


async def set_chat_menu_button(state: ServerState, params: Params) -> bool:
    """SetChatMenuButton."""
    button = params.structure("menu_button") or {"type": "default"}
    if not isinstance(button, dict) or button.get("type") not in {"default", "commands", "web_app"}:
        raise bad_request("MenuButton has unsupported type")
    state.profile.menu_buttons[params.integer("chat_id")] = button
    state.events.publish("profile")
    return True


async def get_chat_menu_button(state: ServerState, params: Params) -> dict[str, Any]:
    """GetChatMenuButton."""
    buttons = state.profile.menu_buttons
    return buttons.get(params.integer("chat_id")) or buttons.get(0) or {"type": "commands"}


async def set_default_administrator_rights(state: ServerState, params: Params) -> bool:
    """SetMyDefaultAdministratorRights, which changes nothing here."""
    return True


def _text_setter(name: str, limit: int, texts: Callable[[BotProfile], dict[str, str]]) -> Handler:
    async def set_text(state: ServerState, params: Params) -> bool:
        language = checks.language_code(params)
        text = checks.limited(params, name, limit)
        if text:
            texts(state.profile)[language] = text
        else:
            texts(state.profile).pop(language, None)
        state.events.publish("profile")
        return True

    return set_text


def _text_getter(name: str, texts: Callable[[BotProfile], dict[str, str]]) -> Handler:
    async def get_text(state: ServerState, params: Params) -> dict[str, str]:
        found = texts(state.profile)
        text = found.get(checks.language_code(params)) or found.get("", "")
        return {name: text or (state.bot.first_name if name == "name" else "")}

    return get_text


def _scope(state: ServerState, params: Params) -> CommandScope:
    scope = params.structure("scope")
    if scope is None:
        return DEFAULT_SCOPE
    kind = scope.get("type") if isinstance(scope, dict) else None
    if kind in _PLAIN_SCOPES:
        return (kind, 0, 0)
    if kind not in _CHAT_SCOPES:
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    if str(scope.get("chat_id")) == str(ADMIN_ID):  # as if they had written: bots give admins their menu at the start
        return (kind, ADMIN_ID, int(scope.get("user_id") or 0))
    chat = state.chat(str(scope.get("chat_id", "")))
    return (kind, chat.id, int(scope.get("user_id") or 0))


METHODS: Final[Mapping[str, Handler]] = {
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setMyName": _text_setter("name", 64, lambda profile: profile.names),
    "getMyName": _text_getter("name", lambda profile: profile.names),
    "setMyDescription": _text_setter("description", 512, lambda profile: profile.descriptions),
    "getMyDescription": _text_getter("description", lambda profile: profile.descriptions),
    "setMyShortDescription": _text_setter("short_description", 120, lambda profile: profile.short_descriptions),
    "getMyShortDescription": _text_getter("short_description", lambda profile: profile.short_descriptions),
    "setChatMenuButton": set_chat_menu_button,
    "getChatMenuButton": get_chat_menu_button,
    "setMyDefaultAdministratorRights": set_default_administrator_rights,
}
