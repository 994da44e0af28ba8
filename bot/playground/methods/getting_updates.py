"""getUpdates, the webhook, and the bot's own ends."""

from collections.abc import Mapping
from typing import Any, Final

from bot.playground import checks
from bot.playground.errors import ApiError
from bot.playground.methods.handler import Handler
from bot.playground.params import Params
from bot.playground.world import Webhook, World

_MAX_WAIT_S: Final = 50


async def get_me(world: World, params: Params) -> dict[str, Any]:
    """GetMe."""
    return {
        **world.bot.api(),
        "can_join_groups": True,
        "can_read_all_group_messages": True,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


async def get_updates(world: World, params: Params) -> list[dict[str, Any]]:
    """GetUpdates: long polling, by one poller at a time."""
    if world.webhook.url:
        raise ApiError(
            409,
            "Conflict: can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first",
        )
    world.updates.allow(params.structure("allowed_updates"))
    world.seen()
    limit = min(max(params.integer("limit", 100), 1), 100)
    timeout = min(max(params.integer("timeout"), 0), _MAX_WAIT_S)
    updates = await world.updates.poll(params.integer("offset"), limit, timeout)
    world.seen()
    for update in updates:
        world.fetched(update)
    return updates


async def set_webhook(world: World, params: Params) -> bool:
    """SetWebhook; an empty URL removes it."""
    url = params.string("url")
    secret = checks.webhook_secret(params)
    if params.boolean("drop_pending_updates"):
        world.updates.drop()
    world.updates.allow(params.structure("allowed_updates"))
    if not url:
        world.webhook = Webhook()
        return True
    connections = min(max(params.integer("max_connections", 40), 1), 100)
    world.webhook = Webhook(checks.webhook_url(url), secret, connections)
    world.updates.wake()
    world.seen()
    return True


async def delete_webhook(world: World, params: Params) -> bool:
    """DeleteWebhook."""
    if params.boolean("drop_pending_updates"):
        world.updates.drop()
    world.webhook = Webhook()
    return True


async def get_webhook_info(world: World, params: Params) -> dict[str, Any]:
    """GetWebhookInfo."""
    webhook = world.webhook
    info: dict[str, Any] = {
        "url": webhook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates),
    }
    if webhook.url:
        info["max_connections"] = webhook.max_connections
    if webhook.last_error:
        info |= {"last_error_date": webhook.last_error_date, "last_error_message": webhook.last_error}
    if world.updates.allowed:
        info["allowed_updates"] = world.updates.allowed
    return info


async def end(world: World, params: Params) -> bool:
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
