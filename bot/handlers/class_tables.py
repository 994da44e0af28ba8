"""/train in a group: one message with a table of who reached what; its button leads to the private chat."""

import contextlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from telegram import Bot, Message
from telegram.constants import ParseMode
from telegram.error import BadRequest, TelegramError

from bot.course.own_network import OwnNetwork
from bot.course.train.keyboards import class_table_keyboard
from bot.course.train.words import ClassRow, class_table_text
from bot.handlers.intake import debounce
from bot.handlers.kept_network import kept_network
from bot.handlers.languages import Languages
from bot.handlers.links import link_to
from bot.handlers.sending import reply_text, thread_id
from bot.handlers.taps import Tap
from bot.jobs.debounce import Debouncer
from bot.replies.callback_data.actions import TrainJoin
from bot.replies.texts import Language, texts
from bot.replies.texts.train import train_texts
from bot.storage import retention
from bot.storage.class_tables import Classmate, ClassTableMessage, Reached
from bot.storage.errors import StoreUnavailable
from bot.storage.storage import Storage
from bot.updates.tracker import Held

_LOGGER = logging.getLogger(__name__)

LINK: Final = "train"
"""What a link from a group's table asks the private chat for."""


@dataclass(frozen=True)
class ClassTableHandlers:
    """The tables of groups, and those who have joined them."""

    languages: Languages
    storage: Storage
    debouncer: Debouncer[Message]

    async def show_table(self, message: Message) -> None:
        """Show the group's table at the end of the chat; the message that showed it before goes."""
        language = await self.languages.of(message.chat, message.from_user)
        classes, thread = self.storage.classes, thread_id(message)
        try:
            earlier = await self.storage.run(classes.of_chat, message.chat_id, thread)
            rows: Sequence[Classmate] = () if earlier is None else earlier.rows
            sent = await reply_text(message, _text(rows, language), class_table_keyboard(language))
            await self.storage.run(classes.show, message.chat_id, thread, sent.message_id, language.value)
        except StoreUnavailable:
            await reply_text(message, texts(language).faults.store_away)
            return
        if earlier is not None and earlier.message_id != sent.message_id:  # a playground begins to count anew
            with contextlib.suppress(TelegramError):  # older than two days, or deleted by somebody
                await message.get_bot().delete_message(message.chat_id, earlier.message_id)

    async def join(self, tap: Tap, _: TrainJoin) -> None:
        """Write whoever taps into the table, and open the private chat, where the training is."""
        message = tap.message
        try:
            joined = await self.storage.run(
                self.storage.classes.join,
                message.chat_id,
                message.message_id,
                tap.user_id,
                tap.query.from_user.first_name,
            )
            if joined:
                await self._record_kept(tap.user_id)
        except StoreUnavailable:
            await tap.answer(tap.texts.faults.store_away, alert=True)
            return
        if not joined:
            await tap.answer(train_texts(tap.language).toasts.no_table, alert=True)
            return
        await tap.answer(url=link_to(message, LINK))
        # A whole class taps at the same time, and a group takes only so many edits.
        debounce(self.debouncer, message, ("class table", message.chat_id), self._refresh_one)

    async def record(self, bot: Bot, user_id: int, reached: Reached) -> None:
        """Write what somebody reached into every table that they joined."""
        try:
            tables = await self.storage.run(self.storage.classes.record, user_id, reached)
        except StoreUnavailable as error:
            _LOGGER.warning("A result did not reach its table: %s", error)
            return
        await refresh(bot, tables)

    async def _record_kept(self, user_id: int) -> None:
        """Write in what somebody reached before they joined, while their network is kept.

        Raises:
            StoreUnavailable: the database is away.
        """
        network = await kept_network(self.storage, user_id)
        if network is not None:
            await self.storage.run(self.storage.classes.record, user_id, reached_with(network))

    async def joined_by(self, user_id: int) -> tuple[ClassTableMessage, ...]:
        """The tables that somebody is in.

        Raises:
            StoreUnavailable: the database is away.
        """
        return await self.storage.run(self.storage.classes.joined, user_id)

    async def refresh_without(self, bot: Bot, tables: Sequence[ClassTableMessage]) -> None:
        """Show tables anew, out of which somebody has been deleted."""
        for table in tables:
            try:
                found = await self.storage.run(self.storage.classes.by_id, table.id)
            except StoreUnavailable as error:
                _LOGGER.warning("A table still shows who was deleted: %s", error)
                return
            if found is not None:
                await refresh(bot, [found])

    async def _refresh_one(self, messages: list[Message], _: Sequence[Held]) -> None:
        message = messages[-1]
        try:
            table = await self.storage.run(self.storage.classes.of_chat, message.chat_id, thread_id(message))
        except StoreUnavailable as error:
            _LOGGER.warning("A table could not be shown anew: %s", error)
            return
        if table is not None:
            await refresh(message.get_bot(), [table])


def reached_with(network: OwnNetwork) -> Reached:
    """What a network reached, as a table shows it."""
    settings, last = network.settings, network.run.last
    return Reached(settings.neurons, last.number, settings.normalise, last.accuracy, last.test_accuracy)


async def refresh(bot: Bot, tables: Sequence[ClassTableMessage]) -> None:
    """Show tables anew; one that cannot be shown is passed over."""
    for table in tables:
        language = Language(table.language)
        try:
            await bot.edit_message_text(
                _text(table.rows, language),
                table.chat_id,
                table.message_id,
                parse_mode=ParseMode.HTML,
                reply_markup=class_table_keyboard(language),
            )
        except BadRequest as error:
            if "not modified" not in error.message.lower():
                _LOGGER.info("A table cannot be shown any more: %s", error)
        except TelegramError as error:
            _LOGGER.warning("A table could not be shown anew (%s)", type(error).__name__)


def _text(rows: Sequence[Classmate], language: Language) -> str:
    shown = [ClassRow(row.first_name, row.best) for row in rows]
    return class_table_text(shown, retention.CLASS_TABLE_KEPT, language)
