"""Tells Telegram where to deliver, and looks after it: whoever has the token can take the webhook away."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from telegram import Bot, WebhookInfo
from telegram.error import BadRequest, InvalidToken

from bot.updates.backoff import TELEGRAM_BACKOFF, Backoff
from bot.updates.bot_api import ALLOWED_UPDATES
from bot.updates.first_calls import TokenTrial, in_a_line, insist
from bot.webhook_url import TELEGRAM_PATH

_LOGGER = logging.getLogger(__name__)


class WebhookTaken(Exception):
    """Another process of this token took the webhook away, or set one of its own; ours is set again."""


class WebhookRefused(Exception):
    """Telegram does not accept WEBHOOK_URL as it is."""


class WebhookRegistration:
    """The registration of one bot.

    Every replica says the same, so it does not matter which is first, and none takes it back when it ends.
    """

    def __init__(
        self,
        bot: Bot,
        base_url: str,
        secret: str,
        report: Callable[[Exception], None],
        trial: TokenTrial,
        *,
        look_every_s: float,
        backoff: Backoff = TELEGRAM_BACKOFF,
    ) -> None:
        """Nothing is said yet.

        Args:
            bot: whose updates.
            base_url: ``WEBHOOK_URL``.
            secret: ``WEBHOOK_SECRET``.
            report: told of trouble that an admin can end.
            trial: judges the token.
            look_every_s: how often Telegram is asked whether the webhook is still ours.
            backoff: how long to wait after Telegram has refused it.
        """
        self._bot = bot
        self._url = f"{base_url}{TELEGRAM_PATH}"
        self._secret = secret
        self._report = report
        self._trial = trial
        self._look_every_s = look_every_s
        self._backoff = backoff
        self._failed_at: datetime | None = None
        self._is_ours = False

    @property
    def is_ours(self) -> bool:
        """Whether Telegram delivers here, as far as is known."""
        return self._is_ours

    async def run(self) -> None:
        """Register, then look after it, until cancelled.

        Raises:
            InvalidToken: the token is wrong.
        """
        await self._register()
        self._is_ours = True
        while True:
            await asyncio.sleep(self._look_every_s)
            try:
                await self._look()
            except InvalidToken as error:
                if self._trial.failed_by(error):
                    raise
                _LOGGER.warning("The webhook could not be looked after: %s", in_a_line(error))
            except Exception as error:  # an answer of an odd form makes the library raise anything
                _LOGGER.warning("The webhook could not be looked after: %s", in_a_line(error))

    async def _register(self) -> None:
        await insist("setWebhook", self._set, self._trial, backoff=self._backoff)
        _LOGGER.info("The webhook is registered")

    async def _set(self) -> None:
        try:
            await self._bot.set_webhook(self._url, secret_token=self._secret, allowed_updates=list(ALLOWED_UPDATES))
        except BadRequest as error:
            self._report(WebhookRefused(error.message))
            raise

    async def _look(self) -> None:
        info = await self._bot.get_webhook_info()
        self._trial.passed()
        if info.url == self._url and set(info.allowed_updates) == set(ALLOWED_UPDATES):
            self._is_ours = True
            if self._refuses_deliveries(info):
                _LOGGER.error(
                    "Telegram's deliveries are answered with 403, perhaps for another secret; setting it again"
                )
                await self._register()
            return
        self._is_ours = False  # until the next look finds it in its place
        what = "was deleted" if not info.url else "leads elsewhere"
        _LOGGER.error("The webhook %s: another process serves with the same bot token; setting it again", what)
        self._report(WebhookTaken(f"it {what}"))
        await self._register()

    def _refuses_deliveries(self, info: WebhookInfo) -> bool:
        """Whether our server refused a delivery since the last look: the secret was set anew by somebody else."""
        is_news = info.last_error_date != self._failed_at
        self._failed_at = info.last_error_date
        return is_news and "403" in (info.last_error_message or "")
