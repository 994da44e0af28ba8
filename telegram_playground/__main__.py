"""``python -m telegram_playground``: the server alone, for working on a bot or on the page."""

import asyncio
import contextlib
import os

from telegram_playground.playground import DEFAULT_PORT, Playground


async def _serve() -> None:
    async with Playground(port=int(os.environ.get("PLAYGROUND_PORT") or DEFAULT_PORT)) as playground:
        print(f"The chat page: {playground.url}")
        print(f"For a bot:     BOT_API_URL={playground.api_url} BOT_TOKEN={playground.token}")
        print(f"Its admin:     {playground.admin_id}, where the page's switch is on")
        await asyncio.Event().wait()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve())
