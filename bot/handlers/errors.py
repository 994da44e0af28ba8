"""When an answer fails: a short id for the person, the traceback for the log, nothing where nobody can be told."""

import logging
import secrets
from collections.abc import Awaitable
from dataclasses import dataclass
from functools import partial
from typing import Final

from telegram import Message
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError

from bot.handlers.images import ServerFilesUnreadable
from bot.handlers.languages import Languages
from bot.handlers.sending import quote_with_text
from bot.monitoring.alerts import Alerts
from bot.monitoring.statistics import Statistics
from bot.replies.messages import error_notice_text, error_text, files_unreadable_text

_LOGGER = logging.getLogger(__name__)

_GONE: Final = (
    "chat not found",
    "user is deactivated",
    "user not found",
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "not enough rights",
    "have no rights",
    "chat_write_forbidden",
    "topic_closed",
    "topic_deleted",
    "message thread not found",
    "query is too old",
    "query_id_invalid",
    "chat_send_",
    "chat_guest_send_forbidden",
    "chat_restricted",
    "chat_admin_required",
    "need administrator rights",
    "user_restricted",
    "channel_private",
    "channel_invalid",
    "peer_id_invalid",
    "chat was deactivated",
    "chat is deactivated",
    "allow_payment_required",
)
"""Parts of Telegram's messages for: there is nobody, or nothing, to answer any more."""


def nobody_is_there(error: BaseException) -> bool:
    """Tell whether Telegram said that this chat, message or tap is out of reach: blocked, deleted, expired."""
    if isinstance(error, Forbidden):
        return True
    return isinstance(error, BadRequest) and any(words in error.message.lower() for words in _GONE)


@dataclass(frozen=True)
class ErrorReporter:
    """Tells of errors: the log, the admins, and whoever waits for an answer.

    Attributes:
        statistics: counts them.
        alerts: tells the admins.
        languages: of whoever waits.
    """

    statistics: Statistics
    alerts: Alerts
    languages: Languages

    def note(self, error: BaseException) -> str:
        """Log an unexpected error, count it and tell the admins; its id."""
        error_id, kind = secrets.token_hex(3), type(error).__name__
        self.statistics.failed(kind)
        if isinstance(error, ServerFilesUnreadable):
            _LOGGER.error("Error %s: %s", error_id, error)  # where it was noticed tells nothing
            self.alerts.tell_of_kind(kind, partial(files_unreadable_text, error.folder, error_id))
        else:
            _LOGGER.error("Error %s", error_id, exc_info=error)
            self.alerts.tell_of_kind(kind, partial(error_notice_text, kind, error_id))
        return error_id

    def note_trouble(self, error: Exception) -> None:
        """As :meth:`note`, for what is noticed again and again while it lasts: an absent database, a second poller."""
        kind = type(error).__name__
        if self.alerts.is_news(kind):
            self.note(error)
        else:
            self.statistics.failed(kind)

    async def guard(self, message: Message, answering: Awaitable[object]) -> None:
        """Await an answer; when it fails, tell the person who waits for it."""
        try:
            await answering
        except Exception as error:
            await self.apologise(message, error)

    async def apologise(self, message: Message, error: Exception) -> None:
        """Tell the sender of ``message`` that it could not be answered, unless nobody is there to be told."""
        if nobody_is_there(error):
            _LOGGER.info("Nobody to answer: %s", error)
            return
        error_id = self.note(error)
        if isinstance(error, NetworkError | RetryAfter) and not isinstance(error, BadRequest):
            return  # what could not be sent for minutes will not be sent now
        language = await self.languages.of(message.chat, message.from_user)
        try:
            await quote_with_text(message, error_text(error_id, language))
        except TelegramError as again:
            _LOGGER.warning("The person could not be told of error %s (%s)", error_id, type(again).__name__)
