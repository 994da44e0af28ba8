"""Start, help, privacy, and one helpful line for whatever else somebody sends in private."""

import contextlib
from collections.abc import Collection
from dataclasses import dataclass

from telegram import Message

from bot.handlers.class_tables import ClassTableHandlers
from bot.handlers.course_places import CoursePlaces
from bot.handlers.intake import sender_id
from bot.handlers.languages import Languages
from bot.handlers.page import page_link
from bot.handlers.profile import ChatMenus
from bot.handlers.recent_photos import RecentPhotos
from bot.handlers.sending import change_keyboard, change_text, reply_text
from bot.handlers.taps import Tap
from bot.jobs.detached_tasks import DetachedTasks
from bot.jobs.training_jobs import TrainingQueue
from bot.replies.callback_data.actions import AskAgain, Forget
from bot.replies.keyboards import forget_keyboard, privacy_keyboard, start_keyboard
from bot.replies.messages import Retention, forget_text, forgotten_text, help_text, privacy_text, start_text
from bot.replies.page_button import with_page
from bot.replies.texts import texts
from bot.replies.texts.catalogue import Basics
from bot.storage import retention
from bot.storage.errors import StoreUnavailable
from bot.storage.storage import Storage
from bot.storage.types import Permission

RETENTION = Retention(
    accepted=retention.ACCEPTED_KEPT,
    pending=retention.PENDING_KEPT,
    rejected=retention.REJECTED_KEPT,
    consent=retention.CONSENT_KEPT,
    language=retention.LANGUAGE_KEPT,
    course_place=retention.COURSE_PLACE_KEPT,
    updates=retention.UPDATES_KEPT,
    network=retention.NETWORK_KEPT,
    class_table=retention.CLASS_TABLE_KEPT,
    quiz=retention.QUIZ_KEPT,
    last_answer=retention.LAST_ANSWER_KEPT,
    photos_per_person=retention.MAX_PICTURES_PER_USER,
)


@dataclass(frozen=True)
class BasicHandlers:
    """Start, help, privacy, and what is no photo."""

    admin_ids: Collection[int]
    page_url: str | None
    languages: Languages
    storage: Storage
    training: TrainingQueue
    course_places: CoursePlaces
    recent_photos: RecentPhotos
    class_tables: ClassTableHandlers
    chat_menus: ChatMenus
    detached_tasks: DetachedTasks

    async def start(self, message: Message) -> None:
        """Say what the bot is for."""
        language = await self.languages.of(message.chat, message.from_user)
        keyboard = with_page(start_keyboard(language), page_link(self.page_url, message, language), language)
        await reply_text(message, start_text(language), keyboard)
        self.detached_tasks.start(self.chat_menus.give_chat_its_menu(message, language))

    async def show_help(self, message: Message) -> None:
        """Say how to use it."""
        language = await self.languages.of(message.chat, message.from_user)
        await reply_text(message, help_text(language, admin=sender_id(message) in self.admin_ids))

    async def privacy(self, message: Message) -> None:
        """Say what is kept, and what is kept of this person."""
        language = await self.languages.of(message.chat, message.from_user)
        user_id = sender_id(message)
        store = self.storage.corrections
        permission, photos = None, 0
        with contextlib.suppress(StoreUnavailable):
            photos = await self.storage.run(store.kept, user_id)
            permission = await self.storage.run(store.permission, user_id)
        keyboard = privacy_keyboard(language) if permission is Permission.REFUSED else None
        await reply_text(message, privacy_text(language, RETENTION, permission=permission, photos=photos), keyboard)

    async def ask_again(self, tap: Tap, _: AskAgain) -> None:
        """After a no: let the next correction ask once more whether the photo may be kept."""
        store = self.storage.corrections
        try:
            await self.storage.run(store.forget_refusal, tap.user_id)
            permission = await self.storage.run(store.permission, tap.user_id)
            photos = await self.storage.run(store.kept, tap.user_id)
        except StoreUnavailable:
            await tap.answer(tap.texts.faults.store_away, alert=True)
            return
        await tap.answer(tap.texts.toasts.will_ask if permission is Permission.UNASKED else None)
        await change_text(tap.message, privacy_text(tap.language, RETENTION, permission=permission, photos=photos))

    async def forget(self, message: Message) -> None:
        """Ask whether everything of this person is to be deleted, where the store has something."""
        language = await self.languages.of(message.chat, message.from_user)
        try:
            stored = await self.storage.run(self.storage.corrections.stored, sender_id(message))
        except StoreUnavailable:
            await reply_text(message, texts(language).faults.store_away)
            return
        rows = stored.rows or int(self.training.of(sender_id(message)) is not None)
        if rows:
            await reply_text(message, forget_text(rows, stored.pictures, language), forget_keyboard(language))
        else:
            self._forget_what_is_remembered(message)
            await reply_text(message, texts(language).corrections.nothing_to_forget)

    async def forget_if_sure(self, tap: Tap, answer: Forget) -> None:
        """Delete everything of whoever taps, or nothing."""
        if not answer.sure:
            await tap.answer()
            await change_text(tap.message, tap.texts.corrections.not_forgotten)
            return
        message = tap.message
        training = self.training.of(tap.user_id)
        if training is not None:  # first: its network must not be kept after everything was deleted
            self.training.cancel(training)
        try:
            tables = await self.class_tables.joined_by(tap.user_id)
            forgotten = await self.storage.run(self.storage.corrections.forget, tap.user_id)
        except StoreUnavailable:
            await tap.answer(tap.texts.faults.store_away, alert=True)
            return
        self._forget_what_is_remembered(message)
        rows = forgotten.rows or int(training is not None)
        if rows:
            await tap.answer()
            await change_text(message, forgotten_text(rows, forgotten.pictures, tap.language))
        else:  # tapped twice: what the first tap deleted stays said
            await tap.answer(tap.texts.corrections.nothing_to_forget, alert=True)
            await change_keyboard(message, None)
        await self.class_tables.refresh_without(message.get_bot(), tables)

    def _forget_what_is_remembered(self, message: Message) -> None:
        self.languages.forget(message.chat)
        self.course_places.forget(message.chat_id)
        self.recent_photos.forget(message.chat_id)

    async def unknown_command(self, message: Message) -> None:
        """Answer a command that there is not, or that is not for this person."""
        language = await self.languages.of(message.chat, message.from_user)
        await reply_text(message, texts(language).basics.unknown_command)

    async def anything_else(self, message: Message) -> None:
        """Answer what is no photo with one helpful line."""
        language = await self.languages.of(message.chat, message.from_user)
        await reply_text(message, helpful_line(message, texts(language).basics))


def helpful_line(message: Message, basics: Basics) -> str:
    """What helps the sender of this message to send a photo instead."""
    lines = (
        (message.text, basics.unknown_text),
        (message.sticker, basics.sticker),
        (message.voice or message.audio, basics.voice),
        (message.video or message.video_note, basics.video),
        (message.animation, basics.animation),
        (message.story, basics.story),
        (message.paid_media, basics.paid_media),
    )
    return next((line for found, line in lines if found), basics.other)
