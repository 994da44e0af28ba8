"""Taps on buttons: what is needed is in the button or in the message that it hangs on; every tap is answered."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from html import escape
from typing import Any, Final

from telegram import CallbackQuery, Message
from telegram.error import BadRequest, ChatMigrated, NetworkError, RetryAfter, TelegramError

from bot.handlers.errors import ErrorReporter, nobody_is_there
from bot.handlers.images import ServerFilesUnreadable, is_covered
from bot.handlers.languages import Languages
from bot.handlers.sending import quote_with_text, seconds_until_free
from bot.registry.store import ModelStore
from bot.replies.callback_data import parse
from bot.replies.callback_data.actions import Right, Why
from bot.replies.callback_data.answer import Answer
from bot.replies.keyboards import actions_of
from bot.replies.messages import error_toast, flooded_toast
from bot.replies.texts import Language, language_for, texts
from bot.replies.texts.catalogue import Texts
from bot.updates.backoff import seconds_to_wait

_LOGGER = logging.getLogger(__name__)

LONGEST_WAIT_S: Final = 30.0
"""Where Telegram tells a chat to wait for longer, whoever taps is told so, and nothing is begun."""

OnTap = Callable[["Tap", Any], Awaitable[None]]


@dataclass(eq=False)
class Tap:
    """A tap on a button of a message that is still there.

    Attributes:
        query: as Telegram gives it.
        message: ours, that the button hangs on.
        language: of whoever tapped.
    """

    query: CallbackQuery
    message: Message
    language: Language
    _answered: bool = field(default=False, init=False)

    @property
    def user_id(self) -> int:
        """Who tapped."""
        return self.query.from_user.id

    @property
    def texts(self) -> Texts:
        """What the bot says in the language of whoever tapped."""
        return texts(self.language)

    @property
    def answer_above(self) -> Answer | None:
        """The answer that the buttons below the message remember, if they are a photo's."""
        actions = actions_of(self.message.reply_markup)
        return next((action.answer for action in actions if isinstance(action, Right | Why)), None)

    async def answer_saying_if_model_changed(self, models: ModelStore, earlier: Answer | None) -> None:
        """End the waiting on the button; say so when another model gave the answer above."""
        changed = earlier is not None and not earlier.is_from(models.live().version)
        await self.answer(self.texts.toasts.model_changed if changed else None)

    async def say_that_photo_is_gone(self) -> None:
        """The message with the photo was deleted, or Telegram gives the photo out no more."""
        await quote_with_text(self.message, self.texts.faults.photo_gone)

    @property
    def is_covered(self) -> bool:
        """Whether the photo that our message is about, or the picture in it, is under a spoiler."""
        about = self.message.reply_to_message
        return is_covered(self.message) or (about is not None and is_covered(about))

    @property
    def is_answered(self) -> bool:
        """Whether the waiting on the button has been ended."""
        return self._answered

    async def answer(self, toast: str | None = None, *, alert: bool = False, url: str | None = None) -> None:
        """End the waiting on the button, once, with a short note, an address or neither; too late is no trouble."""
        if self._answered:
            return
        self._answered = True
        try:
            await self.query.answer(toast, show_alert=alert, url=url)
        except (NetworkError, RetryAfter) as error:  # what the tap asks for is worth more than its toast
            if isinstance(error, BadRequest) and not nobody_is_there(error):
                raise
            _LOGGER.info("A tap could not be answered in time: %s", error)


@dataclass(frozen=True)
class TapDispatcher:
    """Hands taps to what their buttons stand for."""

    actions: Mapping[type, OnTap]
    languages: Languages
    errors: ErrorReporter

    async def dispatch(self, query: CallbackQuery) -> None:
        """Hand a tap to what its button stands for."""
        language = await self._language(query)
        action = parse(query.data)
        on_tap = self.actions.get(type(action))
        if on_tap is None or not isinstance(query.message, Message):
            await _answer_outdated(query, language)
            return
        tap = Tap(query, query.message, language)
        try:
            if (wait_s := seconds_until_free(query.message)) > LONGEST_WAIT_S:
                await tap.answer(flooded_toast(timedelta(seconds=wait_s), language), alert=True)
                return
            await on_tap(tap, action)
            await tap.answer()
        except Exception as error:
            await self._fail(tap, error)

    async def _language(self, query: CallbackQuery) -> Language:
        chat = query.message.chat if query.message is not None else None
        if chat is None:
            return language_for(query.from_user.language_code)
        return await self.languages.of(chat, query.from_user)

    async def _fail(self, tap: Tap, error: Exception) -> None:
        if nobody_is_there(error):
            _LOGGER.info("Nothing left to answer a tap on: %s", error)
            toast = None
        elif isinstance(error, ChatMigrated):
            _LOGGER.info("A tap on a message that stayed in a former group")
            toast = tap.texts.toasts.outdated
        elif isinstance(error, RetryAfter):
            _LOGGER.warning("A tap came while its chat has to wait: %s", error)
            toast = flooded_toast(timedelta(seconds=seconds_to_wait(error)), tap.language)
        elif isinstance(error, ServerFilesUnreadable):
            self.errors.note(error)
            toast = tap.texts.faults.files_unreadable
        else:
            toast = error_toast(self.errors.note(error), tap.language)
        try:
            if tap.is_answered and toast is not None and not isinstance(error, RetryAfter):
                # The toast is spent, and nothing else would tell of the failure.
                await quote_with_text(tap.message, escape(toast))
            else:
                await tap.answer(toast, alert=toast is not None)
        except TelegramError as again:
            _LOGGER.warning("A tap could not be answered (%s)", type(again).__name__)


async def _answer_outdated(query: CallbackQuery, language: Language) -> None:
    try:
        await query.answer(texts(language).toasts.outdated, show_alert=True)
    except BadRequest as error:
        _LOGGER.info("A tap could not be answered any more: %s", error)
