"""Asking about chats and their members."""

from collections.abc import Mapping
from typing import Any, Final

from telegram_playground.errors import bad_request
from telegram_playground.methods.handler import Handler
from telegram_playground.params import Params
from telegram_playground.state import ServerState


async def get_chat(state: ServerState, params: Params) -> dict[str, Any]:
    """GetChat: a ChatFullInfo object."""
    chat = state.chat(params.string("chat_id"))
    return {
        **chat.api(),
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": True,
            "limited_gifts": True,
            "unique_gifts": True,
            "premium_subscription": True,
            "gifts_from_channels": True,
        },
    }


async def get_chat_member(state: ServerState, params: Params) -> dict[str, Any]:
    """GetChatMember."""
    chat = state.chat(params.string("chat_id"))
    user_id = params.integer("user_id")
    if user_id == state.bot.id:
        return {"status": "member", "user": state.bot.api()}
    person = chat.member(user_id)
    if person is None:
        raise bad_request("user not found")
    owner = chat.type != "private" and person is chat.owner
    if owner:
        return {"status": "creator", "user": person.api(), "is_anonymous": False}
    return {"status": "member", "user": person.api()}


async def get_chat_member_count(state: ServerState, params: Params) -> int:
    """GetChatMemberCount, the bot included."""
    return len(state.chat(params.string("chat_id")).members) + 1


async def get_chat_administrators(state: ServerState, params: Params) -> list[dict[str, Any]]:
    """GetChatAdministrators: the group's first member."""
    chat = state.chat(params.string("chat_id"))
    if chat.type == "private":
        raise bad_request("there are no administrators in the private chat")
    return [{"status": "creator", "user": chat.owner.api(), "is_anonymous": False}]


async def leave_chat(state: ServerState, params: Params) -> bool:
    """LeaveChat."""
    chat = state.chat(params.string("chat_id"))
    if chat.type == "private":
        raise bad_request("method is available for supergroup and channel chats only")
    chat.blocked = True
    return True


METHODS: Final[Mapping[str, Handler]] = {
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatMemberCount": get_chat_member_count,
    "getChatAdministrators": get_chat_administrators,
    "leaveChat": leave_chat,
}
