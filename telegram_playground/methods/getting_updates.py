"""getUpdates, the webhook, and the bot's own ends."""

from collections.abc import Mapping
from typing import Any, Final

from telegram_playground import checks
from telegram_playground.errors import ApiError
from telegram_playground.methods.handler import Handler
from telegram_playground.params import Params
from telegram_playground.state import ServerState, Webhook

_MAX_WAIT_S: Final = 50


async def get_me(state: ServerState, params: Params) -> dict[str, Any]:
    """GetMe."""
    return {
        **state.bot.api(),
        "can_join_groups": True,
        "can_read_all_group_messages": True,
        "supports_inline_queries": state.inline_mode,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


async def get_updates(state: ServerState, params: Params) -> list[Any]:
    """GetUpdates: long polling, by one poller at a time."""
    if state.webhook.url:
        raise ApiError(
            409,
            "Conflict: can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first",
        )
    state.updates.allow(params.structure("allowed_updates"))
    state.seen()
    limit = min(max(params.integer("limit", 100), 1), 100)
    timeout = min(max(params.integer("timeout"), 0), _MAX_WAIT_S)
    updates = await state.updates.poll(params.integer("offset"), limit, timeout)
    state.seen()
    for update in updates:
        state.fetched(update)
    return updates


async def set_webhook(state: ServerState, params: Params) -> bool:
    """SetWebhook; an empty URL removes it."""
    url = params.string("url")
    secret = checks.webhook_secret(params)
    if params.boolean("drop_pending_updates"):
        state.updates.drop()
    state.updates.allow(params.structure("allowed_updates"))
    if not url:
        state.webhook = Webhook()
        return True
    connections = min(max(params.integer("max_connections", 40), 1), 100)
    state.webhook = Webhook(checks.webhook_url(url), secret, connections)
    state.updates.end_polls("setWebhook request")
    state.seen()
    return True


async def delete_webhook(state: ServerState, params: Params) -> bool:
    """DeleteWebhook."""
    if params.boolean("drop_pending_updates"):
        state.updates.drop()
    state.webhook = Webhook()
    return True


async def get_webhook_info(state: ServerState, params: Params) -> dict[str, Any]:
    """GetWebhookInfo."""
    webhook = state.webhook
    info: dict[str, Any] = {
        "url": webhook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(state.updates),
    }
    if webhook.url:
        info["max_connections"] = webhook.max_connections
    if webhook.last_error:
        info |= {"last_error_date": webhook.last_error_date, "last_error_message": webhook.last_error}
    if state.updates.allowed:
        info["allowed_updates"] = state.updates.allowed
    return info


async def end(state: ServerState, params: Params) -> bool:
    """Close and logOut, which change nothing here."""
    return True


METHODS: Final[Mapping[str, Handler]] = {
    "getMe": get_me,
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "close": end,
    "logOut": end,
}
